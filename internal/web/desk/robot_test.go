package desk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
)

// robot visits everything behind a link, as mail scanners do. The deeper its
// level, the more it does; it never has a code.
type robot struct {
	w      *world
	guess  int
	cookie []*http.Cookie
	led    int // redirects followed
}

// visit opens an address, keeps cookies, and gives the page.
func (r *robot) visit(method, target, body string) (status int, page string) {
	answer := r.w.send(method, target, body, func(request *http.Request) {
		for _, cookie := range r.cookie {
			request.AddCookie(cookie)
		}
	})
	r.cookie = append(r.cookie, answer.Result().Cookies()...)
	if next := answer.Header().Get("Location"); next != "" {
		if r.led++; r.led > 10_000 {
			r.w.t.Fatalf("%s leads on and on", target)
		}
		return r.visit(http.MethodGet, next, "")
	}
	return answer.Code, answer.Body.String()
}

// submit submits every form of a page: as it is, or with something typed and
// chosen in each field: what looks like a code, and else any text of the page.
func (r *robot) submit(page string, guessing bool) {
	for _, form := range formsOf(page) {
		if guessing {
			for _, name := range form.names {
				if name != "t" && name != "taal" {
					form.fields.Set(name, r.guessed(name, page))
				}
			}
		}
		if form.method == "post" {
			r.visit(http.MethodPost, form.action, form.fields.Encode())
		} else {
			r.visit(http.MethodGet, form.action+"?"+form.fields.Encode(), "")
		}
	}
}

// guessed gives what a robot types into a field.
func (r *robot) guessed(name, page string) string {
	r.guess++
	words := strings.Fields(wordsOf(page))
	if name == "code" && r.guess%2 == 0 {
		return fmt.Sprintf("%06d", 100000+r.guess*7919%900000)
	}
	return words[r.guess%len(words)]
}

// linksOf finds where a page leads within the desk.
func linksOf(page string) []string {
	var links []string
	for _, found := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		link := html.UnescapeString(found[1])
		if strings.HasPrefix(link, "?") {
			link = "/bureau/zaak" + link
		}
		if strings.HasPrefix(link, "/") {
			links = append(links, link)
		}
	}
	return links
}

// levels are what robots do with a link, the tamest first. The last one types
// and clicks whatever it finds.
func levels() []func(r *robot, target string) {
	follow := func(r *robot, page string) {
		for _, link := range linksOf(page) {
			_, deeper := r.visit(http.MethodGet, link, "")
			for _, link := range linksOf(deeper) {
				r.visit(http.MethodGet, link, "")
			}
		}
	}
	return []func(r *robot, target string){
		func(r *robot, target string) { r.visit(http.MethodHead, target, "") },
		func(r *robot, target string) { r.visit(http.MethodGet, target, "") },
		func(r *robot, target string) {
			_, page := r.visit(http.MethodGet, target, "")
			follow(r, page)
		},
		func(r *robot, target string) {
			_, page := r.visit(http.MethodGet, target, "")
			r.submit(page, false)
			r.visit(http.MethodPost, target, "")
		},
		func(r *robot, target string) {
			_, page := r.visit(http.MethodGet, target, "")
			r.submit(page, true)
			follow(r, page)
		},
	}
}

