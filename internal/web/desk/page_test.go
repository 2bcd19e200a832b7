package desk_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// shown is one answer of the desk.
type shown struct {
	name   string
	status int
	header http.Header
	page   string
}

// everyAnswer gives each page in each state and language, and the redirects.
// Change has its way with the case first.
func everyAnswer(t *testing.T, profile organisation.Profile, change func(*dsr.Case, *dsr.Correspondence)) []shown {
	t.Helper()
	var list []shown
	for _, language := range []string{"nl", "en"} {
		for state, days := range map[string]int{"in time": 0, "today": 28, "late": 29, "by law": 40, "closed": 1} {
			w := newWorld(t, func(c *dsr.Case, said *dsr.Correspondence) {
				said.Attachments = []dsr.Attachment{{Name: "brief.pdf", MediaType: "application/pdf", Size: 4000}}
				if state == "closed" {
					c.State = dsr.Closed
				}
				if state == "today" {
					c.Trust = dsr.TrustC
				}
				if change != nil {
					change(c, said)
				}
			})
			w.profile = profile
			cookie := w.signIn("anouk")
			w.now = received().AddDate(0, 0, days)
			w.profile = profile
			session := w.renewed(cookie)
			for name, target := range map[string]string{
				"case": casePage, "list": "/bureau", "search": "/bureau?nummer=AVG-2026-9999",
			} {
				separator := "?"
				if strings.Contains(target, "?") {
					separator = "&"
				}
				got := w.open(session, target+separator+"taal="+language)
				list = append(list, shown{name + " " + state + " " + language, got.Code, got.Header(), got.Body.String()})
			}
		}
		w := newWorld(t, change)
		w.profile = profile
		got := w.get(w.link("anouk") + "&taal=" + language)
		list = append(list, shown{"code " + language, got.Code, got.Header(), got.Body.String()})
	}
	list = append(list, fixedAnswers(t, profile)...)
	return append(list, everyStage(t, profile, change)...)
}

// fixedAnswers gives the pages that are the same for everybody, and redirects.
func fixedAnswers(t *testing.T, profile organisation.Profile) []shown {
	t.Helper()
	var list []shown
	w := newWorld(t, nil)
	w.profile = profile
	add := func(name string, method, target, body string) {
		got := w.send(method, target, body)
		list = append(list, shown{name, got.Code, got.Header(), got.Body.String()})
	}
	add("refused", http.MethodPost, "/bureau/zaak", "t=x&code=123456")
	add("closed", http.MethodGet, "/bureau", "")
	add("unknown", http.MethodGet, "/bureau/niets", "")
	add("goodbye", http.MethodGet, "/bureau/afgemeld", "")
	in := w.post(w.mint(w.links["anouk"]), w.code("anouk"))
	list = append(list, shown{"signed in", in.Code, in.Header(), ""})
	add("signed out", http.MethodPost, "/bureau/afmelden", "")
	gone := w.arrives("ses1", "virus", "anouk", 9)
	if err := w.objects.Remove(t.Context(), "ses1"); err != nil {
		t.Fatal(err)
	}
	add("over gone", http.MethodGet, gone, "")
	w.verify = errTrouble
	add("later", http.MethodGet, "/bureau/zaak?t=x", "")
	return list
}

// renewed gives a session that is still open after the world's clock moved.
func (w *world) renewed(old *http.Cookie) *http.Cookie {
	if w.open(old, "/bureau").Code == http.StatusOK {
		return old
	}
	link := w.links["carla"]
	link.ID, link.IssuedAt, link.ExpiresAt = dsr.LinkID{77}, w.now, w.now.AddDate(0, 0, 3)
	w.links["carla"] = w.issue(link)
	return w.signIn("carla")
}

// pagesOf leaves the redirects out.
func pagesOf(list []shown) []shown {
	return slices.DeleteFunc(list, func(one shown) bool { return one.status == http.StatusSeeOther })
}

// needs gives what the policy of a page lets it do, by what is on it, and no more:
// only a page with a picture shows one, and only one that leads to a bucket may.
func needs(page string) string {
	pictures, forms, more := "", "'self'", ""
	switch {
	case strings.Contains(page, `<img class="copy" src="data:`):
		pictures = "img-src data:; "
	case strings.Contains(page, "<img "):
		pictures = "img-src 'self'; "
	}
	switch {
	case strings.Contains(page, "data-upload"):
		forms, more = "'self' "+fileBucket, "; script-src 'self'; connect-src "+fileBucket+"; require-trusted-types-for 'script'; trusted-types 'none'"
	case strings.Contains(page, `action="/bureau/mail`), strings.Contains(page, `name="mail"`):
		forms = "'self' " + mailBucket
	}
	return pictures + "form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'" + more
}

