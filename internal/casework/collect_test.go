package casework_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// answered gives an office whose answer lies ready, and the link to it.
func answered(t *testing.T) (*office, dsr.Link) {
	t.Helper()
	o := newOffice(t, dsr.Access).until("approved")
	return o, o.link(dsr.AnswerLetter, "")
}

// shut fails the test unless a code does not open the answer.
func (o *office) shut(link dsr.Link, code string, want error) {
	o.t.Helper()
	before := o.file(o.id).Seq
	got, err := o.collecting.Open(o.t.Context(), o.now, link, code)
	if !errors.Is(err, want) || got.Found != nil || got.Number != "" || o.file(o.id).Seq != before {
		o.t.Errorf("it gave %d findings, %v; want %v", len(got.Found), err, want)
	}
}

// opens fails the test unless a code opens the answer.
func (o *office) opens(link dsr.Link, code string) {
	o.t.Helper()
	if got, err := o.collecting.Open(o.t.Context(), o.now, link, code); err != nil || len(got.Found) != 2 || got.To != first {
		o.t.Errorf("it gave %+v, %v", got, err)
	}
}

// other gives a code that is not this one.
func other(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

// A29: the link alone shows nothing.
func TestA29AnswerIsShownForItsCodeOnly(t *testing.T) {
	o, link := answered(t)
	c, err := o.collecting.Look(t.Context(), link)
	if err != nil || c.OnFile.Contacts != nil || c.Requester != (dsr.Requester{}) {
		t.Errorf("looking shows %+v, %v", c.Confidential, err)
	}
	o.shut(link, "", casework.ErrCode) // no code was sent
	code := o.freshCode(link)
	for _, near := range []string{other(code), code + "0", code[:5], "", " " + code} {
		o.shut(link, near, casework.ErrCode)
	}
	o.shut(link, code, casework.ErrLinkDead) // five tries, whatever the sixth
	if again := o.newest(dsr.AnswerLetter, "").Link; again.ID != link.ID {
		t.Fatal("another link")
	}
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els"))) // the way on
	renewed := o.link(dsr.AnswerLetter, "")
	o.opens(renewed, o.freshCode(renewed))
}

func TestCodeOpensTheAnswerForFifteenMinutes(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	sent := o.now
	o.now = sent.Add(15 * time.Minute)
	o.shut(link, code, casework.ErrCode)
	o.now = sent.Add(15*time.Minute - 1)
	o.opens(link, code)
}

func TestCodeOpensTheAnswerOnce(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	o.opens(link, code)
	o.shut(link, code, casework.ErrCode)
	o.opens(link, o.freshCode(link))
}

func TestCodeOfOneLinkIsNoneForAnother(t *testing.T) {
	o, link := answered(t)
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	second := o.link(dsr.AnswerLetter, "")
	code := o.freshCode(link)
	o.shut(second, code, casework.ErrCode)
	fresh := o.freshCode(second)
	if fresh != code {
		o.shut(second, code, casework.ErrCode)
	}
	o.opens(link, code)
	o.opens(second, fresh)
}

func TestNewCodeEndsTheEarlierOne(t *testing.T) {
	o, link := answered(t)
	one, two := o.freshCode(link), o.freshCode(link)
	if one == two {
		t.Fatal("one code twice")
	}
	o.shut(link, one, casework.ErrCode)
	o.opens(link, two)
}

func TestLinkHasFiveCodes(t *testing.T) {
	o, link := answered(t)
	for range 5 {
		o.opens(link, o.freshCode(link))
	}
	o.unmoved(dsr.NotNowCodes, func() error { return o.collecting.SendCode(t.Context(), o.now, link, o.number()) })
}

func TestCodeIsAskedWithTheNumberOfTheLetter(t *testing.T) {
	o, link := answered(t)
	for _, number := range []string{"", "AVG-2026-0002", "123456"} {
		o.unmoved(casework.ErrNumber, func() error { return o.collecting.SendCode(t.Context(), o.now, link, number) })
	}
}

// A mailbox that was taken over is not enough where the file knows another.
func TestA14CodeGoesToAnotherContactThanTheLetter(t *testing.T) {
	for contacts, want := range map[int]string{1: first, 2: second, 3: second} {
		o := newOffice(t, dsr.Access).until("read")
		who := theFile()
		who.Contacts = append([]dsr.Contact{who.Contacts[1], who.Contacts[0]}, dsr.Contact{Address: "ans@derde.example", Since: "2023-01-01"})[:contacts]
		must(t, o.handling.MatchDataSubject(t.Context(), o.now, o.sheet("els"), who))
		o.confirm(true)
		must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), twoFacts()))
		o.lookEverywhere()
		o.grantAll()
		must(t, o.submit("els", dsr.Answered))
		o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
		must(t, o.approve("hans"))
		link := o.link(dsr.AnswerLetter, "")
		o.freshCode(link)
		if to := o.composed[len(o.composed)-1].To.Address; to != want {
			t.Errorf("with %d contacts the code goes to %s", contacts, to)
		}
	}
}

