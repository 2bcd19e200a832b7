package deadline_test

import (
	"testing"

	"polarweb.nl/inzage/internal/deadline"
)

func TestTheLatestWarningCountsOnADay(t *testing.T) {
	c := dutch(t)
	for _, tc := range []struct {
		receipt, day string
		want         deadline.WarningKind
		on           string
	}{
		{"2026-12-01", "2026-11-30", "", ""},
		{"2026-12-01", "2026-12-14", deadline.WarnAcknowledge, "2026-12-02"},
		{"2026-12-01", "2026-12-15", deadline.WarnHalfTime, "2026-12-15"},
		{"2026-12-01", "2026-12-20", deadline.WarnHalfTime, "2026-12-15"},
		// Christmas: three working days before Tuesday 29 December is Wednesday 23.
		{"2026-12-01", "2026-12-27", deadline.WarnThreeDays, "2026-12-23"},
		{"2026-12-01", "2026-12-28", deadline.WarnOneDay, "2026-12-28"},
		{"2026-12-01", "2026-12-29", deadline.WarnPromise, "2026-12-29"},
		{"2026-12-01", "2026-12-30", deadline.WarnOverdue, "2026-12-30"},
		{"2026-12-01", "2027-01-01", deadline.WarnExtensionNotice, "2027-01-01"},
		{"2026-12-01", "2027-01-02", deadline.WarnOverdue, "2027-01-02"},
		{"2026-12-01", "2027-01-04", deadline.WarnLaw, "2027-01-04"},
		{"2026-12-01", "2027-06-01", deadline.WarnOverdue, "2027-06-01"},
		// A promise that ends on a Saturday: staff plan for the Friday before it.
		{"2027-03-27", "2027-04-23", deadline.WarnPlan, "2027-04-23"},
		{"2027-03-27", "2027-04-24", deadline.WarnPromise, "2027-04-24"},
		// In February the promise, the month and the extension end on one day.
		{"2027-02-01", "2027-03-01", deadline.WarnLaw, "2027-03-01"},
	} {
		got, come := c.Warnings(clocksOn(t, c, date(t, tc.receipt))).On(date(t, tc.day))
		if come != (tc.want != "") || got.Kind != tc.want || come && got.Date != date(t, tc.on) {
			t.Errorf("received %s, on %s: %s of %s (%t), want %s of %s", tc.receipt, tc.day, got.Kind, got.Date, come, tc.want, tc.on)
		}
	}
}

func TestAfterThePromiseEveryDayHasAWarning(t *testing.T) {
	c := dutch(t)
	w := c.Warnings(clocksOn(t, c, date(t, "2026-12-01")))
	for after, want := range map[string]string{
		"2026-11-01": "2026-12-02", "2026-12-15": "2026-12-21", "2026-12-21": "2026-12-23", "2026-12-28": "2026-12-29",
		"2026-12-29": "2026-12-30", "2027-01-01": "2027-01-02", "2027-01-04": "2027-01-05", "2028-02-28": "2028-02-29",
	} {
		if got := w.NextDay(date(t, after)); got != date(t, want) {
			t.Errorf("after %s the next day is %s, want %s", after, got, want)
		}
	}
	// From any day on, the next day is the first on which something else counts.
	eachDay(t, "2026-11-30", "2027-02-01", func(d deadline.Date) {
		next := w.NextDay(d)
		for between := d.AddDays(1); between.Before(next); between = between.AddDays(1) {
			before, _ := w.On(d)
			if during, _ := w.On(between); during != before {
				t.Errorf("after %s a warning counts on %s, before %s", d, between, next)
			}
		}
		if now, come := w.On(next); !come || now.Date != next {
			t.Errorf("on %s, the next day after %s, %s of %s counts", next, d, now.Kind, now.Date)
		}
	})
}

func TestListWithoutAKindKeepsAllOthers(t *testing.T) {
	c := dutch(t)
	whole := c.Warnings(clocksOn(t, c, date(t, "2026-12-01")))
	without := whole.Without(deadline.WarnAcknowledge)
	if len(without) != len(whole)-1 || !without.Of(deadline.WarnAcknowledge).IsZero() || whole.Of(deadline.WarnAcknowledge).IsZero() {
		t.Errorf("of %v remains %v", whole, without)
	}
	if next := (deadline.Warnings{}).NextDay(date(t, "2026-12-01")); !next.IsZero() {
		t.Errorf("an empty list goes on, on %s", next)
	}
	if _, come := (deadline.Warnings{}).On(date(t, "2026-12-01")); come {
		t.Error("an empty list warns")
	}
}
