package frontdoor_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/frontdoor"
)

// request is a plain mail of a data subject.
const request = "From: Jane Doe <jane@example.org>\r\nTo: info@polarweb.nl\r\nSubject: Mijn\r\n gegevens\r\n" +
	"Date: Thu, 05 Mar 2026 08:59:00 +0100\r\nMessage-ID: <1@example.org>\r\n\r\n.Wat weet u van mij?\r\n"

// cellar keeps what the door stored and queued, and fails as it is told.
type cellar struct {
	mu      sync.Mutex
	objects map[string]string
	notices []string
	order   []string
	errors  []error

	storeFails, notifyFails error
}

// store is an Options.Store.
func (c *cellar) store(_ context.Context, key string, raw []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.storeFails != nil {
		return c.storeFails
	}
	c.objects[key] = string(raw)
	c.order = append(c.order, "store")
	return nil
}

// notify is an Options.Notify.
func (c *cellar) notify(body string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.notifyFails != nil {
		return c.notifyFails
	}
	c.notices = append(c.notices, body)
	c.order = append(c.order, "notify")
	return nil
}

// hear is an Options.OnError.
func (c *cellar) hear(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errors = append(c.errors, err)
}

// one gives the only object.
func (c *cellar) one(t *testing.T) (key, raw string) {
	t.Helper()
	if len(c.objects) != 1 {
		t.Fatalf("%d objects stored, want 1", len(c.objects))
	}
	for key, raw = range c.objects {
	}
	return key, raw
}

// open opens a door; change may alter its options.
func open(t *testing.T, change func(*frontdoor.Options)) (*frontdoor.Door, *cellar) {
	t.Helper()
	c := &cellar{objects: map[string]string{}}
	zone := time.FixedZone("CET", 3600)
	o := frontdoor.Options{
		Address: "127.0.0.1:0", Recipients: []string{"info@polarweb.nl", "Klantenservice@polarweb.nl"},
		Bucket: "inzage-mail", TopicARN: "arn:aws:sns:eu-west-1:000000000000:intake",
		Store: c.store, Notify: c.notify, OnError: c.hear,
		Clock: func() time.Time { return time.Date(2026, 3, 5, 9, 0, 0, 123456789, zone) },
		Rand:  rand.NewChaCha8([32]byte{1}),
	}
	if change != nil {
		change(&o)
	}
	door, err := frontdoor.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := door.Stop(context.Background()); err != nil {
			t.Errorf("Stop: %v", err)
		}
	})
	return door, c
}

// send sends a mail and gives the code that the door answered with.
func send(t *testing.T, door *frontdoor.Door, from, to, body string) int {
	t.Helper()
	client, err := smtp.Dial(door.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if err := client.Hello("mail.example.org"); err != nil {
		t.Fatal(err)
	}
	err = client.SendMail(from, []string{to}, strings.NewReader(body))
	if err == nil {
		return 250
	}
	var refused *smtp.SMTPError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	return refused.Code
}

// notice decodes a notice as intake does.
func notice(t *testing.T, body string) (events.SNSEntity, events.SimpleEmailService) {
	t.Helper()
	var envelope events.SNSEntity
	var message events.SimpleEmailService
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(envelope.Message), &message); err != nil {
		t.Fatal(err)
	}
	return envelope, message
}

// belowSES checks the three lines that SES puts above a clean mail that peer
// handed over, and gives what stands below them.
func belowSES(t *testing.T, raw, peer string) string {
	t.Helper()
	lines := strings.SplitAfterN(raw, "\r\n", 4)
	if len(lines) < 4 || !strings.HasPrefix(lines[0], "Received: from "+peer+" ("+peer+" [127.0.0.1]) by inbound-smtp.") ||
		lines[1] != "X-SES-Spam-Verdict: PASS\r\n" || lines[2] != "X-SES-Virus-Verdict: PASS\r\n" {
		t.Fatalf("above the mail stands %.400q", raw)
	}
	return lines[3]
}

