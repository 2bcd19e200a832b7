package casework_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"

	"polarweb.nl/inzage/internal/casework"
)

// The form of a sealed stream, as its bytes show it.
const (
	streamHead  = 1 + 32
	plainChunk  = 1 << 20
	sealedChunk = plainChunk + 16
)

// streamKey gives a data key.
func streamKey(t *testing.T, fill byte) casework.DataKey {
	t.Helper()
	key, err := casework.NewDataKey(bytes.Repeat([]byte{fill}, 32), nil)
	must(t, err)
	return key
}

// sealStream seals bytes as a stream.
func sealStream(t *testing.T, key casework.DataKey, seed byte, place string, plain []byte) []byte {
	t.Helper()
	sealing, err := key.Sealing(rand.NewChaCha8([32]byte{seed}), place, bytes.NewReader(plain))
	must(t, err)
	sealed, err := io.ReadAll(sealing)
	must(t, err)
	return sealed
}

// noise gives bytes of which no two chunks are alike.
func noise(size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{42}).Read(content)
	return content
}

func TestStreamOpensWhereItWasSealed(t *testing.T) {
	key := streamKey(t, 1)
	for _, size := range []int{0, 1, plainChunk - 1, plainChunk, plainChunk + 1, 2 * plainChunk, 2*plainChunk + 7, 3 * plainChunk} {
		plain := noise(size)
		sealed := sealStream(t, key, 1, "here", plain)
		if int64(len(sealed)) != casework.SealedSize(int64(size)) {
			t.Errorf("%d bytes became %d, SealedSize says %d", size, len(sealed), casework.SealedSize(int64(size)))
		}
		for name, slow := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "halves": iotest.HalfReader, "end with data": iotest.DataErrReader,
		} {
			sealing, err := key.Sealing(rand.NewChaCha8([32]byte{1}), "here", slow(bytes.NewReader(plain)))
			must(t, err)
			again, err := io.ReadAll(sealing)
			if err != nil || !bytes.Equal(again, sealed) {
				t.Errorf("%d bytes, %s: sealed otherwise, %v", size, name, err)
			}
			got, err := io.ReadAll(key.Opening("here", slow(bytes.NewReader(sealed))))
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes, %s: opened to %d bytes, %v", size, name, len(got), err)
			}
		}
	}
}

// refusedStream fails the test when a changed stream opens, or gives anything
// that does not stand at the beginning of what was sealed.
func refusedStream(t *testing.T, name string, key casework.DataKey, place string, sealed, plain []byte) {
	t.Helper()
	got, err := io.ReadAll(key.Opening(place, bytes.NewReader(sealed)))
	if !errors.Is(err, casework.ErrSealed) {
		t.Errorf("%s: opened with %v", name, err)
	}
	if len(got)%plainChunk != 0 || !bytes.HasPrefix(plain, got) {
		t.Errorf("%s: gave %d bytes that are no true beginning", name, len(got))
	}
}

func TestStreamThatWasCutOffDoesNotOpen(t *testing.T) {
	key, plain := streamKey(t, 1), noise(2*plainChunk+5)
	sealed := sealStream(t, key, 1, "here", plain)
	for _, size := range []int{
		0, 1, streamHead - 1, streamHead, streamHead + 1, streamHead + 15, streamHead + 16,
		streamHead + sealedChunk - 1, streamHead + sealedChunk, streamHead + sealedChunk + 1,
		streamHead + 2*sealedChunk, len(sealed) - 6, len(sealed) - 5, len(sealed) - 1,
	} {
		refusedStream(t, "cut off", key, "here", sealed[:size], plain)
	}
	refusedStream(t, "one byte more", key, "here", append(slices.Clone(sealed), 0), plain)
}

// parts takes a stream of three whole chunks apart.
func parts(sealed []byte) (head, one, two, three []byte) {
	return sealed[:streamHead], sealed[streamHead:][:sealedChunk], sealed[streamHead+sealedChunk:][:sealedChunk], sealed[streamHead+2*sealedChunk:]
}

func TestChunksOfAStreamKeepTheirPlaces(t *testing.T) {
	key, plain := streamKey(t, 1), noise(3*plainChunk)
	head, one, two, three := parts(sealStream(t, key, 1, "here", plain))
	otherHead, otherOne, _, otherThree := parts(sealStream(t, key, 2, "here", plain))
	for name, pieces := range map[string][][]byte{
		"two changed places":      {head, two, one, three},
		"the last came sooner":    {head, one, three, two},
		"one twice":               {head, one, one, two, three},
		"the last twice":          {head, one, two, three, three},
		"the first left out":      {head, two, three},
		"one left out":            {head, one, three},
		"the last left out":       {head, one, two},
		"the last alone":          {head, three},
		"another stream's chunk":  {head, otherOne, two, three},
		"another stream's ending": {head, one, two, otherThree},
		"another stream's head":   {otherHead, one, two, three},
		"two streams":             {head, one, two, three, otherHead, otherOne},
	} {
		refusedStream(t, name, key, "here", slices.Concat(pieces...), plain)
	}
}

