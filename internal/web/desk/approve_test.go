package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// newReview gives a world in which an answer lies before a second person.
func newReview(t *testing.T) (*world, clerk) {
	t.Helper()
	w, anouk := newOffice(t)
	anouk.gather(plain())
	anouk.submit()
	return w, anouk
}

// approval is the form of a review, filled in.
func (c clerk) approval(what string) (target, body string) {
	c.w.t.Helper()
	blank := c.form(c.see("/akkoord").Body.String(), "akkoord")
	blank.fields.Set("beslissing", what)
	blank.fields.Set("opmerking", "Waarom?")
	blank.fields.Set("code", c.w.code(c.id))
	return blank.action, blank.fields.Encode()
}

// TestL12SecondApprovalIsRefused repeats the very request, and opens the link
// once more.
func TestL12SecondApprovalIsRefused(t *testing.T) {
	for _, what := range []string{"akkoord", "terug", "weiger"} {
		w, _ := newReview(t)
		link := w.linkIn(dsr.ReviewNotice, "bram")
		bram := w.enter("bram", link)
		target, body := bram.approval(what)
		if got := w.send(http.MethodPost, target, body, holding(bram.cookie)); got.Code != http.StatusSeeOther || got.Header().Get("Location") != casePage {
			t.Fatalf("%s answers %d: %s", what, got.Code, wordsOf(got.Body.String()))
		}
		before := w.stored()
		w.now = w.now.Add(time.Minute)
		path, query, _ := strings.Cut(link, "?t=")
		again := url.Values{"t": {query}, "code": {w.code("bram")}}.Encode()
		for name, got := range map[string]*httptest.ResponseRecorder{
			"the same form": w.send(http.MethodPost, target, body, holding(bram.cookie)),
			"the page":      bram.see("/akkoord"),
			"the link":      w.get(link),
			"its form":      w.send(http.MethodPost, path, again),
		} {
			page := wordsOf(got.Body.String())
			if got.Code != http.StatusConflict || !strings.Contains(page, "Al besloten") || !strings.Contains(page, "Already decided") {
				t.Errorf("after %s %s answers %d: %s", what, name, got.Code, page)
			}
			if !strings.Contains(name, "form") {
				holds(t, got.Body.String(), false, requesterName, number, "Bram")
			}
		}
		if after := w.stored(); after.Seq != before.Seq {
			t.Errorf("after %s the history grew from %d to %d", what, before.Seq, after.Seq)
		}
	}
}

// TestL13OneOfManyApprovalsAtOnceSucceeds sends a hundred: of one person, and of
// two.
func TestL13OneOfManyApprovalsAtOnceSucceeds(t *testing.T) {
	w, _ := newReview(t)
	bram := w.reviewer()
	dirk := w.enter("dirk", w.linkIn(dsr.ReviewNotice, "dirk"))
	var targets, bodies [2]string
	targets[0], bodies[0] = bram.approval("akkoord")
	targets[1], bodies[1] = dirk.approval("akkoord")
	before, answers := w.stored().Rev, make([]int, 100)
	w.handler() // made before, so that all find it
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			who := []clerk{bram, dirk}[i%2]
			answers[i] = w.send(http.MethodPost, targets[i%2], bodies[i%2], holding(who.cookie)).Code
		})
	}
	all.Wait()
	counts := map[int]int{}
	for _, code := range answers {
		counts[code]++
	}
	if counts[http.StatusSeeOther] != 1 || w.events(dsr.AnswerApproved) != 1 || w.stored().Rev != before+1 {
		t.Errorf("the answers are %v, %d approvals, rev %d after %d", counts, w.events(dsr.AnswerApproved), w.stored().Rev, before)
	}
	if err := w.memory.Verify(); err != nil {
		t.Error(err)
	}
}

