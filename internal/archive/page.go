package archive

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode"

	"polarweb.nl/inzage/internal/dsr"
)

// head begins the page. Its policy lets nothing in from elsewhere and nothing
// run, whatever a text of the answer holds.
const head = `<!DOCTYPE html>
<html lang="%[1]s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%[2]s</title>
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f3f3f3; padding: .75rem; font: inherit; }
h2 { margin-top: 2.5rem; border-top: 1px solid #999; padding-top: 1rem; }
a { color: #004a99; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>%[2]s</h1>
`

// page is LEESMIJ.html while it is written, in one language. It is put together
// by hand: package html/template doubles the size of a function.
type page struct {
	bytes.Buffer
	english bool
}

// page gives the page to read.
func (a Archive) page(inside contents) []byte {
	p := &page{english: inside.Language == dsr.English}
	title := p.say("Uw gegevens, zaak ", "Your data, case ") + string(inside.Number)
	fmt.Fprintf(p, head, p.language(), plain(title))
	p.begin(inside)
	for _, right := range inside.Rights {
		p.right(right)
	}
	p.about(inside.About)
	p.rights(inside)
	p.other()
	p.WriteString("</body>\n</html>\n")
	return p.Bytes()
}

// begin says what the archive is and what is in it.
func (p *page) begin(inside contents) {
	p.paragraph(p.say(
		"Dit is het antwoord van "+inside.From.Name+" op uw verzoek. Bewaar deze map goed: er staan persoonlijke gegevens in.",
		"This is the answer of "+inside.From.Name+" to your request. Keep this folder safe: it holds personal data."))
	p.list([]string{
		pageName + p.say(": deze uitleg. Hier leest u wat wij vonden.", ": this page. Here you read what we found."),
		folderName + p.say(": de bestanden zelf, per systeem.", ": the files themselves, per system."),
		contentsName + p.say(": hetzelfde antwoord, voor een computer.", ": the same answer, for a computer."),
		manifestName + p.say(": de lijst van alles, met controlegetallen.", ": the list of it all, with check sums."),
	})
}

// right says what was decided and found for one right.
func (p *page) right(part rightPart) {
	p.heading(2, part.Name)
	p.paragraph(part.Result.Words(p.language()))
	if part.Ground != "" {
		p.paragraph(p.say("Dit zegt de wet: ", "This is what the law says: ") + part.Ground)
	}
	if part.Reason != "" {
		p.paragraph(p.say("Onze uitleg:", "Our explanation:"))
		p.text(part.Reason)
	}
	for _, result := range part.Right.Results() {
		p.systems(part, result)
	}
	p.files(part.Files)
}

// systems tells about the systems with one result for a right: what each holds, or
// where that says it all only their names.
func (p *page) systems(part rightPart, result dsr.TaskResult) {
	var names []string
	said := false
	for _, found := range part.Found {
		if found.Result != result {
			continue
		}
		if !said {
			said = true
			p.paragraph(result.Words(part.Right, p.language()))
		}
		if !result.Told(part.Right) {
			names = append(names, plain(found.Name))
			continue
		}
		p.heading(3, found.Name)
		p.text(found.Text)
	}
	p.list(names)
}

// files lists files, each with a link to it.
func (p *page) files(files []filePart) {
	if len(files) == 0 {
		return
	}
	p.paragraph(p.say("Deze bestanden horen erbij:", "These files belong to it:"))
	var items []string
	for _, file := range files {
		items = append(items, fmt.Sprintf(`<a href="%s">%s</a> (%s, %s)`, address(file.Path), plain(file.Name), plain(file.In), p.size(file.Size)))
	}
	p.list(items)
}

// other says in the other language what the archive is.
func (p *page) other() {
	dutch, english := "Nederlands", "English"
	if p.english {
		fmt.Fprintf(p, "<section lang=\"nl\">\n<h2>%s</h2>\n<p>%s</p>\n</section>\n", dutch,
			"Deze map hoort bij uw verzoek over uw gegevens. In "+folderName+" staan de bestanden die wij vonden. Wilt u deze uitleg in het Nederlands? Mail ons dan.")
		return
	}
	fmt.Fprintf(p, "<section lang=\"en\">\n<h2>%s</h2>\n<p>%s</p>\n</section>\n", english,
		"This folder belongs to your request about your data. The files we found are in "+folderName+". Would you like this page in English? Then mail us.")
}

// say gives a text in the language of the page.
func (p *page) say(dutch, english string) string {
	if p.english {
		return english
	}
	return dutch
}

// language is the language of the page.
func (p *page) language() dsr.Language {
	if p.english {
		return dsr.English
	}
	return dsr.Dutch
}

// heading writes a heading.
func (p *page) heading(level int, text string) {
	fmt.Fprintf(p, "<h%[1]d>%[2]s</h%[1]d>\n", level, plain(text))
}

// paragraph writes a paragraph.
func (p *page) paragraph(text string) { fmt.Fprintf(p, "<p>%s</p>\n", plain(text)) }

// text writes a text of somebody else, as it was written.
func (p *page) text(text string) { fmt.Fprintf(p, "<pre dir=\"auto\">%s</pre>\n", plain(text)) }

// list writes a list of what is HTML already; nothing for an empty one.
func (p *page) list(items []string) {
	if len(items) > 0 {
		fmt.Fprintf(p, "<ul>\n<li>%s</li>\n</ul>\n", strings.Join(items, "</li>\n<li>"))
	}
}

// size says how large a file is, in the units of a file manager, so that readers
// know what they open.
func (p *page) size(bytes int64) string {
	value, unit := float64(bytes), 0
	units := []string{"B", "kB", "MB", "GB"}
	for ; value >= 1000 && unit < len(units)-1; unit++ {
		value /= 1000
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	text := fmt.Sprintf("%.1f %s", value, units[unit])
	if p.english {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// plain makes text harmless on a page: no markup, and no characters that turn
// the direction of writing round or that nobody sees.
func plain(text string) string {
	shown := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u2028' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return html.EscapeString(shown)
}

// address gives the path of a file as a link from the page. A name may hold what
// means something in an address.
func address(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}
