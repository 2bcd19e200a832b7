package deadline_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/deadline"
)

func TestParseDateReadsOnlyRealDays(t *testing.T) {
	for _, tc := range []struct {
		text string
		want error
	}{
		{"2026-03-05", nil},
		{"2028-02-29", nil},
		{"0001-01-01", nil},
		{"9999-12-31", nil},
		{"2026-02-29", deadline.ErrNoSuchDay},
		{"1900-02-29", deadline.ErrNoSuchDay},
		{"2026-04-31", deadline.ErrNoSuchDay},
		{"2026-13-01", deadline.ErrNoSuchDay},
		{"2026-00-10", deadline.ErrNoSuchDay},
		{"0000-01-01", deadline.ErrNoSuchDay},
		{"", deadline.ErrDateForm},
		{"2026-3-5", deadline.ErrDateForm},
		{"05-03-2026", deadline.ErrDateForm},
		{"2026/03/05", deadline.ErrDateForm},
		{"2026-03-05T09:00:00Z", deadline.ErrDateForm},
		{" 2026-03-05", deadline.ErrDateForm},
		{"2026-03-0\u0665", deadline.ErrDateForm},
		{"morgen", deadline.ErrDateForm},
	} {
		d, err := deadline.ParseDate(tc.text)
		if !errors.Is(err, tc.want) {
			t.Errorf("ParseDate(%q) error = %v, want %v", tc.text, err, tc.want)
		}
		if err == nil && d.String() != tc.text {
			t.Errorf("ParseDate(%q) = %s", tc.text, d)
		}
		if err != nil && !d.IsZero() {
			t.Errorf("ParseDate(%q) = %s beside an error", tc.text, d)
		}
	}
}

func TestDateErrorsDoNotRepeatTheirInput(t *testing.T) {
	for _, text := range []string{"1987-02-31", "31-02-1987", "jansen@example.nl"} {
		_, err := deadline.ParseDate(text)
		if err == nil || strings.Contains(err.Error(), text) {
			t.Errorf("the error for a wrong date says %v", err)
		}
	}
}

func TestNewDateRefusesOverflow(t *testing.T) {
	d, err := deadline.NewDate(2026, time.March, 5)
	if err != nil || d != date(t, "2026-03-05") {
		t.Errorf("NewDate(2026, 3, 5) = %s, %v", d, err)
	}
	if d.Year() != 2026 || d.Month() != time.March || d.Day() != 5 || d.Weekday() != time.Thursday {
		t.Errorf("parts of %s: %d %s %d %s", d, d.Year(), d.Month(), d.Day(), d.Weekday())
	}
	for _, bad := range [][3]int{{2026, 2, 29}, {2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0}, {0, 1, 1}, {10000, 1, 1}, {-5, 1, 1}} {
		if d, err := deadline.NewDate(bad[0], time.Month(bad[1]), bad[2]); !errors.Is(err, deadline.ErrNoSuchDay) || !d.IsZero() {
			t.Errorf("NewDate(%v) = %s, %v; want ErrNoSuchDay", bad, d, err)
		}
	}
}

