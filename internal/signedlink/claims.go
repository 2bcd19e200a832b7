package signedlink

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ClaimsSize is the length in bytes of the claims: purpose 1, owner 16,
// revision 4, actor 8, issued 4, expires 4, link id 16.
const ClaimsSize = 1 + 16 + 4 + 8 + 4 + 4 + 16

// maxAhead is how far ahead of our clock a link may have been issued, for two
// machines whose clocks differ a little.
const maxAhead = 60 * time.Second

// Claims writes link in its 53 bytes, big-endian. Epoch is left out: it stands
// on the LINK row only, where one write can revoke every link of a case.
// ErrUnfit is returned for a link without purpose, owner, actor or id, and for
// numbers and times that 32 bits or whole seconds cannot hold.
func Claims(link dsr.Link) ([ClaimsSize]byte, error) {
	if err := complete(link); err != nil {
		return [ClaimsSize]byte{}, err
	}
	rev, err := fit("revision", int64(link.Rev))
	if err != nil {
		return [ClaimsSize]byte{}, err
	}
	issued, expires, err := lifetime(link)
	if err != nil {
		return [ClaimsSize]byte{}, err
	}
	claims := append(make([]byte, 0, ClaimsSize), numberOf(link.Purpose))
	claims = append(claims, link.Owner[:]...)
	claims = binary.BigEndian.AppendUint32(claims, rev)
	claims = append(claims, link.Actor[:]...)
	claims = binary.BigEndian.AppendUint32(claims, issued)
	claims = binary.BigEndian.AppendUint32(claims, expires)
	claims = append(claims, link.ID[:]...)
	return [ClaimsSize]byte(claims), nil
}

// complete checks that nothing was forgotten. A zero id would be the same link
// as every other zero one, and "used once" would hold for all of them together.
func complete(link dsr.Link) error {
	switch {
	case numberOf(link.Purpose) == 0:
		return fmt.Errorf("%w: purpose without a number", ErrUnfit)
	case link.Owner == dsr.OwnerID{}:
		return fmt.Errorf("%w: no owner", ErrUnfit)
	case link.Actor == dsr.ActorID{}:
		return fmt.Errorf("%w: no actor", ErrUnfit)
	case link.ID == dsr.LinkID{}:
		return fmt.Errorf("%w: no id", ErrUnfit)
	}
	return nil
}

// lifetime gives both times of link as whole seconds, the first before the last.
func lifetime(link dsr.Link) (issued, expires uint32, err error) {
	if link.IssuedAt.Nanosecond() != 0 || link.ExpiresAt.Nanosecond() != 0 {
		return 0, 0, fmt.Errorf("%w: times must be whole seconds", ErrUnfit)
	}
	if issued, err = fit("time of issue", link.IssuedAt.Unix()); err != nil {
		return 0, 0, err
	}
	if expires, err = fit("time of expiry", link.ExpiresAt.Unix()); err != nil {
		return 0, 0, err
	}
	if expires <= issued {
		return 0, 0, fmt.Errorf("%w: it expires before it begins", ErrUnfit)
	}
	return issued, expires, nil
}

// fit gives n as 32 bits. A number cut short would still make a valid token,
// for another revision or another year, so it is an error instead.
func fit(what string, n int64) (uint32, error) {
	if n < 0 || n > math.MaxUint32 {
		return 0, fmt.Errorf("%w: %s %d is outside 32 bits", ErrUnfit, what, n)
	}
	return uint32(n), nil
}

// read gives the link that claims say. Only what Claims itself would write is
// accepted, however well it is signed.
func read(claims [ClaimsSize]byte) (dsr.Link, error) {
	link := dsr.Link{
		Purpose:   purposeAt(claims[0]),
		Owner:     dsr.OwnerID(claims[1:17]),
		Rev:       int(binary.BigEndian.Uint32(claims[17:21])),
		Actor:     dsr.ActorID(claims[21:29]),
		IssuedAt:  instant(claims[29:33]),
		ExpiresAt: instant(claims[33:37]),
		ID:        dsr.LinkID(claims[37:53]),
	}
	if _, err := Claims(link); err != nil {
		return dsr.Link{}, Malformed
	}
	return link, nil
}

// instant reads a time of four bytes.
func instant(seconds []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint32(seconds)), 0).UTC()
}

// Check refuses a link that is for another purpose, that is over, or that
// claims to come from the future. It believes the claims: the tag must be
// checked as well. The purpose comes first, so that a link shown to the wrong
// page tells nothing more about itself, not even to our log.
func Check(link dsr.Link, purpose dsr.Purpose, now time.Time) error {
	switch {
	case link.Purpose != purpose:
		return WrongPurpose
	case !now.Before(link.ExpiresAt):
		return Expired
	case link.IssuedAt.After(now.Add(maxAhead)):
		return NotYet
	}
	return nil
}
