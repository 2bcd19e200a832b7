package letter

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"polarweb.nl/inzage/internal/deadline"
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
	parts := append(c.sendable(content), c.linkParts(content)...)
	if staff(content.Letter.Ref.Kind) {
		parts = append(parts, staffParts(content)...)
	} else {
		parts = append(parts, c.personalParts(content)...)
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

// sendable lists what every letter needs to leave at all.
func (c Composer) sendable(content dsr.LetterContent) []part {
	return []part{
		{"address of the reader", isAddress(content.To.Address)},
		{"reader for this kind of letter", reaches(content)},
		{"address of the sender", isAddress(c.Profile.Sender.FromAddress)},
		{"domain for replies", isAddress(c.Profile.Sender.Thread.Address())},
		{"day of queueing", !content.Letter.Queued.IsZero()},
	}
}

// linkParts lists what the link of a letter needs. A letter without a link has
// neither a purpose nor a token.
func (c Composer) linkParts(content dsr.LetterContent) []part {
	if form, _ := formOf(content.Letter.Ref.Kind); len(form.links) == 0 {
		return []part{
			{"purpose of the link", content.Letter.Purpose == ""},
			{"token of the link", content.Token == ""},
		}
	}
	return []part{
		{"base address of links", isWebAddress(c.BaseURL)},
		{"purpose of the link", linksTo(content)},
		{"token of the link", isToken(content.Token)},
	}
}

// staffParts lists what a letter to staff needs to say.
func staffParts(content dsr.LetterContent) []part {
	planning := part{"planning date", isDay(content.Dates.PlanBy)}
	arrived := part{"instant of receipt", !content.Received.IsZero()}
	switch content.Letter.Ref.Kind {
	case dsr.LetterNotice:
		// What that letter lacked, its case may lack: this one must still go out.
		return []part{{"case number", isNumber(content.Number)}}
	case dsr.MailNotice, dsr.ForwardLetter:
		return []part{arrived}
	case dsr.ReminderNotice:
		return append(reminderParts(content), planning)
	case dsr.NewCaseNotice:
		return append(caseParts(content), planning, part{"level of trust", isTrust(content.Trust)})
	case dsr.ReviewNotice:
		return append(caseParts(content), planning)
	case dsr.BackNotice:
		word := content.Letter.Reason
		return append(caseParts(content), part{"reason why the draft came back", word == sentBack || word == refused})
	}
	return caseParts(content)
}

// reminderParts lists what a reminder needs: of its case the number and the dates
// alone, so that nothing else can keep it from staff.
func reminderParts(content dsr.LetterContent) []part {
	dates := content.Dates
	extends := content.Letter.Reason == string(deadline.WarnExtensionNotice)
	ends := !extends || isDay(dates.LawBase) && isDay(dates.ExtensionDue)
	return append(termParts(content),
		part{"case number", isNumber(content.Number)},
		part{"day of receipt", isDay(dates.ReceiptDay)},
		part{"dates of an extension", ends})
}

// requestParts lists what a letter needs that names a request.
func requestParts(content dsr.LetterContent) []part {
	return []part{
		{"case number", isNumber(content.Number)},
		{"day of receipt", isDay(content.Dates.ReceiptDay)},
		{"right", areRights(content.Rights)},
	}
}

// caseParts lists what a letter needs that holds the dates of a case.
func caseParts(content dsr.LetterContent) []part {
	return append(requestParts(content), termParts(content)...)
}

// termParts lists the two dates by which a case is answered.
func termParts(content dsr.LetterContent) []part {
	return []part{
		{"promised date", isDay(content.Dates.PromiseDue)},
		{"legal date", isDay(content.Dates.LawDue)},
	}
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
