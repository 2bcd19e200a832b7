package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// The reasons of a letter to staff about a file.
const (
	ReasonFileRefused   = "file-refused"   // it came, and could not be taken in
	ReasonFileLost      = "file-lost"      // it never came, or was lost
	ReasonPackageFailed = "package-failed" // the package of an answer could not be built
)

// TakeIn seals a file that staff uploaded. Its original, which is not sealed, is
// removed in every outcome that is one; a fault leaves it to the next attempt.
func (p Packing) TakeIn(ctx context.Context, now time.Time, ref dsr.EnclosureRef) error {
	prior, err := p.Enclosure(ctx, ref)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("reading file %s: %w", ref.Tag(), err)
	}
	if expected(prior) && !prior.Held(now) {
		err := p.takeIn(ctx, now, prior)
		var why refusal
		if errors.As(err, &why) {
			err = p.refuse(ctx, now, prior, why, p.refused(why, now))
		}
		if err != nil && !errors.Is(err, errHeld) {
			return fmt.Errorf("taking in file %s: %w", ref.Tag(), err)
		}
	}
	return p.removeOriginal(ctx, ref)
}

// expected reports whether a file is still to be taken in, or being so.
func expected(file dsr.Enclosure) bool {
	return file.State == dsr.Announced || file.State == dsr.Arriving
}

// removeOriginal removes an original that is not needed any more: its file was
// taken in or is at an end, nobody announced it, or its case was purged. A late
// copy of what was taken in goes the same way.
func (p Packing) removeOriginal(ctx context.Context, ref dsr.EnclosureRef) error {
	stands, err := p.Enclosure(ctx, ref)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("reading file %s again: %w", ref.Tag(), err)
	}
	if expected(stands) {
		return nil
	}
	if err := p.Files.RemoveFile(ctx, ref.Original()); err != nil {
		return fmt.Errorf("removing the original of file %s: %w", ref.Tag(), err)
	}
	return nil
}

// takeIn seals one original.
func (p Packing) takeIn(ctx context.Context, now time.Time, prior dsr.Enclosure) error {
	c, err := p.welcome(ctx, prior)
	if err != nil {
		return err
	}
	original, size, err := p.Files.OpenFile(ctx, prior.Ref.Original())
	if errors.Is(err, ErrNotFound) {
		return absent(prior, now)
	}
	if err != nil {
		return fmt.Errorf("opening its original: %w", err)
	}
	defer original.Close()
	if err := p.fits(ctx, c, prior, size); err != nil {
		return err
	}
	// From here on the path is written down, and something may lie under it.
	claimed, err := p.claim(ctx, now, prior)
	if err != nil {
		return err
	}
	file, err := p.Cases.File(ctx, prior.Ref.Case)
	if err != nil {
		return fmt.Errorf("opening its case: %w", err)
	}
	sealed, err := p.seal(ctx, file.Key, attempt(claimed), original)
	if err != nil {
		return err
	}
	// A line that breaks may look like an end: half a file is none.
	if sealed.size != size {
		return errCutOff
	}
	next := claimed
	next.Keep(sealed.size, sealed.sum(), now, time.Time{}) // it stays as long as its case
	return p.keep(ctx, now, claimed, next, func(_ dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		return fileEvent(dsr.FileSealed, next), nil
	})
}

// welcome gives the case of a file, provided that it still takes files, that this
// one was found for whom it is about, and that it was not tried too often.
func (p Packing) welcome(ctx context.Context, prior dsr.Enclosure) (dsr.Case, error) {
	c, err := p.Cases.Summary(ctx, prior.Ref.Case)
	if err != nil {
		return c, fmt.Errorf("reading its case: %w", err)
	}
	switch {
	case !c.Found(prior):
		return c, refusedStray
	case !c.State.Undecided():
		return c, refusedDecided
	case prior.Tries >= maxAttempts:
		return c, refusedFailed
	}
	return c, nil
}

// absent says what becomes of a file whose original is not there. An original is
// removed only after its file was recorded as kept, so one that an attempt began
// with and that is gone was lost: by the bucket's own rule, a day after it came.
func absent(prior dsr.Enclosure, now time.Time) error {
	switch {
	case prior.State == dsr.Arriving:
		return refusedLost
	case now.Before(prior.DueAt):
		return errHeld // it still may come
	}
	return refusedAbsent
}

// fits checks the size of a file, alone and with the others of its case.
func (p Packing) fits(ctx context.Context, c dsr.Case, prior dsr.Enclosure, size int64) error {
	switch {
	case size == 0:
		return refusedEmpty
	case size > dsr.MaxFoundBytes:
		return refusedLarge
	}
	all, err := p.Enclosures(ctx, prior.Ref.Case)
	if err != nil {
		return fmt.Errorf("listing the files: %w", err)
	}
	// The file itself is one of those that are counted; its size is not known yet.
	if count, held := load(c, all); count > dsr.MaxFound || held+size > dsr.MaxPackage {
		return refusedMany
	}
	return nil
}

// refused tells a case that a file is no part of its answer, and staff while they
// can still do something about it.
func (p Packing) refused(why refusal, now time.Time) telling {
	return func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		// Staff have the file still, so what is not in the answer can come again.
		event := fileEvent(dsr.FileRefused, next)
		event.Facts["reason"] = string(why)
		if !c.State.Undecided() || why == refusedStray {
			return event, nil
		}
		reason := ReasonFileRefused
		if why == refusedAbsent || why == refusedLost {
			reason = ReasonFileLost
		}
		return event, p.Rules.aboutCase(c, dsr.FilesNotice, reason, now)
	}
}

// tally counts and hashes what is read through it.
type tally struct {
	from io.Reader
	hash hash.Hash
	size int64
}

// newTally begins to count what a stream holds.
func newTally(from io.Reader) *tally { return &tally{from: from, hash: sha256.New()} }

// Read implements io.Reader.
func (t *tally) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	t.hash.Write(p[:n])
	t.size += int64(n)
	return n, err
}

// sum gives the hash of what was read, as rows keep it.
func (t *tally) sum() string { return hex.EncodeToString(t.hash.Sum(nil)) }

// seal stores a stream, sealed for its path, and says what it held.
func (p Packing) seal(ctx context.Context, key DataKey, path string, plain io.Reader) (*tally, error) {
	read := newTally(plain)
	sealing, err := key.Sealing(p.Random, path, read)
	if err != nil {
		return nil, err
	}
	if err := p.Files.PutFile(ctx, path, sealing); err != nil {
		return nil, fmt.Errorf("storing it: %w", err)
	}
	return read, nil
}
