package mailroom

import (
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded undoes the transfer encoding of a part while it streams, so that a
// file of 40 MB takes no more memory than one of 40 bytes. An unknown one is passed on
// as it is: better strange letters than none.
func (p part) decoded(content io.Reader) io.Reader {
	switch p.encoding {
	case "base64":
		return base64.NewDecoder(base64.RawStdEncoding, &base64Letters{content: content})
	case "quoted-printable":
		return quotedprintable.NewReader(content)
	}
	return content
}

// base64Letters passes on only the letters of base64, up to the padding. The
// decoder behind it stops at the first strange byte, which would cost the rest
// of the file (RFC 2045, section 6.8: ignore them).
type base64Letters struct {
	content io.Reader
	ended   bool
}

// Read filters in place.
func (l *base64Letters) Read(p []byte) (int, error) {
	for {
		if l.ended {
			return 0, io.EOF
		}
		n, err := l.content.Read(p)
		kept := 0
		for _, b := range p[:n] {
			if b == '=' {
				l.ended = true
				break
			}
			if isBase64(b) {
				p[kept] = b
				kept++
			}
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// isBase64 reports whether b is one of the 64 letters.
func isBase64(b byte) bool {
	switch {
	case b >= 'A' && b <= 'Z', b >= 'a' && b <= 'z', b >= '0' && b <= '9':
		return true
	}
	return b == '+' || b == '/'
}

// readText reads a text part as UTF-8 plain text, at most limit bytes of it.
// It reports whether more followed, and a reason word when the part could not
// be read as it was meant.
func (p part) readText(content io.Reader, limit int) (text string, cutOff bool, flaw string) {
	letters, flaw := p.inUTF8(content)
	if p.mediaType == "text/html" {
		text, cutOff = htmlText(letters, limit)
		return text, cutOff, flaw
	}
	raw, err := io.ReadAll(io.LimitReader(letters, int64(limit)+1))
	if err != nil && flaw == "" && !isEnd(err) {
		flaw = reasonStructure
	}
	cutOff = len(raw) > limit
	text = toUTF8(cut(string(raw), limit))
	if strings.EqualFold(p.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.params["delsp"], "yes"))
	}
	return cleanText(text), cutOff, flaw
}

// inUTF8 decodes the declared charset. No charset, ASCII and UTF-8 are left to
// toUTF8, because programs write all three over the same bytes.
func (p part) inUTF8(content io.Reader) (io.Reader, string) {
	label := strings.ToLower(strings.TrimSpace(p.params["charset"]))
	switch label {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "unicode-1-1-utf-8":
		return content, ""
	}
	encoding, known := lookupCharset(label)
	if !known {
		return content, reasonCharset
	}
	// A byte order mark knows better than the label.
	return transform.NewReader(content, unicode.BOMOverride(encoding.NewDecoder())), ""
}

// isEnd reports errors that say only that the part broke off: the rest of the
// mail is missing, but what came is right.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// cleanText gives text with line feeds only and without characters that show
// nothing or turn the writing direction.
func cleanText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r == '\n' || r == '\t' || !hidden(r) {
			return r
		}
		return -1
	}, text)
}

// blank reports whether text shows nothing.
func blank(text string) bool {
	return strings.TrimSpace(strings.ReplaceAll(text, "\u200b", "")) == ""
}
