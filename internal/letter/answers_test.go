package letter

import (
	"mime"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

func TestQuestionToTheContactShowsTheNumberToType(t *testing.T) {
	for language, phrases := range map[dsr.Language][]string{
		dsr.Dutch: {
			"Nummer van het verzoek: AVG-2026-0012", "Typ daar ook het nummer AVG-2026-0012 in.", "Kies dan nee.",
			"Wij sturen dan niemand uw gegevens en wij wissen niets.", "als u niets doet? Dan sturen wij geen gegevens over u en wij wissen niets.", "werkt 14 dagen",
			"Gevraagd: inzage", "Binnengekomen: donderdag 5 maart 2026",
		},
		dsr.English: {
			"Number of the request: AVG-2026-0012", "Also type the number AVG-2026-0012 there.", "Then choose no.",
			"we send your data to nobody and we delete nothing.", "if you do nothing? Then we send no data about you and we delete nothing.", "works for 14 days",
			"Asked: access", "Received: Thursday 5 March 2026",
		},
	} {
		text := oneLine(compose(t, exampleComposer(), example(dsr.ConfirmLetter, language)))
		for _, phrase := range phrases {
			holds(t, text, phrase, true)
		}
	}
}

// TestLetterToAContactNamesNoMessageOfTheRequester: a Message-ID may hold the
// requester's own domain, and the contact on file may be somebody else.
func TestLetterToAContactNamesNoMessageOfTheRequester(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		want := ""
		if content.Letter.To.Requester {
			want = "<verzoek-1@klant.example>"
		}
		checkHeader(t, letter.header, map[string]string{"In-Reply-To": want, "References": want})
	})
}

func TestAnswersComeBackToTheCase(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		reply, submitted := "<info+abcdefghijklmnopqrstuvwxyz@voorbeeld.example>", "auto-generated"
		if staff(content.Letter.Ref.Kind) {
			reply = ""
		}
		if content.Letter.Ref.Kind == dsr.Acknowledgement {
			submitted = "auto-replied"
		}
		checkHeader(t, letter.header, map[string]string{"Reply-To": reply, "Auto-Submitted": submitted})
	})
}

func TestAnswerListsWhatWasGranted(t *testing.T) {
	content := example(dsr.AnswerLetter, dsr.Dutch)
	decide(&content, dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, dsr.Decision{Right: dsr.Access, Result: dsr.Granted})
	text := oneLine(compose(t, exampleComposer(), content))
	for _, phrase := range []string{
		"Wij deden alles wat u vroeg: • Inzage • Verwijdering Op de pagina",
		"Typ daar het nummer van uw verzoek in: AVG-2026-0012", "een mail met zes cijfers", "werkt 14 dagen", "een nieuwe link",
		"gegevens te verbeteren, te wissen of voorlopig niet te gebruiken", "bezwaar maken", "binnen zes weken",
		"een klacht indienen bij de Autoriteit Persoonsgegevens: https://autoriteit.example/klacht",
	} {
		holds(t, text, phrase, true)
	}
}

func TestCodeStandsOnceAndOnlyInItsLetter(t *testing.T) {
	const code = "042917"
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, _ composed) {
		content.Code = code
		letter, want := compose(t, exampleComposer(), content), 0
		if content.Letter.Ref.Kind == dsr.CodeLetter {
			want = 1
		}
		for _, part := range []string{letter.text, letter.html} {
			if got := strings.Count(part, code); got != want {
				t.Errorf("the code stands %d times, want %d", got, want)
			}
		}
		if strings.Contains(letter.header.Get("Subject"), code) {
			t.Error("the subject holds the code")
		}
		if want == 1 && (!strings.Contains(letter.text, "\n\n"+code+"\n\n") || !strings.Contains(letter.text, "15 minut")) {
			t.Errorf("the code has no line of its own, or no end:\n%s", letter.text)
		}
	})
}

func TestNoticeOfTheWaitSaysWhatComesAndUntilWhenItCanBeStopped(t *testing.T) {
	const erasing, sending = "Daarna wissen wij gegevens over u.", "In dat antwoord kunnen gegevens over u staan."
	for _, test := range []struct {
		decision dsr.Decision
		says     string
	}{
		{dsr.Decision{Right: dsr.Erasure, Result: dsr.Granted}, erasing},
		{dsr.Decision{Right: dsr.Erasure, Result: dsr.Partly, Ground: dsr.GroundLegalDuty}, erasing},
		{dsr.Decision{Right: dsr.MinorReport, Result: dsr.Granted}, erasing},
		{dsr.Decision{Right: dsr.Access, Result: dsr.Granted}, sending},
		{dsr.Decision{Right: dsr.Objection, Result: dsr.Partly, Ground: dsr.GroundClaims}, sending},
		{dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundLegalDuty}, "Daarna sturen wij ons antwoord."},
	} {
		content := example(dsr.WaitLetter, dsr.Dutch)
		decide(&content, test.decision)
		content.NotBefore = time.Date(2026, time.March, 29, 0, 30, 0, 0, time.UTC) // half an hour before summer time
		text := oneLine(compose(t, exampleComposer(), content))
		holds(t, text, "Wij wachten tot zondag 29 maart 2026 om 01:30.", true)
		for _, phrase := range []string{erasing, sending, "Daarna sturen wij ons antwoord."} {
			holds(t, text, phrase, phrase == test.says)
		}
	}
}

