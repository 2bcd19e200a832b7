package casework_test

import (
	"errors"
	"fmt"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

func TestCopyIsAskedOnlyWhenThePolicySaysSo(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	letter := r.newest(dsr.CopyLetter, "")
	if c := r.file(r.id); !c.TakesCopy() || letter.To.Contact != 1 || letter.Reason != "" || letter.Purpose != dsr.UploadIDCopy {
		t.Errorf("the letter is %+v", letter)
	}
	for name, o := range map[string]*office{
		"on doubt":          newOffice(t, dsr.Access).until("confirmed"),
		"no copy asked":     newOfficeOf(t, asksFirst(), dsr.Rectification).until("confirmed"),
		"not theirs, asked": newOfficeOf(t, asksFirst(), dsr.Access).until("matched"),
	} {
		if c := o.file(o.id); c.TakesCopy() || o.kinds(o.id)["M04"] != 0 {
			t.Errorf("%s: a copy is asked", name)
		}
	}
}

func TestContactCanSayYesAfterAVerdictThatNeededNoYes(t *testing.T) {
	profile := asksFirst()
	profile.Identity.Rights = map[string][]organisation.Means{
		string(dsr.Access):             {organisation.MeansMailbox, organisation.MeansIDCopy},
		string(dsr.ObjectionMarketing): {organisation.MeansNone},
	}
	o := newOfficeOf(t, profile, dsr.Access, dsr.ObjectionMarketing).until("matched")
	must(t, o.handling.JudgeIdentity(t.Context(), o.now, o.sheet("els"), casework.Proof{}))
	o.confirm(true)
	if c := o.file(o.id); !c.Work.Confirmed || c.Work.Identity != dsr.IdentitySure || c.TakesCopy() || o.kinds(o.id)["M04"] != 0 {
		t.Errorf("the case is %+v", c.Work)
	}
}

// R15: a copy is asked on doubt after somebody wrote down why they doubt, and
// never of whoever was believed before.
func TestR15CopyIsAskedAfterADoubtWasWrittenDown(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	ask := func(sheet casework.Sheet) func() error {
		return func() error { return o.handling.AskCopy(t.Context(), o.now, sheet) }
	}
	o.unmoved(dsr.NotNowNotReady, ask(o.sheet("els")))
	o.confirm(true)
	o.unmoved(dsr.NotNowReason, ask(o.sheet("els")))
	must(t, o.handling.DoubtIdentity(t.Context(), o.now, o.sheet("els"), "stem klonk anders"))
	must(t, ask(o.sheet("els"))())
	if c := o.file(o.id); !c.TakesCopy() || c.Work.Identity != "" || o.newest(dsr.CopyLetter, "").Reason != "doubt" {
		t.Errorf("the case is %+v", c.Work)
	}
	must(t, ask(o.sheet("els"))()) // once more: the doubt stands written
	if o.kinds(o.id)["M04"] != 2 {
		t.Errorf("letters %v", o.kinds(o.id))
	}
	r := copyRoomOf(o)
	ref := r.kept()
	if _, err := r.lookAt("els", ref); err != nil {
		t.Fatal(err)
	}
	must(t, r.judgeBy("els", ref))
	o.unmoved(dsr.NotNowNotReady, ask(o.sheet("els")))
	other := newOfficeOf(t, asksFirst(), dsr.Rectification).until("confirmed")
	sheet := other.sheet("els")
	other.unmoved(dsr.NotNowCopyUnasked, func() error { return other.handling.AskCopy(t.Context(), other.now, sheet) })
}

func TestLetterThatAsksForACopyIsNotSentWhenItsQuestionHasGoneBy(t *testing.T) {
	for kind, prepare := range map[dsr.LetterKind]func(r *copyRoom){
		dsr.CopyLetter:      func(*copyRoom) {},
		dsr.CopyAgainLetter: func(r *copyRoom) { must(t, r.takeIn(r.upload("!blank"))) },
	} {
		r := newCopyRoom(t, "confirmed")
		prepare(r)
		must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
		letter := r.newest(kind, "")
		r.send(letter.Ref)
		if state := r.letter(letter.Ref).State; state != dsr.LetterFailed {
			t.Errorf("%s is %q", kind, state)
		}
	}
}

func TestLinkToSendACopyServesWhoWasAskedLast(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	uploading := casework.Uploading{Random: r.receiving.Random, Cases: r.memory, Letters: r.memory}
	link := r.link(dsr.CopyLetter, "")
	seq := r.file(r.id).Seq
	c, one, err := uploading.Look(t.Context(), link)
	must(t, err)
	_, two, err := uploading.Look(t.Context(), link)
	must(t, err)
	if one == two || one.Case != r.id || c.ID != r.id || one.Original() != fmt.Sprintf("incoming/%s/%s", r.id, one.ID) || r.file(r.id).Seq != seq {
		t.Errorf("%v and %v", one, two)
	}
	for _, rule := range dsr.PurposeRules() { // L15
		if bent := link; rule.Purpose != dsr.UploadIDCopy {
			bent.Purpose = rule.Purpose
			if _, _, err := uploading.Look(t.Context(), bent); !errors.Is(err, casework.ErrLinkDead) {
				t.Errorf("%s: %v", rule.Purpose, err)
			}
		}
	}
	if _, _, err := uploading.Look(t.Context(), r.link(dsr.Acknowledgement, "")); !errors.Is(err, casework.ErrLinkDead) {
		t.Errorf("a link to follow: %v", err)
	}
	other := theFile()
	other.Reference = "K-78"
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), other))
	refused := func(why string, link dsr.Link) {
		t.Helper()
		if _, _, err := uploading.Look(t.Context(), link); !errors.Is(err, dsr.NotNowCopyUnasked) {
			t.Errorf("%s: %v", why, err)
		}
	}
	refused("somebody else, not asked", link)
	r.confirm(true)
	refused("somebody else, asked", link)
	fresh := r.link(dsr.CopyLetter, "")
	if _, _, err := uploading.Look(t.Context(), fresh); err != nil {
		t.Errorf("their own link: %v", err)
	}
	must(t, r.handling.JudgeIdentity(t.Context(), r.now, r.sheet("els"), twoFacts()))
	refused("after the verdict", fresh)
}
