// Package stack puts the local parts together: the same function binaries that
// are deployed, under a small Lambda runtime, with stand-ins for the AWS
// services they call. The functions know only AWS endpoints.
//
// What to run is read from template.yaml: tables, indexes, buckets, queues,
// functions, their environment, stream filters, schedules and routes. All of it
// listens on 127.0.0.1, and everything that lasts lies in one state folder:
//
//	lock            held while a stack runs on the folder; names its process
//	clock.json      how far the stack's clock is ahead of real time
//	tables.db       DynamoDB
//	objects/        S3
//	queues/<id>/    one folder a queue of the template, and one a rule
//	letters/        the mails SES took
//	stream.json     how far the stream was handed on
//	staff.json      the secrets of the staff's codes, which an app would hold
//	kms-root.key    the root of all keys
//	operator.env    what the operator's command needs to speak to this stack
//	logs/           one file a function
//	dynoxide.log    what the database's program prints
//
// A stack that was killed finds all of it back. Start, use the addresses, Stop.
package stack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/infra/local/frontdoor"
	"polarweb.nl/inzage/infra/local/lambda"
	"polarweb.nl/inzage/infra/local/objects"
	"polarweb.nl/inzage/infra/local/queue"
	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/stream"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/template"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/organisation"
)

// Options say what to run and where.
type Options struct {
	Root  string // folder of the project, with template.yaml, .build and node_modules
	State string // state folder; made when absent

	SMTP, Web, Mailbox, Clock string // addresses to listen on; port 0 chooses a free one

	// StartAt is where the clock of a new state begins; zero means now.
	StartAt time.Time
	// DynamoDBEndpoint, when not empty, is used in the place of dynoxide.
	DynamoDBEndpoint string
	// Lookup reads the process's environment, as os.LookupEnv does; the KMS
	// stand-in asks it whether this is the real Lambda.
	Lookup func(name string) (string, bool)
	// Log hears what an operator should know. Lines hold no personal data.
	Log func(format string, args ...any)
	// Duplicates makes each notice of a mail come that many times more.
	Duplicates int
	// Faults are failures of SES to play, for tests. Nil plays none.
	Faults *ses.Faults
	// KeysAway says whether KMS refuses every call now, for tests. Nil never does.
	KeysAway func() bool
}

// The names a local installation goes by.
const (
	region    = "eu-central-1"
	account   = "000000000000"
	stackName = "inzage"
	stage     = "local"

	accessKey = "local"
	secretKey = "local-secret"
)

// Stack is a running stack.
type Stack struct {
	options  Options
	profile  organisation.Profile
	template *template.Template

	fresh     bool
	closers   []func() // run in reverse by Stop
	queues    map[string]*queue.Queue
	addresses Addresses

	clock   *clock.Clock
	db      *tables.Database
	objects *objects.Store
	runtime *lambda.Runtime
	poller  *stream.Poller
	door    *frontdoor.Door
	store   *casestore.Store
	opened  endpoints
	secrets map[string][]byte // of the staff's codes, by id

	rules []rule // of objects that come into being

	broken chan error // the first part that stopped by itself
	ticks  ticker

	background sync.WaitGroup
	cancel     context.CancelFunc
}

// Addresses are where a running stack is reached: URLs without a slash at the
// end, but for SMTP, which is host:port.
type Addresses struct {
	SMTP    string `json:"smtp"`
	Portal  string `json:"portal"`
	Desk    string `json:"desk"`
	Mailbox string `json:"mailbox"`
	Clock   string `json:"clock"`
}

// Start starts every part, in the order in which they need each other. When
// one fails, those before it are stopped again.
func Start(ctx context.Context, options Options) (*Stack, error) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Stack{options: options, queues: map[string]*queue.Queue{}, broken: make(chan error, 1), cancel: cancel}
	steps := []struct {
		name string
		run  func(context.Context) error
	}{
		{"state folder", s.openState},
		{"template and profile", s.readFiles},
		{"clock", s.openClock},
		{"secrets of the staff", s.openSecrets},
		{"queues", s.openQueues},
		{"rules", s.openRules},
		{"DynamoDB", s.startTables},
		{"pages and endpoints", s.startServers}, // their address is the origin that may upload
		{"S3", s.startObjects},
		{"functions", s.startFunctions},
		{"staff", s.enrolStaff},
		{"stream", s.startStream},
		{"queue workers", s.startWorkers},
		{"scheduler", s.startTicker},
		{"mail in", s.startDoor},
	}
	for _, step := range steps {
		if err := step.run(running); err != nil {
			s.Stop()
			return nil, fmt.Errorf("starting the %s: %w", step.name, err)
		}
	}
	return s, nil
}

// Stop stops everything and waits for it. What was accepted is on disk.
func (s *Stack) Stop() {
	s.cancel()
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
	s.background.Wait()
}

// onStop adds what Stop must do; the last added is done first.
func (s *Stack) onStop(do func()) { s.closers = append(s.closers, do) }

// goOn runs a part in the background until Stop.
func (s *Stack) goOn(part func()) {
	s.background.Go(part)
}

// fail notes that a part stopped by itself; only the first counts.
func (s *Stack) fail(err error) {
	select {
	case s.broken <- err:
	default:
	}
}

// Broken gives the error of a part that stopped by itself.
func (s *Stack) Broken() <-chan error { return s.broken }

// Addresses gives where the stack is reached.
func (s *Stack) Addresses() Addresses { return s.addresses }

// Fresh reports whether the state folder was new.
func (s *Stack) Fresh() bool { return s.fresh }

// Profile gives the organisation the stack runs for.
func (s *Stack) Profile() organisation.Profile { return s.profile }

// Store reads the cases of the stack.
func (s *Stack) Store() *casestore.Store { return s.store }

// Letters gives the folder of the mails SES took.
func (s *Stack) Letters() string { return s.path("letters") }

// Now gives the stack's time.
func (s *Stack) Now() time.Time { return s.clock.Now() }

// path gives a place in the state folder.
func (s *Stack) path(parts ...string) string {
	return filepath.Join(append([]string{s.options.State}, parts...)...)
}

// serverErr is what a server says that stopped by itself.
func serverErr(name string, err error) error {
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}
