package dispatch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/postoffice"
)

// throughSES lets the function hand its letters to an SES that answers with fault,
// and with an id when there is none.
func (f *function) throughSES(fault *error) {
	office := postoffice.Office{Source: "desk@desk.example", ConfigurationSet: "desk"}
	office.SendRawEmail = func(_ context.Context, in *ses.SendRawEmailInput, _ ...func(*ses.Options)) (*ses.SendRawEmailOutput, error) {
		if *fault != nil {
			return nil, *fault
		}
		f.sent = append(f.sent, aws.ToString(in.Tags[0].Value))
		return &ses.SendRawEmailOutput{MessageId: aws.String(fmt.Sprintf("ses-%d", len(f.sent)))}, nil
	}
	f.Sending.Post = office.Send
}

// said is what SES answers.
func said(code, message string) error { return &smithy.GenericAPIError{Code: code, Message: message} }

// letter gives a stored letter of the case.
func (f *function) letter(kind dsr.LetterKind) dsr.Letter {
	f.Helper()
	letter, err := f.memory.Letter(f.Context(), dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: f.id, Kind: kind, N: 1})
	if err != nil {
		f.Fatal(err)
	}
	return letter
}

// drive lets sweep bring the receipt.
func (f *function) drive() {
	f.Helper()
	receipt, _, _ := f.tags()
	if _, err := f.Handle(f.Context(), json.RawMessage(fmt.Sprintf(`{"again":[%q]}`, receipt))); err != nil {
		f.Fatal(err)
	}
}

// history gives the kinds of the case's events after the opening.
func (f *function) history() (kinds []dsr.EventKind) {
	f.Helper()
	history, err := f.memory.History(f.Context(), f.id)
	if err != nil {
		f.Fatal(err)
	}
	for _, event := range history[1:] {
		kinds = append(kinds, event.Kind)
	}
	return kinds
}

// notices counts the letters to staff about a letter.
func (f *function) notices() int {
	return len(slices.DeleteFunc(f.memory.AllLetters(), func(l dsr.Letter) bool { return l.Ref.Kind != dsr.LetterNotice }))
}

// TestNoFaultOfSESLosesALetter: each is tried again, put off with an alarm, or
// given up with a notice to staff, and nothing is silent.
func TestNoFaultOfSESLosesALetter(t *testing.T) {
	const lease, quarter = casework.Lease, 15 * time.Minute
	late, gone := []dsr.EventKind{dsr.LetterDelayed}, []dsr.EventKind{dsr.LetterGivenUp}
	for name, test := range map[string]struct {
		fault   error
		tried   time.Duration // when it is tried again; 0 for never
		alarm   string
		history []dsr.EventKind
		notices int
	}{
		"too fast":             {said("Throttling", "Maximum sending rate exceeded."), lease, "", nil, 0},
		"quota":                {said("Throttling", "Daily message quota exceeded."), quarter, "quota", late, 0},
		"limit":                {said("LimitExceeded", "x"), quarter, "quota", late, 0},
		"account paused":       {said("AccountSendingPausedException", "x"), quarter, "paused", late, 0},
		"paused, rejected":     {said("MessageRejected", "Sending paused for this account."), quarter, "paused", late, 0},
		"set paused":           {said("ConfigurationSetSendingPausedException", "x"), quarter, "paused", late, 0},
		"set missing":          {said("ConfigurationSetDoesNotExist", "x"), quarter, "paused", late, 0},
		"not allowed":          {said("AccessDenied", "ans@een.example"), quarter, "paused", late, 0},
		"sandbox":              {said("MessageRejected", "Email address is not verified: ans@een.example"), quarter, "unverified", late, 0},
		"lost MAIL FROM":       {said("MailFromDomainNotVerifiedException", "x"), quarter, "unverified", late, 0},
		"content":              {said("MessageRejected", "Message contained a virus: ans@een.example"), 0, "", gone, 2},
		"impossible recipient": {said("InvalidParameterValue", "Illegal address ans@een.example"), 0, "", gone, 2},
		"too large":            {said("InvalidParameterValue", "Message length is more than 10485760 bytes long: '2'."), 0, "", gone, 2},
		"network":              {errors.New("connection reset by ans@een.example"), lease, "", nil, 0},
		"timeout":              {context.DeadlineExceeded, lease, "", nil, 0},
		"SES is down":          {said("ServiceUnavailable", "x"), lease, "", nil, 0},
		"a code of tomorrow":   {said("Moonless", "x"), lease, "", nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			fault := test.fault
			f.throughSES(&fault)
			f.drive()
			if got := f.history(); !slices.Equal(got, test.history) || f.notices() != test.notices {
				t.Errorf("the history is %v and staff got %d notices", got, f.notices())
			}
			if alarm := strings.Contains(f.log.String(), `"level":"ERROR","msg":"alarm","alarm":"letters-delayed","why":"`+test.alarm+`","letters":1`); alarm != (test.alarm != "") {
				t.Errorf("the log says %s", &f.log)
			}
			if f.log.Len() == 0 || strings.Contains(f.log.String(), "een.example") {
				t.Errorf("the log says %s", &f.log)
			}
			fault = nil
			f.recovers(test.tried)
		})
	}
}

