package portal_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// try gives a code to the page with the answer.
func (w *world) try(token, code string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.post("/mijn/antwoord", token, "code", code)
}

// refused fails the test unless an answer is the one page that says no.
func (w *world) refused(name string, got *httptest.ResponseRecorder) {
	w.t.Helper()
	if want := w.ask(http.MethodGet, "/mijn/zaak"); got.Code != http.StatusForbidden || got.Body.String() != want.Body.String() {
		w.t.Errorf("%s answers %d with a page of its own: %s", name, got.Code, got.Body)
	}
}

// another gives a six-digit code that is not this one.
func another(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// TestA29AnswerTakesTheCodeFromTheMail goes from the link to the answer, with the
// forms as the pages give them.
func TestA29AnswerTakesTheCodeFromTheMail(t *testing.T) {
	for _, language := range both() {
		w := newWorld(t, nil)
		token := w.answered()
		shown := w.ask(http.MethodGet, at("/mijn/antwoord", token)+"&taal="+string(language))
		namesNobody(t, "the link alone", shown.Body.String())
		holds(t, shown.Body.String(), false, number, "Klantenbestand", "Customer file")
		forms := formsOf(shown.Body.String())
		if shown.Code != http.StatusOK || len(forms) != 2 || forms[0].action != "/mijn/antwoord/code" || forms[1].action != "/mijn/antwoord" {
			t.Fatalf("the page answers %d with the forms %v", shown.Code, forms)
		}
		forms[0].fields.Set("nummer", number)
		asked := w.send(http.MethodPost, forms[0].action, forms[0].fields.Encode())
		if asked.Code != http.StatusOK {
			t.Fatalf("asking a code answers %d: %s", asked.Code, &w.log)
		}
		namesNobody(t, "the page after asking", asked.Body.String())
		holds(t, asked.Body.String(), false, number, "?t=")
		w.dispatch()
		mail := w.last(dsr.CodeLetter)
		if mail.To.Address != secondContact || len(mail.Code) != 6 {
			t.Errorf("the code %q goes to %s", mail.Code, mail.To.Address)
		}
		holds(t, asked.Body.String(), false, mail.Code)
		forms = formsOf(asked.Body.String())
		if len(forms) != 1 {
			t.Fatalf("the page after asking has the forms %v", forms)
		}
		forms[0].fields.Set("code", mail.Code[:3]+" "+mail.Code[3:])
		answer := w.send(http.MethodPost, forms[0].action, forms[0].fields.Encode())
		page := answer.Body.String()
		if answer.Code != http.StatusOK || answer.Header().Get("Cache-Control") != "no-store" || len(answer.Result().Cookies()) > 0 {
			t.Errorf("the answer comes with %d and %v", answer.Code, answer.Header())
		}
		holds(
			t, page, true, `<html lang="`+string(language)+`">`, number, foundText, keptText, "Bezorger BV",
			map[dsr.Language]string{dsr.Dutch: "Een computer beslist nooit.", dsr.English: "A computer never decides."}[language],
		)
		holds(t, page, false, firstContact, secondContact, nameOnFile, reference, requesterAddress, token, "<form", mail.Code)
		if w.kinds()[dsr.AnswerCollected] != 1 {
			t.Errorf("the history has %v", w.kinds())
		}
	}
}

func TestCodeIsSentForTheNumberAlone(t *testing.T) {
	w := newWorld(t, nil)
	token := w.answered()
	before := w.inspect()
	for _, typed := range []string{"", "AVG-2026-0002", "x"} {
		given := w.post("/mijn/antwoord/code", token, "nummer", typed)
		if given.Code != http.StatusUnprocessableEntity {
			t.Errorf("the number %q answers %d", typed, given.Code)
		}
		holds(t, given.Body.String(), true, "<title>Fout: ", `<a href="#nummer">`)
	}
	w.unchanged(before)
}

func TestWrongCodeIsSaidAtItsFieldAndNeverShownAgain(t *testing.T) {
	w := newWorld(t, nil)
	token := w.answered()
	code := w.code(token)
	wrong := another(code)
	given := w.try(token, wrong)
	if given.Code != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong code answers %d", given.Code)
	}
	holds(t, given.Body.String(), true, "<title>Fout: ", `<a href="#code">Deze code werkt niet`, `id="code-fout"`)
	holds(t, given.Body.String(), false, wrong, number)
	namesNobody(t, "a wrong code", given.Body.String())
	if again := w.try(token, code); again.Code != http.StatusOK {
		t.Errorf("the right code after it answers %d", again.Code)
	}
}

