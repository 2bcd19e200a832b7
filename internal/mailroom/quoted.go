package mailroom

import (
	"slices"
	"strings"
)

// ownWords gives the part of a text that its sender wrote: without quoted
// lines, without the mail that is answered, without the signature. It is used
// to recognise requests only; the whole text is kept as evidence.
//
// The marks are those of the mail programs people use here, in Dutch, English,
// German and a few neighbours. What they miss counts as the sender's own, which
// at worst opens a case too many.
func ownWords(text string) string {
	lines := strings.Split(text, "\n")
	var own []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "--" || startsOldMail(lines[i:]) {
			break
		}
		if n := attribution(lines[i:]); n > 0 {
			if !quoteFollows(lines[i+n:]) {
				break // the old mail stands below without marks
			}
			i += n - 1
			continue
		}
		if strings.HasPrefix(line, ">") {
			continue
		}
		own = append(own, lines[i])
	}
	return strings.Join(own, "\n")
}

// attribution reports how many lines from here on introduce a quoted mail, as
// "Op 3 maart 2026 schreef Jan:" does; programs break it over up to three lines.
func attribution(lines []string) int {
	opening := strings.ToLower(strings.TrimSpace(lines[0]))
	if !hasPrefix(opening, "op ", "on ", "am ", "le ", "il giorno ", "el ") {
		return 0
	}
	sentence := ""
	for n := 1; n <= min(3, len(lines)); n++ {
		sentence += " " + strings.ToLower(strings.TrimSpace(lines[n-1]))
		if !strings.HasSuffix(sentence, ":") {
			continue
		}
		for _, verb := range []string{" wrote", " schreef", " heeft ", " schrieb", " a écrit", " ha scritto", " escribió"} {
			// "Op dinsdag:" is a list of the sender's own; a real one names a time or an address.
			if strings.Contains(sentence, verb) && strings.ContainsAny(sentence, "0123456789@") {
				return n
			}
		}
	}
	return 0
}

// quoteFollows reports whether the next line that is not empty is a quoted one.
func quoteFollows(lines []string) bool {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return false
}

// startsOldMail reports whether from here on an older mail stands below: a
// divider line, or the block of fields that Outlook writes.
func startsOldMail(lines []string) bool {
	first := strings.ToLower(strings.TrimSpace(lines[0]))
	if bare := strings.Trim(first, "- "); strings.HasPrefix(first, "--") {
		switch bare {
		case "original message", "oorspronkelijk bericht", "originele bericht", "origineel bericht",
			"forwarded message", "doorgestuurd bericht", "ursprüngliche nachricht", "message d'origine":
			return true
		}
	}
	first = strings.TrimLeft(first, "*_ ")
	if !hasPrefix(first, "van:", "from:", "von:", "de :", "de:") {
		return false
	}
	fields := 0
	for _, line := range lines[1:min(6, len(lines))] {
		if hasPrefix(strings.TrimLeft(strings.ToLower(line), "*_ \t"), "verzonden:", "sent:", "datum:", "date:", "gesendet:",
			"aan:", "to:", "an:", "onderwerp:", "subject:", "betreff:", "envoyé", "objet") {
			fields++
		}
	}
	return fields >= 2
}

// hasPrefix reports whether text begins with one of the prefixes.
func hasPrefix(text string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}

// isReply reports whether a subject line was carried over from an older mail,
// so that its words are not the sender's.
func isReply(subject string) bool {
	return hasPrefix(strings.ToLower(subject), "re:", "re :", "antw:", "antwoord:", "aw:", "sv:", "ré:") || isForward(subject)
}

// isForward reports whether a subject line is that of a mail passed on.
func isForward(subject string) bool {
	return hasPrefix(strings.ToLower(subject), "fw:", "fwd:", "doorst:", "doorgestuurd:", "wg:", "tr:")
}
