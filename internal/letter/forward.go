package letter

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// largestMail is what SES version 1 sends, headers and encoding included
	// (docs.aws.amazon.com/ses/latest/dg/quotas.html: 10 MB; read as decimal, the
	// smaller meaning).
	largestMail = 10_000_000
	// ownPart is more than a forward holds beside its original.
	ownPart = 50_000

	// RFC 2045, section 6.8: lines of base64 have 76 characters at most, which
	// hold 57 bytes, and end in CR LF.
	bytesOfLine = 57
	lineOfBytes = 78

	// longestLine is that of a mail that needs no encoding (RFC 5322, 2.1.1).
	longestLine = 998
)

// errNoOriginal is returned for a forward of nothing.
var errNoOriginal = fmt.Errorf("%w: a forward without its original", ErrIncomplete)

// largestOriginal is the size of the largest original of 7-bit text.
const largestOriginal = largestMail - ownPart

// fits reports whether an original of a size can be passed on. One that has to be
// encoded grows by more than a third, and fits up to 7.27 MB.
func fits(size int, encoded bool) bool {
	if encoded {
		size = (size + bytesOfLine - 1) / bytesOfLine * lineOfBytes
	}
	return size <= largestOriginal
}

// Forward makes the mail that passes an original on: a new mail from our own
// domain, so that it is not taken for a forged one, with the original as it
// arrived hanging on it. Nothing of the original, its subject included, stands in
// the mail itself, but for one thing: where the sender can be believed, an answer
// goes to that sender. The error is ErrIncomplete, ErrUnknownKind, ErrSource,
// dsr.ErrTooLarge, or that of reading the original.
func (c Composer) Forward(content dsr.LetterContent, original io.Reader) (dsr.Message, error) {
	tag := content.Letter.Ref.Tag()
	whole, err := io.ReadAll(io.LimitReader(original, largestOriginal+1))
	if err != nil {
		return dsr.Message{}, fmt.Errorf("reading the original of letter %s: %w", tag, err)
	}
	forward, err := c.forward(content, whole)
	if err != nil {
		return dsr.Message{}, fmt.Errorf("composing letter %s: %w", tag, err)
	}
	return forward, nil
}

// forward takes the steps of Forward: write the words, hang the original on them.
func (c Composer) forward(content dsr.LetterContent, original []byte) (dsr.Message, error) {
	// What holds our boundary would end its own part (RFC 2046, section 5.1.1).
	encoded := !sevenBit(original) || bytes.Contains(original, []byte(boundary(content)))
	switch {
	case content.Letter.Ref.Kind != dsr.ForwardLetter:
		return dsr.Message{}, ErrUnknownKind
	case len(original) == 0:
		return dsr.Message{}, errNoOriginal
	case !fits(len(original), encoded):
		return dsr.Message{}, dsr.ErrTooLarge
	}
	var flags []string
	writer := writerOf(content.Trust, original)
	if writer != "" {
		flags = append(flags, "answerable")
	}
	language := c.language(content)
	words, err := c.write(content, language, flags...)
	if err != nil {
		return dsr.Message{}, err
	}
	msg := c.header(content, language, words.subject)
	if writer != "" {
		msg.ReplyToMailAddress(&netmail.Address{Address: writer})
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return dsr.Message{}, fmt.Errorf("writing the header: %w", err)
	}
	if err := writeParts(&raw, boundary(content), words.text, original, encoded); err != nil {
		return dsr.Message{}, fmt.Errorf("writing the parts: %w", err)
	}
	return message(content, raw.Bytes()), nil
}

// writerOf gives the one address in the From field of a mail whose sender can be
// believed, and nothing for any other mail: an answer of staff would go to whom
// somebody else chose. What the mail itself asks to reply to counts for nothing.
func writerOf(trust dsr.TrustLevel, original []byte) string {
	if trust != dsr.TrustA && trust != dsr.TrustB {
		return ""
	}
	parsed, err := netmail.ReadMessage(bytes.NewReader(original))
	if err != nil || len(parsed.Header["From"]) != 1 {
		return ""
	}
	from, err := netmail.ParseAddressList(parsed.Header.Get("From"))
	if err != nil || len(from) != 1 || !isAddress(from[0].Address) {
		return ""
	}
	return from[0].Address
}

// writeParts ends the header of a mail and writes its two parts.
func writeParts(raw *bytes.Buffer, boundary, words string, original []byte, encoded bool) error {
	parts := multipart.NewWriter(raw)
	if err := parts.SetBoundary(boundary); err != nil {
		return err
	}
	raw.WriteString("Content-Type: multipart/mixed;\r\n boundary=" + boundary + "\r\n\r\n")
	return errors.Join(writeWords(parts, words), writeOriginal(parts, original, encoded), parts.Close())
}

// writeWords writes the words of a forward.
func writeWords(parts *multipart.Writer, words string) error {
	text, err := parts.CreatePart(partHeader("text/plain; charset=UTF-8", "quoted-printable"))
	if err != nil {
		return err
	}
	plain := quotedprintable.NewWriter(text)
	_, err = io.WriteString(plain, words)
	return errors.Join(err, plain.Close())
}

// writeOriginal hangs the original on a forward, byte for byte. One that is no
// 7-bit text becomes an opaque file in base64: message/rfc822 may not be encoded
// (RFC 2046, section 5.2.1), and 8-bit mail may be changed on its way.
func writeOriginal(parts *multipart.Writer, original []byte, encoded bool) error {
	header := partHeader("message/rfc822", "7bit")
	if encoded {
		header = partHeader("application/octet-stream", "base64")
	}
	// A name of our own: that of the sender would say what the mail is about.
	header.Set("Content-Disposition", `attachment; filename="mail.eml"`)
	file, err := parts.CreatePart(header)
	if err != nil {
		return err
	}
	if encoded {
		return writeBase64(file, original)
	}
	_, err = file.Write(original)
	return err
}

// partHeader gives the header of a part.
func partHeader(kind, encoding string) textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Type": {kind}, "Content-Transfer-Encoding": {encoding}}
}

// writeBase64 writes bytes as lines of base64.
func writeBase64(file io.Writer, content []byte) error {
	var line []byte
	for piece := range slices.Chunk(content, bytesOfLine) {
		line = append(base64.StdEncoding.AppendEncode(line[:0], piece), "\r\n"...)
		if _, err := file.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// sevenBit reports whether a mail can travel as it is: characters of ASCII but
// NUL, in lines that end in CR LF and are not too long (RFC 2045, section 2.7).
func sevenBit(mail []byte) bool {
	length, before := 0, byte(0)
	for _, b := range mail {
		switch {
		case b == 0 || b > 0x7f || (b == '\n') != (before == '\r'):
			return false
		case b == '\n':
			length = 0
		case b != '\r':
			length++
		}
		if length > longestLine {
			return false
		}
		before = b
	}
	return before != '\r'
}
