package casework_test

import (
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// alone is an organisation in which only els works.
func alone() organisation.Profile {
	profile := team()
	for i := range profile.Staff {
		profile.Staff[i].Active = profile.Staff[i].ID == "els"
	}
	return profile
}

// wait lets the warning leave and the day pass that an answer waits.
func (o *office) wait() {
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Case == o.id && letter.Ref.Kind == dsr.WaitLetter {
			o.send(letter.Ref)
		}
	}
	o.now = o.file(o.id).Work.NotBefore
	delete(o.sessions, "els")
}

func TestOnlyPersonWaitsADayAndTheContactHearsOfIt(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	c := o.file(o.id)
	submitted := o.now
	if !c.Work.NotBefore.Equal(submitted.Add(24 * time.Hour)) {
		t.Fatalf("it waits until %s", c.Work.NotBefore)
	}
	warning := o.newest(dsr.WaitLetter, "")
	if warning.To != (dsr.Addressee{Contact: 1}) || warning.Purpose != dsr.StopErasure || !warning.NotBefore.IsZero() {
		t.Errorf("the warning is %+v", warning)
	}
	o.send(warning.Ref)
	if got := o.composed[len(o.composed)-1]; got.To.Address != first || !got.NotBefore.Equal(c.Work.NotBefore) {
		t.Errorf("it says %s to %s", got.NotBefore, got.To.Address)
	}
	review := o.newest(dsr.ReviewNotice, "els")
	if !review.NotBefore.Equal(c.Work.NotBefore) || review.Purpose != dsr.ApproveRelease {
		t.Errorf("the link to approve is %+v", review)
	}
}

func TestLetterThatWaitsIsLeftAloneAndThenSwept(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	ref, due := o.newest(dsr.ReviewNotice, "els").Ref, o.file(o.id).Work.NotBefore
	o.now = due.Add(-1)
	o.calls = nil
	o.send(ref)
	o.sweep()
	if count(o.calls, "Claim") != 0 || slices.Contains(o.allDriven(casework.FunctionDispatch), ref.Tag()) {
		t.Errorf("it was taken up before its time: %v", o.calls)
	}
	o.now = due
	o.sweep()
	if !slices.Contains(o.allDriven(casework.FunctionDispatch), ref.Tag()) {
		t.Errorf("nobody sends it: %v", o.allDriven(casework.FunctionDispatch))
	}
	o.send(ref)
	if got := o.letter(ref); got.State != dsr.LetterPosted {
		t.Errorf("it is %s", got.State)
	}
}

func TestOnlyPersonApprovesAfterTheDayAndNotBefore(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	due := o.file(o.id).Work.NotBefore
	o.send(o.newest(dsr.WaitLetter, "").Ref)
	o.enter("els", o.slip("els", dsr.ApproveRelease))
	o.now = due.Add(-31 * time.Second)
	o.unmoved(dsr.NotNowWait, func() error { return o.approve("els") })
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
	if c := o.file(o.id); c.State != dsr.Answering || c.Work.Approver != o.actor("els") {
		t.Errorf("the case is %s, approved by %v", c.State, c.Work.Approver)
	}
	o.newest(dsr.AnswerLetter, "")
}

func TestContactOnFileStopsTheAnswer(t *testing.T) {
	for _, right := range []dsr.Right{dsr.Access, dsr.Erasure} {
		o := newOfficeOf(t, alone(), right).until("submitted")
		stop := o.link(dsr.WaitLetter, "")
		o.unmoved(casework.ErrNumber, func() error { return o.confirming.Stop(t.Context(), o.now, stop, "AVG-2026-0002") })
		must(t, o.confirming.Stop(t.Context(), o.now, stop, o.number()))
		c := o.file(o.id)
		if c.State != dsr.Working || !c.Work.Disowned || c.Work.Confirmed || c.Work.Draft != [32]byte{} {
			t.Errorf("%s: the case is %s, %+v", right, c.State, c.Work)
		}
		o.newest(dsr.DisownedNotice, "els")
		review := o.newest(dsr.ReviewNotice, "els").Ref
		o.waitFor(review)
		o.send(review)
		if got := o.letter(review); got.State != dsr.LetterFailed || got.Link.ID != (dsr.LinkID{}) {
			t.Errorf("%s: the link to approve left: %s", right, got.State)
		}
		sheet := o.sheet("els")
		for name, act := range map[string]func() error{
			"submit": func() error {
				return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Answered, Seen: [32]byte{1}})
			},
			"look": func() error {
				return o.handling.LookInto(t.Context(), o.now, sheet, casework.Looked{System: "winkel", Right: right, Result: dsr.NothingFound})
			},
			"ask": func() error { return o.handling.AskAgain(t.Context(), o.now, sheet) },
		} {
			t.Run(string(right)+" "+name, func(t *testing.T) { o.unmoved(dsr.NotNowDisowned, act) })
		}
		o.unmoved(casework.ErrDecided, func() error { return o.confirming.Stop(t.Context(), o.now, stop, o.number()) })
	}
}

