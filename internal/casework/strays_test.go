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
)

// hundred is a store that takes what DynamoDB takes: a hundred rows in one
// transaction, the case, its event and its leaf among them.
type hundred struct {
	casework.Cases
	largest *int
	after   func(casework.Change) // of every change that was stored, unless nil
}

// Commit implements casework.Cases.
func (h hundred) Commit(ctx context.Context, change casework.Change) error {
	rows := len(change.Letters) + len(change.Tasks) + len(change.Enclosures)
	if change.AboutCase() {
		rows += 3
	}
	if *h.largest = max(*h.largest, rows); rows > 100 {
		return fmt.Errorf("a transaction of %d rows", rows)
	}
	err := h.Cases.Commit(ctx, change)
	if err == nil && h.after != nil {
		h.after(change)
	}
	return err
}

// holding adds files of a kind to the case, all kept.
func (o *office) holding(kind dsr.EnclosureKind, count int) (refs []dsr.EnclosureRef) {
	o.t.Helper()
	for n := range count {
		ref := dsr.EnclosureRef{Case: o.id, Kind: kind, ID: dsr.OwnerID{1, byte(n)}}
		one := dsr.Enclosure{Ref: ref, State: dsr.Kept, Arrived: o.now, System: "winkel", Right: dsr.Access, Size: 1}
		must(o.t, o.memory.Commit(o.t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: one}}, At: o.now}))
		refs = append(refs, ref)
	}
	return refs
}

// stray gives an office whose case was matched with another person, and the file
// of the first that could not be condemned.
func stray(t *testing.T, announced bool) (*parcels, dsr.EnclosureRef) {
	t.Helper()
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "van een ander")
	if !announced {
		p.upload(ref, "1")
		must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	}
	sheet := p.sheet("els")
	commits := 0
	p.onCall = func(call string, side caseworktest.Phase) error {
		if call == "Commit" && side == caseworktest.Before {
			if commits++; commits > 1 {
				return errPort // after the match itself
			}
		}
		return nil
	}
	must(t, p.handling.MatchDataSubject(t.Context(), p.now, sheet, another()))
	p.onCall = nil
	if p.file(p.id).OnFile.Name != "Jan" || p.row(ref).Ended() {
		t.Fatalf("the file is %s", p.row(ref).State)
	}
	return p, ref
}

// again takes the case of stray to where an answer can be drafted.
func (p *parcels) again() {
	p.t.Helper()
	p.confirm(true)
	must(p.t, p.handling.JudgeIdentity(p.t.Context(), p.now, p.sheet("els"), twoFacts()))
	p.lookEverywhere()
	p.grantAll()
}

func TestRematchWithEveryFileFitsItsTransactions(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	r.lookEverywhere()
	found, copies := r.holding(dsr.FoundFile, dsr.MaxFound), r.holding(dsr.IDCopyFile, 3*dsr.MaxIDCopies)
	largest := 0
	r.handling.Cases = hundred{r.memory, &largest, nil}
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), another()))
	for _, ref := range append(found, copies...) {
		if row := r.row(ref); !row.Ended() || row.Reason != "rematch" {
			t.Fatalf("after a rematch %s is %s, %q", ref.Tag(), row.State, row.Reason)
		}
	}
	if largest > 50 {
		t.Errorf("one change has %d rows: files go in small ones of their own", largest)
	}
}

// Whoever is asked again and again may send more copies than fit.
func TestNoCopyOutlivesARematchHoweverManyThereAre(t *testing.T) {
	r := newCopyRoom(t, "confirmed")
	r.lookEverywhere()
	copies := r.holding(dsr.IDCopyFile, 120)
	largest := 0
	r.handling.Cases = hundred{r.memory, &largest, func(change casework.Change) {
		for _, ref := range copies {
			if change.AboutCase() && !r.row(ref).Ended() {
				t.Errorf("%s is still there when the match stands", ref.Tag())
			}
		}
	}}
	must(t, r.handling.MatchDataSubject(t.Context(), r.now, r.sheet("els"), another()))
	for _, ref := range copies {
		if row := r.row(ref); !row.Ended() || row.Reason != "rematch" {
			t.Fatalf("%s is %s, %q", ref.Tag(), row.State, row.Reason)
		}
	}
	if largest > 100 {
		t.Errorf("one change has %d rows", largest)
	}
}

