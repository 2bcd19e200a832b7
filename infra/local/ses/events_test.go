package ses_test

import (
	"encoding/base64"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/ses"
)

// encoded is a mail as the query protocol carries it.
func encoded(raw string) string { return base64.StdEncoding.EncodeToString([]byte(raw)) }

// kinds are the event types in the order of publishing.
func kinds(events []published) []string {
	var list []string
	for _, event := range events {
		list = append(list, event.EventType)
	}
	return list
}

func TestEveryMailIsSentThenDelivered(t *testing.T) {
	w := newWorld(t, nil)
	in := input(letter, "jan@klant.example")
	in.Tags = []types.MessageTag{{Name: aws.String("outbox"), Value: aws.String("o1")}}
	id := w.send(in)
	events := w.events()
	if diff := cmp.Diff([]string{"Send", "Delivery"}, kinds(events)); diff != "" {
		t.Fatalf("events (-want +got):\n%s", diff)
	}
	wantTags := map[string][]string{
		"outbox": {"o1"}, "ses:configuration-set": {"inzage"}, "ses:from-domain": {"polarweb.example"},
	}
	for _, event := range events {
		if event.Mail.MessageID != id || event.Mail.Timestamp != "2026-03-05T08:00:01.000Z" || event.Mail.Source != "info@polarweb.example" {
			t.Errorf("%s tells of %+v", event.EventType, event.Mail)
		}
		if diff := cmp.Diff(wantTags, event.Mail.Tags); diff != "" {
			t.Errorf("%s tags (-want +got):\n%s", event.EventType, diff)
		}
	}
	if events[0].Send == nil || events[0].Delivery != nil {
		t.Error("the Send event does not hold send alone")
	}
	if diff := cmp.Diff([]string{"jan@klant.example"}, events[1].Delivery.Recipients); diff != "" {
		t.Errorf("delivered to (-want +got):\n%s", diff)
	}
}

func TestWhatBecomesOfAMailDependsOnTheAddress(t *testing.T) {
	tests := map[string]struct {
		to   []string
		want []string
	}{
		"simulated success":   {[]string{"success@simulator.amazonses.com"}, []string{"Send", "Delivery"}},
		"simulated bounce":    {[]string{"bounce@simulator.amazonses.com"}, []string{"Send", "Bounce"}},
		"labelled bounce":     {[]string{"bounce+case1@simulator.amazonses.com"}, []string{"Send", "Bounce"}},
		"simulated complaint": {[]string{"complaint@simulator.amazonses.com"}, []string{"Send", "Delivery", "Complaint"}},
		"given address":       {[]string{"gone@KLANT.example"}, []string{"Send", "Bounce"}},
		"one of two":          {[]string{"jan@klant.example", "gone@klant.example"}, []string{"Send", "Delivery", "Bounce"}},
		"bounce elsewhere":    {[]string{"bounce@klant.example"}, []string{"Send", "Delivery"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.send(input(letter, test.to...))
			if diff := cmp.Diff(test.want, kinds(w.events())); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABounceNamesOnlyWhoBounced(t *testing.T) {
	w := newWorld(t, nil)
	w.send(input(letter, "jan@klant.example", "gone@klant.example"))
	events := w.events()
	if diff := cmp.Diff([]string{"jan@klant.example"}, events[1].Delivery.Recipients); diff != "" {
		t.Errorf("delivered to (-want +got):\n%s", diff)
	}
	bounce := events[2].Bounce
	if bounce.BounceType != "Permanent" || len(bounce.BouncedRecipients) != 1 || bounce.BouncedRecipients[0].EmailAddress != "gone@klant.example" {
		t.Errorf("bounce %+v", bounce)
	}
}

func TestWithoutAConfigurationSetNothingIsPublished(t *testing.T) {
	w := newWorld(t, nil)
	in := input(letter)
	in.ConfigurationSetName = nil
	w.send(in)
	if events := w.events(); len(events) != 0 {
		t.Errorf("%d events, want none", len(events))
	}
}

func TestForcedRefusalsReachTheSDKAndEnd(t *testing.T) {
	for _, code := range []string{
		"MessageRejected", "Throttling", "AccountSendingPausedException", "ConfigurationSetDoesNotExist",
		"ConfigurationSetSendingPausedException", "MailFromDomainNotVerifiedException", "ServiceUnavailable",
	} {
		t.Run(code, func(t *testing.T) {
			w := newWorld(t, nil)
			if err := w.faults.Refuse(code, 2); err != nil {
				t.Fatalf("Refuse: %v", err)
			}
			w.wantCode(input(letter), code)
			w.wantCode(input(letter), code)
			w.send(input(letter))
		})
	}
	if err := (&ses.Faults{}).Refuse("NoSuchError", 1); err == nil {
		t.Error("an unknown code was accepted")
	}
}

func TestForcedRefusalsAreTypedErrors(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.faults.Refuse("AccountSendingPausedException", 1); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.SendRawEmail(t.Context(), input(letter))
	var paused *types.AccountSendingPausedException
	if !errors.As(err, &paused) {
		t.Errorf("%v, want AccountSendingPausedException", err)
	}
}

func TestALostReplyIsASentMail(t *testing.T) {
	w := newWorld(t, nil)
	w.faults.LoseReplies(1)
	_, err := w.client.SendRawEmail(t.Context(), input(letter))
	var api smithy.APIError
	if err == nil || errors.As(err, &api) {
		t.Errorf("%v, want a broken connection", err)
	}
	w.wantStored(1)
	if diff := cmp.Diff([]string{"Send", "Delivery"}, kinds(w.events())); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	w.send(input(letter))
	w.wantStored(2)
}

func TestAMailWhoseEventCannotBePublishedExistsAllTheSame(t *testing.T) {
	w := newWorld(t, nil)
	w.publish = func() error { return errors.New("queue is full") }
	_, err := w.client.SendRawEmail(t.Context(), input(letter))
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InternalFailure" || api.ErrorFault() == smithy.FaultClient {
		t.Errorf("%v, want InternalFailure of the server", err)
	}
	w.wantStored(1)
}

func TestTheMailIsStoredBeforeItsSendEvent(t *testing.T) {
	w := newWorld(t, nil)
	var stored []int
	w.publish = func() error {
		ids, err := ses.IDs(w.dir)
		stored = append(stored, len(ids))
		return err
	}
	w.send(input(letter))
	if diff := cmp.Diff([]int{1, 1}, stored); diff != "" {
		t.Errorf("mails stored at each event (-want +got):\n%s", diff)
	}
}

func TestAMailThatCannotBeStoredIsNotSent(t *testing.T) {
	w := newWorld(t, func(o *ses.Options) { o.Dir += "/mail" })
	breakDir(t, w.options.Dir)
	_, err := w.client.SendRawEmail(t.Context(), input(letter))
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InternalFailure" {
		t.Errorf("%v, want InternalFailure", err)
	}
	if len(w.events()) != 0 {
		t.Error("an event was published for a mail that does not exist")
	}
}

func TestItNeedsAClockAndAPlaceForEvents(t *testing.T) {
	w := newWorld(t, nil)
	for name, change := range map[string]func(*ses.Options){
		"clock":   func(o *ses.Options) { o.Now = nil },
		"publish": func(o *ses.Options) { o.Publish = nil },
		"folder":  func(o *ses.Options) { o.Dir = "/dev/null/mail" },
	} {
		o := w.options
		change(&o)
		if _, err := ses.New(o); err == nil {
			t.Errorf("New without a %s succeeded", name)
		}
	}
}
