package portal_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// elements lists the elements of a page with their attributes, and where its
// links lead.
func elements(t *testing.T, page string) (tags, links []string) {
	t.Helper()
	return elementsOf(page)
}

// elementsOf is elements for who has no test.
func elementsOf(page string) (tags, links []string) {
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := token.Data
		for _, attribute := range token.Attr {
			tag += " " + attribute.Key
			if attribute.Key == "href" {
				links = append(links, attribute.Val)
			}
		}
		tags = append(tags, tag)
	}
	return tags, links
}

// shown is one page in one state.
type shown struct {
	name   string
	status int
	header http.Header
	page   string
}

// everyPage gives each page in each state and language. Those in one language
// end with its name.
func everyPage(t *testing.T, profile organisation.Profile) []shown {
	t.Helper()
	var list []shown
	add := func(name string, answer *httptest.ResponseRecorder) {
		list = append(list, shown{name, answer.Code, answer.Header(), answer.Body.String()})
	}
	for _, language := range both() {
		statusPages(t, profile, language, add)
		actPages(t, profile, language, add)
		copyPages(t, profile, language, add)
		filePages(t, profile, language, add)
	}
	w := newWorld(t, nil)
	w.profile = profile
	for _, name := range []string{"niets", "bedankt", "gestopt", "ingetrokken", "kopie/ontvangen", "zaak"} {
		add(name, w.ask(http.MethodGet, "/mijn/"+name))
	}
	token := w.asked()
	w.post("/mijn/bevestig", token, "nummer", number, "keuze", "ja")
	add("decided", w.ask(http.MethodGet, at("/mijn/bevestig", token)))
	closed := newWorld(t, func(c *dsr.Case) { c.State = dsr.Closed })
	closed.profile = profile
	add("stale", closed.ask(http.MethodGet, at("/mijn/intrekken", closed.links.mint(t, closed.link))))
	w.links.trouble = errTrouble
	add("later", w.ask(http.MethodGet, status("x")))
	return list
}

// statusPages adds the page of a case in each stand.
func statusPages(t *testing.T, profile organisation.Profile, language dsr.Language, add func(string, *httptest.ResponseRecorder)) {
	t.Helper()
	for _, one := range []struct {
		name string
		day  int
		then func(c *dsr.Case)
	}{
		{"in time", 0, func(*dsr.Case) {}},
		{"tomorrow", 27, func(*dsr.Case) {}},
		{"today", 28, func(*dsr.Case) {}},
		{"late", 29, func(*dsr.Case) {}},
		{"answering", 29, func(c *dsr.Case) { c.State = dsr.Answering }},
		{"closed", 40, func(c *dsr.Case) { c.State = dsr.Closed }},
		{"withdrawn", 40, func(c *dsr.Case) { c.State, c.Work.Outcome = dsr.Closed, dsr.Withdrawn }},
	} {
		w := newWorld(t, func(c *dsr.Case) {
			c.Rights = dsr.Rights()
			one.then(c)
		})
		w.profile, w.now = profile, received().AddDate(0, 0, one.day)
		w.happen(dsr.MessageAdded, w.now, nil)
		add("status "+one.name+" "+string(language), w.ask(http.MethodGet, status(w.links.mint(t, w.link))+"&taal="+string(language)))
	}
}

// actPages adds the pages with a form, as they open and with a mistake in them,
// and the answer.
func actPages(t *testing.T, profile organisation.Profile, language dsr.Language, add func(string, *httptest.ResponseRecorder)) {
	t.Helper()
	in := string(language)
	for _, d := range deeds() {
		w := newWorld(t, nil)
		w.profile = profile
		token := d.ready(w)
		add(d.name+" "+in, w.ask(http.MethodGet, at(d.path, token)+"&taal="+in))
		add(d.name+" wrong "+in, w.post(d.path, token, append([]string{"taal", in}, d.fields...)...))
		add(d.name+" empty "+in, w.post(d.path, token, "taal", in))
	}
	w := newWorld(t, nil)
	w.profile = profile
	token := w.answered()
	add("collect "+in, w.ask(http.MethodGet, at("/mijn/antwoord", token)+"&taal="+in))
	add("collect wrong number "+in, w.post("/mijn/antwoord/code", token, "taal", in))
	add("collect wrong code "+in, w.post("/mijn/antwoord", token, "taal", in))
	add("collect sent "+in, w.post("/mijn/antwoord/code", token, "taal", in, "nummer", number))
	w.dispatch()
	add("collected "+in, w.post("/mijn/antwoord", token, "taal", in, "code", w.last(dsr.CodeLetter).Code))
}

