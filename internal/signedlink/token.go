package signedlink

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
)

// TagSize is the length in bytes of the tag, an HMAC-SHA-256.
const TagSize = 32

// TokenSize is the length of every token: prefix, kid, dot, and 114 characters
// for the 85 bytes. Anything longer or shorter is refused unread.
const TokenSize = len(prefix) + kidSize + len(".") + 114

const (
	prefix  = "l1." // names the form; another form gets another prefix
	kidSize = 2
	// macLabel keeps a tag made for links from meaning anything elsewhere.
	macLabel = "dsr-link/v1"
)

// errMACNames is returned when the names around the claims cannot be told
// apart in the MAC input.
var errMACNames = errors.New("stage or kid does not fit in the MAC input of a link")

// MACInput gives the bytes that the tag of a link is made over: a label, the
// stage, the kid and the claims, the names with their lengths before them. The
// stage keeps links of a trial installation out of the real one.
func MACInput(stage, kid string, claims [ClaimsSize]byte) ([]byte, error) {
	if stage == "" || len(stage) > math.MaxUint8 || !ValidKid(kid) {
		return nil, fmt.Errorf("%w: stage of %d bytes, kid of %d", errMACNames, len(stage), len(kid))
	}
	input := append([]byte(macLabel), 0)
	input = append(append(input, byte(len(stage))), stage...)
	input = append(append(input, byte(len(kid))), kid...)
	return append(input, claims[:]...), nil
}

// ValidKid reports whether kid can name a key in a token: two characters of
// a-z and 0-9.
func ValidKid(kid string) bool {
	for _, c := range []byte(kid) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(kid) == kidSize
}

// Encode gives the token of these claims and their tag.
func Encode(kid string, claims [ClaimsSize]byte, tag [TagSize]byte) string {
	return prefix + kid + "." + base64.RawURLEncoding.EncodeToString(append(claims[:], tag[:]...))
}

// Unverified is a token taken apart. Its tag has not been checked: whoever can
// type can make one.
type Unverified struct {
	Kid    string
	Link   dsr.Link // what Claims say; Epoch is not among them
	Claims [ClaimsSize]byte
	Tag    [TagSize]byte
}

// Parse takes token apart. kids are the kids in use; another one is refused
// here, before it costs a call to KMS. Errors are a Reason.
func Parse(token string, kids []string) (Unverified, error) {
	if len(token) != TokenSize || token[:len(prefix)] != prefix {
		return Unverified{}, Malformed
	}
	u := Unverified{Kid: token[len(prefix) : len(prefix)+kidSize]}
	if !slices.Contains(kids, u.Kid) {
		return Unverified{}, UnknownKey
	}
	var body [ClaimsSize + TagSize]byte
	_, err := base64.RawURLEncoding.Decode(body[:], []byte(token[len(prefix)+kidSize+1:]))
	u.Claims, u.Tag = [ClaimsSize]byte(body[:ClaimsSize]), [TagSize]byte(body[ClaimsSize:])
	// Base64 skips line ends and ignores the last four bits (RFC 4648 section
	// 3.5), and nothing has looked at the second dot: writing the token again
	// and comparing leaves one spelling, whatever the decoder lets pass.
	if err != nil || Encode(u.Kid, u.Claims, u.Tag) != token {
		return Unverified{}, Malformed
	}
	if u.Link, err = read(u.Claims); err != nil {
		return Unverified{}, err
	}
	return u, nil
}
