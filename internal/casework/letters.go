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

// lettersAnEvent is more than the letters of one kind that one event can cause.
const lettersAnEvent = 1000

// aboutCase gives letters of a kind to staff about a case. An event may cause
// a kind that an earlier event caused too, so their numbers begin with the
// number of the event that the case is about to gain.
func (r Rules) aboutCase(c dsr.Case, kind dsr.LetterKind, reason string, now time.Time) []dsr.Letter {
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: kind}
	letters := r.toStaff(ref, dsr.SignIn, reason, now)
	for i := range letters {
		letters[i].Ref.N += c.Seq * lettersAnEvent
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