// copyPages adds the page that asks for a copy in each state, and the one that
// needs none any more.
func copyPages(t *testing.T, profile organisation.Profile, language dsr.Language, add func(string, *httptest.ResponseRecorder)) {
	t.Helper()
	w := newWorld(t, nil)
	w.profile = profile
	token, in := w.copyAsked(), string(language)
	look := func(name string) { add(name+" "+in, w.ask(http.MethodGet, at("/mijn/kopie", token)+"&taal="+in)) }
	look("copy")
	w.happen(dsr.IDCopyReceived, w.now, nil)
	look("copy came")
	w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "pdf"})
	look("copy refused")
	w.happen(dsr.IDCopyRefused, w.now, map[string]string{"reason": "too-many"})
	look("no more copies")
	w.step(dsr.IdentityConfirmed, func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, nil) })
	look("no copy")
}

// filePages adds the answer with files, and the pages on the way to them.
func filePages(t *testing.T, profile organisation.Profile, language dsr.Language, add func(string, *httptest.ResponseRecorder)) {
	t.Helper()
	w := newWorld(t, nil)
	w.profile = profile
	token, in := w.packed(), string(language)
	add("files "+in, w.ask(http.MethodGet, at("/mijn/antwoord", token)+"&taal="+in))
	opened := w.opened(token, language)
	add("collected files "+in, opened)
	form := formsOf(opened.Body.String())[0].fields
	ask := func(name string) {
		add(name+" "+in, w.send(http.MethodPost, "/mijn/antwoord/bestanden", form.Encode()))
	}
	ask("moment")
	w.end(dsr.PackageFile, dsr.HandoutFile)
	ask("gone")
	w.now = w.now.Add(time.Hour)
	ask("too late")
	add("collected gone "+in, w.opened(w.renewed(), language))
}

// sends reports whether a page sends a file: it has a script, and names its
// bucket.
func (s shown) sends() bool { return strings.HasPrefix(s.name, "copy ") }

// fetches reports whether a form of a page leads on to the bucket.
func (s shown) fetches() bool {
	return strings.HasPrefix(s.name, "collected files ") || strings.HasPrefix(s.name, "moment ")
}

// policy gives the policy that a page must have, with this style.
func (s shown) policy(style string) string {
	const bucket = "https://kluis.s3.eu-central-1.amazonaws.com"
	sum := sha256.Sum256([]byte(style))
	forms, more := "'self'", ""
	if s.sends() || s.fetches() {
		forms += " " + bucket
	}
	if s.sends() {
		more = "; script-src 'self'; connect-src " + bucket + "; require-trusted-types-for 'script'; trusted-types 'none'"
	}
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'" + more
}

