package simulation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// lettersOfCases holds for each thing that was done to a case: it causes its
// letters, in its own transaction, and no others. A letter's number says which
// event caused it.
func lettersOfCases(w *world) error {
	got := map[string]map[string]int{}
	for _, letter := range w.memory.AllLetters() {
		if ref := letter.Ref; ref.OwnerKind == dsr.OwnedByCase {
			at := fmt.Sprint(ref.Case, causedBy(ref))
			if got[at] == nil {
				got[at] = map[string]int{}
			}
			got[at][string(ref.Kind)]++
		}
	}
	for _, one := range w.deeds {
		at := fmt.Sprint(one.after.ID, one.change.Event.Seq)
		want := w.lettersOf(one)
		if missed := got[at]["S5"]; one.kind() == dsr.LetterGivenUp && missed > 0 {
			want["S5"] = len(w.rules.Profile.Notified()) // staff hear of what can never be sent
		}
		maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
		if !maps.Equal(got[at], want) {
			return fmt.Errorf("case %s: event %d, %s, has the letters %v, want %v",
				one.after.Number, one.change.Event.Seq, one.kind(), got[at], want)
		}
		delete(got, at)
	}
	if len(got) > 0 {
		return fmt.Errorf("%d events have letters and did not happen", len(got))
	}
	return nil
}

// causedBy gives the event that caused a letter of a case, by its number there.
func causedBy(ref dsr.LetterRef) int { return (ref.N-1)/1000 + 1 }

// lettersOf says which letters a deed has to cause.
func (w *world) lettersOf(one deed) map[string]int {
	notified := len(w.rules.Profile.Notified())
	c, event := one.after, one.change.Event
	asked := c.Work.Asked == event.Seq
	switch one.kind() {
	case dsr.CaseOpened:
		receipt := believed(c.Trust) && one.change.Sender.Prior == dsr.OwnerID{}
		if !receipt {
			w.met["case not answered"]++
		}
		return map[string]int{"M01": btoi(receipt), "S6": notified}
	case dsr.MessageAdded, dsr.DuplicateLinked:
		more := slices.ContainsFunc(strings.Fields(event.Facts["rights"]), func(right string) bool {
			return !slices.Contains(one.before.Rights, dsr.Right(right))
		})
		w.met["copy asks more than was decided"] += btoi(more && !one.before.State.Undecided())
		return map[string]int{"S8": notified * btoi(more)}
	case dsr.DataSubjectMatched, dsr.ConfirmationAsked, dsr.RightsConfirmed:
		return map[string]int{"M03": btoi(asked)}
	case dsr.LetterBounced: // one that a data subject will miss
		return map[string]int{"S5": notified * btoi(strings.HasPrefix(event.Facts["letter"], "M"))}
	case dsr.MailboxConfirmed:
		return map[string]int{"S11": notified}
	case dsr.RequestDisowned:
		return map[string]int{"S9": notified}
	case dsr.CodeAsked:
		return map[string]int{"M10-code": 1}
	case dsr.CaseClosed:
		withdrawn := btoi(c.Work.Outcome == dsr.Withdrawn)
		return map[string]int{"M15": withdrawn, "S12": notified * withdrawn}
	}
	return w.lettersOfDraft(one, notified)
}

// lettersOfDraft does the same for what is done with a draft.
func (w *world) lettersOfDraft(one deed, notified int) map[string]int {
	c := one.after
	answer := string(c.AnswerKind())
	others := w.others(c.Work.Drafter, c)
	switch one.kind() {
	case dsr.DraftSubmitted:
		wait := w.alone && c.Work.Proposed == dsr.Answered || c.Erases() && !c.Work.Confirmed
		return map[string]int{"S2": max(1, len(others)), "M10-wait": btoi(wait)}
	case dsr.ReviewRenewed:
		return map[string]int{"S2": max(1, len(others))}
	case dsr.DraftSentBack, dsr.ReleaseRefused:
		return map[string]int{"S3": 1}
	case dsr.AnswerApproved:
		if c.State == dsr.Approved {
			return map[string]int{"S10": notified}
		}
		if c.Work.Proposed == dsr.Unlinked && !believed(c.Trust) {
			return nil // whoever has that address may never have asked
		}
		return map[string]int{answer: 1}
	case dsr.ErasureCarriedOut, dsr.AnswerRenewed:
		return map[string]int{answer: 1}
	}
	return map[string]int{}
}

// btoi counts a truth.
func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lettersOfMails holds for a mail that a person must read: each who hears of new work
// hears of it once.
func lettersOfMails(w *world) error {
	got := map[string]int{}
	for _, letter := range w.memory.AllLetters() {
		if letter.Ref.OwnerKind == dsr.OwnedByMail && letter.Ref.Kind == dsr.MailNotice {
			got[letter.Ref.MailID]++
		}
	}
	for _, mail := range w.memory.AllMails() {
		want := len(w.rules.Profile.Notified()) * btoi(mail.State == dsr.MailPerson)
		if got[mail.ID] != want {
			return fmt.Errorf("mail %s, ended as %q, has %d notices, want %d", mail.ID, mail.State, got[mail.ID], want)
		}
	}
	return nil
}

