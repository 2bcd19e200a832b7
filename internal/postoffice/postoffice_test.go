package postoffice

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// counter is an SES endpoint that answers every call alike and keeps the last
// one.
type counter struct {
	calls  atomic.Int32
	form   url.Values
	status int
	body   string
}

// ServeHTTP answers one call of the SES query protocol.
func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.calls.Add(1)
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.form = r.PostForm
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(c.status)
	fmt.Fprint(w, c.body)
}

// answer is the XML of a call that went well.
func answer(id string) string {
	return `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>` +
		id + `</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></SendRawEmailResponse>`
}

// failure is the XML of a call that failed.
func failure(code, message string) string {
	return `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>` + code +
		`</Code><Message>` + message + `</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`
}

// open starts an endpoint and an office with a real client of the SDK, which
// would try three times if it were left to itself.
func open(t *testing.T, endpoint *counter) Office {
	t.Helper()
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	return officeAt(server.URL)
}

// officeAt gives an office that sends to an address.
func officeAt(address string) Office {
	client := ses.New(ses.Options{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String(address),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	return Office{SendRawEmail: client.SendRawEmail, Source: "privacy@voorbeeld.example", ConfigurationSet: "inzage"}
}

// exampleMessage is a message with an address that no error may hold.
func exampleMessage() dsr.Message {
	return dsr.Message{To: []string{"anna@klant.example"}, Raw: []byte("Subject: x\r\n\r\nbody\r\n"), Tag: "case_abc_M01_1"}
}

func TestLetterIsHandedOverWithItsTag(t *testing.T) {
	endpoint := &counter{status: http.StatusOK, body: answer("0100-abc")}
	id, err := open(t, endpoint).Send(t.Context(), exampleMessage())
	if err != nil || id != "0100-abc" {
		t.Fatalf("Send gives %q, %v", id, err)
	}
	want := url.Values{
		"Action":                {"SendRawEmail"},
		"Version":               {"2010-12-01"},
		"Source":                {"privacy@voorbeeld.example"},
		"Destinations.member.1": {"anna@klant.example"},
		"ConfigurationSetName":  {"inzage"},
		"RawMessage.Data":       {base64.StdEncoding.EncodeToString(exampleMessage().Raw)},
		"Tags.member.1.Name":    {"letter"},
		"Tags.member.1.Value":   {"case_abc_M01_1"},
	}
	if diff := cmp.Diff(want, endpoint.form); diff != "" {
		t.Errorf("the call (-want +got):\n%s", diff)
	}
}

func TestErrorsOfSESAreTold(t *testing.T) {
	const quotes = "Email address is not verified: anna@klant.example"
	for _, rule := range []struct {
		status        int
		code, message string
		want          error
	}{
		{400, "MessageRejected", quotes, ErrUnverified},
		{400, "InvalidParameterValue", quotes, ErrUnverified},
		{400, "MessageRejected", "Sending paused for this account. Ask anna@klant.example", ErrPaused},
		{400, "MessageRejected", "Account is paused: anna@klant.example", ErrPaused},
		{400, "MessageRejected", "Message contained a virus: paused@klant.example", ErrRejected},
		{400, "MailFromDomainNotVerified", quotes, ErrUnverified},
		{400, "MailFromDomainNotVerifiedException", quotes, ErrUnverified},
		{400, "FromEmailAddressNotVerified", quotes, ErrUnverified},
		{400, "ConfigurationSetDoesNotExist", quotes, ErrPaused},
		{400, "ConfigurationSetDoesNotExistException", quotes, ErrPaused},
		{400, "InvalidParameterValue", "Local address contains control or whitespace: anna @klant.example", ErrRejected},
		{400, "InvalidParameterValue", "Message length is more than 10485760 bytes long: '24081986'.", ErrTooLarge},
		{413, "RequestEntityTooLarge", "anna@klant.example", ErrTooLarge},
		{400, "AccountSendingPaused", quotes, ErrPaused},
		{400, "AccountSendingPausedException", quotes, ErrPaused},
		{400, "ConfigurationSetSendingPaused", quotes, ErrPaused},
		{400, "ConfigurationSetSendingPausedException", quotes, ErrPaused},
		{400, "ProductionAccessNotGranted", quotes, ErrPaused},
		{403, "AccessDenied", quotes, ErrPaused},
		{403, "AccessDeniedException", quotes, ErrPaused},
		{403, "OptInRequired", quotes, ErrPaused},
		{400, "Throttling", "Maximum sending rate exceeded.", ErrThrottled},
		{400, "ThrottlingException", "Maximum sending rate exceeded.", ErrThrottled},
		{400, "Throttling", "Rate exceeded for anna@klant.example", ErrThrottled},
		{429, "TooManyRequestsException", "Maximum sending rate exceeded.", ErrThrottled},
		{400, "Throttling", "Daily message quota exceeded.", ErrQuota},
		{400, "Throttling", "Daily sending quota exceeded.", ErrQuota},
		{454, "ThrottlingException", "Daily message quota exceeded.", ErrQuota},
		{400, "LimitExceeded", "anna@klant.example", ErrQuota},
		{400, "LimitExceededException", "anna@klant.example", ErrQuota},
		{403, "RequestExpired", quotes, ErrOutcomeUnknown},
		{500, "InternalFailure", quotes, ErrOutcomeUnknown},
		{503, "ServiceUnavailable", quotes, ErrOutcomeUnknown},
		{400, "SomethingNew", "Daily message quota exceeded.", ErrOutcomeUnknown},
	} {
		endpoint := &counter{status: rule.status, body: failure(rule.code, rule.message)}
		id, err := open(t, endpoint).Send(t.Context(), exampleMessage())
		checkOutcome(t, err, rule.want)
		if id != "" || !strings.Contains(err.Error(), "SES answered "+rule.code+":") {
			t.Errorf("%s: Send gives %q, %v", rule.code, id, err)
		}
		if !strings.Contains(err.Error(), "case_abc_M01_1") {
			t.Errorf("%s: the error does not name the letter: %v", rule.code, err)
		}
		if n := endpoint.calls.Load(); n != 1 {
			t.Errorf("%s: SES was called %d times, and each call can be a mail", rule.code, n)
		}
	}
}

// checkOutcome checks that an error is one outcome and no other, and that it
// holds neither an address nor words of SES.
func checkOutcome(t *testing.T, err, want error) {
	t.Helper()
	for _, outcome := range []error{
		ErrUnsendable, ErrRejected, ErrTooLarge, ErrPaused, ErrUnverified, ErrThrottled, ErrQuota, ErrOutcomeUnknown,
	} {
		if errors.Is(err, outcome) != errors.Is(want, outcome) {
			t.Errorf("error is %v, want %v", err, want)
		}
	}
	for _, leak := range []string{"@", "klant", "verified:", "Maximum", "message quota", "http:"} {
		if err != nil && strings.Contains(err.Error(), leak) {
			t.Errorf("the error holds %q: %v", leak, err)
		}
	}
}

// TestOnlyARefusalForGoodCanNeverBeSent keeps a letter from being given up
// for a fault that passes.
func TestOnlyARefusalForGoodCanNeverBeSent(t *testing.T) {
	for _, rule := range []struct {
		outcome error
		never   bool
	}{
		{ErrUnsendable, true},
		{ErrRejected, true},
		{ErrTooLarge, true},
		{ErrPaused, false},
		{ErrUnverified, false},
		{ErrThrottled, false},
		{ErrQuota, false},
		{ErrOutcomeUnknown, false},
	} {
		if errors.Is(rule.outcome, dsr.ErrUnsendable) != rule.never {
			t.Errorf("can never be sent: want %t of %v", rule.never, rule.outcome)
		}
	}
	for code, never := range map[string]bool{"MessageRejected": true, "AccountSendingPaused": false, "Throttling": false, "InternalFailure": false} {
		endpoint := &counter{status: http.StatusBadRequest, body: failure(code, "x")}
		_, err := open(t, endpoint).Send(t.Context(), exampleMessage())
		if errors.Is(err, dsr.ErrUnsendable) != never {
			t.Errorf("%s: can never be sent: want %t of %v", code, never, err)
		}
	}
}

// The outbox puts a letter off for these, and for nothing else: only then is it
// certain that the letter did not leave.
func TestOutboxLearnsWhyLettersWait(t *testing.T) {
	for _, rule := range []struct {
		outcome error
		want    dsr.Delay
	}{
		{ErrPaused, dsr.DelayPaused},
		{ErrUnverified, dsr.DelayUnverified},
		{ErrQuota, dsr.DelayQuota},
		{ErrUnsendable, ""},
		{ErrRejected, ""},
		{ErrTooLarge, ""},
		{ErrThrottled, ""},
		{ErrOutcomeUnknown, ""},
	} {
		var delay dsr.Delay
		if errors.As(rule.outcome, &delay) != (rule.want != "") || delay != rule.want {
			t.Errorf("%v: delay %q, want %q", rule.outcome, delay, rule.want)
		}
		if errors.Is(rule.outcome, dsr.ErrTooLarge) != (rule.outcome == ErrTooLarge) {
			t.Errorf("%v: too large %t", rule.outcome, errors.Is(rule.outcome, dsr.ErrTooLarge))
		}
	}
}

func TestAnswerThatCannotBeReadLeavesTheOutcomeUnknown(t *testing.T) {
	for name, endpoint := range map[string]*counter{
		"no message id":       {status: http.StatusOK, body: answer("")},
		"empty":               {status: http.StatusOK},
		"no XML":              {status: http.StatusOK, body: "anna@klant.example"},
		"a page of a proxy":   {status: http.StatusBadGateway, body: "<html>anna@klant.example</html>"},
		"an address as code":  {status: http.StatusBadRequest, body: failure("anna@klant.example", "x")},
		"a very long code":    {status: http.StatusBadRequest, body: failure(strings.Repeat("klant", 20), "x")},
		"an error of 200 OK":  {status: http.StatusOK, body: failure("MessageRejected", "anna@klant.example")},
		"an error in no code": {status: http.StatusBadRequest, body: failure("", "anna@klant.example")},
	} {
		id, err := open(t, endpoint).Send(t.Context(), exampleMessage())
		checkOutcome(t, err, ErrOutcomeUnknown)
		if id != "" || err == nil {
			t.Errorf("%s: Send gives %q, %v", name, id, err)
		}
		if n := endpoint.calls.Load(); n != 1 {
			t.Errorf("%s: SES was called %d times", name, n)
		}
	}
}

func TestLostConnectionLeavesTheOutcomeUnknownAndIsNotRetried(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			connection.Close()
		}
	}))
	defer server.Close()
	_, err := officeAt(server.URL).Send(t.Context(), exampleMessage())
	checkOutcome(t, err, ErrOutcomeUnknown)
	if n := calls.Load(); n != 1 {
		t.Errorf("SES was called %d times", n)
	}
	server.Close()
	_, err = officeAt(server.URL).Send(t.Context(), exampleMessage())
	checkOutcome(t, err, ErrOutcomeUnknown)
}

func TestCancelledSendSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := open(t, &counter{status: http.StatusOK, body: answer("x")}).Send(ctx, exampleMessage())
	checkOutcome(t, err, ErrOutcomeUnknown)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	late, end := context.WithTimeout(t.Context(), 0)
	defer end()
	_, err = open(t, &counter{status: http.StatusOK, body: answer("x")}).Send(late, exampleMessage())
	checkOutcome(t, err, ErrOutcomeUnknown)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestUnsendableMessageNeverReachesSES(t *testing.T) {
	for name, spoil := range map[string]func(*dsr.Message){
		"no recipient": func(m *dsr.Message) { m.To = nil },
		"no text":      func(m *dsr.Message) { m.Raw = nil },
		"no tag":       func(m *dsr.Message) { m.Tag = "" },
	} {
		endpoint := &counter{status: http.StatusOK, body: answer("x")}
		message := exampleMessage()
		spoil(&message)
		_, err := open(t, endpoint).Send(t.Context(), message)
		checkOutcome(t, err, ErrUnsendable)
		if n := endpoint.calls.Load(); n != 0 {
			t.Errorf("%s: SES was called %d times", name, n)
		}
	}
}
