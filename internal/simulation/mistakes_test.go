package simulation

import (
	"context"
	"slices"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// mistake is one that was made on purpose, and the invariant that is there to
// find it.
type mistake struct {
	name      string
	design    design
	invariant string
}

// mistakes lists them. Each could be made by leaving out one line.
func mistakes() []mistake {
	return slices.Concat(
		seenAfter(1, mistakesOfStoring(), mistakesOfDeciding(), mistakesWithCopies(), mistakesWithFiles()),
		seenAfter(2, mistakesOfTheClock()), seenAfter(3, mistakesOfPurging()),
	)
}

// seenAfter says after how many seasons mistakes can be seen.
func seenAfter(seasons int, lists ...[]mistake) []mistake {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].design.seasons = seasons
	}
	return all
}

// mistakesOfStoring are those between a mail and its case.
func mistakesOfStoring() []mistake {
	flaw := func(flaws caseworktest.Flaws) design { return design{flaws: flaws} }
	return []mistake{
		{"no condition on seq", flaw(caseworktest.Flaws{NoSeqCondition: true}), "history is whole"},
		{"letter outside the transaction", flaw(caseworktest.Flaws{SplitLetters: true}), "a case has its letters and no others"},
		{"no claim before sending", flaw(caseworktest.Flaws{NoClaim: true}), "no letter is sent twice within a lease"},
		{"claim released too early", flaw(caseworktest.Flaws{ShortLease: true}), "no letter is sent twice within a lease"},
		{"no sweep for letters", design{noSweep: true}, "no letter is left behind"},
		{"no sweep for mails", design{noSweep: true}, "every mail comes to an end"},
		{"link not kept on the letter", flaw(caseworktest.Flaws{ForgetLink: true}), "a letter sent again carries the same link"},
		{"sender's day not conditioned", flaw(caseworktest.Flaws{NoSenderCondition: true}), "a sender opens one case a day"},
		// The sender's day is a second net under this one and would hide the fall.
		{
			"message rows not conditioned", flaw(caseworktest.Flaws{NoMessageCondition: true, NoSenderCondition: true}),
			"a message opens one case",
		},
	}
}

// mistakesOfDeciding are those between a case and its answer.
func mistakesOfDeciding() []mistake {
	return []mistake{
		{"the drafter may approve", ownHand(), "two people decide, or one with a day between"},
		{"nothing waits where others work", hasty(), "what nobody else agreed on can be stopped for a day"},
		{"a link for one use can be used again", usedAgain(), "a link for one use causes one event"},
		{"the answer leaves when it is submitted", tooEarly(), "an answer leaves after it was approved"},
		{"the answer goes to the sender", toSender(), "an answer goes to the contact on file"},
		{"the rev of a page is not looked at", design{forms: anyRev}, "a stale page changes nothing"},
		{"what is shown is enough for every right", shownForAll(), "an answer is for whom it was shown to be"},
		{"a confirmation holds for what was asked later", heldOver(), "an answer is for whom it was shown to be"},
		// The rev is a second net: no draft changes without it.
		{"the draft of a page is not looked at", design{forms: anyDraft}, "who approves saw what leaves"},
		{"a code is not used up", codeStays(), "a code opens one answer once, and in time"},
		{"collecting builds on any state of a case", codeTwice(), "a code opens one answer once, and in time"},
		{"a disowned draft stays", draftStays(dsr.RequestDisowned), "what was disowned or withdrawn is not answered"},
		{"a confirmed draft about nobody stays", draftStays(dsr.MailboxConfirmed), "an answer is for whom it was shown to be"},
		{"closing is not looked at before closing", closedAgain(), "a case is closed once"},
	}
}

func TestSeededMistakesAreFound(t *testing.T) {
	for _, one := range mistakes() {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= allWorlds; seed++ {
				if found, ok := newWorld(seed, bothOffices(t), one.design).breaks(one); ok {
					t.Logf("found: %v", found)
					return
				}
			}
			t.Errorf("%q did not break in %d worlds", one.invariant, allWorlds)
		})
	}
}

// breaks lets a world live with a mistake, and says whether its invariant broke.
// Of the world nothing is kept: people who wait in it are never collected.
func (w *world) breaks(one mistake) (found broken, ok bool) {
	defer func() { *w = world{} }()
	for found := range w.rest(one.design.seasons) {
		if found.invariant == one.invariant {
			return found, true
		}
	}
	return broken{}, false
}

// ownHand lets a drafter approve. Two nets are down: they get a link of their
// own, and nobody looks whose draft it is.
func ownHand() design {
	return design{twists: map[part]twist{
		partHandling: {write: func(_ dsr.Case, change *casework.Change) {
			work := change.File.Case.Work
			if change.Event.Kind == dsr.DraftSubmitted && work.NotBefore.IsZero() {
				own := change.Letters[0]
				own.Ref.N, own.To.Staff = own.Ref.N+100, work.Drafter
				change.Letters = append(change.Letters, own)
			}
		}},
		partReviewing: {
			read: func(c *dsr.Case) { c.Work.Drafter = dsr.ActorID{} },
			write: func(before dsr.Case, change *casework.Change) {
				change.File.Case.Work.Drafter = before.Work.Drafter
			},
		},
	}}
}

// hasty lets a draft be approved at once wherever a second person looks at it,
// also when the contact on file did not ask for what it erases.
func hasty() design {
	return design{twists: map[part]twist{partHandling: {write: func(_ dsr.Case, change *casework.Change) {
		work := &change.File.Case.Work
		if change.Event.Kind != dsr.DraftSubmitted || work.Alone {
			return
		}
		work.NotBefore = time.Time{}
		for i := range change.Letters {
			change.Letters[i].NotBefore, change.Letters[i].DueAt = time.Time{}, change.At
		}
	}}}}
}

