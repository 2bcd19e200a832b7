package casework

import (
	"context"
	"fmt"
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

// Record takes a letter to state, which SES reported for the message it calls
// sesID. Reports may come twice and in any order; a letter never goes back. Of
// a letter that arrived or came back, the history first says that it was sent,
// also when that report is late or lost.
func (r Recording) Record(ctx context.Context, now time.Time, ref dsr.LetterRef, sesID string, state dsr.LetterState) error {
	steps := []dsr.LetterState{dsr.LetterPosted}
	if state != dsr.LetterPosted {
		steps = append(steps, state)
	}
	for _, step := range steps {
		if err := r.step(ctx, now, ref, sesID, step); err != nil {
			return fmt.Errorf("recording letter %s as %s: %w", ref.Tag(), step, err)
		}
	}
	if !ref.Kind.Answers() || state != dsr.LetterArrived {
		return nil
	}
	return r.finish(ctx, now, ref)
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
		if c.Finish() == nil {
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

// step takes a letter to one state, unless it is there or further already.
func (r Recording) step(ctx context.Context, now time.Time, ref dsr.LetterRef, sesID string, state dsr.LetterState) error {
	return r.decide(ctx, func() error {
		letter, err := r.Letters.Letter(ctx, ref)
		if err != nil {
			return err
		}
		if !letter.State.Before(state) {
			return nil
		}
		var further causing
		if state == dsr.LetterReturned {
			further = r.missed // nobody else looks after what came back
		}
		return r.move(ctx, now, letter, sesID, state, further)
	})
}

// causing gives the letters that a letter's new state causes in its case.
type causing func(c dsr.Case, letter dsr.Letter, now time.Time) []dsr.Letter

// move commits the letter's next state. When it is a case's letter, the history
// gains an event, and the state may cause further letters.
func (r Recording) move(ctx context.Context, now time.Time, prior dsr.Letter, sesID string, state dsr.LetterState, further causing) error {
	letter := prior
	letter.State, letter.SESID, letter.DueAt = state, sesID, time.Time{}
	if prior.Ref.Kind.Answers() && (state == dsr.LetterPosted || state == dsr.LetterArrived) {
		letter.DueAt = now.Add(reportTime)
	}
	change := Change{At: now, Moves: []LetterMove{{Prior: prior, Letter: letter}}}
	if prior.Ref.OwnerKind == dsr.OwnedByCase {
		// The summary will do: nothing personal changes, so no key is needed.
		summary, err := r.Cases.Summary(ctx, prior.Ref.Case)
		if err != nil {
			return err
		}
		if further != nil {
			change.Letters = further(summary, letter, now)
		}
		summary.Seq++
		change.File.Case = summary
		change.Event = letterEvent(letter, summary.Seq, now)
	}
	return r.Cases.Commit(ctx, change)
}

// missed gives the notice about a letter that the data subject will miss.
func (r Recording) missed(c dsr.Case, letter dsr.Letter, now time.Time) []dsr.Letter {
	if !letter.To.Personal() {
		return nil
	}
	return r.Rules.aboutCase(c, dsr.LetterNotice, string(letter.Ref.Kind), now)
}

// letterEvent gives the event for a letter's new state.
func letterEvent(letter dsr.Letter, seq int, now time.Time) dsr.Event {
	kind := dsr.LetterSent
	switch letter.State {
	case dsr.LetterArrived:
		kind = dsr.LetterDelivered
	case dsr.LetterReturned:
		kind = dsr.LetterBounced
	case dsr.LetterFailed:
		kind = dsr.LetterGivenUp
	}
	return dsr.Event{
		Seq: seq, Kind: kind, At: now,
		Facts: map[string]string{
			"letter": string(letter.Ref.Kind),
			"n":      strconv.Itoa(letter.Ref.N),
			"ses":    letter.SESID,
		},
	}
}
