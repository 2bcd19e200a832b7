package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ErrEnrolled is returned when a member of staff to be enrolled has a secret
// already: a second one must never replace the first unnoticed.
var ErrEnrolled = errors.New("enrolled already")

// minSecret is the least length of a secret, in bytes (RFC 4226 section 4, R6).
const minSecret = 16

// Enrolling gives members of staff the secret that makes their codes. A person
// at the organisation does it with the operator's command: a secret that came by
// mail would be worth no more than the link that comes by mail.
type Enrolling struct {
	Rules Rules
	Store Enrol
}

// Enrol stores secret for the member of staff with this id. They must stand in
// the organisation file and work there: ErrNotStaff.
func (e Enrolling) Enrol(ctx context.Context, now time.Time, id string, secret []byte) error {
	if len(secret) < minSecret {
		return fmt.Errorf("enrolling %s: a secret of %d bytes, want at least %d", id, len(secret), minSecret)
	}
	for _, known := range e.Rules.Profile.Staff {
		if known.ID != id || !known.Active {
			continue
		}
		member := dsr.Member{Actor: known.ActorID(), Enrolled: now}
		if err := e.Store(ctx, member, secret); err != nil {
			return fmt.Errorf("enrolling %s: %w", id, err)
		}
		return nil
	}
	return fmt.Errorf("enrolling %s: %w", id, ErrNotStaff)
}
