package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// invariantsOfAnswers lists what must hold for the way from a case to its
// answer, the gravest first.
func invariantsOfAnswers() []invariant {
	return []invariant{
		{"an answer goes to the contact on file", answersGoWhereTheyShould},
		{"an answer leaves after it was approved", answersAreApproved},
		{"two people decide, or one with a day between", twoPeopleDecide},
		{"what nobody else agreed on can be stopped for a day", risksCanBeStopped},
		{"who approves saw what leaves", approversSaw},
		{"an answer is for whom it was shown to be", identityShown},
		{"what was disowned or withdrawn is not answered", frozenStaysFrozen},
		{"what is collected is what was approved", collectedIsApproved},
		{"a code opens one answer once, and in time", codesAreUsedUp},
		{"a link for one use causes one event", linksAreUsedUp},
		{"a stale page changes nothing", stalePagesChangeNothing},
		{"nobody works on their own request", nobodyServesThemselves},
		{"no page ends in a way that nobody foresaw", noSurprises},
		{"a case is closed once", closedOnce},
		{"every case comes to its end", casesEnd},
		{"whoever waits for an answer gets to see it", answersAreSeen},
		{"nothing falls due any more", nothingDue},
	}
}

// others lists who may approve what somebody drafted: whoever may approve, works
// here, is not the drafter, and is not whom the case is about.
func (w *world) others(drafter dsr.ActorID, c dsr.Case) []dsr.ActorID {
	var others []dsr.ActorID
	for _, member := range w.rules.Profile.Staff {
		if member.MayApprove() && member.ActorID() != drafter && (w.alone || !about(member.ID, c)) {
			others = append(others, member.ActorID())
		}
	}
	return others
}

// about reports whether a case is about a member of staff: by the file once
// somebody was found there, and before that by a mail that is believed. One of
// them writes from her own mailbox here, with a word after a plus.
func about(id string, c dsr.Case) bool {
	hers := func(address string) bool { return strings.HasPrefix(address, id+"+") }
	if c.Work.Match == dsr.Matched {
		return slices.ContainsFunc(c.OnFile.Contacts, func(contact dsr.Contact) bool { return hers(contact.Address) })
	}
	return believed(c.Trust) && hers(c.Requester.Address)
}

// approvals gives each approval of a case with the submission it is about.
func approvals(deeds []deed) (pairs [][2]deed) {
	var submitted deed
	for _, one := range deeds {
		switch one.kind() {
		case dsr.DraftSubmitted:
			submitted = one
		case dsr.AnswerApproved:
			pairs = append(pairs, [2]deed{submitted, one})
		}
	}
	return pairs
}

// answers gives the letters with answers that left, each with what had been done
// to its case by then.
func (w *world) answers(see func(one posted, done []deed) error) error {
	for _, one := range w.sent {
		if !one.letter.Kind.Answers() {
			continue
		}
		var done []deed
		for _, earlier := range w.deeds[:one.deeds] {
			if earlier.after.ID == one.letter.Case {
				done = append(done, earlier)
			}
		}
		if err := see(one, done); err != nil {
			return fmt.Errorf("letter %s: %w", one.letter.Tag(), err)
		}
	}
	return nil
}

// answersGoWhereTheyShould looks at the letters that left, and at whom the match that
// was approved has on file. From: counts for nothing, but for an answer that says
// that nobody was found: that goes to whoever asked.
func answersGoWhereTheyShould(w *world) error {
	return w.answers(func(one posted, done []deed) error {
		pairs := approvals(done)
		if len(pairs) == 0 {
			return nil // another invariant's
		}
		c := pairs[len(pairs)-1][1].before
		if c.Work.Proposed == dsr.Unlinked {
			if one.to != c.Requester.Address || !believed(c.Trust) {
				return fmt.Errorf("an answer about nobody left at level %q; to who wrote: %t", c.Trust, one.to == c.Requester.Address)
			}
			return nil
		}
		w.met["answer left"]++
		onFile := slices.ContainsFunc(c.OnFile.Contacts, func(contact dsr.Contact) bool { return contact.Address == one.to })
		if !onFile {
			return fmt.Errorf("left for an address that is not on file; to who wrote: %t", one.to == c.Requester.Address)
		}
		return nil
	})
}

// answersAreApproved also holds for an answer that says that data were erased: they
// were, before it left.
func answersAreApproved(w *world) error {
	return w.answers(func(_ posted, done []deed) error {
		pairs := approvals(done)
		if len(pairs) == 0 {
			return fmt.Errorf("nobody had approved it")
		}
		approved := pairs[len(pairs)-1][1]
		erased := slices.ContainsFunc(done, func(one deed) bool { return one.kind() == dsr.ErasureCarriedOut })
		if approved.after.State == dsr.Approved && !erased {
			return fmt.Errorf("what it says was not carried out")
		}
		return nil
	})
}

