package caseworktest

import (
	"sync/atomic"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// letterChecks are about the outbox and its links.
func letterChecks() []check {
	return []check{
		{"what is not there is not found", func(s *trial) {
			_, err := s.Letters.Letter(s.Context(), dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: s.owner(), Kind: dsr.Acknowledgement, N: 1})
			s.notFound(err)
			_, err = s.Letters.Letter(s.Context(), dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "in1", Kind: dsr.MailNotice, N: 1})
			s.notFound(err)
			_, err = s.Letters.Link(s.Context(), s.owner(), dsr.LinkID{1})
			s.notFound(err)
		}},
		{"a letter of a case reads back", func(s *trial) {
			letter := s.queued()
			s.same("letter", letter, s.letter(letter.Ref))
		}},
		{"a letter about a mail reads back", func(s *trial) {
			letter := s.aboutMail(s.mail("in1"))
			s.same("letter", letter, s.letter(letter.Ref))
		}},
		{"a letter reads back with all that is known of it, whoever it goes to", func(s *trial) {
			for _, to := range []dsr.Addressee{{Requester: true}, {Contact: 2}, {Desk: true}, {Staff: dsr.ActorID{5}}} {
				letter := s.queued()
				claimed := s.claimed(letter, letter.Ref.Case)
				claimed.To, claimed.Reason, claimed.Sealed, claimed.SESID = to, "M10", []byte("sealed"), "ses-"+letter.Ref.Case.String()
				claimed.NotBefore, claimed.Delayed = s.now.Add(time.Hour), s.now.Add(2*time.Hour)
				s.filled(claimed)
				change := s.next(s.file(letter.Ref.Case))
				change.Moves = []casework.LetterMove{{Prior: letter, Letter: claimed}}
				s.ok(s.Cases.Commit(s.Context(), change))
				s.same("letter", claimed, s.letter(letter.Ref))
			}
		}},
		{"a link about a mail that was passed on is found by the mail's owner", passedOn},
		{"a claim is stored with its link", func(s *trial) {
			letter := s.queued()
			claimed := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			s.same("letter", claimed, s.letter(letter.Ref))
			link, err := s.Letters.Link(s.Context(), letter.Ref.Case, claimed.Link.ID)
			s.ok(err)
			s.same("link", claimed.Link, link)
		}},
		{"a link about a mail is found by the mail's owner", func(s *trial) {
			mail := s.mail("in1")
			letter := s.aboutMail(mail)
			claimed := s.claimed(letter, mail.Owner)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			link, err := s.Letters.Link(s.Context(), mail.Owner, claimed.Link.ID)
			s.ok(err)
			s.same("link", claimed.Link, link)
		}},
		{"a link is found under its own owner only", func(s *trial) {
			letter, other := s.queued(), s.queued()
			claimed := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			_, err := s.Letters.Link(s.Context(), other.Ref.Case, claimed.Link.ID)
			s.notFound(err)
			_, err = s.Letters.Link(s.Context(), s.owner(), claimed.Link.ID)
			s.notFound(err)
		}},
	}
}

// claimChecks are about who may send a letter.
func claimChecks() []check {
	return []check{
		{"a claim holds from what was read", func(s *trial) {
			letter := s.queued()
			claimed := s.claimed(letter, letter.Ref.Case)
			for _, spoil := range []func(*dsr.Letter){
				func(l *dsr.Letter) { l.State = dsr.LetterClaimed },
				func(l *dsr.Letter) { l.Until = s.now },
			} {
				prior := letter
				spoil(&prior)
				s.conflict(s.Letters.Claim(s.Context(), prior, claimed))
			}
			s.same("letter", letter, s.letter(letter.Ref))
			_, err := s.Letters.Link(s.Context(), letter.Ref.Case, claimed.Link.ID)
			s.notFound(err)
		}},
		{"a letter that is not there cannot be claimed", func(s *trial) {
			letter := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: s.owner(), Kind: dsr.Acknowledgement, N: 1})
			s.conflict(s.Letters.Claim(s.Context(), letter, s.claimed(letter, letter.Ref.Case)))
			_, err := s.Letters.Letter(s.Context(), letter.Ref)
			s.notFound(err)
		}},
		{"a letter that left cannot be claimed", func(s *trial) {
			letter := s.queued()
			moved := letter
			moved.State, moved.SESID, moved.DueAt = dsr.LetterPosted, "ses-1", time.Time{}
			change := s.next(s.file(letter.Ref.Case))
			change.Moves = []casework.LetterMove{{Prior: letter, Letter: moved}}
			s.ok(s.Cases.Commit(s.Context(), change))
			s.conflict(s.Letters.Claim(s.Context(), letter, s.claimed(letter, letter.Ref.Case)))
		}},
		{"a later claim keeps the link", laterClaim},
		{"of many claims at once one wins", manyClaims},
	}
}

