package desk

import (
	"slices"
	"strconv"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// step is the one thing to do next about a case.
type step struct {
	words deadline.Text
	act   string      // whose form it is; empty when there is only to wait
	form  string      // the form, when the act has several
	see   dsr.Outcome // the preview to look at instead
	alarm bool        // everything stands still
}

// next says what to do next, as far as the clear part of a case tells: the list
// shows it, and names nobody. The order of the cases is the order of the work;
// what stands still comes before all of it.
func (s *site) next(c dsr.Case) step {
	w := c.Work
	switch {
	case c.State == dsr.Closed && len(w.Undelivered) > 0:
		return step{words: both("Dit verzoek is afgesloten, maar een brief kwam niet aan.", "This request is closed, but a letter did not arrive.")}
	case c.State == dsr.Closed:
		return step{words: both("Dit verzoek is afgesloten: u hoeft niets te doen.", "This request is closed: you need not do anything.")}
	case c.State == dsr.Answering:
		return step{words: both("Het antwoord is onderweg.", "The answer is on its way.")}
	case c.State == dsr.Approved:
		return step{words: both("Wis de gegevens en meld dat hier.", "Erase the data and say so here."), act: "uitgevoerd"}
	case c.State == dsr.InReview:
		return step{words: waits(w)}
	case w.Disowned:
		return step{words: both("Stop. De klant zei: dit was ik niet. Zoek opnieuw op wie dit is, of sluit af zonder gegevens.",
			"Stop. The customer said: this was not me. Look up anew who this is, or end without data."), act: "klant", alarm: true}
	case !w.RightsConfirmed:
		return step{words: both("Lees het verzoek en stel vast wat er wordt gevraagd.", "Read the request and settle what is asked."), act: "rechten"}
	case w.Match == "":
		return step{words: both("Zoek op wie dit is.", "Look up who this is."), act: "klant"}
	case w.Match == dsr.Nobody:
		return step{words: both("Niemand gevonden. Bekijk het antwoord en dien het in.", "Nobody found. Look at the answer and submit it."), see: dsr.Unlinked}
	}
	return s.nextOfMatched(c)
}

// waits says for what a case in review waits.
func waits(w dsr.Work) deadline.Text {
	switch {
	case w.NotBefore.IsZero():
		return both("Wacht op het akkoord van een tweede medewerker.", "Wait for a second member of staff to approve.")
	case w.Warned == 0: // nobody hears of what is linked to nobody
		return both("Wacht 24 uur. Daarna krijgt u een link om akkoord te geven.", "Wait 24 hours. Then you get a link to approve.")
	case w.Alone:
		return both("Wacht: de klant kan het antwoord 24 uur stoppen. Daarna krijgt u een link.", "Wait: the customer can stop the answer for 24 hours. Then you get a link.")
	}
	return both("Wacht: de klant kan het antwoord 24 uur stoppen. Daarna krijgt een tweede medewerker een link.",
		"Wait: the customer can stop the answer for 24 hours. Then a second member of staff gets a link.")
}

// nextOfMatched says what to do next about a case of somebody on file. Proof comes
// before decisions, because nothing is decided about a stranger; looking into
// systems may begin while the customer is still asked.
func (s *site) nextOfMatched(c dsr.Case) step {
	switch {
	case !s.judgeable(c):
		return step{words: both("Wacht tot de klant dit verzoek bevestigt. Zoek intussen de gegevens op.",
			"Wait until the customer confirms this request. Meanwhile, look for the data.")}
	case c.Work.Identity == dsr.IdentityDoubtful:
		return s.nextOfDoubtful(c)
	case c.TakesCopy():
		return step{words: both("De klant is om een kopie gevraagd. Komt die, of een lichter bewijs? Beoordeel dan wie dit is.",
			"The customer was asked for a copy. Has it come, or a lighter proof? Then judge who this is."), act: "identiteit"}
	case c.Work.Identity == "":
		return step{words: both("Beoordeel wie dit is.", "Judge who this is."), act: "identiteit"}
	case slices.ContainsFunc(c.Rights, func(r dsr.Right) bool { _, decided := c.Decision(r); return !decided }):
		return step{words: both("Zoek de gegevens op en beslis over elk recht.", "Look for the data and decide about each right."), act: "besluit"}
	}
	return step{words: both("Bekijk het antwoord en dien het in.", "Look at the answer and submit it."), see: dsr.Answered}
}

// nextOfDoubtful says what to do next about a case of which nobody knows for sure
// whose it is. More proof has to be asked before anybody can judge anew.
func (s *site) nextOfDoubtful(c dsr.Case) step {
	next := step{words: both("Er is twijfel over wie dit is. Vraag om meer bewijs en oordeel opnieuw.",
		"There is doubt about who this is. Ask for more proof and judge anew."), act: "identiteit"}
	if s.asksCopy(c) && takes(c, func(c *dsr.Case) error { return c.AskCopy(time.Time{}) }) {
		next = step{words: both("Er is twijfel over wie dit is. Vraag om een kopie, of bel voor een lichter bewijs en oordeel opnieuw.",
			"There is doubt about who this is. Ask for a copy, or call for a lighter proof and judge anew."), act: "kopie-vragen"}
	}
	if takes(c, func(c *dsr.Case) error { return c.Ready(dsr.Unlinked) }) {
		next.words.NL += " Komt dat niet, sluit dan af zonder gegevens."
		next.words.EN += " If none comes, end without data."
	}
	return next
}

// nextOf says what to do next about a case that is open on the page: it knows
// what was found as well. Right after right, each system comes before the
// decision, so that staff decide on what they saw.
func (s *site) nextOf(c dsr.Case, d casework.Dossier) step {
	if stuck, is := stuckOf(c, d.History); is {
		return stuck
	}
	next := s.next(c)
	if _, objected := objectionIn(d.History); objected && c.State == dsr.Working {
		next.words = both("Lees eerst hieronder wat uw collega schreef. "+next.words.NL, "First read below what your colleague wrote. "+next.words.EN)
	}
	if c.State == dsr.Answering { // only the history could tell otherwise
		next.words = both(next.words.NL+" U hoeft niets te doen.", next.words.EN+" You need not do anything.")
	}
	if next.act != "besluit" && next.see != dsr.Answered {
		return next
	}
	for _, right := range c.Rights {
		decision, decided := c.Decision(right)
		// What is refused is not handed out, so nobody needs to look for it.
		if decided && decision.Result == dsr.Refused {
			continue
		}
		if system := s.unseen(d, right); system != "" {
			return step{
				words: both("Kijk in het volgende systeem.", "Look into the next system."),
				act:   "zoeken", form: "zoeken-" + system + "-" + string(right),
			}
		}
		if !decided {
			return step{words: both("Neem een besluit.", "Decide."), act: "besluit", form: "besluit-" + string(right)}
		}
	}
	return next
}

// unseen gives the first system that nobody looked into for a right, in the order
// of the data map: that is the order in which staff walk past them.
func (s *site) unseen(d casework.Dossier, right dsr.Right) string {
	for _, system := range s.Rules.Profile.DataMap.Systems {
		if findingOf(d, system.ID, right) == nil {
			return system.ID
		}
	}
	return ""
}

// stuckOf says what to do about a letter on which a case waits and that nobody
// got. Only the history tells: the list, which reads none, stays neutral.
func stuckOf(c dsr.Case, history []dsr.Event) (next step, is bool) {
	answer := fateOf(history, dsr.LetterKind.Answers, 0)
	switch {
	case c.State == dsr.Answering && answer == letterDelayed:
		return step{words: both("Het antwoord is niet weg: Inzage kan de mail nu niet versturen. Inzage blijft het proberen. Vraag uw beheerder om nu te kijken.",
			"The answer has not left: Inzage cannot send the mail now. Inzage keeps trying. Ask your operator to look now."), alarm: true}, true
	case c.State == dsr.Answering && answer == letterLost:
		return step{words: both("Het antwoord kwam niet aan. Stuur de brief opnieuw, of geef het antwoord anders en meld dat hier.",
			"The answer did not arrive. Send the letter again, or give the answer in another way and say so here."), act: "antwoord-opnieuw", alarm: true}, true
	case c.State == dsr.Answering && unpacked(history):
		return step{words: both("Het pakket met bestanden lukte niet, dus het antwoord is niet weg. Stuur de brief opnieuw, of geef het antwoord anders en meld dat hier.",
			"The package with files could not be made, so the answer has not left. Send the letter again, or give the answer in another way and say so here."), act: "antwoord-opnieuw", alarm: true}, true
	case c.State != dsr.InReview || c.Work.Warned == 0:
		return step{}, false
	}
	// A wait in which nobody can say no protects nobody: casework approves nothing.
	switch fateOf(history, func(kind dsr.LetterKind) bool { return kind == dsr.WaitLetter }, c.Work.Warned) {
	case letterLost:
		return step{words: both("De klant weet niet dat dit antwoord komt: de brief kwam niet aan. Zoek het adres opnieuw op en dien opnieuw in.",
			"The customer does not know of this answer: the letter did not arrive. Look up the address anew and submit again."), act: "klant", alarm: true}, true
	case letterWaits, letterDelayed:
		return step{words: both("De brief waarmee de klant dit kan stoppen, is nog niet weg. Zonder die brief kan niemand akkoord geven.",
			"The letter by which the customer can stop this has not left yet. Without it nobody can approve.")}, true
	}
	return step{}, false
}

// unpacked reports whether the package of an answer could not be made, and nobody
// asked for it again since.
func unpacked(history []dsr.Event) bool {
	for _, event := range slices.Backward(history) {
		switch event.Kind {
		case dsr.PackageFailed:
			return true
		case dsr.PackageBuilt, dsr.AnswerRenewed, dsr.AnswerApproved:
			return false
		}
	}
	return false
}

// fate is how the last letter of some kind fared, as far as the history says.
type fate int

// The fates of a letter.
const (
	letterWaits   fate = iota // it has not left
	letterDelayed             // it has not, and cannot now
	letterLeft
	letterLost // it came back, or could not leave
)

// fateOf gives the fate of the last letter of some kinds, or of one by its
// number. What is reported late about an earlier letter says nothing about the
// last.
func fateOf(history []dsr.Event, is func(dsr.LetterKind) bool, number int) fate {
	last, found := 0, letterWaits
	for _, event := range history {
		if event.Kind == dsr.AnswerRenewed && number == 0 {
			found = letterWaits
			continue
		}
		n, err := strconv.Atoi(event.Facts["n"])
		if err != nil || !is(dsr.LetterKind(event.Facts["letter"])) || n < last || number != 0 && n != number {
			continue
		}
		if n > last {
			last, found = n, letterWaits
		}
		switch event.Kind {
		case dsr.LetterDelayed:
			// One that left is late at the mail server of its reader: it needs nobody.
			if found == letterWaits {
				found = letterDelayed
			}
		case dsr.LetterSent, dsr.LetterDelivered:
			found = letterLeft
		case dsr.LetterBounced, dsr.LetterGivenUp:
			found = letterLost
		}
	}
	return found
}
