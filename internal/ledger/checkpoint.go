package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

var (
	// ErrBadCheckpoint is returned for text that Checkpoint.Text or
	// Checkpoint.Sign did not write.
	ErrBadCheckpoint = errors.New("not a checkpoint")
	// ErrBadSignature is returned for a checkpoint that is not signed with the
	// key asked for.
	ErrBadSignature = errors.New("the signature does not fit")
)

// Checkpoint says how large the ledger of an origin was, and what its root was.
// Who keeps a signed one elsewhere can show later that the past was changed.
type Checkpoint struct {
	// Origin names the ledger for ever, such as "inzage.example/ledger". It is
	// the name of the key as well, so it has no space and no plus.
	Origin string
	Tree
}

// Text gives the text that is signed, three lines (C2SP tlog-checkpoint).
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// ParseCheckpoint reads what Text wrote. Extension lines, which C2SP allows and
// advises against, are ErrBadCheckpoint: every byte must have a meaning here.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, ErrBadCheckpoint
	}
	size, sizeErr := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	if sizeErr != nil || rootErr != nil || size < 0 || size > maxLeaves || len(root) != len(Hash{}) {
		return Checkpoint{}, ErrBadCheckpoint
	}
	read := Checkpoint{lines[0], Tree{size, Hash(root)}}
	// One checkpoint has one spelling: base64 has spare bits, numbers zeros.
	if !validOrigin(read.Origin) || read.Text() != text {
		return Checkpoint{}, ErrBadCheckpoint
	}
	return read, nil
}

// validOrigin says whether origin can name a key of a note, by asking the
// package that decides it.
func validOrigin(origin string) bool {
	key, err := note.NewEd25519VerifierKey(origin, make([]byte, ed25519.PublicKeySize))
	if err != nil {
		return false
	}
	_, err = note.NewVerifier(key)
	return err == nil
}

// NewSigner makes a signer of checkpoints from whatever can sign with the
// private half of public, such as KMS: sign gets the text and gives the 64
// bytes of Ed25519 (RFC 8032). No signature leaves the signer before it was
// verified, because a wrong one would be locked away for years.
func NewSigner(origin string, public ed25519.PublicKey, sign func(text []byte) ([]byte, error)) (note.Signer, error) {
	key, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return nil, fmt.Errorf("making a signer of checkpoints: %w", err)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, fmt.Errorf("making a signer of checkpoints: %w", err)
	}
	return signer{verifier, sign}, nil
}

// signer is a note.Signer with its key somewhere else.
type signer struct {
	note.Verifier
	sign func(text []byte) ([]byte, error)
}

// Sign signs and verifies.
func (s signer) Sign(text []byte) ([]byte, error) {
	signature, err := s.sign(text)
	if err != nil {
		return nil, err
	}
	if !s.Verify(text, signature) {
		return nil, ErrBadSignature
	}
	return signature, nil
}

// Sign gives the checkpoint as a signed note: its text, an empty line, and the
// line of the signature. The signer must bear the name of the origin.
func (c Checkpoint) Sign(signer note.Signer) (string, error) {
	if _, err := ParseCheckpoint(c.Text()); err != nil || signer.Name() != c.Origin {
		return "", fmt.Errorf("signing a checkpoint of %d leaves: %w", c.Size, ErrBadCheckpoint)
	}
	signed, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		return "", fmt.Errorf("signing a checkpoint of %d leaves: %w", c.Size, err)
	}
	return string(signed), nil
}

// OpenCheckpoint reads what Sign wrote and verifies it with key. The error is
// ErrBadSignature when only the signature, or the name it is under, is wrong.
func OpenCheckpoint(signed string, key note.Verifier) (Checkpoint, error) {
	opened, err := note.Open([]byte(signed), note.VerifierList(key))
	var invalid *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &invalid), errors.As(err, &unverified):
		return Checkpoint{}, ErrBadSignature
	case err != nil:
		return Checkpoint{}, ErrBadCheckpoint
	}
	read, err := ParseCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	// One signature and one spelling of it: note leaves out what it does not
	// know, what comes twice, and the spare bits of base64.
	only := opened.Sigs[0]
	signature, err := base64.StdEncoding.Strict().DecodeString(only.Base64)
	if err != nil {
		return Checkpoint{}, ErrBadCheckpoint
	}
	spelt := read.Text() + "\n— " + only.Name + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
	if spelt != signed {
		return Checkpoint{}, ErrBadCheckpoint
	}
	if read.Origin != key.Name() {
		return Checkpoint{}, ErrBadSignature
	}
	return read, nil
}

// Follows says whether the ledger of c begins with that of older, going by what
// is stored; if not, the error is ErrBadProof. Sweep asks it of the newest
// checkpoint before it signs the next: never put a signature under a fork.
func (c Checkpoint) Follows(older Checkpoint, stored Stored) error {
	if c.Origin != older.Origin || c.Size < older.Size {
		return fmt.Errorf("from %d to %d leaves: %w", older.Size, c.Size, ErrBadProof)
	}
	proof, err := ProveGrowth(older.Size, c.Size, stored)
	if err != nil {
		return err
	}
	return CheckGrowth(proof, older.Tree, c.Tree)
}
