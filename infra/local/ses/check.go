package ses

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

const (
	// maxRecipients counts To, Cc and Bcc together
	// (https://docs.aws.amazon.com/ses/latest/dg/quotas.html).
	maxRecipients = 50
	// maxTagLength is that of a tag's name and of its value
	// (https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html).
	maxTagLength = 256
	// maxLine is RFC 5322's limit of a line, without its CRLF (2.1.1).
	maxLine = 998
)

// check applies the rules of SES to a request that could be read.
func (e *Endpoint) check(r *request) error {
	for _, sender := range r.senders {
		if !e.isVerified(sender.Address) {
			return invalid("MessageRejected", "Email address is not verified. An identity of Source or the header failed the check in region "+e.options.Region)
		}
	}
	if len(r.recipients) == 0 {
		return invalid("InvalidParameterValue", "Missing required header 'To'.")
	}
	if len(r.recipients) > maxRecipients {
		return invalid("InvalidParameterValue", fmt.Sprintf("Recipient count exceeds %d.", maxRecipients))
	}
	if slices.ContainsFunc(r.recipients, isNotASCII) {
		return invalid("InvalidParameterValue", "SES does not support SMTPUTF8: addresses must be ASCII")
	}
	if r.configurationSet != "" && r.configurationSet != e.options.ConfigurationSet {
		return invalid("ConfigurationSetDoesNotExist", "The configuration set does not exist.")
	}
	for _, tag := range r.tags {
		if !isTagText(tag.Name) || !isTagText(tag.Value) {
			return invalid("InvalidParameterValue", "tags hold 1 to 256 of A-Z, a-z, 0-9, _ and -")
		}
	}
	return r.checkRaw()
}

// isVerified says whether an address is an identity or lies in the domain of
// one, or in a subdomain of it
// (https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html).
func (e *Endpoint) isVerified(address string) bool {
	address = strings.ToLower(address)
	_, domain, _ := strings.Cut(address, "@")
	return slices.ContainsFunc(e.options.Identities, func(identity string) bool {
		identity = strings.ToLower(identity)
		if strings.Contains(identity, "@") {
			return identity == address
		}
		return domain == identity || strings.HasSuffix(domain, "."+identity)
	})
}

// isNotASCII says whether a text needs more than seven bits.
func isNotASCII(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return c > 127 })
}

// isTagText says whether a text may be the name or value of a tag.
func isTagText(text string) bool {
	outside := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}
	return text != "" && len(text) <= maxTagLength && !strings.ContainsFunc(text, outside)
}

// checkRaw refuses messages that SES, or a server behind it, would not take.
func (r *request) checkRaw() error {
	for _, name := range singleHeaders() {
		if len(r.header[name]) > 1 {
			return invalid("InvalidParameterValue", "Duplicate header '"+name+"'.")
		}
	}
	for name := range r.header {
		// These steer SES from inside the mail. Not simulated: say so.
		if strings.HasPrefix(name, "X-Ses-") {
			return invalid("InvalidParameterValue", "the local SES endpoint takes parameters, not X-SES- headers")
		}
	}
	for line := range bytes.Lines(r.raw) {
		if len(bytes.TrimRight(line, "\r\n")) > maxLine {
			return invalid("InvalidParameterValue", "a line of the message is longer than 998 characters")
		}
	}
	return nil
}

// singleHeaders are those our letters may hold once only, in the spelling of
// net/mail (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html).
func singleHeaders() []string {
	return []string{
		"Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
		"In-Reply-To", "Message-Id", "Mime-Version", "References", "Reply-To", "Return-Path", "Sender", "Subject",
	}
}
