package deadline

import (
	"errors"
	"fmt"
	"slices"
	"time"

	// The zone rules are linked in, because a machine may have none on its disk.
	_ "time/tzdata"
)

// Errors of building a calendar.
var (
	// ErrZone is returned when the time zone is missing or unknown.
	ErrZone = errors.New("a time zone by name is needed, such as Europe/Amsterdam")
	// ErrHoliday is returned for an added day without a date or without a name in both languages.
	ErrHoliday = errors.New("an added day needs a date, a Dutch name and an English name")
)

// Zone returns a time zone by its IANA name, also on a machine without that
// database. Unknown names are refused with ErrZone, and so are "" and "Local",
// which mean something else on every machine.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, ErrZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrZone, err)
	}
	return zone, nil
}

// Options are the choices that make a Calendar.
type Options struct {
	// Zone is where a day begins and ends. Required.
	Zone *time.Location
	// RollGoodFriday lets Good Friday move the date of the law. Off by default:
	// whether the Dutch list for the Regulation holds it is not certain, and
	// moving forward favours only the organisation.
	RollGoodFriday bool
	// PlanGoodFriday keeps Good Friday free for staff; RollGoodFriday implies it.
	PlanGoodFriday bool
	// DecreeDays are free by royal decree (Algemene termijnenwet, art. 3(3)), in law and plan.
	DecreeDays []Holiday
	// ClosedDays count for the plan only: a closed office gives no extra time in law.
	ClosedDays []Holiday
}

// DutchOptions returns what the product ships: Good Friday free in the plan, not in law.
func DutchOptions(zone *time.Location) Options {
	return Options{Zone: zone, PlanGoodFriday: true}
}

// Calendar knows the working days of the law and of the plan. NewCalendar
// builds it; it never changes and may be shared. The zero value has no zone
// and refuses to compute clocks.
type Calendar struct {
	zone *time.Location
	// The law's set is narrow and moves dates forward, the plan's is wide and
	// moves them back: both err to the early side.
	law, plan daySet
}

// NewCalendar reports all faults of the options together: ErrZone, ErrHoliday.
func NewCalendar(options Options) (Calendar, error) {
	var faults []error
	if options.Zone == nil {
		faults = append(faults, fmt.Errorf("build a calendar: %w", ErrZone))
	}
	faults = append(faults, checkHolidays("decree day", options.DecreeDays)...)
	faults = append(faults, checkHolidays("closed day", options.ClosedDays)...)
	if len(faults) > 0 {
		return Calendar{}, errors.Join(faults...)
	}
	return Calendar{
		zone: options.Zone,
		law: daySet{
			goodFriday: options.RollGoodFriday,
			extra:      slices.Clone(options.DecreeDays),
		},
		plan: daySet{
			goodFriday: options.RollGoodFriday || options.PlanGoodFriday,
			extra:      slices.Concat(options.DecreeDays, options.ClosedDays),
		},
	}, nil
}

// checkHolidays returns a fault with its place for every incomplete added day.
func checkHolidays(kind string, days []Holiday) []error {
	var faults []error
	for i, day := range days {
		if day.Date.IsZero() || day.NL == "" || day.EN == "" {
			faults = append(faults, fmt.Errorf("%s %d: %w", kind, i+1, ErrHoliday))
		}
	}
	return faults
}

// Day returns the civil date at an instant in the calendar's zone.
func (c Calendar) Day(instant time.Time) Date { return DateOf(instant, c.zone) }

// End returns the instant at which the day is over in the calendar's zone. A
// deadline on that day is met until just before it.
func (c Calendar) End(day Date) time.Time { return day.EndInstant(c.zone) }

// LawWorkingDay reports whether the law counts d as a working day: not a
// Saturday, Sunday or public holiday. Regulation 1182/71, art. 2(2).
func (c Calendar) LawWorkingDay(d Date) bool { return c.law.workingDay(d) }

// PlanWorkingDay reports whether staff work on d: a working day in law that is
// neither Good Friday, when the plan keeps it free, nor a closed day.
func (c Calendar) PlanWorkingDay(d Date) bool { return c.plan.workingDay(d) }

// RollForward returns d, or the first working day in law after it.
func (c Calendar) RollForward(d Date) Date {
	working, _ := c.law.walk(d, 1)
	return working
}

// MoveBack returns d, or the last working day of the plan before it.
func (c Calendar) MoveBack(d Date) Date {
	working, _ := c.plan.walk(d, -1)
	return working
}

// AddPlanDays returns the day a number of working days of staff after d, which
// is not counted itself, or before d when the number is negative.
func (c Calendar) AddPlanDays(d Date, workingDays int) Date {
	return c.plan.count(d, workingDays)
}
