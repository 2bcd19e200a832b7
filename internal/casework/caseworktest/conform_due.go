package caseworktest

import (
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// dueChecks are about the index of what falls due.
func dueChecks() []check {
	return []check{
		{"only what waits is in the index", sparse},
		{"a day holds what falls due on it, soonest first", func(s *trial) {
			day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
			at := []time.Duration{23*time.Hour + 59*time.Minute, 0, 12 * time.Hour, -time.Nanosecond, 24 * time.Hour}
			for i, offset := range at {
				seen := dsr.Mail{ID: fmt.Sprintf("in%d", i), Owner: s.owner(), State: dsr.MailSeen, ArrivedAt: s.now}
				s.ok(s.Mails.Note(s.Context(), seen, day.Add(offset)))
			}
			s.same("the whole day", []string{"in1", "in2", "in0"}, s.dueMails("2026-03-04", day.AddDate(0, 0, 9)))
			s.same("up to and with noon", []string{"in1", "in2"}, s.dueMails("2026-03-04", day.Add(12*time.Hour)))
			s.same("before noon", []string{"in1"}, s.dueMails("2026-03-04", day.Add(12*time.Hour-1)))
			s.same("the day before", []string{"in3"}, s.dueMails("2026-03-03", day))
		}},
		{"the oldest day is kept, of each function for itself", func(s *trial) {
			for _, function := range []string{casework.FunctionSweep, casework.FunctionRemind, casework.FunctionPurge} {
				s.oldest(function, "")
				for _, want := range []dsr.Day{"2026-03-02", "2026-03-05", "2026-03-01"} {
					s.ok(s.Due.MoveOldestDay(s.Context(), function, want))
					s.oldest(function, want)
				}
			}
		}},
	}
}

// oldest wants a day as the oldest one of a function.
func (s *trial) oldest(function string, want dsr.Day) {
	s.Helper()
	if day, err := s.Due.OldestDay(s.Context(), function); err != nil || day != want {
		s.Errorf("of %s it is %q, %v; want %q", function, day, err, want)
	}
}

// dueMails lists the mails that fall due on a day.
func (s *trial) dueMails(day dsr.Day, until time.Time) []string {
	s.Helper()
	entries, err := s.Due.DueOn(s.Context(), day, until)
	s.ok(err)
	var ids []string
	for _, entry := range entries {
		if entry.Kind != casework.DueMail {
			s.Errorf("a %s among the mails", entry.Kind)
		}
		ids = append(ids, entry.MailID)
	}
	return ids
}

// sparse follows a case, a mail and a letter into the index and out of it.
func sparse(s *trial) {
	mail, change := s.mail("in1"), s.opening()
	id := change.File.Case.ID
	change.File.Case.DueAt = s.now.Add(3 * time.Minute)
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.Acknowledgement, N: 1}
	letter := s.waiting(ref)
	letter.DueAt = s.now.Add(2 * time.Minute)
	change.Letters = []dsr.Letter{letter}
	s.ok(s.Cases.Commit(s.Context(), change))
	all := func() []casework.DueEntry {
		entries, err := s.Due.DueOn(s.Context(), "2026-03-02", s.now.Add(time.Hour))
		s.ok(err)
		return entries
	}
	s.same("at first", []casework.DueEntry{
		{Kind: casework.DueMail, At: s.now.Add(time.Minute), MailID: "in1"},
		{Kind: casework.DueLetter, At: s.now.Add(2 * time.Minute), Letter: ref},
		{Kind: casework.DueCase, At: s.now.Add(3 * time.Minute), Case: id},
	}, all())

	mail.DueAt = time.Time{}
	s.ok(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailOrdinary)))
	further := s.next(s.file(id))
	further.File.Case.DueAt = time.Time{}
	posted := letter
	posted.State, posted.SESID, posted.DueAt = dsr.LetterPosted, "ses-1", time.Time{}
	further.Moves = []casework.LetterMove{{Prior: letter, Letter: posted}}
	s.ok(s.Cases.Commit(s.Context(), further))
	if left := all(); len(left) != 0 {
		s.Errorf("nothing waits, and the index holds %v", left)
	}
}
