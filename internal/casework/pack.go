package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// parcelLease is longer than parcel may run, which is as long as a function
	// can (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), so
	// that a live attempt is never overtaken.
	parcelLease = 16 * time.Minute

	// maxAttempts is how many attempts to make one file may fail. What kills its
	// attempts would otherwise be tried for ever.
	maxAttempts = 3

	// handoutLife is how long a package lies open for one download: a code and its
	// ticket long, and, with the tick that ends it, less than an hour.
	handoutLife = 40 * time.Minute
)

// Packing is what parcel does with files that no page can hold: it seals what
// staff upload, builds the package of an answer, opens it for one download, and
// removes what is over.
//
// Each attempt first claims the row of its file and writes down the path under
// which it will store something, and only then stores it. Whatever becomes of the
// attempt, its object can be found: by the next one, and by a last look an hour
// after the end of the file.
type Packing struct {
	Answering
	Cases     Cases
	Files     Files
	Enclosure EnclosureOf
	Pack      Pack
}

var (
	// errHeld is returned for a file that is somebody else's now, or was brought
	// to an end in between. There is nothing left to do about it here.
	errHeld = errors.New("the file is in other hands")
	// errCutOff is returned for a file that ended before it should.
	errCutOff = errors.New("the file was cut off")
)

// refusal is why nothing of a file is kept, a fixed word.
type refusal string

// Error gives the word.
func (r refusal) Error() string { return "the file is refused: " + string(r) }

// The refusals.
const (
	refusedEmpty    refusal = "empty"
	refusedLarge    refusal = "too-large"
	refusedMany     refusal = "too-many"
	refusedAbsent   refusal = "never-came" // nobody uploaded what was announced
	refusedLost     refusal = "lost"       // it came, and no attempt could finish before it was gone
	refusedDecided  refusal = "decided"    // the answer is fixed, or the case is closed
	refusedFailed   refusal = "failed"     // each attempt failed
	refusedStray    refusal = reasonRematch
	refusedMissing  refusal = "no-package" // a handout of a package that is gone
	refusedOverhaul refusal = "overtaken"  // a package that no answer waits for
)

// reasonOver is why a package or a handout ends: its time is over.
const reasonOver = "over"

// Attend does what there is to do about a file: takes it in or makes it, ends it
// when its time is over, and removes what lies of it when it is at an end.
// Sweep drives it with whatever is due, the stream with new rows.
func (p Packing) Attend(ctx context.Context, now time.Time, ref dsr.EnclosureRef) error {
	enclosure, err := p.Enclosure(ctx, ref)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("reading file %s: %w", ref.Tag(), err)
	}
	due := !enclosure.DueAt.IsZero() && !now.Before(enclosure.DueAt)
	switch {
	case ref.Kind == dsr.FoundFile && (err != nil || !enclosure.Ended()):
		return p.TakeIn(ctx, now, ref)
	case err != nil:
		return nil // its case was purged, and its objects with it
	case enclosure.Ended():
		err = p.wipe(ctx, now, enclosure)
	case enclosure.State == dsr.Kept && due:
		err = p.end(ctx, now, enclosure)
	case enclosure.State == dsr.Kept:
		return nil
	case ref.Kind == dsr.PackageFile:
		return p.Build(ctx, now, ref)
	case ref.Kind == dsr.HandoutFile:
		return p.HandOut(ctx, now, ref)
	}
	if err != nil && !errors.Is(err, errHeld) {
		return fmt.Errorf("ending file %s: %w", ref.Tag(), err)
	}
	return nil
}

// claim takes a file for one attempt, which may store something under the last
// of its paths from then on.
func (p Packing) claim(ctx context.Context, now time.Time, prior dsr.Enclosure) (dsr.Enclosure, error) {
	unique, err := dsr.NewOwnerID(p.Random)
	if err != nil {
		return dsr.Enclosure{}, err
	}
	next := prior
	next.Begin(keptPath(prior.Ref, unique), now.Add(parcelLease))
	err = p.Cases.Commit(ctx, Change{Enclosures: []EnclosureMove{{prior, next}}, At: now})
	if errors.Is(err, ErrConflict) {
		return dsr.Enclosure{}, errHeld
	}
	if err != nil {
		return dsr.Enclosure{}, fmt.Errorf("claiming it: %w", err)
	}
	// An attempt that died may have stored its object: a handout lies there in clear,
	// and nobody waits for it any more.
	return next, p.discard(ctx, objectsOf(prior))
}

