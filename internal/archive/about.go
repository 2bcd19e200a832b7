package archive

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// aboutPart is what the law wants told about the data beside the data themselves,
// as the page behind the link of the letter tells it: an archive outlives that link.
// art. 15(1)(a)-(d), (g) and (h) and 15(2) GDPR.
type aboutPart struct {
	Held               bool          `json:"held"` // the confirmation that there are data at all
	Systems            []aboutSystem `json:"systems"`
	AutomatedDecisions string        `json:"automated_decisions"`
	Transfers          string        `json:"transfers"`
}

// aboutSystem says about one system that holds data of this person what they are
// for, on which ground, who gets them, how long they stay and whence they came.
type aboutSystem struct {
	System     string   `json:"system"`
	Name       string   `json:"name"`
	Purpose    string   `json:"purpose"`
	Holds      string   `json:"holds"`
	Basis      string   `json:"basis"`
	Recipients []string `json:"recipients"`
	Keeps      string   `json:"keeps"`
	Source     string   `json:"source,omitempty"` // empty when all of it came from the person
}

// aboutPart gives it, to whoever gets access and to nobody else: what was looked
// for is another matter for each right.
func (a Archive) aboutPart(answer dsr.Answer) *aboutPart {
	given := func(d dsr.Decision) bool { return d.Right == dsr.Access && d.Result != dsr.Refused }
	if !slices.ContainsFunc(answer.Decisions, given) {
		return nil
	}
	in, data := organisation.Language(answer.Language), a.Profile.DataMap
	about := &aboutPart{Systems: []aboutSystem{}, AutomatedDecisions: data.AutomatedDecisions.In(in), Transfers: data.Transfers.In(in)}
	about.Held = slices.ContainsFunc(answer.Found, holds)
	for _, system := range data.Systems {
		here := func(f dsr.Finding) bool { return f.System == system.ID && holds(f) }
		if !slices.ContainsFunc(answer.Found, here) {
			continue
		}
		about.Systems = append(about.Systems, aboutSystem{
			System: system.ID, Name: system.Name.In(in), Purpose: system.Purpose.In(in), Holds: system.Holds.In(in), Basis: system.Basis.In(in),
			Recipients: append([]string{}, system.Recipients...), Keeps: system.Keeps.In(in), Source: system.Source.In(in),
		})
	}
	return about
}

// holds reports whether the person was told that a system holds data of theirs.
func holds(f dsr.Finding) bool { return f.Right == dsr.Access && f.Result != dsr.NothingFound }

// about writes it on the page; nothing for whoever asked for no access.
func (p *page) about(part *aboutPart) {
	if part == nil {
		return
	}
	p.heading(2, p.say("Over deze gegevens", "About these data"))
	if part.Held {
		p.paragraph(p.say("Ja, wij hebben gegevens over u. Hier leest u per systeem wat wij ermee doen.",
			"Yes, we hold data about you. Here you read per system what we do with them."))
	} else {
		p.paragraph(p.say("Nee, wij hebben geen gegevens over u, behalve uw verzoek.", "No, we hold no data about you beside your request."))
	}
	for _, system := range part.Systems {
		p.aboutSystem(system)
	}
	p.heading(3, p.say("Beslist een computer over u?", "Does a computer decide about you?"))
	p.paragraph(part.AutomatedDecisions)
	p.heading(3, p.say("Gaan gegevens buiten de Europese Economische Ruimte?", "Do data leave the European Economic Area?"))
	p.paragraph(part.Transfers)
}

// aboutSystem writes about one system, a line for each thing to know.
func (p *page) aboutSystem(system aboutSystem) {
	recipients, source := strings.Join(system.Recipients, ", "), system.Source
	if recipients == "" {
		recipients = p.say("Niemand anders.", "Nobody else.")
	}
	if source == "" {
		source = p.say("Van uzelf.", "From you.")
	}
	p.heading(3, system.Name)
	p.list([]string{
		plain(p.say("Waarvoor wij ze gebruiken: ", "What we use them for: ") + system.Purpose),
		plain(p.say("Welke gegevens: ", "Which data: ") + system.Holds),
		plain(p.say("Waarom wij dat mogen: ", "Why we may: ") + system.Basis),
		plain(p.say("Wie ze krijgt: ", "Who gets them: ") + recipients),
		plain(p.say("Hoe lang wij ze bewaren: ", "How long we keep them: ") + system.Keeps),
		plain(p.say("Waar ze vandaan komen: ", "Where they come from: ") + source),
	})
}

// rights says what else the reader can do. The addresses are no links: nothing on
// this page leads elsewhere. art. 12(4) and 15(1)(e) and (f) GDPR; art. 35 UAVG.
func (p *page) rights(inside contents) {
	p.heading(2, p.say("Wat u nog meer kunt doen", "What else you can do"))
	p.paragraph(p.say(
		"U mag ons vragen om uw gegevens te verbeteren, te wissen of voorlopig niet te gebruiken. U mag ook bezwaar maken tegen het gebruik.",
		"You may ask us to correct your data, to erase them, or not to use them for now. You may also object to their use."))
	p.paragraph(p.say("Doe dat met een mail, ook als er iets niet klopt: ", "Do so by mail, also when something is wrong: ") + inside.From.Email)
	p.paragraph(p.say("Bent u het niet met ons eens? Dan kunt u een klacht indienen: ", "Do you disagree with us? Then you can complain: ") +
		inside.Authority.Name + ", " + inside.Authority.Complaint)
	p.paragraph(p.say(
		"U kunt ook naar de rechter gaan. Stuur de rechtbank dan een verzoekschrift, binnen zes weken nadat u ons antwoord kreeg (art. 35 UAVG en art. 79 AVG).",
		"You can also go to court. Send the court a petition within six weeks after you got our answer (art. 35 UAVG and art. 79 GDPR)."))
}
