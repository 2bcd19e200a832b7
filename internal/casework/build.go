package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Build builds the package of an answer that was approved, and lets the letter
// with the answer go. Answer, files and letter are those that were approved: all
// of it is compared with the hash that is kept with the case.
func (p Packing) Build(ctx context.Context, now time.Time, ref dsr.EnclosureRef) error {
	prior, err := p.makeable(ctx, now, ref)
	if err == nil {
		err = p.build(ctx, now, prior)
	}
	var why refusal
	if errors.As(err, &why) {
		err = p.refuse(ctx, now, prior, why, p.unbuilt(why, now))
	}
	if err != nil && !errors.Is(err, errHeld) {
		return fmt.Errorf("building package %s: %w", ref.Tag(), err)
	}
	return nil
}

// makeable gives a file that is to be made here and that nobody is making. One
// that failed too often is refused.
func (p Packing) makeable(ctx context.Context, now time.Time, ref dsr.EnclosureRef) (dsr.Enclosure, error) {
	prior, err := p.Enclosure(ctx, ref)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && (prior.Held(now) || prior.State == dsr.Kept || prior.Ended()):
		return prior, errHeld
	case err != nil:
		return prior, fmt.Errorf("reading it: %w", err)
	case prior.Tries >= maxAttempts:
		return prior, refusedFailed
	}
	return prior, nil
}

// awaited reports whether a case has an answer that waits for its package, or
// whose package can be collected. No answer waits for one that was announced
// before the answer was given in another way.
func awaited(c dsr.Case, parcel dsr.Enclosure) bool {
	if c.State == dsr.Closed && c.Work.Otherwise > 0 && parcel.Arrived.Before(c.Work.ClosedAt) {
		return false
	}
	return (c.State == dsr.Answering || c.State == dsr.Closed) && c.Discloses()
}

// build makes one attempt.
func (p Packing) build(ctx context.Context, now time.Time, prior dsr.Enclosure) error {
	c, err := p.Cases.Summary(ctx, prior.Ref.Case)
	if err != nil {
		return fmt.Errorf("reading its case: %w", err)
	}
	if !awaited(c, prior) {
		return refusedOverhaul
	}
	claimed, err := p.claim(ctx, now, prior)
	if err != nil {
		return err
	}
	// Whatever fails now leaves the claim to end: sweep drives the next attempt.
	sealed, files, err := p.pack(ctx, claimed)
	if err != nil {
		return err
	}
	next := claimed
	next.Keep(sealed.size, sealed.sum(), now, p.packageEnd(now))
	return p.keep(ctx, now, claimed, next, func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		return dsr.Event{Kind: dsr.PackageBuilt, Facts: map[string]string{
			"package": next.Ref.ID.String(), "files": strconv.Itoa(files), "size": strconv.FormatInt(next.Size, 10),
		}}, []dsr.Letter{packedLetter(c, now)}
	})
}

// pack packs the answer of a case into the path of an attempt.
func (p Packing) pack(ctx context.Context, claimed dsr.Enclosure) (sealed *tally, files int, err error) {
	file, err := p.Cases.File(ctx, claimed.Ref.Case)
	if err != nil {
		return nil, 0, fmt.Errorf("opening its case: %w", err)
	}
	answer, err := p.approved(ctx, file)
	if err != nil {
		return nil, 0, err
	}
	if err := packable(answer.Files); err != nil {
		return nil, 0, err
	}
	open, err := p.opener(ctx, file)
	if err != nil {
		return nil, 0, err
	}
	// The time in it is that of the approval, so that each attempt makes the same
	// package.
	packed := pull(func(to io.Writer) error { return p.Pack(to, answer, claimed.Arrived, open) })
	defer packed.stop()
	sealed, err = p.seal(ctx, file.Key, attempt(claimed), packed)
	if err == nil && !packed.whole {
		err = errCutOff
	}
	return sealed, len(answer.Files), err
}

// approved gives the answer of a case, provided that it is the one that was
// approved.
func (a Answering) approved(ctx context.Context, file File) (dsr.Answer, error) {
	answer, err := a.compile(ctx, file, file.Case.Work.Proposed)
	if err != nil {
		return dsr.Answer{}, err
	}
	if hash, err := answerHash(file.Key, answer); err != nil || hash != file.Case.Work.Draft {
		return dsr.Answer{}, errors.Join(errChanged, err)
	}
	return answer, nil
}

// opener opens the files of an answer where they lie sealed. Each is sealed for
// its own path: what was put in its place does not open.
func (p Packing) opener(ctx context.Context, file File) (OpenAnswerFile, error) {
	all, err := p.Enclosures(ctx, file.Case.ID)
	if err != nil {
		return nil, fmt.Errorf("listing the files: %w", err)
	}
	paths := map[dsr.OwnerID]string{}
	for _, one := range all {
		if file.Case.Found(one) {
			paths[one.Ref.ID] = one.Path()
		}
	}
	return func(wanted dsr.AnswerFile) (io.ReadCloser, error) {
		return p.open(ctx, file.Key, paths[wanted.ID])
	}, nil
}

// opened is a stream that is opened while it is read.
type opened struct {
	io.Reader
	io.Closer
}

// open opens what lies sealed under a path.
func (p Packing) open(ctx context.Context, key DataKey, path string) (io.ReadCloser, error) {
	sealed, _, err := p.Files.OpenFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening what lies sealed: %w", err)
	}
	return opened{key.Opening(path, sealed), sealed}, nil
}

// unbuilt tells that a package could not be built: the answer that was approved
// does not leave, and somebody has to look. A package that nobody waits for is
// no news.
func (p Packing) unbuilt(why refusal, now time.Time) telling {
	if why != refusedFailed {
		return nil
	}
	return func(c dsr.Case, next dsr.Enclosure) (dsr.Event, []dsr.Letter) {
		return dsr.Event{Kind: dsr.PackageFailed, Facts: map[string]string{"package": next.Ref.ID.String()}},
			p.Rules.aboutCase(c, dsr.FilesNotice, ReasonPackageFailed, now)
	}
}

// packageEnd gives when a package that is built now is destroyed.
func (a Answering) packageEnd(now time.Time) time.Time {
	return now.AddDate(0, 0, a.Rules.Profile.Retention.PackageDays)
}

// reasonPacked is the reason of a letter whose answer has files: they lie ready in
// a package. It names no day, so that the letter is the one that was approved.
const reasonPacked = "packed"

// packedLetter gives the letter with an answer whose package is ready.
func packedLetter(c dsr.Case, now time.Time) dsr.Letter {
	letter := answerLetter(c, now)
	letter.Reason = reasonPacked
	return letter
}
