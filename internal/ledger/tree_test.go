package ledger_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"polarweb.nl/inzage/internal/ledger"
)

// vectors are the leaves and the roots after each of them that implementations
// of RFC 6962 have been checked with since its first one, Certificate
// Transparency's.
func vectors() (leaves, roots []string) {
	leaves = []string{
		"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
	}
	roots = []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	return leaves, roots
}

// newLeaves gives n leaves that differ.
func newLeaves(n int) []ledger.Hash {
	var leaves []ledger.Hash
	for i := range n {
		leaves = append(leaves, ledger.Leaf(fmt.Appendf(nil, "entry %d", i)))
	}
	return leaves
}

// mustGrow appends leaves to a tree in a store.
func mustGrow(t testing.TB, size int64, leaves []ledger.Hash, store *hashes) ledger.Tree {
	t.Helper()
	growth, err := ledger.Grow(size, leaves, store.read)
	if err != nil {
		t.Fatal(err)
	}
	if growth.First != int64(len(*store)) {
		t.Fatalf("from %d leaves: hashes begin at %d, %d are stored", size, growth.First, len(*store))
	}
	*store = append(*store, growth.Hashes...)
	return growth.Tree
}

// rootOf computes a root as RFC 6962 section 2.1 defines it, by recursion.
func rootOf(leaves []ledger.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return tlog.Hash(leaves[0])
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(rootOf(leaves[:k]), rootOf(leaves[k:]))
}

func TestRootsAreThoseOfRFC6962(t *testing.T) {
	empty, err := ledger.NewTree(0, nil)
	if err != nil || empty.Root.String() != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("empty tree: %v, %v", empty, err)
	}
	leaves, roots := vectors()
	var store hashes
	for i, text := range leaves {
		raw, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		tree := mustGrow(t, int64(i), []ledger.Hash{ledger.Leaf(raw)}, &store)
		if tree.Size != int64(i+1) || tree.Root.String() != roots[i] {
			t.Errorf("after leaf %d: %d leaves, root %s, want %s", i, tree.Size, tree.Root, roots[i])
		}
	}
}

func TestGrowingStoresWhatTlogStores(t *testing.T) {
	const n = 300
	leaves := newLeaves(n)
	var peer []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, index := range indexes {
			list = append(list, peer[index])
		}
		return list, nil
	})
	for i := range n {
		added, err := tlog.StoredHashes(int64(i), fmt.Appendf(nil, "entry %d", i), reader)
		if err != nil {
			t.Fatal(err)
		}
		peer = append(peer, added...)
	}
	for _, batch := range []int{1, 2, 3, 7, 64, ledger.MaxGrowth} {
		var store hashes
		for size := 0; size < n; size += batch {
			part := leaves[size:min(n, size+batch)]
			tree := mustGrow(t, int64(size), part, &store)
			if want := rootOf(leaves[:size+len(part)]); tlog.Hash(tree.Root) != want {
				t.Fatalf("in batches of %d: root of %d is %s", batch, tree.Size, tree.Root)
			}
		}
		if !slices.EqualFunc(store, peer, func(a ledger.Hash, b tlog.Hash) bool { return tlog.Hash(a) == b }) {
			t.Errorf("in batches of %d: what is stored is not what tlog stores", batch)
		}
	}
}

func TestGrowingReadsOnceAndOnlyWhatItNeeds(t *testing.T) {
	var store hashes
	for size := int64(0); size < 200; size++ {
		needs, err := ledger.Needs(size)
		if err != nil {
			t.Fatal(err)
		}
		var asked [][]int64
		_, err = ledger.Grow(size, newLeaves(ledger.MaxGrowth), func(indexes []int64) ([]ledger.Hash, error) {
			asked = append(asked, indexes)
			return store.read(indexes)
		})
		if err != nil {
			t.Fatal(err)
		}
		if size == 0 && len(asked) != 0 || size > 0 && (len(asked) != 1 || !slices.Equal(asked[0], needs)) {
			t.Fatalf("%d leaves: asked for %v, needs %v", size, asked, needs)
		}
		mustGrow(t, size, newLeaves(1), &store)
	}
}

func TestGrowingByNothingGivesTheTreeAsItIs(t *testing.T) {
	var store hashes
	want := mustGrow(t, 0, newLeaves(11), &store)
	if got := mustGrow(t, 11, nil, &store); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	for size := range int64(12) {
		if tree, err := ledger.NewTree(size, store.read); err != nil || size > 0 && tlog.Hash(tree.Root) != rootOf(newLeaves(int(size))) {
			t.Errorf("tree of %d leaves: %v, %v", size, tree, err)
		}
	}
}

// TestTreesHaveBounds uses sizes at which tlog's own arithmetic never ends.
func TestTreesHaveBounds(t *testing.T) {
	var store hashes
	tree := mustGrow(t, 0, newLeaves(3), &store)
	if _, err := ledger.Grow(3, newLeaves(ledger.MaxGrowth+1), store.read); err == nil {
		t.Error("more leaves than a transaction holds were taken")
	}
	for _, size := range []int64{-1, 1<<40 + 1, 1<<62 + 1, 1<<63 - 1} {
		beyond := ledger.Tree{Size: size, Root: tree.Root}
		_, needs := ledger.Needs(size)
		_, grow := ledger.Grow(size, newLeaves(1), store.read)
		_, root := ledger.NewTree(size, store.read)
		_, leaf := ledger.ProveLeaf(size, 0, store.read)
		_, growth := ledger.ProveGrowth(1, size, store.read)
		for name, err := range map[string]error{
			"needs": needs, "grow": grow, "tree": root, "prove leaf": leaf, "prove growth": growth,
			"check leaf":   ledger.CheckLeaf(nil, beyond, 0, ledger.Hash{}),
			"check growth": ledger.CheckGrowth(nil, tree, beyond),
			"check old":    ledger.CheckGrowth(nil, beyond, beyond),
		} {
			if err == nil {
				t.Errorf("%s: a tree of %d leaves was taken", name, size)
			}
		}
	}
}