func TestCivilDaysAgreeWithTheStandardLibrary(t *testing.T) {
	d := date(t, "1896-01-01")
	for at := time.Date(1896, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2110; at = at.AddDate(0, 0, 1) {
		if d.String() != at.Format("2006-01-02") || d.Weekday() != at.Weekday() {
			t.Fatalf("%s %s, want %s", d.Weekday(), d, at.Format("Monday 2006-01-02"))
		}
		if got := deadline.DateOf(at, time.UTC); got != d {
			t.Fatalf("DateOf(%s) = %s", at, got)
		}
		d = d.AddDays(1)
	}
}

func TestDateOfUsesThePlaceNotTheInstantsOwnZone(t *testing.T) {
	zone := amsterdam(t)
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, carried := range []*time.Location{time.UTC, zone, time.FixedZone("far west", -12*3600)} {
		if got := deadline.DateOf(at.In(carried), zone); got != date(t, "2027-01-01") {
			t.Errorf("instant in %s: %s, want 2027-01-01", carried, got)
		}
	}
	if got := deadline.DateOf(at, nil); !got.IsZero() {
		t.Errorf("without a place: %s", got)
	}
	if got := deadline.DateOf(time.Time{}, zone); !got.IsZero() {
		t.Errorf("without an instant: %s", got)
	}
}

func TestAddMonthsClampedStopsAtTheEndOfTheMonth(t *testing.T) {
	for _, tc := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-01-28", 1, "2026-02-28"},
		{"2026-02-28", 1, "2026-03-28"},
		{"2026-08-31", 1, "2026-09-30"},
		{"2026-12-31", 1, "2027-01-31"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2026-05-31", 0, "2026-05-31"},
		{"9999-11-30", 1, "9999-12-30"},
		{"9999-12-01", 1, "no date"},
		{"0001-01-31", -1, "no date"},
	} {
		if got := date(t, tc.from).AddMonthsClamped(tc.months); got.String() != tc.want {
			t.Errorf("%s plus %d months = %s, want %s", tc.from, tc.months, got, tc.want)
		}
	}
}

func TestDatesAreOrdered(t *testing.T) {
	early, late := date(t, "2026-04-02"), date(t, "2026-04-07")
	if !early.Before(late) || late.Before(early) || early.Before(early) {
		t.Error("Before is wrong")
	}
	if !late.After(early) || early.After(late) || late.After(late) {
		t.Error("After is wrong")
	}
	if late.DaysSince(early) != 5 || early.DaysSince(late) != -5 || early.DaysSince(deadline.Date{}) != 0 || (deadline.Date{}).DaysSince(early) != 0 {
		t.Error("DaysSince is wrong")
	}
	days := []deadline.Date{late, {}, early}
	slices.SortFunc(days, deadline.Date.Compare)
	if !slices.Equal(days, []deadline.Date{{}, early, late}) {
		t.Errorf("sorted: %v", days)
	}
	if !early.Equal(date(t, "2026-04-02")) || early.Equal(late) {
		t.Error("Equal is wrong")
	}
}

func TestNoDateStaysNoDate(t *testing.T) {
	var none deadline.Date
	for name, got := range map[string]deadline.Date{
		"AddDays":             none.AddDays(1),
		"AddMonthsClamped":    none.AddMonthsClamped(1),
		"past the last day":   date(t, "9999-12-31").AddDays(1),
		"before the first":    date(t, "0001-01-01").AddDays(-1),
		"RollForward":         dutch(t).RollForward(none),
		"MoveBack":            dutch(t).MoveBack(none),
		"back from year 1":    dutch(t).MoveBack(date(t, "0001-01-01")),
		"AddPlanDays":         dutch(t).AddPlanDays(none, 2),
		"endless plan days":   dutch(t).AddPlanDays(date(t, "9999-12-01"), math.MaxInt),
		"endless days":        date(t, "2026-03-05").AddDays(math.MaxInt),
		"endless months":      date(t, "2026-03-05").AddMonthsClamped(math.MaxInt),
		"endless months back": date(t, "2026-03-05").AddMonthsClamped(math.MinInt),
		"CourtWindow of none": deadline.CourtWindow(none),
	} {
		if !got.IsZero() {
			t.Errorf("%s = %s", name, got)
		}
	}
	if none.Year() != 0 || none.Month() != 0 || none.Day() != 0 || none.String() != "no date" {
		t.Error("no date has parts")
	}
	if none.Long() != (deadline.Text{}) || none.Medium() != (deadline.Text{}) {
		t.Error("no date has words")
	}
	if !none.EndInstant(time.UTC).IsZero() || !date(t, "2026-03-05").EndInstant(nil).IsZero() {
		t.Error("no date, or no place, has an end")
	}
}

func TestDateInJSON(t *testing.T) {
	type row struct {
		Due      deadline.Date
		Extended deadline.Date
		Paused   deadline.Date `json:",omitzero"`
	}
	written, err := json.Marshal(row{Due: date(t, "2026-04-02")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(written), `{"Due":"2026-04-02","Extended":""}`; got != want {
		t.Errorf("written %s, want %s", got, want)
	}
	read := row{Extended: date(t, "2026-06-05")}
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}
	if read != (row{Due: date(t, "2026-04-02")}) {
		t.Errorf("read back %+v", read)
	}
	err = json.Unmarshal([]byte(`{"Due":"2026-04-31"}`), &read)
	if !errors.Is(err, deadline.ErrNoSuchDay) || read.Due != date(t, "2026-04-02") {
		t.Errorf("31 April: %s, %v", read.Due, err)
	}
}

func TestLongDatesForLetters(t *testing.T) {
	for _, tc := range []struct{ day, nl, en string }{
		{"2026-01-01", "donderdag 1 januari 2026", "Thursday 1 January 2026"},
		{"2026-02-28", "zaterdag 28 februari 2026", "Saturday 28 February 2026"},
		{"2026-03-05", "donderdag 5 maart 2026", "Thursday 5 March 2026"},
		{"2026-04-07", "dinsdag 7 april 2026", "Tuesday 7 April 2026"},
		{"2026-05-06", "woensdag 6 mei 2026", "Wednesday 6 May 2026"},
		{"2026-06-05", "vrijdag 5 juni 2026", "Friday 5 June 2026"},
		{"2026-07-13", "maandag 13 juli 2026", "Monday 13 July 2026"},
		{"2026-08-30", "zondag 30 augustus 2026", "Sunday 30 August 2026"},
		{"2026-09-30", "woensdag 30 september 2026", "Wednesday 30 September 2026"},
		{"2026-10-01", "donderdag 1 oktober 2026", "Thursday 1 October 2026"},
		{"2026-11-22", "zondag 22 november 2026", "Sunday 22 November 2026"},
		{"2026-12-29", "dinsdag 29 december 2026", "Tuesday 29 December 2026"},
	} {
		d := date(t, tc.day)
		if got, want := d.Long(), (deadline.Text{NL: tc.nl, EN: tc.en}); got != want {
			t.Errorf("Long = %+v, want %+v", got, want)
		}
		_, nl, _ := strings.Cut(tc.nl, " ")
		_, en, _ := strings.Cut(tc.en, " ")
		if got, want := d.Medium(), (deadline.Text{NL: nl, EN: en}); got != want {
			t.Errorf("Medium = %+v, want %+v", got, want)
		}
	}
}
