package queue

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// State is where a message is between Send and Delete.
type State string

// The states that List shows.
const (
	Waiting  State = "waiting"  // a worker may take it now
	Pausing  State = "pausing"  // released, its back-off still runs
	InFlight State = "inFlight" // a worker has it

	// settling lasts while a Delete or Release of it writes to disk.
	settling State = "settling"
)

// Listing is one message on the status page.
type Listing struct {
	ID string
	// Receives counts the deliveries that failed.
	Receives int
	State    State
	Size     int64
}

// entry is what the queue remembers of a message: everything but its body.
type entry struct {
	id       string
	sequence uint64
	receives int
	size     int64
	state    State
	pause    *time.Timer
}

// messageID begins with the sequence at fixed width, so that ids sort by age.
func messageID(sequence uint64, random string) string {
	return fmt.Sprintf("%016d-%s", sequence, random)
}

// fileName is the whole durable state of a message besides its body.
func (e *entry) fileName() string {
	return fmt.Sprintf("%s.r%d.msg", e.id, e.receives)
}

// listing is the entry as the status page shows it.
func (e *entry) listing() Listing {
	state := e.state
	if state == settling {
		state = InFlight
	}
	return Listing{ID: e.id, Receives: e.receives, State: state, Size: e.size}
}

// byID orders listings from old to new.
func byID(a, b Listing) int {
	return strings.Compare(a.ID, b.ID)
}

// readEntries finds the messages of an earlier life. A file with any other name
// is not ours and is left alone.
func readEntries(dir string) (map[string]*entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	entries := make(map[string]*entry, len(files))
	for _, file := range files {
		e, ours := parseFileName(file.Name())
		if !ours || !file.Type().IsRegular() {
			continue
		}
		info, err := file.Info()
		if err != nil {
			return nil, fmt.Errorf("reading message %s: %w", e.id, err)
		}
		e.size = info.Size()
		entries[e.id] = e
	}
	return entries, nil
}

// parseFileName undoes fileName, and accepts only what fileName would write.
func parseFileName(name string) (*entry, bool) {
	stem, isMessage := strings.CutSuffix(name, ".msg")
	id, count, counted := strings.Cut(stem, ".r")
	digits, random, numbered := strings.Cut(id, "-")
	if !isMessage || !counted || !numbered {
		return nil, false
	}
	sequence, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return nil, false
	}
	receives, err := strconv.Atoi(count)
	if err != nil || receives < 0 {
		return nil, false
	}
	e := &entry{id: messageID(sequence, random), sequence: sequence, receives: receives, state: Waiting}
	return e, e.fileName() == name
}
