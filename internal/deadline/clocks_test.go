package deadline_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

func TestClocksOfWorkedReceipts(t *testing.T) {
	wide := dutch(t)
	narrow := calendarWith(t, func(o *deadline.Options) { o.PlanGoodFriday = false })
	for _, v := range readVectors(t).Receipts {
		t.Run(v.Name, func(t *testing.T) {
			want := deadline.Clocks{
				ReceiptDay: v.Day, PromiseDue: v.Promise.Due, PlanBy: v.Plan.Wide,
				LawBase: v.Law.Base, LawDue: v.Law.Due,
				ExtensionBase: v.Extension.Base, ExtensionDue: v.Extension.Due,
			}
			checkClocks(t, wide, v.At, want)
			checkClocks(t, wide, v.UTC, want)
			want.PlanBy = v.Plan.Narrow
			checkClocks(t, narrow, v.At, want)

			ends := []time.Time{wide.End(v.Promise.Due), wide.End(v.Law.Due), wide.End(v.Extension.Due)}
			if diff := cmp.Diff([]time.Time{v.Promise.End, v.Law.End, v.Extension.End}, ends); diff != "" {
				t.Errorf("end instants (-want +got):\n%s", diff)
			}
		})
	}
}

// checkClocks compares the clocks of one receipt.
func checkClocks(t *testing.T, c deadline.Calendar, received time.Time, want deadline.Clocks) {
	t.Helper()
	got, err := c.Clocks(received, readVectors(t).PromiseDays)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("received %s (-want +got):\n%s", received, diff)
	}
}

func TestDeadlineEndsAtTheNextLocalMidnight(t *testing.T) {
	c := dutch(t)
	for _, v := range readVectors(t).Ends {
		end := c.End(v.Day)
		if !end.Equal(v.End) {
			t.Errorf("end of %s = %s, want %s", v.Day, end.UTC(), v.End)
		}
		if last := c.Day(end.Add(-time.Nanosecond)); last != v.Day {
			t.Errorf("the instant before the end of %s is on %s", v.Day, last)
		}
		if next := c.Day(end); next != v.Day.AddDays(1) {
			t.Errorf("the end of %s is on %s, want the next day", v.Day, next)
		}
	}
}

func TestDaysAreNotMultiplesOf24Hours(t *testing.T) {
	c := dutch(t)
	for _, v := range readVectors(t).Spans {
		from, to := c.End(v.From.AddDays(-1)), c.End(v.To.AddDays(-1))
		if got := int(to.Sub(from).Hours()); got != v.Hours {
			t.Errorf("%s to %s: %d hours, want %d", v.From, v.To, got, v.Hours)
		}
		if days := v.To.DaysSince(v.From); days*24 != v.HoursOfWholeDays {
			t.Errorf("%s to %s: %d days, want %d", v.From, v.To, days, v.HoursOfWholeDays/24)
		}
		if got := c.Day(from).AddDays(28); got != v.To {
			t.Errorf("28 days after %s = %s, want %s", v.From, got, v.To)
		}
	}
}

func TestMonthIsKeptWithinItsLength(t *testing.T) {
	for _, v := range readVectors(t).Months {
		if got := v.Receipt.AddMonthsClamped(1); got != v.Base {
			t.Errorf("one month after %s = %s, want %s", v.Receipt, got, v.Base)
		}
		if got := byAddDate(t, v.Receipt); got != v.ByAddDate {
			t.Errorf("the trap itself is not set: AddDate gives %s, not %s", got, v.ByAddDate)
		}
		if got := v.Receipt.AddDays(30); got != v.ByThirtyDays {
			t.Errorf("30 days after %s = %s, want %s", v.Receipt, got, v.ByThirtyDays)
		}
	}
}

// byAddDate adds a month as time.Time does, which lets a day overflow.
func byAddDate(t *testing.T, d deadline.Date) deadline.Date {
	t.Helper()
	noon := time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, time.UTC)
	return deadline.DateOf(noon.AddDate(0, 1, 0), time.UTC)
}

func TestExtensionIsCountedFromReceipt(t *testing.T) {
	c := dutch(t)
	for _, v := range readVectors(t).Extensions {
		k := clocksOn(t, c, v.Receipt)
		if k.ExtensionBase != v.Base {
			t.Errorf("extension of %s = %s, want %s", v.Receipt, k.ExtensionBase, v.Base)
		}
		if wrong := k.LawBase.AddMonthsClamped(2); wrong != v.NotFromLawBase {
			t.Errorf("the trap itself is not set: %s, not %s", wrong, v.NotFromLawBase)
		}
	}
}

