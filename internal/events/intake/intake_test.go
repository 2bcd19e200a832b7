package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/intake"
	"polarweb.nl/inzage/internal/mailroom"
	"polarweb.nl/inzage/internal/organisation"
)

// function is intake over ports in memory, with a reader that a test steers.
type function struct {
	*testing.T
	intake.Handler
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	now     time.Time
	log     bytes.Buffer

	receipts []mailroom.Receipt // what the reader was given
	raws     []string
	kind     dsr.MailKind
	readErr  error
}

// newFunction wires the function.
func newFunction(t *testing.T) *function {
	t.Helper()
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
	}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatal(err)
	}
	f := &function{T: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC), kind: dsr.KindOrdinary}
	random := rand.NewChaCha8([32]byte{})
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	f.memory = caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, random, sealer)
	f.objects = &caseworktest.Objects{Gate: caseworktest.Open}
	f.Handler = intake.Handler{
		Receiving: casework.Receiving{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause},
			Rules: rules, Cases: f.memory, Mails: f.memory, Numbers: f.memory, Known: f.memory,
			Bodies: f.objects, Sealer: sealer,
		},
		Raw: f.objects, Reader: f,
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	return f
}

// Read implements intake.Reader.
func (f *function) Read(mail io.Reader, receipt mailroom.Receipt) (dsr.Enquiry, error) {
	raw, err := io.ReadAll(mail)
	if err != nil {
		return dsr.Enquiry{}, err
	}
	f.receipts, f.raws = append(f.receipts, receipt), append(f.raws, string(raw))
	if f.readErr != nil {
		return dsr.Enquiry{}, f.readErr
	}
	return dsr.Enquiry{
		MailID: receipt.MailID, ReceivedAt: receipt.TakenIn, Kind: f.kind, Rights: []dsr.Right{dsr.Access},
		RawHash: [32]byte{1}, Trust: dsr.Trust{Level: dsr.TrustA}, Letter: dsr.Correspondence{Address: "ans@een.example"},
	}, nil
}

// fixture reads an event as AWS sends it.
func fixture(t *testing.T, name string) json.RawMessage {
	t.Helper()
	event, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return event
}

// receivedID is the mail that testdata/received.json is about.
const receivedID = "o3vrnil0e2ic28tr7dfhrc2v0cinzage01"

// handle takes an event, expects no error and gives the messages that failed.
func (f *function) handle(event json.RawMessage) []string {
	f.Helper()
	answer, err := f.Handle(f.Context(), event)
	if err != nil {
		f.Fatalf("the event failed: %v", err)
	}
	var failed []string
	for _, failure := range answer.BatchItemFailures {
		failed = append(failed, failure.ItemIdentifier)
	}
	return failed
}

// state gives how far a mail has come; "" for one nobody knows.
func (f *function) state(id string) dsr.MailState {
	mail, err := f.memory.Mail(f.Context(), id)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		f.Fatal(err)
	}
	return mail.State
}

func TestNoticeSaysWhatSESFound(t *testing.T) {
	f := newFunction(t)
	f.objects.PutRaw(receivedID, []byte("From: Ans"))
	if failed := f.handle(fixture(t, "received.json")); failed != nil {
		t.Fatalf("%v failed: %s", failed, &f.log)
	}
	want := []mailroom.Receipt{{
		MailID: receivedID, TakenIn: time.Date(2026, 3, 2, 10, 59, 30, 250_000_000, time.UTC),
		SPF: "PASS", DKIM: "GRAY", DMARC: "FAIL", Spam: "PASS", Virus: "PASS", DMARCPolicy: "reject",
	}}
	if diff := cmp.Diff(want, f.receipts); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	if !slices.Equal(f.raws, []string{"From: Ans"}) || f.state(receivedID) != dsr.MailOrdinary {
		t.Errorf("read %q, and the mail is %q", f.raws, f.state(receivedID))
	}
}

func TestSetUpObjectIsNoMail(t *testing.T) {
	for _, name := range []string{"setup-object.json", "setup-object-elsewhere.json"} {
		f := newFunction(t)
		if failed := f.handle(fixture(t, name)); failed != nil || len(f.memory.AllMails()) != 0 {
			t.Errorf("%s: %v failed, mails %v", name, failed, f.memory.AllMails())
		}
	}
}

// message makes an event of one message.
func message(body string) json.RawMessage {
	quoted, _ := json.Marshal(body)
	return json.RawMessage(fmt.Sprintf(`{"Records":[{"messageId":"message-1","body":%s}]}`, quoted))
}

// envelope wraps a message as SNS does.
func envelope(inner string) json.RawMessage {
	quoted, _ := json.Marshal(inner)
	return message(fmt.Sprintf(`{"Type":"Notification","Message":%s}`, quoted))
}

