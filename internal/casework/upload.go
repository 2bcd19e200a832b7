package casework

import (
	"context"
	"fmt"
	"io"

	"polarweb.nl/inzage/internal/dsr"
)

// Uploading lets the contact on file send a copy of an identity document, past
// the functions, straight into the bucket. It writes nothing: what comes is
// written down when it is there.
type Uploading struct {
	Random  io.Reader
	Cases   Cases
	Letters Letters
}

// Look gives the case behind a link and the name for one more original of it. It
// is a dsr.NotNow when the case takes none: nobody asked, somebody judged since,
// or the link is of a letter to somebody who was asked before.
func (u Uploading) Look(ctx context.Context, link dsr.Link) (dsr.Case, dsr.EnclosureRef, error) {
	if link.Purpose != dsr.UploadIDCopy {
		return dsr.Case{}, dsr.EnclosureRef{}, ErrLinkDead
	}
	stored, c, err := living(ctx, u.Cases, u.Letters, link)
	if err != nil {
		return dsr.Case{}, dsr.EnclosureRef{}, fmt.Errorf("opening a link to send a copy: %w", err)
	}
	if !c.TakesCopy() || superseded(stored, c) {
		return dsr.Case{}, dsr.EnclosureRef{}, dsr.NotNowCopyUnasked
	}
	id, err := dsr.NewUploadID(u.Random, c.Work.Asked)
	if err != nil {
		return dsr.Case{}, dsr.EnclosureRef{}, err
	}
	return c, dsr.EnclosureRef{Case: c.ID, Kind: dsr.IDCopyFile, ID: id}, nil
}
