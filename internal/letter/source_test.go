package letter

import (
	"errors"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	gmtext "github.com/yuin/goldmark/text"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// written lists every letter that has sources.
func written() []dsr.LetterKind { return kindsWhere(func(form) bool { return true }) }

// kinds lists every letter that is composed of its source alone.
func kinds() []dsr.LetterKind {
	return kindsWhere(func(f form) bool { return f.kind != dsr.ForwardLetter })
}

// staffKinds lists those of them that go to staff.
func staffKinds() []dsr.LetterKind {
	return kindsWhere(func(f form) bool { return f.staff && f.kind != dsr.ForwardLetter })
}

// kindsWhere lists the letters whose form meets a condition.
func kindsWhere(meets func(form) bool) []dsr.LetterKind {
	var kinds []dsr.LetterKind
	for _, f := range forms() {
		if meets(f) {
			kinds = append(kinds, f.kind)
		}
	}
	return kinds
}

// read reads a source or ends the test.
func read(t *testing.T, name string, language dsr.Language) source {
	t.Helper()
	src, err := readSource(name, language)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// flagsIn lists the flags by which a source chooses, in order.
func flagsIn(src source) []string {
	var flags []string
	for _, found := range regexp.MustCompile(`\{if ([^}]*)\}`).FindAllStringSubmatch(src.body, -1) {
		flags = append(flags, found[1])
	}
	return flags
}

func TestLanguagesOfALetterHaveTheSameForm(t *testing.T) {
	places := regexp.MustCompile(`\{[^}]*\}`)
	names := []string{"words"}
	for _, kind := range written() {
		names = append(names, string(kind))
	}
	for _, name := range names {
		nl, en := read(t, name, dsr.Dutch), read(t, name, dsr.English)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(nl.headers)), slices.Sorted(maps.Keys(en.headers))); diff != "" {
			t.Errorf("%s: header lines differ (-nl +en):\n%s", name, diff)
		}
		if diff := cmp.Diff(places.FindAllString(nl.body, -1), places.FindAllString(en.body, -1)); diff != "" {
			t.Errorf("%s: values and sections differ (-nl +en):\n%s", name, diff)
		}
	}
}

func TestEveryRightHasWords(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		flags, words := flagsIn(read(t, "M01", language)), read(t, "words", language).headers
		for _, right := range dsr.Rights() {
			if !slices.Contains(flags, "right."+string(right)) || words[string(right)] == "" {
				t.Errorf("%s: %s has no words", language, right)
			}
		}
	}
}

func TestEveryReasonAndLevelOfTrustHasASentence(t *testing.T) {
	for _, word := range append(reasons(), "other") {
		if !slices.Contains(flagsIn(read(t, "S7", dsr.Dutch)), "reason."+word) {
			t.Errorf("reason %s has no sentence", word)
		}
	}
	for _, level := range []dsr.TrustLevel{dsr.TrustA, dsr.TrustB, dsr.TrustC} {
		if !slices.Contains(flagsIn(read(t, "S6", dsr.Dutch)), "trust."+string(level)) {
			t.Errorf("level of trust %s has no sentence", level)
		}
	}
}

func TestEveryMeansOfProofHasASentence(t *testing.T) {
	flags := flagsIn(read(t, "M01", dsr.Dutch))
	for _, policy := range organisation.CopyPolicy("").Words() {
		composer := exampleComposer()
		composer.Profile.Identity.IDCopy = organisation.CopyPolicy(policy)
		for _, means := range organisation.Means("").Words() {
			if name := composer.meansName(organisation.Means(means)); !slices.Contains(flags, "rights."+name) {
				t.Errorf("%s (%s) has no sentence", means, policy)
			}
		}
	}
}

// settableFlags lists the flags that depend on the content of a letter.
func settableFlags() map[string]bool {
	settable := map[string]bool{}
	for _, name := range strings.Fields("asks asks.copy reason.other trust.A trust.B trust.C rights.copy " +
		"rights.copy-on-doubt unlinked collects code.elsewhere gives granted erases this.partly alone back.sent-back back.refused " +
		"draft.approve-release draft.approve-erasure draft.refuse doubt packed promise.passed law.passed late plan.is-promise more-mail answerable") {
		settable[name] = true
	}
	for prefix, words := range map[string][]string{
		"refusal.": copyRefusals(), "step.": steps(), "copy.": copyNews(), "file.": fileNews(), "came.": returns(),
	} {
		for _, word := range append(words, other) {
			settable[prefix+word] = true
		}
	}
	for _, right := range dsr.Rights() {
		settable["right."+string(right)] = true
	}
	for _, word := range reasons() {
		settable["reason."+word] = true
	}
	for _, word := range failures() {
		settable["failed."+word] = true
	}
	for _, means := range organisation.Means("").Words() {
		settable["rights."+means] = true
	}
	return settable
}

