package lambda

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"polarweb.nl/inzage/infra/local/child"
)

// run takes one request to a process and returns what came of it.
//
// A process of an earlier request may be dying while it still counts as idle (a
// Go function answers a panic and exits after that), so a process that ends
// before it has asked for the request is replaced. Only a fresh one that ends
// then is the function's own fault.
func (f *function) run(payload []byte) (Result, error) {
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-f.closing:
		return Result{}, ErrClosed
	}
	call, err := newInvocation(payload)
	if err != nil {
		return Result{}, err
	}
	for {
		box, fresh, err := f.take()
		if err != nil {
			return failed("Runtime.InvalidEntrypoint", call.id, err.Error()), nil
		}
		err = box.handOver(call, f.config.InitTimeout)
		switch {
		case err == nil:
			return f.finish(box, call)
		case errors.Is(err, ErrClosed):
			return Result{}, err
		}
		f.discard(box)
		if fresh {
			result := box.initFailure(call.id, err, f.config.InitTimeout)
			f.report(result)
			return result, nil
		}
	}
}

// finish waits for the answer and decides what becomes of the process.
func (f *function) finish(box *sandbox, call *invocation) (Result, error) {
	result, err := box.await(call, f.Timeout)
	if err != nil || box.spent {
		f.discard(box)
		f.report(result)
		return result, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idle = append(f.idle, box)
	return result, nil
}

// report leaves a line about the end of a process in the function's log, where
// the process itself can no longer write one.
func (f *function) report(result Result) {
	if result.FunctionError != "" {
		_, _ = fmt.Fprintf(f.log, "REPORT %s\n", result.Payload) // a full disk shows elsewhere
	}
}

// take returns an idle process, or a fresh one. The caller holds a slot, so
// there is always room for one more.
func (f *function) take() (box *sandbox, fresh bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last := len(f.idle) - 1; last >= 0 {
		box, f.idle = f.idle[last], f.idle[:last]
		return box, false, nil
	}
	f.started++
	number := strconv.Itoa(f.started)
	box = newSandbox(f.closing)
	f.living[number] = box // before the process can ask for work
	box.process, err = child.Start(child.Command{
		Path: f.bootstrap(), Dir: f.Dir, Stdout: f.log, Stderr: f.log,
		Env: f.environment(f.address + "/" + number),
	})
	if err != nil {
		delete(f.living, number)
		return nil, false, fmt.Errorf("starting the program of %s: %w", f.Name, err)
	}
	return box, true, nil
}

// discard kills a process that may not get another request, and forgets it.
func (f *function) discard(box *sandbox) {
	box.process.Stop(0)
	f.mu.Lock()
	defer f.mu.Unlock()
	for number, living := range f.living {
		if living == box {
			delete(f.living, number)
		}
	}
	f.idle = slices.DeleteFunc(f.idle, func(idle *sandbox) bool { return idle == box })
}

// sandbox finds a living process by the number in its Runtime API address.
func (f *function) sandbox(number string) *sandbox {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.living[number]
}
