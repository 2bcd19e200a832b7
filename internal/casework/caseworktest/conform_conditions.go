package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// conditionChecks are about changes of a case that must not be stored.
func conditionChecks() []check {
	return []check{
		{"a case changes once from what was read", func(s *trial) {
			file := s.opened()
			s.ok(s.Cases.Commit(s.Context(), s.next(file)))
			s.conflict(s.Cases.Commit(s.Context(), s.next(file)))
		}},
		{"a case is opened once", func(s *trial) {
			change := s.opening()
			s.ok(s.Cases.Commit(s.Context(), change))
			s.conflict(s.Cases.Commit(s.Context(), change))
		}},
		{"a case that was never opened does not change", func(s *trial) {
			change := s.opening()
			change.File.Case.Seq, change.Event.Seq = 2, 2
			s.conflict(s.Cases.Commit(s.Context(), change))
			_, err := s.Cases.Summary(s.Context(), change.File.Case.ID)
			s.notFound(err)
		}},
		{"a number is given once", func(s *trial) {
			first, second := s.opening(), s.opening()
			second.File.Case.Number = first.File.Case.Number
			s.ok(s.Cases.Commit(s.Context(), first))
			s.refused(second, nil)
		}},
	}
}

// outboxChecks are about letters that must not be stored.
func outboxChecks() []check {
	return []check{
		{"a letter is queued once", func(s *trial) {
			letter := s.queued()
			change := s.next(s.file(letter.Ref.Case))
			again := letter
			again.Reason = "again"
			change.Letters = []dsr.Letter{again}
			if err := s.Cases.Commit(s.Context(), change); err == nil {
				s.Error("a letter was queued over another")
			}
			s.same("letter", letter, s.letter(letter.Ref))
		}},
		{"a letter moves on from what was read", func(s *trial) {
			letter := s.queued()
			for _, spoil := range []func(*dsr.Letter){
				func(l *dsr.Letter) { l.State = dsr.LetterClaimed },
				func(l *dsr.Letter) { l.Until = s.now },
			} {
				prior, moved := letter, letter
				spoil(&prior)
				moved.State = dsr.LetterPosted
				change := s.next(s.file(letter.Ref.Case))
				change.Moves = []casework.LetterMove{{Prior: prior, Letter: moved}}
				s.conflict(s.Cases.Commit(s.Context(), change))
			}
			s.same("letter", letter, s.letter(letter.Ref))
		}},
	}
}

// settledChecks are about mails that have come to their end.
func settledChecks() []check {
	return []check{
		{"a mail is settled once", func(s *trial) {
			mail := s.mail("in1")
			s.ok(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailOrdinary)))
			s.taken(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailPerson)), casework.TakenMail)
			got, err := s.Mails.Mail(s.Context(), "in1")
			if err != nil || got.State != dsr.MailOrdinary {
				s.Errorf("the mail is %q, %v", got.State, err)
			}
		}},
		{"a mail that nobody claimed is not settled", func(s *trial) {
			s.taken(s.Cases.Commit(s.Context(), s.settling(dsr.Mail{ID: "in9"}, dsr.MailOrdinary)), casework.TakenMail)
			_, err := s.Mails.Mail(s.Context(), "in9")
			s.notFound(err)
		}},
		{"a settled mail opens no case", func(s *trial) {
			mail := s.mail("in1")
			s.ok(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailPerson)))
			change := s.opening()
			change.Mail = &mail
			mail.State, mail.Case = dsr.MailCase, change.File.Case.ID
			s.refused(change, func(err error) { s.taken(err, casework.TakenMail) })
		}},
	}
}

