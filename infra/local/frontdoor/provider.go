package frontdoor

import (
	"fmt"
	"net/mail"
	"regexp"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Provider is the mail provider that is played in copy mode.
type Provider struct {
	// AuthservID is the name it signs its Authentication-Results with.
	AuthservID string
	// MXHost is the name of its server in Received.
	MXHost string
	// ForwardTo is the address at SES that it sends copies to, which is then
	// the recipient SES sees. When empty the recipients stay as they are.
	ForwardTo string
}

// result gives the word of Authentication-Results (RFC 8601 §2.7) for what SES
// calls a verdict, or "" for what is no verdict.
func result(verdict string) string {
	switch verdict {
	case "PASS":
		return "pass"
	case "FAIL":
		return "fail"
	case "GRAY":
		return "none"
	case "PROCESSING_FAILED":
		return "temperror"
	}
	return ""
}

// What a sender may write into the provider's lines. Anything else could pass
// for a result of the provider: "a;dmarc=pass"@example.org is an address too.
var (
	plainAddress = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/?^_{|}~.-]+@[A-Za-z0-9.-]+$`)
	plainHost    = regexp.MustCompile(`^\[?[A-Za-z0-9.:-]+\]?$`)
)

// unknown stands in for what is not plain.
const unknown = "unknown"

// plain gives text when it matches, else [unknown].
func plain(text string, pattern *regexp.Regexp) string {
	if pattern.MatchString(text) {
		return text
	}
	return unknown
}

// lines writes what the provider puts above a mail.
func (p *Provider) lines(e envelope, fields []events.SimpleEmailHeader, v verdictSet) []byte {
	spf := "smtp.mailfrom=" + plain(e.sender, plainAddress)
	if e.sender == "" {
		// A bounce has no sender; then the name in HELO was checked (RFC 7208 §2.4).
		spf = "smtp.helo=" + plain(e.helo, plainHost)
	}
	domain := fromDomain(fields)
	if domain == unknown {
		// Without one readable author there is nothing to sign or to align.
		v.dkim, v.dmarc = "GRAY", "GRAY"
	}
	return fmt.Appendf(nil, "Received: from %s by %s with ESMTP id %s; %s\r\n"+
		"Authentication-Results: %s; spf=%s %s; dkim=%s header.d=%s; dmarc=%s header.from=%s\r\n",
		plain(e.helo, plainHost), p.MXHost, e.id, e.at.Format(time.RFC1123Z),
		p.AuthservID, result(v.spf), spf, result(v.dkim), domain, result(v.dmarc), domain)
}

// sesHost is the server that SES names in its own Received line.
const sesHost = "inbound-smtp.eu-central-1.amazonaws.com"

// ownLines writes what SES itself puts above a mail: who handed it over, and
// what its scanners found.
func ownLines(e envelope, p *Provider, v verdictSet) []byte {
	from := plain(e.helo, plainHost)
	if p != nil {
		from = p.MXHost
	}
	return fmt.Appendf(nil, "Received: from %s (%s [127.0.0.1]) by %s with SMTP id %s; %s\r\n"+
		"X-SES-Spam-Verdict: %s\r\nX-SES-Virus-Verdict: %s\r\n",
		from, from, sesHost, e.id, e.at.Format(time.RFC1123Z), v.spam, v.virus)
}

// forward is the envelope under which the provider sends the copy on.
func (p *Provider) forward(e envelope) envelope {
	if p.ForwardTo != "" {
		e.recipients = []string{p.ForwardTo}
	}
	return e
}

// fromDomain gives the domain of the one author of a mail.
func fromDomain(fields []events.SimpleEmailHeader) string {
	values := all(fields, "From")
	if len(values) != 1 {
		return unknown
	}
	list, err := mail.ParseAddressList(values[0])
	if err != nil || len(list) != 1 {
		return unknown
	}
	_, domain, _ := cutAddress(list[0].Address)
	return plain(domain, plainHost)
}
