package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// ticketChecks are about what lets its holder download through a link.
func ticketChecks() []check {
	return []check{
		{"a ticket is kept with the code it was given for, in one change", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.coding(s.code(link, 0))))
			change := s.coding(casework.LinkCode{LinkRef: *ref(link), Codes: 1})
			change.Ticket = s.ticket(link)
			s.ok(s.Cases.Commit(s.Context(), change))
			link.Codes, link.Ticket, link.TicketUntil = 1, change.Ticket.Hash, change.Ticket.Until
			s.same("link", link, s.link(link))
		}},
		{"a ticket stays until another takes its place, or none", func(s *trial) {
			link := s.sent()
			for range 2 {
				ticket := s.ticket(link)
				s.ok(s.Cases.Commit(s.Context(), s.giving(ticket)))
				link.Ticket, link.TicketUntil = ticket.Hash, ticket.Until
				s.same("link", link, s.link(link))
			}
			code := s.code(link, 0)
			s.ok(s.Cases.Commit(s.Context(), s.coding(code)))
			link.Codes, link.CodeHash, link.CodeUntil = 1, code.Hash, code.Until
			s.same("link with a further code", link, s.link(link))
			s.ok(s.Cases.Commit(s.Context(), s.giving(&casework.LinkTicket{LinkRef: *ref(link), Until: s.now})))
			link.Ticket, link.TicketUntil = [32]byte{}, time.Time{}
			s.same("link", link, s.link(link))
		}},
		{"a link that was used gets no ticket, nor what is no link", func(s *trial) {
			link := s.sent()
			s.ok(s.Cases.Commit(s.Context(), s.using(link)))
			s.conflict(s.Cases.Commit(s.Context(), s.giving(s.ticket(link))))
			none := dsr.Link{ID: dsr.LinkID{7}, Owner: link.Owner}
			s.conflict(s.Cases.Commit(s.Context(), s.giving(s.ticket(none))))
			_, err := s.Letters.Link(s.Context(), none.Owner, none.ID)
			s.notFound(err)
		}},
		{"a ticket is not given when its code was used by somebody else", func(s *trial) {
			link := s.sent()
			change := s.coding(casework.LinkCode{LinkRef: *ref(link), Codes: 1})
			change.Ticket = s.ticket(link)
			s.conflict(s.Cases.Commit(s.Context(), change))
			s.same("link", link, s.link(link))
		}},
		{"a ticket that lost the case is not stored", func(s *trial) {
			link := s.sent()
			stale := s.giving(s.ticket(link))
			s.ok(s.Cases.Commit(s.Context(), s.next(s.file(link.Owner))))
			s.conflict(s.Cases.Commit(s.Context(), stale))
			s.same("link", link, s.link(link))
		}},
		{"code and ticket of two links go with their own", func(s *trial) {
			first, second := s.sent(), s.sent()
			change := s.coding(s.code(first, 0))
			change.Ticket = s.ticket(second)
			s.ok(s.Cases.Commit(s.Context(), change))
			if got := s.link(first); got.Codes != 1 || got.Ticket != [32]byte{} {
				s.Errorf("the link with the code is %+v", got)
			}
			if got := s.link(second); got.Codes != 0 || got.Ticket != change.Ticket.Hash {
				s.Errorf("the link with the ticket is %+v", got)
			}
		}},
	}
}

// ticket gives another ticket for a link.
func (s *trial) ticket(link dsr.Link) *casework.LinkTicket {
	return &casework.LinkTicket{LinkRef: *ref(link), Hash: s.hash(), Until: s.now.Add(15 * time.Minute)}
}

// giving gives the next change of a link's case, which stores a ticket.
func (s *trial) giving(ticket *casework.LinkTicket) casework.Change {
	s.Helper()
	change := s.next(s.file(ticket.Owner))
	change.Ticket = ticket
	return change
}
