package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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

// dossierPage is one case with all that was said in it, and what its reader can
// do to it now.
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
	Fetch    string // where one of them is asked for as it arrived
	More     int    // messages left out
	Evidence evidence
	Timeline []moment
	Earlier  int // events left out

	Errors  []problem // what was wrong with the form that led here
	Kept    []kept    // what was typed in it, when there is no such form any more
	Step    string    // the one thing to do next
	Alarm   bool      // everything stands still
	Now     *form     // the form for it
	See     []leads   // where it is looked at
	Add     *form     // announces a file from the system in front
	Others  []form    // what else can be done now
	Missed  missedBlock
	Copies  copiesBlock
	OnFile  []told
	Decided []told
	Looked  []told
}

// leads is a link with its words.
type leads struct{ Link, Words string }

// asked is what led to the page of a case, beside the case itself: a form to
// show in front, with what was typed in it and what was wrong with that.
type asked struct {
	form   string
	in     url.Values
	found  mistakes
	status int
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
	Original    string // the id of the mail, while it is kept as it arrived
}

// attachment describes one file that came with a mail.
type attachment struct {
	Name string
	Kind string
	Size string
	Copy bool // perhaps of an identity document
}

// moment is one line of the timeline.
type moment struct {
	ISO       string
	When      string
	Who       string
	What      string
	Detail    string // of what exactly
	Note      string // what staff wrote with it
	Reference string // of whom they found
}

// dossier shows one case.
func (s *site) dossier(v visit, c dsr.Case) (web.Answer, error) {
	return s.showCase(v, c, asked{status: http.StatusOK})
}

// showCase opens a case and shows it.
func (s *site) showCase(v visit, c dsr.Case, a asked) (web.Answer, error) {
	on, err := s.enter(v, c)
	if err != nil {
		return web.Answer{}, err
	}
	page := s.dossierPage(on, a)
	given, err := s.pages.Render(a.status, "case."+string(v.language)+".html", page)
	if err == nil && slices.ContainsFunc(page.Messages, func(one message) bool { return one.Original != "" }) {
		given, err = s.leading(v, given)
	}
	if err == nil && page.Copies.shows() {
		given = showing(given, page.frame, "'self'")
	}
	return given, err
}

// enter opens a case and gives it as its visitor sees it. That they looked is
// written down first.
func (s *site) enter(v visit, c dsr.Case) (scene, error) {
	opened, err := s.Reading.Open(v.Context(), v.now, v.session, c.ID)
	if err != nil {
		return scene{}, err
	}
	return s.sceneOf(v, opened)
}

// dossierPage makes the page of a case.
func (s *site) dossierPage(on scene, a asked) dossierPage {
	c := on.c
	page := dossierPage{
		frame:    s.frame(on.visit),
		Number:   c.Number,
		Received: web.Long(c.Dates.ReceiptDay, on.language),
		Closed:   !c.State.Open(),
		Doubtful: !dsr.Trust{Level: c.Trust}.Answerable(),
		Left:     urgent(s.Rules.Calendar.Day(on.now), c.Dates, on.language),
		Rights:   rightNames(c.Rights, on.language),
		Name:     web.Line(c.Requester.Name),
		Address:  web.Line(c.Requester.Address),
		Dates:    web.ExplainDates(s.Rules.Calendar, s.Rules.Profile.Calendar.PromiseDays, c.Received, c.Dates, on.language),
		Fetch:    casePath + string(c.Number) + "/" + mailAct + on.keep,
		More:     on.d.More,
		OnFile:   s.onFile(on),
		Decided:  s.decided(on),
	}
	if a.status == http.StatusOK {
		page.Other = other(on.visit, "systeem", on.URL.Query().Get("systeem"), "recht", on.URL.Query().Get("recht"))
	}
	room := s.putActs(&page, on, a)
	if page.Now != nil {
		on.front = page.Now.ID
	}
	page.Missed, page.Copies = s.missedLetters(on), s.copies(on)
	page.Looked, room = s.looked(on, room)
	page.Messages = s.messages(on, room)
	if len(on.d.History) > 0 {
		page.Evidence = evidenceOf(c.Trust, on.d.History[0].Facts, on.language)
	}
	shown := on.d.History
	if page.Earlier = max(0, len(shown)-maxTimeline); page.Earlier > 0 {
		shown = shown[page.Earlier:]
	}
	page.Timeline = s.timeline(on, shown)
	return page
}