func TestRefusalSaysWhatWhyAndWhereToGo(t *testing.T) {
	content := example(dsr.RefusalLetter, dsr.English)
	decide(&content,
		dsr.Decision{Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundLegalDuty},
		dsr.Decision{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers},
		dsr.Decision{Right: dsr.ObjectionMarketing, Result: dsr.Granted})
	content.Reasons = map[dsr.Right]string{dsr.Erasure: "Tax law.", dsr.Access: "Names of others."}
	text := oneLine(compose(t, exampleComposer(), content))
	for _, phrase := range []string{
		"What we do • No advertising Access: we do this in part Our explanation: Names of others. " +
			"This is the rule: An answer may not harm the rights of other people (article 15(4) GDPR). " +
			"Erasure: we do not do this Our explanation: Tax law. This is the rule: We may not delete",
		"with the Autoriteit Persoonsgegevens. Its postal address is: Postbus 93374, 2509 AJ Den Haag.",
		"page for complaints: https://autoriteit.example/klacht",
		"send a petition to the court (in Dutch: verzoekschrift aan de rechtbank).",
		"within six weeks after you got this answer. This follows from article 35",
	} {
		holds(t, text, phrase, true)
	}
}

// TestGroundsNameTheirArticle has the law's own list: each ground of refusal
// with the article in which it stands for its right.
func TestGroundsNameTheirArticle(t *testing.T) {
	articles := map[dsr.Ground]string{
		dsr.GroundUnidentified: "11(2) and article 12(2) GDPR",
		dsr.GroundExcessive:    "12(5) GDPR", dsr.GroundOthers: "15(4) GDPR", dsr.GroundUAVG41: "41 of the Dutch UAVG",
		dsr.GroundAccurate: "16 GDPR", dsr.GroundExpression: "17(3)(a) GDPR", dsr.GroundLegalDuty: "17(3)(b) GDPR",
		dsr.GroundHealth: "17(3)(c) GDPR", dsr.GroundArchive: "17(3)(d) GDPR", dsr.GroundClaims: "17(3)(e) GDPR",
		dsr.GroundStillNeeded: "17(1) GDPR", dsr.GroundNoCase: "18(1) GDPR", dsr.GroundNotPortable: "20(1) GDPR",
		dsr.GroundCompelling: "21(1) GDPR", dsr.GroundNoMinor: "3 of our privacy statement",
	}
	dutch := strings.NewReplacer(" GDPR", " AVG", " of the Dutch UAVG", " UAVG", " of our privacy statement", " van onze privacyverklaring",
		" and article ", " en artikel ", "(2)", ", lid 2,",
		"(5)", ", lid 5,", "(4)", ", lid 4,", "(3)", ", lid 3,", "(1)", ", lid 1,",
		"(a)", " onder a,", "(b)", " onder b,", "(c)", " onder c,", "(d)", " onder d,", "(e)", " onder e,")
	for _, right := range dsr.Rights() {
		for _, ground := range right.Grounds() {
			article := articles[ground]
			switch {
			case ground == dsr.GroundOthers && right == dsr.Portability:
				article = "20(4) GDPR"
			case ground == dsr.GroundClaims && right == dsr.Objection:
				article = "21(1) GDPR"
			}
			for language, want := range map[dsr.Language]string{
				dsr.English: "(article " + article + ").", dsr.Dutch: "(artikel " + dutch.Replace(article) + ").",
			} {
				if got := ground.Words(right, language); article == "" || !strings.HasSuffix(got, want) {
					t.Errorf("%s: %s for %s is %q, want it to end in %q", language, ground, right, got, want)
				}
			}
		}
	}
}

// TestLetterThatLinksToNobodyTellsNobodyWhoIsACustomer composes it for a case
// without anybody on file, and for one that went some way with somebody who did
// not confirm in the end.
func TestLetterThatLinksToNobodyTellsNobodyWhoIsACustomer(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		content := example(dsr.RefusalLetter, language)
		unlink(&content)
		nobody := compose(t, exampleComposer(), content)
		content.Decisions = example(dsr.RefusalLetter, language).Decisions
		content.Reasons = map[dsr.Right]string{dsr.Erasure: "Klant 4711 reageert niet."}
		content.Collects, content.Code, content.Trust = true, "042917", dsr.TrustC
		content.NotBefore = content.Letter.Queued
		somebody := compose(t, exampleComposer(), content)
		if string(nobody.message.Raw) != string(somebody.message.Raw) {
			t.Errorf("%s: the two letters differ:\n%s\n%s", language, nobody.text, somebody.text)
		}
	}
	text := oneLine(compose(t, exampleComposer(), func() dsr.LetterContent {
		content := example(dsr.RefusalLetter, dsr.Dutch)
		unlink(&content)
		return content
	}()))
	for _, phrase := range []string{
		"Wij vonden geen gegevens die wij aan u kunnen koppelen.", "Deze brief zegt niet welke van de twee het is.",
		"Doe dat vanaf het mailadres dat wij van u kennen. U kunt ons ook bellen.", "U mag het altijd opnieuw vragen. Dat kost niets.",
		"Postbus 93374, 2509 AJ Den Haag", "https://autoriteit.example/klacht", "binnen zes weken",
	} {
		holds(t, text, phrase, true)
	}
	holds(t, text, "https://avg.voorbeeld.example/mijn/antwoord", false)
}

func TestSubjectsHoldNoWordOfAnyPerson(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		plain, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		content.To.Name, content.Rights = "Geheim", dsr.MergeRights(content.Rights, nil)
		content.Reasons = map[dsr.Right]string{dsr.Erasure: "Geheim"}
		for _, decision := range refusals(content) {
			content.Reasons[decision.Right] = "Geheim"
		}
		again := compose(t, exampleComposer(), content)
		if subject, err := new(mime.WordDecoder).DecodeHeader(again.header.Get("Subject")); err != nil || subject != plain {
			t.Errorf("the subject is %q, %v; want %q", subject, err, plain)
		}
	})
}
