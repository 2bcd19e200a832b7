package casework_test

import (
	"errors"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// between lets a second act happen whole before one port call of a first, for
// each call that the first makes, and gives how both ended to check.
func between(t *testing.T, prepare func() (o *office, one, two func() error), check func(o *office, one, two error)) {
	t.Helper()
	for at := 1; ; at++ {
		o, one, two := prepare()
		calls := 0
		var second error
		o.onCall = func(_ string, phase caseworktest.Phase) error {
			if phase != caseworktest.Before {
				return nil
			}
			if calls++; calls == at {
				o.onCall = nil
				second = two()
			}
			return nil
		}
		first := one()
		if o.onCall != nil { // there was no such call any more
			if at < 4 {
				t.Errorf("the act made %d calls", calls)
			}
			return
		}
		check(o, first, second)
		o.whole()
	}
}

// exactlyOne fails the test unless one of two acts was done.
func exactlyOne(t *testing.T, one, two error) {
	t.Helper()
	if (one == nil) == (two == nil) {
		t.Errorf("one act ended with %v, the other with %v", one, two)
	}
}

func TestCodeOpensTheAnswerOnceWheneverAnotherComesInBetween(t *testing.T) {
	between(t, func() (*office, func() error, func() error) {
		o, link := answered(t)
		code := o.freshCode(link)
		open := func() error {
			_, err := o.collecting.Open(t.Context(), o.now, link, code)
			return err
		}
		return o, open, open
	}, func(_ *office, one, two error) { exactlyOne(t, one, two) })
}

func TestDraftIsDecidedOnceWheneverAnotherComesInBetween(t *testing.T) {
	for _, name := range []string{"approve", "send back", "refuse"} {
		between(t, func() (*office, func() error, func() error) {
			o := newOffice(t, dsr.Access).until("reviewing")
			o.enter("gea", o.link(dsr.ReviewNotice, "gea"))
			hans, gea := o.sheet("hans"), o.sheet("gea")
			hans.Code = o.code("hans")
			acts := o.reviewActs()
			return o, func() error { return acts["approve"](hans) }, func() error { return acts[name](gea) }
		}, func(o *office, one, two error) {
			exactlyOne(t, one, two)
			if answers := o.kinds(o.id)["M10"]; answers != btoi(one == nil || name == "approve") {
				t.Errorf("%s: %d answers leave", name, answers)
			}
		})
	}
}

// Nothing leaves that is not what stands in the case at that moment.
func TestNothingIsApprovedThatChangesInBetween(t *testing.T) {
	for name, change := range map[string]func(*office, casework.Sheet) error{
		"another text": func(o *office, s casework.Sheet) error {
			return o.handling.LookInto(t.Context(), o.now, s, casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.NothingFound})
		},
		"another person": func(o *office, s casework.Sheet) error {
			return o.handling.MatchDataSubject(t.Context(), o.now, s, theFile())
		},
		"a doubt": func(o *office, s casework.Sheet) error {
			return o.handling.DoubtIdentity(t.Context(), o.now, s, "waarom")
		},
		"a withdrawal": func(o *office, _ casework.Sheet) error {
			return o.confirming.Withdraw(t.Context(), o.now, o.newest(dsr.Acknowledgement, "").Link, asker)
		},
		"a further mail": func(o *office, _ casework.Sheet) error {
			o.writesAgain("in2", dsr.Erasure)
			return nil
		},
	} {
		between(t, func() (*office, func() error, func() error) {
			o := newOffice(t, dsr.Access)
			o.link(dsr.Acknowledgement, "")
			o.until("reviewing")
			hans, els := o.sheet("hans"), o.sheet("els")
			hans.Code = o.code("hans")
			acts := o.reviewActs()
			return o, func() error { return acts["approve"](hans) }, func() error { return change(o, els) }
		}, func(o *office, one, two error) {
			if name == "a further mail" { // it is taken in either way, here or in a case of its own
				exactlyOne(t, one, errIf(o.file(o.id).State == dsr.Answering))
				return
			}
			exactlyOne(t, one, two)
		})
	}
}

// errIf is a fault when something is so.
func errIf(so bool) error {
	if so {
		return errPort
	}
	return nil
}

func TestOneQuestionHasOneAnswerWheneverAnotherComesInBetween(t *testing.T) {
	between(t, func() (*office, func() error, func() error) {
		o, link := waiting(t, dsr.Access)
		say := func(mine bool) func() error {
			return func() error { return o.confirming.Confirm(t.Context(), o.now, link, "AVG-2026-0001", mine) }
		}
		return o, say(true), say(false)
	}, func(o *office, one, two error) {
		exactlyOne(t, one, two)
		if w := o.file(o.id).Work; w.Confirmed != (one == nil) || w.Disowned != (two == nil) {
			t.Errorf("confirmed %t, disowned %t", w.Confirmed, w.Disowned)
		}
	})
}

// A draft that says "not linked" and a yes of the one on file exclude each other.
func TestYesInBetweenKeepsAnUnlinkedAnswerFromLeaving(t *testing.T) {
	between(t, func() (*office, func() error, func() error) {
		o := newOffice(t, dsr.Access).until("matched")
		question := o.link(dsr.ConfirmLetter, "")
		must(t, o.submit("els", dsr.Unlinked))
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		hans, acts := o.sheet("hans"), o.reviewActs()
		yes := func() error { return o.confirming.Confirm(t.Context(), o.now, question, "AVG-2026-0001", true) }
		return o, func() error { return acts["approve"](hans) }, yes
	}, func(_ *office, one, two error) {
		exactlyOne(t, one, two)
		if two == nil && !errors.Is(one, casework.ErrStale) {
			t.Errorf("the approval ended with %v", one)
		}
	})
}
