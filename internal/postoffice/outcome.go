package postoffice

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	// ErrTooLarge is returned when the letter is larger than SES takes. It is also
	// dsr.ErrTooLarge.
	ErrTooLarge = fmt.Errorf("SES refused it for its size: %w", dsr.ErrTooLarge)
	// ErrPaused is returned when nothing can be sent until somebody mends the
	// account: sending is paused, or a permission or the configuration set is
	// missing. It is also dsr.DelayPaused.
	ErrPaused = fmt.Errorf("until the account is mended: %w", dsr.DelayPaused)
	// ErrUnverified is returned when SES does not trust an address or a domain: the
	// account is in the sandbox, or a verification was lost. It is also
	// dsr.DelayUnverified.
	ErrUnverified = fmt.Errorf("until SES trusts the identity: %w", dsr.DelayUnverified)
	// ErrQuota is returned when the number of mails of this day is used up. It is
	// also dsr.DelayQuota.
	ErrQuota = fmt.Errorf("until the daily quota frees up: %w", dsr.DelayQuota)
	// ErrThrottled is returned when letters go too fast; it passes in seconds.
	ErrThrottled = errors.New("SES asks to send more slowly")
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

// rule says what an answer with one of some codes means for the letter, when its
// message holds the words; "" is any message.
type rule struct {
	codes []string
	words string
	means error
}

// rules lists what is known of SES, the first that fits counts. Codes are those of
// the SES API reference, "SendRawEmail" and "Common errors", with and without
// "Exception", as both are seen. Some codes stand for things that only the
// message tells apart (docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
// and manage-sending-quotas-errors.html).
func rules() []rule {
	refused := []string{"MessageRejected", "InvalidParameterValue"}
	throttled := []string{"Throttling", "ThrottlingException", "TooManyRequestsException"}
	return []rule{
		// In the sandbox, and after a lost verification, the fault is not the
		// letter's; neither is it while the account is paused.
		{refused, "not verified", ErrUnverified},
		{refused, "sending paused", ErrPaused},
		{refused, "account is paused", ErrPaused},
		{refused, "message length is more than", ErrTooLarge},
		{refused, "", ErrRejected},
		{[]string{"RequestEntityTooLarge"}, "", ErrTooLarge},
		{[]string{
			"MailFromDomainNotVerified", "MailFromDomainNotVerifiedException",
			"FromEmailAddressNotVerified", "FromEmailAddressNotVerifiedException",
		}, "", ErrUnverified},
		{[]string{
			"AccountSendingPaused", "AccountSendingPausedException",
			"ConfigurationSetSendingPaused", "ConfigurationSetSendingPausedException",
			"ConfigurationSetDoesNotExist", "ConfigurationSetDoesNotExistException",
			"ProductionAccessNotGranted", "ProductionAccessNotGrantedException",
			"AccessDenied", "AccessDeniedException", "NotAuthorized", "OptInRequired",
		}, "", ErrPaused},
		{throttled, "daily message quota exceeded", ErrQuota},
		{throttled, "daily sending quota exceeded", ErrQuota},
		{[]string{"LimitExceeded", "LimitExceededException"}, "", ErrQuota},
		{throttled, "", ErrThrottled},
	}
}

// outcome says what an answer of SES means for the letter. Only an answer that
// surely means "not sent" is anything but unknown.
func outcome(answer smithy.APIError) error {
	message := strings.ToLower(answer.ErrorMessage())
	for _, rule := range rules() {
		if slices.Contains(rule.codes, answer.ErrorCode()) && strings.Contains(message, rule.words) {
			return rule.means
		}
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
