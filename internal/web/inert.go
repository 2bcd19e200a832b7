package web

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is the longest name, address or title that a page shows.
const maxLine = 300

// Visible shows what text hides. Characters that turn the direction of writing
// round, that have no width, or that steer a terminal stand as their number:
// what is read is then what is there. Line ends become one kind. Everything
// else stays as it was written; html/template makes it text and no page.
func Visible(text string) string {
	var shown strings.Builder
	for _, r := range strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), string(utf8.RuneError)) {
		if hidden(r) {
			fmt.Fprintf(&shown, "[U+%04X]", r)
		} else {
			shown.WriteRune(r)
		}
	}
	return shown.String()
}

// hidden reports whether a character is one that readers do not see. Marks that
// Arabic, Hebrew, Persian and emoji need to be written at all are not.
func hidden(r rune) bool {
	switch r {
	case '\n', '\t', '\u00ad', '\u200c', '\u200d', '\u200e', '\u200f', '\u061c':
		return false
	case '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// Line shows text that belongs on one line, and not all of a long one.
func Line(text string) string {
	shown := []rune(Visible(strings.Join(strings.Fields(text), " ")))
	if len(shown) > maxLine {
		return string(shown[:maxLine-1]) + "…"
	}
	return string(shown)
}
