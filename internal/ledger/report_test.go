package ledger_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/ledger"
)

func TestReportSaysWhatWasVerified(t *testing.T) {
	w := newWorld(t, small)
	report := w.verify(t, w.export(t))
	want := ledger.Report{
		Counts: ledger.RowCounts{Cases: 5, Events: 42, Leaves: 38, Nodes: 73, Pending: 4, Checkpoints: 6},
		First:  w.now.Add(-42*time.Minute - 126*time.Hour),
		Last:   w.now.Add(-time.Minute),
		Tree:   w.tree,
		Signed: 38,
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
	drop(isCheckpoint, 5)(t, w)
	if report := w.verify(t, w.forge(t, w.rows)); report.Signed != 31 {
		t.Errorf("%d leaves are signed for, want 31", report.Signed)
	}
}

func TestEmptyLedgerIsWhole(t *testing.T) {
	w := newWorld(t, small)
	w.rows = nil
	empty, err := ledger.NewTree(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range [][]ledger.Row{nil, {w.checkpoint(t, 1, empty)}} {
		w.rows = rows
		if report := w.verify(t, w.export(t)); !report.OK() || report.Tree != empty {
			t.Errorf("%+v", report)
		}
	}
}

func TestBeginAndEndAreThereOnce(t *testing.T) {
	w := newWorld(t, small)
	export := w.export(t)
	begin, rest, _ := strings.Cut(export, "\n")
	end := export[strings.LastIndex(export[:len(export)-1], "\n")+1:]
	for name, c := range map[string]struct {
		export string
		want   []ledger.Fault
	}{
		"nothing":   {"", []ledger.Fault{ledger.NoBegin, ledger.NoEnd}},
		"no begin":  {rest, []ledger.Fault{ledger.NoBegin}},
		"no end":    {strings.TrimSuffix(export, end), []ledger.Fault{ledger.NoEnd}},
		"end twice": {export + end, []ledger.Fault{ledger.RowTwice}},
		"two begin": {begin + "\n" + export, []ledger.Fault{ledger.RowTwice}},
		"two in one": {export + export, []ledger.Fault{
			ledger.OutOfPlace, ledger.RowTwice, ledger.CountsDiffer, ledger.LeafTwice,
		}},
		"another count": {strings.TrimSuffix(export, end) + strings.Replace(end, `"events":42`, `"events":43`, 1), []ledger.Fault{ledger.CountsDiffer}},
		"bad line":      {strings.Replace(export, `{"leaf"`, `{"twig"`, 1), nil},
	} {
		report := w.verify(t, c.export)
		if name == "bad line" {
			if report.OK() || !slices.Contains(faults(report), ledger.BadLine) {
				t.Errorf("a line that is no row: %q", report.Findings)
			}
			continue
		}
		slices.Sort(c.want)
		if got := faults(report); !slices.Equal(got, c.want) {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}

func TestPendingLeafMayWaitHalfAnHour(t *testing.T) {
	w := newWorld(t, small)
	oldest := w.now.Add(-4 * time.Minute)
	for _, c := range []struct {
		age time.Duration
		ok  bool
	}{
		{30 * time.Minute, true},
		{30*time.Minute + 1, false},
		{-2 * time.Minute, true},
		{-2*time.Minute - 1, false}, // the newest is three minutes younger
	} {
		w.now = oldest.Add(c.age)
		if report := w.verify(t, w.export(t)); report.OK() != c.ok {
			t.Errorf("oldest %s old: %q", c.age, report.Findings)
		}
	}
}

func TestLeafMayBeUnsignedForTwoDays(t *testing.T) {
	w := newWorld(t, small)
	drop(isCheckpoint, 5)(t, w)
	drop(isCheckpoint, 4)(t, w)
	i := w.find(isLeaf, 25) // the fourth checkpoint has 25 leaves
	hash := w.rows[i].Leaf.Hash
	event := *w.rows[w.find(func(row ledger.Row) bool {
		return row.Event != nil && ledger.Leaf(row.Event.Bytes) == hash
	}, 0)].Event
	var said struct{ At time.Time }
	if err := json.Unmarshal(event.Bytes, &said); err != nil {
		t.Fatal(err)
	}
	w.now = said.At.Add(ledger.SignedWithin)
	if report := w.verify(t, w.forge(t, w.rows)); slices.Contains(faults(report), ledger.LeafUnsigned) {
		t.Errorf("after two days: %q", report.Findings)
	}
	w.now = w.now.Add(1)
	want := ledger.Finding{Fault: ledger.LeafUnsigned, Case: event.Case, Seq: event.Seq, Line: int64(i + 2)}
	if report := w.verify(t, w.forge(t, w.rows)); !slices.Contains(report.Findings, want) {
		t.Errorf("after more than two days: %q, want %q", report.Findings, want)
	}
}

func TestFindingSaysWhereInFixedWords(t *testing.T) {
	w := newWorld(t, small)
	edit(isEvent, 2, func(row *ledger.Row) { row.Event.Prev[0]++ })(t, w)
	edit(isNode, 5, func(row *ledger.Row) { row.Node.Hash[0]++ })(t, w)
	edit(isCheckpoint, 5, func(row *ledger.Row) { row.Checkpoint.Note = "Jansen" })(t, w)
	edit(isPending, 1, func(row *ledger.Row) { row.Pending.At = row.Pending.At.Add(1) })(t, w)
	event := *w.rows[w.find(isEvent, 2)].Event
	leaf := w.rows[w.find(isPending, 1)].Pending.Hash
	waits := *w.rows[w.find(func(row ledger.Row) bool {
		return row.Event != nil && ledger.Leaf(row.Event.Bytes) == leaf
	}, 0)].Event
	// The hash covers prev, so that the event after the changed one breaks too.
	lines := []int{w.find(isEvent, 2) + 2, w.find(isNode, 5) + 2, w.find(isPending, 1) + 2, w.find(isCheckpoint, 5) + 2}
	want := []string{
		fmt.Sprintf("line %d: event does not follow the one before, case %s, number %d", lines[0], event.Case, event.Seq),
		fmt.Sprintf("line %d: event does not follow the one before, case %s, number %d", lines[0]+1, event.Case, event.Seq+1),
		fmt.Sprintf("line %d: tree hash does not fit the leaves, number 5", lines[1]),
		fmt.Sprintf("line %d: pending leaf has not the instant of its event, case %s, number %d", lines[2], waits.Case, waits.Seq),
		fmt.Sprintf("line %d: checkpoint is not one, number 6", lines[3]),
	}
	var got []string
	for _, finding := range w.verify(t, w.forge(t, w.rows)).Findings {
		got = append(got, finding.String())
	}
	if alone := (ledger.Finding{Fault: ledger.NoEnd}).String(); alone != "end of the export is missing" {
		t.Errorf("a finding without a place says %q", alone)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

func TestKeyThatIsNoneIsRefused(t *testing.T) {
	w := newWorld(t, small)
	for _, key := range []string{"a", strings.Replace(w.key, "+0", "+1", 1) + "x"} {
		if _, err := ledger.Verify(strings.NewReader(w.export(t)), key); err == nil {
			t.Errorf("key %q was taken", key)
		}
	}
}

// TestOnlyAKeptCheckpointFindsWhoCanSign says what the ledger cannot find by
// itself: somebody who writes everything anew and holds the key.
func TestOnlyAKeptCheckpointFindsWhoCanSign(t *testing.T) {
	w := newWorld(t, small)
	var kept []string
	for n := range small.checkpoints {
		kept = append(kept, w.rows[w.find(isCheckpoint, n)].Checkpoint.Note)
	}
	if report := w.verify(t, w.export(t), kept...); !report.OK() {
		t.Fatalf("an honest export: %q", report.Findings)
	}
	forgePast(t, w)
	for n := range small.checkpoints {
		signAnew(n, func(tree *ledger.Tree) { *tree, _ = ledger.NewTree(tree.Size, w.stored.read) })(t, w)
	}
	forged := w.export(t)
	if report := w.verify(t, forged); !report.OK() {
		t.Fatalf("the forgery is not whole: %q", report.Findings)
	}
	for i, note := range kept {
		report := w.verify(t, forged, note)
		want := ledger.Finding{Fault: ledger.CheckpointDiffers, Seq: 1, Kept: true}
		if !slices.Equal(report.Findings, []ledger.Finding{want}) || want.String() != "kept checkpoint has not the root of the leaves, number 1" {
			t.Errorf("kept checkpoint %d: %q", i+1, report.Findings)
		}
	}
	if report := w.verify(t, forged, "no note"); !slices.Equal(faults(report), []ledger.Fault{ledger.CheckpointUnreadable}) {
		t.Errorf("a kept checkpoint that is none: %q", report.Findings)
	}
}

// TestOnlyAKeptCheckpointFindsTheLastTakenAway says the same of whoever takes
// the newest checkpoint away and counts the rows anew.
func TestOnlyAKeptCheckpointFindsTheLastTakenAway(t *testing.T) {
	w := newWorld(t, small)
	last := w.rows[w.find(isCheckpoint, 5)].Checkpoint.Note
	drop(isCheckpoint, 5)(t, w)
	if report := w.verify(t, w.forge(t, w.rows)); !report.OK() {
		t.Fatalf("found after all: %q; say so in the package comment", report.Findings)
	}
	cutTree(t, w)
	if report := w.verify(t, w.forge(t, w.rows), last); !slices.Contains(faults(report), ledger.CheckpointTooLarge) {
		t.Errorf("a tree cut off before the kept checkpoint: %q", report.Findings)
	}
}
