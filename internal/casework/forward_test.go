package casework_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// humanMailbox is where ordinary mail goes in these tests.
const humanMailbox = "mensen@postbus.example"

// mx is an organisation before whose mailbox Inzage stands.
func mx() organisation.Profile {
	profile := profile()
	profile.Intake.Mode, profile.Intake.HumanMailbox = organisation.ModeMX, humanMailbox
	profile.Controller.Name = "Desk BV"
	return profile
}

// forward is a casework.Forward that keeps what it was given.
func (d *desk) forward(content dsr.LetterContent, original io.Reader) (dsr.Message, error) {
	raw, err := io.ReadAll(original)
	if err != nil {
		return dsr.Message{}, err
	}
	d.composed = append(d.composed, content)
	return dsr.Message{To: []string{content.To.Address}, Raw: raw, Tag: content.Letter.Ref.Tag()}, nil
}

// ordinary is a mail in which nothing is asked.
func ordinary(files ...dsr.Attachment) dsr.Enquiry {
	enquiry := request("ans@een.example", "<1@een>", dsr.TrustA)
	enquiry.Kind, enquiry.Reason, enquiry.Rights = dsr.KindOrdinary, "no-request", nil
	enquiry.Letter.Attachments, enquiry.Size = files, 5000
	return enquiry
}

// machine is a mail that a machine wrote, for a reason of the mailroom.
func machine(reason string, files ...dsr.Attachment) dsr.Enquiry {
	enquiry := ordinary(files...)
	enquiry.Kind, enquiry.Reason = dsr.KindAutomatic, reason
	return enquiry
}

// passing names the letter that passes a mail on.
func passing(id string) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: id, Kind: dsr.ForwardLetter, N: 1}
}

func TestMailInWhichNothingIsAskedIsPassedOnWhereInzageStandsInFront(t *testing.T) {
	large, fits := ordinary(), ordinary()
	large.Size, fits.Size = 10<<20, 9<<20
	answer := machine("auto-reply")
	answer.Letter.Address = "Mensen+weg@Postbus.example"
	picture, plain := dsr.Attachment{Name: "pas.jpg", MayBeCopy: true}, dsr.Attachment{Name: "agenda.ics"}
	forwarded, notices := []string{"F1#1"}, []string{"S7#1", "S7#2"}
	for name, test := range map[string]struct {
		enquiry dsr.Enquiry
		spam    string
		want    dsr.MailState
		reason  string
		letters []string
	}{
		"ordinary":                        {ordinary(), "PASS", dsr.MailOrdinary, "no-request", forwarded},
		"with a harmless file":            {ordinary(plain), "", dsr.MailOrdinary, "no-request", forwarded},
		"just small enough":               {fits, "PASS", dsr.MailOrdinary, "no-request", forwarded},
		"too large":                       {large, "PASS", dsr.MailPerson, "too-large", notices},
		"perhaps with a copy":             {ordinary(plain, picture), "PASS", dsr.MailPerson, "may-hold-copy", notices},
		"spam":                            {ordinary(), "FAIL", dsr.MailPerson, "spam", notices},
		"spam of a machine":               {machine("bulk"), "fail", dsr.MailPerson, "spam", notices},
		"an invoice of a machine":         {machine("no-reply-address", picture), "PASS", dsr.MailAutomatic, "no-reply-address", forwarded},
		"a bounce":                        {machine("bounce"), "PASS", dsr.MailAutomatic, "bounce", forwarded},
		"a web form":                      {machine("auto-generated", plain), "PASS", dsr.MailAutomatic, "auto-generated", forwarded},
		"a web form, perhaps with a copy": {machine("auto-generated", picture), "PASS", dsr.MailPerson, "may-hold-copy", notices},
		"our own letter":                  {machine("own-loop"), "FAIL", dsr.MailAutomatic, "own-loop", nil},
		"an answer to what was passed on": {answer, "PASS", dsr.MailAutomatic, "auto-reply", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeskOf(t, mx())
			mail, enquiry := d.begin("in1", test.enquiry)
			mail.Verdicts.Spam = test.spam
			must(t, d.receiving.Receive(t.Context(), d.now, mail, enquiry))
			got := d.mail("in1")
			if got.State != test.want || got.Reason != test.reason {
				t.Errorf("the mail ended as %q, %q", got.State, got.Reason)
			}
			if diff := cmp.Diff(test.letters, d.letterKinds(dsr.OwnerID{}, "in1")); diff != "" {
				t.Errorf("letters (-want +got):\n%s", diff)
			}
			due := d.now.Add(week)
			if test.want == dsr.MailPerson { // then somebody is reminded of it
				due = d.now.AddDate(0, 0, 3)
			}
			if !got.DueAt.Equal(due) {
				t.Errorf("the mail is due at %s", got.DueAt)
			}
		})
	}
}

