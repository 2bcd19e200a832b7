package story

import (
	"errors"
	"fmt"
	"io"
	"net/smtp"
	"os"
	"path/filepath"
	"time"
)

// sampleText is what the sample's person writes: a request for access in their
// own words.
const sampleText = `Beste mensen van PolarWeb,

Ik ben al een paar jaar klant bij jullie. Ik wil graag weten welke gegevens
jullie van mij hebben, en waar jullie die voor gebruiken. Kunnen jullie mij
daar een overzicht van sturen?

Met vriendelijke groet,
Sanne Bakker
`

// sampleMail is the mail itself. Its Message-ID never changes: sent again after
// a crash, it is a second copy and no second request.
func sampleMail(to string, at time.Time) []byte {
	header := "From: Sanne Bakker <sanne.bakker@example.com>\r\n" +
		"To: " + to + "\r\n" +
		"Subject: Welke gegevens hebben jullie van mij?\r\n" +
		"Date: " + at.Format(time.RFC1123Z) + "\r\n" +
		"Message-ID: <sample-1@example.com>\r\n" +
		"MIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n\r\n"
	return append([]byte(header), crlf(sampleText)...)
}

// crlf gives text with the line ends of mail (RFC 5321 section 2.3.8).
func crlf(text string) []byte {
	var lines []byte
	for _, c := range []byte(text) {
		if c == '\n' {
			lines = append(lines, '\r')
		}
		lines = append(lines, c)
	}
	return lines
}

// SendSample sends the sample mail into a state that has not had it yet, says so
// on out, and reports whether it did.
func (t *Teller) SendSample(state string, out io.Writer) (sent bool, err error) {
	marker := filepath.Join(state, "sample-sent")
	_, err = os.Stat(marker)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("looking whether the sample was sent: %w", err)
	}
	to := t.stack.Profile().Intake.Addresses[0]
	now := t.stack.Now().In(t.zone)
	err = smtp.SendMail(t.stack.Addresses().SMTP, nil, "sanne.bakker@example.com", []string{to}, sampleMail(to, now))
	if err != nil {
		return false, fmt.Errorf("sending the sample mail: %w", err)
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		return false, fmt.Errorf("noting that the sample was sent: %w", err)
	}
	fmt.Fprintf(out, "  %s  mail    a request for access came in at %s\n", now.Format(timeLayout), to)
	return true, nil
}
