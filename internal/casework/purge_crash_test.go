package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// dying lets every call from the n-th on fail, on one side of its effect for the
// n-th and before it for all later ones: the function is dead.
func (d *desk) dying(n int, phase caseworktest.Phase) {
	seen := 0
	d.onCall = func(_ string, p caseworktest.Phase) error {
		if p == caseworktest.Before {
			seen++
		}
		if seen > n || seen == n && p == phase {
			return errPort
		}
		return nil
	}
}

// purgeFor ticks daily for some days.
func (k *keptFile) purgeFor(days int) {
	k.t.Helper()
	for range days {
		k.purge()
		k.now = k.now.AddDate(0, 0, 1)
	}
}

// A tick may die at any of its calls, on the first day or on the second. The ones
// after it bring the case to the very same end.
func TestPurgeThatDiesIsFinishedByTheNextTick(t *testing.T) {
	for _, day := range []int{0, 1} {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			died := 0
			for n := 1; ; n++ {
				k := newKeptFile(t)
				k.purgeFor(day)
				k.dying(n, phase)
				_, err := k.purging().Purge(t.Context(), k.now)
				k.onCall = nil
				if err == nil {
					break // it makes no more calls than that
				}
				died++
				if !errors.Is(err, errPort) {
					t.Fatalf("dead at call %d, the tick gave %v", n, err)
				}
				k.now = k.now.AddDate(0, 0, 3) // the next tick comes late
				k.purgeFor(3)
				k.gone()
				kinds := k.kindsOf(k.id)
				if kinds[dsr.FilePurged] != 1 || kinds[dsr.LeftoversRemoved] != 1 {
					t.Errorf("day %d, dead %s call %d: events %v", day, phase, n, kinds)
				}
				if until := k.closed.AddDate(5, 0, 0); !k.summary().DueAt.Equal(until) {
					t.Errorf("day %d, dead %s call %d: due at %s", day, phase, n, k.summary().DueAt)
				}
			}
			if died < 8 {
				t.Errorf("on day %d the tick died %d times", day, died)
			}
		}
	}
}

// Once the key is destroyed nothing can be read, whatever becomes of the rest.
func TestKeyGoesBeforeEverythingElse(t *testing.T) {
	k := newKeptFile(t)
	k.calls = nil
	k.purge()
	key, first := slices.Index(k.calls, "Commit"), slices.Index(k.calls, "RemoveFile")
	rows := slices.Index(k.calls, "Leftovers")
	if key < 0 || first < key || rows < first || slices.Contains(k.calls[rows:], "RemoveFile") {
		t.Errorf("calls were %v", k.calls)
	}
}

func TestExpiryThatDiesIsFinishedByTheNextTick(t *testing.T) {
	for n := 1; n < 20; n++ {
		for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
			k := newKeptFile(t)
			k.purgeFor(2)
			k.now = k.closed.AddDate(5, 0, 0)
			k.purgeFor(1) // first the other one's skeleton is due; then this one's end
			k.dying(n, phase)
			_, _ = k.purging().Purge(t.Context(), k.now)
			k.onCall = nil
			k.now = k.now.AddDate(0, 0, 9)
			k.purgeFor(2)
			if _, err := k.memory.Summary(t.Context(), k.id); !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("dead %s call %d: the case is still there: %v", phase, n, err)
			}
		}
	}
}

func TestTwoPurgesAtOnceEndAlike(t *testing.T) {
	for _, call := range []string{"File", "EnclosuresOf", "Commit", "RemoveFile", "ListFiles", "Leftovers", "MoveOldestDay"} {
		for _, day := range []int{0, 1} {
			k := newKeptFile(t)
			k.purgeFor(day)
			k.meanwhile(call, func() { k.purge() })
			k.purge()
			k.now = k.now.AddDate(0, 0, 1)
			k.purge()
			k.gone()
			if kinds := k.kindsOf(k.id); kinds[dsr.FilePurged] != 1 || kinds[dsr.LeftoversRemoved] != 1 {
				t.Errorf("day %d, both at %s: events %v", day, call, kinds)
			}
		}
	}
}

