package ses_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsses "github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/infra/local/ses"
)

// letter is a raw mail that breaks no rule.
const letter = "From: PolarWeb <info@polarweb.example>\r\n" +
	"To: Jan <jan@klant.example>\r\n" +
	"Subject: Uw verzoek\r\n" +
	"Message-ID: <ours@polarweb.example>\r\n" +
	"Date: Mon, 1 Jan 2001\r\n 00:00:00 +0000\r\n" +
	"\r\n" +
	"Beste Jan\r\nDate: today\r\n"

// world is an endpoint with its surroundings.
type world struct {
	t       *testing.T
	dir     string
	url     string
	options ses.Options
	faults  *ses.Faults
	client  *awsses.Client
	mu      sync.Mutex
	bodies  []string
	now     time.Time
	publish func() error
}

// newWorld starts an endpoint; change may alter its options first.
func newWorld(t *testing.T, change func(*ses.Options)) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), faults: &ses.Faults{}, now: time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)}
	w.options = ses.Options{
		Dir: w.dir, Region: "eu-central-1", Account: "000000000000",
		Identities:       []string{"polarweb.example", "staff@other.example"},
		ConfigurationSet: "inzage",
		TopicARN:         "arn:aws:sns:eu-central-1:000000000000:feedback",
		Bouncing:         []string{"Gone@klant.example"},
		Now:              w.tick, Publish: w.take, Faults: w.faults,
	}
	if change != nil {
		change(&w.options)
	}
	endpoint, err := ses.New(w.options)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.client = awsses.New(awsses.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	return w
}

// tick is a clock that moves one second each time it is read.
func (w *world) tick() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Second)
	return w.now
}

// take collects published bodies.
func (w *world) take(body string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.publish != nil {
		if err := w.publish(); err != nil {
			return err
		}
	}
	w.bodies = append(w.bodies, body)
	return nil
}

// input is a send of a raw mail with our configuration set.
func input(raw string, destinations ...string) *awsses.SendRawEmailInput {
	return &awsses.SendRawEmailInput{
		RawMessage: &types.RawMessage{Data: []byte(raw)}, Destinations: destinations,
		ConfigurationSetName: aws.String("inzage"),
	}
}

// send must succeed; it returns the message id.
func (w *world) send(in *awsses.SendRawEmailInput) string {
	w.t.Helper()
	out, err := w.client.SendRawEmail(w.t.Context(), in)
	if err != nil {
		w.t.Fatalf("SendRawEmail: %v", err)
	}
	return aws.ToString(out.MessageId)
}

// wantCode must fail with that code, and nothing may be stored or published.
func (w *world) wantCode(in *awsses.SendRawEmailInput, code string) {
	w.t.Helper()
	_, err := w.client.SendRawEmail(w.t.Context(), in)
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		w.t.Errorf("error %v, want code %s", err, code)
	}
	if err != nil && strings.ContainsRune(err.Error(), '@') {
		w.t.Errorf("the error text holds an address: %v", err)
	}
	w.wantStored(0)
	if len(w.bodies) != 0 {
		w.t.Errorf("%d events for a refused mail", len(w.bodies))
	}
}

// wantStored counts the accepted mails and returns their ids.
func (w *world) wantStored(n int) []string {
	w.t.Helper()
	ids, err := ses.IDs(w.dir)
	if err != nil || len(ids) != n {
		w.t.Errorf("%d mails stored (%v), want %d", len(ids), err, n)
	}
	return ids
}

// read gives a stored mail back.
func (w *world) read(id string) (ses.StoredMail, string) {
	w.t.Helper()
	mail, eml, err := ses.Read(w.dir, id)
	if err != nil {
		w.t.Fatalf("Read: %v", err)
	}
	return mail, string(eml)
}

// published is one event as the feedback function would decode it.
type published struct {
	EventType string
	Mail      struct {
		Timestamp, MessageID, Source string
		Destination                  []string
		Tags                         map[string][]string
	}
	Send     *struct{}
	Delivery *struct{ Recipients []string }
	Bounce   *struct {
		BounceType        string
		BouncedRecipients []struct{ EmailAddress string }
	}
	Complaint *struct {
		ComplainedRecipients []struct{ EmailAddress string }
	}
}

// events unwraps what was published.
func (w *world) events() []published {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []published
	for _, body := range w.bodies {
		var envelope struct{ Type, MessageId, TopicArn, Message, Timestamp string }
		if err := json.Unmarshal([]byte(body), &envelope); err != nil {
			w.t.Fatalf("envelope: %v", err)
		}
		if envelope.Type != "Notification" || envelope.TopicArn != w.options.TopicARN || envelope.MessageId == "" {
			w.t.Errorf("envelope %+v", envelope)
		}
		var event published
		if err := json.Unmarshal([]byte(envelope.Message), &event); err != nil {
			w.t.Fatalf("event: %v", err)
		}
		list = append(list, event)
	}
	return list
}

// breakDir takes the folder of sent mail away.
func breakDir(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}
