package letter

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// TestRequestForACopySaysAllItMust follows what the regulators want of such a
// request: why, what to black out, another way, the end of the copy, the date and
// the right to refuse. EDPB Guidelines 01/2022, par. 65 and 73 to 79.
func TestRequestForACopySaysAllItMust(t *testing.T) {
	for language, phrases := range map[dsr.Language][]string{
		dsr.Dutch: {
			"Bij dit soort verzoeken vragen wij altijd meer bewijs.", "Inzage: hiervoor vragen wij een kopie, of bewijs op een andere manier.",
			"Een link in een mail is hiervoor niet genoeg.", "Liever geen kopie? Dat kan", "Noem twee gegevens", "klantenpaneel", "Bel ons",
			"onze pagina kan niets zwart maken.", "de app KopieID van de overheid, of een pen op een kopie van papier", "Stuur de kopie niet mee met een mail.",
			"https://avg.voorbeeld.example/mijn/kopie?t=", "Het bestand dat u stuurt, wissen wij direct daarna.",
			"zodra wij weten of u het bent. Uiterlijk 14 dagen na ontvangst wissen wij die in elk geval.",
			"Nee. U krijgt ons antwoord uiterlijk op donderdag 2 april 2026. Die datum verandert niet", "tot en met dinsdag 7 april 2026",
			"Ja, u mag een kopie weigeren.", "Dan sturen wij geen gegevens over u en wij wissen niets. U krijgt dan een brief met de reden.",
			"een klacht indienen bij de Autoriteit Persoonsgegevens: https://autoriteit.example/klacht",
		},
		dsr.English: {
			"With this kind of request we always ask for more proof.", "Access: for this we ask for a copy, or for proof in another way.",
			"A link in a mail is not enough for this.", "rather not send a copy? That is fine", "Name two facts", "customer panel", "Call us",
			"our page cannot black out anything.", "the government's KopieID app, or a pen on a paper copy", "Do not send the copy along with a mail.",
			"https://avg.voorbeeld.example/mijn/kopie?t=", "Right after that we delete the file you send.",
			"as soon as we know whether it is you. At most 14 days after receipt we delete it in any case.",
			"No. You get our answer by Thursday 2 April 2026 at the latest. That date does not change", "until Tuesday 7 April 2026",
			"Yes, you may refuse to send a copy.", "Then we send no data about you and we delete nothing. You then get a letter with the reason.",
			"lodge a complaint with the Autoriteit Persoonsgegevens: https://autoriteit.example/klacht",
		},
	} {
		text := oneLine(compose(t, exampleComposer(), example(dsr.CopyLetter, language)))
		for _, phrase := range phrases {
			holds(t, text, phrase, true)
		}
	}
}

// TestBothQuestionsForACopyHideTheSame: who sends a copy once more must not send
// more than the first time.
func TestBothQuestionsForACopyHideTheSame(t *testing.T) {
	for language, hidden := range map[dsr.Language]string{
		dsr.Dutch: "• uw pasfoto, ook de kleine • uw burgerservicenummer (BSN), op elke plek waar het staat • het documentnummer " +
			"• de lange regels met letters, cijfers en pijltjes: daarin staat uw BSN vaak nog een keer • uw handtekening " +
			"Schrijf over de kopie heen: “Kopie voor Voorbeeld, alleen voor mijn privacyverzoek”. Zet de datum erbij. Laat uw naam leesbaar.",
		dsr.English: "• your photo, the small one too • your citizen service number (in Dutch: BSN), everywhere it stands • the document number " +
			"• the long lines of letters, digits and arrows: they often hold your BSN once more • your signature " +
			"Write across the copy: “Copy for Voorbeeld, only for my privacy request”. Add the date. Leave your name readable.",
	} {
		for _, kind := range []dsr.LetterKind{dsr.CopyLetter, dsr.CopyAgainLetter} {
			text := oneLine(compose(t, exampleComposer(), example(kind, language)))
			holds(t, text, hidden, true)
		}
	}
}

