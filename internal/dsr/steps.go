package dsr

import (
	"slices"
	"time"
)

// undecided is the first check of every act before the decision.
func (c *Case) undecided() error {
	if !c.State.Undecided() {
		return NotNowDecided
	}
	return nil
}

// dropDraft takes back what was submitted, because what it says may not stand
// any more. Links to approve it die with the higher Rev.
func (c *Case) dropDraft() {
	c.Rev++
	w := &c.Work
	w.Proposed, w.Draft, w.Drafter, w.Approver = "", [32]byte{}, ActorID{}, ActorID{}
	w.NotBefore, w.Alone, w.Warned = time.Time{}, false, 0
	if c.State == InReview || c.State == Approved {
		c.State = Working
	}
}

// dropProof takes back what was shown about identity: it was shown for less.
func (c *Case) dropProof() {
	w := &c.Work
	w.Confirmed, w.Identity, w.Means, w.AskedAt, w.CopyAsked = false, "", nil, time.Time{}, time.Time{}
}

// AskMore adds rights that a further mail asks for, and reports whether there
// were any. Nobody has agreed on them, and nobody on file has confirmed them.
func (c *Case) AskMore(rights []Right) bool {
	merged := MergeRights(c.Rights, rights)
	if len(merged) == len(c.Rights) {
		return false
	}
	c.Rights = merged
	c.dropDraft()
	c.dropProof()
	c.State, c.Work.RightsConfirmed = Received, false
	return true
}

// ConfirmRights is a person's reading of what is asked.
func (c *Case) ConfirmRights(rights []Right) error {
	if err := c.undecided(); err != nil {
		return err
	}
	rights = MergeRights(rights, nil)
	if len(rights) == 0 {
		return NotNowNoRights
	}
	c.dropDraft()
	if !slices.Equal(rights, c.Rights) {
		c.dropProof()
		c.keepDecided(rights)
	}
	c.Rights, c.State, c.Work.RightsConfirmed = rights, Working, true
	return nil
}

// keepDecided keeps what was decided about some rights, and why, and forgets it
// about all others: a letter must not explain what nobody asks any more.
func (c *Case) keepDecided(rights []Right) {
	var decisions []Decision
	var reasons map[Right]string
	for _, right := range rights {
		if decision, decided := c.Decision(right); decided {
			decisions = append(decisions, decision)
		}
		if reason, given := c.Reasons[right]; given {
			if reasons == nil {
				reasons = map[Right]string{}
			}
			reasons[right] = reason
		}
	}
	c.Work.Decisions, c.Reasons = decisions, reasons
}

// MatchTo records who the file says this is. Everything that was shown by or
// decided for somebody else falls away.
func (c *Case) MatchTo(onFile OnFile) error {
	if err := c.undecided(); err != nil {
		return err
	}
	if onFile.Reference == "" || len(onFile.Contacts) == 0 {
		return NotNowContact
	}
	c.rematch(Matched, onFile)
	return nil
}

// MatchNobody records that no such person is on file.
func (c *Case) MatchNobody() error {
	if err := c.undecided(); err != nil {
		return err
	}
	c.rematch(Nobody, OnFile{})
	return nil
}

// rematch begins again with another person, or none.
func (c *Case) rematch(match Match, onFile OnFile) {
	c.dropDraft()
	c.dropProof()
	c.Work.Match, c.OnFile, c.Work.Disowned = match, onFile, false
	c.Work.Decisions, c.Reasons = nil, nil
}

// ToAsk reports whether the contact on file still has to be asked: it is known
// what is asked and who this is, and nobody was asked for this.
func (c *Case) ToAsk() bool {
	w := c.Work
	return c.matched() == nil && !w.Confirmed && w.AskedAt.IsZero()
}

// Ask records that the contact on file is asked now. Links of earlier letters
// that asked it end here: they spoke of something else.
func (c *Case) Ask(now time.Time) error {
	if err := c.matched(); err != nil {
		return err
	}
	if c.Work.Confirmed {
		return NotNowNotReady
	}
	c.Work.AskedAt, c.Work.Asked = now, c.Seq+1
	return nil
}

// Waiting reports whether the contact on file was asked and has not answered.
func (c *Case) Waiting() bool {
	return c.matched() == nil && !c.Work.Confirmed && !c.Work.AskedAt.IsZero()
}

// LookInto records that one system was looked into for a right. What was found
// is part of the answer.
func (c *Case) LookInto(right Right, result TaskResult) error {
	if err := c.matched(); err != nil {
		return err
	}
	if !slices.Contains(c.Rights, right) {
		return NotNowNoRights
	}
	if !slices.Contains(right.Results(), result) {
		return NotNowOutcome
	}
	c.dropDraft()
	return nil
}

// ConfirmMailbox records that the contact on file made this request. A draft
// that ends the case as nobody's is overtaken by it.
func (c *Case) ConfirmMailbox() error {
	if err := c.undecided(); err != nil {
		return err
	}
	if !c.Waiting() {
		return NotNowNotReady
	}
	c.dropDraft()
	c.Work.Confirmed = true
	return nil
}

// stoppable is the first check of every act that keeps an answer from leaving.
func (c *Case) stoppable() error {
	if !c.State.Stoppable() {
		return NotNowDecided
	}
	return nil
}

// Disown records that the contact on file did not make this request. The case
// stands still until a person matches it anew or ends it without an answer.
func (c *Case) Disown() error {
	if err := c.stoppable(); err != nil {
		return err
	}
	if c.Work.Match != Matched {
		return NotNowNotReady
	}
	c.dropDraft()
	c.dropProof()
	c.Work.Disowned = true
	return nil
}

