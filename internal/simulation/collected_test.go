package simulation

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// collectedIsApproved holds for what somebody saw, and not for what the store
// says of it.
func collectedIsApproved(w *world) error {
	for _, one := range w.shown {
		var approved [32]byte
		collected := 0
		for _, done := range w.of(w.known(one.answer.Number).ID) {
			if done.kind() == dsr.AnswerApproved {
				approved = done.after.Work.Draft
			}
			collected += btoi(done.by == one.by && done.kind() == dsr.AnswerCollected)
		}
		if one.hash != approved {
			return fmt.Errorf("run %d showed an answer of case %s that nobody approved", one.by.number, one.answer.Number)
		}
		if collected != 1 {
			return fmt.Errorf("run %d showed an answer of case %s, and the history says so %d times", one.by.number, one.answer.Number, collected)
		}
	}
	return nil
}

// show notes an answer that somebody sees, with what stands for it under the key of
// its case.
func (w *world) show(by *run, answer dsr.Answer) {
	file, err := w.memory.File(context.Background(), w.known(answer.Number).ID)
	plain, broken := answer.Hash()
	if err = errors.Join(err, broken); err != nil {
		w.surprises = append(w.surprises, err)
	}
	w.shown = append(w.shown, showing{by, answer, file.Key.Hash("answer", hex.EncodeToString(plain[:]))})
}

// codesAreUsedUp follows the codes of each link: the last one that was sent
// opens the answer, once, for a quarter of an hour.
func codesAreUsedUp(w *world) error {
	type sent struct {
		code  string
		until time.Time
	}
	posts := map[dsr.LetterRef]string{}
	for _, one := range w.sent {
		posts[one.letter] = one.code
	}
	good := map[dsr.LinkID]sent{}
	for _, one := range w.deeds {
		link := one.by.shown.link
		switch one.kind() {
		case dsr.CodeAsked:
			good[link] = sent{posts[one.change.Letters[0].Ref], one.change.At.Add(15 * time.Minute)}
		case dsr.AnswerCollected:
			code, asked := good[link]
			if !asked || code.code != one.by.shown.code || !one.change.At.Before(code.until) {
				return fmt.Errorf("case %s was opened with a code that was used, ended or never sent", one.after.Number)
			}
			delete(good, link)
		}
	}
	return nil
}

// linksAreUsedUp holds for every link that is for one use, whatever is done with
// it and in how many runs.
func linksAreUsedUp(w *world) error {
	purposes := map[dsr.LinkID]dsr.Purpose{}
	for _, link := range w.links {
		purposes[link.ID] = link.Purpose
	}
	uses := map[dsr.LinkID]int{}
	for _, one := range w.deeds {
		link := one.by.shown.link
		rule, _ := purposes[link].Rule()
		if !rule.OneUse || one.kind() == dsr.IDCopyDestroyed {
			continue
		}
		if uses[link]++; uses[link] > 1 {
			return fmt.Errorf("case %s: %s with a link that had been used", one.after.Number, one.kind())
		}
		w.met["link used"]++
	}
	return nil
}

// closedOnce counts in the history: the summary cannot tell once from twice. A
// case also ends with an answer that was given otherwise, and without a word when
// nothing is known of whoever asked.
func closedOnce(w *world) error {
	for _, c := range w.memory.AllCases() {
		closed := 0
		for _, one := range w.of(c.ID) {
			silent := one.change.Event.Facts["closed"] == string(dsr.Unlinked)
			closed += btoi(one.kind() == dsr.CaseClosed || one.kind() == dsr.AnswerDelivered || silent)
			w.met["closed in silence"] += btoi(silent)
			reopened := one.kind() == dsr.LetterBounced && !one.before.State.Open() && one.after.State.Open()
			closed -= btoi(reopened)
			w.met["case reopened"] += btoi(reopened)
		}
		if closed != btoi(!c.State.Open()) {
			return fmt.Errorf("case %s is %q and was closed %d times", c.Number, c.State, closed)
		}
	}
	return nil
}

// casesEnd holds but for what somebody on file did not ask: that stands still
// until a person thinks of something.
func casesEnd(w *world) error {
	for _, c := range w.memory.AllCases() {
		switch {
		case !c.State.Open():
			w.met["closed: "+string(c.Work.Outcome)]++
		case w.left[c.ID]:
			w.met["left as it was"]++
		case c.Work.Disowned:
			w.met["left disowned"]++
		default:
			return fmt.Errorf("case %s is still %q: %+v", c.Number, c.State, c.Work)
		}
	}
	return nil
}

// answersAreSeen holds for what is more than a letter: the one it was for collected it,
// with a letter that had to be sent again if need be.
func answersAreSeen(w *world) error {
	for _, c := range w.memory.AllCases() {
		seen := false
		for _, one := range w.of(c.ID) {
			seen = seen || one.kind() == dsr.AnswerCollected || one.kind() == dsr.AnswerDelivered
		}
		if c.State == dsr.Closed && c.Discloses() && !seen {
			return fmt.Errorf("nobody saw the answer of case %s", c.Number)
		}
	}
	return nil
}

// nothingDue holds for letters and for cases: what is due is looked at again and
// again. An open case falls due for its next reminder, and a closed one when its
// months are over.
func nothingDue(w *world) error {
	for _, letter := range w.memory.AllLetters() {
		if !letter.DueAt.IsZero() {
			return fmt.Errorf("letter %s is %q and falls due", letter.Ref.Tag(), letter.State)
		}
	}
	for _, c := range w.memory.AllCases() {
		if !c.DueAt.After(w.now) {
			return fmt.Errorf("case %s is %q and was due on %s", c.Number, c.State, c.DueAt)
		}
		purge := c.Work.ClosedAt.AddDate(0, w.rules.Profile.Retention.FileMonths, 0)
		if c.State == dsr.Closed && !c.DueAt.Equal(purge) {
			return fmt.Errorf("case %s is closed and falls due on %s, not on %s", c.Number, c.DueAt, purge)
		}
	}
	return nil
}
