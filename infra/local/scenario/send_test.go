package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/smtp"
	"strings"
	"sync"
)

// mailTo is the address that the shipped organisation file takes mail in at.
const mailTo = "info@polarweb.nl"

// crlf gives a mail the line ends of mail (RFC 5321, section 2.3.8).
func crlf(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// author gives the address in From, the usual envelope sender; "" when there
// is none that can be read.
func author(raw []byte) string {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	from, err := mail.ParseAddress(message.Header.Get("From"))
	if err != nil {
		return ""
	}
	return from.Address
}

// send sends one mail, and notes it once the door has answered 250.
func (w *world) send(name, from string, raw []byte) error {
	return w.sendAtOnce(from, sentMail{name, crlf(raw)})
}

// sendAtOnce sends mails in sessions of their own. Their last lines leave
// together, so that the stack gets them at one moment.
func (w *world) sendAtOnce(from string, mails ...sentMail) error {
	door := w.stack.Addresses().SMTP
	var sessions []*session
	for _, one := range mails {
		s, err := openSession(door, from, one.raw)
		if err != nil {
			return fmt.Errorf("sending %s: %w", one.name, err)
		}
		defer s.client.Close()
		sessions = append(sessions, s)
	}
	faults := make([]error, len(mails))
	var together sync.WaitGroup
	for i, s := range sessions {
		together.Go(func() { faults[i] = s.finish() })
	}
	together.Wait()
	w.sent = append(w.sent, mails...)
	_, unnamed := w.mailNames() // now, while the store has them as they came
	return errors.Join(append(faults, unnamed)...)
}

// session is a mail that lacks only its last line.
type session struct {
	client *smtp.Client
	data   io.WriteCloser
}

// openSession takes a mail up to its last line. From is the envelope sender;
// "-" stands for the author in the mail itself.
func openSession(door, from string, raw []byte) (*session, error) {
	if from == "-" {
		from = author(raw)
	}
	client, err := smtp.Dial(door)
	if err != nil {
		return nil, err
	}
	s := &session{client: client}
	err = client.Mail(from)
	if err == nil {
		err = client.Rcpt(mailTo)
	}
	if err == nil {
		s.data, err = client.Data()
	}
	if err == nil {
		_, err = s.data.Write(raw)
	}
	if err != nil {
		client.Close()
		return nil, err
	}
	return s, nil
}

// finish sends the last line and waits for 250: from there on the mail is ours.
func (s *session) finish() error { return s.data.Close() }

// sendTo sends one mail to a door and returns when it was accepted.
func sendTo(door string, raw []byte) error {
	s, err := openSession(door, "-", crlf(raw))
	if err != nil {
		return err
	}
	defer s.client.Close()
	return s.finish()
}

// request is a mail of somebody who asks for access, nothing special about it.
func request(name, address string) []byte {
	id := strings.NewReplacer("@", ".").Replace(address)
	return fmt.Appendf(nil, "From: %s <%s>\nTo: %s\nSubject: Mijn gegevens\nMessage-ID: <%s@mail.example>\n\n"+
		"Goedendag,\n\nIk wil graag weten welke persoonsgegevens u van mij hebt.\n\nGroeten,\n%s\n",
		name, address, mailTo, id, name)
}
