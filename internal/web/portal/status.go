package portal

import (
	"net/http"
	"net/url"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// statusPage is what the page of a case shows. It holds nothing that names a
// person.
type statusPage struct {
	web.Frame
	Number   dsr.Number
	Closed   bool
	Late     bool
	Left     string // how long until the promised day, in words; empty when it is over
	Today    web.Day
	Received web.Day
	Rights   []string
	Promise  web.Explained
	Law      web.Explained
	Timeline []moment
}

// moment is one line of the timeline.
type moment struct {
	When web.Day
	What string
}

// statusPage makes the page of a case.
func (s *site) statusPage(r *http.Request, now time.Time, status casework.Status) (web.Answer, error) {
	c, language := status.Case, web.LanguageOf(r, status.Case.Language)
	today := s.Rules.Calendar.Day(now)
	dates := web.ExplainDates(s.Rules.Calendar, s.Rules.Profile.Calendar.PromiseDays, c.Received, c.Dates, language)
	page := statusPage{
		Frame:    s.pages.Frame(language),
		Number:   c.Number,
		Closed:   !c.State.Open(),
		Today:    web.Written(today, today.Medium(), language),
		Received: web.Long(c.Dates.ReceiptDay, language),
		Promise:  dates.Promise,
		Law:      dates.Law,
		Timeline: s.timeline(status.History, language),
	}
	page.Other = otherLanguage(r.URL, language)
	for _, right := range c.Rights {
		page.Rights = append(page.Rights, right.Name(language))
	}
	if due, err := deadline.ParseDate(string(c.Dates.PromiseDue)); err == nil {
		page.Late = deadline.Overdue(today, due)
		page.Left = web.In(web.Left(due.DaysSince(today)), language)
	}
	return s.pages.Render(http.StatusOK, "status."+string(language)+".html", page)
}

// timeline gives the history in words; events that mean nothing to the visitor
// are left out.
func (s *site) timeline(history []dsr.Event, language dsr.Language) []moment {
	var line []moment
	for _, event := range history {
		if what := web.In(happened(event), language); what != "" {
			on := s.Rules.Calendar.Day(event.At)
			line = append(line, moment{When: web.Written(on, on.Medium(), language), What: what})
		}
	}
	return line
}

// happened says in words what an event means to the data subject.
func happened(event dsr.Event) deadline.Text {
	switch {
	case event.Kind == dsr.CaseOpened:
		return deadline.Text{NL: "Wij kregen uw verzoek.", EN: "We received your request."}
	case event.Kind == dsr.MessageAdded:
		return deadline.Text{NL: "Wij kregen nog een bericht van u.", EN: "We received another message from you."}
	case event.Kind == dsr.LetterSent && event.Facts["letter"] == string(dsr.Acknowledgement):
		return deadline.Text{NL: "Wij stuurden u een bevestiging.", EN: "We sent you a confirmation."}
	}
	return deadline.Text{}
}

// otherLanguage gives the query of the same page in the other language.
func otherLanguage(address *url.URL, language dsr.Language) string {
	other := string(web.OtherLanguage(language))
	return "?" + url.Values{"t": {address.Query().Get("t")}, "taal": {other}}.Encode()
}
