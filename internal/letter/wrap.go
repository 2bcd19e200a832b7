package letter

import (
	"strings"
	"unicode/utf8"
)

// width is the longest line of the plain-text part, in characters. RFC 5322,
// section 2.1.1, advises 78; quoted-printable lines have 76 (RFC 2045, 6.7).
const width = 76

// wrap writes a block of text in lines of at most width characters. A bullet
// stands before the first line and indents the others. A web address is never
// broken: half an address is no address.
func wrap(out *strings.Builder, text, bullet string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(bullet))
	for forced := range strings.SplitSeq(text, "\n") {
		line, separator := bullet, ""
		bullet = indent
		for _, unit := range units(forced) {
			for _, piece := range pieces(unit, width-len(indent)) {
				if separator != "" && utf8.RuneCountInString(line+separator+piece) > width {
					out.WriteString(line + "\n")
					line, separator = indent, ""
				}
				line += separator + piece
				separator = " "
			}
		}
		out.WriteString(line + "\n")
	}
}

// units splits a text where a line may break: between words, but not beside a
// number, so that "donderdag 5 maart 2026 om 09:00" stays whole and can be found.
func units(text string) []string {
	var units []string
	glued := false
	for word := range strings.FieldsSeq(text) {
		if len(units) > 0 && (glued || only(strings.TrimRight(word, ".,:"), digits+":")) {
			units[len(units)-1] += " " + word
		} else {
			units = append(units, word)
		}
		glued = only(word, digits)
	}
	return units
}

// pieces breaks a unit that is longer than a line, unless it is an address.
func pieces(unit string, longest int) []string {
	runes := []rune(unit)
	if len(runes) <= longest || strings.HasPrefix(unit, "https://") || strings.HasPrefix(unit, "http://") {
		return []string{unit}
	}
	return append([]string{string(runes[:longest])}, pieces(string(runes[longest:]), longest)...)
}
