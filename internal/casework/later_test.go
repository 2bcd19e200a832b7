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
	"polarweb.nl/inzage/internal/dsr"
)

// writesAgain lets the asker write a further mail, and gives what became of it.
func (o *office) writesAgain(id string, rights ...dsr.Right) dsr.Mail {
	o.t.Helper()
	return o.receive(id, asking(request(asker, "<"+id+"@elders>", dsr.TrustA), id, rights...))
}

// kinds counts the letters of a case by kind.
func (o *office) kinds(id dsr.OwnerID) map[string]int {
	counted := map[string]int{}
	for _, kind := range o.letterKinds(id, "") {
		kind, _, _ := strings.Cut(kind, "#")
		counted[kind]++
	}
	return counted
}

func TestMailAfterTheDecisionOpensACaseWithoutASecondReceipt(t *testing.T) {
	for _, until := range []string{"approved", "carried out"} {
		o := newOffice(t, dsr.Erasure).until(until)
		before := o.file(o.id)
		mail := o.writesAgain("in2", dsr.Access)
		if mail.Case == o.id || mail.State != dsr.MailCase {
			t.Fatalf("%s: the mail ended as %s in the decided case", until, mail.State)
		}
		if got := o.kinds(mail.Case); got["M01"] != 0 || got["S6"] != 2 {
			t.Errorf("%s: letters %v", until, got)
		}
		if after := o.file(o.id); after.Seq != before.Seq || after.State != before.State {
			t.Errorf("%s: the decided case changed", until)
		}
		if third := o.writesAgain("in3", dsr.Erasure); third.Case != mail.Case {
			t.Errorf("%s: a third mail of the day is in a case of its own", until)
		}
		o.whole()
	}
}

func TestMailAfterTheDayGetsAReceiptAgain(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("approved")
	opened := o.file(o.id).Opened
	for _, test := range []struct {
		id   string
		at   time.Time
		want int
	}{{"in2", opened.Add(24*time.Hour - 1), 0}, {"in3", opened.Add(48 * time.Hour), 1}} {
		o.now = test.at
		if mail := o.writesAgain(test.id, dsr.Access); o.kinds(mail.Case)["M01"] != test.want {
			t.Errorf("%s: letters %v", test.id, o.kinds(mail.Case))
		}
	}
}

func TestTwoMailsAtOnceAfterTheDecisionAreOneCase(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("approved")
	var inner dsr.Mail
	o.meanwhile("Commit", func() { inner = o.writesAgain("in3", dsr.Access) })
	outer := o.writesAgain("in2", dsr.Access)
	if inner.Case != outer.Case || inner.Case == o.id || len(o.memory.AllCases()) != 2 {
		t.Errorf("they are in %s and %s", inner.Case, outer.Case)
	}
}

func TestMailDuringTheReviewThatAsksMoreTakesTheDraftBack(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	acts := o.reviewActs()
	mail := o.writesAgain("in2", dsr.Erasure)
	c := o.file(o.id)
	if mail.Case != o.id || c.State != dsr.Received || !slices.Equal(c.Rights, []dsr.Right{dsr.Access, dsr.Erasure}) {
		t.Fatalf("the case is %s and asks %v", c.State, c.Rights)
	}
	for name, act := range acts {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) {
			if err := act(sheet); err == nil {
				t.Error("the draft of before was decided on")
			}
		})
	}
	if o.kinds(o.id)["S8"] != 2 {
		t.Errorf("letters %v", o.kinds(o.id))
	}
}

