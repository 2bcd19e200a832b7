package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// art. 12(4) GDPR: what is not erased is refused, with a reason.
func TestErasureIsNotGrantedWholeWhereSomethingIsKept(t *testing.T) {
	o := newOffice(t, dsr.Access, dsr.Erasure).until("looked")
	must(t, o.look("archief", dsr.Erasure, dsr.ToKeep, "facturen, zeven jaar"))
	o.grantAll()
	if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowKept) {
		t.Errorf("the answer says that all is erased: %v", err)
	}
	sheet := o.sheet("els")
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: [32]byte{1}, ThirdParties: true}
	o.unmoved(dsr.NotNowKept, func() error { return o.handling.Submit(t.Context(), o.now, sheet, proposal) })
	must(t, o.decideOn(dsr.Decision{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundLegalDuty}, "de wet"))
	o.draft(dsr.Answered)
}

// Some characters take five on a page.
func TestSizeOfAnAnswerIsCountedAsAPageWritesIt(t *testing.T) {
	for _, character := range []string{"<", ">", "&", `"`, "'"} {
		o := newOffice(t, dsr.Access).until("judged")
		must(t, o.look("archief", dsr.Access, dsr.NothingFound, ""))
		must(t, o.look("winkel", dsr.Access, dsr.Found, strings.Repeat(character, dsr.MaxAnswer/5)))
		o.grantAll()
		o.draft(dsr.Answered)
		must(t, o.look("winkel", dsr.Access, dsr.Found, strings.Repeat(character, dsr.MaxAnswer/5+1)))
		if _, err := o.handling.Draft(t.Context(), o.now, o.id, dsr.Answered); !errors.Is(err, dsr.NotNowText) {
			t.Errorf("%s: %v", character, err)
		}
	}
}

// The organisation's file may change while a draft waits: what lies there is
// then another answer.
func TestDraftThatLacksSomethingSinceIsStaleForTheReviewer(t *testing.T) {
	o := newOffice(t, dsr.Access).until("reviewing")
	rules := &o.reviewing.Answering.Rules
	rules.Profile.DataMap.Systems = append(rules.Profile.DataMap.Systems[:2:2], organisation.System{ID: "nieuw"})
	if _, _, err := o.reviewing.Review(t.Context(), o.now, o.sessions["hans"]); !errors.Is(err, casework.ErrStale) {
		t.Errorf("the page: %v", err)
	}
	for name, act := range o.reviewActs() {
		sheet := o.sheet("hans")
		t.Run(name, func(t *testing.T) { o.unmoved(casework.ErrStale, func() error { return act(sheet) }) })
	}
}

// rekeyed gives the files of cases with another key.
type rekeyed struct {
	casework.Cases
	key casework.DataKey
}

// File implements casework.Cases.
func (r rekeyed) File(ctx context.Context, id dsr.OwnerID) (casework.File, error) {
	file, err := r.Cases.File(ctx, id)
	file.Key = r.key
	return file, err
}

// The hash stands in clear: under its key nobody can try out what was found.
func TestHashOfAnAnswerDiffersPerKeyOfACase(t *testing.T) {
	o := newOffice(t, dsr.Access).until("read")
	must(t, o.handling.MatchNobody(t.Context(), o.now, o.sheet("els"), "gezocht"))
	draft := o.draft(dsr.Unlinked)
	plain, err := draft.Answer.Hash()
	must(t, err)
	key, err := o.sealer.NewKey(t.Context(), "CASE#other")
	must(t, err)
	o.handling.Cases = rekeyed{o.handling.Cases, key}
	if again := o.draft(dsr.Unlinked); again.Hash == draft.Hash || draft.Hash == plain || again.Hash == plain {
		t.Errorf("one hash under two keys, or under none: %x", draft.Hash)
	}
}
