package ledger

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// histories holds each case's events against each other and its state.
func (a *audit) histories() {
	slices.SortStableFunc(a.events, func(x, y event) int {
		return cmp.Or(bytes.Compare(x.id[:], y.id[:]), cmp.Compare(x.seq, y.seq))
	})
	seen := map[dsr.OwnerID]bool{}
	for rest := a.events; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].id == rest[0].id {
			n++
		}
		seen[rest[0].id] = true
		a.history(rest[:n])
		rest = rest[n:]
	}
	// The order of a map does not show: a report is sorted by line.
	for id, head := range a.heads {
		if !seen[id] {
			a.report.found(StateWithoutEvent, Finding{Case: id, Line: head.line})
		}
	}
}

// history holds the events of one case, sorted by seq, against its state.
func (a *audit) history(events []event) {
	head, known := a.heads[events[0].id]
	var last event // the zero event stands before the first
	for _, e := range events {
		switch {
		case e.seq == last.seq:
			a.report.found(RowTwice, e.where())
			continue
		case e.seq > last.seq+1:
			// One finding for a gap, however wide somebody says it is. What
			// prev should be is then unknown.
			a.report.found(StateWithoutEvent, Finding{Case: e.id, Seq: last.seq + 1, Line: e.line})
		case e.prev != last.next:
			a.report.found(HistoryBroken, e.where())
		}
		if !known || e.seq > head.row.Events {
			a.report.found(EventWithoutState, e.where())
		}
		last = e
	}
	// When events go on after the state, or stop before it, its head belongs to
	// an event that is not the last: that is found already.
	switch {
	case known && last.seq < head.row.Events:
		a.report.found(StateWithoutEvent, Finding{Case: last.id, Seq: last.seq + 1, Line: head.line})
	case known && last.seq == head.row.Events && last.next != head.row.Head:
		a.report.found(HeadDiffers, Finding{Case: last.id, Seq: last.seq, Line: head.line})
	}
}

// leavesOfEvents holds the events against the leaves, in the tree or pending:
// every event has one leaf, and every leaf one event.
func (a *audit) leavesOfEvents() {
	a.byLeaf = make(map[Hash]event, len(a.events))
	for _, e := range a.events {
		a.byLeaf[e.leaf] = e
	}
	known := make(map[Hash]bool, len(a.events))
	for _, leaf := range a.leaves {
		where := Finding{Seq: leaf.row.Index, Line: leaf.line}
		if known[leaf.row.Hash] {
			a.report.found(LeafTwice, where)
		}
		_, ok := a.byLeaf[leaf.row.Hash]
		switch {
		case ok && a.expired[leaf.row.Hash]:
			a.report.found(ExpiredWithEvent, where)
		case !ok && !a.expired[leaf.row.Hash]:
			a.report.found(LeafWithoutEvent, where)
		}
		known[leaf.row.Hash] = true
	}
	for _, hash := range slices.SortedFunc(maps.Keys(a.expired), func(x, y Hash) int { return bytes.Compare(x[:], y[:]) }) {
		if !known[hash] {
			a.report.found(ExpiredWithoutLeaf, Finding{})
		}
	}
	a.waiting(known)
	for _, e := range a.events {
		if !known[e.leaf] {
			a.report.found(EventWithoutLeaf, e.where())
		}
	}
}

// waiting judges the pending leaves and adds them to those known. The instant
// is the event's own, which the hash covers: the one stored beside the leaf
// could be moved for ever.
func (a *audit) waiting(known map[Hash]bool) {
	pending := map[Hash]bool{}
	for _, leaf := range a.pending {
		e, ok := a.byLeaf[leaf.row.Hash]
		where := e.where()
		where.Line = leaf.line
		switch {
		case pending[leaf.row.Hash]:
			a.report.found(RowTwice, where)
		case known[leaf.row.Hash]:
			a.report.found(PendingInTree, where)
		case !ok:
			a.report.found(LeafWithoutEvent, where)
		case !e.at.Equal(leaf.row.At):
			a.report.found(PendingMisdated, where)
		case a.begin.At.Sub(e.at) > PendingMax:
			a.report.found(PendingTooLong, where)
		}
		pending[leaf.row.Hash], known[leaf.row.Hash] = true, true
	}
}
