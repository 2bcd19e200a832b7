package ledger_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/ledger"
)

// find gives the place of the n-th row, from 0, for which is says yes.
func (w *world) find(is func(ledger.Row) bool, n int) int {
	for i, row := range w.rows {
		if is(row) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return -1
}

func isCase(row ledger.Row) bool       { return row.Case != nil }
func isEvent(row ledger.Row) bool      { return row.Event != nil }
func isLeaf(row ledger.Row) bool       { return row.Leaf != nil }
func isNode(row ledger.Row) bool       { return row.Node != nil }
func isPending(row ledger.Row) bool    { return row.Pending != nil }
func isCheckpoint(row ledger.Row) bool { return row.Checkpoint != nil }

// copyOf gives a row that shares nothing with the other.
func copyOf(row ledger.Row) (copied ledger.Row) {
	raw, err := json.Marshal(row)
	if err == nil {
		err = json.Unmarshal(raw, &copied)
	}
	if err != nil {
		return ledger.Row{}
	}
	return copied
}

// edit changes the n-th row of a kind.
func edit(is func(ledger.Row) bool, n int, change func(*ledger.Row)) func(*testing.T, *world) {
	return func(_ *testing.T, w *world) {
		i := w.find(is, n)
		w.rows[i] = copyOf(w.rows[i])
		change(&w.rows[i])
	}
}

// drop removes the n-th row of a kind.
func drop(is func(ledger.Row) bool, n int) func(*testing.T, *world) {
	return func(_ *testing.T, w *world) {
		i := w.find(is, n)
		w.rows = slices.Delete(w.rows, i, i+1)
	}
}

// repeat writes the n-th row of a kind twice, changed the second time.
func repeat(is func(ledger.Row) bool, n int, change func(*ledger.Row)) func(*testing.T, *world) {
	return func(_ *testing.T, w *world) {
		i := w.find(is, n)
		again := copyOf(w.rows[i])
		change(&again)
		w.rows = slices.Insert(w.rows, i+1, again)
	}
}

// swap puts the n-th row of a kind after the one that follows it.
func swap(is func(ledger.Row) bool, n int) func(*testing.T, *world) {
	return func(_ *testing.T, w *world) {
		i := w.find(is, n)
		w.rows[i], w.rows[i+1] = w.rows[i+1], w.rows[i]
	}
}

// same changes nothing.
func same(*ledger.Row) {}

// faults gives the faults of a report without repetition, in their order.
func faults(report ledger.Report) []ledger.Fault {
	var list []ledger.Fault
	for _, finding := range report.Findings {
		if !slices.Contains(list, finding.Fault) {
			list = append(list, finding.Fault)
		}
	}
	slices.Sort(list)
	return list
}

// TestEachRuleFindsItsFault changes one thing in a small export, written anew
// with the right order and counts, and wants exactly these faults. Rows 0 to 8
// or 9 events are of one case; 38 leaves are in the tree and 4 pending.
func TestEachRuleFindsItsFault(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *world)
		want   []ledger.Fault
	}{
		"nothing": {func(*testing.T, *world) {}, nil},
		"event's bytes": {
			edit(isEvent, 2, func(row *ledger.Row) { row.Event.Bytes[len(row.Event.Bytes)-40]++ }),
			[]ledger.Fault{ledger.HistoryBroken, ledger.EventWithoutLeaf, ledger.LeafWithoutEvent},
		},
		"event's bytes no JSON": {
			edit(isEvent, 2, func(row *ledger.Row) { row.Event.Bytes = row.Event.Bytes[1:] }),
			[]ledger.Fault{ledger.HistoryBroken, ledger.EventMisfiled, ledger.EventWithoutLeaf, ledger.LeafWithoutEvent},
		},
		"event's prev": {
			edit(isEvent, 2, func(row *ledger.Row) { row.Event.Prev[0]++ }),
			[]ledger.Fault{ledger.HistoryBroken},
		},
		"first event's prev": {
			edit(isEvent, 0, func(row *ledger.Row) { row.Event.Prev[0]++ }),
			[]ledger.Fault{ledger.HistoryBroken},
		},
		"event dropped":       {drop(isEvent, 2), []ledger.Fault{ledger.StateWithoutEvent, ledger.LeafWithoutEvent}},
		"first event dropped": {drop(isEvent, 0), []ledger.Fault{ledger.StateWithoutEvent, ledger.LeafWithoutEvent}},
		"event twice":         {repeat(isEvent, 2, same), []ledger.Fault{ledger.RowTwice}},
		"event in two versions": {
			repeat(isEvent, 2, func(row *ledger.Row) { row.Event.Bytes[len(row.Event.Bytes)-40]++ }),
			[]ledger.Fault{ledger.RowTwice, ledger.EventWithoutLeaf},
		},
		"event added":         {addEvent, []ledger.Fault{ledger.EventWithoutState, ledger.EventWithoutLeaf}},
		"event of the future": {func(_ *testing.T, w *world) { w.now = w.now.Add(-7 * time.Minute) }, []ledger.Fault{ledger.InFuture}},
		"head":                {edit(isCase, 1, func(row *ledger.Row) { row.Case.Head[3]++ }), []ledger.Fault{ledger.HeadDiffers}},
		"state further":       {edit(isCase, 1, func(row *ledger.Row) { row.Case.Events++ }), []ledger.Fault{ledger.StateWithoutEvent}},
		"state behind":        {edit(isCase, 1, func(row *ledger.Row) { row.Case.Events-- }), []ledger.Fault{ledger.EventWithoutState}},
		"state dropped":       {drop(isCase, 1), []ledger.Fault{ledger.EventWithoutState}},
		"state twice":         {repeat(isCase, 1, same), []ledger.Fault{ledger.RowTwice}},
		"state alone": {func(_ *testing.T, w *world) {
			w.rows = append(w.rows, ledger.Row{Case: &ledger.CaseHead{}})
			w.sort()
		}, []ledger.Fault{ledger.StateWithoutEvent}},
		"case dropped":  {dropCase, []ledger.Fault{ledger.LeafWithoutEvent}},
		"case renamed":  {renameCase, []ledger.Fault{ledger.EventMisfiled}},
		"leaf dropped":  {drop(isLeaf, 5), []ledger.Fault{ledger.LeafMissing, ledger.EventWithoutLeaf, ledger.NodeWithoutLeaf, ledger.CheckpointTooLarge, ledger.LeafUnsigned}},
		"leaf's hash":   {edit(isLeaf, 5, func(row *ledger.Row) { row.Leaf.Hash[0]++ }), []ledger.Fault{ledger.EventWithoutLeaf, ledger.LeafWithoutEvent, ledger.NodeDiffers, ledger.CheckpointDiffers, ledger.LeafUnsigned}},
		"leaf repeated": {repeat(isLeaf, 37, func(row *ledger.Row) { row.Leaf.Index++ }), []ledger.Fault{ledger.LeafTwice, ledger.NodeMissing}},
		"leaf twice": {repeat(isLeaf, 5, func(row *ledger.Row) { row.Leaf.Hash[0]++ }), []ledger.Fault{
			ledger.RowTwice, ledger.LeafWithoutEvent,
		}},
		"node dropped":      {drop(isNode, 5), []ledger.Fault{ledger.NodeMissing}},
		"last node dropped": {drop(isNode, 72), []ledger.Fault{ledger.NodeMissing}},
		"node's hash":       {edit(isNode, 5, func(row *ledger.Row) { row.Node.Hash[0]++ }), []ledger.Fault{ledger.NodeDiffers}},
		"node twice":        {repeat(isNode, 5, same), []ledger.Fault{ledger.RowTwice}},
		"node added":        {repeat(isNode, 72, func(row *ledger.Row) { row.Node.Index++ }), []ledger.Fault{ledger.NodeWithoutLeaf}},
		"pending dropped":   {drop(isPending, 1), []ledger.Fault{ledger.EventWithoutLeaf}},
		"pending twice":     {repeat(isPending, 1, same), []ledger.Fault{ledger.RowTwice}},
		"pending later":     {edit(isPending, 1, func(row *ledger.Row) { row.Pending.At = row.Pending.At.Add(1) }), []ledger.Fault{ledger.PendingMisdated}},
		"pending of nothing": {func(_ *testing.T, w *world) {
			w.rows = slices.Insert(w.rows, w.find(isPending, 0), ledger.Row{Pending: &ledger.PendingLeaf{At: w.now}})
		}, []ledger.Fault{ledger.LeafWithoutEvent}},
		"pending in the tree": {func(_ *testing.T, w *world) {
			w.rows = append(w.rows, ledger.Row{Pending: &ledger.PendingLeaf{Hash: w.rows[w.find(isLeaf, 5)].Leaf.Hash, At: w.now}})
			w.sort()
		}, []ledger.Fault{ledger.PendingInTree}},
		"pending too long":   {func(_ *testing.T, w *world) { w.now = w.now.Add(ledger.PendingMax) }, []ledger.Fault{ledger.PendingTooLong}},
		"checkpoint dropped": {drop(isCheckpoint, 2), []ledger.Fault{ledger.CheckpointMissing}},
		"first checkpoint dropped": {
			drop(isCheckpoint, 0), []ledger.Fault{ledger.CheckpointMissing},
		},
		"all checkpoints dropped": {func(_ *testing.T, w *world) {
			w.rows = slices.DeleteFunc(w.rows, isCheckpoint)
		}, []ledger.Fault{ledger.LeafUnsigned}},
		"checkpoint twice": {repeat(isCheckpoint, 2, same), []ledger.Fault{ledger.RowTwice}},
		"checkpoint's text": {edit(isCheckpoint, 2, func(row *ledger.Row) {
			row.Checkpoint.Note = strings.Replace(row.Checkpoint.Note, "\n1", "\n2", 1)
		}), []ledger.Fault{ledger.CheckpointUnsigned}},
		"checkpoint no note":      {edit(isCheckpoint, 2, func(row *ledger.Row) { row.Checkpoint.Note = "" }), []ledger.Fault{ledger.CheckpointUnreadable}},
		"checkpoint of a fork":    {signAnew(2, func(tree *ledger.Tree) { tree.Root[0]++ }), []ledger.Fault{ledger.CheckpointDiffers}},
		"checkpoint beyond":       {signAnew(5, func(tree *ledger.Tree) { tree.Size++ }), []ledger.Fault{ledger.CheckpointTooLarge}},
		"checkpoints swapped":     {swapNotes, []ledger.Fault{ledger.CheckpointShrinks}},
		"another's checkpoint":    {otherSigner, []ledger.Fault{ledger.CheckpointUnsigned}},
		"tree cut off":            {cutTree, []ledger.Fault{ledger.EventWithoutLeaf, ledger.CheckpointTooLarge}},
		"tree rewritten":          {rewrite, []ledger.Fault{ledger.CheckpointDiffers}},
		"leaves swapped":          {swap(isLeaf, 3), []ledger.Fault{ledger.OutOfPlace}},
		"nodes swapped":           {swap(isNode, 3), []ledger.Fault{ledger.OutOfPlace}},
		"pending swapped":         {swap(isPending, 1), []ledger.Fault{ledger.OutOfPlace}},
		"checkpoint rows swapped": {swap(isCheckpoint, 3), []ledger.Fault{ledger.OutOfPlace}},
		"rows swapped":            {swap(isEvent, 2), []ledger.Fault{ledger.OutOfPlace}},
		"row far from its place":  {func(_ *testing.T, w *world) { w.rows = append(w.rows[1:], w.rows[0]) }, []ledger.Fault{ledger.OutOfPlace}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, small)
			c.change(t, w)
			report := w.verify(t, w.forge(t, w.rows))
			slices.Sort(c.want)
			if got := faults(report); !slices.Equal(got, c.want) || report.OK() != (len(c.want) == 0) {
				t.Errorf("found %q, want %q", report.Findings, c.want)
			}
		})
	}
}
