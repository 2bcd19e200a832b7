package casework

import (
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// dispatchGrace is how long a new letter is left to the stream before
	// sweep looks at it: long enough not to race the fast path.
	dispatchGrace = 2 * time.Minute

	// Lease is how long a claimed letter belongs to its claimant. It is longer
	// than dispatch may run, so that a live claimant is never overtaken.
	Lease = 5 * time.Minute
)

// queue gives a new letter in the state in which the outbox receives it.
func queue(letter dsr.Letter, now time.Time) dsr.Letter {
	letter.State = dsr.LetterWaiting
	letter.Queued = now
	letter.DueAt = now.Add(dispatchGrace)
	return letter
}

// toStaff gives one letter of a kind for each member of staff who hears of new
// work; each carries a link that names its reader.
func (r Rules) toStaff(ref dsr.LetterRef, purpose dsr.Purpose, reason string, now time.Time) []dsr.Letter {
	var letters []dsr.Letter
	for i, member := range r.Profile.Notified() {
		ref.N = i + 1
		letters = append(letters, queue(dsr.Letter{
			Ref:      ref,
			Language: r.staffLanguage(),
			To:       dsr.Addressee{Staff: member.ActorID()},
			Purpose:  purpose,
			Reason:   reason,
		}, now))
	}
	return letters
}

// acknowledgement gives the receipt for the requester of a new case.
func acknowledgement(c dsr.Case, now time.Time) dsr.Letter {
	return queue(dsr.Letter{
		Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: dsr.Acknowledgement, N: 1},
		Language: c.Language,
		To:       dsr.Addressee{Requester: true},
		Purpose:  dsr.FollowCase,
	}, now)
}
