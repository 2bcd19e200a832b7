package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// moveChecks are about what a letter holds, and what is left of that when it
// moves on.
func moveChecks() []check {
	return []check{
		{"a letter to a contact on file reads back with what only it knows", func(s *trial) {
			letter := s.coded()
			s.same("letter", letter, s.letter(letter.Ref))
			claimed := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			s.same("letter", claimed, s.letter(letter.Ref))
		}},
		{"who changes what they wrote or read changes no letter", func(s *trial) {
			letter := s.coded()
			unchanged := func(written dsr.Letter) {
				s.Helper()
				written.Sealed[0] = 'X'
				s.letter(letter.Ref).Sealed[0] = 'Y'
				s.same("what it knows", "sealed code", string(s.letter(letter.Ref).Sealed))
			}
			unchanged(letter)
			claimed := s.claimed(letter, letter.Ref.Case)
			claimed.Sealed = []byte("sealed code")
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			unchanged(claimed)
			posted := claimed
			posted.State, posted.Sealed = dsr.LetterPosted, []byte("sealed code")
			s.moved(claimed, posted)
			unchanged(posted)
		}},
		{"a letter loses what it lacks after a move", func(s *trial) {
			letter := s.coded()
			bare := dsr.Letter{
				Ref: letter.Ref, Language: letter.Language, State: dsr.LetterFailed, Queued: letter.Queued,
				To: dsr.Addressee{Requester: true},
			}
			s.moved(letter, bare)
			s.same("letter", bare, s.letter(letter.Ref))
		}},
		{"a personal addressee keeps no member of staff", func(s *trial) {
			letter := s.coded()
			moved := letter
			moved.To = dsr.Addressee{Staff: dsr.ActorID{6}}
			s.moved(letter, moved)
			s.same("reader", moved.To, s.letter(letter.Ref).To)
			for _, personal := range []dsr.Addressee{{Requester: true}, {Contact: 1}} {
				prior := moved
				moved.To = personal
				moved.To.Staff = dsr.ActorID{6}
				s.moved(prior, moved)
				s.same("reader", personal, s.letter(letter.Ref).To)
			}
		}},
		{"a letter moves within its state and leaves the index", withinState},
		{"a letter moves within its state from what was read", func(s *trial) {
			letter := s.queued()
			arrived := letter
			arrived.State, arrived.SESID, arrived.DueAt = dsr.LetterArrived, "ses-1", s.now.Add(time.Hour)
			s.moved(letter, arrived)
			done := arrived
			done.State, done.DueAt = dsr.LetterPosted, time.Time{}
			change := s.next(s.file(letter.Ref.Case))
			change.Moves = []casework.LetterMove{{Prior: done, Letter: done}}
			s.conflict(s.Cases.Commit(s.Context(), change))
			s.same("letter", arrived, s.letter(letter.Ref))
		}},
	}
}

// coded stores a letter that brings a code to the second contact of a new case.
func (s *trial) coded() dsr.Letter {
	s.Helper()
	change := s.opening()
	letter := s.waiting(dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: change.File.Case.ID, Kind: dsr.CodeLetter, N: 1})
	letter.To, letter.Reason = dsr.Addressee{Contact: 2}, "asked"
	letter.NotBefore, letter.Sealed = s.now.Add(24*time.Hour), []byte("sealed code")
	change.Letters = []dsr.Letter{letter}
	s.ok(s.Cases.Commit(s.Context(), change))
	return letter
}

// moved stores a letter's next state with the next event of its case.
func (s *trial) moved(prior, letter dsr.Letter) {
	s.Helper()
	change := s.next(s.file(letter.Ref.Case))
	change.Moves = []casework.LetterMove{{Prior: prior, Letter: letter}}
	s.ok(s.Cases.Commit(s.Context(), change))
}

// withinState takes a letter through its states, and in each of them first lets
// it fall due and then not any more.
func withinState(s *trial) {
	letter := s.queued()
	prior := letter
	for _, state := range []dsr.LetterState{dsr.LetterWaiting, dsr.LetterPosted, dsr.LetterArrived, dsr.LetterReturned} {
		due := prior
		due.State, due.DueAt = state, s.now.Add(time.Minute)
		if state != dsr.LetterWaiting {
			due.SESID = "ses-1"
		}
		s.moved(prior, due)
		s.same("falls due when "+string(state), []dsr.LetterRef{letter.Ref}, s.dueLetters())
		done := due
		done.DueAt = time.Time{}
		s.moved(due, done)
		s.same("letter", done, s.letter(letter.Ref))
		s.same("falls due after "+string(state), []dsr.LetterRef(nil), s.dueLetters())
		prior = done
	}
}

// dueLetters lists the letters that fall due on the day of the check.
func (s *trial) dueLetters() []dsr.LetterRef {
	s.Helper()
	entries, err := s.Due.DueOn(s.Context(), dsr.Day(s.now.Format(time.DateOnly)), s.now.Add(time.Hour))
	s.ok(err)
	var refs []dsr.LetterRef
	for _, entry := range entries {
		if entry.Kind == casework.DueLetter {
			refs = append(refs, entry.Letter)
		}
	}
	return refs
}