// noLetterOutstanding holds when each letter left, or was given up for a reason.
func noLetterOutstanding(w *world) error {
	left := map[dsr.LetterRef]bool{}
	for _, one := range w.sent {
		left[one.letter] = true
	}
	for _, letter := range w.memory.AllLetters() {
		if letter.State.Outstanding() {
			return fmt.Errorf("letter %s is still %q", letter.Ref.Tag(), letter.State)
		}
		if !left[letter.Ref] && letter.State != dsr.LetterFailed {
			return fmt.Errorf("letter %s is %q and was never sent", letter.Ref.Tag(), letter.State)
		}
	}
	return nil
}

// noSecondSendWithinLease counts the lease from what the first sender's clock
// said, whatever the store made of it.
func noSecondSendWithinLease(w *world) error {
	last := map[dsr.LetterRef]posted{}
	for _, one := range w.sent {
		before, again := last[one.letter]
		if again && one.at.Before(before.asked.Add(casework.Lease)) {
			return fmt.Errorf("letter %s left %s apart", one.letter.Tag(), one.at.Sub(before.at))
		}
		if again {
			w.met["letter sent again"]++
		}
		last[one.letter] = one
	}
	return nil
}

// sameLinkAgain lets a link be replaced that the case had revoked meanwhile.
func sameLinkAgain(w *world) error {
	last := map[dsr.LetterRef]posted{}
	for _, one := range w.sent {
		before, again := last[one.letter]
		if again && before.content != one.content && w.link(before).Epoch == w.link(one).Epoch {
			return fmt.Errorf("letter %s left with %q and then with %q", one.letter.Tag(), before.content, one.content)
		}
		last[one.letter] = one
	}
	return nil
}

// linkInRow holds for the letter that left: its link is the one that every use
// of it is compared with. Of a link that the case revoked since there is no use.
func linkInRow(w *world) error {
	left := map[dsr.LetterRef]posted{}
	for _, one := range w.sent {
		left[one.letter] = one
	}
	for _, letter := range w.memory.AllLetters() {
		one, sent := left[letter.Ref]
		if !sent || letter.Purpose == "" {
			continue
		}
		if want := fmt.Sprintf("token-%s-%s", letter.Purpose, letter.Link.ID); one.token != want && w.link(one).Epoch == letter.Link.Epoch {
			return fmt.Errorf("letter %s left with %q, its row says %q", letter.Ref.Tag(), one.token, want)
		}
		if _, err := w.memory.Link(context.Background(), letter.Link.Owner, letter.Link.ID); err != nil {
			return fmt.Errorf("the link in letter %s has no row: %w", letter.Ref.Tag(), err)
		}
	}
	return nil
}

// onlyBelievedAddresses holds for what no person decided: a receipt.
func onlyBelievedAddresses(w *world) error {
	for _, one := range w.sent {
		c := w.known(one.number)
		if one.letter.Kind == dsr.Acknowledgement && (!believed(c.Trust) || one.to != c.Requester.Address) {
			return fmt.Errorf("letter %s of a case at level %q left for the sender", one.letter.Tag(), c.Trust)
		}
		if one.toStaff() != (strings.HasSuffix(one.to, staffDomain) && !strings.Contains(one.to, "+")) {
			return fmt.Errorf("letter %s left for the wrong side of the counter", one.letter.Tag())
		}
	}
	return nil
}

func historyIsWhole(w *world) error { return w.memory.Verify() }

func sendingsInHistory(w *world) error {
	told := map[string]int{}
	for _, c := range w.memory.AllCases() {
		history, err := w.history(c.ID)
		if err != nil {
			return err
		}
		for _, event := range history {
			told[fmt.Sprintf("case_%s_%s_%s %s", c.ID, event.Facts["letter"], event.Facts["n"], event.Kind)]++
		}
	}
	for _, letter := range w.memory.AllLetters() {
		if letter.Ref.OwnerKind != dsr.OwnedByCase {
			continue
		}
		for kind, want := range map[dsr.EventKind]bool{
			dsr.LetterSent: letter.State != dsr.LetterFailed, dsr.LetterGivenUp: letter.State == dsr.LetterFailed,
			dsr.LetterDelivered: letter.State == dsr.LetterArrived, dsr.LetterBounced: letter.State == dsr.LetterReturned,
		} {
			// A bounce outranks a delivery, so both may have been told.
			n := told[letter.Ref.Tag()+" "+string(kind)]
			if n > 1 || want && n == 0 {
				return fmt.Errorf("letter %s is %q and has %d events %s", letter.Ref.Tag(), letter.State, n, kind)
			}
		}
	}
	return nil
}
