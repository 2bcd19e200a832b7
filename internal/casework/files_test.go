package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestAnnouncedFileWaitsForItsUpload(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	rev := p.file(p.id).Rev
	ref := p.announce("winkel", "  brief van Ans.pdf ")
	row := p.row(ref)
	if row.State != dsr.Announced || row.System != "winkel" || row.Right != dsr.Access || !row.DueAt.Equal(row.Arrived.Add(3600e9)) {
		t.Errorf("the row is %+v", row)
	}
	if ref.Original() != "found/"+p.id.String()+"/"+ref.ID.String() {
		t.Errorf("it is uploaded to %s", ref.Original())
	}
	if bytes := fmt.Sprintf("%+v %s", row, row.Sealed); strings.Contains(bytes, "Ans") {
		t.Error("its name stands in clear")
	}
	named, err := p.handling.FilesOf(t.Context(), p.id)
	if err != nil || len(named) != 1 || named[0].Name != "brief van Ans.pdf" || named[0].Ref != ref {
		t.Errorf("listed as %+v, %v", named, err)
	}
	if p.happened(dsr.FileAnnounced) != 1 || p.file(p.id).Rev <= rev {
		t.Error("the case does not know of it")
	}
}

// What a second person agreed on would not be what leaves.
func TestChangeOfFilesTakesTheDraftBack(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.add("winkel", "een", "1")
	for name, change := range map[string]func(){
		"announced": func() { p.upload(p.announce("winkel", "twee"), "2"); p.sweep() },
		"removed":   func() { must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref)) },
	} {
		must(t, p.submit("els", dsr.Answered))
		if change(); p.file(p.id).State != dsr.Working {
			t.Errorf("%s: the case is %s", name, p.file(p.id).State)
		}
	}
}

func TestFileIsOfASystemForARightThatIsAnsweredWithData(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access, dsr.Erasure)
	for name, test := range map[string]struct {
		system, name string
		right        dsr.Right
		want         error
	}{
		"no such system":    {"kelder", "a", dsr.Access, dsr.NotNowTasks},
		"not asked":         {"winkel", "a", dsr.Portability, dsr.NotNowNoRights},
		"nothing to show":   {"winkel", "a", dsr.Erasure, dsr.NotNowOutcome},
		"no name":           {"winkel", " \t", dsr.Access, dsr.NotNowText},
		"a name too long":   {"winkel", strings.Repeat("a", 256), dsr.Access, dsr.NotNowText},
		"a name of no text": {"winkel", "a\xff", dsr.Access, dsr.NotNowText},
	} {
		sheet := p.sheet("els")
		t.Run(name, func(t *testing.T) {
			p.unmoved(test.want, func() error {
				_, err := p.handling.AnnounceFile(t.Context(), p.now, sheet, test.system, test.right, test.name)
				return err
			})
		})
	}
	if rows := p.rows(dsr.FoundFile); len(rows) != 0 {
		t.Errorf("there are %d rows", len(rows))
	}
	_, err := p.handling.AnnounceFile(t.Context(), p.now, p.sheet("els"), "winkel", dsr.Access, strings.Repeat("a", 255))
	must(t, err)
}

func TestDecidedCaseTakesNoFiles(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.add("winkel", "een", "1")
	must(t, p.submit("els", dsr.Answered))
	p.enter("hans", p.link(dsr.ReviewNotice, "hans"))
	must(t, p.approve("hans"))
	sheet := p.sheet("els")
	p.unmoved(dsr.NotNowDecided, func() error {
		_, err := p.handling.AnnounceFile(t.Context(), p.now, sheet, "winkel", dsr.Access, "twee")
		return err
	})
	p.unmoved(dsr.NotNowDecided, func() error { return p.handling.RemoveFile(t.Context(), p.now, sheet, ref) })
	if p.row(ref).State != dsr.Kept {
		t.Error("the file is gone")
	}
}

