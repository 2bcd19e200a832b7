package casework_test

import (
	"errors"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Who asks two things at once, and proves enough for one of them, gets that one.
func TestRightWithoutTheContactsYesIsRefusedAsUnidentifiedAndTheOtherGranted(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.ObjectionMarketing).until("matched")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	o.lookEverywhere()
	must(t, o.decideOn(dsr.Decision{Right: dsr.ObjectionMarketing, Result: dsr.Granted}, ""))
	for _, given := range []dsr.Decision{
		{Right: dsr.Access, Result: dsr.Granted},
		{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers},
		{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundUnidentified},
	} {
		sheet := o.sheet("els")
		o.unmoved(dsr.NotNowProof, func() error { return o.handling.Decide(t.Context(), o.now, sheet, given, "waarom") })
	}
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundUnidentified}, "u bevestigde niet"))
	for _, finding := range o.draft(dsr.Answered).Answer.Found {
		if finding.Right == dsr.Access {
			t.Errorf("the answer holds %+v", finding)
		}
	}
	must(t, o.submit("els", dsr.Answered))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	if letter := o.newest(dsr.RefusalLetter, ""); letter.To != (dsr.Addressee{Contact: 1}) {
		t.Errorf("the letter goes to %+v", letter.To)
	}
}

// What was shown is judged for each right by what that right asks.
func TestProofIsEnoughForTheRightItWasGivenFor(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Rectification).until("confirmed")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{})) // the mailbox alone
	must(t, o.decideOn(dsr.Decision{Right: dsr.Rectification, Result: dsr.Granted}, ""))
	sheet := o.sheet("els")
	granted := dsr.Decision{Right: dsr.Access, Result: dsr.Granted}
	o.unmoved(dsr.NotNowProof, func() error { return o.handling.Decide(t.Context(), o.now, sheet, granted, "") })
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	must(t, o.decideOn(granted, ""))
}

// A lesser verdict that takes the place of a better one takes its grants along.
func TestGrantStandsOnlyOnProofThatStillStands(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Rectification).until("confirmed")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
	o.lookEverywhere()
	for _, right := range []dsr.Right{dsr.Access, dsr.Rectification} {
		must(t, o.decideOn(dsr.Decision{Right: right, Result: dsr.Granted}, ""))
	}
	seen := o.draft(dsr.Answered).Hash
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{})) // the mailbox alone
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowProof) {
		t.Errorf("the draft on less proof: %v", err)
	}
	sheet := o.sheet("els")
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: seen, ThirdParties: true}
	o.unmoved(dsr.NotNowProof, func() error { return o.handling.Submit(t.Context(), o.now, sheet, proposal) })
}

// An address that is new on file proves nothing by itself, for any right that
// asks proof.
func TestFreshContactAloneGrantsNothingThatAsksProof(t *testing.T) {
	o := newOffice(t, dsr.Rectification, dsr.ObjectionMarketing).until("read")
	fresh := theFile()
	fresh.Contacts = []dsr.Contact{{Address: first, Since: "2026-02-20"}}
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), fresh))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	must(t, o.decideOn(dsr.Decision{Right: dsr.ObjectionMarketing, Result: dsr.Granted}, ""))
	sheet := o.sheet("els")
	granted := dsr.Decision{Right: dsr.Rectification, Result: dsr.Granted}
	o.unmoved(dsr.NotNowFresh, func() error { return o.handling.Decide(t.Context(), o.now, sheet, granted, "") })
	must(t, o.decideOn(dsr.Decision{Right: dsr.Rectification, Result: dsr.Refused, Ground: dsr.GroundUnidentified}, "waarom"))
}

func TestFreshSecondContactGetsNoCode(t *testing.T) {
	for since, want := range map[dsr.Day]string{"2026-02-20": first, "2026-02-01": first, "2026-01-31": second, "2022-05-05": second} {
		o := newOffice(t, dsr.Access).until("read")
		who := theFile()
		who.Contacts[0].Since = since
		must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), who))
		o.confirm(true)
		must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
		o.lookEverywhere()
		o.grantAll()
		if to := o.draft(dsr.Answered).Answer.CodeTo; to != want {
			t.Errorf("since %s: the code is to go to %s", since, to)
		}
		must(t, o.submit("els", dsr.Answered))
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		must(t, o.approve("hans"))
		o.freshCode(o.link(dsr.AnswerLetter, ""))
		if to := o.composed[len(o.composed)-1].To.Address; to != want {
			t.Errorf("since %s: the code goes to %s", since, to)
		}
	}
}
