package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// waitChecks are about mails that wait for a person.
func waitChecks() []check {
	return []check{
		{"a mail that waits is put off with its reminders, and says who opened it when", func(s *trial) {
			mail := s.waits("in1")
			next := mail
			next.DueAt, next.Notices = s.now.Add(time.Hour), 1
			reminder := dsr.Letter{Ref: dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "in1", Kind: dsr.MailNotice, N: 1001}, State: dsr.LetterPosted}
			s.ok(s.Cases.Commit(s.Context(), casework.Change{Waits: &casework.MailMove{Prior: mail, Next: next}, Letters: []dsr.Letter{reminder}, At: s.now}))
			s.dueMail(next)
			_, err := s.Letters.Letter(s.Context(), reminder.Ref)
			s.ok(err)
			opened := next
			opened.OpenedAt, opened.DueAt = s.now.Add(time.Minute), time.Time{}
			s.ok(s.Cases.Commit(s.Context(), casework.Change{Waits: &casework.MailMove{Prior: next, Next: opened}, At: s.now}))
			got, err := s.Mails.Mail(s.Context(), "in1")
			s.ok(err)
			s.same("mail", opened, got)
			s.ok(s.Cases.Commit(s.Context(), casework.Change{Waits: &casework.MailMove{Prior: opened, Next: next}, At: s.now}))
			s.dueMail(next)
		}},
		{"a mail that went on since it was read is left as it is", func(s *trial) {
			mail := s.waits("in1")
			for name, spoil := range map[string]func(prior *dsr.Mail){
				"due at another time": func(prior *dsr.Mail) { prior.DueAt = prior.DueAt.Add(time.Nanosecond) },
				"never due":           func(prior *dsr.Mail) { prior.DueAt = time.Time{} },
				"opened":              func(prior *dsr.Mail) { prior.OpenedAt = s.now },
				"unknown":             func(prior *dsr.Mail) { prior.ID = "in9" },
			} {
				prior := mail
				spoil(&prior)
				next := prior
				next.Notices = 7
				s.Log(name)
				s.conflict(s.Cases.Commit(s.Context(), casework.Change{Waits: &casework.MailMove{Prior: prior, Next: next}, At: s.now}))
				s.dueMail(mail)
			}
			_, err := s.Mails.Mail(s.Context(), "in9")
			s.notFound(err)
		}},
		{"a mail that is still worked on waits for nobody", func(s *trial) {
			mail := s.mail("in1")
			s.conflict(s.Cases.Commit(s.Context(), casework.Change{Waits: &casework.MailMove{Prior: mail, Next: mail}, At: s.now}))
		}},
	}
}

// waits stores a mail that waits for a person.
func (s *trial) waits(id string) dsr.Mail {
	s.Helper()
	mail := s.mail(id)
	mail.State, mail.Reason, mail.DueAt = dsr.MailPerson, "empty", s.now.Add(time.Minute)
	s.ok(s.Cases.Commit(s.Context(), casework.Change{Mail: &mail, At: s.now}))
	return mail
}