// TestEveryFlagOfASourceCanBeSet finds a misspelt flag, whose section would
// never be shown.
func TestEveryFlagOfASourceCanBeSet(t *testing.T) {
	settable := settableFlags()
	for _, kind := range written() {
		composer := exampleComposer()
		f, err := composer.facts(example(kind, dsr.Dutch), dsr.Dutch)
		if err != nil {
			t.Fatal(err)
		}
		for _, flag := range flagsIn(read(t, string(kind), dsr.Dutch)) {
			if _, isValue := f.values[flag]; !isValue && !settable[flag] {
				t.Errorf("%s chooses by %q, which nothing sets", kind, flag)
			}
		}
	}
}

// TestEveryFlagThatCanBeSetIsUsed finds words that code chooses and no source
// says: their letter would lack a sentence.
func TestEveryFlagThatCanBeSetIsUsed(t *testing.T) {
	used := map[string]bool{"rights.id_copy": true} // the sources call it a copy, always or on doubt
	for _, kind := range written() {
		for _, flag := range flagsIn(read(t, string(kind), dsr.Dutch)) {
			used[flag] = true
		}
	}
	for flag := range settableFlags() {
		if !used[flag] {
			t.Errorf("no source has words for %s", flag)
		}
	}
}

func TestLinkInASourceEndsItsLine(t *testing.T) {
	link := regexp.MustCompile(`\]\(\{[a-z-]+\}\)`)
	for _, kind := range written() {
		for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
			for line := range strings.Lines(read(t, string(kind), language).body) {
				line = strings.TrimSpace(line)
				if found := link.FindStringIndex(line); found != nil && found[1] != len(line) {
					t.Errorf("%s.%s: words follow a link: %s", kind, language, line)
				}
			}
		}
	}
}

func TestSectionsChooseByFlag(t *testing.T) {
	flags := map[string]bool{"yes": true}
	for body, want := range map[string]string{
		"a\n{if yes}\nb\n{end}\nc\n":                                    "a\nb\nc\n",
		"a\n{if no}\nb\n{end}\nc\n":                                     "a\nc\n",
		"{if yes}\na\n{else}\nb\n{end}\n":                               "a\n",
		"{if no}\na\n{else}\nb\n{end}\n":                                "b\n",
		"{if no}\n{if yes}\na\n{else}\nb\n{end}\n{else}\nc\n{end}\nd\n": "c\nd\n",
		"{if yes}\n{if no}\na\n{else}\nb\n{end}\nc\n{end}\n":            "b\nc\n",
	} {
		if got, err := choose(body, flags); got != want || err != nil {
			t.Errorf("choose(%q) = %q, %v; want %q", body, got, err, want)
		}
	}
}

func TestSectionOfAListIsWrittenForEachWord(t *testing.T) {
	lists := map[string][]string{"two": {"a", "b"}, "none": {}}
	for body, want := range map[string]string{
		"{each two}\n- {this.name}\n{end}\nc\n":                              "- {a.name}\n- {b.name}\nc\n",
		"{each none}\n- {this.name}\n{end}\nc\n":                             "c\n",
		"{each two}\n{if this.x}\ny\n{else}\nz\n{end}\n{end}\n":              "{if a.x}\ny\n{else}\nz\n{end}\n{if b.x}\ny\n{else}\nz\n{end}\n",
		"{if x}\n{each two}\n{this.y}\n{end}\n{end}\n":                       "{if x}\n{a.y}\n{b.y}\n{end}\n",
		"{each two}\n{this.y}\n{end}\n{each none}\n{this.z}\n{end}\nthis.\n": "{a.y}\n{b.y}\nthis.\n",
	} {
		if got, err := repeat(body, lists); got != want || err != nil {
			t.Errorf("repeat(%q) = %q, %v; want %q", body, got, err, want)
		}
	}
	for _, body := range []string{
		"{each other}\nx\n{end}\n", "{each two}\nx\n", "{each two}\n{each two}\nx\n{end}\n{end}\n", "{each two}\n{if x}\n{end}\n",
	} {
		if got, err := repeat(body, lists); !errors.Is(err, ErrSource) {
			t.Errorf("repeat(%q) = %q, %v; want a fault", body, got, err)
		}
	}
}

