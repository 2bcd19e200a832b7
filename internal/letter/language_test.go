package letter

import (
	"regexp"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// Plain language (B1): what the sources of letters keep to.
const (
	averageWords = 12.0
	mostWords    = 22
)

// heavyWords lists words of officials that a person should not have to read,
// and the forms of address and of the passive that we do not use.
func heavyWords(language dsr.Language) []string {
	if language == dsr.English {
		return strings.Split("pursuant|herein|hereby|hereto|thereof|therein|aforementioned|notwithstanding|"+
			"whereas|heretofore|inasmuch|utilise|utilize|commence|terminate|ascertain|prior to|in respect of|"+
			"with regard to|shall|endeavour|furnish|forthwith|deem|deemed|data subject|controller", "|")
	}
	return strings.Split("dient|dienen|middels|betreffende|betreft|derhalve|inzake|alsmede|hieromtrent|"+
		"voornoemde|bovengenoemde|teneinde|indien|tevens|omtrent|conform|jegens|geschieden|geschiedt|"+
		"te allen tijde|hierbij|hiertoe|reeds|echter|desbetreffende|ingevolge|krachtens|aangaande|"+
		"betrokkene|verwerkingsverantwoordelijke|je|jij|jou|jouw|jullie|wordt|worden|werd|werden", "|")
}

// passive finds the passive in English; in Dutch its verbs are heavy words.
func passive(language dsr.Language) *regexp.Regexp {
	if language == dsr.English {
		return regexp.MustCompile(`(?i)\b(is|are|was|were|be|been|being) (\w+ed|sent|given|made|kept|known|held)\b`)
	}
	return regexp.MustCompile(`(?i)\b(wordt|worden|werd|werden)\b`)
}

// linesOf gives every line of a source in words, whatever section it is in,
// with typical values in place.
func linesOf(t *testing.T, kind dsr.LetterKind, language dsr.Language) []string {
	t.Helper()
	content := example(dsr.Acknowledgement, language)
	content.Rights = dsr.Rights()
	f, err := exampleComposer().facts(content, language)
	if err != nil {
		t.Fatal(err)
	}
	for _, means := range []string{"none", "mailbox", "facts", "login", "copy", "copy-on-doubt"} {
		f.values["rights."+means] = f.values["rights"]
	}
	for _, name := range []string{"not-before", "received", "destroyed-at"} {
		f.values[name] = f.values["receipt-day"] + " " + f.words["At"] + " 09:00"
	}
	// The grounds are tested apart; a reason is in the words of staff.
	f.values["this.name"], f.values["this.ground"], f.values["this.reason"] = f.words["erasure"], "", ""
	f.values["code"], f.values["link-days"], f.values["code-minutes"] = "042917", "14", "15"
	src := read(t, string(kind), language)
	f.values["button"], f.values["link"] = src.headers["Button"], ""
	var lines []string
	for line := range strings.Lines(src.headers["Subject"] + ".\n" + src.headers["Subject-late"] + ".\n" + src.headers["Button"] + ".\n" + src.body) {
		if strings.HasPrefix(line, "{if ") || strings.HasPrefix(line, "{e") || strings.HasPrefix(line, "{code") {
			continue
		}
		filled, err := fill(line, f.values, asIs)
		if err != nil {
			t.Fatal(err)
		}
		words := regexp.MustCompile(`\]\(.*\)`).ReplaceAllString(filled, "]")
		if plain := strings.TrimSpace(strings.NewReplacer("*", "", "#", "", "[", "", "]", "", "\\", "").Replace(words)); plain != "" {
			lines = append(lines, plain)
		}
	}
	return lines
}

// sentencesOf splits a line into sentences. What stands before a colon is the
// label of what follows, as in a list, and is counted apart.
func sentencesOf(line string) []string {
	return regexp.MustCompile(`[.?!:](\s+|$)`).Split(line, -1)
}

func TestSentencesAreShort(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		for _, kind := range written() {
			checkSentences(t, string(kind)+"."+string(language), linesOf(t, kind, language))
		}
		checkSentences(t, "grounds."+string(language), groundsOf(t, language))
	}
}

// checkSentences counts the words of the sentences of a text.
func checkSentences(t *testing.T, name string, lines []string) {
	t.Helper()
	words, sentences := 0, 0
	for _, line := range lines {
		for _, sentence := range sentencesOf(line) {
			n := len(strings.Fields(sentence))
			if n > mostWords {
				t.Errorf("%s: sentence of %d words: %s", name, n, sentence)
			}
			if n > 3 { // a greeting or a label is no sentence
				words, sentences = words+n, sentences+1
			}
		}
	}
	average := float64(words) / float64(sentences)
	if sentences < 12 || average > averageWords {
		t.Errorf("%s: %d sentences of %.1f words", name, sentences, average)
	}
}

// article finds the article of law behind the words of a ground. It is a label
// for who wants to look it up, and no part of the sentence.
var article = regexp.MustCompile(` \((?:artikel|article) [^)]*(?:\([^)]*\)[^)]*)*\)\.$`)

// groundsOf gives the words of each ground of refusal, without their articles.
func groundsOf(t *testing.T, language dsr.Language) []string {
	t.Helper()
	var grounds []string
	for _, right := range dsr.Rights() {
		for _, ground := range right.Grounds() {
			words := ground.Words(right, language)
			plain := article.ReplaceAllString(words, ".")
			if plain == words {
				t.Errorf("%s for %s ends in no article: %s", ground, right, words)
			}
			grounds = append(grounds, plain)
		}
	}
	return grounds
}

func TestWordsAreEverydayWords(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		lines := groundsOf(t, language)
		for _, kind := range written() {
			lines = append(lines, linesOf(t, kind, language)...)
		}
		for _, line := range lines {
			checkWords(t, line, language)
		}
	}
}

// checkWords looks for heavy words and the passive in one line.
func checkWords(t *testing.T, line string, language dsr.Language) {
	t.Helper()
	spaced := " " + regexp.MustCompile(`[^\pL]+`).ReplaceAllString(strings.ToLower(line), " ") + " "
	for _, heavy := range heavyWords(language) {
		if strings.Contains(spaced, " "+heavy+" ") {
			t.Errorf("%q stands in: %s", heavy, line)
		}
	}
	if found := passive(language).FindString(line); found != "" {
		t.Errorf("the passive %q stands in: %s", found, line)
	}
}

func TestDutchLettersSayU(t *testing.T) {
	for _, kind := range written() {
		said := 0
		for _, line := range linesOf(t, kind, dsr.Dutch) {
			said += len(regexp.MustCompile(`\b[Uu]w?\b`).FindAllString(line, -1))
		}
		if said < 3 {
			t.Errorf("%s says u or uw %d times", kind, said)
		}
	}
}
