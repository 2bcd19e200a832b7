// Package objects is the S3 of the local stack: the versitygw gateway in this
// process, over folders on disk.
//
// Below Options.Dir it stores the objects (buckets), what is known about them
// (about) and older versions of objects in versioned buckets (versions). All of
// it survives a restart. Use:
//
//	s3, err := objects.Start(ctx, objects.Options{Dir: dir, Buckets: names, …})
//	… s3.Endpoint() …
//	err = s3.Stop()
//
// Only one can run in a process at a time, and the gateway changes the working
// folder of the process to its own: after Start every other part has to use
// absolute paths.
package objects

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
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// Bounds, in tries and not in seconds, so that a slow machine waits longer.
const (
	maxStarts    = 3
	maxDials     = 400
	pauseOfDials = 25 * time.Millisecond
)

// Limits of the gateway. The copy threshold must be given: zero would make
// every CopyObject fail. 5 GiB and 10,000 parts are S3's own limits.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const (
	copyThreshold  = 5 << 30
	maxParts       = 10_000
	maxConnections = 1024
)

// Options say what the store is made of.
type Options struct {
	// Dir is the folder for everything; it is made when absent.
	Dir string
	// Buckets are made when absent.
	Buckets []string
	// Region, AccessKey and SecretKey are what requests must be signed with.
	Region, AccessKey, SecretKey string
	// AllowOrigin is the web origin whose pages may upload from a browser; ""
	// allows none.
	AllowOrigin string
	// OnCreated hears of every object that was put, posted, copied or put
	// together of parts, before the upload is answered. Its error fails the
	// upload; the object then stays, and a client that tries again puts it
	// there again. May be nil.
	OnCreated func(bucket, key string, size int64) error
}

// Store is a running store.
type Store struct {
	endpoint string
	cancel   context.CancelFunc
	done     chan struct{}
	err      error // written before done is closed
}

// Start starts the store and returns when it answers and has its buckets. It
// stops with Stop or when ctx ends.
func Start(ctx context.Context, o Options) (*Store, error) {
	var err error
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, fmt.Errorf("start the object store: %w", err)
	}
	// Another program may take the port between its choice and its use.
	for range maxStarts {
		store, startErr := start(ctx, o)
		if startErr == nil {
			return store, nil
		}
		if err = startErr; !errors.Is(err, errEnded) {
			break
		}
	}
	return nil, fmt.Errorf("start the object store: %w", err)
}

// errEnded says that the gateway ended instead of answering.
var errEnded = errors.New("it ended before it answered")

// start starts the gateway on a free port.
func start(ctx context.Context, o Options) (*Store, error) {
	disk, err := openDisk(o.Dir)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	s := &Store{endpoint: "http://" + address, cancel: cancel, done: make(chan struct{})}
	root := auth.Account{Access: o.AccessKey, Secret: o.SecretKey, Role: auth.RoleAdmin}
	config := &embedgw.Config{
		// Given, because the gateway would print that it takes this very one.
		IAMService:     auth.NewIAMServiceSingle(root),
		RootUserAccess: o.AccessKey, RootUserSecret: o.SecretKey, Region: o.Region,
		Ports: []string{address}, KeepAlive: true, Quiet: true,
		MaxConnections: maxConnections, MaxRequests: maxConnections, MultipartMaxParts: maxParts,
		CORSAllowOrigin: o.AllowOrigin,
	}
	go func() {
		defer close(s.done)
		s.err = embedgw.RunVersityGW(running, announcing{Backend: disk, onCreated: o.OnCreated}, config)
	}()
	if err := s.prepare(ctx, address, o); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// openDisk opens the folders. Metadata lies in files beside the objects, since
// not every file system has extended attributes.
func openDisk(dir string) (*posix.Posix, error) {
	buckets, about, versions := filepath.Join(dir, "buckets"), filepath.Join(dir, "about"), filepath.Join(dir, "versions")
	for _, folder := range []string{buckets, about, versions} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("make the folders: %w", err)
		}
	}
	sidecar, err := meta.NewSideCar(about)
	if err != nil {
		return nil, fmt.Errorf("open the folder of metadata: %w", err)
	}
	// SideCarDir stays empty: it only repeats a check on what NewSideCar holds.
	options := posix.PosixOpts{VersioningDir: versions, CopyObjectThreshold: copyThreshold}
	var disk *posix.Posix
	err = quietly(func() (err error) {
		disk, err = posix.New(buckets, sidecar, options)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the folder of objects: %w", err)
	}
	return disk, nil
}

// quietly calls do with standard output turned off. The gateway prints its
// folders there, and the local stack prints only the one line that programs
// read. It must not run while another goroutine prints.
func quietly(do func() error) error {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	stdout := os.Stdout
	os.Stdout = null
	defer func() { os.Stdout = stdout }()
	return errors.Join(do(), null.Close())
}

// freeAddress asks the system for a port that nobody listens on. The IP form
// matters: for a host name the SDK would put the bucket in front of it.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choose a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), listener.Close()
}

// prepare waits until the gateway answers and makes the buckets.
func (s *Store) prepare(ctx context.Context, address string, o Options) error {
	if err := s.await(ctx, address); err != nil {
		return err
	}
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(s.endpoint), Region: o.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(o.AccessKey, o.SecretKey, ""),
	})
	for _, bucket := range o.Buckets {
		in := &s3.CreateBucketInput{Bucket: &bucket}
		if o.Region != "us-east-1" { // the one region that must not be named
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(o.Region),
			}
		}
		_, err := client.CreateBucket(ctx, in)
		if owned := (*types.BucketAlreadyOwnedByYou)(nil); err != nil && !errors.As(err, &owned) {
			return fmt.Errorf("make bucket %s: %w", bucket, err)
		}
	}
	return nil
}

// await dials until the gateway answers.
func (s *Store) await(ctx context.Context, address string) error {
	var dialer net.Dialer
	for range maxDials {
		if connection, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			return connection.Close()
		}
		timer := time.NewTimer(pauseOfDials)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-s.done:
			timer.Stop()
			return fmt.Errorf("%w (%w)", errEnded, s.err)
		case <-timer.C:
		}
	}
	return errors.New("it does not answer")
}

// Endpoint is the URL that functions get as AWS_ENDPOINT_URL_S3.
func (s *Store) Endpoint() string { return s.endpoint }

// Done is closed when the store has stopped.
func (s *Store) Done() <-chan struct{} { return s.done }

// Stop stops the store and says what went wrong while it ran.
func (s *Store) Stop() error {
	s.cancel()
	<-s.done
	return s.err
}