func TestMistakeInASourceIsReported(t *testing.T) {
	if _, err := parseSource("Subject without a colon\n\nbody\n"); !errors.Is(err, ErrSource) {
		t.Errorf("a header line without a colon gives %v", err)
	}
	if _, err := choose("{if yes}\na\n", nil); !errors.Is(err, ErrSource) {
		t.Errorf("a section without its end gives %v", err)
	}
	if _, err := (source{body: "{each nothing}\n{end}\n"}).sections(facts{}); !errors.Is(err, ErrSource) {
		t.Errorf("a list that does not exist gives %v", err)
	}
	if _, err := fill("a {nothing} b", nil, asIs); !errors.Is(err, ErrSource) {
		t.Errorf("a value that does not exist gives %v", err)
	}
	if _, err := readSource("M99", dsr.Dutch); err == nil {
		t.Error("a source that does not exist was read")
	}
	for _, markdown := range []string{
		"> quoted\n", "```\ncode\n```\n", "---\n", "a `code` b\n", "![a](b)\n", "<b>raw</b>\n", "a <b>raw</b>\n",
		"<https://auto.example>\n", "- one\n\n  two\n", "- > quoted\n", "> - `code`\n", "**`code`**\n",
	} {
		tree := goldmark.New().Parser().Parse(gmtext.NewReader([]byte(markdown)))
		if text, err := plainText(tree, []byte(markdown), nil); !errors.Is(err, ErrSource) {
			t.Errorf("%q gives %q, %v; want an error, not lost words", markdown, text, err)
		}
	}
}

func TestValuesAreFilledInOnce(t *testing.T) {
	values := map[string]string{"a": "{b}<", "b": "{a}"}
	for text, want := range map[string]string{
		"{a}{b}":            "{b}&lt;{a}",
		"body {color:{b};}": "body {color:{a};}",
		"{":                 "{",
		"{a":                "{a",
		"{}":                "{}",
		"{ {a} }":           "{ {b}&lt; }",
	} {
		if got, err := fill(text, values, html.EscapeString); got != want || err != nil {
			t.Errorf("fill(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestLinesAreBrokenBetweenWords(t *testing.T) {
	address := "https://avg.example/" + strings.Repeat("x", 100)
	for text, want := range map[string]string{
		"short":                      "• short\n",
		"one\ntwo":                   "• one\n  two\n",
		"":                           "• \n",
		"see " + address:             "• see\n  " + address + "\n",
		strings.Repeat("woord ", 13): "• " + strings.TrimSpace(strings.Repeat("woord ", 12)) + "\n  woord\n",
		strings.Repeat("x", 100):     "• " + strings.Repeat("x", 74) + "\n  " + strings.Repeat("x", 26) + "\n",
		strings.Repeat("x", 60) + " op donderdag 5 maart 2026.": "• " + strings.Repeat("x", 60) +
			" op\n  donderdag 5 maart 2026.\n",
		strings.Repeat("x", 45) + " tot donderdag 5 maart 2026 om 09:00, ja": "• " + strings.Repeat("x", 45) +
			" tot\n  donderdag 5 maart 2026 om 09:00, ja\n",
	} {
		var out strings.Builder
		wrap(&out, text, "• ")
		if got := out.String(); got != want {
			t.Errorf("wrap(%q) =\n%swant\n%s", text, got, want)
		}
	}
}

func TestLineOfExactlyTheWidthIsNotBroken(t *testing.T) {
	for length, lines := range map[int]int{width: 1, width + 1: 2} {
		text := "é " + strings.Repeat("x", length-2)
		var out strings.Builder
		wrap(&out, text, "")
		if got := strings.Count(out.String(), "\n"); got != lines {
			t.Errorf("%d characters give %d lines, want %d", utf8.RuneCountInString(text), got, lines)
		}
	}
}