func TestCaseTakesAHundredFiles(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	var last dsr.EnclosureRef
	for n := range dsr.MaxFound {
		last = p.announce("winkel", fmt.Sprint(n))
	}
	sheet := p.sheet("els")
	announce := func() error {
		_, err := p.handling.AnnounceFile(t.Context(), p.now, sheet, "winkel", dsr.Access, "nog een")
		return err
	}
	p.unmoved(dsr.NotNowTooManyFiles, announce)
	must(t, p.handling.RemoveFile(t.Context(), p.now, sheet, last))
	sheet = p.sheet("els")
	must(t, announce())
}

func TestDraftWaitsForFilesThatAreOnTheirWay(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	wants := func(want error) {
		t.Helper()
		if _, err := p.handling.Draft(t.Context(), p.now, p.id, dsr.Answered); !errors.Is(err, want) {
			t.Errorf("drafting gave %v, want %v", err, want)
		}
	}
	ref := p.announce("winkel", "een")
	wants(dsr.NotNowFiles)
	p.upload(ref, "1")
	p.failing("PutFile", "before")
	p.sweep()
	if p.row(ref).State != dsr.Arriving {
		t.Fatalf("the file is %s", p.row(ref).State)
	}
	wants(dsr.NotNowFiles)
	p.settle(1)
	wants(nil)
	ref = p.announce("winkel", "twee")
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	wants(nil)
}

// An answer must not say that a system holds nothing and bring a file from it.
func TestSystemThatHoldsNothingBringsNoFile(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.add("winkel", "een", "1")
	looked := casework.Looked{System: "winkel", Right: dsr.Access, Result: dsr.NothingFound}
	must(t, p.handling.LookInto(t.Context(), p.now, p.sheet("els"), looked))
	if _, err := p.handling.Draft(t.Context(), p.now, p.id, dsr.Answered); !errors.Is(err, dsr.NotNowContradicted) {
		t.Errorf("drafting gave %v", err)
	}
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	if _, err := p.handling.Draft(t.Context(), p.now, p.id, dsr.Answered); err != nil {
		t.Errorf("without the file drafting gave %v", err)
	}
}

func TestFilesArePartOfWhatIsApproved(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	before := p.draft(dsr.Answered).Hash
	ref := p.add("winkel", "een", "1")
	with := p.draft(dsr.Answered)
	if with.Hash == before || len(with.Answer.Files) != 1 || with.Answer.Files[0].Name != "een" || with.Answer.Files[0].Size != 1 {
		t.Errorf("the answer holds %+v", with.Answer.Files)
	}
	proposal := casework.Proposal{Outcome: dsr.Answered, Seen: before, ThirdParties: true}
	sheet := p.sheet("els")
	p.unmoved(casework.ErrStale, func() error { return p.handling.Submit(t.Context(), p.now, sheet, proposal) })
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	if p.draft(dsr.Answered).Hash != before {
		t.Error("a removed file is in the answer")
	}
}

func TestAnswerHoldsTheFilesOfGrantedRightsInOrder(t *testing.T) {
	p := newParcels(t, "looked", dsr.Access, dsr.Portability)
	for _, one := range []struct {
		system string
		right  dsr.Right
		name   string
	}{
		{"winkel", dsr.Portability, "e"},
		{"winkel", dsr.Access, "c"},
		{"archief", dsr.Access, "a"},
		{"winkel", dsr.Access, "d"},
		{"archief", dsr.Access, "b"},
	} {
		ref, err := p.handling.AnnounceFile(t.Context(), p.now, p.sheet("els"), one.system, one.right, one.name)
		must(t, err)
		p.upload(ref, one.name)
		must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	}
	names := func() (names []string) {
		for _, file := range p.draft(dsr.Answered).Answer.Files {
			names = append(names, file.Name)
		}
		return names
	}
	p.grantAll()
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, names()); diff != "" {
		t.Error(diff)
	}
	must(t, p.decideOn(dsr.Decision{Right: dsr.Access, Result: dsr.Refused, Ground: dsr.GroundExcessive}, "waarom"))
	if diff := cmp.Diff([]string{"e"}, names()); diff != "" {
		t.Error(diff)
	}
}

