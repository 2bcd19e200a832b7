package caseworktest

import (
	"bytes"
	"maps"

	"polarweb.nl/inzage/internal/dsr"
)

// A table hands out what it stores anew each time, so that nobody changes a row
// by changing what they read or wrote. A Memory copies to do the same. An empty
// list reads back as none, as it does from a table.

// copyCase gives a case that shares nothing with c.
func copyCase(c dsr.Case) dsr.Case {
	c.Rights = copyList(c.Rights)
	c.Work.Means, c.Work.Decisions = copyList(c.Work.Means), copyList(c.Work.Decisions)
	c.Work.Undelivered, c.Work.Left = copyList(c.Work.Undelivered), copyList(c.Work.Left)
	c.Confidential = copyConfidential(c.Confidential)
	return c
}

// copyConfidential does the same for what a case knows about people.
func copyConfidential(c dsr.Confidential) dsr.Confidential {
	c.OnFile.Contacts = copyList(c.OnFile.Contacts)
	if c.Reasons = maps.Clone(c.Reasons); len(c.Reasons) == 0 {
		c.Reasons = nil
	}
	return c
}

// copyEvent does the same for an event.
func copyEvent(event dsr.Event) dsr.Event {
	event.Personal, event.Facts = bytes.Clone(event.Personal), maps.Clone(event.Facts)
	event.Body = copyBody(event.Body)
	return event
}

// copyLetter does the same for a letter. Its link is as it was minted: what
// becomes of a link stands on the link's own row. Neither a data subject
// nor a mailbox is a member of staff.
func copyLetter(letter dsr.Letter) dsr.Letter {
	if letter.To.Personal() || letter.To.Desk {
		letter.To.Staff = dsr.ActorID{}
	}
	letter.Sealed = copyList(letter.Sealed)
	letter.Link = minted(letter.Link)
	return letter
}

// copyTask does the same for a task.
func copyTask(task dsr.Task) dsr.Task {
	task.Sealed, task.Body = copyList(task.Sealed), copyBody(task.Body)
	return task
}

// copyEnclosure does the same for a file of a case.
func copyEnclosure(e dsr.Enclosure) dsr.Enclosure {
	e.Paths, e.Sealed = copyList(e.Paths), copyList(e.Sealed)
	return e
}

// copyBody does the same for a reference to the vault.
func copyBody(body *dsr.BodyRef) *dsr.BodyRef {
	if body == nil {
		return nil
	}
	copied := *body
	return &copied
}

// copyList does the same for a list.
func copyList[T any](list []T) []T { return append([]T(nil), list...) }

// minted gives a link without what only its own row holds.
func minted(link dsr.Link) dsr.Link {
	return dsr.Link{
		ID: link.ID, Purpose: link.Purpose, Owner: link.Owner, Rev: link.Rev, Epoch: link.Epoch, Asked: link.Asked,
		Actor: link.Actor, IssuedAt: link.IssuedAt, ExpiresAt: link.ExpiresAt,
	}
}
