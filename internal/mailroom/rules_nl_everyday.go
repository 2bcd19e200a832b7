package mailroom

import "polarweb.nl/inzage/internal/dsr"

// Groups of words for what people ask about when they name one thing instead of
// "my data", or point back at what they named before.
const (
	nlReach   = " emailadres|mailadres|emailadressen|email|telefoonnummer|nummer|adres|naam "
	nlCopy    = " kopie|kopietje|scan|foto van" + nlMy + "id|identiteitsbewijs|identiteitskaart|paspoort|rijbewijs|legitimatie|legitimatiebewijs "
	nlPassing = " verkopen|verkoopt|verkoop|delen|deelt|deel|verstrekken|verstrekt jullie|u|je .. "
	nlPassed  = " verstrekt|verkocht|gedeeld|doorgegeven|doorverkocht "
	nlThem    = " ze|die|deze "
	// A wish stands beside the verb, for "ze zijn gewist" tells and asks nothing.
	nlWish = " wil|wilt|willen|wens|moet|moeten|mogen|graag|gelieve|kunt|kun|kunnen "
	nlDrop = " verwijder|wis|vernietig|schrap|delete "
)

// dutchEveryday are requests that name no data in general: one fact, one paper,
// or only "alles", "mij" and "ze". What is short enough to mean something else,
// such as the newsletter, is likely and no more.
func dutchEveryday() []rule {
	return []rule{
		{"nl-who-has-my-address", dsr.Access, sure, []string{
			"wie ..." + nlMy + nlReach + ".." + nlPassed, nlPassing + nlMine, nlPassing + nlMy + nlReach,
		}},
		{"nl-was-my-address-shared", dsr.Access, likely, []string{"is|wordt|heeft|hebben|heb .." + nlMy + nlReach + "..." + nlPassed}},
		{"nl-copy-of-papers", dsr.Access, likely, []string{"!nodig hebben|heeft|heb jullie|u|je .." + nlCopy}},
		{"nl-question-about-my-data", dsr.Access, hint, []string{
			"!inloggen|ftp|nodig wat|welke|waar .. staat|staan|is|zijn|gebeurt .." + nlMy + nlOwn + "dossier|gegevens|persoonsgegevens|klantgegevens",
		}},
		{"nl-erase-papers", dsr.Erasure, sure, append(pointingBack(nlCopy, ""), nlCopy+".."+nlErase, nlErase+".."+nlCopy)},
		{"nl-erase-them", dsr.Erasure, sure, pointingBack(nlMine, nlNoTech)},
		{"nl-erase-all-or-me", dsr.Erasure, likely, []string{
			nlNoTech + nlErase + ".. alles aub|svp|graag|maar|definitief|weg? .", nlNoTech + nlThrow + ".. alles maar? weg|eruit .",
			". graag|gelieve? verwijder|verwijderen|wis|wissen|schrap|delete" + nlMe + "aub|svp|alstublieft|graag|nu? .",
			nlWish + ".." + nlMe + nlEraseWords + " .",
		}},
	}
}

// pointingBack gives the patterns of a sentence that names a thing and a next
// one that wants "them" gone. Neither sentence may hold a word of unless.
func pointingBack(thing, unless string) []string {
	before := unless + thing + "... . " + unless + ".."
	return []string{
		before + nlWish + ".." + nlThem + ".." + nlErase,
		before + nlWish + ".." + nlThem + "weg hebben|halen|gooien|doen",
		before + nlThem + nlWish + ".. weg|" + nlEraseWords,
		before + nlDrop + nlThem,
	}
}
