package dsr_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// deciding gives a case that asks one right and lacks only the decision.
func deciding(t *testing.T, rights ...dsr.Right) *dsr.Case {
	t.Helper()
	c := standing(t, "undecided")
	c.Rights = dsr.MergeRights(rights, nil)
	return c
}

// lawful are the grounds that the law has for refusing each right.
func lawful() map[dsr.Right][]dsr.Ground {
	return map[dsr.Right][]dsr.Ground{
		dsr.Access:        {dsr.GroundOthers, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41},
		dsr.Rectification: {dsr.GroundAccurate, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41},
		dsr.Erasure: {
			dsr.GroundLegalDuty, dsr.GroundClaims, dsr.GroundStillNeeded, dsr.GroundExpression,
			dsr.GroundHealth, dsr.GroundArchive, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41,
		},
		dsr.Restriction: {dsr.GroundNoCase, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41},
		dsr.Portability: {dsr.GroundNotPortable, dsr.GroundOthers, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41},
		dsr.Objection:   {dsr.GroundCompelling, dsr.GroundClaims, dsr.GroundUnidentified, dsr.GroundExcessive, dsr.GroundUAVG41},
		dsr.MinorReport: {dsr.GroundNoMinor, dsr.GroundLegalDuty},
	}
}

func TestRightIsRefusedOnItsOwnGroundsOnly(t *testing.T) {
	grounds := append(declared[dsr.Ground](t, "decision.go", "Ground"), "", "because")
	for _, right := range append(dsr.Rights(), "all") {
		for _, ground := range grounds {
			for _, result := range []dsr.Result{dsr.Partly, dsr.Refused} {
				c := deciding(t, right)
				c.Rights = []dsr.Right{right}
				err := c.Decide(dsr.Decision{Right: right, Result: result, Ground: ground}, "why")
				want := slices.Contains(lawful()[right], ground)
				if ground == dsr.GroundOthers && result == dsr.Refused {
					want = false // recital 63 GDPR: what others are in is left out, and the rest is given
				}
				if (err == nil) != want || !want && !errors.Is(err, dsr.NotNowGround) {
					t.Errorf("%s %s because of %q: %v", right, result, ground, err)
				}
			}
		}
		if got := right.Grounds(); !slices.Equal(got, lawful()[right]) {
			t.Errorf("grounds of %s: %v", right, got)
		}
	}
}

func TestEveryGroundServesSomeRight(t *testing.T) {
	for _, ground := range declared[dsr.Ground](t, "decision.go", "Ground") {
		if !slices.ContainsFunc(dsr.Rights(), func(r dsr.Right) bool { return slices.Contains(r.Grounds(), ground) }) {
			t.Errorf("no right can be refused on the ground %s", ground)
		}
	}
}

// art. 21(3) and 7(3) GDPR.
func TestMarketingObjectionAndWithdrawnConsentCannotBeRefused(t *testing.T) {
	for _, right := range []dsr.Right{dsr.ObjectionMarketing, dsr.ConsentWithdrawal} {
		for _, result := range []dsr.Result{dsr.Partly, dsr.Refused} {
			for _, ground := range append(declared[dsr.Ground](t, "decision.go", "Ground"), "") {
				c := deciding(t, right)
				if err := c.Decide(dsr.Decision{Right: right, Result: result, Ground: ground}, "why"); !errors.Is(err, dsr.NotNowGround) {
					t.Errorf("%s %s because of %q: %v", right, result, ground, err)
				}
			}
		}
		if err := deciding(t, right).Decide(dsr.Decision{Right: right, Result: dsr.Granted}, ""); err != nil {
			t.Errorf("granting %s: %v", right, err)
		}
	}
}

