package deadline

import (
	"slices"
	"time"
)

// Holiday is a day on which no work is done, with its name in both languages.
type Holiday struct {
	// Date is the day itself; a holiday that returns every year is listed per year.
	Date Date
	// NL and EN name the day as a sentence uses it: "Koningsdag", "King's Day".
	NL, EN string
}

// Name returns the name of the holiday in both languages.
func (h Holiday) Name() Text { return Text{NL: h.NL, EN: h.EN} }

// EasterSunday returns the Sunday on which Easter falls in a year of the
// Gregorian calendar, by the computus in Meeus, Astronomical Algorithms, ch. 8.
func EasterSunday(year int) Date {
	// The letters of the computus are replaced by what they stand for.
	cycle, century, rest := year%19, year/100, year%100
	moonShift := (century - (century+8)/25 + 1) / 3
	moonAge := (19*cycle + century - century/4 - moonShift + 15) % 30
	toSunday := (32 + 2*(century%4) + 2*(rest/4) - moonAge - rest%4) % 7
	late := (cycle + 11*moonAge + 22*toSunday) / 451
	days := moonAge + toSunday - 7*late + 114
	return civil(year, time.Month(days/31), days%31+1)
}

// GoodFriday returns the Friday before Easter. Whether the law counts it as a
// holiday is a setting, so it is not among PublicHolidays.
func GoodFriday(year int) Holiday {
	return Holiday{EasterSunday(year).AddDays(-2), "Goede Vrijdag", "Good Friday"}
}

// PublicHolidays returns the days that art. 3(1) of the Algemene termijnenwet
// names, in order of date. They hold from 2014 on, the first year with King's
// Day. Liberation Day is among them every year, not once in five.
func PublicHolidays(year int) []Holiday {
	easter := EasterSunday(year)
	days := []Holiday{
		{civil(year, time.January, 1), "Nieuwjaarsdag", "New Year's Day"},
		{easter.AddDays(1), "Tweede Paasdag", "Easter Monday"},
		{kingsDay(year), "Koningsdag", "King's Day"},
		{civil(year, time.May, 5), "Bevrijdingsdag", "Liberation Day"},
		{easter.AddDays(39), "Hemelvaartsdag", "Ascension Day"},
		{easter.AddDays(50), "Tweede Pinksterdag", "Whit Monday"},
		{civil(year, time.December, 25), "Eerste Kerstdag", "Christmas Day"},
		{civil(year, time.December, 26), "Tweede Kerstdag", "Boxing Day"},
	}
	slices.SortStableFunc(days, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return days
}

// kingsDay returns 27 April, or the day before when that is a Sunday.
func kingsDay(year int) Date {
	day := civil(year, time.April, 27)
	if day.Weekday() == time.Sunday {
		return day.AddDays(-1)
	}
	return day
}

// namedSundays returns the feasts that, being Sundays, need no place in a day set.
func namedSundays(year int) []Holiday {
	easter := EasterSunday(year)
	return []Holiday{
		{easter, "Eerste Paasdag", "Easter Sunday"},
		{easter.AddDays(49), "Eerste Pinksterdag", "Whit Sunday"},
	}
}

// daySet is one answer to the question which days are working days.
type daySet struct {
	goodFriday bool
	extra      []Holiday
}

// workingDay reports whether d is neither in the weekend nor a holiday of the set.
func (s daySet) workingDay(d Date) bool {
	return !weekend(d) && len(s.holidays(d)) == 0
}

// weekend reports whether d is a Saturday or a Sunday.
func weekend(d Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// holidays returns the holidays on d, sometimes two: 5 May was Ascension Day in 2016.
func (s daySet) holidays(d Date) []Holiday {
	days := PublicHolidays(d.Year())
	if s.goodFriday {
		days = append(days, GoodFriday(d.Year()))
	}
	days = append(days, s.extra...)
	return slices.DeleteFunc(days, func(h Holiday) bool { return h.Date != d })
}

// names returns what the day is called, holidays first; most days have no name.
func (s daySet) names(d Date) []Text {
	var names []Text
	for _, h := range append(s.holidays(d), namedSundays(d.Year())...) {
		if h.Date == d {
			names = append(names, h.Name())
		}
	}
	return names
}

// walk goes in steps of +1 or -1 to a working day, and returns it with the
// days passed on the way, the first day included.
func (s daySet) walk(from Date, step int) (working Date, passed []Date) {
	for working = from; !working.IsZero() && !s.workingDay(working); working = working.AddDays(step) {
		passed = append(passed, working)
	}
	return working, passed
}

// count returns the day a number of working days after d, which is not
// counted itself, or before d when the number is negative.
func (s daySet) count(d Date, workingDays int) Date {
	step := 1
	if workingDays < 0 {
		step = -1
	}
	for ; workingDays != 0 && !d.IsZero(); workingDays -= step {
		d, _ = s.walk(d.AddDays(step), step)
	}
	return d
}
