package caseworktest

import (
	"polarweb.nl/inzage/internal/dsr"
)

// readingChecks are about what staff read.
func readingChecks() []check {
	return []check{
		{"open cases come in the order they are planned for", func(s *trial) {
			var want []dsr.OwnerID
			for _, planBy := range []dsr.Day{"2026-03-27", "2026-03-30", "2026-03-30", "2026-11-02"} {
				want = append(want, s.plannedFor(planBy))
			}
			want = append([]dsr.OwnerID{s.plannedFor("2025-12-31")}, want...)
			got, err := s.OpenCases(s.Context())
			s.ok(err)
			s.same("open cases", want, got)
		}},
		{"a closed case is not among the open ones", func(s *trial) {
			open, closed := s.opened(), s.next(s.opened())
			closed.File.Case.State = dsr.Closed
			s.ok(s.Cases.Commit(s.Context(), closed))
			got, err := s.OpenCases(s.Context())
			s.ok(err)
			s.same("open cases", []dsr.OwnerID{open.Case.ID}, got)
		}},
		{"a number leads to its case, open or closed", func(s *trial) {
			s.opened()
			file := s.opened()
			closed := s.next(file)
			closed.File.Case.State = dsr.Closed
			s.ok(s.Cases.Commit(s.Context(), closed))
			got, err := s.CaseOfNumber(s.Context(), file.Case.Number)
			s.ok(err)
			s.same("case", file.Case.ID, got)
			_, err = s.CaseOfNumber(s.Context(), "AVG-2026-9999")
			s.notFound(err)
		}},
		{"an opened history holds what was said", openedHistory},
	}
}

// plannedFor stores a new case with a planning day.
func (s *trial) plannedFor(day dsr.Day) dsr.OwnerID {
	s.Helper()
	change := s.opening()
	change.File.Case.Dates.PlanBy = day
	s.ok(s.Cases.Commit(s.Context(), change))
	return change.File.Case.ID
}

// openedHistory checks what a history shows to who has the key.
func openedHistory(s *trial) {
	change := s.opening()
	s.ok(s.Cases.Commit(s.Context(), change))
	large := s.next(s.file(change.File.Case.ID))
	large.Event.Body = &dsr.BodyRef{Path: "case/x/y", SHA256: "abc"}
	s.ok(s.Cases.Commit(s.Context(), large))
	view := s.next(s.file(change.File.Case.ID))
	view.Event.Kind, view.Event.Actor = dsr.Viewed, dsr.ActorID{7}
	s.ok(s.Cases.Commit(s.Context(), view))
	got, err := s.OpenHistory(s.Context(), s.file(change.File.Case.ID))
	s.ok(err)
	s.same("history", []dsr.Event{change.Event, large.Event, view.Event}, got)
}
