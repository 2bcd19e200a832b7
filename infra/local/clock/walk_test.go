package clock_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/clock"
)

// world is a fake stack: instants at which something is due, and a diary.
type world struct {
	clock *clock.Clock
	due   []time.Duration // after realTime, in any order
	diary []string
	steps clock.Steps
}

// newWorld is a world whose work always settles.
func newWorld(t *testing.T, due ...time.Duration) *world {
	t.Helper()
	w := &world{clock: open(t, t.TempDir(), time.Time{}), due: due}
	w.steps = clock.Steps{
		Next: func(_ context.Context, after time.Time) (time.Time, bool, error) {
			slices.Sort(w.due)
			for _, d := range w.due {
				if realTime.Add(d).After(after) {
					return realTime.Add(d), true, nil
				}
			}
			return time.Time{}, false, nil
		},
		Settle: func(context.Context) ([]string, error) { w.note("settle"); return nil, nil },
		Tick:   func(context.Context) error { w.note("tick"); return nil },
	}
	return w
}

// note writes a line with the time into the diary.
func (w *world) note(what string) {
	w.diary = append(w.diary, fmt.Sprintf("%v %s", w.clock.Now().Sub(realTime), what))
}

// walk walks to an instant after realTime.
func (w *world) walk(t *testing.T, to time.Duration) ([]string, error) {
	t.Helper()
	return clock.Walk(t.Context(), w.clock, realTime.Add(to), w.steps)
}

// mustDo compares the diary with what was to happen.
func (w *world) mustDo(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.diary); diff != "" {
		t.Errorf("diary (-want +got):\n%s", diff)
	}
}

func TestWalkStopsAtEachDueInstant(t *testing.T) {
	w := newWorld(t, 3*time.Hour, time.Hour, 30*time.Hour)
	if left, err := w.walk(t, 24*time.Hour); len(left) != 0 || err != nil {
		t.Fatalf("left %v, error %v", left, err)
	}
	w.mustDo(t,
		"0s settle", "0s tick", "0s settle",
		"1h0m0s settle", "1h0m0s tick", "1h0m0s settle",
		"3h0m0s settle", "3h0m0s tick", "3h0m0s settle",
		"24h0m0s settle", "24h0m0s tick", "24h0m0s settle",
	)
}

func TestWalkToNowSettlesOnce(t *testing.T) {
	w := newWorld(t, time.Hour)
	if left, err := w.walk(t, 0); len(left) != 0 || err != nil {
		t.Fatalf("left %v, error %v", left, err)
	}
	w.mustDo(t, "0s settle", "0s tick", "0s settle")
}

func TestWalkStopsOnceAtADueInstantThatIsTheTarget(t *testing.T) {
	w := newWorld(t, time.Hour)
	if left, err := w.walk(t, time.Hour); len(left) != 0 || err != nil {
		t.Fatalf("left %v, error %v", left, err)
	}
	w.mustDo(t, "0s settle", "0s tick", "0s settle", "1h0m0s settle", "1h0m0s tick", "1h0m0s settle")
}