// TestA29FiveWrongCodesLockTheLink would fail if a sixth guess were looked at, or
// if what is no code used up a try.
func TestA29FiveWrongCodesLockTheLink(t *testing.T) {
	w := newWorld(t, nil)
	token := w.answered()
	code := w.code(token)
	for _, malformed := range []string{"", "12345", "1234567", "abcdef", "12345x", "１２３４５６", strings.Repeat("1", 400)} {
		if given := w.try(token, malformed); given.Code != http.StatusUnprocessableEntity {
			t.Errorf("the code %q answers %d", malformed, given.Code)
		}
	}
	for range casework.MaxTries {
		if given := w.try(token, another(code)); given.Code != http.StatusUnprocessableEntity {
			t.Errorf("a wrong code answers %d", given.Code)
		}
	}
	w.refused("the right code after five wrong ones", w.try(token, code))
	renewed := w.renewed() // the way out is a new letter
	if given := w.try(renewed, w.code(renewed)); given.Code != http.StatusOK {
		t.Errorf("a renewed link answers %d", given.Code)
	}
}

func TestCodeOpensForFifteenMinutesAndOnce(t *testing.T) {
	for after, want := range map[time.Duration]int{
		15*time.Minute - time.Second: http.StatusOK, 15 * time.Minute: http.StatusUnprocessableEntity, time.Hour: http.StatusUnprocessableEntity,
	} {
		w := newWorld(t, nil)
		token := w.answered()
		code := w.code(token)
		w.now = w.now.Add(after)
		if given := w.try(token, code); given.Code != want {
			t.Errorf("after %s the code answers %d, want %d", after, given.Code, want)
		}
		again := w.try(token, code)
		if again.Code != http.StatusUnprocessableEntity {
			t.Errorf("the code again answers %d", again.Code)
		}
		namesNobody(t, "a used code", again.Body.String())
	}
}

func TestCodeBelongsToItsLinkAndTheLatestOneCounts(t *testing.T) {
	w := newWorld(t, nil)
	first := w.answered()
	ofFirst := w.code(first)
	second := w.renewed()
	if given := w.try(second, ofFirst); given.Code != http.StatusUnprocessableEntity {
		t.Errorf("the code of another link answers %d", given.Code)
	}
	later := w.code(first)
	if given := w.try(first, ofFirst); given.Code != http.StatusUnprocessableEntity {
		t.Errorf("an earlier code answers %d", given.Code)
	}
	if given := w.try(first, later); given.Code != http.StatusOK {
		t.Errorf("the latest code answers %d", given.Code)
	}
}

func TestFiveCodesPerLink(t *testing.T) {
	w := newWorld(t, nil)
	token := w.answered()
	var code string
	for range 5 {
		code = w.code(token)
	}
	before := w.inspect()
	for language, words := range map[string]string{"nl": "Wij stuurden al vijf codes.", "en": "We have sent five codes already."} {
		given := w.post("/mijn/antwoord/code", token, "nummer", number, "taal", language)
		if given.Code != http.StatusUnprocessableEntity {
			t.Errorf("a sixth code answers %d", given.Code)
		}
		holds(t, given.Body.String(), true, words, "info@voorbeeld.example")
	}
	w.unchanged(before)
	if given := w.try(token, code); given.Code != http.StatusOK {
		t.Errorf("the fifth code answers %d", given.Code)
	}
}

// TestOfManyAtOnceOneOpens gives the right code a hundred times at once.
func TestOfManyAtOnceOneOpens(t *testing.T) {
	w := newWorld(t, nil)
	token := w.answered()
	code, handler := w.code(token), w.handler()
	pages := make([]string, 100)
	var group sync.WaitGroup
	for i := range pages {
		group.Go(func() {
			body := strings.NewReader("t=" + token + "&code=" + code)
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mijn/antwoord", body)
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			pages[i] = recorder.Body.String()
		})
	}
	group.Wait()
	shown := 0
	for _, page := range pages {
		if strings.Contains(page, foundText) {
			shown++
		}
	}
	if shown != 1 || w.kinds()[dsr.AnswerCollected] != shown {
		t.Errorf("%d pages show the answer, the history has %v", shown, w.kinds())
	}
}

