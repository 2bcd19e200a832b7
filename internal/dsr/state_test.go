package dsr_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// The people of these tests.
var (
	handler  = dsr.ActorID{1}
	reviewer = dsr.ActorID{2}
)

// theDraft is the draft that was submitted.
var theDraft = [32]byte{7}

// monday is when things happen.
func monday() time.Time { return time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC) }

// onFile is who the file says this is.
func onFile() dsr.OnFile {
	return dsr.OnFile{Reference: "K-1", Name: "Ans", Contacts: []dsr.Contact{{Address: "ans@een.example", Since: "2020-01-01"}}}
}

// proposal lays theDraft before a second person, who may agree at once.
func proposal(outcome dsr.Outcome) dsr.Proposal {
	return dsr.Proposal{Drafter: handler, Outcome: outcome, Draft: theDraft}
}

// standing gives a case that came to a standing by its own acts.
func standing(t *testing.T, how string) *dsr.Case {
	t.Helper()
	c := &dsr.Case{State: dsr.Received, Rights: []dsr.Right{dsr.Access, dsr.Erasure}, DueAt: monday()}
	steps := []struct {
		reaches string
		do      func() error
	}{
		{"received", func() error { return nil }},
		{"read", func() error { return c.ConfirmRights(c.Rights) }},
		{"matched", func() error { return c.MatchTo(onFile()) }},
		{"waiting", func() error { return c.Ask(monday()) }},
		{"unjudged", c.ConfirmMailbox},
		{"undecided", func() error { return c.JudgeIdentity(dsr.IdentitySure, []dsr.Means{dsr.ByMailbox}) }},
		{"half decided", func() error { return c.Decide(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, "") }},
		{"working", func() error { return c.Decide(dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, "") }},
		{"in-review", func() error { return c.Submit(proposal(dsr.Answered)) }},
		{"approved", func() error { return c.Approve(reviewer, theDraft, monday()) }},
		{"answering", c.CarryOut},
		{"closed", func() error { return c.Finish(monday()) }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("on the way to %q, at %q: %v", how, step.reaches, err)
		}
		switch {
		case step.reaches == how:
			return c
		case step.reaches == "read" && how == "nobody":
			if err := c.MatchNobody(); err != nil {
				t.Fatal(err)
			}
			return c
		case step.reaches == "unjudged" && how == "disowned":
			if err := c.Disown(); err != nil {
				t.Fatal(err)
			}
			return c
		}
	}
	t.Fatalf("no case stands at %q", how)
	return nil
}

// transitions are all that can be done to a case, by the name of the method.
func transitions() map[string]func(c *dsr.Case) error {
	return map[string]func(c *dsr.Case) error{
		"ConfirmRights":    func(c *dsr.Case) error { return c.ConfirmRights([]dsr.Right{dsr.Access, dsr.Erasure}) },
		"MatchTo":          func(c *dsr.Case) error { return c.MatchTo(onFile()) },
		"MatchNobody":      (*dsr.Case).MatchNobody,
		"Ask":              func(c *dsr.Case) error { return c.Ask(monday()) },
		"LookInto":         func(c *dsr.Case) error { return c.LookInto(dsr.Access, dsr.Found) },
		"JudgeIdentity":    func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, nil) },
		"Decide":           func(c *dsr.Case) error { return c.Decide(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, "") },
		"Submit":           func(c *dsr.Case) error { return c.Submit(proposal(dsr.Answered)) },
		"Submit nobody":    func(c *dsr.Case) error { return c.Submit(proposal(dsr.Unlinked)) },
		"Submit other":     func(c *dsr.Case) error { return c.Submit(proposal(dsr.Withdrawn)) },
		"Approve":          func(c *dsr.Case) error { return c.Approve(reviewer, theDraft, monday()) },
		"SendBack":         func(c *dsr.Case) error { return c.SendBack(theDraft, false) },
		"Withdraw":         func(c *dsr.Case) error { return c.Withdraw(monday()) },
		"Finish":           func(c *dsr.Case) error { return c.Finish(monday()) },
		"DeliverOtherwise": func(c *dsr.Case) error { return c.DeliverOtherwise(monday()) },
		"AskCopy":          func(c *dsr.Case) error { return c.AskCopy(monday()) },
		"CarryOut":         (*dsr.Case).CarryOut, "ChangeFiles": (*dsr.Case).ChangeFiles,
		"Settle": func(c *dsr.Case) error { return c.Settle(dsr.ConfirmLetter) }, "Purge": (*dsr.Case).Purge,
		"ConfirmMailbox": (*dsr.Case).ConfirmMailbox, "Disown": (*dsr.Case).Disown, "TakeBack": (*dsr.Case).TakeBack,
	}
}

