package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Decide records the decision about one right. A refusal, in whole or in part,
// takes a ground that the law has for this right, and reasons in words.
func (h Handling) Decide(ctx context.Context, now time.Time, sheet Sheet, decision dsr.Decision, reason string) error {
	do := func(file *File) (deed, error) {
		reason = strings.TrimSpace(reason)
		if decision.Result != dsr.Refused && file.Case.Work.Identity == dsr.IdentitySure {
			if err := h.Rules.proven(file.Case, decision.Right, file.Case.Work.Means); err != nil {
				return deed{}, err
			}
		}
		kind := map[dsr.Result]dsr.EventKind{
			dsr.Granted: dsr.RightGranted, dsr.Partly: dsr.RightPartlyGranted, dsr.Refused: dsr.RightRefused,
		}[decision.Result]
		return deed{
			event: dsr.Event{Kind: kind, Facts: map[string]string{
				"right": string(decision.Right), "ground": string(decision.Ground),
			}},
			note: dsr.Note{Text: reason},
		}, file.Case.Decide(decision, reason)
	}
	if decision.Result == dsr.Granted {
		return h.act(ctx, now, sheet, do)
	}
	return h.actWithCode(ctx, now, sheet, do)
}

// Draft is the exact answer as it would leave now: the letter, and what stands
// behind its link.
type Draft struct {
	Answer  dsr.Answer
	Heading string // the subject line of the letter
	Letter  string // its text; the link is a specimen
	Hash    [32]byte
}

// Draft shows the answer that a case would have with an outcome. The error is a
// dsr.NotNow when something is missing yet.
func (h Handling) Draft(ctx context.Context, now time.Time, id dsr.OwnerID, outcome dsr.Outcome) (Draft, error) {
	file, err := h.Cases.File(ctx, id)
	if err != nil {
		return Draft{}, fmt.Errorf("opening case %s: %w", id, err)
	}
	draft, err := h.draft(ctx, now, file, outcome)
	if err != nil {
		return Draft{}, fmt.Errorf("drafting the answer of case %s: %w", file.Case.Number, err)
	}
	return draft, nil
}

// specimenToken stands where a letter gets its link when it leaves.
const specimenToken = "voorbeeld"

// draft makes the answer and its letter. A letter that the law wants complete
// and that is not, is no draft.
func (h Handling) draft(ctx context.Context, now time.Time, file File, outcome dsr.Outcome) (Draft, error) {
	c := file.Case
	if c.State != dsr.InReview || c.Work.Proposed != outcome {
		if err := c.Ready(outcome); err != nil {
			return Draft{}, err
		}
		c.Work.Proposed = outcome
	}
	if err := h.settled(ctx, c, outcome); err != nil {
		return Draft{}, err
	}
	answer, err := h.compile(ctx, file, outcome)
	if err != nil {
		return Draft{}, err
	}
	if err := h.whole(answer); err != nil {
		return Draft{}, err
	}
	if err := h.shown(c, answer.Decisions); err != nil {
		return Draft{}, err
	}
	draft := Draft{Answer: answer}
	if draft.Hash, err = answerHash(file.Key, answer); err != nil || silent(c) {
		return draft, err
	}
	letter := answerLetter(c, now)
	if len(answer.Files) > 0 {
		letter = packedLetter(c, now)
	}
	content := caseContent(c, letter)
	content.To, content.Token = dsr.Mailbox{Name: c.OnFile.Name, Address: answer.To}, specimenToken
	if outcome == dsr.Unlinked {
		content.To.Name = c.Requester.Name
	}
	draft.Heading, draft.Letter, err = h.Preview(content)
	return draft, err
}

// shown checks that what was shown of identity is still enough for each right
// that is granted: a verdict may have taken the place of a better one since.
func (h Handling) shown(c dsr.Case, decisions []dsr.Decision) error {
	for _, decision := range decisions {
		if decision.Result == dsr.Refused {
			continue
		}
		if err := h.Rules.proven(c, decision.Right, c.Work.Means); err != nil {
			return err
		}
	}
	return nil
}

// silent reports whether a case ends without a letter: nothing could be linked to
// the one who asks, and nobody vouches that the address they wrote from is
// theirs. Its owner, who may never have asked anything, hears nothing.
func silent(c dsr.Case) bool {
	return c.Work.Proposed == dsr.Unlinked && !dsr.Trust{Level: c.Trust}.Answerable()
}

// stopTime is how long an answer can be stopped before it is approved, where
// that is needed.
const stopTime = 24 * time.Hour