func TestCodeStandsNowhereInClear(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	letter := o.newest(dsr.CodeLetter, "")
	stored, err := o.memory.Link(t.Context(), link.Owner, link.ID)
	must(t, err)
	history, err := o.memory.OpenHistory(t.Context(), casework.File{Case: o.file(o.id)})
	must(t, err)
	for name, text := range map[string]string{
		"letter": fmt.Sprintf("%+v %q", letter, letter.Sealed), "link": fmt.Sprintf("%+v %q", stored, stored.CodeHash),
		"history": fmt.Sprintf("%+v", history),
	} {
		if strings.Contains(text, code) {
			t.Errorf("the %s shows the code", name)
		}
	}
	if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(code) || letter.Purpose != "" || stored.Codes != 1 {
		t.Errorf("code %q, purpose %q, %d codes", code, letter.Purpose, stored.Codes)
	}
}

func TestCodeOfALetterOpensInNoOther(t *testing.T) {
	o, link := answered(t)
	o.freshCode(link)
	one := o.newest(dsr.CodeLetter, "")
	file, err := o.memory.File(t.Context(), o.id)
	must(t, err)
	file.Case.Seq++
	moved := dsr.Letter{Ref: ofCase(o.id, dsr.CodeLetter, 9), To: dsr.Addressee{Contact: 1}, State: dsr.LetterWaiting, Sealed: one.Sealed}
	event := dsr.Event{Seq: file.Case.Seq, Kind: "Moved", At: o.now}
	must(t, o.memory.Commit(t.Context(), casework.Change{File: file, Event: event, Letters: []dsr.Letter{moved}, At: o.now}))
	if err := o.sending.Send(t.Context(), o.now, moved.Ref); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("a code was moved to another letter: %v", err)
	}
}

func TestNothingIsCollectedBeforeAnAnswerOrWithoutOne(t *testing.T) {
	for _, until := range []string{"read", "decided", "reviewing"} {
		o := newOffice(t, dsr.Access).until(until)
		link := o.slip("gea", dsr.CollectAnswer)
		o.unmoved(casework.ErrLinkDead, func() error { return o.collecting.SendCode(t.Context(), o.now, link, o.number()) })
		o.shut(link, "000000", casework.ErrLinkDead)
	}
	o := newOffice(t, dsr.Erasure).until("approved") // it is not done yet
	o.shut(o.slip("gea", dsr.CollectAnswer), "000000", casework.ErrLinkDead)
	o, link := answered(t)
	follow := o.link(dsr.Acknowledgement, "")
	o.shut(follow, o.freshCode(link), casework.ErrLinkDead)
	follow.Purpose = dsr.CollectAnswer
	o.shut(follow, "000000", casework.ErrLinkDead)
}

