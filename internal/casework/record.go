package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Recording writes down how far a letter has come. Dispatch uses it after
// sending, feedback when SES tells; whoever is first wins and the other finds
// it done.
type Recording struct {
	Place
	Rules   Rules
	Cases   Cases
	Letters Letters
}

// Report is what SES says became of a letter.
type Report struct {
	SESID string
	State dsr.LetterState // what the letter comes to; empty when it is only late
	Why   string          // why it is late or came back: a fixed word
}

// Record takes a letter to state, which SES reported for the message it calls
// sesID.
func (r Recording) Record(ctx context.Context, now time.Time, ref dsr.LetterRef, sesID string, state dsr.LetterState) error {
	return r.Report(ctx, now, ref, Report{SESID: sesID, State: state})
}

// Report writes down what SES says about a letter. Reports may come twice and in
// any order; a letter never goes back. Of a letter that arrived or came back, the
// history first says that it was sent, also when that report is late or lost.
func (r Recording) Report(ctx context.Context, now time.Time, ref dsr.LetterRef, report Report) error {
	for _, state := range stepsTo(report.State) {
		step := letterStep{state: state, sesID: report.SESID}
		if state == report.State {
			step.why = report.Why
		}
		if err := r.step(ctx, now, ref, step); err != nil {
			return fmt.Errorf("recording letter %s as %s: %w", ref.Tag(), state, err)
		}
	}
	if report.State == "" {
		if err := r.late(ctx, now, ref, report.Why); err != nil {
			return fmt.Errorf("recording letter %s as late: %w", ref.Tag(), err)
		}
	}
	if !ref.Kind.Answers() || !report.State.Came() {
		return nil
	}
	return r.finish(ctx, now, ref)
}

// stepsTo lists the states that a letter goes through. What is only late was sent,
// and what somebody complains of came.
func stepsTo(state dsr.LetterState) []dsr.LetterState {
	switch state {
	case "", dsr.LetterPosted:
		return []dsr.LetterState{dsr.LetterPosted}
	case dsr.LetterUnwanted:
		return []dsr.LetterState{dsr.LetterPosted, dsr.LetterArrived, state}
	}
	return []dsr.LetterState{dsr.LetterPosted, state}
}

// reportTime is how long SES may take to report how a letter with an answer
// ended. Then sweep looks at it again.
const reportTime = 24 * time.Hour

// finish closes the case whose answer has left. It is done when SES reports that
// the letter arrived, and otherwise a day after it left: the report may be lost,
// and what a mail server took without a word has arrived for all that is known.
// Until then the letter stays in the due index.
func (r Recording) finish(ctx context.Context, now time.Time, ref dsr.LetterRef) error {
	err := r.decide(ctx, func() error {
		letter, err := r.Letters.Letter(ctx, ref)
		if err != nil || letter.DueAt.IsZero() {
			return err
		}
		done := letter
		done.DueAt = time.Time{}
		change := Change{Moves: []LetterMove{{Prior: letter, Letter: done}}, At: now}
		c, err := r.Cases.Summary(ctx, ref.Case)
		if err != nil {
			return err
		}
		// An answer that was sent once more finds the case closed.
		if r.Rules.close(&c, c.Finish(now)) == nil {
			c.Seq++
			change.File.Case = c
			change.Event = dsr.Event{Seq: c.Seq, Kind: dsr.CaseClosed, At: now, Facts: map[string]string{
				"outcome": string(c.Work.Outcome), "letter": string(letter.State),
			}}
		}
		return r.Cases.Commit(ctx, change)
	})
	if err != nil {
		return fmt.Errorf("closing the case of letter %s: %w", ref.Tag(), err)
	}
	return nil
}

// letterStep is one step of a letter.
type letterStep struct {
	state dsr.LetterState
	sesID string
	why   string // a fixed word; empty when there is nothing to say
	quiet bool   // nobody has to hear that the letter ends here
}

// ends reports whether the step leaves the letter without a reader, and somebody
// has to hear of that.
func (s letterStep) ends() bool {
	return !s.quiet && (s.state == dsr.LetterReturned || s.state == dsr.LetterFailed)
}

// step takes a letter to one state, unless it is there or further already.
func (r Recording) step(ctx context.Context, now time.Time, ref dsr.LetterRef, step letterStep) error {
	return r.decide(ctx, func() error {
		letter, err := r.Letters.Letter(ctx, ref)
		if err != nil || !letter.State.Before(step.state) {
			return err
		}
		return r.move(ctx, now, letter, step)
	})
}

