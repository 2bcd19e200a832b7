package desk_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// last gives the last letter of a kind that left, or waits.
func (w *world) last(kind dsr.LetterKind) dsr.Letter {
	w.t.Helper()
	var last dsr.Letter
	for _, one := range w.memory.AllLetters() {
		if one.Ref.Kind == kind && one.Ref.N > last.Ref.N {
			last = one
		}
	}
	if last.Ref.N == 0 {
		w.t.Fatalf("there is no letter %s", kind)
	}
	return last
}

// report is what SES says about a letter.
func (w *world) report(letter dsr.Letter, state dsr.LetterState) {
	w.t.Helper()
	recording := casework.Recording{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory}
	if err := recording.Record(w.t.Context(), w.now, letter.Ref, letter.SESID, state); err != nil {
		w.t.Fatal(err)
	}
}

// The alarm of a case page, and what it says of an answer that did not arrive.
const (
	alarm      = `<section class="now late" aria-labelledby="nu">`
	notArrived = "Het antwoord kwam niet aan. Stuur de brief opnieuw, of geef het antwoord anders en meld dat hier."
)

// TestAnswerThatCameBackIsSaidLoudly until the letter goes again; what is reported
// late about the first letter says nothing about the second.
func TestAnswerThatCameBackIsSaidLoudly(t *testing.T) {
	w, anouk := newOffice(t)
	page := leaving(w, anouk)
	holds(t, page, false, alarm, notArrived)
	first := w.last(dsr.RefusalLetter)
	w.report(first, dsr.LetterReturned)
	page = anouk.see("").Body.String()
	holds(t, page, true, alarm, notArrived)
	holds(t, wordsOf(page), false, "U hoeft niets te doen")
	holds(t, anouk.see("?taal=en").Body.String(), true, "The answer did not arrive.")
	holds(t, wordsOf(w.open(anouk.cookie, "/bureau").Body.String()), false, notArrived)
	anouk.does("antwoord-opnieuw", fields{"code": "app"})
	holds(t, anouk.see("").Body.String(), false, alarm, notArrived)
	w.mail()
	w.file = w.happen(w.freshFile(), dsr.Event{Kind: dsr.LetterBounced, At: w.now, Facts: map[string]string{
		"letter": "M14", "n": "1",
	}})
	holds(t, anouk.see("").Body.String(), false, alarm, notArrived)
	w.report(w.last(dsr.RefusalLetter), dsr.LetterReturned)
	holds(t, anouk.see("").Body.String(), true, alarm, notArrived)
}

