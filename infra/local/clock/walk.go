package clock

import (
	"context"
	"fmt"
	"time"
)

// Steps is what the stack does on a walk.
type Steps struct {
	// Next returns the first instant after the given one at which something is
	// due, and false when there is none.
	Next func(ctx context.Context, after time.Time) (time.Time, bool, error)
	// Settle returns when queues, streams and outbox are empty, or when ctx
	// ends, with what is left.
	Settle func(ctx context.Context) (left []string, err error)
	// Tick runs what the schedules would have run at this instant.
	Tick func(ctx context.Context) error
}

// Walk moves the clock to the target the way time would have gone there: at
// each due instant on the way it lets all work settle, ticks, and lets what the
// tick caused settle, before it asks what is due next. A walk to now does that
// once, which is how tests wait.
//
// It never jumps past the target, and never to an instant that is not ahead:
// what is still due after its tick has been refused, and waits for the next
// one. Walk ends early with what is left when the work does not settle.
func Walk(ctx context.Context, c *Clock, target time.Time, steps Steps) (left []string, err error) {
	for {
		if left, err := stand(ctx, steps); err != nil || len(left) > 0 {
			return left, err
		}
		now := c.Now()
		due, ok, err := steps.Next(ctx, now)
		switch {
		case err != nil:
			return nil, fmt.Errorf("asking what is due next: %w", err)
		case ok && due.After(now) && !due.After(target):
			err = c.jump(due)
		case now.Before(target):
			err = c.jump(target)
		default:
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("walking to the next instant: %w", err)
		}
	}
}

// stand does all that is to be done at one instant.
func stand(ctx context.Context, steps Steps) (left []string, err error) {
	if left, err := settle(ctx, steps); err != nil || len(left) > 0 {
		return left, err
	}
	if err := steps.Tick(ctx); err != nil {
		return nil, fmt.Errorf("ticking: %w", err)
	}
	return settle(ctx, steps)
}

// settle waits for the work to end, and makes a context that ended an error
// even when nothing happened to be left.
func settle(ctx context.Context, steps Steps) ([]string, error) {
	left, err := steps.Settle(ctx)
	if err == nil && len(left) == 0 {
		err = ctx.Err()
	}
	if err != nil {
		return left, fmt.Errorf("waiting for the work to settle: %w", err)
	}
	return left, nil
}

// jump moves the clock to an instant, unless real time has reached it by now.
func (c *Clock) jump(to time.Time) error {
	for ahead := to.Sub(c.Now()); ahead > 0; ahead = to.Sub(c.Now()) {
		if err := c.Advance(min(ahead, MaxAdvance)); err != nil {
			return err
		}
	}
	return nil
}
