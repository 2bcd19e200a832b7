package portal_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// fileName is how staff named the file of these tests; it is personal data.
const fileName = "Bakker canarie <script>alert(1)</script>\u202efdp.csv"

// keep stores a file of the case as it lies once it was taken in or made.
func (w *world) keep(kind dsr.EnclosureKind, n byte, until time.Time) dsr.Enclosure {
	w.t.Helper()
	file := dsr.Enclosure{
		Ref: dsr.EnclosureRef{Case: w.file.Case.ID, Kind: kind, ID: dsr.OwnerID{n}}, State: dsr.Kept, Size: 1_234_567,
		SHA256: strings.Repeat("ab", 32), Paths: []string{string(kind) + "/random"}, Arrived: w.now, KeptAt: w.now, DueAt: until,
	}
	if kind == dsr.FoundFile {
		var err error
		file.System, file.Right, file.DueAt = "klanten", dsr.Access, time.Time{}
		file.Sealed, err = w.file.Key.Seal(w.random, "FILE/"+file.Ref.Tag(), []byte(fileName))
		w.must(err)
	}
	w.commit(casework.Change{Enclosures: []casework.EnclosureMove{{Next: file}}, At: w.now})
	return file
}

// packed takes a case with a file to its answer, with the package of both, and
// gives the token of the letter that brings it.
func (w *world) packed() string {
	w.t.Helper()
	w.keep(dsr.FoundFile, 1, time.Time{})
	token := w.answered()
	w.keep(dsr.PackageFile, 2, w.now.AddDate(0, 0, 30))
	w.happen(dsr.PackageBuilt, w.now, nil)
	return token
}

// opened gives the answer behind a token, which has files.
func (w *world) opened(token string, language dsr.Language) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.post("/mijn/antwoord", token, "code", w.code(token), "taal", string(language))
}

// ready opens the package as parcel does when a code was asked.
func (w *world) ready() {
	w.t.Helper()
	all, err := w.memory.EnclosuresOf(w.t.Context(), w.file.Case.ID)
	w.must(err)
	for _, prior := range all {
		if next := prior; prior.Ref.Kind == dsr.HandoutFile && prior.State == dsr.Announced {
			next.Begin("handout/geheim", w.now.Add(time.Minute))
			next.Keep(1_234_567, prior.SHA256, w.now, w.now.Add(time.Hour))
			w.commit(casework.Change{Enclosures: []casework.EnclosureMove{{Prior: prior, Next: next}}, At: w.now})
		}
	}
}

// end takes the files of some kinds away.
func (w *world) end(kinds ...dsr.EnclosureKind) {
	w.t.Helper()
	all, err := w.memory.EnclosuresOf(w.t.Context(), w.file.Case.ID)
	w.must(err)
	for _, prior := range all {
		if next := prior; slices.Contains(kinds, prior.Ref.Kind) {
			next.Condemn("due", w.now)
			w.commit(casework.Change{Enclosures: []casework.EnclosureMove{{Prior: prior, Next: next}}, At: w.now})
		}
	}
}

// TestFilesComeForTheTicketOfTheAnswer goes from the code to the address of the
// files, with the forms as the pages give them, before and after they are ready.
func TestFilesComeForTheTicketOfTheAnswer(t *testing.T) {
	for _, language := range both() {
		w := newWorld(t, nil)
		given := w.opened(w.packed(), language)
		page := given.Body.String()
		holds(t, page, true, "1"+map[dsr.Language]string{dsr.Dutch: ",", dsr.English: "."}[language]+"2 MB", strings.Repeat("ab", 32), "Bakker canarie &lt;script&gt;", "[U&#43;202E]fdp.csv")
		holds(t, page, false, "<script", "\u202e")
		holds(t, given.Header().Get("Content-Security-Policy"), true, "form-action 'self' "+w.bucket+";")
		holds(t, given.Header().Get("Content-Security-Policy"), false, "script-src", "connect-src")
		form := formsOf(page)[0]
		if form.action != "/mijn/antwoord/bestanden" || form.method != "post" || len(form.typed) > 0 {
			t.Fatalf("the form is %v", form)
		}
		wait := w.send(http.MethodPost, form.action, form.fields.Encode())
		if wait.Code != http.StatusAccepted {
			t.Fatalf("files that are not ready answer %d: %s", wait.Code, &w.log)
		}
		holds(t, wait.Header().Get("Content-Security-Policy"), true, "form-action 'self' "+w.bucket+";")
		namesNobody(t, "the page while they are not ready", wait.Body.String())
		again := formsOf(wait.Body.String())
		if diff := cmp.Diff(form.fields, again[0].fields); diff != "" || again[0].action != form.action {
			t.Errorf("another form asks again: %s", diff)
		}
		w.ready()
		w.fetched = nil
		got := w.send(http.MethodPost, form.action, form.fields.Encode())
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != w.bucket+"/handout/geheim?X-Amz-Signature=0f1e" {
			t.Errorf("the files answer %d to %q: %s", got.Code, got.Header().Get("Location"), &w.log)
		}
		want := []casework.Download{{Path: "handout/geheim", Name: number + ".zip", ContentType: "application/zip", Life: time.Minute}}
		if diff := cmp.Diff(want, w.fetched); diff != "" {
			t.Errorf("another download was signed: %s", diff)
		}
		if got.Body.Len() > 0 || len(got.Result().Cookies()) > 0 || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("the address comes with %q and %v", got.Body, got.Header())
		}
		holds(t, w.log.String(), false, "geheim", "Signature", form.fields.Get("bewijs"), form.fields.Get("t"))
	}
}

