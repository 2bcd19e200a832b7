package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// The reasons of a letter to staff about a copy of an identity document.
const (
	CopyReady  = "ready"  // it lies ready to be looked at
	CopyUnseen = "unseen" // nobody judged by it in time
	CopyLost   = "lost"   // its original was gone before it was looked at
	CopyUnread = "unread" // each attempt to look at it failed
)

// Why a copy ended, in fixed words, beside those above and those of package idcopy.
const (
	reasonAccepted  = "accepted"  // identity was judged sure by it
	reasonVerdict   = "verdict"   // identity was judged without it
	reasonRematch   = "rematch"   // it was sent for somebody else
	reasonWithdrawn = "withdrawn" // the request was taken back
	reasonDisowned  = "disowned"  // the contact on file did not ask this
	reasonDecided   = "decided"   // the answer is fixed
	reasonUnasked   = "not-asked" // nobody asked for it
	reasonTooMany   = "too-many"  // it came after enough others
)

// reasonDoubt is the reason of a letter that asks for a copy because somebody
// doubts, and not because the policy asks one with every request.
const reasonDoubt = "doubt"

// AskCopy asks the contact on file for a copy of an identity document: once more,
// or because there is doubt (art. 12(6) GDPR). Where the policy asks one on doubt
// only, a person has written down why they doubt before.
func (h Handling) AskCopy(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		// Asked before the act, which takes the doubt back.
		why, refused := h.Rules.whyCopy(file.Case)
		if err := file.Case.AskCopy(now); err != nil {
			return deed{}, err
		}
		return deed{
			event:   dsr.Event{Kind: dsr.IDCopyAsked, Facts: map[string]string{"why": why}},
			letters: []dsr.Letter{copyLetter(file.Case, why, now)},
		}, refused
	})
}

// whyCopy gives why a copy may be asked now, in the word of the letter that does.
func (r Rules) whyCopy(c dsr.Case) (string, error) {
	switch {
	case !r.asksCopy(c):
		return "", dsr.NotNowCopyUnasked
	case c.Work.Identity == dsr.IdentityDoubtful:
		return reasonDoubt, nil
	case r.Profile.Identity.IDCopy == organisation.CopyOnRequest:
		return "", nil
	case c.Work.CopyAsked.IsZero():
		return "", dsr.NotNowReason
	}
	return reasonDoubt, nil
}

// asksCopy reports whether the policy ever asks a copy for a right of a case.
func (r Rules) asksCopy(c dsr.Case) bool {
	needed, err := r.Identity.Needed(c.Rights)
	return err == nil && slices.Contains(needed, dsr.ByIDCopy)
}

// copyFirst reports whether the policy asks a copy with every request like this.
func (r Rules) copyFirst(c dsr.Case) bool {
	return r.Profile.Identity.IDCopy == organisation.CopyOnRequest && r.asksCopy(c)
}

// copyLetter gives the letter that asks the contact on file for a copy.
func copyLetter(c dsr.Case, why string, now time.Time) dsr.Letter {
	letter := toPerson(c, dsr.CopyLetter, dsr.UploadIDCopy, dsr.Addressee{Contact: 1}, now)
	letter.Reason = why
	return letter
}

// condemn takes files of some kinds away from everybody, in the change that
// leaves them without a use. What an attempt is still taking in ends as well: it
// will find that it lost. What is only announced is refused when its turn comes.
func (read EnclosuresOf) condemn(ctx context.Context, now time.Time, id dsr.OwnerID, reason string, kinds ...dsr.EnclosureKind) ([]EnclosureMove, error) {
	all, err := read(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing the files: %w", err)
	}
	var moves []EnclosureMove
	for _, one := range all {
		begun := one.State == dsr.Kept || one.State == dsr.Arriving || one.Ref.Kind != dsr.IDCopyFile
		if !slices.Contains(kinds, one.Ref.Kind) || one.Ended() || !begun {
			continue
		}
		next := one
		next.Condemn(reason, now)
		moves = append(moves, EnclosureMove{Prior: one, Next: next})
	}
	return moves, nil
}