// takenChecks are about rows that somebody else wrote first.
func takenChecks() []check {
	return []check{
		{"the same bytes open one case", func(s *trial) { s.onceBy(func(k *casework.MessageKeys) { k.Message = s.hash() }) }},
		{"the same message opens one case", func(s *trial) { s.onceBy(func(k *casework.MessageKeys) { k.Raw = s.hash() }) }},
		{"two mails without a Message-ID are two", func(s *trial) {
			for range 2 {
				change := s.opening()
				change.Messages = casework.MessageKeys{Raw: s.hash()}
				s.ok(s.Cases.Commit(s.Context(), change))
			}
		}},
		{"a change without keys keeps none", func(s *trial) {
			for range 2 {
				s.ok(s.Cases.Commit(s.Context(), s.opening()))
			}
		}},
		{"a sender opens one case a day", senderOnce},
		{"what is taken outranks a conflict", func(s *trial) {
			file, mail := s.opened(), s.mail("in1")
			s.ok(s.Cases.Commit(s.Context(), s.next(file)))
			s.ok(s.Cases.Commit(s.Context(), s.settling(mail, dsr.MailOrdinary)))
			stale := s.next(file)
			stale.Mail = &mail
			mail.State = dsr.MailDuplicate
			s.taken(s.Cases.Commit(s.Context(), stale), casework.TakenMail)
		}},
		{"a decided case gives up its sender's day, once and to one", givenUp},
		{"of taken rows the mail is named first, then the message", takenInOrder},
		{"nothing is stored of a refused change", nothingOfRefused},
	}
}

// raceChecks are about changes made at one instant.
func raceChecks() []check {
	return []check{
		{"of many changes at once one wins", func(s *trial) {
			file := s.opened()
			s.oneWon(atOnce(20, func(int) error { return s.Cases.Commit(s.Context(), s.next(file)) }))
			history, err := s.Cases.History(s.Context(), file.Case.ID)
			if err != nil || len(history) != 2 {
				s.Errorf("%d events, %v; want 2", len(history), err)
			}
		}},
		{"of many copies at once one opens a case", func(s *trial) {
			var changes []casework.Change
			keys := casework.MessageKeys{Raw: s.hash(), Message: s.hash(), Until: s.now.Add(time.Hour)}
			for range 20 {
				change := s.opening()
				change.Messages = keys
				changes = append(changes, change)
			}
			s.oneWon(atOnce(20, func(i int) error { return s.Cases.Commit(s.Context(), changes[i]) }))
		}},
		{"of many mails of one sender at once one opens a case", func(s *trial) {
			var changes []casework.Change
			hash := s.hash()
			for range 20 {
				change := s.opening()
				change.Sender = &casework.SenderClaim{Hash: hash, Case: change.File.Case.ID, Until: s.now.Add(time.Hour)}
				changes = append(changes, change)
			}
			s.oneWon(atOnce(20, func(i int) error { return s.Cases.Commit(s.Context(), changes[i]) }))
		}},
	}
}

// refused wants an opening to be refused and to leave no case.
func (s *trial) refused(change casework.Change, why func(error)) {
	s.Helper()
	err := s.Cases.Commit(s.Context(), change)
	if err == nil {
		s.Error("the change was stored")
	}
	if why != nil {
		why(err)
	}
	_, err = s.Cases.Summary(s.Context(), change.File.Case.ID)
	s.notFound(err)
}

// onceBy checks that a second mail opens no case when spoil leaves one of its
// two keys as it was.
func (s *trial) onceBy(spoil func(*casework.MessageKeys)) {
	first, second := s.opening(), s.opening()
	first.Messages = casework.MessageKeys{Raw: s.hash(), Message: s.hash(), Until: s.now.Add(time.Hour)}
	second.Messages = first.Messages
	spoil(&second.Messages)
	s.ok(s.Cases.Commit(s.Context(), first))
	s.refused(second, func(err error) { s.taken(err, casework.TakenMessage) })
}

// senderOnce checks when a sender's day is free.
func senderOnce(s *trial) {
	hash, other := s.hash(), s.hash()
	claim := func(hash casework.SenderHash, acknowledged bool, at time.Time) casework.Change {
		change := s.opening()
		change.At = at
		change.Sender = &casework.SenderClaim{Hash: hash, Acknowledged: acknowledged, Case: change.File.Case.ID, Until: at.Add(24 * time.Hour)}
		return change
	}
	s.ok(s.Cases.Commit(s.Context(), claim(hash, true, s.now)))
	s.ok(s.Cases.Commit(s.Context(), claim(hash, false, s.now)))
	s.ok(s.Cases.Commit(s.Context(), claim(other, true, s.now)))
	taken := func(err error) { s.taken(err, casework.TakenSender) }
	s.refused(claim(hash, true, s.now), taken)
	s.refused(claim(hash, true, s.now.Add(24*time.Hour-time.Nanosecond)), taken)
	s.ok(s.Cases.Commit(s.Context(), claim(hash, true, s.now.Add(24*time.Hour))))
}

