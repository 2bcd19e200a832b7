package clock

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
	_ "time/tzdata" // the page shows Dutch time on machines without zone files
)

// view is what the page shows.
type view struct {
	Dutch, English string // the time in both languages
	Machine        string // the time for the datetime attribute
	Offset         string
	Buttons        []button
	Rows           []Row
	Late           bool // an advance ran into its limit
	Left           []string
}

// button is one of the steps that the page offers.
type button struct{ Hours, Dutch, English string }

// servePage shows the time, the steps and what is waiting. Left is what an
// advance left undone, nil when there was none.
func (h *handler) servePage(w http.ResponseWriter, r *http.Request, status int, left []string) {
	now := h.Clock.Now().In(h.place)
	v := view{
		Dutch: dutchTime(now), English: now.Format("Monday 2 January 2006, 15:04:05 (MST)"),
		Machine: now.Format(time.RFC3339), Offset: spelled(h.Clock.Offset()),
		Buttons: buttons(), Rows: h.rows(r), Late: left != nil, Left: left,
	}
	var page bytes.Buffer
	if err := h.page.Execute(&page, v); err != nil {
		refuse(w, http.StatusInternalServerError, fmt.Errorf("writing the clock's page: %w", err))
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the reader may be gone
}

// rows asks what is waiting; a failure is a row, too.
func (h *handler) rows(r *http.Request) []Row {
	if h.Waiting == nil {
		return nil
	}
	rows, err := h.Waiting(r.Context())
	if err != nil {
		return append(rows, Row{Name: "Niet te lezen · Not readable", Value: err.Error()})
	}
	return rows
}

// serveStyle serves the page's style sheet.
func (h *handler) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(styleSource))
}

// buttons are the steps that a case's life asks for: a tick, a day, a week and
// the promised term.
func buttons() []button {
	return []button{
		{"0.25", "+15 minuten", "+15 minutes"},
		{"24", "+1 dag", "+1 day"},
		{"168", "+7 dagen", "+7 days"},
		{"672", "+28 dagen", "+28 days"},
	}
}

// spelled writes how far the clock is from real time, with the days apart: a
// stack that began in another year is thousands of hours away.
func spelled(offset time.Duration) string {
	const day = 24 * time.Hour
	sign, offset := "+", offset.Round(time.Second)
	if offset < 0 {
		sign, offset = "-", -offset
	}
	return fmt.Sprintf("%s%d d %s", sign, offset/day, offset%day)
}

// dutchTime writes an instant out in Dutch, which package time does not speak.
func dutchTime(t time.Time) string {
	days := [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	months := [...]string{
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	}
	return fmt.Sprintf("%s %d %s %d, %s", days[t.Weekday()], t.Day(), months[t.Month()-1], t.Year(),
		t.Format("15:04:05 (MST)"))
}

// pageSource is the page: Dutch first, English beside it, no script.
const pageSource = `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>De klok van Inzage</title>
<link rel="stylesheet" href="/clock.css">
</head>
<body>
<main>
<h1>De klok <span lang="en">The clock</span></h1>
<p class="now"><time datetime="{{.Machine}}">{{.Dutch}}</time> <span lang="en">{{.English}}</span></p>
<p>Verschil met de echte tijd <span lang="en">Offset from real time</span> {{.Offset}}</p>
{{if .Late}}<section class="late" role="alert">
<h2>Nog niet klaar <span lang="en">Not finished yet</span></h2>
<ul>{{range .Left}}<li>{{.}}</li>{{else}}<li>De tijd was op. <span lang="en">Time ran out.</span></li>{{end}}</ul>
<p><a href="/">Opnieuw kijken <span lang="en">Look again</span></a></p>
</section>
{{end}}<h2>Vooruit <span lang="en">Forward</span></h2>
<div class="steps">
{{range .Buttons}}<form method="post" action="/advance"><button name="hours" value="{{.Hours}}">{{.Dutch}} <span lang="en">{{.English}}</span></button></form>
{{end}}</div>
<p>De klok gaat nooit terug. Onderweg gebeurt alles wat aan de beurt is.
<span lang="en">The clock never goes back. What falls due on the way happens.</span></p>
{{if .Rows}}<h2>Wat wacht <span lang="en">What is waiting</span></h2>
<table>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Name}}</th><td>{{.Value}}</td></tr>{{end}}</tbody>
</table>
{{end}}</main>
</body>
</html>
`

// styleSource is the page's style, light or dark as the reader prefers.
const styleSource = `:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fbfaf7; --quiet: #5b636e; --line: #c9cdd3; --act: #0b57a4; --alarm: #9c1c1c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --paper: #16191d; --quiet: #a4acb6; --line: #3c434b; --act: #8ab8ef; --alarm: #ff9d94; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; }
[lang=en] { color: var(--quiet); font-size: .875em; font-weight: normal; }
.now time { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
h1, h2 { line-height: 1.25; }
.steps { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; }
button { width: 100%; font: inherit; min-height: 2.75rem; padding: .5rem; border: 2px solid var(--act); border-radius: .375rem; background: none; color: var(--ink); cursor: pointer; }
button [lang=en] { display: block; }
button:hover { background: color-mix(in srgb, var(--act) 15%, transparent); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
a { color: var(--act); }
.late { border-inline-start: .25rem solid var(--alarm); padding-inline-start: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .375rem .5rem; border-block-end: 1px solid var(--line); font-weight: normal; }
td { text-align: end; font-variant-numeric: tabular-nums; }
`
