package casework

import (
	"context"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// settle destroys what is left of a copy that was taken in or refused: its
// original, and what lies of it when it is at an end. One that fails keeps the
// other from nothing: while a mailed copy cannot be cut out of its mail, its row is
// due for that alone.
func (i Inspecting) settle(ctx context.Context, now time.Time, copied dsr.Enclosure, original Original) error {
	copied, err := i.expire(ctx, now, copied)
	if err != nil {
		return err
	}
	// An attempt may have stored something before it was given up, or lost.
	var left error
	if copied.Ended() && !copied.DueAt.IsZero() {
		left = i.remove(ctx, copied)
	}
	copied, err = i.destroy(ctx, now, copied, original)
	switch {
	case left != nil:
		return left
	case err != nil:
		return err
	case !copied.Ended() || copied.DueAt.IsZero() || now.Before(copied.DueAt):
		return nil
	}
	return i.record(ctx, now, copied)
}

// expire takes a copy away that nobody judged by in time. Nobody reads it from
// here on, whatever becomes of its removal.
func (i Inspecting) expire(ctx context.Context, now time.Time, copied dsr.Enclosure) (dsr.Enclosure, error) {
	if copied.State != dsr.Kept || now.Before(copied.Arrived.Add(dsr.CopyLife)) {
		return copied, nil
	}
	next := copied
	next.Condemn(CopyUnseen, now)
	return next, i.rows().move(ctx, now, copied, next, nil)
}

// destroy destroys the original of a copy that was dealt with, by cutting it out of
// its mail when it came so. Only then may the row wait: for the end of what is kept,
// or for its last look.
func (i Inspecting) destroy(ctx context.Context, now time.Time, copied dsr.Enclosure, original Original) (dsr.Enclosure, error) {
	mailed := copied.Mail != (dsr.MailedPart{})
	if mailed && !uncut(copied) {
		return copied, nil
	}
	if err := original.Destroy(ctx); err != nil {
		return copied, fmt.Errorf("destroying its original: %w", err)
	}
	if !mailed {
		return copied, nil
	}
	next := copied
	next.Cut = true
	switch next.State {
	case dsr.Kept:
		next.DueAt = next.Arrived.Add(dsr.CopyLife)
	case dsr.TurnedDown:
		next.DueAt = next.GoneAt.Add(dsr.LastLook)
	}
	return next, i.rows().move(ctx, now, copied, next, nil)
}

// turnDown ends a copy of which nothing is kept. One that came by mail is due until
// it was cut out of that.
func turnDown(copied *dsr.Enclosure, word string, now time.Time) {
	if copied.TurnDown(word, now); uncut(*copied) {
		copied.DueAt = now
	}
}

// wipe removes what lies of a copy that is at an end, and records it.
func (i Inspecting) wipe(ctx context.Context, now time.Time, ended dsr.Enclosure) error {
	if err := i.remove(ctx, ended); err != nil {
		return err
	}
	return i.record(ctx, now, ended)
}

// record writes down that nothing lies of a copy any more.
func (i Inspecting) record(ctx context.Context, now time.Time, ended dsr.Enclosure) error {
	next := ended
	next.Wipe(now)
	var tell telling
	if ended.State == dsr.Condemned {
		tell = func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
			return copyEvent(dsr.IDCopyDestroyed, next), i.toldDestroyed(c, next, now)
		}
	}
	return i.rows().move(ctx, now, ended, next, tell)
}

// toldDestroyed gives the letters about a copy that was destroyed: to whom it is
// of when it proved who they are, and to staff when nobody judged by it.
func (i Inspecting) toldDestroyed(c dsr.Case, copied dsr.Enclosure, now time.Time) []dsr.Letter {
	switch {
	case copied.Reason == CopyUnseen:
		return i.Rules.aboutCase(c, dsr.CopyNotice, CopyUnseen, now)
	case copied.Reason == reasonAccepted && c.Work.Identity == dsr.IdentitySure:
		return []dsr.Letter{toPerson(c, dsr.CheckedLetter, dsr.FollowCase, dsr.Addressee{Contact: 1}, now)}
	}
	return nil
}

// remove removes every object of a copy.
func (i Inspecting) remove(ctx context.Context, copied dsr.Enclosure) error {
	for _, path := range objectsOf(copied) {
		if err := i.Files.RemoveFile(ctx, path); err != nil {
			return fmt.Errorf("removing what lies of it: %w", err)
		}
	}
	return nil
}

// rows moves the rows of files; both who takes copies in and who packs answers
// move them alike.
func (i Inspecting) rows() Packing {
	return Packing{Answering: Answering{Place: i.Place}, Cases: i.Cases, Enclosure: i.Enclosure}
}

// uncut reports whether a mailed copy that was dealt with may still lie in its
// mail, whatever became of it: also one that nobody wanted is of somebody's
// identity.
func uncut(copied dsr.Enclosure) bool {
	return copied.Mail != (dsr.MailedPart{}) && !copied.Cut && (copied.State == dsr.Kept || copied.Ended())
}
