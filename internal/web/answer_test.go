package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// both gives a text that is the same but for its language.
func both(text string) organisation.Text {
	return organisation.Text{NL: text + " (nl)", EN: text + " (en)"}
}

// mapped is an organisation with three systems; only the first has all that
// can be told.
func mapped() organisation.Profile {
	profile := organisation.Defaults()
	profile.Controller.Email = "info@voorbeeld.example"
	profile.Authority = organisation.Authority{
		Name: "Autoriteit", Address: []string{"Postbus 1", "2509 AJ Den Haag"}, ComplaintURL: "https://ap.example/klacht",
	}
	profile.DataMap = organisation.DataMap{
		Systems: []organisation.System{
			{
				ID: "klanten", Name: both("Klantenbestand"), Holds: both("Namen."), Purpose: both("Om te leveren."),
				Basis: organisation.BasisContract, Recipients: []string{"Bezorger BV", "Bank NV"}, Keeps: both("Twee jaar."),
				Source: both("De Kamer van Koophandel."),
			},
			{ID: "post", Name: both("Post"), Holds: both("Brieven."), Purpose: both("Om te antwoorden."), Basis: organisation.BasisConsent, Keeps: both("Een jaar.")},
			{ID: "logs", Name: both("Logboek"), Holds: both("Tijden."), Purpose: both("Om te meten."), Basis: organisation.BasisConsent, Keeps: both("Een dag.")},
		},
		AutomatedDecisions: both("Een computer beslist nooit."), Transfers: both("Gegevens blijven hier."),
	}
	return profile
}

// decided is an answer with one right, found in the first system only.
func decided(right dsr.Right, result dsr.Result, found dsr.TaskResult) dsr.Answer {
	return dsr.Answer{
		Number: "AVG-2026-0001", Outcome: dsr.Answered, Rights: []dsr.Right{right},
		Decisions: []dsr.Decision{{Right: right, Result: result}}, To: "geheim@example.com", CodeTo: "ook@example.com",
		Found: []dsr.Finding{
			{System: "klanten", Right: right, Result: found, Text: "klantnummer 4711"},
			{System: "post", Right: right, Result: dsr.NothingFound},
			{System: "logs", Right: right, Result: dsr.NothingFound},
		},
	}
}

// shown renders an answer.
func shown(t *testing.T, answer dsr.Answer, language dsr.Language) string {
	t.Helper()
	pages, err := web.Read(site(`{{template "answer" .}}`), mapped())
	if err != nil {
		t.Fatal(err)
	}
	page, err := pages.Render(http.StatusOK, "one.html", web.ExplainAnswer(mapped(), answer, language))
	if err != nil {
		t.Fatal(err)
	}
	return string(page.Page)
}

// holds fails the test unless a page has every phrase, or none of them.
func holds(t *testing.T, page string, want bool, phrases ...string) {
	t.Helper()
	for _, phrase := range phrases {
		if strings.Contains(page, phrase) != want {
			t.Errorf("holds %q: %t, want %t\n%s", phrase, !want, want, page)
		}
	}
}

