package simulation

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// broken is the failure of one world.
type broken struct {
	seed      uint64
	invariant string
	because   error
}

// Error names seed and invariant first: they are what one needs to look again.
func (b broken) Error() string {
	return fmt.Sprintf("seed %d: %s: %v", b.seed, b.invariant, b.because)
}

// invariant is what holds in every world that has come to rest.
type invariant struct {
	name  string
	check func(*world) error
}

// invariants lists what must hold, the gravest first.
func invariants() []invariant {
	list := []invariant{
		{"every mail comes to an end", everyMailEnds},
		{"a request leads to a case or to a person", requestsArrive},
		{"a message opens one case", oneCasePerMessage},
		{"a sender opens one case a day", oneCasePerSenderAndDay},
		{"the clock runs from the receipt", receivedWhenItCame},
		{"a forged mail joins no believed case", trustIsNotLent},
		{"a case has its letters and no others", lettersOfCases},
		{"a mail for a person has its notices", lettersOfMails},
		{"a mail is passed on as it came", passedOnWhole},
		{"no letter is left behind", noLetterOutstanding},
		{"no letter is sent twice within a lease", noSecondSendWithinLease},
		{"a letter sent again carries the same link", sameLinkAgain},
		{"the link of a letter stands in its row", linkInRow},
		{"nobody is answered at an address that is not believed", onlyBelievedAddresses},
		{"history is whole", historyIsWhole},
		{"history tells each sending once", sendingsInHistory},
		{"numbers are unique", numbersUnique},
		{"large texts are kept, and nothing else", bodiesAccountedFor},
	}
	return slices.Concat(list, invariantsOfAnswers(), invariantsOfCopies(), invariantsOfFiles())
}

// rest lets a world live for some seasons, and gives the invariants that do not hold
// at the end of each.
func (w *world) rest(seasons int) iter.Seq[broken] {
	return func(yield func(broken) bool) {
		defer w.leave()
		for _, season := range w.seasons()[:seasons] {
			season.plan(w)
			if err := w.live(w.start.Add(season.until)); err != nil {
				yield(broken{w.seed, "the world comes to rest", err})
				return
			}
			for _, one := range season.rules {
				if err := one.check(w); err != nil && !yield(broken{w.seed, one.name, err}) {
					return
				}
			}
		}
	}
}

// outcomes gives the stored mails by their id.
func (w *world) outcomes() map[string]dsr.Mail {
	outcomes := map[string]dsr.Mail{}
	for _, mail := range w.memory.AllMails() {
		outcomes[mail.ID] = mail
	}
	return outcomes
}

// history gives the events of a case.
func (w *world) history(id dsr.OwnerID) ([]dsr.Event, error) {
	return w.memory.History(context.Background(), id)
}

func everyMailEnds(w *world) error {
	outcomes := w.outcomes()
	for _, mail := range w.mails {
		stored, known := outcomes[mail.id]
		if !known || !stored.State.Terminal() {
			return fmt.Errorf("mail %s is left %q", mail.id, stored.State)
		}
	}
	if len(outcomes) != len(w.mails) {
		return fmt.Errorf("%d mails came in and %d are stored", len(w.mails), len(outcomes))
	}
	return nil
}

// requestsArrive also holds for the other kinds: each mail has the end of its
// kind, or goes to a person after as many attempts as are allowed.
func requestsArrive(w *world) error {
	outcomes := w.outcomes()
	for _, mail := range w.mails {
		stored := outcomes[mail.id]
		if stored.State == dsr.MailPerson && stored.Attempts > dsr.MaxMailAttempts {
			w.met["mail set aside"]++
			continue
		}
		if mail.poison != harmless || !slices.Contains(w.endsOf(mail), stored.State) {
			return fmt.Errorf("mail %s, of kind %q, ended as %q", mail.id, mail.enquiry.Kind, stored.State)
		}
		if linked := stored.Case != (dsr.OwnerID{}); linked != (mail.enquiry.Kind == dsr.KindRequest) {
			return fmt.Errorf("mail %s, of kind %q: linked to a case is %t", mail.id, mail.enquiry.Kind, linked)
		}
	}
	return nil
}

// endsOf lists how a mail may end. One that may hold a copy of an identity document
// is passed on to no mailbox.
func (w *world) endsOf(mail *incoming) []dsr.MailState {
	switch mail.enquiry.Kind {
	case dsr.KindRequest:
		return []dsr.MailState{dsr.MailCase, dsr.MailDuplicate}
	case dsr.KindOrdinary:
		if w.passesOn() && len(mail.files) > 0 {
			return []dsr.MailState{dsr.MailPerson}
		}
		return []dsr.MailState{dsr.MailOrdinary}
	case dsr.KindAutomatic:
		return []dsr.MailState{dsr.MailAutomatic}
	default:
		return []dsr.MailState{dsr.MailPerson}
	}
}

// message says which message a mail is a copy of, as far as anybody can know.
func (mail *incoming) message() string {
	if mail.enquiry.MessageKey != [32]byte{} {
		return string(mail.enquiry.MessageKey[:])
	}
	return mail.raw
}

