package ses

import (
	"fmt"
	"net/http"
	"sync"
)

// Faults are failures still to be played, in the order they were asked for. The
// zero value plays none. It is safe for concurrent use.
type Faults struct {
	mu          sync.Mutex
	refusals    []refusal
	lostReplies int
}

// Refuse makes the next sends fail with an SES error code, that many times. A
// refused mail is not stored.
func (f *Faults) Refuse(code string, times int) error {
	r, known := playable(code)
	if !known {
		return fmt.Errorf("the local SES endpoint cannot play %q", code)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for range times {
		f.refusals = append(f.refusals, r)
	}
	return nil
}

// LoseReplies makes the next accepted sends end without an answer: the mail is
// stored, its events are published, and the caller sees a broken connection.
func (f *Faults) LoseReplies(times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lostReplies += times
}

// playable gives the error SES answers for a code. Throttling comes as a plain
// 400 (https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html).
func playable(code string) (refusal, bool) {
	messages := map[string]string{
		"MessageRejected":                        "Email address is not verified.",
		"Throttling":                             "Maximum sending rate exceeded.",
		"AccountSendingPausedException":          "Sending is paused for this account.",
		"ConfigurationSetDoesNotExist":           "The configuration set does not exist.",
		"ConfigurationSetSendingPausedException": "Sending is paused for this configuration set.",
		"MailFromDomainNotVerifiedException":     "The custom MAIL FROM domain is not verified.",
		"ServiceUnavailable":                     "The request has failed due to a temporary failure of the server.",
	}
	message, known := messages[code]
	status := http.StatusBadRequest
	if code == "ServiceUnavailable" {
		status = http.StatusServiceUnavailable
	}
	return refusal{status, code, message}, known
}

// takeRefusal plays the next refusal, if one is left.
func (f *Faults) takeRefusal() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.refusals) == 0 {
		return nil
	}
	next := f.refusals[0]
	f.refusals = f.refusals[1:]
	return next
}

// takeLostReply says whether this answer is to be lost.
func (f *Faults) takeLostReply() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lostReplies == 0 {
		return false
	}
	f.lostReplies--
	return true
}
