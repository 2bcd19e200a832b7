package letter

import (
	"strings"
	"unicode"
)

// Limits of what a value may be, in characters.
const (
	longestValue = 160 // a postal address fits
	longestName  = 60
	longestWords = 6 // words in a name: "prof. dr. J.P. van der Vries"
)

// inert makes a value one line of visible characters: line ends and other
// white space become a space; control characters go, as do the invisible ones
// that reverse the direction of writing or hide text (Unicode category Cf) and
// bytes that are no UTF-8, which strings.Map reads as the replacement character.
// What is too long for a line of a letter is cut.
func inert(value string) string {
	line := []rune(visibleLine(value))
	if len(line) > longestValue {
		return string(line[:longestValue-1]) + "…"
	}
	return string(line)
}

// visibleLine is inert without its limit of length.
func visibleLine(value string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, value)
	return strings.Join(strings.Fields(visible), " ")
}

// inertText makes a text of several lines inert, line by line, and keeps its
// form: lines end in "\n" and one empty line parts two paragraphs.
func inertText(text string) string {
	// Unicode Standard Annex 14, class BK and NL: what else ends a line.
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(text)
	var paragraphs []string
	var lines []string
	for line := range strings.SplitSeq(text+"\n", "\n") {
		if line = visibleLine(line); line != "" {
			lines = append(lines, line)
			continue
		}
		if len(lines) > 0 {
			paragraphs = append(paragraphs, strings.Join(lines, "\n"))
		}
		lines = nil
	}
	return strings.Join(paragraphs, "\n\n")
}

// plainName gives a name that may stand in a greeting, and nothing when the
// text could be more than a name. A sender chooses the name that our letter
// repeats, perhaps in a mail to somebody else; mail programs turn "evil.nl" or
// a telephone number into something to press. A greeting without a name
// offends nobody.
func plainName(name string) string {
	name = inert(name)
	words := strings.Fields(name)
	if len([]rune(name)) > longestName || len(words) > longestWords {
		return ""
	}
	letters := false
	for _, word := range words {
		if !nameWord(word) {
			return ""
		}
		letters = letters || strings.ContainsFunc(word, unicode.IsLetter)
	}
	if !letters {
		return ""
	}
	return name
}

// nameWord accepts letters with hyphens and apostrophes, and full stops that
// end a title or an initial: "dr.", "J.P.", but not "evil.nl".
func nameWord(word string) bool {
	pieces := strings.Split(strings.TrimSuffix(word, "."), ".")
	for _, piece := range pieces {
		if len(pieces) > 1 && len([]rune(piece)) > 1 {
			return false
		}
	}
	return !strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("-'’.", r)
	})
}