// putActs puts what can be done onto the page of a case: one thing in front, the
// others below. It gives how much text the page has room for after that.
func (s *site) putActs(page *dossierPage, on scene, a asked) (left int) {
	// The form that was sent, or asked for, stands where the next step would: a
	// page has one place that asks for attention.
	next := s.nextOf(on.c, on.d)
	page.Step, page.Alarm = web.In(next.words, on.language), next.alarm
	page.See = s.lookAt(on)
	if next.act == "identiteit" && len(on.unseenCopies()) > 0 {
		page.Step = on.say("Er ligt een kopie klaar. Bekijk die scherp en beoordeel wie dit is.", "A copy lies ready. Look at it sharp and judge who this is.")
		page.See = append(page.See, leads{"#kopieen", on.say("Naar de kopie", "To the copy")})
	}
	room := maxShown
	front, ok := on.form(a.form)
	switch {
	case ok && len(a.found) > 0:
		page.Errors = problems(a.found, front, on.language)
		front, room = front.filled(a.in, a.found, on.language)
	case len(a.found) > 0:
		page.Errors = problems(a.found, form{ID: "main"}, on.language)
		page.Kept, room = keptOf(a.in)
	case !ok:
		front, ok = s.front(on, next)
	}
	if ok {
		page.Now = &front
		if place, looks := strings.CutPrefix(front.ID, "zoeken-"); looks {
			page.Add = on.beside("bestand-" + place)
		}
		if lead, files := on.filesLead(front); files {
			page.See = append(page.See, lead)
		}
		// A form that was asked for is the next step itself, and so is one that says
		// the same: one thing is said once.
		if !next.alarm && (front.ID == a.form || front.Title+"." == page.Step) {
			page.Step = ""
		}
	}
	for _, one := range s.acts {
		for _, offered := range on.offered[one.name] {
			if offered.ID != front.ID && !on.folded(offered) {
				page.Others = append(page.Others, offered)
			}
		}
	}
	return room
}

// front gives the form of the next step.
func (s *site) front(on scene, next step) (found form, ok bool) {
	if next.form != "" {
		return on.form(next.form)
	}
	if forms := on.offered[next.act]; len(forms) > 0 {
		return forms[0], true
	}
	return form{}, false
}

// folded reports whether a form stands behind a link of its own, or beside what it
// is about: there are many systems to look into, and what was decided is seldom
// decided anew.
func (on scene) folded(f form) bool {
	for _, act := range []string{"zoeken", "bestand", "weghalen", lookAct, "niet-aangekomen"} {
		if f.ID == act || strings.HasPrefix(f.ID, act+"-") && f.ID != "kopie-vragen" {
			return true
		}
	}
	right, isDecision := strings.CutPrefix(f.ID, "besluit-")
	_, decided := on.c.Decision(dsr.Right(right))
	return isDecision && decided
}

// lookAt gives the links to where a whole answer is looked at.
func (s *site) lookAt(on scene) []leads {
	var list []leads
	base := casePath + string(on.c.Number)
	if approves(on.session) && on.session.Owner == on.c.ID && on.c.State == dsr.InReview {
		list = append(list, leads{base + "/akkoord" + on.keep, on.say("Ga naar uw beslissing", "Go to your decision")})
	}
	for _, outcome := range s.outcomesReady(on) {
		words := on.say("Bekijk het antwoord", "Look at the answer")
		if outcome == dsr.Unlinked {
			words = on.say("Sluit af zonder gegevens: wij konden het verzoek aan niemand koppelen", "End without data: we could link the request to nobody")
		}
		list = append(list, leads{base + "/voorbeeld?uitkomst=" + string(outcome) + on.also(), words})
	}
	return list
}

// timeline says in words what happened, with what staff wrote. Notes get a share
// of the page of their own, so that the mails cannot crowd them out.
func (s *site) timeline(on scene, history []dsr.Event) []moment {
	var list []moment
	room := maxShown / 8
	for _, event := range history {
		one := s.moment(on.c, event, on.language)
		note := on.d.Notes[event.Seq]
		one.Note, room = fitting(web.Visible(note.Text), room)
		one.Reference = web.Line(note.Reference)
		list = append(list, one)
	}
	return list
}

// messages gives the mails of a case, as long as the page has room.
func (s *site) messages(on scene, room int) []message {
	var messages []message
	language := on.language
	for _, one := range on.d.Messages {
		said := one.Said
		shown := message{
			Kind: web.In(happened(one.Event), language), When: s.clock(one.Event.At, language),
			Name: web.Line(said.Name), Address: web.Line(said.Address), About: web.Line(said.SubjectLine),
			Truncated: said.Truncated, Lost: one.Lost, Original: on.original(one.Event),
		}
		text := web.Visible(said.Text)
		shown.Text, room = fitting(text, room)
		shown.Cut = len(shown.Text) < len(text)
		for _, file := range said.Attachments {
			shown.Attachments = append(shown.Attachments, attachment{
				Name: web.Line(file.Name), Kind: web.Line(file.MediaType), Size: web.Size(file.Size, language), Copy: file.MayBeCopy,
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
		Who: s.who(c, event, language), What: web.In(happened(event), language), Detail: s.detail(event, language),
	}
}

// who names who did something: staff by name, also those who left.
func (s *site) who(c dsr.Case, event dsr.Event, language dsr.Language) string {
	if member, ok := s.Rules.Profile.StaffByActor(event.Actor); ok {
		return web.Line(member.Name)
	}
	switch {
	case slices.Contains([]dsr.EventKind{dsr.MailboxConfirmed, dsr.RequestDisowned, dsr.CodeAsked, dsr.AnswerCollected, dsr.FilesHandedOut}, event.Kind):
		// The link of these went to the contact on file, who need not be whoever
		// sent the request.
		return web.In(deadline.Text{NL: "contact in het dossier", EN: "contact on file"}, language)
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
