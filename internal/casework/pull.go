package casework

import (
	"bufio"
	"io"
	"iter"
)

// pulled is a stream of what something writes. It is written only while it is
// read, in turns: nothing runs beside the act.
type pulled struct {
	next  func() ([]byte, bool)
	stop  func()
	rest  []byte
	err   error
	whole bool // it was written and read to its end
}

// pull gives what write writes. The caller stops it when it is done, also after a
// fault: write then hears that nobody reads any more.
func pull(write func(to io.Writer) error) *pulled {
	p := &pulled{}
	p.next, p.stop = iter.Pull(func(yield func([]byte) bool) {
		const portion = 64 << 10
		to := bufio.NewWriterSize(taken(yield), portion)
		if p.err = write(to); p.err == nil {
			p.err = to.Flush()
		}
	})
	return p
}

// Read implements io.Reader.
func (p *pulled) Read(into []byte) (int, error) {
	for len(p.rest) == 0 {
		var more bool
		if p.rest, more = p.next(); more {
			continue
		}
		if p.err != nil {
			return 0, p.err
		}
		p.whole = true
		return 0, io.EOF
	}
	n := copy(into, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// taken hands what is written to whoever reads.
type taken func([]byte) bool

// Write implements io.Writer.
func (t taken) Write(portion []byte) (int, error) {
	if !t(portion) {
		return 0, io.ErrClosedPipe
	}
	return len(portion), nil
}