// In each row: what a transition answers in each standing. "+1 working" is done,
// raises Rev by one and leads there; anything else is the word of the refusal.
const (
	columns = "received | working | in-review | approved | answering | closed | waiting | disowned | nobody | unjudged | half decided | read"
	decided = "decided | decided | decided"
	late    = "decided | decided" // an erasure that was not carried out can still be stopped
)

// table holds every transition in every standing.
func table() map[string]string {
	const unready = "nothing-to-do | nothing-to-do | nothing-to-do"
	const missed = "nothing-missed | nothing-missed | nothing-missed" // TestMissedLetterStandsUntilAPersonSawToIt
	return map[string]string{
		"ConfirmRights":    "+1 working | +1 working | +1 working | " + decided + " | +1 working | +1 working | +1 working | +1 working | +1 working | +1 working",
		"MatchTo":          "+1 received | +1 working | +1 working | " + decided + " | +1 working | +1 working | +1 working | +1 working | +1 working | +1 working",
		"MatchNobody":      "+1 received | +1 working | +1 working | " + decided + " | +1 working | +1 working | +1 working | +1 working | +1 working | +1 working",
		"Ask":              "rights | nothing-to-do | nothing-to-do | " + decided + " | +0 working | disowned | match | nothing-to-do | nothing-to-do | match",
		"ConfirmMailbox":   unready + " | " + decided + " | +1 working | " + unready + " | nothing-to-do | nothing-to-do",
		"Disown":           "nothing-to-do | +1 working | +1 working | +1 working | " + late + " | +1 working | +1 working | nothing-to-do | +1 working | +1 working | nothing-to-do",
		"LookInto":         "rights | +1 working | +1 working | " + decided + " | +1 working | disowned | match | +1 working | +1 working | match",
		"JudgeIdentity":    "rights | +1 working | +1 working | " + decided + " | +1 working | disowned | match | +1 working | +1 working | match",
		"Decide":           "rights | +1 working | +1 working | " + decided + " | identity | disowned | match | identity | +1 working | match",
		"Submit":           "rights | +1 in-review | +1 in-review | " + decided + " | identity | disowned | match | identity | decision | match",
		"Submit nobody":    "rights | linkable | linkable | " + decided + " | +1 in-review | +1 in-review | +1 in-review | linkable | linkable | match",
		"Submit other":     "rights | outcome | outcome | " + decided + " | outcome | outcome | outcome | outcome | outcome | match",
		"Approve":          "decided | decided | +1 approved | " + decided + " | decided | decided | decided | decided | decided | decided",
		"SendBack":         "decided | decided | +1 working | " + decided + " | decided | decided | decided | decided | decided | decided",
		"CarryOut":         unready + " | +1 answering | nothing-to-do | nothing-to-do | " + unready + " | nothing-to-do | nothing-to-do | nothing-to-do",
		"TakeBack":         unready + " | +1 working | nothing-to-do | nothing-to-do | " + unready + " | nothing-to-do | nothing-to-do | nothing-to-do",
		"Withdraw":         "+1 closed | +1 closed | +1 closed | +1 closed | " + late + " | +1 closed | +1 closed | +1 closed | +1 closed | +1 closed | +1 closed",
		"AskCopy":          "rights | nothing-to-do | nothing-to-do | " + decided + " | nothing-to-do | disowned | match | +1 working | nothing-to-do | match",
		"ChangeFiles":      "rights | +1 working | +1 working | " + decided + " | +1 working | disowned | match | +1 working | +1 working | match",
		"Settle":           missed + " | " + missed + " | " + missed + " | " + missed,
		"Purge":            unready + " | nothing-to-do | nothing-to-do | +0 purged | " + unready + " | " + unready,
		"DeliverOtherwise": unready + " | nothing-to-do | +0 closed | nothing-to-do | " + unready + " | nothing-to-do | nothing-to-do | nothing-to-do",
		"Finish":           unready + " | nothing-to-do | +0 closed | nothing-to-do | " + unready + " | nothing-to-do | nothing-to-do | nothing-to-do",
	}
}

// split takes a row of the table apart.
func split(row string) []string {
	var cells []string
	for begin, at := 0, 0; at <= len(row); at++ {
		if at == len(row) || at+3 <= len(row) && row[at:at+3] == " | " {
			cells = append(cells, row[begin:at])
			begin = at + 3
		}
	}
	return cells
}

