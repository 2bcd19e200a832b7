package letter

import (
	"embed"
	"fmt"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// sources holds every word of every letter.
//
//go:embed text
var sources embed.FS

// source is the Markdown source of one letter in one language. It begins with
// header lines, "Subject: ..." and "Button: ...", up to the first empty line. A
// "Subject-late: ..." takes the place of the subject once a date has passed.
// In the Markdown below, {name} stands for a value and
//
//	{if name}
//	...
//	{else}
//	...
//	{end}
//
// on lines of their own choose by a flag; sections may stand inside sections.
// A section {each list} ... {end} is written once for every word of a list; in
// it {this.name} and {if this.name} mean that word's own value and flag.
// A paragraph of only {button} becomes the letter's one link: a button with
// the bare address below it. The destination of another link is a value,
// [words]({name}), and ends its paragraph, because in plain text the address
// gets a line of its own.
type source struct {
	headers map[string]string
	body    string
}

// readSource reads the source with a name, which is a kind of letter or
// "words", the small dictionary that letters share.
func readSource(name string, language dsr.Language) (source, error) {
	raw, err := sources.ReadFile("text/" + name + "." + string(language) + ".md")
	if err != nil {
		return source{}, fmt.Errorf("reading source %s.%s: %w", name, language, err)
	}
	return parseSource(string(raw))
}

// parseSource splits a source into its header lines and its Markdown.
func parseSource(raw string) (source, error) {
	head, body, _ := strings.Cut(raw, "\n\n")
	s := source{headers: map[string]string{}, body: body}
	for line := range strings.Lines(head) {
		name, value, found := strings.Cut(line, ":")
		if !found {
			return source{}, fmt.Errorf("%w: a header line without a colon", ErrSource)
		}
		s.headers[name] = strings.TrimSpace(value)
	}
	return s, nil
}

// subject gives the subject of a letter, with the places of its values.
func (s source) subject(f facts) string {
	if late, has := s.headers["Subject-late"]; has && f.flags["late"] {
		return late
	}
	return s.headers["Subject"]
}

// sections gives the Markdown that applies to the case at hand.
func (s source) sections(f facts) (string, error) {
	repeated, err := repeat(s.body, f.lists)
	if err != nil {
		return "", err
	}
	return choose(repeated, f.flags)
}

// repeat writes each section {each list} once for every word of its list. Such
// sections may hold others, but not each other.
func repeat(body string, lists map[string][]string) (string, error) {
	var out, section strings.Builder
	var words []string
	depth := 0 // how many sections are open, from an {each} on
	for line := range strings.Lines(body) {
		mark := strings.TrimSpace(line)
		name, each := strings.CutPrefix(mark, "{each ")
		list, known := lists[strings.TrimSuffix(name, "}")]
		switch {
		case each && (depth > 0 || !known):
			return "", fmt.Errorf("%w: no list is called %q here", ErrSource, name)
		case each:
			words, depth = list, 1
			section.Reset()
		case depth == 0:
			out.WriteString(line)
		case mark == "{end}" && depth == 1:
			depth = 0
			for _, word := range words {
				out.WriteString(strings.NewReplacer("{this.", "{"+word+".", "{if this.", "{if "+word+".").Replace(section.String()))
			}
		default:
			if strings.HasPrefix(mark, "{if ") {
				depth++
			} else if mark == "{end}" {
				depth--
			}
			section.WriteString(line)
		}
	}
	if depth != 0 {
		return "", fmt.Errorf("%w: a list without its end", ErrSource)
	}
	return out.String(), nil
}

// choose keeps the sections of a Markdown text whose flags are set. It works
// on our own lines before any value is filled in, so a value cannot open or
// close a section.
func choose(body string, flags map[string]bool) (string, error) {
	var kept strings.Builder
	sections := []bool{true} // for each open section: are its lines kept?
	for line := range strings.Lines(body) {
		word := strings.TrimSpace(line)
		innermost := len(sections) - 1
		flag, opens := strings.CutPrefix(word, "{if ")
		switch {
		case opens:
			sections = append(sections, sections[innermost] && flags[strings.TrimSuffix(flag, "}")])
		case word == "{else}" && innermost > 0:
			sections[innermost] = sections[innermost-1] && !sections[innermost]
		case word == "{end}" && innermost > 0:
			sections = sections[:innermost]
		case sections[innermost]:
			kept.WriteString(line)
		}
	}
	if len(sections) != 1 {
		return "", fmt.Errorf("%w: a section without its end", ErrSource)
	}
	return kept.String(), nil
}

// fill puts the values in their places, each passed through escape. It reads
// the text once, from left to right: what a value holds is never read again,
// so braces in a value stay braces.
func fill(text string, values map[string]string, escape func(string) string) (string, error) {
	var filled strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		filled.WriteString(before)
		if !found {
			return filled.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !only(name, lowerOrDigit+"-_.") {
			// A brace of a style sheet, not a place for a value.
			filled.WriteString("{")
			text = rest
			continue
		}
		value, known := values[name]
		if !known {
			return "", fmt.Errorf("%w: no value is called %q", ErrSource, name)
		}
		filled.WriteString(escape(value))
		text = after
	}
}
