package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

func TestUploadIsSealedAndItsOriginalRemoved(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	big := strings.Repeat("geheim ", 400_000)
	for _, content := range []string{"x", big} {
		row := p.row(p.add("winkel", "een", content))
		if row.State != dsr.Kept || p.content(row) != content || !row.DueAt.IsZero() {
			t.Errorf("%d bytes became %s, due %s", len(content), row.State, row.DueAt)
		}
		if !strings.HasPrefix(row.Path(), "case/"+p.id.String()+"/") {
			t.Errorf("it lies at %s", row.Path())
		}
	}
	if lying := p.lying(); len(lying) != 2 || p.happened(dsr.FileSealed) != 2 {
		t.Errorf("%q lie there", lying)
	}
	stored, err := p.objects.Get(t.Context(), p.rows(dsr.FoundFile)[1].Path())
	if err != nil || strings.Contains(string(stored), "geheim") || int64(len(stored)) != casework.SealedSize(int64(len(big))) {
		t.Errorf("%d bytes lie there in clear, %v", len(stored), err)
	}
	p.whole()
}

// refuses fails the test unless a file is refused with a reason, nothing of it
// lies anywhere, and staff heard of it in a way.
func (p *parcels) refuses(ref dsr.EnclosureRef, reason string, notices ...string) {
	p.t.Helper()
	must(p.t, p.packing.TakeIn(p.t.Context(), p.now, ref))
	row := p.row(ref)
	if row.State != dsr.TurnedDown || row.Reason != reason {
		p.t.Errorf("the file is %s, %q", row.State, row.Reason)
	}
	if slices.Contains(p.lying(), ref.Original()) {
		p.t.Error("its original lies there")
	}
	if p.happened(dsr.FileRefused) != 1 {
		p.t.Errorf("the history is %v", p.events(p.id))
	}
	if got := slices.Compact(p.notices()); !slices.Equal(got, notices) {
		p.t.Errorf("staff hear %q", got)
	}
	p.recorded()
	p.settle(3)
	if !p.row(ref).DueAt.IsZero() {
		p.t.Error("it stays due")
	}
}

func TestEmptyFileIsRefused(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "")
	p.refuses(ref, "empty", casework.ReasonFileRefused)
}

func TestFileThatIsTooLargeIsRefused(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.packing.Files = claiming{p.objects, dsr.MaxFoundBytes + 1}
	p.refuses(ref, "too-large", casework.ReasonFileRefused)
}

func TestFilesThatAreTooLargeTogetherAreRefused(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	p.add("winkel", "een", "12345")
	ref := p.announce("winkel", "twee")
	p.upload(ref, "1")
	p.packing.Files = claiming{p.objects, dsr.MaxPackage - 4}
	p.refuses(ref, "too-many", casework.ReasonFileRefused)
}

func TestMoreThanAHundredFilesAreRefused(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	for n := range dsr.MaxFound + 1 { // whatever let the last one pass
		ref := dsr.EnclosureRef{Case: p.id, Kind: dsr.FoundFile, ID: dsr.OwnerID{1, byte(n)}}
		row := dsr.Enclosure{Ref: ref, State: dsr.Announced, System: "winkel", Right: dsr.Access, Arrived: p.now, DueAt: p.now.Add(time.Hour)}
		must(t, p.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: row}}, At: p.now}))
	}
	ref := dsr.EnclosureRef{Case: p.id, Kind: dsr.FoundFile, ID: dsr.OwnerID{1}}
	p.upload(ref, "1")
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); row.Reason != "too-many" || len(p.lying()) != 0 {
		t.Errorf("the file is %s, %q", row.State, row.Reason)
	}
}

func TestFileThatNeverCameIsGivenUpAfterAnHour(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	due := p.row(ref).DueAt
	p.now = due.Add(-1)
	must(t, p.packing.Attend(t.Context(), p.now, ref))
	if p.row(ref).State != dsr.Announced {
		t.Error("it was given up before its time")
	}
	p.now = due
	p.refuses(ref, "never-came", casework.ReasonFileLost)
	p.upload(ref, "te laat")
	p.sweep()
	if len(p.lying()) != 0 || p.row(ref).State != dsr.TurnedDown {
		t.Error("it came after all")
	}
}

