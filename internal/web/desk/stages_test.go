package desk_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// stages gathers the pages of one language.
type stages struct {
	w        *world
	language string
	list     []shown
}

// add keeps a page under a name.
func (s *stages) add(name string, got *httptest.ResponseRecorder) {
	s.list = append(s.list, shown{name + " " + s.language, got.Code, got.Header(), got.Body.String()})
}

// see keeps a page below the case, as somebody sees it.
func (s *stages) see(c clerk, name, below string) {
	mark := "?"
	if strings.Contains(below, "?") {
		mark = "&"
	}
	s.add(name, c.see(below+mark+"taal="+s.language))
}

// sends keeps what a form of a page answers.
func (s *stages) sends(c clerk, name, id string, in fields) {
	blank := c.form(c.see("").Body.String(), id)
	path, _, _ := strings.Cut(blank.action, "?")
	blank.action = path + "?taal=" + s.language
	s.add(name, c.typed(blank, in))
}

// fileStagesIn gives the pages of a case with files, with letters that did not
// arrive and with mail as it arrived, and of what is left of one, in one language.
func fileStagesIn(t *testing.T, language string, profile organisation.Profile, said told, change func(*dsr.Case, *dsr.Correspondence)) []shown {
	t.Helper()
	profile.Identity, profile.DataMap = testProfile().Identity, testProfile().DataMap
	w := newWorld(t, change)
	w.profile = profile
	s := &stages{w: w, language: language}
	s.add("mail", w.get(w.arrives("ses1", said.found, "anouk", 9)+"&taal="+language))
	anouk := w.handlerIn()
	anouk.settle(said)
	w.mail()
	w.report(w.last(dsr.ConfirmLetter), dsr.LetterReturned)
	s.see(anouk, "case missed", "")
	s.sends(anouk, "case 422 missed", "niet-aangekomen", fields{"reden": " "})
	s.add("list missed", w.open(anouk.cookie, "/bureau?taal="+language))
	anouk.does("niet-aangekomen", fields{"reden": said.comment})
	w.confirm(true)
	w.sendsCopy(1, said.found) // which refuses it
	copied := w.sendsCopy(2, "")
	s.see(anouk, "case copy", "")
	s.sends(anouk, "copy", "kopie-"+copied, nil)
	s.see(anouk, "case copy seen", "")
	s.sends(anouk, "case copy 422", "identiteit", fields{"kopie": copied, "code": "12"})
	anouk.does("twijfel", fields{"reden": said.comment, "code": "app"})
	name := strings.ToValidUTF8(said.found, "?")
	id, _ := anouk.announces(name)
	s.see(anouk, "case look with a file", "/zoeken?systeem=klanten&recht=access")
	s.see(anouk, "case add a file", "/bestand?systeem=klanten&recht=access")
	s.see(anouk, "upload", "/uploaden?bestand="+id)
	w.seals(id)
	refused, _ := anouk.announces(name)
	w.moves(w.enclosure(dsr.FoundFile, refused), func(e *dsr.Enclosure) { e.TurnDown(said.found, w.now) })
	removed, _ := anouk.announces(name)
	anouk.does("weghalen-"+removed, nil)
	s.see(anouk, "case files", "")
	anouk.gather(said)
	s.see(anouk, "preview files", "/voorbeeld?uitkomst=answered")
	anouk.submit()
	s.see(w.reviewer(), "review files", "/akkoord")
	w.purge()
	carla := w.enter("carla", w.linkToAnother("carla"))
	s.see(carla, "purged", "")
	return s.list
}
