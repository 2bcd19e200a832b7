package letter

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// oneLine is the text part without its line ends.
func oneLine(letter composed) string { return strings.Join(strings.Fields(letter.text), " ") }

// holds checks that a text has a phrase, or that it has not.
func holds(t *testing.T, text, phrase string, want bool) {
	t.Helper()
	if strings.Contains(text, phrase) != want {
		t.Errorf("holds %q: want %t in\n%s", phrase, want, text)
	}
}

// TestAcknowledgementSaysAllItMust follows the list of what a receipt tells;
// EDPB Guidelines 01/2022, par. 57.
func TestAcknowledgementSaysAllItMust(t *testing.T) {
	nl := []string{
		"nummer AVG-2026-0012", "kwam bij ons binnen op donderdag 5 maart 2026",
		"Inzage: u wilt weten welke gegevens wij van u hebben.",
		"Klopt dit niet? Antwoord dan op deze mail.",
		"uiterlijk op donderdag 2 april 2026. Dat is 28 dagen na 5 maart 2026.",
		"De wet geeft ons tijd tot en met dinsdag 7 april 2026. Dat is een maand na 5 maart 2026, verschoven",
		"Wat gebeurt er nu?", "Stuur nu nog geen kopie van uw identiteitsbewijs.", "Liever geen kopie? Dat kan.",
		"klantenservice@voorbeeld.example", "https://voorbeeld.example/privacy/2018",
		"Voorbeeld Hosting B.V., Dorpsstraat 1, 9999 AA Voorbeelddorp, KvK 12345678",
	}
	en := []string{
		"number is AVG-2026-0012", "reached us on Thursday 5 March 2026",
		"Access: you want to know which data we have about you.",
		"Is this not right? Then reply to this mail.",
		"by Thursday 2 April 2026 at the latest. That is 28 days after 5 March 2026.",
		"The law gives us until Tuesday 7 April 2026. That is one month after 5 March 2026, moved",
		"What happens next?", "do not send a copy of your identity document yet.", "rather not send a copy? That is fine.",
		"klantenservice@voorbeeld.example", "https://voorbeeld.example/privacy/2018",
		"Voorbeeld Hosting B.V., Dorpsstraat 1, 9999 AA Voorbeelddorp, Chamber of Commerce (KvK) 12345678",
	}
	for language, phrases := range map[dsr.Language][]string{dsr.Dutch: nl, dsr.English: en} {
		text := oneLine(compose(t, exampleComposer(), example(dsr.Acknowledgement, language)))
		for _, phrase := range phrases {
			holds(t, text, phrase, true)
		}
		// art. 13(2)(d) GDPR: the complaint, last and without a threat.
		if !strings.HasSuffix(text, "Autoriteit Persoonsgegevens: https://autoriteit.example/klacht") {
			t.Errorf("%s: the letter does not end with the authority", language)
		}
	}
}

func TestAcknowledgementNamesEachRightOnceInTheOrderOfTheLaw(t *testing.T) {
	content := example(dsr.Acknowledgement, dsr.English)
	content.Rights = []dsr.Right{dsr.Erasure, dsr.Access, dsr.Erasure}
	text := oneLine(compose(t, exampleComposer(), content))
	holds(t, text, "• Access: you want to know which data we have about you. "+
		"• Erasure: you want us to delete data about you. Is this not right?", true)
	holds(t, text, "• Access and erasure: we send a link", true)
}

