package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ErrGone is returned for a mail that is not kept as it arrived any more.
var ErrGone = errors.New("the mail is not kept any more")

// Originals lets staff have a mail as it arrived. Each act gives the id of the
// mail, for a download straight from the bucket, after it made sure that the mail
// is still there. Whoever calls writes a line in the log with the mail and the
// member of staff: a mail without a case has no history to say so in.
type Originals struct {
	Place
	Rules     Rules
	Cases     Cases
	Letters   Letters
	Mails     Mails
	SigningIn SigningIn
	MailOf    MailOf
	OpenRaw   OpenRaw
}

// Look gives the mail of a link to an original, without using the link: ErrDecided
// when it was used, ErrGone when there is nothing to download.
func (o Originals) Look(ctx context.Context, link dsr.Link) (dsr.Mail, error) {
	if link.Purpose != dsr.OriginalMail {
		return dsr.Mail{}, ErrLinkDead
	}
	stored, err := o.Letters.Link(ctx, link.Owner, link.ID)
	if err != nil {
		return dsr.Mail{}, dead(err, "reading the link")
	}
	if !sameLink(stored, link) {
		return dsr.Mail{}, ErrLinkDead
	}
	if stored.Spent {
		return dsr.Mail{}, ErrDecided
	}
	id, err := o.MailOf(ctx, link.Owner)
	if err != nil {
		return dsr.Mail{}, dead(err, "finding the mail of a link")
	}
	mail, err := o.Mails.Mail(ctx, id)
	if err != nil {
		return dsr.Mail{}, dead(err, "reading the mail of a link")
	}
	return mail, o.there(ctx, id)
}

// Open gives the mail of a verified link to the member of staff whom it names,
// once, when the code is theirs. The link is spent after everything else is in
// order: a fault costs a code and no mail.
func (o Originals) Open(ctx context.Context, now time.Time, link dsr.Link, code string) (mailID string, err error) {
	mail, err := o.Look(ctx, link)
	if err != nil {
		return "", err
	}
	ref := LinkRef{Owner: link.Owner, ID: link.ID}
	if _, err := o.SigningIn.try(ctx, now, ref, link.Actor, code, useSignIn); err != nil {
		return "", err
	}
	err = o.decide(ctx, func() error { return o.opened(ctx, now, mail.ID, ref) })
	if errors.Is(err, ErrDecided) {
		return "", ErrDecided
	}
	if err != nil {
		return "", fmt.Errorf("using the link to mail %s: %w", mail.ID, err)
	}
	return mail.ID, nil
}

// opened uses a link up, and records that its mail was opened: nobody is reminded
// of it any more, and from now on it has an end.
func (o Originals) opened(ctx context.Context, now time.Time, mailID string, link LinkRef) error {
	mail, err := o.Mails.Mail(ctx, mailID)
	if err != nil {
		return err
	}
	next := mail
	next.OpenedAt, next.DueAt = now, now.Add(openedLife)
	err = o.Cases.Commit(ctx, Change{Spend: &link, Waits: &MailMove{Prior: mail, Next: next}, At: now})
	var taken *TakenError
	if errors.As(err, &taken) {
		return ErrDecided
	}
	return err
}

// OpenOfCase gives a mail of a case to somebody who is signed in, and writes that
// down in the history, each time (art. 5(2) and 32 GDPR). What cannot be written
// down is not given. A mail of another case is ErrNotFound.
func (o Originals) OpenOfCase(ctx context.Context, now time.Time, session dsr.Session, id dsr.OwnerID, mailID string) error {
	err := o.decide(ctx, func() error {
		mail, err := o.Mails.Mail(ctx, mailID)
		if err != nil {
			return err
		}
		if mail.Case != id || id == (dsr.OwnerID{}) {
			return ErrNotFound
		}
		file, err := o.Cases.File(ctx, id)
		if err != nil {
			return err
		}
		if _, err := o.Rules.worker(session.Actor, file.Case); err != nil {
			return err
		}
		if err := o.there(ctx, mailID); err != nil {
			return err
		}
		view := view(file.Case.Seq+1, now, session)
		view.Facts["item"], view.Facts["mail"] = "mail", mailID
		return o.Cases.Commit(ctx, viewing(file.Case, view))
	})
	if err != nil {
		return fmt.Errorf("opening mail %s: %w", mailID, err)
	}
	return nil
}

// there makes sure that a mail is still kept as it arrived.
func (o Originals) there(ctx context.Context, mailID string) error {
	raw, err := o.OpenRaw(ctx, mailID)
	if errors.Is(err, ErrNotFound) {
		return ErrGone
	}
	if err != nil {
		return fmt.Errorf("looking for mail %s: %w", mailID, err)
	}
	return raw.Close()
}