// TestL11EveryAnswerCarriesTheSameHeaders holds for answers of every status.
func TestL11EveryAnswerCarriesTheSameHeaders(t *testing.T) {
	list, seen := everyAnswer(t, testProfile(), nil), map[int]bool{}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(list[0].page)
	sum := sha256.Sum256([]byte(style[1]))
	for _, one := range list {
		seen[one.status] = true
		want := http.Header{
			"Content-Security-Policy":      {"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; " + needs(one.page)},
			"Content-Type":                 {"text/html; charset=utf-8"},
			"Referrer-Policy":              {"no-referrer"},
			"Cache-Control":                {"no-store"},
			"X-Content-Type-Options":       {"nosniff"},
			"X-Frame-Options":              {"DENY"},
			"Cross-Origin-Opener-Policy":   {"same-origin"},
			"Cross-Origin-Resource-Policy": {"same-origin"},
			"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
			"Strict-Transport-Security":    {"max-age=31536000"},
			"X-Robots-Tag":                 {"noindex"},
		}
		if one.status == http.StatusSeeOther {
			for _, more := range []string{"Location", "Set-Cookie", "Clear-Site-Data"} {
				if value := one.header.Values(more); len(value) > 0 {
					want[more] = value
				}
			}
		} else if !strings.Contains(one.page, "<style>"+style[1]+"</style>") {
			t.Errorf("%s has another style", one.name)
		}
		if diff := cmp.Diff(want, one.header); diff != "" {
			t.Errorf("%s: %s", one.name, diff)
		}
	}
	for _, status := range []int{200, 303, 403, 404, 409, 410, 413, 422, 503} {
		if !seen[status] {
			t.Errorf("no answer with status %d was looked at", status)
		}
	}
}

// elements lists the elements of a page with their attributes, and where its
// links and forms lead.
func elements(page string) (tags, links []string) {
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := token.Data
		for _, attribute := range token.Attr {
			tag += " " + attribute.Key
			if attribute.Key == "href" || attribute.Key == "action" {
				links = append(links, attribute.Val)
			}
		}
		tags = append(tags, tag)
	}
	return tags, links
}

// TestL2PagesFetchAndRunNothing allows each element and attribute by name:
// scripts, frames, pictures, outside styles, refreshes and what runs by itself
// are not among them.
func TestL2PagesFetchAndRunNothing(t *testing.T) {
	allowed := strings.Fields("html head meta title style body a header p main nav form button input label h1 h2 h3 h4 section " +
		"article span strong time details summary ol ul li dl div dt dd pre bdi table caption thead tbody tr th td footer address " +
		"fieldset legend textarea select option")
	attributes := strings.Fields("lang charset name content class href hreflang id tabindex aria-labelledby aria-label aria-describedby " +
		"datetime method action type value for inputmode autocomplete pattern maxlength required role scope dir rows checked selected aria-invalid")
	// Where a file is sent there is the one script that shows how far it is.
	sending := strings.Fields("script progress enctype hidden src defer max data-upload data-done data-max data-fout data-plain data-progress data-said " +
		"data-scripted data-words data-word")
	for _, one := range pagesOf(everyAnswer(t, testProfile(), nil)) {
		tags, links := elements(one.page)
		var also []string
		switch {
		case strings.HasPrefix(one.name, "upload"):
			also = sending
		case strings.HasPrefix(one.name, "case copy"), strings.HasPrefix(one.name, "copy"):
			also = []string{"img", "src", "alt"}
		}
		for _, tag := range tags {
			words := strings.Fields(tag)
			if !slices.Contains(allowed, words[0]) && !slices.Contains(also, words[0]) {
				t.Errorf("%s holds <%s>", one.name, words[0])
			}
			for _, attribute := range words[1:] {
				if !slices.Contains(attributes, attribute) && !slices.Contains(also, attribute) {
					t.Errorf("%s holds the attribute %s on <%s>", one.name, attribute, words[0])
				}
			}
		}
		for _, link := range links {
			// The answer names the authority and a mail address, as the customer sees it.
			outside := strings.HasPrefix(one.name, "preview") || strings.HasPrefix(one.name, "review")
			if outside && (link == "mailto:info@voorbeeld.example" || link == "https://autoriteit.example/klacht") {
				continue
			}
			if strings.HasPrefix(one.name, "upload") && link == fileBucket+"/" {
				continue
			}
			if !strings.HasPrefix(link, "#") && !strings.HasPrefix(link, "?") && !strings.HasPrefix(link, "/bureau") {
				t.Errorf("%s leads to %q", one.name, link)
			}
		}
		for _, source := range regexp.MustCompile(` src="([^"]*)"`).FindAllStringSubmatch(one.page, -1) {
			if !regexp.MustCompile(`^(data:image/jpeg;base64,|` + casePage + `/beeld\?kopie=[a-z2-7]{26}$|/bureau/upload-[0-9a-f]{16}\.js$)`).MatchString(source[1]) {
				t.Errorf("%s fetches %.60q", one.name, source[1])
			}
		}
		holds(t, one.page, false, "url(", "@import", "http-equiv", "javascript:", "autofocus")
	}
}

