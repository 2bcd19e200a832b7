package casework_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/stepup"
)

// guess gives a code that is nobody's at this time.
func (o *office) guess(who string) string {
	o.t.Helper()
	for n := range 1000 {
		code, used := fmt.Sprintf("%06d", n), false
		for steps := int64(-2); steps <= 2; steps++ {
			right, err := stepup.CodeAt(secretOf(who), stepup.StepAt(o.now)+steps)
			must(o.t, err)
			used = used || right == code
		}
		if !used {
			return code
		}
	}
	return ""
}

// coded are the acts that ask a code, each with how far its case has to be.
func coded() map[string]struct {
	until, who string
	do         func(*office, context.Context, casework.Sheet) error
} {
	return map[string]struct {
		until, who string
		do         func(*office, context.Context, casework.Sheet) error
	}{
		"ask again": {"matched", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.AskAgain(ctx, o.now, s)
		}},
		"judge": {"confirmed", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.JudgeIdentity(ctx, o.now, s, twoFacts())
		}},
		"doubt": {"confirmed", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.DoubtIdentity(ctx, o.now, s, "waarom")
		}},
		"refuse a right": {"looked", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.Decide(ctx, o.now, s, dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundClaims}, "waarom")
		}},
		"grant a right in part": {"looked", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.Decide(ctx, o.now, s, dsr.Decision{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundClaims}, "waarom")
		}},
		"submit": {"decided", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			draft, err := o.handling.Draft(ctx, o.now, o.id, dsr.Answered)
			must(o.t, err)
			return o.handling.Submit(ctx, o.now, s, casework.Proposal{Outcome: dsr.Answered, Seen: draft.Hash, ThirdParties: true})
		}},
		"approve": {"reviewing", "hans", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.reviewing.Approve(ctx, o.now, s, o.file(o.id).Work.Draft)
		}},
		"send back": {"reviewing", "hans", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.reviewing.SendBack(ctx, o.now, s, o.file(o.id).Work.Draft, "waarom")
		}},
		"refuse the release": {"reviewing", "hans", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.reviewing.RefuseRelease(ctx, o.now, s, o.file(o.id).Work.Draft, "waarom")
		}},
		"renew the review": {"submitted", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.RenewReview(ctx, o.now, s)
		}},
		"carry out": {"approved", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.CarryOut(ctx, o.now, s)
		}},
		"take back": {"approved", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.TakeBack(ctx, o.now, s, "waarom")
		}},
		"deliver otherwise": {"carried out", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.DeliverOtherwise(ctx, o.now, s, "per post")
		}},
		"renew the answer": {"carried out", "els", func(o *office, ctx context.Context, s casework.Sheet) error {
			return o.handling.RenewAnswer(ctx, o.now, s)
		}},
	}
}

func TestActThatCannotBeUndoneTakesACode(t *testing.T) {
	for name, act := range coded() {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Erasure).until(act.until)
			right := o.sheet(act.who)
			for _, code := range []string{"", o.guess(act.who), right.Code[:5], right.Code + "0", " " + right.Code} {
				wrong := right
				wrong.Code = code
				o.unmoved(casework.ErrCode, func() error { return act.do(o, t.Context(), wrong) })
			}
		})
	}
}

// A fault of the store is no code, also when it looks like somebody was faster.
func TestCodeThatWasNotLookedAtIsNone(t *testing.T) {
	for name, act := range coded() {
		for _, call := range []string{"Member", "Secret", "Save"} {
			t.Run(name+" "+call, func(t *testing.T) {
				o := newOffice(t, dsr.Erasure).until(act.until)
				sheet := o.sheet(act.who)
				sheet.Code = o.guess(act.who)
				before, missed := o.file(o.id).Seq, false
				o.onCall = func(c string, p caseworktest.Phase) error {
					if c == call && p == caseworktest.Before && !missed {
						missed = true
						return casework.ErrConflict
					}
					return nil
				}
				if err := act.do(o, t.Context(), sheet); err == nil || o.file(o.id).Seq != before {
					t.Errorf("it gave %v, and the case went on by %d", err, o.file(o.id).Seq-before)
				}
			})
		}
	}
}

