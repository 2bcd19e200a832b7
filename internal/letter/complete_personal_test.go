package letter

import (
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// lacksOfPerson are the parts that no letter to a data subject may lack.
func lacksOfPerson() []lack {
	return []lack{
		{"token of the thread", func(_ *Composer, c *dsr.LetterContent) { c.Thread = "" }},
		{"token of the thread", func(_ *Composer, c *dsr.LetterContent) { c.Thread = "a@geheim" }},
		{"contact address", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Controller.Email = "" }},
		{"name of the controller", func(l *Composer, _ *dsr.LetterContent) {
			l.Profile.Controller.Name, l.Profile.Controller.TradeName = "", ""
		}},
	}
}

// lacksOfComplaint are the parts that no letter that names the authority may
// lack.
func lacksOfComplaint() []lack {
	return []lack{
		{"name of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Name = "" }},
		{"name of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Name = "\u200b " }},
		{"page for complaints", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.ComplaintURL = "geheim" }},
	}
}

// withDecisions gives a change of the decisions alone.
func withDecisions(decisions ...dsr.Decision) func(*Composer, *dsr.LetterContent) {
	return func(_ *Composer, c *dsr.LetterContent) { c.Decisions = decisions }
}

// withReason gives a change of the reason why erasure is denied.
func withReason(reason string) func(*Composer, *dsr.LetterContent) {
	return func(_ *Composer, c *dsr.LetterContent) { c.Reasons = map[dsr.Right]string{dsr.Erasure: reason} }
}

func TestIncompleteQuestionToTheContactCannotBeComposed(t *testing.T) {
	checkLacks(t, dsr.ConfirmLetter, slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson()))
}

func TestIncompleteAnswerCannotBeComposed(t *testing.T) {
	granted := dsr.Decision{Right: dsr.Access, Result: dsr.Granted}
	const part = "decision that grants each right"
	checkLacks(t, dsr.AnswerLetter, slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson(), lacksOfComplaint(), []lack{
		{part, withDecisions()},
		{part, withDecisions(granted, granted)},
		{part, withDecisions(granted, dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted})},
		{part, withDecisions(dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted})},
		{part, withDecisions(dsr.Decision{Right: dsr.Access, Result: "geheim"})},
		{part, withDecisions(dsr.Decision{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers})},
		{part, withDecisions(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundOthers})},
	}))
}

func TestIncompleteCodeCannotBeComposed(t *testing.T) {
	lacks := slices.Concat(lacksOfMail(), lacksOfPerson(), lacksOfRequest()[:2])
	for _, code := range []string{"", "12345", "1234567", "12345a", "123 56", "１２３４５６"} {
		lacks = append(lacks, lack{"one-time code", func(_ *Composer, c *dsr.LetterContent) { c.Code = code }})
	}
	checkLacks(t, dsr.CodeLetter, append(lacks,
		lack{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = exampleToken() }},
		lack{"purpose of the link", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Purpose = dsr.CollectAnswer }}))
}

func TestIncompleteNoticeOfTheWaitCannotBeComposed(t *testing.T) {
	const part = "instant until when it can be stopped"
	checkLacks(t, dsr.WaitLetter, slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson(), []lack{
		{"decision about each right", withDecisions()},
		{"decision about each right", withDecisions(dsr.Decision{Right: dsr.Access, Result: "geheim"})},
		{part, func(_ *Composer, c *dsr.LetterContent) { c.NotBefore = time.Time{} }},
		{part, func(_ *Composer, c *dsr.LetterContent) { c.NotBefore = c.Letter.Queued }},
	}))
}

