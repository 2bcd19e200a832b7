package deadline

import (
	"errors"
	"fmt"
)

// PauseReason says why the organisation had to ask something first.
type PauseReason string

const (
	// PauseIdentity is reasonable doubt about who asks: art. 12(6) GDPR.
	PauseIdentity PauseReason = "identity"
	// PauseScope is the question which data or processing is meant, allowed
	// when a large quantity is held: recital 63 GDPR.
	PauseScope PauseReason = "scope"
)

// DefaultAskWithin is how many working days after receipt a question still
// counts as asked without undue delay.
const DefaultAskWithin = 3

// Errors of judging a pause. Each means that the strict date stands.
var (
	// ErrPauseReason is returned for a reason that cannot suspend the month.
	ErrPauseReason = errors.New("only identity or scope can suspend the month")
	// ErrPauseAsked is returned when the question is missing or older than the request.
	ErrPauseAsked = errors.New("the question needs a day on or after the receipt")
	// ErrPauseLate is returned when the question came too long after receipt.
	ErrPauseLate = errors.New("the question was not asked in time to suspend the month")
	// ErrPauseAnswered is returned when the answer is missing or older than the question.
	ErrPauseAnswered = errors.New("the answer needs a day on or after the question")
)

// Pause is one question to the data subject and its answer.
type Pause struct {
	// Reason says why it was asked.
	Reason PauseReason
	// Asked is the day on which the question was sent.
	Asked Date
	// Answered is the day on which the answer was received.
	Answered Date
}

// PausedLaw is the date of the law when a pause is relied on. The promise
// knows no such clause and has no paused form.
type PausedLaw struct {
	// Days is the number of calendar days from question to answer.
	Days int
	// Base is LawBase moved by Days.
	Base Date
	// Due is Base moved forward to a working day in law.
	Due Date
}

// Pause returns what the date of the law becomes under a pause, or one of the
// ErrPause errors when the pause may not be relied on. askWithin is in working
// days after receipt, usually DefaultAskWithin. EDPB Guidelines 01/2022, par.
// 159, says only that there may be a suspension: staff keep the strict dates.
func (c Calendar) Pause(k Clocks, p Pause, askWithin int) (PausedLaw, error) {
	if err := c.checkPause(k, p, askWithin); err != nil {
		return PausedLaw{}, fmt.Errorf("judge a pause: %w", err)
	}
	days := p.Answered.DaysSince(p.Asked)
	base := k.LawBase.AddDays(days)
	return PausedLaw{Days: days, Base: base, Due: c.RollForward(base)}, nil
}

// checkPause returns why a pause does not count, or nil.
func (c Calendar) checkPause(k Clocks, p Pause, askWithin int) error {
	switch {
	case p.Reason != PauseIdentity && p.Reason != PauseScope:
		return ErrPauseReason
	case k.ReceiptDay.IsZero() || p.Asked.Before(k.ReceiptDay):
		return ErrPauseAsked
	// The narrow set of holidays gives the earlier last day.
	case p.Asked.After(c.law.count(k.ReceiptDay, askWithin)):
		return ErrPauseLate
	case p.Answered.Before(p.Asked):
		return ErrPauseAnswered
	}
	return nil
}