func TestRefusalHasNothingToCollect(t *testing.T) {
	o := newOffice(t, dsr.Access).until("looked")
	must(t, o.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
	must(t, o.submit("els", dsr.Answered))
	o.enter("hans", o.link(dsr.ReviewNotice, "hans"))
	must(t, o.approve("hans"))
	o.shut(o.slip("gea", dsr.CollectAnswer), "000000", casework.ErrLinkDead)
}

// What is stored must be what was approved.
func TestAnswerThatChangedSinceItWasApprovedIsNotShown(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	o.collecting.ReadTasks = func(ctx context.Context, id dsr.OwnerID) ([]dsr.Task, error) {
		tasks, err := o.memory.ReadTasks(ctx, id)
		return tasks[:1], err
	}
	before := o.file(o.id).Seq
	got, err := o.collecting.Open(t.Context(), o.now, link, code)
	if err == nil || errors.Is(err, casework.ErrCode) || got.Found != nil || o.file(o.id).Seq != before {
		t.Errorf("it gave %+v, %v", got, err)
	}
	o.collecting.ReadTasks = o.memory.ReadTasks
	o.opens(link, code)
}

// A crash anywhere costs at most a try; it never shows twice or for nothing.
func TestCrashWhileOpeningCostsATryAndNoMore(t *testing.T) {
	for name, test := range map[string]struct {
		call  string
		phase caseworktest.Phase
		used  bool // the code is used up
	}{
		"before the try":                  {"Try", caseworktest.Before, false},
		"after the try":                   {"Try", caseworktest.After, false},
		"before the case is read":         {"File", caseworktest.Before, false},
		"between try and commit":          {"Commit", caseworktest.Before, false},
		"when the commit's reply is lost": {"Commit", caseworktest.After, true},
	} {
		t.Run(name, func(t *testing.T) {
			o, link := answered(t)
			code := o.freshCode(link)
			o.failing(test.call, test.phase)
			if got, err := o.collecting.Open(t.Context(), o.now, link, code); !errors.Is(err, errPort) || got.Found != nil {
				t.Fatalf("it gave %+v, %v", got, err)
			}
			if test.used {
				o.shut(link, code, casework.ErrCode)
				o.opens(link, o.freshCode(link))
			} else {
				o.opens(link, code)
			}
			o.whole()
		})
	}
}

func TestCrashesDoNotAddUpToMoreThanFiveTries(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	for range casework.MaxTries {
		o.failing("Commit", caseworktest.Before)
		if _, err := o.collecting.Open(t.Context(), o.now, link, code); !errors.Is(err, errPort) {
			t.Fatal(err)
		}
	}
	o.shut(link, code, casework.ErrLinkDead)
}

func TestLostReplyToAskingACodeLeavesTheCodeGood(t *testing.T) {
	o, link := answered(t)
	o.failing("Commit", caseworktest.After)
	if err := o.collecting.SendCode(t.Context(), o.now, link, o.number()); !errors.Is(err, errPort) {
		t.Fatal(err)
	}
	o.send(o.newest(dsr.CodeLetter, "").Ref)
	o.opens(link, o.composed[len(o.composed)-1].Code)
}

func TestOpeningThatIsOvertakenOpensAllTheSame(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	ref := o.newest(dsr.AnswerLetter, "").Ref
	o.meanwhile("Commit", func() { o.record(ref, dsr.LetterArrived) })
	o.opens(link, code)
	o.shut(link, code, casework.ErrCode)
}

func TestOfTwoCodesAskedAtOnceTheLastOpens(t *testing.T) {
	o, link := answered(t)
	var one string
	o.meanwhile("Commit", func() { one = o.freshCode(link) })
	two := o.freshCode(link)
	if stored, err := o.memory.Link(t.Context(), link.Owner, link.ID); err != nil || stored.Codes != 2 || one == two {
		t.Errorf("%d codes, %v", stored.Codes, err)
	}
	o.shut(link, one, casework.ErrCode)
	o.opens(link, two)
}

// L13.
func TestHundredPostsOfOneCodeOpenTheAnswerOnce(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	var posts sync.WaitGroup
	ends := make(chan error, 100)
	for range 100 {
		posts.Go(func() {
			_, err := o.collecting.Open(t.Context(), o.now, link, code)
			ends <- err
		})
	}
	posts.Wait()
	close(ends)
	won := 0
	for err := range ends {
		if err == nil {
			won++
		} else if !errors.Is(err, casework.ErrCode) && !errors.Is(err, casework.ErrLinkDead) {
			t.Errorf("one ended with %v", err)
		}
	}
	if won != 1 {
		t.Errorf("it opened %d times", won)
	}
}

func TestCodesAreDrawnFairly(t *testing.T) {
	o, link := answered(t)
	drawn := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xf1, 0x3d, 0x80, 0x00, 0x00, 0x00, 0x07}, make([]byte, 64)...)
	o.collecting.Random = bytes.NewReader(drawn) // 2^32-1 and 4294000000 would favour small codes
	if code := o.freshCode(link); code != "000007" {
		t.Errorf("the code is %s", code)
	}
	o.collecting.Random = strings.NewReader("")
	if err := o.collecting.SendCode(t.Context(), o.now, link, o.number()); err == nil {
		t.Error("a code was drawn from nothing")
	}
}
