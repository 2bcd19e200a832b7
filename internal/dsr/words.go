package dsr

// Words says what was decided, to the data subject.
func (r Result) Words(language Language) string {
	switch r {
	case Granted:
		return either(language, "Wij doen wat u vraagt.", "We do what you ask.")
	case Partly:
		return either(language, "Wij doen een deel van wat u vraagt.", "We do a part of what you ask.")
	}
	return either(language, "Wij doen niet wat u vraagt.", "We do not do what you ask.")
}

// Words says to the data subject what the systems with one result for a right
// have in common.
func (r TaskResult) Words(right Right, language Language) string {
	switch {
	case r == Found:
		return either(language, "Dit vonden wij:", "This is what we found:")
	case r == Changed:
		return either(language, "Dit veranderden wij:", "This is what we changed:")
	case r == ToErase:
		return either(language, "Hier wisten wij de gegevens:", "Here we erased the data:")
	case r == ToKeep && right == MinorReport:
		return either(language, "Hier moeten wij gegevens bewaren:", "Here we must keep data:")
	case r == ToKeep:
		return either(language, "Dit moeten wij bewaren, en daarom:", "This we must keep, and why:")
	case r == Flagged:
		return either(language, "Hier gebruiken wij uw gegevens voorlopig niet:", "Here we do not use your data for now:")
	case r == Stopped:
		return either(language, "Hier stopten wij ermee:", "Here we stopped:")
	}
	return either(language, "Hier vonden wij niets:", "Here we found nothing:")
}

// Told reports whether a finding's text is for the data subject of a right. Who
// reports about a child need not be the child: what is known of the child is not
// for them.
func (r TaskResult) Told(right Right) bool { return r.Telling() && right != MinorReport }

// either gives a text in one of the two languages of letters; Dutch first.
func either(language Language, dutch, english string) string {
	if language == English {
		return english
	}
	return dutch
}
