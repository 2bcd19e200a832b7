package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// TestReviewShowsEachTextOnce: what the systems hold stands in the answer, and
// twice of it may be more than a page can hold.
func TestReviewShowsEachTextOnce(t *testing.T) {
	w, _ := newReview(t)
	page := w.reviewer().see("/akkoord").Body.String()
	for _, text := range []string{"Naam: Sanne Bakker", "Zeven jaar, van de belastingwet."} {
		if got := strings.Count(page, text); got != 1 {
			t.Errorf("%q stands there %d times", text, got)
		}
	}
	holds(t, wordsOf(page), true, "Klantenbestand Inzage in uw gegevens Gevonden", "Facturen Verwijdering van uw gegevens Dit moet blijven")
	holds(t, page, false, "te lang voor deze pagina")
}

// TestDraftThatLacksSomethingNowIsOver: the organisation got another system
// since, so that what lies in review is no whole answer any more.
func TestDraftThatLacksSomethingNowIsOver(t *testing.T) {
	w, _ := newReview(t)
	bram := w.reviewer()
	target, body := bram.approval("akkoord")
	same := organisation.Text{NL: "x", EN: "x"}
	w.profile.DataMap.Systems = append(w.profile.DataMap.Systems, organisation.System{
		ID: "nieuw", Name: same, Holds: same, Purpose: same, Basis: organisation.BasisContract, Keeps: same,
	})
	for name, got := range map[string]*httptest.ResponseRecorder{
		"the page": bram.see("/akkoord"), "the decision": w.send(http.MethodPost, target, body, holding(bram.cookie)),
	} {
		if got.Code != http.StatusConflict || w.stored().State != dsr.InReview {
			t.Errorf("%s answers %d", name, got.Code)
		}
		holds(t, wordsOf(got.Body.String()), true, "De zaak is veranderd", "Dan dient een collega het antwoord opnieuw in.")
	}
}

// TestGrantedWholeAndKeptIsNoAnswer: the page says how to decide instead.
func TestGrantedWholeAndKeptIsNoAnswer(t *testing.T) {
	_, anouk := newOffice(t)
	anouk.gather(plain())
	anouk.does("besluit-erasure", fields{"uitkomst": "granted"})
	got := anouk.see("/voorbeeld?uitkomst=answered")
	if got.Code != http.StatusConflict {
		t.Errorf("its preview answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "U wijst alles toe, maar er blijft iets bewaard. Kies dan: deels toewijzen")
}

func TestDecideFormSaysWhatGoesInPartOnly(t *testing.T) {
	_, anouk := newOffice(t)
	anouk.prove(plain())
	page := anouk.see("").Body.String()
	const kept, others = "Blijft er in een systeem iets bewaard? Kies dan deels.", "De rechten van andere mensen zijn alleen een reden bij deels."
	if strings.Count(page, kept) != 1 || strings.Count(page, others) != 1 {
		t.Errorf("said %d and %d times: only an erasure keeps, only access harms others", strings.Count(page, kept), strings.Count(page, others))
	}
	holds(t, page, true, ">"+dsr.GroundUnidentified.Words(dsr.Access, dsr.Dutch)+"</option>")
}

// TestTimelineNamesTheContactWhoseLinkItWas and the requester for what they do
// with theirs.
func TestTimelineNamesTheContactWhoseLinkItWas(t *testing.T) {
	w := newWorld(t, nil)
	for _, kind := range []dsr.EventKind{dsr.MailboxConfirmed, dsr.RequestDisowned, dsr.CodeAsked, dsr.AnswerCollected, dsr.CaseClosed} {
		w.file = w.happen(w.file, dsr.Event{Kind: kind, At: received(), Actor: w.file.Case.Person})
	}
	w.file = w.happen(w.file, dsr.Event{Kind: dsr.CaseClosed, At: received()})
	cookie := w.signIn("anouk")
	holds(t, wordsOf(w.open(cookie, casePage).Body.String()), true,
		"contact in het dossier De klant bevestigde dit verzoek.", "contact in het dossier De klant zei: dit was ik niet.",
		"contact in het dossier Vroeg een code om het antwoord te openen.", "contact in het dossier Het antwoord is geopend.",
		"aanvrager Het verzoek is afgesloten.", "Inzage Het verzoek is afgesloten.",
	)
	holds(t, wordsOf(w.open(cookie, casePage+"?"+url.Values{"taal": {"en"}}.Encode()).Body.String()), true, "contact on file The answer was opened.")
}

// TestDoubtMayEndWithoutData, where the law lets the request be refused at all.
func TestDoubtMayEndWithoutData(t *testing.T) {
	for _, right := range []dsr.Right{dsr.Access, dsr.ObjectionMarketing} {
		w := newWorld(t, nil)
		w.profile.Identity.Rights[string(right)] = []organisation.Means{organisation.MeansNone}
		anouk := w.handlerIn()
		anouk.does("rechten", fields{"recht": string(right)})
		anouk.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
		anouk.does("twijfel", fields{"reden": "Een andere stem.", "code": "app"})
		page := wordsOf(anouk.see("").Body.String())
		holds(t, page, true, "Er is twijfel over wie dit is.")
		holds(t, page, right == dsr.Access, "sluit dan af zonder gegevens", "Sluit af zonder gegevens: wij konden het verzoek aan niemand koppelen")
	}
}

// TestObjectionOfAColleagueStandsInFront until the answer is submitted anew.
func TestObjectionOfAColleagueStandsInFront(t *testing.T) {
	for choice, words := range map[string]string{
		"terug": "Uw collega stuurde het antwoord terug", "weiger": "Uw collega twijfelt wie dit is",
	} {
		w, anouk := newReview(t)
		holds(t, anouk.see("").Body.String(), false, words)
		bram := w.reviewer()
		target, body := bram.approval(choice)
		if got := w.send(http.MethodPost, target, body, holding(bram.cookie)); got.Code != http.StatusSeeOther {
			t.Fatalf("%s answers %d", choice, got.Code)
		}
		page := wordsOf(anouk.see("").Body.String())
		holds(t, page, true, "Lees eerst hieronder wat uw collega schreef.", words, "Waarom?")
	}
}
