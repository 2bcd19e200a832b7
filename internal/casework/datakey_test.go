package casework_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"polarweb.nl/inzage/internal/casework"
)

// dataKey makes a key of one byte, thirty-two times.
func dataKey(t *testing.T, b byte) casework.DataKey {
	t.Helper()
	key, err := casework.NewDataKey(bytes.Repeat([]byte{b}, 32), []byte("wrapped"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSealedBytesOpenAtTheirOwnPlaceOnly(t *testing.T) {
	key := dataKey(t, 1)
	for _, plain := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte("geheim "), 10_000)} {
		sealed, err := key.Seal(rand.Reader, "CASE#a/CASE", plain)
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := key.Open("CASE#a/CASE", sealed); err != nil || !bytes.Equal(opened, plain) {
			t.Errorf("%d bytes do not open: %v", len(plain), err)
		}
		for _, place := range []string{"CASE#b/CASE", "CASE#a/CASE ", "CASE#a", ""} {
			if _, err := key.Open(place, sealed); !errors.Is(err, casework.ErrSealed) {
				t.Errorf("%d bytes open at %q: %v", len(plain), place, err)
			}
		}
	}
}

func TestSealedBytesOpenWithTheirOwnKeyOnly(t *testing.T) {
	sealed, err := dataKey(t, 1).Seal(rand.Reader, "place", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dataKey(t, 2).Open("place", sealed); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("another key gave %v", err)
	}
	if _, err := (casework.DataKey{}).Open("place", sealed); err == nil {
		t.Error("no key at all opened it")
	}
}

func TestEveryFlippedBitIsSeen(t *testing.T) {
	key := dataKey(t, 1)
	sealed, err := key.Seal(rand.Reader, "place", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(sealed) * 8 {
		spoilt := bytes.Clone(sealed)
		spoilt[i/8] ^= 1 << (i % 8)
		if _, err := key.Open("place", spoilt); !errors.Is(err, casework.ErrSealed) {
			t.Errorf("with bit %d flipped: %v", i, err)
		}
	}
}

func TestTruncatedBytesDoNotOpen(t *testing.T) {
	key := dataKey(t, 1)
	sealed, err := key.Seal(rand.Reader, "place", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(sealed) {
		if _, err := key.Open("place", sealed[:n]); !errors.Is(err, casework.ErrSealed) {
			t.Errorf("%d of %d bytes: %v", n, len(sealed), err)
		}
	}
	if _, err := key.Open("place", append(bytes.Clone(sealed), 0)); !errors.Is(err, casework.ErrSealed) {
		t.Errorf("with a byte more: %v", err)
	}
}

func TestSealingTwiceGivesOtherBytes(t *testing.T) {
	key := dataKey(t, 1)
	one, err1 := key.Seal(rand.Reader, "place", []byte("plain"))
	two, err2 := key.Seal(rand.Reader, "place", []byte("plain"))
	if err1 != nil || err2 != nil || bytes.Equal(one, two) {
		t.Errorf("%v, %v; a nonce was used twice", err1, err2)
	}
	if bytes.Contains(one, []byte("plain")) {
		t.Error("the sealed bytes show the text")
	}
}

func TestSealingNeedsRandomness(t *testing.T) {
	for name, random := range map[string]*strings.Reader{"none": strings.NewReader(""), "too little": strings.NewReader("elevenbytes")} {
		if sealed, err := dataKey(t, 1).Seal(random, "place", []byte("plain")); err == nil {
			t.Errorf("with %s it sealed %x", name, sealed)
		}
	}
	if _, err := dataKey(t, 1).Seal(iotest.ErrReader(errPort), "place", nil); !errors.Is(err, errPort) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestDataKeysAreThirtyTwoBytes(t *testing.T) {
	for _, n := range []int{0, 16, 24, 31, 33} {
		if _, err := casework.NewDataKey(make([]byte, n), nil); err == nil {
			t.Errorf("a key of %d bytes was taken", n)
		}
	}
	if !(casework.DataKey{}).Zero() || dataKey(t, 1).Zero() {
		t.Error("Zero does not tell a key from none")
	}
}

func TestDataKeyDoesNotFollowItsSource(t *testing.T) {
	plain := bytes.Repeat([]byte{1}, 32)
	key, err := casework.NewDataKey(plain, []byte("wrapped"))
	if err != nil {
		t.Fatal(err)
	}
	clear(plain)
	if key.Hash("sender", "x") != dataKey(t, 1).Hash("sender", "x") {
		t.Error("clearing the source changed the key")
	}
}

func TestKeyedHashDependsOnKeyLabelAndText(t *testing.T) {
	base := dataKey(t, 1).Hash("sender", "ans@een.example")
	others := map[string][32]byte{
		"key":   dataKey(t, 2).Hash("sender", "ans@een.example"),
		"label": dataKey(t, 1).Hash("customer", "ans@een.example"),
		"text":  dataKey(t, 1).Hash("sender", "bas@een.example"),
		"join":  dataKey(t, 1).Hash("send", "erans@een.example"),
	}
	for name, other := range others {
		if other == base {
			t.Errorf("another %s gives the same hash", name)
		}
	}
	if dataKey(t, 1).Hash("sender", "ans@een.example") != base {
		t.Error("the same gives another hash")
	}
}
