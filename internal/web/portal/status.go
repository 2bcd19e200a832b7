package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// frame is what every page shows of the organisation.
type frame struct {
	Lang       dsr.Language
	Style      template.CSS
	Controller organisation.Controller
	Authority  organisation.Authority
	Other      string // the same page in the other language; empty when it has both
}

// frame gives the frame of a page.
func (s *site) frame(language dsr.Language) frame {
	profile := s.Rules.Profile
	return frame{Lang: language, Style: s.style, Controller: profile.Controller, Authority: profile.Authority}
}

// statusPage is what the page of a case shows. It holds nothing that names a
// person.
type statusPage struct {
	frame
	Number   dsr.Number
	Closed   bool
	Late     bool
	Left     string // how long until the promised day, in words; empty when it is over
	Today    day
	Received day
	Rights   []string
	Promise  explained
	Law      explained
	Timeline []moment
}

// day is a civil day for people and for machines.
type day struct {
	ISO  string
	Text string
}

// explained is a day with the steps that lead to it.
type explained struct {
	day
	Steps []string
}

// moment is one line of the timeline.
type moment struct {
	When day
	What string
}

// statusPage makes the page of a case.
func (s *site) statusPage(r *http.Request, now time.Time, status casework.Status) (answer, error) {
	c, language := status.Case, pageLanguage(r, status.Case.Language)
	today := s.Rules.Calendar.Day(now)
	page := statusPage{
		frame:    s.frame(language),
		Number:   c.Number,
		Closed:   !c.State.Open(),
		Today:    written(today, today.Medium(), language),
		Received: long(c.Dates.ReceiptDay, language),
		Promise:  explained{day: long(c.Dates.PromiseDue, language)},
		Law:      explained{day: long(c.Dates.LawDue, language)},
		Timeline: s.timeline(status.History, language),
	}
	page.Other = otherLanguage(r.URL, language)
	for _, right := range c.Rights {
		page.Rights = append(page.Rights, right.Name(language))
	}
	if due, err := deadline.ParseDate(string(c.Dates.PromiseDue)); err == nil {
		page.Late = deadline.Overdue(today, due)
		page.Left = in(left(due.DaysSince(today)), language)
	}
	s.explain(&page, c, language)
	return s.render(http.StatusOK, "status."+string(language)+".html", page)
}

// left says how long it is until a day; nothing about a day that is over.
func left(days int) deadline.Text {
	switch {
	case days < 0:
		return deadline.Text{}
	case days == 0:
		return deadline.Text{NL: "Dat is vandaag.", EN: "That is today."}
	case days == 1:
		return deadline.Text{NL: "Dat is morgen.", EN: "That is tomorrow."}
	}
	return deadline.Text{NL: fmt.Sprintf("Nog %d dagen.", days), EN: fmt.Sprintf("%d days left.", days)}
}

// explain says why the dates are what they are. A stored date that today's
// calendar would not give stands without its steps: what a letter promised does
// not move.
func (s *site) explain(page *statusPage, c dsr.Case, language dsr.Language) {
	clocks, err := s.Rules.Calendar.Clocks(c.Received, s.Rules.Profile.Calendar.PromiseDays)
	if err != nil {
		return
	}
	page.Promise.Steps = steps(s.Rules.Calendar.ExplainPromise(clocks), c.Dates.PromiseDue, language)
	page.Law.Steps = steps(s.Rules.Calendar.ExplainLaw(clocks), c.Dates.LawDue, language)
}

// steps gives the sentences of an explanation, if it explains the stored date.
func steps(explanation deadline.Explanation, stored dsr.Day, language dsr.Language) []string {
	if explanation.Due.String() != string(stored) {
		return nil
	}
	var sentences []string
	for _, step := range explanation.Steps {
		sentences = append(sentences, in(step.Text, language))
	}
	return sentences
}

// timeline gives the history in words; events that mean nothing to the visitor
// are left out.
func (s *site) timeline(history []dsr.Event, language dsr.Language) []moment {
	var line []moment
	for _, event := range history {
		if what := in(happened(event), language); what != "" {
			on := s.Rules.Calendar.Day(event.At)
			line = append(line, moment{When: written(on, on.Medium(), language), What: what})
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

// pageLanguage is the language asked for, else that of the case.
func pageLanguage(r *http.Request, usual dsr.Language) dsr.Language {
	switch asked := dsr.Language(r.URL.Query().Get("taal")); asked {
	case dsr.Dutch, dsr.English:
		return asked
	}
	if usual == dsr.English {
		return dsr.English
	}
	return dsr.Dutch
}

// otherLanguage gives the query of the same page in the other language.
func otherLanguage(address *url.URL, language dsr.Language) string {
	query := url.Values{"t": {address.Query().Get("t")}, "taal": {string(dsr.English)}}
	if language == dsr.English {
		query.Set("taal", string(dsr.Dutch))
	}
	return "?" + query.Encode()
}

// long writes a stored day in full; a malformed one as it is stored.
func long(stored dsr.Day, language dsr.Language) day {
	date, err := deadline.ParseDate(string(stored))
	if err != nil {
		return day{Text: string(stored)}
	}
	return written(date, date.Long(), language)
}

// written joins a date and its words.
func written(date deadline.Date, words deadline.Text, language dsr.Language) day {
	return day{ISO: date.String(), Text: in(words, language)}
}

// in gives a text in a language.
func in(text deadline.Text, language dsr.Language) string {
	if language == dsr.English {
		return text.EN
	}
	return text.NL
}
