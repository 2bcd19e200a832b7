package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// TestLetterThatDidNotArriveIsSaidUntilSomebodySawToIt on the page of the case and
// as a mark in the list, which names nobody.
func TestLetterThatDidNotArriveIsSaidUntilSomebodySawToIt(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	w.mail()
	const said, marked = "Deze brief kwam niet aan", "Een brief aan de klant kwam niet aan."
	holds(t, anouk.see("").Body.String(), false, said)
	holds(t, w.open(anouk.cookie, "/bureau").Body.String(), false, marked)
	w.report(w.last(dsr.ConfirmLetter), dsr.LetterReturned)
	page := anouk.see("").Body.String()
	holds(t, wordsOf(page), true, said+" De vraag aan de klant of dit verzoek klopt kwam terug: niet bezorgd. Zoek het adres opnieuw op in uw klantdossier.")
	holds(t, w.open(anouk.cookie, "/bureau").Body.String(), true, `<strong class="late">`+marked+`</strong>`)
	holds(t, w.open(anouk.cookie, "/bureau").Body.String(), false, requesterAddress, requesterName)

	got := anouk.typed(anouk.form(page, "niet-aangekomen"), fields{"reden": " "})
	if got.Code != http.StatusUnprocessableEntity || len(w.stored().Work.Undelivered) != 1 {
		t.Errorf("without a word it answers %d", got.Code)
	}
	if forms := strings.Count(got.Body.String(), `id="niet-aangekomen"`); forms != 1 {
		t.Errorf("the form stands there %d times", forms)
	}
	anouk.does("niet-aangekomen", fields{"reden": "Gebeld: het adres was oud."})
	page = anouk.see("").Body.String()
	holds(t, page, false, said, `id="niet-aangekomen"`)
	holds(t, wordsOf(page), true, "Anouk Jansen Handelde af wat niet aankwam. De vraag aan de klant of dit verzoek klopt Gebeld: het adres was oud.")
	holds(t, w.open(anouk.cookie, "/bureau").Body.String(), false, marked)
}

// TestBounceThatThePageDidNotShowStaysToBeSeenTo: it came while somebody typed.
func TestBounceThatThePageDidNotShowStaysToBeSeenTo(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	w.mail()
	w.report(w.last(dsr.ConfirmLetter), dsr.LetterReturned)
	shown := anouk.form(anouk.see("").Body.String(), "niet-aangekomen")
	if got := shown.fields["brief"]; !slices.Equal(got, []string{"M03"}) {
		t.Fatalf("the form is about %q", got)
	}
	w.lacks(dsr.WithdrawnLetter)
	if got := anouk.typed(shown, fields{"reden": "Gebeld: het adres was oud."}); got.Code != http.StatusSeeOther {
		t.Fatalf("it answers %d", got.Code)
	}
	if got := w.stored().Work.Undelivered; !slices.Equal(got, []dsr.LetterKind{dsr.WithdrawnLetter}) {
		t.Errorf("missed are %v", got)
	}
	// What is sent twice settles nothing twice.
	if got := anouk.typed(shown, fields{"reden": "Nog eens."}); got.Code == http.StatusSeeOther || len(w.stored().Work.Undelivered) != 1 {
		t.Errorf("it answers %d, missed are %v", got.Code, w.stored().Work.Undelivered)
	}
}

// lacks lets a letter to the data subject be missed.
func (w *world) lacks(kind dsr.LetterKind) {
	w.t.Helper()
	c := w.stored()
	c.Lack(kind)
	c.Seq++
	change := casework.Change{File: casework.File{Case: c}, Event: dsr.Event{Seq: c.Seq, Kind: dsr.LetterBounced, At: w.now}, At: w.now}
	if err := w.memory.Commit(w.t.Context(), change); err != nil {
		w.t.Fatal(err)
	}
}

// TestClosedCaseWithALostLetterStillAsksSomething: nobody would look at it again.
func TestClosedCaseWithALostLetterStillAsksSomething(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) {
		c.State, c.Work.Undelivered = dsr.Closed, []dsr.LetterKind{dsr.WithdrawnLetter, "M99"}
	})
	page := wordsOf(w.open(w.signIn("anouk"), casePage).Body.String())
	holds(t, page, true, "Dit verzoek is afgesloten, maar een brief kwam niet aan.", "De bevestiging dat het verzoek is ingetrokken kwam terug", "De brief M99", "Bel of schrijf de klant")
	holds(t, page, false, "u hoeft niets te doen")
}
