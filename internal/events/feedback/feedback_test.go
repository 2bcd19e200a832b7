package feedback_test

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

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/feedback"
	"polarweb.nl/inzage/internal/organisation"
)

// function is feedback over ports in memory, with one case whose receipt is on
// its way.
type function struct {
	*testing.T
	feedback.Handler
	memory *caseworktest.Memory
	gate   caseworktest.Gate
	letter dsr.LetterRef
	log    bytes.Buffer
}

// errCrash is what a port gives when the function dies there.
var errCrash = errors.New("the function died")

// crash lets the function die on one side of its call number at, and gives
// whether it came to that.
func (f *function) crash(at int, phase caseworktest.Phase) *bool {
	calls, crashed := 0, false
	f.gate = func(_ context.Context, _ string, p caseworktest.Phase) error {
		if p == caseworktest.Before {
			calls++
		}
		if calls != at || p != phase || crashed {
			return nil
		}
		crashed = true
		return errCrash
	}
	return &crashed
}

// newFunction wires the function and stores the letter.
func newFunction(t *testing.T) *function {
	t.Helper()
	f := &function{T: t, gate: caseworktest.Open}
	gate := func(ctx context.Context, call string, phase caseworktest.Phase) error {
		return f.gate(ctx, call, phase)
	}
	now := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	random := rand.NewChaCha8([32]byte{})
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{
		{ID: "els", Name: "Els", Email: "els@staff.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
	}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatal(err)
	}
	f.memory = caseworktest.New(gate, caseworktest.Flaws{}, random, sealer)
	f.Handler = feedback.Handler{
		Recording: casework.Recording{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause}, Rules: rules, Cases: f.memory, Letters: f.memory,
		},
		Clock: func(context.Context) (time.Time, error) { return now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	id := dsr.OwnerID{7}
	f.letter = dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.Acknowledgement, N: 1}
	err = f.memory.Commit(t.Context(), casework.Change{
		File:  casework.File{Case: dsr.Case{ID: id, Number: "AVG-2026-0001", Seq: 1}},
		Event: dsr.Event{Seq: 1, Kind: dsr.CaseOpened, At: now},
		Letters: []dsr.Letter{{
			Ref: f.letter, To: dsr.Addressee{Requester: true}, State: dsr.LetterClaimed, Until: now.Add(casework.Lease), DueAt: now,
		}},
		At: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fixture reads a report of SES about the letter at hand.
func (f *function) fixture(name string) string {
	f.Helper()
	report, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		f.Fatal(err)
	}
	return strings.ReplaceAll(string(report), "@LETTER@", f.letter.Tag())
}

// enveloped wraps a report as SNS does.
func enveloped(report string) string {
	quoted, _ := json.Marshal(report)
	return fmt.Sprintf(`{"Type":"Notification","TopicArn":"arn:aws:sns:eu-central-1:111122223333:reports","Message":%s}`, quoted)
}

// handle takes bodies as one batch and gives the messages that failed.
func (f *function) handle(bodies ...string) []string {
	f.Helper()
	var batch events.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprintf("message-%d", i+1), Body: body})
	}
	answer, err := f.Handle(f.Context(), batch)
	if err != nil {
		f.Fatalf("the event failed: %v", err)
	}
	var failed []string
	for _, failure := range answer.BatchItemFailures {
		failed = append(failed, failure.ItemIdentifier)
	}
	return failed
}

// outcome gives the letter and the events that followed the opening.
func (f *function) outcome() (dsr.Letter, []dsr.EventKind) {
	f.Helper()
	letter, err := f.memory.Letter(f.Context(), f.letter)
	if err != nil {
		f.Fatal(err)
	}
	history, err := f.memory.History(f.Context(), f.letter.Case)
	if err != nil {
		f.Fatal(err)
	}
	var kinds []dsr.EventKind
	for _, event := range history[1:] {
		kinds = append(kinds, event.Kind)
	}
	return letter, kinds
}

// notices gives the letters to staff about the letter at hand.
func (f *function) notices() []dsr.Letter {
	return slices.DeleteFunc(f.memory.AllLetters(), func(l dsr.Letter) bool { return l.Ref.Kind != dsr.LetterNotice })
}

// orders gives every order of some reports.
func orders(reports []string) [][]string {
	if len(reports) == 0 {
		return [][]string{nil}
	}
	var all [][]string
	for i, first := range reports {
		rest := slices.Delete(slices.Clone(reports), i, i+1)
		for _, order := range orders(rest) {
			all = append(all, append([]string{first}, order...))
		}
	}
	return all
}