// TestL6L11EveryAnswerCarriesTheSameHeaders would fail if a page could reach more
// than it needs: the bucket stands in the policy of the pages that send a file to
// it or fetch one, and in no other.
func TestL6L11EveryAnswerCarriesTheSameHeaders(t *testing.T) {
	seen := map[int]bool{}
	for _, one := range everyPage(t, testProfile()) {
		seen[one.status] = true
		style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(one.page)
		if style == nil {
			t.Fatalf("%s has no style", one.name)
		}
		want := http.Header{
			"Content-Security-Policy":      {one.policy(style[1])},
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
		if diff := cmp.Diff(want, one.header); diff != "" {
			t.Errorf("%s: %s", one.name, diff)
		}
	}
	for _, status := range []int{200, 202, 403, 404, 409, 422, 503} {
		if !seen[status] {
			t.Errorf("no page with status %d was looked at", status)
		}
	}
}

// TestPagesFetchAndRunNothing allows each element by name: frames, pictures and
// outside styles are not among them. Scripts are on the page that sends a file
// alone, where another test looks at it.
func TestPagesFetchAndRunNothing(t *testing.T) {
	allowed := strings.Fields("html head meta title style body a header p main h1 h2 section span time details summary ol ul li footer address " +
		"form input label fieldset legend button div h3 pre dl dt dd")
	attributes := strings.Fields("lang charset name content class href hreflang id tabindex aria-labelledby datetime " +
		"method action type value for required checked maxlength pattern inputmode autocomplete autocapitalize spellcheck autofocus role " +
		"aria-describedby aria-invalid dir")
	sending := strings.Fields("script progress enctype accept hidden src defer max " +
		"data-upload data-done data-max data-fout data-pictures data-plain data-progress data-said data-scripted data-words data-word")
	for _, one := range everyPage(t, testProfile()) {
		tags, links := elements(t, one.page)
		for _, tag := range tags {
			words := strings.Fields(tag)
			also := func(word string) bool { return one.sends() && slices.Contains(sending, word) }
			if !slices.Contains(allowed, words[0]) && !also(words[0]) {
				t.Errorf("%s holds <%s>", one.name, words[0])
			}
			for _, attribute := range words[1:] {
				if !slices.Contains(attributes, attribute) && !also(attribute) {
					t.Errorf("%s holds the attribute %s on <%s>", one.name, attribute, words[0])
				}
			}
		}
		for _, link := range links {
			known := slices.Contains([]string{"#main", "mailto:info@voorbeeld.example", "https://ap.example/klacht"}, link)
			local := link == "#liever" || link == "#ja" || link == "#nummer" || link == "#adres" || link == "#code"
			if !known && !local && !strings.HasPrefix(link, "?t=") && !strings.HasPrefix(link, "/mijn/intrekken?t=") {
				t.Errorf("%s leads to %q", one.name, link)
			}
		}
		holds(t, one.page, false, "url(", "@import", "http-equiv", "javascript:")
	}
}

func TestHostileProfileIsInert(t *testing.T) {
	harmless, profile := everyPage(t, testProfile()), testProfile()
	for _, field := range []*string{
		&profile.Controller.Name, &profile.Controller.TradeName, &profile.Controller.Address[0], &profile.Controller.Email,
		&profile.Authority.Name,
	} {
		*field += `"'><script>alert(1)</script><img src=x onerror=alert(2)></style></title>{{.Number}}&amp;`
	}
	profile.Authority.ComplaintURL = "javascript:alert(3)"
	profile.Brand.Colour = "#000000}</style><script>alert(4)</script>"
	for _, one := range everyPage(t, profile) {
		got, links := elements(t, one.page)
		if want := tagsOf(t, harmless, one.name); !slices.Equal(got, want) {
			t.Errorf("%s has other elements: %v, want %v", one.name, got, want)
		}
		for _, link := range links {
			if strings.HasPrefix(link, "javascript:") {
				t.Errorf("%s links to %s", one.name, link)
			}
		}
		holds(t, one.page, false, "alert(4)", "<script>", "<img")
		holds(t, one.page, true, "{{.Number}}&amp;amp;")
	}
}

func TestHeaderHasTheBrandsColourWhenWhiteIsLegibleOnIt(t *testing.T) {
	for colour, want := range map[string]string{
		"#123456": "#123456", "#FFCC00": organisation.Defaults().Brand.Colour, "": organisation.Defaults().Brand.Colour,
	} {
		profile := testProfile()
		profile.Brand.Colour = colour
		for _, one := range everyPage(t, profile) {
			holds(t, one.page, true, "--brand: "+want+";")
			holds(t, one.page, false, "--brand: initial;")
		}
	}
}

func TestColoursOfThePagesHaveContrast(t *testing.T) {
	page := newWorld(t, nil).open(dsr.Dutch)
	value := func(name string, n int) string {
		found := regexp.MustCompile(`--`+name+`: (#[0-9a-f]+);`).FindAllStringSubmatch(page, -1)
		if len(found) <= n {
			t.Fatalf("--%s has %d values, want one for light and one for dark", name, len(found))
		}
		return found[n][1]
	}
	for n, scheme := range []string{"light", "dark"} {
		for _, text := range []string{"ink", "soft", "late"} {
			for _, behind := range []string{"paper", "ground"} {
				if ratio := organisation.Contrast(value(text, n), value(behind, n)); ratio < organisation.LeastContrast {
					t.Errorf("%s: --%s on --%s has a contrast of %.1f", scheme, text, behind, ratio)
				}
			}
		}
	}
}

// TestPagesHaveTheirPlacesInOrder is what a screen reader walks by: one h1
// before any h2, no level left out, and a place to skip to.
func TestPagesHaveTheirPlacesInOrder(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		headings := strings.Join(regexp.MustCompile(`<h[1-6]`).FindAllString(one.page, -1), "")
		if !regexp.MustCompile(`^<h1(<h2(<h3)*)+$`).MatchString(headings) {
			t.Errorf("%s has the headings %s", one.name, headings)
		}
		body := one.page[strings.Index(one.page, "<body>"):]
		if !strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(body, "<body>")), `<a class="skip" href="#main">`) {
			t.Errorf("%s does not begin with the skip link", one.name)
		}
		if strings.Count(one.page, `<main id="main"`) != 1 {
			t.Errorf("%s has no main to skip to", one.name)
		}
		if !strings.HasPrefix(one.page, "<!doctype html>") {
			t.Errorf("%s does not begin with its doctype, so browsers show it as of old", one.name)
		}
	}
}

// TestPagesStaySmall lets the page with the signatures of two uploads be larger.
func TestPagesStaySmall(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		if len(one.page) > 14<<10 && !(one.sends() && len(one.page) < 18<<10) {
			t.Errorf("%s has %d bytes", one.name, len(one.page))
		}
	}
}

// tagsOf gives the elements of the page with this name.
func tagsOf(t *testing.T, list []shown, name string) []string {
	t.Helper()
	for _, one := range list {
		if one.name == name {
			tags, _ := elements(t, one.page)
			return tags
		}
	}
	t.Fatalf("there is no page %s", name)
	return nil
}
