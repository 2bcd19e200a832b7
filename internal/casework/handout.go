package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// HandOut opens a package for one download, under a name that nobody can guess.
// A browser fetches it from the bucket itself: no function can answer with more
// than 6 MB (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). It
// lies there in clear, so it lives for an hour and its row says where.
func (p Packing) HandOut(ctx context.Context, now time.Time, ref dsr.EnclosureRef) error {
	prior, err := p.makeable(ctx, now, ref)
	if err == nil {
		err = p.handOut(ctx, now, prior)
	}
	var why refusal
	if errors.As(err, &why) {
		err = p.refuse(ctx, now, prior, why, nil)
	}
	if err != nil && !errors.Is(err, errHeld) {
		return fmt.Errorf("opening a package for %s: %w", ref.Tag(), err)
	}
	return nil
}

// handOut makes one attempt. Nothing of a chunk is stored before it is authentic,
// and nothing at all when a later one is not: an upload that fails is none.
func (p Packing) handOut(ctx context.Context, now time.Time, prior dsr.Enclosure) error {
	all, err := p.Enclosures(ctx, prior.Ref.Case)
	if err != nil {
		return fmt.Errorf("listing the files: %w", err)
	}
	parcel, there := standing(all, dsr.PackageFile, now)
	if !there {
		return refusedMissing
	}
	claimed, err := p.claim(ctx, now, prior)
	if err != nil {
		return err
	}
	file, err := p.Cases.File(ctx, prior.Ref.Case)
	if err != nil {
		return fmt.Errorf("opening its case: %w", err)
	}
	plain, err := p.open(ctx, file.Key, parcel.Path())
	if err != nil {
		return err
	}
	defer plain.Close()
	read := newTally(plain)
	if err := p.Files.PutFile(ctx, attempt(claimed), read); err != nil {
		return fmt.Errorf("storing it: %w", err)
	}
	// The row is older than the bucket's word for it.
	if read.size != parcel.Size || read.sum() != parcel.SHA256 {
		return errCutOff
	}
	next := claimed
	next.Keep(read.size, read.sum(), now, now.Add(handoutLife))
	return p.keep(ctx, now, claimed, next, nil)
}
