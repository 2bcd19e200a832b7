package intake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestMailWhoseNoticeWasLostIsReadWithoutItsFindings(t *testing.T) {
	f := newFunction(t)
	f.objects.PutRaw("in1", []byte("one"))
	if failed := f.handle(json.RawMessage(`{"again":["in1"]}`)); failed != nil {
		t.Errorf("%v failed", failed)
	}
	if len(f.receipts) != 1 || f.receipts[0].Virus != "" || f.receipts[0].MailID != "in1" {
		t.Errorf("receipts %+v: nothing may stand for what nobody said", f.receipts)
	}
}

func TestFindingsOfTheNoticeAreKeptForTheNextAttempt(t *testing.T) {
	f := newFunction(t)
	f.handle(fixture(t, "received.json")) // there is no object yet
	f.objects.PutRaw(receivedID, []byte("raw"))
	f.handle(json.RawMessage(fmt.Sprintf(`{"again":[%q]}`, receivedID)))
	f.handle(fixture(t, "received.json"))
	if len(f.receipts) != 1 || f.receipts[0].Virus == "" || f.receipts[0].DMARC == "" {
		t.Errorf("receipts %+v", f.receipts)
	}
}

func TestEarliestReceiptCounts(t *testing.T) {
	taken := time.Date(2026, 3, 2, 10, 59, 30, 250_000_000, time.UTC)
	again := json.RawMessage(fmt.Sprintf(`{"again":[%q]}`, receivedID))
	t.Run("the notice, then sweep", func(t *testing.T) {
		f := newFunction(t)
		f.handle(fixture(t, "received.json")) // there is no object yet
		f.now = f.now.Add(time.Hour)
		f.objects.PutRaw(receivedID, []byte("raw"))
		f.handle(again)
		if got := f.receipts[0].TakenIn; !got.Equal(taken) {
			t.Errorf("read as received at %s, want %s", got, taken)
		}
	})
	t.Run("noted by sweep, then the notice", func(t *testing.T) {
		f := newFunction(t)
		seen := dsr.Mail{ID: receivedID, State: dsr.MailSeen, ArrivedAt: f.now}
		if err := f.memory.Note(t.Context(), seen, f.now.Add(15*time.Minute)); err != nil {
			t.Fatal(err)
		}
		f.objects.PutRaw(receivedID, []byte("raw"))
		f.handle(fixture(t, "received.json"))
		if got := f.receipts[0].TakenIn; !got.Equal(taken) {
			t.Errorf("read as received at %s, want %s", got, taken)
		}
	})
}

func TestOneFailedIDDoesNotHoldBackTheOthers(t *testing.T) {
	f := newFunction(t)
	for _, id := range []string{"in1", "in2", "in3"} {
		begun := dsr.Mail{ID: id, State: dsr.MailReading, ArrivedAt: f.now, Verdicts: dsr.Verdicts{Virus: "PASS"}}
		if _, err := f.memory.Begin(t.Context(), begun, f.now, f.now); err != nil {
			t.Fatal(err)
		}
	}
	f.objects.PutRaw("in2", []byte("two"))
	_, err := f.Handle(t.Context(), json.RawMessage(`{"again":["in1","in2","in3"]}`))
	if !errors.Is(err, casework.ErrNotFound) || !strings.Contains(err.Error(), "in1") || !strings.Contains(err.Error(), "in3") {
		t.Errorf("the event ended with %v", err)
	}
	if f.state("in2") != dsr.MailOrdinary {
		t.Errorf("the mail in between is %q", f.state("in2"))
	}
}

func TestPoisonMailGoesToAPersonAfterThreeAttempts(t *testing.T) {
	f := newFunction(t)
	f.readErr = errors.New("the stream broke")
	f.objects.PutRaw(receivedID, []byte("raw"))
	for attempt := 1; attempt <= 3; attempt++ {
		if failed := f.handle(fixture(t, "received.json")); failed == nil || f.state(receivedID) != dsr.MailReading {
			t.Fatalf("attempt %d: failed %v, the mail is %q", attempt, failed, f.state(receivedID))
		}
		f.now = f.now.Add(15 * time.Minute)
	}
	if failed := f.handle(fixture(t, "received.json")); failed != nil || f.state(receivedID) != dsr.MailPerson {
		t.Errorf("failed %v, the mail is %q", failed, f.state(receivedID))
	}
	if len(f.receipts) != dsr.MaxMailAttempts {
		t.Errorf("read %d times", len(f.receipts))
	}
	letters := f.memory.AllLetters()
	if len(letters) != 1 || letters[0].Ref.Kind != dsr.MailNotice || letters[0].Reason != "attempts" {
		t.Errorf("letters %+v", letters)
	}
}

func TestShortOutageAndRepeatedNoticesUseUpNoAttempts(t *testing.T) {
	f := newFunction(t)
	f.readErr = errors.New("KMS is away")
	f.objects.PutRaw(receivedID, []byte("raw"))
	for range 6 {
		f.handle(fixture(t, "received.json"))
		f.now = f.now.Add(2 * time.Minute)
	}
	f.readErr = nil
	if failed := f.handle(fixture(t, "received.json")); failed != nil || f.state(receivedID) != dsr.MailOrdinary {
		t.Errorf("failed %v, the mail is %q", failed, f.state(receivedID))
	}
}
