package caseworktest

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// EnclosureOf is a casework.EnclosureOf.
func (m *Memory) EnclosureOf(ctx context.Context, ref dsr.EnclosureRef) (enclosure dsr.Enclosure, err error) {
	err = m.call(ctx, "EnclosureOf", func() error {
		stored, ok := m.enclosures[ref]
		if !ok {
			return casework.ErrNotFound
		}
		enclosure = copyEnclosure(stored)
		return nil
	})
	return enclosure, err
}

// EnclosuresOf is a casework.EnclosuresOf.
func (m *Memory) EnclosuresOf(ctx context.Context, id dsr.OwnerID) (all []dsr.Enclosure, err error) {
	err = m.call(ctx, "EnclosuresOf", func() error {
		for ref, stored := range m.enclosures {
			if ref.Case == id {
				all = append(all, copyEnclosure(stored))
			}
		}
		slices.SortFunc(all, func(a, b dsr.Enclosure) int {
			return cmp.Or(a.Arrived.Compare(b.Arrived), cmp.Compare(a.Ref.Tag(), b.Ref.Tag()))
		})
		return nil
	})
	return all, err
}

// asRead reports whether a file of a case still stands as it was read.
func (m *Memory) asRead(move casework.EnclosureMove) bool {
	stored, there := m.enclosures[move.Next.Ref]
	prior := move.Prior
	if prior.State == "" {
		return !there
	}
	return there && stored.State == prior.State && stored.Until.Equal(prior.Until) &&
		stored.Cut == prior.Cut && stored.SeenBy == prior.SeenBy
}

// forget makes what was sealed under a destroyed key unreadable, and removes the
// row that leads to the case from its address.
func (m *Memory) forget(id dsr.OwnerID, thread string) {
	for i := range m.events[id] {
		m.events[id][i].event.Personal = nil
	}
	delete(m.threads, thread)
}

// Leftovers is a casework.Leftovers.
func (m *Memory) Leftovers(ctx context.Context, purged dsr.Case) error {
	return m.call(ctx, "Leftovers", func() error { return m.removeLeftovers(purged.ID) })
}

// removeLeftovers removes what a purged case needs no more.
func (m *Memory) removeLeftovers(id dsr.OwnerID) error {
	if stored, there := m.cases[id]; there && stored.row.State != dsr.Purged {
		return casework.ErrConflict
	}
	maps.DeleteFunc(m.letters, func(ref dsr.LetterRef, _ dsr.Letter) bool { return ref.Case == id })
	maps.DeleteFunc(m.links, func(ref casework.LinkRef, _ dsr.Link) bool { return ref.Owner == id })
	maps.DeleteFunc(m.tries, func(ref casework.LinkRef, _ int) bool { return ref.Owner == id })
	maps.DeleteFunc(m.tasks, func(at taskKey, _ dsr.Task) bool { return at.id == id })
	maps.DeleteFunc(m.enclosures, func(ref dsr.EnclosureRef, _ dsr.Enclosure) bool { return ref.Case == id })
	return nil
}

// Expire is a casework.Expire.
func (m *Memory) Expire(ctx context.Context, purged dsr.Case) error {
	return m.call(ctx, "Expire", func() error {
		if err := m.removeLeftovers(purged.ID); err != nil {
			return err
		}
		delete(m.events, purged.ID)
		delete(m.cases, purged.ID)
		delete(m.numbers, purged.Number)
		return nil
	})
}