func TestAnswerFitsInOnePackage(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	one, two := p.add("winkel", "een", "1"), p.add("winkel", "twee", "2")
	resize := func(ref dsr.EnclosureRef, size int64) {
		prior := p.row(ref)
		next := prior
		next.Size = size
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Prior: prior, Next: next}}, At: p.now}))
	}
	resize(one, dsr.MaxPackage-1)
	resize(two, 1)
	p.draft(dsr.Answered)
	resize(two, 2)
	if _, err := p.handling.Draft(t.Context(), p.now, p.id, dsr.Answered); !errors.Is(err, dsr.NotNowTooManyFiles) {
		t.Errorf("too much was drafted: %v", err)
	}
}

func TestRemovedFileIsDestroyed(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.add("winkel", "een", "1")
	elsewhere := dsr.Enclosure{Ref: dsr.EnclosureRef{Case: dsr.OwnerID{9}, Kind: dsr.FoundFile, ID: ref.ID}, State: dsr.Kept}
	must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: elsewhere}}, At: p.now}))
	sheet := p.sheet("els")
	for name, other := range map[string]dsr.EnclosureRef{
		"of another case": elsewhere.Ref,
		"another":         {Case: ref.Case, Kind: dsr.FoundFile, ID: dsr.OwnerID{9}},
		"no such kind":    {Case: ref.Case, Kind: dsr.PackageFile, ID: ref.ID},
	} {
		t.Run(name, func(t *testing.T) {
			p.unmoved(casework.ErrNotFound, func() error { return p.handling.RemoveFile(t.Context(), p.now, sheet, other) })
		})
	}
	must(t, p.handling.RemoveFile(t.Context(), p.now, sheet, ref))
	if row := p.row(ref); row.Path() != "" || row.State != dsr.Condemned || p.happened(dsr.FileRemoved) != 1 {
		t.Errorf("the row is %+v", row)
	}
	sheet = p.sheet("els")
	p.unmoved(dsr.NotNowNotReady, func() error { return p.handling.RemoveFile(t.Context(), p.now, sheet, ref) })
	p.sweep()
	if lying := p.lying(); len(lying) != 0 || p.row(ref).State != dsr.Destroyed {
		t.Errorf("%q lie there; the row is %s", lying, p.row(ref).State)
	}
	p.settle(2)
	if row := p.row(ref); !row.DueAt.IsZero() {
		t.Errorf("it stays due: %+v", row)
	}
}

// What was found for somebody else must not come into this person's answer.
func TestFilesOfSomebodyElseAreTakenAway(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	kept, announced := p.add("winkel", "een", "1"), p.announce("winkel", "twee")
	who := theFile()
	must(t, p.handling.MatchDataSubject(t.Context(), p.now, p.sheet("els"), who))
	if p.row(kept).State != dsr.Kept {
		t.Error("the same person lost a file")
	}
	who.Reference = "K-78"
	must(t, p.handling.MatchDataSubject(t.Context(), p.now, p.sheet("els"), who))
	for _, ref := range []dsr.EnclosureRef{kept, announced} {
		if row := p.row(ref); row.State != dsr.Condemned || row.Reason != "rematch" {
			t.Errorf("the row is %s, %q", row.State, row.Reason)
		}
	}
	p.upload(announced, "te laat")
	p.sweep()
	if lying := p.lying(); len(lying) != 0 {
		t.Errorf("%q lie there", lying)
	}
}

func TestNamesOfFilesStandNowhereInClear(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	p.add("winkel", "kanarie.pdf", "1")
	ref := p.announce("winkel", "kanarie twee")
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	history, err := p.memory.History(t.Context(), p.id)
	must(t, err)
	for _, event := range history {
		if strings.Contains(fmt.Sprint(event.Facts), "kanarie") {
			t.Errorf("%s says %v", event.Kind, event.Facts)
		}
	}
	kinds := p.events(p.id)
	for _, kind := range []dsr.EventKind{dsr.FileAnnounced, dsr.FileSealed, dsr.FileRemoved} {
		if !slices.Contains(kinds, kind) {
			t.Errorf("there was no %s", kind)
		}
	}
}
