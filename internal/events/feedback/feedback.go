// Package feedback writes down what SES reports about letters: that it took one,
// that a mail server accepted it, that it is late, came back, or was called spam.
//
// The trigger is an SQS message with an SNS envelope, whose message is an event
// of the SES configuration set. The letter is found by the tag it was sent with;
// an event about anything else is logged and done with. Events come twice, late,
// and in any order. A message that is no event fails for itself alone and ends
// among the dead letters.
//
// A line at level ERROR with the message "alarm" asks for a person: a notice to
// staff came back, so perhaps nobody heard of what it says.
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
	for _, message := range batch.Records {
		if err := h.message(ctx, now, message.Body); err != nil {
			h.Log.ErrorContext(ctx, "event failed", "message", message.MessageId, "error", err)
			answer.BatchItemFailures = append(answer.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return answer, nil
}

// errEvent is returned for a message that is no event of SES. Its text is not
// repeated: it may hold addresses.
var errEvent = errors.New("the message is not an event of SES")

// setUpText is what SES says when the topic is connected; there is no letter.
const setUpText = "Successfully validated SNS topic for Amazon SES event publishing."

// message writes down what one message of the queue says.
func (h Handler) message(ctx context.Context, now time.Time, body string) error {
	var envelope events.SNSEntity
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		return errEvent
	}
	if envelope.Message == setUpText {
		return nil
	}
	var told event
	if err := json.Unmarshal([]byte(envelope.Message), &told); err != nil || told.kind() == "" {
		return errEvent
	}
	report, known := told.report()
	if !known {
		h.leave(ctx, told, "it changes nothing")
		return nil
	}
	ref, err := told.letter()
	if err != nil {
		h.leave(ctx, told, "it is not about a letter of ours")
		return nil
	}
	err = h.Recording.Report(ctx, now, ref, report)
	if errors.Is(err, casework.ErrNotFound) { // of another stage, or of a purged case
		h.leave(ctx, told, "its letter is not known")
		return nil
	}
	if err != nil {
		return err
	}
	h.returned(ctx, ref, report)
	return nil
}

// leave logs an event of which nothing is written down.
func (h Handler) leave(ctx context.Context, told event, why string) {
	h.Log.WarnContext(ctx, "event left alone", "kind", told.word(), "ses", told.Mail.MessageID, "why", why)
}

// returned logs a letter that came back. When it went to staff that is an alarm:
// what it says may be known to nobody else.
func (h Handler) returned(ctx context.Context, ref dsr.LetterRef, report casework.Report) {
	switch {
	case report.State != dsr.LetterReturned:
	case ref.Kind.ToStaff():
		h.Log.ErrorContext(ctx, "alarm", "alarm", "notice-returned", "letter", ref.Tag(), "why", report.Why, "letters", 1)
	default:
		h.Log.WarnContext(ctx, "letter came back", "letter", ref.Tag(), "why", report.Why)
	}
}