func TestMailIsStoredAsItIsAndThenAnnounced(t *testing.T) {
	door, c := open(t, nil)
	if code := send(t, door, "bounce@example.org", "info+abc@polarweb.nl", request); code != 250 {
		t.Fatalf("answered %d", code)
	}
	key, raw := c.one(t)
	if mail := belowSES(t, raw, "mail.example.org"); mail != request {
		t.Errorf("stored %q", mail)
	}
	if !regexp.MustCompile(`^raw/[a-z0-9]{40}$`).MatchString(key) {
		t.Errorf("key %q", key)
	}
	if diff := cmp.Diff([]string{"store", "notify"}, c.order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNoticeIsAnSESReceiptInAnSNSEnvelope(t *testing.T) {
	door, c := open(t, nil)
	send(t, door, "bounce@example.org", "info@polarweb.nl", request)
	key, _ := c.one(t)
	envelope, got := notice(t, c.notices[0])
	at := time.Date(2026, 3, 5, 8, 0, 0, 123000000, time.UTC)
	if envelope.Type != "Notification" || envelope.TopicArn != "arn:aws:sns:eu-west-1:000000000000:intake" ||
		envelope.MessageID == "" || !envelope.Timestamp.Equal(at) {
		t.Errorf("envelope %+v", envelope)
	}
	pass := events.SimpleEmailVerdict{Status: "PASS"}
	want := events.SimpleEmailService{
		Mail: events.SimpleEmailMessage{
			Timestamp: at, Source: "bounce@example.org", MessageID: strings.TrimPrefix(key, "raw/"),
			Destination: []string{"info@polarweb.nl"},
			CommonHeaders: events.SimpleEmailCommonHeaders{
				From: []string{`"Jane Doe" <jane@example.org>`}, To: []string{"info@polarweb.nl"},
				ReturnPath: "bounce@example.org", MessageID: "<1@example.org>",
				Date: "Thu, 05 Mar 2026 08:59:00 +0100", Subject: "Mijn gegevens",
			},
			Headers: []events.SimpleEmailHeader{
				{Name: "From", Value: "Jane Doe <jane@example.org>"},
				{Name: "To", Value: "info@polarweb.nl"},
				{Name: "Subject", Value: "Mijn gegevens"},
				{Name: "Date", Value: "Thu, 05 Mar 2026 08:59:00 +0100"},
				{Name: "Message-ID", Value: "<1@example.org>"},
			},
		},
		Receipt: events.SimpleEmailReceipt{
			Timestamp: at, Recipients: []string{"info@polarweb.nl"},
			SpamVerdict: pass, VirusVerdict: pass, SPFVerdict: pass, DKIMVerdict: pass, DMARCVerdict: pass,
			Action: events.SimpleEmailReceiptAction{
				Type: "S3", TopicARN: "arn:aws:sns:eu-west-1:000000000000:intake", BucketName: "inzage-mail", ObjectKey: key,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notice (-want +got):\n%s", diff)
	}
	for _, part := range []string{`\"notificationType\":\"Received\"`, `\"objectKeyPrefix\":\"raw/\"`, `\"processingTimeMillis\":0`} {
		if !strings.Contains(c.notices[0], part) {
			t.Errorf("the notice lacks %s", part)
		}
	}
	if strings.Contains(c.notices[0], "dmarcPolicy") {
		t.Error("SES gives a policy only after a failed DMARC")
	}
}

func TestOnlyListedRecipientsAreTakenIn(t *testing.T) {
	door, c := open(t, nil)
	tests := map[string]int{
		"info@polarweb.nl": 250, "INFO@PolarWeb.nl": 250, "info+a1b2@polarweb.nl": 250, "klantenservice@polarweb.nl": 250,
		"sales@polarweb.nl": 550, "info@example.org": 550, "info@polarweb.nl.example.org": 550, "info": 550, "x@info@polarweb.nl": 501,
	}
	for to, want := range tests {
		if got := send(t, door, "jane@example.org", to, request); got != want && (want == 250 || got == 250) {
			t.Errorf("to %s: %d, want %d", to, got, want)
		}
	}
	if len(c.objects) != 4 {
		t.Errorf("%d mails stored, want 4", len(c.objects))
	}
}

func TestEmptySenderOfABounceIsTakenIn(t *testing.T) {
	door, c := open(t, nil)
	if code := send(t, door, "", "info@polarweb.nl", request); code != 250 {
		t.Fatalf("answered %d", code)
	}
	if _, got := notice(t, c.notices[0]); got.Mail.Source != "" || got.Mail.CommonHeaders.ReturnPath != "" {
		t.Errorf("source %q", got.Mail.Source)
	}
}

func TestMailThatCannotBeStoredIsLeftWithItsSender(t *testing.T) {
	door, c := open(t, nil)
	c.storeFails = errors.New("disk full")
	if code := send(t, door, "jane@example.org", "info@polarweb.nl", request); code != 451 {
		t.Errorf("answered %d, want 451", code)
	}
	if len(c.objects) != 0 || len(c.notices) != 0 {
		t.Errorf("%d objects, %d notices", len(c.objects), len(c.notices))
	}
	if len(c.errors) != 1 || !errors.Is(c.errors[0], c.storeFails) || strings.Contains(c.errors[0].Error(), "example.org") {
		t.Errorf("reported %v", c.errors)
	}
}

func TestMailThatCannotBeAnnouncedStaysForSweepAndWithItsSender(t *testing.T) {
	door, c := open(t, nil)
	c.notifyFails = errors.New("queue closed")
	if code := send(t, door, "jane@example.org", "info@polarweb.nl", request); code != 451 {
		t.Errorf("answered %d, want 451", code)
	}
	if len(c.objects) != 1 || len(c.notices) != 0 {
		t.Errorf("%d objects, %d notices", len(c.objects), len(c.notices))
	}
}

func TestMailWithoutRandomnessIsLeftWithItsSender(t *testing.T) {
	door, c := open(t, func(o *frontdoor.Options) { o.Rand = strings.NewReader("too short") })
	if code := send(t, door, "jane@example.org", "info@polarweb.nl", request); code != 451 {
		t.Errorf("answered %d, want 451", code)
	}
	if len(c.objects) != 0 {
		t.Error("a mail was stored without a whole id")
	}
}

func TestMailAboveTheLimitIsRefused(t *testing.T) {
	door, c := open(t, nil)
	large := request + strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n", 40<<20/64)
	if code := send(t, door, "jane@example.org", "info@polarweb.nl", large); code != 552 {
		t.Errorf("answered %d, want 552", code)
	}
	if len(c.objects) != 0 {
		t.Error("a part of a mail was stored")
	}
	if code := send(t, door, "jane@example.org", "info@polarweb.nl", large[:39<<20]+"\r\n"); code != 250 {
		t.Errorf("below the limit: answered %d", code)
	}
}

func TestSameMailTwiceIsTwoObjects(t *testing.T) {
	door, c := open(t, nil)
	send(t, door, "jane@example.org", "info@polarweb.nl", request)
	send(t, door, "jane@example.org", "info@polarweb.nl", request)
	if len(c.objects) != 2 || len(c.notices) != 2 {
		t.Errorf("%d objects, %d notices", len(c.objects), len(c.notices))
	}
}

func TestNoticeCanBeForcedToComeTwice(t *testing.T) {
	door, c := open(t, func(o *frontdoor.Options) { o.Duplicates = 1 })
	send(t, door, "jane@example.org", "info@polarweb.nl", request)
	if len(c.objects) != 1 || len(c.notices) != 2 || c.notices[0] != c.notices[1] {
		t.Errorf("%d objects, %d notices", len(c.objects), len(c.notices))
	}
}

func TestUnreadableMailPassesByteForByte(t *testing.T) {
	for name, mail := range map[string]string{
		"no header":        "just text\r\n",
		"no body":          "Subject: x\r\n\r\n",
		"binary":           "\x00\xff\xfe: \x80\r\n\r\n\x01\x02\r\n",
		"a folded nothing": " folded\r\n\r\nx\r\n",
		"one endless line": "Subject: x\r\n\r\n" + strings.Repeat("a", 1<<20) + "\r\n",
		"a dot":            "Subject: x\r\n\r\n.\r\n..\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			door, c := open(t, nil)
			if code := send(t, door, "jane@example.org", "info@polarweb.nl", mail); code != 250 {
				t.Fatalf("answered %d", code)
			}
			if _, raw := c.one(t); belowSES(t, raw, "mail.example.org") != mail {
				t.Errorf("stored %.400q, want %.80q", raw, mail)
			}
			notice(t, c.notices[0])
		})
	}
}

func TestNoticeHoldsNoMoreThanTenKilobytesOfHeader(t *testing.T) {
	door, c := open(t, nil)
	long := strings.Repeat("X-Long: "+strings.Repeat("a", 900)+"\r\n", 20) + request
	send(t, door, "jane@example.org", "info@polarweb.nl", long)
	_, got := notice(t, c.notices[0])
	if !got.Mail.HeadersTruncated || len(got.Mail.Headers) != 11 || got.Mail.CommonHeaders.MessageID != "<1@example.org>" {
		t.Errorf("truncated %v, %d headers, %q", got.Mail.HeadersTruncated, len(got.Mail.Headers), got.Mail.CommonHeaders.MessageID)
	}
}
