package mailbox

import (
	"bytes"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"polarweb.nl/inzage/infra/local/ses"
)

// snippetLength is Mailpit's, in characters.
const snippetLength = 250

// summary is a mail as the list shows it, in the field names of Mailpit.
type summary struct {
	// ID is the one SES answered with; MessageID is that of the header, which
	// SES made of it.
	ID        string
	MessageID string
	// Read stays false: looking at a mail writes nothing.
	Read    bool
	From    mail.Address
	To      []mail.Address
	Cc      []mail.Address
	Bcc     []mail.Address
	ReplyTo []mail.Address
	Subject string
	// Created is when SES accepted the mail, by the clock of the stack.
	Created     time.Time
	Tags        []string
	Size        int
	Attachments int
	Snippet     string
}

// letter is a mail read whole.
type letter struct {
	summary
	header      mail.Header
	returnPath  string
	date        time.Time // of the header, zero when it has none
	text        string
	html        string
	attachments []part
	inline      []part
	raw         []byte
	// unreadable tells the page to point at the source.
	unreadable bool
}

// read never fails: what cannot be parsed is shown from its description.
func read(stored ses.StoredMail, raw []byte) *letter {
	l := &letter{raw: raw, summary: summary{
		ID: stored.ID, Created: stored.AcceptedAt, Size: len(raw),
		To: []mail.Address{}, Cc: []mail.Address{}, Bcc: []mail.Address{}, ReplyTo: []mail.Address{},
		Tags: tagTexts(stored.Tags),
	}}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		l.describe(stored)
		return l
	}
	l.readHeader(message.Header, stored)
	// What came before a broken part is still worth showing.
	if err := l.walk(message.Header, message.Body, 0); err != nil {
		l.unreadable = true
	}
	l.Attachments = len(l.attachments)
	l.Snippet = snippet(l.text)
	return l
}

// describe fills in what SES knew of a mail that cannot be parsed.
func (l *letter) describe(stored ses.StoredMail) {
	l.unreadable = true
	l.Subject = "(onleesbaar bericht)"
	l.From = mail.Address{Address: stored.Source}
	for _, address := range stored.Destinations {
		l.To = append(l.To, mail.Address{Address: address})
	}
}

// readHeader fills in who, what and when. Recipients that no visible header
// names got a blind copy.
func (l *letter) readHeader(header mail.Header, stored ses.StoredMail) {
	l.header = header
	l.MessageID = strings.Trim(header.Get("Message-Id"), "<> ")
	l.Subject = decodeWords(header.Get("Subject"))
	l.To, l.Cc = addresses(header, "To"), addresses(header, "Cc")
	l.ReplyTo = addresses(header, "Reply-To")
	l.returnPath = strings.Trim(header.Get("Return-Path"), "<> ")
	if from := addresses(header, "From"); len(from) > 0 {
		l.From = from[0]
	}
	if date, err := header.Date(); err == nil {
		l.date = date
	}
	// A damaged description knows no time; the header's is the next best.
	if l.Created.IsZero() {
		l.Created = l.date
	}
	visible := slices.Concat(l.To, l.Cc)
	for _, address := range stored.Destinations {
		isSame := func(a mail.Address) bool { return strings.EqualFold(a.Address, address) }
		if !slices.ContainsFunc(visible, isSame) {
			l.Bcc = append(l.Bcc, mail.Address{Address: address})
		}
	}
}

// addresses reads a header of addresses; the list is never nil, so that JSON
// shows an empty one.
func addresses(header mail.Header, name string) []mail.Address {
	list := []mail.Address{}
	parsed, err := header.AddressList(name)
	if err != nil {
		return list
	}
	for _, address := range parsed {
		list = append(list, *address)
	}
	return list
}

// tagTexts shows SES tags as Mailpit shows tags: one text each.
func tagTexts(tags []ses.Tag) []string {
	texts := []string{}
	for _, tag := range tags {
		texts = append(texts, tag.Name+"="+tag.Value)
	}
	return texts
}

// decodeWords undoes RFC 2047 and leaves alone what is not it.
func decodeWords(text string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(text)
	if err != nil {
		return text
	}
	return decoded
}

// snippet is the beginning of a text on one line.
func snippet(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= snippetLength {
		return line
	}
	return string([]rune(line)[:snippetLength]) + "…"
}
