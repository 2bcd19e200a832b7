package letter

import (
	"html"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

func TestTextKeepsItsParagraphsAndItsLines(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"een":                            "een",
		" een  twee ":                    "een twee",
		"een\ntwee":                      "een\ntwee",
		"een\r\ntwee\rdrie":              "een\ntwee\ndrie",
		"een\r\n\r\ntwee":                "een\n\ntwee",
		"\n\n een \n \t \n\n\n twee\n\n": "een\n\ntwee",
		"een\u2028twee\u2029drie\u0085x": "een\ntwee\n\ndrie\nx",
		"een\n\u200b\ntwee":              "een\n\ntwee",
		"\u202ea\u2066\x00b\x1b[31m\xff": "ab[31m",
	} {
		if got := inertText(text); got != want {
			t.Errorf("inertText(%q) = %q, want %q", text, got, want)
		}
	}
}

// refuseBecause gives a refusal of erasure alone, in the words of staff.
func refuseBecause(reason string) dsr.LetterContent {
	content := example(dsr.RefusalLetter, dsr.Dutch)
	decide(&content, dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundClaims})
	content.Collects, content.Letter.Purpose = false, dsr.FollowCase
	content.Reasons[dsr.Erasure] = reason
	return content
}

func TestParagraphsOfAReasonStandInBothParts(t *testing.T) {
	letter := compose(t, exampleComposer(), refuseBecause("Eerste regel.\r\nTweede regel.\r\n\r\n\r\nDaarna < dit."))
	holds(t, letter.text, "Onze uitleg:\n\nEerste regel.\nTweede regel.\n\nDaarna < dit.\n\nDit is de regel:", true)
	holds(t, letter.html, "<p>Eerste regel.<br>\nTweede regel.</p>\n<p>Daarna &lt; dit.</p>\n<p>Dit is de regel:", true)
}

// hostileReasons lists texts that try to be more than a text.
func hostileReasons() map[string]string {
	reasons := hostile()
	reasons["paragraphs"] = "a\n\n# Betaal nu\n\n- lijst\n\n> citaat\n\n```\nx\n```\n\n---\n"
	reasons["end of paragraph"] = "</p></main><h1>x</h1>\n\n</body>"
	reasons["own place"] = "{erasure.reason} {this.reason} {each refused}\n{end}\n{else}"
	reasons["four kilobytes"] = strings.Repeat("<", dsr.MaxReason)
	reasons["many lines"] = strings.Repeat("x\n", dsr.MaxReason/2)
	reasons["many paragraphs"] = strings.Repeat("x\r\n\r\n", dsr.MaxReason/5)
	return reasons
}

func TestHostileReasonIsInert(t *testing.T) {
	harmless := compose(t, exampleComposer(), refuseBecause("x"))
	wantNames, wantLinks := elements(t, harmless.html)
	words := func(names []string) []string {
		return slices.DeleteFunc(names, func(name string) bool { return name == "p" || name == "br" })
	}
	for name, reason := range hostileReasons() {
		t.Run(name, func(t *testing.T) {
			content := refuseBecause(reason)
			letter := compose(t, exampleComposer(), content)
			names, links := elements(t, letter.html)
			if diff := cmp.Diff(words(slices.Clone(wantNames)), words(names)); diff != "" {
				t.Errorf("the reason changed the elements of the page:\n%s", diff)
			}
			if diff := cmp.Diff(wantLinks, links); diff != "" {
				t.Errorf("the reason changed the links of the page:\n%s", diff)
			}
			for _, part := range []string{letter.text, letter.html} {
				if strings.ContainsFunc(part, invisible) {
					t.Error("an invisible character is left")
				}
			}
			if diff := cmp.Diff(harmless.header, letter.header, cmp.Comparer(func(a, b string) bool {
				return a == b || strings.HasPrefix(a, "multipart/")
			})); diff != "" {
				t.Errorf("the reason changed the header:\n%s", diff)
			}
			if shown := strings.Join(strings.Fields(inertText(reason)), ""); !strings.Contains(strings.Join(strings.Fields(letter.text), ""), shown) ||
				!strings.Contains(strings.Join(strings.Fields(visibleText(t, letter.html)), ""), shown) {
				t.Error("the reason is not shown character by character")
			}
		})
	}
}

func TestLinesOfAReasonAreShort(t *testing.T) {
	for name, reason := range hostileReasons() {
		for line := range strings.Lines(compose(t, exampleComposer(), refuseBecause(reason)).text) {
			if n := len([]rune(line)); n > width+1 && !strings.HasPrefix(line, "https://avg.voorbeeld.example/") {
				t.Errorf("%s: line of %d characters: %s", name, n, line)
			}
		}
	}
}

// TestOnlyLineEndsOfAValueBecomeElements takes the escaping by itself.
func TestOnlyLineEndsOfAValueBecomeElements(t *testing.T) {
	const value = `<b>&amp;"' {x}`
	if got := asHTML(value); got != html.EscapeString(value) {
		t.Errorf("asHTML(%q) = %q", value, got)
	}
	if got, want := asHTML("a\nb\n\nc<br>"), "a<br>\nb</p>\n<p>c&lt;br&gt;"; got != want {
		t.Errorf("asHTML = %q, want %q", got, want)
	}
}
