// Package tables gives the local stack its DynamoDB and the tables in it.
//
// It starts dynoxide, one static binary over an SQLite file, as a child
// process, or uses the endpoint that a person names with DYNAMODB_ENDPOINT:
// DynamoDB Local, or a sandbox account. [Ensure] then creates the tables as
// template.yaml describes them, and refuses a table that looks different, so
// that nothing is ever tried out on keys and indexes that AWS will not have.
//
// It stores what dynoxide stores, in the one file Options.File. Use:
//
//	db, err := tables.Start(ctx, tables.Options{Root: root, File: file, StartChild: …})
//	err = tables.Ensure(ctx, db.Client(), []tables.Named{{Name: "cases", Shape: shape}})
//	defer db.Stop()
package tables

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// ErrAbsent says that there is no DynamoDB to start and none was named.
var ErrAbsent = errors.New("there is no DynamoDB to use: run `npm ci` on linux-x64, or set DYNAMODB_ENDPOINT to one that runs")

// Binary is where npm puts dynoxide, below the root of the project.
const Binary = "node_modules/@dynoxide/linux-x64/dynoxide"

// Bounds on waiting. They count tries and not seconds, so that a slow machine
// waits longer than a fast one before it gives up.
const (
	maxStarts    = 3
	maxPings     = 400
	pauseOfPings = 25 * time.Millisecond
	stopGrace    = 5 * time.Second
)

// Child is a program that was started and dies together with this one.
type Child interface {
	Done() <-chan struct{}
	Err() error
	Stop(grace time.Duration)
}

// Options say where the database is, or how to start it.
type Options struct {
	// Endpoint, when not empty, is used as it is and nothing is started.
	Endpoint string
	// Root is the folder of the project; dynoxide is looked for below it.
	Root string
	// File is the SQLite file with all tables. Its folder must exist.
	File string
	// Region and Credentials sign the calls; dynoxide wants a signature but
	// does not check it, a sandbox account does.
	Region      string
	Credentials aws.CredentialsProvider
	// StartChild starts a program that must not outlive this one.
	StartChild func(path string, args []string) (Child, error)
}

// Database is a DynamoDB that answers.
type Database struct {
	endpoint string
	client   *dynamodb.Client
	child    Child // nil when the endpoint was given
}

// Start finds or starts the database and returns when it answers.
func Start(ctx context.Context, o Options) (*Database, error) {
	if o.Endpoint != "" {
		db := &Database{endpoint: o.Endpoint, client: newClient(o, o.Endpoint)}
		if err := db.await(ctx); err != nil {
			return nil, fmt.Errorf("reach the DynamoDB of DYNAMODB_ENDPOINT: %w", err)
		}
		return db, nil
	}
	path, err := filepath.Abs(filepath.Join(o.Root, filepath.FromSlash(Binary)))
	if err != nil {
		return nil, fmt.Errorf("look for dynoxide: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, ErrAbsent
	}
	// Between choosing a free port and using it somebody else may take it.
	// dynoxide then ends at once, and another port is tried.
	for range maxStarts {
		db, startErr := startChild(ctx, o, path)
		if startErr == nil {
			return db, nil
		}
		if err = startErr; !errors.Is(err, errEnded) {
			break
		}
	}
	return nil, fmt.Errorf("start dynoxide: %w", err)
}

// errEnded says that the child ended instead of answering.
var errEnded = errors.New("it ended before it answered")

// startChild starts dynoxide on a free port.
func startChild(ctx context.Context, o Options, path string) (*Database, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	child, err := o.StartChild(path, []string{
		"serve", "--host", "127.0.0.1", "--port", strconv.Itoa(port), "--db-path", o.File,
	})
	if err != nil {
		return nil, err
	}
	endpoint := "http://127.0.0.1:" + strconv.Itoa(port)
	db := &Database{endpoint: endpoint, client: newClient(o, endpoint), child: child}
	if err := db.await(ctx); err != nil {
		db.Stop()
		return nil, err
	}
	return db, nil
}

// freePort asks the system for a port that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("choose a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

// newClient makes the client by hand, as the functions do: no file or variable
// of the machine has a say in where the calls go.
func newClient(o Options, endpoint string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		BaseEndpoint: aws.String(endpoint), Region: o.Region, Credentials: o.Credentials,
		Retryer: aws.NopRetryer{},
	})
}

// await asks for the list of tables until it comes.
func (db *Database) await(ctx context.Context) error {
	var err error
	for range maxPings {
		if _, err = db.client.ListTables(ctx, &dynamodb.ListTablesInput{Limit: aws.Int32(1)}); err == nil {
			return db.ended()
		}
		if ended := db.ended(); ended != nil {
			return ended
		}
		if pauseErr := pause(ctx, pauseOfPings); pauseErr != nil {
			return pauseErr
		}
	}
	return fmt.Errorf("it does not answer: %w", err)
}

// ended is an error once the child has ended; an answer that came all the same
// was given by another program on that port.
func (db *Database) ended() error {
	if db.child == nil {
		return nil
	}
	select {
	case <-db.child.Done():
		return fmt.Errorf("%w (%w)", errEnded, orExit(db.child.Err()))
	default:
		return nil
	}
}

// orExit puts a word where a program that ended with status 0 has no error.
func orExit(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// pause waits, but not longer than ctx lives.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Endpoint is the URL that functions get as AWS_ENDPOINT_URL_DYNAMODB. The
// streams of the tables are read at the same one.
func (db *Database) Endpoint() string { return db.endpoint }

// Client is a client of the database. It does not retry.
func (db *Database) Client() *dynamodb.Client { return db.client }

// Done is closed when dynoxide has ended by itself. It never is when the
// endpoint was given.
func (db *Database) Done() <-chan struct{} {
	if db.child == nil {
		return nil
	}
	return db.child.Done()
}

// Stop ends what Start started.
func (db *Database) Stop() {
	if db.child != nil {
		db.child.Stop(stopGrace)
	}
}