// tables gives everything that is stored about the case and its letters, as one
// text: what is equal before and after, nobody changed.
func (w *world) tables() string {
	w.t.Helper()
	history, err := w.memory.History(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	tasks, err := w.memory.ReadTasks(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	stored, err := json.Marshal([]any{w.memory.AllCases(), w.memory.AllLetters(), w.memory.AllMails(), history, tasks, w.objects.Paths()})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(stored)
}

// reviewFor gives a world with a link of a purpose in somebody's mail: to sign
// in, or to decide on an answer of the kind that purpose is for.
func reviewFor(t *testing.T, purpose dsr.Purpose) (w *world, anouk clerk, target string) {
	t.Helper()
	w, anouk = newOffice(t)
	if purpose == dsr.SignIn {
		return w, anouk, w.link("anouk-2")
	}
	outcomes()[purpose](anouk)
	page := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
	if got := anouk.typed(anouk.form(page, "indienen"), fields{"anderen": "ja", "code": "app"}); got.Code != http.StatusSeeOther {
		t.Fatalf("submitting answers %d", got.Code)
	}
	w.mail()
	return w, anouk, w.linkIn(dsr.ReviewNotice, "bram")
}

// TestL3RobotsGetNowhere sends robots of five levels to a link of each purpose
// that opens a session, 300 times each. What it claims: no visit changes a byte
// of a case, a letter or a task, and none opens a session. Guesses that look
// like codes are counted as tries, five a link, and then the link is dead: that
// is what keeps them from ever being right. The human is not locked out for
// good: after all other robots their own link works, and after the guessers the
// link of the next mail does.
func TestL3RobotsGetNowhere(t *testing.T) {
	visits := 0
	for _, purpose := range opening() {
		w, anouk, target := reviewFor(t, purpose)
		before := w.tables()
		w.writes = nil
		for level, behave := range levels() {
			r := &robot{w: w}
			for range 300 {
				behave(r, target)
			}
			visits += 300
			kinds := slices.Compact(slices.Sorted(slices.Values(w.writes)))
			if len(r.cookie) > 0 || w.tables() != before || level < 4 && len(kinds) > 0 {
				t.Fatalf("%s, level %d: wrote %v and got %d cookies", purpose, level+1, kinds, len(r.cookie))
			}
			if level == 4 && !slices.Equal(kinds, []string{"Save", "Try"}) {
				t.Errorf("%s: guessing wrote %v", purpose, kinds)
			}
			if level == 3 {
				human := map[bool]string{true: "anouk", false: "bram"}[purpose == dsr.SignIn]
				w.enter(human, target)
				w.writes, before = nil, w.tables()
			}
		}
		w.succeedsAfter(purpose, anouk, target)
	}
	for n, rule := range dsr.PurposeRules() {
		if !rule.Staff || slices.Contains(opening(), rule.Purpose) {
			continue
		}
		w := newWorld(t, nil)
		target := w.linkFor(n, rule.Purpose, "anouk")
		before := w.tables()
		w.writes = nil
		for _, behave := range levels() {
			for range 20 {
				behave(&robot{w: w}, target)
				visits++
			}
		}
		if w.tables() != before || len(w.writes) > 0 {
			t.Errorf("%s: robots wrote %v", rule.Purpose, w.writes)
		}
	}
	if visits < 5000 {
		t.Errorf("only %d visits", visits)
	}
}

// succeedsAfter is the human after the guessers: their link is dead, and the one
// of the next mail does what it is for.
func (w *world) succeedsAfter(purpose dsr.Purpose, anouk clerk, target string) {
	w.t.Helper()
	who := map[bool]string{true: "anouk", false: "bram"}[purpose == dsr.SignIn]
	w.now = w.now.Add(time.Minute)
	path, token, _ := strings.Cut(target, "?t=")
	if got := w.send(http.MethodPost, path, "t="+token+"&code="+w.code(who)); got.Code != http.StatusForbidden {
		w.t.Errorf("%s: the guessed link still answers %d", purpose, got.Code)
	}
	member, err := w.memory.Member(w.t.Context(), actor(who))
	if err != nil || member.Failed != 5 {
		w.t.Errorf("%s: %d wrong codes were counted, want 5, %v", purpose, member.Failed, err)
	}
	if purpose == dsr.SignIn {
		w.enter("anouk", w.linkFor(1, dsr.SignIn, "anouk"))
		return
	}
	anouk.does("akkoord-opnieuw", fields{"code": "app"})
	w.mail()
	if got := w.reviewer().decides("akkoord", ""); got.Code != http.StatusSeeOther {
		w.t.Errorf("%s: the human's approval answers %d", purpose, got.Code)
	}
}