func TestWalkNeverPassesItsTarget(t *testing.T) {
	w := newWorld(t, time.Hour+1)
	if _, err := w.walk(t, time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := w.clock.Offset(); got != time.Hour {
		t.Errorf("the clock went on by %v, want 1h", got)
	}
}

func TestWalkNeverGoesBack(t *testing.T) {
	w := newWorld(t)
	if _, err := w.walk(t, -time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := w.clock.Offset(); got != 0 {
		t.Errorf("the clock went by %v, want 0", got)
	}
}

func TestWalkSeesWhatATickMakesDue(t *testing.T) {
	w := newWorld(t, time.Hour)
	w.steps.Tick = func(context.Context) error {
		w.note("tick")
		if w.clock.Now().Equal(realTime.Add(time.Hour)) {
			w.due = append(w.due, 2*time.Hour)
		}
		return nil
	}
	if _, err := w.walk(t, 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(w.diary, "2h0m0s tick") {
		t.Errorf("diary %q lacks the tick of what became due on the way", w.diary)
	}
}

func TestDueInstantThatIsNotAheadIsNeverJumpedTo(t *testing.T) {
	for _, behind := range []time.Duration{0, -time.Minute} {
		w := newWorld(t)
		w.steps.Next = func(_ context.Context, after time.Time) (time.Time, bool, error) {
			return after.Add(behind), true, nil // something that its tick did not do
		}
		if _, err := w.walk(t, time.Hour); err != nil {
			t.Fatal(err)
		}
		w.mustDo(t, "0s settle", "0s tick", "0s settle", "1h0m0s settle", "1h0m0s tick", "1h0m0s settle")
	}
}

func TestRealTimeMayOvertakeADueInstant(t *testing.T) {
	now := realTime
	c, err := clock.Open(t.TempDir(), time.Time{}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, time.Second)
	w.clock = c
	next := w.steps.Next
	w.steps.Next = func(ctx context.Context, after time.Time) (time.Time, bool, error) {
		due, ok, err := next(ctx, after)
		now = now.Add(time.Minute) // asking took a minute
		return due, ok, err
	}
	if _, err := w.walk(t, time.Hour); err != nil {
		t.Fatal(err)
	}
	w.mustDo(t,
		"0s settle", "0s tick", "0s settle",
		"1m0s settle", "1m0s tick", "1m0s settle",
		"1h0m0s settle", "1h0m0s tick", "1h0m0s settle",
	)
}

func TestWalkGoesFurtherThanOneAdvance(t *testing.T) {
	w := newWorld(t)
	if _, err := w.walk(t, clock.MaxAdvance+time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := w.clock.Offset(); got != clock.MaxAdvance+time.Hour {
		t.Errorf("offset %v, want %v", got, clock.MaxAdvance+time.Hour)
	}
}

func TestWalkEndsWithWhatIsLeft(t *testing.T) {
	for name, calls := range map[string]int{"before the tick": 1, "after the tick": 2, "at the due instant": 3} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, time.Hour)
			w.steps.Settle = func(context.Context) ([]string, error) {
				if w.note("settle"); countOf(w.diary, "settle") == calls {
					return []string{"2 letters"}, nil
				}
				return nil, nil
			}
			left, err := w.walk(t, 24*time.Hour)
			if err != nil || !slices.Equal(left, []string{"2 letters"}) {
				t.Errorf("left %v, error %v; want 2 letters", left, err)
			}
			if got := countOf(w.diary, "settle"); got != calls {
				t.Errorf("settled %d times, want %d", got, calls)
			}
		})
	}
}

// countOf counts the diary's lines that end in a word.
func countOf(diary []string, word string) int {
	n := 0
	for _, line := range diary {
		if len(line) >= len(word) && line[len(line)-len(word):] == word {
			n++
		}
	}
	return n
}

func TestWalkPassesErrorsOn(t *testing.T) {
	broken := errors.New("broken")
	for name, breakIt := range map[string]func(*clock.Steps){
		"settle": func(s *clock.Steps) {
			s.Settle = func(context.Context) ([]string, error) { return nil, broken }
		},
		"tick": func(s *clock.Steps) { s.Tick = func(context.Context) error { return broken } },
		"next": func(s *clock.Steps) {
			s.Next = func(context.Context, time.Time) (time.Time, bool, error) { return time.Time{}, false, broken }
		},
	} {
		w := newWorld(t, time.Hour)
		breakIt(&w.steps)
		if _, err := w.walk(t, 2*time.Hour); !errors.Is(err, broken) {
			t.Errorf("%s: error %v, want the step's own", name, err)
		}
		if got := w.clock.Offset(); got != 0 {
			t.Errorf("%s: the clock went on by %v", name, got)
		}
	}
}

func TestWalkEndsWithItsContext(t *testing.T) {
	w := newWorld(t, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	w.steps.Tick = func(context.Context) error { cancel(); return nil }
	if _, err := clock.Walk(ctx, w.clock, realTime.Add(2*time.Hour), w.steps); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if got := w.clock.Offset(); got != 0 {
		t.Errorf("the clock went on by %v after its context ended", got)
	}
}
