package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// The functions that sweep drives again, by the names the template gives them.
const (
	FunctionIntake   = "intake"
	FunctionDispatch = "dispatch"
)

// Again is the event of a function that sweep drives again: the ids of what it
// left undone. It stands beside the function's own trigger, which has no such
// field.
type Again struct {
	IDs []string `json:"again"`
}

// Sweeping is the guarantee behind the fast paths: whatever an event lost or a
// crash left undone is found in the due index, or in the mail bucket itself,
// and driven again.
type Sweeping struct {
	Place
	Due   Due
	Mails Mails
	Raw   RawMail
	Drive Drive
}

// Swept counts what one sweep found, for the metrics and the log.
type Swept struct {
	Letters int // driven again
	Mails   int // driven again
	Noted   int // mails in the bucket that nobody had heard of
}

// Sweep drives again what is overdue at now. What fails is reported at the end:
// letters that cannot be driven must not keep mails from being found.
func (s Sweeping) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var swept Swept
	letters, mails, oldest, failed := s.overdue(ctx, now)
	if failed == nil {
		var lettersErr, mailsErr error
		swept.Letters, lettersErr = s.portions(ctx, FunctionDispatch, letters)
		swept.Mails, mailsErr = s.portions(ctx, FunctionIntake, mails)
		failed = errors.Join(lettersErr, mailsErr, s.moveOldest(ctx, oldest))
	}
	noted, err := s.noteUnheard(ctx, now)
	swept.Noted = noted
	return swept, errors.Join(failed, err)
}

// moveOldest stores the day at which the next sweep begins.
func (s Sweeping) moveOldest(ctx context.Context, oldest dsr.Day) error {
	if err := s.Due.MoveOldestDay(ctx, oldest); err != nil {
		return fmt.Errorf("moving the oldest day: %w", err)
	}
	return nil
}

// overdue gathers the letters and mails that are due, from the oldest day that
// may hold any up to today, so that a sweep that was off for a week misses
// nothing. Oldest is the day the next sweep must begin at.
func (s Sweeping) overdue(ctx context.Context, now time.Time) (letters, mails []string, oldest dsr.Day, err error) {
	first, err := s.Due.OldestDay(ctx)
	if err != nil {
		return nil, nil, "", fmt.Errorf("reading the oldest day: %w", err)
	}
	days := daysThrough(first, now)
	oldest = days[max(0, len(days)-2)] // yesterday: clocks of functions differ a little
	for i := len(days) - 1; i >= 0; i-- {
		entries, err := s.Due.DueOn(ctx, days[i], now)
		if err != nil {
			return nil, nil, "", fmt.Errorf("reading what is due on %s: %w", days[i], err)
		}
		for _, entry := range entries {
			switch entry.Kind {
			case DueLetter:
				letters = append(letters, entry.Letter.Tag())
			case DueMail:
				mails = append(mails, entry.MailID)
			default:
				continue // reminders are not this act's
			}
			oldest = min(oldest, days[i])
		}
	}
	return letters, mails, oldest, nil
}

// firstLook is how many days back the very first sweep looks: as long as raw
// mail is kept, so that nothing which began before it is missed.
const firstLook = 60

// daysThrough lists the UTC days from first, or from the day before now when
// that is earlier, through the day of now.
func daysThrough(first dsr.Day, now time.Time) []dsr.Day {
	today := now.UTC()
	day := today.AddDate(0, 0, -1)
	from, err := time.Parse(time.DateOnly, string(first))
	if err != nil {
		from = today.AddDate(0, 0, -firstLook)
	}
	if from.Before(day) {
		day = from
	}
	var days []dsr.Day
	for ; !day.After(today); day = day.AddDate(0, 0, 1) {
		days = append(days, dsr.Day(day.Format(time.DateOnly)))
	}
	return days
}

// driveAtOnce bounds the ids of one invocation, to stay far below the payload
// limit and within the function's time.
const driveAtOnce = 25

// portions hands ids to a function, not too many at once.
func (s Sweeping) portions(ctx context.Context, function string, ids []string) (int, error) {
	driven := 0
	for len(ids) > 0 {
		portion := ids[:min(len(ids), driveAtOnce)]
		if err := s.Drive(ctx, function, portion); err != nil {
			return driven, fmt.Errorf("driving %s again: %w", function, err)
		}
		driven += len(portion)
		ids = ids[len(portion):]
	}
	return driven, nil
}

// noteUnheard notes the mails in the bucket whose notice never came. A noted
// mail falls due like a claimed one, so its age is counted from our own row
// and never from S3.
func (s Sweeping) noteUnheard(ctx context.Context, now time.Time) (int, error) {
	noted, after := 0, ""
	for {
		ids, err := s.Raw.List(ctx, after)
		if err != nil {
			return noted, fmt.Errorf("listing raw mail: %w", err)
		}
		if len(ids) == 0 {
			return noted, nil
		}
		for _, id := range ids {
			fresh, err := s.note(ctx, now, id)
			if err != nil {
				return noted, err
			}
			if fresh {
				noted++
			}
		}
		after = ids[len(ids)-1]
	}
}

// note stores a mail that nobody has heard of yet.
func (s Sweeping) note(ctx context.Context, now time.Time, id string) (bool, error) {
	_, err := s.Mails.Mail(ctx, id)
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
