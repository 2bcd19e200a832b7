package desk

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// unsaid gives a word that the desk has no sentence for as it is: a part that
// writes such words may learn one before the desk does, and nothing is hidden.
func unsaid(word string) deadline.Text {
	if word == "" {
		return deadline.Text{}
	}
	shown := web.Line(word)
	return both("Reden: "+shown+".", "Reason: "+shown+".")
}

// reasonOf says why something happened that its event gives a reason for.
func reasonOf(kind dsr.EventKind, word string) deadline.Text {
	switch kind {
	case dsr.IDCopyAsked, dsr.IDCopyReceived, dsr.IDCopyInspected, dsr.IDCopyRefused, dsr.IDCopyViewed, dsr.IDCopyDestroyed:
		return copyReason(word)
	}
	return fileReason(word)
}

// copyReason says why a copy of an identity document was not kept, or why it was
// destroyed.
func copyReason(word string) deadline.Text {
	for _, words := range []map[string]deadline.Text{copyKinds(), copyFaults(), copyEnds()} {
		if said, known := words[word]; known {
			return said
		}
	}
	return unsaid(word)
}

// copyKinds holds what is said of files of a kind that Inzage does not read.
func copyKinds() map[string]deadline.Text {
	return map[string]deadline.Text{
		"pdf":     both("Het is een PDF, geen foto.", "It is a PDF, not a photo."),
		"heic":    both("Het is een foto in de vorm HEIC, van een iPhone.", "It is a photo in the form HEIC, of an iPhone."),
		"avif":    both("Het is een foto in de vorm AVIF.", "It is a photo in the form AVIF."),
		"gif":     both("Het is een plaatje in de vorm GIF.", "It is a picture in the form GIF."),
		"webp":    both("Het is een plaatje in de vorm WebP.", "It is a picture in the form WebP."),
		"tiff":    both("Het is een scan in de vorm TIFF.", "It is a scan in the form TIFF."),
		"svg":     both("Het is een tekening in de vorm SVG.", "It is a drawing in the form SVG."),
		"zip":     both("Het is een ingepakt bestand of een tekstdocument.", "It is a packed file or a text document."),
		"text":    both("Het is tekst, geen foto.", "It is text, not a photo."),
		"unknown": both("Inzage kent dit soort bestand niet.", "Inzage does not know this kind of file."),
	}
}

// copyFaults holds what is said of photos that show no document.
func copyFaults() map[string]deadline.Text {
	return map[string]deadline.Text{
		"empty":           both("Het bestand is leeg.", "The file is empty."),
		"too-large":       both("Het bestand is groter dan 10 MB.", "The file is larger than 10 MB."),
		"too-many-pixels": both("De foto heeft te veel beeldpunten.", "The photo has too many pixels."),
		"too-small":       both("De foto is te klein om iets op te lezen.", "The photo is too small to read anything on it."),
		"blank":           both("De foto heeft maar één kleur.", "The photo has one colour only."),
		"damaged":         both("Het bestand is beschadigd.", "The file is damaged."),
		"overbuilt":       both("Het bestand is vreemd gemaakt.", "The file is made in an odd way."),
		"unsupported":     both("Het is een zeldzaam soort foto.", "It is a rare kind of photo."),
	}
}

// copyEnds holds what is said of copies that had to go, whatever is on them.
func copyEnds() map[string]deadline.Text {
	return map[string]deadline.Text{
		"ready":     both("De kopie ligt klaar.", "The copy lies ready."),
		"lost":      both("Het bestand ging verloren voordat Inzage het kon nakijken.", "The file was lost before Inzage could examine it."),
		"unseen":    both("Niemand oordeelde binnen 14 dagen.", "Nobody judged within 14 days."),
		"not-asked": both("Niemand vroeg om een kopie.", "Nobody asked for a copy."),
		"too-many":  both("Er kwamen te veel kopieën.", "Too many copies came."),
		"unread":    both("Inzage probeerde een paar keer de kopie na te kijken. Dat lukte niet.", "Inzage tried to examine the copy a few times. That failed."),
		"accepted":  both("Een medewerker oordeelde dat de kopie klopt.", "A member of staff judged that the copy agrees."),
		"verdict":   both("Een medewerker oordeelde over wie dit is.", "A member of staff judged who this is."),
		"rematch":   both("Het verzoek hoort nu bij iemand anders.", "The request belongs to somebody else now."),
		"withdrawn": both("De klant trok het verzoek in.", "The customer took the request back."),
		"disowned":  both("De klant zei: dit verzoek is niet van mij.", "The customer said: this request is not mine."),
		"decided":   both("Over het verzoek was al besloten.", "The request was decided already."),
	}
}

