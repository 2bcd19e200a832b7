package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// tree builds the tree anew from its leaves and holds against it what is stored
// of it and what was signed.
func (a *audit) tree(kept []string) error {
	grown, err := grow(0, a.wholeLeaves(), nil)
	if err != nil {
		return err
	}
	a.report.Tree = grown.Tree
	a.storedNodes(grown.Hashes)
	stored := func(indexes []int64) ([]Hash, error) {
		hashes := make([]Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = grown.Hashes[index]
		}
		return hashes, nil
	}
	if err := a.signed(stored); err != nil {
		return err
	}
	a.unsigned()
	for i, text := range kept {
		if _, err := a.checkpoint(text, Finding{Seq: int64(i + 1), Kept: true}, stored); err != nil {
			return err
		}
	}
	return nil
}

// unsigned finds the first leaf that should long stand under a checkpoint. So
// whoever takes the newest checkpoints away has two days to rewrite, not years.
func (a *audit) unsigned() {
	for _, leaf := range a.leaves {
		e, ok := a.byLeaf[leaf.row.Hash]
		if ok && leaf.row.Index >= a.report.Signed && a.begin.At.Sub(e.at) > SignedWithin {
			where := e.where()
			where.Line = leaf.line
			a.report.found(LeafUnsigned, where)
			return
		}
	}
}

// wholeLeaves gives the leaves up to the first that is missing: a tree has no
// gaps, so what comes after one cannot be hashed.
func (a *audit) wholeLeaves() []Hash {
	slices.SortStableFunc(a.leaves, func(x, y numbered[TreeLeaf]) int { return cmp.Compare(x.row.Index, y.row.Index) })
	var whole []Hash
	var next int64
	for _, leaf := range a.leaves {
		where := Finding{Seq: leaf.row.Index, Line: leaf.line}
		switch {
		case leaf.row.Index < next:
			a.report.found(RowTwice, where)
		case leaf.row.Index > next:
			a.report.found(LeafMissing, Finding{Seq: next, Line: leaf.line})
		}
		if int64(len(whole)) == leaf.row.Index {
			whole = append(whole, leaf.row.Hash)
		}
		next = leaf.row.Index + 1
	}
	return whole
}

// storedNodes holds the stored hashes against those of the tree built anew.
func (a *audit) storedNodes(hashes []Hash) {
	slices.SortStableFunc(a.nodes, func(x, y numbered[TreeNode]) int { return cmp.Compare(x.row.Index, y.row.Index) })
	var next int64
	for _, node := range a.nodes {
		where := Finding{Seq: node.row.Index, Line: node.line}
		switch {
		case node.row.Index < next:
			a.report.found(RowTwice, where)
		case node.row.Index > next:
			a.report.found(NodeMissing, Finding{Seq: next, Line: node.line})
		}
		switch {
		case node.row.Index >= int64(len(hashes)):
			// All that follow are without a leaf too, often for want of one.
			a.report.found(NodeWithoutLeaf, where)
			return
		case node.row.Hash != hashes[node.row.Index]:
			a.report.found(NodeDiffers, where)
		}
		next = node.row.Index + 1
	}
	if next < int64(len(hashes)) {
		a.report.found(NodeMissing, Finding{Seq: next})
	}
}

// signed judges the checkpoints of the export, in the order of their numbers.
func (a *audit) signed(stored Stored) error {
	slices.SortStableFunc(a.checkpoints, func(x, y numbered[SavedCheckpoint]) int {
		return cmp.Compare(x.row.Number, y.row.Number)
	})
	next := int64(1)
	var older Checkpoint
	for _, saved := range a.checkpoints {
		where := Finding{Seq: saved.row.Number, Line: saved.line}
		switch {
		case saved.row.Number < next:
			a.report.found(RowTwice, where)
		case saved.row.Number > next:
			a.report.found(CheckpointMissing, Finding{Seq: next, Line: saved.line})
		}
		next = saved.row.Number + 1
		newer, err := a.checkpoint(saved.row.Note, where, stored)
		if err != nil {
			return err
		}
		if newer.Size < older.Size && newer.Origin != "" {
			a.report.found(CheckpointShrinks, where)
		}
		older.Size = max(older.Size, newer.Size)
	}
	return nil
}

// checkpoint judges one checkpoint. Each is held against the root that the same
// leaves had at its size; those that fit it are beginnings of one list, so
// that all are consistent with all, at the price of one comparison each.
func (a *audit) checkpoint(text string, where Finding, stored Stored) (Checkpoint, error) {
	read, err := OpenCheckpoint(text, a.key)
	switch {
	case errors.Is(err, ErrBadSignature):
		a.report.found(CheckpointUnsigned, where)
		return Checkpoint{}, nil
	case err != nil:
		a.report.found(CheckpointUnreadable, where)
		return Checkpoint{}, nil
	case read.Size > a.report.Tree.Size:
		a.report.found(CheckpointTooLarge, where)
		return read, nil
	}
	tree, err := NewTree(read.Size, stored)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("comparing a checkpoint of %d leaves: %w", read.Size, err)
	}
	if tree != read.Tree {
		a.report.found(CheckpointDiffers, where)
		return read, nil
	}
	a.report.Signed = max(a.report.Signed, read.Size)
	return read, nil
}
