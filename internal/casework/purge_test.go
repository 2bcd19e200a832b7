package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// keptFile is a closed case with one file of each kind and objects in its
// folders, beside a case of somebody else that is closed for less long.
type keptFile struct {
	*desk
	id, other dsr.OwnerID
	closed    time.Time
	handout   string // the one path that no folder leads to
}

// newKeptFile gives a file that was kept for its twelve months.
func newKeptFile(t *testing.T) *keptFile {
	t.Helper()
	d, ref := opened(t)
	k := &keptFile{desk: d, id: ref.Case, closed: d.now}
	k.other = d.receive("in2", request("ben@twee.example", "<2@twee>", dsr.TrustA)).Case
	for i, kind := range []dsr.EnclosureKind{dsr.IDCopyFile, dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		path := fmt.Sprintf("%s/%s/x", kind, k.id)
		switch kind {
		case dsr.FoundFile:
			path = "case/" + k.id.String() + "/found"
		case dsr.IDCopyFile:
			path = "idcopy/" + k.id.String() + "/copy"
			d.objects.Place(path+"-blurred", []byte("sealed"))
		case dsr.HandoutFile:
			path = "handout/x"
			k.handout = path
		}
		d.objects.Place(path, []byte("sealed"))
		file := dsr.Enclosure{
			Ref:   dsr.EnclosureRef{Case: k.id, Kind: kind, ID: dsr.OwnerID{byte(i + 1)}},
			State: dsr.Kept, Paths: []string{path}, Arrived: d.now,
		}
		must(t, d.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: file}}, At: d.now}))
	}
	d.objects.Place("case/"+k.id.String()+"/body", []byte("sealed"))
	d.objects.Place("case/"+k.id.String()+"/orphan", []byte("of an attempt that died"))
	d.objects.Place("case/"+k.other.String()+"/body", []byte("of somebody else"))
	k.close(k.id, k.closed)
	k.close(k.other, k.closed.AddDate(0, 6, 0))
	k.now = k.closed.AddDate(1, 0, 0)
	must(t, d.memory.MoveOldestDay(t.Context(), casework.FunctionPurge, "2027-03-01")) // it ran every day
	return k
}

// close closes a case as an answer that arrived does.
func (k *keptFile) close(id dsr.OwnerID, at time.Time) {
	k.alter(id, func(c *dsr.Case) {
		c.State = dsr.Answering
		c.Work.Proposed = dsr.Answered
		must(k.t, c.Finish(at))
		c.DueAt = at.AddDate(0, 12, 0)
	})
}

// summary gives the clear part of the case, which outlives its file.
func (k *keptFile) summary() dsr.Case {
	k.t.Helper()
	c, err := k.memory.Summary(k.t.Context(), k.id)
	must(k.t, err)
	return c
}

// objectsLeft lists what lies in the vault of the case.
func (k *keptFile) objectsLeft() []string {
	return slices.DeleteFunc(k.objects.Paths(), func(path string) bool {
		return path != k.handout && !strings.Contains(path, k.id.String())
	})
}

// gone fails the test unless nothing of the case is left but its skeleton.
func (k *keptFile) gone() {
	k.t.Helper()
	if left := k.objectsLeft(); len(left) > 0 {
		k.t.Errorf("the vault still holds %v", left)
	}
	if c := k.summary(); c.State != dsr.Purged || c.Thread != "" {
		k.t.Errorf("the case is %s, with thread %q", c.State, c.Thread)
	}
	if file, err := k.memory.File(k.t.Context(), k.id); err == nil {
		k.t.Errorf("the file of %q can still be opened", file.Case.Requester.Address)
	}
	if letters := k.letterKinds(k.id, ""); len(letters) > 0 {
		k.t.Errorf("letters %v are left", letters)
	}
	if files, err := k.memory.EnclosuresOf(k.t.Context(), k.id); err != nil || len(files) > 0 {
		k.t.Errorf("files %v are left (%v)", files, err)
	}
	k.whole()
}

// untouched fails the test when anything of the case was destroyed.
func (k *keptFile) untouched() {
	k.t.Helper()
	file, err := k.memory.File(k.t.Context(), k.id)
	must(k.t, err)
	if left := k.objectsLeft(); file.Key.Zero() || len(left) != 7 || len(k.letterKinds(k.id, "")) != 3 {
		k.t.Errorf("a case that is %s lost something: objects %v", file.Case.State, left)
	}
}

