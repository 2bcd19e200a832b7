package casework_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// deliver gives the answer in another way.
func (o *office) deliver() {
	o.t.Helper()
	must(o.t, o.handling.DeliverOtherwise(o.t.Context(), o.now, o.sheet("els"), "per post"))
}

func TestAnswerLetterThatWaitsIsNotSentOnceTheAnswerWasGivenOtherwise(t *testing.T) {
	for name, held := range map[string]func(o *office, ref dsr.LetterRef){
		"it waits": func(*office, dsr.LetterRef) {},
		"it was put off": func(o *office, ref dsr.LetterRef) {
			o.postErr = dsr.DelayPaused
			if err := o.sending.Send(o.t.Context(), o.now, ref); err == nil {
				o.t.Error("the delay was not told")
			}
			o.postErr = nil
		},
		"its sender died": func(o *office, ref dsr.LetterRef) {
			o.postErr = errPort
			if err := o.sending.Send(o.t.Context(), o.now, ref); !errors.Is(err, errPort) {
				o.t.Error(err)
			}
			o.postErr = nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access).until("approved")
			ref := o.newest(dsr.AnswerLetter, "").Ref
			held(o, ref)
			o.deliver()
			sent := len(o.posted)
			o.now = o.now.Add(time.Hour)
			o.send(ref)
			if letter := o.letter(ref); letter.State != dsr.LetterFailed || len(o.posted) != sent {
				t.Errorf("the letter is %s, %d left", letter.State, len(o.posted)-sent)
			}
			if c := o.file(o.id); c.State != dsr.Closed || len(c.Work.Undelivered) != 0 || o.kinds(o.id)["S5"] != 0 {
				t.Errorf("the case is %s, missed are %v, letters %v", c.State, c.Work.Undelivered, o.kinds(o.id))
			}
			o.whole()
		})
	}
}

func TestCodeThatWaitsIsNotSentOnceTheAnswerWasGivenOtherwise(t *testing.T) {
	o, link := answered(t)
	must(t, o.collecting.SendCode(t.Context(), o.now, link, o.number()))
	o.deliver()
	ref := o.newest(dsr.CodeLetter, "").Ref
	if o.send(ref); o.letter(ref).State != dsr.LetterFailed {
		t.Errorf("the letter is %s", o.letter(ref).State)
	}
}

func TestEarlierLinksDieWhenTheAnswerIsGivenOtherwise(t *testing.T) {
	o, link := answered(t)
	code := o.freshCode(link)
	o.deliver()
	if _, err := o.collecting.Look(t.Context(), link); !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("the link gives %v", err)
	}
	o.shut(link, code, casework.ErrLinkDead)
}

// Its reader has the answer: what becomes of the letter is no news, and opens
// nothing.
func TestBounceAfterTheAnswerWasGivenOtherwiseIsNoNews(t *testing.T) {
	for _, report := range []dsr.LetterState{dsr.LetterReturned, dsr.LetterArrived} {
		o, ref := left(t)
		o.deliver()
		o.record(ref, report)
		c := o.file(o.id)
		if c.State != dsr.Closed || c.Work.Outcome != dsr.Answered || len(c.Work.Undelivered) != 0 || o.kinds(o.id)["S5"] != 0 || o.closings() != 0 {
			t.Errorf("%s: the case is %s, closed %d times by letters %v", report, c.State, o.closings(), o.kinds(o.id))
		}
		o.whole()
	}
}

func TestAnswerThatIsRenewedAfterItWasGivenOtherwiseGoesAsAnyOther(t *testing.T) {
	o, _ := left(t)
	o.deliver()
	must(t, o.handling.RenewAnswer(t.Context(), o.now, o.sheet("els")))
	link := o.link(dsr.AnswerLetter, "")
	o.opens(link, o.freshCode(link))
	o.record(o.newest(dsr.AnswerLetter, "").Ref, dsr.LetterReturned)
	if c := o.file(o.id); c.State != dsr.Answering || len(c.Work.Undelivered) != 1 {
		t.Errorf("it came back, and the case is %s, missed are %v", c.State, c.Work.Undelivered)
	}
	o.whole()
}

