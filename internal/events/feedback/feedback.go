// Package feedback writes down what SES reports about letters: that it took
// one, that a mail server accepted it, that it came back.
//
// The trigger is an SQS message with an SNS envelope, whose message is an event
// of the SES configuration set. The letter is found by the tag it was sent
// with. Events come twice, late, and in any order. Complaints, rejections and
// delays are acknowledged and logged; acting on them is not built yet.
package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Handler writes down reports of SES; its fields are what main wires for it.
type Handler struct {
	Recording casework.Recording
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

// Handle takes a batch of events. Those that fail are named in the answer and
// stay in the queue.
func (h Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	var answer events.SQSEventResponse
	now, err := h.Clock(ctx)
	if err != nil {
		return answer, fmt.Errorf("asking the time: %w", err)
	}
	for _, record := range batch.Records {
		if err := h.record(ctx, now, record.Body); err != nil {
			h.Log.ErrorContext(ctx, "event failed", "message", record.MessageId, "error", err)
			answer.BatchItemFailures = append(answer.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return answer, nil
}

// report is an event of a configuration set. The older kind of notice spells
// the event's name differently
// (docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).
type report struct {
	EventType        string `json:"eventType"`
	NotificationType string `json:"notificationType"`
	Mail             struct {
		MessageID string              `json:"messageId"`
		Tags      map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type string `json:"bounceType"`
	} `json:"bounce"`
}

// kind gives the event's name, whichever way it was spelt.
func (r report) kind() string {
	if r.EventType != "" {
		return r.EventType
	}
	return r.NotificationType
}

// errReport is returned for a message that is no event of SES.
var errReport = errors.New("the message is not an event of SES")

// setUpText is what SES says when the topic is connected; there is no letter.
const setUpText = "Successfully validated SNS topic for Amazon SES event publishing."

// record writes down one event.
func (h Handler) record(ctx context.Context, now time.Time, body string) error {
	var envelope events.SNSEntity
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		return errReport
	}
	if envelope.Message == setUpText {
		return nil
	}
	var told report
	if err := json.Unmarshal([]byte(envelope.Message), &told); err != nil || told.kind() == "" {
		return errReport
	}
	state, known := told.state()
	tags := told.Mail.Tags[dsr.LetterTag]
	if !known || len(tags) == 0 {
		h.Log.WarnContext(ctx, "event left alone", "kind", told.kind(), "ses", told.Mail.MessageID)
		return nil
	}
	ref, err := dsr.ParseLetterTag(tags[0])
	if err != nil {
		return fmt.Errorf("event of SES message %s: %w", told.Mail.MessageID, err)
	}
	return h.Recording.Record(ctx, now, ref, told.Mail.MessageID, state)
}

// state gives the letter state an event stands for. A transient bounce is no
// end: SES goes on trying.
func (r report) state() (state dsr.LetterState, known bool) {
	switch r.kind() {
	case "Send":
		return dsr.LetterPosted, true
	case "Delivery":
		return dsr.LetterArrived, true
	case "Bounce":
		return dsr.LetterReturned, r.Bounce.Type != "Transient"
	}
	return "", false
}
