package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// sum stands for the SHA-256 of a file.
var sum = strings.Repeat("ab", 32)

// announces announces a file from the customer file, and gives its id and the
// page where it is uploaded.
func (c clerk) announces(name string) (id string, page *httptest.ResponseRecorder) {
	c.w.t.Helper()
	blank := c.form(c.see("/bestand?systeem=klanten&recht=access").Body.String(), "bestand-klanten-access")
	got := c.typed(blank, fields{"naam": name})
	where := got.Header().Get("Location")
	if got.Code != http.StatusSeeOther || !strings.HasPrefix(where, casePage+"/uploaden?bestand=") {
		c.w.t.Fatalf("announcing answers %d, to %q: %s", got.Code, where, wordsOf(got.Body.String()))
	}
	_, id, _ = strings.Cut(where, "bestand=")
	return id, c.w.open(c.cookie, where)
}

// enclosure gives a file of the case as it is stored.
func (w *world) enclosure(kind dsr.EnclosureKind, id string) dsr.Enclosure {
	w.t.Helper()
	parsed, err := dsr.ParseOwnerID(id)
	if err != nil {
		w.t.Fatal(err)
	}
	stored, err := w.memory.EnclosureOf(w.t.Context(), dsr.EnclosureRef{Case: w.file.Case.ID, Kind: kind, ID: parsed})
	if err != nil {
		w.t.Fatal(err)
	}
	return stored
}

// moves stores what became of a file.
func (w *world) moves(prior dsr.Enclosure, change func(*dsr.Enclosure)) {
	w.t.Helper()
	next := prior
	change(&next)
	w.commit(casework.Change{Enclosures: []casework.EnclosureMove{{Prior: prior, Next: next}}, At: w.now})
}

// seals stores that a file came and lies sealed.
func (w *world) seals(id string) {
	w.t.Helper()
	w.moves(w.enclosure(dsr.FoundFile, id), func(e *dsr.Enclosure) {
		e.Begin("case/x/y", w.now)
		e.Keep(2_500_000, sum, w.now, time.Time{})
	})
}

// TestFileGoesFromANameToTheAnswer and out of it again.
func TestFileGoesFromANameToTheAnswer(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	page := anouk.see("/zoeken?systeem=klanten&recht=access").Body.String()
	anouk.form(page, "bestand-klanten-access") // stands beside what the system holds
	if ids := idsOf(page); slices.Contains(ids, "bestand-klanten-erasure") || slices.Contains(ids, "bestand-facturen-access") {
		t.Errorf("the page of one system offers %v", ids)
	}
	holds(t, anouk.see("").Body.String(), true, `href="`+casePage+`/bestand?systeem=facturen&amp;recht=access">Voeg een bestand toe</a>`)
	holds(t, anouk.see("").Body.String(), false, "/bestand?systeem=klanten&amp;recht=erasure") // nothing of an erasure is handed out

	id, upload := anouk.announces("facturen 2025.pdf")
	holds(t, wordsOf(upload.Body.String()), true, "facturen 2025.pdf", "Systeem Klantenbestand Recht Inzage in uw gegevens", "Het mag 2,1 GB zijn.")
	for _, field := range [][2]string{{"key", "found/" + w.file.Case.ID.String() + "/" + id}, {"success_action_redirect", casePage}} {
		holds(t, upload.Body.String(), true, `name="`+field[0]+`" value="`+field[1]+`"`)
	}
	if n := strings.Count(upload.Body.String(), `name="success_action_redirect" value=""`); n != 1 {
		t.Errorf("%d forms are for the script", n)
	}
	holds(t, upload.Body.String(), true, `name="life" value="1h0m0s"`, "Ziet u na het versturen een pagina met vreemde tekst? Ga terug")
	w.now = w.now.Add(20 * time.Minute)
	holds(t, anouk.see("/uploaden?bestand="+id).Body.String(), true, `name="life" value="40m0s"`)
	policy := upload.Header().Get("Content-Security-Policy")
	holds(t, policy, true, "form-action 'self' "+fileBucket+";", "connect-src "+fileBucket, "script-src 'self'")
	script := regexp.MustCompile(`<script src="([^"]+)" defer>`).FindStringSubmatch(upload.Body.String())
	if got := w.get(script[1]); got.Code != http.StatusOK || got.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || got.Body.Len() == 0 {
		t.Errorf("the script answers %d, %v", got.Code, got.Header())
	}
	holds(t, wordsOf(anouk.see("").Body.String()), true, "facturen 2025.pdf Wacht op het bestand zelf.", "Kondigde een bestand voor het antwoord aan.")

	w.seals(id)
	holds(t, wordsOf(anouk.see("").Body.String()), true, "facturen 2025.pdf 2,5 MB, verzegeld op 5 maart 2026, ", "SHA-256 "+sum)
	if got := anouk.see("/uploaden?bestand=" + id); got.Code != http.StatusSeeOther || got.Header().Get("Location") != casePage {
		t.Errorf("a file that came can be uploaded again: %d", got.Code)
	}
	anouk.does("weghalen-"+id, nil)
	if e := w.enclosure(dsr.FoundFile, id); e.State != dsr.Condemned {
		t.Errorf("the file is %s", e.State)
	}
	page = anouk.see("").Body.String()
	holds(t, wordsOf(page), true, "facturen 2025.pdf Weggehaald. Een medewerker haalde het weg.", "Anouk Jansen Haalde een bestand uit het antwoord.")
	holds(t, page, false, "weghalen-"+id)
}

