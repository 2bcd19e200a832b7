package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
)

// theScript gives where a page's script is, and the script.
func theScript(t *testing.T, w *world, page string) (path, script string) {
	t.Helper()
	found := regexp.MustCompile(`<script src="(/mijn/upload-[0-9a-f]{16}\.js)" defer></script>`).FindAllStringSubmatch(page, -1)
	if len(found) != 1 || strings.Count(page, "<script") != 1 {
		t.Fatalf("the page has not one script: %v", found)
	}
	given := w.ask(http.MethodGet, found[0][1])
	if given.Code != http.StatusOK {
		t.Fatalf("the script answers %d", given.Code)
	}
	return found[0][1], given.Body.String()
}

// TestScriptIsServedAsAScriptAndNothingElse also asks by other names: one that
// is kept by browsers must be another when the script is another.
func TestScriptIsServedAsAScriptAndNothingElse(t *testing.T) {
	w := newWorld(t, nil)
	path, _ := theScript(t, w, w.copyPage(w.copyAsked(), dsr.Dutch))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		given := w.ask(method, path)
		for name, want := range map[string]string{
			"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
		} {
			if got := given.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q", method, name, got)
			}
		}
		if (given.Body.Len() == 0) != (method == http.MethodHead) {
			t.Errorf("%s answers %d bytes", method, given.Body.Len())
		}
	}
	for _, other := range []string{"/mijn/upload.js", "/mijn/upload-0000000000000000.js", strings.ToUpper(path), path + "/", "/bureau" + strings.TrimPrefix(path, "/mijn")} {
		if given := w.ask(http.MethodGet, other); given.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", other, given.Code)
		}
	}
}

// TestScriptSaysNothingThePageLacks compares every word in the script with the
// sentences on the page, in both languages.
func TestScriptSaysNothingThePageLacks(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	_, script := theScript(t, w, w.copyPage(token, dsr.Dutch))
	words := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?:refuse\(|says\(|return |\? |: )"([a-z-]+)"`).FindAllStringSubmatch(script, -1) {
		words[found[1]] = true
	}
	if len(words) < 15 {
		t.Fatalf("the script has the words %v", words)
	}
	for _, language := range both() {
		page := w.copyPage(token, language)
		for word := range words {
			sentence := regexp.MustCompile(`<li data-word="` + word + `">([^<]{10,})</li>`).FindString(page)
			if sentence == "" {
				t.Errorf("%s: nothing is said for %q", language, word)
			}
		}
	}
}

// TestScriptMakesNoPageOfText would fail if the script could turn what it is given
// into a page or a script, or spoke with anybody else.
func TestScriptMakesNoPageOfText(t *testing.T) {
	w := newWorld(t, nil)
	_, script := theScript(t, w, w.copyPage(w.copyAsked(), dsr.Dutch))
	holds(t, script, false, "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "Function(", "fetch(", "import", "http:", "https:", "console.", "Storage", "cookie")
	holds(t, script, true, "// @ts-check", `"use strict";`, "@param {File} file", "form.noValidate = true")
}

// TestFormWorksWithoutTheScript would fail if the page said or hid something that
// only the script makes true.
func TestFormWorksWithoutTheScript(t *testing.T) {
	w := newWorld(t, nil)
	page := w.copyPage(w.copyAsked(), dsr.Dutch)
	holds(t, page, true, `type="file" accept="image/jpeg,image/png" required`, `type="checkbox" required`, "data-progress hidden", "<ul data-words hidden>")
	holds(t, page, false, "JavaScript", "noscript", "<button disabled", "<button type")
}

// TestEveryFieldHasItsLabel goes over every page: what can be filled in or moves
// has a label, what explains it is there, and no id stands twice.
func TestEveryFieldHasItsLabel(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		ids, labels, wants := map[string]int{}, map[string]bool{}, []string{}
		tokens := html.NewTokenizer(strings.NewReader(one.page))
		for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
			token, value := tokens.Token(), map[string]string{}
			for _, attribute := range token.Attr {
				value[attribute.Key] = attribute.Val
			}
			if value["id"] != "" {
				ids[value["id"]]++
			}
			if token.Data == "label" {
				labels[value["for"]] = true
			}
			if kind == html.StartTagToken && value["type"] != "hidden" && (token.Data == "input" || token.Data == "progress") {
				wants = append(wants, value["id"])
			}
			for _, id := range strings.Fields(value["aria-describedby"] + " " + value["aria-labelledby"]) {
				if !strings.Contains(one.page, `id="`+id+`"`) {
					t.Errorf("%s: nothing explains %s", one.name, id)
				}
			}
		}
		for _, id := range wants {
			if !labels[id] {
				t.Errorf("%s: the field %q has no label", one.name, id)
			}
		}
		for id, times := range ids {
			if times > 1 {
				t.Errorf("%s has %d times the id %s", one.name, times, id)
			}
		}
	}
}
