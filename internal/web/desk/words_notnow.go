package desk

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// notNowWords says why an act is refused, and what to do instead.
func notNowWords(why dsr.NotNow) deadline.Text {
	// A word stands in one of the three: the first is about what the case lacks,
	// the second about its files, the third about the form or who fills it in.
	for _, sentences := range []map[dsr.NotNow]deadline.Text{caseSentences(), fileSentences(), formSentences()} {
		if words, known := sentences[why]; known {
			return words
		}
	}
	return deadline.Text{NL: "Dit kan nu niet. Lees het verzoek opnieuw.", EN: "This is not possible now. Read the request again."}
}

// caseSentences holds the sentence for each reason that lies in how far the case
// has come: what to do first.
func caseSentences() map[dsr.NotNow]deadline.Text {
	return map[dsr.NotNow]deadline.Text{
		dsr.NotNowDecided: {
			NL: "Dit verzoek is al beslist. Het antwoord verandert niet meer.",
			EN: "This request is already decided. The answer does not change any more.",
		},
		dsr.NotNowRights: {
			NL: "Stel eerst vast wat er wordt gevraagd.",
			EN: "First settle what is asked.",
		},
		dsr.NotNowMatch: {
			NL: "Zoek eerst op wie dit is.",
			EN: "First look up who this is.",
		},
		dsr.NotNowDisowned: {
			NL: "De klant zei: dit was ik niet. Zoek eerst opnieuw op wie dit is.",
			EN: "The customer said: this was not me. First look up again who this is.",
		},
		dsr.NotNowFresh: {
			NL: "Het adres staat nog geen 30 dagen in het dossier. Vraag ook twee feiten of een bevestiging in het klantpaneel.",
			EN: "The address is on file for less than 30 days. Also ask two facts or a confirmation in the customer panel.",
		},
		dsr.NotNowIdentity: {
			NL: "Beoordeel eerst wie dit is.",
			EN: "First judge who this is.",
		},
		dsr.NotNowDecision: {
			NL: "Neem eerst een besluit over elk recht.",
			EN: "First decide about each right.",
		},
		dsr.NotNowTasks: {
			NL: "Kijk eerst in elk systeem, voor elk recht dat u toewijst.",
			EN: "First look into each system, for each right that you grant.",
		},
		dsr.NotNowDraft: {
			NL: "Er ligt nu een ander voorstel. Lees dat eerst.",
			EN: "Another draft lies here now. Read that first.",
		},
		dsr.NotNowWait: {
			NL: "De klant kan dit antwoord nog stoppen. Wacht tot de 24 uur om zijn.",
			EN: "The customer can still stop this answer. Wait until the 24 hours are over.",
		},
		dsr.NotNowLinkable: {
			NL: "Wij weten bij wie dit verzoek hoort. Geef dus een echt antwoord.",
			EN: "We know to whom this request belongs. So give a real answer.",
		},
		// Nobody can do anything with a draft whose warning did not leave: only a
		// new draft, to an address that works, goes on.
		dsr.NotNowWarning: {
			NL: "De brief waarmee de klant dit kan stoppen, kwam niet weg of niet aan. Zoek het adres opnieuw op en dien het antwoord opnieuw in.",
			EN: "The letter by which the customer can stop this did not leave or arrive. Look up the address anew and submit the answer again.",
		},
		dsr.NotNowNotReady: {
			NL: "Hier valt nu niets te doen. Misschien deed een collega het al.",
			EN: "There is nothing to do here now. Perhaps a colleague did it.",
		},
		dsr.NotNowCodes: {
			NL: "Voor deze link gaan geen codes meer weg. Stuur de brief met het antwoord opnieuw.",
			EN: "No more codes go out for this link. Send the letter with the answer again.",
		},
	}
}

