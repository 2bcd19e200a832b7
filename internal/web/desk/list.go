package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// listPage is the open cases, or the answer to a search for one. It names no
// data subject.
type listPage struct {
	frame
	Today   web.Day
	Sought  string // the number somebody typed that no case has
	Rows    []row
	Further int // open cases beyond those shown
}

// row is one case of the list.
type row struct {
	Number   dsr.Number
	Link     string
	Rights   []string
	Received web.Day
	PlanBy   web.Day
	Promise  web.Day
	Law      web.Day
	Left     urgency
	Step     string // what to do next
	Mark     string // what must not be overlooked
}

// list shows the open cases, those that are late in front.
func (s *site) list(v visit) (web.Answer, error) {
	page := listPage{frame: s.frame(v)}
	page.Other = other(v)
	status := http.StatusOK
	if sought := v.URL.Query().Get("nummer"); sought != "" {
		found, err := s.find(v, sought)
		if !errors.Is(err, casework.ErrNotFound) {
			return found, err
		}
		page.Sought, status = web.Line(sought), http.StatusNotFound
	}
	cases, all, err := s.Reading.List(v.Context())
	if err != nil {
		return web.Answer{}, err
	}
	today := s.Rules.Calendar.Day(v.now)
	page.Today, page.Further = web.Written(today, today.Long(), v.language), all-len(cases)
	for _, c := range cases {
		page.Rows = append(page.Rows, row{
			Number:   c.Number,
			Link:     casePath + string(c.Number) + v.keep,
			Rights:   rightNames(c.Rights, v.language),
			Received: web.Medium(c.Dates.ReceiptDay, v.language),
			PlanBy:   web.Medium(c.Dates.PlanBy, v.language),
			Promise:  web.Medium(c.Dates.PromiseDue, v.language),
			Law:      web.Medium(c.Dates.LawDue, v.language),
			Left:     urgent(today, c.Dates, v.language),
			Step:     web.In(s.next(c).words, v.language),
			Mark:     mark(c, v.language),
		})
	}
	return s.pages.Render(status, "list."+string(v.language)+".html", page)
}

// find leads to the case with a number that somebody typed.
func (s *site) find(v visit, typed string) (web.Answer, error) {
	number, ok := dsr.ParseNumber(typed)
	if !ok {
		return web.Answer{}, casework.ErrNotFound
	}
	c, err := s.Reading.Find(v.Context(), number)
	if err != nil {
		return web.Answer{}, err
	}
	return redirect(casePath + string(c.Number) + v.keep), nil
}

// urgency is how much time a case has left. Words say it; the look only helps.
type urgency struct {
	Words string
	Late  bool // the promise is broken
	Soon  bool // the planned day is today or over
}

// urgent compares today with the days of a case. Staff count towards the
// planned day; late is what the data subject was promised.
func urgent(today deadline.Date, dates dsr.Dates, language dsr.Language) urgency {
	until := func(day dsr.Day) int {
		due, err := deadline.ParseDate(string(day))
		if err != nil {
			return 0
		}
		return due.DaysSince(today)
	}
	plan, promise, law := until(dates.PlanBy), until(dates.PromiseDue), until(dates.LawDue)
	switch {
	case promise < 0 && law < 0:
		over := days(-promise)
		return urgency{Words: web.In(deadline.Text{NL: over.NL + " te laat, ook voor de wet", EN: over.EN + " late, by law as well"}, language), Late: true}
	case promise < 0:
		over := days(-promise)
		return urgency{Words: web.In(deadline.Text{NL: over.NL + " te laat", EN: over.EN + " late"}, language), Late: true}
	case plan < 0:
		return urgency{Words: web.In(deadline.Text{NL: "plandatum voorbij", EN: "planned day is over"}, language), Soon: true}
	case plan == 0:
		return urgency{Words: web.In(deadline.Text{NL: "vandaag", EN: "today"}, language), Soon: true}
	}
	left := days(plan)
	return urgency{Words: web.In(deadline.Text{NL: "nog " + left.NL, EN: left.EN + " left"}, language)}
}

// days counts days in words.
func days(n int) deadline.Text {
	if n == 1 {
		return deadline.Text{NL: "1 dag", EN: "1 day"}
	}
	return deadline.Text{NL: fmt.Sprintf("%d dagen", n), EN: fmt.Sprintf("%d days", n)}
}

// rightNames names the rights of a case.
func rightNames(rights []dsr.Right, language dsr.Language) []string {
	var names []string
	for _, right := range rights {
		names = append(names, right.Name(language))
	}
	return names
}

// other gives the query of the same page in the other language, with the fields
// of the query that the page needs.
func other(v visit, fields ...string) string {
	query := url.Values{"taal": {string(web.OtherLanguage(v.language))}}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i+1] != "" {
			query.Set(fields[i], fields[i+1])
		}
	}
	return "?" + query.Encode()
}
