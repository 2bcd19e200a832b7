package mailroom_test

import (
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// asked are requests in the words of people, each with the right it invokes.
func asked() map[dsr.Right][]string {
	return map[dsr.Right][]string{
		dsr.Access: {
			"Hallo, wat weten jullie eigenlijk van mij?",
			"Ik wil mijn gegevens inzien.",
			"Goedemiddag, welke gegevens hebben jullie van mij? Groet, Sanne",
			"Kan ik een overzicht krijgen van alle persoonsgegevens die u van mij bewaart?",
			"Stuur mij alles wat jullie over mij hebben.",
			"ik wil graag inzage in mijn persoonsgegevens",
			"Mag ik een kopietje van mijn dossier?",
			"Hoe komen jullie aan mijn e-mailadres? Ik heb dat nooit gegeven.",
			"Met wie hebben jullie mijn gegevens gedeeld?",
			"Ik zou graag willen weten of u gegevens van mij verwerkt.",
			"Wat hebben jullie allemaal over mij opgeslagen?",
			"Graag ontvang ik een afschrift van de informatie die u over mij heeft.",
			"Hierbij verzoek ik om inzage op grond van artikel 15 AVG.",
			"What do you know about me?",
			"Please send me a copy of my personal data.",
			"What information do you have on me?",
			"I'd like to see my data please.",
			"I would like to make a subject access request.",
			"Where did you get my email address from?",
			"Can you tell me what data you hold about me?",
			"Who have you shared my details with?",
		},
		dsr.Erasure: {
			"gooi alles weg wat jullie van mij hebben",
			"Kunnen jullie mijn gegevens verwijderen?",
			"Ik wil dat al mijn persoonlijke gegevens worden gewist.",
			"Verwijder mij uit jullie systeem.",
			"Haal mijn naam en adres uit het klantenbestand en vernietig mijn gegevens a.u.b.",
			"Ik ben al jaren geen klant meer, wilt u alles wat u over mij heeft verwijderen?",
			"Ik doe een beroep op mijn recht op vergetelheid.",
			"Ik wil vergeten worden door jullie.",
			"Ik wil niet dat jullie mijn gegevens nog langer bewaren.",
			"Gelieve mijn account en alle bijbehorende gegevens te verwijderen.",
			"Graag mijn data wissen, ik stop met het abonnement.",
			"Please delete all my data.",
			"Delete everything you have about me!",
			"I want you to erase my personal information from your records.",
			"Remove me from your database, thanks",
			"I want to be forgotten.",
			"Please close my account and delete all data you have.",
		},
		dsr.ObjectionMarketing: {
			"haal me van de mailinglijst",
			"Ik wil geen nieuwsbrief meer ontvangen.",
			"Stop met het sturen van reclame!",
			"Schrijf mij uit voor de nieuwsbrief a.u.b.",
			"Kunt u mij afmelden voor jullie aanbiedingen?",
			"Hou op met me te mailen over jullie acties.",
			"Ik maak bezwaar tegen direct marketing.",
			"U mag mijn gegevens niet meer gebruiken voor reclamedoeleinden.",
			"Take me off your mailing list.",
			"Unsubscribe me from your newsletter please",
			"Stop emailing me.",
			"I don't want to receive your newsletter any more.",
			"I object to the use of my details for marketing.",
		},
		dsr.Rectification: {
			"Mijn geboortedatum klopt niet in jullie systeem.",
			"Jullie hebben mijn achternaam verkeerd geschreven.",
			"Wilt u mijn gegevens corrigeren?",
			"De gegevens die u over mij heeft kloppen niet.",
			"My name is spelled wrong in your system.",
			"Please correct my personal details.",
		},
		dsr.Restriction: {
			"Ik wil dat u de verwerking van mijn gegevens beperkt tot dit is uitgezocht.",
			"Bevries mijn gegevens totdat het conflict is opgelost.",
			"Please restrict the processing of my data.",
		},
		dsr.Portability: {
			"Graag ontvang ik mijn gegevens als csv of json bestand.",
			"Ik beroep mij op mijn recht op dataportabiliteit.",
			"Could I have my data in a structured, commonly used format?",
			"Please transfer my personal data to another provider.",
		},
		dsr.Objection: {
			"Ik maak bezwaar tegen het gebruik van mijn gegevens voor profilering.",
			"Ik wil niet dat jullie mijn gegevens verkopen.",
			"Stop met het verwerken van mijn persoonsgegevens.",
			"Stop sharing my data with your partners.",
			"I object to the processing of my personal data.",
		},
		dsr.ConsentWithdrawal: {
			"Hierbij trek ik mijn toestemming in.",
			"Ik wil mijn toestemming intrekken.",
			"I hereby withdraw my consent.",
		},
		dsr.MinorReport: {
			"Mijn dochter van 12 heeft bij jullie een account aangemaakt.",
			"Mijn zoon is minderjarig en heeft zonder mijn toestemming zijn adres ingevuld.",
			"My son is only 13 and has an account with you.",
			"You have data of a minor in your web shop.",
		},
	}
}

func TestPlainWordsOpenACase(t *testing.T) {
	sentences := 0
	for _, right := range dsr.Rights() {
		for _, text := range asked()[right] {
			sentences++
			got := readText(t, "Vraag", text)
			if got.Kind != dsr.KindRequest || !has(got.Rights, right) {
				t.Errorf("%q: %s (%s) %v, want %s; phrases %v", text, got.Kind, got.Reason, got.Rights, right, got.Phrases)
			}
		}
	}
	if sentences < 60 {
		t.Errorf("only %d sentences", sentences)
	}
}

func TestRequestInTheSubjectLineAloneOpensACase(t *testing.T) {
	got := readText(t, "Graag mijn gegevens verwijderen", "")
	if got.Kind != dsr.KindRequest || !has(got.Rights, dsr.Erasure) {
		t.Errorf("%s (%s) %v", got.Kind, got.Reason, got.Rights)
	}
}

func TestOneMailCanInvokeSeveralRights(t *testing.T) {
	got := readText(t, "AVG", "Stuur mij een kopie van mijn gegevens. Verwijder daarna alles wat jullie van mij hebben en haal me van de mailinglijst.")
	want := []dsr.Right{dsr.Access, dsr.Erasure, dsr.ObjectionMarketing}
	if len(got.Rights) != len(want) || !has(got.Rights, want[0]) || !has(got.Rights, want[1]) || !has(got.Rights, want[2]) {
		t.Errorf("%v, want %v", got.Rights, want)
	}
}

// business is the daily mail of a hosting company, with one line of subject.
func business() [][2]string {
	return [][2]string{
		{"Factuur 2026-118", "Beste klant,\n\nHierbij ontvangt u de factuur voor maart. Gelieve binnen 14 dagen te betalen.\n\nMet vriendelijke groet,\nAdministratie"},
		{"Opzegging domein", "Hallo, ik wil graag mijn domeinnaam voorbeeld.example opzeggen per einde contract. Kunt u dit bevestigen?"},
		{"Verhuizen domein", "Kunt u mij de autorisatiecode van mijn domein sturen? Ik ga naar een andere hoster."},
		{"Verwerkersovereenkomst", "Beste, wij hebben nog geen getekende verwerkersovereenkomst conform artikel 28 AVG ontvangen. Kunt u deze toesturen? Wij willen weten welke subverwerkers u gebruikt."},
		{"De AVG in 2026", "Beste ondernemer,\n\nDe AVG geeft uw klanten recht op inzage, rectificatie en verwijdering. Artikel 15 AVG regelt de inzage. Hoe gaat u om met een verzoek van een betrokkene? Volg onze webinar.\n\nU ontvangt deze nieuwsbrief omdat u klant bent. Klik hier om u uit te schrijven."},
		{"Wachtwoord vergeten", "Ik ben mijn wachtwoord vergeten en kan niet inloggen. Kunnen jullie mijn inloggegevens opnieuw sturen?"},
		{"Website plat", "Onze website is sinds vanmorgen niet bereikbaar. Willen jullie kijken wat er aan de hand is?"},
		{"Backup terugzetten", "Door een fout is al mijn data verwijderd, kunnen jullie de backup van gisteren terugzetten?"},
		{"Mailbox vol", "Mijn mailbox zit vol. Hoe kan ik oude mails verwijderen?"},
		{"Offerte", "Graag ontvangen wij een offerte voor een VPS met 8 GB geheugen en 200 GB opslag."},
		{"DNS", "Willen jullie het A-record van onze website wijzigen naar 192.0.2.7?"},
		{"SSL", "Het certificaat van de webshop is verlopen. Kunnen jullie dit vernieuwen?"},
		{"Afspraak", "Kunnen we donderdag om 10 uur even bellen over de migratie?"},
		{"Betaling", "Ik heb de factuur van vorige maand dubbel betaald. Kunt u het bedrag terugstorten?"},
		{"Nieuwe medewerker", "Wilt u voor onze nieuwe collega een mailbox aanmaken? Haar naam is op de website te vinden."},
		{"Verhuizing kantoor", "Wij zijn verhuisd. Ons nieuwe bezoekadres is Dorpsstraat 1 in Ons Dorp. Graag aanpassen op de facturen."},
		{"Storing", "Bedankt voor de snelle oplossing van de storing van gisteren!"},
		{"Spam", "Wij krijgen veel spam binnen op ons kantooradres. Kunnen jullie het filter strenger zetten?"},
		{"Nieuwsbrief versturen", "Via welke server kunnen wij onze nieuwsbrief aan klanten versturen?"},
		{"Database", "De database van onze webshop is te groot. Kunnen jullie de oude tabellen opruimen?"},
		{"FTP", "Welke gegevens heb ik nodig voor FTP, en op welke poort?"},
		{"Intake", "Welke gegevens hebben jullie van mij nodig voor de verhuizing van de website?"},
		{"Vacature", "Met veel interesse las ik uw vacature. In de bijlage vindt u mijn cv en motivatie."},
		{"Partnervoorstel", "Wij helpen bedrijven aan meer omzet met zoekmachinemarketing. Wanneer schikt een kort gesprek?"},
		{"Incasso", "Ik trek mijn toestemming voor de automatische incasso in en betaal voortaan zelf."},
		{"Contract", "Kunt u ons contract met een jaar verlengen tegen dezelfde voorwaarden?"},
		{"PHP versie", "Is het mogelijk om onze hosting naar PHP 8.4 te zetten? De plug-in vraagt daarom."},
		{"Privacyverklaring", "Onze jurist vraagt of u de privacyverklaring van de webshop kunt plaatsen in de footer."},
		{"Cookiebanner", "Kunnen jullie een cookiebanner inbouwen die aan de AVG voldoet?"},
		{"Training", "Meld je aan voor de training AVG voor het mkb. Je leert alles over rechten van betrokkenen."},
		{"Klant vraagt inzage", "Een klant van ons heeft gevraagd om inzage. Hebben jullie een voorbeeldbrief voor ons?"},
		{"Invoice 4411", "Please find attached our invoice for February. Payment is due within 30 days."},
		{"Server down", "Our server has been unreachable since 9:00. Please look into it urgently."},
		{"Data processing agreement", "Could you send us your DPA and the list of subprocessors? Our auditor asks for the GDPR file."},
		{"Domain transfer", "Please send the authorisation code for our domain, we are moving to another registrar."},
		{"Your weekly digest", "Top stories about privacy and the GDPR this week. You are receiving this email because you signed up. Unsubscribe here."},
		{"Disk space", "Can you delete the old backups on our server? We need the space."},
		{"Meeting", "Shall we meet on Tuesday to discuss the new website?"},
	}
}

func TestOrdinaryBusinessMailOpensNoCase(t *testing.T) {
	for _, mail := range business() {
		if got := readText(t, mail[0], mail[1]); got.Kind != dsr.KindOrdinary {
			t.Errorf("%s: %s (%s); phrases %v", mail[0], got.Kind, got.Reason, got.Phrases)
		}
	}
}

// TestDoubtfulWordsGoToAPerson: what may be a request is never dropped and
// never answered by a machine.
func TestDoubtfulWordsGoToAPerson(t *testing.T) {
	for _, text := range []string{
		"Kunnen jullie mijn account opheffen?",
		"Wilt u mijn adresgegevens wijzigen?",
		"AVG-verzoek, zie de bijgevoegde brief.",
		"Op 3 maart heb ik een verzoek gestuurd zoals beschreven in artikel 15 AVG en nog geen antwoord ontvangen.",
		"Waarom bewaren jullie mijn gegevens zo lang?",
		"afmelden",
		"Please close my account.",
		"I sent you a privacy request last month.",
		"Bitte um Auskunft über meine Daten.",
		"Je souhaite la suppression de mes données.",
	} {
		got := readText(t, "Vraag", text)
		if got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
			t.Errorf("%q: %s (%s) %v", text, got.Kind, got.Reason, got.Phrases)
		}
		if len(got.Rights) != 0 {
			t.Errorf("%q: rights %v on a mail that is no request", text, got.Rights)
		}
	}
}

