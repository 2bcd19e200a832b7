package ledger

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxGrowth is how many leaves one call of Grow takes: a DynamoDB transaction
// holds 100 actions (TransactWriteItems), and each leaf takes one to leave the
// pending ones, which leaves room for the rows of the tree itself.
const MaxGrowth = 80

// maxLeaves is far more than will ever be, and far less than where tlog's
// arithmetic overflows and no longer ends.
const maxLeaves = 1 << 40

// ErrBadProof is returned for a proof that does not show what it should, and
// for trees that do not continue each other.
var ErrBadProof = errors.New("the proof does not fit")

// errTreeSize is returned for sizes and positions that no tree of ours has.
var errTreeSize = errors.New("no such place in a tree")

// Tree is a ledger at one moment: how many leaves it has, and the hash of its
// root (RFC 6962 section 2.1).
type Tree struct {
	Size int64
	Root Hash
}

// Stored reads stored hashes of a tree by their index, in the order asked for.
// Indexes are those of tlog.StoredHashIndex: dense, leaves among them, and
// never written twice. Too few hashes are an error of whoever reads.
type Stored func(indexes []int64) ([]Hash, error)

// ReadHashes makes a Stored what tlog reads from.
func (s Stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	if len(indexes) == 0 {
		return nil, nil // nothing to know, so no reason to ask the store
	}
	hashes, err := s(indexes)
	if err != nil {
		return nil, fmt.Errorf("reading %d stored hashes: %w", len(indexes), err)
	}
	return convert[tlog.Hash](hashes), nil
}

// convert gives hashes as those of another package.
func convert[To, From ~[32]byte](hashes []From) []To {
	converted := make([]To, len(hashes))
	for i, hash := range hashes {
		converted[i] = To(hash)
	}
	return converted
}

// Growth is what must be written, in one transaction, to append leaves.
type Growth struct {
	// First is the index of the first of Hashes; the others follow without a
	// gap, so that one row can hold them all: First and the hashes in a run.
	First  int64
	Hashes []Hash
	Tree   Tree // with the new leaves
}

// Needs gives the indexes of the stored hashes that growing a tree of size
// leaves reads: the roots of the full trees it is made of, 40 at most.
func Needs(size int64) ([]int64, error) {
	if size < 0 || size > maxLeaves {
		return nil, errTreeSize
	}
	var needed []int64
	_, err := tlog.TreeHash(size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		needed = indexes
		return make([]tlog.Hash, len(indexes)), nil
	}))
	if err != nil {
		return nil, fmt.Errorf("finding what a tree of %d leaves needs: %w", size, err)
	}
	return needed, nil
}

// Grow appends up to MaxGrowth leaves to a tree of size leaves. It reads once,
// what Needs says. It writes nothing: the condition on the stored size, which
// keeps two writers apart, is the caller's.
func Grow(size int64, leaves []Hash, stored Stored) (Growth, error) {
	if len(leaves) > MaxGrowth {
		return Growth{}, fmt.Errorf("appending %d leaves, more than %d at once: %w", len(leaves), MaxGrowth, errTreeSize)
	}
	return grow(size, leaves, stored)
}

// grow is Grow without a bound on the leaves.
func grow(size int64, leaves []Hash, stored Stored) (Growth, error) {
	needed, err := Needs(size)
	if err != nil {
		return Growth{}, fmt.Errorf("appending leaves: %w", err)
	}
	known, err := stored.ReadHashes(needed)
	if err != nil {
		return Growth{}, fmt.Errorf("appending leaves: %w", err)
	}
	if len(known) != len(needed) {
		return Growth{}, fmt.Errorf("appending leaves: %d stored hashes of %d: %w", len(known), len(needed), errTreeSize)
	}
	at := make(map[int64]tlog.Hash, len(needed))
	for i, index := range needed {
		at[index] = known[i]
	}
	return growFrom(size, leaves, at)
}

