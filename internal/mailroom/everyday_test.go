package mailroom_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// wanted is a sentence and the rights that it invokes.
type wanted struct {
	text   string
	rights []dsr.Right
}

// opens reports each sentence that does not open a case for all its rights.
func opens(t *testing.T, sentences []wanted) {
	t.Helper()
	for _, want := range sentences {
		got := readText(t, "Vraag", want.text)
		for _, right := range want.rights {
			if got.Kind != dsr.KindRequest || !has(got.Rights, right) {
				t.Errorf("%q: %s (%s) %v, want %s; phrases %v", want.text, got.Kind, got.Reason, got.Rights, right, got.Phrases)
			}
		}
		if len(got.Rights) > len(want.rights) {
			t.Errorf("%q: %v, want only %v; phrases %v", want.text, got.Rights, want.rights, got.Phrases)
		}
	}
}

// TestEverydayWordsOpenACase: spoken Dutch says "me gegevens", asks after one
// fact instead of all, and points back with "ze" and "die".
func TestEverydayWordsOpenACase(t *testing.T) {
	opens(t, []wanted{
		{"Wat staat er in mijn dossier?", []dsr.Right{dsr.Access}},
		{"Geef me inzage in me gegevens", []dsr.Right{dsr.Access}},
		{"jullie hebben me adres fout, ik woon op nr 12", []dsr.Right{dsr.Rectification}},
		{"Kunnen jullie me gegevens wissen", []dsr.Right{dsr.Erasure}},
		{"Jullie hebben mijn gegevens gelekt. Ik wil ze gewist hebben.", []dsr.Right{dsr.Erasure}},
		{"Kunt u mij laten weten aan wie u mijn emailadres heeft verstrekt?", []dsr.Right{dsr.Access}},
		{"verkopen jullie mijn mailadres door?", []dsr.Right{dsr.Access}},
		{"Delen jullie mijn nummer met andere bedrijven?", []dsr.Right{dsr.Access}},
		{"Delen jullie mijn gegevens met anderen?", []dsr.Right{dsr.Access}},
		{"Jullie hebben mijn gegevens nog. Kunnen jullie ze weg gooien?", []dsr.Right{dsr.Erasure}},
		{"Jullie hebben mijn gegevens nog. Die moeten weg.", []dsr.Right{dsr.Erasure}},
		{"Jullie hebben mijn gegevens nog. Vernietig ze.", []dsr.Right{dsr.Erasure}},
		{"Graag de scan van mijn rijbewijs vernietigen.", []dsr.Right{dsr.Erasure}},
		{"Vernietig de scan van mijn rijbewijs.", []dsr.Right{dsr.Erasure}},
		{"Take my name off your records.", []dsr.Right{dsr.Erasure}},
		{"U mag mijn gegevens niet meer gebruiken voor reclamedoeleinden.", []dsr.Right{dsr.ObjectionMarketing}},
		{"Hebben jullie nog een kopie van mijn ID liggen? Die wil ik weg hebben.", []dsr.Right{dsr.Erasure, dsr.Access}},
		{"Please take my details off your books.", []dsr.Right{dsr.Erasure}},
		{"What does the Example Company know about me?", []dsr.Right{dsr.Access}},
	})
}

// TestBareRemoveMeGoesToAPerson: it may mean the newsletter or everything, and
// with the article it means everything.
func TestBareRemoveMeGoesToAPerson(t *testing.T) {
	for _, text := range []string{
		"Verwijder mij", "verwijder me aub", "Ik wil dat jullie mij verwijderen.", "Remove me", "Please delete me.", "Gooi alles maar weg.", "Please delete everything.",
		"Hebben jullie nog een scan van mijn paspoort?", "Mijn gegevens zijn gelekt.", "Er is een datalek met mijn gegevens.",
		"Is mijn mailadres aan anderen verstrekt?", "Waar staan mijn gegevens?", "Haal me er af",
	} {
		if got := readText(t, "Vraag", text); got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
			t.Errorf("%q: %s (%s) %v", text, got.Kind, got.Reason, got.Phrases)
		}
	}
	opens(t, []wanted{{"Verwijder mij. Dat is mijn recht volgens de AVG.", []dsr.Right{dsr.Erasure}}})
}

// TestWeakerRightBesideAClearOneCounts: once a case opens, what else was asked
// must not get lost in it.
func TestWeakerRightBesideAClearOneCounts(t *testing.T) {
	opens(t, []wanted{
		{"FLIKKER AL MIJN GEGEVENS ERUIT, NU! IK BEN ER KLAAR MEE. HAAL ME VAN DIE ROT NIEUWSBRIEF AF", []dsr.Right{dsr.Erasure, dsr.ObjectionMarketing}},
		{"Welke gegevens heeft u van mij? Wis daarna alles.", []dsr.Right{dsr.Access, dsr.Erasure}},
		{"Welke gegevens heeft u van mij? Kunt u mijn account opheffen?", []dsr.Right{dsr.Access, dsr.Erasure}},
		{"What data do you hold about me? Then delete everything.", []dsr.Right{dsr.Access, dsr.Erasure}},
	})
}

