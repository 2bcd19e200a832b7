package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// lettersAbout gives the kinds and numbers of the letters that fit a test.
func (w *world) lettersAbout(fits func(dsr.LetterRef) bool) []string {
	var found []string
	for _, letter := range w.memory.AllLetters() {
		if fits(letter.Ref) {
			found = append(found, fmt.Sprintf("%s#%d", letter.Ref.Kind, letter.Ref.N))
		}
	}
	return found
}

func lettersOfCases(w *world) error {
	for _, c := range w.memory.AllCases() {
		want := []string{"S6#1", "S6#2"}
		if believed(c.Trust) {
			want = []string{"M01#1", "S6#1", "S6#2"}
		} else {
			w.met["case not answered"]++
		}
		further, err := w.rightsNotices(c)
		if err != nil {
			return err
		}
		want = append(want, further...)
		slices.Sort(want)
		got := w.lettersAbout(func(ref dsr.LetterRef) bool { return ref.OwnerKind == dsr.OwnedByCase && ref.Case == c.ID })
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("case %s at level %s has %v, want %v", c.Number, c.Trust, got, want)
		}
	}
	return nil
}

// rightsNotices gives the notices that the case's history calls for: each mail
// that asked for more than the ones before it causes one for each member of
// staff.
func (w *world) rightsNotices(c dsr.Case) ([]string, error) {
	history, err := w.history(c.ID)
	if err != nil {
		return nil, err
	}
	var notices []string
	asked := map[string]bool{}
	for _, event := range history {
		more := false
		for _, right := range strings.Fields(event.Facts["rights"]) {
			more = more || !asked[right]
			asked[right] = true
		}
		if more && event.Kind != dsr.CaseOpened {
			w.met["more rights asked for"]++
			for member := 1; member <= 2; member++ {
				notices = append(notices, fmt.Sprintf("S8#%d", (event.Seq-1)*1000+member))
			}
		}
	}
	return notices, nil
}

func lettersOfMails(w *world) error {
	for _, mail := range w.memory.AllMails() {
		var want []string
		if mail.State == dsr.MailPerson {
			want = []string{"S7#1", "S7#2"}
		}
		got := w.lettersAbout(func(ref dsr.LetterRef) bool { return ref.OwnerKind == dsr.OwnedByMail && ref.MailID == mail.ID })
		if !slices.Equal(got, want) {
			return fmt.Errorf("mail %s, ended as %q, has %v, want %v", mail.ID, mail.State, got, want)
		}
	}
	return nil
}

func noLetterOutstanding(w *world) error {
	left := map[dsr.LetterRef]bool{}
	for _, one := range w.sent {
		left[one.letter] = true
	}
	for _, letter := range w.memory.AllLetters() {
		if letter.State.Outstanding() {
			return fmt.Errorf("letter %s is still %q", letter.Ref.Tag(), letter.State)
		}
		if !left[letter.Ref] {
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

func sameLinkAgain(w *world) error {
	first := map[dsr.LetterRef]string{}
	for _, one := range w.sent {
		if before, again := first[one.letter]; again && before != one.content {
			return fmt.Errorf("letter %s left with %q and then with %q", one.letter.Tag(), before, one.content)
		}
		first[one.letter] = one.content
	}
	return nil
}

// linkInRow holds for the letter that left: its link is the one that every use
// of it is compared with.
func linkInRow(w *world) error {
	left := map[dsr.LetterRef]string{}
	for _, one := range w.sent {
		left[one.letter] = one.content
	}
	for _, letter := range w.memory.AllLetters() {
		want := fmt.Sprintf("%s token-%s-%s", letter.Ref.Kind, letter.Purpose, letter.Link.ID)
		if left[letter.Ref] != want {
			return fmt.Errorf("letter %s left with %q, its row says %q", letter.Ref.Tag(), left[letter.Ref], want)
		}
		if _, err := w.memory.Link(context.Background(), letter.Link.Owner, letter.Link.ID); err != nil {
			return fmt.Errorf("the link in letter %s has no row: %w", letter.Ref.Tag(), err)
		}
	}
	return nil
}

func onlyBelievedAddresses(w *world) error {
	answered := map[dsr.OwnerID]dsr.Case{}
	for _, c := range w.memory.AllCases() {
		answered[c.ID] = c
	}
	for _, one := range w.sent {
		if strings.HasSuffix(one.to, "@staff.example") {
			continue
		}
		c := answered[one.letter.Case]
		if !believed(c.Trust) || one.to != c.Requester.Address {
			return fmt.Errorf("letter %s of a case at level %q left for the sender", one.letter.Tag(), c.Trust)
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
			dsr.LetterSent: true, dsr.LetterDelivered: letter.State == dsr.LetterArrived, dsr.LetterBounced: letter.State == dsr.LetterReturned,
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
