package casework_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// withFiles gives an office in which hans approved an answer with two files.
func withFiles(t *testing.T, rights ...dsr.Right) *parcels {
	t.Helper()
	p := newParcels(t, "decided", rights...)
	p.add("winkel", "een.pdf", strings.Repeat("een ", 300_000))
	p.add("archief", "twee.pdf", "twee")
	must(t, p.submit("els", dsr.Answered))
	p.enter("hans", p.link(dsr.ReviewNotice, "hans"))
	must(t, p.approve("hans"))
	return p
}

// built does the same, and builds the package.
func built(t *testing.T) *parcels {
	t.Helper()
	p := withFiles(t, dsr.Access)
	must(t, p.packing.Attend(t.Context(), p.now, p.newestOf(dsr.PackageFile).Ref))
	return p
}

// The letter says that the files are there, so it leaves when they are.
func TestAnswerWithFilesLeavesWhenItsPackageIsBuilt(t *testing.T) {
	p := withFiles(t, dsr.Access)
	row := p.newestOf(dsr.PackageFile)
	if p.answers() != 0 || row.State != dsr.Announced || p.file(p.id).State != dsr.Answering {
		t.Fatalf("%d letters; the package is %s", p.answers(), row.State)
	}
	must(t, p.packing.Attend(t.Context(), p.now, row.Ref))
	row = p.row(row.Ref)
	if p.answers() != 1 || row.State != dsr.Kept || p.happened(dsr.PackageBuilt) != 1 {
		t.Fatalf("%d letters; the package is %s", p.answers(), row.State)
	}
	if want := p.now.AddDate(0, 0, 30); !row.DueAt.Equal(want) || !strings.HasPrefix(row.Path(), "package/"+p.id.String()+"/") {
		t.Errorf("it ends at %s, lies at %s", row.DueAt, row.Path())
	}
	text := p.content(row)
	if !strings.HasPrefix(text, p.number()+" of ") || strings.Index(text, "twee.pdf (archief)") > strings.Index(text, "een.pdf (winkel)") {
		t.Errorf("it holds %.80s", text)
	}
	p.send(p.newest(dsr.AnswerLetter, "").Ref)
	if said := p.composed[len(p.composed)-1]; !said.Packed || !said.Collects {
		t.Errorf("the letter says that it is packed: %t, and collected: %t", said.Packed, said.Collects)
	}
	p.recorded()
	p.whole()
}

func TestAnswerWithoutFilesSaysSo(t *testing.T) {
	o, _ := answered(t)
	if said := o.composed[len(o.composed)-1]; said.Packed {
		t.Error("the letter speaks of files")
	}
}

func TestErasureIsCarriedOutBeforeItsPackageIsBuilt(t *testing.T) {
	p := withFiles(t, dsr.Access, dsr.Erasure)
	if rows := p.rows(dsr.PackageFile); len(rows) != 0 {
		t.Fatalf("there are %d packages", len(rows))
	}
	must(t, p.handling.CarryOut(t.Context(), p.now, p.sheet("els")))
	if p.answers() != 0 {
		t.Fatal("the letter left without its files")
	}
	p.settle(1)
	if p.answers() != 1 || p.newestOf(dsr.PackageFile).State != dsr.Kept {
		t.Errorf("%d letters", p.answers())
	}
}

func TestSecondEventBuildsNothing(t *testing.T) {
	p := built(t)
	row := p.newestOf(dsr.PackageFile)
	for range 3 {
		must(t, p.packing.Attend(t.Context(), p.now, row.Ref))
		must(t, p.packing.Build(t.Context(), p.now, row.Ref))
	}
	if again := p.row(row.Ref); again.Tries != 1 || p.answers() != 1 {
		t.Errorf("%d tries, %d letters", again.Tries, p.answers())
	}
	gone := dsr.EnclosureRef{Case: p.id, Kind: dsr.PackageFile, ID: dsr.OwnerID{9}}
	must(t, p.packing.Attend(t.Context(), p.now, gone)) // its case was purged
}

// fails lets every attempt at a package fail, and wants staff to hear of it once.
func (p *parcels) fails() {
	p.t.Helper()
	p.settle(3)
	row := p.rows(dsr.PackageFile)[0]
	if row.State != dsr.TurnedDown || row.Reason != "failed" || row.Tries != 3 || p.happened(dsr.PackageFailed) != 1 {
		p.t.Errorf("after %d tries the package is %s, %q", row.Tries, row.State, row.Reason)
	}
	if got := p.notices(); !slices.Equal(got, []string{casework.ReasonPackageFailed, casework.ReasonPackageFailed}) {
		p.t.Errorf("staff hear %q", got)
	}
	if p.answers() != 0 {
		p.t.Error("a letter left without its files")
	}
	p.recorded()
}

