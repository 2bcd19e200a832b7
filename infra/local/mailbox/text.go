package mailbox

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// run is a piece of text: a link when URL is set.
type run struct {
	Text string
	URL  string
}

// linked finds the web addresses in a text. The punctuation after one is the
// sentence's, not the address's.
func (m *Mailbox) linked(text string) []run {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var runs []run
	rest := 0 // where the text begins that is not in runs yet
	for _, found := range m.links.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[found[0]:found[1]], ".,;:!?)'")
		if found[0] > rest {
			runs = append(runs, run{Text: text[rest:found[0]]})
		}
		runs = append(runs, run{Text: link, URL: link})
		rest = found[0] + len(link)
	}
	if rest < len(text) {
		runs = append(runs, run{Text: text[rest:]})
	}
	return runs
}

// piece is a stretch of text; a whole one is not broken over two lines.
type piece struct {
	Text  string
	Whole bool
}

// newPieces gives the function that cuts the case numbers out of a text.
// Browsers break lines after a hyphen, and half a number is none.
func newPieces() (func(text string) []piece, error) {
	numbers, err := regexp.Compile(`\b[A-Z]{2,8}-\d{4}-\d{4,}\b`)
	if err != nil {
		return nil, fmt.Errorf("preparing the case numbers: %w", err)
	}
	return func(text string) []piece {
		var pieces []piece
		rest := 0 // where the text begins that is not in pieces yet
		for _, found := range numbers.FindAllStringIndex(text, -1) {
			pieces = append(pieces, piece{Text: text[rest:found[0]]}, piece{Text: text[found[0]:found[1]], Whole: true})
			rest = found[1]
		}
		return append(pieces, piece{Text: text[rest:]})
	}, nil
}

// fields lists the header of a mail in its own order, unfolded (RFC 5322,
// 2.2.3).
func fields(raw []byte) []field {
	var list []field
	for line := range bytes.Lines(raw) {
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break // the header ends at the first empty line
		}
		if folded := strings.TrimLeft(text, " \t"); folded != text && len(list) > 0 {
			list[len(list)-1].Value += " " + folded
			continue
		}
		name, value, _ := strings.Cut(text, ":")
		list = append(list, field{Name: name, Value: strings.TrimSpace(value)})
	}
	return list
}

// htmlPolicy lets a mail show its own styles and nothing else: no script, no
// picture from elsewhere, no form. Its links open in a new window.
const htmlPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; " +
	"base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// showHTML serves the HTML of a mail for the frame of the page. It has its own
// address because a srcdoc frame would inherit the page's policy.
func (m *Mailbox) showHTML(w http.ResponseWriter, r *http.Request) {
	l, found := m.load(w, r)
	if !found {
		return
	}
	w.Header().Set("Content-Security-Policy", htmlPolicy)
	// The one answer that may be framed, and only by our own page.
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(withNewWindows(l.html)))
}

// withNewWindows makes links leave the frame: the pages they lead to refuse to
// be framed. Without a head of its own the mail gets the line in front.
func withNewWindows(html string) string {
	const base = `<base target="_blank">`
	at := strings.Index(strings.ToLower(html), "<head")
	if at < 0 {
		return "<!doctype html>" + base + html
	}
	end := strings.IndexByte(html[at:], '>')
	if end < 0 {
		return base + html
	}
	at += end + 1
	return html[:at] + base + html[at:]
}

// month is the Dutch name of a month; time has only the English ones.
func month(m time.Month) string {
	return [...]string{
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	}[m-1]
}

// shortTime is the moment in the list, as `5 maart 09:01`.
func shortTime(at time.Time) string {
	return fmt.Sprintf("%d %s %s", at.Day(), month(at.Month()), at.Format("15:04"))
}

// longTime is the moment on an open mail, as `5 maart 2026, 09:01`.
func longTime(at time.Time) string {
	return fmt.Sprintf("%d %s %d, %s", at.Day(), month(at.Month()), at.Year(), at.Format("15:04"))
}

// stamp is the moment for the datetime attribute.
func stamp(at time.Time) string {
	return at.Format(time.RFC3339)
}
