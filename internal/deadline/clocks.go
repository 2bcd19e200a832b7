package deadline

import (
	"errors"
	"fmt"
	"time"
)

const (
	// MaxPromiseDays is the longest promise, in days, that never passes the
	// month of art. 12(3) GDPR: February can have 28.
	MaxPromiseDays = 28
	// lawMonths is the term of art. 12(3) GDPR, in months.
	lawMonths = 1
	// extendedMonths adds the two further months of the same paragraph.
	extendedMonths = 3
)

// Errors of computing the clocks of a case.
var (
	// ErrReceipt is returned for a receipt without an instant, or outside the years of a Date.
	ErrReceipt = errors.New("the instant of receipt is missing or out of range")
	// ErrPromiseDays is returned for a promise outside 1 to MaxPromiseDays.
	ErrPromiseDays = errors.New("a promise must be 1 to 28 days: longer can pass the month of art. 12(3) GDPR")
)

// Clocks are the dates of one case, each the last day that is still in time.
// Computing them again is safe: an added holiday can move PlanBy, LawDue and
// ExtensionDue, never PromiseDue.
type Clocks struct {
	// ReceiptDay is the local day on which the request arrived.
	ReceiptDay Date
	// PromiseDue is the promised number of calendar days after ReceiptDay.
	PromiseDue Date
	// PlanBy is PromiseDue moved back to a working day, not before ReceiptDay.
	PlanBy Date
	// LawBase is one month after ReceiptDay, and the last day to announce an extension.
	LawBase Date
	// LawDue is LawBase moved forward to a working day in law.
	LawDue Date
	// ExtensionBase is three months after ReceiptDay, not yet moved.
	ExtensionBase Date
	// ExtensionDue is ExtensionBase moved forward; it needs a timely announcement.
	ExtensionDue Date
}

// Clocks computes the dates of a request, with a promise in days, such that
// PromiseDue <= LawBase <= LawDue, or fails with ErrZone, ErrReceipt or ErrPromiseDays.
func (c Calendar) Clocks(received time.Time, promiseDays int) (Clocks, error) {
	if c.zone == nil {
		return Clocks{}, fmt.Errorf("compute the clocks: %w", ErrZone)
	}
	if promiseDays < 1 || promiseDays > MaxPromiseDays {
		return Clocks{}, fmt.Errorf("compute the clocks: %w", ErrPromiseDays)
	}
	// The day of receipt itself is not counted: Regulation 1182/71, art. 3(1).
	receipt := c.Day(received)
	k := Clocks{
		ReceiptDay: receipt,
		PromiseDue: receipt.AddDays(promiseDays),
		LawBase:    receipt.AddMonthsClamped(lawMonths),
		// From receipt and not from LawBase: 31 January would lose two days.
		ExtensionBase: receipt.AddMonthsClamped(extendedMonths),
	}
	k.PlanBy = later(c.MoveBack(k.PromiseDue), receipt)
	// A period that ends on a day without work ends with the next working day:
	// Regulation 1182/71, art. 3(4), and EDPB Guidelines 01/2022, par. 161.
	k.LawDue = c.RollForward(k.LawBase)
	k.ExtensionDue = c.RollForward(k.ExtensionBase)
	if k.ExtensionDue.IsZero() {
		return Clocks{}, fmt.Errorf("compute the clocks: %w", ErrReceipt)
	}
	return k, nil
}

// later returns the later of two dates.
func later(a, b Date) Date {
	if a.Before(b) {
		return b
	}
	return a
}

// Overdue reports whether today is a later day than due. On the day itself a
// deadline is still met; without a date nothing is overdue.
func Overdue(today, due Date) bool { return !due.IsZero() && today.After(due) }
