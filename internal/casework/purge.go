package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Purging destroys what has been kept long enough (art. 5(1)(e) GDPR). A closed
// file goes in three steps, each at its own tick, so that a tick which dies is
// finished by the next:
//
//  1. Its key is destroyed, in the transaction that says so: from then on nobody
//     can read the file. The case stays due, and its objects and rows are removed.
//  2. They are removed once more, for what a dying attempt left or a stalled one
//     stored since. Only then does the case fall due years ahead.
//  3. Number, rights, dates and history go as well.
//
// With the last skeleton of a year goes the key of that year's sender hashes. What
// says of a mail that it was dealt with stays for good, under its id in SES or
// under a hash: those rows name nobody, and lead to a case that is no more.
type Purging struct {
	Place
	Rules      Rules
	Cases      Cases
	Due        Due
	Files      Files
	Enclosures EnclosuresOf
	Leftovers  Leftovers
	Expire     Expire
	Unlink     Unlink
}

// Purged counts what one tick did, for the metrics and the log.
type Purged struct {
	Files   int // keys destroyed
	Objects int // removed from the vault, or found gone
	Cleared int // cases of which a skeleton remains
	Expired int // cases of which nothing remains
	Held    int // files that must stay for now
}

// Purge destroys what is due at now. A file that cannot be purged keeps no other
// from being purged.
func (p Purging) Purge(ctx context.Context, now time.Time) (Purged, error) {
	var purged Purged
	err := eachDue(ctx, p.Due, FunctionPurge, now, func(entry DueEntry) (bool, error) {
		if entry.Kind != DueCase {
			return false, nil
		}
		stays, err := p.purge(ctx, now, entry.Case, &purged)
		if err != nil {
			return false, fmt.Errorf("purging case %s: %w", entry.Case, err)
		}
		return stays, nil
	})
	return purged, errors.Join(err, p.unlink(ctx, now))
}

// unlinkYears is how many years back purge looks: for as long it may have been off.
const unlinkYears = 10

// unlink destroys the key of the sender hashes of every year of which no skeleton
// remains by its age. Nobody asks for these any more, so a key that is destroyed
// is not made anew.
func (p Purging) unlink(ctx context.Context, now time.Time) error {
	var failed faults
	last := p.Rules.Calendar.Day(now).Year() - p.Rules.Profile.Retention.SkeletonYears - 1
	for year := last; year > last-unlinkYears; year-- {
		if err := p.Unlink(ctx, year); err != nil {
			failed.add(fmt.Errorf("unlinking the senders of %d: %w", year, err))
		}
	}
	return failed.err()
}

// purge takes one case as far as it may go now, again while somebody is faster.
func (p Purging) purge(ctx context.Context, now time.Time, id dsr.OwnerID, purged *Purged) (stays bool, err error) {
	err = p.decide(ctx, func() error {
		stays, err = p.step(ctx, now, id, purged)
		return err
	})
	return stays, err
}