func TestMessageThatIsNoNoticeStaysInTheQueue(t *testing.T) {
	const key = `"receipt":{"action":{"objectKey":"raw/in1"}}`
	tests := []struct {
		name  string
		event json.RawMessage
	}{
		{"no JSON", message("ans@een.example wrote")},
		{"an empty body", message("")},
		{"JSON of another sort", message(`[1,2]`)},
		{"an envelope without a message", message(`{"Type":"Notification"}`)},
		{"a broken message", envelope(`{"notificationType":"Received","mail":{"source":"ans@een.example"`)},
		{"a notice of another sort", envelope(`{"notificationType":"Bounce","mail":{"messageId":"in1"},` + key + `}`)},
		{"no sort at all", envelope(`{"mail":{"messageId":"in1"},` + key + `}`)},
		{"no mail id", envelope(`{"notificationType":"Received","mail":{"source":"ans@een.example"},` + key + `}`)},
		{"another mail's key", envelope(`{"notificationType":"Received","mail":{"messageId":"in2"},` + key + `}`)},
		{"another folder", envelope(`{"notificationType":"Received","mail":{"messageId":"in1"},"receipt":{"action":{"objectKey":"other/in1"}}}`)},
		{"no key", envelope(`{"notificationType":"Received","mail":{"messageId":"in1"}}`)},
		{"a timestamp that is none", envelope(`{"notificationType":"Received","mail":{"messageId":"in1","timestamp":"noon"},` + key + `}`)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFunction(t)
			if failed := f.handle(test.event); !slices.Equal(failed, []string{"message-1"}) {
				t.Errorf("failed: %v", failed)
			}
			if len(f.memory.AllMails()) != 0 || strings.Contains(f.log.String(), "een.example") {
				t.Errorf("mails %v, log %s", f.memory.AllMails(), &f.log)
			}
		})
	}
}

func TestPartOfABatchFails(t *testing.T) {
	f := newFunction(t)
	f.objects.PutRaw("first01", []byte("one"))
	f.objects.PutRaw("third03", []byte("three"))
	if failed := f.handle(fixture(t, "batch.json")); !slices.Equal(failed, []string{"message-2", "message-4"}) {
		t.Errorf("failed: %v, want the second and the fourth", failed)
	}
	if f.state("first01") != dsr.MailOrdinary || f.state("third03") != dsr.MailOrdinary {
		t.Errorf("the others are %q and %q", f.state("first01"), f.state("third03"))
	}
	if !strings.Contains(f.log.String(), "message-2") || !strings.Contains(f.log.String(), "fourth4") {
		t.Errorf("the log does not say what failed: %s", &f.log)
	}
}

func TestSecondNoticeChangesNothing(t *testing.T) {
	f := newFunction(t)
	f.kind = dsr.KindRequest
	f.objects.PutRaw(receivedID, []byte("raw"))
	f.handle(fixture(t, "received.json"))
	before, _ := f.memory.Mail(t.Context(), receivedID)
	f.now = f.now.Add(time.Hour)
	if failed := f.handle(fixture(t, "received.json")); failed != nil {
		t.Errorf("%v failed", failed)
	}
	after, _ := f.memory.Mail(t.Context(), receivedID)
	if after != before || len(f.memory.AllCases()) != 1 || len(f.receipts) != 1 {
		t.Errorf("the mail became %+v, %d cases, read %d times", after, len(f.memory.AllCases()), len(f.receipts))
	}
}

func TestMailWithoutItsObjectStaysInTheQueue(t *testing.T) {
	f := newFunction(t)
	if failed := f.handle(fixture(t, "received.json")); !slices.Equal(failed, []string{"message-1"}) {
		t.Errorf("failed: %v", failed)
	}
	if f.state(receivedID) != dsr.MailReading {
		t.Errorf("the mail is %q", f.state(receivedID))
	}
}

// opened counts the streams that are open.
type opened struct {
	casework.RawMail
	now int
}

// Open implements casework.RawMail.
func (o *opened) Open(ctx context.Context, mailID string) (io.ReadCloser, error) {
	raw, err := o.RawMail.Open(ctx, mailID)
	if err == nil {
		o.now++
	}
	return counted{raw, o}, err
}

// counted is one open stream.
type counted struct {
	io.ReadCloser
	of *opened
}

// Close implements io.Closer.
func (c counted) Close() error {
	c.of.now--
	return c.ReadCloser.Close()
}

func TestStreamIsClosedWhateverTheReaderSays(t *testing.T) {
	for _, fault := range []error{nil, errors.New("the stream broke")} {
		f := newFunction(t)
		streams := &opened{RawMail: f.objects}
		f.Raw, f.readErr = streams, fault
		f.objects.PutRaw(receivedID, []byte("raw"))
		f.handle(fixture(t, "received.json"))
		if len(f.receipts) != 1 || streams.now != 0 {
			t.Errorf("read %d times, %d streams left open", len(f.receipts), streams.now)
		}
	}
}

// unclaimed is a store in which no mail can be claimed.
type unclaimed struct{ casework.Mails }

// Begin implements casework.Mails.
func (unclaimed) Begin(context.Context, dsr.Mail, time.Time, time.Time) (dsr.Mail, error) {
	return dsr.Mail{}, errors.New("the table does not answer")
}

func TestMailIsClaimedBeforeItIsRead(t *testing.T) {
	f := newFunction(t)
	f.Receiving.Mails = unclaimed{f.memory}
	f.objects.PutRaw(receivedID, []byte("raw"))
	if failed := f.handle(fixture(t, "received.json")); !slices.Equal(failed, []string{"message-1"}) || len(f.receipts) != 0 {
		t.Errorf("failed %v, read %d times", failed, len(f.receipts))
	}
}

func TestEventOfNoKnownShapeIsRefused(t *testing.T) {
	for _, event := range []string{``, `{`, `null`, `{}`, `[]`, `"text"`, `{"Records":[]}`, `{"Records":"x"}`, `{"again":[]}`, `{"again":"in1"}`} {
		f := newFunction(t)
		if _, err := f.Handle(t.Context(), json.RawMessage(event)); err == nil {
			t.Errorf("%q was taken", event)
		}
	}
}

func TestWithoutAClockNothingIsTakenIn(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	if _, err := f.Handle(t.Context(), fixture(t, "received.json")); !errors.Is(err, noClock) || len(f.memory.AllMails()) != 0 {
		t.Errorf("%v, mails %v", err, f.memory.AllMails())
	}
}
