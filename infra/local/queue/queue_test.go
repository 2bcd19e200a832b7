package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/queue"
)

// open is Open for a test that does not expect it to fail.
func open(t *testing.T, dir string, options queue.Options) *queue.Queue {
	t.Helper()
	q, err := queue.Open(dir, options)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(q.Close)
	return q
}

// send queues bodies in order.
func send(t *testing.T, q *queue.Queue, bodies ...string) []string {
	t.Helper()
	var ids []string
	for _, body := range bodies {
		id, err := q.Send(body)
		if err != nil {
			t.Fatalf("Send: %v", err)
		}
		ids = append(ids, id)
	}
	return ids
}

// receive takes the next message, which must be there.
func receive(t *testing.T, q *queue.Queue) queue.Message {
	t.Helper()
	m, err := q.Receive(t.Context())
	if err != nil {
		t.Fatalf("Receive: %v", err)
	}
	return m
}

// wantDepth compares what is left.
func wantDepth(t *testing.T, q *queue.Queue, waiting, inFlight int) {
	t.Helper()
	w, f := q.Depth()
	if w != waiting || f != inFlight {
		t.Fatalf("Depth() = %d waiting, %d in flight; want %d, %d", w, f, waiting, inFlight)
	}
}

// wantNothing says that no message is visible now.
func wantNothing(t *testing.T, q *queue.Queue) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if m, err := q.Receive(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Receive = %+v, %v; want context.Canceled", m, err)
	}
}

func TestMessagesComeOldestFirstAndLeaveByDelete(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, queue.Options{})
	ids := send(t, q, "one", "two\x00\r\nbytes", "")
	wantDepth(t, q, 3, 0)
	for i, want := range []string{"one", "two\x00\r\nbytes", ""} {
		m := receive(t, q)
		if diff := cmp.Diff(queue.Message{ID: ids[i], Body: want, Receives: 1}, m); diff != "" {
			t.Errorf("message %d (-want +got):\n%s", i, diff)
		}
		if err := q.Delete(m.ID); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	wantDepth(t, q, 0, 0)
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("%d files left after everything was deleted", len(files))
	}
}

func TestAMessageInFlightIsSeenByNobodyElse(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{})
	send(t, q, "one")
	receive(t, q)
	wantDepth(t, q, 0, 1)
	wantNothing(t, q)
}

func TestReceiveWaitsForASend(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{})
	got := make(chan queue.Message)
	go func() {
		m, _ := q.Receive(context.WithoutCancel(t.Context()))
		got <- m
	}()
	send(t, q, "late")
	if m := <-got; m.Body != "late" {
		t.Errorf("received %q, want late", m.Body)
	}
}

func TestAReleasedMessageCountsItsReceives(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{})
	send(t, q, "stubborn")
	for want := 1; want <= 4; want++ {
		m := receive(t, q)
		if m.Receives != want || m.Body != "stubborn" {
			t.Fatalf("received %+v, want receive %d", m, want)
		}
		if err := q.Release(m.ID); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	wantDepth(t, q, 1, 0)
}

func TestDeadLettersTakeAMessageAfterMaxReceives(t *testing.T) {
	dir := t.TempDir()
	dead := open(t, filepath.Join(dir, "dead"), queue.Options{})
	q := open(t, filepath.Join(dir, "live"), queue.Options{MaxReceives: 3, DeadLetter: dead})
	send(t, q, "poison", "healthy")
	for range 3 {
		m := receive(t, q)
		if m.Body != "poison" {
			t.Fatalf("received %q, want poison", m.Body)
		}
		wantDepth(t, dead, 0, 0)
		if err := q.Release(m.ID); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	wantDepth(t, dead, 1, 0)
	if m := receive(t, q); m.Body != "healthy" {
		t.Errorf("received %q, want healthy", m.Body)
	}
	m := receive(t, dead)
	if m.Body != "poison" || m.Receives != 1 {
		t.Errorf("dead letter %+v, want poison on its first receive", m)
	}
	reopened := open(t, filepath.Join(dir, "live"), queue.Options{})
	wantDepth(t, reopened, 1, 0)
}

func TestWithoutDeadLettersAMessageIsKept(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{MaxReceives: 1})
	send(t, q, "kept")
	for range 5 {
		if err := q.Release(receive(t, q).ID); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	wantDepth(t, q, 1, 0)
}

func TestAReleasedMessagePausesForItsDelay(t *testing.T) {
	var asked []int
	q := open(t, t.TempDir(), queue.Options{Delay: func(receives int) time.Duration {
		asked = append(asked, receives)
		return time.Hour
	}})
	send(t, q, "later")
	if err := q.Release(receive(t, q).ID); err != nil {
		t.Fatalf("Release: %v", err)
	}
	wantNothing(t, q)
	wantDepth(t, q, 1, 0)
	if list := q.List(); list[0].State != queue.Pausing || list[0].Receives != 1 {
		t.Errorf("List() = %+v, want one pausing message with one receive", list)
	}
	if !slices.Equal(asked, []int{1}) {
		t.Errorf("Delay asked with %v, want [1]", asked)
	}
}

func TestAPausedMessageWakesByItself(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{Delay: func(int) time.Duration { return time.Nanosecond }})
	send(t, q, "again")
	if err := q.Release(receive(t, q).ID); err != nil {
		t.Fatalf("Release: %v", err)
	}
	if m := receive(t, q); m.Receives != 2 {
		t.Errorf("received %+v, want the second receive", m)
	}
}

