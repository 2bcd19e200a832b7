package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// opened gives a desk with one case and the name of its receipt.
func opened(t *testing.T) (*desk, dsr.LetterRef) {
	t.Helper()
	d := newDesk(t)
	mail := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA))
	return d, ofCase(mail.Case, dsr.Acknowledgement, 1)
}

// send sends a letter and expects no error.
func (d *desk) send(ref dsr.LetterRef) {
	d.t.Helper()
	if err := d.sending.Send(d.t.Context(), d.now, ref); err != nil {
		d.t.Fatalf("sending letter %s: %v", ref.Tag(), err)
	}
}

func TestLetterIsClaimedBeforeItIsSent(t *testing.T) {
	d, ref := opened(t)
	d.calls = nil
	d.send(ref)
	claim, send := slices.Index(d.calls, "Claim"), slices.Index(d.calls, "Send")
	if claim < 0 || send < claim {
		t.Errorf("calls were %v", d.calls)
	}
	at := d.composed[0].Letter
	if at.State != dsr.LetterClaimed || !at.Until.Equal(d.now.Add(casework.Lease)) || !at.DueAt.Equal(at.Until) {
		t.Errorf("when it was sent it was %q until %s, due %s", at.State, at.Until, at.DueAt)
	}
	if got := d.letter(ref); got.State != dsr.LetterPosted || got.SESID != "ses-1" || !got.DueAt.IsZero() {
		t.Errorf("afterwards it is %q, %q, due %s", got.State, got.SESID, got.DueAt)
	}
	d.whole()
}

func TestLetterIsSentOnce(t *testing.T) {
	d, ref := opened(t)
	d.send(ref)
	d.now = d.now.Add(24 * time.Hour)
	d.send(ref)
	if len(d.posted) != 1 {
		t.Errorf("sent %d times", len(d.posted))
	}
}

func TestLetterThatCannotBeClaimedIsNotSent(t *testing.T) {
	tests := []struct {
		name  string
		phase caseworktest.Phase
	}{{"refused", caseworktest.Before}, {"reply lost", caseworktest.After}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, ref := opened(t)
			d.failing("Claim", test.phase)
			if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errPort) || len(d.posted) != 0 {
				t.Errorf("%v, sent %d times", err, len(d.posted))
			}
		})
	}
}

func TestOfTwoDispatchersOneSends(t *testing.T) {
	d, ref := opened(t)
	d.meanwhile("Claim", func() { d.send(ref) })
	d.send(ref)
	if len(d.posted) != 1 {
		t.Errorf("sent %d times", len(d.posted))
	}
}

func TestClaimedLetterIsLeftAloneUntilItsLeaseEnds(t *testing.T) {
	tests := []struct {
		later time.Duration
		want  int
	}{{0, 0}, {casework.Lease - time.Nanosecond, 0}, {casework.Lease, 1}, {time.Hour, 1}}
	for _, test := range tests {
		t.Run(test.later.String(), func(t *testing.T) {
			d, ref := opened(t)
			d.postErr = errPort
			if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errPort) {
				t.Fatalf("%v", err)
			}
			d.postErr = nil
			d.now = d.now.Add(test.later)
			d.send(ref)
			if len(d.posted) != test.want {
				t.Errorf("sent %d times, want %d", len(d.posted), test.want)
			}
		})
	}
}

func TestResendCarriesTheSameLink(t *testing.T) {
	d, ref := opened(t)
	d.postErr = errPort
	for range 3 {
		if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errPort) {
			t.Fatalf("%v", err)
		}
		d.now = d.now.Add(casework.Lease)
	}
	d.postErr = nil
	d.send(ref)
	for _, content := range d.composed[1:] {
		if content.Token != d.composed[0].Token || content.Letter.Link != d.composed[0].Letter.Link {
			t.Errorf("token %q and then %q", d.composed[0].Token, content.Token)
		}
	}
	if len(d.composed) != 4 {
		t.Errorf("composed %d times, want 4", len(d.composed))
	}
}

