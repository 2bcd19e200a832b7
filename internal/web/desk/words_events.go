package desk

import (
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// happened says what an event means to staff.
func happened(event dsr.Event) deadline.Text {
	switch event.Kind {
	case dsr.LetterSent, dsr.LetterDelivered, dsr.LetterBounced, dsr.LetterGivenUp:
		return letterWords(event.Kind, dsr.LetterKind(event.Facts["letter"]))
	}
	if words, known := eventWords()[event.Kind]; known {
		return words
	}
	return both(web.Line(string(event.Kind)), web.Line(string(event.Kind)))
}

// eventWords holds the sentence for each kind of event that is not about a
// letter. Most begin without a subject: the timeline puts who did it in front.
func eventWords() map[dsr.EventKind]deadline.Text {
	return map[dsr.EventKind]deadline.Text{
		dsr.CaseOpened:         both("Het verzoek kwam binnen.", "The request came in."),
		dsr.MessageAdded:       both("Er kwam nog een mail van de afzender.", "Another mail of the sender came in."),
		dsr.DuplicateLinked:    both("Dezelfde mail kwam nog een keer.", "The same mail came again."),
		dsr.Viewed:             both("Opende het verzoek.", "Opened the request."),
		dsr.RightsConfirmed:    both("Stelde vast wat er wordt gevraagd.", "Settled what is asked."),
		dsr.DataSubjectMatched: both("Vond deze persoon in het klantdossier.", "Found this person in the customer file."),
		dsr.NobodyMatched:      both("Vond niemand in het klantdossier.", "Found nobody in the customer file."),
		dsr.ConfirmationAsked:  both("Vroeg de klant opnieuw om bevestiging.", "Asked the customer once more to confirm."),
		dsr.MailboxConfirmed:   both("De klant bevestigde dit verzoek.", "The customer confirmed this request."),
		dsr.RequestDisowned:    both("De klant zei: dit was ik niet. Alles staat stil.", "The customer said: this was not me. Everything stands still."),
		dsr.IdentityConfirmed:  both("Is zeker wie dit is.", "Is sure who this is."),
		dsr.IdentityDoubted:    both("Twijfelt wie dit is.", "Doubts who this is."),
		dsr.TaskDone:           both("Keek in een systeem.", "Looked into a system."),
		dsr.RightGranted:       both("Wees toe.", "Granted."),
		dsr.RightPartlyGranted: both("Wees deels toe.", "Granted in part."),
		dsr.RightRefused:       both("Wees af.", "Refused."),
		dsr.DraftSubmitted:     both("Diende het antwoord in voor akkoord.", "Submitted the answer for approval."),
		dsr.DraftSentBack:      both("Stuurde het antwoord terug.", "Sent the answer back."),
		dsr.ReleaseRefused:     both("Gaf geen akkoord: er is twijfel over wie dit is.", "Did not approve: there is doubt about who this is."),
		dsr.AnswerApproved:     both("Gaf akkoord op het antwoord.", "Approved the answer."),
		dsr.ApprovalTakenBack:  both("Nam het akkoord terug: er is niets gewist.", "Took the approval back: nothing is erased."),
		dsr.AnswerDelivered:    both("Gaf het antwoord op een andere manier. Het verzoek is afgesloten.", "Gave the answer in another way. The request is closed."),
		dsr.ErasureCarriedOut:  both("Meldde dat alles is gewist.", "Said that all is erased."),
		dsr.CodeAsked:          both("Vroeg een code om het antwoord te openen.", "Asked a code to open the answer."),
		dsr.AnswerCollected:    both("Het antwoord is geopend.", "The answer was opened."),
		dsr.AnswerRenewed:      both("Stuurde de brief met het antwoord opnieuw.", "Sent the letter with the answer again."),
		dsr.ReviewRenewed:      both("Stuurde de vraag om akkoord opnieuw.", "Sent the question to approve again."),
		dsr.StaffInvited:       both("De beheerder stuurde een medewerker een nieuwe link.", "The operator sent a member of staff a new link."),
		dsr.CaseClosed:         both("Het verzoek is afgesloten.", "The request is closed."),
	}
}

// letterWords says how far a letter came.
func letterWords(event dsr.EventKind, letter dsr.LetterKind) deadline.Text {
	name, known := letterNames()[letter]
	if !known {
		name = both("De brief "+web.Line(string(letter)), "The letter "+web.Line(string(letter)))
	}
	switch event {
	case dsr.LetterDelivered:
		return both(name.NL+" kwam aan.", name.EN+" arrived.")
	case dsr.LetterBounced:
		return both(name.NL+" kwam terug: niet bezorgd.", name.EN+" came back undelivered.")
	case dsr.LetterGivenUp:
		return both(name.NL+" kon niet weg.", name.EN+" could not be sent.")
	}
	return both(name.NL+" ging weg.", name.EN+" went out.")
}

// letterNames names each kind of letter.
func letterNames() map[dsr.LetterKind]deadline.Text {
	return map[dsr.LetterKind]deadline.Text{
		dsr.Acknowledgement: both("De ontvangstbevestiging", "The receipt"),
		dsr.ConfirmLetter:   both("De vraag aan de klant of dit verzoek klopt", "The question to the customer whether this is theirs"),
		dsr.AnswerLetter:    both("De brief met het antwoord", "The letter with the answer"),
		dsr.CodeLetter:      both("De code voor het antwoord", "The code for the answer"),
		dsr.WaitLetter:      both("De brief waarmee de klant het antwoord kan stoppen", "The letter by which the customer can stop the answer"),
		dsr.RefusalLetter:   both("De brief met de weigering", "The letter with the refusal"),
		dsr.WithdrawnLetter: both("De bevestiging dat het verzoek is ingetrokken", "The confirmation that the request is taken back"),
		dsr.ReviewNotice:    both("De vraag om akkoord", "The question to approve"),
		dsr.BackNotice:      both("Het bericht dat het antwoord terugkwam", "The notice that the answer came back"),
		dsr.LetterNotice:    both("Het bericht over een brief die niet weg kon", "The notice about a letter that could not be sent"),
		dsr.NewCaseNotice:   both("Het bericht aan een medewerker", "The notice to staff"),
		dsr.MailNotice:      both("Het bericht over een mail die iemand moet lezen", "The notice about a mail that somebody must read"),
		dsr.RightsNotice:    both("Het bericht dat het verzoek om meer vraagt", "The notice that the request asks for more"),
		dsr.DisownedNotice:  both("Het bericht dat de klant dit niet was", "The notice that this was not the customer"),
		dsr.LinkNotice:      both("De nieuwe link voor een medewerker", "The new link for a member of staff"),
		dsr.WithdrawnNotice: both("Het bericht dat het verzoek is ingetrokken", "The notice that the request was withdrawn"),
		dsr.ErasureNotice:   both("Het bericht dat er iets te wissen is", "The notice that there is something to erase"),
		dsr.ConfirmedNotice: both("Het bericht dat de klant het verzoek bevestigde", "The notice that the customer confirmed the request"),
	}
}

// detail says what exactly an event was about, from its facts. Facts are fixed
// words that stand in clear; one that the desk does not know is shown as it is,
// because a history must hide nothing.
func (s *site) detail(event dsr.Event, language dsr.Language) string {
	say := voiceOf(language)
	var parts []string
	if system := event.Facts["system"]; system != "" {
		parts = append(parts, s.systemName(system, language))
	}
	for _, right := range strings.FieldsFunc(event.Facts["right"]+" "+event.Facts["rights"], func(r rune) bool { return r == ' ' || r == ',' }) {
		parts = append(parts, dsr.Right(web.Line(right)).Name(language))
	}
	if result := event.Facts["result"]; result != "" {
		words := taskWords(dsr.TaskResult(web.Line(result)))
		parts = append(parts, say(words.NL, words.EN))
	}
	if ground := event.Facts["ground"]; ground != "" {
		parts = append(parts, dsr.Ground(web.Line(ground)).Words(dsr.Right(event.Facts["right"]), language))
	}
	if outcome := event.Facts["outcome"]; outcome != "" {
		words := outcomeWords(dsr.Outcome(web.Line(outcome)))
		parts = append(parts, say(words.NL, words.EN))
	}
	if event.Kind == dsr.AnswerApproved && event.Facts["closed"] != "" {
		parts = append(parts, say("afgesloten zonder brief", "closed without a letter"))
	}
	for _, one := range strings.Fields(event.Facts["means"]) {
		words := meansWords(dsr.Means(web.Line(one)))
		parts = append(parts, say(words.NL, words.EN))
	}
	for _, one := range strings.Fields(event.Facts["facts"]) {
		words := factWords(dsr.Fact(web.Line(one)))
		parts = append(parts, say(words.NL, words.EN))
	}
	return strings.Join(parts, ", ")
}