func TestLetterSaysWhatThePolicyOfEachRightAsks(t *testing.T) {
	type means = []organisation.Means
	for _, rule := range []struct {
		name   string
		policy organisation.CopyPolicy
		means  means
		says   []string
		silent []string
	}{
		{
			"nothing", organisation.CopyOnRequest,
			means{organisation.MeansNone},
			[]string{"Inzage: u hoeft niets te bewijzen.", "Stuur ons geen kopie"},
			[]string{"Wij controleren ook", "nu nog geen kopie", "een link naar"},
		},
		{
			"mailbox", organisation.CopyOnRequest,
			means{organisation.MeansMailbox},
			[]string{"Wij controleren ook", "Inzage: wij sturen een link naar het mailadres dat wij al van u kennen.", "niet nodig"},
			[]string{"nu nog geen kopie", "afgeschermde", "bewijzen"},
		},
		{
			"facts and login", organisation.CopyOnDoubt,
			means{organisation.MeansFacts, organisation.MeansLogin},
			[]string{"Inzage: wij vragen u twee gegevens", "Inzage: u bevestigt uw verzoek in uw klantenpaneel."},
			[]string{"afgeschermde", "een link naar"},
		},
		{
			"copy", organisation.CopyOnRequest,
			means{organisation.MeansIDCopy},
			[]string{"Inzage: wij vragen u later om een afgeschermde kopie", "nu nog geen kopie", "Liever geen kopie? Dat kan."},
			[]string{"bij twijfel", "niet nodig"},
		},
		{
			"copy on doubt", organisation.CopyOnDoubt,
			means{organisation.MeansIDCopy},
			[]string{"Inzage: alleen bij twijfel vragen wij later", "nu nog geen kopie", "Liever geen kopie? Dat kan."},
			[]string{"wij vragen u later", "niet nodig"},
		},
	} {
		t.Run(rule.name, func(t *testing.T) {
			composer := exampleComposer()
			composer.Profile.Identity.IDCopy = rule.policy
			composer.Profile.Identity.Rights["access"] = rule.means
			text := oneLine(compose(t, composer, example(dsr.Acknowledgement, dsr.Dutch)))
			for _, phrase := range rule.says {
				holds(t, text, phrase, true)
			}
			for _, phrase := range rule.silent {
				holds(t, text, phrase, false)
			}
		})
	}
}

func TestStaffNoticeSaysHowFarTheSenderIsBelieved(t *testing.T) {
	for level, phrase := range map[dsr.TrustLevel]string{
		dsr.TrustA: "aantoonbaar verstuurd namens het domein",
		dsr.TrustB: "komt waarschijnlijk van het adres",
		dsr.TrustC: "Er is nog geen ontvangstbevestiging gestuurd: het is niet zeker dat dit adres echt schreef.",
	} {
		for _, other := range []dsr.TrustLevel{dsr.TrustA, dsr.TrustB, dsr.TrustC} {
			content := example(dsr.NewCaseNotice, dsr.Dutch)
			content.Trust = other
			holds(t, oneLine(compose(t, exampleComposer(), content)), phrase, other == level)
		}
	}
}

func TestStaffNoticeHoldsTheThreeDatesApart(t *testing.T) {
	content := example(dsr.NewCaseNotice, dsr.Dutch)
	content.Dates = dsr.Dates{ReceiptDay: "2027-03-27", PromiseDue: "2027-04-24", PlanBy: "2027-04-23", LawDue: "2027-04-28"}
	text := oneLine(compose(t, exampleComposer(), content))
	holds(t, text, "Binnengekomen: zaterdag 27 maart 2027 "+
		"• Plan het antwoord uiterlijk op: vrijdag 23 april 2027 "+
		"• Wij beloofden antwoord uiterlijk op: zaterdag 24 april 2027 "+
		"• De wet geeft tijd tot en met: woensdag 28 april 2027", true)
}

func TestNoticeOfALetterSaysThatTheDatesRunOn(t *testing.T) {
	text := oneLine(compose(t, exampleComposer(), example(dsr.LetterNotice, dsr.Dutch)))
	for _, phrase := range []string{
		"De termijnen lopen door", "Wij beloofden antwoord uiterlijk op: donderdag 2 april 2026",
		"De wet geeft tijd tot en met: dinsdag 7 april 2026", "Bereik de persoon daarna op een andere manier.",
		"https://avg.voorbeeld.example/bureau/zaak?t=", "werkt 3 dagen",
	} {
		holds(t, text, phrase, true)
	}
}

func TestNoticeOfRightsGivesTheWholeListAndTheSameDates(t *testing.T) {
	content := example(dsr.RightsNotice, dsr.English)
	content.Rights = []dsr.Right{dsr.Erasure, dsr.Access}
	text := oneLine(compose(t, exampleComposer(), content))
	for _, phrase := range []string{
		"In case AVG-2026-0012 the same sender wrote again.", "Asked, all together: access and erasure",
		"We promised an answer by: Thursday 2 April 2026", "The law gives us until: Tuesday 7 April 2026",
		"The two dates for the answer did not change.", "read the new message",
	} {
		holds(t, text, phrase, true)
	}
}