// step takes the one step that is due. The index lags a moment behind, so only
// the case itself says which.
func (p Purging) step(ctx context.Context, now time.Time, id dsr.OwnerID, purged *Purged) (stays bool, err error) {
	c, err := p.Cases.Summary(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil || c.State.Open() || c.DueAt.IsZero() || c.DueAt.After(now) {
		return false, err
	}
	switch {
	case c.Work.Hold != "":
		purged.Held++
		return true, nil // whoever ends the hold need not think of a day
	case c.Work.ClosedAt.IsZero():
		return false, errNeverClosed
	case c.State == dsr.Closed:
		return false, p.destroyKey(ctx, now, c, purged)
	}
	return p.finish(ctx, now, c, purged)
}

// errNeverClosed is returned for a closed case that does not say when: nobody
// knows how long its file has been kept.
var errNeverClosed = errors.New("the case does not say when it was closed")

// destroyKey destroys the key of a closed file, and then what it opened.
func (p Purging) destroyKey(ctx context.Context, now time.Time, c dsr.Case, purged *Purged) error {
	files, err := p.Enclosures(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("listing its files: %w", err)
	}
	facts := purgedFacts(c, files)
	if err := c.Purge(); err != nil {
		return err
	}
	c.DueAt = now.Add(dsr.LastLook)
	if err := p.commit(ctx, now, &c, dsr.FilePurged, facts, true); err != nil {
		return err
	}
	purged.Files++
	_, err = p.clear(ctx, now, c, purged)
	return err
}

// purgedFacts says in the history what was destroyed, by kind, and what remains
// true of the case.
func purgedFacts(c dsr.Case, files []dsr.Enclosure) map[string]string {
	facts := map[string]string{
		"outcome": string(c.Work.Outcome), "closed": c.Work.ClosedAt.UTC().Format(time.DateOnly), "key": CaseKey(c.ID),
	}
	for _, kind := range []dsr.EnclosureKind{dsr.IDCopyFile, dsr.FoundFile, dsr.PackageFile, dsr.HandoutFile} {
		count := 0
		for _, file := range files {
			if file.Ref.Kind == kind {
				count++
			}
		}
		facts[string(kind)] = strconv.Itoa(count)
	}
	return facts
}

// commit stores a case that gained an event. Nothing personal is left to seal.
func (p Purging) commit(ctx context.Context, now time.Time, c *dsr.Case, kind dsr.EventKind, facts map[string]string, purge bool) error {
	c.Seq++
	return p.Cases.Commit(ctx, Change{
		File: File{Case: *c}, Purge: purge, At: now,
		Event: dsr.Event{Seq: c.Seq, Kind: kind, At: now, Facts: facts},
	})
}

// finish makes an end of what is left of a purged case, and of the case itself
// once its years are over. It stays due while an attempt on a file still runs.
func (p Purging) finish(ctx context.Context, now time.Time, c dsr.Case, purged *Purged) (stays bool, err error) {
	if busy, err := p.clear(ctx, now, c, purged); err != nil || busy {
		return busy, err
	}
	until := c.Work.ClosedAt.AddDate(p.Rules.Profile.Retention.SkeletonYears, 0, 0)
	if !until.After(now) {
		if err := p.Expire(ctx, c); err != nil {
			return false, fmt.Errorf("removing what remained of it: %w", err)
		}
		purged.Expired++
		return false, nil
	}
	c.DueAt = until
	facts := map[string]string{"until": until.UTC().Format(time.DateOnly)}
	if err := p.commit(ctx, now, &c, dsr.LeftoversRemoved, facts, false); err != nil {
		return false, err
	}
	purged.Cleared++
	return false, nil
}

// clear removes the objects of a purged case, and then the rows that say where
// they lay. While an attempt still runs its row stays: it may store something
// yet, at a path that only the row knows.
func (p Purging) clear(ctx context.Context, now time.Time, c dsr.Case, purged *Purged) (busy bool, err error) {
	files, err := p.Enclosures(ctx, c.ID)
	if err != nil {
		return false, fmt.Errorf("listing its files: %w", err)
	}
	for _, file := range files {
		if err := p.remove(ctx, objectsOf(file), purged); err != nil {
			return false, err
		}
	}
	for _, folder := range foldersOf(c.ID) {
		if err := p.empty(ctx, folder, purged); err != nil {
			return false, err
		}
	}
	if slices.ContainsFunc(files, func(file dsr.Enclosure) bool { return file.Held(now) }) {
		return true, nil
	}
	if err := p.Leftovers(ctx, c); err != nil {
		return false, fmt.Errorf("removing its rows: %w", err)
	}
	return false, nil
}

// empty removes everything in a folder.
func (p Purging) empty(ctx context.Context, folder string, purged *Purged) error {
	after := ""
	for {
		paths, err := p.Files.ListFiles(ctx, folder, after)
		if err != nil {
			return fmt.Errorf("listing its objects: %w", err)
		}
		if len(paths) == 0 {
			return nil
		}
		if err := p.remove(ctx, paths, purged); err != nil {
			return err
		}
		after = paths[len(paths)-1]
	}
}

// remove removes objects. A path holds no personal data, but a handout's opens
// what lies there: it is not told.
func (p Purging) remove(ctx context.Context, paths []string, purged *Purged) error {
	for _, path := range paths {
		if err := p.Files.RemoveFile(ctx, path); err != nil {
			return fmt.Errorf("removing an object of it: %w", err)
		}
		purged.Objects++
	}
	return nil
}
