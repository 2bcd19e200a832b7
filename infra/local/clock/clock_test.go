package clock_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/clock"
)

// realTime is the real time of the tests.
var realTime = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// fixed is real time standing still.
func fixed() time.Time { return realTime }

// open opens a clock that must open.
func open(t *testing.T, dir string, start time.Time) *clock.Clock {
	t.Helper()
	c, err := clock.Open(dir, start, fixed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewClockShowsRealTime(t *testing.T) {
	if got := open(t, t.TempDir(), time.Time{}).Now(); !got.Equal(realTime) {
		t.Errorf("Now() = %v, want %v", got, realTime)
	}
}

func TestStartAppliesOnlyToANewState(t *testing.T) {
	dir := t.TempDir()
	start := time.Date(2026, time.March, 5, 9, 0, 0, 0, time.FixedZone("CET", 3600))
	first := open(t, dir, start)
	if !first.Now().Equal(start) {
		t.Errorf("Now() = %v in a new state, want %v", first.Now(), start)
	}
	if err := first.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, start.AddDate(5, 0, 0))
	if want := start.Add(time.Hour); !again.Now().Equal(want) {
		t.Errorf("Now() = %v in an old state, want %v", again.Now(), want)
	}
	plain := open(t, dir, time.Time{})
	if want := start.Add(time.Hour); !plain.Now().Equal(want) {
		t.Errorf("Now() = %v without a start, want %v", plain.Now(), want)
	}
}

func TestTimeGoesOnByItself(t *testing.T) {
	now := realTime
	c, err := clock.Open(t.TempDir(), realTime.AddDate(0, 0, 1), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	if want := realTime.AddDate(0, 0, 1).Add(time.Second); !c.Now().Equal(want) {
		t.Errorf("Now() = %v, want %v", c.Now(), want)
	}
}

func TestClockMovesForwardOnly(t *testing.T) {
	c := open(t, t.TempDir(), time.Time{})
	for _, step := range []time.Duration{-1, -time.Hour, clock.MaxAdvance + 1} {
		if err := c.Advance(step); !errors.Is(err, clock.ErrRange) {
			t.Errorf("Advance(%v) = %v, want ErrRange", step, err)
		}
	}
	if err := c.Advance(0); err != nil || !c.Now().Equal(realTime) {
		t.Errorf("after Advance(0) %v: %v, want no change", err, c.Now())
	}
}

func TestClockRefusesToOverflow(t *testing.T) {
	c := open(t, t.TempDir(), time.Time{})
	var err error
	for range 40 {
		before := c.Now()
		if err = c.Advance(clock.MaxAdvance); err == nil && !c.Now().After(before) {
			t.Fatalf("the clock went from %v to %v", before, c.Now())
		}
	}
	if !errors.Is(err, clock.ErrRange) {
		t.Errorf("after 400 years: %v, want ErrRange", err)
	}
}

func TestAdvanceThatCannotBeKeptDoesNotShow(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, time.Time{})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := c.Advance(time.Hour); err == nil {
		t.Error("Advance succeeded without a state folder")
	}
	if !c.Now().Equal(realTime) {
		t.Errorf("Now() = %v, want %v: a restart would go back", c.Now(), realTime)
	}
}

func TestCrashWhileSavingKeepsTheOldOffset(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir, time.Time{}).Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "clock.json.new")
	if err := os.WriteFile(half, []byte(`{"offs`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir, time.Time{})
	if err := c.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dir, time.Time{}).Offset(); got != 2*time.Hour {
		t.Errorf("offset %v, want 2h", got)
	}
}

func TestBrokenFileIsAnError(t *testing.T) {
	for _, content := range []string{"", "{", `{"offset":"a day"}`, `{"offset":3}`, `{}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "clock.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := clock.Open(dir, realTime, fixed)
		if c != nil || err == nil || !strings.Contains(err.Error(), "clock.json") {
			t.Errorf("%q: clock %v, error %v; want an error that names the file", content, c, err)
		}
	}
	if _, err := clock.Open(filepath.Join(t.TempDir(), "missing"), realTime, fixed); err == nil {
		t.Error("a clock opened in a folder that does not exist")
	}
}

func TestAdvancesAtOneInstantAddUp(t *testing.T) {
	c := open(t, t.TempDir(), time.Time{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := c.Advance(time.Minute); err != nil {
				t.Error(err)
			}
			_ = c.Now()
		})
	}
	all.Wait()
	if got := c.Offset(); got != 20*time.Minute {
		t.Errorf("offset %v, want 20m", got)
	}
}
