package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// DelayedError is returned for a letter that is put off, because SES takes no
// letters from us for now. Nothing was sent.
type DelayedError struct {
	Why   dsr.Delay
	Until time.Time // when it is tried again
	First bool      // on this day, for this letter: somebody must hear of it
}

// Error says why, and until when.
func (e *DelayedError) Error() string {
	return fmt.Sprintf("put off until %s: %s", e.Until.UTC().Format(time.RFC3339), e.Why.Error())
}

// failed decides what becomes of a letter that an attempt could not send. One that
// no further try can send is given up, and one that SES takes no sooner than later
// is put off. After any other fault nobody knows whether it left, or the fault
// passes: the letter is tried again when its lease ends.
func (s Sending) failed(ctx context.Context, now time.Time, letter dsr.Letter, fault error) error {
	var delay dsr.Delay
	switch {
	case errors.Is(fault, errOverdue):
		return s.giveUp(ctx, now, letter, letterStep{quiet: true})
	case errors.Is(fault, dsr.ErrUnsendable):
		return errors.Join(fault, s.giveUp(ctx, now, letter, letterStep{why: whyUnsendable(fault)}))
	case errors.As(fault, &delay):
		return errors.Join(fault, s.putOff(ctx, now, letter, delay))
	}
	return fault
}

// giveUp commits the end of a letter, with what that causes, unless somebody else
// has it by now: they may be sending it.
func (s Sending) giveUp(ctx context.Context, now time.Time, letter dsr.Letter, step letterStep) error {
	step.state = dsr.LetterFailed
	return s.decide(ctx, func() error {
		prior, err := s.Letters.Letter(ctx, letter.Ref)
		if err != nil || !stillHeld(prior, letter) {
			return err
		}
		return s.move(ctx, now, prior, step)
	})
}

// stillHeld reports whether the stored letter is as an attempt left it.
func stillHeld(stored, mine dsr.Letter) bool {
	return stored.State == mine.State && stored.Until.Equal(mine.Until)
}

// whyUnsendable says in a fixed word why a letter is given up. For a mail that
// cannot be passed on it is the reason in the notice about it.
func whyUnsendable(fault error) string {
	switch {
	case errors.Is(fault, dsr.ErrTooLarge):
		return reasonTooLarge
	case errors.Is(fault, errNoOriginal):
		return reasonMissing
	}
	return ""
}

const (
	// leastWait and longestWait bound how long a letter is put off. AWS advises to
	// wait up to ten minutes (docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html),
	// sweep comes every quarter of an hour, and no letter may be a day late for
	// a fault of an hour.
	leastWait   = 15 * time.Minute
	longestWait = 4 * time.Hour
)

// wait says how long a letter is put off: half of the time it has waited already,
// so that the waits grow and nobody has to count them.
func wait(letter dsr.Letter, now time.Time) time.Duration {
	return min(max(now.Sub(letter.Queued)/2, leastWait), longestWait)
}

// putOff keeps a claimed letter from everybody for a while, and says so in the
// history. When that fails, the letter is tried again when its lease ends.
func (s Sending) putOff(ctx context.Context, now time.Time, letter dsr.Letter, why dsr.Delay) error {
	delayed := &DelayedError{Why: why, Until: now.Add(wait(letter, now))}
	delayed.First = s.Rules.Calendar.Day(letter.Delayed) != s.Rules.Calendar.Day(now)
	err := s.decide(ctx, func() error {
		prior, err := s.Letters.Letter(ctx, letter.Ref)
		if err != nil || !stillHeld(prior, letter) {
			return err
		}
		later := prior
		later.Until, later.DueAt = delayed.Until, delayed.Until
		return s.delay(ctx, now, prior, later, string(why))
	})
	if err != nil {
		return errors.Join(delayed, fmt.Errorf("putting off letter %s: %w", letter.Ref.Tag(), err))
	}
	return delayed
}