func TestLinksSayWhatTheirPurposeAllows(t *testing.T) {
	d, receipt := opened(t)
	d.receive("in2", dsr.Enquiry{Kind: dsr.KindUnreadable, Reason: "empty"})
	d.now = d.now.Add(1500 * time.Millisecond)
	c, mail := d.file(receipt.Case), d.mail("in2")
	staff := profile().Staff
	tests := []struct {
		ref     dsr.LetterRef
		purpose dsr.Purpose
		owner   dsr.OwnerID
		actor   dsr.ActorID
	}{
		{receipt, dsr.FollowCase, c.ID, c.Person},
		{ofCase(c.ID, dsr.NewCaseNotice, 1), dsr.SignIn, c.ID, staff[0].ActorID()},
		{ofCase(c.ID, dsr.NewCaseNotice, 2), dsr.SignIn, c.ID, staff[3].ActorID()},
		{ofMail("in2", 2), dsr.OriginalMail, mail.Owner, staff[3].ActorID()},
	}
	for _, test := range tests {
		t.Run(test.ref.Tag(), func(t *testing.T) {
			d.send(test.ref)
			link := d.letter(test.ref).Link
			rule, _ := test.purpose.Rule()
			issued := noon().Add(time.Second)
			want := dsr.Link{
				ID: link.ID, Purpose: test.purpose, Owner: test.owner, Actor: test.actor,
				IssuedAt: issued, ExpiresAt: issued.Add(rule.Life),
			}
			if link != want || link.ID == (dsr.LinkID{}) {
				t.Errorf("link %+v, want %+v", link, want)
			}
			if stored, err := d.memory.Link(t.Context(), test.owner, link.ID); err != nil || stored != link {
				t.Errorf("its row is %+v (%v)", stored, err)
			}
		})
	}
}

func TestReceiptAnswersTheRequester(t *testing.T) {
	d, ref := opened(t)
	d.send(ref)
	c, got := d.file(ref.Case), d.composed[0]
	if got.To != (dsr.Mailbox{Name: "Ans Geheim", Address: "ans@een.example"}) || got.Thread != c.Thread || got.InReply != "<1@een>" {
		t.Errorf("to %v, thread %q, in reply to %q", got.To, got.Thread, got.InReply)
	}
	if got.Number != c.Number || got.Dates != c.Dates || !got.Received.Equal(c.Received) || !slices.Equal(got.Rights, c.Rights) || got.Trust != dsr.TrustA {
		t.Errorf("the receipt says %+v", got)
	}
}

func TestNoticesToStaffNameNobody(t *testing.T) {
	d, receipt := opened(t)
	d.receive("in2", dsr.Enquiry{Kind: dsr.KindUnreadable, Reason: "empty"})
	d.send(ofCase(receipt.Case, dsr.NewCaseNotice, 1))
	d.send(ofMail("in2", 1))
	for _, got := range d.composed {
		if got.To.Address != "els@staff.example" || got.Thread != "" || got.InReply != "" {
			t.Errorf("to %v, thread %q, in reply to %q", got.To, got.Thread, got.InReply)
		}
	}
	if about := d.composed[1]; about.Letter.Reason != "empty" || !about.Received.Equal(d.now) || about.Number != "" {
		t.Errorf("the notice about a mail says %+v", about)
	}
}

func TestWhoLeftGetsNoLetters(t *testing.T) {
	d, receipt := opened(t)
	d.sending.Rules.Profile.Staff[0].Active = false
	ref := ofCase(receipt.Case, dsr.NewCaseNotice, 1)
	err := d.sending.Send(t.Context(), d.now, ref)
	if err == nil || len(d.posted) != 0 || strings.Contains(err.Error(), "@") {
		t.Errorf("%v, sent %d", err, len(d.posted))
	}
	if got := d.letter(ref); got.State != dsr.LetterFailed || !got.DueAt.IsZero() {
		t.Errorf("the letter is %q, due at %v: it would be tried for ever", got.State, got.DueAt)
	}
	if history, err := d.memory.History(t.Context(), receipt.Case); err != nil || history[len(history)-1].Kind != dsr.LetterGivenUp {
		t.Errorf("the history ends with %+v, %v", history[len(history)-1], err)
	}
}

func TestStaffHearOfALetterThatCanNeverLeave(t *testing.T) {
	d, receipt := opened(t)
	d.postErr = fmt.Errorf("SES answered MessageRejected: %w", dsr.ErrUnsendable)
	for range 2 {
		if err := d.sending.Send(t.Context(), d.now, receipt); d.letter(receipt).State != dsr.LetterFailed {
			t.Fatalf("the letter is %q, %v", d.letter(receipt).State, err)
		}
	}
	var notices []dsr.Letter
	for _, letter := range d.memory.AllLetters() {
		if letter.Ref.Kind == dsr.LetterNotice {
			notices = append(notices, letter)
		}
	}
	if len(notices) != 2 || notices[0].Reason != string(dsr.Acknowledgement) || notices[0].To.Requester {
		t.Errorf("notices %+v, want one for each of two members of staff", notices)
	}
	for _, notice := range notices {
		if err := d.sending.Send(t.Context(), d.now, notice.Ref); err == nil {
			t.Error("a notice left although SES refuses everything")
		}
	}
	if n := len(d.memory.AllLetters()); n != 5 {
		t.Errorf("%d letters: a notice that cannot leave caused another", n)
	}
}