// fileReason says why a file for the answer is not in it, or why a package could
// not be made or is there no more.
func fileReason(word string) deadline.Text {
	words, known := map[string]deadline.Text{
		"empty":          both("Het bestand is leeg.", "The file is empty."),
		"too-large":      both("Het bestand is te groot.", "The file is too large."),
		"too-many":       both("Het zijn te veel bestanden, of ze zijn samen te groot.", "There are too many files, or they are too large together."),
		"never-came":     both("Het bestand kwam niet binnen een uur.", "The file did not come within an hour."),
		"lost":           both("Het bestand ging onderweg verloren.", "The file was lost on its way."),
		"decided":        both("Over het verzoek was al besloten.", "The request was decided already."),
		"failed":         both("Inzage probeerde het een paar keer. Dat lukte niet.", "Inzage tried a few times. That failed."),
		"no-package":     both("Het pakket is er niet meer.", "The package is there no more."),
		"overtaken":      both("Er wacht geen antwoord meer op.", "No answer waits for it any more."),
		"over":           both("De bewaartijd is om.", "Its time is over."),
		"removed":        both("Een medewerker haalde het weg.", "A member of staff removed it."),
		"rematch":        both("Het verzoek hoort nu bij iemand anders.", "The request belongs to somebody else now."),
		"file-refused":   both("Inzage kon het bestand niet bewaren.", "Inzage could not keep the file."),
		"file-lost":      both("Het bestand kwam niet, of ging verloren.", "The file did not come, or was lost."),
		"package-failed": both("Het pakket kon niet worden gemaakt.", "The package could not be made."),
	}[word]
	if !known {
		return unsaid(word)
	}
	return words
}

// stepWords says what a reminder is about.
func stepWords(step string) deadline.Text {
	switch deadline.WarningKind(step) {
	case deadline.WarnAcknowledge:
		return both("bevestig de ontvangst", "acknowledge the request")
	case deadline.WarnHalfTime:
		return both("de helft van de tijd is om", "half of the time is over")
	case deadline.WarnFiveDays:
		return both("nog 5 werkdagen tot de plandatum", "5 working days until the planned day")
	case deadline.WarnThreeDays:
		return both("nog 3 werkdagen tot de plandatum", "3 working days until the planned day")
	case deadline.WarnOneDay:
		return both("nog 1 werkdag tot de plandatum", "1 working day until the planned day")
	case deadline.WarnPlan:
		return both("de plandatum is vandaag", "the planned day is today")
	case deadline.WarnPromise:
		return both("de belofte loopt vandaag af", "the promise ends today")
	case deadline.WarnExtensionNotice:
		return both("laatste dag om uitstel te melden", "last day to announce an extension")
	case deadline.WarnLaw:
		return both("de wettelijke termijn loopt vandaag af", "the term of the law ends today")
	case deadline.WarnOverdue:
		return both("het antwoord is te laat", "the answer is late")
	}
	return both(web.Line(step), web.Line(step))
}

// passedWords names a deadline that was missed.
func passedWords(which string) deadline.Text {
	switch which {
	case "promise":
		return both("onze belofte", "our promise")
	case "law":
		return both("de wettelijke termijn", "the term of the law")
	}
	return both(web.Line(which), web.Line(which))
}

// missedWords says what to do about a letter to a data subject that did not
// arrive.
func missedWords(kind dsr.LetterKind) deadline.Text {
	switch kind {
	case dsr.ConfirmLetter, dsr.CopyLetter, dsr.CopyAgainLetter:
		return both("Zoek het adres opnieuw op in uw klantdossier. Leg het vast bij “Zoek op wie dit is”: dan gaat de vraag opnieuw weg.",
			"Look the address up anew in your customer file. Record it under “Look up who this is”: then the question goes again.")
	case dsr.WaitLetter:
		return both("Zoek het adres opnieuw op en dien het antwoord opnieuw in. Zonder deze brief kan niemand akkoord geven.",
			"Look the address up anew and submit the answer again. Without this letter nobody can approve.")
	case dsr.AnswerLetter, dsr.RefusalLetter:
		return both("Stuur de brief opnieuw, of geef het antwoord op een andere manier. Tot dan heeft de klant geen antwoord.",
			"Send the letter again, or give the answer in another way. Until then the customer has no answer.")
	case dsr.CodeLetter:
		return both("De klant kan het antwoord nu niet openen. Bel de klant en geef het antwoord zo nodig op een andere manier.",
			"The customer cannot open the answer now. Call them, and give the answer in another way if need be.")
	}
	return both("Bel of schrijf de klant, met het nummer of het adres uit uw klantdossier.",
		"Call or write to the customer, at the number or address in your customer file.")
}
