package dsr

import (
	"slices"
	"time"
)

// AskCopy records that the contact on file is asked for a copy of an identity
// document, after they said that the request is theirs: a copy alone is no proof.
// A draft that lies before a second person is taken back, since it was made
// before there was a doubt; and so is a doubt, which the copy may end.
func (c *Case) AskCopy(now time.Time) error {
	if err := c.matched(); err != nil {
		return err
	}
	if !c.Work.Confirmed || c.Work.Identity == IdentitySure {
		return NotNowNotReady
	}
	c.dropDraft()
	c.Work.Identity, c.Work.Means, c.Work.CopyAsked = "", nil, now
	return nil
}

// TakesCopy reports whether the contact on file was asked for a copy and nobody
// judged identity since.
func (c *Case) TakesCopy() bool {
	return c.matched() == nil && !c.Work.CopyAsked.IsZero() && c.Work.Identity == ""
}

// ChangeFiles is the check of every act that changes what files an answer has.
// What a second person agreed on would not be what leaves.
func (c *Case) ChangeFiles() error {
	if err := c.matched(); err != nil {
		return err
	}
	c.dropDraft()
	return nil
}

// Lack records that a letter to the data subject did not arrive. It stands in
// the case until a person saw to it.
func (c *Case) Lack(kind LetterKind) {
	if !slices.Contains(c.Work.Undelivered, kind) {
		c.Work.Undelivered = append(slices.Clone(c.Work.Undelivered), kind)
	}
}

// Miss does the same for a letter whose place no other has taken. An answer that
// came back after its case was closed opens the case again: nobody has been
// answered.
func (c *Case) Miss(kind LetterKind) {
	c.Lack(kind)
	if kind.Answers() && c.State == Closed && c.Work.Outcome == c.Work.Proposed {
		c.State, c.Work.Outcome, c.Work.ClosedAt = Answering, "", time.Time{}
	}
}

// Settle records that a person saw to letters of these kinds that did not arrive.
// They did not see what was missed since, so that it stays; and what somebody
// else saw to before is no news.
func (c *Case) Settle(seen ...LetterKind) error {
	missed := slices.DeleteFunc(slices.Clone(c.Work.Undelivered), func(kind LetterKind) bool {
		return slices.Contains(seen, kind)
	})
	if c.State == Purged || len(missed) == len(c.Work.Undelivered) {
		return NotNowNothingMissed
	}
	if c.Work.Undelivered = missed; len(missed) == 0 {
		c.Work.Undelivered = nil
	}
	return nil
}

// Purge leaves of a closed case what proves that it was answered, and when. What
// is on hold stays whole, for example for a court (art. 17(3)(e) GDPR).
func (c *Case) Purge() error {
	if c.State != Closed || c.Work.Hold != "" {
		return NotNowNotReady
	}
	c.LinkEpoch++
	c.State, c.Thread, c.Confidential = Purged, "", Confidential{}
	return nil
}

// close ends a case. What did not arrive before is past mending with it.
func (c *Case) close(outcome Outcome, now time.Time) {
	c.Work.Undelivered = nil
	c.State, c.Work.Outcome, c.Work.ClosedAt, c.DueAt = Closed, outcome, now, time.Time{}
}