func TestStoreThatFailsIsNamed(t *testing.T) {
	failure := errors.New("throttled")
	for name, stored := range map[string]ledger.Stored{
		"fails":     func([]int64) ([]ledger.Hash, error) { return nil, failure },
		"too few":   func(indexes []int64) ([]ledger.Hash, error) { return make([]ledger.Hash, len(indexes)-1), nil },
		"too many":  func(indexes []int64) ([]ledger.Hash, error) { return make([]ledger.Hash, len(indexes)+1), nil },
		"forgetful": func([]int64) ([]ledger.Hash, error) { return nil, nil },
	} {
		_, grow := ledger.Grow(7, newLeaves(1), stored)
		_, root := ledger.NewTree(7, stored)
		_, leaf := ledger.ProveLeaf(7, 0, stored)
		_, growth := ledger.ProveGrowth(3, 7, stored)
		for call, err := range map[string]error{"grow": grow, "root": root, "leaf": leaf, "growth": growth} {
			if err == nil || name == "fails" && !errors.Is(err, failure) {
				t.Errorf("%s, %s: %v", name, call, err)
			}
		}
	}
}

func TestEveryLeafCanBeProved(t *testing.T) {
	leaves := newLeaves(40)
	var store hashes
	for i := range leaves {
		tree := mustGrow(t, int64(i), leaves[i:i+1], &store)
		for index := range tree.Size {
			proof, err := ledger.ProveLeaf(tree.Size, index, store.read)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger.CheckLeaf(proof, tree, index, leaves[index]); err != nil {
				t.Fatalf("leaf %d of %d: %v", index, tree.Size, err)
			}
			wantNoLeaf(t, proof, tree, index, leaves[index])
		}
	}
	if _, err := ledger.ProveLeaf(40, 40, store.read); err == nil {
		t.Error("a leaf that is not in the tree was proved")
	}
}

// wantNoLeaf checks that a proof proves nothing else than it should.
func wantNoLeaf(t *testing.T, proof []ledger.Hash, tree ledger.Tree, index int64, leaf ledger.Hash) {
	t.Helper()
	other, larger := tree, tree
	other.Root[31] ^= 1
	larger.Size = 2*tree.Size + 1
	for name, err := range map[string]error{
		"another leaf": ledger.CheckLeaf(proof, tree, index, ledger.Leaf(nil)),
		"another root": ledger.CheckLeaf(proof, other, index, leaf),
		"another size": ledger.CheckLeaf(proof, larger, index, leaf),
		"no place":     ledger.CheckLeaf(proof, tree, tree.Size, leaf),
		"before all":   ledger.CheckLeaf(proof, tree, -1, leaf),
		"longer":       ledger.CheckLeaf(append(slices.Clone(proof), leaf), tree, index, leaf),
	} {
		if !errors.Is(err, ledger.ErrBadProof) {
			t.Fatalf("leaf %d of %d, %s: %v", index, tree.Size, name, err)
		}
	}
	for i := range proof {
		changed := slices.Clone(proof)
		changed[i][0] ^= 128
		if err := ledger.CheckLeaf(changed, tree, index, leaf); !errors.Is(err, ledger.ErrBadProof) {
			t.Fatalf("leaf %d of %d, hash %d changed: %v", index, tree.Size, i, err)
		}
	}
}

func TestEveryTreeIsShownToBeginALaterOne(t *testing.T) {
	leaves := newLeaves(40)
	var store hashes
	empty, err := ledger.NewTree(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	trees := []ledger.Tree{empty}
	for i := range leaves {
		trees = append(trees, mustGrow(t, int64(i), leaves[i:i+1], &store))
	}
	for _, newer := range trees {
		for _, older := range trees[:newer.Size+1] {
			proof, err := ledger.ProveGrowth(older.Size, newer.Size, store.read)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger.CheckGrowth(proof, older, newer); err != nil {
				t.Fatalf("from %d to %d: %v", older.Size, newer.Size, err)
			}
			wantNoGrowth(t, proof, older, newer)
		}
	}
	if _, err := ledger.ProveGrowth(3, 2, store.read); err == nil {
		t.Error("a tree was shown to have shrunk")
	}
}

// wantNoGrowth checks that a proof proves nothing else than it should. Any tree
// continues the empty one, so there the newer root is free.
func wantNoGrowth(t *testing.T, proof []ledger.Hash, older, newer ledger.Tree) {
	t.Helper()
	forkedOld, forkedNew := older, newer
	forkedOld.Root[0] ^= 1
	forkedNew.Root[0] ^= 1
	changes := map[string]error{
		"another old root": ledger.CheckGrowth(proof, forkedOld, newer),
		"longer":           ledger.CheckGrowth(append(slices.Clone(proof), older.Root), older, newer),
	}
	if older.Size > 0 || newer.Size == 0 {
		changes["another new root"] = ledger.CheckGrowth(proof, older, forkedNew)
	}
	if older.Size < newer.Size {
		changes["backwards"] = ledger.CheckGrowth(proof, newer, older)
	}
	for i := range proof {
		changed := slices.Clone(proof)
		changed[i][9] ^= 1
		changes[fmt.Sprintf("hash %d changed", i)] = ledger.CheckGrowth(changed, older, newer)
	}
	for name, err := range changes {
		if !errors.Is(err, ledger.ErrBadProof) {
			t.Fatalf("from %d to %d, %s: %v", older.Size, newer.Size, name, err)
		}
	}
}
