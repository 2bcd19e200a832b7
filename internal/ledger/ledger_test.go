package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"polarweb.nl/inzage/internal/ledger"
)

// chainLength is how long the chains of these tests are.
const chainLength = 500

// newChain gives a chain of n entries and its head.
func newChain(n int) (entries []ledger.Entry, head ledger.Hash) {
	for i := range n {
		entry := ledger.Entry{Prev: head, Bytes: fmt.Appendf(nil, "entry %d, sealed", i+1)}
		entries = append(entries, entry)
		head = ledger.Chain(head, entry.Bytes)
	}
	return entries, head
}

// relink gives entries with every Prev as a forger would compute it anew.
func relink(entries []ledger.Entry) []ledger.Entry {
	var hash ledger.Hash
	relinked := slices.Clone(entries)
	for i := range relinked {
		relinked[i].Prev = hash
		hash = ledger.Chain(hash, relinked[i].Bytes)
	}
	return relinked
}

// wantBreak checks that a changed chain is found at seq, and that it is found
// at the head when the forger has linked it anew.
func wantBreak(t *testing.T, changed []ledger.Entry, head ledger.Hash, seq int) {
	t.Helper()
	var broken *ledger.BreakError
	if err := ledger.VerifyChain(changed, head); !errors.As(err, &broken) || broken.Seq != seq {
		t.Fatalf("%v, want a break at seq %d", err, seq)
	}
	if err := ledger.VerifyChain(relink(changed), head); !errors.As(err, &broken) || broken.Seq != len(changed)+1 {
		t.Fatalf("linked anew: %v, want a break at the head", err)
	}
}

func TestWholeChainFits(t *testing.T) {
	for _, n := range []int{0, 1, 2, chainLength} {
		entries, head := newChain(n)
		if err := ledger.VerifyChain(entries, head); err != nil {
			t.Errorf("%d entries: %v", n, err)
		}
	}
}

func TestEveryEditIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range entries {
		changed := slices.Clone(entries)
		changed[i].Bytes = slices.Clone(changed[i].Bytes)
		changed[i].Bytes[i%len(changed[i].Bytes)] ^= 1 << (i % 8)
		wantBreak(t, changed, head, i+2)
	}
}

func TestEveryLengthenedOrShortenedEntryIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range entries {
		longer, shorter := slices.Clone(entries), slices.Clone(entries)
		longer[i].Bytes = append(slices.Clone(longer[i].Bytes), 0)
		shorter[i].Bytes = shorter[i].Bytes[:len(shorter[i].Bytes)-1]
		wantBreak(t, longer, head, i+2)
		wantBreak(t, shorter, head, i+2)
	}
}

func TestEveryEditedPrevIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range entries {
		changed := slices.Clone(entries)
		changed[i].Prev[i%32] ^= 1 << (i % 8)
		var broken *ledger.BreakError
		if err := ledger.VerifyChain(changed, head); !errors.As(err, &broken) || broken.Seq != i+1 {
			t.Fatalf("%v, want a break at seq %d", err, i+1)
		}
	}
}

func TestEveryDeletionIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range entries {
		wantBreak(t, slices.Delete(slices.Clone(entries), i, i+1), head, i+1)
	}
}

func TestEveryInsertionIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range len(entries) + 1 {
		// The best a forger can do: the Prev that belongs in this place.
		prev := head
		if i < len(entries) {
			prev = entries[i].Prev
		}
		forged := ledger.Entry{Prev: prev, Bytes: []byte("an entry that never was")}
		wantBreak(t, slices.Insert(slices.Clone(entries), i, forged), head, i+2)
	}
}

func TestEveryRepetitionIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range entries {
		wantBreak(t, slices.Insert(slices.Clone(entries), i, entries[i]), head, i+2)
	}
}

func TestEverySwapOfNeighboursIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for i := range len(entries) - 1 {
		rows, bytes := slices.Clone(entries), slices.Clone(entries)
		rows[i], rows[i+1] = rows[i+1], rows[i]
		bytes[i].Bytes, bytes[i+1].Bytes = bytes[i+1].Bytes, bytes[i].Bytes
		wantBreak(t, rows, head, i+1)
		wantBreak(t, bytes, head, i+2)
	}
}

func TestEverySwapWithTheMiddleIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	const middle = chainLength / 2
	for i := range entries {
		if i == middle {
			continue
		}
		changed := slices.Clone(entries)
		changed[i], changed[middle] = changed[middle], changed[i]
		wantBreak(t, changed, head, min(i, middle)+1)
	}
}

func TestEveryTruncationIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for n := range entries {
		wantBreak(t, entries[:n], head, n+1)
		// Without its beginning it breaks at once, also when nothing is left.
		wantBreak(t, entries[n+1:], head, 1)
	}
}

func TestAnotherHeadIsFound(t *testing.T) {
	entries, head := newChain(chainLength)
	for bit := range 8 * len(head) {
		other := head
		other[bit/8] ^= 1 << (bit % 8)
		var broken *ledger.BreakError
		if err := ledger.VerifyChain(entries, other); !errors.As(err, &broken) || broken.Seq != chainLength+1 {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
}

func TestChainIsDefinedByItsBytes(t *testing.T) {
	prev := ledger.Hash{1, 2, 3}
	want := sha256.Sum256(slices.Concat([]byte("inzage-chain/v1\x00"), prev[:], []byte("entry")))
	if got := ledger.Chain(prev, []byte("entry")); got != want {
		t.Errorf("chain hash %s, want %x", got, want)
	}
}

func TestChainIsNeverALeafOrANode(t *testing.T) {
	entry := []byte("entry")
	prev := ledger.Leaf(entry)
	chained := ledger.Chain(prev, entry)
	if chained == ledger.Leaf(append(prev[:], entry...)) || chained == ledger.Leaf(entry) {
		t.Error("a chain hash equals a leaf")
	}
	if chained == ledger.Hash(tlog.NodeHash(tlog.Hash(prev), tlog.RecordHash(entry))) {
		t.Error("a chain hash equals a node")
	}
	if ledger.Chain(ledger.Hash{}, append(prev[:], entry...)) == chained {
		t.Error("prev and entry can be moved across their border")
	}
}

// TestLeafIsThatOfRFC6962 uses the hash of an empty leaf, which section 2.1
// gives as SHA-256 of one zero byte.
func TestLeafIsThatOfRFC6962(t *testing.T) {
	const empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
	if got := ledger.Leaf(nil).String(); got != empty {
		t.Errorf("empty leaf %s, want %s", got, empty)
	}
	if got, want := ledger.Leaf([]byte("x")), sha256.Sum256([]byte("\x00x")); got != want {
		t.Errorf("leaf %s, want %x", got, want)
	}
}

func TestHashHasOneSpelling(t *testing.T) {
	hash := ledger.Leaf([]byte("x"))
	text := hash.String()
	if got, err := ledger.ParseHash(text); err != nil || got != hash {
		t.Errorf("read back as %s, %v", got, err)
	}
	for name, bad := range map[string]string{
		"empty": "", "short": text[2:], "long": text + "00", "odd": text[1:], "upper case": strings.ToUpper(text),
		"not hexadecimal": "g" + text[1:], "line end": text[:63] + "\n", "prefix": "0x" + text[2:],
	} {
		if _, err := ledger.ParseHash(bad); !errors.Is(err, ledger.ErrBadHash) {
			t.Errorf("%s: error %v, want ErrBadHash", name, err)
		}
	}
}

func TestHashIsTextInJSON(t *testing.T) {
	hash := ledger.Leaf([]byte("x"))
	raw, err := json.Marshal(hash)
	if err != nil || string(raw) != `"`+hex.EncodeToString(hash[:])+`"` {
		t.Fatalf("written as %s, %v", raw, err)
	}
	var back ledger.Hash
	if err := json.Unmarshal(raw, &back); err != nil || back != hash {
		t.Errorf("read back as %s, %v", back, err)
	}
	kept := back
	if err := json.Unmarshal([]byte(`"00"`), &back); !errors.Is(err, ledger.ErrBadHash) || back != kept {
		t.Errorf("a short hash: %v, hash now %s", err, back)
	}
}

func TestBreakNamesItsPlace(t *testing.T) {
	if got := (&ledger.BreakError{Seq: 7}).Error(); !strings.Contains(got, "seq 7") {
		t.Errorf("error %q does not name seq 7", got)
	}
}