// fileSentences holds the sentence for each reason that lies in a file of the
// case, or in a letter that did not arrive.
func fileSentences() map[dsr.NotNow]deadline.Text {
	return map[dsr.NotNow]deadline.Text{
		dsr.NotNowCopy: {
			NL: "Bekijk eerst zelf de kopie, scherp. Is de kopie er niet meer? Vraag de klant dan om een nieuwe.",
			EN: "First look at the sharp copy yourself. Is the copy gone? Then ask the customer for a new one.",
		},
		dsr.NotNowCopyUnasked: {
			NL: "Ons beleid vraagt voor dit verzoek geen kopie. Vraag dus een lichter bewijs, zoals twee feiten.",
			EN: "Our policy asks no copy for this request. So ask a lighter proof, such as two facts.",
		},
		dsr.NotNowFiles: {
			NL: "Een bestand is nog onderweg, of het lukte niet. Wacht even, of haal dat bestand weg.",
			EN: "A file is still on its way, or it failed. Wait a moment, or remove that file.",
		},
		dsr.NotNowTooManyFiles: {
			NL: "Dit zijn te veel bestanden, of ze zijn samen te groot. Haal een bestand weg, of pak er een paar samen in.",
			EN: "These are too many files, or they are too large together. Remove one, or pack some into one.",
		},
		dsr.NotNowContradicted: {
			NL: "Bij een systeem staat dat er niets is gevonden, maar er is ook een bestand uit dat systeem. Pas een van de twee aan.",
			EN: "A system is said to hold nothing, and there is a file from that system too. Change one of the two.",
		},
		dsr.NotNowPackage: {
			NL: "Het pakket met bestanden is nog niet klaar. Wacht een kwartier en probeer het dan opnieuw.",
			EN: "The package with the files is not ready yet. Wait a quarter of an hour, then try again.",
		},
		dsr.NotNowNothingMissed: {
			NL: "Elke brief kwam aan, of een collega handelde dit al af.",
			EN: "Every letter arrived, or a colleague saw to it.",
		},
	}
}

// formSentences holds the sentence for each reason that lies in what was filled
// in, or in who did: what to change.
func formSentences() map[dsr.NotNow]deadline.Text {
	return map[dsr.NotNow]deadline.Text{
		dsr.NotNowNoRights: {
			NL: "Kies minstens één recht dat bij dit verzoek hoort.",
			EN: "Choose at least one right that belongs to this request.",
		},
		dsr.NotNowContact: {
			NL: "Controleer de adressen. Elk adres is een gewoon mailadres en staat er één keer. De datum ligt niet in de toekomst.",
			EN: "Check the addresses. Each is a plain mail address and stands there once. Its date is not in the future.",
		},
		dsr.NotNowProof: {
			NL: "Dit is nog niet genoeg bewijs. Noem twee verschillende feiten die allebei kloppen, of de bevestiging in het klantpaneel.",
			EN: "This is not enough proof yet. Name two different facts that are both right, or the confirmation in the customer panel.",
		},
		dsr.NotNowGround: {
			NL: "Kies bij deels of afwijzen een reden uit de wet. Kies geen reden als u toewijst. De rechten van anderen gelden alleen bij deels.",
			EN: "Choose a ground of the law to refuse, whole or in part. Choose none when you grant. The rights of others hold only in part.",
		},
		dsr.NotNowReason: {
			NL: "Leg uit waarom, in hooguit 4.000 tekens.",
			EN: "Explain why, in 4,000 characters at most.",
		},
		dsr.NotNowOutcome: {
			NL: "Kies een uitkomst die bij dit recht hoort.",
			EN: "Choose an outcome that belongs to this right.",
		},
		dsr.NotNowKept: {
			NL: "U wijst alles toe, maar er blijft iets bewaard. Kies dan: deels toewijzen, met de reden uit de wet.",
			EN: "You grant all of it, but something is kept. Then choose: grant in part, with the ground of the law.",
		},
		dsr.NotNowText: {
			NL: "De tekst ontbreekt, hoort hier niet, of is te lang. Alles samen is hooguit 2 MB.",
			EN: "The text is missing, does not belong here, or is too long. All together is 2 MB at most.",
		},
		dsr.NotNowThirdParties: {
			NL: "Kijk of er gegevens van anderen in staan, en zet dan het vinkje.",
			EN: "See whether it holds data of others, then set the tick.",
		},
		dsr.NotNowSamePerson: {
			NL: "U maakte dit voorstel zelf. Iemand anders moet erover beslissen.",
			EN: "You made this draft yourself. Somebody else must decide about it.",
		},
		dsr.NotNowSecondPerson: {
			NL: "Dit mag niemand alleen beslissen. Er moet een tweede medewerker zijn die akkoord kan geven.",
			EN: "Nobody may decide this alone. There must be a second member of staff who can approve.",
		},
		dsr.NotNowCommentNeeded: {
			NL: "Schrijf op waarom, in hooguit 4.000 tekens.",
			EN: "Write down why, in 4,000 characters at most.",
		},
	}
}