// The match stands when the files could not be condemned after it: then nothing
// but their rows says whom they are of.
func TestFileThatWasFoundForSomebodyElseIsNoPartOfTheAnswer(t *testing.T) {
	p, ref := stray(t, false)
	p.again()
	if files := p.draft(dsr.Answered).Answer.Files; len(files) != 0 {
		t.Fatalf("the answer holds %+v", files)
	}
	p.add("winkel", "eigen", "2")
	files := p.draft(dsr.Answered).Answer.Files
	if len(files) != 1 || files[0].Name != "eigen" {
		t.Errorf("the answer holds %+v", files)
	}
	named, err := p.handling.FilesOf(t.Context(), p.id)
	must(t, err)
	if named[0].Ref != ref || named[0].Reason != "rematch" || named[1].Reason != "" {
		t.Errorf("staff see %+v", named)
	}
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	p.sweep()
	if p.row(ref).State != dsr.Destroyed {
		t.Errorf("a file that is removed is %s", p.row(ref).State)
	}
}

func TestFileThatWasFoundForSomebodyElseHoldsNoDraftUp(t *testing.T) {
	p, ref := stray(t, true)
	p.again()
	p.draft(dsr.Answered)
	p.upload(ref, "te laat")
	p.refuses(ref, "rematch")
}

func TestFilesThatWereFoundForSomebodyElseTakeNoRoom(t *testing.T) {
	p, _ := stray(t, false)
	strays := p.holding(dsr.FoundFile, dsr.MaxFound)
	for _, ref := range strays {
		row := p.row(ref)
		row.Arrived, row.Size = row.Arrived.Add(-time.Hour), dsr.MaxPackage
		move := casework.EnclosureMove{Prior: p.row(ref), Next: row}
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{move}, At: p.now}))
	}
	if ref := p.add("winkel", "eigen", "2"); p.row(ref).State != dsr.Kept {
		t.Errorf("the file is %s, %q", p.row(ref).State, p.row(ref).Reason)
	}
}

// The clock of the function that announces may be behind that of the one that
// matched: what is found after the match is of the new person all the same.
func TestFileOfTheNewPersonIsTheirsWhateverTheClocksSay(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	must(t, p.handling.MatchDataSubject(t.Context(), p.now.Add(time.Hour), p.sheet("els"), another()))
	p.confirm(true)
	must(t, p.handling.JudgeIdentity(t.Context(), p.now, p.sheet("els"), twoFacts()))
	p.lookEverywhere()
	p.grantAll()
	p.add("winkel", "eigen", "2")
	if files := p.draft(dsr.Answered).Answer.Files; len(files) != 1 {
		t.Errorf("the answer holds %d files", len(files))
	}
}

// A file may be announced while the match is being made: it is of the first
// person when its event comes first, and refused as stale when it does not.
func TestFileAnnouncedDuringARematchIsOfTheFirstPerson(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	sheet, late := p.sheet("els"), p.now.Add(time.Minute)
	var ref dsr.EnclosureRef
	p.meanwhile("Commit", func() {
		var err error
		ref, err = p.handling.AnnounceFile(t.Context(), late, sheet, "winkel", dsr.Access, "van een ander")
		must(t, err)
	})
	err := p.handling.MatchDataSubject(t.Context(), p.now, sheet, another())
	if !errors.Is(err, casework.ErrStale) {
		t.Fatalf("matching on a page from before gave %v", err)
	}
	must(t, p.handling.MatchDataSubject(t.Context(), p.now, p.sheet("els"), another()))
	if row := p.row(ref); row.State != dsr.Condemned || row.Reason != "rematch" {
		t.Errorf("the file is %s, %q", row.State, row.Reason)
	}
}

func TestFileThatGoesOnDuringARematchIsCondemnedAllTheSame(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "van een ander")
	p.upload(ref, "1")
	sheet, commits := p.sheet("els"), 0
	p.onCall = func(call string, side caseworktest.Phase) error {
		if call == "Commit" && side == caseworktest.Before {
			if commits++; commits == 2 { // the first is the match
				p.onCall = nil
				move := casework.EnclosureMove{Prior: p.row(ref), Next: p.row(ref)}
				move.Next.Begin("case/x/y", p.now.Add(time.Minute))
				must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{move}, At: p.now}))
			}
		}
		return nil
	}
	must(t, p.handling.MatchDataSubject(t.Context(), p.now, sheet, another()))
	if row := p.row(ref); row.State != dsr.Condemned {
		t.Errorf("the file is %s", row.State)
	}
}