// aboutMail stores a letter about a mail that goes to a person.
func (s *trial) aboutMail(mail dsr.Mail) dsr.Letter {
	s.Helper()
	letter := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mail.ID, Kind: dsr.MailNotice, N: 1})
	letter.To, letter.Purpose, letter.Reason = dsr.Addressee{Staff: dsr.ActorID{5}}, dsr.OriginalMail, "empty"
	change := s.settling(mail, dsr.MailPerson)
	change.Letters = []dsr.Letter{letter}
	s.ok(s.Cases.Commit(s.Context(), change))
	return letter
}

// passedOn lets a mail that was passed on come back, so that a person gets a link
// to it after all.
func passedOn(s *trial) {
	mail := s.mail("in1")
	forward := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mail.ID, Kind: dsr.ForwardLetter, N: 1})
	forward.To, forward.Purpose = dsr.Addressee{Desk: true}, ""
	change := s.settling(mail, dsr.MailOrdinary)
	change.Letters = []dsr.Letter{forward}
	s.ok(s.Cases.Commit(s.Context(), change))
	s.same("letter", forward, s.letter(forward.Ref))

	notice := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mail.ID, Kind: dsr.MailNotice, N: 1})
	notice.To, notice.Purpose = dsr.Addressee{Staff: dsr.ActorID{5}}, dsr.OriginalMail
	s.ok(s.Cases.Commit(s.Context(), casework.Change{Letters: []dsr.Letter{notice}, At: s.now}))
	claimed := s.claimed(notice, mail.Owner)
	s.ok(s.Letters.Claim(s.Context(), notice, claimed))
	s.same("link", claimed.Link, s.link(claimed.Link))
}

// laterClaim checks a claim on a letter whose first claimant died.
func laterClaim(s *trial) {
	letter := s.queued()
	first := s.claimed(letter, letter.Ref.Case)
	s.ok(s.Letters.Claim(s.Context(), letter, first))
	second := first
	second.Until = first.Until.Add(casework.Lease)
	second.DueAt = second.Until
	s.ok(s.Letters.Claim(s.Context(), first, second))
	s.same("letter", second, s.letter(letter.Ref))
	link, err := s.Letters.Link(s.Context(), letter.Ref.Case, first.Link.ID)
	s.ok(err)
	s.same("link", first.Link, link)
	s.conflict(s.Letters.Claim(s.Context(), first, second))
}

// manyClaims checks that of a hundred dispatchers one may send.
func manyClaims(s *trial) {
	letter := s.queued()
	claims := make([]dsr.Letter, 100)
	for i := range claims {
		claims[i] = s.claimed(letter, letter.Ref.Case)
	}
	var winner atomic.Int64
	s.oneWon(atOnce(len(claims), func(i int) error {
		err := s.Letters.Claim(s.Context(), letter, claims[i])
		if err == nil {
			winner.Store(int64(i))
		}
		return err
	}))
	won := claims[winner.Load()]
	s.same("letter", won, s.letter(letter.Ref))
	for i, claim := range claims {
		_, err := s.Letters.Link(s.Context(), letter.Ref.Case, claim.Link.ID)
		if stored := err == nil; stored != (claim.Link.ID == won.Link.ID) {
			s.Errorf("claim %d: its link is stored is %t, %v", i, stored, err)
		}
	}
}
