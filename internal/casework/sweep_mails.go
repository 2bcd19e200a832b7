package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// pastMail is a mail that was dealt with and is due, with its day in the index.
type pastMail struct {
	dsr.Mail
	day dsr.Day
}

// lookAtMails looks at the mails that are due: one that was not dealt with is
// driven again, and stays due until then; of any other the end has come.
func (s Sweeping) lookAtMails(ctx context.Context, now time.Time, found *undone) error {
	return found.each(found.dueMails, func(entry planned) (stays bool, err error) {
		mail, err := s.Mails.Mail(ctx, entry.MailID)
		switch {
		case errors.Is(err, ErrNotFound):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("reading mail %s: %w", entry.MailID, err)
		case !mail.State.Terminal():
			found.mails = append(found.mails, mail.ID)
			return true, nil
		case !mail.DueAt.IsZero() && !mail.DueAt.After(now): // the index lags a moment behind
			found.past = append(found.past, pastMail{mail, entry.day})
		}
		return false, nil
	})
}

// endMailsAtOnce is how many mails one sweep makes an end of: each takes a few
// calls, and the next sweep goes on where this one stops.
const endMailsAtOnce = 500

// endMails makes an end of mails that were dealt with. What is left to a later
// sweep stays due, and so does what fails.
func (s Sweeping) endMails(ctx context.Context, now time.Time, found *undone, swept *Swept) error {
	var failed faults
	for n, mail := range found.past {
		if n >= endMailsAtOnce {
			found.stay(mail.day)
			continue
		}
		if err := s.endMail(ctx, now, mail.Mail, swept); err != nil {
			failed.add(err)
			found.stay(mail.day)
		}
	}
	return failed.err()
}

// endMail looks at a mail that was dealt with: of one that waits for a person
// staff are reminded; of any other the raw mail is removed, for nothing needs it
// any more (art. 5(1)(e) GDPR). The object goes first: the row says what is left
// to do.
func (s Sweeping) endMail(ctx context.Context, now time.Time, mail dsr.Mail, swept *Swept) error {
	next, waits, err := s.keptUntil(ctx, now, mail)
	switch {
	case err != nil:
		return err
	case waits:
		return s.remindOfMail(ctx, now, mail, swept)
	case next.IsZero():
		if err := s.Raw.Remove(ctx, mail.ID); err != nil {
			return fmt.Errorf("removing mail %s: %w", mail.ID, err)
		}
		swept.Removed++
	}
	if err := s.Mails.Postpone(ctx, mail.ID, next); err != nil {
		return fmt.Errorf("storing when mail %s is due again: %w", mail.ID, err)
	}
	return nil
}

const (
	// rawLife is how long the mail bucket keeps a mail at most, by its own rules.
	rawLife = 60 * 24 * time.Hour
	// forwardWait is how long a mail waits that is still to be passed on.
	forwardWait = 24 * time.Hour
)

// keptUntil gives until when a raw mail is needed, the zero instant for no longer;
// or that it waits for a person, which none does any more that somebody opened.
// Mail that is no request must first have been passed on. That is not so while its
// letter waits; and when that could not be sent or came back, nobody else has the
// mail.
func (s Sweeping) keptUntil(ctx context.Context, now time.Time, mail dsr.Mail) (until time.Time, waits bool, err error) {
	passedOn := mail.State == dsr.MailOrdinary || mail.State == dsr.MailAutomatic
	if !passedOn || !mail.OpenedAt.IsZero() {
		return time.Time{}, mail.State == dsr.MailPerson && mail.OpenedAt.IsZero(), nil
	}
	letter, err := s.Letters.Letter(ctx, forwardOf(mail.ID))
	switch {
	case errors.Is(err, ErrNotFound): // not this organisation's way
		return time.Time{}, false, nil
	case err != nil:
		return time.Time{}, false, fmt.Errorf("reading how mail %s was passed on: %w", mail.ID, err)
	case letter.State == dsr.LetterPosted || letter.State.Came():
		return time.Time{}, false, nil
	case letter.State.Outstanding() && now.Before(mail.ArrivedAt.Add(rawLife)):
		return now.Add(forwardWait), false, nil
	}
	return time.Time{}, !letter.State.Outstanding(), nil
}

// forwardOf names the letter that passes a mail on.
func forwardOf(mailID string) dsr.LetterRef {
	return dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mailID, Kind: dsr.ForwardLetter, N: 1}
}

// noteUnheard notes the mails in the bucket whose notice never came, and counts
// them. A noted mail falls due like a claimed one, so its age is counted from our
// own row and never from S3. A mail that cannot be noted keeps no other from it.
// Each mail in the bucket takes one read of its row: there is no list of those that
// have none.
func (s Sweeping) noteUnheard(ctx context.Context, now time.Time, noted *int) error {
	var failed faults
	after := ""
	for {
		ids, err := s.Raw.List(ctx, after)
		if err != nil {
			failed.add(fmt.Errorf("listing raw mail: %w", err))
		}
		if len(ids) == 0 {
			return failed.err()
		}
		for _, id := range ids {
			fresh, err := s.note(ctx, now, id)
			failed.add(err)
			if fresh {
				*noted++
			}
		}
		after = ids[len(ids)-1]
	}
}

// note stores a mail that nobody has heard of yet. One that was removed and lies
// there again, because whoever cut a copy out of it stored it late, is removed once
// more: nothing else would find it before the bucket's own rule does.
func (s Sweeping) note(ctx context.Context, now time.Time, id string) (bool, error) {
	known, err := s.Mails.Mail(ctx, id)
	if err == nil && known.Removed() {
		if err := s.Raw.Remove(ctx, id); err != nil {
			return false, fmt.Errorf("removing mail %s again: %w", id, err)
		}
	}
	if !errors.Is(err, ErrNotFound) {
		return false, err
	}
	owner, err := dsr.NewOwnerID(s.Random)
	if err != nil {
		return false, err
	}
	seen := dsr.Mail{ID: id, Owner: owner, State: dsr.MailSeen, ArrivedAt: now}
	if err := s.Mails.Note(ctx, seen, now.Add(readingTime)); err != nil {
		return false, fmt.Errorf("noting mail %s: %w", id, err)
	}
	return true, nil
}
