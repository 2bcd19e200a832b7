package desk_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// told is what staff write in the story of a case.
type told struct {
	reference, name, found, kept, reason, comment string
}

// plain is a story without anything odd in it.
func plain() told {
	return told{"K-1001", "S. Bakker", "Naam: Sanne Bakker", "Zeven jaar, van de belastingwet.", "De facturen moeten blijven.", "Kijk nog eens naar de facturen."}
}

// settle is the story up to the contact on file, who says yes.
func (c clerk) settle(said told) {
	c.w.t.Helper()
	c.does("rechten", fields{"recht": "access|erasure"})
	c.does("klant", fields{
		"klantnummer": said.reference, "naam": said.name,
		"adres1": "nieuwer@example.com", "sinds1": "31-12-2023", "adres2": requesterAddress, "sinds2": "2020-01-02",
	})
}

// prove is the story up to a verdict on who this is.
func (c clerk) prove(said told) {
	c.w.t.Helper()
	c.settle(said)
	c.w.confirm(true)
	c.does("identiteit", fields{
		"feit1": "last-invoice", "oordeel1": "klopt", "feit2": "phone-number", "oordeel2": "klopt", "code": "app",
	})
}

// gather is the story up to an answer that can be submitted.
func (c clerk) gather(said told) {
	c.w.t.Helper()
	c.prove(said)
	c.does("zoeken-klanten-access", fields{"uitkomst": "found", "tekst": said.found})
	c.does("zoeken-facturen-access", fields{"uitkomst": "nothing-found"})
	c.does("besluit-access", fields{"uitkomst": "granted"})
	c.does("zoeken-klanten-erasure", fields{"uitkomst": "to-erase"})
	c.does("zoeken-facturen-erasure", fields{"uitkomst": "to-keep", "tekst": said.kept})
	c.does("besluit-erasure", fields{"uitkomst": "partly", "grond": "legal-duty", "reden": said.reason, "code": "app"})
}

// submit is the last step of a handler, from the preview.
func (c clerk) submit() {
	c.w.t.Helper()
	page := c.see("/voorbeeld?uitkomst=answered").Body.String()
	if got := c.typed(c.form(page, "indienen"), fields{"anderen": "ja", "code": "app"}); got.Code != http.StatusSeeOther {
		c.w.t.Fatalf("submitting answers %d: %s", got.Code, wordsOf(got.Body.String()))
	}
	c.w.mail()
}

// reviewer signs Bram in with the link of his last letter to approve.
func (w *world) reviewer() clerk {
	w.t.Helper()
	return w.enter("bram", w.linkIn(dsr.ReviewNotice, "bram"))
}

// decides chooses one of the three things on the page of the review.
func (c clerk) decides(what, comment string) *httptest.ResponseRecorder {
	c.w.t.Helper()
	page := c.see("/akkoord").Body.String()
	return c.typed(c.form(page, "akkoord"), fields{"beslissing": what, "opmerking": comment, "code": "app"})
}

// everyStage gives the pages of a case at each stage of its story, in both
// languages, and those that say what was wrong.
func everyStage(t *testing.T, profile organisation.Profile, change func(*dsr.Case, *dsr.Correspondence)) []shown {
	t.Helper()
	said := plain()
	if text := profile.Staff[0].Name; text != testProfile().Staff[0].Name {
		said = told{text, text, text, text, text, text} // as hostile as the names of staff
	}
	var list []shown
	for _, language := range []string{"nl", "en"} {
		list = append(list, stagesIn(t, language, profile, said, change)...)
		list = append(list, fileStagesIn(t, language, profile, said, change)...)
	}
	return list
}

