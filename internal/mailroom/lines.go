package mailroom

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// lines reads a mail line by line and knows at which byte of it it stands, so
// that one walk through the parts serves both to read a mail and to say which
// bytes of it a part is. It gives one part at a time, up to the fence behind it:
// the boundary line of any multipart around the part. Mail programs forget the
// last boundary of an inner multipart, and then that of an outer one ends both.
//
// It needs no more memory than its buffer, however long the lines are.
type lines struct {
	mail   *bufio.Reader
	ahead  []byte   // read before, to be read here again
	at     int64    // the byte of the mail that comes next
	fences []string // boundaries of the multiparts around, the outermost first
	hit    int      // which fence ended the last part; atEnd when the mail did
	last   bool     // that fence ends its multipart: no further part follows
}

// atEnd stands in for a fence where the mail is over.
const atEnd = -1

// newLines begins behind the header.
func newLines(h *header, mail *bufio.Reader) *lines {
	return &lines{mail: mail, ahead: h.ahead, at: h.size - int64(len(h.ahead)), hit: atEnd}
}

// next gives the next line with its end, or what of it fits the buffer. It is
// good until the next call.
func (l *lines) next() (line []byte, err error) {
	if len(l.ahead) > 0 {
		line, l.ahead = l.ahead, nil
		l.at += int64(len(line))
		return line, nil
	}
	line, err = l.mail.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
		// A line break must not be torn in two.
		if line[len(line)-1] == '\r' && l.mail.UnreadByte() == nil {
			line = line[:len(line)-1]
		}
	}
	l.at += int64(len(line))
	return line, err
}

// fence reports whether a line is one of the boundaries around, and remembers
// which (RFC 2046, section 5.1.1). A line that goes on behind the boundary with
// anything but white space is none.
func (l *lines) fence(line []byte) bool {
	if len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return false
	}
	for i, boundary := range l.fences {
		rest, begins := strings.CutPrefix(string(line[2:]), boundary)
		if rest = strings.TrimRight(rest, " \t\r\n"); begins && (rest == "" || rest == "--") {
			l.hit, l.last = i, rest != ""
			return true
		}
	}
	return false
}

// header gives the lines of a part's header with the empty line behind it; ok is
// false when the part ended before that, or is all header.
func (l *lines) header() (block []byte, ok bool) {
	for {
		line, err := l.next()
		if l.fence(line) {
			return block, false
		}
		block = append(block, line...)
		switch {
		case err != nil:
			l.hit = atEnd
			return block, false
		case len(block) > maxHeader:
			l.hit = len(l.fences) - 1
			return block, false
		case len(trimBreak(line)) == 0:
			return block, true
		}
	}
}

// body gives what stands between here and the next fence.
func (l *lines) body() *section {
	return &section{lines: l, start: l.at, end: l.at, fresh: true}
}

// section is the body of one part as it stands in the mail. The line break
// before a fence belongs to the fence.
type section struct {
	lines  *lines
	start  int64  // its first byte in the mail
	end    int64  // the byte behind its last; known when it was read to its end
	before string // the line break before ready, not given yet
	ready  []byte // not given yet; good until the next line is read
	kept   string // a line break that may belong to a fence
	fresh  bool   // the next line begins a line
	err    error
}

// Read gives the body up to the fence.
func (s *section) Read(p []byte) (int, error) {
	for s.before == "" && len(s.ready) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.fill()
	}
	n := copy(p, s.before)
	s.before = s.before[n:]
	m := copy(p[n:], s.ready)
	s.ready = s.ready[m:]
	return n + m, nil
}

// fill reads one line and keeps its break back.
func (s *section) fill() {
	line, err := s.lines.next()
	if s.fresh && s.lines.fence(line) {
		s.err = io.EOF
		return
	}
	if err != nil {
		s.lines.hit, s.err = atEnd, err
	}
	s.before, s.ready = s.kept, trimBreak(line)
	switch len(line) - len(s.ready) {
	case 0:
		s.kept = ""
	case 1:
		s.kept = "\n"
	case 2:
		s.kept = "\r\n"
	}
	s.fresh = s.kept != ""
	s.end = s.lines.at - int64(len(s.kept))
}

// skip reads the body to its end.
func (s *section) skip() {
	_, _ = io.Copy(io.Discard, s) // a stream that failed is remembered by source
}

// trimBreak gives a line without its break.
func trimBreak(line []byte) []byte {
	text, broken := bytes.CutSuffix(line, []byte("\n"))
	if broken {
		text = bytes.TrimSuffix(text, []byte("\r"))
	}
	return text
}
