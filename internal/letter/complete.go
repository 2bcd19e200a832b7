package letter

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// part is one thing a letter needs, by the name an error may mention.
type part struct {
	name    string
	present bool
}

// complete reports what a letter may not go without. A letter about a deadline
// that leaves the deadline out looks like an answer and is none, so it is
// refused here and stays in the outbox where people see it.
func (c Composer) complete(content dsr.LetterContent) error {
	parts := c.sendable(content)
	switch content.Letter.Ref.Kind {
	case dsr.Acknowledgement:
		parts = append(parts, c.acknowledgementParts(content)...)
	case dsr.LetterNotice:
		// What that letter lacked, its case may lack: this one must still go out.
		parts = append(parts, part{"case number", isNumber(content.Number)})
	case dsr.RightsNotice:
		parts = append(parts, caseParts(content)...)
	case dsr.NewCaseNotice:
		parts = append(parts, caseParts(content)...)
		parts = append(parts,
			part{"planning date", isDay(content.Dates.PlanBy)},
			part{"level of trust", isTrust(content.Trust)})
	case dsr.MailNotice:
		parts = append(parts, part{"instant of receipt", !content.Received.IsZero()})
	}
	var missing []string
	for _, p := range parts {
		if !p.present {
			missing = append(missing, p.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: no usable %s", ErrIncomplete, strings.Join(missing, ", no usable "))
	}
	return nil
}

// sendable lists what every letter needs to leave at all and to lead the
// reader back to us.
func (c Composer) sendable(content dsr.LetterContent) []part {
	rule, known := content.Letter.Purpose.Rule()
	return []part{
		{"address of the reader", isAddress(content.To.Address)},
		{"address of the sender", isAddress(c.Profile.Sender.FromAddress)},
		{"domain for replies", isAddress(c.Profile.Sender.Thread.Address())},
		{"day of queueing", !content.Letter.Queued.IsZero()},
		{"base address of links", isWebAddress(c.BaseURL)},
		// A link for staff in a letter to the data subject would open the desk.
		{"purpose of the link", known && rule.Staff == staff(content.Letter.Ref.Kind)},
		{"token of the link", isToken(content.Token)},
	}
}

// caseParts lists what a letter about a case needs.
func caseParts(content dsr.LetterContent) []part {
	return []part{
		{"case number", isNumber(content.Number)},
		{"day of receipt", isDay(content.Dates.ReceiptDay)},
		{"promised date", isDay(content.Dates.PromiseDue)},
		{"legal date", isDay(content.Dates.LawDue)},
		{"right", areRights(content.Rights)},
	}
}

// acknowledgementParts lists what the receipt of a request must tell: what we
// understood, both dates, and where a person can turn to.
// EDPB Guidelines 01/2022, par. 57, advises to state the period from and to.
func (c Composer) acknowledgementParts(content dsr.LetterContent) []part {
	statement, _ := c.statement(content)
	return append(caseParts(content),
		part{"token of the thread", isThread(content.Thread)},
		part{"proof asked for each right", c.proofKnown(content.Rights)},
		part{"contact address", isAddress(c.Profile.Controller.Email)},
		part{"name of the controller", c.Profile.Controller.PublicName() != ""},
		part{"privacy statement", isWebAddress(statement)},
		part{"name of the authority", c.Profile.Authority.Name != ""},
		part{"page for complaints", isWebAddress(c.Profile.Authority.ComplaintURL)})
}

// proofKnown reports whether the profile says for each right what is asked. A
// right without a policy is not a right for which nothing is asked.
func (c Composer) proofKnown(rights []dsr.Right) bool {
	for _, right := range rights {
		if _, known := c.Profile.Means(string(right)); !known {
			return false
		}
	}
	return true
}

// isAddress accepts a bare address in ASCII. SES sends to no other
// (SendRawEmail API reference, Destinations: 7-bit ASCII), and whatever could
// end a header line is refused with the rest.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// isWebAddress accepts an absolute http or https address made of the
// characters of RFC 3986, so that it can stand in a line of text and in an
// attribute as it is.
func isWebAddress(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || parsed.User != nil {
		return false
	}
	const marks = "-._~:/?#[]@!$&'()*+,;=%"
	return (parsed.Scheme == "https" || parsed.Scheme == "http") && only(text, letterOrDigit+marks)
}

const (
	digits        = "0123456789"
	lowerOrDigit  = "abcdefghijklmnopqrstuvwxyz" + digits
	letterOrDigit = lowerOrDigit + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// only reports that a text is not empty and made of these characters alone.
func only(text, characters string) bool {
	return text != "" && strings.Trim(text, characters) == ""
}

// isToken accepts what a signed link can be made of, so that it needs no
// escaping anywhere.
func isToken(text string) bool { return only(text, letterOrDigit+"-_.") }

// isThread accepts what can follow the plus of a reply address.
func isThread(text string) bool { return len(text) <= 64 && only(text, lowerOrDigit) }

// isNumber accepts a case number with a year, short enough for a subject line.
func isNumber(n dsr.Number) bool {
	return n.Year() > 0 && len(n) <= 24 && only(string(n), letterOrDigit+"-")
}

// isDay accepts a civil date that exists.
func isDay(day dsr.Day) bool { return !date(day).IsZero() }

// isTrust accepts the three levels of trust.
func isTrust(level dsr.TrustLevel) bool {
	return level == dsr.TrustA || level == dsr.TrustB || level == dsr.TrustC
}

// areRights accepts one right or more, all of which have words in the sources.
func areRights(rights []dsr.Right) bool {
	for _, right := range rights {
		if !right.Known() {
			return false
		}
	}
	return len(rights) > 0
}
