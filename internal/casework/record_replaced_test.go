package casework_test

import (
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// renewed gives an office whose answer arrived and went once more, and both
// letters.
func renewed(t *testing.T) (o *office, before, after dsr.LetterRef) {
	t.Helper()
	o, before = closed(t)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	return o, before, o.newest(before.Kind, "").Ref
}

// An answer that lies with its reader is an answer, whatever becomes of an earlier
// letter; nothing would close the case once more.
func TestBounceOfAnAnswerThatALaterLetterReplacedLeavesItsCaseClosed(t *testing.T) {
	for _, came := range []dsr.LetterState{dsr.LetterPosted, dsr.LetterArrived, dsr.LetterUnwanted} {
		o, before, after := renewed(t)
		o.send(after)
		o.record(after, came)
		closings := o.closings()
		o.record(before, dsr.LetterReturned)
		c := o.file(o.id)
		if c.State != dsr.Closed || c.Work.Outcome != dsr.Answered || o.closings() != closings {
			t.Errorf("a later one is %s: the case is %s, closed %d times", came, c.State, o.closings())
		}
		if !slices.Equal(c.Work.Undelivered, []dsr.LetterKind{before.Kind}) || o.kinds(o.id)["S5"] != 2 {
			t.Errorf("a later one is %s: missed are %v, letters %v", came, c.Work.Undelivered, o.kinds(o.id))
		}
		o.whole()
	}
}

func TestBounceOfAnAnswerReopensWhenNoLaterLetterLiesWithItsReader(t *testing.T) {
	for name, later := range map[string]func(o *office, after dsr.LetterRef){
		"it still waits": func(*office, dsr.LetterRef) {},
		"it came back": func(o *office, after dsr.LetterRef) {
			o.send(after)
			o.record(after, dsr.LetterReturned)
			must(o.t, o.handling.SettleUndelivered(o.t.Context(), o.now, o.sheet("els"), "gebeld", after.Kind))
		},
		"SES refuses it": func(o *office, after dsr.LetterRef) {
			o.postErr = dsr.ErrUnsendable
			if err := o.sending.Send(o.t.Context(), o.now, after); err == nil {
				o.t.Error("the fault was not told")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, before, after := renewed(t)
			later(o, after)
			o.record(before, dsr.LetterReturned)
			if c := o.file(o.id); c.State != dsr.Answering || !slices.Contains(c.Work.Undelivered, before.Kind) {
				t.Errorf("the case is %s, missed are %v", c.State, c.Work.Undelivered)
			}
		})
	}
}

// The letter that stands in the place of another closes the case when it is known
// to have come, and reopens it when it comes back after all.
func TestReplacingAnswerThatComesBackReopensItsCase(t *testing.T) {
	o, before, after := renewed(t)
	o.send(after)
	o.record(before, dsr.LetterReturned)
	o.record(after, dsr.LetterReturned)
	if c := o.file(o.id); c.State != dsr.Answering || c.DueAt.IsZero() {
		t.Errorf("the case is %s, due %s", c.State, c.DueAt)
	}
	o.now = o.now.Add(time.Hour)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	third := o.newest(after.Kind, "").Ref
	o.send(third)
	o.record(third, dsr.LetterArrived)
	if c := o.file(o.id); c.State != dsr.Closed {
		t.Errorf("the case is %s", c.State)
	}
	o.whole()
}
