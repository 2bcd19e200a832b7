package lambda

import (
	"errors"
	"fmt"
	"time"
)

// attempts is how often an asynchronous invocation is tried: once, and two
// retries. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const attempts = 3

// InvokeAsync queues an invocation and returns. It is retried twice when the
// function fails; Config.OnFailure hears of the third failure. The invocation
// counts in Busy from before InvokeAsync returns until it is over.
func (r *Runtime) InvokeAsync(name string, payload []byte) error {
	f, err := r.find(name)
	if err != nil {
		return err
	}
	if !r.begin() {
		return ErrClosed
	}
	go func() {
		defer r.end()
		err := r.try(f, payload)
		if err != nil && !errors.Is(err, ErrClosed) && r.config.OnFailure != nil {
			r.config.OnFailure(f.Name, payload, err)
		}
	}()
	return nil
}

// try runs a function until it succeeds or its attempts are used up.
func (r *Runtime) try(f *function, payload []byte) error {
	var last error
	for attempt := range attempts {
		if err := r.pause(time.Duration(attempt) * r.config.RetryDelay); err != nil {
			return err
		}
		result, err := f.run(payload)
		switch {
		case errors.Is(err, ErrClosed):
			return err
		case err != nil:
			last = err
		case result.FunctionError == "":
			return nil
		default:
			last = errors.New(result.errorType())
		}
	}
	return fmt.Errorf("function %s failed %d times: %w", f.Name, attempts, last)
}

// pause waits, unless the runtime closes first.
func (r *Runtime) pause(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.closing:
		return ErrClosed
	}
}
