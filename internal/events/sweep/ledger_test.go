package sweep_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/sweep"
	"polarweb.nl/inzage/internal/ledger"
)

// origin names the ledger of these tests.
const origin = "een.example/inzage/test"

// book is a ledger in memory, with all that gathering asks of it.
type book struct {
	*testing.T
	head    casestore.LedgerHead
	pending []ledger.Hash
	hashes  []ledger.Hash
	signed  []string // checkpoints in the table
	kept    []string // checkpoints out of reach
	key     ed25519.PrivateKey
	fault   error // of the next growth or checkpoint
}

// newBook gives an empty ledger with a key.
func newBook(t *testing.T) *book {
	return &book{T: t, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
}

// gathering gives the act on the book.
func (b *book) gathering() sweep.Gathering {
	return sweep.Gathering{
		Ledger: b, Origin: origin,
		Checkpoint: func(_ context.Context, number int64) (string, error) { return b.signed[number-1], nil },
		Stored:     func(context.Context) ledger.Stored { return b.stored },
		Signer: func(context.Context) (note.Signer, error) {
			return ledger.NewSigner(origin, b.key.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) {
				return ed25519.Sign(b.key, text), nil
			})
		},
		Keep: func(_ context.Context, _ int64, signed string) error {
			b.kept = append(b.kept, signed)
			return nil
		},
	}
}

// stored is a ledger.Stored.
func (b *book) stored(indexes []int64) ([]ledger.Hash, error) {
	var hashes []ledger.Hash
	for _, index := range indexes {
		hashes = append(hashes, b.hashes[index])
	}
	return hashes, nil
}

// LedgerHead implements sweep.Ledger.
func (b *book) LedgerHead(context.Context) (casestore.LedgerHead, error) { return b.head, nil }

// PendingLeaves implements sweep.Ledger.
func (b *book) PendingLeaves(_ context.Context, most int) ([]ledger.Hash, error) {
	return b.pending[:min(most, len(b.pending))], nil
}

// Grow implements sweep.Ledger.
func (b *book) Grow(_ context.Context, head casestore.LedgerHead, leaves []ledger.Hash) (casestore.LedgerHead, error) {
	if b.fault != nil {
		return head, b.fault
	}
	growth, err := ledger.Grow(b.head.Tree.Size, leaves, b.stored)
	if err != nil {
		return head, err
	}
	b.head.Tree, b.hashes = growth.Tree, append(b.hashes, growth.Hashes...)
	b.pending = b.pending[len(leaves):]
	return b.head, nil
}

// SaveCheckpoint implements sweep.Ledger.
func (b *book) SaveCheckpoint(_ context.Context, head casestore.LedgerHead, signed string, now time.Time) error {
	if b.fault != nil {
		return b.fault
	}
	b.head.Checkpoint, b.head.Signed, b.head.SignedAt = head.Checkpoint+1, head.Tree.Size, now
	b.signed = append(b.signed, signed)
	return nil
}

// wait adds leaves that wait.
func (b *book) wait(n int) {
	for range n {
		b.pending = append(b.pending, ledger.Leaf(fmt.Appendf(nil, "entry %d", len(b.hashes)+len(b.pending))))
	}
}

// gather gathers at an instant and expects no error.
func (b *book) gather(now time.Time) int {
	b.Helper()
	gathered, err := b.gathering().Gather(b.Context(), now)
	if err != nil {
		b.Fatal(err)
	}
	return gathered
}

// monday is when these tests begin.
func monday() time.Time { return time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC) }

func TestLeavesAreGatheredAllOfThemOnce(t *testing.T) {
	b := newBook(t)
	b.wait(200)
	if got := b.gather(monday()); got != 200 || b.head.Tree.Size != 200 || len(b.pending) != 0 {
		t.Errorf("gathered %d, tree of %d, %d wait", got, b.head.Tree.Size, len(b.pending))
	}
	if got := b.gather(monday()); got != 0 || b.head.Tree.Size != 200 {
		t.Errorf("a second tick gathered %d", got)
	}
}