func TestPackageThatCannotBeBuiltReachesStaff(t *testing.T) {
	for name, spoil := range map[string]func(p *parcels){
		"the disk is full": func(p *parcels) { p.packing.Files = full{p.objects, 1 << 20} },
		"KMS refuses":      func(p *parcels) { p.packing.Cases = keyless{p.memory} },
		"an object is missing": func(p *parcels) {
			must(p.t, p.objects.RemoveFile(p.t.Context(), p.rows(dsr.FoundFile)[0].Path()))
		},
		"an object was changed": func(p *parcels) { p.objects.Damage(p.rows(dsr.FoundFile)[0].Path()) },
		"it cannot be packed": func(p *parcels) {
			p.packing.Pack = func(io.Writer, dsr.Answer, time.Time, casework.OpenAnswerFile) error { return errPort }
		},
		"the answer is not the approved one": func(p *parcels) {
			row := p.rows(dsr.FoundFile)[0]
			next := row
			next.Size++
			must(p.t, p.memory.Commit(p.t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Prior: row, Next: next}}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := withFiles(t, dsr.Access)
			spoil(p)
			p.fails()
		})
	}
}

// What writes the archive is not left standing half-way.
func TestPackingEndsWithItsAttempt(t *testing.T) {
	p := withFiles(t, dsr.Access)
	ended := false
	p.packing.Pack = func(to io.Writer, answer dsr.Answer, made time.Time, open casework.OpenAnswerFile) error {
		defer func() { ended = true }()
		return packPlainly(to, answer, made, open)
	}
	p.packing.Files = full{p.objects, 100}
	if err := p.packing.Build(t.Context(), p.now, p.newestOf(dsr.PackageFile).Ref); !errors.Is(err, errPort) || !ended {
		t.Errorf("it gave %v; packing ended: %v", err, ended)
	}
}

func TestFailedPackageIsBuiltAnewWhenStaffAsk(t *testing.T) {
	p := withFiles(t, dsr.Access)
	p.packing.Files = full{p.objects, 1 << 20}
	p.fails()
	p.packing.Files = p.objects
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	sheet := p.sheet("els")
	p.unmoved(dsr.NotNowPackage, func() error { return p.handling.RenewAnswer(t.Context(), p.now, sheet) })
	p.settle(1)
	if p.answers() != 1 || p.newestOf(dsr.PackageFile).State != dsr.Kept {
		t.Errorf("%d letters; the package is %s", p.answers(), p.newestOf(dsr.PackageFile).State)
	}
}

func TestRenewedAnswerHasThePackageThatIsThere(t *testing.T) {
	p := built(t)
	p.now = p.now.AddDate(0, 0, 10)
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	if len(p.rows(dsr.PackageFile)) != 1 || p.answers() != 2 {
		t.Fatalf("%d packages, %d letters", len(p.rows(dsr.PackageFile)), p.answers())
	}
	p.send(p.newest(dsr.AnswerLetter, "").Ref)
	if said := p.composed[len(p.composed)-1]; !said.Packed {
		t.Error("the letter does not speak of the files")
	}
}

// A package ends; the file of the case is kept for longer.
func TestAnswerIsPackedAnewAfterItsPackageEnded(t *testing.T) {
	p := built(t)
	p.record(p.newest(dsr.AnswerLetter, "").Ref, dsr.LetterArrived)
	p.now = p.newestOf(dsr.PackageFile).DueAt.Add(-time.Hour)
	p.settle(3)
	if row := p.newestOf(dsr.PackageFile); row.State != dsr.Destroyed || p.happened(dsr.PackageEnded) != 1 {
		t.Fatalf("the package is %s", row.State)
	}
	if lying := strings.Join(p.lying(), " "); strings.Contains(lying, "package/") || strings.Count(lying, "case/") != 2 {
		t.Errorf("%q lie there", lying)
	}
	must(t, p.handling.RenewAnswer(t.Context(), p.now, p.sheet("els")))
	if p.answers() != 1 {
		t.Error("the letter left before the package")
	}
	p.settle(1)
	if row := p.newestOf(dsr.PackageFile); row.State != dsr.Kept || p.answers() != 2 || p.file(p.id).State != dsr.Closed {
		t.Errorf("the package is %s, %d letters", row.State, p.answers())
	}
}

