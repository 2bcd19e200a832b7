// Package sweep runs casework's sweep at every tick of the scheduler. The tick
// only says "look now"; what is due is asked of the clock, so a tick that comes
// late, twice or after a week does the same work once.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"polarweb.nl/inzage/internal/casework"
)

// Handler runs at each tick; its fields are what main wires for it.
type Handler struct {
	Sweeping  casework.Sweeping
	Gathering Gathering
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

// Handle sweeps once. The event's content is not looked at. What was done is told
// also when something failed: one kind of work keeps no other from being done.
func (h Handler) Handle(ctx context.Context) error {
	now, err := h.Clock(ctx)
	if err != nil {
		return fmt.Errorf("asking the time: %w", err)
	}
	swept, err := h.Sweeping.Sweep(ctx, now)
	leaves, gathering := h.Gathering.Gather(ctx, now)
	h.Log.InfoContext(ctx, "swept", "letters", swept.Letters, "mails", swept.Mails, "copies", swept.Copies,
		"files", swept.Files, "noted", swept.Noted, "removed", swept.Removed, "sessions", swept.Sessions, "reminded", swept.Reminded, "leaves", leaves)
	if len(swept.Unopened) > 0 {
		h.Log.WarnContext(ctx, "mails wait for a person, and their bucket ends them soon", "mails", swept.Unopened)
	}
	if err = errors.Join(err, gathering); err != nil {
		return fmt.Errorf("sweeping: %w", err)
	}
	return nil
}
