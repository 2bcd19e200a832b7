package casework_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// left gives an office whose answer left and has not arrived yet.
func left(t *testing.T) (*office, dsr.LetterRef) {
	t.Helper()
	o, _ := answered(t)
	return o, o.newest(dsr.AnswerLetter, "").Ref
}

// closings counts how often the case was closed.
func (o *office) closings() int {
	return len(slices.DeleteFunc(o.events(o.id), func(kind dsr.EventKind) bool { return kind != dsr.CaseClosed }))
}

// stands fails the test unless the case has this state, was closed this often,
// and its answer's letter falls due or not.
func (o *office) stands(state dsr.State, closings int, ref dsr.LetterRef, due bool) {
	o.t.Helper()
	if c, letter := o.file(o.id), o.letter(ref); c.State != state || o.closings() != closings || letter.DueAt.IsZero() == due {
		o.t.Errorf("the case is %s, closed %d times; the letter is %s, due %s", c.State, o.closings(), letter.State, letter.DueAt)
	}
	o.whole()
}

func TestReportsCloseTheCaseOnceInAnyOrder(t *testing.T) {
	posted, arrived, returned := dsr.LetterPosted, dsr.LetterArrived, dsr.LetterReturned
	for name, test := range map[string]struct {
		reports []dsr.LetterState
		state   dsr.State
		closed  int
		due     bool
	}{
		"no report":                  {nil, dsr.Answering, 0, true},
		"it was sent":                {[]dsr.LetterState{posted, posted}, dsr.Answering, 0, true},
		"it arrived":                 {[]dsr.LetterState{arrived}, dsr.Closed, 1, false},
		"it arrived, twice":          {[]dsr.LetterState{arrived, arrived, arrived}, dsr.Closed, 1, false},
		"it arrived, then was sent":  {[]dsr.LetterState{arrived, posted}, dsr.Closed, 1, false},
		"it came back":               {[]dsr.LetterState{returned}, dsr.Answering, 0, false},
		"it came back and arrived":   {[]dsr.LetterState{returned, arrived}, dsr.Answering, 0, false},
		"it arrived, then came back": {[]dsr.LetterState{arrived, returned}, dsr.Answering, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			o, ref := left(t)
			for _, report := range test.reports {
				o.record(ref, report)
			}
			o.stands(test.state, test.closed, ref, test.due)
		})
	}
}

func TestArrivalOfAnyOtherLetterClosesNothing(t *testing.T) {
	o, ref := left(t)
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref != ref && !letter.State.Outstanding() {
			o.record(letter.Ref, dsr.LetterArrived)
		}
	}
	o.stands(dsr.Answering, 0, ref, true)
}

// The report may be lost: a day later the answer counts as arrived.
func TestAnswerWithoutAReportClosesTheCaseAfterADay(t *testing.T) {
	o, ref := left(t)
	posted := o.now
	o.now = posted.Add(24*time.Hour - 1)
	o.sweep()
	o.send(ref)
	if slices.Contains(o.allDriven(casework.FunctionDispatch), ref.Tag()) {
		t.Error("it was driven before its time")
	}
	o.stands(dsr.Answering, 0, ref, true)
	o.now = posted.Add(24 * time.Hour)
	o.sweep()
	if !slices.Contains(o.allDriven(casework.FunctionDispatch), ref.Tag()) {
		t.Fatal("sweep does not see it")
	}
	sent := len(o.posted)
	o.send(ref)
	o.send(ref)
	if len(o.posted) != sent {
		t.Error("the answer was sent again")
	}
	o.stands(dsr.Closed, 1, ref, false)
}

func TestAnswerThatCameBackIsNotClosedByTheSweep(t *testing.T) {
	o, ref := left(t)
	o.record(ref, dsr.LetterReturned)
	o.now = o.now.Add(48 * time.Hour)
	o.sweep()
	o.send(ref)
	if slices.Contains(o.allDriven(casework.FunctionDispatch), ref.Tag()) {
		t.Error("it is driven again")
	}
	o.stands(dsr.Answering, 0, ref, false)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.fresh("els")))
	again := o.newest(dsr.AnswerLetter, "").Ref
	o.send(again)
	o.record(again, dsr.LetterArrived)
	o.stands(dsr.Closed, 1, again, false)
}

// fresh gives the page of somebody whose link ended and who got another.
func (o *office) fresh(who string) casework.Sheet {
	o.t.Helper()
	o.enter(who, o.slip(who, dsr.SignIn))
	return o.sheet(who)
}

