package mailroom

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// body is what the parts of a mail hold, as far as the desk needs it.
type body struct {
	text        string // what the person wrote, as plain text
	attachments []dsr.Attachment
	truncated   bool
	encrypted   bool
	flaw        string // the first thing that was wrong; a reason word
}

// walker goes through the tree of parts once, in order, and keeps text within
// its limits; files are measured and hashed while they pass and never kept.
type walker struct {
	body
	plain []string
	html  []string
	parts int
	left  int // how much text the mail may still hold
}

// readBody reads the parts of the mail. The plain text is what counts, because
// it is what the sender's program meant to be read anywhere; HTML stands in only
// where there is none. All plain parts are joined: people write below a picture,
// and mailing lists put their own part above.
func readBody(h *header, content io.Reader) body {
	w := &walker{left: maxText}
	w.part(partOf(h.get), content, 0)
	w.text = strings.Join(w.plain, "\n")
	if blank(w.text) {
		w.text = strings.Join(w.html, "\n")
	}
	if strings.Contains(w.text, "-----BEGIN PGP MESSAGE-----") {
		w.encrypted = true
	}
	return w.body
}

// fault notes what is wrong; the first fault names the reason, because the
// later ones often follow from it.
func (w *walker) fault(reason string) {
	if w.flaw == "" {
		w.flaw = reason
	}
}

// part reads one part, whatever it is. A mail inside the mail is a file like
// any other: its words are somebody else's, and opening it would let anybody
// put words into the mouth of the sender.
func (w *walker) part(p part, content io.Reader, depth int) {
	w.parts++
	if w.parts > maxParts || depth > maxDepth {
		// Too deep or too many: this part and what follows stay unopened.
		w.parts = maxParts + 1
		w.fault(reasonTooManyParts)
		return
	}
	if p.encrypted() {
		w.encrypted = true
	}
	boundary := p.params["boundary"]
	switch {
	case strings.HasPrefix(p.mediaType, "multipart/") && boundary != "":
		w.multipart(boundary, content, depth)
	case strings.HasPrefix(p.mediaType, "multipart/"):
		w.fault(reasonStructure)
		w.leafText(part{mediaType: "text/plain"}, content)
	case p.isText():
		w.leafText(p, p.decoded(content))
	default:
		w.attachment(p, p.decoded(content))
	}
}

// multipart reads the parts between boundaries. A missing last boundary is
// common and harmless. When no part at all could be read, the raw lines are
// taken as text: the words of a person may stand in a mail with a broken
// boundary, and must not be lost.
func (w *walker) multipart(boundary string, content io.Reader, depth int) {
	raw := &head{limit: maxLeafText}
	before := w.parts
	parts := multipart.NewReader(io.TeeReader(content, raw), boundary)
	for w.parts <= maxParts {
		next, err := parts.NextRawPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				w.fault(reasonStructure)
			}
			break
		}
		w.part(partOf(next.Header.Get), next, depth+1)
	}
	if w.parts == before {
		w.fault(reasonStructure)
		w.leafText(part{mediaType: "text/plain"}, &raw.kept)
	}
}

// leafText keeps the text of one part within the limits.
func (w *walker) leafText(p part, content io.Reader) {
	text, cutOff, flaw := p.readText(content, min(maxLeafText, w.left))
	w.truncated = w.truncated || cutOff
	w.left -= len(text)
	if flaw != "" {
		w.fault(flaw)
	}
	if p.mediaType == "text/html" {
		w.html = append(w.html, text)
		return
	}
	w.plain = append(w.plain, text)
}

// attachment measures and hashes a file while it passes.
func (w *walker) attachment(p part, content io.Reader) {
	size, sum := measure(content)
	if size == 0 && p.filename == "" {
		return
	}
	w.attachments = append(w.attachments, dsr.Attachment{
		Name: p.filename, MediaType: p.mediaType, Size: size, SHA256: sum,
	})
}

// head keeps the beginning of what is written to it and forgets the rest.
type head struct {
	kept  bytes.Buffer
	limit int
}

// Write keeps what still fits. It never fails, or it would stop the reader it
// listens to.
func (h *head) Write(p []byte) (int, error) {
	if room := h.limit - h.kept.Len(); room > 0 {
		h.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
