package dsr

// Words gives the ground in plain words, with its article, as it holds for a
// right. Letter, page and desk all cite it from here, so that what staff choose
// is what the data subject reads.
func (g Ground) Words(right Right, language Language) string {
	words, known := groundsElsewhere()[groundFor{g, right}]
	if !known {
		words, known = groundWords()[g]
	}
	switch {
	case !known:
		return string(g)
	case language == English:
		return words[1]
	}
	return words[0]
}

// groundFor is a ground for one right.
type groundFor struct {
	ground Ground
	right  Right
}

// groundsElsewhere holds the grounds that stand in another article for one right
// than for the others.
func groundsElsewhere() map[groundFor][2]string {
	return map[groundFor][2]string{
		// art. 20(4) GDPR: the portability right's own words for art. 15(4).
		{GroundOthers, Portability}: {
			"Een antwoord mag de rechten van andere mensen niet schaden (artikel 20, lid 4, AVG).",
			"An answer may not harm the rights of other people (article 20(4) GDPR).",
		},
		// art. 21(1) GDPR: claims outweigh an objection as well as an erasure.
		{GroundClaims, Objection}: {
			"Wij mogen gegevens blijven gebruiken voor een rechtszaak of een andere juridische claim (artikel 21, lid 1, AVG).",
			"We may go on using data for a court case or another legal claim (article 21(1) GDPR).",
		},
	}
}

// groundWords holds the words of each ground, Dutch first.
func groundWords() map[Ground][2]string {
	return map[Ground][2]string{
		GroundUnidentified: {
			"Wij moeten zeker weten wie iets vraagt. Dat lukte hier niet (artikel 11, lid 2, en artikel 12, lid 2, AVG).",
			"We have to be sure who asks. We could not be sure here (article 11(2) and article 12(2) GDPR).",
		},
		GroundExcessive: {
			"Soms heeft een verzoek duidelijk geen grond, of gaat het te ver. Wij mogen het dan weigeren (artikel 12, lid 5, AVG).",
			"A request can clearly lack any ground, or go too far. We may then refuse it (article 12(5) GDPR).",
		},
		GroundOthers: {
			"Een antwoord mag de rechten van andere mensen niet schaden (artikel 15, lid 4, AVG).",
			"An answer may not harm the rights of other people (article 15(4) GDPR).",
		},
		GroundUAVG41: {
			"Soms gaat een ander belang voor, zoals het opsporen van misdrijven of de rechten van anderen (artikel 41 UAVG).",
			"Sometimes another interest comes first, such as finding criminals or the rights of others (article 41 of the Dutch UAVG).",
		},
		GroundAccurate: {
			"Wij moeten alleen gegevens verbeteren die niet kloppen of niet volledig zijn (artikel 16 AVG).",
			"We only have to correct data that are wrong or incomplete (article 16 GDPR).",
		},
		GroundExpression: {
			"Wij mogen gegevens houden die nodig zijn voor vrije meningsuiting en informatie (artikel 17, lid 3, onder a, AVG).",
			"We may keep data that serve freedom of expression and information (article 17(3)(a) GDPR).",
		},
		GroundLegalDuty: {
			"Wij mogen gegevens niet wissen als een wet ons verplicht ze te bewaren (artikel 17, lid 3, onder b, AVG).",
			"We may not delete data when a law tells us to keep them (article 17(3)(b) GDPR).",
		},
		GroundHealth: {
			"Wij mogen gegevens houden die nodig zijn voor de volksgezondheid (artikel 17, lid 3, onder c, AVG).",
			"We may keep data that public health needs (article 17(3)(c) GDPR).",
		},
		GroundArchive: {
			"Wij mogen gegevens houden voor een archief van algemeen belang, onderzoek of statistiek (artikel 17, lid 3, onder d, AVG).",
			"We may keep data for an archive in the public interest, research or statistics (article 17(3)(d) GDPR).",
		},
		GroundClaims: {
			"Wij mogen gegevens houden die nodig zijn voor een rechtszaak of een andere juridische claim (artikel 17, lid 3, onder e, AVG).",
			"We may keep data that we need for a court case or another legal claim (article 17(3)(e) GDPR).",
		},
		GroundStillNeeded: {
			"De wet noemt de gevallen waarin wij gegevens moeten wissen. Geen daarvan past hier (artikel 17, lid 1, AVG).",
			"The law lists the cases in which we have to delete data. None of them fits here (article 17(1) GDPR).",
		},
		GroundNoCase: {
			"De wet noemt de gevallen waarin wij gegevens voorlopig niet mogen gebruiken. Geen daarvan past hier (artikel 18, lid 1, AVG).",
			"The law lists the cases in which we may not use data for now. None of them fits here (article 18(1) GDPR).",
		},
		GroundNotPortable: {
			"Meenemen kan alleen met gegevens die u ons gaf en die een computer gebruikt. Ook moet dat berusten op uw toestemming of een contract (artikel 20, lid 1, AVG).",
			"You can only take data with you that you gave us and that a computer uses. It must also rest on your consent or a contract (article 20(1) GDPR).",
		},
		GroundCompelling: {
			"Wij mogen doorgaan als onze redenen zwaarder wegen dan uw belangen (artikel 21, lid 1, AVG).",
			"We may go on if our reasons weigh more than your interests (article 21(1) GDPR).",
		},
		GroundNoMinor: {
			"Na een melding wissen wij gegevens van iemand onder de 18 jaar. Andere gegevens wissen wij dan niet (artikel 3 van onze privacyverklaring).",
			"After a report we delete data of anybody under 18. We do not delete other data then (article 3 of our privacy statement).",
		},
	}
}