// A refusal that never arrived must not leave its case open for ever.
func TestRefusalThatCameBackGoesAgain(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
	must(t, o.submit("els", dsr.Unlinked))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	ref := o.newest(dsr.RefusalLetter, "").Ref
	o.send(ref)
	o.record(ref, dsr.LetterReturned)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	again := o.newest(dsr.RefusalLetter, "").Ref
	if again == ref {
		t.Fatal("there is no other letter")
	}
	o.send(again)
	o.record(again, dsr.LetterArrived)
	if c := o.file(o.id); c.State != dsr.Closed || c.Work.Outcome != dsr.Unlinked {
		t.Errorf("the case is %s, %q", c.State, c.Work.Outcome)
	}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.RenewAnswer(t.Context(), o.now, sheet) })
}

func TestAnswerIsRenewedOnlyWhenThereIsOne(t *testing.T) {
	for _, until := range []string{"decided", "submitted", "approved"} {
		o := newOffice(t, dsr.Erasure).until(until)
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.RenewAnswer(t.Context(), o.now, sheet) })
	}
}

func TestRenewedAnswerFindsTheCaseClosed(t *testing.T) {
	o, ref := left(t)
	o.record(ref, dsr.LetterArrived)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	again := o.newest(dsr.AnswerLetter, "").Ref
	o.send(again)
	o.record(again, dsr.LetterArrived)
	o.stands(dsr.Closed, 1, again, false)
	link := o.letter(again).Link
	o.opens(link, o.freshCode(link))
	if to := o.letter(again).To; again == ref || to != (dsr.Addressee{Contact: 1}) {
		t.Errorf("letter %s goes to %+v", again.Tag(), to)
	}
}

func TestReviewIsRenewedWhileOneWaits(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	before := o.file(o.id).Rev
	old := o.sessions["hans"]
	must(t, o.handling.RenewReview(t.Context(), o.now, o.sheet("els")))
	if o.file(o.id).Rev != before {
		t.Error("what is decided changed")
	}
	if _, _, err := o.reviewing.Review(t.Context(), o.now, old); err != nil {
		t.Errorf("the earlier link ended: %v", err)
	}
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.RenewReview(t.Context(), o.now, sheet) })
	sheet.Session = old
	sheet = casework.Sheet{Session: old, Case: o.id, Rev: o.file(o.id).Rev, Code: o.code("hans")}
	o.unmoved(casework.ErrStale, func() error { return o.reviewing.Approve(t.Context(), o.now, sheet, o.file(o.id).Work.Draft) })
}

// A function may die at any call; the report comes again, or sweep does.
func TestDyingWhileClosingIsMendedByTheNextReportOrTheSweep(t *testing.T) {
	for _, call := range []string{"Letter", "File", "Commit"} {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			for at := 1; ; at++ {
				o, ref := left(t)
				if !o.dies(ref, call, phase, at) {
					if at == 1 {
						t.Errorf("recording makes no call %s", call)
					}
					break
				}
				if at%2 == 0 {
					o.record(ref, dsr.LetterArrived)
				} else { // the report is not repeated
					o.now = o.now.Add(24 * time.Hour)
					o.send(ref)
				}
				o.stands(dsr.Closed, 1, ref, false)
			}
		}
	}
}

// dies lets recording an arrival die at one call, and reports whether there was
// such a call.
func (o *office) dies(ref dsr.LetterRef, call string, phase caseworktest.Phase, at int) bool {
	o.t.Helper()
	calls := 0
	o.onCall = func(c string, p caseworktest.Phase) error {
		if c != call || p != phase {
			return nil
		}
		if calls++; calls == at {
			return errPort
		}
		return nil
	}
	err := o.sending.Record(o.t.Context(), o.now, ref, "ses-1", dsr.LetterArrived)
	o.onCall = nil
	if calls >= at != errors.Is(err, errPort) {
		o.t.Fatalf("call %s number %d: %v", call, at, err)
	}
	return calls >= at
}

func TestArrivalAndReturnAtOnceAreToldApart(t *testing.T) {
	o, ref := left(t)
	// The letter comes back just before its arrival closes the case.
	commits := 0
	o.onCall = func(call string, phase caseworktest.Phase) error {
		if call != "Commit" || phase != caseworktest.Before {
			return nil
		}
		if commits++; commits == 2 {
			o.onCall = nil
			o.record(ref, dsr.LetterReturned)
		}
		return nil
	}
	o.record(ref, dsr.LetterArrived)
	o.stands(dsr.Answering, 0, ref, false)
}