// An attempt that stalled stores something after the file was purged: the pass of
// the next day finds it.
func TestWhatAStalledAttemptStoresLateIsRemoved(t *testing.T) {
	k := newKeptFile(t)
	k.purge()
	for _, folder := range []string{"case", "idcopy", "package"} {
		k.objects.Place(fmt.Sprintf("%s/%s/late", folder, k.id), []byte("sealed"))
	}
	k.now = k.now.AddDate(0, 0, 1)
	k.purge()
	k.gone()
}

// A handout's path stands in its row alone: the row stays while an attempt runs.
func TestRowOfARunningAttemptOutlivesTheFirstPass(t *testing.T) {
	k := newKeptFile(t)
	running := dsr.Enclosure{
		Ref:   dsr.EnclosureRef{Case: k.id, Kind: dsr.HandoutFile, ID: dsr.OwnerID{9}},
		State: dsr.Arriving, Paths: []string{"handout/late"}, Until: k.now.Add(15 * time.Minute),
	}
	must(t, k.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: running}}, At: k.now}))
	k.purge()
	k.objects.Place("handout/late", []byte("open"))
	k.now = k.now.AddDate(0, 0, 1)
	k.purge()
	k.gone()
	if slices.Contains(k.objects.Paths(), "handout/late") {
		t.Error("what the attempt stored is still there")
	}
}

// As long as one runs, the case stays due: nobody else knows of its row.
func TestPurgedCaseStaysDueWhileAnAttemptRuns(t *testing.T) {
	k := newKeptFile(t)
	running := dsr.Enclosure{
		Ref:   dsr.EnclosureRef{Case: k.id, Kind: dsr.PackageFile, ID: dsr.OwnerID{9}},
		State: dsr.Arriving, Until: k.now.AddDate(0, 0, 2),
	}
	must(t, k.memory.Commit(t.Context(), casework.Change{Enclosures: []casework.EnclosureMove{{Next: running}}, At: k.now}))
	k.purgeFor(2)
	if c := k.summary(); c.State != dsr.Purged || c.DueAt.After(k.now) {
		t.Errorf("the case is %s and due at %s", c.State, c.DueAt)
	}
	k.now = k.now.AddDate(0, 0, 20)
	k.purge()
	k.gone()
}

// The index lags a moment behind: only the case itself says what is due.
func TestOnlyTheCaseItselfSaysThatItMayBePurged(t *testing.T) {
	for _, due := range []time.Duration{0, time.Hour} {
		k := newKeptFile(t)
		k.alter(k.id, func(c *dsr.Case) {
			if c.DueAt = (time.Time{}); due > 0 {
				c.DueAt = k.now.Add(due)
			}
		})
		purging := k.purging()
		purging.Due = shown{k.memory, k.id}
		if purged, err := purging.Purge(t.Context(), k.now); err != nil || purged != (casework.Purged{}) {
			t.Errorf("due in %s: purged %+v, %v", due, purged, err)
		}
		k.untouched()
	}
}

func TestFileThatCannotBePurgedKeepsNoOtherFromIt(t *testing.T) {
	k := newKeptFile(t)
	k.now = k.closed.AddDate(1, 7, 0) // both are due
	k.failing("Commit", caseworktest.Before)
	if _, err := k.purging().Purge(t.Context(), k.now); !errors.Is(err, errPort) {
		t.Fatalf("the tick gave %v", err)
	}
	other, err := k.memory.Summary(t.Context(), k.other)
	must(t, err)
	if first := k.summary(); first.State != dsr.Closed || other.State != dsr.Purged {
		t.Errorf("the cases are %s and %s", first.State, other.State)
	}
	k.now = k.now.AddDate(0, 1, 0) // and is found a month later
	k.purgeFor(2)
	k.gone()
}

func TestPurgeLeavesRemindersAlone(t *testing.T) {
	d, ref := opened(t)
	d.now = d.now.AddDate(2, 0, 0)
	if purged := d.purge(); purged != (casework.Purged{}) || d.file(ref.Case).State != dsr.Received {
		t.Errorf("purged %+v", purged)
	}
}
