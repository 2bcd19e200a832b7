package letter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/wneessen/go-mail"

	"polarweb.nl/inzage/internal/dsr"
)

// CaseHeader is the header field by which intake knows a mail of our own that
// comes back to it. It holds the case number, or "-" in a letter without one.
const CaseHeader = "X-Inzage-Case"

// pack makes a mail of a letter: two parts of one content, plain text first.
func (c Composer) pack(content dsr.LetterContent, language dsr.Language, letter rendered) (dsr.Message, error) {
	msg := c.header(content, language, letter.subject)
	msg.SetBodyString(mail.TypeTextPlain, letter.text)
	msg.AddAlternativeString(mail.TypeTextHTML, letter.html)
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return dsr.Message{}, fmt.Errorf("writing the mail: %w", err)
	}
	return message(content, raw.Bytes()), nil
}

// message gives a written mail its recipient and its tag.
func message(content dsr.LetterContent, raw []byte) dsr.Message {
	return dsr.Message{To: []string{content.To.Address}, Raw: raw, Tag: content.Letter.Ref.Tag()}
}

// mark is a word that belongs to one letter. Boundary and Message-ID follow from
// it, so that a letter that is sent again is the same mail byte for byte.
func mark(content dsr.LetterContent) string {
	sum := sha256.Sum256([]byte(content.Letter.Ref.Tag()))
	return hex.EncodeToString(sum[:16])
}

// boundary is what stands between the parts of a letter.
func boundary(content dsr.LetterContent) string { return "inzage-" + mark(content) }

// header begins a mail: all of its header fields but those about its parts.
func (c Composer) header(content dsr.LetterContent, language dsr.Language, subject string) *mail.Msg {
	msg := mail.NewMsg(
		mail.WithNoDefaultUserAgent(),
		mail.WithBoundary(boundary(content)),
		mail.WithEncoding(mail.EncodingQP),
		mail.WithCharset(mail.CharsetUTF8),
	)
	c.address(msg, content)
	msg.Subject(subject)
	// SES writes its own Date and Message-ID over these (Amazon SES Developer
	// Guide, "Amazon SES header fields"); elsewhere they make the mail valid.
	msg.SetDateWithValue(content.Letter.Queued.UTC())
	msg.SetMessageIDWithValue(mark(content) + "@" + c.Profile.Sender.Thread.Domain)
	msg.SetGenHeader(mail.HeaderContentLang, string(language))
	automatic(msg, content)
	return msg
}

// address fills in who writes to whom. An answer to a letter about a case
// comes back to the address of its thread, and so finds the case again.
func (c Composer) address(msg *mail.Msg, content dsr.LetterContent) {
	sender := c.Profile.Sender
	msg.FromMailAddress(&netmail.Address{Name: inert(sender.FromName), Address: sender.FromAddress})
	msg.ToMailAddress(&netmail.Address{Name: plainName(content.To.Name), Address: content.To.Address})
	if staff(content.Letter.Ref.Kind) {
		return
	}
	msg.ReplyToMailAddress(&netmail.Address{Address: sender.Thread.Plus(content.Thread)})
	// The requester's Message-ID names the requester's mail provider, perhaps
	// their own domain; a contact on file may be somebody else.
	if answered, ok := messageID(content.InReply); ok && content.Letter.To.Requester {
		msg.SetGenHeader(mail.HeaderInReplyTo, answered)
		msg.SetGenHeader(mail.HeaderReferences, answered)
	}
}

// automatic marks the mail as written by a machine, so that machines do not
// answer it.
func automatic(msg *mail.Msg, content dsr.LetterContent) {
	// RFC 3834, section 5: auto-replied answers one mail, auto-generated none.
	submitted, number := "auto-generated", string(content.Number)
	switch content.Letter.Ref.Kind {
	case dsr.Acknowledgement:
		submitted = "auto-replied"
	case dsr.MailNotice, dsr.ForwardLetter:
		number = "-"
	}
	msg.SetGenHeader("Auto-Submitted", submitted)
	// Exchange and Outlook heed this field and not that of RFC 3834 (MS-OXCMAIL,
	// section 2.2.3.2.14).
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader(CaseHeader, number)
}

// messageID gives a Message-ID of somebody else's mail in the form of RFC 5322,
// section 3.6.4, when it has that form. A strange one is left out: the letter
// reaches its reader without it.
func messageID(text string) (id string, ok bool) {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
	left, right, found := strings.Cut(inner, "@")
	const atom = letterOrDigit + "!#$%&'*+-/=?^_`{|}~."
	if !found || len(inner) > 250 || !only(left, atom) || !only(right, atom+"[]:") {
		return "", false
	}
	return "<" + inner + ">", true
}
