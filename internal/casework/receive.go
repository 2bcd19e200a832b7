package casework

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// readingTime is how long reading a mail may take before sweep drives it
	// again.
	readingTime = 15 * time.Minute

	// messageLife is how long a Message-ID names one message: longer than any
	// mail server goes on trying (RFC 5321 section 4.5.4.1: 4 to 5 days).
	messageLife = 7 * 24 * time.Hour

	// mailReminder is how often staff are reminded of a mail that waits for one of
	// them: a deadline may run, and nobody else looks.
	mailReminder = 3 * 24 * time.Hour

	// rawMailLife is for how long a mail is kept as it arrived once nothing more has
	// to be done with it: staff may want to compare.
	rawMailLife = 7 * 24 * time.Hour

	// acknowledgeOnce is how long further mail of one sender joins the case it
	// opened: a reflector gets no second letter out of us that day.
	acknowledgeOnce = 24 * time.Hour
)

// Receiving takes in mail: it claims each mail, opens a case for a request and
// brings every mail to a terminal state.
type Receiving struct {
	Place
	Rules   Rules
	Cases   Cases
	Mails   Mails
	Numbers Numbers
	Known   Known
	Bodies  Bodies
	Sealer  Sealer
}

// Begin claims a mail before anything of it is read, and gives it as it then
// stands. A mail in a terminal state needs nothing more. Of arrival it keeps
// the id, the instant and the verdicts.
func (r Receiving) Begin(ctx context.Context, now time.Time, arrival dsr.Mail) (mail dsr.Mail, err error) {
	if arrival.Owner, err = dsr.NewOwnerID(r.Random); err != nil {
		return dsr.Mail{}, err
	}
	arrival.State = dsr.MailReading
	err = r.decide(ctx, func() error {
		mail, err = r.Mails.Begin(ctx, arrival, now, now.Add(readingTime))
		return err
	})
	if err != nil {
		return dsr.Mail{}, fmt.Errorf("claiming mail %s: %w", arrival.ID, err)
	}
	return mail, nil
}

// Receive brings a claimed mail to its terminal state. What a machine wrote is
// never answered; what nobody can read goes to a person; a request opens a
// case, joins one, or is linked as a second copy.
func (r Receiving) Receive(ctx context.Context, now time.Time, mail dsr.Mail, enquiry dsr.Enquiry) error {
	mail.Reason = enquiry.Reason
	switch enquiry.Kind {
	case dsr.KindRequest:
		return r.request(ctx, now, mail, enquiry)
	case dsr.KindAutomatic:
		return r.unasked(ctx, now, mail, enquiry, dsr.MailAutomatic)
	case dsr.KindOrdinary:
		return r.unasked(ctx, now, mail, enquiry, dsr.MailOrdinary)
	default:
		return r.SetAside(ctx, now, mail, enquiry.Reason)
	}
}

// SetAside gives a mail to a person, with the reason in a fixed word.
func (r Receiving) SetAside(ctx context.Context, now time.Time, mail dsr.Mail, reason string) error {
	mail.Reason = reason
	return r.settle(ctx, now, mail, dsr.MailPerson, r.Rules.aboutMail(mail.ID, reason, now))
}

// nextLook gives when sweep looks at a settled mail: to remove it as it arrived, or
// when it waits for a person to remind staff of it.
func nextLook(state dsr.MailState, now time.Time) time.Time {
	if state == dsr.MailPerson {
		return now.Add(mailReminder)
	}
	return now.Add(rawMailLife)
}