// TestL14LinkAndPageOfAnEarlierCaseDecideNothing changes the case between the
// question and the approval.
func TestL14LinkAndPageOfAnEarlierCaseDecideNothing(t *testing.T) {
	w, anouk := newReview(t)
	link := w.linkIn(dsr.ReviewNotice, "dirk")
	bram := w.reviewer()
	target, body := bram.approval("akkoord")
	anouk.does("zoeken-klanten-access", fields{"uitkomst": "found", "tekst": "Iets anders."})
	anouk.submit()
	w.now = w.now.Add(time.Minute)
	path, token, _ := strings.Cut(link, "?t=")
	for name, got := range map[string]*httptest.ResponseRecorder{
		"the page of before": w.send(http.MethodPost, target, body, holding(bram.cookie)),
		"the review":         bram.see("/akkoord"),
		"the link":           w.get(link),
		"its form":           w.send(http.MethodPost, path, url.Values{"t": {token}, "code": {w.code("dirk")}}.Encode()),
	} {
		if page := wordsOf(got.Body.String()); got.Code != http.StatusConflict || !strings.Contains(page, "De zaak is veranderd") {
			t.Errorf("%s answers %d: %s", name, got.Code, page)
		}
	}
	holds(t, wordsOf(w.send(http.MethodPost, target, body, holding(bram.cookie)).Body.String()), true, "Wat u had ingevuld opmerking Waarom?")
	if w.stored().State != dsr.InReview || w.events(dsr.AnswerApproved) > 0 {
		t.Error("an approval of something else counts")
	}
	bram = w.reviewer()
	holds(t, wordsOf(bram.see("/akkoord").Body.String()), true, "Wat er veranderde sinds de vorige keer", "Keek in een systeem. Klantenbestand", "Iets anders.")
	holds(t, wordsOf(bram.see("/akkoord").Body.String()), false, "Stelde vast wat er wordt gevraagd.", "Opende het verzoek.")
	if got := bram.decides("akkoord", ""); got.Code != http.StatusSeeOther {
		t.Errorf("the new link answers %d", got.Code)
	}
}

// TestReviewOfChangedTextIsRefused changes the case between the preview and its
// submission, in another tab.
func TestReviewOfChangedTextIsRefused(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.gather(plain())
	preview := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
	anouk.does("zoeken-klanten-access", fields{"uitkomst": "found", "tekst": "Iets anders."})
	got := anouk.typed(anouk.form(preview, "indienen"), fields{"anderen": "ja", "code": "app"})
	if got.Code != http.StatusConflict || w.stored().State != dsr.Working {
		t.Errorf("answers %d, and the case is %s", got.Code, w.stored().State)
	}
	page := got.Body.String()
	holds(t, wordsOf(page), true, "Het verzoek is veranderd nadat u deze pagina opende.", "Iets anders.")
	if blank := anouk.form(page, "indienen"); blank.fields.Has("anderen") {
		t.Error("the tick stands there for a text nobody looked at")
	}
}

// TestSecondTabIsToldAndKeepsItsText opens the case twice and acts in both.
func TestSecondTabIsToldAndKeepsItsText(t *testing.T) {
	_, anouk := newOffice(t)
	second := anouk.see("").Body.String()
	anouk.does("rechten", fields{"recht": "access"})
	got := anouk.typed(anouk.form(second, "niemand"), fields{"gezocht": "Een lang verhaal."})
	if got.Code != http.StatusConflict {
		t.Errorf("answers %d", got.Code)
	}
	page := got.Body.String()
	holds(t, page, true, "Een lang verhaal.", "Het verzoek is veranderd")
	if again := anouk.typed(anouk.form(page, "niemand"), fields{"gezocht": "Een lang verhaal."}); again.Code != http.StatusSeeOther {
		t.Errorf("sending it again answers %d", again.Code)
	}
	late := anouk.typed(anouk.form(second, "rechten"), fields{"recht": "access"})
	holds(t, late.Body.String(), true, "Fout: ")
}