// usedAgain forgets that a link was used, in the store and when it is read. A
// third net is down too: that a newer question ends the links of an older one.
func usedAgain() design {
	return design{
		flaws:    caseworktest.Flaws{NoSpendCondition: true},
		linkRows: func(link *dsr.Link) { link.Spent, link.Asked = false, 0 },
		twists: map[part]twist{partConfirming: {
			read: func(c *dsr.Case) { c.Work.Asked = 0 },
			write: func(before dsr.Case, change *casework.Change) {
				change.File.Case.Work.Asked = before.Work.Asked
			},
		}},
	}
}

// tooEarly queues the answer with the draft.
func tooEarly() design {
	return design{twists: map[part]twist{partHandling: {write: func(_ dsr.Case, change *casework.Change) {
		if change.Event.Kind == dsr.DraftSubmitted {
			c := change.File.Case
			answer := change.Letters[0]
			answer.Ref.Kind, answer.To, answer.Purpose = c.AnswerKind(), dsr.Addressee{Requester: true}, dsr.FollowCase
			answer.NotBefore, answer.DueAt = time.Time{}, change.At
			change.Letters = append(change.Letters, answer)
		}
	}}}}
}

// toSender sends each answer to whoever wrote the mail.
func toSender() design {
	misled := twist{write: func(_ dsr.Case, change *casework.Change) {
		for i, letter := range change.Letters {
			if letter.Ref.Kind.Answers() {
				change.Letters[i].To = dsr.Addressee{Requester: true}
			}
		}
	}}
	return design{twists: map[part]twist{partHandling: misled, partReviewing: misled}}
}

// anyRev takes each page for one of now.
func anyRev(w *world, form *claim) {
	if form.sheet != nil {
		form.sheet.Rev = w.standing(form.sheet.Case).Rev
	}
}

// anyDraft takes each draft for the one that waits.
func anyDraft(w *world, form *claim) {
	if anyRev(w, form); form.sheet != nil {
		form.seen = w.standing(form.sheet.Case).Work.Draft
	}
}

// standing gives a case as it stands.
func (w *world) standing(id dsr.OwnerID) dsr.Case {
	c, err := w.memory.Summary(context.Background(), id)
	if err != nil {
		w.surprises = append(w.surprises, err)
	}
	return c
}

// heldOver keeps what was shown about identity when a mail asks for more.
func heldOver() design {
	return design{twists: map[part]twist{partReceiving: {write: func(before dsr.Case, change *casework.Change) {
		work := &change.File.Case.Work
		work.Confirmed, work.AskedAt, work.Asked = before.Work.Confirmed, before.Work.AskedAt, before.Work.Asked
		work.Identity, work.Means = before.Work.Identity, before.Work.Means
	}}}}
}

// shownForAll takes what was shown for one right as enough for all of them.
func shownForAll() design {
	blind := twist{
		read: func(c *dsr.Case) {
			if c.Work.Identity == dsr.IdentitySure {
				c.Work.Means = []dsr.Means{dsr.ByMailbox, dsr.ByFacts}
			}
		},
		write: func(before dsr.Case, change *casework.Change) {
			if change.Event.Kind != dsr.IdentityConfirmed && change.File.Case.Work.Identity == dsr.IdentitySure {
				change.File.Case.Work.Means = before.Work.Means
			}
		},
	}
	return design{twists: map[part]twist{partHandling: blind, partReviewing: blind}}
}

// codeStays leaves the code of an answer on its link.
func codeStays() design {
	return design{twists: map[part]twist{partCollecting: {write: func(_ dsr.Case, change *casework.Change) {
		if change.Event.Kind == dsr.AnswerCollected {
			change.Code = nil
		}
	}}}}
}

// codeTwice lets collecting commit whatever happened since it looked. The code
// of a press at the same moment is not used up yet when it looks.
func codeTwice() design {
	return design{twists: map[part]twist{partCollecting: {write: func(before dsr.Case, change *casework.Change) {
		if change.AboutCase() {
			change.File.Case.Seq, change.File.Case.Head = before.Seq+1, before.Head
			change.Event.Seq = before.Seq + 1
		}
	}}}}
}

// draftStays leaves a draft in review through something that takes it back.
func draftStays(through dsr.EventKind) design {
	return design{twists: map[part]twist{partConfirming: {write: func(before dsr.Case, change *casework.Change) {
		if change.Event.Kind != through || before.State != dsr.InReview {
			return
		}
		c := &change.File.Case
		c.State, c.Rev = before.State, before.Rev
		c.Work.Proposed, c.Work.Draft = before.Work.Proposed, before.Work.Draft
		c.Work.Drafter, c.Work.NotBefore = before.Work.Drafter, before.Work.NotBefore
		c.Work.Alone, c.Work.Warned = before.Work.Alone, before.Work.Warned
	}}}}
}

// closedAgain takes a closed case for one whose answer is on its way. A second
// net is down: a letter that closed its case does not fall due again.
func closedAgain() design {
	return design{
		letterRows: func(letter *dsr.Letter) {
			if letter.Ref.Kind.Answers() && letter.State == dsr.LetterArrived && letter.DueAt.IsZero() {
				letter.DueAt = letter.Queued
			}
		},
		twists: map[part]twist{partRecording: {
			read: func(c *dsr.Case) {
				if c.State == dsr.Closed {
					c.State = dsr.Answering
				}
			},
			write: func(before dsr.Case, change *casework.Change) {
				if before.State == dsr.Closed {
					change.File.Case.State = before.State
				}
			},
		}},
	}
}