// TestR27AccessAnswerHoldsAllTenAnchors looks for what art. 15(1)(a)-(h) and
// 15(2) GDPR want told, beside the copy of the data and that there are any.
func TestR27AccessAnswerHoldsAllTenAnchors(t *testing.T) {
	for language, anchors := range map[dsr.Language]map[string]string{
		dsr.Dutch: {
			"confirmation": "Ja, wij hebben gegevens over u.", "copy": `<pre dir="auto">klantnummer 4711</pre>`,
			"a purposes": "<dt>Waarvoor wij ze gebruiken</dt>\n<dd>Om te leveren. (nl)</dd>", "b categories": "<dt>Welke gegevens</dt>\n<dd>Namen. (nl)</dd>",
			"c recipients by name": "<dd>Bezorger BV, Bank NV</dd>", "d period": "<dt>Hoe lang wij ze bewaren</dt>\n<dd>Twee jaar. (nl)</dd>",
			"e rights":    "te verbeteren, te wissen of voorlopig niet te gebruiken. U mag ook bezwaar maken",
			"f complaint": `<a href="https://ap.example/klacht">Autoriteit</a>, Postbus 1, 2509 AJ Den Haag.`,
			"g source":    "<dt>Waar ze vandaan komen</dt>\n<dd>De Kamer van Koophandel. (nl)</dd>", "h automated": "<p>Een computer beslist nooit. (nl)</p>",
			"15(2) transfers": "<p>Gegevens blijven hier. (nl)</p>", "basis": "<dd>een overeenkomst met u (art. 6 lid 1 onder b AVG)</dd>",
		},
		dsr.English: {
			"confirmation": "Yes, we hold data about you.", "copy": `<pre dir="auto">klantnummer 4711</pre>`,
			"a purposes": "<dt>What we use them for</dt>\n<dd>Om te leveren. (en)</dd>", "b categories": "<dt>Which data</dt>\n<dd>Namen. (en)</dd>",
			"c recipients by name": "<dd>Bezorger BV, Bank NV</dd>", "d period": "<dt>How long we keep them</dt>\n<dd>Twee jaar. (en)</dd>",
			"e rights":    "correct your data, to erase them, or not to use them for now. You may also object",
			"f complaint": `<a href="https://ap.example/klacht">Autoriteit</a>, Postbus 1, 2509 AJ Den Haag.`,
			"g source":    "<dt>Where they come from</dt>\n<dd>De Kamer van Koophandel. (en)</dd>", "h automated": "<p>Een computer beslist nooit. (en)</p>",
			"15(2) transfers": "<p>Gegevens blijven hier. (en)</p>", "basis": "<dd>a contract with you (art. 6(1)(b) GDPR)</dd>",
		},
	} {
		page := shown(t, decided(dsr.Access, dsr.Granted, dsr.Found), language)
		for anchor, phrase := range anchors {
			if !strings.Contains(page, phrase) {
				t.Errorf("%s: %s is missing: %s", language, anchor, phrase)
			}
		}
		holds(t, page, false, "Om te antwoorden.", "Om te meten.") // those systems hold nothing of this person
		holds(t, page, true, "<li>Post ("+string(language)+")</li><li>Logboek ("+string(language)+")</li>")
	}
}

func TestInformationGoesWithAccessAlone(t *testing.T) {
	const information = `id="uitleg"`
	holds(t, shown(t, decided(dsr.Access, dsr.Partly, dsr.Found), dsr.Dutch), true, information)
	holds(t, shown(t, decided(dsr.Access, dsr.Refused, dsr.Found), dsr.Dutch), false, information, "klantnummer", "Klantenbestand")
	holds(t, shown(t, decided(dsr.Portability, dsr.Granted, dsr.Found), dsr.Dutch), false, information)
	bare := decided(dsr.Access, dsr.Granted, dsr.Found)
	bare.Found[1].Result = dsr.Found
	holds(t, shown(t, bare, dsr.Dutch), true, "Niemand anders.", "Van uzelf.")
	holds(t, shown(t, bare, dsr.English), true, "Nobody else.", "From you.")
}