// TestLawWordsStrengthenButNeverAsk: naming the law turns a doubtful wish into
// a request, and asks nothing by itself.
func TestLawWordsStrengthenButNeverAsk(t *testing.T) {
	wish := "Kunt u mijn adresgegevens wijzigen?"
	if got := readText(t, "Vraag", wish); got.Kind == dsr.KindRequest {
		t.Errorf("without the law: %s", got.Kind)
	}
	if got := readText(t, "Vraag", wish+" Dat is mijn recht volgens artikel 16 van de AVG."); got.Kind != dsr.KindRequest {
		t.Errorf("with the law: %s (%s)", got.Kind, got.Reason)
	}
	if got := readText(t, "Vraag", "Artikel 16 van de AVG, binnen een maand."); got.Kind != dsr.KindOrdinary {
		t.Errorf("the law alone: %s (%s)", got.Kind, got.Reason)
	}
}

// TestSignsOfBusinessNeverHideAClearRequest: they may send it to a person.
func TestSignsOfBusinessNeverHideAClearRequest(t *testing.T) {
	got := readText(t, "Vraag", "Naast de verwerkersovereenkomst: verwijder alles wat jullie van mij hebben.")
	if got.Kind != dsr.KindRequest && got.Reason != "maybe-request" {
		t.Errorf("%s (%s)", got.Kind, got.Reason)
	}
}