func TestFileThatWasLostIsGivenUp(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.failing("PutFile", caseworktest.Before)
	p.sweep()
	must(t, p.objects.RemoveFile(t.Context(), ref.Original())) // the bucket's own rule
	p.now = p.now.Add(time.Hour)
	p.refuses(ref, "lost", casework.ReasonFileLost)
}

func TestFileThatFailsEachAttemptIsRefused(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, strings.Repeat("x", 5<<20))
	p.packing.Files = full{p.objects, 2 << 20}
	for range 3 {
		if err := p.packing.TakeIn(t.Context(), p.now, ref); !errors.Is(err, errPort) {
			t.Fatalf("it gave %v", err)
		}
		p.now = p.now.Add(time.Hour)
	}
	p.refuses(ref, "failed", casework.ReasonFileRefused)
}

// Each attempt stored the file, and could not write that down.
func TestRefusedFileLeavesNothingOfItsAttempts(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	for range 3 {
		commits := 0
		p.onCall = func(call string, side caseworktest.Phase) error {
			if call == "Commit" && side == caseworktest.Before {
				if commits++; commits > 1 {
					return errPort
				}
			}
			return nil
		}
		p.sweep()
		p.onCall = nil
		p.now = p.now.Add(time.Hour)
	}
	if len(p.lying()) != 2 { // each attempt removed what the one before it stored
		t.Fatalf("%q lie there", p.lying())
	}
	for _, path := range p.row(ref).Paths {
		p.objects.Place(path, []byte("stored by an attempt that stalled"))
	}
	must(t, p.packing.Attend(t.Context(), p.now, ref))
	if p.row(ref).Reason != "failed" || len(p.lying()) != 0 {
		t.Errorf("the file is %s; %q lie there", p.row(ref).State, p.lying())
	}
}

func TestEndOfAFileIsTheEndOfItsOriginal(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	p.upload(ref, "1")
	must(t, p.packing.Attend(t.Context(), p.now, ref))
	if lying := p.lying(); len(lying) != 0 {
		t.Errorf("%q lie there", lying)
	}
}

func TestWithdrawnCaseRefusesItsFiles(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	must(t, p.confirming.Withdraw(t.Context(), p.now, p.link(dsr.Acknowledgement, ""), asker))
	p.upload(ref, "1")
	p.refuses(ref, "decided")
}

func TestOriginalThatNobodyAnnouncedIsRemoved(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	stray := dsr.EnclosureRef{Case: p.id, Kind: dsr.FoundFile, ID: dsr.OwnerID{7}}
	elsewhere := dsr.EnclosureRef{Case: dsr.OwnerID{8}, Kind: dsr.FoundFile, ID: dsr.OwnerID{7}}
	for _, ref := range []dsr.EnclosureRef{stray, elsewhere} {
		p.upload(ref, "1")
		must(t, p.packing.TakeIn(t.Context(), p.now, ref))
		must(t, p.packing.Attend(t.Context(), p.now, ref))
	}
	if lying := p.lying(); len(lying) != 0 {
		t.Errorf("%q lie there", lying)
	}
}

func TestSecondCopyOfAnUploadIsRemovedOnly(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.add("winkel", "een", "1")
	before := p.row(ref)
	p.upload(ref, "een ander")
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); p.content(row) != "1" || row.Path() != before.Path() || len(p.lying()) != 1 {
		t.Errorf("the row is %+v", row)
	}
}

func TestFileInOtherHandsIsLeftAlone(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.failing("PutFile", caseworktest.Before)
	p.sweep()
	held := p.row(ref)
	p.now = held.Until.Add(-1)
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); row.Tries != 1 || !slices.Contains(p.lying(), ref.Original()) {
		t.Errorf("it was tried %d times", row.Tries)
	}
	p.now = held.Until
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); row.State != dsr.Kept || row.Tries != 2 {
		t.Errorf("the file is %s after %d tries", row.State, row.Tries)
	}
}

func TestOfTwoAttemptsAtOnceOneSeals(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.meanwhile("Commit", func() { must(t, p.packing.TakeIn(t.Context(), p.now, ref)) })
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); row.Tries != 1 || p.happened(dsr.FileSealed) != 1 || len(p.lying()) != 1 {
		t.Errorf("the row is %+v", row)
	}
}