func TestDecisionIsExplained(t *testing.T) {
	refused := dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}
	for name, test := range map[string]struct {
		decision dsr.Decision
		reason   string
		want     error
	}{
		"no reason":               {refused, "", dsr.NotNowReason},
		"spaces only":             {refused, " \t\n\u00a0", dsr.NotNowReason},
		"the longest reason":      {refused, strings.Repeat("w", dsr.MaxReason), nil},
		"a longer one":            {refused, strings.Repeat("w", dsr.MaxReason+1), dsr.NotNowReason},
		"granted with a ground":   {dsr.Decision{Right: dsr.Access, Result: dsr.Granted, Ground: dsr.GroundOthers}, "", dsr.NotNowGround},
		"no result":               {dsr.Decision{Right: dsr.Access}, "why", dsr.NotNowOutcome},
		"an unknown result":       {dsr.Decision{Right: dsr.Access, Result: "later"}, "why", dsr.NotNowOutcome},
		"a right nobody asked":    {dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, "", dsr.NotNowNoRights},
		"a right that is not one": {dsr.Decision{Right: "all", Result: dsr.Granted}, "", dsr.NotNowNoRights},
	} {
		c := deciding(t, dsr.Access)
		if err := c.Decide(test.decision, test.reason); !errors.Is(err, test.want) || (err == nil) != (len(c.Work.Decisions) == 1) {
			t.Errorf("%s: %v, %v", name, err, c.Work.Decisions)
		}
	}
}

func TestDecisionsStandInTheOrderOfTheRights(t *testing.T) {
	c := deciding(t, dsr.Erasure, dsr.Access, dsr.Portability)
	for _, right := range []dsr.Right{dsr.Portability, dsr.Access, dsr.Erasure, dsr.Access} {
		if err := c.Decide(dsr.Decision{Right: right, Result: dsr.Granted}, "not kept"); err != nil {
			t.Fatal(err)
		}
	}
	var order []dsr.Right
	for _, decision := range c.Work.Decisions {
		order = append(order, decision.Right)
	}
	if want := []dsr.Right{dsr.Access, dsr.Erasure, dsr.Portability}; !slices.Equal(order, want) {
		t.Errorf("decided %v, want %v", order, want)
	}
	if len(c.Reasons) != 0 {
		t.Errorf("what is granted needs no reason: %v", c.Reasons)
	}
}

func TestLaterDecisionTakesThePlaceAndTheReasonOfTheEarlier(t *testing.T) {
	c := deciding(t, dsr.Access, dsr.Erasure)
	refused := dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}
	other := dsr.Decision{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundClaims}
	for _, err := range []error{
		c.Decide(refused, "first"), c.Decide(other, "other"), c.Decide(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, left := c.Reasons[dsr.Access]; left || c.Reasons[dsr.Erasure] != "other" || len(c.Work.Decisions) != 2 {
		t.Errorf("reasons %v, decisions %v", c.Reasons, c.Work.Decisions)
	}
}

func TestDecidingLeavesTheCaseThatWasReadAlone(t *testing.T) {
	c := deciding(t, dsr.Access, dsr.Erasure)
	refused := dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}
	if err := c.Decide(refused, "first"); err != nil {
		t.Fatal(err)
	}
	read := *c
	if err := c.Decide(refused, "second"); err != nil || read.Reasons[dsr.Access] != "first" {
		t.Errorf("%v: the copy says %q", err, read.Reasons[dsr.Access])
	}
}

func TestSystemIsLookedIntoForARightOfTheCase(t *testing.T) {
	want := map[dsr.Right][]dsr.TaskResult{
		dsr.Access: {dsr.Found, dsr.NothingFound}, dsr.Portability: {dsr.Found, dsr.NothingFound},
		dsr.Rectification: {dsr.Changed, dsr.NothingFound}, dsr.Restriction: {dsr.Flagged, dsr.NothingFound},
		dsr.Erasure:     {dsr.ToErase, dsr.ToKeep, dsr.NothingFound},
		dsr.MinorReport: {dsr.ToErase, dsr.ToKeep, dsr.NothingFound},
		dsr.Objection:   {dsr.Stopped, dsr.NothingFound}, dsr.ObjectionMarketing: {dsr.Stopped, dsr.NothingFound},
		dsr.ConsentWithdrawal: {dsr.Stopped, dsr.NothingFound},
	}
	for _, right := range dsr.Rights() {
		for _, result := range append(declared[dsr.TaskResult](t, "decision.go", "TaskResult"), "", "maybe") {
			c := deciding(t, right)
			err := c.LookInto(right, result)
			if fits := slices.Contains(want[right], result); (err == nil) != fits || !fits && !errors.Is(err, dsr.NotNowOutcome) {
				t.Errorf("%s: %q gives %v", right, result, err)
			}
		}
	}
	if err := deciding(t, dsr.Access).LookInto(dsr.Erasure, dsr.ToErase); !errors.Is(err, dsr.NotNowNoRights) {
		t.Errorf("a right nobody asked: %v", err)
	}
}

