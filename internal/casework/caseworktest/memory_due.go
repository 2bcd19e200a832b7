package caseworktest

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// DueOn implements casework.Due.
func (m *Memory) DueOn(ctx context.Context, day dsr.Day, until time.Time) (entries []casework.DueEntry, err error) {
	err = m.call(ctx, "DueOn", func() error {
		from, err := time.Parse(time.DateOnly, string(day))
		entries = m.due(from, until)
		return err
	})
	return entries, err
}

// OldestDay implements casework.Due.
func (m *Memory) OldestDay(ctx context.Context, function string) (day dsr.Day, err error) {
	err = m.call(ctx, "OldestDay", func() error {
		day = m.oldest[function]
		return nil
	})
	return day, err
}

// MoveOldestDay implements casework.Due.
func (m *Memory) MoveOldestDay(ctx context.Context, function string, day dsr.Day) error {
	return m.call(ctx, "MoveOldestDay", func() error {
		m.oldest[function] = day
		return nil
	})
}

// due gives what falls due on a day at or before until, soonest first and in a
// fixed order.
func (m *Memory) due(day, until time.Time) []casework.DueEntry {
	var entries []casework.DueEntry
	next := day.AddDate(0, 0, 1)
	add := func(entry casework.DueEntry) {
		if !entry.At.Before(day) && entry.At.Before(next) && !entry.At.After(until) {
			entries = append(entries, entry)
		}
	}
	for ref, letter := range m.letters {
		add(casework.DueEntry{Kind: casework.DueLetter, At: letter.DueAt, Letter: ref})
	}
	for id, mail := range m.mails {
		add(casework.DueEntry{Kind: casework.DueMail, At: mail.DueAt, MailID: id})
	}
	for id, stored := range m.cases {
		add(casework.DueEntry{Kind: casework.DueCase, At: stored.row.DueAt, Case: id})
	}
	for ref, enclosure := range m.enclosures {
		add(casework.DueEntry{Kind: casework.DueEnclosure, At: enclosure.DueAt, Enclosure: ref})
	}
	for hash, session := range m.sessions {
		add(casework.DueEntry{Kind: casework.DueSession, At: session.Expires, Session: hash})
	}
	slices.SortFunc(entries, func(a, b casework.DueEntry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(dueName(a), dueName(b)))
	})
	return entries
}

// dueName gives a name by which entries of one instant are put in order.
func dueName(entry casework.DueEntry) string {
	switch entry.Kind {
	case casework.DueLetter:
		return entry.Letter.Tag()
	case casework.DueMail:
		return entry.MailID
	case casework.DueEnclosure:
		return entry.Enclosure.Tag()
	case casework.DueSession:
		return hex.EncodeToString(entry.Session[:])
	}
	return entry.Case.String()
}
