package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
)

// inspected is all that this world stores of its case.
type inspected struct {
	Cases   []dsr.Case
	Letters []dsr.Letter
	Links   []dsr.Link
	History []dsr.Event
	Tasks   []dsr.Task
}

// inspect reads it.
func (w *world) inspect() inspected {
	w.t.Helper()
	all := inspected{Cases: w.memory.AllCases(), Letters: w.memory.AllLetters()}
	var err error
	for _, letter := range all.Letters {
		if letter.Link.ID == (dsr.LinkID{}) {
			continue
		}
		link, err := w.memory.Link(w.t.Context(), letter.Link.Owner, letter.Link.ID)
		w.must(err)
		all.Links = append(all.Links, link)
	}
	all.History, err = w.memory.History(w.t.Context(), w.file.Case.ID)
	w.must(err)
	all.Tasks, err = w.memory.ReadTasks(w.t.Context(), w.file.Case.ID)
	w.must(err)
	return all
}

// unchanged fails the test when anything stored is not as it was.
func (w *world) unchanged(before inspected) {
	w.t.Helper()
	if diff := cmp.Diff(before, w.inspect()); diff != "" {
		w.t.Errorf("something changed: %s", diff)
	}
}

// robot visits everything behind a link, as mail scanners do. The deeper its
// level, the more it does; it never has the letter or a code.
type robot struct {
	w      *world
	visits int
	sent   int // forms that led to the bucket
	turn   int // which guess comes next
}

// visit opens an address, follows redirects, and gives the page.
func (r *robot) visit(method, target, body string) string {
	r.visits++
	answer := r.w.send(method, target, body)
	if next := answer.Header().Get("Location"); next != "" {
		r.w.t.Errorf("%s %s leads to %s", method, target, next)
	}
	if method == http.MethodPost && answer.Code != http.StatusUnprocessableEntity && answer.Code != http.StatusNotFound {
		r.w.t.Errorf("%s %s answers %d", method, target, answer.Code)
	}
	if len(answer.Result().Cookies()) > 0 {
		r.w.t.Errorf("%s %s sets a cookie", method, target)
	}
	return answer.Body.String()
}

// follow opens everything a page leads to.
func (r *robot) follow(page string) {
	for _, link := range linksOf(page) {
		r.visit(http.MethodGet, link, "")
	}
}

// submit submits every form of a page: as it is, or with a guess typed into each
// field and a radio clicked. A form to the bucket does not come here; without a
// file, or with an empty one, S3 refuses it.
func (r *robot) submit(page string, guessing bool) {
	for _, form := range formsOf(page) {
		if strings.HasPrefix(form.action, r.w.bucket) {
			r.sent++
			continue
		}
		if guessing {
			for _, field := range form.typed {
				form.fields.Set(field, r.guess(page))
			}
			for name, values := range form.radios {
				form.fields.Set(name, values[r.turn%len(values)])
			}
		}
		r.visit(http.MethodPost, form.action, form.fields.Encode())
	}
}

// guess gives what a robot may type: every text of the page it sees, whole and
// word by word, random text, and random numbers with as many digits as a code has.
func (r *robot) guess(page string) string {
	texts := textsOf(page)
	r.turn++
	switch r.turn % 4 {
	case 0:
		return fmt.Sprintf("x%dq", r.turn*7919%9_999_991)
	case 1:
		return fmt.Sprintf("%06d", r.turn*7919%999_983)
	}
	return texts[r.turn/2%len(texts)]
}

// textsOf lists the texts of a page and their words, and what its attributes say.
func textsOf(page string) []string {
	var texts []string
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if text := strings.TrimSpace(token.Data); kind == html.TextToken && text != "" && len(text) < 400 {
			texts = append(append(texts, text), strings.Fields(text)...)
		}
		for _, attribute := range token.Attr {
			texts = append(texts, attribute.Val)
		}
	}
	return texts
}

// pageForm is one form of a page.
type pageForm struct {
	method, action string
	fields         url.Values // filled in beforehand
	typed          []string   // fields to type in
	radios         map[string][]string
}

// formsOf finds the forms of a page. A radio that is not chosen sends nothing.
func formsOf(page string) []pageForm {
	var forms []pageForm
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token, value := tokens.Token(), map[string]string{}
		for _, attribute := range token.Attr {
			value[attribute.Key] = attribute.Val
		}
		_, checked := value["checked"]
		switch {
		case kind == html.StartTagToken && token.Data == "form":
			forms = append(forms, pageForm{value["method"], value["action"], url.Values{}, nil, map[string][]string{}})
		case token.Data != "input" || len(forms) == 0:
		case value["type"] == "radio":
			last := forms[len(forms)-1]
			last.radios[value["name"]] = append(last.radios[value["name"]], value["value"])
			if checked {
				last.fields.Set(value["name"], value["value"])
			}
		default:
			last := &forms[len(forms)-1]
			last.fields.Set(value["name"], value["value"])
			if value["type"] != "hidden" {
				last.typed = append(last.typed, value["name"])
			}
		}
	}
	return forms
}

