package mailbox

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"path"
	"strconv"
	"strings"
)

// maxDepth bounds parts within parts. Our letters have three.
const maxDepth = 8

// part is one leaf of a mail that is not its text.
type part struct {
	// PartID is the last piece of the path under which the part is served.
	PartID      string
	FileName    string
	ContentType string
	ContentID   string
	Size        int

	content []byte
}

// SizeText is the size as the page shows it, in the kB of 1,000 bytes.
func (p part) SizeText() string {
	if p.Size < 1000 {
		return fmt.Sprintf("%d bytes", p.Size)
	}
	return fmt.Sprintf("%d kB", (p.Size+500)/1000)
}

// header is what walk needs of the header of a mail or a part.
type header interface {
	Get(name string) string
}

// walk sorts the parts of a mail into text, HTML and attachments (RFC 2046).
func (l *letter) walk(h header, body io.Reader, depth int) error {
	if depth > maxDepth {
		return errors.New("the mail has parts within parts without end")
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain" // RFC 2045, 5.2
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return l.add(h, kind, params, body)
	}
	// NextRawPart, because NextPart undoes quoted-printable but not base64, and
	// decoded is to do both.
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a part: %w", err)
		}
		if err := l.walk(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

// add takes one leaf. The first unnamed text of each kind is what a mail
// program shows; everything else is an attachment.
func (l *letter) add(h header, kind string, params map[string]string, body io.Reader) error {
	content, err := io.ReadAll(decoded(h.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("decoding a part: %w", err)
	}
	disposition, dispositionParams, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil {
		disposition = ""
	}
	// Old mail programs name the part in Content-Type, and most still do both
	// (RFC 2183, 2.3, and RFC 2046, 4.1).
	name := decodeWords(dispositionParams["filename"])
	if name == "" {
		name = decodeWords(params["name"])
	}
	isBody := disposition != "attachment" && name == ""
	switch {
	case isBody && kind == "text/plain" && l.text == "":
		l.text = toUTF8(content, params["charset"])
	case isBody && kind == "text/html" && l.html == "":
		l.html = toUTF8(content, params["charset"])
	default:
		l.attach(part{
			FileName: fileName(name, kind), ContentType: kind, Size: len(content), content: content,
			ContentID: strings.Trim(h.Get("Content-ID"), "<> "),
		}, disposition)
	}
	return nil
}

// attach numbers a part and files it as Mailpit does: a picture that belongs in
// the text is inline, the rest is attached.
func (l *letter) attach(p part, disposition string) {
	p.PartID = strconv.Itoa(len(l.attachments) + len(l.inline) + 1)
	if disposition == "inline" && p.ContentID != "" {
		l.inline = append(l.inline, p)
		return
	}
	l.attachments = append(l.attachments, p)
}

// decoded undoes a transfer encoding (RFC 2045, 6).
func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// toUTF8 reads the two alphabets our own letters and their replies come in;
// anything else shows a replacement character instead of breaking the page.
func toUTF8(content []byte, charset string) string {
	if strings.EqualFold(charset, "iso-8859-1") {
		runes := make([]rune, len(content))
		for i, b := range content {
			runes[i] = rune(b)
		}
		return string(runes)
	}
	return strings.ToValidUTF8(string(content), "\uFFFD")
}

// fileName gives every attachment a plain name to be saved under. A path in it
// could leave the folder for downloads (RFC 2183, 2.3).
func fileName(name, kind string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name != "." && name != ".." && name != "/" {
		return name
	}
	switch kind {
	case "message/rfc822":
		return "bericht.eml"
	case "text/calendar":
		return "agenda.ics"
	}
	return "bijlage"
}