// attempt gives the path of the attempt that a claim began.
func attempt(claimed dsr.Enclosure) string { return claimed.Paths[len(claimed.Paths)-1] }

// telling gives what the history of a case hears of a file that goes on, and who
// gets a letter about it. Without one only the row changes.
type telling func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter)

// move takes a file as it was read to its next state, with what is to be told
// about it, again while somebody changes the case. It holds only while the row
// stands as it was read; else it is errHeld. A purged case hears nothing.
func (p Packing) move(ctx context.Context, now time.Time, prior, next dsr.Enclosure, tell telling) error {
	return p.decide(ctx, func() error {
		stands, err := p.Enclosure(ctx, prior.Ref)
		if errors.Is(err, ErrNotFound) {
			return errHeld
		}
		if err != nil {
			return fmt.Errorf("reading it again: %w", err)
		}
		if stands.State != prior.State || !stands.Until.Equal(prior.Until) {
			return errHeld
		}
		change := Change{Enclosures: []EnclosureMove{{prior, next}}, At: now}
		if tell != nil {
			if err := p.tell(ctx, now, &change, next, tell); err != nil {
				return err
			}
		}
		return p.Cases.Commit(ctx, change)
	})
}

// tell adds to a change what its case hears of it. A purged one hears nothing.
func (p Packing) tell(ctx context.Context, now time.Time, change *Change, next dsr.Enclosure, tell telling) error {
	c, err := p.Cases.Summary(ctx, next.Ref.Case)
	if err != nil {
		return fmt.Errorf("reading its case: %w", err)
	}
	if c.State == dsr.Purged {
		return nil
	}
	change.Event, change.Letters = tell(c, next)
	c.Seq++
	change.File.Case, change.Event.Seq, change.Event.At = c, c.Seq, now
	return nil
}

// keep records what an attempt stored. When the file is in other hands by then,
// what it stored is removed at once.
func (p Packing) keep(ctx context.Context, now time.Time, claimed, next dsr.Enclosure, tell telling) error {
	err := p.move(ctx, now, claimed, next, tell)
	if errors.Is(err, errHeld) {
		return errors.Join(err, p.Files.RemoveFile(ctx, attempt(claimed)))
	}
	return err
}

// refuse ends a file of which nothing is kept, and removes what lies of it.
func (p Packing) refuse(ctx context.Context, now time.Time, prior dsr.Enclosure, why refusal, tell telling) error {
	next := prior
	next.TurnDown(string(why), now)
	if err := p.move(ctx, now, prior, next, tell); err != nil {
		return err
	}
	return p.remove(ctx, next)
}

// end takes away what was kept for as long as it may be.
func (p Packing) end(ctx context.Context, now time.Time, prior dsr.Enclosure) error {
	next := prior
	next.Condemn(reasonOver, now)
	var tell telling
	if prior.Ref.Kind == dsr.PackageFile {
		tell = func(dsr.Case, dsr.Enclosure) (dsr.Event, []dsr.Letter) {
			return dsr.Event{Kind: dsr.PackageEnded, Facts: map[string]string{"package": prior.Ref.ID.String()}}, nil
		}
	}
	if err := p.move(ctx, now, prior, next, tell); err != nil {
		return err
	}
	return p.wipe(ctx, now, next)
}

// wipe removes what lies of a file that is at an end, and records it.
func (p Packing) wipe(ctx context.Context, now time.Time, prior dsr.Enclosure) error {
	if err := p.remove(ctx, prior); err != nil {
		return err
	}
	next := prior
	next.Wipe(now)
	return p.move(ctx, now, prior, next, nil)
}

// remove removes every object of a file, its original first: that is not sealed.
func (p Packing) remove(ctx context.Context, enclosure dsr.Enclosure) error {
	paths := objectsOf(enclosure)
	if original := enclosure.Ref.Original(); original != "" {
		paths = append([]string{original}, paths...)
	}
	return p.discard(ctx, paths)
}

// discard removes objects of a file.
func (p Packing) discard(ctx context.Context, paths []string) error {
	for _, path := range paths {
		// A path holds no personal data, but a handout's opens what lies there.
		if err := p.Files.RemoveFile(ctx, path); err != nil {
			return fmt.Errorf("removing what lies of it: %w", err)
		}
	}
	return nil
}