// freshFile gives the case as it is stored, to add to.
func (w *world) freshFile() casework.File {
	w.t.Helper()
	file, err := w.memory.File(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return file
}

func TestAnswerThatCouldNotLeaveIsSaidLoudly(t *testing.T) {
	w, anouk := newOffice(t)
	leaving(w, anouk)
	n := w.last(dsr.RefusalLetter).Ref.N
	w.happen(w.freshFile(), dsr.Event{Kind: dsr.LetterGivenUp, At: w.now, Facts: map[string]string{"letter": "S9", "n": "9000000"}})
	holds(t, anouk.see("").Body.String(), false, alarm) // a notice to staff is no answer
	w.happen(w.freshFile(), dsr.Event{Kind: dsr.LetterGivenUp, At: w.now, Facts: map[string]string{"letter": "M14", "n": strconv.Itoa(n + 1000)}})
	holds(t, anouk.see("").Body.String(), true, alarm, notArrived)
}

// TestAnswerThatCannotLeaveNowIsSaidLoudly until it left: what is slow after that is
// the mail server of its reader.
func TestAnswerThatCannotLeaveNowIsSaidLoudly(t *testing.T) {
	w, anouk := newOffice(t)
	agreed(w, anouk)
	anouk.does("uitgevoerd", fields{"code": "app"})
	const cannot, fine = "Inzage kan de mail nu niet versturen. Inzage blijft het proberen. Vraag uw beheerder om nu te kijken.", "U hoeft niets te doen"
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Het antwoord is onderweg. "+fine)
	n := w.last(dsr.RefusalLetter).Ref.N
	happens := func(kind dsr.EventKind, n int) string {
		w.happen(w.freshFile(), dsr.Event{Kind: kind, At: w.now, Facts: map[string]string{"letter": "M14", "n": strconv.Itoa(n)}})
		return anouk.see("").Body.String()
	}
	page := happens(dsr.LetterDelayed, n)
	holds(t, page, true, alarm)
	holds(t, wordsOf(page), true, cannot)
	holds(t, wordsOf(page), false, fine)
	holds(t, wordsOf(anouk.see("?taal=en").Body.String()), true, "Inzage cannot send the mail now.")
	list := wordsOf(w.open(anouk.cookie, "/bureau").Body.String())
	holds(t, list, true, "Het antwoord is onderweg.")
	holds(t, list, false, fine, cannot)
	for _, page := range []string{happens(dsr.LetterSent, n), happens(dsr.LetterDelayed, n)} {
		holds(t, page, false, alarm)
		holds(t, wordsOf(page), true, fine)
	}
	holds(t, happens(dsr.LetterDelayed, n+1), true, alarm) // of a later letter
	holds(t, happens(dsr.LetterDelayed, n), true, alarm)
}

// TestAnswerGivenInAnotherWayClosesTheCase with how, which the timeline shows.
func TestAnswerGivenInAnotherWayClosesTheCase(t *testing.T) {
	w, anouk := newOffice(t)
	leaving(w, anouk)
	anouk.does("anders-bezorgd", fields{"reden": "Per post, op 5 maart.", "code": "app"})
	if c := w.stored(); c.State != dsr.Closed || c.Work.Outcome != dsr.Answered {
		t.Errorf("the case is %s with %q", c.State, c.Work.Outcome)
	}
	holds(t, wordsOf(anouk.see("").Body.String()), true,
		"Anouk Jansen Gaf het antwoord op een andere manier. Het verzoek is afgesloten. een antwoord Per post, op 5 maart.")
}

func TestApprovalIsTakenBackWhileNothingIsErased(t *testing.T) {
	w, anouk := newOffice(t)
	agreed(w, anouk)
	anouk.does("terugnemen", fields{"reden": "De klant belde: toch niet.", "code": "app"})
	if c := w.stored(); c.State != dsr.Working || c.Work.Draft != [32]byte{} {
		t.Errorf("the case is %s", c.State)
	}
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Anouk Jansen Nam het akkoord terug: er is niets gewist. De klant belde: toch niet.")
}

// TestAnswerWithoutALinkCanGoAgainToo is for a letter that says all there is.
func TestAnswerWithoutALinkCanGoAgainToo(t *testing.T) {
	w, anouk := newOffice(t)
	outcomes()[dsr.Refuse](anouk)
	page := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
	anouk.typed(anouk.form(page, "indienen"), fields{"code": "app"})
	w.mail()
	w.reviewer().decides("akkoord", "")
	anouk.does("antwoord-opnieuw", fields{"code": "app"})
	anouk.does("anders-bezorgd", fields{"reden": "Per post.", "code": "app"})
	if got := idsOf(anouk.see("").Body.String()); len(got) > 0 {
		t.Errorf("a closed case offers %v", got)
	}
}

// newWait gives a one-person organisation in which an answer waits a day. The
// letter that tells the customer has not left.
func newWait(t *testing.T) (*world, clerk) {
	t.Helper()
	w := newWorld(t, nil)
	w.profile.Staff = w.profile.Staff[:1]
	anouk := w.handlerIn()
	anouk.gather(plain())
	page := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
	anouk.typed(anouk.form(page, "indienen"), fields{"anderen": "ja", "code": "app"})
	return w, anouk
}

// TestWaitOfWhichNobodyHeardIsSaid: the case says so, and nobody can approve.
func TestWaitOfWhichNobodyHeardIsSaid(t *testing.T) {
	w, anouk := newWait(t)
	const unheard = "De klant weet niet dat dit antwoord komt: de brief kwam niet aan."
	w.happen(w.freshFile(), dsr.Event{Kind: dsr.LetterBounced, At: w.now, Facts: map[string]string{"letter": "M10-wait", "n": "1"}}) // of an earlier wait
	holds(t, wordsOf(anouk.see("").Body.String()), true, "De brief waarmee de klant dit kan stoppen, is nog niet weg.")
	w.mail()
	page := anouk.see("").Body.String()
	holds(t, wordsOf(page), true, "Wacht: de klant kan het antwoord 24 uur stoppen. Daarna krijgt u een link.")
	holds(t, page, false, alarm)
	w.report(w.last(dsr.WaitLetter), dsr.LetterReturned)
	page = anouk.see("").Body.String()
	holds(t, page, true, alarm, unheard)
	holds(t, wordsOf(w.open(anouk.cookie, "/bureau").Body.String()), false, unheard)
	w.now = w.now.Add(24 * time.Hour)
	w.mail()
	alone := w.enter("anouk", w.linkIn(dsr.ReviewNotice, "anouk"))
	got := alone.decides("akkoord", "")
	if got.Code != http.StatusUnprocessableEntity || w.stored().State != dsr.InReview {
		t.Errorf("approving it answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "De brief waarmee de klant dit kan stoppen, kwam niet weg of niet aan.")
}

// TestErasureNobodyConfirmedWaitsForASecondPerson says whose link comes then.
func TestErasureNobodyConfirmedWaitsForASecondPerson(t *testing.T) {
	w := newWorld(t, nil)
	w.profile.Identity.Rights["erasure"] = []organisation.Means{organisation.MeansNone}
	anouk := w.handlerIn()
	anouk.does("rechten", fields{"recht": "erasure"})
	anouk.does("klant", fields{"klantnummer": "K", "adres1": requesterAddress, "sinds1": "2020-01-02"})
	anouk.does("identiteit", fields{"code": "app"})
	anouk.does("zoeken-klanten-erasure", fields{"uitkomst": "to-erase"})
	anouk.does("zoeken-facturen-erasure", fields{"uitkomst": "nothing-found"})
	anouk.does("besluit-erasure", fields{"uitkomst": "granted"})
	anouk.submit()
	holds(t, wordsOf(anouk.see("").Body.String()), true, "24 uur stoppen. Daarna krijgt een tweede medewerker een link.")
}

// newSilence gives a world whose sender nobody vouches for.
func newSilence(t *testing.T, change func(*dsr.Case, *dsr.Correspondence)) *world {
	t.Helper()
	return newWorld(t, func(c *dsr.Case, said *dsr.Correspondence) {
		if change != nil {
			change(c, said)
		}
		c.Trust = dsr.TrustC
	})
}

// silence finds nobody.
func (w *world) silence() clerk {
	w.t.Helper()
	anouk := w.handlerIn()
	anouk.does("rechten", fields{"recht": "access"})
	anouk.does("niemand", fields{"gezocht": "Op naam."})
	return anouk
}

// TestEndWithoutALetterSaysSoAndWhy from the preview to the timeline.
func TestEndWithoutALetterSaysSoAndWhy(t *testing.T) {
	w := newSilence(t, nil)
	anouk := w.silence()
	said := []string{"Er gaat geen brief weg.", "het is niet zeker dat het adres van de afzender echt schreef", "Na het akkoord is het verzoek afgesloten."}
	letter := []string{"Gaat naar", "Wat de klant achter de link leest", "Onze brief zegt alles."}
	preview := anouk.see("/voorbeeld?uitkomst=unlinked").Body.String()
	holds(t, wordsOf(preview), true, said...)
	holds(t, wordsOf(preview), false, letter...)
	holds(t, wordsOf(anouk.see("/voorbeeld?uitkomst=unlinked&taal=en").Body.String()), true, "No letter leaves.")
	if got := anouk.typed(anouk.form(preview, "indienen"), fields{"code": "app"}); got.Code != http.StatusSeeOther {
		t.Fatalf("submitting answers %d: %s", got.Code, wordsOf(got.Body.String()))
	}
	w.mail()
	bram := w.reviewer()
	review := wordsOf(bram.see("/akkoord").Body.String())
	holds(t, review, true, said...)
	holds(t, review, false, letter...)
	bram.decides("akkoord", "")
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Gaf akkoord op het antwoord. wij konden het verzoek aan niemand koppelen, afgesloten zonder brief")
	if strings.Contains(w.log.String(), "ERROR") || w.stored().State != dsr.Closed {
		t.Errorf("the case is %s", w.stored().State)
	}
}
