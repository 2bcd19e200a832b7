package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Reviewing is what the second person does with a draft. Each act takes a
// session that began with that person's own link to approve, and their code,
// and spends the link.
type Reviewing struct {
	Handling
}

// Approve agrees with the very draft that the reviewer saw. An answer leaves; an
// erasure is carried out first, and staff hear of it.
func (r Reviewing) Approve(ctx context.Context, now time.Time, sheet Sheet, seen [32]byte) error {
	return r.review(ctx, now, sheet, seen, func(file *File, draft Draft) (deed, error) {
		c := &file.Case
		if err := r.warned(ctx, *c); err != nil {
			return deed{}, err
		}
		if err := c.Approve(sheet.Session.Actor, seen, now); err != nil {
			return deed{}, err
		}
		done := deed{event: dsr.Event{Kind: dsr.AnswerApproved, Facts: map[string]string{
			"outcome": string(c.Work.Proposed), "draft": fmt.Sprintf("%x", seen),
			"purpose": string(sheet.Session.Purpose),
		}}}
		switch {
		case c.State == dsr.Approved:
			done.letters = r.Rules.aboutCase(*c, dsr.ErasureNotice, "", now)
		case silent(*c):
			done.event.Facts["closed"] = string(c.Work.Proposed)
			return done, r.Rules.close(c, c.Finish(now))
		default:
			return done, r.leave(&done, *c, draft.Answer, now)
		}
		return done, nil
	})
}

// SendBack gives the draft back to whoever made it, with a word why.
func (r Reviewing) SendBack(ctx context.Context, now time.Time, sheet Sheet, seen [32]byte, why string) error {
	return r.back(ctx, now, sheet, seen, why, false)
}

// RefuseRelease gives the draft back because the reviewer doubts who asks:
// identity has to be judged anew.
func (r Reviewing) RefuseRelease(ctx context.Context, now time.Time, sheet Sheet, seen [32]byte, why string) error {
	return r.back(ctx, now, sheet, seen, why, true)
}

// back gives a draft back.
func (r Reviewing) back(ctx context.Context, now time.Time, sheet Sheet, seen [32]byte, why string, doubting bool) error {
	return r.review(ctx, now, sheet, seen, func(file *File, _ Draft) (deed, error) {
		if why = strings.TrimSpace(why); why == "" || len(why) > dsr.MaxReason {
			return deed{}, dsr.NotNowCommentNeeded
		}
		drafter := file.Case.Work.Drafter
		if err := file.Case.SendBack(seen, doubting); err != nil {
			return deed{}, err
		}
		kind, reason := dsr.DraftSentBack, ReasonSentBack
		if doubting {
			kind, reason = dsr.ReleaseRefused, ReasonRefused
		}
		return deed{
			event:   dsr.Event{Kind: kind},
			note:    dsr.Note{Text: why},
			letters: []dsr.Letter{r.toDrafter(file.Case, drafter, reason, now)},
		}, nil
	})
}

// The reasons of a letter that gives a draft back.
const (
	ReasonSentBack = "sent-back"
	ReasonRefused  = "refused"
)

// toDrafter tells whoever made a draft that it came back.
func (r Reviewing) toDrafter(c dsr.Case, drafter dsr.ActorID, reason string, now time.Time) dsr.Letter {
	return queue(dsr.Letter{
		Ref:      caseLetter(c, dsr.BackNotice, 1),
		Language: r.Rules.staffLanguage(),
		To:       dsr.Addressee{Staff: drafter},
		Purpose:  dsr.SignIn,
		Reason:   reason,
	}, now)
}

// judging is a step of the second person, on the draft as it would leave now.
type judging func(file *File, draft Draft) (deed, error)

// review performs an act of the second person. It holds for the draft as it was
// seen, as it is kept, and as it would leave now: all three must be one.
func (r Reviewing) review(ctx context.Context, now time.Time, sheet Sheet, seen [32]byte, do judging) error {
	checked := func(file *File) (deed, error) {
		spend, err := r.link(ctx, sheet.Session, file.Case)
		if err != nil {
			return deed{}, err
		}
		draft, err := r.drafted(ctx, now, *file)
		if err != nil {
			return deed{}, err
		}
		if draft.Hash != seen {
			return deed{}, ErrStale
		}
		done, err := do(file, draft)
		done.spend = &spend
		return done, err
	}
	return r.perform(ctx, now, sheet, r.mayApprove, r.coded(ctx, now, sheet, checked))
}

// Review shows the draft that waits for the reviewer of a session.
func (r Reviewing) Review(ctx context.Context, now time.Time, session dsr.Session) (dsr.Case, Draft, error) {
	file, err := r.Cases.File(ctx, session.Owner)
	if err != nil {
		return dsr.Case{}, Draft{}, fmt.Errorf("opening case %s: %w", session.Owner, err)
	}
	if _, err := r.link(ctx, session, file.Case); err != nil {
		return dsr.Case{}, Draft{}, err
	}
	if err := r.mayApprove(session.Actor, file.Case); err != nil {
		return dsr.Case{}, Draft{}, err
	}
	draft, err := r.drafted(ctx, now, file)
	if err != nil {
		return dsr.Case{}, Draft{}, fmt.Errorf("drafting the answer of case %s: %w", file.Case.Number, err)
	}
	if draft.Hash != file.Case.Work.Draft {
		return dsr.Case{}, Draft{}, ErrStale
	}
	return file.Case, draft, nil
}

// drafted makes the draft that lies in review. What lacks something now, because
// the organisation's file changed since, is another draft.
func (r Reviewing) drafted(ctx context.Context, now time.Time, file File) (Draft, error) {
	draft, err := r.draft(ctx, now, file, file.Case.Work.Proposed)
	var notNow dsr.NotNow
	if errors.As(err, &notNow) {
		return Draft{}, ErrStale
	}
	return draft, err
}

// warned checks that the letter which tells how to stop an answer has left. A
// wait of which nobody heard is none.
func (r Reviewing) warned(ctx context.Context, c dsr.Case) error {
	if c.Work.Warned == 0 {
		return nil
	}
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: dsr.WaitLetter, N: c.Work.Warned}
	letter, err := r.Letters.Letter(ctx, ref)
	if err != nil {
		return fmt.Errorf("reading the letter that warns: %w", err)
	}
	if letter.State != dsr.LetterPosted && !letter.State.Came() {
		return dsr.NotNowWarning
	}
	return nil
}

// link gives the link to approve with which a session began, when it is still
// good for the case as it stands.
func (r Reviewing) link(ctx context.Context, session dsr.Session, c dsr.Case) (LinkRef, error) {
	if session.Owner != c.ID {
		return LinkRef{}, ErrLinkDead
	}
	stored, err := r.Letters.Link(ctx, session.Owner, session.Link)
	if err != nil {
		return LinkRef{}, dead(err, "reading the link of a session")
	}
	switch {
	case stored.Spent:
		return LinkRef{}, ErrDecided
	case stored.Epoch != c.LinkEpoch || stored.Actor != session.Actor:
		return LinkRef{}, ErrLinkDead
	case c.State != dsr.InReview || stored.Rev != c.Rev:
		return LinkRef{}, ErrStale
	case stored.Purpose != c.ApprovalPurpose():
		return LinkRef{}, ErrNotYours
	}
	return LinkRef{Owner: stored.Owner, ID: stored.ID}, nil
}
