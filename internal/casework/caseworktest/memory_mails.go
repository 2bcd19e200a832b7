package caseworktest

import (
	"context"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Mail implements casework.Mails.
func (m *Memory) Mail(ctx context.Context, id string) (mail dsr.Mail, err error) {
	err = m.call(ctx, "Mail", func() error {
		var ok bool
		if mail, ok = m.mails[id]; !ok {
			return casework.ErrNotFound
		}
		return nil
	})
	return mail, err
}

// Begin implements casework.Mails.
func (m *Memory) Begin(ctx context.Context, arrival dsr.Mail, now, dueAt time.Time) (mail dsr.Mail, err error) {
	err = m.call(ctx, "Begin", func() error {
		var known bool
		if mail, known = m.mails[arrival.ID]; !known {
			mail = arrival
			mail.DueAt = time.Time{}
		}
		if mail.State.Terminal() {
			return nil
		}
		mail.State = dsr.MailReading
		if !mail.Verdicts.Known() {
			mail.Verdicts = arrival.Verdicts
		}
		if !mail.DueAt.After(now) {
			mail.Attempts++
			mail.DueAt = dueAt
		}
		m.mails[arrival.ID] = mail
		return nil
	})
	return mail, err
}

// Note implements casework.Mails.
func (m *Memory) Note(ctx context.Context, seen dsr.Mail, dueAt time.Time) error {
	return m.call(ctx, "Note", func() error {
		if _, known := m.mails[seen.ID]; !known {
			seen.DueAt = dueAt
			m.mails[seen.ID] = seen
		}
		return nil
	})
}

// Postpone implements casework.Mails.
func (m *Memory) Postpone(ctx context.Context, id string, dueAt time.Time) error {
	return m.call(ctx, "Postpone", func() error {
		mail, known := m.mails[id]
		if !known || !mail.State.Terminal() {
			return casework.ErrConflict
		}
		mail.DueAt = dueAt
		m.mails[id] = mail
		return nil
	})
}

// unsettled reports whether a mail is known and still to be worked on.
func (m *Memory) unsettled(mailID string) bool {
	mail, known := m.mails[mailID]
	return known && !mail.State.Terminal()
}

// putMail stores a mail's terminal state; its number and owner stay.
func (m *Memory) putMail(change casework.Change) {
	if change.Mail == nil {
		return
	}
	mail := m.mails[change.Mail.ID]
	mail.State, mail.Case, mail.Reason = change.Mail.State, change.Mail.Case, change.Mail.Reason
	mail.DueAt = change.Mail.DueAt
	m.mails[change.Mail.ID] = mail
}

// waits reports whether a mail that waits for a person still stands as it was read.
func (m *Memory) waits(prior dsr.Mail) bool {
	mail, known := m.mails[prior.ID]
	return known && mail.State.Terminal() && mail.DueAt.Equal(prior.DueAt) && mail.OpenedAt.Equal(prior.OpenedAt)
}

// moveMail lets a mail go on that waits for a person; nothing else of it changes.
func (m *Memory) moveMail(move *casework.MailMove) {
	if move == nil {
		return
	}
	mail := m.mails[move.Next.ID]
	mail.DueAt, mail.Notices, mail.OpenedAt = move.Next.DueAt, move.Next.Notices, move.Next.OpenedAt
	m.mails[mail.ID] = mail
}
