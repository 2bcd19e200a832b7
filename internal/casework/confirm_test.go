package casework_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// waiting gives an office whose contact on file was asked, and their link.
func waiting(t *testing.T, rights ...dsr.Right) (*office, dsr.Link) {
	t.Helper()
	o := newOffice(t, rights...).until("matched")
	return o, o.link(dsr.ConfirmLetter, "")
}

// answers are what a data subject can do with a link.
func (o *office) answers() map[dsr.Purpose]func(context.Context, dsr.Link, string) error {
	return map[dsr.Purpose]func(context.Context, dsr.Link, string) error{
		dsr.ConfirmMailbox: func(ctx context.Context, l dsr.Link, n string) error {
			return o.confirming.Confirm(ctx, o.now, l, n, true)
		},
		dsr.StopErasure: func(ctx context.Context, l dsr.Link, n string) error { return o.confirming.Stop(ctx, o.now, l, n) },
		dsr.FollowCase:  func(ctx context.Context, l dsr.Link, n string) error { return o.confirming.Withdraw(ctx, o.now, l, n) },
	}
}

func TestDataSubjectActsWithTheNumberOfTheLetter(t *testing.T) {
	o, link := waiting(t, dsr.Access)
	for _, number := range []string{"", "AVG-2026-0002", "AVG-2026-00010", "0001", "Ja, dit verzoek is van mij"} {
		for _, mine := range []bool{true, false} {
			o.unmoved(casework.ErrNumber, func() error { return o.confirming.Confirm(t.Context(), o.now, link, number, mine) })
		}
	}
	must(t, o.confirming.Confirm(t.Context(), o.now, link, " avg-2026-0001 ", true))
	if !o.file(o.id).Work.Confirmed {
		t.Error("it is not confirmed")
	}
}

// L15: a link of one purpose is none for another.
func TestLinkOfTheDataSubjectServesItsPurposeOnly(t *testing.T) {
	o, link := waiting(t, dsr.Access)
	for _, rule := range dsr.PurposeRules() {
		for purpose, act := range o.answers() {
			bent := link
			bent.Purpose = rule.Purpose // the row says otherwise
			if purpose == dsr.ConfirmMailbox && rule.Purpose == dsr.ConfirmMailbox {
				continue
			}
			o.unmoved(casework.ErrLinkDead, func() error { return act(t.Context(), bent, o.number()) })
		}
	}
	for purpose, act := range o.answers() {
		if purpose != dsr.ConfirmMailbox {
			o.unmoved(casework.ErrLinkDead, func() error { return act(t.Context(), link, o.number()) })
		}
	}
}

func TestContactAnswersOnce(t *testing.T) {
	for _, mine := range []bool{true, false} {
		o, link := waiting(t, dsr.Access)
		must(t, o.confirming.Confirm(t.Context(), o.now, link, o.number(), mine))
		for _, again := range []bool{true, false} {
			o.unmoved(casework.ErrDecided, func() error { return o.confirming.Confirm(t.Context(), o.now, link, o.number(), again) })
		}
	}
}

func TestQuestionThatWasAskedAnewEndsTheEarlierOne(t *testing.T) {
	o, old := waiting(t, dsr.Access)
	must(t, o.handling.AskAgain(t.Context(), o.now, o.sheet("els")))
	for _, mine := range []bool{true, false} {
		o.unmoved(casework.ErrStale, func() error { return o.confirming.Confirm(t.Context(), o.now, old, o.number(), mine) })
	}
	o.confirm(true)
}

func TestQuestionAboutSomebodyElseConfirmsNothing(t *testing.T) {
	for name, change := range map[string]func(*office, casework.Sheet) error{
		"another person": func(o *office, s casework.Sheet) error {
			other := theFile()
			other.Reference, other.Contacts[1].Address = "K-78", "jan@dossier.example"
			return o.handling.MatchDataSubject(t.Context(), o.now, s, other)
		},
		"nobody": func(o *office, s casework.Sheet) error {
			return o.handling.MatchNobody(t.Context(), o.now, s, "gezocht")
		},
		"other rights": func(o *office, s casework.Sheet) error {
			return o.handling.ConfirmRights(t.Context(), o.now, s, []dsr.Right{dsr.Erasure})
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, link := waiting(t, dsr.Access)
			must(t, change(o, o.sheet("els")))
			o.unmoved(casework.ErrStale, func() error { return o.confirming.Confirm(t.Context(), o.now, link, o.number(), true) })
		})
	}
}

