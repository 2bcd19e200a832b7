package casework

import (
	"context"
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
		return deed{
			event:   dsr.Event{Kind: dsr.ErasureCarriedOut},
			letters: []dsr.Letter{answerLetter(file.Case, now)},
		}, nil
	})
}

// RenewAnswer sends the letter with the answer once more: its link ended, its
// code was tried too often, or it never arrived. It goes where the first one went.
func (h Handling) RenewAnswer(ctx context.Context, now time.Time, sheet Sheet) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		c := file.Case
		bounced := c.State == dsr.Answering // or it was given up: no case waits for ever
		if !bounced && (c.State != dsr.Closed || !c.Discloses()) {
			return deed{}, dsr.NotNowNotReady
		}
		return deed{event: dsr.Event{Kind: dsr.AnswerRenewed}, letters: []dsr.Letter{answerLetter(c, now)}}, nil
	})
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
// in another way, with a word how.
func (h Handling) DeliverOtherwise(ctx context.Context, now time.Time, sheet Sheet, how string) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		if how = strings.TrimSpace(how); how == "" || len(how) > dsr.MaxReason {
			return deed{}, dsr.NotNowReason
		}
		if err := file.Case.Finish(); err != nil {
			return deed{}, err
		}
		return deed{
			event: dsr.Event{Kind: dsr.AnswerDelivered, Facts: map[string]string{"outcome": string(file.Case.Work.Outcome)}},
			note:  dsr.Note{Text: how},
		}, nil
	})
}
