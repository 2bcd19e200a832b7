package casework_test

import (
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Somebody took over the mailbox and said yes: a person doubts, and the case
// ends without a word to the one on file.
func TestConfirmedButDoubtfulRequestCanEndUnlinked(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Unlinked); err == nil {
		t.Error("whoever confirmed gets no answer, and nobody doubts")
	}
	must(t, o.handling.DoubtIdentity(t.Context(), o.now, o.sheet("els"), "twijfel"))
	must(t, o.submit("els", dsr.Unlinked))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	letter := o.newest(dsr.RefusalLetter, "")
	if c := o.file(o.id); c.State != dsr.Answering || letter.To != (dsr.Addressee{Requester: true}) {
		t.Errorf("the case is %s, the letter goes to %+v", c.State, letter.To)
	}
}

// art. 21(3) and 7(3) GDPR: what nobody may refuse is done for whoever is on file.
func TestMatchedCaseWithARightThatCannotBeRefusedDoesNotEndUnlinked(t *testing.T) {
	for _, right := range []dsr.Right{dsr.ObjectionMarketing, dsr.ConsentWithdrawal} {
		o := newOffice(t, dsr.Access, right).until("matched")
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowLinkable, func() error {
			return o.handling.Submit(t.Context(), o.now, sheet, casework.Proposal{Outcome: dsr.Unlinked, Seen: [32]byte{1}})
		})
		o.confirm(false) // who did not ask it does not get it either
		must(t, o.submit("els", dsr.Unlinked))
	}
}

// disbelieved gives an office whose case came from an address nobody vouches
// for, and which is to end as nobody's.
func disbelieved(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, dsr.Access).from("slachtoffer@elders.example", dsr.TrustC, dsr.Access).until("read")
	must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
	return o
}

// The mail may name somebody who never wrote: they hear nothing.
func TestUnlinkedRequestOfAnUnbelievedSenderEndsWithoutALetterAndClosed(t *testing.T) {
	o := disbelieved(t)
	if draft := o.draft(dsr.Unlinked); draft.Heading != "" || draft.Letter != "" || draft.Hash == [32]byte{} {
		t.Errorf("the draft shows a letter: %q %q", draft.Heading, draft.Letter)
	}
	must(t, o.submit("els", dsr.Unlinked))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	c := o.file(o.id)
	if c.State != dsr.Closed || c.Work.Outcome != dsr.Unlinked || !c.DueAt.Equal(c.Work.ClosedAt.AddDate(1, 0, 0)) || c.Work.Approver != o.actor("hans") {
		t.Errorf("the case is %s, %q, due %s", c.State, c.Work.Outcome, c.DueAt)
	}
	for _, letter := range o.memory.AllLetters() {
		if letter.Ref.Case == o.id && letter.To.Personal() {
			t.Errorf("letter %s goes to whoever is named as the sender", letter.Ref.Tag())
		}
	}
	history, err := o.memory.History(t.Context(), o.id)
	must(t, err)
	if last := history[len(history)-1]; last.Kind != dsr.AnswerApproved || last.Facts["closed"] != string(dsr.Unlinked) {
		t.Errorf("the history ends with %s, %v", last.Kind, last.Facts)
	}
	o.whole()
}

func TestEndingWithoutALetterTakesASecondPersonToo(t *testing.T) {
	o := disbelieved(t)
	must(t, o.submit("gea", dsr.Unlinked))
	o.enter("gea", o.slip("gea", dsr.Refuse))
	o.unmoved(dsr.NotNowSamePerson, func() error { return o.approve("gea") })
}

// An answer goes to the contact on file, however the mail came.
func TestAnsweredRequestOfAnUnbelievedSenderHasItsLetter(t *testing.T) {
	o := newOffice(t, dsr.Access).from("slachtoffer@elders.example", dsr.TrustC, dsr.Access).until("approved")
	if c := o.file(o.id); c.State != dsr.Answering || o.newest(dsr.AnswerLetter, "").To.Contact != 1 {
		t.Errorf("the case is %s", c.State)
	}
}

func TestUnlinkedRequestOfABelievedSenderHasItsLetter(t *testing.T) {
	for _, level := range []dsr.TrustLevel{dsr.TrustA, dsr.TrustB} {
		o := newOffice(t, dsr.Access).from("ander@elders.example", level, dsr.Access).until("read")
		must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
		must(t, o.submit("els", dsr.Unlinked))
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		must(t, o.approve("hans"))
		if c := o.file(o.id); c.State != dsr.Answering || o.newest(dsr.RefusalLetter, "").To != (dsr.Addressee{Requester: true}) {
			t.Errorf("%s: the case is %s", level, c.State)
		}
	}
}
