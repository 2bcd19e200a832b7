// Package ses is the local stand-in for sending mail with Amazon SES: an
// http.Handler that speaks the SES v1 query protocol (a form in, XML out) to
// the real SDK client.
//
// It knows SendRawEmail, the one action Inzage uses. Each accepted mail is
// stored in a folder as `<id>.eml`, the bytes a recipient would get, and
// `<id>.json`, a StoredMail; the second file is the acceptance. The events of
// the configuration set go out as SES event publishing through SNS would send
// them: Send for every mail, then Delivery, Bounce or Complaint.
//
// The order is fixed: the mail is stored, its events are published, then the
// answer is written. Whatever fails after the first step gives the caller an
// error although the mail exists, as with real SES when a reply is lost; Faults
// can cause just that. IDs and Read give the stored mails back.
package ses

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

// maxForm bounds a request: 10 MB of mail in base64, every character of it
// escaped at worst, is 42 MB.
const maxForm = 48 << 20

// Options of the endpoint.
type Options struct {
	// Dir holds the sent mails; it is made when absent.
	Dir     string
	Region  string
	Account string
	// Identities are the verified addresses and domains to send from.
	Identities []string
	// ConfigurationSet is the only one that exists. Mail sent without one
	// raises no events.
	ConfigurationSet string
	// TopicARN is the SNS topic its events seem to come from.
	TopicARN string
	// Bouncing are addresses that bounce, beside the mailbox simulator's.
	Bouncing []string
	// Now is the clock.
	Now func() time.Time
	// Publish takes one SNS envelope; the stack puts it on the queue.
	Publish func(body string) error
	// Faults are failures to play, for tests. Nil plays none.
	Faults *Faults
}

// Endpoint answers SES requests. It is safe for concurrent use.
type Endpoint struct {
	options Options
}

// New makes the folder for sent mail and tidies up what a killed process left
// half written.
func New(options Options) (*Endpoint, error) {
	if options.Now == nil || options.Publish == nil {
		return nil, errors.New("the local SES endpoint needs a clock and a place to publish events")
	}
	if options.Faults == nil {
		options.Faults = &Faults{}
	}
	if err := durable.MakeDir(options.Dir); err != nil {
		return nil, fmt.Errorf("starting the local SES endpoint: %w", err)
	}
	if err := durable.RemoveUnfinished(options.Dir); err != nil {
		return nil, fmt.Errorf("starting the local SES endpoint: %w", err)
	}
	return &Endpoint{options: options}, nil
}

// ServeHTTP implements http.Handler.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, err := e.perform(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	if e.options.Faults.takeLostReply() {
		hangUp(w)
		return
	}
	accept(w, id)
}

// perform reads the request and sends the mail in it.
func (e *Endpoint) perform(w http.ResponseWriter, r *http.Request) (string, error) {
	// A web page can post a form to a loopback port but cannot add this header
	// without asking first. The signature itself is not checked.
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		return "", refusal{http.StatusForbidden, "MissingAuthenticationToken", "the request is not signed"}
	}
	// Left to itself ParseForm stops at 10 MB, and a big mail looks like a
	// request without an action; behind MaxBytesReader it reads on.
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return "", unreadableForm(err)
	}
	if action := r.PostForm.Get("Action"); r.Method != http.MethodPost || action != "SendRawEmail" {
		return "", invalid("InvalidAction", "the local SES endpoint knows only SendRawEmail, by POST")
	}
	if err := e.options.Faults.takeRefusal(); err != nil {
		return "", err
	}
	request, err := readRequest(r.PostForm)
	if err != nil {
		return "", err
	}
	if err := e.check(request); err != nil {
		return "", err
	}
	return e.send(request)
}

// unreadableForm tells a form that is too big from one that is broken.
func unreadableForm(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return refusal{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the request is bigger than 48 MB"}
	}
	return invalid("MalformedQueryString", "the request is not a form")
}

// send stores the mail and publishes its events, in that order. A failure to
// publish is an error to the caller: the mail exists, its reply does not.
func (e *Endpoint) send(r *request) (string, error) {
	now := e.options.Now().UTC()
	mail := StoredMail{
		ID:               newID(now),
		Source:           r.source,
		Destinations:     r.recipients,
		Tags:             r.tags,
		ConfigurationSet: r.configurationSet,
		AcceptedAt:       now,
	}
	if err := store(e.options.Dir, mail, stamp(r.raw, mail, e.options.Region)); err != nil {
		return "", err
	}
	// Events belong to a configuration set; SES tells nothing without one.
	if mail.ConfigurationSet == "" {
		return mail.ID, nil
	}
	for _, event := range e.events(mail) {
		if err := e.publish(event); err != nil {
			return "", err
		}
	}
	return mail.ID, nil
}

// newID has the look of an SES message id and sorts by time of acceptance.
func newID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return fmt.Sprintf("0107%012x-%x-%x-%x-%x-%x-000000", now.UnixMilli(), b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
