package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// purgeChecks are about the end of a file.
func purgeChecks() []check {
	return []check{
		{"a purged file cannot be opened and its summary can", func(s *trial) {
			file := s.full("one")
			s.ok(s.Cases.Commit(s.Context(), s.purging(file)))
			_, err := s.Cases.File(s.Context(), file.Case.ID)
			s.notFound(err)
			want := s.purging(file).File.Case
			got := s.summary(file.Case.ID)
			want.Head = got.Head
			s.same("summary", want, got)
		}},
		{"the history of a purged file stays, and says nothing personal", func(s *trial) {
			file := s.full("one")
			before, err := s.Cases.History(s.Context(), file.Case.ID)
			s.ok(err)
			purge := s.purging(file)
			s.ok(s.Cases.Commit(s.Context(), purge))
			got, err := s.Cases.History(s.Context(), file.Case.ID)
			s.ok(err)
			s.same("history", append(before, purge.Event), got)
		}},
		{"a purged case is not open, and found by its number", func(s *trial) {
			left := s.purged()
			open, err := s.OpenCases(s.Context())
			s.ok(err)
			s.same("open cases", []dsr.OwnerID(nil), open)
			got, err := s.CaseOfNumber(s.Context(), left.Number)
			s.ok(err)
			s.same("case", left.ID, got)
		}},
		{"a purge that was decided on an earlier case destroys nothing", func(s *trial) {
			file := s.full("one")
			stale := s.purging(file)
			s.ok(s.Cases.Commit(s.Context(), s.next(file)))
			s.conflict(s.Cases.Commit(s.Context(), stale))
			s.same("what is kept about people", file.Case.Confidential, s.file(file.Case.ID).Case.Confidential)
		}},
		{"a case is purged once", func(s *trial) {
			file := s.full("one")
			s.ok(s.Cases.Commit(s.Context(), s.purging(file)))
			s.conflict(s.Cases.Commit(s.Context(), s.purging(file)))
		}},
		{"a purged case still learns what became of it", func(s *trial) {
			left := s.purged()
			change := s.next(casework.File{Case: left.Case})
			change.File.Case.DueAt = s.now.AddDate(5, 0, 0)
			s.ok(s.Cases.Commit(s.Context(), change))
			got := s.summary(left.ID)
			s.same("events", change.File.Case.Seq, got.Seq)
			s.same("due", change.File.Case.DueAt, got.DueAt)
			_, err := s.Cases.File(s.Context(), left.ID)
			s.notFound(err)
		}},
		{"who still holds the file cannot give it back its people", func(s *trial) {
			file := s.full("one")
			held := s.purging(file)
			held.File = file
			held.File.Case.Seq, held.File.Case.State = file.Case.Seq+1, dsr.Purged
			s.ok(s.Cases.Commit(s.Context(), held))
			s.same("what is kept about people", dsr.Confidential{}, s.summary(file.Case.ID).Confidential)
			_, err := s.Cases.File(s.Context(), file.Case.ID)
			s.notFound(err)
		}},
	}
}

// leftoverChecks are about the rows of a purged case.
func leftoverChecks() []check {
	return []check{
		{"of a purged case its summary, its history and its number stay", func(s *trial) {
			left := s.purged()
			history, err := s.Cases.History(s.Context(), left.ID)
			s.ok(err)
			for range 2 {
				s.ok(s.Leftovers(s.Context(), left.Case))
			}
			s.nothingBeside(left)
			s.same("summary", left.Case, s.summary(left.ID))
			after, err := s.Cases.History(s.Context(), left.ID)
			s.ok(err)
			s.same("history", history, after)
			got, err := s.CaseOfNumber(s.Context(), left.Number)
			s.ok(err)
			s.same("case", left.ID, got)
		}},
		{"of an expired case nothing stays", func(s *trial) {
			left := s.purged()
			for range 2 {
				s.ok(s.Expire(s.Context(), left.Case))
			}
			s.ok(s.Leftovers(s.Context(), left.Case))
			s.nothingBeside(left)
			_, err := s.Cases.Summary(s.Context(), left.ID)
			s.notFound(err)
			if history, err := s.Cases.History(s.Context(), left.ID); err != nil || len(history) != 0 {
				s.Errorf("%d events stay, %v", len(history), err)
			}
			_, err = s.CaseOfNumber(s.Context(), left.Number)
			s.notFound(err)
			for _, entry := range s.due(s.now.AddDate(9, 0, 0)) {
				s.Errorf("%+v is still due", entry)
			}
		}},
		{"a long history expires as a short one does", func(s *trial) {
			file := s.full("one")
			for range 60 {
				s.ok(s.Cases.Commit(s.Context(), s.next(file)))
				file = s.file(file.Case.ID)
			}
			s.ok(s.Cases.Commit(s.Context(), s.purging(file)))
			s.ok(s.Expire(s.Context(), s.summary(file.Case.ID)))
			_, err := s.Cases.Summary(s.Context(), file.Case.ID)
			s.notFound(err)
			if history, err := s.Cases.History(s.Context(), file.Case.ID); err != nil || len(history) != 0 {
				s.Errorf("%d events stay, %v", len(history), err)
			}
		}},
		{"a case that is not purged keeps everything", func(s *trial) {
			file := s.full("one")
			for _, remove := range []func() error{
				func() error { return s.Leftovers(s.Context(), file.Case) },
				func() error { return s.Expire(s.Context(), file.Case) },
			} {
				s.conflict(remove())
				s.complete(file)
			}
		}},
		{"the rows of other cases stay", func(s *trial) {
			left, other := s.purged(), s.full("other")
			s.ok(s.Leftovers(s.Context(), left.Case))
			s.complete(other)
			s.ok(s.Expire(s.Context(), left.Case))
			s.complete(other)
		}},
	}
}