// The link says whole seconds, the question was asked in a part of one.
func TestLinkOfTheSameSecondIsNotSuperseded(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	sheet := o.sheet("els")
	o.now = o.now.Add(900 * time.Millisecond)
	must(t, o.handling.MatchDataSubject(t.Context(), o.now, sheet, theFile()))
	o.confirm(true)
}

func TestDisownedRequestStandsStillAndStaffHearOfIt(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	o.confirm(false)
	c := o.file(o.id)
	if !c.Work.Disowned || c.Work.Confirmed {
		t.Errorf("%+v", c.Work)
	}
	for _, who := range []string{"els", "gea"} {
		o.newest(dsr.DisownedNotice, who)
	}
	must(t, o.submit("els", dsr.Unlinked)) // the way out
}

func TestConfirmedRequestReachesStaff(t *testing.T) {
	o := newOffice(t, dsr.Access).until("confirmed")
	for _, who := range []string{"els", "gea"} {
		if notice := o.newest(dsr.ConfirmedNotice, who); notice.Purpose != dsr.SignIn {
			t.Errorf("the notice to %s is for %s", who, notice.Purpose)
		}
	}
}

// L13.
func TestHundredAnswersAtOnceAreOne(t *testing.T) {
	o, link := waiting(t, dsr.Access)
	before := len(o.events(o.id))
	var posts sync.WaitGroup
	ends := make(chan error, 100)
	for n := range 100 {
		posts.Go(func() { ends <- o.confirming.Confirm(t.Context(), o.now, link, "AVG-2026-0001", n%2 == 0) })
	}
	posts.Wait()
	close(ends)
	won := 0
	for err := range ends {
		if err == nil {
			won++
		} else if !errors.Is(err, casework.ErrDecided) {
			t.Errorf("one ended with %v", err)
		}
	}
	if got := len(o.events(o.id)); won != 1 || got != before+1 {
		t.Errorf("%d answers, %d events more", won, got-before)
	}
}

func TestRequestIsWithdrawnUntilItIsDecided(t *testing.T) {
	for until, want := range map[string]error{"read": nil, "confirmed": nil, "decided": nil, "reviewing": nil, "approved": casework.ErrStale} {
		o := newOffice(t, dsr.Access)
		link := o.link(dsr.Acknowledgement, "")
		o.until(until)
		o.unmovedOr(want, func() error { return o.confirming.Withdraw(t.Context(), o.now, link, asker) })
		if want != nil {
			continue
		}
		c := o.file(o.id)
		letter := o.newest(dsr.WithdrawnLetter, "")
		if c.State != dsr.Closed || c.Work.Outcome != dsr.Withdrawn || letter.To != (dsr.Addressee{Requester: true}) {
			t.Errorf("%s: the case is %s, %q; the letter goes to %+v", until, c.State, c.Work.Outcome, letter.To)
		}
		if _, err := o.following.Status(t.Context(), link); !errors.Is(err, casework.ErrLinkDead) {
			t.Errorf("%s: the link still opens the case: %v", until, err)
		}
		if _, err := o.following.Status(t.Context(), o.link(dsr.WithdrawnLetter, "")); err != nil {
			t.Errorf("%s: the link of the last letter is dead: %v", until, err)
		}
		o.whole()
	}
}

// unmovedOr fails the test unless an act was done, or refused for a reason.
func (o *office) unmovedOr(want error, act func() error) {
	o.t.Helper()
	if want == nil {
		must(o.t, act())
		return
	}
	o.unmoved(want, act)
}

// L19: nothing can be done with any link from before the withdrawal.
func TestWithdrawnCaseCanBeNeitherApprovedNorConfirmed(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	withdraw := o.link(dsr.Acknowledgement, "")
	sheet := o.sheet("hans")
	acts := o.reviewActs()
	must(t, o.confirming.Withdraw(t.Context(), o.now, withdraw, asker))
	sheet.Rev = o.file(o.id).Rev
	for name, act := range acts {
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrLinkDead, func() error { return act(sheet) }) })
	}
	if _, err := o.handling.SigningIn.Look(t.Context(), o.newest(dsr.ReviewNotice, "hans").Link); !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("the link to approve signs in: %v", err)
	}
}

func TestLookingWritesNothing(t *testing.T) {
	o, link := waiting(t, dsr.Access)
	o.calls = nil
	c, err := o.confirming.Look(t.Context(), link)
	if err != nil || c.Requester != (dsr.Requester{}) || c.OnFile.Reference != "" {
		t.Errorf("%v: the page knows %+v", err, c.Confidential)
	}
	if count(o.calls, "Commit")+count(o.calls, "Claim")+count(o.calls, "Try") != 0 {
		t.Errorf("it wrote: %v", o.calls)
	}
}