func TestCopyOfADecidedCasesMailIsLinkedToIt(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("carried out")
	o.send(o.newest(dsr.AnswerLetter, "").Ref)
	o.record(o.newest(dsr.AnswerLetter, "").Ref, dsr.LetterArrived)
	same := asking(request(asker, "<1@elders>", dsr.TrustA), "one", dsr.Erasure)
	other := asking(request(asker, "<1@elders>", dsr.TrustA), "other bytes", dsr.Erasure)
	before := o.file(o.id)
	for id, copied := range map[string]dsr.Enquiry{"in2": same, "in3": other} {
		if mail := o.receive(id, copied); mail.State != dsr.MailDuplicate || mail.Case != o.id {
			t.Errorf("%s ended as %s", id, mail.State)
		}
	}
	c := o.file(o.id)
	if c.State != dsr.Closed || c.Rev != before.Rev || len(o.memory.AllCases()) != 1 || o.kinds(o.id)["S6"] != 2 {
		t.Errorf("the case is %s at rev %d; letters %v", c.State, c.Rev, o.kinds(o.id))
	}
	o.whole()
}

func TestCopyThatAsksMoreOfADecidedCaseReachesStaff(t *testing.T) {
	o := newOffice(t, dsr.Erasure).until("carried out")
	before := o.file(o.id)
	o.receive("in2", asking(request(asker, "<1@elders>", dsr.TrustA), "other bytes", dsr.Erasure, dsr.Access))
	if c := o.file(o.id); c.Rev != before.Rev || len(c.Rights) != 1 || o.kinds(o.id)["S8"] != 2 {
		t.Errorf("rev %d, rights %v, letters %v", c.Rev, c.Rights, o.kinds(o.id))
	}
}

func TestMailAfterAWithdrawalOpensACase(t *testing.T) {
	o := newOffice(t, dsr.Access)
	must(t, o.confirming.Withdraw(t.Context(), o.now, o.link(dsr.Acknowledgement, ""), asker))
	mail := o.writesAgain("in2", dsr.Access)
	if mail.Case == o.id || o.kinds(mail.Case)["M01"] != 0 || o.kinds(mail.Case)["S6"] != 2 {
		t.Errorf("letters %v", o.kinds(mail.Case))
	}
}

// Letters that a case has overtaken end without a word to anybody.
func TestOvertakenLetterEndsQuietly(t *testing.T) {
	for name, test := range map[string]struct {
		profile func() *office
		kind    dsr.LetterKind
		happens func(*office)
	}{
		"the question, when nobody is on file after all": {
			func() *office { return newOffice(t, dsr.Access).until("matched") }, dsr.ConfirmLetter,
			func(o *office) { must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht")) },
		},
		"the question, when it was asked anew": {
			func() *office { return newOffice(t, dsr.Access).until("matched") }, dsr.ConfirmLetter,
			func(o *office) { must(t, o.handling.AskAgain(t.Context(), o.now, o.sheet("els"))) },
		},
		"the question, when somebody else is asked": {
			func() *office { return newOffice(t, dsr.Access).until("matched") }, dsr.ConfirmLetter,
			func(o *office) {
				other := theFile()
				other.Reference = "K-78"
				must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), other))
			},
		},
		"the question, when another mail asks for more": {
			func() *office { return newOffice(t, dsr.Access).until("matched") }, dsr.ConfirmLetter,
			func(o *office) { o.writesAgain("in2", dsr.Erasure) },
		},
		"the link to approve, when the draft came back": {
			func() *office { return newOffice(t, dsr.Access).until("reviewing") }, dsr.ReviewNotice,
			func(o *office) { must(t, o.reviewActs()["send back"](o.sheet("hans"))) },
		},
		"the link to approve, when another approved": {
			func() *office { return newOffice(t, dsr.Access).until("reviewing") }, dsr.ReviewNotice,
			func(o *office) { must(t, o.approve("hans")) },
		},
		"the warning, when the draft changed": {
			func() *office { return newOfficeOf(t, alone(), dsr.Access).until("submitted") }, dsr.WaitLetter,
			func(o *office) { must(t, o.look("winkel", dsr.Access, dsr.NothingFound, "")) },
		},
		"the warning, when another draft waits with one of its own": {
			func() *office { return newOfficeOf(t, alone(), dsr.Access).until("submitted") }, dsr.WaitLetter,
			func(o *office) { must(t, o.submit("els", dsr.Answered)) },
		},
		"the warning, when the request was withdrawn": {
			func() *office { return newOfficeOf(t, alone(), dsr.Access).until("submitted") }, dsr.WaitLetter,
			func(o *office) {
				must(t, o.confirming.Withdraw(t.Context(), o.now, o.link(dsr.Acknowledgement, ""), asker))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := test.profile()
			who := ""
			if test.kind == dsr.ReviewNotice {
				who = "gea"
			}
			ref := o.newest(test.kind, who).Ref
			test.happens(o)
			posted := len(o.posted)
			o.send(ref)
			if got := o.letter(ref); got.State != dsr.LetterFailed || !got.DueAt.IsZero() || got.Link.ID != (dsr.LinkID{}) {
				t.Errorf("the letter is %s, due %s", got.State, got.DueAt)
			}
			if events := o.events(o.id); events[len(events)-1] != dsr.LetterGivenUp || o.kinds(o.id)["S5"] != 0 || len(o.posted) != posted {
				t.Errorf("letters %v; the history ends with %s", o.kinds(o.id), events[len(events)-1])
			}
			o.send(ref)
			o.whole()
		})
	}
}

