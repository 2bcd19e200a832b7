package simulation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
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
		if w.standing(one.after.ID).State == dsr.Purged {
			continue
		}
		at := fmt.Sprint(one.after.ID, one.change.Event.Seq)
		want := w.lettersOf(one)
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

// passesOn reports whether the organisation passes on mail that asks nothing.
func (w *world) passesOn() bool { return w.rules.Profile.Intake.Mode == organisation.ModeMX }

// Notices about a mail are numbered in thousands: those of the mail itself, of each
// time that staff are reminded of it, and far above them those that others got in the
// place of one that had no reader.
const (
	aRound = 1000
	others = 1_000_000
)

// lettersOfMails holds for a mail that a person must read: each who hears of new work
// hears of it once, and again as often as they were reminded. Mail that asks nothing
// is passed on once.
func lettersOfMails(w *world) error {
	first, again, passed := map[string]int{}, map[string]int{}, map[string]int{}
	for _, letter := range w.memory.AllLetters() {
		ref := letter.Ref
		passed[ref.MailID] += btoi(ref.Kind == dsr.ForwardLetter)
		if ref.OwnerKind == dsr.OwnedByMail && ref.Kind == dsr.MailNotice && ref.N < others {
			first[ref.MailID] += btoi(ref.N < aRound)
			again[ref.MailID] += btoi(ref.N > aRound)
			if err := w.relayed(letter); err != nil {
				return err
			}
		}
	}
	notified := len(w.rules.Profile.Notified())
	for _, mail := range w.memory.AllMails() {
		want := notified * btoi(mail.State == dsr.MailPerson || w.cameBack(mail.ID))
		if first[mail.ID] != want || again[mail.ID] != notified*mail.Notices {
			return fmt.Errorf("mail %s, ended as %q, has %d notices and %d after %d rounds, want %d",
				mail.ID, mail.State, first[mail.ID], again[mail.ID], mail.Notices, want)
		}
		w.met["reminder of a mail"] += again[mail.ID]
		unasked := mail.State == dsr.MailOrdinary || mail.State == dsr.MailAutomatic
		if passed[mail.ID] != btoi(unasked && w.passesOn()) {
			return fmt.Errorf("mail %s, ended as %q, was passed on %d times", mail.ID, mail.State, passed[mail.ID])
		}
	}
	return nil
}

// relayed holds for a notice about a mail that came back: others got one in its
// place.
func (w *world) relayed(letter dsr.Letter) error {
	if letter.State != dsr.LetterReturned {
		return nil
	}
	ref := letter.Ref
	ref.N = others + letter.Ref.N*aRound + 1
	_, err := w.memory.Letter(context.Background(), ref)
	if w.met["notice relayed"]++; err != nil && !w.alone {
		return fmt.Errorf("letter %s came back, and nobody else heard of it: %w", letter.Ref.Tag(), err)
	}
	return nil
}

// passedOnWhole looks at what left for the human mailbox.
func passedOnWhole(w *world) error {
	for _, one := range w.sent {
		if one.letter.Kind != dsr.ForwardLetter {
			continue
		}
		w.met["mail passed on"]++
		came := slices.ContainsFunc(w.mails, func(mail *incoming) bool {
			return mail.id == one.letter.MailID && strings.HasSuffix(one.content, hashOf([]byte(mail.raw)))
		})
		if !came || one.to != humanMailbox {
			return fmt.Errorf("mail %s was passed on to %s; as it came: %t", one.letter.MailID, one.to, came)
		}
	}
	return nil
}

// cameBack reports whether a mail was passed on and came back.
func (w *world) cameBack(mailID string) bool {
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: mailID, Kind: dsr.ForwardLetter, N: 1}
	letter, err := w.memory.Letter(context.Background(), ref)
	return err == nil && letter.State == dsr.LetterReturned
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

// sameLinkAgain lets a link be replaced that the case had revoked meanwhile, or
// that had ended.
func sameLinkAgain(w *world) error {
	last := map[dsr.LetterRef]posted{}
	for _, one := range w.sent {
		before, again := last[one.letter]
		alive := w.link(before).Epoch == w.link(one).Epoch && one.asked.Before(w.link(before).ExpiresAt)
		if again && before.content != one.content && (alive || one.token == nothing) {
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
		var c dsr.Case
		if done := w.of(one.letter.Case); len(done) > 0 {
			c = done[0].after // as it was opened: its file may be purged by now
		}
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
			dsr.LetterComplained: letter.State == dsr.LetterUnwanted,
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
