package caseworktest

import (
	"errors"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// staffChecks are about enrolling and removing members of staff.
func staffChecks() []check {
	return []check{
		{"who was never enrolled is not found", func(s *trial) {
			s.absent(dsr.ActorID{9})
			s.ok(s.Remove(s.Context(), dsr.ActorID{9}))
		}},
		{"a member reads back as enrolled, with their own secret", func(s *trial) {
			one, two := s.enrolled(dsr.ActorID{1}, "secret of one"), s.enrolled(dsr.ActorID{2}, "secret of two")
			s.member("secret of one", one)
			s.member("secret of two", two)
		}},
		{"a secret is never replaced by a second one", func(s *trial) {
			first := s.enrolled(dsr.ActorID{1}, "the first secret")
			second := first
			second.Enrolled = s.now.Add(time.Hour)
			if err := s.Enrol(s.Context(), second, []byte("the second secret")); !errors.Is(err, casework.ErrEnrolled) {
				s.Errorf("got %v, want ErrEnrolled", err)
			}
			s.member("the first secret", first)
		}},
		{"a removed member is gone, may be removed again and enrolled again", func(s *trial) {
			kept := s.enrolled(dsr.ActorID{2}, "another's secret")
			s.enrolled(dsr.ActorID{1}, "the first secret")
			for range 2 {
				s.ok(s.Remove(s.Context(), dsr.ActorID{1}))
				s.absent(dsr.ActorID{1})
			}
			s.member("the new secret", s.enrolled(dsr.ActorID{1}, "the new secret"))
			s.member("another's secret", kept)
		}},
		{"of many enrolments at once one wins", func(s *trial) {
			errs := atOnce(20, func(i int) error {
				member := dsr.Member{Actor: dsr.ActorID{1}, Enrolled: s.now}
				return s.Enrol(s.Context(), member, []byte{byte(i)})
			})
			winner := -1
			for i, err := range errs {
				switch {
				case err == nil && winner < 0:
					winner = i
				case !errors.Is(err, casework.ErrEnrolled) && !errors.Is(err, casework.ErrConflict):
					s.Errorf("enrolment %d got %v", i, err)
				}
			}
			secret, err := s.Staff.Secret(s.Context(), dsr.ActorID{1})
			s.ok(err)
			s.same("secret", []byte{byte(winner)}, secret)
		}},
	}
}

// saveChecks are about what a code changes.
func saveChecks() []check {
	return []check{
		{"what is saved reads back and the secret stays", func(s *trial) {
			prior := s.enrolled(dsr.ActorID{1}, "the secret")
			next := prior
			next.LastStep, next.LastAct = 57_000_001, 57_000_002
			next.Failed, next.FailedAt = 3, s.now.Add(time.Minute)
			s.ok(s.Staff.Save(s.Context(), prior, next))
			s.member("the secret", next)
			cleared := next
			cleared.Failed, cleared.FailedAt = 0, time.Time{}
			s.ok(s.Staff.Save(s.Context(), next, cleared))
			s.member("the secret", cleared)
		}},
		{"a save holds from what was read", func(s *trial) {
			stored := s.enrolled(dsr.ActorID{1}, "the secret")
			for _, spoil := range []func(*dsr.Member){
				func(m *dsr.Member) { m.LastStep++ },
				func(m *dsr.Member) { m.LastAct++ },
				func(m *dsr.Member) { m.Failed++ },
				func(m *dsr.Member) { m.FailedAt = s.now },
				func(m *dsr.Member) { m.Enrolled = m.Enrolled.Add(time.Nanosecond) },
			} {
				prior := stored
				spoil(&prior)
				next := prior
				next.LastStep += 10
				s.conflict(s.Staff.Save(s.Context(), prior, next))
			}
			s.member("the secret", stored)
		}},
		{"a code given with an act counts once", func(s *trial) {
			prior := s.enrolled(dsr.ActorID{1}, "the secret")
			for step := range int64(2) {
				next := prior
				next.LastAct = 57_000_001 + step
				s.ok(s.Staff.Save(s.Context(), prior, next))
				s.conflict(s.Staff.Save(s.Context(), prior, next))
				s.member("the secret", next)
				prior = next
			}
		}},
		{"who was removed is not saved back", func(s *trial) {
			member := s.enrolled(dsr.ActorID{1}, "the secret")
			s.ok(s.Remove(s.Context(), member.Actor))
			s.conflict(s.Staff.Save(s.Context(), member, member))
			s.absent(member.Actor)
		}},
		{"of many saves at once one wins", func(s *trial) {
			prior := s.enrolled(dsr.ActorID{1}, "the secret")
			next := prior
			next.LastStep = 57_000_001
			s.oneWon(atOnce(50, func(int) error { return s.Staff.Save(s.Context(), prior, next) }))
			s.member("the secret", next)
		}},
	}
}

// sessionChecks are about who is signed in.
func sessionChecks() []check {
	return []check{
		{"a session is found by its hash until it ends", func(s *trial) {
			session, other := s.session(), s.session()
			s.ok(s.Sessions.OpenSession(s.Context(), session))
			s.ok(s.Sessions.OpenSession(s.Context(), other))
			found, err := s.Sessions.Session(s.Context(), session.Hash)
			s.ok(err)
			s.same("session", session, found)
			for range 2 {
				s.ok(s.Sessions.EndSession(s.Context(), session.Hash))
				_, err = s.Sessions.Session(s.Context(), session.Hash)
				s.notFound(err)
			}
			_, err = s.Sessions.Session(s.Context(), other.Hash)
			s.ok(err)
		}},
		{"a session that never began is not found", func(s *trial) {
			_, err := s.Sessions.Session(s.Context(), s.hash())
			s.notFound(err)
		}},
	}
}

// tryChecks are about counting the tries of a link's code.
func tryChecks() []check {
	return []check{
		{"a link has so many tries and no more", func(s *trial) {
			letter := s.queued()
			claimed := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			s.hasTries(claimed.Link)
		}},
		{"so has a link about a mail", func(s *trial) {
			mail := s.mail("in1")
			letter := s.aboutMail(mail)
			claimed := s.claimed(letter, mail.Owner)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			s.hasTries(claimed.Link)
		}},
		{"what is no link has no tries and gets none", func(s *trial) {
			letter := s.queued()
			owner, id := letter.Ref.Case, dsr.LinkID{7}
			s.notFound(s.Letters.Try(s.Context(), owner, id, 1))
			s.notFound(s.Letters.Try(s.Context(), s.owner(), id, 1))
			_, err := s.Letters.Link(s.Context(), owner, id)
			s.notFound(err)
		}},
		{"of many tries at once only so many are taken", func(s *trial) {
			letter := s.queued()
			link := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, link))
			taken := 0
			for _, err := range atOnce(50, func(int) error {
				return s.Letters.Try(s.Context(), link.Link.Owner, link.Link.ID, 1)
			}) {
				if err == nil {
					taken++
				} else {
					s.conflict(err)
				}
			}
			s.same("tries taken", casework.MaxTries, taken)
		}},
	}
}