// The attempt began, stalled for longer than its lease, and woke up.
func TestStalledAttemptLeavesNothing(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	began := p.now
	p.meanwhile("PutFile", func() {
		p.now = p.now.Add(20 * time.Minute)
		must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	})
	must(t, p.packing.TakeIn(t.Context(), began, ref))
	row := p.row(ref)
	if row.State != dsr.Kept || len(row.Paths) != 2 || !slices.Equal(p.lying(), []string{row.Path()}) || p.happened(dsr.FileSealed) != 1 {
		t.Errorf("%q lie there; the row is %+v", p.lying(), row)
	}
}

func TestFileThatIsRemovedWhileItIsTakenInIsGone(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.meanwhile("PutFile", func() { must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref)) })
	must(t, p.packing.TakeIn(t.Context(), p.now, ref))
	if row := p.row(ref); row.State != dsr.Condemned || len(p.lying()) != 0 || p.happened(dsr.FileSealed) != 0 {
		t.Errorf("%q lie there; the file is %s", p.lying(), row.State)
	}
}

// Its function was stopped for an hour, after it had opened the original.
func TestWhatIsStoredAfterTheEndIsRemovedByTheLastLook(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "1")
	p.failing("PutFile", caseworktest.Before)
	p.sweep()
	path := p.row(ref).Paths[0]
	must(t, p.handling.RemoveFile(t.Context(), p.now, p.sheet("els"), ref))
	p.sweep()
	if p.row(ref).State != dsr.Destroyed {
		t.Fatalf("the file is %s", p.row(ref).State)
	}
	p.objects.Place(path, []byte("late"))
	p.settle(2)
	if lying := p.lying(); len(lying) != 0 {
		t.Errorf("%q lie there", lying)
	}
}

func TestFileThatIsCutOffIsNotSealedAsWhole(t *testing.T) {
	p := newParcels(t, "decided", dsr.Access)
	ref := p.announce("winkel", "een")
	p.upload(ref, "12345")
	p.packing.Files = claiming{p.objects, 6}
	if err := p.packing.TakeIn(t.Context(), p.now, ref); err == nil {
		t.Error("it was taken in")
	}
	if p.row(ref).State != dsr.Arriving || !slices.Contains(p.lying(), ref.Original()) {
		t.Errorf("the file is %s", p.row(ref).State)
	}
	p.packing.Files = p.objects
	p.settle(1)
	if p.content(p.row(ref)) != "12345" {
		t.Error("it is not whole")
	}
}

// Whatever call fails, on whichever side: in the end the file is sealed once, its
// original is gone, and every object is one that a row knows.
func TestTakingInSurvivesEveryFault(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p := newParcels(t, "decided", dsr.Access)
			ref := p.announce("winkel", "een")
			p.upload(ref, "geheim")
			failed := p.failAt(n, phase)
			p.sweep()
			if !*failed {
				if n < 6 {
					t.Errorf("only %d calls", n)
				}
				break
			}
			p.recorded()
			p.settle(3)
			row := p.row(ref)
			if row.State != dsr.Kept || p.content(row) != "geheim" || p.happened(dsr.FileSealed) != 1 {
				t.Fatalf("call %d %s: the file is %s", n, phase, row.State)
			}
			if slices.Contains(p.lying(), ref.Original()) || len(p.notices()) != 0 {
				t.Errorf("call %d %s: %q lie there, staff hear %q", n, phase, p.lying(), p.notices())
			}
			p.recorded()
			p.whole()
		}
	}
}

// The same for a file that is refused.
func TestRefusingSurvivesEveryFault(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for n := 0; ; n++ {
			p := newParcels(t, "decided", dsr.Access)
			ref := p.announce("winkel", "een")
			p.upload(ref, "")
			failed := p.failAt(n, phase)
			p.sweep()
			if !*failed {
				break
			}
			p.settle(3)
			if row := p.row(ref); row.Reason != "empty" || len(p.lying()) != 0 || p.happened(dsr.FileRefused) != 1 || len(p.notices()) != 2 {
				t.Fatalf("call %d %s: the file is %s, %q; staff hear %q", n, phase, row.State, row.Reason, p.notices())
			}
		}
	}
}
