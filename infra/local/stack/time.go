package stack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// schedule is one function that the scheduler starts at regular moments.
type schedule struct {
	function string
	every    time.Duration
	next     time.Time
}

// ticker starts the scheduled functions. Its lock keeps the ticker that runs
// by itself from meeting the ticks of an advance.
type ticker struct {
	mu        sync.Mutex
	schedules []schedule
}

// rate reads the only form of schedule the template uses so far.
func rate(expression string) (time.Duration, error) {
	parts := regexp.MustCompile(`^rate\((\d+) (minute|hour|day)s?\)$`).FindStringSubmatch(expression)
	if parts == nil {
		return 0, fmt.Errorf("the local stack cannot read the schedule %q: it knows rate(n minutes), hours and days", expression)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n == 0 {
		return 0, fmt.Errorf("the schedule %q has no length", expression)
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	return time.Duration(n) * units[parts[2]], nil
}

// startTicker reads the schedules of the template and begins to tick.
func (s *Stack) startTicker(ctx context.Context) error {
	declared, err := s.template.Functions()
	if err != nil {
		return err
	}
	now := s.clock.Now()
	for _, function := range declared {
		name, err := s.template.ResolveText(function.Name, s.names())
		if err != nil {
			return err
		}
		for _, one := range function.Schedules {
			every, err := rate(one.Expression)
			if err != nil {
				return err
			}
			s.ticks.schedules = append(s.ticks.schedules, schedule{function: name, every: every, next: now.Add(every)})
		}
	}
	s.goOn(func() { s.tickAlways(ctx) })
	return nil
}

// tickAlways looks once a second which schedules are due by the stack's clock.
func (s *Stack) tickAlways(ctx context.Context) {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if err := s.tick(ctx, false); err != nil && ctx.Err() == nil {
				s.options.Log("A scheduled function failed: %v", err)
			}
		}
	}
}

// tick starts the schedules that are due, or all of them.
func (s *Stack) tick(ctx context.Context, all bool) error {
	s.ticks.mu.Lock()
	defer s.ticks.mu.Unlock()
	now := s.clock.Now()
	for i := range s.ticks.schedules {
		one := &s.ticks.schedules[i]
		if !all && now.Before(one.next) {
			continue
		}
		one.next = now.Add(one.every)
		if _, err := s.invoke(ctx, one.function, []byte(`{}`)); err != nil {
			return err
		}
	}
	return nil
}

// Advance takes the clock to target, from one due instant to the next, with
// the scheduled functions at each, and returns when nothing is left to do. What
// is still left when ctx ends is named.
func (s *Stack) Advance(ctx context.Context, target time.Time) (left []string, err error) {
	left, err = clock.Walk(ctx, s.clock, target, clock.Steps{
		Next: func(ctx context.Context, after time.Time) (time.Time, bool, error) {
			return s.nextDue(ctx, after, target)
		},
		Settle: func(ctx context.Context) ([]string, error) { return s.settle(ctx, s.moving) },
		Tick:   func(ctx context.Context) error { return s.tick(ctx, true) },
	})
	if err != nil || len(left) > 0 {
		return left, err
	}
	return s.settle(ctx, s.left)
}

// lookAhead is how far the next due instant is looked for: past it, an advance
// simply arrives at its target.
const lookAhead = 500 * 24 * time.Hour

// nextDue gives the first due instant after a moment. What was due before and
// is due still is left out: no later moment makes it due again.
func (s *Stack) nextDue(ctx context.Context, after, target time.Time) (time.Time, bool, error) {
	last := target
	if limit := after.Add(lookAhead); limit.Before(last) {
		last = limit
	}
	for day := after.UTC().Truncate(24 * time.Hour); !day.After(last); day = day.AddDate(0, 0, 1) {
		entries, err := s.store.DueOn(ctx, dsr.Day(day.Format(time.DateOnly)), last)
		if err != nil {
			return time.Time{}, false, err
		}
		for _, entry := range entries {
			if entry.At.After(after) {
				return entry.At, true, nil
			}
		}
	}
	return time.Time{}, false, nil
}