// TestTextIsKeptWhenItsFormIsGone: the case went so far that the act is over.
func TestTextIsKeptWhenItsFormIsGone(t *testing.T) {
	w, anouk := newReview(t)
	page := anouk.see("").Body.String()
	w.reviewer().decides("akkoord", "")
	got := anouk.typed(anouk.form(page, "twijfel"), fields{"reden": "Een lang verhaal.\r\n<b>", "code": "app"})
	if got.Code != http.StatusConflict {
		t.Errorf("answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "Wat u had ingevuld reden Een lang verhaal. &lt;b&gt;")
}

// TestA30NobodyDecidesOnTheirOwnRequestOrDraft covers the data subject at the
// desk, by another spelling of their mailbox, and the drafter who may approve.
func TestA30NobodyDecidesOnTheirOwnRequestOrDraft(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.Requester.Address = "Anouk+thuis@voorbeeld.example" })
	anouk := w.handlerIn()
	page := anouk.see("").Body.String()
	for id, in := range map[string]fields{
		"rechten": {"recht": "access"}, "niemand": {"gezocht": "x"},
		"klant": {"klantnummer": "K", "adres1": "a@b.example", "sinds1": "2020-01-01"},
	} {
		got := anouk.typed(anouk.form(page, id), in)
		if got.Code != http.StatusForbidden || w.stored().Rev != 0 {
			t.Errorf("%s answers %d", id, got.Code)
		}
		holds(t, wordsOf(got.Body.String()), true, "Dit verzoek gaat over uzelf.")
	}

	_, anouk = newOffice(t)
	anouk.does("rechten", fields{"recht": "access"})
	got := anouk.typed(anouk.form(anouk.see("").Body.String(), "klant"), fields{"klantnummer": "K", "adres1": "anouk@voorbeeld.example", "sinds1": "2020-01-01"})
	if got.Code != http.StatusForbidden {
		t.Errorf("who found themselves gets %d", got.Code)
	}

	w = newWorld(t, nil)
	w.profile.Staff[0].Roles = []organisation.Role{organisation.RoleHandler, organisation.RoleApprover}
	anouk = w.handlerIn()
	anouk.gather(plain())
	anouk.submit()
	for _, content := range w.posted {
		if content.Letter.Ref.Kind == dsr.ReviewNotice && content.Letter.To.Staff == actor("anouk") {
			t.Error("the drafter was asked to approve")
		}
	}
	c := w.stored()
	link := w.issue(dsr.Link{
		ID: dsr.LinkID{60}, Purpose: dsr.ApproveErasure, Owner: c.ID, Actor: actor("anouk"), Rev: c.Rev,
		IssuedAt: w.now.Truncate(time.Second), ExpiresAt: w.now.Truncate(time.Second).Add(72 * time.Hour),
	})
	again := w.enter("anouk", "/bureau/akkoord-verwijdering?t="+w.mint(link))
	if got := again.decides("akkoord", ""); got.Code != http.StatusForbidden || w.stored().State != dsr.InReview {
		t.Errorf("the drafter's own approval answers %d", got.Code)
	}
}

// TestOnePersonWaitsADayAndApprovesAlone is the organisation without a second
// person.
func TestOnePersonWaitsADayAndApprovesAlone(t *testing.T) {
	w := newWorld(t, nil)
	w.profile.Staff = w.profile.Staff[:1]
	anouk := w.handlerIn()
	anouk.gather(plain())
	anouk.submit()
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Wacht: de klant kan het antwoord 24 uur stoppen.")
	for _, content := range w.posted {
		if content.Letter.Ref.Kind == dsr.ReviewNotice {
			t.Error("the link to approve left before the day was over")
		}
	}
	w.now = w.now.Add(24 * time.Hour)
	w.mail()
	alone := w.enter("anouk", w.linkIn(dsr.ReviewNotice, "anouk"))
	if got := alone.decides("akkoord", ""); got.Code != http.StatusSeeOther {
		t.Errorf("approving alone after the day answers %d: %s", got.Code, wordsOf(got.Body.String()))
	}
}

func TestReviewWantsAChoiceAndAWord(t *testing.T) {
	w, _ := newReview(t)
	bram := w.reviewer()
	page := bram.see("/akkoord").Body.String()
	for name, one := range map[string]struct {
		in    fields
		place string
	}{
		"nothing":         {fields{"code": "app"}, "akkoord-beslissing-akkoord"},
		"invented":        {fields{"beslissing": "ja", "code": "app"}, "akkoord-beslissing-akkoord"},
		"no code":         {fields{"beslissing": "akkoord"}, "akkoord-code"},
		"back, no word":   {fields{"beslissing": "terug", "opmerking": " \r\n", "code": "app"}, "akkoord-opmerking"},
		"refuse, no word": {fields{"beslissing": "weiger", "code": "app"}, "akkoord-opmerking"},
		"endless word":    {fields{"beslissing": "terug", "opmerking": strings.Repeat("x", 5000), "code": "app"}, "akkoord-opmerking"},
		"wrong code":      {fields{"beslissing": "akkoord", "code": w.wrong()}, "akkoord-code"},
	} {
		got := bram.typed(bram.form(page, "akkoord"), one.in)
		if got.Code != http.StatusUnprocessableEntity || w.stored().State != dsr.InReview {
			t.Errorf("%s answers %d", name, got.Code)
		}
		holds(t, got.Body.String(), true, "<title>Fout: ", `href="#`+one.place+`"`)
		for _, form := range formsOf(got.Body.String()) {
			if form.id == "akkoord" && (form.fields.Get("code") != "" || strings.TrimSpace(form.fields.Get("opmerking")) != strings.TrimSpace(one.in["opmerking"])) {
				t.Errorf("%s came back as %v", name, form.fields)
			}
		}
	}
}
