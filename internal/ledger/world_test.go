package ledger_test

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// origin is the ledger of these tests.
const origin = "inzage.example/ledger"

// newKey gives a signer and the verifier key that belongs to it, always the
// same for a number.
func newKey(tb testing.TB, number byte) (note.Signer, string) {
	tb.Helper()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{number}, ed25519.SeedSize))
	public := private.Public().(ed25519.PublicKey)
	signer, err := ledger.NewSigner(origin, public, func(text []byte) ([]byte, error) {
		return ed25519.Sign(private, text), nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	key, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		tb.Fatal(err)
	}
	return signer, key
}

// hashes is a store of tree hashes.
type hashes []ledger.Hash

// read is the port Stored.
func (h hashes) read(indexes []int64) ([]ledger.Hash, error) {
	var list []ledger.Hash
	for _, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		list = append(list, h[index])
	}
	return list, nil
}

// world is an export and what belongs to it.
type world struct {
	rows   []ledger.Row // all but begin and end
	key    string
	signer note.Signer
	now    time.Time
	stored hashes
	tree   ledger.Tree
}

// shape is how large a world is.
type shape struct{ cases, events, pending, checkpoints int }

// The world most rules are tried on, and the one of which the targets speak.
var (
	small = shape{cases: 5, events: 42, pending: 4, checkpoints: 6}
	large = shape{cases: 340, events: 2420, pending: 12, checkpoints: 60}
)

// newWorld makes a ledger as sweep would: events of cases come in turn, three
// hours apart, and are gathered in batches with a checkpoint now and then. The last
// events are pending, minutes old.
func newWorld(tb testing.TB, s shape) *world {
	tb.Helper()
	w := &world{now: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)}
	w.signer, w.key = newKey(tb, 1)
	random := rand.NewChaCha8([32]byte{1})
	heads := make([]ledger.CaseHead, s.cases)
	for i := range heads {
		id, err := dsr.NewOwnerID(random)
		if err != nil {
			tb.Fatal(err)
		}
		heads[i].Case = id
	}
	var leaves []ledger.Hash
	for i := range s.events {
		head := &heads[i%s.cases]
		at := w.now.Add(time.Duration(i-s.events) * time.Minute)
		if i < s.events-s.pending {
			at = at.Add(-time.Duration(s.events-i) * 3 * time.Hour)
		}
		event := newEvent(*head, at, random)
		head.Events, head.Head = event.Seq, ledger.Chain(head.Head, event.Bytes)
		leaf := ledger.Leaf(event.Bytes)
		w.rows = append(w.rows, ledger.Row{Event: &event})
		if i < s.events-s.pending {
			w.rows = append(w.rows, ledger.Row{Leaf: &ledger.TreeLeaf{Index: int64(len(leaves)), Hash: leaf}})
			leaves = append(leaves, leaf)
		} else {
			w.rows = append(w.rows, ledger.Row{Pending: &ledger.PendingLeaf{Hash: leaf, At: at}})
		}
	}
	for _, head := range heads {
		w.rows = append(w.rows, ledger.Row{Case: &head})
	}
	w.gather(tb, leaves, s.checkpoints)
	w.sort()
	return w
}

// newEvent gives the event that follows head.
func newEvent(head ledger.CaseHead, at time.Time, random *rand.ChaCha8) ledger.CaseEvent {
	sealed := make([]byte, 100)
	_, _ = random.Read(sealed)
	raw, _ := json.Marshal(map[string]any{
		"case": head.Case, "seq": head.Events + 1, "kind": "LetterSent", "at": at, "sealed": sealed,
	})
	return ledger.CaseEvent{Case: head.Case, Seq: head.Events + 1, Prev: head.Head, Bytes: raw}
}

