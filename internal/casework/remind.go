package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// Reminding tells staff of open cases whose deadline comes near or has passed
// (art. 12(3) GDPR). It looks only at what is due, and it releases nothing.
type Reminding struct {
	Place
	Rules Rules
	Cases Cases
	Due   Due
}

// Reminded counts what one tick did, for the metrics and the log.
type Reminded struct {
	Reminders int           // cases of which staff were reminded
	Passed    int           // of those: cases that just passed a deadline
	Late      time.Duration // how long the longest waiting of all cases was due
}

// Remind reminds staff of every case that is due at now. A case is reminded of
// once per step and day, whatever becomes of the tick: what says so is stored in
// the same transaction as the letters and as the next day.
func (r Reminding) Remind(ctx context.Context, now time.Time) (Reminded, error) {
	var reminded Reminded
	err := eachDue(ctx, r.Due, FunctionRemind, now, func(entry DueEntry) (bool, error) {
		if entry.Kind != DueCase {
			return false, nil
		}
		done, err := r.remind(ctx, now, entry.Case)
		if err != nil {
			return false, fmt.Errorf("reminding of case %s: %w", entry.Case, err)
		}
		reminded.count(done, now.Sub(entry.At))
		return done == leftAsItIs, nil
	})
	return reminded, err
}

// count adds what was done about one case, which was due for a while.
func (d *Reminded) count(done remark, late time.Duration) {
	if done == notOurs {
		return
	}
	d.Late = max(d.Late, late)
	switch done {
	case passedRemark:
		d.Passed++
		d.Reminders++
	case reminderRemark:
		d.Reminders++
	}
}

// remark is what a tick did about one case.
type remark int

const (
	notOurs        remark = iota // closed, or not due any more
	leftAsItIs                   // no step has come yet: the calendar changed since
	quietRemark                  // half of the time is over, and the work is under way
	reminderRemark               // staff are reminded
	passedRemark                 // staff are told that a deadline has passed
)

// remind does what is due about one case. The index lags a moment behind, so
// only the case itself says whether anything is.
func (r Reminding) remind(ctx context.Context, now time.Time, id dsr.OwnerID) (done remark, err error) {
	err = r.decide(ctx, func() error {
		done = notOurs
		c, err := r.Cases.Summary(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil || !c.State.Open() || c.DueAt.IsZero() || c.DueAt.After(now) {
			return err
		}
		change, what, err := r.reminder(c, now)
		if err != nil || what == leftAsItIs {
			done = what
			return err
		}
		if err := r.Cases.Commit(ctx, change); err != nil {
			return err
		}
		done = what
		return nil
	})
	return done, err
}

// reminder gives the change that reminds of a case. After an outage only the step
// that counts now is spoken of, not each one that was missed.
func (r Reminding) reminder(c dsr.Case, now time.Time) (Change, remark, error) {
	plan, err := r.Rules.plan(c.Dates)
	if err != nil {
		return Change{}, notOurs, err
	}
	today := r.Rules.Calendar.Day(now)
	step, come := plan.On(today)
	if !come || c.Work.Reminded == stepWord(step) {
		return Change{}, leftAsItIs, nil
	}
	passed := passedBetween(c, dsr.Day(today.String()))
	what, kind := reminderRemark, dsr.ReminderSent
	switch {
	case len(passed) > 0:
		what, kind = passedRemark, dsr.DeadlinePassed
	case step.Kind == deadline.WarnHalfTime && moving(c):
		what, kind = quietRemark, dsr.HalfTimePassed
	}
	change := Change{At: now, Event: dsr.Event{Kind: kind, At: now, Facts: map[string]string{
		"step": string(step.Kind), "day": step.Date.String(), "state": string(c.State),
	}}}
	if len(passed) > 0 {
		change.Event.Facts["passed"] = strings.Join(passed, " ")
	}
	if what != quietRemark {
		change.Letters = r.Rules.aboutCase(c, dsr.ReminderNotice, string(step.Kind), now)
	}
	c.Seq++
	c.Work.Reminded, c.DueAt = stepWord(step), r.Rules.begin(plan.NextDay(today))
	change.Event.Seq, change.File.Case = c.Seq, c
	return change, what, nil
}

// moving reports whether somebody works on a case and nothing of it waits for
// a person first. Whoever has looked, but not at a letter that did not arrive,
// does not know that the data subject still waits.
func moving(c dsr.Case) bool {
	looked := c.State != dsr.Received || c.Work.Match != ""
	return looked && !c.Work.Disowned && len(c.Work.Undelivered) == 0
}

// stepWord names a step with its day, as it is kept with the case.
func stepWord(step deadline.Warning) string { return string(step.Kind) + " " + step.Date.String() }

// passedBetween names the deadlines that were met when staff were last reminded
// of a case, and are not met any more: its promise and its law.
func passedBetween(c dsr.Case, today dsr.Day) []string {
	_, before, _ := strings.Cut(c.Work.Reminded, " ")
	var passed []string
	for _, one := range []struct {
		name string
		due  dsr.Day
	}{{"promise", c.Dates.PromiseDue}, {"law", c.Dates.LawDue}} {
		if dsr.Day(before) <= one.due && one.due < today {
			passed = append(passed, one.name)
		}
	}
	return passed
}