// move commits the letter's next state. When it is a case's letter, the history
// gains an event. Either kind may cause further letters.
func (r Recording) move(ctx context.Context, now time.Time, prior dsr.Letter, step letterStep) error {
	letter := prior
	letter.State, letter.SESID, letter.DueAt = step.state, step.sesID, time.Time{}
	if prior.Ref.Kind.Answers() && (step.state == dsr.LetterPosted || step.state.Came()) {
		letter.DueAt = now.Add(reportTime)
	}
	change := Change{At: now, Moves: []LetterMove{{Prior: prior, Letter: letter}}}
	if prior.Ref.OwnerKind != dsr.OwnedByCase {
		change.Letters = append(r.unpassed(letter, step, now), r.unread(letter, step, now)...)
		return r.Cases.Commit(ctx, change)
	}
	// The summary will do: nothing personal changes, so no key is needed.
	c, err := r.Cases.Summary(ctx, prior.Ref.Case)
	if err != nil {
		return err
	}
	switch {
	case step.state == dsr.LetterPosted && letter.Ref.Kind.Answers():
		c.AnswerLeft(letter.Ref.N)
	case step.ends():
		change.Letters = r.missed(&c, letter, now)
	case step.state.Came() && letter.To.Personal():
		c.Reach(letter.Ref.Kind)
	}
	c.Seq++
	change.File.Case = c
	change.Event = letterEvent(letter, c.Seq, step.why, now)
	return r.Cases.Commit(ctx, change)
}

// missed records that a letter has no reader, and gives the notices about it.
// Nobody else looks after what a data subject will miss, but for an answer that
// was given in another way since. Of a letter to a member of staff the others
// hear; of a notice like this one nobody does, or notices would go round for ever.
func (r Recording) missed(c *dsr.Case, letter dsr.Letter, now time.Time) []dsr.Letter {
	kind := letter.Ref.Kind
	if c.State == dsr.Purged || kind == dsr.LetterNotice || givenOtherwise(letter.Ref, *c) {
		return nil
	}
	if letter.To.Personal() {
		r.lack(c, letter.Ref, now)
	}
	notices := r.Rules.aboutCase(*c, dsr.LetterNotice, string(kind), now)
	return slices.DeleteFunc(notices, func(notice dsr.Letter) bool {
		return !letter.To.Personal() && notice.To.Staff == letter.To.Staff
	})
}

// lack records that a letter did not come to a data subject. An answer of which a
// later letter lies with them leaves its case as it is: that letter closed it, and
// nothing would close it again.
func (r Recording) lack(c *dsr.Case, ref dsr.LetterRef, now time.Time) {
	if ref.Kind.Answers() && c.AnswerLost(ref.N) {
		c.Lack(ref.Kind)
		return
	}
	was := c.State
	if c.Miss(ref.Kind); c.State != was {
		r.Rules.reopened(c, now)
	}
}

// late writes down that something keeps a letter from arriving. One that
// arrived or came back in the meantime is late no more.
func (r Recording) late(ctx context.Context, now time.Time, ref dsr.LetterRef, why string) error {
	return r.decide(ctx, func() error {
		letter, err := r.Letters.Letter(ctx, ref)
		if err != nil || letter.State != dsr.LetterPosted {
			return err
		}
		return r.delay(ctx, now, letter, letter, why)
	})
}

// delay commits a letter that something delays. The history says so the first
// time.
func (r Recording) delay(ctx context.Context, now time.Time, prior, letter dsr.Letter, why string) error {
	letter.Delayed = now
	change := Change{At: now, Moves: []LetterMove{{Prior: prior, Letter: letter}}}
	if prior.Ref.OwnerKind == dsr.OwnedByCase && prior.Delayed.IsZero() {
		c, err := r.Cases.Summary(ctx, prior.Ref.Case)
		if err != nil {
			return err
		}
		c.Seq++
		change.File.Case = c
		change.Event = letterEvent(letter, c.Seq, why, now)
		change.Event.Kind = dsr.LetterDelayed
	}
	return r.Cases.Commit(ctx, change)
}

// letterEvent gives the event for a letter's new state.
func letterEvent(letter dsr.Letter, seq int, why string, now time.Time) dsr.Event {
	facts := map[string]string{
		"letter": string(letter.Ref.Kind),
		"n":      strconv.Itoa(letter.Ref.N),
		"ses":    letter.SESID,
	}
	if why != "" {
		facts["why"] = why
	}
	return dsr.Event{Seq: seq, Kind: letterEventKind(letter.State), At: now, Facts: facts}
}

// letterEventKind names what a letter's state means for its case.
func letterEventKind(state dsr.LetterState) dsr.EventKind {
	switch state {
	case dsr.LetterArrived:
		return dsr.LetterDelivered
	case dsr.LetterUnwanted:
		return dsr.LetterComplained
	case dsr.LetterReturned:
		return dsr.LetterBounced
	case dsr.LetterFailed:
		return dsr.LetterGivenUp
	}
	return dsr.LetterSent
}