func TestOneTickGathersNoMoreThanItCan(t *testing.T) {
	b := newBook(t)
	b.wait(4100)
	if got := b.gather(monday()); got != 4000 {
		t.Errorf("gathered %d", got)
	}
	if got := b.gather(monday()); got != 100 {
		t.Errorf("the next tick gathered %d", got)
	}
}

func TestCheckpointIsSignedDailyWhenSomethingHappened(t *testing.T) {
	b := newBook(t)
	b.gather(monday()) // nothing ever happened
	for hours, want := range []int{1, 1, 1} {
		b.wait(1)
		b.gather(monday().Add(time.Duration(hours) * time.Hour))
		if len(b.signed) != want {
			t.Fatalf("%d checkpoints after %d hours", len(b.signed), hours)
		}
	}
	b.gather(monday().Add(24 * time.Hour))
	b.gather(monday().Add(72 * time.Hour)) // nothing happened since
	if len(b.signed) != 2 || len(b.kept) != 2 {
		t.Fatalf("%d checkpoints, %d kept out of reach, want two", len(b.signed), len(b.kept))
	}
	verifier, err := note.NewVerifier(must(note.NewEd25519VerifierKey(origin, b.key.Public().(ed25519.PublicKey))))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := ledger.OpenCheckpoint(b.kept[1], verifier)
	if err != nil || opened.Tree != b.head.Tree {
		t.Errorf("the second says %+v, %v", opened, err)
	}
}

// must gives a value that cannot fail here.
func must(key string, _ error) string { return key }

func TestTreeThatDoesNotContinueIsNotSigned(t *testing.T) {
	b := newBook(t)
	b.wait(3)
	b.gather(monday())
	b.hashes[2] = ledger.Leaf([]byte("another past")) // the node over the first two
	b.wait(1)
	if _, err := b.gathering().Gather(t.Context(), monday().Add(25*time.Hour)); !errors.Is(err, ledger.ErrBadProof) {
		t.Errorf("the fork ended with %v", err)
	}
	if len(b.signed) != 1 || len(b.kept) != 1 {
		t.Error("a fork was signed")
	}
}

func TestSecondSweeperLeavesTheRestToTheFirst(t *testing.T) {
	b := newBook(t)
	b.wait(3)
	b.fault = fmt.Errorf("growing: %w", casework.ErrConflict)
	if got := b.gather(monday()); got != 0 || b.head.Tree.Size != 0 {
		t.Errorf("gathered %d", got)
	}
	b.fault = errors.New("the table does not answer")
	if _, err := b.gathering().Gather(t.Context(), monday()); !errors.Is(err, b.fault) {
		t.Errorf("%v", err)
	}
}

// brokenIndex is a due index that cannot be read.
type brokenIndex struct{ casework.Due }

// DueOn implements casework.Due.
func (brokenIndex) DueOn(context.Context, dsr.Day, time.Time) ([]casework.DueEntry, error) {
	return nil, errIndex
}

// errIndex is what it says.
var errIndex = errors.New("the index does not answer")

func TestTickGathersLeavesAlsoWhenSweepingFails(t *testing.T) {
	f := newFunction()
	f.book.wait(3)
	f.Sweeping.Due = brokenIndex{f.Sweeping.Due}
	if err := f.Handle(t.Context()); !errors.Is(err, errIndex) || f.book.head.Tree.Size != 3 {
		t.Errorf("%v, a tree of %d leaves", err, f.book.head.Tree.Size)
	}
}

func TestLedgerThatFailsFailsItsTick(t *testing.T) {
	f := newFunction()
	f.book.wait(3)
	f.book.fault = errors.New("the table does not answer")
	if err := f.Handle(t.Context()); !errors.Is(err, f.book.fault) {
		t.Errorf("the tick ended with %v", err)
	}
}
