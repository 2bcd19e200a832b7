package mailroom

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// language says in which language to answer: the one whose most frequent small
// words the text holds more of, if the organisation writes it. A text of a few
// words, or in a third language, gets the default. Words without meaning are
// counted because they stand in every sentence, and because a Dutch mail borrows
// "newsletter" from English but never "the".
func (s Settings) language(text string) dsr.Language {
	const (
		small  = "de het een ik je jij u uw mijn mij jullie wij niet van voor met zijn naar wat graag dat ook bij wil kan heb hebben heeft alle deze dit om aan te uit meer over geen worden geachte beste groet"
		little = "the a an i you your my me we not of for with are to what please that also at want can have has all this these about no more from and it do dear regards would like"
	)
	inDutch, inEnglish := strings.Fields(small), strings.Fields(little)
	found := words(text)
	dutch, english := 0, 0
	for _, word := range found[:min(len(found), 2000)] {
		if slices.Contains(inDutch, word) {
			dutch++
		}
		if slices.Contains(inEnglish, word) {
			english++
		}
	}
	switch {
	case dutch > english && s.writes(dsr.Dutch):
		return dsr.Dutch
	case english > dutch && s.writes(dsr.English):
		return dsr.English
	}
	return s.DefaultLanguage
}

// writes reports whether the organisation answers in a language.
func (s Settings) writes(language dsr.Language) bool {
	return len(s.Languages) == 0 || slices.Contains(s.Languages, language)
}
