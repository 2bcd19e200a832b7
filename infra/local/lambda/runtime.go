// Package lambda runs the built functions on one machine as AWS Lambda would:
// each is the same `bootstrap` binary that is deployed, it speaks the Lambda
// Runtime API to a listener on 127.0.0.1, and callers invoke it through the
// AWS SDK or in process.
//
// Kept from AWS: one request per process at a time, a pool of processes that
// grows on demand, an environment that holds nothing of the developer's shell,
// deadlines, the shapes of errors, the payload limits, and asynchronous
// invocations with two retries. Left out: log tails, aliases and versions,
// extensions, streamed responses, throttling (a call waits for a process).
//
// Asynchronous invocations wait in memory. A stack that is killed loses them,
// which the sweep makes good, as it does for events that AWS may drop.
//
// The package stores one file per function, `<LogDir>/<function>.log`, with
// what its processes print. Use:
//
//	r, err := lambda.Start(lambda.Config{LogDir: dir, Functions: functions})
//	...
//	mux.Handle("/2015-03-31/", r) // what AWS_ENDPOINT_URL_LAMBDA points to
//	result, err := r.Invoke(ctx, "inzage-sweep", payload)
//	...
//	err = r.Close()
package lambda

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// The limits and answers of AWS that hold when Config leaves a field empty.
const (
	// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
	defaultInitTimeout = 10 * time.Second
	defaultRegion      = "eu-central-1"
	defaultAccountID   = "000000000000"
)

// Errors of Invoke that say nothing about the function itself.
var (
	// ErrNoFunction is returned for a name that no function of the Config has.
	ErrNoFunction = errors.New("no such function")
	// ErrClosed is returned by a runtime that is closing or closed.
	ErrClosed = errors.New("the local Lambda runtime is closed")
)

// Config says which functions run and with what.
type Config struct {
	// Functions are the functions; names must differ.
	Functions []Function
	// Region and AccountID appear in names (ARN) and in the environment; empty
	// means eu-central-1 and 000000000000.
	Region, AccountID string
	// AccessKeyID and SecretAccessKey become the functions' credentials. They
	// open nothing outside the local stack.
	AccessKeyID, SecretAccessKey string
	// LogDir is the folder of the log files; it is made when missing.
	LogDir string
	// InitTimeout bounds the start of a process; zero means 10 seconds.
	InitTimeout time.Duration
	// RetryDelay is the wait before the first retry of an asynchronous
	// invocation; the second waits twice as long. AWS takes one minute; zero
	// retries at once.
	RetryDelay time.Duration
	// OnFailure is told of each asynchronous invocation that failed for good,
	// with its payload; the error names the function and the error type only.
	// Nil ignores them.
	OnFailure func(function string, payload []byte, err error)
}

// Runtime is a set of running functions. It is an http.Handler with the Invoke
// API, see invokeapi.go.
type Runtime struct {
	config    Config
	functions map[string]*function
	api       http.Handler
	closing   chan struct{} // closed when Close begins

	mu     sync.Mutex
	closed bool
	busy   int
	calls  sync.WaitGroup // every invocation that busy counts
}

// Start checks the functions and opens a Runtime API listener for each. No
// function process runs before its first invocation.
func Start(config Config) (*Runtime, error) {
	config = withDefaults(config)
	if err := os.MkdirAll(config.LogDir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for function logs: %w", err)
	}
	r := &Runtime{config: config, functions: map[string]*function{}, closing: make(chan struct{})}
	for _, declared := range config.Functions {
		if err := r.add(declared); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	r.api = r.routes()
	return r, nil
}

// withDefaults fills in what AWS would say.
func withDefaults(c Config) Config {
	if c.Region == "" {
		c.Region = defaultRegion
	}
	if c.AccountID == "" {
		c.AccountID = defaultAccountID
	}
	if c.InitTimeout <= 0 {
		c.InitTimeout = defaultInitTimeout
	}
	return c
}

// add prepares one function.
func (r *Runtime) add(declared Function) error {
	if r.functions[declared.Name] != nil {
		return fmt.Errorf("function %s is declared twice", declared.Name)
	}
	f, err := open(declared, r.config, r.closing)
	if err != nil {
		return fmt.Errorf("preparing function %q: %w", declared.Name, err)
	}
	r.functions[declared.Name] = f
	return nil
}

// ServeHTTP answers the Invoke API.
func (r *Runtime) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.api.ServeHTTP(w, req) }

// Invoke runs a function with a JSON payload and waits for its answer. The name
// is a plain name or an ARN. The error says why the function did not run
// (ErrNoFunction, ErrClosed, the context's); a function that ran and failed is
// a Result with a FunctionError.
//
// As on AWS, a caller that goes away does not stop the function: it keeps its
// process until it answers or its time is up.
func (r *Runtime) Invoke(ctx context.Context, name string, payload []byte) (Result, error) {
	f, err := r.find(name)
	if err != nil {
		return Result{}, err
	}
	if !r.begin() {
		return Result{}, ErrClosed
	}
	type answer struct {
		result Result
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		result, err := f.run(payload)
		r.end() // first, so that a caller who has its answer finds Busy lowered
		answers <- answer{result, err}
	}()
	select {
	case a := <-answers:
		return a.result, a.err
	case <-ctx.Done():
		return Result{}, fmt.Errorf("waiting for function %s: %w", f.Name, ctx.Err())
	}
}

// Busy counts the invocations that have not ended: those that run, those that
// wait for a process, and asynchronous ones that wait for a retry.
func (r *Runtime) Busy() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy
}

// Close fails what waits, stops every process and closes the log files.
func (r *Runtime) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	r.mu.Unlock()

	close(r.closing)
	r.calls.Wait()
	var faults []error
	for _, f := range r.functions {
		faults = append(faults, f.close())
	}
	return errors.Join(faults...)
}

// begin counts an invocation, unless the runtime is closing.
func (r *Runtime) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.busy++
	r.calls.Add(1)
	return true
}

// end is the counterpart of begin.
func (r *Runtime) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	r.calls.Done()
}

// find looks a function up by name or ARN.
func (r *Runtime) find(name string) (*function, error) {
	f := r.functions[plainName(name)]
	if f == nil {
		return nil, fmt.Errorf("function %q: %w", name, ErrNoFunction)
	}
	return f, nil
}

// plainName takes the name out of the forms that FunctionName may have: name,
// name:qualifier, account:function:name and the whole ARN, qualified or not.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func plainName(s string) string {
	if _, after, found := strings.Cut(s, "function:"); found {
		s = after
	}
	name, _, _ := strings.Cut(s, ":")
	return name
}
