package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// CarryOut records that an approved erasure was done in every system that was
// to be erased; only then does the answer say so and leave.
func (h Handling) CarryOut(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		if err := file.Case.CarryOut(); err != nil {
			return deed{}, err
		}
		answer, err := h.compile(ctx, *file, file.Case.Work.Proposed)
		if err != nil {
			return deed{}, err
		}
		done := deed{event: dsr.Event{Kind: dsr.ErasureCarriedOut}}
		return done, h.leave(&done, file.Case, answer, now)
	})
}

// leave lets an answer go: at once, or when it has files as soon as its package
// is built.
func (h Handling) leave(done *deed, c dsr.Case, answer dsr.Answer, now time.Time) error {
	if len(answer.Files) == 0 {
		done.letters = append(done.letters, answerLetter(c, now))
		return nil
	}
	parcel, err := h.announced(dsr.EnclosureRef{Case: c.ID, Kind: dsr.PackageFile}, now)
	done.files = append(done.files, parcel)
	return err
}

// RenewAnswer sends the letter with the answer once more: its link ended, its
// code was tried too often, or it never arrived. It goes where the first one went.
// A package that is there serves again; else another one is built first.
func (h Handling) RenewAnswer(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		c := file.Case
		bounced := c.State == dsr.Answering // or it was given up: no case waits for ever
		if !bounced && (c.State != dsr.Closed || !c.Discloses()) {
			return deed{}, dsr.NotNowNotReady
		}
		answer, err := h.compile(ctx, *file, c.Work.Proposed)
		if err != nil {
			return deed{}, err
		}
		done := deed{event: dsr.Event{Kind: dsr.AnswerRenewed}}
		return done, h.leaveAgain(ctx, &done, c, answer, now)
	})
}

// leaveAgain lets an answer go once more. While its package is being built there
// is nothing to renew: the letter goes by itself.
func (h Handling) leaveAgain(ctx context.Context, done *deed, c dsr.Case, answer dsr.Answer, now time.Time) error {
	if len(answer.Files) == 0 {
		return h.leave(done, c, answer, now)
	}
	all, err := h.Enclosures(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("listing the files: %w", err)
	}
	if pending(all, dsr.PackageFile) {
		return dsr.NotNowPackage
	}
	_, there := standing(all, dsr.PackageFile, now)
	if !there {
		return h.leave(done, c, answer, now)
	}
	done.letters = append(done.letters, packedLetter(c, now))
	return nil
}

// RenewReview sends the links to approve once more: they ended, or a code was
// tried too often. What is decided does not change, so earlier links live on.
func (h Handling) RenewReview(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		c := file.Case
		if c.State != dsr.InReview || now.Before(c.Work.NotBefore) {
			return deed{}, dsr.NotNowNotReady
		}
		return deed{event: dsr.Event{Kind: dsr.ReviewRenewed}, letters: h.reviewLetters(c, now)}, nil
	})
}

// TakeBack takes an approved erasure back before it is carried out, with a word
// why: something must stay after all, or the person wants it no more.
func (h Handling) TakeBack(ctx context.Context, now time.Time, sheet Sheet, why string) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		if why = strings.TrimSpace(why); why == "" || len(why) > dsr.MaxReason {
			return deed{}, dsr.NotNowReason
		}
		return deed{event: dsr.Event{Kind: dsr.ApprovalTakenBack}, note: dsr.Note{Text: why}}, file.Case.TakeBack()
	})
}

// DeliverOtherwise closes a case whose answer could not go by mail and was given
// in another way, with a word how. What was still on its way by mail stops: its
// letter, its links, and its files, of which parcel removes what lies there.
func (h Handling) DeliverOtherwise(ctx context.Context, now time.Time, sheet Sheet, how string) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		if how = strings.TrimSpace(how); how == "" || len(how) > dsr.MaxReason {
			return deed{}, dsr.NotNowReason
		}
		if err := h.Rules.close(&file.Case, file.Case.DeliverOtherwise(now)); err != nil {
			return deed{}, err
		}
		stopped, err := h.Enclosures.condemn(ctx, now, file.Case.ID, string(refusedOverhaul), dsr.PackageFile, dsr.HandoutFile)
		return deed{
			event: dsr.Event{Kind: dsr.AnswerDelivered, Facts: map[string]string{"outcome": string(file.Case.Work.Outcome)}},
			note:  dsr.Note{Text: how},
			files: stopped,
		}, err
	})
}
