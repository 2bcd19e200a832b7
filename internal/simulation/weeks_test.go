package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// invariantsOfWeeks lists what must hold when some weeks have gone by.
func invariantsOfWeeks() []invariant {
	return []invariant{
		{"each reminder is given once", remindersOnce},
		{"no date goes by without a word", datesAreTold},
		{"a raw mail goes a week after its end", rawMailGoes},
		{"a mail that somebody waits for is kept", rawMailStays},
		{"a session ends", sessionsEnd},
	}
}

func remindersOnce(w *world) error {
	type step struct {
		id        dsr.OwnerID
		step, day string
	}
	given := map[step]bool{}
	for _, one := range w.deeds {
		facts := one.change.Event.Facts
		switch one.kind() {
		case dsr.ReminderSent, dsr.DeadlinePassed, dsr.HalfTimePassed:
		default:
			continue
		}
		at := step{one.after.ID, facts["step"], facts["day"]}
		if given[at] {
			return fmt.Errorf("case %s: staff were reminded of %s, %s, twice", one.after.Number, at.step, at.day)
		}
		given[at] = true
		if !one.after.DueAt.After(one.change.At) {
			return fmt.Errorf("case %s: it stays due after the reminder of %s", one.after.Number, at.day)
		}
	}
	return nil
}

// datesAreTold holds for each case that was still open a day after one of its dates,
// on which remind came.
func datesAreTold(w *world) error {
	for _, c := range w.memory.AllCases() {
		for name, date := range map[string]dsr.Day{"promise": c.Dates.PromiseDue, "law": c.Dates.LawDue} {
			due, err := time.Parse(time.DateOnly, string(date))
			if err != nil {
				return err
			}
			passed := due.Add(day) // in Amsterdam an hour or two sooner
			limit := passed.Add(day + quietly + w.faults.overlap(functionRemind, passed, passed.Add(8*day)))
			if limit.After(w.now) || !w.openBetween(c.ID, passed, limit) {
				continue
			}
			w.met["date passed: "+name]++
			if !w.toldOf(c.ID, name, limit) {
				return fmt.Errorf("case %s: the day of the %s was %s, and nobody heard of it by %s", c.Number, name, date, limit)
			}
		}
	}
	return nil
}

// openBetween reports whether a case was open for all of some time.
func (w *world) openBetween(id dsr.OwnerID, from, to time.Time) bool {
	open := false
	for _, one := range w.of(id) {
		if one.change.At.After(to) {
			break
		}
		if open = one.after.State.Open(); !open && !one.change.At.Before(from) {
			return false
		}
	}
	return open
}

// toldOf reports whether staff got a letter by an instant that says that a date has
// passed.
func (w *world) toldOf(id dsr.OwnerID, name string, by time.Time) bool {
	return slices.ContainsFunc(w.of(id), func(one deed) bool {
		told := one.kind() == dsr.DeadlinePassed && slices.Contains(strings.Fields(one.change.Event.Facts["passed"]), name)
		return told && slices.ContainsFunc(w.sent, func(letter posted) bool {
			ref := letter.letter
			return ref.Case == id && ref.Kind == dsr.ReminderNotice && causedBy(ref) == one.change.Event.Seq && !letter.at.After(by)
		})
	})
}

// rawMailGoes holds for every mail that nobody waits for: a week after it was dealt
// with, and two after somebody opened it for whom it waited.
func rawMailGoes(w *world) error {
	outcomes := w.outcomes()
	for _, mail := range w.mails {
		settled, known := w.settled[mail.id]
		one := w.stock[rawFolder+mail.id]
		if !known {
			continue // another invariant's
		}
		over := settled.Add(7 * day)
		if opened := outcomes[mail.id].OpenedAt; !opened.IsZero() {
			over = opened.Add(14 * day)
		}
		if !w.waitedFor(mail) && w.outlived(one, w.by(over, day)) {
			return fmt.Errorf("mail %s was dealt with on %s and is kept", mail.id, settled)
		}
		if !one.there() && one.gone.Before(over.Add(-time.Hour)) { // the act asks its clock first
			return fmt.Errorf("mail %s was dealt with on %s and gone on %s", mail.id, settled, one.gone)
		}
	}
	return nil
}

// waitedFor reports whether somebody still waits for a mail: it was set aside, or
// passed on to people who never got it, and nobody opened it since.
func (w *world) waitedFor(mail *incoming) bool {
	stored := w.outcomes()[mail.id]
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mail.id, Kind: dsr.ForwardLetter, N: 1}
	letter, err := w.memory.Letter(context.Background(), ref)
	missing := err == nil && letter.State != dsr.LetterPosted && !letter.State.Came()
	return stored.OpenedAt.IsZero() && (stored.State == dsr.MailPerson || missing)
}

// rawMailStays holds until the rules of the bucket end it. As long as a mail is kept
// and nobody opened it, staff are reminded of it every few days.
func rawMailStays(w *world) error {
	for _, mail := range w.mails {
		one := w.stock[rawFolder+mail.id]
		if !w.waitedFor(mail) {
			continue
		}
		w.met["mail waited for"]++
		if !one.there() && one.gone.Before(one.at.Add(60*day)) {
			return fmt.Errorf("mail %s went on %s, and nobody had it", mail.id, one.gone)
		}
		if due := w.outcomes()[mail.id].DueAt; due.Before(w.now) && w.now.Before(one.at.Add(59*day)) {
			return fmt.Errorf("mail %s waits, and nobody is reminded of it after %s", mail.id, due)
		}
	}
	return nil
}

