package visitor

import (
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// uploadForm is a form as the pages make it that take a file: hidden fields, a
// field for the file, and a tick for the eye alone.
const uploadForm = `<form method="post" enctype="multipart/form-data" action="/bucket"><input type="hidden" name="policy" value="p">
<input type="hidden" name="key" value="incoming/x"><input name="file" type="file"><input type="checkbox" required><button>Send</button></form>`

// parts reads a form in the order in which it came.
func parts(t *testing.T, r *http.Request) (names []string, file string, content string) {
	t.Helper()
	_, boundary, _ := strings.Cut(r.Header.Get("Content-Type"), "boundary=")
	reader := multipart.NewReader(r.Body, boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return names, file, content
		}
		if err != nil {
			t.Error(err)
			return names, file, content
		}
		body, err := io.ReadAll(part)
		if err != nil {
			t.Error(err)
		}
		names = append(names, part.FormName())
		if part.FormName() == "file" {
			file, content = part.FileName(), string(body)
		}
	}
}

func TestFileIsSentBehindAllFields(t *testing.T) {
	var names []string
	var file, content string
	at := serve(t, map[string]http.HandlerFunc{
		"/form":   shown(uploadForm),
		"/bucket": func(_ http.ResponseWriter, r *http.Request) { names, file, content = parts(t, r) },
	})
	v := &Visitor{}
	for _, chosen := range []*File{{"copy.jpg", []byte("picture\n")}, nil} {
		form, err := open(t, v, at+"/form").Upload()
		if err != nil {
			t.Fatal(err)
		}
		want := File{}
		if chosen != nil {
			want = *chosen
			if err := form.Attach("file", want); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := v.Send(form); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names, " "); got != "key policy file" {
			t.Errorf("the parts came as %q", got)
		}
		if file != want.Name || content != string(want.Content) {
			t.Errorf("the file came as %q with %q, want %+v", file, content, want)
		}
	}
}

func TestOnlyAFieldForAFileTakesOne(t *testing.T) {
	at := serve(t, map[string]http.HandlerFunc{"/form": shown(uploadForm), "/none": shown(`<form><input name=q></form>`)})
	v := &Visitor{}
	if _, err := open(t, v, at+"/none").Upload(); err == nil {
		t.Error("a page without a field for a file takes one")
	}
	form, err := open(t, v, at+"/form").Upload()
	if err != nil {
		t.Fatal(err)
	}
	if err := form.Attach("key", File{}); err == nil {
		t.Error("a hidden field took a file")
	}
	if err := form.Fill("file", "copy.jpg"); err == nil {
		t.Error("a file could be typed")
	}
}

func TestFileThatIsDownloadedStaysAsItIs(t *testing.T) {
	const content = "PK\x03\x04<form action=/x><a href=y>\xff"
	at := serve(t, map[string]http.HandlerFunc{
		"/file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/zip")
			_, _ = io.WriteString(w, content)
		},
		"/empty": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	})
	page := open(t, &Visitor{}, at+"/file")
	if page.Type != "application/zip" || page.Source != content || page.Forms != nil || page.Links != nil {
		t.Errorf("the file came as %+v", page)
	}
	if empty := open(t, &Visitor{}, at+"/empty"); empty.Status != http.StatusNoContent || empty.Type != "" {
		t.Errorf("an empty answer came as %+v", empty)
	}
}

func TestCookieGoesOnlyToTheHostThatSetIt(t *testing.T) {
	var got []string
	bucket := serve(t, map[string]http.HandlerFunc{"/": func(_ http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Cookie")+" from "+r.Header.Get("Sec-Fetch-Site"))
	}})
	desk := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "__Host-stay", Value: "one"})
		shown(`<form method="post" action="`+bucket+`/"><input name=q></form>`)(w, r)
	}})
	v := &Visitor{}
	form, err := open(t, v, desk+"/").Form("/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Send(form); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != " from same-site" {
		t.Errorf("the bucket was given %q", got)
	}
}
