package ledger_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/ledger"
)

// expire takes a case out of a world, as the end of its last term does, and gives
// the rows by which its leaves are known to have expired.
func expire(w *world) []ledger.Row {
	first := w.find(func(row ledger.Row) bool { return row.Case != nil }, 0)
	gone := w.rows[first].Case.Case
	var expired []ledger.Row
	w.rows = slices.DeleteFunc(w.rows, func(row ledger.Row) bool {
		if row.Event != nil && row.Event.Case == gone {
			expired = append(expired, ledger.Row{Expired: &ledger.ExpiredLeaf{Hash: ledger.Leaf(row.Event.Bytes), At: w.now}})
		}
		return row.Event != nil && row.Event.Case == gone || row.Case != nil && row.Case.Case == gone
	})
	slices.SortFunc(expired, func(x, y ledger.Row) int { return bytes.Compare(x.Expired.Hash[:], y.Expired.Hash[:]) })
	return expired
}

// add puts rows where they belong: before the checkpoints.
func (w *world) add(rows ...ledger.Row) {
	at := w.find(func(row ledger.Row) bool { return row.Checkpoint != nil }, 0)
	w.rows = slices.Insert(w.rows, at, rows...)
}

func TestLeafOfAnExpiredCaseNeedsNoEvent(t *testing.T) {
	w := newWorld(t, small)
	expired := expire(w)
	if report := w.verify(t, w.export(t)); !slices.Contains(faults(report), ledger.LeafWithoutEvent) {
		t.Fatalf("a case was taken away and nothing says so: %q", report.Findings)
	}
	inTree := slices.DeleteFunc(slices.Clone(expired), func(row ledger.Row) bool {
		return !slices.ContainsFunc(w.rows, func(leaf ledger.Row) bool { return leaf.Leaf != nil && leaf.Leaf.Hash == row.Expired.Hash })
	})
	w.rows = slices.DeleteFunc(w.rows, func(row ledger.Row) bool {
		return row.Pending != nil && slices.ContainsFunc(expired, func(e ledger.Row) bool { return e.Expired.Hash == row.Pending.Hash })
	})
	w.add(inTree...)
	report := w.verify(t, w.export(t))
	if !report.OK() || report.Counts.Expired != int64(len(inTree)) || len(inTree) == 0 {
		t.Errorf("%d leaves expired: %q", report.Counts.Expired, report.Findings)
	}
}

func TestExpiryIsNoWayToHideAnEvent(t *testing.T) {
	for name, c := range map[string]struct {
		row  func(w *world) ledger.Row
		want ledger.Fault
	}{
		"its event is there": {func(w *world) ledger.Row {
			leaf := w.rows[w.find(func(row ledger.Row) bool { return row.Leaf != nil }, 0)].Leaf
			return ledger.Row{Expired: &ledger.ExpiredLeaf{Hash: leaf.Hash, At: w.now}}
		}, ledger.ExpiredWithEvent},
		"it is in no tree": {func(w *world) ledger.Row {
			return ledger.Row{Expired: &ledger.ExpiredLeaf{Hash: ledger.Leaf([]byte("x")), At: w.now}}
		}, ledger.ExpiredWithoutLeaf},
		"it has yet to expire": {func(w *world) ledger.Row {
			return ledger.Row{Expired: &ledger.ExpiredLeaf{Hash: ledger.Leaf([]byte("x")), At: w.now.Add(time.Hour)}}
		}, ledger.InFuture},
	} {
		w := newWorld(t, small)
		w.add(c.row(w))
		if report := w.verify(t, w.export(t)); !slices.Contains(faults(report), c.want) {
			t.Errorf("%s: %q", name, report.Findings)
		}
	}
}

func TestExportsOwnKeyIsTakenWhenNoneIsGiven(t *testing.T) {
	w := newWorld(t, small)
	report, err := ledger.Verify(strings.NewReader(w.export(t)), "")
	if err != nil || !report.OK() {
		t.Errorf("%v, %q", err, report.Findings)
	}
	w.key = "k"
	if _, err := ledger.Verify(strings.NewReader(w.export(t)), ""); err == nil {
		t.Error("a key that is none was taken")
	}
}
