// Package signedlink writes and reads the tokens in the links Inzage mails: a
// link does one thing, for one person, about one case or mail, until a moment.
//
// A token is "l1.<kid>.<base64url of 53 bytes of claims and a 32-byte tag>",
// 120 characters. The claims can be read by whoever holds the token, so they
// hold ids and times and nothing about a person. The tag is an HMAC-SHA-256
// over MACInput, made and checked by a KMS key this package never sees.
//
// To make a link: Claims, MACInput, a tag from KMS, Encode. To read one: Parse,
// Check, then the tag by KMS; until then nothing in it may be believed. Package
// keyring does both. The package stores nothing: whether a link was used or
// revoked stands on its LINK row.
package signedlink

import "errors"

// ErrRefused is the one error for every link that is not honoured. It is all a
// visitor may learn: a page that told why would help whoever tries links.
var ErrRefused = errors.New("this link is not valid")

// ErrUnfit is returned for a link that no token can express. It is a mistake
// of whoever makes the link, never of a visitor.
var ErrUnfit = errors.New("link does not fit in a token")

// Reason says, for the operator's log only, why a link was refused. It is an
// error that wraps ErrRefused and never holds any of the token.
type Reason string

// The reasons to refuse a link.
const (
	Malformed    Reason = "malformed"     // not a token, or another spelling of one
	UnknownKey   Reason = "unknown key"   // a kid that is not in use for these links
	WrongPurpose Reason = "wrong purpose" // a good link perhaps, but for another page
	Expired      Reason = "expired"       // its last second has passed
	NotYet       Reason = "not yet valid" // issued too far in the future
	Forged       Reason = "forged"        // the tag does not fit the claims
)

// Error gives the reason in words for a log.
func (r Reason) Error() string { return "link refused: " + string(r) }

// Unwrap makes every reason an ErrRefused.
func (r Reason) Unwrap() error { return ErrRefused }