func TestOrderOfReportsDoesNotMatter(t *testing.T) {
	tests := []struct {
		reports []string
		want    dsr.LetterState
	}{
		{[]string{"send", "delivery", "delivery", "tomorrow"}, dsr.LetterArrived},
		{[]string{"send", "send", "bounce-permanent", "bounce-transient"}, dsr.LetterReturned},
		{[]string{"send", "delivery", "bounce-permanent"}, dsr.LetterReturned},
		{[]string{"send", "delivery", "complaint", "complaint"}, dsr.LetterUnwanted},
		{[]string{"complaint", "bounce-permanent", "delivery"}, dsr.LetterReturned},
		{[]string{"delay", "delay", "delivery", "auto-reply"}, dsr.LetterArrived},
		{[]string{"delay", "reject", "bounce-permanent"}, dsr.LetterReturned},
	}
	for _, test := range tests {
		for _, order := range orders(test.reports) {
			f := newFunction(t)
			for _, report := range order {
				if failed := f.handle(enveloped(f.fixture(report))); failed != nil {
					t.Errorf("%v: %s failed", order, report)
				}
			}
			letter, kinds := f.outcome()
			slices.Sort(kinds)
			if letter.State != test.want || kinds[len(kinds)-1] != dsr.LetterSent || len(slices.Compact(kinds)) != len(kinds) {
				t.Errorf("%v: the letter is %q with %v", order, letter.State, kinds)
			}
			if notices := f.notices(); len(notices) > 1 || len(notices) == 1 != (test.want == dsr.LetterReturned) {
				t.Errorf("%v: staff get %d letters about it", order, len(notices))
			}
			if err := f.memory.Verify(); err != nil {
				t.Errorf("%v: %v", order, err)
			}
		}
	}
}

func TestSetUpTextIsAcknowledged(t *testing.T) {
	f := newFunction(t)
	if failed := f.handle(enveloped("Successfully validated SNS topic for Amazon SES event publishing.")); failed != nil {
		t.Errorf("%v failed", failed)
	}
}

func TestMessageThatIsNoReportStaysInTheQueue(t *testing.T) {
	for _, body := range []string{
		"", "somebody@een.example", "[]", `{}`, `{"Message":""}`, enveloped("{"), enveloped("{}"), enveloped(`[1]`),
		enveloped(`{"eventType":7}`), enveloped(`{"mail":{"messageId":"x"}}`),
	} {
		f := newFunction(t)
		if failed := f.handle(body); !slices.Equal(failed, []string{"message-1"}) {
			t.Errorf("%q: failed %v", body, failed)
		}
		if strings.Contains(f.log.String(), "een.example") {
			t.Errorf("the log names a person: %s", &f.log)
		}
	}
}

func TestReportOnNoLetterOfOursIsDoneWith(t *testing.T) {
	f := newFunction(t)
	unknown := strings.ReplaceAll(f.fixture("send"), f.letter.Tag(), "mail_in7_S7_1")
	if failed := f.handle(enveloped(f.fixture("unknown-tag")), enveloped(unknown), enveloped(f.fixture("no-tag"))); failed != nil {
		t.Errorf("failed %v: they would be tried for ever", failed)
	}
	if n := strings.Count(f.log.String(), "event left alone"); n != 3 {
		t.Errorf("%d of 3 were logged: %s", n, &f.log)
	}
}

func TestPartOfABatchFails(t *testing.T) {
	f := newFunction(t)
	if failed := f.handle("{", enveloped(f.fixture("delivery")), enveloped("{}")); !slices.Equal(failed, []string{"message-1", "message-3"}) {
		t.Errorf("failed %v", failed)
	}
	if letter, _ := f.outcome(); letter.State != dsr.LetterArrived {
		t.Errorf("the letter is %q", letter.State)
	}
	if !strings.Contains(f.log.String(), "message-3") {
		t.Errorf("the log does not say what failed: %s", &f.log)
	}
}

func TestEmptyBatchIsFine(t *testing.T) {
	if failed := newFunction(t).handle(); failed != nil {
		t.Errorf("failed %v", failed)
	}
}

func TestWithoutAClockNothingIsRecorded(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	batch := events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: enveloped(f.fixture("send"))}}}
	if _, err := f.Handle(t.Context(), batch); !errors.Is(err, noClock) {
		t.Errorf("%v", err)
	}
	if letter, _ := f.outcome(); letter.State != dsr.LetterClaimed {
		t.Errorf("the letter is %q", letter.State)
	}
}
