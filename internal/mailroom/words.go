package mailroom

import (
	"io"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// lookupCharset gives the encoding of a charset label. "replacement" is the
// name under which the web standard forbids old, dangerous encodings; for us it
// is a charset that cannot be read.
func lookupCharset(label string) (encoding.Encoding, bool) {
	found, name := charset.Lookup(label)
	return found, found != nil && name != "replacement"
}

// decodeWords decodes the encoded words of a header value (RFC 2047). What
// cannot be decoded stays as it was written, so that a person can see it.
func decodeWords(value string) string {
	decoder := mime.WordDecoder{CharsetReader: func(label string, r io.Reader) (io.Reader, error) {
		found, known := lookupCharset(label)
		if !known {
			return nil, mime.ErrInvalidMediaParameter
		}
		return found.NewDecoder().Reader(r), nil
	}}
	decoded, err := decoder.DecodeHeader(value)
	if err != nil {
		decoded = value
	}
	return toUTF8(decoded)
}

// toUTF8 reads bytes without a charset: UTF-8 when they are, else the Western
// European code page that old programs mean.
func toUTF8(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	if western, known := lookupCharset("windows-1252"); known {
		if decoded, err := western.NewDecoder().String(text); err == nil {
			return decoded
		}
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// oneLine makes a header value fit to be shown: no line ends, no control
// characters, nothing that turns the writing direction, and bounded.
func oneLine(text string, limit int) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, text)
	return cut(strings.Join(strings.Fields(clean), " "), limit)
}

// hidden reports characters that show nothing or change how others show:
// controls, the marks that turn the writing direction (U+202A and on), and the
// byte order mark.
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return r == 0x200e || r == 0x200f || r == 0x061c || r == 0xfeff
}

// cut shortens text to at most limit bytes without breaking a character.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