func TestNothingIsPassedOnWhereTheProviderKeepsTheMailbox(t *testing.T) {
	for _, enquiry := range []dsr.Enquiry{ordinary(), ordinary(dsr.Attachment{MayBeCopy: true}), machine("bounce")} {
		d := newDesk(t)
		if mail := d.receive("in1", enquiry); mail.State == dsr.MailPerson || len(d.memory.AllLetters()) != 0 {
			t.Errorf("a mail of kind %s ended as %s with %d letters", enquiry.Kind, mail.State, len(d.memory.AllLetters()))
		}
	}
}

// forwarding gives a desk with a mail that waits to be passed on.
func forwarding(t *testing.T, level dsr.TrustLevel) *desk {
	t.Helper()
	d := newDeskOf(t, mx())
	d.objects.PutRaw("in1", []byte("From: ans\r\n\r\nhallo"))
	enquiry := ordinary()
	enquiry.Trust.Level = level
	d.receive("in1", enquiry)
	return d
}

func TestMailIsPassedOnAsItCame(t *testing.T) {
	for _, level := range []dsr.TrustLevel{dsr.TrustA, dsr.TrustC} {
		d := forwarding(t, level)
		d.send(passing("in1"))
		want := dsr.Message{To: []string{humanMailbox}, Raw: []byte("From: ans\r\n\r\nhallo"), Tag: "mail_in1_F1_1"}
		if diff := cmp.Diff([]dsr.Message{want}, d.posted); diff != "" {
			t.Errorf("the mail (-want +got):\n%s", diff)
		}
		content := d.composed[0]
		if content.Trust != level || content.To.Name != "Desk BV" || content.Token != "" || !content.Received.Equal(d.now) {
			t.Errorf("it is composed from %+v", content)
		}
		d.send(passing("in1"))
		if got := d.letter(passing("in1")); len(d.posted) != 1 || got.State != dsr.LetterPosted || !got.DueAt.IsZero() {
			t.Errorf("it left %d times; the letter is %q", len(d.posted), got.State)
		}
	}
}

// What becomes of a mail that cannot be passed on when it comes to that.
func TestMailThatCannotBePassedOnIsAPersons(t *testing.T) {
	for name, test := range map[string]struct {
		spoil  func(*desk)
		reason string
	}{
		"the mail is gone": {func(d *desk) { must(d.t, d.objects.Remove(d.t.Context(), "in1")) }, "missing"},
		"it is too large in the end": {func(d *desk) {
			d.sending.Forward = func(dsr.LetterContent, io.Reader) (dsr.Message, error) { return dsr.Message{}, dsr.ErrTooLarge }
		}, "too-large"},
		"SES calls it too large":   {func(d *desk) { d.postErr = fmt.Errorf("SES: %w", dsr.ErrTooLarge) }, "too-large"},
		"SES refuses it":           {func(d *desk) { d.postErr = fmt.Errorf("SES: %w", dsr.ErrUnsendable) }, "not-passed-on"},
		"nobody takes it any more": {func(d *desk) { d.sending.Rules.Profile.Intake.HumanMailbox = "" }, "not-passed-on"},
	} {
		t.Run(name, func(t *testing.T) {
			d := forwarding(t, dsr.TrustA)
			test.spoil(d)
			for range 2 { // the second time it is given up already
				if err := d.sending.Send(t.Context(), d.now, passing("in1")); d.letter(passing("in1")).State != dsr.LetterFailed {
					t.Fatalf("the letter is %q, %v", d.letter(passing("in1")).State, err)
				}
			}
			d.told("in1", test.reason)
		})
	}
}