// recovers checks that the letter leaves at once when it is due again, and not
// before.
func (f *function) recovers(tried time.Duration) {
	f.Helper()
	begin := f.now
	due := f.letter(dsr.Acknowledgement).DueAt
	if tried == 0 {
		if !due.IsZero() {
			f.Errorf("a letter that was given up is due at %s", due)
		}
		return
	}
	if !due.Equal(begin.Add(tried)) {
		f.Errorf("sweep looks at %s, want after %s", due, tried)
	}
	for _, at := range []time.Duration{tried - time.Second, tried} {
		f.now = begin.Add(at)
		f.drive()
		if got := len(f.sent); got != btoi(at == tried) {
			f.Errorf("after %s %d letters have left", at, got)
		}
	}
	if got := f.history(); got[len(got)-1] != dsr.LetterSent {
		f.Errorf("the history ends with %v", got)
	}
}

// btoi counts what is so.
func btoi(so bool) int {
	if so {
		return 1
	}
	return 0
}

func TestWaitsGrowAndEndAtFourHours(t *testing.T) {
	f := newFunction(t)
	paused := said("AccountSendingPausedException", "x")
	f.throughSES(&paused)
	var waits []time.Duration
	for range 16 {
		f.drive()
		due := f.letter(dsr.Acknowledgement).DueAt
		waits = append(waits, due.Sub(f.now))
		f.now = due
	}
	if waits[0] != 15*time.Minute || waits[15] != 4*time.Hour || !slices.IsSorted(waits) {
		t.Errorf("the waits are %v", waits)
	}
	if got := f.history(); !slices.Equal(got, []dsr.EventKind{dsr.LetterDelayed}) {
		t.Errorf("the history says %v, want that once", got)
	}
}

func TestOneLetterRaisesOneAlarmADay(t *testing.T) {
	f := newFunction(t)
	paused := said("AccountSendingPausedException", "x")
	f.throughSES(&paused)
	end := f.now.AddDate(0, 0, 3) // noon of the fourth day
	for f.now.Before(end) {
		f.drive()
		f.now = f.letter(dsr.Acknowledgement).DueAt
	}
	if n := strings.Count(f.log.String(), `"msg":"alarm"`); n != 4 {
		t.Errorf("%d alarms on four days", n)
	}
}

func TestLettersThatWaitTogetherAreOneAlarm(t *testing.T) {
	f := newFunction(t)
	paused := said("AccountSendingPausedException", "x")
	f.throughSES(&paused)
	if _, err := f.Handle(t.Context(), f.fixture("letters.json")); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(f.log.String(), `"msg":"alarm"`); n != 1 || !strings.Contains(f.log.String(), `"letters":3`) {
		t.Errorf("%d alarms: %s", n, &f.log)
	}
	if n := strings.Count(f.log.String(), "letter put off"); n != 3 {
		t.Errorf("%d of 3 letters are named: %s", n, &f.log)
	}
}

// A letter that somebody else took over is theirs: it is neither put off nor told
// of as late in its history.
func TestLetterThatSomebodyElseSentMeanwhileIsNotPutOff(t *testing.T) {
	f := newFunction(t)
	receipt := f.letter(dsr.Acknowledgement).Ref
	f.Sending.Post = func(ctx context.Context, _ dsr.Message) (string, error) {
		if err := f.Sending.Record(ctx, f.now, receipt, "ses-9", dsr.LetterPosted); err != nil {
			t.Fatal(err)
		}
		return "", postoffice.ErrPaused
	}
	f.drive()
	if got := f.letter(dsr.Acknowledgement); got.State != dsr.LetterPosted || !got.DueAt.IsZero() || len(f.history()) != 1 {
		t.Errorf("the letter is %q, due %s, with %v", got.State, got.DueAt, f.history())
	}
}

// What only KMS keeps from being sent is tried again, and nothing is given up.
func TestLetterWaitsWhileKMSRefuses(t *testing.T) {
	f := newFunction(t)
	mint := f.Sending.Mint
	f.Sending.Mint = func(context.Context, dsr.Link) (string, error) { return "", errors.New("KMS is off") }
	f.drive()
	f.Sending.Mint = mint
	f.recovers(casework.Lease)
	if f.notices() != 0 {
		t.Errorf("staff got %d notices", f.notices())
	}
}
