package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// caseChecks are about reading and changing case files.
func caseChecks() []check {
	return []check{
		{"what is not there is not found", func(s *trial) {
			_, err := s.Cases.Summary(s.Context(), s.owner())
			s.notFound(err)
			_, err = s.Cases.File(s.Context(), s.owner())
			s.notFound(err)
			history, err := s.Cases.History(s.Context(), s.owner())
			if err != nil || len(history) != 0 {
				s.Errorf("the history of no case is %v, %v", history, err)
			}
		}},
		{"a case reads back as it was opened", func(s *trial) {
			change := s.opening()
			s.ok(s.Cases.Commit(s.Context(), change))
			got, want := s.file(change.File.Case.ID).Case, change.File.Case
			if got.Head == want.Head {
				s.Error("the head did not move")
			}
			want.Head = got.Head
			s.same("case", want, got)
		}},
		{"a case reads back as it was changed", func(s *trial) {
			change := s.next(s.opened())
			c := &change.File.Case
			c.Rights, c.Rev, c.LinkEpoch, c.State = append(c.Rights, dsr.Objection), 7, 8, dsr.Closed
			c.DueAt = time.Time{}
			s.ok(s.Cases.Commit(s.Context(), change))
			got, want := s.file(c.ID).Case, *c
			want.Head = got.Head
			s.same("case", want, got)
		}},
		{"each change moves the head", func(s *trial) {
			file := s.opened()
			seen := map[[32]byte]bool{{}: true}
			for range 4 {
				if seen[file.Case.Head] {
					s.Error("a head came twice")
				}
				seen[file.Case.Head] = true
				s.ok(s.Cases.Commit(s.Context(), s.next(file)))
				file = s.file(file.Case.ID)
			}
		}},
	}
}

// personalChecks are about what a case shows of a person, and its key.
func personalChecks() []check {
	return []check{
		{"a summary has no personal fields", func(s *trial) {
			file := s.opened()
			got, err := s.Cases.Summary(s.Context(), file.Case.ID)
			s.ok(err)
			want := file.Case
			want.Confidential = dsr.Confidential{}
			s.same("summary", want, got)
		}},
		{"a history is in order and has no personal fields", historyIsClear},
		{"a file comes with its own key", func(s *trial) {
			change := s.opening()
			s.ok(s.Cases.Commit(s.Context(), change))
			got := s.file(change.File.Case.ID).Key
			if got.Hash("x", "y") != change.File.Key.Hash("x", "y") {
				s.Error("the file's key is another than the case was opened with")
			}
			s.ok(s.Cases.Commit(s.Context(), s.next(s.file(change.File.Case.ID))))
			if s.file(change.File.Case.ID).Key.Hash("x", "y") != got.Hash("x", "y") {
				s.Error("a change renewed the key")
			}
		}},
		{"a wrapped key opens for its owner only", func(s *trial) {
			made, err := s.Sealer.NewKey(s.Context(), "CASE#one")
			s.ok(err)
			opened, err := s.Sealer.OpenKey(s.Context(), "CASE#one", made.Wrapped())
			s.ok(err)
			if opened.Hash("x", "y") != made.Hash("x", "y") {
				s.Error("the wrapped key opens as another one")
			}
			other, err := s.Sealer.OpenKey(s.Context(), "CASE#two", made.Wrapped())
			if err == nil && other.Hash("x", "y") == made.Hash("x", "y") {
				s.Error("somebody else's key opens")
			}
		}},
		{"a letter's progress is stored with its event", func(s *trial) {
			letter := s.queued()
			change := s.next(s.file(letter.Ref.Case))
			moved := letter
			moved.State, moved.SESID, moved.DueAt = dsr.LetterPosted, "ses-1", time.Time{}
			change.Moves = []casework.LetterMove{{Prior: letter, Letter: moved}}
			s.ok(s.Cases.Commit(s.Context(), change))
			s.same("letter", moved, s.letter(letter.Ref))
			if got := s.file(letter.Ref.Case).Case.Seq; got != 2 {
				s.Errorf("the history holds %d events, want 2", got)
			}
		}},
	}
}

// historyIsClear checks what a history shows.
func historyIsClear(s *trial) {
	change := s.opening()
	change.Event.Actor = dsr.ActorID{9}
	s.ok(s.Cases.Commit(s.Context(), change))
	further := s.next(s.file(change.File.Case.ID))
	further.Event.Body = &dsr.BodyRef{Path: "case/x/y", SHA256: "abc"}
	s.ok(s.Cases.Commit(s.Context(), further))
	got, err := s.Cases.History(s.Context(), change.File.Case.ID)
	s.ok(err)
	want := []dsr.Event{change.Event, further.Event}
	want[0].Personal = nil
	s.same("history", want, got)
}