// told fails the test unless staff hear of a mail once, for a reason, with a link
// to it.
func (d *desk) told(id, reason string) {
	d.t.Helper()
	if got := d.letterKinds(dsr.OwnerID{}, id); !slices.Equal(got, []string{"F1#1", "S7#1", "S7#2"}) {
		d.t.Fatalf("letters %v", got)
	}
	for n := 1; n <= 2; n++ {
		if notice := d.letter(ofMail(id, n)); notice.Reason != reason || notice.Purpose != dsr.OriginalMail || notice.State != dsr.LetterWaiting {
			d.t.Errorf("the notice is %+v, want reason %q", notice, reason)
		}
	}
}

func TestForwardThatCameBackIsAPersons(t *testing.T) {
	for _, reports := range [][]dsr.LetterState{
		{dsr.LetterReturned, dsr.LetterReturned}, {dsr.LetterArrived, dsr.LetterReturned, dsr.LetterArrived},
	} {
		d := forwarding(t, dsr.TrustA)
		d.send(passing("in1"))
		for _, report := range reports {
			d.record(passing("in1"), report)
		}
		d.told("in1", "not-passed-on")
	}
}

// A forward is given up for nothing that passes.
func TestForwardWaitsForWhatPasses(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*desk) (mend func())
		until time.Duration
	}{
		"SES is paused": {func(d *desk) func() {
			d.postErr = fmt.Errorf("SES: %w", dsr.DelayPaused)
			return func() { d.postErr = nil }
		}, 15 * time.Minute},
		"the bucket cannot be read": {func(d *desk) func() {
			open := d.sending.OpenRaw
			d.failing("OpenRaw", caseworktest.Before)
			return func() { d.sending.OpenRaw = open }
		}, casework.Lease},
		"the mail breaks off": {func(d *desk) func() {
			d.sending.Forward = func(dsr.LetterContent, io.Reader) (dsr.Message, error) { return dsr.Message{}, io.ErrUnexpectedEOF }
			return func() { d.sending.Forward = d.forward }
		}, casework.Lease},
	} {
		t.Run(name, func(t *testing.T) {
			d := forwarding(t, dsr.TrustA)
			mend := test.spoil(d)
			if err := d.sending.Send(t.Context(), d.now, passing("in1")); err == nil {
				t.Error("the fault was not told")
			}
			mend()
			d.now = d.now.Add(test.until)
			d.send(passing("in1"))
			if got := d.letterKinds(dsr.OwnerID{}, "in1"); len(d.posted) != 1 || len(got) != 1 {
				t.Errorf("it left %d times; letters %v", len(d.posted), got)
			}
		})
	}
}

// A mail is settled and its forward queued at once or not at all, whenever the
// function dies; and a forward that dies half-way leaves, or is told of.
func TestNoMailIsLostToACrashAtAnyCall(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for _, fault := range []error{nil, dsr.ErrTooLarge} {
			for at := 1; ; at++ {
				d := newDeskOf(t, mx())
				d.objects.PutRaw("in1", []byte("raw"))
				d.postErr = fault
				crashed := d.crash(at, phase)
				for range 4 { // SQS and sweep begin it again
					d.wayOn("in1")
					d.now = d.now.Add(15 * time.Minute)
				}
				if !*crashed {
					break
				}
				if passed := d.letter(passing("in1")); passed.State.Outstanding() {
					t.Errorf("crash %s call %d: the letter is %q", phase, at, passed.State)
				}
				if fault != nil {
					d.told("in1", "too-large")
				} else if n := len(d.posted); n < 1 || n > 2 { // a lost answer of the store may cost a second mail
					t.Errorf("crash %s call %d: it left %d times", phase, at, n)
				}
			}
		}
	}
}

// wayOn takes a mail in and passes it on, as far as it comes.
func (d *desk) wayOn(id string) {
	d.t.Helper()
	mail, err := d.receiving.Begin(d.t.Context(), d.now, dsr.Mail{ID: id, ArrivedAt: d.now})
	if err == nil && !mail.State.Terminal() {
		err = d.receiving.Receive(d.t.Context(), d.now, mail, ordinary())
	}
	if err == nil {
		err = d.sending.Send(d.t.Context(), d.now, passing(id))
	}
	if err != nil && !errors.Is(err, errPort) && !errors.Is(err, dsr.ErrTooLarge) {
		d.t.Error(err)
	}
}