func TestPackageThatNobodyWaitsForIsNotBuilt(t *testing.T) {
	p := newParcels(t, "matched", dsr.Access)
	ref := dsr.EnclosureRef{Case: p.id, Kind: dsr.PackageFile, ID: dsr.OwnerID{9}}
	row := dsr.Enclosure{Ref: ref, State: dsr.Announced, Arrived: p.now, DueAt: p.now}
	must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: row}}, At: p.now}))
	must(t, p.packing.Build(t.Context(), p.now, ref))
	if row := p.row(ref); row.Reason != "overtaken" || p.answers() != 0 || len(p.notices()) != 0 {
		t.Errorf("the package is %s, %q", row.State, row.Reason)
	}
}

// Two attempts began before either could store its row.
func TestOfTwoAttemptsAtAPackageOneSendsTheLetter(t *testing.T) {
	p := withFiles(t, dsr.Access)
	ref := p.newestOf(dsr.PackageFile).Ref
	p.meanwhile("Commit", func() { must(t, p.packing.Build(t.Context(), p.now, ref)) })
	must(t, p.packing.Build(t.Context(), p.now, ref))
	if row := p.row(ref); row.Tries != 1 || p.answers() != 1 {
		t.Errorf("%d tries, %d letters", row.Tries, p.answers())
	}
	p = withFiles(t, dsr.Access)
	ref = p.newestOf(dsr.PackageFile).Ref
	began := p.now
	p.meanwhile("PutFile", func() {
		p.now = p.now.Add(20 * time.Minute)
		must(t, p.packing.Build(t.Context(), p.now, ref))
	})
	must(t, p.packing.Build(t.Context(), began, ref))
	row := p.row(ref)
	if p.answers() != 1 || p.happened(dsr.PackageBuilt) != 1 || slices.Contains(p.lying(), row.Paths[0]) || p.content(row) == "" {
		t.Errorf("%d letters; %q lie there", p.answers(), p.lying())
	}
}

// Whatever call fails, on whichever side: in the end one package is kept, and
// one letter leaves.
func TestBuildingSurvivesEveryFault(t *testing.T) {
	want := ""
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p := withFiles(t, dsr.Access)
			ref := p.newestOf(dsr.PackageFile).Ref
			p.now = p.row(ref).DueAt
			failed := p.failAt(n, phase)
			p.sweep()
			if !*failed {
				if n < 10 {
					t.Errorf("only %d calls", n)
				}
				break
			}
			p.recorded()
			p.settle(3)
			row := p.row(ref)
			if row.State != dsr.Kept || p.happened(dsr.PackageBuilt) != 1 || p.answers() != 1 || len(p.notices()) != 0 {
				t.Fatalf("call %d %s: the package is %s, %d letters", n, phase, row.State, p.answers())
			}
			text := p.content(row)
			if want == "" {
				want = text
			}
			if text[strings.Index(text, "\n"):] != want[strings.Index(want, "\n"):] {
				t.Errorf("call %d %s: another package", n, phase)
			}
			p.recorded()
			p.whole()
		}
	}
}

// The same for its end: it is told once, and nothing lies there in the end.
func TestEndingSurvivesEveryFault(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p := built(t)
			row := p.newestOf(dsr.PackageFile)
			p.now = row.DueAt
			failed := p.failAt(n, phase)
			p.sweep()
			if !*failed {
				break
			}
			p.objects.Place(row.Paths[0], []byte("an attempt that stalled"))
			p.settle(3)
			if after := p.row(row.Ref); after.State != dsr.Destroyed || !after.DueAt.IsZero() || p.happened(dsr.PackageEnded) != 1 {
				t.Fatalf("call %d %s: the package is %s, due %s", n, phase, after.State, after.DueAt)
			}
			if slices.Contains(p.lying(), row.Paths[0]) {
				t.Fatalf("call %d %s: it lies there", n, phase)
			}
		}
	}
}

// keyless is a store whose keys KMS does not open.
type keyless struct{ *caseworktest.Memory }

// File implements casework.Cases.
func (keyless) File(context.Context, dsr.OwnerID) (casework.File, error) {
	return casework.File{}, fmt.Errorf("KMS refuses: %w", errors.ErrUnsupported)
}