func TestResultThatTellsSomethingNeedsAText(t *testing.T) {
	telling := []dsr.TaskResult{dsr.Found, dsr.Changed, dsr.ToKeep}
	for _, result := range declared[dsr.TaskResult](t, "decision.go", "TaskResult") {
		if got := result.Telling(); got != slices.Contains(telling, result) {
			t.Errorf("%s: telling %t", result, got)
		}
	}
}

// What an answer is follows from what was decided.
func TestAnswerFollowsFromTheDecisions(t *testing.T) {
	granted, partly, refused := dsr.Granted, dsr.Partly, dsr.Refused
	for _, test := range []struct {
		proposed        dsr.Outcome
		right           dsr.Right
		result          dsr.Result
		discloses, ends bool
		purpose         dsr.Purpose
		kind            dsr.LetterKind
	}{
		{dsr.Answered, dsr.Access, granted, true, false, dsr.ApproveRelease, dsr.AnswerLetter},
		{dsr.Answered, dsr.Access, partly, true, false, dsr.ApproveRelease, dsr.RefusalLetter},
		{dsr.Answered, dsr.Access, refused, false, false, dsr.Refuse, dsr.RefusalLetter},
		{dsr.Answered, dsr.Restriction, granted, true, false, dsr.ApproveRelease, dsr.AnswerLetter},
		{dsr.Answered, dsr.Erasure, granted, true, true, dsr.ApproveErasure, dsr.AnswerLetter},
		{dsr.Answered, dsr.Erasure, partly, true, true, dsr.ApproveErasure, dsr.RefusalLetter},
		{dsr.Answered, dsr.Erasure, refused, false, false, dsr.Refuse, dsr.RefusalLetter},
		{dsr.Answered, dsr.MinorReport, granted, true, true, dsr.ApproveErasure, dsr.AnswerLetter},
		{dsr.Unlinked, dsr.Erasure, granted, false, false, dsr.Refuse, dsr.RefusalLetter},
		{dsr.Unlinked, dsr.Access, granted, false, false, dsr.Refuse, dsr.RefusalLetter},
	} {
		t.Run(fmt.Sprint(test.proposed, test.right, test.result), func(t *testing.T) {
			c := &dsr.Case{Rights: []dsr.Right{test.right}}
			c.Work.Proposed, c.Work.Decisions = test.proposed, []dsr.Decision{{Right: test.right, Result: test.result}}
			if c.Discloses() != test.discloses || c.Erases() != test.ends || c.ApprovalPurpose() != test.purpose || c.AnswerKind() != test.kind {
				t.Errorf("discloses %t, erases %t, %s, %s", c.Discloses(), c.Erases(), c.ApprovalPurpose(), c.AnswerKind())
			}
		})
	}
}

func TestOnlyAnErasureIsCarriedOutBeforeTheAnswer(t *testing.T) {
	for right, want := range map[dsr.Right]dsr.State{dsr.Access: dsr.Answering, dsr.Erasure: dsr.Approved, dsr.MinorReport: dsr.Approved} {
		c := deciding(t, right)
		for _, err := range []error{
			c.Decide(dsr.Decision{Right: right, Result: dsr.Granted}, ""),
			c.Submit(proposal(dsr.Answered)),
			c.Approve(reviewer, theDraft, monday()),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if c.State != want {
			t.Errorf("%s: %s, want %s", right, c.State, want)
		}
	}
}

func TestRightWithoutADecisionIsNotGranted(t *testing.T) {
	c := deciding(t, dsr.Access)
	if decision, decided := c.Decision(dsr.Access); decided || decision != (dsr.Decision{}) || c.Grants(dsr.Access) {
		t.Errorf("%+v, %t", decision, decided)
	}
}