// TestR42NothingFoundIsAnAnswer would fail if an answer without data had no
// words for it, or said it while one system holds something.
func TestR42NothingFoundIsAnAnswer(t *testing.T) {
	none := shown(t, decided(dsr.Access, dsr.Granted, dsr.NothingFound), dsr.Dutch)
	holds(
		t, none, true, "Wij hebben geen gegevens over u", "alleen uw verzoek zelf", "12 maanden na het einde", "nog 5 jaar",
		"Nee, wij hebben geen gegevens over u, behalve uw verzoek.", "https://ap.example/klacht", "Een computer beslist nooit.",
	)
	holds(t, shown(t, decided(dsr.Access, dsr.Granted, dsr.NothingFound), dsr.English), true, "We hold no data about you", "only your request itself", "for 12 months")
	holds(t, shown(t, decided(dsr.Access, dsr.Granted, dsr.Found), dsr.Dutch), false, `id="niets"`)
	child := decided(dsr.MinorReport, dsr.Granted, dsr.NothingFound) // says nothing of the reporter
	holds(t, shown(t, child, dsr.Dutch), false, `id="niets"`)
	refused := decided(dsr.Access, dsr.Refused, dsr.Found)
	refused.Found = nil // nobody looked
	holds(t, shown(t, refused, dsr.Dutch), false, `id="niets"`)
	for _, right := range dsr.Rights() { // in which nobody looked for whatever there is
		if right != dsr.Access {
			holds(t, shown(t, decided(right, dsr.Granted, dsr.NothingFound), dsr.Dutch), false, `id="niets"`)
		}
	}
	for _, found := range []dsr.TaskResult{dsr.Found, dsr.NothingFound} {
		both := decided(dsr.Access, dsr.Partly, found)
		other := decided(dsr.Restriction, dsr.Granted, dsr.NothingFound)
		if found == dsr.NothingFound {
			other.Found[0].Result = dsr.Flagged
		}
		both.Rights, both.Decisions = append(both.Rights, other.Rights...), append(both.Decisions, other.Decisions...)
		both.Found = append(both.Found, other.Found...)
		holds(t, shown(t, both, dsr.Dutch), found == dsr.NothingFound, `id="niets"`, "Nee, wij hebben geen gegevens over u")
		holds(t, shown(t, both, dsr.Dutch), found == dsr.Found, "Ja, wij hebben gegevens over u.")
	}
}

// TestEveryDecisionHasItsWords goes over each right, decision, ground and
// result that can be.
func TestEveryDecisionHasItsWords(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		for _, right := range dsr.Rights() {
			for _, ground := range right.Grounds() {
				for _, result := range []dsr.Result{dsr.Partly, dsr.Refused} {
					answer := decided(right, result, right.Results()[0])
					answer.Decisions[0].Ground = ground
					answer.Reasons = map[dsr.Right]string{right: "omdat het zo is"}
					view := web.ExplainAnswer(mapped(), answer, language)
					if one := view.Rights[0]; one.Ground != ground.Words(right, language) || one.Reason != "omdat het zo is" || one.Decision == "" {
						t.Errorf("%s %s on %s: %+v", right, result, ground, one)
					}
					holds(t, shown(t, answer, language), true, `<pre dir="auto">omdat het zo is</pre>`)
				}
			}
			for _, result := range right.Results() {
				view := web.ExplainAnswer(mapped(), decided(right, dsr.Granted, result), language)
				one := view.Rights[0]
				if one.Ground != "" || one.Reason != "" || one.Groups[0].Words == "" || len(one.Groups[0].Systems) == 0 {
					t.Errorf("%s granted with %s: %+v", right, result, one)
				}
				tells := result.Telling() && right != dsr.MinorReport
				holds(t, shown(t, decided(right, dsr.Granted, result), language), tells, "klantnummer 4711")
			}
		}
	}
}

func TestAnswerThatLinksToNobodyDecidesNothing(t *testing.T) {
	answer := decided(dsr.Access, dsr.Granted, dsr.Found)
	answer.Outcome = dsr.Unlinked
	if view := web.ExplainAnswer(mapped(), answer, dsr.Dutch); view.Rights != nil || view.Information != nil || view.NothingHeld {
		t.Errorf("the view says more: %+v", view)
	}
	page := shown(t, answer, dsr.Dutch)
	holds(t, page, true, "Wij konden uw verzoek niet koppelen")
	holds(t, page, false, "klantnummer", "Klantenbestand", "Inzage", "Wij doen")
}

func TestAnswerDoesNotSayWhereItGoes(t *testing.T) {
	holds(t, shown(t, decided(dsr.Access, dsr.Granted, dsr.Found), dsr.Dutch), false, "geheim@example.com", "ook@example.com")
}