func sessionsEnd(w *world) error {
	for hash, began := range w.stays {
		_, err := w.memory.Session(context.Background(), hash)
		if err == nil && w.now.After(w.by(began.Add(8*time.Hour), day)) {
			return fmt.Errorf("a session of %s has not ended", began)
		}
	}
	return nil
}

// invariantsOfPurge lists what must hold when every file has been kept long enough.
func invariantsOfPurge() []invariant {
	return []invariant{
		{"history is whole", historyIsWhole},
		{"no page ends in a way that nobody foresaw", noSurprises},
		{"a file is purged in its time", purgedInTime},
		{"nobody can read what was purged", purgedIsUnreadable},
		{"nothing of a purged case is left but its history", onlyHistoryLeft},
		{"no object outlives its case", bucketsAreEmpty},
		{"a mail that comes once more goes to a person", lateMailGoesToPerson},
	}
}

// purgedInTime holds for each file: it goes when its months are over, and no sooner.
func purgedInTime(w *world) error {
	for _, one := range w.deeds {
		if one.kind() != dsr.FilePurged {
			continue
		}
		over := one.before.Work.ClosedAt.AddDate(0, w.rules.Profile.Retention.FileMonths, 0)
		if one.before.State != dsr.Closed || one.change.At.Before(over) {
			return fmt.Errorf("case %s was purged on %s; it was %q until %s", one.after.Number, one.change.At, one.before.State, over)
		}
	}
	for _, c := range w.memory.AllCases() {
		w.met["left as "+string(c.State)]++
		if c.State != dsr.Purged {
			return fmt.Errorf("case %s is %q, and due on %s", c.Number, c.State, c.DueAt)
		}
	}
	return nil
}

// purgedIsUnreadable holds from the very change that says so.
func purgedIsUnreadable(w *world) error {
	for _, one := range w.deeds {
		if one.after.State == dsr.Purged && one.readable {
			return fmt.Errorf("case %s was purged and can be read", one.after.Number)
		}
	}
	return nil
}

// onlyHistoryLeft looks for every row that a case ever had.
func onlyHistoryLeft(w *world) error {
	background := context.Background()
	for _, c := range w.memory.AllCases() {
		files, errFiles := w.memory.EnclosuresOf(background, c.ID)
		tasks, errTasks := w.memory.ReadTasks(background, c.ID)
		found, err := w.memory.CaseOfNumber(background, c.Number)
		if errFiles != nil || errTasks != nil || err != nil || found != c.ID {
			return fmt.Errorf("case %s: %w, %w, %w", c.Number, errFiles, errTasks, err)
		}
		if len(files)+len(tasks) > 0 {
			return fmt.Errorf("case %s has %d rows of files and %d of tasks", c.Number, len(files), len(tasks))
		}
	}
	for _, letter := range w.memory.AllLetters() {
		if letter.Ref.OwnerKind == dsr.OwnedByCase {
			return fmt.Errorf("letter %s is left", letter.Ref.Tag())
		}
	}
	for _, link := range w.links {
		if _, err := w.memory.Link(background, link.Owner, link.ID); err == nil && len(w.of(link.Owner)) > 0 {
			return fmt.Errorf("a link to %s of case %s is left", link.Purpose, w.standing(link.Owner).Number)
		}
	}
	return nil
}

// bucketsAreEmpty holds but for mails that wait for a person, and for what was
// sealed for a case that was never opened, under a key that nobody kept.
func bucketsAreEmpty(w *world) error {
	for _, path := range w.objects.Paths() {
		by, parts := w.stock[path].by, strings.Split(path, "/")
		if parts[0] == "raw" || parts[0] == "case" && len(w.of(w.idOf(parts[1]))) == 0 {
			continue
		}
		if by == nil {
			return fmt.Errorf("%s is left", path)
		}
		return fmt.Errorf("%s is left, by run %d of %s", path, by.number, by.function)
	}
	return nil
}

// lateMailGoesToPerson holds for a mail whose case was purged when it came again.
func lateMailGoesToPerson(w *world) error {
	outcomes := w.outcomes()
	for _, mail := range w.mails {
		stored := outcomes[mail.id]
		if !stored.State.Terminal() {
			return fmt.Errorf("mail %s is left %q", mail.id, stored.State)
		}
		if late := mail.at.After(w.start.Add(theWeeks)); late && mail.poison == harmless && mail.enquiry.Kind == dsr.KindRequest {
			w.met["came again after a purge"]++
			if stored.State != dsr.MailPerson {
				return fmt.Errorf("mail %s ended as %q", mail.id, stored.State)
			}
		}
	}
	return nil
}

// invariantsOfYears lists what must hold when nothing has to be proven any more.
func invariantsOfYears() []invariant {
	return []invariant{
		{"no page ends in a way that nobody foresaw", noSurprises},
		{"nothing is left after years", nothingLeft},
	}
}

func nothingLeft(w *world) error {
	if left := w.memory.AllCases(); len(left) > 0 {
		return fmt.Errorf("case %s is left, due on %s", left[0].Number, left[0].DueAt)
	}
	for _, one := range w.deeds {
		if _, err := w.memory.CaseOfNumber(context.Background(), one.after.Number); !errors.Is(err, casework.ErrNotFound) {
			return fmt.Errorf("number %s leads to something: %w", one.after.Number, err)
		}
	}
	return nil
}