// Two sentences about one person must not both be true.
func TestYesOfTheContactTakesAnUnlinkedDraftBack(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	question := o.link(dsr.ConfirmLetter, "")
	must(t, o.submit("els", dsr.Unlinked))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	acts := o.reviewActs()
	must(t, o.confirming.Confirm(t.Context(), o.now, question, o.number(), true))
	for name, act := range acts {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrStale, func() error { return act(sheet) }) })
	}
	sheet := o.sheet("els")
	o.unmoved(dsr.NotNowNotReady, func() error { return o.handling.RenewReview(t.Context(), o.now, sheet) })
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Unlinked); !errors.Is(err, dsr.NotNowLinkable) {
		t.Errorf("they can still be told that they are nobody: %v", err)
	}
}

func TestLetterCarriesTheTokenOfItsOwnLinkAndNoOther(t *testing.T) {
	o, link := answered(t)
	o.freshCode(link)
	for _, content := range o.composed {
		stored := o.letter(content.Letter.Ref)
		want := ""
		if stored.Purpose != "" {
			want = fmt.Sprintf("token-%s-%s", stored.Purpose, stored.Link.ID)
		}
		if content.Token != want || (stored.Purpose == "") != (stored.Ref.Kind == dsr.CodeLetter) {
			t.Errorf("letter %s carries %q, want %q", stored.Ref.Tag(), content.Token, want)
		}
	}
}

func TestLetterThatIsReportedAsSentIsNotGivenUp(t *testing.T) {
	o := newOffice(t, dsr.Access)
	ref := o.newest(dsr.Acknowledgement, "").Ref
	o.sending.Post = func(context.Context, dsr.Message) (string, error) {
		o.record(ref, dsr.LetterPosted) // the report is faster than the reply, which is lost
		return "", dsr.ErrUnsendable
	}
	if err := o.sending.Send(t.Context(), o.now, ref); !errors.Is(err, dsr.ErrUnsendable) {
		t.Error(err)
	}
	if got := o.letter(ref); got.State != dsr.LetterPosted || o.kinds(o.id)["S5"] != 0 {
		t.Errorf("the letter is %s; letters %v", got.State, o.kinds(o.id))
	}
}

func TestLetterToAContactWhoIsNotOnFileIsMissedByStaff(t *testing.T) {
	o, link := answered(t)
	must(t, o.collecting.SendCode(t.Context(), o.now, link, o.number()))
	ref := o.newest(dsr.CodeLetter, "").Ref
	o.sending.Cases = oneContact{o.memory}
	if err := o.sending.Send(t.Context(), o.now, ref); err == nil {
		t.Error("it was sent to nobody")
	}
	if got := o.letter(ref); got.State != dsr.LetterFailed || o.kinds(o.id)["S5"] != 2 {
		t.Errorf("the letter is %s; letters %v", got.State, o.kinds(o.id))
	}
}