func TestCodeFieldIsEmptyAndNothingIsFilledInForAVisitor(t *testing.T) {
	w := newWorld(t, nil)
	for _, form := range formsOf(w.get(w.link("anouk")).Body.String()) {
		if form.fields.Get("code") != "" || !form.fields.Has("code") || form.action != "/bureau/zaak" || form.method != "post" {
			t.Errorf("the form is %+v", form)
		}
	}
}

// TestPagesHaveTheirPlacesInOrder is what a screen reader walks by: one h1
// before any h2, no level left out, a place to skip to, a name for each field.
func TestPagesHaveTheirPlacesInOrder(t *testing.T) {
	for _, one := range pagesOf(everyAnswer(t, testProfile(), nil)) {
		headings := strings.Join(regexp.MustCompile(`<h[1-6]`).FindAllString(one.page, -1), "")
		if !regexp.MustCompile(`^<h1(<h2(<h3(<h4)*)*)*$`).MatchString(headings) {
			t.Errorf("%s has the headings %s", one.name, headings)
		}
		body := one.page[strings.Index(one.page, "<body>"):]
		if !strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(body, "<body>")), `<a class="skip" href="#main">`) {
			t.Errorf("%s does not begin with the skip link", one.name)
		}
		if strings.Count(one.page, `<main id="main"`) != 1 || !strings.HasPrefix(one.page, "<!doctype html>") {
			t.Errorf("%s has no main to skip to, or no doctype", one.name)
		}
		ids := regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(one.page, -1)
		for i, id := range ids {
			if slices.ContainsFunc(ids[:i], func(other []string) bool { return other[1] == id[1] }) {
				t.Errorf("%s has two places called %s", one.name, id[1])
			}
		}
		for _, field := range regexp.MustCompile(`<(?:input|textarea|select) id="([^"]+)"`).FindAllStringSubmatch(one.page, -1) {
			holds(t, one.page, true, `<label for="`+field[1]+`">`)
		}
		for _, named := range regexp.MustCompile(`(?:aria-labelledby|aria-describedby|href)="(#[^"]+|[^"#?/:]+)"`).FindAllStringSubmatch(one.page, -1) {
			for _, id := range strings.Fields(strings.TrimPrefix(named[1], "#")) {
				if !slices.ContainsFunc(ids, func(other []string) bool { return other[1] == id }) {
					t.Errorf("%s points to %q, which is not there", one.name, id)
				}
			}
		}
	}
}

func TestPagesOfBothLanguagesSayTheSame(t *testing.T) {
	list := everyAnswer(t, testProfile(), nil)
	compared := 0
	for _, dutch := range list {
		name, ok := strings.CutSuffix(dutch.name, " nl")
		if !ok {
			continue
		}
		at := slices.IndexFunc(list, func(one shown) bool { return one.name == name+" en" })
		want, _ := elements(dutch.page)
		got, _ := elements(list[at].page)
		// What the search passes on is there in one language only.
		if at := slices.Index(got, "input type name value"); at >= 0 && strings.HasPrefix(name, "list") || strings.HasPrefix(name, "search") {
			got = slices.Delete(got, at, at+1)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the pages differ: %s", name, cmp.Diff(want, got))
		}
		holds(t, list[at].page, true, `<html lang="en">`)
		compared++
	}
	if compared < 10 {
		t.Errorf("compared %d pages", compared)
	}
}

func TestLanguageOfStaffIsTheOrganisationsUnlessAsked(t *testing.T) {
	w := newWorld(t, nil)
	w.profile.Languages.Default = organisation.English
	english := w.get(w.link("anouk")).Body.String()
	holds(t, english, true, `<html lang="en">`, "Is it you?", `action="/bureau/zaak"`)
	dutch := w.get(w.link("anouk") + "&taal=nl").Body.String()
	holds(t, dutch, true, `<html lang="nl">`, "Bent u het?", `action="/bureau/zaak?taal=nl"`)
	one := newWorldSession(t)
	page := one.w.open(one.cookie, "/bureau?taal=en").Body.String()
	holds(t, page, true, `href="/bureau/zaken/`+number+`?taal=en"`, `action="/bureau/afmelden?taal=en"`, `name="taal" value="en"`)
}

func TestColoursOfThePagesHaveContrast(t *testing.T) {
	page := newWorld(t, nil).get("/bureau").Body.String()
	for _, text := range []string{"ink", "soft", "late"} {
		found := regexp.MustCompile(`--`+text+`: (#[0-9a-f]+);`).FindAllStringSubmatch(page, -1)
		for _, behind := range []string{"paper", "ground"} {
			grounds := regexp.MustCompile(`--`+behind+`: (#[0-9a-f]+);`).FindAllStringSubmatch(page, -1)
			for n := range 2 {
				if ratio := organisation.Contrast(found[n][1], grounds[n][1]); ratio < organisation.LeastContrast {
					t.Errorf("--%s on --%s has a contrast of %.1f", text, behind, ratio)
				}
			}
		}
	}
}