func TestActWithoutACodeTakesNone(t *testing.T) {
	o := newOffice(t, dsr.Access)
	bare := func() casework.Sheet {
		sheet := o.sheet("els")
		sheet.Code = ""
		return sheet
	}
	ctx := t.Context()
	must(t, o.handling.ConfirmRights(ctx, o.now, bare(), []dsr.Right{dsr.Access}))
	must(t, o.handling.MatchNobody(ctx, o.now, bare(), "gezocht"))
	must(t, o.handling.MatchDataSubject(ctx, o.now, bare(), theFile()))
	must(t, o.handling.LookInto(ctx, o.now, bare(), casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.NothingFound}))
	o.confirm(true)
	must(t, o.handling.JudgeIdentity(ctx, o.now, o.sheet("els"), twoFacts()))
	must(t, o.handling.Decide(ctx, o.now, bare(), dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""))
}

func TestCodeOfOneActIsNoneForTheNext(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	must(t, o.handling.DoubtIdentity(t.Context(), o.now, sheet, "waarom"))
	sheet.Rev = o.file(o.id).Rev
	o.unmoved(casework.ErrCode, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
}

func TestSignInAndActUseAStepOnceEach(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	session := o.enter("gea", o.link(dsr.NewCaseNotice, "gea"))
	sheet := casework.Sheet{Session: session, Case: o.id, Rev: o.file(o.id).Rev, Code: o.code("gea")} // the very code of the sign-in
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()))
	sheet.Rev = o.file(o.id).Rev
	o.unmoved(casework.ErrCode, func() error { return o.handling.DoubtIdentity(t.Context(), o.now, sheet, "waarom") })
	if _, err := o.handling.SigningIn.SignIn(t.Context(), o.now, o.newest(dsr.NewCaseNotice, "gea").Link, o.code("gea")); !errors.Is(err, casework.ErrCode) {
		t.Errorf("signing in again with it: %v", err)
	}
}

func TestFiveWrongCodesEndTheStay(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	right := sheet.Code
	sheet.Code = o.guess("els")
	for range casework.MaxTries {
		o.unmoved(casework.ErrCode, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	}
	sheet.Code = right
	o.unmoved(casework.ErrLinkDead, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	if _, err := o.memory.Session(t.Context(), sheet.Session.Hash); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the session is still there: %v", err)
	}
}

func TestSessionThatCannotBeEndedIsAFault(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	sheet.Code = o.guess("els")
	for range casework.MaxTries {
		o.unmoved(casework.ErrCode, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	}
	o.failing("EndSession", caseworktest.Before)
	o.unmoved(errPort, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
}

func TestMistakeInAFormCostsNoCode(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	o.calls = nil
	for range 2 * casework.MaxTries {
		o.unmoved(dsr.NotNowReason, func() error { return o.handling.DoubtIdentity(t.Context(), o.now, sheet, "") })
	}
	if count(o.calls, "Try")+count(o.calls, "Secret") != 0 {
		t.Errorf("a code was looked at: %v", o.calls)
	}
	must(t, o.handling.DoubtIdentity(t.Context(), o.now, sheet, "waarom"))
}

func TestActThatIsOvertakenTakesItsCodeOnce(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	late := o.newest(dsr.ConfirmLetter, "").Ref
	o.meanwhile("Commit", func() { o.record(late, dsr.LetterArrived) }) // the history goes on, Rev stays
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()))
	if o.pauses != 1 {
		t.Errorf("it waited %d times", o.pauses)
	}
	o.whole()
}

func TestActOfAClosingSessionKeepsToItsLink(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	sheet := o.sheet("els")
	sheet.Session.Link = dsr.LinkID{4}
	o.unmoved(casework.ErrLinkDead, func() error { return o.handling.JudgeIdentity(t.Context(), o.now, sheet, twoFacts()) })
	if _, err := o.handling.SigningIn.Resume(t.Context(), o.now.Add(time.Minute), nil); !errors.Is(err, casework.ErrNotStaff) {
		t.Error(err)
	}
}