func TestCountsOverTenYearsOfReceipts(t *testing.T) {
	want := readVectors(t).Decade
	c := dutch(t)
	rolling := calendarWith(t, func(o *deadline.Options) { o.RollGoodFriday = true })
	got := decadeVector{From: want.From, Through: want.Through}
	add := func(count *int, when bool) {
		if when {
			*count++
		}
	}
	for d := want.From; !d.After(want.Through); d = d.AddDays(1) {
		k := clocksOn(t, c, d)
		got.Days++
		add(&got.PromiseAfterMonth, k.PromiseDue.After(k.LawBase))
		add(&got.PromiseIsMonth, k.PromiseDue == k.LawBase)
		add(&got.ThirtyDaysAfterMonth, d.AddDays(30).After(k.LawBase))
		add(&got.ThirtyDaysAfterLaw, d.AddDays(30).After(k.LawDue))
		add(&got.GoodFridayMovesLaw, clocksOn(t, rolling, d).LawDue != k.LawDue)
		add(&got.AddDateIsNotMonth, byAddDate(t, d) != k.LawBase)
		got.LawMinusPromise[k.LawDue.DaysSince(k.PromiseDue)]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestPromiseIsNeverLaterThanTheLaw(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		k := clocksOn(t, c, d)
		if k.PromiseDue.After(k.LawBase) || k.LawBase.After(k.LawDue) {
			t.Errorf("%s: promise %s, month %s, law %s are out of order", d, k.PromiseDue, k.LawBase, k.LawDue)
		}
		if k.PlanBy.After(k.PromiseDue) || k.PlanBy.Before(d) {
			t.Errorf("%s: plan %s is not between receipt and promise %s", d, k.PlanBy, k.PromiseDue)
		}
		if k.ExtensionBase.After(k.ExtensionDue) {
			t.Errorf("%s: the extension moved back", d)
		}
	})
}

func TestPromiseNeverMovesForward(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		if k := clocksOn(t, c, d); k.PromiseDue.DaysSince(d) != 28 {
			t.Errorf("%s: promise %s is not the 28th day", d, k.PromiseDue)
		}
	})
}

func TestLawEndsOnTheFirstWorkingDay(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		k := clocksOn(t, c, d)
		if !c.LawWorkingDay(k.LawDue) || !c.LawWorkingDay(k.ExtensionDue) {
			t.Errorf("%s: %s or %s is not a working day", d, k.LawDue, k.ExtensionDue)
		}
		for skipped := k.LawBase; skipped.Before(k.LawDue); skipped = skipped.AddDays(1) {
			if c.LawWorkingDay(skipped) {
				t.Errorf("%s: working day %s was passed", d, skipped)
			}
		}
	})
}

func TestPlanIsTheLastWorkingDayOfStaff(t *testing.T) {
	c := dutch(t)
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		k := clocksOn(t, c, d)
		if !c.PlanWorkingDay(k.PlanBy) {
			t.Errorf("%s: plan %s is not a working day", d, k.PlanBy)
		}
		for skipped := k.PromiseDue; skipped.After(k.PlanBy); skipped = skipped.AddDays(-1) {
			if c.PlanWorkingDay(skipped) {
				t.Errorf("%s: working day %s was passed", d, skipped)
			}
		}
	})
}

func TestClocksDoNotDependOnTheZoneOfTheProcess(t *testing.T) {
	saved := time.Local
	t.Cleanup(func() { time.Local = saved })
	var want []deadline.Clocks
	for _, name := range []string{
		"Europe/Amsterdam", "UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago",
	} {
		place, err := deadline.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = place
		got := clocksOfInstantsIn(t, place)
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("process in %s (-want +got):\n%s", name, cmp.Diff(want, got))
		}
	}
}

// clocksOfInstantsIn computes clocks for two instants of every day, a second
// before and a second after local midnight, written in the time of a place.
func clocksOfInstantsIn(t *testing.T, place *time.Location) []deadline.Clocks {
	t.Helper()
	c := dutch(t)
	var all []deadline.Clocks
	eachDay(t, "2024-01-01", "2040-12-31", func(d deadline.Date) {
		for _, around := range []time.Duration{-time.Second, time.Second} {
			k, err := c.Clocks(c.End(d).Add(around).In(place), 28)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, k)
		}
	})
	return all
}

