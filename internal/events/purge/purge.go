// Package purge runs casework's purge at every tick of the scheduler, once a
// day. The tick only says "look now"; what is due is asked of the clock, so a
// tick that comes late, twice or after a crash destroys each thing once. Nothing
// is stored here.
package purge

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"polarweb.nl/inzage/internal/casework"
)

// Handler runs at each tick; its fields are what main wires for it.
type Handler struct {
	Purging casework.Purging
	Clock   func(context.Context) (time.Time, error)
	Log     *slog.Logger
}

// Handle purges once. The event's content is not looked at. What was done is
// told also when something failed: most of it may have been in order.
func (h Handler) Handle(ctx context.Context) error {
	now, err := h.Clock(ctx)
	if err != nil {
		return fmt.Errorf("asking the time: %w", err)
	}
	purged, err := h.Purging.Purge(ctx, now)
	h.Log.InfoContext(ctx, "purged", "files", purged.Files, "objects", purged.Objects,
		"cleared", purged.Cleared, "expired", purged.Expired, "held", purged.Held)
	if err != nil {
		return fmt.Errorf("purging: %w", err)
	}
	return nil
}
