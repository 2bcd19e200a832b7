package desk

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// told is one thing that is known about a case, for people who decide about it.
type told struct {
	Term  string
	Lines []string // short, and inert
	Text  string   // free text, inert
	Late  bool     // what must not be overlooked
	Link  string   // where it can be changed
	Cut   bool     // the text is longer than the page
	Files []foundFile
	More  string // where a file can be added
}

// dateOf reads a stored day.
func dateOf(day dsr.Day) (deadline.Date, bool) {
	date, err := deadline.ParseDate(string(day))
	return date, err == nil
}

// count writes a number.
func count(n int) string { return strconv.Itoa(n) }

// onFile tells who the organisation's own file says this is, and how far that
// can be trusted: whether the sender wrote from one of these addresses, and
// whether the first of them is new.
func (s *site) onFile(on scene) []told {
	if on.c.Work.Match != dsr.Matched {
		return nil
	}
	list := []told{
		{Term: on.say("Klantnummer", "Customer number"), Lines: []string{web.Line(on.c.OnFile.Reference)}},
	}
	if name := web.Line(on.c.OnFile.Name); name != "" {
		list = append(list, told{Term: on.say("Naam", "Name"), Lines: []string{name}})
	}
	for i, contact := range on.c.OnFile.Contacts {
		since := web.Medium(contact.Since, on.language).Text
		list = append(list, told{
			Term: on.say("Adres ", "Address ") + count(i+1),
			Lines: []string{
				web.Line(contact.Address),
				on.say("in het dossier sinds ", "on file since ") + since + " (" + s.since(contact.Since, on.now, on.say) + ")",
			},
		})
	}
	sender := told{Term: on.say("Afzender", "Sender"), Lines: []string{
		on.say("Het verzoek kwam van een ander adres dan in het dossier staat.", "The request came from another address than those on file."),
	}, Late: true}
	// A name or a look-alike counts for nothing, and neither does a plus address:
	// only the very address on file is said to be one.
	if slices.ContainsFunc(on.c.OnFile.Contacts, func(contact dsr.Contact) bool {
		return strings.EqualFold(contact.Address, on.c.Requester.Address)
	}) {
		sender.Late = false
		sender.Lines = []string{on.say("Het verzoek kwam van precies een adres uit het dossier.", "The request came from exactly an address on file.")}
	}
	list = append(list, sender)
	if on.c.OnFile.Fresh(on.c.Dates.ReceiptDay) {
		list = append(list, told{Term: on.say("Let op", "Mind"), Late: true, Lines: []string{
			on.say("Dit adres is nieuw: het stond bij het verzoek nog geen 30 dagen in het dossier.",
				"This address is new: at the request it was on file for less than 30 days."),
		}})
	}
	return list
}

// decided tells what is decided so far: whether the customer confirmed, what
// shows who it is, and each right.
func (s *site) decided(on scene) []told {
	w := on.c.Work
	list := s.objection(on)
	switch {
	case w.Match == dsr.Nobody:
		list = append(list, told{Term: on.say("Wie", "Who"), Lines: []string{on.say("Niemand in het klantdossier.", "Nobody in the customer file.")}})
	case w.Disowned:
		list = append(list, told{
			Term: on.say("Bevestiging", "Confirmation"), Late: true,
			Lines: []string{on.say("De klant zei: dit was ik niet.", "The customer said: this was not me.")},
		})
	case w.Confirmed:
		list = append(list, told{Term: on.say("Bevestiging", "Confirmation"), Lines: []string{
			on.say("Het adres in het dossier bevestigde dit verzoek.", "The address on file confirmed this request."),
			s.by(on, func(e dsr.Event) bool { return e.Kind == dsr.MailboxConfirmed }),
		}})
	case on.c.Waiting():
		list = append(list, told{
			Term:  on.say("Bevestiging", "Confirmation"),
			Lines: []string{on.say("Gevraagd op ", "Asked on ") + s.clock(w.AskedAt, on.language)},
		})
	}
	if w.Identity != "" {
		list = append(list, s.verdict(on))
	}
	for _, right := range on.c.Rights {
		if decision, ok := on.c.Decision(right); ok {
			list = append(list, s.decision(on, decision))
		}
	}
	return append(list, s.packaged(on)...)
}

// objection tells why a colleague gave the answer back, until it is submitted
// anew.
func (s *site) objection(on scene) []told {
	event, is := objectionIn(on.d.History)
	if !is {
		return nil
	}
	one := told{Term: on.say("Uw collega stuurde het antwoord terug", "Your colleague sent the answer back"), Late: true}
	if event.Kind == dsr.ReleaseRefused {
		one.Term = on.say("Uw collega twijfelt wie dit is", "Your colleague doubts who this is")
	}
	one.Lines = []string{s.who(on.c, event, on.language) + ", " + s.clock(event.At, on.language)}
	one.Text = web.Visible(on.d.Notes[event.Seq].Text)
	return []told{one}
}

// objectionIn gives the event by which a colleague gave the answer back, when it
// was not submitted since.
func objectionIn(history []dsr.Event) (event dsr.Event, is bool) {
	for _, event := range slices.Backward(history) {
		switch event.Kind {
		case dsr.DraftSubmitted, dsr.DataSubjectMatched, dsr.NobodyMatched:
			return dsr.Event{}, false
		case dsr.DraftSentBack, dsr.ReleaseRefused:
			return event, true
		}
	}
	return dsr.Event{}, false
}

