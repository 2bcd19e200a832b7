package mailroom

// otherRules notice that something is asked in a language Inzage does not
// write. Their weight never opens a case: a person who reads the language looks.
func otherRules() []rule {
	return []rule{
		{"de-request", "", hint, []string{
			"auskunft .. uber|gemass|nach|zu .. mich|meine|meiner|art|artikel|dsgvo|gespeicherten", "meine|meiner .. daten .. loschen|geloscht|loschung|auskunft",
			"loschung ... daten", "losche|loschen|loscht .. meine|alle .. daten", "berichtigung ... daten", "widerspruch .. gegen ... verarbeitung|daten|werbung",
			"widerspreche ... verarbeitung|nutzung|werbung", "welche .. daten .. uber mich",
		}},
		{"fr-request", "", hint, []string{
			"acces ... donnees|rgpd|informations .. me|mes|personnel|conformement", "mes donnees .. personnelles?", "effacement|suppression ... donnees",
			"supprimer|effacer .. mes|donnees", "rectification ... donnees", "oppose|opposition ... traitement|donnees|prospection", "donnees ... me concernant",
		}},
	}
}

// lawRules name the law. They strengthen what is asked and ask nothing.
func lawRules() []rule {
	return []rule{
		{"law-name", "", 2, []string{
			"avg|gdpr|uavg|dsgvo|rgpd", "algemene verordening gegevensbescherming", "general data protection regulation",
		}},
		{"law-article", "", 2, []string{"artikel|art|article 7|12|15|16|17|18|20|21|22"}},
		{"law-term", "", 1, []string{
			"binnen een|vier|4|1 maand|weken", "within one|a|four|4|30 month|weeks|days", "autoriteit persoonsgegevens",
			"supervisory authority", "privacywet|privacywetgeving|privacyverklaring",
		}},
	}
}

// againstRules are signs of ordinary business. They weaken, but never hide, a
// clear request.
func againstRules() []rule {
	return []rule{
		{"processing-agreement", "", -maxAgainst, []string{
			"verwerkersovereenkomst|verwerkersovereenkomsten|bewerkersovereenkomst|subverwerkers|subverwerker",
			"data processing|protection agreement|addendum", "dpa|subprocessor|subprocessors",
		}},
		{"newsletter", "", -maxAgainst, []string{
			"uitschrijven|afmelden|afmeld|uitschrijf|unsubscribe .. klik|hier|link|here|click", "klik|click .. hier|here .. af|uit|unsubscribe|afmelden|uitschrijven",
			"bekijk|view|lees|read .. online|browser|webversie", "ontvangt|ontvang deze .. mail|email|nieuwsbrief .. omdat|omdat",
			"receiving|received|receive this .. mail|email|message|newsletter .. because", "bent .. ingeschreven|aangemeld .. voor", "u|je|you kunt|kan|can .. unsubscribe|uitschrijven|afmelden",
		}},
		{"training", "", -2, []string{"webinar|webinars|whitepaper|workshop|training|cursus|ebook|meld je .. aan"}},
		{"acquisition", "", -2, []string{"wij helpen .. u|uw|bedrijven|organisaties", "we help .. you|your|companies|businesses"}},
	}
}
