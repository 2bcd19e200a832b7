package casework

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrSealed is returned when sealed bytes do not open: another key, another
// place, or changed bytes. The three are not told apart.
var ErrSealed = errors.New("sealed bytes do not open here")

// sealVersion is the first byte of everything sealed, so that a later format
// can live beside this one.
const sealVersion = 1

// DataKey encrypts the personal fields and files of one owner (AES-256-GCM).
// Its wrapped form stands in the Keys table; deleting that row makes
// everything sealed under it unreadable everywhere, backups included.
type DataKey struct {
	plain   []byte
	wrapped []byte
}

// NewDataKey makes a key from its 32 plain bytes and their wrapped form.
func NewDataKey(plain, wrapped []byte) (DataKey, error) {
	if len(plain) != 32 {
		return DataKey{}, fmt.Errorf("data key of %d bytes, want 32", len(plain))
	}
	return DataKey{plain: slices.Clone(plain), wrapped: slices.Clone(wrapped)}, nil
}

// Wrapped gives the form that may be stored.
func (k DataKey) Wrapped() []byte { return k.wrapped }

// Zero reports whether k is no key at all.
func (k DataKey) Zero() bool { return len(k.plain) == 0 }

// Seal encrypts plain for one place: the key of the row, or the path of the
// object, that will hold it. Sealed bytes moved to another place do not open.
// The result is a version byte, a 12-byte nonce from random and the ciphertext.
func (k DataKey) Seal(random io.Reader, place string, plain []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	sealed[0] = sealVersion
	if _, err := io.ReadFull(random, sealed[1:]); err != nil {
		return nil, fmt.Errorf("drawing a nonce: %w", err)
	}
	return aead.Seal(sealed, sealed[1:], plain, []byte(place)), nil
}

// Open decrypts what Seal made for the same place; anything else is ErrSealed.
func (k DataKey) Open(place string, sealed []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1+aead.NonceSize() || sealed[0] != sealVersion {
		return nil, ErrSealed
	}
	nonce, ciphertext := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, ciphertext, []byte(place))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Hash gives a keyed hash of text, for looking something up without storing
// it. The label keeps hashes made for one use from matching those of another.
func (k DataKey) Hash(label, text string) [32]byte {
	mac := hmac.New(sha256.New, k.plain)
	fmt.Fprintf(mac, "%s\x00%s", label, text)
	return [32]byte(mac.Sum(nil))
}

// aead gives the cipher of k.
func (k DataKey) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.plain)
	if err != nil {
		return nil, fmt.Errorf("making the cipher of a data key: %w", err)
	}
	return cipher.NewGCM(block)
}