// settle waits until nothing is left. When ctx ends first it gives what is.
func (s *Stack) settle(ctx context.Context, leftNow func(context.Context) ([]string, error)) ([]string, error) {
	for {
		left, err := leftNow(ctx)
		if err == nil && len(left) == 0 {
			return nil, nil
		}
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// moving names the work that goes on by itself: messages, records of the
// stream, invocations. A letter that waits for a lease to end is none of it;
// it needs the clock to move.
func (s *Stack) moving(ctx context.Context) ([]string, error) {
	if busy := s.busy(); len(busy) > 0 {
		return busy, nil
	}
	if err := s.poller.Drain(ctx); err != nil {
		return []string{"the stream has records"}, err
	}
	return s.busy(), nil
}

// Rest waits until nothing moves by itself any more, and names the letters that
// then still wait: for a lease to end, or for whoever mends what is broken.
func (s *Stack) Rest(ctx context.Context) ([]string, error) {
	if left, err := s.settle(ctx, s.moving); err != nil || len(left) > 0 {
		return left, err
	}
	return s.outstanding(ctx)
}

// left names all that is not done yet: what moves, and the letters that still
// have to be sent.
func (s *Stack) left(ctx context.Context) ([]string, error) {
	moving, err := s.moving(ctx)
	if err != nil || len(moving) > 0 {
		return moving, err
	}
	letters, err := s.outstanding(ctx)
	if err != nil {
		return []string{"the outbox could not be read"}, err
	}
	if len(letters) > 0 {
		return letters, nil
	}
	return s.busy(), nil
}

// busy names the queues that hold messages and the invocations that run.
func (s *Stack) busy() []string {
	var busy []string
	for _, logicalID := range s.workedQueues() {
		if waiting, inFlight := s.queues[logicalID].Depth(); waiting+inFlight > 0 {
			busy = append(busy, fmt.Sprintf("queue %s: %d", logicalID, waiting+inFlight))
		}
	}
	for _, one := range s.rules {
		if waiting, inFlight := one.events.Depth(); waiting+inFlight > 0 {
			busy = append(busy, fmt.Sprintf("events for %s: %d", one.function, waiting+inFlight))
		}
	}
	if running := s.runtime.Busy(); running > 0 {
		busy = append(busy, fmt.Sprintf("invocations: %d", running))
	}
	return busy
}

// workedQueues lists the queues that a function empties; dead letters wait for
// a person.
func (s *Stack) workedQueues() []string {
	declared, err := s.template.Functions()
	if err != nil {
		return nil
	}
	var ids []string
	for _, function := range declared {
		for _, source := range function.Queues {
			ids = append(ids, source.Queue)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// outstanding names the letters that still have to be sent, from the oldest day
// on which sweep still has work.
func (s *Stack) outstanding(ctx context.Context) ([]string, error) {
	now := s.clock.Now()
	oldest, err := s.store.OldestDay(ctx, casework.FunctionSweep)
	if err != nil {
		return nil, err
	}
	day := now.UTC().AddDate(0, 0, -1)
	if from, err := time.Parse(time.DateOnly, string(oldest)); err == nil && from.Before(day) {
		day = from
	}
	var letters []string
	for ; !day.After(now.Add(24 * time.Hour)); day = day.AddDate(0, 0, 1) {
		entries, err := s.store.DueOn(ctx, dsr.Day(day.Format(time.DateOnly)), now.Add(48*time.Hour))
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if entry.Kind != casework.DueLetter {
				continue
			}
			toSend, err := s.toSend(ctx, entry.Letter, now)
			if err != nil {
				return nil, err
			}
			if toSend {
				letters = append(letters, "letter "+entry.Letter.Tag())
			}
		}
	}
	return letters, nil
}

// toSend reports whether a letter has to be sent by now. Other letters in the
// index wait for a later day, or for SES to report how they ended.
func (s *Stack) toSend(ctx context.Context, ref dsr.LetterRef, now time.Time) (bool, error) {
	letter, err := s.store.Letter(ctx, ref)
	if errors.Is(err, casework.ErrNotFound) {
		return false, nil // the index lags behind the rows
	}
	return err == nil && letter.State.Outstanding() && !now.Before(letter.NotBefore), err
}

// DeadLetters counts what could not be delivered.
func (s *Stack) DeadLetters() int {
	worked, count := s.workedQueues(), 0
	for logicalID, q := range s.queues {
		if !slices.Contains(worked, logicalID) {
			waiting, inFlight := q.Depth()
			count += waiting + inFlight
		}
	}
	return count
}

// waiting lists what the clock page shows of the stack.
func (s *Stack) waiting(ctx context.Context) ([]clock.Row, error) {
	letters, err := s.outstanding(ctx)
	if err != nil {
		return nil, err
	}
	rows := []clock.Row{
		{Name: "Brieven die wachten · letters waiting", Value: strconv.Itoa(len(letters))},
		{Name: "Niet te bezorgen · dead letters", Value: strconv.Itoa(s.DeadLetters())},
	}
	for _, one := range s.busy() {
		rows = append(rows, clock.Row{Name: "Bezig · busy", Value: one})
	}
	codes, err := s.codeRows()
	return append(rows, codes...), err
}

// zone gives the organisation's time zone.
func (s *Stack) zone() (*time.Location, error) { return deadline.Zone(s.profile.Calendar.TimeZone) }