// Proposal is what a drafter submits: the very draft they saw.
type Proposal struct {
	Outcome      dsr.Outcome
	Seen         [32]byte // hash of the draft on their page
	ThirdParties bool     // they looked for data of other people (art. 15(4) GDPR)
}

// Submit lays the draft before a second person. Where nobody else may approve,
// and where something would be erased that the contact on file did not ask
// themselves, it waits a day: the contact on file hears of it and can stop it.
func (h Handling) Submit(ctx context.Context, now time.Time, sheet Sheet, proposal Proposal) error {
	return h.actWithCode(ctx, now, sheet, func(file *File) (deed, error) {
		draft, err := h.draft(ctx, now, *file, proposal.Outcome)
		if err != nil {
			return deed{}, err
		}
		if draft.Hash != proposal.Seen {
			return deed{}, ErrStale
		}
		if len(draft.Answer.Found) > 0 && !proposal.ThirdParties {
			return deed{}, dsr.NotNowThirdParties
		}
		laid, err := h.laid(now, file.Case, sheet.Session.Actor, proposal.Outcome)
		if err != nil {
			return deed{}, err
		}
		laid.Draft = draft.Hash
		if err := file.Case.Submit(laid); err != nil {
			return deed{}, err
		}
		letters := h.reviewLetters(file.Case, now)
		if laid.Warned != 0 {
			letters = append(letters, toPerson(file.Case, dsr.WaitLetter, dsr.StopErasure, dsr.Addressee{Contact: 1}, now))
		}
		return deed{
			event: dsr.Event{Kind: dsr.DraftSubmitted, Facts: map[string]string{
				"outcome": string(laid.Outcome), "draft": fmt.Sprintf("%x", laid.Draft), "alone": fmt.Sprint(laid.Alone),
			}},
			letters: letters,
		}, nil
	})
}

// laid says how a draft is laid before a second person: who that can be, and
// whether it waits first.
func (h Handling) laid(now time.Time, c dsr.Case, drafter dsr.ActorID, outcome dsr.Outcome) (dsr.Proposal, error) {
	c.Work.Proposed = outcome
	laid := dsr.Proposal{Drafter: drafter, Outcome: outcome, Alone: h.Rules.alone(drafter)}
	if !laid.Alone && len(h.Rules.approvers(drafter, c)) == 0 {
		return laid, dsr.NotNowSecondPerson
	}
	if laid.Alone && outcome == dsr.Answered && c.OnFile.Fresh(c.Dates.ReceiptDay) {
		return laid, dsr.NotNowSecondPerson
	}
	if laid.Alone || c.Erases() && !c.Work.Confirmed {
		laid.NotBefore = now.Add(stopTime)
		if outcome == dsr.Answered {
			laid.Warned = caseLetter(c, dsr.WaitLetter, 1).N
		}
	}
	return laid, nil
}

// approvers lists who may approve what somebody drafted.
func (r Rules) approvers(drafter dsr.ActorID, c dsr.Case) []dsr.ActorID {
	var others []dsr.ActorID
	for _, member := range r.Profile.Staff {
		actor := dsr.ActorID(member.ActorID())
		if _, err := r.worker(actor, c); err == nil && member.MayApprove() && actor != drafter {
			others = append(others, actor)
		}
	}
	return others
}

// reviewLetters gives each approver the link to review a draft, when it can be
// approved. In a one-person organisation that is the drafter.
func (h Handling) reviewLetters(c dsr.Case, now time.Time) []dsr.Letter {
	others := h.Rules.approvers(c.Work.Drafter, c)
	if c.Work.Alone {
		others = []dsr.ActorID{c.Work.Drafter}
	}
	var letters []dsr.Letter
	for i, actor := range others {
		letter := dsr.Letter{
			Ref:      caseLetter(c, dsr.ReviewNotice, i+1),
			Language: h.Rules.staffLanguage(),
			To:       dsr.Addressee{Staff: actor},
			Purpose:  c.ApprovalPurpose(),
		}
		letters = append(letters, queueFor(letter, now, c.Work.NotBefore))
	}
	return letters
}

// mayApprove says whether a member of staff may decide on a draft. In a
// one-person organisation that is the drafter, whatever their role.
func (h Handling) mayApprove(actor dsr.ActorID, c dsr.Case) error {
	member, err := h.Rules.worker(actor, c)
	if err != nil {
		return err
	}
	if !member.MayApprove() && !(c.Work.Alone && actor == c.Work.Drafter) {
		return ErrNotYours
	}
	return nil
}
