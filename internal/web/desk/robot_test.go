package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
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

// submit submits every form of a page: as it is, or with guesses typed into it.
func (r *robot) submit(page string, guessing bool) {
	for _, form := range formsOf(page) {
		if guessing {
			form.fields.Set("code", fmt.Sprintf("%06d", 100000+r.guess*7919%900000))
			r.guess++
		}
		if form.method == "post" {
			r.visit(http.MethodPost, form.action, form.fields.Encode())
		} else {
			r.visit(http.MethodGet, form.action+"?"+form.fields.Encode(), "")
		}
	}
}

// form is one form of a page.
type form struct {
	method, action string
	fields         url.Values
}

// formsOf finds the forms of a page, with what is filled in beforehand.
func formsOf(page string) []form {
	var forms []form
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token, value := tokens.Token(), map[string]string{}
		for _, attribute := range token.Attr {
			value[attribute.Key] = attribute.Val
		}
		switch {
		case kind == html.StartTagToken && token.Data == "form":
			forms = append(forms, form{value["method"], value["action"], url.Values{}})
		case token.Data == "input" && len(forms) > 0:
			forms[len(forms)-1].fields.Set(value["name"], value["value"])
		}
	}
	return forms
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

// TestL3RobotsGetNowhere sends robots of five levels to a link, 400 times each.
func TestL3RobotsGetNowhere(t *testing.T) {
	w := newWorld(t, nil)
	target := w.link("anouk")
	levels := []func(r *robot){
		func(r *robot) { r.visit(http.MethodHead, target, "") },
		func(r *robot) { r.visit(http.MethodGet, target, "") },
		func(r *robot) { // follows every link there is
			_, page := r.visit(http.MethodGet, target, "")
			for _, link := range linksOf(page) {
				_, deeper := r.visit(http.MethodGet, link, "")
				for _, link := range linksOf(deeper) {
					r.visit(http.MethodGet, link, "")
				}
			}
		},
		func(r *robot) { // submits every form as it finds it
			_, page := r.visit(http.MethodGet, target, "")
			r.submit(page, false)
		},
	}
	for level, behave := range levels {
		r := &robot{w: w}
		for range 400 {
			behave(r)
		}
		if len(w.writes) > 0 || len(r.cookie) > 0 {
			t.Fatalf("level %d wrote %v and got %d cookies", level+1, w.writes, len(r.cookie))
		}
	}
	w.signIn("anouk") // none of this got in the way of whom the link is for
	w.writes, w.now = nil, w.now.Add(time.Minute)

	guesser := &robot{w: w}
	for range 400 {
		_, page := guesser.visit(http.MethodGet, target, "")
		guesser.submit(page, true)
		for _, link := range linksOf(page) {
			guesser.visit(http.MethodGet, link, "")
		}
	}
	kinds := slices.Compact(slices.Sorted(slices.Values(w.writes)))
	if !slices.Equal(kinds, []string{"Save", "Try"}) || len(guesser.cookie) > 0 {
		t.Errorf("guessing wrote %v and got %d cookies", kinds, len(guesser.cookie))
	}
	if w.events(dsr.Viewed) > 0 || len(w.memory.AllLetters()) != 3 {
		t.Error("robots changed the case")
	}
	member, err := w.memory.Member(t.Context(), actor("anouk"))
	if err != nil || member.Failed != 5 {
		t.Errorf("%d wrong codes were counted, want 5: the link is dead after them, %v", member.Failed, err)
	}
	if got := w.post(w.mint(w.links["anouk"]), w.code("anouk")); got.Code != http.StatusForbidden {
		t.Errorf("the guessed link still answers %d", got.Code)
	}
	if shown := w.open(w.signIn("anouk-2"), casePage); shown.Code != http.StatusOK {
		t.Errorf("the human with the link of another mail gets %d", shown.Code)
	}
}
