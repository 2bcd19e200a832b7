package stack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"polarweb.nl/inzage/infra/local/child"
	"polarweb.nl/inzage/infra/local/objects"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/internal/casestore"
)

// signing gives the keys with which the stack and its functions sign calls.
// They open nothing outside it.
func signing() credentials.StaticCredentialsProvider {
	return credentials.NewStaticCredentialsProvider(accessKey, secretKey, "")
}

// startTables starts the database and makes the template's tables.
func (s *Stack) startTables(ctx context.Context) error {
	db, err := tables.Start(ctx, tables.Options{
		Endpoint: s.options.DynamoDBEndpoint, Root: s.options.Root, File: s.path("tables.db"),
		Region: region, Credentials: signing(), StartChild: s.startDynoxide,
	})
	if err != nil {
		return err
	}
	s.db = db
	s.onStop(db.Stop)
	s.watch("DynamoDB", db.Done(), ctx)
	declared, err := s.template.Tables()
	if err != nil {
		return err
	}
	var named []tables.Named
	for _, table := range declared {
		name, err := s.template.ResolveText(table.Name, s.names())
		if err != nil {
			return err
		}
		named = append(named, tables.Named{Name: name, Shape: table})
	}
	if err := tables.Ensure(ctx, db.Client(), named); err != nil {
		return err
	}
	return s.openStore()
}

// startDynoxide starts the database's program so that it dies with this one.
func (s *Stack) startDynoxide(path string, args []string) (tables.Child, error) {
	log, err := os.OpenFile(s.path("dynoxide.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the database's log: %w", err)
	}
	defer log.Close()
	return child.Start(child.Command{Path: path, Args: args, Stdout: log, Stderr: log})
}

// openStore gives the stack its own view of the cases, without their keys: it
// reads numbers, kinds and dates for the operator and opens nothing. Secrets of
// staff are stored through another one, see enrolStaff.
func (s *Stack) openStore() error {
	name, err := s.reference("CasesTable", "")
	if err != nil {
		return err
	}
	s.store = &casestore.Store{API: casestore.NewAPI(s.db.Client()), Cases: name}
	return nil
}

// startObjects starts the object store with the template's buckets.
func (s *Stack) startObjects(ctx context.Context) error {
	declared, err := s.template.Buckets()
	if err != nil {
		return err
	}
	var buckets []string
	for _, bucket := range declared {
		name, err := s.template.ResolveText(bucket.Name, s.names())
		if err != nil {
			return err
		}
		buckets = append(buckets, name)
	}
	store, err := objects.Start(ctx, objects.Options{
		Dir: s.path("objects"), Buckets: buckets, Region: region, AccessKey: accessKey, SecretKey: secretKey,
		AllowOrigin: s.base(), OnCreated: s.created,
	})
	if err != nil {
		return err
	}
	s.objects = store
	s.onStop(func() { _ = store.Stop() })
	s.watch("S3", store.Done(), ctx)
	return nil
}

// watch ends the stack when a part of it stops by itself.
func (s *Stack) watch(name string, done <-chan struct{}, ctx context.Context) {
	s.goOn(func() {
		select {
		case <-ctx.Done():
		case <-done:
			if ctx.Err() == nil {
				s.fail(fmt.Errorf("%s stopped by itself", name))
			}
		}
	})
}

// listen opens an address and says in one sentence when it is taken.
func listen(flag, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the address %s is not free (%w): stop what uses it, or give another one with %s", address, err, flag)
	}
	if err := loopbackOnly(flag, address, listener.Addr().String()); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}

// loopbackOnly refuses an address that other machines could reach. What was
// asked for may be a name; the address that came of it decides.
func loopbackOnly(flag, asked, got string) error {
	host, _, err := net.SplitHostPort(got)
	if ip := net.ParseIP(host); err != nil || !ip.IsLoopback() {
		return fmt.Errorf("the address %s of %s is not one of this machine alone: use 127.0.0.1", asked, flag)
	}
	return nil
}

// serve runs a handler on a listener until Stop.
func (s *Stack) serve(name string, listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.onStop(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	})
	s.goOn(func() {
		if err := serverErr(name, server.Serve(listener)); err != nil {
			s.fail(err)
		}
	})
}

// address gives the URL of a listener.
func address(listener net.Listener) string { return "http://" + listener.Addr().String() }

// identities gives the senders SES knows: the domain letters come from.
func (s *Stack) identities() []string {
	_, domain := splitAddress(s.profile.Sender.FromAddress)
	return []string{domain}
}