// enrolled stores a member of staff.
func (s *trial) enrolled(actor dsr.ActorID, secret string) dsr.Member {
	s.Helper()
	member := dsr.Member{Actor: actor, Enrolled: s.now}
	s.ok(s.Enrol(s.Context(), member, []byte(secret)))
	return member
}

// member wants a member of staff to be stored as given.
func (s *trial) member(secret string, want dsr.Member) {
	s.Helper()
	stored, err := s.Staff.Member(s.Context(), want.Actor)
	s.ok(err)
	s.same("member", want, stored)
	opened, err := s.Staff.Secret(s.Context(), want.Actor)
	s.ok(err)
	s.same("secret", secret, string(opened))
}

// absent wants nothing to be stored about an actor.
func (s *trial) absent(actor dsr.ActorID) {
	s.Helper()
	_, err := s.Staff.Member(s.Context(), actor)
	s.notFound(err)
	_, err = s.Staff.Secret(s.Context(), actor)
	s.notFound(err)
}

// session gives a session with something in every field.
func (s *trial) session() dsr.Session {
	return dsr.Session{
		Hash: s.hash(), Actor: dsr.ActorID{1}, Enrolled: s.now.Add(-time.Hour), Expires: s.now.Add(time.Hour),
		Link: dsr.LinkID{2}, Purpose: dsr.SignIn, Owner: s.owner(),
	}
}

// hasTries wants a link to have all its tries, one by one and given back.
func (s *trial) hasTries(link dsr.Link) {
	s.Helper()
	try := func(delta int) error { return s.Letters.Try(s.Context(), link.Owner, link.ID, delta) }
	s.conflict(try(-1))
	for range casework.MaxTries {
		s.ok(try(1))
	}
	s.conflict(try(1))
	for range casework.MaxTries {
		s.ok(try(-1))
	}
	s.conflict(try(-1))
	s.ok(try(1))
	stored, err := s.Letters.Link(s.Context(), link.Owner, link.ID)
	s.ok(err)
	s.same("link", link, stored)
}