// TestChangedAnswerIsShownToNobody changes what was found behind the back of
// those who approved it: a letter of its text, or its result. The same text
// written again is the same answer.
func TestChangedAnswerIsShownToNobody(t *testing.T) {
	for text, same := range map[string]bool{foundText: true, foundText + ".": false, "": false} {
		w := newWorld(t, nil)
		token := w.answered()
		code := w.code(token)
		w.forge("klanten", dsr.Access, text)
		given := w.try(token, code)
		if same {
			if given.Code != http.StatusOK {
				t.Errorf("the same answer answers %d", given.Code)
			}
			continue
		}
		if given.Code != http.StatusServiceUnavailable {
			t.Errorf("the changed answer answers %d", given.Code)
		}
		namesNobody(t, "the changed answer", given.Body.String())
		holds(t, given.Body.String(), false, "Klantenbestand", number)
		holds(t, w.log.String(), true, "not the answer that was approved")
		if w.kinds()[dsr.AnswerCollected] > 0 {
			t.Error("the history says that it was collected")
		}
	}
}

// forge puts another text in the place of a task's, as nobody may who goes
// through the acts; an empty one takes its result away too.
func (w *world) forge(system string, right dsr.Right, text string) {
	w.t.Helper()
	w.reload()
	task := dsr.Task{System: system, Right: right, Result: dsr.NothingFound, At: w.now}
	if text != "" {
		place := casework.CaseKey(w.file.Case.ID) + "/TASK#" + system + "#" + string(right)
		sealed, err := w.file.Key.Seal(w.random, place, []byte(text))
		w.must(err)
		task.Result, task.Sealed = dsr.Found, sealed
	}
	w.file.Case.Seq++
	w.commit(casework.Change{
		File: w.file, At: w.now, Event: dsr.Event{Seq: w.file.Case.Seq, Kind: dsr.Viewed, At: w.now}, Tasks: []dsr.Task{task},
	})
}

// TestA28AnswerGoesToTheContactsOnFile would fail if the address of whoever wrote
// the request got the link or the code.
func TestA28AnswerGoesToTheContactsOnFile(t *testing.T) {
	w := newWorld(t, nil)
	w.code(w.answered())
	if link, code := w.last(dsr.AnswerLetter).To.Address, w.last(dsr.CodeLetter).To.Address; link != firstContact || code != secondContact {
		t.Errorf("the link goes to %s and the code to %s", link, code)
	}
	for _, content := range w.sent {
		if content.To.Address == requesterAddress {
			t.Errorf("letter %s goes to the sender", content.Letter.Ref.Tag())
		}
	}
}

// TestLinkToNoAnswerIsRefused uses genuine links to answers in cases that have
// none to show.
func TestLinkToNoAnswerIsRefused(t *testing.T) {
	granted := dsr.Work{Proposed: dsr.Answered, Decisions: []dsr.Decision{{Right: dsr.Access, Result: dsr.Granted}}}
	for name, change := range map[string]func(*dsr.Case){
		"undecided": func(c *dsr.Case) { c.State, c.Work = dsr.Working, granted },
		"in review": func(c *dsr.Case) { c.State, c.Work = dsr.InReview, granted },
		"to erase":  func(c *dsr.Case) { c.State, c.Work = dsr.Approved, granted },
		"unlinked":  func(c *dsr.Case) { c.State, c.Work.Proposed = dsr.Closed, dsr.Unlinked },
		"withdrawn": func(c *dsr.Case) { c.State, c.Work.Outcome = dsr.Closed, dsr.Withdrawn },
	} {
		w := newWorld(t, change)
		link := w.link
		link.ID, link.Purpose = dsr.LinkID{8}, dsr.CollectAnswer
		w.issue(link)
		token := w.links.mint(t, link)
		before := w.inspect()
		w.refused(name, w.ask(http.MethodGet, at("/mijn/antwoord", token)))
		w.refused(name, w.post("/mijn/antwoord/code", token, "nummer", number))
		w.refused(name, w.try(token, "123456"))
		if diff := cmp.Diff(before, w.inspect()); diff != "" {
			t.Errorf("%s: something changed: %s", name, diff)
		}
	}
}

// TestAnswerIsInTheLanguageOfTheForm falls back on that of the case.
func TestAnswerIsInTheLanguageOfTheForm(t *testing.T) {
	for asked, want := range map[string]string{"": "nl", "en": "en", "nl": "nl", "fr": "nl"} {
		w := newWorld(t, nil)
		token := w.answered()
		page := w.post("/mijn/antwoord", token, "code", w.code(token), "taal", asked).Body.String()
		if !strings.Contains(page, `<html lang="`+want+`">`) {
			t.Errorf("asked in %q, the answer is not in %s", asked, want)
		}
	}
}
