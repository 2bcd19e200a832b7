package casework

import (
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
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

// queueFor queues a letter that dispatch leaves alone until an instant; the zero
// instant is at once.
func queueFor(letter dsr.Letter, now, notBefore time.Time) dsr.Letter {
	letter = queue(letter, now)
	if now.Before(notBefore) {
		letter.NotBefore, letter.DueAt = notBefore, notBefore
	}
	return letter
}

// toStaff gives one letter of a kind for each member of staff who hears of new
// work; each carries a link that names its reader.
func (r Rules) toStaff(ref dsr.LetterRef, purpose dsr.Purpose, reason string, now time.Time) []dsr.Letter {
	return r.toMembers(r.Profile.Notified(), ref, purpose, reason, now)
}

// toMembers gives one letter of a kind for each of some members of staff.
func (r Rules) toMembers(members []organisation.Staff, ref dsr.LetterRef, purpose dsr.Purpose, reason string, now time.Time) []dsr.Letter {
	var letters []dsr.Letter
	for i, member := range members {
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

// aboutCase gives letters of a kind to staff about a case.
func (r Rules) aboutCase(c dsr.Case, kind dsr.LetterKind, reason string, now time.Time) []dsr.Letter {
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: kind}
	letters := r.toStaff(ref, dsr.SignIn, reason, now)
	for i := range letters {
		letters[i].Ref = caseLetter(c, kind, i+1)
	}
	return letters
}

// caseLetter names the i-th letter of a kind that one event of a case causes. An
// earlier event may have caused that kind too, so numbers begin with the number
// of the event that the case is about to gain.
func caseLetter(c dsr.Case, kind dsr.LetterKind, i int) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: kind, N: c.Seq*lettersAnEvent + i}
}

// toPerson gives a letter to a data subject.
func toPerson(c dsr.Case, kind dsr.LetterKind, purpose dsr.Purpose, to dsr.Addressee, now time.Time) dsr.Letter {
	return queue(dsr.Letter{
		Ref: caseLetter(c, kind, 1), Language: c.Language, To: to, Purpose: purpose,
	}, now)
}

// answerLetter gives the letter that brings the proposed answer. It goes to the
// contact on file; only where nobody is known does it go to whoever asked, and
// then it says nothing about anybody.
func answerLetter(c dsr.Case, now time.Time) dsr.Letter {
	purpose, to := dsr.FollowCase, dsr.Addressee{Contact: 1}
	if c.Discloses() {
		purpose = dsr.CollectAnswer
	}
	if c.Work.Proposed == dsr.Unlinked {
		to = dsr.Addressee{Requester: true}
	}
	return toPerson(c, c.AnswerKind(), purpose, to, now)
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
