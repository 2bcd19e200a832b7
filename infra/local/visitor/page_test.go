package visitor

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// twoForms is a page as the desk makes them: two forms for one act, which a
// hidden field tells apart.
const twoForms = `<!doctype html><html><head><title>Case</title><style>p {color: red}</style></head><body>
<p>Read <a href="/more?x=1#part">more</a> of <a href="https://example.com/">it</a></p>
<img src="/look?one=1" alt="one"><img src="data:image/jpeg;base64,AA==" alt="two">
<form method="post" action="/case/look"><input type="hidden" name="system" value="one">
<input type="radio" name="result" value="found"><input type="radio" name="result" value="none" checked>
<input name="code" type="text"><button>Go</button></form>
<input name="outside">
<form method="POST" action="/case/look"><input type="hidden" name="system" value="two">
<input type="checkbox" name="right" value="access" checked><input type="checkbox" name="right" value="erasure">
<select name="ground"><option value="">None</option><option value="law" selected>Law</option></select>
<input type="submit" name="send" value="Go"><input type="checkbox" required><input type="date" name="since" value="2020-01-01"></form></body></html>`

// readTwoForms reads that page.
func readTwoForms(t *testing.T) *Page {
	t.Helper()
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
	page, err := read(answer, &url.URL{Scheme: "http", Host: "desk.example", Path: "/case"}, []byte(twoForms))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// second gives the second form.
func second(t *testing.T) *Form {
	t.Helper()
	form, err := readTwoForms(t).Form("/look", "system", "two")
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestPageShowsItsWordsLinksAndImages(t *testing.T) {
	page := readTwoForms(t)
	if page.Title != "Case" || page.Text != "Read more of it Go None Law" {
		t.Errorf("title %q, text %q", page.Title, page.Text)
	}
	if want := []string{"http://desk.example/more?x=1#part", "https://example.com/"}; !slices.Equal(page.Links, want) {
		t.Errorf("links %q, want %q", page.Links, want)
	}
	if want := []string{"http://desk.example/look?one=1", "data:image/jpeg;base64,AA=="}; !slices.Equal(page.Images, want) {
		t.Errorf("images %q, want %q", page.Images, want)
	}
}

func TestFormsAreToldApartByWhatTheySay(t *testing.T) {
	page := readTwoForms(t)
	for _, said := range [][]string{nil, {"system", "one"}, {"system", "two"}} {
		form, err := page.Form("/look", said...)
		if err != nil || len(said) > 0 && form.Values.Get("system") != said[1] {
			t.Errorf("%v finds %v, %v", said, form, err)
		}
	}
	for _, said := range [][]string{{"system", "three"}, {"system"}} {
		if _, err := page.Form("/look", said...); err == nil {
			t.Errorf("%v finds a form", said)
		}
	}
	if _, err := page.Form("/other"); err == nil {
		t.Error("a form to elsewhere was found")
	}
}

func TestFieldsOfAFormAreItsOwn(t *testing.T) {
	if form := second(t); !slices.Equal(form.Fields, []string{"right", "ground", "since"}) || !form.Has("since", "right") || form.Has("since", "outside") {
		t.Errorf("the fields are %q", form.Fields)
	}
}

func TestWhatStandsInAFormIsSentAlong(t *testing.T) {
	form := second(t)
	want := "ground=law&right=access&since=2020-01-01&system=two"
	if got := form.Values.Encode(); got != want {
		t.Errorf("values %s, want %s", got, want)
	}
	if err := form.Fill("right", "erasure", "ground", "", "since", "2021-02-03"); err != nil {
		t.Fatal(err)
	}
	want = "ground=&right=access&right=erasure&since=2021-02-03&system=two"
	if got := form.Values.Encode(); got != want {
		t.Errorf("filled in: %s, want %s", got, want)
	}
}

func TestWhatCannotBeFilledInIsAnError(t *testing.T) {
	for _, pairs := range [][]string{
		{"system", "one"}, // hidden
		{"outside", "x"},  // of no form
		{"send", "Go"},    // a button
		{"nothing", "x"},
		{"ground", "mood"}, // no such choice
		{"right", "flight"},
		{"since"}, // no value
	} {
		if err := second(t).Fill(pairs...); err == nil {
			t.Errorf("%q could be filled in", pairs)
		}
	}
}
