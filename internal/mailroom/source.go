package mailroom

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

// source is the mail as it comes in. It hashes every byte that passes, stops
// at the size limit, and remembers a failure of the stream itself, which the
// MIME readers above it would otherwise report as a fault of the mail.
type source struct {
	mail  io.Reader
	sum   hash.Hash
	left  int64
	size  int64 // how much came
	large bool  // more came than one mail may hold
	err   error // the stream failed; nothing read from it can be relied on
}

// newSource starts reading mail, up to the limit SES has itself.
func newSource(mail io.Reader) *source {
	return &source{mail: mail, sum: sha256.New(), left: maxMail}
}

// Read passes bytes on. At the limit it looks for one byte more, because a
// mail of exactly the limit is whole.
func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.large {
		return 0, io.EOF
	}
	if s.left > 0 && int64(len(p)) > s.left {
		p = p[:s.left]
	}
	n, err := s.mail.Read(p)
	s.size += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	if s.left == 0 && n > 0 {
		s.large = true
		return 0, io.EOF
	}
	s.left -= int64(n)
	s.sum.Write(p[:n])
	return n, err
}

// finish reads what the MIME readers left over, so that the hash is of the
// whole mail (of its first 40 MB when it is larger), and gives that hash.
func (s *source) finish() [32]byte {
	// The error is kept in s.err by Read; the discarding itself cannot fail.
	_, _ = io.Copy(io.Discard, s)
	return [32]byte(s.sum.Sum(nil))
}
