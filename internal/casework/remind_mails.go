package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

const (
	// openedLife is for how long a mail is kept as it arrived after somebody opened
	// it: as long as the links live that the others got.
	openedLife = 14 * 24 * time.Hour

	// mailAlarm is the age at which the operator hears of a mail that nobody opened:
	// two weeks before the bucket ends it, whatever it asks.
	mailAlarm = 45 * 24 * time.Hour

	// relayed is where the numbers begin of notices that go to others because one
	// came back. All others have lower numbers: they count the reminders in
	// thousands, and no mail lives for a thousand of those.
	relayed = 1_000_000
)

// remindOfMail reminds staff of a mail that waits for one of them, with links that
// live on. Reminders and the day of the next are one change, which two sweeps at
// once cannot both make. After the bucket's own end there is nothing to open, and
// so nothing to remind of.
func (s Sweeping) remindOfMail(ctx context.Context, now time.Time, mail dsr.Mail, swept *Swept) error {
	next := mail
	next.DueAt = time.Time{}
	change := Change{At: now}
	if now.Before(mail.ArrivedAt.Add(rawLife)) {
		next.DueAt = now.Add(mailReminder)
		next.Notices++
		change.Letters = s.Rules.remindersOf(next, now)
	}
	change.Waits = &MailMove{Prior: mail, Next: next}
	err := s.Cases.Commit(ctx, change)
	if errors.Is(err, ErrConflict) {
		return nil // somebody opened it or was reminded by another sweep; the index shows it next time
	}
	if err != nil {
		return fmt.Errorf("reminding of mail %s: %w", mail.ID, err)
	}
	if next.DueAt.IsZero() {
		return nil
	}
	swept.Reminded++
	if !now.Before(mail.ArrivedAt.Add(mailAlarm)) {
		swept.Unopened = append(swept.Unopened, mail.ID)
	}
	return nil
}

// remindersOf gives the reminders of a mail, numbered after all earlier ones. Mail
// that waits for no other reason could not be passed on.
func (r Rules) remindersOf(mail dsr.Mail, now time.Time) []dsr.Letter {
	reason := mail.Reason
	if mail.State != dsr.MailPerson {
		reason = reasonNotPassedOn
	}
	letters := r.aboutMail(mail.ID, reason, now)
	for i := range letters {
		letters[i].Ref.N += mail.Notices * lettersAnEvent
	}
	return letters
}

// stale reports whether a letter reminds of a mail that somebody opened since. The
// first notices leave all the same: everybody hears once of what came in.
func stale(letter dsr.Letter, mail dsr.Mail) bool {
	return letter.Ref.Kind == dsr.MailNotice && letter.Ref.N > lettersAnEvent && !mail.OpenedAt.IsZero()
}

// unread gives notices to others about a mail of which a notice has no reader: to
// those who hear of new mail, and where there is nobody else of these to whoever
// works here. Of a notice to others nobody hears, or they would go round for ever.
func (r Recording) unread(letter dsr.Letter, step letterStep, now time.Time) []dsr.Letter {
	if letter.Ref.Kind != dsr.MailNotice || letter.Ref.N >= relayed || !step.ends() {
		return nil
	}
	unfit := func(member organisation.Staff) bool {
		return !member.Active || dsr.ActorID(member.ActorID()) == letter.To.Staff
	}
	profile := r.Rules.Profile
	others := slices.DeleteFunc(profile.Notified(), unfit)
	if len(others) == 0 {
		others = slices.DeleteFunc(slices.Clone(profile.Staff), unfit)
	}
	letters := r.Rules.toMembers(others, noticeOf(letter.Ref.MailID), dsr.OriginalMail, letter.Reason, now)
	for i := range letters {
		letters[i].Ref.N += relayed + letter.Ref.N*lettersAnEvent
	}
	return letters
}
