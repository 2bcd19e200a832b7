package dsr_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// drafted reports whether anything is left of a draft.
func drafted(w dsr.Work) bool {
	return w.Proposed != "" || w.Draft != [32]byte{} || w.Drafter != dsr.ActorID{} || w.Approver != dsr.ActorID{} ||
		!w.NotBefore.IsZero() || w.Alone || w.Warned != 0
}

// proven reports whether anything is left of what was shown about identity.
func proven(w dsr.Work) bool {
	return w.Confirmed || w.Identity != "" || w.Means != nil || !w.AskedAt.IsZero()
}

func TestChangeTakesTheDraftBackAndNoMoreThanFallsAway(t *testing.T) {
	for name, keeps := range map[string]struct{ draft, proof, decisions bool }{
		"ConfirmRights": {false, true, true}, // the same rights
		"MatchTo":       {false, false, false},
		"MatchNobody":   {false, false, false},
		"Disown":        {false, false, true},
		"LookInto":      {false, true, true},
		"JudgeIdentity": {false, true, true},
		"Decide":        {false, true, true},
		"SendBack":      {false, true, true},
		"Withdraw":      {false, true, true},
		"Approve":       {true, true, true},
	} {
		c := standing(t, "in-review")
		c.Work.NotBefore, c.Work.Alone, c.Work.Warned = monday(), true, 9001 // as in a one-person organisation
		if err := transitions()[name](c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if drafted(c.Work) != keeps.draft || proven(c.Work) != keeps.proof || (c.Work.Decisions != nil) != keeps.decisions {
			t.Errorf("%s: draft left %t, proof left %t, decisions %v", name, drafted(c.Work), proven(c.Work), c.Work.Decisions)
		}
	}
}

// A5: a second mail must not ride along on what the contact on file confirmed.
func TestMoreRightsTakeAwayWhatWasShownForLess(t *testing.T) {
	for _, way := range []string{"received", "waiting", "unjudged", "undecided", "working", "in-review", "disowned", "nobody"} {
		c := standing(t, way)
		before := c.Rev
		if !c.AskMore([]dsr.Right{dsr.Portability, dsr.Access}) {
			t.Fatalf("%s: nothing more was asked", way)
		}
		if c.State != dsr.Received || c.Work.RightsConfirmed || proven(c.Work) || drafted(c.Work) || c.Rev != before+1 {
			t.Errorf("%s: %s at rev %d, work %+v", way, c.State, c.Rev, c.Work)
		}
		if want := []dsr.Right{dsr.Access, dsr.Erasure, dsr.Portability}; !slices.Equal(c.Rights, want) {
			t.Errorf("%s: it asks %v", way, c.Rights)
		}
		if c.Waiting() || c.ToAsk() || !errors.Is(c.ConfirmMailbox(), dsr.NotNowNotReady) {
			t.Errorf("%s: the old question still stands", way)
		}
		if disowned := way == "disowned"; c.Work.Disowned != disowned {
			t.Errorf("%s: disowned %t", way, c.Work.Disowned)
		}
	}
}

func TestSameRightsAgainChangeNothing(t *testing.T) {
	for _, way := range []string{"working", "in-review"} {
		c, before := standing(t, way), standing(t, way)
		for _, rights := range [][]dsr.Right{nil, {dsr.Erasure}, {dsr.Access, dsr.Erasure, dsr.Access}, {"all"}} {
			if c.AskMore(rights) {
				t.Errorf("%s: %v is more", way, rights)
			}
		}
		if diff := cmp.Diff(before, c); diff != "" {
			t.Errorf("%s:\n%s", way, diff)
		}
	}
}

func TestOtherRightsThanWereConfirmedNeedNewProof(t *testing.T) {
	for name, rights := range map[string][]dsr.Right{
		"more":  {dsr.Access, dsr.Erasure, dsr.Portability},
		"fewer": {dsr.Access},
		"other": {dsr.Access, dsr.Restriction},
	} {
		c := standing(t, "in-review")
		if err := c.ConfirmRights(rights); err != nil {
			t.Fatal(err)
		}
		if proven(c.Work) || !c.ToAsk() {
			t.Errorf("%s: %+v", name, c.Work)
		}
	}
	c := standing(t, "in-review")
	if err := c.ConfirmRights([]dsr.Right{dsr.Erasure, dsr.Access, dsr.Erasure, "all"}); err != nil || !c.Work.Confirmed || c.ToAsk() {
		t.Errorf("the same rights in another order: %v, %+v", err, c.Work)
	}
}

func TestCaseAsksForSomethingThatExists(t *testing.T) {
	for _, rights := range [][]dsr.Right{nil, {}, {"all"}, {""}} {
		c := standing(t, "working")
		if err := c.ConfirmRights(rights); !errors.Is(err, dsr.NotNowNoRights) {
			t.Errorf("%q: %v", rights, err)
		}
	}
}

func TestDecisionAndReasonGoWithTheirRight(t *testing.T) {
	c := standing(t, "working")
	refused := dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundLegalDuty}
	if err := c.Decide(refused, "secret reason"); err != nil {
		t.Fatal(err)
	}
	if err := c.ConfirmRights([]dsr.Right{dsr.Access}); err != nil {
		t.Fatal(err)
	}
	if len(c.Reasons) != 0 || len(c.Work.Decisions) != 1 {
		t.Errorf("reasons %v, decisions %v", c.Reasons, c.Work.Decisions)
	}
	if err := c.ConfirmRights([]dsr.Right{dsr.Access, dsr.Erasure}); err != nil {
		t.Fatal(err)
	}
	if _, decided := c.Decision(dsr.Erasure); decided || len(c.Reasons) != 0 {
		t.Error("what was decided came back")
	}
}

