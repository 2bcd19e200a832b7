// Package sweep runs casework's sweep at every tick of the scheduler. The tick
// only says "look now"; what is due is asked of the clock, so a tick that comes
// late, twice or after a week does the same work once.
package sweep

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"polarweb.nl/inzage/internal/casework"
)

// Handler runs at each tick; its fields are what main wires for it.
type Handler struct {
	Sweeping casework.Sweeping
	Clock    func(context.Context) (time.Time, error)
	Log      *slog.Logger
}

// Handle sweeps once. The event's content is not looked at.
func (h Handler) Handle(ctx context.Context) error {
	now, err := h.Clock(ctx)
	if err != nil {
		return fmt.Errorf("asking the time: %w", err)
	}
	swept, err := h.Sweeping.Sweep(ctx, now)
	if err != nil {
		return fmt.Errorf("sweeping: %w", err)
	}
	h.Log.InfoContext(ctx, "swept", "letters", swept.Letters, "mails", swept.Mails, "noted", swept.Noted)
	return nil
}
