// Package clock is the time of the local stack: real time plus an offset that
// only grows, so that a month of reminders can be watched in a minute.
//
// Functions ask it once per invocation (GET /now). People and tests move it
// forward (POST /advance, or the buttons of its page), and Walk does so from
// due instant to due instant, so that nothing is passed over that would have
// happened in between.
//
// The package stores one file, clock.json in the state folder, with the offset.
// Use:
//
//	c, err := clock.Open(stateDir, time.Time{}, time.Now)
//	...
//	h, err := clock.NewHandler(clock.HandlerConfig{
//		Clock: c,
//		Run: func(ctx context.Context, target time.Time) ([]string, error) {
//			return clock.Walk(ctx, c, target, steps)
//		},
//	})
package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// MaxAdvance is the furthest that the clock moves at once: ten years.
const MaxAdvance = 10 * 366 * 24 * time.Hour

// fileName is the clock's file in the state folder.
const fileName = "clock.json"

// ErrRange is returned for a step back and for one beyond MaxAdvance.
var ErrRange = errors.New("the clock moves forward only, and ten years at most")

// Clock is the stack's time. Its methods may be called from any goroutine.
type Clock struct {
	dir string
	now func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

// stored is the content of the clock's file.
type stored struct {
	Offset string `json:"offset"` // a Go duration, e.g. "672h0m0s"
}

// Open returns the clock of a state folder. In a new folder it begins at start,
// or at real time when start is zero; an old folder keeps its own time, so that
// a restart never goes back. Now is real time.
func Open(dir string, start time.Time, now func() time.Time) (*Clock, error) {
	c := &Clock{dir: dir, now: now}
	content, err := os.ReadFile(filepath.Join(dir, fileName))
	switch {
	case err == nil:
		err = c.restore(content)
	case errors.Is(err, fs.ErrNotExist):
		if !start.IsZero() {
			c.offset = start.Sub(now())
		}
		err = c.save(c.offset)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the clock: %w", err)
	}
	return c, nil
}

// restore takes the offset from the file. A file that makes no sense is an
// error: a guess could put the stack back in time.
func (c *Clock) restore(content []byte) error {
	var s stored
	if err := json.Unmarshal(content, &s); err != nil {
		return fmt.Errorf("reading %s: %w", fileName, err)
	}
	offset, err := time.ParseDuration(s.Offset)
	if err != nil {
		return fmt.Errorf("reading the offset in %s: %w", fileName, err)
	}
	c.offset = offset
	return nil
}

// Now is the stack's time.
func (c *Clock) Now() time.Time {
	return c.now().Add(c.Offset())
}

// Offset is the stack's time less real time.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Advance moves the clock forward and keeps that on disk before it shows.
func (c *Clock) Advance(d time.Duration) error {
	if d < 0 || d > MaxAdvance {
		return fmt.Errorf("advancing by %v: %w", d, ErrRange)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	offset := c.offset + d
	if offset < c.offset { // a Duration ends after 292 years
		return fmt.Errorf("advancing by %v: %w", d, ErrRange)
	}
	if err := c.save(offset); err != nil {
		return err
	}
	c.offset = offset
	return nil
}

// save replaces the file as a whole: a crash leaves the old offset or the new
// one, and never half of one.
func (c *Clock) save(offset time.Duration) error {
	content, err := json.Marshal(stored{Offset: offset.String()})
	if err != nil {
		return fmt.Errorf("writing the clock: %w", err)
	}
	path := filepath.Join(c.dir, fileName)
	if err := writeSynced(path+".new", append(content, '\n')); err != nil {
		return fmt.Errorf("writing the clock: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("replacing the clock: %w", err)
	}
	return nil
}

// writeSynced writes a file and waits until the disk has it.
func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}