// TestDecisionLeadsToWhereFilesAreAdded for a right that is answered with data.
func TestDecisionLeadsToWhereFilesAreAdded(t *testing.T) {
	_, anouk := newOffice(t)
	anouk.prove(plain())
	const nl, en = `<a href="#systemen">Horen er bestanden bij het antwoord? Voeg een bestand toe bij het systeem.</a>`, `<a href="#systems">Do files belong to the answer?`
	page := anouk.see("/besluit?recht=access").Body.String()
	holds(t, page, true, nl, `<h2 id="systemen">`)
	holds(t, anouk.see("/besluit?recht=access&taal=en").Body.String(), true, en, `<h2 id="systems">`)
	holds(t, anouk.see("/besluit?recht=erasure").Body.String(), false, nl)
	holds(t, anouk.see("/zoeken?systeem=klanten&recht=access").Body.String(), false, nl)
}

// TestFileIsPartOfWhatIsApproved: both who submit and who approve see it, and a
// file that is on its way keeps an answer back.
func TestFileIsPartOfWhatIsApproved(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.gather(plain())
	id, _ := anouk.announces("facturen 2025.pdf")
	got := anouk.see("/voorbeeld?uitkomst=answered")
	if got.Code != http.StatusConflict {
		t.Errorf("the preview answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "Een bestand is nog onderweg, of het lukte niet.")
	w.seals(id)
	anouk.submit()
	review := w.reviewer().see("/akkoord").Body.String()
	for _, page := range []string{review, anouk.see("/voorbeeld?uitkomst=answered").Body.String()} {
		holds(t, wordsOf(page), true, "facturen 2025.pdf", "2,5 MB")
	}
	// The owner handles cases as well, and changes nothing on the way to a decision.
	owner := w.enter("dirk", w.linkIn(dsr.ReviewNotice, "dirk")).see("/akkoord").Body.String()
	for _, page := range []string{review, owner} {
		if ids := idsOf(page); !slices.Equal(ids, []string{"akkoord"}) {
			t.Errorf("who reviews gets the forms %v", ids)
		}
	}
}

// TestFileOfAnotherCaseIsNobodys also covers a name that is none, and who only
// reads.
func TestFileOfAnotherCaseIsNobodys(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	id, _ := anouk.announces("een.pdf")
	w.newCase(2, nil)
	for _, target := range []string{"/bureau/zaken/AVG-2026-0002/uploaden?bestand=" + id, casePage + "/uploaden?bestand=x", casePage + "/uploaden"} {
		if got := w.open(anouk.cookie, target); got.Code != http.StatusSeeOther || strings.Contains(got.Header().Get("Location"), "uploaden") {
			t.Errorf("%s answers %d, to %q", target, got.Code, got.Header().Get("Location"))
		}
	}
	blank := anouk.form(anouk.see("").Body.String(), "weghalen-"+id)
	for _, other := range []string{"x", "", dsr.OwnerID{7}.String()} {
		blank.fields.Set("bestand", other)
		if got := w.send(http.MethodPost, blank.action, blank.fields.Encode(), holding(anouk.cookie)); got.Code != http.StatusNotFound {
			t.Errorf("removing %q answers %d", other, got.Code)
		}
	}
	bram := w.enter("bram", w.linkFor(1, dsr.SignIn, "bram"))
	holds(t, bram.see("").Body.String(), true, "een.pdf")
	if got := bram.see("/uploaden?bestand=" + id); got.Code != http.StatusSeeOther {
		t.Errorf("who only reads may upload: %d", got.Code)
	}
	if w.now = w.now.Add(time.Hour); anouk.see("/uploaden?bestand="+id).Code != http.StatusSeeOther {
		t.Error("a file that is waited for no more can be uploaded")
	}
}

// TestFileOfSomebodyElseIsShownAsTheirs is about files that were found before the
// case was matched with another person, and that still lie there.
func TestFileOfSomebodyElseIsShownAsTheirs(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	kept, _ := anouk.announces("een.pdf")
	w.seals(kept)
	coming, _ := anouk.announces("twee.pdf")
	file := w.freshFile()
	file.Case.LeaveFiles(nil, w.now.Add(time.Second))
	file.Case.Seq++
	w.commit(casework.Change{File: file, Event: dsr.Event{Seq: file.Case.Seq, Kind: dsr.DataSubjectMatched, At: w.now}, At: w.now})
	page := anouk.see("").Body.String()
	const theirs = "Dit bestand zit niet in het antwoord. Het verzoek hoort nu bij iemand anders."
	if n := strings.Count(wordsOf(page), theirs); n != 2 {
		t.Errorf("%d of 2 files are shown as somebody else's: %s", n, wordsOf(page))
	}
	holds(t, page, false, "verzegeld op", "/uploaden?bestand="+coming)
	if got := anouk.see("/uploaden?bestand=" + coming); got.Code != http.StatusSeeOther {
		t.Errorf("it can be uploaded: %d", got.Code)
	}
	for _, id := range []string{kept, coming} {
		anouk.form(page, "weghalen-"+id)
	}
}

// TestActsOnFilesAskASessionAndTheLatestPage sends good forms from elsewhere, from
// nobody and from an older page.
func TestActsOnFilesAskASessionAndTheLatestPage(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	id, _ := anouk.announces("een.pdf")
	for act, in := range map[string]url.Values{
		"bestand": {"systeem": {"klanten"}, "recht": {"access"}, "naam": {"twee.pdf"}}, "weghalen": {"bestand": {id}},
	} {
		before := w.tables()
		for _, rev := range []string{"0", ""} {
			in.Set("rev", rev)
			if got := w.send(http.MethodPost, casePage+"/"+act, in.Encode(), holding(anouk.cookie)); got.Code != http.StatusConflict {
				t.Errorf("%s from an older page answers %d", act, got.Code)
			}
		}
		foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
		if got := w.send(http.MethodPost, casePage+"/"+act, in.Encode(), holding(anouk.cookie), foreign); got.Code != http.StatusForbidden {
			t.Errorf("%s from another site answers %d", act, got.Code)
		}
		if got := w.send(http.MethodPost, casePage+"/"+act, in.Encode()); got.Code != http.StatusForbidden || w.tables() != before {
			t.Errorf("%s without a session answers %d", act, got.Code)
		}
	}
}

// TestPackageThatCouldNotBeMadeIsSaidLoudly until somebody sends the answer again.
func TestPackageThatCouldNotBeMadeIsSaidLoudly(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.gather(plain())
	id, _ := anouk.announces("een.pdf")
	w.seals(id)
	agreed := func() {
		anouk.submit()
		w.reviewer().decides("akkoord", "")
		anouk.does("uitgevoerd", fields{"code": "app"})
	}
	agreed()
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Inzage maakt het pakket nu.")
	all, err := w.memory.EnclosuresOf(t.Context(), w.file.Case.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(e dsr.Enclosure) bool { return e.Ref.Kind == dsr.PackageFile })
	w.moves(all[at], func(e *dsr.Enclosure) { e.TurnDown("failed", w.now) })
	w.happen(w.freshFile(), dsr.Event{Kind: dsr.PackageFailed, At: w.now})
	const loud = "Het pakket met bestanden lukte niet, dus het antwoord is niet weg."
	page := anouk.see("").Body.String()
	holds(t, page, true, alarm, loud)
	holds(t, wordsOf(page), true, "Er is geen pakket. Inzage probeerde het een paar keer. Dat lukte niet.")
	anouk.does("antwoord-opnieuw", fields{"code": "app"})
	holds(t, anouk.see("").Body.String(), false, alarm, loud)
	got := anouk.typed(anouk.form(anouk.see("").Body.String(), "antwoord-opnieuw"), fields{"code": "app"})
	holds(t, wordsOf(got.Body.String()), true, "Het pakket met bestanden is nog niet klaar.")
}