// growFrom appends leaves to a tree of which the hashes at the indexes of Needs
// are known.
func growFrom(size int64, leaves []Hash, known map[int64]tlog.Hash) (Growth, error) {
	first := tlog.StoredHashCount(size)
	var added []tlog.Hash
	// What is added now is needed again a few leaves later.
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= first {
				hashes[i] = added[index-first]
				continue
			}
			hash, ok := known[index]
			if !ok {
				return nil, fmt.Errorf("hash %d was not read: %w", index, errTreeSize)
			}
			hashes[i] = hash
		}
		return hashes, nil
	})
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(size+int64(i), tlog.Hash(leaf), read)
		if err != nil {
			return Growth{}, fmt.Errorf("appending leaf %d: %w", size+int64(i), err)
		}
		added = append(added, hashes...)
	}
	grown := size + int64(len(leaves))
	root, err := tlog.TreeHash(grown, read)
	if err != nil {
		return Growth{}, fmt.Errorf("computing the root of %d leaves: %w", grown, err)
	}
	return Growth{First: first, Hashes: convert[Hash](added), Tree: Tree{grown, Hash(root)}}, nil
}

// NewTree computes the tree of the first size leaves. Any size up to the stored
// one will do, so that old checkpoints can be compared with what is stored now.
func NewTree(size int64, stored Stored) (Tree, error) {
	if size < 0 || size > maxLeaves {
		return Tree{}, errTreeSize
	}
	root, err := tlog.TreeHash(size, stored)
	if err != nil {
		return Tree{}, fmt.Errorf("computing the root of %d leaves: %w", size, err)
	}
	return Tree{size, Hash(root)}, nil
}

// ProveLeaf gives the hashes that lead from the leaf at index to the root of a
// tree of size leaves (RFC 6962 section 2.1.1).
func ProveLeaf(size, index int64, stored Stored) ([]Hash, error) {
	if size > maxLeaves {
		return nil, errTreeSize
	}
	proof, err := tlog.ProveRecord(size, index, stored)
	if err != nil {
		return nil, fmt.Errorf("proving leaf %d of %d: %w", index, size, err)
	}
	return convert[Hash](proof), nil
}

// CheckLeaf says whether proof shows that leaf stands at index in tree; if not,
// the error is ErrBadProof.
func CheckLeaf(proof []Hash, tree Tree, index int64, leaf Hash) error {
	if tree.Size > maxLeaves ||
		tlog.CheckRecord(convert[tlog.Hash](proof), tree.Size, tlog.Hash(tree.Root), index, tlog.Hash(leaf)) != nil {
		return fmt.Errorf("leaf %d of %d: %w", index, tree.Size, ErrBadProof)
	}
	return nil
}

// ProveGrowth gives the hashes that show that a tree of newer leaves begins
// with the leaves of that of older (RFC 6962 section 2.1.2). An empty tree
// begins every tree and needs no proof.
func ProveGrowth(older, newer int64, stored Stored) ([]Hash, error) {
	if older < 0 || newer < older || newer > maxLeaves {
		return nil, errTreeSize
	}
	if older == 0 {
		return nil, nil
	}
	proof, err := tlog.ProveTree(newer, older, stored)
	if err != nil {
		return nil, fmt.Errorf("proving that %d leaves grew to %d: %w", older, newer, err)
	}
	return convert[Hash](proof), nil
}

// CheckGrowth says whether proof shows that newer begins with the leaves of
// older; if not, the error is ErrBadProof.
func CheckGrowth(proof []Hash, older, newer Tree) error {
	if !growthFits(proof, older, newer) {
		return fmt.Errorf("from %d to %d leaves: %w", older.Size, newer.Size, ErrBadProof)
	}
	return nil
}

// growthFits is CheckGrowth without words.
func growthFits(proof []Hash, older, newer Tree) bool {
	if older.Size < 0 || newer.Size < older.Size || newer.Size > maxLeaves {
		return false
	}
	if older.Size > 0 {
		return tlog.CheckTree(convert[tlog.Hash](proof),
			newer.Size, tlog.Hash(newer.Root), older.Size, tlog.Hash(older.Root)) == nil
	}
	// tlog has no proof for the empty tree, whose root is a constant.
	empty, err := NewTree(0, nil)
	return err == nil && older == empty && len(proof) == 0 && (newer.Size > 0 || newer == empty)
}
