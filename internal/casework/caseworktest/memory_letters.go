package caseworktest

import (
	"context"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Letter implements casework.Letters.
func (m *Memory) Letter(ctx context.Context, ref dsr.LetterRef) (letter dsr.Letter, err error) {
	err = m.call(ctx, "Letter", func() error {
		stored, ok := m.letters[ref]
		if !ok {
			return casework.ErrNotFound
		}
		letter = copyLetter(stored)
		return nil
	})
	return letter, err
}

// Claim implements casework.Letters.
func (m *Memory) Claim(ctx context.Context, prior, letter dsr.Letter) error {
	return m.call(ctx, "Claim", func() error {
		if !m.unmoved(prior) {
			return casework.ErrConflict
		}
		if letter.Link.ID != prior.Link.ID {
			at := casework.LinkRef{Owner: letter.Link.Owner, ID: letter.Link.ID}
			if _, stands := m.links[at]; stands {
				return casework.ErrConflict
			}
			m.links[at] = minted(letter.Link)
		}
		m.storeClaim(letter)
		return nil
	})
}

// storeClaim stores a claimed letter, or what a flaw leaves of it.
func (m *Memory) storeClaim(letter dsr.Letter) {
	if m.flaws.NoClaim {
		return
	}
	if m.flaws.ShortLease {
		letter.Until = letter.Until.Add(-casework.Lease)
		letter.DueAt = letter.Until
	}
	if m.flaws.ForgetLink {
		letter.Link = dsr.Link{}
	}
	m.letters[letter.Ref] = copyLetter(letter)
}

// unmoved reports whether a letter still stands as it was read.
func (m *Memory) unmoved(prior dsr.Letter) bool {
	stored, ok := m.letters[prior.Ref]
	return ok && stored.State == prior.State && stored.Until.Equal(prior.Until)
}

// Link implements casework.Letters.
func (m *Memory) Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (link dsr.Link, err error) {
	err = m.call(ctx, "Link", func() error {
		var ok bool
		if link, ok = m.links[casework.LinkRef{Owner: owner, ID: id}]; !ok {
			return casework.ErrNotFound
		}
		return nil
	})
	return link, err
}

// Try implements casework.Letters.
func (m *Memory) Try(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID, delta int) error {
	return m.call(ctx, "Try", func() error {
		at := casework.LinkRef{Owner: owner, ID: id}
		if _, ok := m.links[at]; !ok {
			return casework.ErrNotFound
		}
		tries := m.tries[at] + delta
		if tries < 0 || tries > casework.MaxTries {
			return casework.ErrConflict
		}
		m.tries[at] = tries
		return nil
	})
}

// unspent reports whether a link is there and nothing was done with it.
func (m *Memory) unspent(ref casework.LinkRef) bool {
	link, there := m.links[ref]
	return there && (!link.Spent || m.flaws.NoSpendCondition)
}

// counts reports whether a code may be stored on a link: nobody sent another
// one since, and nothing was done with the link.
func (m *Memory) counts(code casework.LinkCode) bool {
	return m.untouched(code.LinkRef) && m.links[code.LinkRef].Codes == code.Codes
}

// untouched reports whether a link is there and nothing was done with it.
func (m *Memory) untouched(ref casework.LinkRef) bool {
	link, there := m.links[ref]
	return there && !link.Spent
}

// putLinks stores what becomes of links.
func (m *Memory) putLinks(change casework.Change) {
	if ref := change.Spend; ref != nil {
		link := m.links[*ref]
		link.Spent = true
		m.links[*ref] = link
	}
	if code := change.Code; code != nil {
		link := m.links[code.LinkRef]
		if code.Sent {
			link.Codes++
		}
		link.CodeHash, link.CodeUntil = code.Hash, code.Until
		if code.Hash == [32]byte{} {
			link.CodeUntil = time.Time{}
		}
		m.links[code.LinkRef] = link
	}
	if ticket := change.Ticket; ticket != nil {
		link := m.links[ticket.LinkRef]
		link.Ticket, link.TicketUntil = ticket.Hash, ticket.Until
		if ticket.Hash == [32]byte{} {
			link.TicketUntil = time.Time{}
		}
		m.links[ticket.LinkRef] = link
	}
}