// oneCasePerMessage holds for believed mails and for the others, each for
// themselves: what was read without evidence may be forged, and stays apart.
func oneCasePerMessage(w *world) error {
	outcomes := w.outcomes()
	trust := map[dsr.OwnerID]bool{}
	for _, c := range w.memory.AllCases() {
		trust[c.ID] = believed(c.Trust)
	}
	caseOf := map[string]dsr.OwnerID{}
	for _, mail := range w.mails {
		stored := outcomes[mail.id]
		if stored.Case == (dsr.OwnerID{}) {
			continue
		}
		message := fmt.Sprintf("%s %t", mail.message(), trust[stored.Case])
		before, copied := caseOf[message]
		if copied && before != stored.Case {
			return fmt.Errorf("mail %s is linked to another case than its copy", mail.id)
		}
		caseOf[message] = stored.Case
	}
	return w.eachOpenedBy(outcomes)
}

// eachOpenedBy checks that each case was opened by one mail, which ended there
// as the one that is no copy.
func (w *world) eachOpenedBy(outcomes map[string]dsr.Mail) error {
	for _, c := range w.memory.AllCases() {
		history, err := w.history(c.ID)
		if err != nil {
			return err
		}
		for i, event := range history {
			if (event.Kind == dsr.CaseOpened) != (i == 0) {
				return fmt.Errorf("case %s: event %d is %s", c.Number, i+1, event.Kind)
			}
			if id, about := event.Facts["mail"]; about && outcomes[id].Case != c.ID {
				return fmt.Errorf("case %s holds mail %s, which is linked elsewhere", c.Number, id)
			}
			w.met[string(event.Kind)]++
		}
	}
	return nil
}

// receivedWhenItCame holds for a case that was opened on a notice: also when
// sweep had found the mail before, and knew only when it looked. A little
// earlier is to the sender's advantage: a sweep asks its clock once, and a mail
// can come in while it runs. What sweep found and drove itself counts from when
// it looked, also when the notice comes at that very moment.
func receivedWhenItCame(w *world) error {
	came := map[string]time.Time{}
	for _, mail := range w.mails {
		came[mail.id] = mail.at
	}
	outcomes := w.outcomes()
	for _, one := range w.deeds {
		if one.kind() != dsr.CaseOpened {
			continue
		}
		id, evidence := one.change.Event.Facts["mail"], one.change.Event.Facts["evidence"]
		late := one.after.Received.Sub(came[id])
		found := one.by.driven && outcomes[id].ArrivedAt.After(came[id])
		if late < -lifetime(functionSweep) || late > 0 && strings.HasSuffix(evidence, "dmarc=PASS") && !found {
			return fmt.Errorf("case %s counts from %s after its mail came in", one.after.Number, late)
		}
	}
	return nil
}

// oneCasePerSenderAndDay lets a sender open another case when the one of the day
// takes no more. It has no second receipt.
func oneCasePerSenderAndDay(w *world) error {
	type day struct {
		address  string
		believed bool
	}
	last := map[day]deed{}
	for i, one := range w.deeds {
		if one.kind() != dsr.CaseOpened {
			continue
		}
		c := one.after
		key := day{c.Requester.Address, believed(c.Trust)}
		before, again := last[key]
		last[key] = one
		if !again {
			continue
		}
		if !c.Opened.Before(before.after.Opened.Add(24 * time.Hour)) {
			w.met["second case after a day"]++
			continue
		}
		if w.asOf(i, before.after.ID).State.Undecided() || one.change.Sender.Prior != before.after.ID {
			return fmt.Errorf("cases %s and %s were opened %s apart", before.after.Number, c.Number, c.Opened.Sub(before.after.Opened))
		}
		w.met["second case on a day"]++
	}
	return nil
}

// asOf gives a case as it stood before one of the world's deeds.
func (w *world) asOf(deed int, id dsr.OwnerID) dsr.Case {
	for _, one := range slices.Backward(w.deeds[:deed]) {
		if one.after.ID == id {
			return one.after
		}
	}
	return dsr.Case{}
}

// believed reports whether a sender may be answered.
func believed(level dsr.TrustLevel) bool { return dsr.Trust{Level: level}.Answerable() }

func trustIsNotLent(w *world) error {
	for _, c := range w.memory.AllCases() {
		history, err := w.history(c.ID)
		if err != nil {
			return err
		}
		for _, event := range history {
			if event.Kind != dsr.MessageAdded {
				continue
			}
			if believed(dsr.TrustLevel(event.Facts["trust"])) != believed(c.Trust) {
				return fmt.Errorf("case %s at level %s was joined by a mail at level %s", c.Number, c.Trust, event.Facts["trust"])
			}
		}
	}
	return nil
}

func numbersUnique(w *world) error {
	seen := map[dsr.Number]bool{}
	for _, c := range w.memory.AllCases() {
		if c.Number == "" || seen[c.Number] {
			return fmt.Errorf("number %q was given twice or not at all", c.Number)
		}
		seen[c.Number] = true
	}
	return nil
}