// settle stores a mail's terminal state and the letters about it. Somebody who
// settled it first is right too.
func (r Receiving) settle(ctx context.Context, now time.Time, mail dsr.Mail, state dsr.MailState, letters []dsr.Letter) error {
	mail.State = state
	mail.DueAt = nextLook(state, now)
	err := r.decide(ctx, func() error {
		err := r.Cases.Commit(ctx, Change{Mail: &mail, Letters: letters, At: now})
		var taken *TakenError
		if errors.As(err, &taken) && taken.Row == TakenMail {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("settling mail %s: %w", mail.ID, err)
	}
	return nil
}

// request finds the case a request belongs to and stores it there.
func (r Receiving) request(ctx context.Context, now time.Time, mail dsr.Mail, enquiry dsr.Enquiry) error {
	err := r.decide(ctx, func() error {
		current, err := r.Mails.Mail(ctx, mail.ID)
		if err != nil {
			return err
		}
		if current.State.Terminal() {
			return nil
		}
		current.Reason = mail.Reason
		return r.place(ctx, now, current, enquiry)
	})
	if err != nil {
		return fmt.Errorf("receiving mail %s: %w", mail.ID, err)
	}
	return nil
}

// place decides once: a second copy, a further mail of the day, or a new case.
func (r Receiving) place(ctx context.Context, now time.Time, mail dsr.Mail, enquiry dsr.Enquiry) error {
	id, same, err := r.Known.CaseOfMessage(ctx, messageKeys(enquiry, now), now)
	if err == nil {
		return r.linkDuplicate(ctx, now, id, same, mail, enquiry)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	recent, err := r.recent(ctx, now, enquiry)
	switch {
	case err == nil:
		return r.addMessage(ctx, now, recent.Case, mail, enquiry)
	case errors.Is(err, ErrNotFound):
		return r.open(ctx, now, recent, mail, enquiry)
	default:
		return err
	}
}

// recent gives the claim of the case that a sender's mail still joins. With
// ErrNotFound it gives the sender's hash, and as Prior the case of today that
// takes no more, because its answer is fixed. Hashes get another key each year,
// and a sender's day does not end at midnight: on the first day of a year the
// last year's hash counts too.
func (r Receiving) recent(ctx context.Context, now time.Time, enquiry dsr.Enquiry) (found SenderClaim, err error) {
	year := r.Rules.Calendar.Day(now.Add(-acknowledgeOnce)).Year()
	for ; year <= r.Rules.Calendar.Day(now).Year(); year++ {
		if found.Hash, err = r.Known.SenderHash(ctx, year, enquiry.Letter.Address); err != nil {
			return found, fmt.Errorf("hashing the sender: %w", err)
		}
		claim, err := r.Known.LatestCase(ctx, found.Hash, enquiry.Trust.Answerable())
		if errors.Is(err, ErrNotFound) || err == nil && !now.Before(claim.Until) {
			continue
		}
		if err != nil {
			return found, fmt.Errorf("looking for the sender's case of today: %w", err)
		}
		current, err := r.Cases.Summary(ctx, claim.Case)
		if err != nil {
			return found, fmt.Errorf("reading the sender's case of today: %w", err)
		}
		if current.State.Undecided() {
			return claim, nil
		}
		found.Prior = claim.Case
	}
	return found, ErrNotFound
}

// messageKeys gives by what a second copy of a mail is known. A forged mail can
// name another's Message-ID, so believed and unbelieved mails never meet: the
// forger's copy neither swallows the real one nor enters its case.
func messageKeys(enquiry dsr.Enquiry, now time.Time) MessageKeys {
	keys := MessageKeys{Raw: enquiry.RawHash, Message: enquiry.MessageKey, Until: now.Add(messageLife)}
	if keys.Message != [32]byte{} && !enquiry.Trust.Answerable() {
		keys.Message = sha256.Sum256(append([]byte("unbelieved "), keys.Message[:]...))
	}
	return keys
}

// linkDuplicate notes a second copy in the history of the first one's case. A
// copy is linked and never dropped: but for the very same bytes, its content
// may differ and ask for more. A case whose file was destroyed takes nothing in,
// and only a person can say what somebody means who sends it again after a year.
func (r Receiving) linkDuplicate(ctx context.Context, now time.Time, id dsr.OwnerID, same bool, mail dsr.Mail, enquiry dsr.Enquiry) error {
	c, err := r.Cases.Summary(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && c.State == dsr.Purged {
		return r.SetAside(ctx, now, mail, reasonPurged)
	}
	if err != nil {
		return err
	}
	mail.State = dsr.MailDuplicate
	keys := MessageKeys{}
	if !same {
		keys.Raw = enquiry.RawHash
	}
	return r.join(ctx, now, id, mail, enquiry, dsr.DuplicateLinked, keys)
}

// addMessage adds a further mail of one sender to the case of that day.
func (r Receiving) addMessage(ctx context.Context, now time.Time, id dsr.OwnerID, mail dsr.Mail, enquiry dsr.Enquiry) error {
	mail.State = dsr.MailCase
	return r.join(ctx, now, id, mail, enquiry, dsr.MessageAdded, messageKeys(enquiry, now))
}

const (
	// reasonMoreMail is why staff hear of a mail that asks for nothing new: a draft
	// was made without it.
	reasonMoreMail = "more-mail"
	// reasonPurged is why a person gets a second copy of a mail whose case is purged.
	reasonPurged = "purged-case"
)

// join adds a mail to a case. Rights it asks for on top change what must be
// decided: they raise Rev, and staff hear of them. So they do of any mail that
// takes a draft back.
func (r Receiving) join(ctx context.Context, now time.Time, id dsr.OwnerID, mail dsr.Mail, enquiry dsr.Enquiry, kind dsr.EventKind, keys MessageKeys) error {
	file, err := r.Cases.File(ctx, id)
	if err != nil {
		return err
	}
	mail.Case = id
	change := Change{Event: dsr.Event{Kind: kind, Facts: enquiryFacts(enquiry)}, Mail: &mail, Messages: keys}
	more := len(dsr.MergeRights(file.Case.Rights, enquiry.Rights)) > len(file.Case.Rights)
	if file.Case.State.Undecided() {
		file.Case.AskMore(enquiry.Rights)
	}
	switch {
	case more:
		// What a copy asks on top of a decided case changes nothing there; a person
		// has to see to it.
		change.Letters = r.Rules.aboutCase(file.Case, dsr.RightsNotice, "", now)
	case !keys.Zero() && file.Case.HearMore(): // the very same bytes say nothing new
		change.Letters = r.Rules.aboutCase(file.Case, dsr.RightsNotice, reasonMoreMail, now)
	}
	change.File = file
	change.Enclosures = mailedCopies(file.Case, enquiry, now) // as the case stands after the mail
	return r.store(ctx, now, change, enquiry.Letter)
}

// store commits a change that settles a mail, whose event holds what its writer wrote.
func (r Receiving) store(ctx context.Context, now time.Time, change Change, letter dsr.Correspondence) error {
	change.File.Case.Seq++
	change.At = now
	change.Mail.DueAt = nextLook(change.Mail.State, now)
	change.Event.Seq, change.Event.At = change.File.Case.Seq, now
	personal, err := json.Marshal(letter)
	if err != nil {
		return fmt.Errorf("writing down the correspondence: %w", err)
	}
	if len(personal) <= dsr.MaxRowBody {
		change.Event.Personal = personal
		return r.Cases.Commit(ctx, change)
	}
	return r.storeLarge(ctx, change, personal)
}

// storeLarge puts a large text in the vault first.
func (r Receiving) storeLarge(ctx context.Context, change Change, personal []byte) error {
	body, err := r.shelve(ctx, r.Bodies, change.File, personal)
	if err != nil {
		return err
	}
	change.Event.Body = body
	err = r.Cases.Commit(ctx, change)
	if lost(err) {
		return errors.Join(err, r.Bodies.Delete(ctx, body.Path))
	}
	return err
}

// lost reports whether a commit certainly stored nothing. After any other
// error it may have, and then the text must stay.
func lost(err error) bool {
	var taken *TakenError
	return errors.Is(err, ErrConflict) || errors.As(err, &taken)
}

// enquiryFacts gives what may stand in clear about a mail: ids, kinds, levels.
func enquiryFacts(enquiry dsr.Enquiry) map[string]string {
	return map[string]string{
		"mail":   enquiry.MailID,
		"trust":  string(enquiry.Trust.Level),
		"rights": joinRights(enquiry.Rights),
	}
}