// linksOf finds where a page leads within the portal.
func linksOf(page string) []string {
	_, all := elementsOf(page)
	var links []string
	for _, link := range all {
		if strings.HasPrefix(link, "?") {
			link = "/mijn/zaak" + link
		}
		if strings.HasPrefix(link, "/") {
			links = append(links, link)
		}
	}
	return links
}

// levels are what robots do with a link, each more than the one before.
func levels() []func(r *robot, target string) {
	return []func(r *robot, target string){
		func(r *robot, target string) { r.visit(http.MethodHead, target, "") },
		func(r *robot, target string) { r.visit(http.MethodGet, target, "") },
		func(r *robot, target string) { r.follow(r.visit(http.MethodGet, target, "")) },
		func(r *robot, target string) { r.submit(r.visit(http.MethodGet, target, ""), false) },
		func(r *robot, target string) {
			page := r.visit(http.MethodGet, target, "")
			r.submit(page, true)
			r.follow(page)
		},
	}
}

// TestL3RobotsGetNowhere sends robots of five levels to every link that data
// subjects get. They are claimed to decide nothing, send nothing and change
// nothing, and the human with the letter still gets through. A robot that reads
// the letter itself is not among them, nor one that guesses while a code is good:
// five wrong ones end a link, as they should, and another test shows that.
func TestL3RobotsGetNowhere(t *testing.T) {
	const rounds = 300
	visits, sent := 0, 0
	collecting := deed{name: "collect", path: "/mijn/antwoord", ready: (*world).answered}
	following := deed{name: "follow", path: "/mijn/zaak", ready: func(w *world) string { return w.links.mint(w.t, w.link) }}
	uploading := deed{name: "upload", path: "/mijn/kopie", ready: (*world).copyAsked}
	for _, d := range append(deeds(), following, collecting, uploading) {
		if d.name == "no" {
			continue // the page of "yes"
		}
		w := newWorld(t, nil)
		token := d.ready(w)
		before := w.inspect()
		for _, behave := range levels() {
			r := &robot{w: w}
			for round := range rounds {
				behave(r, at(d.path, token)+[]string{"", "&taal=en"}[round%2])
			}
			visits += r.visits
			sent += r.sent
		}
		w.unchanged(before)
		switch {
		case d.kind != "":
			if given := d.do(w, token, number); given.Code != http.StatusSeeOther {
				t.Errorf("%s: the human after the robots gets %d", d.name, given.Code)
			}
		case d.name == "collect":
			if shown := w.post("/mijn/antwoord", token, "code", w.code(token)); shown.Code != http.StatusOK {
				t.Errorf("the human after the robots gets %d", shown.Code)
			}
		}
	}
	t.Logf("robots of %d levels came %d times to the links of data subjects: nothing changed", len(levels()), visits)
	if visits < 8000 || sent < 1000 {
		t.Errorf("robots came %d times, and to the bucket %d times", visits, sent)
	}
}

// TestL4WhoAsksDoesNotMatter would fail if a robot were known by its name or its
// network: a real one would take another.
func TestL4WhoAsksDoesNotMatter(t *testing.T) {
	w := newWorld(t, nil)
	target := at("/mijn/bevestig", w.asked())
	want := w.ask(http.MethodGet, target).Body.String()
	for _, agent := range []string{"", "Mozilla/5.0", "SafeLinks", "curl/8", "Googlebot"} {
		got := w.send(http.MethodGet, target, "", func(r *http.Request) {
			r.Header.Set("User-Agent", agent)
			r.RemoteAddr = "203.0.113.9:1"
		})
		if got.Body.String() != want {
			t.Errorf("%q sees another page", agent)
		}
	}
}

// TestL1OpeningWritesNothing opens every page of every link.
func TestL1OpeningWritesNothing(t *testing.T) {
	collecting := deed{name: "collect", path: "/mijn/antwoord", ready: (*world).answered}
	uploading := deed{name: "upload", path: "/mijn/kopie", ready: (*world).copyAsked}
	for _, d := range append(deeds(), collecting, uploading) {
		w := newWorld(t, nil)
		target := at(d.path, d.ready(w))
		before := w.inspect()
		for range 200 {
			w.ask(http.MethodGet, target)
			if head := w.ask(http.MethodHead, target); head.Code != http.StatusOK || head.Body.Len() > 0 {
				t.Fatalf("%s: HEAD answers %d with %d bytes", d.name, head.Code, head.Body.Len())
			}
			w.ask(http.MethodOptions, target)
		}
		w.unchanged(before)
		w.never(target, "Try", "Commit", "Claim")
	}
}

// never fails the test when opening a page calls one of these ports.
func (w *world) never(target string, calls ...string) {
	w.t.Helper()
	w.noting, w.called = true, nil
	w.ask(http.MethodGet, target)
	w.noting = false
	for _, call := range calls {
		for _, one := range w.called {
			if one == call {
				w.t.Errorf("opening a page calls %s", call)
			}
		}
	}
}
