package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// spendChecks are about links that die with what was done with them.
func spendChecks() []check {
	return []check{
		{"a link is used once", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.using(link)))
			s.taken(s.Cases.Commit(s.Context(), s.using(link)), casework.TakenLink)
			spent := link
			spent.Spent = true
			s.same("link", spent, s.link(link))
			if seq := s.file(link.Owner).Case.Seq; seq != 2 {
				s.Errorf("the history holds %d events, want 2", seq)
			}
		}},
		{"so is a link about a mail", func(s *trial) {
			mail := s.mail("in1")
			letter := s.aboutMail(mail)
			claimed := s.claimed(letter, mail.Owner)
			s.ok(s.Letters.Claim(s.Context(), letter, claimed))
			change := casework.Change{Spend: ref(claimed.Link), At: s.now}
			s.ok(s.Cases.Commit(s.Context(), change))
			s.taken(s.Cases.Commit(s.Context(), change), casework.TakenLink)
			opening := s.opening()
			opening.Spend = change.Spend
			s.refused(opening, func(err error) { s.taken(err, casework.TakenLink) })
			if !s.link(claimed.Link).Spent {
				s.Error("the link is not spent")
			}
		}},
		{"what is no link cannot be used", func(s *trial) {
			file := s.opened()
			for _, owner := range []dsr.OwnerID{file.Case.ID, s.owner()} {
				change := s.next(file)
				change.Spend = &casework.LinkRef{Owner: owner, ID: dsr.LinkID{7}}
				s.taken(s.Cases.Commit(s.Context(), change), casework.TakenLink)
				_, err := s.Letters.Link(s.Context(), owner, dsr.LinkID{7})
				s.notFound(err)
			}
		}},
		{"a letter that is sent again does not renew its link", func(s *trial) {
			letter := s.queued()
			first := s.claimed(letter, letter.Ref.Case)
			s.ok(s.Letters.Claim(s.Context(), letter, first))
			s.ok(s.Cases.Commit(s.Context(), s.using(first.Link)))
			second := first
			second.Until = first.Until.Add(casework.Lease)
			second.DueAt = second.Until
			s.ok(s.Letters.Claim(s.Context(), first, second))
			s.same("letter", second, s.letter(letter.Ref))
			if !s.link(first.Link).Spent {
				s.Error("the link lives again")
			}
		}},
	}
}

// spendOutcomeChecks are about changes that lose their link to another one.
func spendOutcomeChecks() []check {
	return []check{
		{"a link that was used outranks a case that moved on", func(s *trial) {
			link := s.sent()
			stale := s.using(link)
			s.ok(s.Cases.Commit(s.Context(), s.using(link)))
			s.taken(s.Cases.Commit(s.Context(), stale), casework.TakenLink)
		}},
		{"a change that lost the case leaves the link", func(s *trial) {
			link := s.sent()
			stale := s.using(link)
			s.ok(s.Cases.Commit(s.Context(), s.next(s.file(link.Owner))))
			s.conflict(s.Cases.Commit(s.Context(), stale))
			s.same("link", link, s.link(link))
		}},
		{"of many uses at once one wins", func(s *trial) {
			link := s.sent()
			s.oneWon(atOnce(50, func(int) error {
				return s.Cases.Commit(s.Context(), casework.Change{Spend: ref(link), At: s.now})
			}))
		}},
	}
}