func TestClosedFileIsPurgedWhenItsTimeIsOver(t *testing.T) {
	k := newKeptFile(t)
	k.now = k.now.Add(-time.Nanosecond)
	if purged := k.purge(); purged != (casework.Purged{}) {
		t.Errorf("before its time: %+v", purged)
	}
	k.untouched()
	k.now = k.now.Add(time.Nanosecond)
	if purged := k.purge(); purged != (casework.Purged{Files: 1, Objects: 7}) {
		// Four by their rows, one of them with its blurred form; two by their folder.
		t.Errorf("purged %+v", purged)
	}
	k.gone()
	if other := k.file(k.other); other.State != dsr.Closed || other.Requester.Address == "" {
		t.Errorf("the case of somebody else is %s", other.State)
	}
	if !slices.Contains(k.objects.Paths(), "case/"+k.other.String()+"/body") {
		t.Error("an object of somebody else is gone")
	}
}

func TestHistoryOfAPurgedCaseSaysWhatWasDestroyed(t *testing.T) {
	k := newKeptFile(t)
	before := k.file(k.id)
	k.purge()
	k.now = k.now.AddDate(0, 0, 1)
	if purged := k.purge(); purged.Cleared != 1 || purged.Files != 0 {
		t.Errorf("a day later: %+v", purged)
	}
	history, err := k.memory.History(t.Context(), k.id)
	must(t, err)
	last := history[len(history)-2:]
	if last[0].Kind != dsr.FilePurged || last[1].Kind != dsr.LeftoversRemoved {
		t.Fatalf("the history ends with %s and %s", last[0].Kind, last[1].Kind)
	}
	want := map[string]string{
		"outcome": "answered", "closed": "2026-03-02", "key": casework.CaseKey(k.id),
		"id-copy": "1", "found": "1", "package": "1", "handout": "1",
	}
	if diff := cmp.Diff(want, last[0].Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if until := last[1].Facts["until"]; until != "2031-03-02" {
		t.Errorf("the skeleton stays until %s", until)
	}
	after := k.summary()
	if after.Number != before.Number || after.Dates != before.Dates || !slices.Equal(after.Rights, before.Rights) ||
		after.Work.Outcome != dsr.Answered || after.LinkEpoch != before.LinkEpoch+1 {
		t.Errorf("of %+v remains %+v", before, after)
	}
}

func TestNothingRemainsAfterTheYearsOfTheSkeleton(t *testing.T) {
	k := newKeptFile(t)
	number := k.file(k.id).Number
	for range 2 {
		k.purge()
		k.now = k.now.AddDate(0, 0, 1)
	}
	k.now = k.closed.AddDate(5, 0, 0).Add(-time.Hour)
	if purged := k.purge(); purged.Expired != 0 || purged.Cleared != 0 {
		t.Errorf("an hour before its time: %+v", purged)
	}
	k.now = k.now.Add(time.Hour)
	if purged := k.purge(); purged.Expired != 1 {
		t.Errorf("after five years: %+v", purged)
	}
	if _, err := k.memory.Summary(t.Context(), k.id); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the case is still there: %v", err)
	}
	if _, err := k.memory.CaseOfNumber(t.Context(), number); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("its number still leads somewhere: %v", err)
	}
	if purged := k.purge(); purged != (casework.Purged{}) {
		t.Errorf("once more: %+v", purged)
	}
}

func TestFileThatMustStayIsNeverPurged(t *testing.T) {
	for name, change := range map[string]func(c *dsr.Case){
		"open":          func(c *dsr.Case) { c.State = dsr.Working },
		"reopened":      func(c *dsr.Case) { c.Miss(dsr.AnswerLetter) },
		"on hold":       func(c *dsr.Case) { c.Work.Hold = "court" },
		"not due":       func(c *dsr.Case) { c.DueAt = time.Time{} },
		"not due yet":   func(c *dsr.Case) { c.DueAt = c.DueAt.AddDate(0, 0, 10) },
		"never closed":  func(c *dsr.Case) { c.Work.ClosedAt = time.Time{} },
		"waiting again": func(c *dsr.Case) { c.State = dsr.Received },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKeptFile(t)
			k.alter(k.id, change)
			_, err := k.purging().Purge(t.Context(), k.now)
			if known := name != "never closed"; known != (err == nil) {
				t.Errorf("the tick gave %v", err)
			}
			k.untouched()
		})
	}
}

