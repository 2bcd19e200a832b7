package desk

import "polarweb.nl/inzage/internal/deadline"

// mailReason says why a mail waits for a person. The words are those of the
// mailroom, and of whoever could not pass the mail on.
func mailReason(word string) deadline.Text {
	for _, words := range []map[string]deadline.Text{mailFaults(), mailDoubts(), mailKept()} {
		if said, known := words[word]; known {
			return said
		}
	}
	return unsaid(word)
}

// mailFaults holds what is said of mail that Inzage cannot read.
func mailFaults() map[string]deadline.Text {
	return map[string]deadline.Text{
		"no-header":       both("De mail heeft geen kop. Daardoor is niet te zien wie hem stuurde.", "The mail has no header. So nobody can see who sent it."),
		"no-sender":       both("De mail noemt geen bruikbare afzender.", "The mail names no sender that can be used."),
		"empty":           both("De mail is leeg.", "The mail is empty."),
		"bad-structure":   both("De opbouw van de mail klopt niet.", "The structure of the mail is not right."),
		"unknown-charset": both("De mail gebruikt letters in een vorm die Inzage niet kent.", "The mail uses letters in a form that Inzage does not know."),
		"too-large":       both("De mail is te groot voor Inzage, of te groot om door te sturen.", "The mail is too large for Inzage, or too large to pass on."),
		"too-many-parts":  both("De mail heeft te veel onderdelen.", "The mail has too many parts."),
		"encrypted":       both("De mail is versleuteld. Inzage heeft de sleutel niet.", "The mail is encrypted. Inzage does not have the key."),
		"missing":         both("De mail kwam binnen, maar staat niet in onze opslag.", "The mail came in, but is not in our store."),
		"attempts":        both("Inzage probeerde een paar keer deze mail te lezen. Dat lukte niet.", "Inzage tried to read this mail a few times. That failed."),
	}
}

// mailDoubts holds what is said of mail that Inzage read, and did not trust or
// understand.
func mailDoubts() map[string]deadline.Text {
	return map[string]deadline.Text{
		"virus": both("De virusscanner vond iets in deze mail. Open daarom geen bijlagen.",
			"The virus scanner found something in this mail. So open no attachments."),
		"unscanned": both("De uitslag van de virusscanner ging verloren. Wees voorzichtig met bijlagen.",
			"The verdict of the virus scanner was lost. Be careful with attachments."),
		"spam": both("De spamfilter hield deze mail voor spam. Wees voorzichtig met links en bijlagen.",
			"The spam filter took this mail for spam. Be careful with links and attachments."),
		"only-attachments": both("De mail heeft alleen bijlagen en geen tekst.", "The mail has only attachments and no text."),
		"maybe-request": both("Misschien vraagt iemand hier iets over persoonsgegevens. Inzage weet het niet zeker.",
			"Perhaps somebody asks something about personal data here. Inzage is not certain."),
		"may-hold-copy": both("Misschien zit er een kopie van een identiteitsbewijs bij. Daarom stuurde Inzage de mail niet door.",
			"Perhaps a copy of an identity document came with it. So Inzage did not pass the mail on."),
		"purged-case": both("De mail hoort bij een verzoek waarvan het dossier al is vernietigd.",
			"The mail belongs to a request of which the file was destroyed."),
		"not-passed-on": both("Inzage kon de mail niet doorsturen naar uw mailbox.", "Inzage could not pass the mail on to your mailbox."),
	}
}

// mailKept holds what is said of mail that waits for nobody: it is shown for who
// wants to see it as it came.
func mailKept() map[string]deadline.Text {
	return map[string]deadline.Text{
		"request":    both("De mail is een verzoek.", "The mail is a request."),
		"no-request": both("De mail vraagt niets over persoonsgegevens.", "The mail asks nothing about personal data."),
		"list":       both("De mail kwam via een mailinglijst.", "The mail came through a mailing list."),
	}
}