// TestRoughWordsForThrowingAwayAreErasure: people write as angry as they are.
func TestRoughWordsForThrowingAwayAreErasure(t *testing.T) {
	for _, verb := range []string{"Gooi", "Flikker", "Donder", "Kieper", "Mieter", "Smijt"} {
		opens(t, []wanted{
			{verb + " al mijn gegevens eruit!", []dsr.Right{dsr.Erasure}},
			{verb + " alles weg wat jullie van mij hebben.", []dsr.Right{dsr.Erasure}},
		})
	}
}

// TestInflectedVerbsAskTheSame: "dat u ... vernietigt" asks what "vernietig"
// asks.
func TestInflectedVerbsAskTheSame(t *testing.T) {
	opens(t, []wanted{{"Ik eis dat u binnen 24 uur al mijn persoonlijke gegevens vernietigt.", []dsr.Right{dsr.Erasure}}})
	for _, verb := range []string{
		"vernietigt", "schrapt", "weghaalt", "weggooit", "deletet", "wist", "verwijdert", "opruimt", "opschoont", "wegdoet", "uitwist",
	} {
		opens(t, []wanted{{"Ik wil dat u al mijn gegevens " + verb + ".", []dsr.Right{dsr.Erasure}}})
	}
	for verb, right := range map[string]dsr.Right{
		"corrigeert": dsr.Rectification, "rectificeert": dsr.Rectification, "verbetert": dsr.Rectification,
		"bevriest": dsr.Restriction, "blokkeert": dsr.Restriction,
	} {
		opens(t, []wanted{{"Ik wil dat u mijn gegevens " + verb + ".", []dsr.Right{right}}})
	}
}

// near is business mail that holds the words of the everyday rules and asks for
// no right.
func near() [][2]string {
	return [][2]string{
		{"Domein weg", "Kunnen jullie mijn domein verwijderen?"},
		{"Offline", "Haal de website offline, de winkel is dicht."},
		{"Parkeren", "Mijn auto: kenteken 12-ABC-3. Kan de slagboom daarvoor open?"},
		{"Cache", "Wis de cache en verwijder de cookies, dan werkt het weer."},
		{"Mailbox weg", "Verwijder mijn mailbox info@winkel.example, die gebruik ik niet meer."},
		{"Oude mails", "Mijn mailbox zit vol met oude mails. Ik wil ze verwijderen, hoe doe ik dat?"},
		{"Testomgeving", "De testomgeving is klaar. Gooi alle pagina's weg die niet meer nodig zijn."},
		{"Informatie", "Kunt u me informatie geven over de pakketten, en een overzicht van de prijzen?"},
		{"Gegevens", "Stuur me gegevens over de server, dan stel ik het in. Een kopie van het contract heb ik al."},
		{"Nieuwe acties", "Deze week korting op domeinen.\n\nU ontvangt deze mail omdat u klant bent. Klik hier om u af te melden. Wilt u geen mails meer? Verwijder mij.\n"},
		{"Weekly offers", "This week only: 20 % off.\n\nYou are receiving this email because you are a customer. Click here to unsubscribe. Remove me.\n"},
		{"Doorverkopen", "Verkopen jullie mijn domeinnaam door als ik hem niet verleng?"},
		{"Login", "Met wie kan ik overleggen? Mijn mailadres staat in de handtekening."},
		{"Contactpersoon", "Wie is mijn contactpersoon? Mijn nummer is 0201234567."},
		{"Foto's", "De foto's op de pagina zijn oud. Kunt u ze weghalen?"},
		{"Kwijtgeraakt", "Ik kan niet meer bij mijn gegevens. Ze zijn gewist, zegt het scherm."},
		{"Weg", "Ik zoek mijn gegevens op de site. Die zijn weg."},
		{"Registratie", "Heeft u een kopie van mijn rijbewijs nodig voor de registratie?"},
		{"Backup", "Staan mijn gegevens nog in de backup? Ik wil ze terugzetten, want ik heb ze per ongeluk gewist."},
		{"Verhuizen", "Mijn gegevens staan op de oude server. Kunnen jullie ze weghalen en op een stick zetten?"},
		{"Opruimen", "Mijn gegevens zijn er al lang. Kunnen jullie ze uit de backup wissen?"},
		{"Testgegevens", "Lever me gegevens aan die ik in de testomgeving kan wissen."},
		{"Old site", "The old shop is closed. Please take it off the server."},
	}
}

func TestBusinessMailNearTheEverydayRulesStaysOrdinary(t *testing.T) {
	for _, mail := range near() {
		if got := readText(t, mail[0], mail[1]); got.Kind != dsr.KindOrdinary {
			t.Errorf("%s: %s (%s); phrases %v", mail[0], got.Kind, got.Reason, got.Phrases)
		}
	}
}
