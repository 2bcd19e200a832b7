package desk

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// letterWords says how far a letter came.
func letterWords(event dsr.EventKind, letter dsr.LetterKind) deadline.Text {
	name := letterName(letter)
	switch event {
	case dsr.LetterComplained:
		return both(name.NL+" is gemeld als ongewenste mail.", name.EN+" was reported as unwanted mail.")
	case dsr.LetterDelayed:
		return both(name.NL+" is vertraagd: versturen of bezorgen lukt nu niet.", name.EN+" is delayed: it cannot leave or arrive now.")
	case dsr.LetterDelivered:
		return both(name.NL+" kwam aan.", name.EN+" arrived.")
	case dsr.LetterBounced:
		return both(name.NL+" kwam terug: niet bezorgd.", name.EN+" came back undelivered.")
	case dsr.LetterGivenUp:
		return both(name.NL+" kon niet weg.", name.EN+" could not be sent.")
	}
	return both(name.NL+" ging weg.", name.EN+" went out.")
}

// letterName names a letter. One that the desk does not know is shown as it is.
func letterName(letter dsr.LetterKind) deadline.Text {
	if name, known := letterNames()[letter]; known {
		return name
	}
	return both("De brief "+web.Line(string(letter)), "The letter "+web.Line(string(letter)))
}

// letterNames names each kind of letter.
func letterNames() map[dsr.LetterKind]deadline.Text {
	return map[dsr.LetterKind]deadline.Text{
		dsr.Acknowledgement: both("De ontvangstbevestiging", "The receipt"),
		dsr.ConfirmLetter:   both("De vraag aan de klant of dit verzoek klopt", "The question to the customer whether this is theirs"),
		dsr.CopyLetter:      both("De vraag om een kopie van een identiteitsbewijs", "The question for a copy of an identity document"),
		dsr.CopyAgainLetter: both("De vraag om een betere kopie", "The question for a better copy"),
		dsr.CheckedLetter:   both("Het bericht dat de kopie is nagekeken en vernietigd", "The notice that the copy was checked and destroyed"),
		dsr.AnswerLetter:    both("De brief met het antwoord", "The letter with the answer"),
		dsr.CodeLetter:      both("De code voor het antwoord", "The code for the answer"),
		dsr.WaitLetter:      both("De brief waarmee de klant het antwoord kan stoppen", "The letter by which the customer can stop the answer"),
		dsr.RefusalLetter:   both("De brief met de weigering", "The letter with the refusal"),
		dsr.WithdrawnLetter: both("De bevestiging dat het verzoek is ingetrokken", "The confirmation that the request is taken back"),
		dsr.ReviewNotice:    both("De vraag om akkoord", "The question to approve"),
		dsr.BackNotice:      both("Het bericht dat het antwoord terugkwam", "The notice that the answer came back"),
		dsr.ReminderNotice:  both("De herinnering aan een termijn", "The reminder of a deadline"),
		dsr.LetterNotice:    both("Het bericht over een brief die niet weg kon", "The notice about a letter that could not be sent"),
		dsr.NewCaseNotice:   both("Het bericht aan een medewerker", "The notice to staff"),
		dsr.MailNotice:      both("Het bericht over een mail die iemand moet lezen", "The notice about a mail that somebody must read"),
		dsr.RightsNotice:    both("Het bericht dat het verzoek om meer vraagt", "The notice that the request asks for more"),
		dsr.DisownedNotice:  both("Het bericht dat de klant dit niet was", "The notice that this was not the customer"),
		dsr.LinkNotice:      both("De nieuwe link voor een medewerker", "The new link for a member of staff"),
		dsr.WithdrawnNotice: both("Het bericht dat het verzoek is ingetrokken", "The notice that the request was withdrawn"),
		dsr.ErasureNotice:   both("Het bericht dat er iets te wissen is", "The notice that there is something to erase"),
		dsr.ConfirmedNotice: both("Het bericht dat de klant het verzoek bevestigde", "The notice that the customer confirmed the request"),
		dsr.CopyNotice:      both("Het bericht over een kopie van een identiteitsbewijs", "The notice about a copy of an identity document"),
		dsr.FilesNotice:     both("Het bericht over een bestand of het pakket", "The notice about a file or the package"),
		dsr.ForwardLetter:   both("De doorgestuurde mail", "The mail passed on"),
	}
}
