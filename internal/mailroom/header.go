package mailroom

import (
	"bufio"
	"bytes"
	"errors"
	"slices"
	"strings"
)

// field is one header field as it stands in the mail: the name in lower case,
// the value unfolded but not decoded.
type field struct {
	name  string
	value string
}

// header is the header block of the mail, in its own order. The order matters:
// what a server put on top is evidence, what stands below it is not. That is
// why net/mail, which keeps a map, is not used here.
type header struct {
	fields    []field
	anomalies []string
	folded    []string // the lines of the last field so far; joined once, for there may be thousands
	large     bool     // the block did not fit; what follows it was not read
	size      int64    // bytes read of the mail
	ahead     []byte   // the last of them, when they are the first line of the text
}

// flaw notes an anomaly of the header once.
func (h *header) flaw(word string) {
	if !slices.Contains(h.anomalies, word) {
		h.anomalies = append(h.anomalies, word)
	}
}

// all gives the values of every field of a name, top to bottom.
func (h *header) all(name string) []string {
	var values []string
	for _, f := range h.fields {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// get gives the first value of a name, or nothing.
func (h *header) get(name string) string {
	for _, f := range h.fields {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has reports whether there is a field of a name, even an empty one.
func (h *header) has(name string) bool {
	return slices.ContainsFunc(h.fields, func(f field) bool { return f.name == name })
}

// readHeader reads the header block. The limit is on the block as a whole, so
// that neither one endless line nor a million short ones take more memory than a
// letter is worth. A line that is no field ends the block: the empty line was
// forgotten, and the line is the first of the text.
func readHeader(mail *bufio.Reader) *header {
	h := &header{}
	defer h.unfold()
	for {
		line, err := readLine(mail, maxHeader-int(h.size))
		h.size += int64(len(line))
		if h.size >= maxHeader {
			h.large = true
			return h
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			if len(line) > 0 && len(h.fields) == 0 && err == nil {
				continue // empty lines before the first field, as some gateways leave them
			}
			return h
		}
		if !h.take(line) {
			h.ahead = line
			return h
		}
		if err != nil {
			return h
		}
	}
}

// readLine reads one line with its end, at most limit bytes of it.
func readLine(mail *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		piece, err := mail.ReadSlice('\n')
		line = append(line, piece...)
		if len(line) >= limit || !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// take adds one line to the header and reports whether it belongs there.
func (h *header) take(line []byte) bool {
	h.inspect(line)
	text := strings.TrimRight(string(line), "\r\n")
	if text[0] == ' ' || text[0] == '\t' {
		if len(h.fields) == 0 {
			return false
		}
		h.folded = append(h.folded, strings.Trim(text, " \t"))
		return true
	}
	name, value, found := strings.Cut(text, ":")
	trimmed := strings.TrimRight(name, " \t")
	if !found || trimmed == "" || strings.ContainsAny(trimmed, " \t") {
		// A mailbox file begins with "From somebody date"; that line is no part of the mail.
		if len(h.fields) == 0 && strings.HasPrefix(text, "From ") {
			return true
		}
		h.flaw("missing-separator")
		return false
	}
	if trimmed != name {
		// RFC 5322, section 4.5: obsolete, and mail programs disagree about
		// which of two such fields is meant.
		h.flaw("space-before-colon")
	}
	h.unfold()
	h.fields = append(h.fields, field{name: strings.ToLower(trimmed)})
	h.folded = append(h.folded, strings.TrimSpace(value))
	return true
}

// unfold gives the last field its whole value (RFC 5322, section 2.2.3).
func (h *header) unfold() {
	if len(h.fields) > 0 {
		h.fields[len(h.fields)-1].value = strings.TrimSpace(strings.Join(h.folded, " "))
	}
	h.folded = nil
}

// inspect notes bytes that two mail programs may read differently; evasions of
// sender checks rest on such differences.
func (h *header) inspect(line []byte) {
	text := bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if len(text) > maxLine {
		h.flaw("long-header-line")
	}
	for _, b := range text {
		switch {
		case b == 0:
			h.flaw("nul")
		case b == '\r':
			h.flaw("bare-cr")
		case b < ' ' && b != '\t', b == 0x7f:
			h.flaw("control-characters")
		}
	}
}
