// Package frontdoor takes mail in by SMTP and does with it what Amazon SES does
// on AWS: it stores the raw mail as raw/<ses id> and puts a notice on the
// intake queue, and only then answers 250. A sender that hears anything else
// keeps the mail and tries again, so no mail is lost between the two.
//
// In copy mode it also plays the mail provider that sends on a copy of every
// mail: it writes the provider's Received and Authentication-Results above it.
//
// A test steers the verdicts with a line in the mail itself:
//
//	X-Local-Verdicts: spf=FAIL,dmarc=FAIL,spam=GRAY,virus=PASS
//
// The package stores nothing itself. Use:
//
//	door, err := frontdoor.Start(ctx, frontdoor.Options{Address: "127.0.0.1:2525", …})
//	… door.Address() …
//	err = door.Stop(ctx)
package frontdoor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMail is the largest mail that SES hands to an S3 action.
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
const maxMail = 40 << 20

// maxRecipients is how many recipients a mail may have; RFC 5321 §4.5.3.1.8
// asks for at least as many.
const maxRecipients = 100

// Options say what the door does with mail.
type Options struct {
	// Address is where to listen; port 0 chooses a free one.
	Address string
	// Recipients are the addresses that mail is taken in for, as in a receipt
	// rule: an address also stands for itself with a label, info+label@.
	Recipients []string
	// Bucket, KeyPrefix ("raw/" when empty) and TopicARN are what the notice names.
	Bucket, KeyPrefix, TopicARN string
	// Store keeps the raw mail in the bucket. Notify puts a body on the intake
	// queue. Both must be durable when they return.
	Store  func(ctx context.Context, key string, raw []byte) error
	Notify func(body string) error
	// Clock and Rand give the time and the randomness of ids.
	Clock func() time.Time
	Rand  io.Reader
	// Copy plays the mail provider; nil when SES is the MX itself.
	Copy *Provider
	// Duplicates is how many times more every notice is put on the queue, for
	// tests: SNS and SQS both deliver at least once, not exactly once.
	Duplicates int
	// OnError hears why a mail was not taken in. May be nil.
	OnError func(error)
}

// Door is a running front door.
type Door struct {
	options  Options
	ctx      context.Context // of all that is done for mails
	cancel   context.CancelFunc
	server   *smtp.Server
	listener net.Listener
	dice     sync.Mutex // guards options.Rand, which sessions share
	done     chan struct{}
	err      error // written before done is closed
}

// Start opens the door. It stays open until Stop; ctx is what Store is called
// with.
func Start(ctx context.Context, o Options) (*Door, error) {
	if o.KeyPrefix == "" {
		o.KeyPrefix = "raw/"
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.Address)
	if err != nil {
		return nil, fmt.Errorf("open the front door for mail: %w", err)
	}
	d := &Door{options: o, listener: listener, done: make(chan struct{})}
	d.ctx, d.cancel = context.WithCancel(ctx)
	d.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{door: d, connection: c}, nil
	}))
	d.server.Domain = "localhost"
	d.server.MaxMessageBytes = maxMail
	d.server.MaxRecipients = maxRecipients
	// The limit is meant for commands but holds for the mail too, and hostile
	// mail with one endless line has to get in: reading it is intake's job.
	d.server.MaxLineLength = maxMail
	// What the library logs about connections holds addresses.
	d.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() {
		defer close(d.done)
		d.err = d.server.Serve(listener)
	}()
	return d, nil
}

// Address is host and port of the door.
func (d *Door) Address() string { return d.listener.Addr().String() }

// Done is closed when the door takes no more mail.
func (d *Door) Done() <-chan struct{} { return d.done }

