package simulation

import (
	"fmt"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// shown follows what is known about whom a case is for, through its history: what
// was shown falls away with another match, and with more rights.
type shown struct {
	rights             map[string]bool
	confirmed          bool // by the contact on file
	identity, doubtful bool // as staff see it
	more               bool // than the mailbox was shown: facts were named, or a copy was looked at
	onFile, disowned   bool
}

// drop forgets what was shown.
func (s *shown) drop() { s.confirmed, s.identity, s.doubtful, s.more = false, false, false, false }

// take takes in one event.
func (s *shown) take(event dsr.Event) {
	switch event.Kind {
	case dsr.CaseOpened, dsr.RightsConfirmed:
		s.ask(strings.Fields(event.Facts["rights"]))
	case dsr.DataSubjectMatched, dsr.NobodyMatched:
		s.drop()
		s.onFile, s.disowned = event.Kind == dsr.DataSubjectMatched, false
	case dsr.RequestDisowned:
		s.drop()
		s.disowned = true
	case dsr.MailboxConfirmed:
		s.confirmed = true
	case dsr.IdentityConfirmed:
		means := strings.Fields(event.Facts["means"])
		s.identity, s.doubtful = true, false
		s.more = slices.Contains(means, string(dsr.ByFacts)) || slices.Contains(means, string(dsr.ByIDCopy))
	case dsr.IdentityDoubted, dsr.ReleaseRefused, dsr.IDCopyAsked:
		s.identity, s.more = false, false
		s.doubtful = event.Kind == dsr.IdentityDoubted
	}
}

// ask takes in what is asked from now on.
func (s *shown) ask(rights []string) {
	same := len(rights) == len(s.rights)
	asked := map[string]bool{}
	for _, right := range rights {
		asked[right], same = true, same && s.rights[right]
	}
	if s.rights = asked; !same {
		s.drop()
	}
}

// takeMail takes in a mail. One that comes after the decision changes nothing.
func (s *shown) takeMail(event dsr.Event) {
	for _, right := range strings.Fields(event.Facts["rights"]) {
		if !s.rights[right] {
			s.rights[right] = true
			s.drop()
		}
	}
}

// identityShown goes through each history and asks, at each approval, what stood
// about the person by then, for each right that was granted. An answer about
// nobody is for somebody who said nothing, or whom staff doubt.
func identityShown(w *world) error {
	for _, c := range w.memory.AllCases() {
		var s shown
		for _, one := range w.of(c.ID) {
			event := one.change.Event
			if event.Kind == dsr.AnswerApproved {
				if err := w.enough(s, one.before); err != nil {
					return fmt.Errorf("case %s: %w", c.Number, err)
				}
			}
			if s.take(event); event.Kind.IsMail() && event.Kind != dsr.CaseOpened && one.before.State.Undecided() {
				s.takeMail(event)
			}
		}
	}
	return nil
}

// enough says what is missing from what was shown, for the answer of a case.
func (w *world) enough(s shown, c dsr.Case) error {
	if c.Work.Proposed == dsr.Unlinked {
		return w.nobodys(s, c)
	}
	if !s.identity || !s.onFile || s.disowned {
		return fmt.Errorf("approved: identity %t, on file %t, disowned %t", s.identity, s.onFile, s.disowned)
	}
	for _, right := range c.Rights {
		if !c.Grants(right) || !w.asksFor(right) {
			continue
		}
		if !s.confirmed || w.wantsMore(c, right) && !s.more {
			return fmt.Errorf("%s was granted: confirmed %t, more than that %t", right, s.confirmed, s.more)
		}
	}
	return nil
}

// nobodys says why a case may not end as one about nobody.
func (w *world) nobodys(s shown, c dsr.Case) error {
	if !s.onFile || s.disowned {
		return nil
	}
	if s.confirmed && !s.doubtful {
		return fmt.Errorf("ended as about nobody, and somebody had confirmed it")
	}
	for _, right := range c.Rights {
		if len(right.Grounds()) == 0 {
			return fmt.Errorf("ended as about nobody, with %s that nobody may refuse", right)
		}
	}
	w.met["ended after a doubt"] += btoi(s.confirmed)
	return nil
}

// asksFor reports whether the policy wants to hear the contact on file about a
// right.
func (w *world) asksFor(right dsr.Right) bool {
	return !slices.Contains([]dsr.Right{dsr.ObjectionMarketing, dsr.ConsentWithdrawal, dsr.MinorReport}, right)
}

// wantsMore reports whether a mailbox alone is not enough for a right: what is
// seen asks more, and so does one whose address is new on file.
func (w *world) wantsMore(c dsr.Case, right dsr.Right) bool {
	contacts := c.OnFile.Contacts
	return right == dsr.Access || len(contacts) > 0 && contacts[0].Since > "2020"
}
