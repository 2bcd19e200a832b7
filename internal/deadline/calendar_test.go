package deadline_test

import (
	"errors"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

func TestPublicHolidaysOfEveryYear(t *testing.T) {
	for _, v := range readVectors(t).Years {
		holidays := deadline.PublicHolidays(v.Year)
		got := map[string]deadline.Date{}
		for _, h := range holidays {
			got[h.NL] = h.Date
		}
		if diff := cmp.Diff(v.Free, got); diff != "" {
			t.Errorf("%d (-want +got):\n%s", v.Year, diff)
		}
		if easter := deadline.EasterSunday(v.Year); easter != v.EasterSunday {
			t.Errorf("Easter %d = %s, want %s", v.Year, easter, v.EasterSunday)
		}
		if friday := deadline.GoodFriday(v.Year); friday.Date != v.GoodFriday {
			t.Errorf("Good Friday %d = %s, want %s", v.Year, friday.Date, v.GoodFriday)
		}
		inOrder := func(a, b deadline.Holiday) int { return a.Date.Compare(b.Date) }
		if !slices.IsSortedFunc(holidays, inOrder) {
			t.Errorf("%d: holidays are not in order of date", v.Year)
		}
	}
}

func TestEasterIsAnEarlySpringSunday(t *testing.T) {
	for year := 1583; year <= 4099; year++ {
		easter := deadline.EasterSunday(year)
		early, late := easter.Month() == time.March && easter.Day() < 22, easter.Month() == time.April && easter.Day() > 25
		if easter.Year() != year || easter.Weekday() != time.Sunday || early || late || easter.Month() < 3 || easter.Month() > 4 {
			t.Errorf("Easter %d = %s, a %s", year, easter, easter.Weekday())
		}
	}
	// The rare ends of its range, and the two exceptions of the reckoning.
	for _, day := range []string{"1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2038-04-25", "2285-03-22"} {
		if got := deadline.EasterSunday(date(t, day).Year()); got != date(t, day) {
			t.Errorf("Easter = %s, want %s", got, day)
		}
	}
}

func TestHolidaysHaveANameInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range append(deadline.PublicHolidays(2026), deadline.GoodFriday(2026)) {
		if h.NL == "" || h.EN == "" || h.NL == h.EN || seen[h.NL] || seen[h.EN] {
			t.Errorf("%s is called %q and %q", h.Date, h.NL, h.EN)
		}
		if h.Name() != (deadline.Text{NL: h.NL, EN: h.EN}) {
			t.Errorf("Name of %q = %+v", h.NL, h.Name())
		}
		seen[h.NL], seen[h.EN] = true, true
	}
}

func TestKingsDayIsNeverASunday(t *testing.T) {
	for _, tc := range []struct{ year, day int }{{2025, 26}, {2026, 27}, {2031, 26}, {2036, 26}, {2037, 27}} {
		for _, h := range deadline.PublicHolidays(tc.year) {
			if h.EN == "King's Day" && (h.Date.Month() != time.April || h.Date.Day() != tc.day) {
				t.Errorf("King's Day %d = %s, want %d April", tc.year, h.Date, tc.day)
			}
		}
	}
}

func TestEachDaySetCountsItsOwnDays(t *testing.T) {
	decree := deadline.Holiday{Date: date(t, "2026-06-02"), NL: "Herdenkingsdag", EN: "Day of Remembrance"}
	closed := deadline.Holiday{Date: date(t, "2026-06-03"), NL: "Personeelsdag", EN: "the staff day"}
	shipped := calendarWith(t, func(o *deadline.Options) {
		o.DecreeDays, o.ClosedDays = []deadline.Holiday{decree}, []deadline.Holiday{closed}
	})
	narrow := calendarWith(t, func(o *deadline.Options) { o.PlanGoodFriday = false })
	rolling := calendarWith(t, func(o *deadline.Options) { o.RollGoodFriday, o.PlanGoodFriday = true, false })
	for _, tc := range []struct {
		name      string
		calendar  deadline.Calendar
		day       string
		law, plan bool
	}{
		{"working day", shipped, "2026-06-01", true, true},
		{"Saturday", shipped, "2026-06-06", false, false},
		{"Sunday", shipped, "2026-06-07", false, false},
		{"public holiday", shipped, "2026-05-14", false, false},
		{"Liberation Day outside a lustrum", shipped, "2026-05-05", false, false},
		{"decree day", shipped, "2026-06-02", false, false},
		{"closed day", shipped, "2026-06-03", true, false},
		{"Good Friday as shipped", shipped, "2026-04-03", true, false},
		{"Good Friday worked on", narrow, "2026-04-03", true, true},
		{"Good Friday in law is free for staff too", rolling, "2026-04-03", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := date(t, tc.day)
			if got := tc.calendar.LawWorkingDay(d); got != tc.law {
				t.Errorf("working day in law: %t, want %t", got, tc.law)
			}
			if got := tc.calendar.PlanWorkingDay(d); got != tc.plan {
				t.Errorf("working day of the plan: %t, want %t", got, tc.plan)
			}
		})
	}
}