func TestSystemThatLeftTheDataMapIsCalledByItsID(t *testing.T) {
	answer := decided(dsr.Access, dsr.Granted, dsr.Found)
	answer.Found[0].System = "oud"
	holds(t, shown(t, answer, dsr.Dutch), true, "<h3>oud</h3>", "klantnummer 4711")
}

// TestTextOfStaffIsInert compares the elements of a hostile answer with those of
// a harmless one.
func TestTextOfStaffIsInert(t *testing.T) {
	harmless := decided(dsr.Access, dsr.Partly, dsr.Found)
	harmless.Decisions[0].Ground = dsr.GroundOthers
	harmless.Reasons = map[dsr.Right]string{dsr.Access: "x"}
	hostile := harmless
	hostile.Found = append([]dsr.Finding(nil), harmless.Found...)
	attack := "</pre><script>alert(1)</script><img src=x onerror=alert(2)>{{.Number}}\u202etxt\x1b[2J\u2066\x00\r\nregel"
	hostile.Found[0].Text, hostile.Found[0].System = attack, "klanten"
	hostile.Found[1].System = attack
	hostile.Reasons = map[dsr.Right]string{dsr.Access: attack}
	tags := func(answer dsr.Answer) string {
		return strings.Join(regexp.MustCompile(`<[a-zA-Z/][^ >]*`).FindAllString(shown(t, answer, dsr.Dutch), -1), " ")
	}
	if got, want := tags(hostile), tags(harmless); got != want {
		t.Errorf("the elements are %s, want %s", got, want)
	}
	page := shown(t, hostile, dsr.Dutch)
	holds(t, page, false, "\u202e", "\x1b", "\u2066", "\x00", "\r", "<script")
	holds(t, html.UnescapeString(page), true, "[U+202E]txt[U+001B][2J[U+2066][U+0000]\nregel", "{{.Number}}")
}

func TestLineIsOneLineAndNotAllOfALongOne(t *testing.T) {
	if got := web.Line(" a\r\n\tb\u202ec "); got != "a b[U+202E]c" {
		t.Errorf("a line is %q", got)
	}
	if got := []rune(web.Line(strings.Repeat("é", 400))); len(got) != 300 || got[299] != '…' {
		t.Errorf("a long line has %d characters", len(got))
	}
	if got := web.Visible("a\xffb\u2028c\u200dd"); got != "a\ufffdb[U+2028]c\u200dd" {
		t.Errorf("visible text is %q", got)
	}
}

// TestAnswerIsWrittenInShortSentences measures each paragraph and list item of
// an answer with every right in it.
func TestAnswerIsWrittenInShortSentences(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		words, count := 0, 0
		for _, right := range dsr.Rights() {
			for _, ground := range append(right.Grounds(), "") {
				answer := decided(right, dsr.Partly, right.Results()[0])
				answer.Decisions[0].Ground = ground
				for _, sentence := range sentencesOf(shown(t, answer, language)) {
					if n := len(strings.Fields(sentence)); n > 22 {
						t.Errorf("a sentence of %d words: %s", n, sentence)
					}
					words, count = words+len(strings.Fields(sentence)), count+1
				}
			}
		}
		if average := float64(words) / float64(count); count < 50 || average > 12 {
			t.Errorf("%s: %d sentences of %.1f words", language, count, average)
		}
	}
}

// sentencesOf splits what a visitor reads into sentences.
func sentencesOf(page string) []string {
	var sentences []string
	tokens := html.NewTokenizer(strings.NewReader(regexp.MustCompile(`</?a[^>]*>`).ReplaceAllString(page, "")))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.TextToken {
			continue
		}
		for _, sentence := range regexp.MustCompile(`[.?!:](\s+|$)`).Split(string(tokens.Text()), -1) {
			if strings.TrimSpace(sentence) != "" {
				sentences = append(sentences, sentence)
			}
		}
	}
	return sentences
}
