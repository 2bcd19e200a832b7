package caseworktest

import (
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// mailChecks are about the claims on incoming mail and about case numbers.
func mailChecks() []check {
	return []check{
		{"what is not there is not found", func(s *trial) {
			_, err := s.Mails.Mail(s.Context(), "in1")
			s.notFound(err)
		}},
		{"a first claim reads back", func(s *trial) {
			mail := s.mail("in1")
			if mail.State != dsr.MailReading || mail.Attempts != 1 || mail.Owner == (dsr.OwnerID{}) {
				s.Errorf("the claim gave %+v", mail)
			}
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			s.same("mail", mail, got)
		}},
		{"a further claim keeps owner and arrival", func(s *trial) {
			first := s.mail("in1")
			s.now = s.now.Add(time.Hour)
			second := s.mail("in1")
			first.Attempts, first.DueAt = 2, s.now.Add(time.Minute)
			s.same("mail", first, second)
		}},
		{"a settled mail cannot be claimed", func(s *trial) {
			mail := s.mail("in1")
			s.ok(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailAutomatic)))
			mail.State = dsr.MailAutomatic
			s.same("mail", mail, s.mail("in1"))
		}},
	}
}

// noteChecks are about mails that were found before their notice came.
func noteChecks() []check {
	return []check{
		{"a noted mail reads back, and is noted once", func(s *trial) {
			seen := dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailSeen, ArrivedAt: s.now}
			s.ok(s.Mails.Note(s.Context(), seen, s.now))
			again := seen
			again.Owner, again.ArrivedAt = s.owner(), s.now.Add(time.Hour)
			s.ok(s.Mails.Note(s.Context(), again, s.now))
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			seen.DueAt = s.now
			s.same("mail", seen, got)
		}},
		{"a claimed mail is not noted", func(s *trial) {
			mail := s.mail("in1")
			s.ok(s.Mails.Note(s.Context(), dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailSeen}, s.now))
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			s.same("mail", mail, got)
		}},
		{"a claim on a noted mail keeps owner and arrival", func(s *trial) {
			seen := dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailSeen, ArrivedAt: s.now}
			s.ok(s.Mails.Note(s.Context(), seen, s.now))
			seen.State, seen.Attempts = dsr.MailReading, 1
			got := s.mail("in1")
			seen.Verdicts, seen.DueAt = got.Verdicts, s.now.Add(time.Minute)
			s.same("mail", seen, got)
		}},
		{"a noted mail can be settled", func(s *trial) {
			seen := dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailSeen, ArrivedAt: s.now}
			s.ok(s.Mails.Note(s.Context(), seen, s.now))
			s.ok(s.Cases.Commit(s.Context(), s.settling(seen, dsr.MailOrdinary)))
		}},
	}
}

// countChecks are about what claims and settling leave as it is.
func countChecks() []check {
	return []check{
		{"settling keeps owner, arrival, attempts and number", settlingKeeps},
		{"claims of one quarter count as one attempt, many at once too", func(s *trial) {
			arrivals := make([]dsr.Mail, 50)
			for i := range arrivals {
				arrivals[i] = dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailReading, ArrivedAt: s.now}
			}
			for _, err := range atOnce(len(arrivals), func(i int) error {
				_, err := s.Mails.Begin(s.Context(), arrivals[i], s.now, s.now.Add(time.Minute))
				return err
			}) {
				s.ok(err)
			}
			got, err := s.Mails.Mail(s.Context(), "in1")
			if err != nil || got.Attempts != 1 {
				s.Errorf("%d attempts, %v; want 1", got.Attempts, err)
			}
		}},
		{"a claim counts again when the last one is over", func(s *trial) {
			s.mail("in1")
			for want := 2; want <= 4; want++ {
				s.now = s.now.Add(time.Minute)
				if got := s.mail("in1"); got.Attempts != want {
					s.Errorf("%d attempts, want %d", got.Attempts, want)
				}
			}
		}},
		{"what SES found is kept from the first notice, also after the mail was noted", func(s *trial) {
			s.ok(s.Mails.Note(s.Context(), dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailSeen, ArrivedAt: s.now}, s.now.Add(time.Minute)))
			silent := dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailReading, ArrivedAt: s.now}
			if got, err := s.Mails.Begin(s.Context(), silent, s.now, s.now.Add(time.Minute)); err != nil || got.Verdicts.Known() {
				s.Errorf("verdicts %+v, %v", got.Verdicts, err)
			}
			told := s.mail("in1").Verdicts
			silent.Verdicts = dsr.Verdicts{Virus: "FAIL"}
			got, err := s.Mails.Begin(s.Context(), silent, s.now, s.now.Add(time.Minute))
			s.ok(err)
			s.same("verdicts", told, got.Verdicts)
		}},
	}
}

