package postoffice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/internal/dsr"
)

// What became of a letter that SES did not take with thanks.
var (
	// ErrRejected is returned when SES refused the letter itself for good: sending
	// the same again fails again, and a person must look. It is also
	// dsr.ErrUnsendable.
	ErrRejected = fmt.Errorf("%w: SES refused it for good", dsr.ErrUnsendable)
	// ErrPaused is returned when nothing can be sent until somebody mends the
	// account: sending is paused, or an identity or configuration set is missing.
	// Deadlines run on, so a person must look at once; the letters wait.
	ErrPaused = errors.New("SES takes no letters from us until the account is mended")
	// ErrThrottled is returned when letters go too fast; it passes in seconds.
	ErrThrottled = errors.New("SES asks to send more slowly")
	// ErrQuota is returned when the number of mails of this day is used up.
	ErrQuota = errors.New("the daily SES quota is used up")
	// ErrOutcomeUnknown is returned when nobody can say whether the letter left.
	ErrOutcomeUnknown = errors.New("it is unknown whether SES took the letter")
)

// classify turns an error of the SDK into one of ours. The SDK's error is not
// wrapped: the messages of SES quote addresses ("Email address is not
// verified: ..."), so only their code is repeated.
func classify(err error) error {
	var answer smithy.APIError
	switch {
	case errors.As(err, &answer):
		return fmt.Errorf("SES answered %s: %w", code(answer), outcome(answer))
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", ErrOutcomeUnknown, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrOutcomeUnknown, context.DeadlineExceeded)
	}
	return ErrOutcomeUnknown
}

// outcome says what an error code means for the letter. The codes are those of
// the Amazon SES API reference, "SendRawEmail" and "Common errors". Only an
// answer that surely means "not sent" is anything but unknown.
func outcome(answer smithy.APIError) error {
	switch answer.ErrorCode() {
	case "MessageRejected", "InvalidParameterValue":
		// In the sandbox, and after a lost verification, the fault is not the
		// letter's: "Email address is not verified" (Amazon SES Developer Guide,
		// "Amazon SES email sending errors").
		if strings.Contains(answer.ErrorMessage(), "not verified") {
			return ErrPaused
		}
		return ErrRejected
	case "MailFromDomainNotVerified", "MailFromDomainNotVerifiedException",
		"ConfigurationSetDoesNotExist", "ConfigurationSetDoesNotExistException",
		"AccountSendingPaused", "AccountSendingPausedException",
		"ConfigurationSetSendingPaused", "ConfigurationSetSendingPausedException":
		return ErrPaused
	case "Throttling", "ThrottlingException":
		// One code stands for two things, which only the message tells apart
		// (Amazon SES Developer Guide, "Errors related to sending quotas").
		if strings.Contains(answer.ErrorMessage(), "Daily message quota exceeded") {
			return ErrQuota
		}
		return ErrThrottled
	}
	return ErrOutcomeUnknown
}

// code gives an error code, when it has the form of one. Something between SES
// and us could write anything there, and this text goes to the log.
func code(answer smithy.APIError) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."
	text := answer.ErrorCode()
	if text == "" || len(text) > 64 || strings.Trim(text, letters) != "" {
		return "without a known code"
	}
	return text
}
