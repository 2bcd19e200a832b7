package dsr

import (
	"slices"
	"time"
)

// HearMore records that the case got a further mail, and reports whether that
// took a draft back. A draft before a second person was made without that mail:
// nobody may approve it before its handler has read what came in.
func (c *Case) HearMore() (tookBack bool) {
	if c.State != InReview {
		return false
	}
	c.dropDraft()
	return true
}

// Reach records that a letter of a kind lies with the data subject: an earlier one
// that did not arrive is missed no more.
func (c *Case) Reach(kind LetterKind) {
	if i := slices.Index(c.Work.Undelivered, kind); i >= 0 {
		c.Work.Undelivered = slices.Delete(slices.Clone(c.Work.Undelivered), i, i+1)
	}
}

// AnswerLeft records that a letter with the answer left, by its number.
func (c *Case) AnswerLeft(n int) {
	if !slices.Contains(c.Work.Left, n) {
		c.Work.Left = append(slices.Clone(c.Work.Left), n)
	}
}

// AnswerLost records that a letter with the answer has no reader, and reports whether
// a later one left and did not come back: that one stands in its place.
func (c *Case) AnswerLost(n int) (replaced bool) {
	left := slices.DeleteFunc(slices.Clone(c.Work.Left), func(one int) bool { return one == n })
	if c.Work.Left = left; len(left) == 0 {
		c.Work.Left = nil
	}
	return slices.ContainsFunc(left, func(one int) bool { return one > n })
}

// DeliverOtherwise closes a case whose answer was given in another way than by
// mail. What was on its way by mail is the answer no more, and every link dies.
func (c *Case) DeliverOtherwise(now time.Time) error {
	if err := c.Finish(now); err != nil {
		return err
	}
	c.LinkEpoch++
	c.Work.Otherwise = c.Seq + 1
	return nil
}
