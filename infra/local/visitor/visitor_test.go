package visitor

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serve serves pages by path.
func serve(t *testing.T, pages map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, page := range pages {
		mux.HandleFunc(path, page)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// shown answers with a page.
func shown(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	}
}

// open opens a page or ends the test.
func open(t *testing.T, v *Visitor, address string) *Page {
	t.Helper()
	page, err := v.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestSessionIsKeptUntilItEnds(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{
		"/in": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "__Host-stay", Value: "one", Secure: true, Path: "/", HttpOnly: true})
			http.Redirect(w, r, "/show", http.StatusSeeOther)
		},
		"/out": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "__Host-stay", MaxAge: -1})
		},
		"/show": func(w http.ResponseWriter, r *http.Request) {
			kept, err := r.Cookie("__Host-stay")
			if err != nil {
				kept = &http.Cookie{Value: "nobody"}
			}
			shown("<title>Hi</title><p>"+kept.Value)(w, r)
		},
	})
	v := &Visitor{}
	if page := open(t, v, at+"/in"); page.Text != "one" || page.At.Path != "/show" {
		t.Errorf("signing in leads to %s with %q", page.At.Path, page.Text)
	}
	if page := open(t, &Visitor{}, at+"/show"); page.Text != "nobody" {
		t.Errorf("another visitor is known as %q", page.Text)
	}
	open(t, v, at+"/out")
	if page := open(t, v, at+"/show"); page.Text != "nobody" {
		t.Errorf("after the end the visitor is known as %q", page.Text)
	}
}

func TestFormIsSentAsABrowserSendsIt(t *testing.T) {
	var got *http.Request
	at := serve(t, map[string]http.HandlerFunc{
		"/form": shown(`<form method="post" action="/to?taal=en"><input type=hidden name=rev value=7>
			<input name=number value=old><textarea name=text>
first</textarea><button>Go</button></form>`),
		"/to": func(_ http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			got = r
		},
	})
	v := &Visitor{}
	form, err := open(t, v, at+"/form").Form("/to", "rev", "7")
	if err != nil {
		t.Fatal(err)
	}
	if form.Values.Get("text") != "first" {
		t.Errorf("the text begins with %q", form.Values.Get("text"))
	}
	if err := form.Fill("number", "new", "text", "one\ntwo\r\nthree"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Send(form); err != nil {
		t.Fatal(err)
	}
	if got.Method != http.MethodPost || got.URL.RawQuery != "taal=en" || got.Header.Get("Sec-Fetch-Site") != "same-origin" {
		t.Errorf("the form came as %s ?%s from %q", got.Method, got.URL.RawQuery, got.Header.Get("Sec-Fetch-Site"))
	}
	for field, want := range map[string]string{"rev": "7", "number": "new", "text": "one\r\ntwo\r\nthree"} {
		if values := got.PostForm[field]; len(values) != 1 || values[0] != want {
			t.Errorf("%s came as %q, want %q", field, values, want)
		}
	}
}

func TestFormOfASearchGoesIntoTheAddress(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{
		"/form": shown(`<form action="/find"><input type=search name=q></form>`),
		"/find": func(w http.ResponseWriter, r *http.Request) { shown(r.Method+" "+r.URL.RawQuery)(w, r) },
	})
	v := &Visitor{}
	form, err := open(t, v, at+"/form").Form("/find")
	if err != nil {
		t.Fatal(err)
	}
	if err := form.Fill("q", "a b"); err != nil {
		t.Fatal(err)
	}
	page, err := v.Send(form)
	if err != nil || page.Text != "GET q=a+b" {
		t.Errorf("the search shows %q, %v", page.Text, err)
	}
}

func TestEndlessRedirectEnds(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusSeeOther)
	}})
	if _, err := (&Visitor{}).Open(at + "/"); err == nil || !strings.Contains(err.Error(), "leads on") {
		t.Errorf("error %v", err)
	}
}

func TestErrorsRepeatNoToken(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close() // nobody listens there any more
	at := serve(t, map[string]http.HandlerFunc{"/lost": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://[sesame")
		w.WriteHeader(http.StatusSeeOther)
	}})
	for _, address := range []string{server.URL + "/page?t=sesame", "http://[::1?t=sesame", "::sesame", "gopher://x/?t=sesame", at + "/lost"} {
		if _, err := (&Visitor{}).Open(address); err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("opening an address that fails gives %v", err)
		}
	}
}
