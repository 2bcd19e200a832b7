package desk_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// What stands for the picture of a copy, sharp and blurred.
const sharp, smudge = "\xff\xd8 scherp \xff\xd9", "\xff\xd8 onscherp \xff\xd9"

// sendsCopy is the contact on file, who uploads a copy; refusal, when not empty, is
// why nothing of it can be kept. It gives the id of the copy.
func (w *world) sendsCopy(n byte, refusal string) string {
	w.t.Helper()
	return w.sendsPicture(n, casework.Examined{Picture: []byte(sharp), Blurred: []byte(smudge), Form: "jpeg"}, refusal)
}

// sendsPicture does so with another picture.
func (w *world) sendsPicture(n byte, kept casework.Examined, refusal string) string {
	w.t.Helper()
	c, err := w.memory.Summary(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	unique := dsr.OwnerID{14: 0xcc, 15: n}
	id, err := dsr.NewUploadID(bytes.NewReader(unique[:]), c.Work.Asked)
	if err != nil {
		w.t.Fatal(err)
	}
	ref := dsr.EnclosureRef{Case: w.file.Case.ID, Kind: dsr.IDCopyFile, ID: id}
	inspecting := casework.Inspecting{
		Place: w.place(), Rules: w.rules(), Cases: w.memory, Files: w.objects, Enclosure: w.memory.EnclosureOf, Enclosures: w.memory.EnclosuresOf,
		Examine: func(context.Context, io.Reader, int64) (casework.Examined, error) {
			if refusal != "" {
				return casework.Examined{Refusal: refusal}, nil
			}
			return kept, nil
		},
	}
	err = inspecting.TakeIn(w.t.Context(), w.now, ref, casework.Original{
		Open: func(context.Context) (io.ReadCloser, int64, error) {
			return io.NopCloser(strings.NewReader("original")), 8, nil
		},
		Destroy: func(context.Context) error { return nil },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return ref.ID.String()
}

// newCopy gives a world in which the contact on file said yes and sent a copy.
func newCopy(t *testing.T) (w *world, anouk clerk, id string) {
	t.Helper()
	w, anouk = newOffice(t)
	anouk.settle(plain())
	w.confirm(true)
	return w, anouk, w.sendsCopy(1, "")
}

// looks asks for the sharp copy, by the form on the page of the case.
func (c clerk) looks(id string) *httptest.ResponseRecorder {
	c.w.t.Helper()
	return c.typed(c.form(c.see("").Body.String(), "kopie-"+id), nil)
}

// TestCopyIsBlurredUntilSomebodyAsks and each look is written down before.
func TestCopyIsBlurredUntilSomebodyAsks(t *testing.T) {
	w, anouk, id := newCopy(t)
	page := anouk.see("")
	holds(t, page.Body.String(), true, `<a href="#kopieen">Naar de kopie</a>`)
	holds(t, wordsOf(page.Body.String()), true, "Er ligt een kopie klaar. Bekijk die scherp en beoordeel wie dit is.", "Inzage schrijft op wie de kopie scherp bekijkt", "De kopie ligt klaar.", "19 maart 2026")
	holds(t, page.Header().Get("Content-Security-Policy"), true, "img-src 'self';")
	holds(t, page.Body.String(), false, "data:", base64.StdEncoding.EncodeToString([]byte(sharp)))
	w.writes = nil
	picture := anouk.see("/beeld?kopie=" + id)
	if picture.Code != http.StatusOK || picture.Body.String() != smudge || len(w.writes) > 0 {
		t.Errorf("the blurred picture answers %d, %q; wrote %v", picture.Code, picture.Body, w.writes)
	}
	if kind, kept := picture.Header().Get("Content-Type"), picture.Header().Get("Cache-Control"); kind != "image/jpeg" || kept != "no-store" {
		t.Errorf("the picture is %s, kept %s", kind, kept)
	}
	for n := range 2 {
		look := anouk.looks(id)
		if look.Code != http.StatusOK || w.events(dsr.IDCopyViewed) != n+1 {
			t.Fatalf("looking answers %d, with %d views", look.Code, w.events(dsr.IDCopyViewed))
		}
		holds(t, look.Body.String(), true, `src="data:image/jpeg;base64,`+base64.StdEncoding.EncodeToString([]byte(sharp))+`"`)
		holds(t, look.Header().Get("Content-Security-Policy"), true, "img-src data:;")
		holds(t, wordsOf(look.Body.String()), true, "Inzage schreef op dat u deze kopie nu bekijkt.", "Na uw oordeel vernietigt Inzage de kopie meteen.", "S. Bakker", "K-1001")
		if ids := idsOf(look.Body.String()); !slices.Equal(ids, []string{"identiteit", "twijfel", "kopie-vragen"}) {
			t.Errorf("beside the picture stand %v", ids)
		}
	}
	seen := anouk.see("").Body.String()
	holds(t, wordsOf(seen), true, "Anouk Jansen Bekeek de kopie scherp.", "Komt die, of een lichter bewijs?")
	holds(t, seen, false, "#kopieen")
	if get := anouk.see("/kopie?kopie=" + id); w.events(dsr.IDCopyViewed) != 2 || strings.Contains(get.Body.String(), "data:") {
		t.Error("a link shows the sharp copy")
	}
}

// TestPictureThatFitsOnNoPageIsSaidToBe: a function answers with 6 MB at most, and
// a page that is larger would not come at all.
func TestPictureThatFitsOnNoPageIsSaidToBe(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	w.confirm(true)
	large := bytes.Repeat([]byte{0xff}, 3<<20+1)
	for n, picture := range [][]byte{large, large[1:]} {
		id := w.sendsPicture(byte(n+1), casework.Examined{Picture: picture, Blurred: []byte(smudge)}, "")
		page := anouk.looks(id).Body.String()
		fits := n == 1
		if strings.Contains(page, "data:image") != fits || strings.Contains(page, "Dit plaatje is te groot voor een pagina.") == fits || len(page)*4/3 > 6<<20 {
			t.Errorf("a picture of %d bytes makes a page of %d", len(picture), len(page))
		}
	}
}

// TestVerdictRestsOnTheCopyThatItsJudgeSaw: by what somebody else looked at, nobody
// judges; and the copy is gone with the verdict.
func TestVerdictRestsOnTheCopyThatItsJudgeSaw(t *testing.T) {
	w, anouk, id := newCopy(t)
	holds(t, anouk.see("").Body.String(), false, `id="identiteit-kopie-`)
	blank := anouk.form(anouk.see("").Body.String(), "identiteit")
	unseen := anouk.typed(blank, fields{"kopie": id, "code": "app"})
	if unseen.Code != http.StatusUnprocessableEntity || w.stored().Work.Identity != "" {
		t.Fatalf("by a copy that nobody saw it answers %d", unseen.Code)
	}
	holds(t, wordsOf(unseen.Body.String()), true, "Bekijk eerst zelf de kopie, scherp.")
	page := anouk.looks(id).Body.String()
	carla := w.enter("carla", w.link("carla"))
	holds(t, carla.see("").Body.String(), false, `id="identiteit-kopie-`)
	for _, typed := range []string{"x", id + "|" + id} {
		got := anouk.typed(anouk.form(page, "identiteit"), fields{"kopie": typed, "code": "app"})
		if got.Code != http.StatusUnprocessableEntity {
			t.Errorf("the copy %q answers %d", typed, got.Code)
		}
	}
	got := anouk.typed(anouk.form(page, "identiteit"), fields{"kopie": id, "code": "app"})
	if got.Code != http.StatusSeeOther || !slices.Contains(w.stored().Work.Means, dsr.ByIDCopy) {
		t.Fatalf("the verdict answers %d: %s", got.Code, wordsOf(got.Body.String()))
	}
	after := wordsOf(anouk.see("").Body.String())
	holds(t, after, true, "Zeker, door: een bevestiging vanaf het adres in het dossier, een kopie van een identiteitsbewijs", "Vernietigd op 5 maart 2026", "Een medewerker oordeelde dat de kopie klopt.")
	for name, gone := range map[string]*httptest.ResponseRecorder{
		"the blurred one": anouk.see("/beeld?kopie=" + id),
		"the sharp one":   w.send(http.MethodPost, casePage+"/kopie", url.Values{"kopie": {id}, "rev": {"4"}}.Encode(), holding(anouk.cookie)),
	} {
		if gone.Code == http.StatusOK || bytes.Contains(gone.Body.Bytes(), []byte("scherp \xff")) {
			t.Errorf("%s still answers %d", name, gone.Code)
		}
	}
}

// TestCopyIsShownToNobodyElse: not without a session, from another case, by an
// older page, from another site, or when the look cannot be written down.
func TestCopyIsShownToNobodyElse(t *testing.T) {
	w, anouk, id := newCopy(t)
	w.newCase(2, nil)
	blank := anouk.form(anouk.see("").Body.String(), "kopie-"+id)
	good := blank.fields.Encode()
	other := "/bureau/zaken/AVG-2026-0002"
	stale := url.Values{"kopie": {id}, "rev": {"0"}}.Encode()
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	bram := w.enter("bram", w.linkFor(1, dsr.SignIn, "bram"))
	views := w.events(dsr.IDCopyViewed)
	for name, one := range map[string]struct {
		got    *httptest.ResponseRecorder
		status int
	}{
		"without a session":          {w.send(http.MethodPost, casePage+"/kopie", good), http.StatusForbidden},
		"the picture alone":          {w.get(casePage + "/beeld?kopie=" + id), http.StatusForbidden},
		"from another site":          {w.send(http.MethodPost, casePage+"/kopie", good, holding(anouk.cookie), foreign), http.StatusForbidden},
		"from an older page":         {w.send(http.MethodPost, casePage+"/kopie", stale, holding(anouk.cookie)), http.StatusConflict},
		"of another case":            {w.send(http.MethodPost, other+"/kopie", stale, holding(anouk.cookie)), http.StatusNotFound},
		"its picture":                {w.open(anouk.cookie, other+"/beeld?kopie="+id), http.StatusNotFound},
		"of nobody":                  {anouk.see("/beeld?kopie=x"), http.StatusNotFound},
		"by who only reads":          {w.send(http.MethodPost, casePage+"/kopie", good, holding(bram.cookie)), http.StatusForbidden},
		"blurred, by who only reads": {bram.see("/beeld?kopie=" + id), http.StatusNotFound},
	} {
		if one.got.Code != one.status || strings.Contains(one.got.Body.String(), "data:image") || one.got.Body.String() == smudge {
			t.Errorf("%s: %d, want %d", name, one.got.Code, one.status)
		}
	}
	holds(t, bram.see("").Body.String(), false, "<img")
	w.failing["Commit"] = errTrouble
	if got := w.send(http.MethodPost, casePage+"/kopie", good, holding(anouk.cookie)); got.Code != http.StatusServiceUnavailable || strings.Contains(got.Body.String(), "data:image") {
		t.Errorf("what cannot be written down answers %d", got.Code)
	}
	if w.events(dsr.IDCopyViewed) != views {
		t.Error("somebody looked")
	}
}

// TestDoubtLeadsToTheQuestionForACopy where the policy names one: to judge anew
// without more proof is no next step.
func TestDoubtLeadsToTheQuestionForACopy(t *testing.T) {
	front := regexp.MustCompile(`(?s)<h2 id="nu">.*?<form class="act" id="([^"]*)"`)
	for right, want := range map[string][2]string{
		"access":  {"kopie-vragen", "Vraag om een kopie, of bel voor een lichter bewijs en oordeel opnieuw."},
		"erasure": {"identiteit", "Vraag om meer bewijs en oordeel opnieuw."},
	} {
		w, anouk := newOffice(t)
		anouk.does("rechten", fields{"recht": right})
		anouk.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
		w.confirm(true)
		anouk.does("twijfel", fields{"reden": "Andere naam.", "code": "app"})
		page := anouk.see("").Body.String()
		if found := front.FindStringSubmatch(page); found == nil || found[1] != want[0] {
			t.Errorf("%s: in front stands %v, want %s", right, found, want[0])
		}
		said := "Er is twijfel over wie dit is. " + want[1] + " Komt dat niet, sluit dan af zonder gegevens."
		holds(t, wordsOf(page), true, said, "Beoordeel wie dit is")
		holds(t, wordsOf(w.open(anouk.cookie, "/bureau").Body.String()), true, said)
	}
}

// TestCopyThatADoubtEndedIsSaidToHaveBeenJudged: the verdict was about a person.
func TestCopyThatADoubtEndedIsSaidToHaveBeenJudged(t *testing.T) {
	_, anouk, _ := newCopy(t)
	anouk.does("twijfel", fields{"reden": "Andere naam.", "code": "app"})
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Een medewerker oordeelde over wie dit is.")
	holds(t, wordsOf(anouk.see("?taal=en").Body.String()), true, "A member of staff judged who this is.")
}

// TestCopyIsAskedForAgain with a code; where the policy asks one on doubt alone,
// the doubt comes first.
func TestCopyIsAskedForAgain(t *testing.T) {
	w, anouk, _ := newCopy(t)
	w.sendsCopy(2, "pdf")
	page := wordsOf(anouk.see("").Body.String())
	holds(t, page, true, "De klant is om een kopie gevraagd op 5 maart 2026", "Inzage bewaarde deze kopie niet. Het is een PDF, geen foto.", "Vraag de klant opnieuw om een kopie")
	holds(t, wordsOf(w.open(anouk.cookie, "/bureau").Body.String()), true, "De klant is om een kopie gevraagd.")
	before := len(w.memory.AllLetters())
	anouk.does("kopie-vragen", fields{"code": "app"})
	if w.events(dsr.IDCopyAsked) == 0 || len(w.memory.AllLetters()) != before+1 {
		t.Error("nobody was asked")
	}
	w, anouk = newOffice(t)
	w.profile.Identity.IDCopy = organisation.CopyOnDoubt
	anouk.settle(plain())
	w.confirm(true)
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Schrijf dan eerst op waarom u twijfelt.")
	holds(t, anouk.see("").Body.String(), false, `id="kopie-vragen"`)
	anouk.does("twijfel", fields{"reden": "Andere naam.", "code": "app"})
	anouk.does("kopie-vragen", fields{"code": "app"})
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Vroeg de klant om een kopie van een identiteitsbewijs. omdat er twijfel is")
	_, anouk = newOffice(t)
	anouk.does("rechten", fields{"recht": "erasure"})
	anouk.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
	holds(t, anouk.see("").Body.String(), false, `id="kopie-vragen"`) // no right of it asks for one
}
