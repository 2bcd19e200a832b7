package archive_test

import (
	"regexp"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// readMe gives the page of an archive with these files.
func readMe(t *testing.T, language dsr.Language, names ...string) string {
	t.Helper()
	files := drawer{}
	a := answer()
	a.Language = language
	for _, name := range names {
		a.Files = append(a.Files, files.put("winkel", name, strings.Repeat("x", 1234)))
	}
	_, content := pack(t, a, files)
	return content["LEESMIJ.html"]
}

func TestPageSaysWhatWasFoundAndWhereItIs(t *testing.T) {
	for language, want := range map[dsr.Language][]string{
		dsr.Dutch: {
			`<html lang="nl">`, "Uw gegevens, zaak AVG-2026-0007", "Winkel &amp; Zn", "Inzage in uw gegevens", "Dit vonden wij:",
			"De webwinkel", "Plaats: Assen", "Hier vonden wij niets:", "<li>Het archief</li>", "Dit zegt de wet:", "Facturen &lt;blijven&gt;.",
			"Zeven jaar.", "<li>weg</li>", "Er loopt een zaak.", `<a href="bestanden/winkel/001-rekening%20%2350%25.pdf">rekening #50%.pdf</a> (De webwinkel, 1,2 kB)`,
			"Over deze gegevens", "info@winkel.example", `<section lang="en">`, "gegevens.json", "manifest.json",
		},
		dsr.English: {
			`<html lang="en">`, "Your data, case AVG-2026-0007", "Access to your data", "This is what we found:", "The shop", "1.2 kB",
			"About these data", `<section lang="nl">`,
		},
	} {
		page := readMe(t, language, "rekening #50%.pdf")
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("the page in %q does not say %q:\n%s", language, words, page)
			}
		}
	}
}

// An archive outlives the link to the page that says the same.
func TestPageSaysWhatIsDoneWithTheDataItHolds(t *testing.T) {
	for language, want := range map[dsr.Language][]string{
		dsr.Dutch: {
			"<h2>Over deze gegevens</h2>\n<p>Ja, wij hebben gegevens over u.", "<h3>De webwinkel</h3>\n<ul>\n<li>Waarvoor wij ze gebruiken: Om te leveren &lt;snel&gt;.</li>\n" +
				"<li>Welke gegevens: Naam en plaats.</li>\n<li>Waarom wij dat mogen: een overeenkomst met u (art. 6 lid 1 onder b AVG)</li>\n<li>Wie ze krijgt: Bank X, Koerier Y</li>\n" +
				"<li>Hoe lang wij ze bewaren: Zeven jaar lang.</li>\n<li>Waar ze vandaan komen: Van uzelf.</li>",
			"Nee, dat doet een mens.", "Nee, ze blijven hier.", "De Autoriteit, https://autoriteit.example/klacht", "te wissen of voorlopig niet te gebruiken", "verzoekschrift",
		},
		dsr.English: {
			"<p>Yes, we hold data about you.", "To deliver &lt;fast&gt;.", "Name and town.", "a contract with you", "For seven years.", "From you.",
			"No, a human does.", "No, they stay here.", "you can complain: De Autoriteit", "petition",
		},
	} {
		page := readMe(t, language, "a.pdf")
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("the page in %q does not say %q:\n%s", language, words, page)
			}
		}
		if strings.Contains(page, "Om te onthouden.") || strings.Contains(page, "To remember.") {
			t.Error("it tells about a system that holds nothing of this person")
		}
	}
}

// aboutOf gives what an archive says beside the data, after a change of its answer.
func aboutOf(t *testing.T, change func(*dsr.Answer)) (page, data string) {
	t.Helper()
	a := answer()
	change(&a)
	_, content := pack(t, a, drawer{})
	return content["LEESMIJ.html"], content["gegevens.json"]
}

func TestOnlyWhoGetsAccessReadsWhatIsDoneWithTheData(t *testing.T) {
	const heading, key, rights = "Over deze gegevens", `"about": {`, "Wat u nog meer kunt doen"
	for name, rule := range map[string]struct {
		result dsr.Result
		right  dsr.Right
		told   bool
	}{
		"access":        {dsr.Granted, dsr.Access, true},
		"a part of it":  {dsr.Partly, dsr.Access, true},
		"none":          {dsr.Refused, dsr.Access, false},
		"another right": {dsr.Granted, dsr.Portability, false},
	} {
		page, data := aboutOf(t, func(a *dsr.Answer) {
			a.Decisions[0] = dsr.Decision{Right: rule.right, Result: rule.result, Ground: dsr.GroundOthers}
		})
		if strings.Contains(page, heading) != rule.told || strings.Contains(data, key) != rule.told || !strings.Contains(page, rights) {
			t.Errorf("%s: told is wanted %t:\n%s\n%s", name, rule.told, page, data)
		}
	}
}

// What was found for another right says nothing about access.
func TestWhoeverIsNotKnownHearsThat(t *testing.T) {
	page, _ := aboutOf(t, func(a *dsr.Answer) {
		for i := range a.Found[:2] {
			a.Found[i].Result = dsr.NothingFound
		}
	})
	if !strings.Contains(page, "Nee, wij hebben geen gegevens over u, behalve uw verzoek.") || strings.Contains(page, "Om te leveren") {
		t.Errorf("it says:\n%s", page)
	}
}

// Texts and names come from anywhere: nothing in them may run, hide or load.
func TestPageHoldsNothingThatActs(t *testing.T) {
	page := readMe(t, dsr.Dutch, `"><img src=x onerror=alert(1)>.pdf`, "javascript:alert(1)", "https://elders.example/x", "a\u202eb")
	for _, bad := range []string{"<script", "<img", "\u202e", "<iframe", `href="javascript`, `href="http`, "@import", "url("} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, link := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(link[1], "bestanden/winkel/00") {
			t.Errorf("the page leads to %q", link[1])
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'unsafe-inline'"`) {
		t.Error("the page has no policy")
	}
}

func TestPageWithoutFilesNamesNone(t *testing.T) {
	if page := readMe(t, dsr.Dutch); strings.Contains(page, "Deze bestanden") || strings.Contains(page, "<ul>\n<li></li>") {
		t.Errorf("it says:\n%s", page)
	}
}

// Plain language: B1, as in the letters.
func TestSentencesOfThePageAreShort(t *testing.T) {
	tags := regexp.MustCompile(`(?s)<style>.*</style>|<pre.*?</pre>|<[^>]*>`)
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		text := tags.ReplaceAllString(readMe(t, language, "a.pdf"), "\n")
		words, sentences := 0, 0
		for _, sentence := range regexp.MustCompile(`[.?!:](\s|$)|\n`).Split(text, -1) {
			n := len(strings.Fields(sentence))
			if n > 22 {
				t.Errorf("a sentence of %d words: %s", n, sentence)
			}
			if n > 3 {
				words, sentences = words+n, sentences+1
			}
		}
		if sentences < 10 || words > 12*sentences {
			t.Errorf("%q: %d sentences of %d words", language, sentences, words)
		}
		if heavy := regexp.MustCompile(`(?i)\b(wordt|worden|werd|werden|middels|betreffende|indien|derhalve|pursuant|hereby)\b`).FindString(text); heavy != "" {
			t.Errorf("%q stands on the page", heavy)
		}
	}
}
