package desk

import (
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// both is one thing said in both languages.
func both(nl, en string) deadline.Text { return deadline.Text{NL: nl, EN: en} }

// factWords names a kind of fact on file. Only the kind is ever named: what the
// person said about it stands in their own mail.
func factWords(fact dsr.Fact) deadline.Text {
	switch fact {
	case "customer-number":
		return both("Het klantnummer", "The customer number")
	case "last-invoice":
		return both("De laatste factuur", "The last invoice")
	case "last-order":
		return both("De laatste bestelling", "The last order")
	case "phone-number":
		return both("Het telefoonnummer", "The telephone number")
	case "postal-address":
		return both("Het postadres", "The postal address")
	case "birth-date":
		return both("De geboortedatum", "The date of birth")
	}
	return both(string(fact), string(fact))
}

// meansWords names a way in which a person shows who they are.
func meansWords(means dsr.Means) deadline.Text {
	switch means {
	case dsr.ByNothing:
		return both("geen bewijs", "no proof")
	case dsr.ByMailbox:
		return both("een bevestiging vanaf het adres in het dossier", "a confirmation from the address on file")
	case dsr.ByFacts:
		return both("twee feiten uit het dossier", "two facts on file")
	case dsr.ByLogin:
		return both("een bevestiging in het klantpaneel", "a confirmation in the customer panel")
	case dsr.ByIDCopy:
		return both("een kopie van een identiteitsbewijs", "a copy of an identity document")
	}
	return both(string(means), string(means))
}

// meansList names several.
func meansList(list []dsr.Means, say voice) string {
	var names []string
	for _, one := range list {
		words := meansWords(one)
		names = append(names, say(words.NL, words.EN))
	}
	return strings.Join(names, ", ")
}

// factList names the kinds of facts that a history keeps as one word list.
func factList(kinds string, say voice) string {
	var names []string
	for _, kind := range strings.Fields(kinds) {
		words := factWords(dsr.Fact(kind))
		names = append(names, say(words.NL, words.EN))
	}
	return strings.Join(names, ", ")
}

// taskWords says what came of looking into a system. What is to be erased is still
// there until a second person agreed.
func taskWords(result dsr.TaskResult) deadline.Text {
	switch result {
	case dsr.Found:
		return both("Gevonden: dit staat er", "Found: this is what it holds")
	case dsr.NothingFound:
		return both("Niets gevonden", "Nothing found")
	case dsr.Changed:
		return both("Veranderd: dit werd wat", "Changed: what became what")
	case dsr.ToErase:
		return both("Dit kan worden gewist", "This can be erased")
	case dsr.ToKeep:
		return both("Dit moet blijven: daarom, en zo lang", "This must stay: why, and how long")
	case dsr.Flagged:
		return both("Gemarkeerd: wij gebruiken het niet", "Marked: we do not use it")
	case dsr.Stopped:
		return both("Het gebruik is gestopt", "The use has stopped")
	}
	return both(string(result), string(result))
}

// decideWords names a decision.
func decideWords(result dsr.Result) deadline.Text {
	switch result {
	case dsr.Granted:
		return both("Toewijzen", "Grant")
	case dsr.Partly:
		return both("Deels toewijzen", "Grant in part")
	case dsr.Refused:
		return both("Afwijzen", "Refuse")
	}
	return both(string(result), string(result))
}

// decidedWords says what was decided.
func decidedWords(result dsr.Result) deadline.Text {
	switch result {
	case dsr.Granted:
		return both("Toegewezen", "Granted")
	case dsr.Partly:
		return both("Deels toegewezen", "Granted in part")
	case dsr.Refused:
		return both("Afgewezen", "Refused")
	}
	return both(string(result), string(result))
}

// outcomeWords names how a case ends.
func outcomeWords(outcome dsr.Outcome) deadline.Text {
	switch outcome {
	case dsr.Answered:
		return both("een antwoord", "an answer")
	case dsr.Unlinked:
		return both("wij konden het verzoek aan niemand koppelen", "we could link the request to nobody")
	case dsr.Withdrawn:
		return both("ingetrokken", "taken back")
	}
	return both(string(outcome), string(outcome))
}