// postponeChecks are about when the raw mail of a settled mail is removed.
func postponeChecks() []check {
	return []check{
		{"a settled mail falls due when its raw mail is to be removed, and is put off", func(s *trial) {
			mail := s.mail("in1")
			mail.State, mail.DueAt = dsr.MailOrdinary, s.now.Add(time.Minute)
			s.ok(s.Cases.Commit(s.Context(), casework.Change{Mail: &mail, At: s.now}))
			for _, at := range []time.Time{mail.DueAt, s.now.Add(time.Hour), s.now} {
				s.ok(s.Mails.Postpone(s.Context(), "in1", at))
				mail.DueAt = at
				s.dueMail(mail)
			}
		}},
		{"a mail that was put off for ever is never due", func(s *trial) {
			mail := s.mail("in1")
			mail.State, mail.DueAt = dsr.MailCase, s.now.Add(time.Minute)
			s.ok(s.Cases.Commit(s.Context(), casework.Change{Mail: &mail, At: s.now}))
			for range 2 {
				s.ok(s.Mails.Postpone(s.Context(), "in1", time.Time{}))
			}
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			mail.DueAt = time.Time{}
			s.same("mail", mail, got)
			s.same("due", []casework.DueEntry(nil), s.due(s.now.AddDate(1, 0, 0)))
		}},
		{"a mail that is still worked on is not put off, nor one that nobody knows", func(s *trial) {
			mail := s.mail("in1")
			s.ok(s.Mails.Note(s.Context(), dsr.Mail{ID: "in2", Owner: s.owner(), State: dsr.MailSeen}, s.now))
			for _, id := range []string{"in1", "in2", "in9"} {
				s.conflict(s.Mails.Postpone(s.Context(), id, s.now.Add(time.Hour)))
			}
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			s.same("mail", mail, got)
			_, err = s.Mails.Mail(s.Context(), "in9")
			s.notFound(err)
		}},
	}
}

// dueMail wants a mail to be what falls due, and when.
func (s *trial) dueMail(mail dsr.Mail) {
	s.Helper()
	got, err := s.Mails.Mail(s.Context(), mail.ID)
	s.ok(err)
	s.same("mail", mail, got)
	want := []casework.DueEntry{{Kind: casework.DueMail, At: mail.DueAt, MailID: mail.ID}}
	s.same("due", want, s.due(s.now.Add(2*time.Hour)))
}

// numberChecks are about case numbers.
func numberChecks() []check {
	return []check{
		{"numbers count up, each year for itself", func(s *trial) {
			for want := 1; want <= 3; want++ {
				for _, year := range []int{2026, 2027} {
					if n, err := s.Numbers.Next(s.Context(), year); err != nil || n != want {
						s.Errorf("number %d of %d is %d, %v", want, year, n, err)
					}
				}
			}
		}},
		{"no number comes twice", func(s *trial) {
			numbers := make([]int, 50)
			for _, err := range atOnce(len(numbers), func(i int) (err error) {
				numbers[i], err = s.Numbers.Next(s.Context(), 2026)
				return err
			}) {
				s.ok(err)
			}
			slices.Sort(numbers)
			if len(slices.Compact(numbers)) != 50 {
				s.Errorf("50 takings gave %v", numbers)
			}
		}},
		{"the first number is kept", func(s *trial) {
			s.mail("in1")
			for i := range 3 {
				kept, err := s.Numbers.Keep(s.Context(), "in1", dsr.Number(fmt.Sprintf("AVG-2026-000%d", i+1)))
				if err != nil || kept != "AVG-2026-0001" {
					s.Errorf("keeping number %d gave %s, %v", i+1, kept, err)
				}
			}
			got, err := s.Mails.Mail(s.Context(), "in1")
			if err != nil || got.Number != "AVG-2026-0001" {
				s.Errorf("the mail has number %q, %v", got.Number, err)
			}
			if again := s.mail("in1"); again.Number != "AVG-2026-0001" {
				s.Errorf("claimed again it has number %q", again.Number)
			}
		}},
		{"an unknown mail keeps no number", func(s *trial) {
			if kept, err := s.Numbers.Keep(s.Context(), "in9", "AVG-2026-0001"); err == nil {
				s.Errorf("kept %s", kept)
			}
			_, err := s.Mails.Mail(s.Context(), "in9")
			s.notFound(err)
		}},
	}
}

// settlingKeeps checks that settling writes a state, a case and when the raw
// mail is to be removed, and no more.
func settlingKeeps(s *trial) {
	mail := s.mail("in1")
	_, err := s.Numbers.Keep(s.Context(), "in1", "AVG-2026-0042")
	s.ok(err)
	change := s.opening()
	id := change.File.Case.ID
	change.Mail = &dsr.Mail{ID: "in1", Owner: s.owner(), State: dsr.MailCase, Case: id, Attempts: 9, Number: "AVG-2026-0001", DueAt: s.now.AddDate(0, 0, 7)}
	s.ok(s.Cases.Commit(s.Context(), change))
	mail.State, mail.Case, mail.Number, mail.DueAt = dsr.MailCase, id, "AVG-2026-0042", s.now.AddDate(0, 0, 7)
	got, err := s.Mails.Mail(s.Context(), "in1")
	s.ok(err)
	s.same("mail", mail, got)
}
