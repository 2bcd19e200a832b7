// Package postoffice hands composed letters to Amazon SES.
//
// It stores nothing and never tries twice. Whether a letter may be sent again
// is decided by the outbox, which knows whether an earlier attempt was heard
// of; an answer that was lost on the way may stand for a letter that left. So
// the errors of this package say what the outbox needs to know: refused for
// good, refused for now, or unknown. The first two wrap errors of package dsr,
// which the outbox knows.
//
// The client is taken as one function and not as an interface, so that the
// linker can leave out the seventy other operations of the SES client:
//
//	office := postoffice.Office{
//		SendRawEmail:     ses.NewFromConfig(config).SendRawEmail,
//		Source:           "privacy@example.nl",
//		ConfigurationSet: "inzage",
//	}
//	sesID, err := office.Send(ctx, message)
package postoffice

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"

	"polarweb.nl/inzage/internal/dsr"
)

// ErrUnsendable is returned for a message that lacks a recipient, a text or a
// tag. Nothing was sent, and it is also dsr.ErrUnsendable.
var ErrUnsendable = fmt.Errorf("%w: the message lacks a recipient, a text or a tag", dsr.ErrUnsendable)

// Office sends letters through one SES identity.
type Office struct {
	// SendRawEmail is the method value of an SES client.
	SendRawEmail func(context.Context, *ses.SendRawEmailInput, ...func(*ses.Options)) (*ses.SendRawEmailOutput, error)
	// Source is the verified address that sends; bounces come back to it.
	Source string
	// ConfigurationSet names where SES reports what became of a letter.
	ConfigurationSet string
}

// Send hands over one message and returns the id that SES gave it. The errors
// are ErrUnsendable, ErrRejected, ErrTooLarge, ErrPaused, ErrUnverified, ErrQuota,
// ErrThrottled and ErrOutcomeUnknown; only after the last may the letter have left.
func (o Office) Send(ctx context.Context, message dsr.Message) (sesID string, err error) {
	if len(message.To) == 0 || len(message.Raw) == 0 || message.Tag == "" {
		return "", fmt.Errorf("sending letter %q: %w", message.Tag, ErrUnsendable)
	}
	sent, err := o.SendRawEmail(ctx, o.input(message), once)
	if err != nil {
		return "", fmt.Errorf("sending letter %q: %w", message.Tag, classify(err))
	}
	if sent == nil || aws.ToString(sent.MessageId) == "" {
		return "", fmt.Errorf("sending letter %q: SES gave no message id: %w", message.Tag, ErrOutcomeUnknown)
	}
	return *sent.MessageId, nil
}

// input names the recipients, the configuration set and the tag as parameters.
// SES ignores the header fields of these names when both are given (Amazon SES
// Developer Guide, "Sending raw email"), and takes recipients from To, Cc and
// Bcc when none are named, which a header could then widen.
func (o Office) input(message dsr.Message) *ses.SendRawEmailInput {
	return &ses.SendRawEmailInput{
		Source:               aws.String(o.Source),
		Destinations:         message.To,
		ConfigurationSetName: aws.String(o.ConfigurationSet),
		RawMessage:           &types.RawMessage{Data: message.Raw},
		Tags:                 []types.MessageTag{{Name: aws.String(dsr.LetterTag), Value: aws.String(message.Tag)}},
	}
}

// once turns the SDK's own retries off for this call, whatever the client was
// built with: SES has no idempotency token, so a repeated call is a second mail.
func once(options *ses.Options) { options.RetryMaxAttempts = 1 }
