package mailroom

import (
	"slices"
	"strings"
	"unicode"
)

// stop is the word that stands for the end of a sentence. No pattern reaches
// across it.
const stop = "."

// shortLine is the length below which a line end counts as the end of a
// sentence: mail programs wrap at 70 or so, people break lines where they stop.
const shortLine = 30

// longSentence bounds how far "the rest of the sentence" reaches, so that a
// text without a full stop takes no longer than any other.
const longSentence = 40

// words splits text into lower-case words without accents and apostrophes, with
// stop at the end of each sentence, so that rules need only one spelling.
func words(text string) []string {
	found := []string{stop}
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		if bare == "" || startsItem(bare) {
			found = endSentence(found)
		}
		found = lineWords(found, bare)
		if len(bare) < shortLine {
			found = endSentence(found)
		}
	}
	return endSentence(found)
}

// startsItem reports whether a line is an item of a list.
func startsItem(line string) bool { return hasPrefix(line, "- ", "* ", "• ", "– ") }

// endSentence adds a stop unless one stands there.
func endSentence(found []string) []string {
	if found[len(found)-1] == stop {
		return found
	}
	return append(found, stop)
}

// lineWords adds the words of one line.
func lineWords(found []string, line string) []string {
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			found = addWord(found, word.String())
			word.Reset()
		}
	}
	letters := []rune(line)
	for i, r := range letters {
		switch {
		case r == '\'' || r == '’' || r == '‘' || r == '´' || r == '\u00ad' || unicode.Is(unicode.Cf, r):
			// "foto's" is one word; soft hyphens and invisible characters are none.
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteString(plainLetter(unicode.ToLower(r)))
		case unicode.Is(unicode.Mn, r):
			// An accent that stands by itself after its letter.
		case r == '.' && len(word.String()) == 1 && i+1 < len(letters) && unicode.IsLetter(letters[i+1]):
			// "a.u.b." is one word.
		default:
			flush()
			if endsSentence(r, letters[i+1:]) && !(r == '.' && abbreviation(found[len(found)-1])) {
				found = endSentence(found)
			}
		}
	}
	flush()
	return found
}

// endsSentence reports whether a mark ends a sentence: "art. 15" does not.
func endsSentence(mark rune, rest []rune) bool {
	switch mark {
	case '!', '?', ';':
		return true
	case '.', ':':
		trimmed := strings.TrimLeft(string(rest[:min(len(rest), 4)]), " \"'(")
		if len(rest) == 0 {
			return true
		}
		return rest[0] == ' ' && trimmed != "" && unicode.IsUpper([]rune(trimmed)[0])
	}
	return false
}

// abbreviation reports words whose point ends no sentence.
func abbreviation(word string) bool {
	return isOne(word, "art nr dhr mevr mw mr ms mrs dr drs ing ir bijv resp evt incl excl bzw st no")
}

// plainLetter takes the accent off a letter.
func plainLetter(r rune) string {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å':
		return "a"
	case 'é', 'è', 'ê', 'ë':
		return "e"
	case 'í', 'ì', 'î', 'ï':
		return "i"
	case 'ó', 'ò', 'ô', 'ö', 'õ':
		return "o"
	case 'ú', 'ù', 'û', 'ü':
		return "u"
	case 'ç':
		return "c"
	case 'ñ':
		return "n"
	case 'ß':
		return "ss"
	}
	return string(r)
}

// addWord adds a word; "e-mail" becomes one word, as most people write it.
// Spoken Dutch says "me gegevens" for "mijn gegevens". After a verb of giving it
// may mean "gegevens aan mij", so that it stays what it is.
func addWord(found []string, word string) []string {
	last := len(found) - 1
	switch {
	case found[last] == "e" && strings.HasPrefix(word, "mail"):
		found[last] = "e" + word
		return found
	case found[last] == "me" && isOne(word, nlOwned) && !isOne(found[last-1], nlGive):
		found[last] = "mijn"
	}
	return append(found, word)
}

// pattern is a row of words to look for. Regular expressions would do, but not
// be read: the tables of rules are the part of this package that people change
// most, some of whom write no code. It is written as words with spaces:
//
//	a|b    one of these words        a*   a word that begins so
//	a|b?   may be left out           ..   up to 4 words in between
//	...    up to 9 words in between  .    the end of a sentence
//	!a|b   none of these words in the rest of the sentence
//	<a|b   none of these words among the 4 before, in the sentence
type pattern []step

// step is one position of a pattern.
type step struct {
	any      []string
	gap      int
	optional bool
	without  bool
	behind   bool
}

// parsePattern reads a pattern as it stands in a rule.
func parsePattern(text string) pattern {
	var p pattern
	for _, piece := range strings.Fields(text) {
		switch piece {
		case "..":
			p = append(p, step{gap: 4})
			continue
		case "...":
			p = append(p, step{gap: 9})
			continue
		}
		bare, without := strings.CutPrefix(piece, "!")
		bare, behind := strings.CutPrefix(bare, "<")
		bare, optional := strings.CutSuffix(bare, "?")
		p = append(p, step{any: strings.Split(bare, "|"), optional: optional, without: without, behind: behind})
	}
	return p
}

// in reports whether the pattern stands somewhere in text.
func (p pattern) in(text []string) bool {
	for i := range text {
		if p.at(text, i) {
			return true
		}
	}
	return false
}

// at reports whether the pattern stands in text at i.
func (p pattern) at(text []string, i int) bool {
	if len(p) == 0 {
		return true
	}
	s := p[0]
	switch {
	case s.gap > 0:
		return p[1:].within(text, i, s.gap)
	case s.without:
		return !s.inSentence(text[i:min(i+longSentence, len(text))]) && p[1:].at(text, i)
	case s.behind:
		before := slices.Clone(text[max(0, i-4):i])
		slices.Reverse(before)
		return !s.inSentence(before) && p[1:].at(text, i)
	case i < len(text) && s.matches(text[i]) && p[1:].at(text, i+1):
		return true
	}
	return s.optional && p[1:].at(text, i)
}

// within looks for the rest of a pattern after at most gap words of the same
// sentence.
func (p pattern) within(text []string, i, gap int) bool {
	for skip := i; skip <= i+gap && skip <= len(text); skip++ {
		if p.at(text, skip) {
			return true
		}
		if skip < len(text) && text[skip] == stop {
			return false
		}
	}
	return false
}

// inSentence reports whether one of the words stands before the next stop.
func (s step) inSentence(text []string) bool {
	for _, word := range text {
		if word == stop {
			return false
		}
		if s.matches(word) {
			return true
		}
	}
	return false
}

// matches reports whether one word fits the step.
func (s step) matches(word string) bool {
	for _, want := range s.any {
		if stem, open := strings.CutSuffix(want, "*"); want == word || open && strings.HasPrefix(word, stem) {
			return true
		}
	}
	return false
}