// stagesIn gives them in one language.
func stagesIn(t *testing.T, language string, profile organisation.Profile, said told, change func(*dsr.Case, *dsr.Correspondence)) []shown {
	t.Helper()
	var list []shown
	profile.Identity, profile.DataMap = testProfile().Identity, testProfile().DataMap
	w := newWorld(t, change)
	w.profile = profile
	add := func(name string, got *httptest.ResponseRecorder) {
		list = append(list, shown{name + " " + language, got.Code, got.Header(), got.Body.String()})
	}
	see := func(c clerk, name, below string) {
		mark := "?"
		if strings.Contains(below, "?") {
			mark = "&"
		}
		add(name, c.see(below+mark+"taal="+language))
	}
	wrongly := func(c clerk, name, page, id string, in fields) {
		blank := c.form(page, id)
		path, _, _ := strings.Cut(blank.action, "?")
		blank.action = path + "?taal=" + language
		add(name, c.typed(blank, in))
	}
	anouk := w.handlerIn()
	first := anouk.see("").Body.String()
	wrongly(anouk, "case 422 match", first, "klant", fields{"klantnummer": said.reference, "naam": said.name, "adres1": said.name, "sinds1": said.name})
	wrongly(anouk, "case 422 nobody", first, "niemand", fields{"gezocht": ""})
	wrongly(anouk, "case 413", first, "niemand", fields{"gezocht": strings.Repeat("x", 5<<20)})
	anouk.does("niemand", fields{"gezocht": said.found})
	see(anouk, "case nobody", "")
	see(anouk, "case not ready for an answer", "/voorbeeld?uitkomst=answered")
	anouk.settle(said)
	see(anouk, "preview unlinked", "/voorbeeld?uitkomst=unlinked")
	see(anouk, "case waiting", "")
	w.confirm(false)
	see(anouk, "case disowned", "")
	anouk.settle(said)
	w.confirm(true)
	see(anouk, "case confirmed", "")
	wrongly(anouk, "case 422 proof", anouk.see("").Body.String(), "identiteit", fields{"feit1": "last-order", "code": "12"})
	anouk.does("twijfel", fields{"reden": said.comment, "code": "app"})
	see(anouk, "case doubted", "")
	anouk.prove(said)
	see(anouk, "case proven", "")
	anouk.gather(said)
	see(anouk, "case look again", "/zoeken?systeem=klanten&recht=access")
	see(anouk, "case decide again", "/besluit?recht=erasure")
	wrongly(anouk, "case 409 stale", first, "niemand", fields{"gezocht": said.found})
	see(anouk, "preview", "/voorbeeld?uitkomst=answered")
	wrongly(anouk, "preview 422", anouk.see("/voorbeeld?uitkomst=answered").Body.String(), "indienen", fields{"code": "app"})
	anouk.submit()
	see(anouk, "case in review", "")
	link := w.linkIn(dsr.ReviewNotice, "bram")
	add("code to approve", w.get(link+"&taal="+language))
	bram := w.enter("bram", link)
	see(bram, "case of the reviewer", "")
	see(bram, "review", "/akkoord")
	wrongly(bram, "review 422", bram.see("/akkoord").Body.String(), "akkoord", fields{"beslissing": "terug", "opmerking": "", "code": "app"})
	see(anouk, "over not yours", "/akkoord")
	if got := bram.decides("terug", said.comment); got.Code != http.StatusSeeOther {
		t.Fatalf("sending back answers %d", got.Code)
	}
	see(bram, "over decided", "/akkoord")
	anouk.submit()
	bram = w.reviewer()
	see(bram, "review again", "/akkoord")
	old := bram.see("/akkoord").Body.String()
	anouk.does("zoeken-klanten-access", fields{"uitkomst": "found", "tekst": said.found + "."})
	wrongly(bram, "over changed", old, "akkoord", fields{"beslissing": "terug", "opmerking": said.comment, "code": "app"})
	anouk.submit()
	bram = w.reviewer()
	if got := bram.decides("akkoord", ""); got.Code != http.StatusSeeOther {
		t.Fatalf("approving answers %d: %s", got.Code, wordsOf(got.Body.String()))
	}
	see(anouk, "case approved", "")
	anouk.does("uitgevoerd", fields{"code": "app"})
	see(anouk, "case answering", "")
	quiet := newSilence(t, change)
	quiet.profile = profile
	see(quiet.silence(), "preview silent", "/voorbeeld?uitkomst=unlinked")
	list = append(list, shown{"list " + language, 200, w.open(anouk.cookie, "/bureau?taal="+language).Header(), w.open(anouk.cookie, "/bureau?taal="+language).Body.String()})
	return list
}

// TestStoryOfACaseFromMailToAnswer is the whole way, through the real handlers.
func TestStoryOfACaseFromMailToAnswer(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.gather(plain())
	page := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
	holds(t, wordsOf(page), true, "Gaat naar "+requesterAddress, "Code gaat naar nieuwer@example.com", "Naam: Sanne Bakker", "De facturen moeten blijven.")
	anouk.submit()
	bram := w.reviewer()
	review := wordsOf(bram.see("/akkoord").Body.String())
	holds(t, review, true, "Naam: Sanne Bakker", "K-1001", "in het dossier sinds 2 januari 2020 (6 jaar)", "Zeker, door: een bevestiging vanaf het adres in het dossier, twee feiten uit het dossier",
		"Anouk Jansen", "Deels toewijzen", dsr.GroundLegalDuty.Words(dsr.Erasure, dsr.Dutch), "Dit kan worden gewist", "Na uw akkoord wist een collega gegevens.")
	if got := bram.decides("akkoord", ""); got.Code != http.StatusSeeOther || got.Header().Get("Location") != casePage {
		t.Fatalf("approving answers %d: %s", got.Code, &w.log)
	}
	if c := w.stored(); c.State != dsr.Approved || c.Work.Approver != actor("bram") {
		t.Fatalf("the case is %s", c.State)
	}
	w.mail()
	anouk.does("uitgevoerd", fields{"code": "app"})
	w.mail()
	if c := w.stored(); c.State != dsr.Answering {
		t.Errorf("the case is %s", c.State)
	}
	last := w.posted[len(w.posted)-1]
	if last.Letter.Ref.Kind != dsr.RefusalLetter || last.To.Address != requesterAddress || last.Letter.Purpose != dsr.CollectAnswer {
		t.Errorf("the last letter is %s to %s with a link to %s", last.Letter.Ref.Kind, last.To.Address, last.Letter.Purpose)
	}
	anouk.does("antwoord-opnieuw", fields{"code": "app"})
	if err := w.memory.Verify(); err != nil {
		t.Error(err)
	}
	holds(t, w.log.String(), false, "K-1001", "Sanne", "facturen moeten")
}