func TestSignsOfBusinessWeakenADoubtfulWish(t *testing.T) {
	got := readText(t, "Vraag", "Wij sturen u de verwerkersovereenkomst. Kunt u mijn adresgegevens wijzigen?")
	if got.Kind != dsr.KindOrdinary {
		t.Errorf("%s (%s) %v", got.Kind, got.Reason, got.Phrases)
	}
}

func TestErasureOfEverythingAsksForNoListOfIt(t *testing.T) {
	for _, text := range []string{"Verwijder alles wat jullie van mij weten.", "Please delete everything you have on me."} {
		if got := readText(t, "Vraag", text); len(got.Rights) != 1 || got.Rights[0] != dsr.Erasure {
			t.Errorf("%q: %v", text, got.Rights)
		}
	}
}

// TestWordsThatWereNotLookedAtGoToAPerson: a very long text is read for its
// first twenty thousand words.
func TestWordsThatWereNotLookedAtGoToAPerson(t *testing.T) {
	got := readText(t, "Vraag", strings.Repeat("ja nee ", 11_000))
	if got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
		t.Errorf("%s (%s)", got.Kind, got.Reason)
	}
}

func TestPhrasesNameTheRuleAndNotTheWords(t *testing.T) {
	got := readText(t, "Vraag", "Ik wil mijn gegevens inzien volgens de AVG.")
	rules := map[string]dsr.Phrase{}
	for _, phrase := range got.Phrases {
		rules[phrase.Rule] = phrase
	}
	if p := rules["nl-see-my-data"]; p.Right != dsr.Access || p.Weight < 6 {
		t.Errorf("phrases %v", got.Phrases)
	}
	if p, found := rules["law-name"]; !found || p.Right != "" {
		t.Errorf("phrases %v", got.Phrases)
	}
}

