package simulation

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// collectedIsApproved holds for what somebody saw, and not for what the store
// says of it.
func collectedIsApproved(w *world) error {
	for _, one := range w.shown {
		var approved [32]byte
		for _, pair := range approvals(w.of(w.known(one.answer.Number).ID)) {
			approved = pair[0].after.Work.Draft
		}
		hash, err := w.keyedHash(one.answer)
		if err != nil {
			return err
		}
		if hash != approved {
			return fmt.Errorf("run %d showed an answer of case %s that nobody approved", one.by.number, one.answer.Number)
		}
		collected := 0
		for _, done := range w.of(w.known(one.answer.Number).ID) {
			collected += btoi(done.by == one.by && done.kind() == dsr.AnswerCollected)
		}
		if collected != 1 {
			return fmt.Errorf("run %d showed an answer of case %s, and the history says so %d times", one.by.number, one.answer.Number, collected)
		}
	}
	return nil
}

// keyedHash gives what stands for an answer, under the key of its case.
func (w *world) keyedHash(answer dsr.Answer) ([32]byte, error) {
	file, err := w.memory.File(context.Background(), w.known(answer.Number).ID)
	if err != nil {
		return [32]byte{}, err
	}
	plain, err := answer.Hash()
	return file.Key.Hash("answer", hex.EncodeToString(plain[:])), err
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
		if !rule.OneUse {
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
		}
		if closed != btoi(c.State == dsr.Closed) {
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
		case c.State == dsr.Closed:
			w.met["closed: "+string(c.Work.Outcome)]++
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

// nothingDue holds for letters and for closed cases: what is due is looked at
// again and again. An open case falls due for its reminder.
func nothingDue(w *world) error {
	for _, letter := range w.memory.AllLetters() {
		if !letter.DueAt.IsZero() {
			return fmt.Errorf("letter %s is %q and falls due", letter.Ref.Tag(), letter.State)
		}
	}
	for _, c := range w.memory.AllCases() {
		if c.State == dsr.Closed && !c.DueAt.IsZero() {
			return fmt.Errorf("case %s is closed and falls due", c.Number)
		}
	}
	return nil
}
