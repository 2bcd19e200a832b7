package deadline_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/deadline"
)

// vectors are the worked dates of testdata/vectors.json; the file names their
// sources. Every list in it is walked by one test of this package.
type vectors struct {
	Sources     []string
	Zone        string
	PromiseDays int
	Years       []yearVector
	Receipts    []receiptVector
	Ends        []struct {
		Day deadline.Date
		End time.Time
	}
	Spans []struct {
		From, To                deadline.Date
		Hours, HoursOfWholeDays int
	}
	Pauses   []pauseVector
	Warnings []warningVector
	Court    []struct {
		Received, Last deadline.Date
		Weeks          int
	}
	Extensions []struct{ Receipt, Base, NotFromLawBase deadline.Date }
	Months     []struct{ Receipt, Base, ByAddDate, ByThirtyDays deadline.Date }
	Fiscal     []struct {
		BookYear, Years       int
		Through, ErasableFrom deadline.Date
	}
	Ages []struct {
		Birth, Day deadline.Date
		Age        int
		Alone      bool
	}
	Decade decadeVector
}

type yearVector struct {
	Year                     int
	EasterSunday, GoodFriday deadline.Date
	Free                     map[string]deadline.Date
}

type receiptVector struct {
	Name    string
	At, UTC time.Time
	Day     deadline.Date
	Promise struct {
		Due deadline.Date
		End time.Time
	}
	Plan           struct{ Narrow, Wide deadline.Date }
	Law, Extension struct {
		Base, Due deadline.Date
		End       time.Time
	}
}

type pauseVector struct {
	Receipt               deadline.Date
	Reason                deadline.PauseReason
	Asked, Answered       deadline.Date
	Days                  int
	Promise               deadline.Date
	StrictBase, StrictDue deadline.Date
	Base, Due             deadline.Date
	SameDueFor            []deadline.Date
}

type warningVector struct {
	Receipt, Acknowledge, HalfTime deadline.Date
	FiveDays, ThreeDays, OneDay    deadline.Date
	Plan, Promise, ExtensionNotice deadline.Date
}

// decadeVector counts over every day of receipt in a range.
type decadeVector struct {
	From, Through                            deadline.Date
	Days, PromiseAfterMonth, PromiseIsMonth  int
	ThirtyDaysAfterMonth, ThirtyDaysAfterLaw int
	GoodFridayMovesLaw, AddDateIsNotMonth    int
	LawMinusPromise                          [7]int
}

// readVectors reads the worked dates, and refuses a list that is missing or
// has lost entries, so that no test can pass by walking nothing.
func readVectors(t *testing.T) vectors {
	t.Helper()
	file, err := os.Open("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	var v vectors
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	got := []int{
		len(v.Years), len(v.Receipts), len(v.Ends), len(v.Spans), len(v.Pauses), len(v.Warnings),
		len(v.Court), len(v.Extensions), len(v.Months), len(v.Fiscal), len(v.Ages),
	}
	if diff := cmp.Diff([]int{12, 25, 4, 2, 3, 2, 1, 1, 2, 3, 4}, got); diff != "" {
		t.Fatalf("entries per list (-want +got):\n%s", diff)
	}
	return v
}

// amsterdam returns the zone of the worked dates.
func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	zone, err := deadline.Zone("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// calendarWith builds the Dutch calendar after the options were changed.
func calendarWith(t *testing.T, change func(*deadline.Options)) deadline.Calendar {
	t.Helper()
	options := deadline.DutchOptions(amsterdam(t))
	change(&options)
	calendar, err := deadline.NewCalendar(options)
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

// dutch returns the calendar as the product ships it.
func dutch(t *testing.T) deadline.Calendar {
	t.Helper()
	return calendarWith(t, func(*deadline.Options) {})
}

// date reads a date of a test table.
func date(t *testing.T, text string) deadline.Date {
	t.Helper()
	d, err := deadline.ParseDate(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return d
}

// clocksOn returns the clocks of a request received on a day.
func clocksOn(t *testing.T, c deadline.Calendar, day deadline.Date) deadline.Clocks {
	t.Helper()
	k, err := c.Clocks(c.End(day).Add(-time.Minute), 28)
	if err != nil {
		t.Fatalf("%s: %v", day, err)
	}
	return k
}

// eachDay calls visit for every day from first through last.
func eachDay(t *testing.T, first, last string, visit func(deadline.Date)) {
	t.Helper()
	for d := date(t, first); !d.After(date(t, last)); d = d.AddDays(1) {
		visit(d)
	}
}
