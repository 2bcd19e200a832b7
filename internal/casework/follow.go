package casework

import (
	"context"
	"errors"
	"fmt"

	"polarweb.nl/inzage/internal/dsr"
)

// ErrLinkDead is returned for a link whose token is genuine but which opens
// nothing: never issued, revoked, or for something that is gone. Visitors see
// the same page as for a forged one.
var ErrLinkDead = errors.New("the link opens nothing")

// Following shows a data subject how their case stands. It reads clear fields
// only and writes nothing, whoever or whatever opens the link.
type Following struct {
	Cases   Cases
	Letters Letters
}

// Status is what the page behind "follow my case" shows. It names no person.
// OnFile says that its link went to the contact on file who was asked last. Only
// they may learn from it that anybody is on file: who wrote the request, or was
// taken for its data subject before, may be somebody else.
type Status struct {
	Case    dsr.Case
	History []dsr.Event
	OnFile  bool
}

// Status gives the state of the case behind a verified link.
func (f Following) Status(ctx context.Context, link dsr.Link) (Status, error) {
	stored, c, err := living(ctx, f.Cases, f.Letters, link)
	if err != nil {
		return Status{}, err
	}
	history, err := f.Cases.History(ctx, link.Owner)
	if err != nil {
		return Status{}, fmt.Errorf("reading the history of case %s: %w", c.Number, err)
	}
	return Status{Case: c, History: history, OnFile: stored.Asked > 0 && !superseded(stored, c)}, nil
}

// living gives the row and the case of a verified link, provided that the link
// was issued with the words of its token and the case has not revoked its links
// since. The case is read first: whatever changed it and used the link was one
// transaction, so a case that has changed comes with a link that shows why.
func living(ctx context.Context, cases Cases, letters Letters, link dsr.Link) (dsr.Link, dsr.Case, error) {
	c, err := cases.Summary(ctx, link.Owner)
	if err != nil {
		return dsr.Link{}, dsr.Case{}, dead(err, "reading the case")
	}
	stored, err := letters.Link(ctx, link.Owner, link.ID)
	if err != nil {
		return dsr.Link{}, dsr.Case{}, dead(err, "reading the link")
	}
	if !sameLink(stored, link) || stored.Epoch != c.LinkEpoch {
		return dsr.Link{}, dsr.Case{}, ErrLinkDead
	}
	return stored, c, nil
}

// sameLink compares a token's words with its row; only the row knows the epoch.
func sameLink(stored, link dsr.Link) bool {
	return stored.ID == link.ID && stored.Purpose == link.Purpose &&
		stored.Owner == link.Owner && stored.Actor == link.Actor && stored.Rev == link.Rev &&
		stored.IssuedAt.Equal(link.IssuedAt) && stored.ExpiresAt.Equal(link.ExpiresAt)
}

// dead turns "not found" into ErrLinkDead and wraps any other error.
func dead(err error, doing string) error {
	if errors.Is(err, ErrNotFound) {
		return ErrLinkDead
	}
	return fmt.Errorf("%s: %w", doing, err)
}
