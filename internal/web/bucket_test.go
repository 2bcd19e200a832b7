package web_test

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// TestPageReachesOneBucketAndNothingElse compares the policy of a page with and
// without a bucket.
func TestPageReachesOneBucketAndNothingElse(t *testing.T) {
	pages, err := web.Read(site("x"), organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	const bucket = "https://kluis.s3.eu-central-1.amazonaws.com"
	given := web.Answer{Status: http.StatusOK, Header: map[string]string{"X-Own": "y", "Content-Security-Policy": "none of ours"}}
	fetching, err := pages.Fetching(given, bucket+"/handout/x?X-Amz-Signature=1;script-src%20*")
	if err != nil {
		t.Fatal(err)
	}
	sending, err := pages.Sending(given, bucket)
	if err != nil {
		t.Fatal(err)
	}
	const more = "; script-src 'self'; connect-src " + bucket + "; require-trusted-types-for 'script'; trusted-types 'none'"
	for name, c := range map[string]struct{ got, more string }{
		"fetching": {fetching.Header["Content-Security-Policy"], ""},
		"sending":  {sending.Header["Content-Security-Policy"], more},
	} {
		_, rest, _ := strings.Cut(c.got, "'; form-action ")
		if want := "'self' " + bucket + "; frame-ancestors 'none'; base-uri 'none'" + c.more; rest != want || !strings.HasPrefix(c.got, "default-src 'none'; style-src 'sha256-") {
			t.Errorf("%s: %s", name, c.got)
		}
	}
	if fetching.Header["X-Own"] != "y" || given.Header["Content-Security-Policy"] != "none of ours" {
		t.Errorf("the headers are %v, and those of the page before %v", fetching.Header, given.Header)
	}
}

// TestAddressThatNoPolicyCanNameIsRefused would fail if an address could add a
// source or a directive of its own.
func TestAddressThatNoPolicyCanNameIsRefused(t *testing.T) {
	pages, err := web.Read(site("x"), organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"", "kluis", "//kluis.example", "https://", "ftp://kluis.example", "javascript:alert(1)", "data:text/html,x", "https://a.example;script-src/",
		"https://a.example,b", "https://a'b.example/", "https://a b.example/", "%zz", "https:kluis.example",
	} {
		if given, err := pages.Sending(web.Answer{}, address); err == nil || given.Header != nil || address != "" && strings.Contains(err.Error(), address) {
			t.Errorf("%q: %v, %v", address, given.Header, err)
		}
	}
}

// TestUploadComesBackToOurOwnPage signs with a path, and without one for a script.
func TestUploadComesBackToOurOwnPage(t *testing.T) {
	var asked []casework.Upload
	sign := web.Uploads(func(_ context.Context, upload casework.Upload) (casework.UploadForm, error) {
		asked = append(asked, upload)
		return casework.UploadForm{URL: "https://kluis.example"}, nil
	}, "https://privacy.example")
	for _, done := range []string{"/mijn/x", ""} {
		if form, err := sign(t.Context(), web.Upload{Path: "incoming/a/b", Max: 10, Life: time.Hour, Done: done}); err != nil || form.URL == "" {
			t.Fatalf("%v, %v", form, err)
		}
	}
	want := casework.Upload{Path: "incoming/a/b", ContentType: "application/octet-stream", MaxSize: 10, Life: time.Hour}
	with := want
	with.Then = "https://privacy.example/mijn/x"
	if diff := cmp.Diff([]casework.Upload{with, want}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestSizesAreWrittenAsPeopleDo(t *testing.T) {
	for bytes, want := range map[int64][2]string{
		0: {"0 bytes", "0 bytes"}, 999: {"999 bytes", "999 bytes"}, 1000: {"1 kB", "1 kB"}, 1550: {"1,6 kB", "1.6 kB"},
		999_949: {"999,9 kB", "999.9 kB"}, 999_960: {"1 MB", "1 MB"}, 2 << 30: {"2,1 GB", "2.1 GB"}, 5e12: {"5000 GB", "5000 GB"},
	} {
		if nl, en := web.Size(bytes, dsr.Dutch), web.Size(bytes, dsr.English); nl != want[0] || en != want[1] {
			t.Errorf("%d bytes are %q and %q, want %q", bytes, nl, en, want)
		}
	}
}

// enclosing is an answer with files of which staff chose the names.
func enclosing(names ...string) dsr.Answer {
	answer := decided(dsr.Access, dsr.Granted, dsr.Found)
	for i, name := range names {
		answer.Files = append(answer.Files, dsr.AnswerFile{
			ID: dsr.OwnerID{byte(i)}, System: "klanten", Right: dsr.Access, Name: name, Size: 1_234_567, SHA256: strings.Repeat("0f", 32),
		})
	}
	return answer
}

// TestAnswerListsItsFiles shows them in their order, as those who approve the
// answer see them too.
func TestAnswerListsItsFiles(t *testing.T) {
	page := shown(t, enclosing("facturen.csv", "brieven.pdf"), dsr.Dutch)
	holds(
		t, page, true, "Bestanden bij dit antwoord", `<h3 dir="auto">facturen.csv</h3>`, "<dd>Klantenbestand (nl)</dd>", "<dd>1,2 MB</dd>",
		`<dd class="hash">`+strings.Repeat("0f", 32)+"</dd>",
	)
	if strings.Index(page, "facturen.csv") > strings.Index(page, "brieven.pdf") {
		t.Error("the files are in another order")
	}
	holds(t, shown(t, enclosing("a.csv"), dsr.English), true, "Files with this answer", "<dd>1.2 MB</dd>", "<dd>Klantenbestand (en)</dd>")
	holds(t, shown(t, enclosing(), dsr.Dutch), false, "Bestanden", "SHA-256")
	unlinked := enclosing("facturen.csv")
	unlinked.Outcome = dsr.Unlinked
	holds(t, shown(t, unlinked, dsr.Dutch), false, "facturen.csv", "SHA-256")
}

// TestA27NameOfAFileIsInert gives names that would be more than text.
func TestA27NameOfAFileIsInert(t *testing.T) {
	want := strings.Count(shown(t, enclosing("x"), dsr.Dutch), "<")
	for _, name := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "</h3><h3>", "{{.Number}}", "a\u202egpj.exe", "a\x00b\r\nc", strings.Repeat("<b>", 400),
	} {
		answer := enclosing(name)
		answer.Files[0].System, answer.Files[0].SHA256 = name, name
		page := shown(t, answer, dsr.Dutch)
		if got := strings.Count(page, "<"); got != want {
			t.Errorf("%q makes a page of %d tags, want %d", name, got, want)
		}
		holds(t, page, false, "\u202e", "\x00", "<script", "<img")
	}
}

// TestPageThatComesBackIsAskedAnew would fail if the form of a file that was sent
// took a second one: it would land where the first did. Browsers keep a page for
// who goes back, and only its script hears of that (HTML, PageTransitionEvent).
func TestPageThatComesBackIsAskedAnew(t *testing.T) {
	pages, err := web.Read(site("x"), organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	_, given := pages.Script()
	listens := regexp.MustCompile(`\n  addEventListener\("pageshow", \(event\) => \{\s*if \(event\.persisted\) location\.reload\(\);\s*\}\);`)
	if !listens.Match(given.Page) || bytes.Count(given.Page, []byte("location.reload")) != 1 {
		t.Errorf("the script does not reload a page that comes back, and no other: %s", given.Page)
	}
}
