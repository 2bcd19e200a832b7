package archive_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// counter counts what is written to it.
type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// noiseOf gives a stream that cannot be packed smaller.
func noiseOf(size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{7}), size)
}

// packLarge packs files of noise and gives the size of the archive and how much
// memory was taken for it.
func packLarge(t *testing.T, sizes ...int64) (archive int64, taken uint64) {
	t.Helper()
	var files []dsr.AnswerFile
	for i, size := range sizes {
		hash := sha256.New()
		if _, err := io.Copy(hash, noiseOf(size)); err != nil {
			t.Fatal(err)
		}
		files = append(files, dsr.AnswerFile{
			ID: dsr.OwnerID{byte(i)}, System: "winkel", Right: dsr.Access, Name: "groot", Size: size, SHA256: hex.EncodeToString(hash.Sum(nil)),
		})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var written counter
	err := packer().Pack(&written, answer(files...), made(), func(file dsr.AnswerFile) (io.ReadCloser, error) {
		return io.NopCloser(noiseOf(file.Size)), nil
	})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	return int64(written), after.TotalAlloc - before.TotalAlloc
}

// bounded fails the test when packing took the memory that its files have, or
// made them much larger.
func bounded(t *testing.T, sizes ...int64) {
	t.Helper()
	var total int64
	for _, size := range sizes {
		total += size
	}
	size, taken := packLarge(t, sizes...)
	if size < total || size > total+total/100+(64<<10) {
		t.Errorf("%d bytes became %d", total, size)
	}
	if taken > uint64(8<<20+len(sizes)*(4<<20)) {
		t.Errorf("%d MB in %d files took %d MB of memory", total>>20, len(sizes), taken>>20)
	}
}

func TestMemoryOfAnArchiveIsBounded(t *testing.T) { bounded(t, 40<<20, 0, 24<<20) }
