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
	case dsr.LetterSent, dsr.LetterDelivered, dsr.LetterBounced, dsr.LetterGivenUp, dsr.LetterComplained, dsr.LetterDelayed:
		return letterWords(event.Kind, dsr.LetterKind(event.Facts["letter"]))
	}
	if event.Kind == dsr.Viewed && event.Facts["item"] == "mail" {
		return both("Opende een mail zoals die binnenkwam.", "Opened a mail as it came in.")
	}
	for _, words := range []map[dsr.EventKind]deadline.Text{eventWords(), fileEventWords()} {
		if said, known := words[event.Kind]; known {
			return said
		}
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
		dsr.UndeliveredSettled: both("Handelde af wat niet aankwam.", "Saw to what did not arrive."),
		dsr.ReminderSent:       both("Herinnerde de medewerkers aan de termijn.", "Reminded staff of the deadline."),
		dsr.HalfTimePassed:     both("De helft van de tijd is om. Er wordt al aan gewerkt.", "Half of the time is over. The work is under way."),
		dsr.DeadlinePassed:     both("De termijn ging voorbij zonder antwoord.", "The deadline passed without an answer."),
		dsr.FilePurged:         both("Het dossier is vernietigd: niemand kan het nog lezen.", "The file was destroyed: nobody can read it any more."),
		dsr.LeftoversRemoved:   both("Ook de laatste resten zijn weg. Alleen deze geschiedenis blijft.", "The last remains are gone as well. Only this history stays."),
	}
}

// fileEventWords holds the sentence for each kind of event that is about a file:
// a copy of an identity document, what was found, or the package of an answer.
func fileEventWords() map[dsr.EventKind]deadline.Text {
	return map[dsr.EventKind]deadline.Text{
		dsr.IDCopyAsked:     both("Vroeg de klant om een kopie van een identiteitsbewijs.", "Asked the customer for a copy of an identity document."),
		dsr.IDCopyReceived:  both("Er kwam een kopie van een identiteitsbewijs binnen.", "A copy of an identity document came in."),
		dsr.IDCopyInspected: both("De kopie is nagekeken en ligt klaar.", "The copy was examined and lies ready."),
		dsr.IDCopyRefused:   both("De kopie is niet bewaard.", "The copy was not kept."),
		dsr.IDCopyViewed:    both("Bekeek de kopie scherp.", "Looked at the sharp copy."),
		dsr.IDCopyDestroyed: both("De kopie is vernietigd.", "The copy was destroyed."),
		dsr.FileAnnounced:   both("Kondigde een bestand voor het antwoord aan.", "Announced a file for the answer."),
		dsr.FileSealed:      both("Een bestand voor het antwoord ligt verzegeld klaar.", "A file for the answer lies sealed and ready."),
		dsr.FileRefused:     both("Een bestand voor het antwoord is niet bewaard.", "A file for the answer was not kept."),
		dsr.FileRemoved:     both("Haalde een bestand uit het antwoord.", "Took a file out of the answer."),
		dsr.PackageBuilt:    both("Het pakket met alle bestanden is klaar.", "The package with all files is ready."),
		dsr.PackageFailed:   both("Het pakket met alle bestanden lukte niet.", "The package with all files could not be made."),
		dsr.PackageEnded:    both("Het pakket is vernietigd: ophalen kan niet meer.", "The package was destroyed: it cannot be collected any more."),
		dsr.FilesHandedOut:  both("Het pakket is opgehaald.", "The package was collected."),
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
	if reason := event.Facts["reason"]; reason != "" {
		words := reasonOf(event.Kind, reason)
		parts = append(parts, say(words.NL, words.EN))
	}
	if event.Kind == dsr.IDCopyAsked && event.Facts["why"] == "doubt" {
		parts = append(parts, say("omdat er twijfel is", "because there is doubt"))
	}
	if step := event.Facts["step"]; step != "" {
		words := stepWords(step)
		parts = append(parts, say(words.NL, words.EN))
	}
	for _, one := range strings.Fields(event.Facts["passed"]) {
		words := passedWords(one)
		parts = append(parts, say("voorbij: "+words.NL, "over: "+words.EN))
	}
	for _, one := range strings.Fields(event.Facts["letters"]) {
		words := letterName(dsr.LetterKind(one))
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