// gather grows the tree by all leaves, in steps that end in a checkpoint.
func (w *world) gather(tb testing.TB, leaves []ledger.Hash, checkpoints int) {
	tb.Helper()
	for n := range checkpoints {
		for end := len(leaves) * (n + 1) / checkpoints; w.tree.Size < int64(end); {
			batch := leaves[w.tree.Size:min(int64(end), w.tree.Size+ledger.MaxGrowth)]
			growth, err := ledger.Grow(w.tree.Size, batch, w.stored.read)
			if err != nil {
				tb.Fatal(err)
			}
			for i, hash := range growth.Hashes {
				w.rows = append(w.rows, ledger.Row{Node: &ledger.TreeNode{Index: growth.First + int64(i), Hash: hash}})
			}
			w.stored, w.tree = append(w.stored, growth.Hashes...), growth.Tree
		}
		w.rows = append(w.rows, w.checkpoint(tb, int64(n+1), w.tree))
	}
}

// checkpoint gives a signed checkpoint as a row.
func (w *world) checkpoint(tb testing.TB, number int64, tree ledger.Tree) ledger.Row {
	tb.Helper()
	signed, err := ledger.Checkpoint{Origin: origin, Tree: tree}.Sign(w.signer)
	if err != nil {
		tb.Fatal(err)
	}
	return ledger.Row{Checkpoint: &ledger.SavedCheckpoint{Number: number, Note: signed}}
}

// sort puts the rows in the order of an export, found without the package.
func (w *world) sort() {
	slices.SortStableFunc(w.rows, func(a, b ledger.Row) int { return cmp.Compare(orderOf(a), orderOf(b)) })
}

// orderOf gives a text by which rows sort.
func orderOf(row ledger.Row) string {
	switch {
	case row.Case != nil:
		return fmt.Sprintf("1 %s %08d", row.Case.Case, 0)
	case row.Event != nil:
		return fmt.Sprintf("1 %s %08d", row.Event.Case, row.Event.Seq)
	case row.Leaf != nil:
		return fmt.Sprintf("2 %08d", row.Leaf.Index)
	case row.Node != nil:
		return fmt.Sprintf("3 %08d", row.Node.Index)
	case row.Pending != nil:
		return "4 " + row.Pending.Hash.String()
	default:
		return fmt.Sprintf("6 %08d", row.Checkpoint.Number)
	}
}

// begin gives the first row of an export of this world.
func (w *world) begin() *ledger.Begin { return newBegin(w.key, w.now) }

// newBegin gives a first row.
func newBegin(key string, at time.Time) *ledger.Begin {
	begin := ledger.NewBegin(key, at)
	return &begin
}

// export writes the rows with the package's writer.
func (w *world) export(tb testing.TB) string {
	tb.Helper()
	var out bytes.Buffer
	writer, err := ledger.NewWriter(&out, *w.begin())
	if err != nil {
		tb.Fatal(err)
	}
	for _, row := range w.rows {
		if err := writer.Write(row); err != nil {
			tb.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// forge writes rows as a forger would who knows the format: in whatever order
// they are, with an end that counts them.
func (w *world) forge(tb testing.TB, rows []ledger.Row) string {
	tb.Helper()
	var counts ledger.RowCounts
	var out strings.Builder
	line := func(row ledger.Row) {
		raw, err := json.Marshal(row)
		if err != nil {
			tb.Fatal(err)
		}
		out.Write(append(raw, '\n'))
	}
	line(ledger.Row{Begin: w.begin()})
	for _, row := range rows {
		for _, kind := range []struct {
			is bool
			n  *int64
		}{
			{row.Case != nil, &counts.Cases},
			{row.Event != nil, &counts.Events},
			{row.Leaf != nil, &counts.Leaves},
			{row.Node != nil, &counts.Nodes},
			{row.Pending != nil, &counts.Pending},
			{row.Expired != nil, &counts.Expired},
			{row.Checkpoint != nil, &counts.Checkpoints},
		} {
			if kind.is {
				*kind.n++
			}
		}
		line(row)
	}
	line(ledger.Row{End: &counts})
	return out.String()
}

// verify verifies an export of this world.
func (w *world) verify(tb testing.TB, export string, kept ...string) ledger.Report {
	tb.Helper()
	report, err := ledger.Verify(strings.NewReader(export), w.key, kept...)
	if err != nil {
		tb.Fatal(err)
	}
	return report
}