func TestPlanSetIsWiderThanTheLawSet(t *testing.T) {
	for _, c := range []deadline.Calendar{
		dutch(t), calendarWith(t, func(o *deadline.Options) { o.RollGoodFriday, o.PlanGoodFriday = true, false }),
	} {
		eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
			if c.PlanWorkingDay(d) && !c.LawWorkingDay(d) {
				t.Errorf("staff work on %s, a day free in law", d)
			}
		})
	}
}

func TestWorkingDaysAreCountedBothWays(t *testing.T) {
	c := dutch(t)
	for _, tc := range []struct {
		from string
		days int
		want string
	}{
		{"2026-12-29", -1, "2026-12-28"},
		{"2026-12-28", -1, "2026-12-24"},
		{"2026-12-24", 1, "2026-12-28"},
		{"2026-12-26", 1, "2026-12-28"},
		{"2026-04-02", 1, "2026-04-07"},
		{"2026-04-07", -5, "2026-03-27"},
		{"2026-04-04", 0, "2026-04-04"},
	} {
		if got := c.AddPlanDays(date(t, tc.from), tc.days); got != date(t, tc.want) {
			t.Errorf("%s and %d working days = %s, want %s", tc.from, tc.days, got, tc.want)
		}
	}
}

func TestCalendarDoesNotChangeWithItsOptions(t *testing.T) {
	options := deadline.DutchOptions(amsterdam(t))
	options.DecreeDays = []deadline.Holiday{{Date: date(t, "2026-06-02"), NL: "Herdenkingsdag", EN: "Day of Remembrance"}}
	c, err := deadline.NewCalendar(options)
	if err != nil {
		t.Fatal(err)
	}
	options.DecreeDays[0].Date = date(t, "2026-06-01")
	if c.LawWorkingDay(date(t, "2026-06-02")) || !c.LawWorkingDay(date(t, "2026-06-01")) {
		t.Error("the calendar followed a change of the options")
	}
}

func TestNewCalendarReportsAllFaults(t *testing.T) {
	day := date(t, "2026-06-02")
	_, err := deadline.NewCalendar(deadline.Options{
		DecreeDays: []deadline.Holiday{{NL: "Herdenkingsdag", EN: "Day of Remembrance"}},
		ClosedDays: []deadline.Holiday{
			{Date: day, NL: "Personeelsdag", EN: "the staff day"},
			{Date: day, EN: "the staff day"},
			{Date: day, NL: "Personeelsdag"},
		},
	})
	if !errors.Is(err, deadline.ErrZone) || !errors.Is(err, deadline.ErrHoliday) {
		t.Fatalf("error = %v", err)
	}
	for _, place := range []string{"decree day 1", "closed day 2", "closed day 3"} {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("%q does not name %s", err, place)
		}
	}
	if strings.Contains(err.Error(), "closed day 1") {
		t.Errorf("%q names a day without fault", err)
	}
}

func TestZoneRefusesNamesOfTheMachine(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd"} {
		if zone, err := deadline.Zone(name); !errors.Is(err, deadline.ErrZone) || zone != nil {
			t.Errorf("Zone(%q) = %v, %v; want ErrZone", name, zone, err)
		}
	}
	if zone, err := deadline.Zone("Europe/Amsterdam"); err != nil || zone.String() != "Europe/Amsterdam" {
		t.Errorf("Zone = %v, %v", zone, err)
	}
}

func TestZoneRulesTravelWithTheBinary(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if spec.Path.Value == `"time/tzdata"` && !strings.HasSuffix(name, "_test.go") {
				return
			}
		}
	}
	t.Error("no file of the package imports time/tzdata")
}
