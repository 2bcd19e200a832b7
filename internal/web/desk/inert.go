package desk

import (
	"strings"
	"unicode/utf8"
)

// fitting gives as much of a text as fits into the room left on a page, and the
// room left after it. Room is counted as the page is written: escaped.
func fitting(text string, room int) (shown string, left int) {
	for i, r := range text {
		cost := utf8.RuneLen(r)
		if strings.ContainsRune(`<>&"'+`, r) {
			cost = len("&#34;")
		}
		if cost > room {
			return text[:i], 0
		}
		room -= cost
	}
	return text, room
}