// waitFor lets the time come for which a letter waits.
func (o *office) waitFor(ref dsr.LetterRef) {
	o.now = o.letter(ref).NotBefore
	delete(o.sessions, "els")
}

func TestAnswerThatLeftCannotBeStopped(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	stop := o.link(dsr.WaitLetter, "")
	o.wait()
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
	o.unmoved(casework.ErrStale, func() error { return o.confirming.Stop(t.Context(), o.now, stop, o.number()) })
}

func TestFreshContactNeedsASecondPerson(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Rectification).until("read")
	fresh := theFile()
	fresh.Contacts = []dsr.Contact{{Address: first, Since: "2026-02-20"}}
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), fresh))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	o.grantAll()
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: o.draft(dsr.Answered).Hash, ThirdParties: true}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowSecondPerson, func() error { return o.handling.Submit(t.Context(), o.now, sheet, proposal) })
}

func TestFreshContactIsNoHindranceWhereASecondPersonLooks(t *testing.T) {
	o := newOffice(t, dsr.Rectification).until("read")
	fresh := theFile()
	fresh.Contacts = []dsr.Contact{{Address: first, Since: "2026-02-20"}}
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), fresh))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	o.grantAll()
	must(t, o.submit("els", dsr.Answered))
}

func TestUnlinkedAnswerWaitsWithoutAWordToTheFile(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("read")
	fresh := theFile()
	fresh.Contacts = []dsr.Contact{{Address: first, Since: "2026-02-20"}}
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), fresh))
	must(t, o.submit("els", dsr.Unlinked))
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind == dsr.WaitLetter {
			t.Error("the one on file is told of an answer that is not for them")
		}
	}
	o.enter("els", o.slip("els", dsr.Refuse))
	o.unmoved(dsr.NotNowWait, func() error { return o.approve("els") })
}

func TestRenewedReviewKeepsToTheWaitAndWarnsOnce(t *testing.T) {
	o := newOfficeOf(t, alone(), dsr.Access).until("submitted")
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.RenewReview(t.Context(), o.now, sheet) })
	o.wait()
	must(t, o.handling.RenewReview(t.Context(), o.now, o.sheet("els")))
	warnings := 0
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Kind == dsr.WaitLetter {
			warnings++
		}
	}
	if renewed := o.newest(dsr.ReviewNotice, "els"); warnings != 1 || !renewed.NotBefore.IsZero() {
		t.Errorf("%d warnings, the new letter waits until %s", warnings, renewed.NotBefore)
	}
	o.enter("els", o.link(dsr.ReviewNotice, "els"))
	must(t, o.approve("els"))
}

// Whoever is the data subject is no second person. Nor does that make the other
// one the only one: two people work there.
func TestColleagueWhoAsksIsNoSecondPersonAndLeavesNobodyAlone(t *testing.T) {
	profile := team()
	profile.Staff[3].Active = false // only els and hans are left
	o := newOfficeOf(t, profile, dsr.Access).until("read")
	own := theFile()
	own.Contacts[0].Address = "hans@staff.example"
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), own))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	o.grantAll()
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: o.draft(dsr.Answered).Hash, ThirdParties: true}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowSecondPerson, func() error { return o.handling.Submit(t.Context(), o.now, sheet, proposal) })
}

func TestDrafterDoesNotStandAloneOnceTheyDidNot(t *testing.T) {
	o := newOffice(t, dsr.Access).until("submitted")
	o.withStaff(func(staff []organisation.Staff) { staff[1].Active, staff[3].Active = false, false })
	must(t, o.handling.RenewReview(t.Context(), o.now, o.sheet("els")))
	o.enter("els", o.slip("els", dsr.ApproveRelease))
	o.unmoved(casework.ErrNotYours, func() error { return o.approve("els") }) // the colleagues left, and nobody waited
	must(t, o.submit("els", dsr.Answered))                                    // the way out takes the wait along
	if w := o.file(o.id).Work; !w.Alone || w.NotBefore.IsZero() || w.Warned == 0 {
		t.Errorf("els does not wait: %+v", w)
	}
}
