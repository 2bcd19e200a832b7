package casework_test

import (
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// another is somebody else on file.
func another() dsr.OnFile {
	other := theFile()
	other.Reference, other.Name, other.Contacts[1].Address = "K-78", "Jan", "jan@dossier.example"
	return other
}

// A letter may be on its way while somebody else is matched: its link is made
// after the new question, by clocks that differ, and is still about the old one.
func TestLinkClaimedAfterARematchWithTheOldAskingConfirmsNothing(t *testing.T) {
	for name, later := range map[string]time.Duration{"in the same second": 0, "later": 5 * time.Second, "much later": time.Hour} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, dsr.Access).until("matched")
			ref, sheet := o.newest(dsr.ConfirmLetter, "").Ref, o.sheet("els")
			o.meanwhile("Claim", func() { must(t, o.handling.MatchDataSubject(t.Context(), o.now, sheet, another())) })
			must(t, o.sending.Send(t.Context(), o.now.Add(later), ref))
			link := o.letter(ref).Link
			if asked := o.file(o.id).Work.AskedAt.Truncate(time.Second); link.IssuedAt.Before(asked) || link.ID == (dsr.LinkID{}) {
				t.Fatalf("the link of %s is older than the question of %s", link.IssuedAt, asked)
			}
			o.now = o.now.Add(later)
			if _, err := o.confirming.Look(t.Context(), link); !errors.Is(err, casework.ErrStale) {
				t.Errorf("its page opens: %v", err)
			}
			for _, mine := range []bool{true, false} {
				o.unmoved(casework.ErrStale, func() error { return o.confirming.Confirm(t.Context(), o.now, link, o.number(), mine) })
			}
			o.confirm(true) // whoever is asked now can answer
			if c := o.file(o.id); !c.Work.Confirmed || c.OnFile.Reference != "K-78" {
				t.Errorf("%+v", c.Work)
			}
		})
	}
}

// The old letter is still in the outbox when somebody else is asked.
func TestLetterOfAnOldAskingDoesNotLeaveInTheSameInstant(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	sheet := o.sheet("els")
	now := o.now
	must(t, o.handling.MatchDataSubject(t.Context(), now, sheet, theFile()))
	old := o.newest(dsr.ConfirmLetter, "").Ref
	sheet.Rev = o.file(o.id).Rev
	must(t, o.handling.MatchDataSubject(t.Context(), now, sheet, another()))
	o.send(old)
	if got := o.letter(old); got.State != dsr.LetterFailed || got.Link.ID != (dsr.LinkID{}) {
		t.Errorf("the letter to who is not asked any more is %s", got.State)
	}
	fresh := o.newest(dsr.ConfirmLetter, "").Ref
	o.send(fresh)
	if to := o.composed[len(o.composed)-1].To.Address; old == fresh || o.letter(fresh).Link.Asked != o.file(o.id).Work.Asked || to != "jan@dossier.example" {
		t.Errorf("letter %s to %s carries asking %d", fresh.Tag(), to, o.letter(fresh).Link.Asked)
	}
}

// A link of the case that asks nothing carries no asking.
func TestOnlyAQuestionCarriesItsAsking(t *testing.T) {
	o := newOffice(t, dsr.Access).until("matched")
	if link := o.link(dsr.Acknowledgement, ""); link.Asked != 0 {
		t.Errorf("the link to follow the case carries asking %d", link.Asked)
	}
}
