// Package casework is the work itself: what one can do to a case, one file per
// act. It decides; it does not know where anything is stored.
//
// Each act is a method on a small struct that holds just the ports it and its
// like need, filled in where the function is wired. Time is an argument, asked once per invocation; randomness is a reader; so a whole world
// of acts can be replayed from a seed.
//
// An act reads, decides and commits one Change. A Change is one transaction:
// the case summary, the event that explains it, the letters it causes, the
// ledger leaf that proves it. When the case changed in between, the act reads
// and decides again.
//
// The same event may come twice, late, or after a crash between any two calls.
// Acts therefore ask the stored state what is left to do, and each effect
// outside the store carries an id that makes repeating it harmless.
package casework

import (
	"context"
	"errors"
	"io"

	"polarweb.nl/inzage/internal/dsr"
)

var (
	// ErrNotFound is returned for something that is not stored.
	ErrNotFound = errors.New("not found")

	// ErrConflict is returned by Commit and Claim when what was read has
	// changed since: read again, decide again.
	ErrConflict = errors.New("changed since it was read")
)

// TakenError is returned by Commit when a row that may exist once exists
// already: somebody else reached this outcome first. It is an answer and not a
// fault: reading again shows the outcome.
type TakenError struct {
	Row TakenRow
}

// TakenRow names the row that was taken.
type TakenRow string

// The rows that can be taken.
const (
	TakenMail    TakenRow = "mail"    // the mail has a terminal state
	TakenMessage TakenRow = "message" // the same message opened a case
	TakenSender  TakenRow = "sender"  // the sender opened a case within a day
	TakenLink    TakenRow = "link"    // the one-use link was used
)

// Error names the row, never its content.
func (e *TakenError) Error() string { return "already there: " + string(e.Row) }

// maxTries is how often an act decides again before its event goes back to the
// queue. The SDK does not retry conflicts, so this is the only place.
const maxTries = 8

// Pause waits before try number n of an act, with jitter. Simulations pass one
// that does not wait.
type Pause func(ctx context.Context, n int) error

// Place is what every act is given beside its ports.
type Place struct {
	Random io.Reader // identifiers and nonces
	Pause  Pause
}

// decide runs one attempt of an act until it is neither overtaken nor beaten.
func (p Place) decide(ctx context.Context, attempt func() error) error {
	var err error
	for n := range maxTries {
		if errors.Is(err, ErrConflict) {
			if err := p.Pause(ctx, n); err != nil {
				return err
			}
		}
		err = attempt()
		var taken *TakenError // reading again shows who was first
		if !errors.Is(err, ErrConflict) && !errors.As(err, &taken) {
			return err
		}
	}
	return err
}

// File is a case with the key that opens its personal fields.
type File struct {
	Case dsr.Case
	Key  DataKey
}