// TestTicketIsGoodForAWhileAndForItsOwnLinkAlone tries tickets that are none.
func TestTicketIsGoodForAWhileAndForItsOwnLinkAlone(t *testing.T) {
	w := newWorld(t, nil)
	token := w.packed()
	form := formsOf(w.opened(token, dsr.Dutch).Body.String())[0].fields
	w.ready()
	ticket := form.Get("bewijs")
	ask := func(token, ticket string) *httptest.ResponseRecorder {
		return w.post("/mijn/antwoord/bestanden", token, "bewijs", ticket)
	}
	renewed := w.renewed()
	for name, got := range map[string]*httptest.ResponseRecorder{
		"none": ask(token, ""), "another": ask(token, "x"+ticket), "cut": ask(token, ticket[1:]), "long": ask(token, strings.Repeat("A", 4000)),
		"of another link": ask(renewed, ticket),
	} {
		if got.Code != http.StatusUnprocessableEntity {
			t.Errorf("a ticket that is %s answers %d", name, got.Code)
		}
		holds(t, got.Body.String(), true, "<title>Fout: ", `<a href="#nummer">Het ophalen duurde te lang.`, `action="/mijn/antwoord/code"`)
		holds(t, got.Body.String(), false, ticket, number)
		namesNobody(t, name, got.Body.String())
	}
	w.refused("no link", ask("", ticket))
	w.now = w.now.Add(15*time.Minute - time.Second)
	for range 3 { // a download may break off
		if got := ask(token, ticket); got.Code != http.StatusSeeOther {
			t.Errorf("in its last second a ticket answers %d", got.Code)
		}
	}
	w.now = w.now.Add(time.Second)
	if got := ask(token, ticket); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("after its life a ticket answers %d", got.Code)
	}
	english := w.post("/mijn/antwoord/bestanden", token, "bewijs", ticket, "taal", "en")
	holds(t, english.Body.String(), true, "The download took too long. Ask for a new code here")
}

// TestFilesThatAreGoneCanBeAskedAgain lets the package end before and after the
// ticket was given.
func TestFilesThatAreGoneCanBeAskedAgain(t *testing.T) {
	w := newWorld(t, nil)
	token := w.packed()
	form := formsOf(w.opened(token, dsr.Dutch).Body.String())[0].fields
	w.end(dsr.PackageFile, dsr.HandoutFile)
	got := w.send(http.MethodPost, "/mijn/antwoord/bestanden", form.Encode())
	if got.Code != http.StatusConflict {
		t.Errorf("files that are gone answer %d", got.Code)
	}
	holds(t, got.Body.String(), true, "Deze bestanden zijn er niet meer", "30 dagen", "mailto:info@voorbeeld.example")
	holds(t, got.Header().Get("Content-Security-Policy"), false, w.bucket)
	page := w.opened(w.renewed(), dsr.Dutch).Body.String()
	holds(t, page, true, "De bestanden bij dit antwoord zijn er niet meer.", foundText)
	holds(t, page, false, "<form")
}

func TestAnswerWithoutFilesOffersNoDownload(t *testing.T) {
	w := newWorld(t, nil)
	given := w.opened(w.answered(), dsr.Dutch)
	holds(t, given.Body.String(), false, "<form", "bestanden", "SHA-256")
	holds(t, given.Header().Get("Content-Security-Policy"), false, w.bucket)
	if len(w.fetched) > 0 {
		t.Errorf("a download was signed: %v", w.fetched)
	}
}

// TestLinkAloneSaysUntilWhenAndNothingOfTheFiles opens the page before any code.
func TestLinkAloneSaysUntilWhenAndNothingOfTheFiles(t *testing.T) {
	w := newWorld(t, nil)
	token := w.packed()
	page := w.ask(http.MethodGet, at("/mijn/antwoord", token)).Body.String()
	holds(t, page, true, "Bij ons antwoord horen bestanden. Wij bewaren die tot 4 april 2026. De link in onze mail werkt 14 dagen.")
	holds(t, page, false, "canarie", "MB", "abab", number, w.bucket)
	w.happen(dsr.PackageEnded, w.now, nil)
	holds(t, w.ask(http.MethodGet, at("/mijn/antwoord", token)).Body.String(), false, "ophalen tot")
}

// TestBucketOutOfReachWhileDownloading takes the signing of addresses away.
func TestBucketOutOfReachWhileDownloading(t *testing.T) {
	w := newWorld(t, nil)
	token := w.packed()
	form := formsOf(w.opened(token, dsr.Dutch).Body.String())[0].fields
	w.bucket = "javascript:alert(1)"
	if got := w.send(http.MethodPost, "/mijn/antwoord/bestanden", form.Encode()); got.Code != http.StatusServiceUnavailable {
		t.Errorf("a bucket that is no address answers %d", got.Code)
	}
}