// codeChecks are about the one-time code that opens a link.
func codeChecks() []check {
	return []check{
		{"a code is kept on its link until another takes its place", func(s *trial) {
			link := s.sent()
			for n := range 3 {
				code := s.code(link, n)
				s.ok(s.Cases.Commit(s.Context(), s.coding(code)))
				link.Codes, link.CodeHash, link.CodeUntil = n+1, code.Hash, code.Until
				s.same("link", link, s.link(link))
			}
		}},
		{"a code that was used opens nothing more", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
			used := casework.LinkCode{LinkRef: *ref(link), Codes: 1, Until: s.now.Add(time.Hour)}
			s.ok(s.Cases.Commit(s.Context(), s.coding(used)))
			link.Codes = 1
			s.same("link", link, s.link(link))
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 1))))
		}},
		{"none of no code is none", func(s *trial) {
			link := s.sent()
			for range 2 {
				s.ok(s.Cases.Commit(s.Context(), s.coding(casework.LinkCode{LinkRef: *ref(link)})))
				s.same("link", link, s.link(link))
			}
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
		}},
		{"codes and tries are counted apart", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
			link = s.link(link)
			s.hasTries(link)
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 1))))
			s.ok(s.Letters.Try(s.Context(), link.Owner, link.ID, -1))
			s.conflict(s.Letters.Try(s.Context(), link.Owner, link.ID, -1))
		}},
		{"a letter's link is as it was minted", func(s *trial) {
			letter := s.queued()
			claimed := s.claimed(letter, letter.Ref.Case)
			marked := claimed
			marked.Link.Spent, marked.Link.Codes = true, 4
			marked.Link.CodeHash, marked.Link.CodeUntil = s.hash(), s.now
			s.ok(s.Letters.Claim(s.Context(), letter, marked))
			s.same("letter", claimed, s.letter(letter.Ref))
			s.same("link", claimed.Link, s.link(claimed.Link))
			moved := marked
			moved.State = dsr.LetterPosted
			change := s.next(s.file(letter.Ref.Case))
			change.Moves = []casework.LetterMove{{Prior: claimed, Letter: moved}}
			s.ok(s.Cases.Commit(s.Context(), change))
			s.same("link of the letter sent", claimed.Link, s.letter(letter.Ref).Link)
		}},
	}
}

// codeRefusedChecks are about codes that must not be stored.
func codeRefusedChecks() []check {
	return []check{
		{"a code counts the codes before it", func(s *trial) {
			link := s.sent()
			s.conflict(s.Cases.Commit(s.Context(), s.coding(s.code(link, 1))))
			s.same("link", link, s.link(link))
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
			stored := s.link(link)
			for _, codes := range []int{0, 2} {
				change := s.coding(s.code(link, codes))
				s.conflict(s.Cases.Commit(s.Context(), change))
				s.same("link", stored, s.link(link))
			}
		}},
		{"a link that was used gets no code", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.using(link)))
			s.conflict(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
		}},
		{"what is no link gets no code", func(s *trial) {
			file := s.opened()
			link := dsr.Link{ID: dsr.LinkID{7}, Owner: file.Case.ID}
			s.conflict(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
			_, err := s.Letters.Link(s.Context(), link.Owner, link.ID)
			s.notFound(err)
		}},
		{"a code that lost the case is not stored", func(s *trial) {
			link := s.sent()
			stale := s.coding(s.code(link, 0))
			s.ok(s.Cases.Commit(s.Context(), s.next(s.file(link.Owner))))
			s.conflict(s.Cases.Commit(s.Context(), stale))
			s.same("link", link, s.link(link))
		}},
		{"of many codes at once one is stored", func(s *trial) {
			link := s.sent()
			codes := make([]casework.LinkCode, 50)
			for i := range codes {
				codes[i] = s.code(link, 0)
			}
			s.oneWon(atOnce(len(codes), func(i int) error {
				return s.Cases.Commit(s.Context(), casework.Change{Code: &codes[i], At: s.now})
			}))
			s.same("codes sent", 1, s.link(link).Codes)
		}},
	}
}

// sent stores a letter of a new case with its link.
func (s *trial) sent() dsr.Link {
	s.Helper()
	letter := s.queued()
	claimed := s.claimed(letter, letter.Ref.Case)
	s.ok(s.Letters.Claim(s.Context(), letter, claimed))
	return claimed.Link
}

// link reads what is stored about a link.
func (s *trial) link(link dsr.Link) dsr.Link {
	s.Helper()
	stored, err := s.Letters.Link(s.Context(), link.Owner, link.ID)
	s.ok(err)
	return stored
}

// ref names a link.
func ref(link dsr.Link) *casework.LinkRef { return &casework.LinkRef{Owner: link.Owner, ID: link.ID} }

// using gives the next change of a link's case, which uses the link.
func (s *trial) using(link dsr.Link) casework.Change {
	s.Helper()
	change := s.next(s.file(link.Owner))
	change.Spend = ref(link)
	return change
}

// code gives another code for a link, after so many.
func (s *trial) code(link dsr.Link, codes int) casework.LinkCode {
	return casework.LinkCode{
		LinkRef: *ref(link), Codes: codes, Sent: true, Hash: s.hash(), Until: s.now.Add(time.Duration(codes) * time.Minute),
	}
}

// coding gives the next change of a link's case, which stores a code.
func (s *trial) coding(code casework.LinkCode) casework.Change {
	s.Helper()
	change := s.next(s.file(code.Owner))
	change.Code = &code
	return change
}