// full stores a case with a row of every kind, and two events. The name keeps the
// letters of two such cases apart.
func (s *trial) full(name string) casework.File {
	s.Helper()
	letter := s.queued()
	id := letter.Ref.Case
	claimed := s.claimed(letter, id)
	s.ok(s.Letters.Claim(s.Context(), letter, claimed))
	s.ok(s.Letters.Try(s.Context(), id, claimed.Link.ID, 1))
	change := s.next(s.file(id))
	posted := claimed
	posted.State, posted.SESID = dsr.LetterPosted, "ses-"+name
	change.Moves = []casework.LetterMove{{Prior: claimed, Letter: posted}}
	change.Tasks = []dsr.Task{s.task("shop", dsr.Access)}
	for _, kind := range fileKinds() {
		one := s.coming(s.fileRef(id, kind), s.now)
		one.DueAt = s.now.Add(time.Minute)
		change.Enclosures = append(change.Enclosures, casework.EnclosureMove{Next: one})
	}
	s.ok(s.Cases.Commit(s.Context(), change))
	return s.file(id)
}

// complete wants every row that full stored.
func (s *trial) complete(file casework.File) {
	s.Helper()
	id := file.Case.ID
	s.same("case", file.Case, s.file(id).Case)
	letter := s.letter(firstLetter(id))
	s.link(letter.Link)
	s.same("tasks and files", []int{1, 4}, []int{len(s.tasks(id)), len(s.enclosures(id))})
	if history, err := s.Cases.History(s.Context(), id); err != nil || len(history) != 2 {
		s.Errorf("%d events, %v; want 2", len(history), err)
	}
}

// nothingBeside wants nothing of a case beside its summary, history and number.
func (s *trial) nothingBeside(left remains) {
	s.Helper()
	_, err := s.Letters.Letter(s.Context(), firstLetter(left.ID))
	s.notFound(err)
	_, err = s.Letters.Link(s.Context(), left.ID, left.link)
	s.notFound(err)
	s.same("tasks and files", []int{0, 0}, []int{len(s.tasks(left.ID)), len(s.enclosures(left.ID))})
	for _, entry := range s.due(s.now.AddDate(9, 0, 0)) {
		if entry.Kind == casework.DueLetter || entry.Kind == casework.DueEnclosure {
			s.Errorf("%+v is still due", entry)
		}
	}
}

// firstLetter names the letter that full stores.
func firstLetter(id dsr.OwnerID) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.Acknowledgement, N: 1}
}

// purging gives the change that purges a case as it was read.
func (s *trial) purging(file casework.File) casework.Change {
	s.Helper()
	c := file.Case
	c.State = dsr.Closed
	s.ok(c.Purge())
	c.DueAt = s.now.Add(time.Hour)
	change := s.next(casework.File{Case: c})
	change.Event.Kind, change.Purge = dsr.FilePurged, true
	return change
}

// remains is what is left of a purged case, and the link it had.
type remains struct {
	dsr.Case
	link dsr.LinkID
}

// purged stores a case with a row of every kind, and purges it.
func (s *trial) purged() remains {
	s.Helper()
	file := s.full("one")
	link := s.letter(firstLetter(file.Case.ID)).Link.ID
	s.ok(s.Cases.Commit(s.Context(), s.purging(file)))
	return remains{s.summary(file.Case.ID), link}
}

// summary reads the clear part of a case.
func (s *trial) summary(id dsr.OwnerID) dsr.Case {
	s.Helper()
	c, err := s.Cases.Summary(s.Context(), id)
	s.ok(err)
	return c
}