func TestReasonStaysWithItsRight(t *testing.T) {
	c := standing(t, "working")
	for _, right := range c.Rights {
		if err := c.Decide(dsr.Decision{Right: right, Result: dsr.Partly, Ground: right.Grounds()[0]}, "why "+string(right)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.ConfirmRights([]dsr.Right{dsr.Access, dsr.Erasure, dsr.Restriction}); err != nil {
		t.Fatal(err)
	}
	want := map[dsr.Right]string{dsr.Access: "why access", dsr.Erasure: "why erasure"}
	if diff := cmp.Diff(want, c.Reasons); diff != "" {
		t.Error(diff)
	}
}

func TestMatchNeedsAReferenceAndAContact(t *testing.T) {
	for name, spoil := range map[string]func(*dsr.OnFile){
		"no reference": func(f *dsr.OnFile) { f.Reference = "" },
		"no contact":   func(f *dsr.OnFile) { f.Contacts = nil },
	} {
		c, who := standing(t, "working"), onFile()
		spoil(&who)
		if err := c.MatchTo(who); !errors.Is(err, dsr.NotNowContact) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMatchAnewEndsTheFreezeAndTheReasons(t *testing.T) {
	c := standing(t, "disowned")
	c.Reasons = map[dsr.Right]string{dsr.Access: "secret"}
	if err := c.MatchTo(onFile()); err != nil || c.Work.Disowned || c.Reasons != nil || !c.ToAsk() {
		t.Errorf("%v: %+v, %v", err, c.Work, c.Reasons)
	}
	if err := c.MatchNobody(); err != nil || c.OnFile.Reference != "" || c.OnFile.Contacts != nil || c.ToAsk() {
		t.Errorf("%v: %+v", err, c.OnFile)
	}
}

func TestYesOfTheContactTakesTheDraftBackThatWasMadeWithoutIt(t *testing.T) {
	c := standing(t, "waiting")
	if err := c.Submit(proposal(dsr.Unlinked)); err != nil {
		t.Fatal(err)
	}
	if err := c.ConfirmMailbox(); err != nil || drafted(c.Work) || c.State != dsr.Working || !c.Work.Confirmed {
		t.Errorf("%v: %s, %+v", err, c.State, c.Work)
	}
}

func TestContactIsAskedOnceUntilItAnswers(t *testing.T) {
	for way, want := range map[string]struct{ toAsk, waiting bool }{
		"received": {false, false}, "read": {false, false}, "matched": {true, false}, "waiting": {false, true},
		"unjudged": {false, false}, "disowned": {false, false}, "nobody": {false, false}, "closed": {false, false},
	} {
		if c := standing(t, way); c.ToAsk() != want.toAsk || c.Waiting() != want.waiting {
			t.Errorf("%s: to ask %t, waiting %t", way, c.ToAsk(), c.Waiting())
		}
	}
}

func TestDoubtingReviewerTakesTheVerdictBack(t *testing.T) {
	for _, doubting := range []bool{false, true} {
		c := standing(t, "in-review")
		if err := c.SendBack(theDraft, doubting); err != nil {
			t.Fatal(err)
		}
		if (c.Work.Identity == "") != doubting || (c.Work.Means == nil) != doubting || !c.Work.Confirmed {
			t.Errorf("doubting %t: %+v", doubting, c.Work)
		}
	}
}

func TestVerdictOfDoubtAllowsNoDecision(t *testing.T) {
	c := standing(t, "working")
	if err := c.JudgeIdentity(dsr.IdentityDoubtful, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Decide", "Submit"} {
		if err := transitions()[name](c); !errors.Is(err, dsr.NotNowIdentity) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestApprovalIsOfTheVeryDraftByAnotherAfterTheWait(t *testing.T) {
	early := monday().Add(-1)
	for name, test := range map[string]struct {
		notBefore time.Time
		alone     bool
		approver  dsr.ActorID
		draft     [32]byte
		at        time.Time
		want      error
	}{
		"another person":                {time.Time{}, false, reviewer, theDraft, monday(), nil},
		"the drafter":                   {time.Time{}, false, handler, theDraft, monday(), dsr.NotNowSamePerson},
		"another draft":                 {time.Time{}, false, reviewer, [32]byte{8}, monday(), dsr.NotNowDraft},
		"no draft":                      {time.Time{}, false, reviewer, [32]byte{}, monday(), dsr.NotNowDraft},
		"the only person, too early":    {monday(), true, handler, theDraft, early, dsr.NotNowWait},
		"the only person, in time":      {monday(), true, handler, theDraft, monday(), nil},
		"the drafter of many, in time":  {monday(), false, handler, theDraft, monday(), dsr.NotNowSamePerson},
		"the drafter of many, early":    {monday(), false, handler, theDraft, early, dsr.NotNowSamePerson},
		"another of many, too early":    {monday(), false, reviewer, theDraft, early, dsr.NotNowWait},
		"another of many, in time":      {monday(), false, reviewer, theDraft, monday(), nil},
		"somebody who came, too early":  {monday(), true, reviewer, theDraft, early, dsr.NotNowWait},
		"somebody who came, after that": {monday(), true, reviewer, theDraft, monday(), nil},
	} {
		c := standing(t, "working")
		laid := proposal(dsr.Answered)
		laid.NotBefore, laid.Alone = test.notBefore, test.alone
		if err := c.Submit(laid); err != nil {
			t.Fatal(err)
		}
		err := c.Approve(test.approver, test.draft, test.at)
		if !errors.Is(err, test.want) || (err == nil) != (c.Work.Approver == test.approver) {
			t.Errorf("%s: %v, approver %v; want %v", name, err, c.Work.Approver, test.want)
		}
	}
}

// An asking is known by its number: two can fall in one instant.
func TestEachAskingHasItsOwnNumber(t *testing.T) {
	c := standing(t, "matched")
	numbers := map[int]bool{}
	for range 3 {
		if err := c.Ask(monday()); err != nil {
			t.Fatal(err)
		}
		c.Seq++ // the event that the asking is
		numbers[c.Work.Asked] = true
	}
	if len(numbers) != 3 || numbers[0] {
		t.Errorf("three askings are numbered %v", numbers)
	}
}

func TestCaseWithoutADraftCannotBeApproved(t *testing.T) {
	c := standing(t, "in-review")
	c.Work.Draft = [32]byte{}
	for name, err := range map[string]error{"approve": c.Approve(reviewer, [32]byte{}, monday()), "send back": c.SendBack([32]byte{}, false)} {
		if !errors.Is(err, dsr.NotNowDraft) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