func TestQuotedWordsAndSignatureAreNotTheSenders(t *testing.T) {
	const wish = "ik wil mijn gegevens inzien"
	for name, text := range map[string]string{
		"marked lines":          "Bedankt, dat is opgelost.\n\n> " + wish + "\n",
		"dutch attribution":     "Bedankt.\n\nOp di 3 mrt 2026 om 10:00 schreef Jan <jan@klant.example>:\n\n" + wish + "\n",
		"wrapped attribution":   "Thanks a lot.\n\nOn Tue, Mar 3, 2026 at 10:00 AM Jan Jansen\n<jan@klant.example> wrote:\n" + wish + "\n",
		"outlook block":         "Dank voor uw bericht.\n\nVan: Jan <jan@klant.example>\nVerzonden: dinsdag 3 maart 2026 10:00\nAan: info\nOnderwerp: Vraag\n\n" + wish + "\n",
		"english outlook block": "Thank you for that.\n\n*From:* Jan <jan@klant.example>\n*Sent:* Tuesday\n*To:* info\n*Subject:* Question\n\n" + wish + "\n",
		"divider":               "Prima zo, dank.\n\n-----Oorspronkelijk bericht-----\n" + wish + "\n",
		"signature":             "Prima zo, dank.\n\n-- \n" + wish + "\n",
		"quote then own thanks": "Op 3 mrt 2026 schreef Jan <jan@klant.example>:\n> " + wish + "\n\nBedankt, het is in orde.\n",
	} {
		if got := readText(t, "Re: Vraag", text); got.Kind != dsr.KindOrdinary {
			t.Errorf("%s: %s (%s) %v", name, got.Kind, got.Reason, got.Phrases)
		}
	}
}

