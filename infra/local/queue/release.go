package queue

import (
	"fmt"
	"path/filepath"
	"time"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

// Release gives a message in flight back after work that failed. The count goes
// to disk before the message is offered again, so a restart cannot make a
// poisoned message immortal.
func (q *Queue) Release(id string) error {
	e, err := q.settle(id)
	if err != nil {
		return fmt.Errorf("releasing message %s: %w", id, err)
	}
	if q.isSpent(e.receives + 1) {
		return q.bury(e)
	}
	if err := q.count(e); err != nil {
		q.show(e)
		return fmt.Errorf("releasing message %s: %w", id, err)
	}
	q.pause(e)
	return nil
}

// isSpent says whether a message received that often belongs in dead letters.
func (q *Queue) isSpent(receives int) bool {
	return q.options.DeadLetter != nil && q.options.MaxReceives > 0 && receives >= q.options.MaxReceives
}

// count writes one more receive into the file name.
func (q *Queue) count(e *entry) error {
	counted := entry{id: e.id, receives: e.receives + 1}
	err := durable.Rename(filepath.Join(q.dir, e.fileName()), filepath.Join(q.dir, counted.fileName()))
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	e.receives = counted.receives
	return nil
}

// bury moves a message to the dead letters by one rename: it is never in both
// queues, and never in neither.
func (q *Queue) bury(e *entry) error {
	if err := q.options.DeadLetter.adopt(filepath.Join(q.dir, e.fileName()), e.size); err != nil {
		q.show(e)
		return fmt.Errorf("moving message %s to the dead letters: %w", e.id, err)
	}
	q.forget(e.id)
	return nil
}

// adopt takes over a file of another queue. The count starts again, because the
// dead letters may be worked on too.
func (q *Queue) adopt(path string, size int64) error {
	e, err := q.reserve()
	if err != nil {
		return err
	}
	if err := durable.Rename(path, filepath.Join(q.dir, e.fileName())); err != nil {
		return err
	}
	e.size = size
	q.show(e)
	return nil
}

// pause hides a released message for its back-off, then shows it again.
func (q *Queue) pause(e *entry) {
	var delay time.Duration
	if q.options.Delay != nil {
		delay = q.options.Delay(e.receives)
	}
	if delay <= 0 {
		q.show(e)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	e.state = Pausing
	if !q.closed {
		e.pause = time.AfterFunc(delay, func() { q.wake(e) })
	}
}

// wake shows a message whose back-off is over, unless the queue was closed.
func (q *Queue) wake(e *entry) {
	q.mu.Lock()
	closed := q.closed
	q.mu.Unlock()
	if !closed {
		q.show(e)
	}
}
