package casework

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A sealed stream is what Seal makes of bytes, for files that are too large for
// memory: a version byte, 32 random bytes, and then chunks that are each sealed
// on their own. Nothing of a chunk is given before all of it is authentic.
//
// The random bytes choose a key of the stream's own, so that no two streams and
// no row share a nonce. The nonce of a chunk is its number with a mark that says
// whether it is the last one; so chunks cannot change places, be left out or
// repeated, and a stream cannot be cut off (the STREAM construction of Hoang,
// Reyhanitabar, Rogaway and Vizár, 2015). The place is bound to every chunk.
const (
	streamVersion = 2
	saltSize      = 32
	chunkSize     = 1 << 20
	tagSize       = 16 // of AES-GCM
)

// SealedSize gives how many bytes a stream of so many plain bytes has when it is
// sealed.
func SealedSize(plain int64) int64 {
	chunks := max(1, (plain+chunkSize-1)/chunkSize)
	return 1 + saltSize + plain + chunks*tagSize
}

// Sealing gives what plain gives, sealed for one place as it is read. An error
// of plain is an error of the stream: a file that could be read in part is not
// sealed as if that were all.
func (k DataKey) Sealing(random io.Reader, place string, plain io.Reader) (io.Reader, error) {
	head := make([]byte, 1+saltSize)
	head[0] = streamVersion
	if _, err := io.ReadFull(random, head[1:]); err != nil {
		return nil, fmt.Errorf("drawing the salt of a stream: %w", err)
	}
	aead, err := k.ofStream(head[1:])
	if err != nil {
		return nil, err
	}
	s := &sealing{source: ahead{from: plain, buffer: make([]byte, chunkSize+1)}, chunks: chunks{aead: aead, place: []byte(place)}}
	s.ready = head
	return s, nil
}

// Opening gives the plain bytes of what Sealing made for the same place; an
// error of sealed as it is, and ErrSealed for everything else. Whoever uses what
// it gave before an error used a true beginning, and has to drop it.
func (k DataKey) Opening(place string, sealed io.Reader) io.Reader {
	return &opening{key: k, source: ahead{from: sealed}, chunks: chunks{place: []byte(place)}}
}

// ofStream gives the cipher of one stream.
func (k DataKey) ofStream(salt []byte) (cipher.AEAD, error) {
	key := k.Hash("stream", string(salt))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("making the cipher of a stream: %w", err)
	}
	return cipher.NewGCM(block)
}

// chunks seals or opens the chunks of a stream, one after the other.
type chunks struct {
	aead  cipher.AEAD
	place []byte
	next  uint32 // number of the next chunk
	out   []byte // what it became; used again for the one after it
	ready []byte // the part of out, or of the head, that was not read yet
	ended error  // what reading gives when nothing is ready
}

// nonce gives the nonce of the next chunk, and counts on. A stream of 2^32
// chunks would hold four petabytes.
func (c *chunks) nonce(last bool) ([]byte, error) {
	nonce := make([]byte, c.aead.NonceSize())
	binary.BigEndian.PutUint32(nonce[len(nonce)-5:], c.next)
	if last {
		nonce[len(nonce)-1] = 1
	}
	c.next++
	if c.next == 0 {
		return nil, errors.New("a stream of too many chunks")
	}
	return nonce, nil
}

// read gives what is ready, after making some with another chunk when nothing
// is.
func (c *chunks) read(p []byte, more func() error) (int, error) {
	for len(c.ready) == 0 && len(p) > 0 {
		if c.ended != nil {
			return 0, c.ended
		}
		if err := more(); err != nil {
			c.ended, c.ready = err, nil
		}
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// sealing is a stream that is sealed while it is read.
type sealing struct {
	source ahead
	chunks
}

// Read implements io.Reader.
func (s *sealing) Read(p []byte) (int, error) { return s.read(p, s.more) }

// more seals one more chunk.
func (s *sealing) more() error {
	plain, last, err := s.source.chunk()
	if err != nil {
		return err
	}
	nonce, err := s.nonce(last)
	if err != nil {
		return err
	}
	s.out = s.aead.Seal(s.out[:0], nonce, plain, s.place)
	s.ready = s.out
	if last {
		s.ended = io.EOF
	}
	return nil
}

// opening is a stream that is opened while it is read.
type opening struct {
	key    DataKey
	source ahead
	chunks
}

// Read implements io.Reader.
func (o *opening) Read(p []byte) (int, error) { return o.read(p, o.more) }

// more opens one more chunk; before the first one it reads the head.
func (o *opening) more() error {
	if o.aead == nil {
		if err := o.begin(); err != nil {
			return err
		}
	}
	sealed, last, err := o.source.chunk()
	if err != nil {
		return err
	}
	nonce, err := o.nonce(last)
	if err != nil {
		return err
	}
	if o.out, err = o.aead.Open(o.out[:0], nonce, sealed, o.place); err != nil {
		return ErrSealed
	}
	o.ready = o.out
	if last {
		o.ended = io.EOF
	}
	return nil
}

// begin reads the head of a stream.
func (o *opening) begin() error {
	head := make([]byte, 1+saltSize)
	n, _, err := fill(o.source.from, head)
	if err != nil {
		return err
	}
	if n < len(head) || head[0] != streamVersion {
		return ErrSealed
	}
	o.source.buffer = make([]byte, chunkSize+tagSize+1)
	o.aead, err = o.key.ofStream(head[1:])
	return err
}

// ahead reads a source in chunks of one byte less than its buffer. That byte is
// the first one of the next chunk, which tells whether there is any.
type ahead struct {
	from   io.Reader
	buffer []byte
	begun  bool
}

// chunk gives the next chunk, which is good until the one after it is asked.
func (a *ahead) chunk() (content []byte, last bool, err error) {
	size := len(a.buffer) - 1
	start := 0
	if a.begun {
		a.buffer[0] = a.buffer[size]
		start = 1
	}
	n, end, err := fill(a.from, a.buffer[start:])
	if err != nil {
		return nil, false, err
	}
	a.begun = true
	return a.buffer[:min(start+n, size)], end, nil
}

// fill reads until a buffer is full or the source has ended. Unlike
// io.ReadFull it does not take a source that broke off for one that ended.
func fill(from io.Reader, buffer []byte) (n int, end bool, err error) {
	for n < len(buffer) {
		got, err := from.Read(buffer[n:])
		n += got
		if err == io.EOF {
			return n, n < len(buffer), nil // a full buffer may have more behind it
		}
		if err != nil {
			return n, false, fmt.Errorf("reading a stream: %w", err)
		}
	}
	return n, false, nil
}
