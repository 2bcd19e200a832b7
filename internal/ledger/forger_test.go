package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// addEvent adds an event to a case, properly chained, and nothing else.
func addEvent(t *testing.T, w *world) {
	i := w.find(isCase, 1)
	head := *w.rows[i].Case
	raw := fmt.Appendf(nil, `{"case":%q,"seq":%d,"at":"2026-03-01T00:00:00Z"}`, head.Case, head.Events+1)
	w.rows = append(w.rows, ledger.Row{Event: &ledger.CaseEvent{Case: head.Case, Seq: head.Events + 1, Prev: head.Head, Bytes: raw}})
	w.sort()
}

// dropCase removes a case and its events that are in the tree.
func dropCase(_ *testing.T, w *world) {
	id := w.rows[w.find(isCase, 1)].Case.Case
	leaves := map[ledger.Hash]bool{}
	w.rows = slices.DeleteFunc(w.rows, func(row ledger.Row) bool {
		if row.Event != nil && row.Event.Case == id {
			leaves[ledger.Leaf(row.Event.Bytes)] = true
			return true
		}
		return row.Case != nil && row.Case.Case == id
	})
	w.rows = slices.DeleteFunc(w.rows, func(row ledger.Row) bool { return row.Pending != nil && leaves[row.Pending.Hash] })
}

// renameCase gives a case and all its events another id.
func renameCase(_ *testing.T, w *world) {
	id := w.rows[w.find(isCase, 1)].Case.Case
	for i, row := range w.rows {
		switch {
		case row.Case != nil && row.Case.Case == id:
			w.rows[i] = copyOf(row)
			w.rows[i].Case.Case = dsr.OwnerID{1}
		case row.Event != nil && row.Event.Case == id:
			w.rows[i] = copyOf(row)
			w.rows[i].Event.Case = dsr.OwnerID{1}
		}
	}
	w.sort()
}

// signAnew gives the n-th checkpoint, from 0, the right signature under a
// changed tree.
func signAnew(n int, change func(*ledger.Tree)) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		i := w.find(isCheckpoint, n)
		key := newVerifier(t, w.key)
		read, err := ledger.OpenCheckpoint(w.rows[i].Checkpoint.Note, key)
		if err != nil {
			t.Fatal(err)
		}
		change(&read.Tree)
		w.rows[i] = w.checkpoint(t, int64(n+1), read.Tree)
	}
}

// swapNotes puts an older checkpoint after a newer one.
func swapNotes(_ *testing.T, w *world) {
	i, j := w.find(isCheckpoint, 2), w.find(isCheckpoint, 3)
	w.rows[i], w.rows[j] = copyOf(w.rows[i]), copyOf(w.rows[j])
	a, b := w.rows[i].Checkpoint, w.rows[j].Checkpoint
	a.Note, b.Note = b.Note, a.Note
}

// otherSigner signs the last checkpoint with another key.
func otherSigner(t *testing.T, w *world) {
	w.signer, _ = newKey(t, 2)
	signAnewWith(t, w)
}

// signAnewWith signs the last checkpoint with whatever signer the world has.
func signAnewWith(t *testing.T, w *world) {
	i := w.find(isCheckpoint, 5)
	w.rows[i] = w.checkpoint(t, 6, w.tree)
}

// cutTree takes the last leaves and hashes away, as if they had never been.
func cutTree(_ *testing.T, w *world) {
	w.rows = slices.DeleteFunc(w.rows, func(row ledger.Row) bool {
		// The first 32 leaves are one full tree with 63 hashes.
		return row.Leaf != nil && row.Leaf.Index >= 32 || row.Node != nil && row.Node.Index >= 63
	})
}

// rewrite replaces the last event of a case by another and computes everything
// anew, the last checkpoint and its signature included. What it cannot change
// are the checkpoints before.
func rewrite(t *testing.T, w *world) {
	forgePast(t, w)
	signAnewWith(t, w)
}

// forgePast rewrites the event of the fourth leaf, all that follows from it,
// and the tree, but no checkpoint.
func forgePast(t *testing.T, w *world) {
	old := w.rows[w.find(isLeaf, 3)].Leaf.Hash
	victim := w.find(func(row ledger.Row) bool { return row.Event != nil && ledger.Leaf(row.Event.Bytes) == old }, 0)
	id := w.rows[victim].Event.Case
	moved := map[ledger.Hash]ledger.Hash{}
	var head ledger.Hash
	for i, row := range w.rows {
		if row.Event == nil || row.Event.Case != id {
			continue
		}
		w.rows[i] = copyOf(row)
		event := w.rows[i].Event
		if i == victim {
			event.Bytes[len(event.Bytes)-40] = 'A' + event.Bytes[len(event.Bytes)-40]%2
		}
		moved[ledger.Leaf(row.Event.Bytes)] = ledger.Leaf(event.Bytes)
		event.Prev, head = head, ledger.Chain(head, event.Bytes)
	}
	i := w.find(func(row ledger.Row) bool { return row.Case != nil && row.Case.Case == id }, 0)
	w.rows[i] = copyOf(w.rows[i])
	w.rows[i].Case.Head = head
	var leaves []ledger.Hash
	for i, row := range w.rows {
		if row.Leaf != nil {
			w.rows[i] = copyOf(row)
			if hash, ok := moved[row.Leaf.Hash]; ok {
				w.rows[i].Leaf.Hash = hash
			}
			leaves = append(leaves, w.rows[i].Leaf.Hash)
		}
	}
	w.stored = nil
	w.tree = mustGrow(t, 0, leaves, &w.stored)
	for i, row := range w.rows {
		if row.Node != nil {
			w.rows[i] = ledger.Row{Node: &ledger.TreeNode{Index: row.Node.Index, Hash: w.stored[row.Node.Index]}}
		}
	}
}
