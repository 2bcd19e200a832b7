package portal_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// deed is one act on the pages, in a world where it can be done.
type deed struct {
	name, path, done string
	asks, right      string   // the field that only its reader can fill in, and what belongs there
	fields           []string // beside that
	kind             dsr.EventKind
	ready            func(w *world) (token string)
}

// deeds lists the acts that take a link and what its page does not show.
func deeds() []deed {
	following := func(w *world) string { return w.links.mint(w.t, w.link) }
	waiting := func(w *world) string {
		w.drafted(true)
		return w.last(dsr.WaitLetter).Token
	}
	return []deed{
		{"yes", "/mijn/bevestig", "/mijn/bedankt", "nummer", number, []string{"keuze", "ja"}, dsr.MailboxConfirmed, (*world).asked},
		{"no", "/mijn/bevestig", "/mijn/gestopt", "nummer", number, []string{"keuze", "nee"}, dsr.RequestDisowned, (*world).asked},
		{"stop", "/mijn/stop", "/mijn/gestopt", "nummer", number, nil, dsr.RequestDisowned, waiting},
		{"withdraw", "/mijn/intrekken", "/mijn/ingetrokken", "adres", requesterAddress, nil, dsr.CaseClosed, following},
	}
}

// do submits the form of an act with something typed into it; the number stands
// for what belongs there.
func (d deed) do(w *world, token, typed string) *httptest.ResponseRecorder {
	w.t.Helper()
	if typed == number {
		typed = d.right
	}
	return w.post(d.path, token, append([]string{d.asks, typed}, d.fields...)...)
}

// says gives what is said about a mistake in the field, in both languages.
func (d deed) says() (dutch, english string) {
	if d.asks == "adres" {
		return "Met dit mailadres kwam het verzoek niet binnen.", "The request did not come from this mail address."
	}
	return "Dit is niet het nummer uit onze mail.", "This is not the number in our mail."
}

