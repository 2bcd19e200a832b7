package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// planned is an entry of the due index, with the day under which it stands there.
type planned struct {
	DueEntry
	day dsr.Day
}

// agenda is what a function has to go through at one tick: what is due, from the
// oldest day on which that function still has work up to today, so that a tick
// that was off for a week misses nothing.
type agenda struct {
	entries []planned
	oldest  dsr.Day // on which something stays; the next tick begins there again
}

// agendaOf reads what is due at now. A day that cannot be read keeps no other from
// being read, and the next tick begins there.
func agendaOf(ctx context.Context, due Due, function string, now time.Time) (agenda, error) {
	first, err := due.OldestDay(ctx, function)
	if err != nil {
		return agenda{}, fmt.Errorf("reading the oldest day of %s: %w", function, err)
	}
	days := daysThrough(first, firstLook(function), now)
	a := agenda{oldest: days[max(0, len(days)-2)]} // yesterday: clocks of functions differ a little
	var failed faults
	for _, day := range days {
		entries, err := due.DueOn(ctx, day, now)
		if err != nil {
			failed.add(fmt.Errorf("reading what is due on %s: %w", day, err))
			a.stay(day)
		}
		for _, entry := range entries {
			a.entries = append(a.entries, planned{entry, day})
		}
	}
	return a, failed.err()
}

// stay records that something stays on a day.
func (a *agenda) stay(day dsr.Day) { a.oldest = min(a.oldest, day) }

// each hands a function some entries of the agenda. It reports whether an entry
// stays where it is, as does one that fails; which keeps no other from being
// handled.
func (a *agenda) each(entries []planned, handle func(planned) (stays bool, err error)) error {
	var failed faults
	for _, entry := range entries {
		stays, err := handle(entry)
		failed.add(err)
		if stays || err != nil {
			a.stay(entry.day)
		}
	}
	return failed.err()
}

// close stores where the next tick begins. Without an agenda that is where it was.
func (a *agenda) close(ctx context.Context, due Due, function string) error {
	if a.oldest == "" {
		return nil
	}
	if err := due.MoveOldestDay(ctx, function, a.oldest); err != nil {
		return fmt.Errorf("moving the oldest day of %s: %w", function, err)
	}
	return nil
}

// eachDue hands a function every entry of the due index that is due at now, of
// whatever kind.
func eachDue(ctx context.Context, due Due, function string, now time.Time, handle func(DueEntry) (stays bool, err error)) error {
	a, failed := agendaOf(ctx, due, function, now)
	handled := a.each(a.entries, func(entry planned) (bool, error) { return handle(entry.DueEntry) })
	return errors.Join(failed, handled, a.close(ctx, due, function))
}

// firstLook is how many days back the very first tick of a function looks: as
// long as raw mail is kept, so that nothing which began before it is missed. What
// has to be destroyed may have waited longer for somebody to turn that on.
func firstLook(function string) int {
	if function == FunctionPurge {
		return 2 * 366
	}
	return 60
}

// daysThrough lists the UTC days from first, or from the day before now when
// that is earlier, through the day of now. Without a first day it is some days
// back.
func daysThrough(first dsr.Day, back int, now time.Time) []dsr.Day {
	today := now.UTC()
	day := today.AddDate(0, 0, -1)
	from, err := time.Parse(time.DateOnly, string(first))
	if err != nil {
		from = today.AddDate(0, 0, -back)
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

// faultsTold is how many faults of one tick are told in full.
const faultsTold = 10

// faults gathers what went wrong with many things, without growing with them.
type faults struct {
	told []error
	more int
}

// add takes a fault in; nil is none.
func (f *faults) add(err error) {
	switch {
	case err == nil:
	case len(f.told) < faultsTold:
		f.told = append(f.told, err)
	default:
		f.more++
	}
}

// err gives all faults as one error; nil for none.
func (f *faults) err() error {
	if f.more == 0 {
		return errors.Join(f.told...)
	}
	return errors.Join(errors.Join(f.told...), fmt.Errorf("and %d more", f.more))
}
