package dsr

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// OwnerID names what a row, a link or a sealed file belongs to: a case or a
// mail. It is 16 random bytes, so that it says nothing about a person and
// cannot be guessed.
type OwnerID [16]byte

// ActorID names who acts: a staff member or the data subject of one case.
type ActorID [8]byte

// LinkID is the id of one signed link; "one use" is kept on it, never on the
// spelling of the token.
type LinkID [16]byte

// ErrBadID is returned for text that is not an identifier in the form String
// gives.
var ErrBadID = errors.New("not an identifier")

// idText is lower-case base32 without padding: safe in keys, object names, SES
// tags and mail addresses, and without look-alikes of case.
var idText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewOwnerID draws an owner id from random.
func NewOwnerID(random io.Reader) (OwnerID, error) {
	var id OwnerID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return OwnerID{}, fmt.Errorf("drawing an owner id: %w", err)
	}
	return id, nil
}

// NewUploadID draws the id of a file that the contact on file may upload after one
// asking. It begins with which asking that was: the form of an upload outlives the
// page it stood on, and whoever was asked before must not send their copy into the
// case of somebody else. Fourteen bytes of it stay random.
func NewUploadID(random io.Reader, asked int) (OwnerID, error) {
	id, err := NewOwnerID(random)
	if err == nil {
		binary.BigEndian.PutUint16(id[:2], uint16(asked))
	}
	return id, err
}

// OfAsking reports whether an upload with this id belongs to an asking. Askings are
// numbered by events, and no form works for 65,536 of those.
func (id OwnerID) OfAsking(asked int) bool {
	return binary.BigEndian.Uint16(id[:2]) == uint16(asked)
}

// NewActorID draws an actor id from random.
func NewActorID(random io.Reader) (ActorID, error) {
	var id ActorID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return ActorID{}, fmt.Errorf("drawing an actor id: %w", err)
	}
	return id, nil
}

// NewLinkID draws a link id from random.
func NewLinkID(random io.Reader) (LinkID, error) {
	var id LinkID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return LinkID{}, fmt.Errorf("drawing a link id: %w", err)
	}
	return id, nil
}

// String gives the id as 26 characters of base32.
func (id OwnerID) String() string { return idText.EncodeToString(id[:]) }

// String gives the id as 13 characters of base32.
func (id ActorID) String() string { return idText.EncodeToString(id[:]) }

// String gives the id as 26 characters of base32.
func (id LinkID) String() string { return idText.EncodeToString(id[:]) }

// MarshalText gives the String form, so that ids read alike in JSON and in keys.
func (id OwnerID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the String form.
func (id ActorID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText gives the String form.
func (id LinkID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the String form; other spellings are ErrBadID.
func (id *OwnerID) UnmarshalText(text []byte) error { return decodeID(id[:], text) }

// UnmarshalText reads the String form; other spellings are ErrBadID.
func (id *ActorID) UnmarshalText(text []byte) error { return decodeID(id[:], text) }

// UnmarshalText reads the String form; other spellings are ErrBadID.
func (id *LinkID) UnmarshalText(text []byte) error { return decodeID(id[:], text) }

// ParseOwnerID reads what OwnerID.String wrote.
func ParseOwnerID(text string) (OwnerID, error) {
	var id OwnerID
	err := id.UnmarshalText([]byte(text))
	return id, err
}

// ParseActorID reads what ActorID.String wrote.
func ParseActorID(text string) (ActorID, error) {
	var id ActorID
	err := id.UnmarshalText([]byte(text))
	return id, err
}

// ParseLinkID reads what LinkID.String wrote.
func ParseLinkID(text string) (LinkID, error) {
	var id LinkID
	err := id.UnmarshalText([]byte(text))
	return id, err
}

// decodeID fills id from text. It encodes again and compares, because base32
// ignores the spare bits of the last character and skips line ends: one id
// must have one spelling.
func decodeID(id, text []byte) error {
	if len(text) != idText.EncodedLen(len(id)) {
		return ErrBadID
	}
	decoded := make([]byte, idText.DecodedLen(len(text)))
	n, err := idText.Decode(decoded, text)
	if err != nil || n != len(id) || idText.EncodeToString(decoded[:n]) != string(text) {
		return ErrBadID
	}
	copy(id, decoded)
	return nil
}