func TestLetterThatSomebodyElseHoldsIsNotGivenUp(t *testing.T) {
	d, receipt := opened(t)
	d.sending.Post = func(ctx context.Context, _ dsr.Message) (string, error) {
		mine := d.letter(receipt)
		theirs := mine
		theirs.Until = mine.Until.Add(casework.Lease)
		if err := d.memory.Claim(ctx, mine, theirs); err != nil {
			t.Fatal(err)
		}
		return "", fmt.Errorf("SES answered MessageRejected: %w", dsr.ErrUnsendable)
	}
	if err := d.sending.Send(t.Context(), d.now, receipt); err == nil {
		t.Error("the fault was not told")
	}
	if got := d.letter(receipt); got.State != dsr.LetterClaimed {
		t.Errorf("the letter is %q while somebody else sends it", got.State)
	}
}

func TestDeadLinkIsReplacedWhenItsLetterIsLate(t *testing.T) {
	d, _ := opened(t)
	ref := ofCase(d.memory.AllCases()[0].ID, dsr.NewCaseNotice, 1)
	d.postErr = errors.New("SES is paused")
	if err := d.sending.Send(t.Context(), d.now, ref); err == nil {
		t.Fatal("the letter left")
	}
	first := d.letter(ref).Link
	d.postErr = nil
	d.now = d.now.Add(73 * time.Hour)
	if err := d.sending.Send(t.Context(), d.now, ref); err != nil {
		t.Fatal(err)
	}
	second := d.letter(ref).Link
	if second.ID == first.ID || !d.now.Before(second.ExpiresAt) {
		t.Errorf("the letter left with the dead link %v", second)
	}
	if _, err := d.memory.Link(t.Context(), second.Owner, second.ID); err != nil {
		t.Errorf("the new link has no row: %v", err)
	}
}

func TestUnknownLetterIsNotFound(t *testing.T) {
	d := newDesk(t)
	if err := d.sending.Send(t.Context(), d.now, ofMail("nothing", 1)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestLetterWithALinkWithoutRulesIsNotSent(t *testing.T) {
	d, ref := opened(t)
	odd := d.letter(ref)
	odd.Ref.Kind, odd.Purpose = "M99", "dance"
	if err := d.memory.Commit(t.Context(), casework.Change{Letters: []dsr.Letter{odd}, At: d.now}); err != nil {
		t.Fatal(err)
	}
	if err := d.sending.Send(t.Context(), d.now, odd.Ref); err == nil || len(d.posted) != 0 {
		t.Errorf("%v, sent %d", err, len(d.posted))
	}
}

func TestLetterWithoutALinkHasNoToken(t *testing.T) {
	d, ref := opened(t)
	plain := d.letter(ref)
	plain.Ref.N, plain.Purpose = 2, ""
	if err := d.memory.Commit(t.Context(), casework.Change{Letters: []dsr.Letter{plain}, At: d.now}); err != nil {
		t.Fatal(err)
	}
	d.calls = nil
	d.send(plain.Ref)
	if d.composed[0].Token != "" || count(d.calls, "Mint") != 0 || d.letter(plain.Ref).Link != (dsr.Link{}) {
		t.Errorf("token %q, link %+v", d.composed[0].Token, d.letter(plain.Ref).Link)
	}
}

// errLetter is what a composer gives that lacks something.
var errLetter = errors.New("the letter would be incomplete")

// incomplete is a casework.Compose that has nothing to write from.
func incomplete(dsr.LetterContent) (dsr.Message, error) { return dsr.Message{}, errLetter }

func TestIncompleteLetterIsNotSent(t *testing.T) {
	d, ref := opened(t)
	d.sending.Compose = incomplete
	if err := d.sending.Send(t.Context(), d.now, ref); !errors.Is(err, errLetter) || len(d.posted) != 0 {
		t.Errorf("%v, sent %d", err, len(d.posted))
	}
	if got := d.letter(ref); !got.State.Outstanding() {
		t.Errorf("the letter is %q", got.State)
	}
}