// matched is the check of every act that needs to know who this is.
func (c *Case) matched() error {
	switch err := c.undecided(); {
	case err != nil:
		return err
	case !c.Work.RightsConfirmed:
		return NotNowRights
	case c.Work.Match != Matched:
		return NotNowMatch
	case c.Work.Disowned:
		return NotNowDisowned
	}
	return nil
}

// JudgeIdentity records a person's verdict, with the means that showed it. What
// the policy asks is checked before, by package identity.
func (c *Case) JudgeIdentity(verdict Verdict, means []Means) error {
	if err := c.matched(); err != nil {
		return err
	}
	c.dropDraft()
	c.Work.Identity, c.Work.Means = verdict, slices.Clone(means)
	return nil
}

// Decide records the decision about one right of the case.
func (c *Case) Decide(decision Decision, reason string) error {
	if err := c.matched(); err != nil {
		return err
	}
	if c.Work.Identity != IdentitySure {
		return NotNowIdentity
	}
	if !slices.Contains(c.Rights, decision.Right) {
		return NotNowNoRights
	}
	if err := decision.sound(reason); err != nil {
		return err
	}
	c.dropDraft()
	c.Work.Decisions = withDecision(c.Rights, c.Work.Decisions, decision)
	reasons := map[Right]string{}
	for _, right := range c.Rights {
		if text, given := c.Reasons[right]; given && right != decision.Right {
			reasons[right] = text
		}
	}
	if decision.Result != Granted {
		reasons[decision.Right] = reason
	}
	c.Reasons = reasons
	return nil
}

// Ready reports whether the case can be drafted with an outcome. Whether every
// system was looked into is checked beside it, on the tasks.
func (c *Case) Ready(proposed Outcome) error {
	if err := c.undecided(); err != nil {
		return err
	}
	switch {
	case !c.Work.RightsConfirmed:
		return NotNowRights
	case c.Work.Match == "":
		return NotNowMatch
	case proposed == Unlinked:
		return c.unlinkable()
	case proposed != Answered:
		return NotNowOutcome
	}
	if err := c.matched(); err != nil {
		return err
	}
	if c.Work.Identity != IdentitySure {
		return NotNowIdentity
	}
	for _, right := range c.Rights {
		if _, decided := c.Decision(right); !decided {
			return NotNowDecision
		}
	}
	return nil
}

// unlinkable is the check of ending a case as nobody's (art. 11(2) and 12(2)
// GDPR: only when the person cannot be identified). Whoever is on file and
// confirmed has to be answered, unless a person doubts that it is they; and a
// right that nobody may refuse is not refused this way either.
func (c *Case) unlinkable() error {
	if c.Work.Match != Matched || c.Work.Disowned {
		return nil
	}
	if c.Work.Confirmed && c.Work.Identity != IdentityDoubtful {
		return NotNowLinkable
	}
	for _, right := range c.Rights {
		if len(right.Grounds()) == 0 {
			return NotNowLinkable
		}
	}
	return nil
}

// Submit lays a draft before a second person.
func (c *Case) Submit(p Proposal) error {
	if err := c.Ready(p.Outcome); err != nil {
		return err
	}
	c.dropDraft()
	c.State = InReview
	w := &c.Work
	w.Proposed, w.Drafter, w.Draft = p.Outcome, p.Drafter, p.Draft
	w.NotBefore, w.Alone, w.Warned = p.NotBefore, p.Alone, p.Warned
	return nil
}

// review is the check of everything a second person does.
func (c *Case) review(draft [32]byte) error {
	if c.State != InReview {
		return NotNowDecided
	}
	if c.Work.Draft != draft || draft == [32]byte{} {
		return NotNowDraft
	}
	return nil
}

// Approve is the second person's agreement with the very draft they saw. In a
// one-person organisation it is the same person, after the wait.
func (c *Case) Approve(approver ActorID, draft [32]byte, now time.Time) error {
	if err := c.review(draft); err != nil {
		return err
	}
	if approver == c.Work.Drafter && !c.Work.Alone {
		return NotNowSamePerson
	}
	if now.Before(c.Work.NotBefore) {
		return NotNowWait
	}
	c.Rev++
	c.Work.Approver = approver
	c.State = Answering
	if c.Erases() {
		c.State = Approved
	}
	return nil
}

// SendBack gives the draft back to work on. A doubting reviewer also takes the
// verdict on identity back.
func (c *Case) SendBack(draft [32]byte, doubting bool) error {
	if err := c.review(draft); err != nil {
		return err
	}
	c.dropDraft()
	if doubting { // whoever was asked for a copy before has to be asked anew
		c.Work.Identity, c.Work.Means, c.Work.CopyAsked = "", nil, time.Time{}
	}
	return nil
}

// CarryOut records that what was approved has been done in every system.
func (c *Case) CarryOut() error {
	if c.State != Approved {
		return NotNowNotReady
	}
	c.Rev++
	c.State = Answering
	return nil
}

// TakeBack takes an approved erasure back before it is carried out.
func (c *Case) TakeBack() error {
	if c.State != Approved {
		return NotNowNotReady
	}
	c.dropDraft()
	return nil
}

// Withdraw ends a case that the requester takes back. Every link dies.
func (c *Case) Withdraw(now time.Time) error {
	if err := c.stoppable(); err != nil {
		return err
	}
	c.dropDraft()
	c.LinkEpoch++
	c.close(Withdrawn, now)
	return nil
}

// Finish closes a case whose answer has arrived.
func (c *Case) Finish(now time.Time) error {
	if c.State != Answering {
		return NotNowNotReady
	}
	c.close(c.Work.Proposed, now)
	return nil
}