func TestRequestForACopySaysWhetherTheRulesOrADoubtAskIt(t *testing.T) {
	phrases := []string{"vragen wij altijd meer bewijs.", "Wij twijfelen nog of het verzoek echt van u komt."}
	for _, rule := range []struct {
		policy organisation.CopyPolicy
		reason string
		want   int
	}{
		{organisation.CopyOnRequest, "", 0},
		{organisation.CopyOnRequest, "new word", 0},
		{organisation.CopyOnRequest, doubted, 1},
		{organisation.CopyOnDoubt, "", 1},
		{organisation.CopyOnDoubt, doubted, 1},
	} {
		composer, content := exampleComposer(), example(dsr.CopyLetter, dsr.Dutch)
		composer.Profile.Identity.IDCopy, content.Letter.Reason = rule.policy, rule.reason
		text := oneLine(compose(t, composer, content))
		for i, phrase := range phrases {
			holds(t, text, phrase, i == rule.want)
		}
	}
}

// TestRequestForACopyNamesOnlyRightsThatAskOne: of a request with several rights,
// the lighter ones need no copy.
func TestRequestForACopyNamesOnlyRightsThatAskOne(t *testing.T) {
	content := example(dsr.CopyLetter, dsr.Dutch)
	content.Rights = []dsr.Right{dsr.Access, dsr.Erasure}
	text := oneLine(compose(t, exampleComposer(), content))
	holds(t, text, "• Inzage: hiervoor vragen wij een kopie", true)
	holds(t, text, "erwijdering", false)
}

// whyNot gives the paragraph that says why a copy was refused.
func whyNot(t *testing.T, language dsr.Language, word string) string {
	t.Helper()
	content := example(dsr.CopyAgainLetter, language)
	content.Letter.Reason = word
	text := compose(t, exampleComposer(), content).text
	found := regexp.MustCompile(`(?s)\n(?:Waarom niet|Why not)\?\n(.*?)\n\n(?:Van dat bestand hebben wij niets bewaard|We kept nothing of that file)\.`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("%s, %s: the letter gives no reason, or keeps something:\n%s", language, word, text)
	}
	return found[1]
}

// TestEveryRefusalOfACopyHasItsOwnSentence reads the list of those who refuse.
func TestEveryRefusalOfACopyHasItsOwnSentence(t *testing.T) {
	list, err := os.ReadFile("../idcopy/refusal.go")
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"lost", "a new word"}
	for _, found := range regexp.MustCompile(`Refusal = "([^"]+)"`).FindAllStringSubmatch(string(list), -1) {
		words = append(words, found[1])
	}
	if len(words) != len(copyRefusals())+1 {
		t.Fatalf("%d words for %d sentences", len(words)-1, len(copyRefusals()))
	}
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		var sentences []string
		for _, word := range words {
			why := whyNot(t, language, word)
			if slices.Contains(sentences, why) || strings.TrimSpace(why) == "" {
				t.Errorf("%s: %s has no sentence of its own: %q", language, word, why)
			}
			sentences = append(sentences, why)
		}
		if got := whyNot(t, language, "{link} <b>"); got != sentences[1] {
			t.Errorf("%s: an unknown refusal gives %q, want the general sentence", language, got)
		}
	}
}

// TestLimitOfACopyIsTheOneThatIsKept holds the words against the limit itself.
func TestLimitOfACopyIsTheOneThatIsKept(t *testing.T) {
	code, err := os.ReadFile("../idcopy/idcopy.go")
	if err != nil {
		t.Fatal(err)
	}
	megabytes := regexp.MustCompile(`MaxBytes = (\d+) << 20`).FindStringSubmatch(string(code))
	if megabytes == nil {
		t.Fatal("the limit of a copy has another form")
	}
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		holds(t, whyNot(t, language, "too-large"), megabytes[1]+" MB", true)
	}
}