// destroyCopies removes copies that an act condemned, at once. The act is done
// and stands whatever fails here: a condemned copy is due, and sweep has idcheck
// remove it. One that still lies in its mail is destroyed only when it was cut out
// of that too; its pictures go now.
func (h Handling) destroyCopies(ctx context.Context, now time.Time, moves []EnclosureMove) {
	inspecting := Inspecting{Place: h.Place, Rules: h.Rules, Cases: h.Cases, Files: h.Files, Enclosure: h.Enclosure}
	for _, move := range moves {
		kept := move.Prior.Ref.Kind == dsr.IDCopyFile && move.Prior.State == dsr.Kept
		if !kept || move.Next.State != dsr.Condemned {
			continue
		}
		if uncut(move.Next) {
			_ = inspecting.remove(ctx, move.Next) // see above
			continue
		}
		_ = inspecting.wipe(ctx, now, move.Next)
	}
}

// BlurredCopy gives the picture of a copy on which nothing can be read. It writes
// nothing.
func (h Handling) BlurredCopy(ctx context.Context, session dsr.Session, ref dsr.EnclosureRef) ([]byte, error) {
	file, err := h.Cases.File(ctx, ref.Case)
	if err == nil {
		err = h.mayHandle(session.Actor, file.Case)
	}
	var picture []byte
	if err == nil {
		_, picture, err = h.picture(ctx, file.Key, ref, blurredPath)
	}
	if err != nil {
		return nil, fmt.Errorf("showing copy %s: %w", ref.Tag(), err)
	}
	return picture, nil
}

// LookAtCopy gives a copy as it may be looked at, sharp. That somebody looks is
// written down before they see it, each time (art. 5(2) GDPR): what cannot be
// written down is not shown. ErrNotFound when no such copy is kept.
func (h Handling) LookAtCopy(ctx context.Context, now time.Time, sheet Sheet, ref dsr.EnclosureRef) ([]byte, error) {
	var picture []byte
	err := h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if ref.Case != sheet.Case {
			return deed{}, ErrNotFound
		}
		var kept dsr.Enclosure
		var err error
		// It is opened first and given last: a look that shows nothing is not written
		// down, and one that was not written down shows nothing.
		kept, picture, err = h.picture(ctx, file.Key, ref, func(path string) string { return path })
		if err != nil {
			return deed{}, err
		}
		seen := kept
		seen.SeenBy = sheet.Session.Actor
		return deed{
			event: copyEvent(dsr.IDCopyViewed, kept),
			files: []EnclosureMove{{Prior: kept, Next: seen}},
		}, nil
	})
	if err != nil {
		return nil, err
	}
	return picture, nil
}

// picture opens one form of a copy that is kept.
func (h Handling) picture(ctx context.Context, key DataKey, ref dsr.EnclosureRef, form func(path string) string) (dsr.Enclosure, []byte, error) {
	kept, err := h.Enclosure(ctx, ref)
	if err == nil && (ref.Kind != dsr.IDCopyFile || kept.Path() == "") {
		err = ErrNotFound
	}
	if err != nil {
		return kept, nil, fmt.Errorf("looking for the copy: %w", err)
	}
	path := form(kept.Path())
	stored, _, err := h.Files.OpenFile(ctx, path)
	if err != nil {
		return kept, nil, fmt.Errorf("opening the copy: %w", err)
	}
	defer stored.Close()
	// A picture made anew is far smaller than this; what is larger is not ours.
	sealed, err := io.ReadAll(io.LimitReader(stored, 2*dsr.MaxIDCopyBytes))
	if err != nil {
		return kept, nil, fmt.Errorf("reading the copy: %w", err)
	}
	picture, err := key.Open(path, sealed)
	return kept, picture, err
}

// copyEvent gives an event about a copy, which it names by its ID.
func copyEvent(kind dsr.EventKind, copied dsr.Enclosure) dsr.Event {
	facts := map[string]string{"file": copied.Ref.ID.String()}
	if copied.Reason != "" {
		facts["reason"] = copied.Reason
	}
	if copied.Form != "" {
		facts["form"] = copied.Form
	}
	if copied.Mail != (dsr.MailedPart{}) { // of whoever wrote the request, not of the contact on file
		facts["mailed"] = "true"
	}
	return dsr.Event{Kind: kind, Facts: facts}
}
