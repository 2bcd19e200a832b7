// Package queue is the local stand-in for an SQS queue: a folder with one file
// a message.
//
// A file is named `<sequence>-<random>.r<receives>.msg` and holds nothing but
// the body, so the count of failed receives changes by a rename and the body is
// written once. A message whose file has its final name is accepted; whatever
// was in flight when the process ended is simply waiting again at the next
// Open, as after a visibility timeout.
//
// Use: Open a folder, Send bodies, and in a worker Receive, do the work, then
// Delete the message, or Release it to be tried again. After MaxReceives
// releases it moves to the DeadLetter queue. Delivery is at least once and
// roughly oldest first, as SQS standard queues promise
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html).
// One folder belongs to one Queue in one process.
package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

// ErrNotInFlight says that a message was deleted or released which nobody holds.
var ErrNotInFlight = errors.New("message is not in flight")

// ErrClosed says that the queue was closed.
var ErrClosed = errors.New("queue is closed")

// Options of a queue. The zero value never gives up on a message and offers it
// again at once.
type Options struct {
	// MaxReceives is how many releases a message survives; 0 is without end.
	MaxReceives int
	// DeadLetter takes the message after that. It must lie on the same file
	// system. Without one the message stays and is tried for ever.
	DeadLetter *Queue
	// Delay is the pause before a message released for the nth time is offered
	// again. Nil is no pause.
	Delay func(receives int) time.Duration
}

// Message is one body in the hands of a worker.
type Message struct {
	ID   string
	Body string
	// Receives counts this delivery too: 1 on the first, as SQS's
	// ApproximateReceiveCount.
	Receives int
}

// Queue is safe for concurrent use.
type Queue struct {
	dir     string
	options Options

	mu      sync.Mutex
	closed  bool
	next    uint64
	entries map[string]*entry
	// changed is closed, and replaced, whenever a message becomes visible.
	changed chan struct{}
}

// Open reads the folder, making it when absent. Every message in it is waiting,
// with the count of releases it had.
func Open(dir string, options Options) (*Queue, error) {
	if err := durable.MakeDir(dir); err != nil {
		return nil, fmt.Errorf("opening queue: %w", err)
	}
	if err := durable.RemoveUnfinished(dir); err != nil {
		return nil, fmt.Errorf("opening queue: %w", err)
	}
	entries, err := readEntries(dir)
	if err != nil {
		return nil, fmt.Errorf("opening queue: %w", err)
	}
	q := &Queue{dir: dir, options: options, entries: entries, changed: make(chan struct{})}
	for _, e := range entries {
		q.next = max(q.next, e.sequence)
	}
	return q, nil
}

// Send accepts a message. When it returns without error the message is on disk.
func (q *Queue) Send(body string) (string, error) {
	e, err := q.reserve()
	if err != nil {
		return "", err
	}
	if err := durable.WriteFile(q.dir, e.fileName(), []byte(body)); err != nil {
		return "", fmt.Errorf("queueing a message: %w", err)
	}
	e.size = int64(len(body))
	q.show(e)
	return e.id, nil
}

// reserve gives the next place in the queue. The random part keeps an id from
// coming back after a restart that found the folder empty.
func (q *Queue) reserve() (*entry, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, ErrClosed
	}
	q.next++
	return &entry{id: messageID(q.next, rand.Text()), sequence: q.next}, nil
}

// show makes a message visible and wakes the workers.
func (q *Queue) show(e *entry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	e.state = Waiting
	q.entries[e.id] = e
	q.wakeWorkers()
}

// wakeWorkers lets every waiting Receive look again. The lock is held.
func (q *Queue) wakeWorkers() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Receive waits for a message and takes it in flight. It returns the error of
// ctx when that ends first, and ErrClosed after Close. Any other error is about
// one message, which was counted as a failed receive: call again for the next.
func (q *Queue) Receive(ctx context.Context) (Message, error) {
	for {
		e, changed, err := q.take()
		if err != nil {
			return Message{}, err
		}
		if e != nil {
			return q.load(e)
		}
		select {
		case <-ctx.Done():
			return Message{}, ctx.Err()
		case <-changed:
		}
	}
}

// take marks the oldest waiting message as in flight. When there is none it
// returns the channel that will tell of one.
func (q *Queue) take() (*entry, <-chan struct{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, nil, ErrClosed
	}
	var oldest *entry
	for _, e := range q.entries {
		if e.state == Waiting && (oldest == nil || e.id < oldest.id) {
			oldest = e
		}
	}
	if oldest != nil {
		oldest.state = InFlight
	}
	return oldest, q.changed, nil
}

// load reads the body of a message just taken.
func (q *Queue) load(e *entry) (Message, error) {
	body, err := os.ReadFile(filepath.Join(q.dir, e.fileName()))
	if errors.Is(err, fs.ErrNotExist) {
		// Somebody emptied the folder by hand; there is nothing to try again.
		q.forget(e.id)
		return Message{}, fmt.Errorf("reading message %s: %w", e.id, err)
	}
	if err != nil {
		err = fmt.Errorf("reading message %s: %w", e.id, err)
		return Message{}, errors.Join(err, q.Release(e.id))
	}
	return Message{ID: e.id, Body: string(body), Receives: e.receives + 1}, nil
}

// Delete ends a message in flight: its work is done. The removal itself is not
// synced; a power cut may bring the message back, which at-least-once allows.
func (q *Queue) Delete(id string) error {
	e, err := q.settle(id)
	if err != nil {
		return fmt.Errorf("deleting message %s: %w", id, err)
	}
	if err := os.Remove(filepath.Join(q.dir, e.fileName())); err != nil {
		q.show(e)
		return fmt.Errorf("deleting message %s: %w", id, err)
	}
	q.forget(id)
	return nil
}

// settle takes a message out of a worker's hands, so that only one Delete or
// Release of it can go ahead.
func (q *Queue) settle(id string) (*entry, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	e, known := q.entries[id]
	if !known || e.state != InFlight {
		return nil, ErrNotInFlight
	}
	e.state = settling
	return e, nil
}

// forget drops a message that is no longer in this folder.
func (q *Queue) forget(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.entries, id)
}

// Depth counts what a worker could still get: waiting includes messages pausing
// between two tries. Nothing is left to do when both are zero.
func (q *Queue) Depth() (waiting, inFlight int) {
	for _, l := range q.List() {
		if l.State == InFlight {
			inFlight++
		} else {
			waiting++
		}
	}
	return waiting, inFlight
}

// List shows every message, oldest first, without its body: bodies hold
// personal data.
func (q *Queue) List() []Listing {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]Listing, 0, len(q.entries))
	for _, e := range q.entries {
		list = append(list, e.listing())
	}
	slices.SortFunc(list, byID)
	return list
}

// Close ends every Receive and lets no paused message wake any more. The files
// stay for the next Open.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.closed = true
	for _, e := range q.entries {
		if e.pause != nil {
			e.pause.Stop()
		}
	}
	q.wakeWorkers()
}