func TestOnlyTheHolderSettlesAMessageAndOnce(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{})
	id := send(t, q, "one")[0]
	for name, settle := range map[string]func(string) error{"Delete": q.Delete, "Release": q.Release} {
		if err := settle(id); !errors.Is(err, queue.ErrNotInFlight) {
			t.Fatalf("%s of a waiting message: %v, want ErrNotInFlight", name, err)
		}
		if err := settle("../../etc/passwd"); !errors.Is(err, queue.ErrNotInFlight) {
			t.Fatalf("%s of an unknown message: %v, want ErrNotInFlight", name, err)
		}
	}
	m := receive(t, q)
	if err := q.Delete(m.ID); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if err := q.Delete(m.ID); !errors.Is(err, queue.ErrNotInFlight) {
		t.Errorf("second Delete: %v, want ErrNotInFlight", err)
	}
}

func TestAVanishedFileIsToldOnceAndForgotten(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, queue.Options{})
	send(t, q, "gone", "there")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, files[0].Name())); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Receive(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Receive: %v, want fs.ErrNotExist", err)
	}
	if m := receive(t, q); m.Body != "there" {
		t.Errorf("received %q, want there", m.Body)
	}
	wantDepth(t, q, 0, 1)
}

func TestAFolderThatCannotBeUsedIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := queue.Open(file, queue.Options{}); err == nil {
		t.Error("Open of a file succeeded")
	}
	dir := filepath.Join(t.TempDir(), "queue")
	q := open(t, dir, queue.Options{})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if id, err := q.Send("lost"); err == nil {
		t.Errorf("Send without a folder gave %s", id)
	}
	wantDepth(t, q, 0, 0)
}

func TestAClosedQueueEndsReceiversAndRefusesMessages(t *testing.T) {
	dir := t.TempDir()
	q := open(t, dir, queue.Options{})
	ended := make(chan error)
	go func() {
		_, err := q.Receive(context.WithoutCancel(t.Context()))
		ended <- err
	}()
	q.Close()
	q.Close()
	if err := <-ended; !errors.Is(err, queue.ErrClosed) {
		t.Errorf("Receive: %v, want ErrClosed", err)
	}
	if _, err := q.Send("late"); !errors.Is(err, queue.ErrClosed) {
		t.Errorf("Send: %v, want ErrClosed", err)
	}
}

func TestAMessageHeldAtCloseCanStillBeSettled(t *testing.T) {
	q := open(t, t.TempDir(), queue.Options{})
	send(t, q, "one", "two")
	first, second := receive(t, q), receive(t, q)
	q.Close()
	if err := errors.Join(q.Delete(first.ID), q.Release(second.ID)); err != nil {
		t.Errorf("settling after Close: %v", err)
	}
	wantDepth(t, q, 1, 0)
}

// ledger counts how often each body was finished.
type ledger struct {
	mu       sync.Mutex
	times    map[string]int
	finished sync.WaitGroup
}

// work releases every message on its first receive and finishes it on its
// second, until the queue closes.
func (l *ledger) work(t *testing.T, q *queue.Queue) {
	for {
		m, err := q.Receive(context.WithoutCancel(t.Context()))
		if errors.Is(err, queue.ErrClosed) {
			return
		}
		if m.Receives == 1 {
			if err := q.Release(m.ID); err != nil {
				t.Errorf("Release: %v", err)
			}
			continue
		}
		if err := errors.Join(err, q.Delete(m.ID)); err != nil {
			t.Errorf("finishing a message: %v", err)
		}
		l.mu.Lock()
		l.times[m.Body]++
		l.mu.Unlock()
		l.finished.Done()
	}
}

func TestManyWorkersLoseNothingAndShareNothing(t *testing.T) {
	const senders, each = 4, 25
	q := open(t, t.TempDir(), queue.Options{})
	l := &ledger{times: map[string]int{}}
	l.finished.Add(senders * each)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() { l.work(t, q) })
	}
	for s := range senders {
		workers.Go(func() {
			for i := range each {
				if _, err := q.Send(fmt.Sprintf("%d-%d", s, i)); err != nil {
					t.Errorf("Send: %v", err)
				}
			}
		})
	}
	l.finished.Wait()
	wantDepth(t, q, 0, 0)
	q.Close()
	workers.Wait()
	if len(l.times) != senders*each {
		t.Errorf("%d messages finished, want %d", len(l.times), senders*each)
	}
	for body, times := range l.times {
		if times != 1 {
			t.Errorf("message %s finished %d times", body, times)
		}
	}
}
