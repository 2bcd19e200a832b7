package mailroom_test

import (
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// second are sentences in the words of people, each with the right it invokes
// or "-" for none. They do not follow the rules' own wording, and not all of
// them open a case: the set measures how far the rules reach.
const second = `
access|Beste PolarWeb, ik ben benieuwd wat er over mij in jullie administratie staat. Kunnen jullie dat opsturen?
access|Volgens de AVG heb ik recht op inzage. Graag ontvang ik binnen een maand alle gegevens.
access|Hoi, kan ik ergens zien wat voor info jullie over mij hebben
access|Ik zou graag een uitdraai willen van alles wat er over mij bekend is.
access|Kunt u mij laten weten of, en zo ja welke, persoonsgegevens u van mij verwerkt?
access|Ik wil weten welke persoonlijke informatie er van mij is opgeslagen.
access|Mag ik inzien wat er in mijn dossier staat?
access|graag inzage in alle gegevens die jullie van mij hebben vastgelegd
access|Welke data slaan jullie over mij op?
access|Ik ontvang telefoontjes van jullie. Waar hebben jullie mijn nummer vandaan?
access|Zijn mijn gegevens aan derden verstrekt? Zo ja, aan wie?
access|Wat staat er van mij in jullie systeem?
access|Hierbij doe ik een inzageverzoek in de zin van de AVG.
access|Ik maak gebruik van mijn recht op inzage
access|Stuur me alle persoonsgegevens die u van mij heeft
erasure|Ik wil uit jullie systeem verwijderd worden
erasure|Willen jullie alles van mij wissen?
erasure|Hallo, ik wil dat jullie mij helemaal uit de administratie halen.
erasure|wis mn gegevens
erasure|Ik ben overgestapt. Graag al mijn gegevens vernietigen.
erasure|Kan mijn informatie worden verwijderd?
erasure|Graag verwijderen wat u van mij heeft.
erasure|Verwijder a.u.b. mijn e-mailadres en telefoonnummer uit uw bestanden.
erasure|Jullie moeten alles over mij verwijderen!
erasure|Ik wil niet meer in jullie bestand staan.
erasure|Alles wat met mij te maken heeft moet weg.
erasure|Wilt u ervoor zorgen dat er niets meer van mij bewaard blijft?
erasure|Mijn man is overleden, wilt u zijn gegevens verwijderen?
objection_marketing|Geen mail meer aub
objection_marketing|Ik wil geen e-mails meer van jullie ontvangen.
objection_marketing|Kun je me van de lijst halen?
objection_marketing|Ik heb me nooit aangemeld voor deze nieuwsbrief, verwijder mij.
objection_marketing|Stop aub met die mailtjes
objection_marketing|Ik wil me uitschrijven
objection_marketing|Ik wens geen reclame meer te ontvangen.
objection_marketing|Ik heb geen interesse in jullie aanbiedingen, stop hiermee.
objection_marketing|Stuur mij niets meer toe.
rectification|Mijn naam is verkeerd gespeld, het moet Jansen zijn in plaats van Janssen.
rectification|U heeft een verkeerd adres van mij, graag aanpassen.
rectification|Er staat een fout in mijn gegevens.
rectification|Mijn geslacht staat verkeerd geregistreerd
restriction|Zolang u dit onderzoekt mag u mijn gegevens niet gebruiken.
restriction|Ik verzoek om beperking van de verwerking van mijn gegevens.
portability|Kan ik mijn gegevens meekrijgen in een bestand dat een andere provider kan lezen?
objection|Ik maak bezwaar tegen de verwerking van mijn persoonsgegevens.
objection|Ik verzet me tegen het gebruik van mijn gegevens
consent_withdrawal|Ik geef geen toestemming meer voor het gebruik van mijn foto.
consent_withdrawal|Mijn eerder gegeven toestemming trek ik in.
minor_report|Mijn kind van 14 heeft zich bij jullie ingeschreven zonder dat ik dat wist.
access|Could you tell me what personal data you've got on me?
access|hi, what info do u have about me
access|Under GDPR I request all the data you store about me.
access|I want to know what you have on file about me.
access|Please provide all information you hold relating to me.
access|I'd like a copy of everything you have on me
access|Please let me know if you are processing any personal data about me.
access|How did you get my phone number?
erasure|Please remove all my details from your systems.
erasure|Kindly erase any information you have on me.
erasure|I'd like my data deleted.
erasure|Delete my information please
erasure|Please get rid of any data relating to me
erasure|I no longer want to be in your database.
erasure|Can you delete all of my personal details?
objection_marketing|Please stop sending me these emails.
objection_marketing|No more newsletters please.
objection_marketing|I never signed up for this. Remove me from this list.
objection_marketing|Please unsubscribe
rectification|You have my address wrong.
rectification|The information you hold about me is incorrect.
rectification|Please update my date of birth, it is wrong in your records.
restriction|Please stop processing my data until you have checked it.
portability|I want to take my data with me to another company. Please export it as CSV.
consent_withdrawal|I withdraw the permission I gave you.
-|Kunt u mijn factuur naar een ander e-mailadres sturen?
-|Wij hebben een vraag over de gegevens op de factuur.
-|Kunnen jullie de gegevens van onze website overzetten naar de nieuwe server?
-|Hierbij de gegevens van mijn nieuwe creditcard.
-|Ik kan mijn e-mail niet meer ontvangen op mijn telefoon.
-|Ik ontvang geen mail meer sinds gisteren.
-|Mijn e-mail werkt niet meer
-|Kun je mij bellen over de offerte?
-|Onze klanten klagen dat zij geen nieuwsbrief meer ontvangen van ons systeem.
-|Graag de mailbox piet@voorbeeld.example verwijderen, hij is uit dienst.
-|Willen jullie het oude mailadres van onze oud-collega verwijderen?
-|Kan ik mijn domeinnaam op een andere naam laten zetten?
-|Ik krijg een foutmelding: uw gegevens kloppen niet.
-|Kunnen jullie de logbestanden van gisteren sturen?
-|Ik zie in mijn account geen facturen meer.
-|De gegevens in de database van mijn webshop kloppen niet na de update.
-|Mijn website is verwijderd, hoe kan dat?
-|Ik wil mijn pakket wijzigen naar een groter pakket.
-|Heeft u alle informatie van mij ontvangen?
-|Welke informatie heeft u nog van mij nodig?
-|Ik heb u alle gegevens gestuurd, wat verwacht u nog van mij?
-|Wat kost het om alles van mij over te zetten?
-|Ik stuur u mijn gegevens voor de registratie van het domein.
-|Kunt u bevestigen dat u mijn gegevens heeft ontvangen?
-|I am no longer receiving emails on my account.
-|Can you send me my login details?
-|Please update the DNS records for our domain.
-|I cannot see my invoices in the portal.
-|Please cancel my hosting package at the end of the term.
-|We would like to receive your newsletter.
-|Do you have information about your prices for me?
-|Can you delete the mailbox of our former colleague?
-|What do you need from me to move the site?
-|Please remove the old website from the server.
-|Our data centre is moving next week.
`

// third are more of them, with other words than those of second: words nobody
// thought of are the weak side of any table of rules, and one set alone would
// only show that the rules fit that set.
const third = `
access|Goedendag, ik wil graag weten wat u met mijn gegevens doet.
access|Heeft u nog iets van mij in uw archief? Ik zou dat graag zien.
access|Kunnen jullie mij vertellen wat jullie van mij weten en waarom?
access|Ik heb gehoord dat ik mag opvragen wat bedrijven over me bewaren. Dat doe ik bij deze.
access|Graag een lijst met de persoonsgegevens die van mij in gebruik zijn.
access|Welke persoonsgegevens van mij zijn bij u bekend?
access|Ik vraag u mij inzage te geven in mijn persoonsgegevens.
access|wat voor gegevens heb je van me
access|Van wie hebben jullie mijn adres gekregen?
erasure|Kunnen jullie mij uit de boeken halen?
erasure|Ik wil dat mijn gegevens uit jullie computers verdwijnen.
erasure|Gooi mijn gegevens maar weg, ik ben geen klant meer.
erasure|Hierbij verzoek ik u mijn persoonsgegevens te wissen conform artikel 17.
erasure|Er mag niks van mij bewaard blijven.
erasure|Mijn gegevens hoeven jullie niet meer te hebben, weg ermee.
erasure|Graag alle informatie over mij en mijn bedrijf verwijderen.
objection_marketing|Kunnen jullie stoppen met die reclamemails?
objection_marketing|Ik zit niet te wachten op jullie nieuwsbrief, haal mij eraf.
objection_marketing|Ik wil niet meer gebeld worden over aanbiedingen.
objection_marketing|Meld mij af.
objection_marketing|Gebruik mijn mailadres niet meer voor reclame.
rectification|Mijn voornaam is niet Jan maar Johan, kunnen jullie dat verbeteren?
rectification|In jullie administratie staat mijn oude adres nog, dat is fout.
consent_withdrawal|Ik herroep mijn toestemming voor het delen van mijn gegevens.
minor_report|Onze dochter (11) staat bij jullie geregistreerd, dat willen wij niet.
access|Kindly share all data you have collected about me.
access|I am entitled to know what you hold on me.
access|Tell me everything you know about me.
access|What kind of personal information about me is in your files?
erasure|I want all my stuff deleted from your servers.
erasure|Please destroy whatever you still have about me.
erasure|Scrub my data.
objection_marketing|Quit sending me promotional emails.
objection_marketing|Please don't send me any more marketing.
rectification|My surname is misspelled on my account, please fix it.
consent_withdrawal|I revoke my consent to the processing.
-|Kunt u de nieuwsbrief voortaan naar ons andere adres sturen?
-|Wij zoeken een partij die onze nieuwsbrief kan versturen.
-|Wilt u de betaling van mijn factuur bevestigen?
-|Is er iets over mij besproken in het overleg van gisteren?
-|Hoe kan ik de gegevens van mijn klanten exporteren naar csv?
-|Mijn klant wil dat ik zijn account op mijn webshop opschoon, hoe doe ik dat?
-|Kan mijn abonnement worden stopgezet per 1 april?
-|Ik heb bezwaar tegen de verhoging van de prijs.
-|Kunt u de toegang van onze oude webbouwer intrekken?
-|Ik kan het formulier met mijn gegevens niet verzenden, er komt een fout.
-|Wat weten jullie over de storing van vanmorgen?
-|Could you tell me what you know about the outage?
-|We need a copy of the contract.
-|My website shows the wrong address, how do I change the page?
-|Please delete the test account on the staging site.
`

// TestSentencesOfTheSecondSet keeps what the rules reached.
func TestSentencesOfTheSecondSet(t *testing.T) {
	m := measure(t, second)
	if m.opened*100 < m.requests*88 || m.seen < m.requests || m.looked > 0 {
		t.Error("the rules recognise less than they did")
	}
}

// TestSentencesOfTheThirdSet keeps what the rules reached.
func TestSentencesOfTheThirdSet(t *testing.T) {
	m := measure(t, third)
	if m.opened*100 < m.requests*80 || m.seen*100 < m.requests*95 || m.looked > 1 {
		t.Error("the rules recognise less than they did")
	}
}

// measured counts what became of the sentences of one set.
type measured struct{ requests, opened, seen, ordinary, looked int }

// measure reads each sentence as a mail of its own. Ordinary mail must never
// open a case.
func measure(t *testing.T, sentences string) measured {
	t.Helper()
	var m measured
	for line := range strings.SplitSeq(strings.TrimSpace(sentences), "\n") {
		right, text, _ := strings.Cut(line, "|")
		got := readText(t, "Vraag", text)
		isSeen := got.Kind == dsr.KindRequest || got.Reason == "maybe-request"
		switch {
		case right == "-":
			m.ordinary++
			if isSeen {
				m.looked++
				t.Logf("for nothing: %q %s %v", text, got.Kind, got.Phrases)
			}
			if got.Kind == dsr.KindRequest {
				t.Errorf("%q opened a case: %v", text, got.Phrases)
			}
			continue
		case got.Kind == dsr.KindRequest && has(got.Rights, dsr.Right(right)):
			m.opened++
		default:
			t.Logf("not opened: %q (%s) %s %v", text, right, got.Reason, got.Phrases)
		}
		m.requests++
		if isSeen {
			m.seen++
		}
	}
	t.Logf("%d of %d requests opened, %d seen; %d of %d others looked at for nothing", m.opened, m.requests, m.seen, m.looked, m.ordinary)
	return m
}
