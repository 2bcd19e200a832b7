package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

const (
	// maxShown is how many bytes of escaped text one page shows. A function
	// answers with 6 MB at most, and a page grows by a third on its way
	// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
	maxShown = 3 << 20
	// maxTimeline is how many events one page shows, the latest.
	maxTimeline = 200
)

// dossierPage is one case with all that was said in it.
type dossierPage struct {
	frame
	Number   dsr.Number
	Received web.Day
	Closed   bool
	Doubtful bool // nobody was answered: the sender may be somebody else
	Left     urgency
	Rights   []string
	Name     string
	Address  string
	Dates    web.Dates
	Messages []message
	More     int // messages left out
	Evidence evidence
	Timeline []moment
	Earlier  int // events left out
}

// message is one mail of the case, as harmless text.
type message struct {
	Kind        string
	When        string
	Name        string
	Address     string
	About       string // what the sender wrote above it
	Text        string
	Truncated   bool // cut when it came in
	Cut         bool // cut for this page
	Lost        bool
	Attachments []attachment
}

// attachment describes one file that came with a mail.
type attachment struct {
	Name string
	Kind string
	Size string
}

// moment is one line of the timeline.
type moment struct {
	ISO  string
	When string
	Who  string
	What string
}

// dossier shows one case. HEAD looks whether it is there and opens nothing.
func (s *site) dossier(v visit) (web.Answer, error) {
	number, ok := dsr.ParseNumber(strings.TrimPrefix(v.URL.Path, casePath))
	if !ok {
		return web.Answer{}, casework.ErrNotFound
	}
	c, err := s.Reading.Find(v.Context(), number)
	if err != nil {
		return web.Answer{}, err
	}
	if v.Method == http.MethodHead {
		return web.Answer{Status: http.StatusOK}, nil
	}
	opened, err := s.Reading.Open(v.Context(), v.now, v.session, c.ID)
	if err != nil {
		return web.Answer{}, err
	}
	return s.pages.Render(http.StatusOK, "case."+string(v.language)+".html", s.dossierPage(v, opened))
}

// dossierPage makes the page of a case.
func (s *site) dossierPage(v visit, opened casework.Dossier) dossierPage {
	c := opened.Case
	page := dossierPage{
		frame:    s.frame(v),
		Number:   c.Number,
		Received: web.Long(c.Dates.ReceiptDay, v.language),
		Closed:   !c.State.Open(),
		Doubtful: !dsr.Trust{Level: c.Trust}.Answerable(),
		Left:     urgent(s.Rules.Calendar.Day(v.now), c.Dates, v.language),
		Rights:   rightNames(c.Rights, v.language),
		Name:     line(c.Requester.Name),
		Address:  line(c.Requester.Address),
		Dates:    web.ExplainDates(s.Rules.Calendar, s.Rules.Profile.Calendar.PromiseDays, c.Received, c.Dates, v.language),
		Messages: s.messages(opened.Messages, v.language),
		More:     opened.More,
	}
	page.Other = other(v)
	if len(opened.History) > 0 {
		page.Evidence = evidenceOf(c.Trust, opened.History[0].Facts, v.language)
	}
	shown := opened.History
	if page.Earlier = max(0, len(shown)-maxTimeline); page.Earlier > 0 {
		shown = shown[page.Earlier:]
	}
	for _, event := range shown {
		page.Timeline = append(page.Timeline, s.moment(c, event, v.language))
	}
	return page
}

// messages gives the mails of a case, as long as the page has room.
func (s *site) messages(list []casework.Message, language dsr.Language) []message {
	room := maxShown
	var messages []message
	for _, one := range list {
		said := one.Said
		shown := message{
			Kind: web.In(happened(one.Event), language), When: s.clock(one.Event.At, language),
			Name: line(said.Name), Address: line(said.Address), About: line(said.SubjectLine),
			Truncated: said.Truncated, Lost: one.Lost,
		}
		text := visible(said.Text)
		shown.Text, room = fitting(text, room)
		shown.Cut = len(shown.Text) < len(text)
		for _, file := range said.Attachments {
			shown.Attachments = append(shown.Attachments, attachment{
				Name: line(file.Name), Kind: line(file.MediaType), Size: size(file.Size, language),
			})
		}
		messages = append(messages, shown)
	}
	return messages
}

// moment says in words what an event is, when it was, and who did it.
func (s *site) moment(c dsr.Case, event dsr.Event, language dsr.Language) moment {
	return moment{
		ISO: event.At.UTC().Format(time.RFC3339), When: s.clock(event.At, language),
		Who: s.who(c, event, language), What: web.In(happened(event), language),
	}
}

// who names who did something: staff by name, also those who left.
func (s *site) who(c dsr.Case, event dsr.Event, language dsr.Language) string {
	if member, ok := s.Rules.Profile.StaffByActor(event.Actor); ok {
		return line(member.Name)
	}
	switch {
	case event.Actor == c.Person:
		return web.In(deadline.Text{NL: "aanvrager", EN: "requester"}, language)
	case event.Actor == dsr.ActorID{}:
		return "Inzage"
	}
	return event.Actor.String()
}

// clock writes an instant as staff read it on their own clock.
func (s *site) clock(at time.Time, language dsr.Language) string {
	local := at.In(s.zone)
	day := s.Rules.Calendar.Day(at).Medium()
	return fmt.Sprintf("%s, %s", web.In(day, language), local.Format("15:04"))
}

// size writes how large a file is.
func size(bytes int64, language dsr.Language) string {
	const kilo = 1024
	switch {
	case bytes < kilo:
		return strconv.FormatInt(bytes, 10) + " bytes"
	case bytes < kilo*kilo:
		return strconv.FormatInt((bytes+kilo-1)/kilo, 10) + " kB"
	}
	megabytes := strconv.FormatFloat(float64(bytes)/(kilo*kilo), 'f', 1, 64) + " MB"
	if language == dsr.English {
		return megabytes
	}
	return strings.Replace(megabytes, ".", ",", 1)
}