func TestEveryActInEveryStateIsAllowedOrSaysWhyNot(t *testing.T) {
	ways := split(columns)
	for name, do := range transitions() {
		row := split(table()[name])
		if len(row) != len(ways) {
			t.Fatalf("%s has %d cells, want %d", name, len(row), len(ways))
		}
		for i, way := range ways {
			t.Run(name+" when "+way, func(t *testing.T) {
				c, before := standing(t, way), standing(t, way)
				err := do(c)
				got := fmt.Sprintf("+%d %s", c.Rev-before.Rev, c.State)
				var notNow dsr.NotNow
				if errors.As(err, &notNow) {
					got = string(notNow)
				}
				if got != row[i] || err != nil && notNow == "" {
					t.Errorf("it is %q (%v), want %q", got, err, row[i])
				}
				if diff := cmp.Diff(before, c); err != nil && diff != "" {
					t.Errorf("it was refused, and changed the case:\n%s", diff)
				}
			})
		}
	}
}

// A method that is added to a case has to be met by the table above.
func TestEveryMethodOfACaseIsATransitionOrChangesNothing(t *testing.T) {
	asking := []string{"AnswerKind", "ApprovalPurpose", "Decision", "Discloses", "Erases", "Found", "FoundAt", "Grants", "Ready", "TakesCopy", "ToAsk", "Waiting"}
	apart := []string{
		"AskMore",       // TestMoreRightsTakeAwayWhatWasShownForLess
		"HearMore",      // TestFurtherMailTakesBackOnlyADraftInReview
		"LeaveFiles",    // TestFilesFoundBeforeAnotherMatchAreLeftBehind
		"Miss", "Reach", // TestMissedLetterStandsUntilAPersonSawToIt
		"AnswerLeft", "AnswerLost", "Lack", // TestAnswerIsReplacedByALaterOneThatDidNotComeBack
	}
	kind := reflect.TypeFor[*dsr.Case]()
	for i := range kind.NumMethod() {
		name := kind.Method(i).Name
		if _, known := transitions()[name]; !known && !slices.Contains(asking, name) && !slices.Contains(apart, name) {
			t.Errorf("no test tries %s in every state", name)
		}
	}
}

func TestCaseIsUndecidedUntilADraftIsApproved(t *testing.T) {
	open := []dsr.State{dsr.Received, dsr.Working, dsr.InReview}
	for _, state := range append(declared[dsr.State](t, "work.go", "State"), "", "lost") {
		if got := state.Undecided(); got != slices.Contains(open, state) {
			t.Errorf("%q: undecided %t", state, got)
		}
	}
}

func TestAnswerIsStoppableUntilItLeavesOrIsDone(t *testing.T) {
	still := []dsr.State{dsr.Received, dsr.Working, dsr.InReview, dsr.Approved}
	for _, state := range append(declared[dsr.State](t, "work.go", "State"), "", "lost") {
		if got := state.Stoppable(); got != slices.Contains(still, state) {
			t.Errorf("%q: stoppable %t", state, got)
		}
	}
}

func TestEveryRefusalIsAWordOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, word := range declared[dsr.NotNow](t, "work.go", "NotNow") {
		if text := word.Error(); seen[text] || word == "" || text[len(text)-len(word):] != string(word) {
			t.Errorf("%q says %q", word, text)
		}
		seen[word.Error()] = true
	}
}

func TestClosedCaseFallsDueNoMore(t *testing.T) {
	c := standing(t, "answering")
	if err := c.Finish(monday()); err != nil || c.Work.Outcome != dsr.Answered || !c.DueAt.IsZero() || !c.Work.ClosedAt.Equal(monday()) {
		t.Errorf("%v: outcome %q, due %s", err, c.Work.Outcome, c.DueAt)
	}
	c = standing(t, "in-review")
	if err := c.Withdraw(monday()); err != nil || c.Work.Outcome != dsr.Withdrawn || !c.DueAt.IsZero() || !c.Work.ClosedAt.Equal(monday()) {
		t.Errorf("%v: outcome %q, due %s", err, c.Work.Outcome, c.DueAt)
	}
}

// L19: what is taken back, given in another way, or destroyed, opens nothing any more.
func TestWithdrawalDeliveryAndPurgeRevokeEveryLinkAndNothingElseDoes(t *testing.T) {
	for name, do := range transitions() {
		for _, way := range split(columns) {
			c := standing(t, way)
			want := 0
			if do(c) == nil && slices.Contains([]string{"Withdraw", "Purge", "DeliverOtherwise"}, name) {
				want = 1
			}
			if c.LinkEpoch != want {
				t.Errorf("%s when %s: epoch %d", name, way, c.LinkEpoch)
			}
		}
	}
}