// twoPeopleDecide lets somebody approve their own draft where nobody else works, a
// day after everybody could hear of it.
func twoPeopleDecide(w *world) error {
	for _, c := range w.memory.AllCases() {
		for _, pair := range approvals(w.of(c.ID)) {
			drafter, approver := pair[0].change.Event.Actor, pair[1].change.Event.Actor
			if drafter != approver {
				w.met["approved by a second person"]++
				continue
			}
			waited := pair[1].change.At.Sub(pair[0].change.At)
			if !w.alone || waited < 24*time.Hour {
				return fmt.Errorf("case %s was approved by its drafter, %s later", c.Number, waited)
			}
			w.met["approved alone, a day later"]++
		}
	}
	return nil
}

// risksCanBeStopped holds for what one person decides about somebody, and for an
// erasure that the contact on file did not ask themselves: a letter tells them how
// to stop it, and a day goes by.
func risksCanBeStopped(w *world) error {
	for _, c := range w.memory.AllCases() {
		for _, pair := range approvals(w.of(c.ID)) {
			c, submitted := pair[1].before, pair[0].change
			if risky := w.alone && c.Work.Proposed == dsr.Answered || c.Erases() && !c.Work.Confirmed; !risky {
				continue
			}
			w.met["could be stopped for a day"]++
			approved := pair[1].change.At
			told := slices.ContainsFunc(w.sent, func(one posted) bool {
				ref := one.letter
				return ref.Kind == dsr.WaitLetter && ref.Case == c.ID && causedBy(ref) == submitted.Event.Seq && !one.at.After(approved)
			})
			if waited := approved.Sub(submitted.At); !told || waited < 24*time.Hour {
				return fmt.Errorf("case %s was approved %s later; told how to stop it: %t", c.Number, waited, told)
			}
		}
	}
	return nil
}

// approversSaw compares the draft on the page from which somebody approved with the
// one that was submitted last: it need not be the one that the form was checked by.
func approversSaw(w *world) error {
	for _, c := range w.memory.AllCases() {
		for _, pair := range approvals(w.of(c.ID)) {
			submitted, approved := pair[0].change.Event, pair[1].change.Event
			seen := pair[1].by.shown.seen
			if seen != pair[0].after.Work.Draft || submitted.Facts["draft"] != approved.Facts["draft"] {
				return fmt.Errorf("case %s: somebody approved another draft than the one on their page", c.Number)
			}
		}
	}
	return nil
}

// frozenStaysFrozen lets a case go on that somebody on file did not ask for, when it
// is matched anew; and end as one about nobody. What was stopped after it was
// approved is not carried out either.
func frozenStaysFrozen(w *world) error {
	for _, c := range w.memory.AllCases() {
		frozen, stopped, withdrawn := false, false, false
		for _, one := range w.of(c.ID) {
			event := one.change.Event
			outcome := event.Facts["outcome"]
			switch event.Kind {
			case dsr.RequestDisowned:
				frozen, stopped = true, true
			case dsr.ApprovalTakenBack:
				stopped = true
			case dsr.DataSubjectMatched, dsr.NobodyMatched:
				frozen = false
			case dsr.CaseClosed:
				withdrawn = withdrawn || outcome == string(dsr.Withdrawn)
			case dsr.AnswerApproved:
				if stopped = false; withdrawn || frozen && outcome != string(dsr.Unlinked) {
					return fmt.Errorf("case %s was approved; disowned %t, withdrawn %t", c.Number, frozen, withdrawn)
				}
			case dsr.ErasureCarriedOut:
				if stopped || withdrawn {
					return fmt.Errorf("case %s: what was stopped was erased", c.Number)
				}
			}
		}
	}
	return nil
}

// stalePagesChangeNothing compares the Rev on the page with the one that was changed,
// whatever the form said.
func stalePagesChangeNothing(w *world) error {
	for _, one := range w.deeds {
		sheet := one.by.shown.sheet
		if sheet != nil && one.kind() != dsr.IDCopyDestroyed && sheet.Rev != one.before.Rev {
			return fmt.Errorf("case %s at rev %d: %s on a page of rev %d", one.after.Number, one.before.Rev, one.kind(), sheet.Rev)
		}
	}
	return nil
}

// nobodyServesThemselves lets a member of staff see their own case and nothing more,
// but for whoever is the whole organisation.
func nobodyServesThemselves(w *world) error {
	for _, one := range w.deeds {
		for _, member := range w.rules.Profile.Staff {
			mine := about(member.ID, one.before) || about(member.ID, one.after)
			acted := one.change.Event.Actor == member.ActorID() && one.kind() != dsr.Viewed
			if mine && acted && !w.alone {
				return fmt.Errorf("case %s: %s by whom it is about", one.after.Number, one.kind())
			}
		}
	}
	return nil
}

// noSurprises holds when each page had words for how it ended.
func noSurprises(w *world) error {
	if len(w.surprises) > 0 {
		return w.surprises[0]
	}
	return nil
}