// verdict tells what was found about who this is: by which means, and by whom.
// What the person said as proof is kept nowhere, so it is not told.
func (s *site) verdict(on scene) told {
	list := told{Term: on.say("Wie dit is", "Who this is"), Lines: []string{
		on.say("Zeker, door: ", "Sure, by: ") + meansList(on.c.Work.Means, on.say),
		s.by(on, func(e dsr.Event) bool { return e.Kind == dsr.IdentityConfirmed }),
	}}
	for _, event := range slices.Backward(on.d.History) {
		if event.Kind == dsr.IdentityConfirmed && event.Facts["facts"] != "" {
			list.Lines = append(list.Lines, on.say("Feiten: ", "Facts: ")+factList(event.Facts["facts"], on.say))
		}
		if event.Kind == dsr.IdentityDoubted && on.c.Work.Identity == dsr.IdentityDoubtful {
			list.Late, list.Text = true, web.Visible(on.d.Notes[event.Seq].Text)
			list.Lines = []string{on.say("Er is twijfel.", "There is doubt."), s.who(on.c, event, on.language) + ", " + s.clock(event.At, on.language)}
		}
		if event.Kind == dsr.IdentityConfirmed || event.Kind == dsr.IdentityDoubted {
			break
		}
	}
	return list
}

// decision tells what was decided about one right, with the reason as it will
// stand in the letter.
func (s *site) decision(on scene, decision dsr.Decision) told {
	words := decideWords(decision.Result)
	one := told{Term: decision.Right.Name(on.language), Lines: []string{on.say(words.NL, words.EN)}}
	if decision.Ground != "" {
		one.Lines = append(one.Lines, decision.Ground.Words(decision.Right, on.language))
		one.Text = web.Visible(on.c.Reasons[decision.Right])
	}
	one.Lines = append(one.Lines, s.by(on, func(e dsr.Event) bool {
		return decides(e.Kind) && e.Facts["right"] == string(decision.Right)
	}))
	if on.offers("besluit-" + string(decision.Right)) {
		one.Link = casePath + string(on.c.Number) + "/besluit?recht=" + string(decision.Right) + on.also()
	}
	return one
}

// decides reports whether an event of a kind is a decision about a right.
func decides(kind dsr.EventKind) bool {
	return kind == dsr.RightGranted || kind == dsr.RightPartlyGranted || kind == dsr.RightRefused
}

// by says who did something last, and when; nothing when the history lacks it.
// The history knows it and the case does not: a summary holds no names.
func (s *site) by(on scene, is func(dsr.Event) bool) string {
	for _, event := range slices.Backward(on.d.History) {
		if is(event) {
			return s.who(on.c, event, on.language) + ", " + s.clock(event.At, on.language)
		}
	}
	return ""
}

// looked tells what was found in each system, and what nobody looked into yet.
// Room is how much text the page still has room for; what is left is given back.
func (s *site) looked(on scene, room int) (list []told, left int) {
	for _, right := range on.c.Rights {
		for _, system := range s.systemsOf(on) {
			one := told{Term: s.systemName(system, on.language), Lines: []string{right.Name(on.language)}}
			place := system + "-" + string(right)
			query := "?systeem=" + url.QueryEscape(system) + "&recht=" + string(right) + on.also()
			if on.offers("zoeken-" + place) {
				one.Link = casePath + string(on.c.Number) + "/zoeken" + query
			}
			if on.offers("bestand-" + place) {
				one.More = casePath + string(on.c.Number) + "/bestand" + query
			}
			one.Files = s.filesFrom(on, system, right)
			found := findingOf(on.d, system, right)
			switch {
			case found != nil:
				words := taskWords(found.Result)
				one.Lines = append(one.Lines, on.say(words.NL, words.EN))
				text := web.Visible(found.Text)
				one.Text, room = fitting(text, room)
				one.Cut = len(one.Text) < len(text)
			case one.Link != "":
				one.Lines = append(one.Lines, on.say("Nog niet gekeken", "Not looked into yet"))
			case len(one.Files) == 0:
				continue
			}
			list = append(list, one)
		}
	}
	return list, room
}

// systemsOf lists the systems of the data map, and then those that have left it
// since and of which something was found: that is part of the answer, so nobody
// may approve without seeing it.
func (s *site) systemsOf(on scene) []string {
	var ids []string
	for _, system := range s.Rules.Profile.DataMap.Systems {
		ids = append(ids, system.ID)
	}
	for _, found := range on.d.Found {
		if !slices.Contains(ids, found.System) {
			ids = append(ids, found.System)
		}
	}
	for _, one := range on.ofKind(dsr.FoundFile) {
		if !slices.Contains(ids, one.System) {
			ids = append(ids, one.System)
		}
	}
	return ids
}

// also keeps a language that is not the usual one, behind other fields.
func (v visit) also() string { return strings.Replace(v.keep, "?", "&", 1) }

// outcomesReady lists the previews that a case has: of what can be submitted, or
// of what lies before a second person.
func (s *site) outcomesReady(on scene) []dsr.Outcome {
	if on.c.State == dsr.InReview {
		return []dsr.Outcome{on.c.Work.Proposed}
	}
	var ready []dsr.Outcome
	for _, outcome := range []dsr.Outcome{dsr.Answered, dsr.Unlinked} {
		if !s.may(on.visit) || !takes(on.c, func(c *dsr.Case) error { return c.Ready(outcome) }) {
			continue
		}
		if outcome == dsr.Answered && s.nextOf(on.c, on.d).see != dsr.Answered {
			continue
		}
		ready = append(ready, outcome)
	}
	return ready
}