func TestSecondQuestionForACopyOffersALighterWayToo(t *testing.T) {
	text := oneLine(compose(t, exampleComposer(), example(dsr.CopyAgainLetter, dsr.Dutch)))
	for _, phrase := range []string{
		"U stuurde een foto als HEIC.", "Liever geen kopie? Dat kan Noem twee gegevens", "U mag een kopie altijd weigeren.",
		"uw burgerservicenummer (BSN)", "Nee. U krijgt ons antwoord uiterlijk op donderdag 2 april 2026.", "/mijn/kopie?t=",
	} {
		holds(t, text, phrase, true)
	}
}

// TestCheckedLetterGivesTheMomentInTheNetherlands has one instant in winter and
// one in summer, and two on the other side of midnight.
func TestCheckedLetterGivesTheMomentInTheNetherlands(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-03-06T09:00:00Z": "vrijdag 6 maart 2026 om 10:00", "2026-07-01T09:00:00Z": "woensdag 1 juli 2026 om 11:00",
		"2026-03-06T23:30:00Z": "zaterdag 7 maart 2026 om 00:30", "2026-12-31T23:00:00Z": "vrijdag 1 januari 2027 om 00:00",
	} {
		content := example(dsr.CheckedLetter, dsr.Dutch)
		var err error
		if content.DestroyedAt, err = time.Parse(time.RFC3339, instant); err != nil {
			t.Fatal(err)
		}
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, "Wij hebben uw kopie gewist op "+want+".", true)
		holds(t, text, "U krijgt ons antwoord uiterlijk op donderdag 2 april 2026.", true)
	}
}

func TestIncompleteLetterAboutACopyCannotBeComposed(t *testing.T) {
	all := slices.Concat(lacksOfAll(), lacksOfCase(), lacksOfPerson())
	checkLacks(t, dsr.CopyLetter, slices.Concat(all, lacksOfComplaint(), []lack{
		{"right for which a copy is asked", func(l *Composer, _ *dsr.LetterContent) {
			l.Profile.Identity.Rights["access"] = []organisation.Means{organisation.MeansMailbox}
		}},
		{"right for which a copy is asked", func(_ *Composer, c *dsr.LetterContent) { c.Rights = []dsr.Right{dsr.Erasure} }},
	}))
	checkLacks(t, dsr.CopyAgainLetter, slices.Concat(all, lacksOfComplaint()))
	checkLacks(t, dsr.CheckedLetter, append(all,
		lack{"instant at which the copy was destroyed", func(_ *Composer, c *dsr.LetterContent) { c.DestroyedAt = time.Time{} }}))
}

// TestAnswerWithFilesSaysHowLongTheyAreThere: the link dies before the files do.
func TestAnswerWithFilesSaysHowLongTheyAreThere(t *testing.T) {
	const zip, ends = "Op dezelfde pagina staat een zip.", "De link naar de pagina werkt 14 dagen. " +
		"Wij bewaren de zip 21 dagen nadat wij die maakten. Daarna wissen wij de zip. " +
		"Werkt de link niet meer en wilt u de zip nog? Vraag ons dan om een nieuwe link."
	composer := exampleComposer()
	composer.Profile.Retention.PackageDays = 21
	for _, kind := range []dsr.LetterKind{dsr.AnswerLetter, dsr.RefusalLetter} {
		content := example(kind, dsr.Dutch)
		holds(t, oneLine(compose(t, composer, content)), " zip", false)
		packed(&content)
		text := oneLine(compose(t, composer, content))
		holds(t, text, zip, true)
		holds(t, text, "nadat u de code typte. "+ends, true)
	}
	// Behind the link to the page of the case there is no answer, so no file.
	content := example(dsr.RefusalLetter, dsr.Dutch)
	content.Collects, content.Letter.Purpose, content.Packed = false, dsr.FollowCase, true
	holds(t, oneLine(compose(t, composer, content)), " zip", false)
}
