package lambda

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"polarweb.nl/inzage/infra/local/child"
)

// The two ways in which a process fails to ask for a request.
var (
	errExited = errors.New("the process ended before it asked for work")
	errSilent = errors.New("the process did not ask for work in time")
)

// invocation is one request on its way through a process.
type invocation struct {
	id      string
	payload []byte
	answer  chan Result // room for one, so that nobody waits to leave it
}

// newInvocation gives a payload its request id, a version 4 UUID (RFC 9562).
func newInvocation(payload []byte) (*invocation, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, fmt.Errorf("making a request id: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	return &invocation{id: id, payload: payload, answer: make(chan Result, 1)}, nil
}

// sandbox is one process of a function. One request at a time holds it; only
// that request's goroutine touches spent.
type sandbox struct {
	process *child.Process
	work    chan *invocation // received from only while the process asks for work
	closing <-chan struct{}
	spent   bool // it ended, or was overtaken by its time limit

	mu        sync.Mutex
	current   *invocation // the request that the process works on
	initError []byte      // what the process posted to init/error
}

// newSandbox makes a sandbox whose process is still to be started.
func newSandbox(closing <-chan struct{}) *sandbox {
	return &sandbox{work: make(chan *invocation), closing: closing}
}

// handOver waits until the process asks for work and gives it the call. Every
// wait on a process also watches for its end: one that dies between two
// requests would otherwise block its caller for ever.
func (b *sandbox) handOver(call *invocation, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case b.work <- call:
		return nil
	case <-b.process.Done():
		return errExited
	case <-timer.C:
		return errSilent
	case <-b.closing:
		return ErrClosed
	}
}

// await waits for the answer to a call that was handed over.
func (b *sandbox) await(call *invocation, limit time.Duration) (Result, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case result := <-call.answer:
		return result, nil
	case <-b.process.Done():
		b.spent = true
		return b.lastWord(call), nil
	case <-timer.C:
		b.spent = true
		return timedOut(call.id, limit), nil
	case <-b.closing:
		return Result{}, ErrClosed
	}
}

// lastWord is the result of a call whose process has ended: the answer when the
// process left one before it ended, otherwise the exit itself.
func (b *sandbox) lastWord(call *invocation) Result {
	select {
	case result := <-call.answer:
		return result
	default:
		return exited(call.id, b.process.Err())
	}
}

// initFailure is the result of a call for which a fresh process could not be
// made ready.
func (b *sandbox) initFailure(id string, cause error, limit time.Duration) Result {
	b.mu.Lock()
	posted := b.initError
	b.mu.Unlock()
	switch {
	case posted != nil:
		return Result{Payload: posted, FunctionError: unhandled}
	case errors.Is(cause, errSilent):
		return timedOut(id, limit)
	default:
		return exited(id, b.process.Err())
	}
}

// begin notes the call that the process has just received.
func (b *sandbox) begin(call *invocation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current = call
}

// settle leaves the answer of the process to the call with this id. It reports
// false when the process does not work on that call.
func (b *sandbox) settle(id string, result Result) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current == nil || b.current.id != id {
		return false
	}
	b.current.answer <- result
	b.current = nil
	return true
}