// givenUp checks that a sender's day passes on from the case that is named, and
// from no other.
func givenUp(s *trial) {
	hash := s.hash()
	claim := func(prior dsr.OwnerID) casework.Change {
		change := s.opening()
		change.Sender = &casework.SenderClaim{Hash: hash, Case: change.File.Case.ID, Until: s.now.Add(time.Hour), Prior: prior}
		return change
	}
	first := claim(s.owner())
	s.ok(s.Cases.Commit(s.Context(), first))
	taken := func(err error) { s.taken(err, casework.TakenSender) }
	s.refused(claim(dsr.OwnerID{}), taken)
	s.refused(claim(s.owner()), taken)

	next := claim(first.File.Case.ID)
	s.ok(s.Cases.Commit(s.Context(), next))
	s.refused(claim(first.File.Case.ID), taken)
	got, err := s.Known.LatestCase(s.Context(), hash, false)
	s.ok(err)
	want := *next.Sender
	want.Prior = dsr.OwnerID{}
	s.same("claim", want, got)

	changes := make([]casework.Change, 20)
	for i := range changes {
		changes[i] = claim(next.File.Case.ID)
	}
	s.oneWon(atOnce(len(changes), func(i int) error { return s.Cases.Commit(s.Context(), changes[i]) }))
}

// takenInOrder checks which of several taken rows is named.
func takenInOrder(s *trial) {
	mail := s.mail("in1")
	build := func() casework.Change {
		change := s.opening()
		change.Messages = casework.MessageKeys{Raw: [32]byte{1}, Message: [32]byte{2}, Until: s.now.Add(time.Hour)}
		change.Sender = &casework.SenderClaim{Hash: [32]byte{3}, Case: change.File.Case.ID, Until: s.now.Add(time.Hour)}
		change.Mail = &dsr.Mail{ID: mail.ID, Owner: mail.Owner, State: dsr.MailCase, Case: change.File.Case.ID}
		return change
	}
	s.ok(s.Cases.Commit(s.Context(), build()))
	s.taken(s.Cases.Commit(s.Context(), build()), casework.TakenMail)
	withoutMail := build()
	withoutMail.Mail = nil
	s.taken(s.Cases.Commit(s.Context(), withoutMail), casework.TakenMessage)
	link := build()
	link.Spend = &casework.LinkRef{Owner: s.owner(), ID: dsr.LinkID{1}}
	s.taken(s.Cases.Commit(s.Context(), link), casework.TakenMail)
}

// nothingOfRefused checks every row that a refused change would have written.
func nothingOfRefused(s *trial) {
	file, mail := s.opened(), s.mail("in1")
	s.ok(s.Cases.Commit(s.Context(), s.next(file)))
	stale := s.next(file)
	stale.File.Case.Rev = 99
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: file.Case.ID, Kind: dsr.Acknowledgement, N: 1}
	stale.Letters = []dsr.Letter{s.waiting(ref)}
	stale.Tasks = []dsr.Task{s.task("shop", dsr.Access)}
	stale.Messages = casework.MessageKeys{Raw: s.hash(), Message: s.hash(), Until: s.now.Add(time.Hour)}
	stale.Sender = &casework.SenderClaim{Hash: s.hash(), Case: file.Case.ID, Until: s.now.Add(time.Hour)}
	mail.State, mail.Case = dsr.MailCase, file.Case.ID
	stale.Mail = &mail
	s.conflict(s.Cases.Commit(s.Context(), stale))

	_, err := s.Letters.Letter(s.Context(), ref)
	s.notFound(err)
	if tasks := s.tasks(file.Case.ID); len(tasks) != 0 {
		s.Errorf("the case has tasks %v", tasks)
	}
	_, _, err = s.Known.CaseOfMessage(s.Context(), stale.Messages, s.now)
	s.notFound(err)
	_, err = s.Known.LatestCase(s.Context(), stale.Sender.Hash, false)
	s.notFound(err)
	stored, err := s.Mails.Mail(s.Context(), mail.ID)
	if err != nil || stored.State.Terminal() {
		s.Errorf("the mail is %q, %v", stored.State, err)
	}
	if got := s.file(file.Case.ID).Case; got.Rev != 0 || got.Seq != 2 {
		s.Errorf("the case has rev %d and %d events", got.Rev, got.Seq)
	}
}
