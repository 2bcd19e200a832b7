package mailroom

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"

	"polarweb.nl/inzage/internal/dsr"
)

// Read reads one mail to its end and says what it is. It fails only when the
// stream fails; then the mail must be read again, for nothing is known of it.
func (r Reader) Read(mail io.Reader, receipt Receipt) (dsr.Enquiry, error) {
	src := newSource(mail)
	letter := r.open(src, receipt)
	hash := src.finish()
	if src.err != nil {
		return dsr.Enquiry{}, fmt.Errorf("reading mail %s: %w", receipt.MailID, src.err)
	}
	if src.large && letter.body.flaw == "" {
		letter.body.flaw = reasonTooLarge
	}
	enquiry := r.judge(letter)
	enquiry.MailID = receipt.MailID
	enquiry.RawHash, enquiry.Size = hash, src.size
	return enquiry, nil
}

// letter is a mail that was read and not yet judged.
type letter struct {
	header  *header
	sender  sender
	subject string
	body    body
	receipt Receipt
}

// open reads header and parts. A mail with a virus stays shut: nothing of it
// but its header is looked at.
func (r Reader) open(src *source, receipt Receipt) letter {
	mail := bufio.NewReader(src)
	header := readHeader(mail)
	receipt = header.scanned(receipt)
	l := letter{
		header:  header,
		sender:  readSender(header),
		subject: oneLine(decodeWords(header.get("subject")), maxSubject),
		receipt: receipt,
	}
	switch {
	case infected(receipt):
		l.body.flaw = reasonVirus
	case receipt.Virus == "":
		l.body.flaw = reasonUnscanned
	case header.large:
		l.body.flaw = reasonTooLarge
	default:
		l.body = readBody(header, mail)
	}
	return l
}

// maxSubject bounds a subject line in bytes.
const maxSubject = 1000

// infected reports whether SES found a virus or could not look for one.
func infected(receipt Receipt) bool {
	v := verdict(receipt.Virus)
	return v == fail || v == broken
}

// judge puts everything known about the mail together. Rights are kept for a
// request only: on any other mail they would read as something that was asked.
func (r Reader) judge(l letter) dsr.Enquiry {
	messageID := messageID(l.header.get("message-id"))
	e := dsr.Enquiry{
		ReceivedAt: r.received(l.header, l.receipt.TakenIn),
		MessageKey: messageKey(l.sender.address, messageID),
		Trust:      r.trust(l.header, l.sender, l.receipt),
		Letter: dsr.Correspondence{
			Address: l.sender.address, Name: l.sender.name, SubjectLine: l.subject, MessageID: messageID,
			Text: l.body.text, Truncated: l.body.truncated, Attachments: l.body.attachments,
		},
	}
	own := ownWords(l.body.text)
	e.Language = r.Settings.language(l.subject + "\n" + own)
	e.Kind, e.Reason = r.classify(l, own, &e)
	if e.Kind != dsr.KindRequest {
		e.Rights = nil
	}
	return e
}

// classify decides the kind. Whatever may hold a request, and is not clearly
// one, goes to a person; only what is clearly none goes its ordinary way.
//
// The order matters. A virus comes first, so that nothing else looks inside. A
// certain machine comes before the words, because bounces and answers quote our
// own letters, which are full of the words of requests. A request comes before
// every fault of the mail: the legal month runs from its receipt, however badly
// the mail was made (art. 12(3) GDPR). The faults come before "maybe", because
// they tell the person who looks what to look for.
func (r Reader) classify(l letter, own string, e *dsr.Enquiry) (dsr.MailKind, string) {
	if l.body.flaw == reasonVirus || l.body.flaw == reasonUnscanned {
		return dsr.KindUnreadable, l.body.flaw
	}
	machine := r.Settings.automatic(l.header, l.sender, l.subject)
	if machine.certain {
		return dsr.KindAutomatic, machine.reason
	}
	if len(l.header.fields) == 0 {
		return dsr.KindUnreadable, reasonNoHeader
	}
	if l.sender.address == "" {
		return dsr.KindUnreadable, reasonNoSender
	}
	found := l.asked(own)
	e.Rights, e.Phrases = found.rights, found.phrases
	doubtful := machine.reason != "" || verdict(l.receipt.Spam) == fail
	if len(found.rights) > 0 && !doubtful {
		return dsr.KindRequest, reasonRequest
	}
	if reason := l.obstacle(); reason != "" {
		return dsr.KindUnreadable, reason
	}
	if len(found.rights) > 0 || found.maybe {
		return dsr.KindUnreadable, reasonMaybe
	}
	return l.other(machine, own)
}

// obstacle gives the reason why the words of the mail may not be all there is.
func (l letter) obstacle() string {
	switch {
	case l.body.encrypted:
		return reasonEncrypted
	case l.body.flaw != "":
		return l.body.flaw
	case l.body.truncated:
		return reasonTooLarge
	}
	return ""
}

// other tells apart the mails in which nothing is asked. A machine that sends
// only a file (an invoice, a scanner in the hall) is no letter of a person; a
// person who sends only a file may have written a letter by hand.
func (l letter) other(machine automation, own string) (dsr.MailKind, string) {
	short := len(strings.FieldsFunc(own, func(r rune) bool { return !unicode.IsLetter(r) })) < fewWords
	switch {
	case machine.reason != "":
		return dsr.KindAutomatic, machine.reason
	case len(l.body.attachments) > 0 && short:
		return dsr.KindUnreadable, reasonOnlyAttachments
	case blank(l.body.text):
		return dsr.KindUnreadable, reasonEmpty
	case onList(l.header):
		return dsr.KindOrdinary, reasonList
	}
	return dsr.KindOrdinary, reasonNoRequest
}

// fewWords is the number of words below which the letter is thought to be in
// the attachment ("Zie bijlage."), which only a person can read.
const fewWords = 5

// asked recognises what the sender asks in his own words. A subject that came
// from an older mail is not his. Words he only passes on, or that stand alone
// in an answer, open no case by themselves: a person looks.
func (l letter) asked(own string) understanding {
	subject := l.subject
	if isReply(subject) {
		subject = ""
	}
	found := recognise(subject, own)
	if len(found.rights) > 0 || !isForward(l.subject) && !blank(own) {
		return found
	}
	passedOn := recognise("", l.body.text)
	if len(passedOn.rights) > 0 || passedOn.maybe {
		return understanding{phrases: passedOn.phrases, maybe: true}
	}
	return found
}

// messageID gives a Message-ID without its brackets; programs add comments and
// spaces around it.
func messageID(value string) string {
	if _, inner, found := strings.Cut(value, "<"); found {
		value, _, _ = strings.Cut(inner, ">")
	}
	return oneLine(strings.TrimSpace(value), maxLine)
}

// messageKey names a mail by who sent it and its Message-ID, so that a second
// copy is known. The parts are length-prefixed: no two pairs hash alike.
func messageKey(address, messageID string) [32]byte {
	if address == "" || messageID == "" {
		return [32]byte{}
	}
	text := []byte("inzage message key 1\x00")
	for _, piece := range []string{address, messageID} {
		text = binary.BigEndian.AppendUint32(text, uint32(len(piece)))
		text = append(text, piece...)
	}
	return sha256.Sum256(text)
}
