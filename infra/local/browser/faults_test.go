package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// faulty is a page with one of each fault: no language, a picture without
// words, pale text, too wide, a script and a style that its policy forbids.
const faulty = `<!doctype html><title>Faulty</title>
<style>p { color: #ccc }</style>
<main><h1>Faulty</h1><img src="/x.png"><p style="color: #bbb; background: #fff">pale</p>
<pre style="width: 3000px">wide</pre><table width="2000"><tr><td>wide</td></tr></table></main>
<script>document.title = 'ran'</script>`

// checksFindFaults shows that each check sees what it is there for.
func (s *stage) checksFindFaults(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src-attr 'unsafe-inline'")
		_, _ = io.WriteString(w, faulty)
	}))
	t.Cleanup(server.Close)
	b := s.tab(t)
	b.look("screen", "light", 375)
	b.open(server.URL)
	finds(t, "axe", b.axe(), "html-has-lang", "image-alt", "color-contrast")
	finds(t, "wide", b.wide(), "page of 3", "pre.", "table.")
	finds(t, "console", b.complaints(), "script", "style", "img")
	if title := ask[string](b, "document.title"); title != "Faulty" {
		t.Error("the policy let the script run")
	}
}

// finds fails the test unless each word stands in one of the faults.
func finds(t *testing.T, check string, faults []string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(strings.Join(faults, "\n"), word) {
			t.Errorf("%s does not find %q: %v", check, word, faults)
		}
	}
}
