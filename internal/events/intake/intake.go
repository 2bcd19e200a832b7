// Package intake turns the notice that a mail came in into casework: the mail
// is claimed, read, and brought to a terminal state.
//
// The trigger is an SQS message that holds an SNS envelope (raw delivery off),
// whose message is what an SES receipt rule with an S3 action reports. Sweep
// drives the same function with the ids of mails whose notice was lost.
//
// Nothing is stored here. A mail that fails goes back to the queue; after
// dsr.MaxMailAttempts beginnings a person gets it.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// Reader reads one mail. It fails only when the stream does; whatever is wrong
// with the mail itself is in the Enquiry.
type Reader interface {
	Read(mail io.Reader, receipt mailroom.Receipt) (dsr.Enquiry, error)
}

// Handler takes in mail; its fields are what main wires for it.
type Handler struct {
	Receiving casework.Receiving
	Raw       casework.RawMail
	Reader    Reader
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

// Handle takes one event: a batch of notices, or ids to drive again. Failed
// notices are named in the answer and stay in the queue; a failed id makes the
// event fail, and Lambda and then sweep bring it again.
func (h Handler) Handle(ctx context.Context, event json.RawMessage) (events.SQSEventResponse, error) {
	var answer events.SQSEventResponse
	now, err := h.Clock(ctx)
	if err != nil {
		return answer, fmt.Errorf("asking the time: %w", err)
	}
	var again casework.Again
	if err := json.Unmarshal(event, &again); err == nil && len(again.IDs) > 0 {
		return answer, h.again(ctx, now, again.IDs)
	}
	var batch events.SQSEvent
	if err := json.Unmarshal(event, &batch); err != nil || len(batch.Records) == 0 {
		return answer, errors.New("the event is neither a batch of notices nor a list of ids")
	}
	for _, record := range batch.Records {
		if err := h.notice(ctx, now, record.Body); err != nil {
			h.Log.ErrorContext(ctx, "notice failed", "message", record.MessageId, "error", err)
			answer.BatchItemFailures = append(answer.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return answer, nil
}

// again takes in mails that were begun and not finished, or whose notice was
// lost.
func (h Handler) again(ctx context.Context, now time.Time, ids []string) error {
	var failed error
	for _, id := range ids {
		err := h.mail(ctx, now, dsr.Mail{ID: id, ArrivedAt: now})
		failed = errors.Join(failed, err)
	}
	return failed
}

// notice takes in the mail that one message of the queue is about.
func (h Handler) notice(ctx context.Context, now time.Time, body string) error {
	arrival, err := readNotice(body)
	if errors.Is(err, errSetUp) {
		h.Log.InfoContext(ctx, "SES has set up the receipt rule")
		return nil
	}
	if err != nil {
		return err
	}
	return h.mail(ctx, now, arrival)
}

// mail brings one mail to its terminal state. When its notice was lost, what SES
// found is read from the lines SES wrote above the mail itself.
func (h Handler) mail(ctx context.Context, now time.Time, arrival dsr.Mail) error {
	mail, err := h.Receiving.Begin(ctx, now, arrival)
	if err != nil {
		return err
	}
	if mail.State.Terminal() {
		return nil
	}
	if mail.Attempts > dsr.MaxMailAttempts {
		return h.Receiving.SetAside(ctx, now, mail, "attempts")
	}
	enquiry, err := h.read(ctx, receipt(mail, arrival.ArrivedAt))
	if err != nil {
		return err
	}
	if err := h.Receiving.Receive(ctx, now, mail, enquiry); err != nil {
		return err
	}
	h.Log.InfoContext(ctx, "mail read", "mail", mail.ID, "kind", enquiry.Kind, "reason", enquiry.Reason)
	return nil
}

// receipt gives what SES said about a mail. The earliest instant counts: sweep
// may have found the mail before its notice came, and then knows only when it
// looked.
func receipt(mail dsr.Mail, arrived time.Time) mailroom.Receipt {
	if mail.ArrivedAt.Before(arrived) {
		arrived = mail.ArrivedAt
	}
	return mailroom.Receipt{
		MailID: mail.ID, TakenIn: arrived,
		SPF: mail.Verdicts.SPF, DKIM: mail.Verdicts.DKIM, DMARC: mail.Verdicts.DMARC,
		Spam: mail.Verdicts.Spam, Virus: mail.Verdicts.Virus, DMARCPolicy: mail.Verdicts.DMARCPolicy,
	}
}

// read streams the mail through the reader.
func (h Handler) read(ctx context.Context, receipt mailroom.Receipt) (dsr.Enquiry, error) {
	raw, err := h.Raw.Open(ctx, receipt.MailID)
	if err != nil {
		return dsr.Enquiry{}, fmt.Errorf("opening mail %s: %w", receipt.MailID, err)
	}
	defer raw.Close()
	enquiry, err := h.Reader.Read(raw, receipt)
	if err != nil {
		return dsr.Enquiry{}, fmt.Errorf("reading mail %s: %w", receipt.MailID, err)
	}
	return enquiry, nil
}