// TestL9ActLeadsToAnAddressWithoutTheToken does each act from its page to the
// page that says it was done.
func TestL9ActLeadsToAnAddressWithoutTheToken(t *testing.T) {
	for _, d := range deeds() {
		for _, language := range both() {
			w := newWorld(t, nil)
			token := d.ready(w)
			shown := w.ask(http.MethodGet, at(d.path, token)+"&taal="+string(language))
			forms := formsOf(shown.Body.String())
			if shown.Code != http.StatusOK || len(forms) != 1 || forms[0].action != d.path || forms[0].method != "post" {
				t.Fatalf("%s: the page answers %d with the forms %v", d.name, shown.Code, forms)
			}
			namesNobody(t, d.name, shown.Body.String())
			holds(t, shown.Body.String(), false, number, " checked")
			form := forms[0].fields
			form.Set(d.asks, " "+strings.ToLower(d.right)+" ")
			for i := 0; i < len(d.fields); i += 2 {
				form.Set(d.fields[i], d.fields[i+1])
			}
			given := w.send(http.MethodPost, forms[0].action, form.Encode())
			if given.Code != http.StatusSeeOther || given.Header().Get("Location") != d.done || given.Body.Len() > 0 {
				t.Fatalf("%s: answers %d to %q: %s", d.name, given.Code, given.Header().Get("Location"), &w.log)
			}
			want := shown.Header().Clone() // nothing beside where it leads: no cookie
			want.Set("Location", d.done)
			if diff := cmp.Diff(want, given.Header()); diff != "" {
				t.Errorf("%s: the headers are others than those of a page: %s", d.name, diff)
			}
			if w.kinds()[d.kind] != 1 {
				t.Errorf("%s: the history has %v", d.name, w.kinds())
			}
			done := w.ask(http.MethodGet, d.done)
			if done.Code != http.StatusOK {
				t.Errorf("%s: %s answers %d", d.name, d.done, done.Code)
			}
			namesNobody(t, d.done, done.Body.String())
			holds(t, done.Body.String(), false, number)
			if err := w.memory.Verify(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestWrongNumberIsSaidAtItsField would fail if a number other than the one in
// the letter did something, or if what was typed and chosen were lost.
func TestWrongNumberIsSaidAtItsField(t *testing.T) {
	for _, d := range deeds() {
		w := newWorld(t, nil)
		token := d.ready(w)
		before := w.inspect()
		dutch, english := d.says()
		for _, typed := range []string{"", "AVG-2026-0002", number + "0", "x", strings.Repeat("AVG-2026-0001", 20)} {
			given := d.do(w, token, typed)
			page := given.Body.String()
			if given.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s with the number %q answers %d", d.name, typed, given.Code)
			}
			holds(
				t, page, true, "<title>Fout: ", `<a href="#`+d.asks+`">`+dutch, `id="`+d.asks+`-fout"`, `role="alert"`,
				`aria-invalid="true"`, `aria-describedby="`+d.asks+`-uitleg `+d.asks+`-fout"`,
			)
			if len(typed) < 100 {
				holds(t, page, true, `value="`+typed+`"`)
			}
			if len(d.fields) > 0 {
				holds(t, page, true, `value="`+d.fields[1]+`" required checked`)
			}
			holds(t, page, false, "?t=") // nothing leads back with the token in its address
			namesNobody(t, d.name, page)
		}
		w.unchanged(before)
		inEnglish := w.post(d.path, token, append([]string{"taal", "en"}, d.fields...)...)
		holds(t, inEnglish.Body.String(), true, "<title>Error: ", english, `<html lang="en">`)
		if done := d.do(w, token, number); done.Code != http.StatusSeeOther {
			t.Errorf("%s after mistakes answers %d", d.name, done.Code)
		}
	}
}

func TestTypedNumberIsInert(t *testing.T) {
	w := newWorld(t, nil)
	token := w.links.mint(t, w.link)
	plain, _ := elements(t, w.post("/mijn/intrekken", token, "adres", "x").Body.String())
	page := w.post("/mijn/intrekken", token, "adres", "\"><script>alert(1)</script>{{.Token}}\r\n\u202e").Body.String()
	hostile, _ := elements(t, page)
	if diff := cmp.Diff(plain, hostile); diff != "" {
		t.Errorf("the page has other elements: %s", diff)
	}
	holds(t, page, false, "<script", "\u202e")
}

func TestNothingIsChosenBeforehand(t *testing.T) {
	w := newWorld(t, nil)
	token := w.asked()
	page := w.ask(http.MethodGet, at("/mijn/bevestig", token)).Body.String()
	holds(t, page, true, "Ja, dit verzoek is van mij", "Nee, dit was ik niet", "Inzage in uw gegevens")
	holds(t, page, false, "checked")
	before := w.inspect()
	for _, choice := range []string{"", "misschien", "JA"} {
		given := w.post("/mijn/bevestig", token, "nummer", number, "keuze", choice)
		if given.Code != http.StatusUnprocessableEntity {
			t.Errorf("the choice %q answers %d", choice, given.Code)
		}
		holds(t, given.Body.String(), true, `<a href="#ja">Kies ja of nee.</a>`, `id="ja-fout"`)
	}
	w.unchanged(before)
}

// TestL12ActIsDoneOnce replays each act, in the other form too.
func TestL12ActIsDoneOnce(t *testing.T) {
	for _, d := range deeds() {
		w := newWorld(t, nil)
		token := d.ready(w)
		d.do(w, token, number)
		before := w.inspect()
		want := http.StatusConflict
		if d.name == "withdraw" {
			want = http.StatusForbidden // the link itself has died
		}
		for _, again := range []*httptest.ResponseRecorder{
			d.do(w, token, number), d.do(w, token, "wrong"), w.post(d.path, token, "nummer", number, "keuze", "nee"),
			w.ask(http.MethodGet, at(d.path, token)),
		} {
			if again.Code != want {
				t.Errorf("%s again answers %d, want %d", d.name, again.Code, want)
			}
			if want == http.StatusConflict {
				holds(t, again.Body.String(), true, "Dit is al gedaan", "This is already done")
			}
			holds(t, again.Body.String(), false, number)
			namesNobody(t, d.name, again.Body.String())
		}
		w.unchanged(before)
	}
}

// TestOfManyAtOnceOneActs sends each act a hundred times at once.
func TestOfManyAtOnceOneActs(t *testing.T) {
	for _, d := range deeds() {
		w := newWorld(t, nil)
		token := d.ready(w)
		handler := w.handler()
		form := url.Values{"t": {token}, d.asks: {d.right}}
		for i := 0; i < len(d.fields); i += 2 {
			form.Set(d.fields[i], d.fields[i+1])
		}
		var group sync.WaitGroup
		codes := make([]int, 100)
		for i := range codes {
			group.Go(func() {
				request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, d.path, strings.NewReader(form.Encode()))
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, request)
				codes[i] = recorder.Code
			})
		}
		group.Wait()
		done := 0
		for _, code := range codes {
			if code == http.StatusSeeOther {
				done++
			} else if code != http.StatusConflict && code != http.StatusForbidden {
				t.Errorf("%s: one of many answers %d", d.name, code)
			}
		}
		if done != 1 || w.kinds()[d.kind] != 1 {
			t.Errorf("%s: %d were done, the history has %v", d.name, done, w.kinds())
		}
	}
}

// TestL14LinkOfAnEarlierLetterIsStale matches the case anew, so that another
// letter asks what the first one asked.
func TestL14LinkOfAnEarlierLetterIsStale(t *testing.T) {
	w := newWorld(t, nil)
	first := w.asked()
	w.now = w.now.AddDate(0, 0, 1)
	w.match()
	w.dispatch()
	second, before := w.last(dsr.ConfirmLetter).Token, w.inspect()
	for _, stale := range []*httptest.ResponseRecorder{
		w.ask(http.MethodGet, at("/mijn/bevestig", first)), w.post("/mijn/bevestig", first, "nummer", number, "keuze", "ja"),
	} {
		if stale.Code != http.StatusConflict {
			t.Errorf("the earlier link answers %d", stale.Code)
		}
		holds(t, stale.Body.String(), true, "Deze link is niet meer nodig", "een nieuwere mail")
		holds(t, stale.Body.String(), false, number)
	}
	w.unchanged(before)
	if given := w.post("/mijn/bevestig", second, "nummer", number, "keuze", "ja"); given.Code != http.StatusSeeOther {
		t.Errorf("the later link answers %d", given.Code)
	}
}

// TestDisowningFreezesTheCase would fail if anything could be decided for whoever
// the contact on file says they are not.
func TestDisowningFreezesTheCase(t *testing.T) {
	w := newWorld(t, nil)
	w.post("/mijn/bevestig", w.asked(), "nummer", number, "keuze", "nee")
	c := w.reload()
	if !c.Work.Disowned || c.Work.Confirmed {
		t.Fatalf("the case stands at %+v", c.Work)
	}
	for name, err := range map[string]error{
		"identity": c.JudgeIdentity(dsr.IdentitySure, nil), "answer": c.Ready(dsr.Answered),
		"decision": c.Decide(dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, ""),
	} {
		if err != dsr.NotNowDisowned {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.dispatch()
	if w.last(dsr.DisownedNotice).To.Address != "anouk@voorbeeld.example" {
		t.Error("staff do not hear of it")
	}
}

func TestStoppingTakesTheDraftBack(t *testing.T) {
	w := newWorld(t, nil)
	w.drafted(true)
	w.post("/mijn/stop", w.last(dsr.WaitLetter).Token, "nummer", number)
	if c := w.reload(); c.State != dsr.Working || !c.Work.Disowned || c.Work.Draft != [32]byte{} {
		t.Errorf("the case stands at %s: %+v", c.State, c.Work)
	}
}

// TestL19WithdrawalKillsEveryLink would fail if any page of the case still opened
// with a letter from before.
func TestL19WithdrawalKillsEveryLink(t *testing.T) {
	w := newWorld(t, nil)
	w.drafted(true)
	confirm, stop, follow := w.last(dsr.ConfirmLetter).Token, w.last(dsr.WaitLetter).Token, w.links.mint(t, w.link)
	if given := w.post("/mijn/intrekken", follow, "adres", requesterAddress); given.Code != http.StatusSeeOther {
		t.Fatalf("withdrawing answers %d", given.Code)
	}
	want := w.ask(http.MethodGet, "/mijn/zaak").Body.String()
	for path, token := range map[string]string{
		"/mijn/bevestig": confirm, "/mijn/stop": stop, "/mijn/zaak": follow, "/mijn/intrekken": follow,
	} {
		if got := w.ask(http.MethodGet, at(path, token)); got.Code != http.StatusForbidden || got.Body.String() != want {
			t.Errorf("%s answers %d", path, got.Code)
		}
	}
	w.dispatch()
	letter := w.last(dsr.WithdrawnLetter)
	if letter.To.Address != requesterAddress {
		t.Error("the letter about it does not go to whoever asked")
	}
	page := w.ask(http.MethodGet, status(letter.Token)).Body.String()
	holds(t, page, true, "Ingetrokken", "U trok uw verzoek in.")
	holds(t, page, false, "/mijn/intrekken")
	if again := w.ask(http.MethodGet, at("/mijn/intrekken", letter.Token)); again.Code != http.StatusConflict {
		t.Errorf("withdrawing a closed request answers %d", again.Code)
	}
}

func TestWithdrawingIsOfferedUntilTheDecision(t *testing.T) {
	for state, want := range map[dsr.State]bool{
		dsr.Received: true, dsr.Working: true, dsr.InReview: true, dsr.Approved: true, dsr.Answering: false, dsr.Closed: false,
	} {
		w := newWorld(t, func(c *dsr.Case) { c.State = state })
		token := w.links.mint(t, w.link)
		holds(t, w.open(dsr.Dutch), want, `href="/mijn/intrekken?t=`, "Trek uw verzoek in")
		got := w.ask(http.MethodGet, at("/mijn/intrekken", token)).Code
		if (got == http.StatusOK) != want || !want && got != http.StatusConflict {
			t.Errorf("%s: the page to withdraw answers %d", state, got)
		}
		if given := w.post("/mijn/intrekken", token, "adres", requesterAddress); (given.Code == http.StatusSeeOther) != want {
			t.Errorf("%s: withdrawing answers %d", state, given.Code)
		}
	}
}

// TestActThatTheCaseDoesNotAllowIsTooLate uses a link to stop an answer that
// goes to nobody on file, which no act makes.
func TestActThatTheCaseDoesNotAllowIsTooLate(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) { c.State, c.Work.Match = dsr.InReview, dsr.Nobody })
	link := w.link
	link.ID, link.Purpose = dsr.LinkID{8}, dsr.StopErasure
	w.issue(link)
	given := w.post("/mijn/stop", w.links.mint(t, link), "nummer", number)
	if given.Code != http.StatusConflict {
		t.Errorf("answers %d", given.Code)
	}
	holds(t, given.Body.String(), true, "Dit kan nu niet meer", "Mail ons dan")
}
