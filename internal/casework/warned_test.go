package casework_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// unprovenMinors is a team whose policy asks no proof for a report about a child.
func unprovenMinors() organisation.Profile {
	profile := team()
	profile.Identity.Rights["minor_report"] = []organisation.Means{organisation.MeansNone}
	return profile
}

// reported gives an office in which an erasure that nobody confirmed waits for a
// second person; gea, who may approve too, drafted it.
func reported(t *testing.T) *office {
	t.Helper()
	o := newOfficeOf(t, unprovenMinors(), dsr.MinorReport).until("matched")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	o.lookEverywhere()
	o.grantAll()
	must(t, o.submit("gea", dsr.Answered))
	return o
}

func TestErasureThatTheContactDidNotConfirmWaitsADayAndTheyHearOfIt(t *testing.T) {
	o := reported(t)
	c, warning := o.file(o.id), o.newest(dsr.WaitLetter, "")
	if c.Work.Alone || !c.Work.NotBefore.Equal(o.now.Add(24*time.Hour)) || warning.Ref.N != c.Work.Warned {
		t.Errorf("it waits until %s, alone %t, warned by %d", c.Work.NotBefore, c.Work.Alone, c.Work.Warned)
	}
	if warning.To != (dsr.Addressee{Contact: 1}) || warning.Purpose != dsr.StopErasure || !warning.NotBefore.IsZero() {
		t.Errorf("the warning is %+v", warning)
	}
	if review := o.newest(dsr.ReviewNotice, "hans"); !review.NotBefore.Equal(c.Work.NotBefore) || review.Purpose != dsr.ApproveErasure {
		t.Errorf("the link to approve is %+v", review)
	}
	if o.kinds(o.id)["S2"] != 1 {
		t.Errorf("letters %v: the drafter is asked too", o.kinds(o.id))
	}
}

func TestErasureThatTheContactDidNotConfirmTakesASecondPersonAfterTheWait(t *testing.T) {
	o := reported(t)
	o.send(o.newest(dsr.WaitLetter, "").Ref)
	o.enter("hans", o.slip("hans", dsr.ApproveErasure))
	o.unmoved(dsr.NotNowWait, func() error { return o.approve("hans") })
	o.enter("gea", o.slip("gea", dsr.ApproveErasure))
	o.unmoved(dsr.NotNowSamePerson, func() error { return o.approve("gea") })
	o.wait()
	o.enter("gea", o.slip("gea", dsr.ApproveErasure))
	o.unmoved(dsr.NotNowSamePerson, func() error { return o.approve("gea") })
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	if state := o.file(o.id).State; state != dsr.Approved {
		t.Errorf("the case is %s", state)
	}
}

func TestErasureThatWasConfirmedOrRefusedDoesNotWaitForASecondPerson(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("submitted")
	if w := o.file(o.id).Work; !w.NotBefore.IsZero() || w.Warned != 0 {
		t.Errorf("confirmed: %+v", w)
	}
	o = newOfficeOf(t, unprovenMinors(), dsr.MinorReport).until("matched")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	must(t, o.decideOn(dsr.Decision{Right: dsr.MinorReport, Result: dsr.Refused, Ground: dsr.GroundNoMinor}, "waarom"))
	must(t, o.submit("els", dsr.Answered))
	if w := o.file(o.id).Work; !w.NotBefore.IsZero() || w.Warned != 0 {
		t.Errorf("refused: %+v", w)
	}
}

// unheard are the ways in which a warning does not reach anybody.
func unheard() map[string]func(*office, dsr.LetterRef) {
	posting := func(fault error) func(*office, dsr.LetterRef) {
		return func(o *office, ref dsr.LetterRef) {
			o.postErr = fault
			if err := o.sending.Send(o.t.Context(), o.now, ref); !errors.Is(err, fault) {
				o.t.Fatal(err)
			}
			o.postErr = nil
		}
	}
	return map[string]func(*office, dsr.LetterRef){
		"not sent":     func(*office, dsr.LetterRef) {},
		"perhaps sent": posting(errPort),
		"given up":     posting(fmt.Errorf("refused: %w", dsr.ErrUnsendable)),
		"came back":    func(o *office, ref dsr.LetterRef) { o.record(ref, dsr.LetterReturned) },
		"and came back": func(o *office, ref dsr.LetterRef) {
			o.record(ref, dsr.LetterArrived)
			o.record(ref, dsr.LetterReturned)
		},
	}
}

// A wait of which nobody heard is none, however long it lasts.
func TestNothingIsApprovedUntilTheWarningHasLeft(t *testing.T) {
	for name, happens := range unheard() {
		t.Run(name, func(t *testing.T) {
			o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
			ref := o.newest(dsr.WaitLetter, "").Ref
			happens(o, ref)
			for _, days := range []int{1, 30} {
				o.now = o.file(o.id).Work.NotBefore.AddDate(0, 0, days)
				o.enter("els", o.slip("els", dsr.ApproveRelease))
				o.unmoved(dsr.NotNowWarning, func() error { return o.approve("els") })
			}
			if o.letter(ref).State.Outstanding() { // until it is sent
				o.send(ref)
				must(t, o.approve("els"))
				return
			}
			must(t, o.submit("els", dsr.Answered)) // or another one is
			o.wait()
			o.enter("els", o.link(dsr.ReviewNotice, "els"))
			must(t, o.approve("els"))
		})
	}
}

func TestWarningThatArrivedIsHeard(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	o.wait()
	o.record(o.newest(dsr.WaitLetter, "").Ref, dsr.LetterArrived)
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
}

// The warning of an earlier draft says nothing about this one.
func TestEachDraftHasAWarningOfItsOwn(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	old := o.newest(dsr.WaitLetter, "").Ref
	o.send(old)
	must(t, o.look("winkel", dsr.Access, dsr.NothingFound, ""))
	must(t, o.submit("els", dsr.Answered))
	if o.newest(dsr.WaitLetter, "").Ref == old {
		t.Fatal("there is no other warning")
	}
	o.now = o.file(o.id).Work.NotBefore
	o.enter("els", o.slip("els", dsr.ApproveRelease))
	o.unmoved(dsr.NotNowWarning, func() error { return o.approve("els") })
}

func TestWarningThatCannotBeReadApprovesNothing(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	sheet := o.sheet("els")
	o.failing("Letter", caseworktest.Before)
	o.unmoved(errPort, func() error { return o.reviewActs()["approve"](sheet) })
}