func TestQuotedHTMLIsNotTheSenders(t *testing.T) {
	got := read(t, letterHead+"Subject: Re: Vraag\nContent-Type: text/html\n\n<p>Bedankt, dat is opgelost.</p><blockquote>Ik wil<br>mijn gegevens inzien</blockquote><p>Groet!</p>")
	if got.Kind != dsr.KindOrdinary {
		t.Errorf("%s (%s), text %q", got.Kind, got.Reason, got.Letter.Text)
	}
}

func TestSubjectOfAnAnswerIsNotTheSenders(t *testing.T) {
	for _, prefix := range []string{"Re: ", "RE:", "Antw: ", "AW: "} {
		if got := readText(t, prefix+"Ik wil mijn gegevens inzien", "Bedankt, dat is opgelost en in orde."); got.Kind != dsr.KindOrdinary {
			t.Errorf("%q: %s (%s)", prefix, got.Kind, got.Reason)
		}
	}
}

func TestWordsBelowAQuoteAreTheSenders(t *testing.T) {
	got := readText(t, "Re: Vraag", "Op 3 mrt 2026 schreef PolarWeb <info@polarweb.example>:\n> Kunnen wij u helpen?\n\nJa, ik wil mijn gegevens inzien.\n")
	if got.Kind != dsr.KindRequest {
		t.Errorf("%s (%s)", got.Kind, got.Reason)
	}
}

// TestRequestThatIsOnlyPassedOnGoesToAPerson: the address is not that of the
// one who asks.
func TestRequestThatIsOnlyPassedOnGoesToAPerson(t *testing.T) {
	block := "Van: Jan <jan@klant.example>\nVerzonden: dinsdag 3 maart 2026 10:00\nAan: iemand\nOnderwerp: Vraag\n\nik wil mijn gegevens inzien\n"
	for name, text := range map[string]string{"with a word": "Kan iemand dit oppakken?\n\n" + block, "without": block} {
		if got := readText(t, "FW: Vraag", text); got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
			t.Errorf("%s: %s (%s)", name, got.Kind, got.Reason)
		}
	}
}

func TestLanguageIsThatOfTheSendersWords(t *testing.T) {
	for text, want := range map[string]dsr.Language{
		"Ik wil graag weten wat u van mij heeft.":      dsr.Dutch,
		"I would like to know what you have about me.": dsr.English,
		"Bonjour": dsr.Dutch, // the default
		"Please delete my data.\n\n> Wij hebben uw bericht van de week ontvangen en het is in behandeling\n": dsr.English,
	} {
		if got := readText(t, "", text); got.Language != want {
			t.Errorf("%q: %s, want %s", text, got.Language, want)
		}
	}
}
