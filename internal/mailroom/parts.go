package mailroom

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
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
	lines *lines
	plain []string
	html  []string
	parts int
	left  int // how much text the mail may still hold

	// attached is given each file instead, with its number, counted from 1 as
	// Correspondence.Attachments are; true ends the walk where it stands.
	attached func(n int, file attachedFile) (enough bool)
	files    int
	enough   bool
}

// attachedFile is one attached file while the mail is read.
type attachedFile struct {
	part
	content *bufio.Reader // decoded
	raw     *section      // as it stands in the mail
}

// readBody reads the parts of the mail. The plain text is what counts, because
// it is what the sender's program meant to be read anywhere; HTML stands in only
// where there is none. All plain parts are joined: people write below a picture,
// and mailing lists put their own part above.
func readBody(h *header, mail *bufio.Reader) body {
	w := &walker{lines: newLines(h, mail), left: maxText}
	w.part(partOf(h.get), 0)
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
func (w *walker) part(p part, depth int) {
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
	if strings.HasPrefix(p.mediaType, "multipart/") && boundary != "" {
		w.multipart(boundary, depth)
		return
	}
	content := w.lines.body()
	switch {
	case strings.HasPrefix(p.mediaType, "multipart/"):
		w.fault(reasonStructure)
		w.leafText(part{mediaType: "text/plain"}, content)
	case p.isText():
		w.leafText(p, p.decoded(content))
	default:
		w.file(p, content)
	}
	if !w.enough {
		content.skip()
	}
}

// multipart reads the parts between boundaries. A missing last boundary is
// common and harmless. When no part at all could be read, the raw lines are
// taken as text: the words of a person may stand in a mail with a broken
// boundary, and must not be lost.
func (w *walker) multipart(boundary string, depth int) {
	own := len(w.lines.fences)
	w.lines.fences = append(w.lines.fences, boundary)
	raw := &head{limit: maxLeafText}
	before := w.parts
	_, _ = io.Copy(raw, w.lines.body()) // what stands before the first part
	for w.more(own) {
		p, block, ok := w.partHeader(own)
		if !ok {
			raw.kept.Write(block)
			break
		}
		w.part(p, depth+1)
	}
	if w.enough || w.parts > maxParts {
		return // the fences stay around what is still to be read
	}
	w.lines.fences = w.lines.fences[:own]
	if w.lines.hit == own {
		_, _ = io.Copy(raw, w.lines.body()) // what stands behind the last part
	}
	if w.parts == before {
		w.fault(reasonStructure)
		w.leafText(part{mediaType: "text/plain"}, &raw.kept)
	}
}

// more reports whether a further part of a multipart begins here.
func (w *walker) more(own int) bool {
	return w.lines.hit == own && !w.lines.last && !w.enough && w.parts <= maxParts
}

// partHeader reads the header of a part; ok is false when there is none to read.
// Then it gives the lines that stood in its place.
func (w *walker) partHeader(own int) (p part, block []byte, ok bool) {
	block, whole := w.lines.header()
	fields, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(block))).ReadMIMEHeader()
	if whole && err == nil {
		return partOf(fields.Get), nil, true
	}
	if whole {
		w.lines.hit = own
	}
	if w.lines.hit == own { // else the mail, or a multipart around, was cut off
		w.fault(reasonStructure)
	}
	return part{}, block, false
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

// file measures and hashes a file while it passes, or hands it on. A part
// without a name and without a byte is none.
func (w *walker) file(p part, raw *section) {
	content := bufio.NewReader(p.decoded(raw))
	if _, err := content.Peek(1); err != nil && p.filename == "" {
		return
	}
	w.files++
	if w.attached != nil {
		w.enough = w.attached(w.files, attachedFile{p, content, raw})
		return
	}
	size, sum := measure(content)
	w.attachments = append(w.attachments, dsr.Attachment{
		Name: p.filename, MediaType: p.mediaType, Size: size, SHA256: sum, MayBeCopy: p.mayBeCopy(size),
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