// Stop lets mails that are being taken in end while ctx lives, and closes. A
// sender that is cut off keeps its mail, so nothing is lost by it.
func (d *Door) Stop(ctx context.Context) error {
	// A connection that outlives ctx is not closed by the library; from here
	// on it gets no mail in any more.
	defer d.cancel()
	shutdownErr := d.server.Shutdown(ctx)
	if errors.Is(shutdownErr, smtp.ErrServerClosed) || errors.Is(shutdownErr, ctx.Err()) {
		shutdownErr = nil
	}
	// The library closes only listeners that it has begun to serve, and a door
	// that is stopped at once may not have come to that.
	if err := d.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	<-d.done
	return errors.Join(shutdownErr, d.err)
}

// session is one SMTP connection.
type session struct {
	door       *Door
	connection *smtp.Conn
	sender     string
	recipients []string
}

// Reset forgets the mail at hand.
func (s *session) Reset() { s.sender, s.recipients = "", nil }

// Logout has nothing to release.
func (s *session) Logout() error { return nil }

// Mail takes any sender, the empty one of bounces too (RFC 5321 §4.5.5).
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.sender = from
	return nil
}

// Rcpt takes the listed recipients only: this is no relay.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.door.isListed(to) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Not a recipient of this server, and no relay"}
	}
	s.recipients = append(s.recipients, to)
	return nil
}

// isListed compares an address without its label with the listed ones. SES
// matches every labelled form of an address in a receipt rule.
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-receipt-rules-console-walkthrough.html
func (d *Door) isListed(address string) bool {
	local, domain, ok := cutAddress(address)
	if !ok {
		return false
	}
	local, _, _ = strings.Cut(local, "+")
	for _, listed := range d.options.Recipients {
		if strings.EqualFold(listed, local+"@"+domain) || strings.EqualFold(listed, address) {
			return true
		}
	}
	return false
}

// cutAddress takes an address apart at its last @.
func cutAddress(address string) (local, domain string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return "", "", false
	}
	return address[:at], address[at+1:], true
}

// Data takes the mail in. Its error is what the sender hears.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err // too large (552), or the sender went away
	}
	err = s.takeIn(raw)
	if err == nil {
		return nil
	}
	if s.door.options.OnError != nil {
		s.door.options.OnError(err)
	}
	if errors.Is(err, errVerdicts) {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: err.Error()}
	}
	// Nothing of the cause goes out; the sender only needs to know to come back.
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Not taken in, try again later"}
}

// takeIn stores the mail and then puts the notice on the queue. In this order:
// an object without a notice is found by sweep, a notice without an object
// would be a mail that is lost.
func (s *session) takeIn(raw []byte) error {
	d := s.door
	if err := d.ctx.Err(); err != nil {
		return fmt.Errorf("take in a mail: %w", err)
	}
	sesID, noticeID, err := d.newIDs()
	if err != nil {
		return err
	}
	envelope := envelope{
		id: sesID, helo: s.connection.Hostname(), sender: s.sender, recipients: s.recipients, at: d.options.Clock(),
	}
	fields := readFields(raw)
	verdicts, err := readVerdicts(fields)
	if err != nil {
		return err
	}
	if p := d.options.Copy; p != nil {
		raw = append(p.lines(envelope, fields, verdicts), raw...)
		fields, verdicts, envelope = readFields(raw), verdicts.ofCopy(), p.forward(envelope)
	}
	raw = append(ownLines(envelope, d.options.Copy, verdicts), raw...)
	key := d.options.KeyPrefix + sesID
	if err := d.options.Store(d.ctx, key, raw); err != nil {
		return fmt.Errorf("store mail %s: %w", sesID, err)
	}
	body, err := d.notice(noticeID, key, envelope, fields, verdicts)
	if err != nil {
		return fmt.Errorf("write the notice of mail %s: %w", sesID, err)
	}
	for range 1 + d.options.Duplicates {
		if err := d.options.Notify(body); err != nil {
			return fmt.Errorf("queue the notice of mail %s: %w", sesID, err)
		}
	}
	return nil
}

// envelope is what is known about a mail without reading it.
type envelope struct {
	id         string // as SES would number it
	helo       string
	sender     string
	recipients []string
	at         time.Time
}
