package portal_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
)

// Plain language (B1), as the letters keep to it.
const (
	averageWords = 12.0
	mostWords    = 22
)

// blocks gives what a visitor reads of a page, a paragraph, heading or list
// item each, with the language it is in.
func blocks(t *testing.T, page string) map[dsr.Language][]string {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	found := map[dsr.Language][]string{}
	var walk func(node *html.Node, language dsr.Language)
	walk = func(node *html.Node, language dsr.Language) {
		for _, attribute := range node.Attr {
			if attribute.Key == "lang" {
				language = dsr.Language(attribute.Val)
			}
		}
		switch node.Data {
		case "p", "h1", "h2", "h3", "li", "dt", "dd", "summary", "title", "label", "legend", "button":
			found[language] = append(found[language], strings.Join(strings.Fields(textOf(node)), " "))
			return
		}
		for child := range node.ChildNodes() {
			walk(child, language)
		}
	}
	walk(document, "")
	return found
}

// textOf is the text of a node and all in it.
func textOf(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	var text strings.Builder
	for child := range node.ChildNodes() {
		text.WriteString(textOf(child))
	}
	return text.String()
}

// sentences splits a block into the words of its sentences. Full stops inside
// addresses end nothing.
func sentences(block string) [][]string {
	var list [][]string
	for _, sentence := range regexp.MustCompile(`[.?!:](\s+|$)`).Split(block, -1) {
		if words := strings.Fields(sentence); len(words) > 0 {
			list = append(list, words)
		}
	}
	return list
}

func TestSentencesAreShort(t *testing.T) {
	words, count := map[dsr.Language]int{}, map[dsr.Language]int{}
	for _, one := range everyPage(t, testProfile()) {
		for language, list := range blocks(t, one.page) {
			for _, block := range list {
				for _, sentence := range sentences(block) {
					if len(sentence) > mostWords {
						t.Errorf("%s: sentence of %d words: %s", one.name, len(sentence), strings.Join(sentence, " "))
					}
					words[language] += len(sentence)
					count[language]++
				}
			}
		}
	}
	for _, language := range both() {
		if average := float64(words[language]) / float64(count[language]); count[language] < 50 || average > averageWords {
			t.Errorf("%s: %d sentences of %.1f words", language, count[language], average)
		}
	}
}

// heavy finds words of officials, the passive, and the familiar forms of
// address, none of which a visitor should have to read.
func heavy(language dsr.Language) *regexp.Regexp {
	if language == dsr.English {
		return regexp.MustCompile(`(?i)\b(pursuant|hereby|thereof|aforementioned|notwithstanding|utili[sz]e|commence|terminate|` +
			`prior to|in respect of|with regard to|shall|endeavour|furnish|deemed|data subject|controller|` +
			`(is|are|was|were|be|been|being) (\w+ed|sent|given|made|kept|known|held))\b`)
	}
	return regexp.MustCompile(`(?i)\b(dient|dienen|middels|betreffende|betreft|derhalve|inzake|alsmede|teneinde|indien|tevens|` +
		`omtrent|conform|jegens|hierbij|reeds|echter|ingevolge|krachtens|aangaande|betrokkene|verwerkingsverantwoordelijke|` +
		`je|jij|jou|jouw|jullie|wordt|worden|werd|werden)\b`)
}

func TestWordsAreEverydayWords(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		for language, list := range blocks(t, one.page) {
			for _, block := range list {
				if word := heavy(language).FindString(block); word != "" {
					t.Errorf("%s: %q stands in: %s", one.name, word, block)
				}
			}
		}
	}
}

func TestPagesOfBothLanguagesSayTheSame(t *testing.T) {
	list := everyPage(t, testProfile())
	pairs := 0
	for _, one := range list {
		name, dutch := strings.CutSuffix(one.name, " nl")
		if !dutch {
			continue
		}
		pairs++
		dutchTags, englishTags := tagsOf(t, list, one.name), tagsOf(t, list, name+" en")
		if strings.Join(dutchTags, "\n") != strings.Join(englishTags, "\n") {
			t.Errorf("%s: the Dutch page has the elements %v and the English one %v", name, dutchTags, englishTags)
		}
	}
	if pairs < 20 {
		t.Errorf("%d pages are there in both languages", pairs)
	}
}

func TestPagesWithoutALanguageOfTheirOwnSpeakBoth(t *testing.T) {
	alone := 0
	for _, one := range everyPage(t, testProfile()) {
		if strings.HasSuffix(one.name, " nl") || strings.HasSuffix(one.name, " en") {
			continue
		}
		alone++
		if found := blocks(t, one.page); len(found[dsr.Dutch]) < 2 || len(found[dsr.English]) < 2 {
			t.Errorf("%s says %d things in Dutch and %d in English", one.name, len(found[dsr.Dutch]), len(found[dsr.English]))
		}
	}
	if alone < 8 {
		t.Errorf("%d pages speak both languages", alone)
	}
}

// TestEveryPageNamesNobodyButTheAnswer looks for every canary on every page. The
// number stands on the page of the case and on the answer.
func TestEveryPageNamesNobodyButTheAnswer(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		if strings.HasPrefix(one.name, "collected ") {
			continue
		}
		namesNobody(t, one.name, one.page)
		if !strings.HasPrefix(one.name, "status ") {
			holds(t, one.page, false, number)
		}
	}
}

// TestMistakesStandOnTopAndInTheTitle is what a screen reader hears first.
func TestMistakesStandOnTopAndInTheTitle(t *testing.T) {
	for _, one := range everyPage(t, testProfile()) {
		faulty := strings.Contains(one.page, `class="faults" role="alert"`)
		if faulty != (one.status == 422) {
			t.Errorf("%s with status %d has a summary: %t", one.name, one.status, faulty)
		}
		titled := strings.Contains(one.page, "<title>Fout: ") || strings.Contains(one.page, "<title>Error: ")
		if titled != faulty {
			t.Errorf("%s has a summary: %t, and a title that says so: %t", one.name, faulty, titled)
		}
		if faulty && !regexp.MustCompile(`(?s)</h1>\s*<div class="faults" role="alert" aria-labelledby="fout" tabindex="-1" autofocus>`).MatchString(one.page) {
			t.Errorf("%s does not have its mistakes on top", one.name)
		}
		for _, link := range regexp.MustCompile(`<li><a href="#(\w+)">`).FindAllStringSubmatch(one.page, -1) {
			holds(t, one.page, true, `<input id="`+link[1]+`"`)
		}
	}
}
