package deadline

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// dateLayout is the one written form of a date: year, month and day of ISO 8601.
const dateLayout = "2006-01-02"

const (
	// lastYear is the last year the written form can hold.
	lastYear = 9999
	// lastDay is the number of 31 December of that year.
	lastDay = 3652059
)

// Errors of reading dates. They never repeat what was read: it may be a date of birth.
var (
	// ErrDateForm is returned for text that is not written as 2026-03-05.
	ErrDateForm = errors.New("not a date written as year-month-day, such as 2026-03-05")
	// ErrNoSuchDay is returned for a day such as 30 February.
	ErrNoSuchDay = errors.New("the calendar has no such day between the years 1 and 9999")
)

// Date is a civil date, a day without hours or time zone, in the years 1 to
// 9999. The zero value is no date; arithmetic on it, or past either end of the
// range, gives no date. Dates are compared with == and can be map keys.
type Date struct {
	// number counts the days: 1 January of year 1, a Monday, is number 1.
	number int32
}

// NewDate returns a date, or ErrNoSuchDay: 31 April does not become 1 May.
func NewDate(year int, month time.Month, day int) (Date, error) {
	d := civil(year, month, day)
	if y, m, dd := d.parts(); d.IsZero() || y != year || m != month || dd != day {
		return Date{}, fmt.Errorf("build a date: %w", ErrNoSuchDay)
	}
	return d, nil
}

// ParseDate reads a date written as 2026-03-05, or fails with ErrDateForm or ErrNoSuchDay.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(dateLayout, text)
	if err == nil {
		return NewDate(t.Date())
	}
	// The error of time.Parse quotes its input, so it is replaced, not wrapped.
	if fault := new(time.ParseError); errors.As(err, &fault) && fault.Message != "" && len(text) == len(dateLayout) {
		return Date{}, fmt.Errorf("read a date: %w", ErrNoSuchDay)
	}
	return Date{}, fmt.Errorf("read a date: %w", ErrDateForm)
}

// DateOf returns the civil date at an instant in a place, whatever location
// the instant carries. The zero instant and a nil place give no date.
func DateOf(instant time.Time, place *time.Location) Date {
	if instant.IsZero() || place == nil {
		return Date{}
	}
	return civil(instant.In(place).Date())
}

// civil numbers a day. Like time.Date it takes day 0 for the last of the month before.
func civil(year int, month time.Month, day int) Date {
	// UTC has no summer time, so its calendar serves for counting civil days.
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	before := t.Year() - 1
	if before < 0 {
		return Date{}
	}
	return numbered(365*before + before/4 - before/100 + before/400 + t.YearDay())
}

// numbered returns the day with a number, and no date outside the range.
func numbered(number int) Date {
	if number < 1 || number > lastDay {
		return Date{}
	}
	return Date{number: int32(number)}
}

// parts splits a date into year, month and day, all zero for no date.
func (d Date) parts() (year int, month time.Month, day int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	return time.Date(1, time.January, int(d.number), 0, 0, 0, 0, time.UTC).Date()
}

// IsZero reports whether d is no date. With it encoding/json's omitzero works.
func (d Date) IsZero() bool { return d.number == 0 }

// Year returns the year of d, and 0 for no date.
func (d Date) Year() int {
	year, _, _ := d.parts()
	return year
}

// Month returns the month of d, and 0 for no date.
func (d Date) Month() time.Month {
	_, month, _ := d.parts()
	return month
}

// Day returns the day of the month of d, and 0 for no date.
func (d Date) Day() int {
	_, _, day := d.parts()
	return day
}

// Weekday returns the day of the week of d; no date has none and gives Sunday.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.number % 7) }

// AddDays returns the date a number of calendar days later, or earlier when negative.
func (d Date) AddDays(days int) Date {
	if d.IsZero() {
		return Date{}
	}
	return numbered(int(d.number) + days)
}

// AddMonthsClamped returns the same day a number of calendar months later, or
// the last day of a shorter month: one month after 31 January is never in
// March. Regulation 1182/71, art. 3(2)(c).
func (d Date) AddMonthsClamped(months int) Date {
	if d.IsZero() || months > 12*lastYear || months < -12*lastYear {
		return Date{}
	}
	year, month, day := d.parts()
	month += time.Month(months)
	last := civil(year, month+1, 0)
	if day >= last.Day() {
		return last
	}
	return civil(year, month, day)
}

// Compare orders dates as cmp.Compare does; no date comes before every date.
func (d Date) Compare(other Date) int { return cmp.Compare(d.number, other.number) }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.number < other.number }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.number > other.number }

// Equal reports whether d and other are the same day; it lets go-cmp compare dates.
func (d Date) Equal(other Date) bool { return d == other }

// DaysSince returns the calendar days from other to d, and 0 when either is no date.
func (d Date) DaysSince(other Date) int {
	if d.IsZero() || other.IsZero() {
		return 0
	}
	return int(d.number) - int(other.number)
}

// EndInstant returns the next midnight in a place, the first instant at which
// d is over. No date and a nil place give the zero instant.
func (d Date) EndInstant(place *time.Location) time.Time {
	if d.IsZero() || place == nil {
		return time.Time{}
	}
	year, month, day := d.parts()
	return time.Date(year, month, day+1, 0, 0, 0, 0, place)
}

// String returns the date as 2026-03-05, and "no date" for the zero value.
func (d Date) String() string {
	if d.IsZero() {
		return "no date"
	}
	year, month, day := d.parts()
	return fmt.Sprintf("%04d-%02d-%02d", year, int(month), day)
}

// MarshalText writes 2026-03-05, and no date as empty text. It never fails.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return []byte{}, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes. After an error d is unchanged.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}
