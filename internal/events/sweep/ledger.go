package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/ledger"
)

// Ledger is where the ledger lies. Sweep alone writes it.
type Ledger interface {
	// LedgerHead reads how far the ledger has come.
	LedgerHead(ctx context.Context) (casestore.LedgerHead, error)
	// PendingLeaves gives leaves that wait for the tree, at most so many.
	PendingLeaves(ctx context.Context, most int) ([]ledger.Hash, error)
	// Grow appends leaves; casework.ErrConflict when the tree grew in between.
	Grow(ctx context.Context, head casestore.LedgerHead, leaves []ledger.Hash) (casestore.LedgerHead, error)
	// SaveCheckpoint stores a signed checkpoint; casework.ErrConflict when
	// somebody did so before.
	SaveCheckpoint(ctx context.Context, head casestore.LedgerHead, signed string, now time.Time) error
}

// Gathering brings the leaves of all that happened into the ledger's tree, and
// signs once a day how far it has come.
type Gathering struct {
	Ledger Ledger
	Origin string

	Checkpoint func(ctx context.Context, number int64) (signed string, err error)
	Stored     func(ctx context.Context) ledger.Stored
	Signer     func(ctx context.Context) (note.Signer, error)
	Keep       func(ctx context.Context, number int64, signed string) error
}

const (
	// checkpointEvery is how long a grown tree may be without a new checkpoint.
	// It is less than a day by one tick, so that signing stays daily.
	checkpointEvery = 24*time.Hour - 15*time.Minute

	// growths bounds the work of one tick: 4,000 leaves. The rest waits for the
	// next; verifying says so when leaves wait for more than half an hour.
	growths = 50
)

// Gather empties the pending leaves into the tree and signs a checkpoint when
// one is due. Two ticks at once do no harm: each growth and each checkpoint is
// stored once, and whoever comes second leaves the rest to the first.
func (g Gathering) Gather(ctx context.Context, now time.Time) (leaves int, err error) {
	head, leaves, err := g.grow(ctx)
	if err == nil {
		err = g.sign(ctx, now, head)
	}
	if errors.Is(err, casework.ErrConflict) {
		return leaves, nil
	}
	return leaves, err
}

// grow appends what waits.
func (g Gathering) grow(ctx context.Context) (head casestore.LedgerHead, gathered int, err error) {
	if head, err = g.Ledger.LedgerHead(ctx); err != nil {
		return head, 0, fmt.Errorf("reading the ledger: %w", err)
	}
	for range growths {
		leaves, err := g.Ledger.PendingLeaves(ctx, ledger.MaxGrowth)
		if err != nil || len(leaves) == 0 {
			return head, gathered, err
		}
		if head, err = g.Ledger.Grow(ctx, head, leaves); err != nil {
			return head, gathered, err
		}
		gathered += len(leaves)
	}
	return head, gathered, nil
}

// sign signs the tree, when it grew since the last checkpoint and that is a day
// old. What does not continue the last checkpoint gets no signature: the past
// was changed, and somebody has to look.
func (g Gathering) sign(ctx context.Context, now time.Time, head casestore.LedgerHead) error {
	if head.Tree.Size == head.Signed || now.Before(head.SignedAt.Add(checkpointEvery)) {
		return nil
	}
	signer, err := g.Signer(ctx)
	if err != nil {
		return fmt.Errorf("opening the key of the checkpoints: %w", err)
	}
	next := ledger.Checkpoint{Origin: g.Origin, Tree: head.Tree}
	if err := g.follows(ctx, next, head, signer); err != nil {
		return fmt.Errorf("comparing the ledger with checkpoint %d: %w", head.Checkpoint, err)
	}
	signed, err := next.Sign(signer)
	if err != nil {
		return err
	}
	// Out of reach first: a checkpoint that nothing in the table knows of is
	// true all the same.
	if err := g.Keep(ctx, head.Checkpoint+1, signed); err != nil {
		return err
	}
	return g.Ledger.SaveCheckpoint(ctx, head, signed, now)
}

// follows holds the tree against the last checkpoint.
func (g Gathering) follows(ctx context.Context, next ledger.Checkpoint, head casestore.LedgerHead, signer note.Signer) error {
	if head.Checkpoint == 0 {
		return nil
	}
	signed, err := g.Checkpoint(ctx, head.Checkpoint)
	if err != nil {
		return err
	}
	verifier, ok := signer.(note.Verifier)
	if !ok {
		return errNoVerifier
	}
	older, err := ledger.OpenCheckpoint(signed, verifier)
	if err != nil {
		return err
	}
	return next.Follows(older, g.Stored(ctx))
}

// errNoVerifier is returned when the signer cannot check what it signed.
var errNoVerifier = errors.New("the key of the checkpoints cannot verify")