func TestHoldThatEndsLetsTheFileGo(t *testing.T) {
	k := newKeptFile(t)
	k.alter(k.id, func(c *dsr.Case) { c.Work.Hold = "court" })
	for range 40 {
		if purged := k.purge(); purged.Held != 1 || purged.Files != 0 {
			t.Fatalf("on hold: %+v", purged)
		}
		k.now = k.now.AddDate(0, 0, 1)
	}
	k.alter(k.id, func(c *dsr.Case) { c.Work.Hold = "" })
	k.purge()
	k.gone()
}

func TestCaseReopenedMeanwhileIsNotPurged(t *testing.T) {
	k := newKeptFile(t)
	k.meanwhile("Commit", func() {
		k.alter(k.id, func(c *dsr.Case) { c.Miss(dsr.AnswerLetter) })
	})
	if purged := k.purge(); purged.Files != 0 {
		t.Errorf("purged %+v", purged)
	}
	k.untouched()
}

func TestCaseThatOnlyGainedAnEventMeanwhileIsPurged(t *testing.T) {
	k := newKeptFile(t)
	k.meanwhile("Commit", func() { k.alter(k.id, func(*dsr.Case) {}) })
	if purged := k.purge(); purged.Files != 1 {
		t.Errorf("purged %+v", purged)
	}
	k.gone()
}

// Somebody may have turned the function on long after the first file was due.
func TestFirstPurgeFindsWhatWaitedForIt(t *testing.T) {
	k := newKeptFile(t)
	must(t, k.memory.MoveOldestDay(t.Context(), casework.FunctionPurge, ""))
	k.now = k.now.AddDate(1, 0, 0)
	k.purge()
	k.gone()
}

// sendersOf gives the hash of one sender in some years.
func (d *desk) sendersOf(years ...int) []casework.SenderHash {
	d.t.Helper()
	var hashes []casework.SenderHash
	for _, year := range years {
		hash, err := d.memory.SenderHash(d.t.Context(), year, "ans@een.example")
		must(d.t, err)
		hashes = append(hashes, hash)
	}
	return hashes
}

// The calendar is that of the organisation: its year begins an hour before that of
// UTC does.
func TestSendersOfAYearAreUnlinkedWithItsLastSkeleton(t *testing.T) {
	d := newDesk(t)
	years := []int{2017, 2025, 2026, 2027, 2031}
	before := d.sendersOf(years...)
	for _, tick := range []struct {
		at   time.Time
		gone []int // years
	}{
		{time.Date(2031, 12, 31, 22, 59, 59, 0, time.UTC), []int{2017, 2025}},
		{time.Date(2031, 12, 31, 23, 0, 0, 0, time.UTC), []int{2017, 2025, 2026}},
		{time.Date(2032, 6, 1, 0, 0, 0, 0, time.UTC), []int{2017, 2025, 2026}},
		{time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC), []int{2017, 2025, 2026, 2027}},
	} {
		d.now = tick.at
		d.purge()
		for i, hash := range d.sendersOf(years...) {
			if gone := hash != before[i]; gone != slices.Contains(tick.gone, years[i]) {
				t.Errorf("at %s the senders of %d are unlinked: %t", tick.at, years[i], gone)
			}
		}
	}
}

func TestYearThatCannotBeUnlinkedKeepsNothingElseFromBeingPurged(t *testing.T) {
	k := newKeptFile(t)
	years := []int{2019, 2020, 2021}
	before := k.sendersOf(years...)
	k.failing("Unlink", "before")
	if _, err := k.purging().Purge(t.Context(), k.now); !errors.Is(err, errPort) {
		t.Errorf("the tick gave %v", err)
	}
	k.gone()
	for i, hash := range k.sendersOf(years...) {
		if gone := hash != before[i]; gone != (years[i] != 2021) { // the year that failed is the last
			t.Errorf("the senders of %d are unlinked: %t", years[i], gone)
		}
	}
	k.failing("DueOn", "before")
	if _, err := k.purging().Purge(t.Context(), k.now); !errors.Is(err, errPort) {
		t.Errorf("the tick gave %v", err)
	}
	if k.sendersOf(2021)[0] == before[2] {
		t.Error("the year is not unlinked when cases cannot be read")
	}
}