// ended wants a file to be taken away, and nothing to lie of it after parcel's turn.
func (p *parcels) ended(ref dsr.EnclosureRef) {
	p.t.Helper()
	if row := p.row(ref); row.State != dsr.Condemned || row.Reason != "overtaken" || row.DueAt.After(p.now) {
		p.t.Errorf("the %s is %s, %q, due %s", ref.Kind, row.State, row.Reason, row.DueAt)
	}
	paths := p.row(ref).Paths
	p.settle(2)
	for _, path := range paths {
		if _, _, err := p.objects.OpenFile(context.Background(), path); !errors.Is(err, casework.ErrNotFound) {
			p.t.Errorf("the %s still lies there (%v)", ref.Kind, err)
		}
	}
	if row := p.row(ref); row.State != dsr.Destroyed {
		p.t.Errorf("the %s is %s in the end", ref.Kind, row.State)
	}
}

func TestPackageThatIsAnnouncedIsNotBuiltOnceTheAnswerWasGivenOtherwise(t *testing.T) {
	p := withFiles(t, dsr.Access)
	ref := p.newestOf(dsr.PackageFile).Ref
	p.deliver()
	p.ended(ref)
	if p.answers() != 0 || p.happened(dsr.PackageBuilt) != 0 {
		t.Errorf("%d letters left, %d packages were built", p.answers(), p.happened(dsr.PackageBuilt))
	}
	p.whole()
}

func TestPackageAndHandoutEndWhenTheAnswerIsGivenOtherwise(t *testing.T) {
	p := built(t)
	link := p.link(dsr.AnswerLetter, "")
	must(t, p.collecting.SendCode(t.Context(), p.now, link, p.number()))
	handout := p.newestOf(dsr.HandoutFile).Ref
	must(t, p.packing.Attend(t.Context(), p.now, handout))
	p.deliver()
	for _, kind := range []dsr.EnclosureKind{dsr.PackageFile, dsr.HandoutFile} {
		if row := p.newestOf(kind); row.State != dsr.Condemned {
			t.Errorf("the %s is %s", kind, row.State)
		}
	}
	p.ended(p.newestOf(dsr.PackageFile).Ref)
	if row := p.row(handout); row.State != dsr.Destroyed {
		t.Errorf("the handout is %s", row.State)
	}
	// What was found is kept with the case: whoever asks once more gets it.
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	p.settle(1)
	if p.answers() != 2 || p.newestOf(dsr.PackageFile).State != dsr.Kept {
		t.Errorf("%d letters; the package is %s", p.answers(), p.newestOf(dsr.PackageFile).State)
	}
	p.whole()
}

func TestPackageInTheMakingIsLostWhenTheAnswerIsGivenOtherwise(t *testing.T) {
	p := withFiles(t, dsr.Access)
	ref := p.newestOf(dsr.PackageFile).Ref
	p.onCall = func(call string, phase caseworktest.Phase) error {
		if call == "PutFile" && phase == caseworktest.After {
			p.onCall = nil
			p.deliver()
		}
		return nil
	}
	must(t, p.packing.Attend(t.Context(), p.now, ref))
	if p.onCall != nil || p.answers() != 0 || p.row(ref).State != dsr.Condemned {
		t.Errorf("%d letters left; the package is %s", p.answers(), p.row(ref).State)
	}
	p.ended(ref)
}

// A row that was announced for the answer of before builds nothing, however it
// came to stand there.
func TestNoAnswerWaitsForAPackageFromBeforeItWasGivenOtherwise(t *testing.T) {
	for name, test := range map[string]struct {
		arrived time.Duration // after the answer was given
		want    dsr.EnclosureState
	}{"before": {-time.Minute, dsr.TurnedDown}, "then": {0, dsr.Kept}, "after": {time.Minute, dsr.Kept}} {
		p := withFiles(t, dsr.Access)
		p.deliver()
		row := dsr.Enclosure{
			Ref:   dsr.EnclosureRef{Case: p.id, Kind: dsr.PackageFile, ID: dsr.OwnerID{9}},
			State: dsr.Announced, Arrived: p.file(p.id).Work.ClosedAt.Add(test.arrived), DueAt: p.now,
		}
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: row}}, At: p.now}))
		must(t, p.packing.Attend(t.Context(), p.now, row.Ref))
		if got := p.row(row.Ref); got.State != test.want {
			t.Errorf("%s: the package is %s, %q", name, got.State, got.Reason)
		}
	}
}
