package dispatch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/dispatch"
	"polarweb.nl/inzage/internal/organisation"
)

// function is dispatch over ports in memory, with one case and one mail for a
// person, each with its letters waiting.
type function struct {
	*testing.T
	dispatch.Handler
	memory *caseworktest.Memory
	now    time.Time
	id     dsr.OwnerID
	log    bytes.Buffer
	sent   []string // tags, in the order in which mail left
	refuse string   // a tag that SES does not take
}

// newFunction wires the function and fills the outbox.
func newFunction(t *testing.T) *function {
	t.Helper()
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
		{ID: "gea", Name: "Gea", Email: "gea@staff.example", Roles: []organisation.Role{organisation.RoleOwner}, Active: true},
	}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatal(err)
	}
	f := &function{T: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	place := casework.Place{Random: rand.NewChaCha8([32]byte{}), Pause: caseworktest.NoPause}
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	f.memory = caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, place.Random, sealer)
	f.Handler = dispatch.Handler{
		Sending: casework.Sending{
			Recording: casework.Recording{Place: place, Rules: rules, Cases: f.memory, Letters: f.memory},
			Mails:     f.memory, Mint: caseworktest.Minter{Gate: caseworktest.Open}.Mint,
			Compose: caseworktest.Compose, Post: f.Send,
		},
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	f.fill(f.now, casework.Receiving{
		Place: place, Rules: rules, Cases: f.memory, Mails: f.memory, Numbers: f.memory, Known: f.memory,
		Bodies: &caseworktest.Objects{Gate: caseworktest.Open}, Sealer: sealer,
	})
	return f
}

// fill takes in one request and one mail that nobody can read.
func (f *function) fill(now time.Time, receiving casework.Receiving) {
	f.Helper()
	for id, enquiry := range map[string]dsr.Enquiry{
		"in1": {
			Kind: dsr.KindRequest, ReceivedAt: now, RawHash: [32]byte{1}, Rights: []dsr.Right{dsr.Access},
			Trust: dsr.Trust{Level: dsr.TrustA}, Letter: dsr.Correspondence{Address: "ans@een.example"},
		},
		"in9": {Kind: dsr.KindUnreadable, Reason: "empty", ReceivedAt: now},
	} {
		mail, err := receiving.Begin(f.Context(), now, dsr.Mail{ID: id, ArrivedAt: now})
		if err == nil {
			err = receiving.Receive(f.Context(), now, mail, enquiry)
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	f.id = f.memory.AllCases()[0].ID
}

// Send is a casework.Post.
func (f *function) Send(_ context.Context, message dsr.Message) (string, error) {
	if message.Tag == f.refuse {
		return "", errors.New("SES does not take it")
	}
	f.sent = append(f.sent, message.Tag)
	return fmt.Sprintf("ses-%d", len(f.sent)), nil
}

// fixture reads an event as AWS sends it, about the case at hand.
func (f *function) fixture(name string) json.RawMessage {
	f.Helper()
	event, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		f.Fatal(err)
	}
	return bytes.ReplaceAll(event, []byte("@CASE@"), []byte(f.id.String()))
}

// tags of the letters that the fixtures are about.
func (f *function) tags() (receipt, notice, about string) {
	return "case_" + f.id.String() + "_M01_1", "case_" + f.id.String() + "_S6_1", "mail_in9_S7_2"
}

// handle takes an event, expects no error, and wants these letters sent.
func (f *function) handle(event json.RawMessage, want ...string) {
	f.Helper()
	answer, err := f.Handle(f.Context(), event)
	if err != nil || len(answer.BatchItemFailures) != 0 {
		f.Errorf("the event ended with %v, %v", answer.BatchItemFailures, err)
	}
	if !slices.Equal(f.sent, want) {
		f.Errorf("sent %v, want %v", f.sent, want)
	}
}

func TestInsertedLettersAreSent(t *testing.T) {
	f := newFunction(t)
	receipt, notice, about := f.tags()
	f.handle(f.fixture("letters.json"), receipt, notice, about)
}

func TestSecondEventSendsNothing(t *testing.T) {
	f := newFunction(t)
	receipt, notice, about := f.tags()
	for range 2 {
		f.handle(f.fixture("letters.json"), receipt, notice, about)
	}
}

func TestLettersAreDrivenAgainByTheirTags(t *testing.T) {
	f := newFunction(t)
	receipt, _, about := f.tags()
	f.handle(json.RawMessage(fmt.Sprintf(`{"again":[%q,%q,%q]}`, about, receipt, about)), about, receipt)
}

func TestLetterThatFailsHoldsBackNoOther(t *testing.T) {
	f := newFunction(t)
	receipt, notice, about := f.tags()
	f.refuse = receipt
	f.handle(f.fixture("letters.json"), notice, about)
	if !strings.Contains(f.log.String(), receipt) || strings.Contains(f.log.String(), "een.example") {
		t.Errorf("the log says %s", &f.log)
	}
}

func TestRowThatIsNoLetterHoldsBackNone(t *testing.T) {
	f := newFunction(t)
	receipt, _, about := f.tags()
	f.handle(f.fixture("more-than-letters.json"), receipt)
	f.handle(json.RawMessage(fmt.Sprintf(`{"again":["in_with_odd_name_S7_1",%q]}`, about)), receipt, about)
	if n := strings.Count(f.log.String(), "event holds more than letters"); n != 2 {
		t.Errorf("it was logged %d times, want 2", n)
	}
}

func TestUnknownLetterIsLeftAlone(t *testing.T) {
	f := newFunction(t)
	f.handle(json.RawMessage(`{"again":["mail_in7_S7_1"]}`))
	if !strings.Contains(f.log.String(), "mail_in7_S7_1") {
		t.Errorf("the log says %s", &f.log)
	}
}

func TestEventOfNoKnownShapeIsRefused(t *testing.T) {
	number := `{"Records":[{"dynamodb":{"Keys":{"pk":{"N":"1"},"sk":{"N":"2"}}}}]}`
	for _, event := range []string{
		``, `{`, `null`, `{}`, `[]`, `{"Records":[]}`, `{"again":[]}`, `{"again":["nonsense"]}`, number,
		`{"Records":[{"dynamodb":{"Keys":{}}}]}`, `{"Records":[{}]}`,
	} {
		f := newFunction(t)
		if _, err := f.Handle(t.Context(), json.RawMessage(event)); err == nil {
			t.Errorf("%q was taken", event)
		}
	}
}

func TestWithoutAClockNothingIsSent(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	if _, err := f.Handle(t.Context(), f.fixture("letters.json")); !errors.Is(err, noClock) || len(f.sent) != 0 {
		t.Errorf("%v, sent %v", err, f.sent)
	}
}