func TestEveryChangedBitOfAStreamIsSeen(t *testing.T) {
	key, plain := streamKey(t, 1), noise(2*plainChunk+5)
	sealed := sealStream(t, key, 1, "here", plain)
	places := []int{len(sealed) - 1, len(sealed) - 17, len(sealed) - 21}
	for at := range streamHead + 2 { // the head whole
		places = append(places, at)
	}
	for at := streamHead; at < len(sealed); at += plainChunk / 3 {
		places = append(places, at, at+sealedChunk-streamHead)
	}
	for _, at := range places {
		if at >= len(sealed) {
			continue
		}
		for _, bit := range []byte{1, 0x80} {
			sealed[at] ^= bit
			refusedStream(t, "a changed bit", key, "here", sealed, plain)
			sealed[at] ^= bit
		}
	}
}

func TestStreamOpensForItsPlaceAndKeyAlone(t *testing.T) {
	key, plain := streamKey(t, 1), noise(10)
	sealed := sealStream(t, key, 1, "here", plain)
	refusedStream(t, "another place", key, "there", sealed, plain)
	refusedStream(t, "another key", streamKey(t, 2), "here", sealed, plain)
	if _, err := key.Open("here", sealed); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("it opens as what Seal made: %v", err)
	}
	whole, err := key.Seal(rand.NewChaCha8([32]byte{1}), "here", plain)
	must(t, err)
	refusedStream(t, "what Seal made", key, "here", whole, plain)
	whole[0] = sealed[0]
	refusedStream(t, "what Seal made, with another version", key, "here", whole, plain)
}

func TestTwoStreamsOfTheSameBytesDiffer(t *testing.T) {
	key, random := streamKey(t, 1), rand.NewChaCha8([32]byte{1})
	var seen [2][]byte
	for i := range seen {
		sealing, err := key.Sealing(random, "here", bytes.NewReader(make([]byte, 100)))
		must(t, err)
		seen[i], err = io.ReadAll(sealing)
		must(t, err)
	}
	if bytes.Equal(seen[0][streamHead:], seen[1][streamHead:]) {
		t.Error("they are alike")
	}
}

// A file that broke off is not sealed as if that were all of it.
func TestFaultOfTheSourceIsNoEnd(t *testing.T) {
	key, fault := streamKey(t, 1), errors.New("the line broke")
	for _, size := range []int{0, 5, plainChunk, plainChunk + 1} {
		broken := func() io.Reader { return io.MultiReader(bytes.NewReader(noise(size)), iotest.ErrReader(fault)) }
		sealing, err := key.Sealing(rand.NewChaCha8([32]byte{1}), "here", broken())
		must(t, err)
		if _, err := io.ReadAll(sealing); !errors.Is(err, fault) {
			t.Errorf("sealing %d bytes ended with %v", size, err)
		}
		if _, err := io.ReadAll(key.Opening("here", broken())); !errors.Is(err, fault) && !errors.Is(err, casework.ErrSealed) {
			t.Errorf("opening %d bytes ended with %v", size, err)
		}
	}
	cut := io.MultiReader(bytes.NewReader(noise(5)), iotest.ErrReader(io.ErrUnexpectedEOF))
	sealing, err := key.Sealing(rand.NewChaCha8([32]byte{1}), "here", cut)
	must(t, err)
	if _, err := io.ReadAll(sealing); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut-off download ended with %v", err)
	}
	if _, err := key.Sealing(iotest.ErrReader(fault), "here", cut); !errors.Is(err, fault) {
		t.Errorf("without chance it ended with %v", err)
	}
}

// zeros is a stream of zero bytes of any length.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestMemoryOfAStreamIsBounded(t *testing.T) {
	const size = 256 << 20
	key := streamKey(t, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sealing, err := key.Sealing(rand.NewChaCha8([32]byte{1}), "here", io.LimitReader(zeros{}, size))
	must(t, err)
	hash := sha256.New()
	n, err := io.Copy(hash, key.Opening("here", sealing))
	runtime.ReadMemStats(&after)
	if err != nil || n != size {
		t.Fatalf("it gave %d bytes, %v", n, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("it took %d MB for %d MB", used>>20, size>>20)
	}
	want := sha256.New()
	_, err = io.CopyN(want, zeros{}, size)
	must(t, err)
	if !bytes.Equal(hash.Sum(nil), want.Sum(nil)) {
		t.Error("other bytes came out")
	}
}
