// Package remind runs casework's reminders at every tick of the scheduler. The
// tick only says "look now"; what is due is asked of the clock, so a tick that
// comes late, twice or after a week speaks of each deadline once. Nothing is
// stored here.
package remind

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"polarweb.nl/inzage/internal/casework"
)

// Handler runs at each tick; its fields are what main wires for it.
type Handler struct {
	Reminding casework.Reminding
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

// Handle reminds once. The event's content is not looked at. What was done is
// told also when something failed: most of it may have been in order.
func (h Handler) Handle(ctx context.Context) error {
	now, err := h.Clock(ctx)
	if err != nil {
		return fmt.Errorf("asking the time: %w", err)
	}
	reminded, err := h.Reminding.Remind(ctx, now)
	h.Log.InfoContext(ctx, "reminded", "reminders", reminded.Reminders, "passed", reminded.Passed,
		"late_minutes", int(reminded.Late.Minutes()))
	if err != nil {
		return fmt.Errorf("reminding: %w", err)
	}
	return nil
}