func TestEachReasonHasItsOwnSentence(t *testing.T) {
	why := regexp.MustCompile(`(?s)\n(?:Waarom|Why)\?\n(.*?)\n\n`)
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		var sentences []string
		for _, word := range append(reasons(), "") {
			content := example(dsr.MailNotice, language)
			content.Letter.Reason = word
			found := why.FindStringSubmatch(compose(t, exampleComposer(), content).text)
			if found == nil || slices.Contains(sentences, found[1]) {
				t.Fatalf("%s: reason %q has no sentence of its own: %q", language, word, found)
			}
			sentences = append(sentences, found[1])
		}
		content := example(dsr.MailNotice, language)
		content.Letter.Reason = "{link} <b>new</b>"
		found := why.FindStringSubmatch(compose(t, exampleComposer(), content).text)
		if found == nil || found[1] != sentences[len(sentences)-1] {
			t.Errorf("%s: an unknown reason gives %q, want the general sentence", language, found)
		}
	}
}

func TestMailNoticeSaysWhereToLookAndThatTheClockMayRun(t *testing.T) {
	composer := exampleComposer()
	composer.Profile.Intake.Addresses = []string{"info@voorbeeld.example", "service@voorbeeld.example"}
	text := oneLine(compose(t, composer, example(dsr.MailNotice, dsr.Dutch)))
	holds(t, text, "Zoek de mail in de mailbox info@voorbeeld.example of service@voorbeeld.example.", true)
	holds(t, text, "Dan loopt de wettelijke termijn misschien al.", true)
	holds(t, text, "Op donderdag 5 maart 2026 om 09:00 kwam een mail binnen.", true)
	holds(t, text, "werkt 14 dagen", true)

	composer.Profile.Intake.Mode, composer.Profile.Intake.HumanMailbox = organisation.ModeMX, "mensen@voorbeeld.example"
	text = oneLine(compose(t, composer, example(dsr.MailNotice, dsr.Dutch)))
	holds(t, text, "Zoek de mail", false)
	holds(t, text, "in geen andere mailbox. Open hem met de knop of de link hieronder.", true)
	missing := example(dsr.MailNotice, dsr.Dutch)
	missing.Letter.Reason = "missing" // behind the link it is not either
	text = oneLine(compose(t, composer, missing))
	holds(t, text, "in geen andere mailbox. Vraag uw beheerder om mee te zoeken.", true)
	holds(t, text, "Open hem met de knop", false)
}

// TestReasonOfADateIsLeftOutWhenTheCalendarChanged keeps a letter from giving
// a reason for another day than the one it names.
func TestReasonOfADateIsLeftOutWhenTheCalendarChanged(t *testing.T) {
	composer := exampleComposer()
	composer.Profile.Calendar.DecreeDays = []organisation.NamedDay{{Date: "2026-04-07", NL: "Extra feestdag", EN: "Extra holiday"}}
	text := oneLine(compose(t, composer, example(dsr.Acknowledgement, dsr.Dutch)))
	holds(t, text, "tot en met dinsdag 7 april 2026. Wat gebeurt er nu?", true)
	holds(t, text, "Dat is 28 dagen na 5 maart 2026.", true)
}

func TestStatementIsTheOneInForceOnTheDayOfReceipt(t *testing.T) {
	for day, want := range map[dsr.Day]string{
		"2026-12-31": "privacyverklaring, geldig vanaf 25 mei 2018: https://voorbeeld.example/privacy/2018",
		"2027-01-01": "privacyverklaring, geldig vanaf 1 januari 2027: https://voorbeeld.example/privacy/2027",
		"2018-05-24": "onze privacyverklaring: https://voorbeeld.example/privacy ",
	} {
		content := example(dsr.Acknowledgement, dsr.Dutch)
		content.Dates.ReceiptDay = day
		holds(t, oneLine(compose(t, exampleComposer(), content)), want, true)
	}
}
