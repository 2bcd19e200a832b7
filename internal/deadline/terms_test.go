package deadline_test

import (
	"errors"
	"math"
	"testing"

	"polarweb.nl/inzage/internal/deadline"
)

func TestCourtWindowIsSixWeeks(t *testing.T) {
	for _, v := range readVectors(t).Court {
		if got := deadline.CourtWindow(v.Received); got != v.Last || got.DaysSince(v.Received) != 7*v.Weeks {
			t.Errorf("answer received %s: window until %s, want %s", v.Received, got, v.Last)
		}
	}
	// The window is not moved, even when it ends on Christmas Day.
	if got := deadline.CourtWindow(date(t, "2026-11-13")); got != date(t, "2026-12-25") {
		t.Errorf("window until %s, want 2026-12-25", got)
	}
}

func TestFiscalRetentionRunsFromTheEndOfTheBookYear(t *testing.T) {
	for _, v := range readVectors(t).Fiscal {
		got, err := deadline.FiscalRetention(v.BookYear, v.Years)
		if want := (deadline.Kept{Through: v.Through, ErasableFrom: v.ErasableFrom}); err != nil || got != want {
			t.Errorf("book year %d: %+v, %v; want %+v", v.BookYear, got, err, want)
		}
		if v.Years != deadline.FiscalYears {
			t.Errorf("worked with %d years, FiscalYears is %d", v.Years, deadline.FiscalYears)
		}
	}
	for _, bad := range [][2]int{{0, 7}, {-1, 7}, {2026, -1}, {9993, 7}, {9992, 7}, {math.MaxInt, 7}} {
		if got, err := deadline.FiscalRetention(bad[0], bad[1]); !errors.Is(err, deadline.ErrRetention) || got != (deadline.Kept{}) {
			t.Errorf("FiscalRetention(%d, %d) = %+v, %v; want ErrRetention", bad[0], bad[1], got, err)
		}
	}
}

func TestAgeChangesOnTheBirthday(t *testing.T) {
	for _, v := range readVectors(t).Ages {
		if got := deadline.AgeAt(v.Birth, v.Day); got != v.Age {
			t.Errorf("born %s: %d on %s, want %d", v.Birth, got, v.Day, v.Age)
		}
		if got := deadline.MayActAlone(v.Birth, v.Day); got != v.Alone {
			t.Errorf("born %s: may act alone on %s = %t", v.Birth, v.Day, got)
		}
	}
}

func TestLeapDayBirthdayIsTheFirstOfMarchInACommonYear(t *testing.T) {
	birth := date(t, "2012-02-29")
	for _, tc := range []struct {
		day  string
		want int
	}{
		{"2027-02-28", 14},
		{"2027-03-01", 15},
		{"2028-02-28", 15},
		{"2028-02-29", 16},
		{"2012-02-29", 0},
		{"2011-02-28", 0},
	} {
		if got := deadline.AgeAt(birth, date(t, tc.day)); got != tc.want {
			t.Errorf("on %s: %d, want %d", tc.day, got, tc.want)
		}
	}
}

func TestUnknownAgeNeedsARepresentative(t *testing.T) {
	day := date(t, "2026-11-22")
	if deadline.MayActAlone(deadline.Date{}, day) || deadline.MayActAlone(day, deadline.Date{}) {
		t.Error("without a date of birth or a day a person may act alone")
	}
}
