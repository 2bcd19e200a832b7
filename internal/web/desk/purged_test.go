package desk_test

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// purge closes the world's case, when it is open, and destroys its file.
func (w *world) purge() {
	w.t.Helper()
	file := w.freshFile()
	if file.Case.State != dsr.Closed {
		file.Case.State, file.Case.Work.ClosedAt, file.Case.Work.Outcome = dsr.Closed, w.now, dsr.Answered
	}
	if err := file.Case.Purge(); err != nil {
		w.t.Fatal(err)
	}
	file.Case.Seq++
	w.commit(casework.Change{File: casework.File{Case: file.Case}, Purge: true, At: w.now, Event: dsr.Event{
		Seq: file.Case.Seq, Kind: dsr.FilePurged, At: w.now, Facts: map[string]string{"outcome": "answered"},
	}})
}

// linkToAnother gives a link to sign in to another case than the world's: the
// links of a purged case are dead.
func (w *world) linkToAnother(id string) string {
	w.t.Helper()
	w.newCase(2, nil)
	rule, _ := dsr.SignIn.Rule()
	return rule.Path + "?t=" + w.mint(w.issue(dsr.Link{
		ID: dsr.LinkID{78}, Purpose: dsr.SignIn, Owner: dsr.OwnerID{2}, Actor: actor(id), IssuedAt: received(), ExpiresAt: received().AddDate(0, 0, 3),
	}))
}

// newPurged gives a world whose case was answered, closed and purged.
func newPurged(t *testing.T) (*world, clerk) {
	t.Helper()
	w, anouk := newOffice(t)
	leaving(w, anouk)
	anouk.does("anders-bezorgd", fields{"reden": "Per post.", "code": "app"})
	w.purge()
	return w, w.enter("carla", w.linkToAnother("carla"))
}

// TestPurgedCaseShowsWhatIsLeftAndWhy, and nothing of anybody. Looking at it is
// not written down: there is nothing left to have seen.
func TestPurgedCaseShowsWhatIsLeftAndWhy(t *testing.T) {
	w, anouk := newPurged(t)
	w.writes = nil
	got := anouk.see("")
	page := got.Body.String()
	holds(t, wordsOf(page), true, "Dit dossier is vernietigd", "12 maanden na het einde", "Op woensdag 5 maart 2031 verdwijnt ook dit.",
		"Inzage in uw gegevens", "Geëindigd met een antwoord", "Deels toegewezen", "Anouk Jansen Wees toe.", "Het dossier is vernietigd: niemand kan het nog lezen.")
	c, err := w.memory.Summary(t.Context(), w.file.Case.ID)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, page, true, `<p class="hash">`+hex.EncodeToString(c.Head[:])+"</p>")
	holds(t, page, false, requesterName, requesterAddress, requestText, "K-1001", "Per post.", "De facturen moeten blijven.")
	holds(t, wordsOf(anouk.see("?taal=en").Body.String()), true, "This file was destroyed")
	if got.Code != http.StatusOK || len(w.writes) > 0 {
		t.Errorf("answers %d and wrote %v", got.Code, w.writes)
	}
}

// TestNothingCanBeDoneToAPurgedCase asks for each page and posts to each act.
func TestNothingCanBeDoneToAPurgedCase(t *testing.T) {
	w, anouk := newPurged(t)
	before := w.tables()
	for _, act := range []string{
		"rechten", "klant", "zoeken", "besluit", "kopie", "kopie-vragen", "bestand", "weghalen", "niet-aangekomen", "mail", "voorbeeld", "indienen", "akkoord", "beeld", "uploaden",
	} {
		get := anouk.see("/" + act)
		post := w.send(http.MethodPost, casePage+"/"+act, "rev=0&code="+w.code("carla"), holding(anouk.cookie))
		for status, got := range map[int]*httptest.ResponseRecorder{http.StatusOK: get, http.StatusGone: post} {
			if got.Code != status && got.Code != http.StatusNotFound {
				t.Errorf("%s answers %d", act, got.Code)
			}
			if got.Code == status {
				holds(t, got.Body.String(), true, "Dit dossier is vernietigd")
			}
		}
	}
	if w.tables() != before {
		t.Error("something changed")
	}
	if got := w.open(anouk.cookie, "/bureau?nummer="+number); got.Header().Get("Location") != casePage {
		t.Errorf("its number is not found: %d", got.Code)
	}
}