func TestNewHolidayNeverMovesThePromise(t *testing.T) {
	before := dutch(t)
	eachDay(t, "2026-01-01", "2026-12-31", func(d deadline.Date) {
		k := clocksOn(t, before, d)
		after := calendarWith(t, func(o *deadline.Options) {
			o.DecreeDays = []deadline.Holiday{
				{Date: k.PromiseDue, NL: "Herdenkingsdag", EN: "Day of Remembrance"},
				{Date: k.LawDue, NL: "Herdenkingsdag", EN: "Day of Remembrance"},
			}
		})
		changed := clocksOn(t, after, d)
		if changed.PromiseDue != k.PromiseDue {
			t.Errorf("%s: promise moved from %s to %s", d, k.PromiseDue, changed.PromiseDue)
		}
		if !changed.LawDue.After(k.LawDue) {
			t.Errorf("%s: law stayed on %s, now a holiday", d, k.LawDue)
		}
	})
}

func TestPlanIsNeverBeforeReceipt(t *testing.T) {
	c := calendarWith(t, func(o *deadline.Options) {
		eachDay(t, "2026-07-01", "2026-08-31", func(d deadline.Date) {
			o.ClosedDays = append(o.ClosedDays, deadline.Holiday{Date: d, NL: "Zomersluiting", EN: "the summer closure"})
		})
	})
	receipt := date(t, "2026-07-10")
	k := clocksOn(t, c, receipt)
	if k.PlanBy != receipt {
		t.Errorf("plan = %s, want the day of receipt", k.PlanBy)
	}
	list := c.Warnings(k)
	if last := list[len(list)-1]; last.Kind != deadline.WarnAcknowledge || last.Date != date(t, "2026-09-01") {
		t.Errorf("last warning is %+v, want the acknowledgement on the first working day", last)
	}
	for _, w := range list {
		if w.Date.Before(receipt) {
			t.Errorf("warning %s on %s is before the receipt", w.Kind, w.Date)
		}
	}
	if want := date(t, "2026-08-10"); k.LawDue != want {
		t.Errorf("law = %s, want %s: a closed office gives no extra time", k.LawDue, want)
	}
}

func TestClocksRefuseWhatTheyCannotCompute(t *testing.T) {
	c, received := dutch(t), time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name     string
		calendar deadline.Calendar
		received time.Time
		days     int
		want     error
	}{
		{"no calendar", deadline.Calendar{}, received, 28, deadline.ErrZone},
		{"no receipt", c, time.Time{}, 28, deadline.ErrReceipt},
		{"receipt before year 1", c, received.AddDate(-3000, 0, 0), 28, deadline.ErrReceipt},
		{"receipt at the end of year 9999", c, time.Date(9999, 11, 1, 0, 0, 0, 0, time.UTC), 28, deadline.ErrReceipt},
		{"no promise", c, received, 0, deadline.ErrPromiseDays},
		{"promise back in time", c, received, -1, deadline.ErrPromiseDays},
		{"promise that can pass the month", c, received, 29, deadline.ErrPromiseDays},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k, err := tc.calendar.Clocks(tc.received, tc.days)
			if !errors.Is(err, tc.want) {
				t.Errorf("error = %v, want %v", err, tc.want)
			}
			if k != (deadline.Clocks{}) {
				t.Errorf("clocks beside an error: %+v", k)
			}
		})
	}
}

func TestShorterPromiseIsAccepted(t *testing.T) {
	k, err := dutch(t).Clocks(time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC), 14)
	if err != nil {
		t.Fatal(err)
	}
	if want := date(t, "2026-03-19"); k.PromiseDue != want {
		t.Errorf("promise = %s, want %s", k.PromiseDue, want)
	}
}

func TestOverdueBeginsTheDayAfter(t *testing.T) {
	due := date(t, "2026-04-02")
	for _, tc := range []struct {
		today, due deadline.Date
		want       bool
	}{
		{due.AddDays(-1), due, false},
		{due, due, false},
		{due.AddDays(1), due, true},
		{due, deadline.Date{}, false},
		{deadline.Date{}, due, false},
	} {
		if got := deadline.Overdue(tc.today, tc.due); got != tc.want {
			t.Errorf("Overdue(%s, %s) = %t, want %t", tc.today, tc.due, got, tc.want)
		}
	}
}