func TestIncompleteRefusalCannotBeComposed(t *testing.T) {
	granted := dsr.Decision{Right: dsr.Access, Result: dsr.Granted}
	because := func(ground dsr.Ground) func(*Composer, *dsr.LetterContent) {
		return withDecisions(granted, dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: ground})
	}
	marketing := func(l *Composer, c *dsr.LetterContent) {
		decide(c, dsr.Decision{Right: dsr.ObjectionMarketing, Result: dsr.Refused, Ground: dsr.GroundCompelling})
	}
	checkLacks(t, dsr.RefusalLetter, slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson(), lacksOfComplaint(), []lack{
		{"address of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Address = nil }},
		{"address of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Address = []string{"", " "} }},
		{"reason of each refusal", func(_ *Composer, c *dsr.LetterContent) { c.Reasons = nil }},
		{"reason of each refusal", withReason("")},
		{"reason of each refusal", withReason(" \r\n\t\u200b\u202e\x00")},
		{"reason of each refusal", withReason(strings.Repeat("geheim ", dsr.MaxReason/7+1))},
		{"reason of each refusal", func(_ *Composer, c *dsr.LetterContent) {
			c.Reasons = map[dsr.Right]string{dsr.Access: "geheim"}
		}},
		{"ground of each refusal", because("")},
		{"ground of each refusal", because("geheim")},
		{"ground of each refusal", because(dsr.GroundCompelling)}, // of objection
		{"ground of each refusal", marketing},
		{"decision about each right", withDecisions()},
		{"decision about each right", withDecisions(granted)},
		{"decision about each right", withDecisions(granted, granted)},
		{"decision that refuses a right", withDecisions(granted, dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted})},
		{"outcome", func(_ *Composer, c *dsr.LetterContent) { c.Outcome = dsr.Withdrawn }},
		{"outcome", func(_ *Composer, c *dsr.LetterContent) { c.Outcome = "" }},
	}))
}

// TestRefusalOfEveryGroundCanBeComposed also shows that the tests above fail for
// what they take away and for nothing else.
func TestRefusalOfEveryGroundCanBeComposed(t *testing.T) {
	for _, right := range dsr.Rights() {
		for _, ground := range right.Grounds() {
			for _, result := range []dsr.Result{dsr.Refused, dsr.Partly} {
				content := example(dsr.RefusalLetter, dsr.Dutch)
				decide(&content, dsr.Decision{Right: right, Result: result, Ground: ground})
				if _, err := exampleComposer().Compose(content); err != nil {
					t.Errorf("%s, %s on the ground %s: %v", right, result, ground, err)
				}
			}
		}
	}
}

func TestRefusalLeadsToTheAnswerOnlyWhenItHoldsMore(t *testing.T) {
	for _, collects := range []bool{true, false} {
		for _, purpose := range []dsr.Purpose{dsr.CollectAnswer, dsr.FollowCase} {
			content := example(dsr.RefusalLetter, dsr.Dutch)
			content.Collects, content.Letter.Purpose = collects, purpose
			_, err := exampleComposer().Compose(content)
			if want := collects == (purpose == dsr.CollectAnswer); (err == nil) != want {
				t.Errorf("collects %t, link %s: composed is wanted %t, error is %v", collects, purpose, want, err)
			}
		}
	}
}

func TestIncompleteLetterToWhomNothingWasLinkedCannotBeComposed(t *testing.T) {
	parts := slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson(), lacksOfComplaint(), []lack{
		{"address of the authority", func(l *Composer, _ *dsr.LetterContent) { l.Profile.Authority.Address = nil }},
		{"purpose of the link", func(_ *Composer, c *dsr.LetterContent) {
			c.Collects, c.Letter.Purpose = true, dsr.CollectAnswer
		}},
	})
	for i := range parts {
		take := parts[i].take
		parts[i].take = func(l *Composer, c *dsr.LetterContent) {
			unlink(c)
			take(l, c)
		}
	}
	checkLacks(t, dsr.RefusalLetter, parts)
}

func TestIncompleteConfirmationOfAWithdrawalCannotBeComposed(t *testing.T) {
	checkLacks(t, dsr.WithdrawnLetter, slices.Concat(lacksOfAll(), lacksOfRequest(), lacksOfPerson(), lacksOfComplaint()))
}
