package caseworktest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// AllMails lists every mail, by id.
func (m *Memory) AllMails() []dsr.Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []dsr.Mail
	for _, id := range slices.Sorted(maps.Keys(m.mails)) {
		all = append(all, m.mails[id])
	}
	return all
}

// AllCases lists every case, by number.
func (m *Memory) AllCases() []dsr.Case {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []dsr.Case
	for _, stored := range m.cases {
		all = append(all, copyCase(stored.row))
	}
	slices.SortFunc(all, func(a, b dsr.Case) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return all
}

// AllLetters lists every letter, by tag.
func (m *Memory) AllLetters() []dsr.Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []dsr.Letter
	for _, letter := range m.letters {
		all = append(all, copyLetter(letter))
	}
	slices.SortFunc(all, func(a, b dsr.Letter) int { return cmp.Compare(a.Ref.Tag(), b.Ref.Tag()) })
	return all
}

// Verify checks that each case's history is whole: as many events as the
// summary counts, numbered without a gap, chained to the summary's head, each
// with its leaf in the ledger.
func (m *Memory) Verify() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, stored := range m.cases {
		events := m.events[id]
		if len(events) != stored.row.Seq {
			return fmt.Errorf("case %s: %d events, summary says %d", stored.row.Number, len(events), stored.row.Seq)
		}
		var entries []ledger.Entry
		for i, one := range events {
			if one.event.Seq != i+1 {
				return fmt.Errorf("case %s: event %d stands at place %d", stored.row.Number, one.event.Seq, i+1)
			}
			if !m.leaves[ledger.Leaf(one.entry.Bytes)] {
				return fmt.Errorf("case %s: event %d has no leaf", stored.row.Number, one.event.Seq)
			}
			entries = append(entries, one.entry)
		}
		if err := ledger.VerifyChain(entries, stored.row.Head); err != nil {
			return fmt.Errorf("case %s: %w", stored.row.Number, err)
		}
	}
	return nil
}
