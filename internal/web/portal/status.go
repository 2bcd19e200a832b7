package portal

import (
	"net/http"
	"net/url"

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
	Stand    stand
	Late     bool
	Waits    string // what the case waits for; empty when the visitor may not know
	Ready    string // until when files can be collected; empty when there are none or they may not know
	Withdraw string // where the request can be taken back; empty when it is too late
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

// stand is how far a case has come, as its sender may know it. Whether anybody
// is on file, was asked or said something, and how the case was decided, is not
// for them: they may be somebody else.
type stand string

// The stands. In the last three there is nothing left to wait for.
const (
	standOpen      stand = "open"
	standAnswering stand = "answering"
	standClosed    stand = "closed"
	standWithdrawn stand = "withdrawn"
)

// standOf gives the stand of a case.
func standOf(c dsr.Case) stand {
	switch {
	case c.State == dsr.Answering:
		return standAnswering
	case c.State.Open():
		return standOpen
	case c.Work.Outcome == dsr.Withdrawn:
		return standWithdrawn
	}
	return standClosed
}

// status shows how the case behind the link stands.
func (s *site) status(v visit) (web.Answer, error) {
	link, err := s.verify(v, dsr.FollowCase)
	if err != nil {
		return web.Answer{}, err
	}
	status, err := s.Following.Status(v.Context(), link)
	if err != nil {
		return web.Answer{}, err
	}
	return s.statusPage(v, status)
}

// statusPage makes the page of a case.
func (s *site) statusPage(v visit, status casework.Status) (web.Answer, error) {
	c, language := status.Case, web.LanguageOf(v.Request, status.Case.Language)
	today := s.Rules.Calendar.Day(v.now)
	dates := web.ExplainDates(s.Rules.Calendar, s.Rules.Profile.Calendar.PromiseDays, c.Received, c.Dates, language)
	page := statusPage{
		Frame:    s.pages.Frame(language),
		Number:   c.Number,
		Stand:    standOf(c),
		Today:    web.Written(today, today.Medium(), language),
		Received: web.Long(c.Dates.ReceiptDay, language),
		Promise:  dates.Promise,
		Law:      dates.Law,
		Timeline: s.timeline(status.History, language, status.OnFile),
	}
	if status.OnFile {
		page.Waits = web.In(waits(c, s.copyStandOf(yours(status.History), language)), language)
		page.Ready = web.In(s.collectable(yours(status.History)), language)
	}
	page.Other = otherLanguage(v, language)
	if c.State.Stoppable() {
		page.Withdraw = withdrawPath + "?" + url.Values{"t": {v.token}, "taal": {string(language)}}.Encode()
	}
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
// are left out. Most of them mean something to a contact on file alone.
func (s *site) timeline(history []dsr.Event, language dsr.Language, onFile bool) []moment {
	var line []moment
	theirs := len(history) - len(yours(history)) // of whoever was taken for the data subject before
	for i, event := range history {
		what := happened(event)
		if what == (deadline.Text{}) && onFile && i >= theirs {
			what = s.happenedToYou(event)
		}
		if what != (deadline.Text{}) {
			on := s.Rules.Calendar.Day(event.At)
			line = append(line, moment{When: web.Written(on, on.Medium(), language), What: web.In(what, language)})
		}
	}
	return line
}

// happened says in words what an event means to whoever sent the request. What
// staff found, whom they asked and what they decided is not among it.
func happened(event dsr.Event) deadline.Text {
	switch {
	case event.Kind == dsr.CaseOpened:
		return deadline.Text{NL: "Wij kregen uw verzoek.", EN: "We received your request."}
	case event.Kind == dsr.MessageAdded:
		return deadline.Text{NL: "Wij kregen nog een bericht van u.", EN: "We received another message from you."}
	case event.Kind == dsr.LetterSent && event.Facts["letter"] == string(dsr.Acknowledgement):
		return deadline.Text{NL: "Wij stuurden u een bevestiging.", EN: "We sent you a confirmation."}
	case event.Kind == dsr.CaseClosed && event.Facts["outcome"] == string(dsr.Withdrawn):
		return deadline.Text{NL: "U trok uw verzoek in.", EN: "You withdrew your request."}
	case event.Kind == dsr.CaseClosed:
		return deadline.Text{NL: "Wij sloten uw verzoek af.", EN: "We closed your request."}
	}
	return deadline.Text{}
}
