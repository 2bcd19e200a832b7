package mailroom_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// TestMachinesAreNeverTakenForPeople: each mail holds the words of a request,
// as an answer that quotes our letter does.
func TestMachinesAreNeverTakenForPeople(t *testing.T) {
	const person = "From: jan@klant.example\n"
	for name, c := range map[string]struct{ head, reason string }{
		"own header":               {person + "X-Inzage-Case: AVG-2026-0001\n", "own-loop"},
		"auto-replied":             {person + "Auto-Submitted: auto-replied (vacation)\n", "auto-reply"},
		"precedence":               {person + "Precedence: auto_reply\n", "auto-reply"},
		"autoreply header":         {person + "X-Autoreply: yes\n", "auto-reply"},
		"exchange, out of office":  {person + "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: jan@klant.example\n", "auto-reply"},
		"delivery report":          {person + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", "bounce"},
		"complaint":                {person + "Content-Type: multipart/report; report-type=\"feedback-report\"; boundary=b\n", "bounce"},
		"read receipt":             {person + "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "bounce"},
		"mailer daemon":            {"From: Mail System <MAILER-DAEMON@klant.example>\n", "bounce"},
		"mailer daemon, no domain": {"From: MAILER-DAEMON (Mail Delivery System)\n", "bounce"},
		"postmaster, bounce":       {"From: postmaster@klant.example\nSubject: Onbestelbaar: Uw verzoek\n", "bounce"},
		"null sender, bounce":      {person + "Return-Path: <>\nSubject: Undelivered Mail Returned to Sender\n", "bounce"},
	} {
		got := read(t, provider+c.head+"\n"+wish)
		if got.Kind != dsr.KindAutomatic || got.Reason != c.reason {
			t.Errorf("%s: %s (%s), want %s", name, got.Kind, got.Reason, c.reason)
		}
	}
}

// TestRequestBehindAWeakMarkGoesToAPerson: web forms, copies and ticket systems
// carry such marks; without a request, the mail is a machine's.
func TestRequestBehindAWeakMarkGoesToAPerson(t *testing.T) {
	for head, reason := range map[string]string{
		"From: Info@PolarWeb.example\n":                             "own-loop",
		"From: jan@klant.example\nReturn-Path: <>\n":                "bounce",
		"From: jan@klant.example\nAuto-Submitted: auto-generated\n": "auto-generated",
		"From: no-reply@formulier.example\n":                        "no-reply-address",
		"From: postmaster@klant.example\n":                          "no-reply-address",
		"From: jan@klant.example\nPrecedence: bulk\n":               "bulk",
	} {
		if got := read(t, provider+head+"Subject: x\n\n"+wish); got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
			t.Errorf("%q with a request: %s (%s)", head, got.Kind, got.Reason)
		}
		if got := read(t, provider+head+"Subject: x\n\nTot donderdag, groeten van ons allemaal."); got.Kind != dsr.KindAutomatic || got.Reason != reason {
			t.Errorf("%q without: %s (%s), want %s", head, got.Kind, got.Reason, reason)
		}
	}
}

// TestSubjectPrefixAloneIsNeverCertain: anybody can write such a subject, and
// "auto" is Dutch for a car. Without a request, the mail is a machine's.
func TestSubjectPrefixAloneIsNeverCertain(t *testing.T) {
	for _, prefix := range []string{
		"Automatisch antwoord", "Automatisch bericht", "Afwezigheidsbericht", "Afwezig:", "Niet aanwezig:",
		"Automatic reply", "Auto reply", "Auto-reply", "Autoreply", "Out of office", "Out-of-office", "Vacation reply", "Auto:", "Auto response", "Autoresponse",
		"Automatische Antwort", "Abwesenheitsnotiz", "Abwesenheit:", "Abwesend:",
		"Réponse automatique", "Reponse automatique", "Absence du bureau", "Message d'absence",
	} {
		for _, extra := range []string{"", "X-Auto-Response-Suppress: All\n", "Return-Path: <>\n"} {
			head := provider + "From: jan@klant.example\n" + extra + "Subject: " + prefix + " x\n\n"
			if got := read(t, head+"Verwijder al mijn gegevens."); got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" {
				t.Errorf("%s%q with a request: %s (%s)", extra, prefix, got.Kind, got.Reason)
			}
			if got := read(t, head+"Ik ben er donderdag weer, groeten van ons."); got.Kind != dsr.KindAutomatic || got.Reason != "auto-reply" {
				t.Errorf("%s%q without: %s (%s)", extra, prefix, got.Kind, got.Reason)
			}
		}
	}
	if got := readText(t, "Auto: verwijder mijn gegevens", "Groeten van ons"); got.Reason != "maybe-request" {
		t.Errorf("request in the subject: %s (%s)", got.Kind, got.Reason)
	}
}

// TestListNeverHidesARequest: the case opens, and no machine answers the list.
func TestListNeverHidesARequest(t *testing.T) {
	for _, head := range []string{"List-Id: <klanten.example>\n", "List-Unsubscribe: <mailto:x@y.example>\n", "Precedence: list\n", "List-Id: <x>\nPrecedence: bulk\n"} {
		got := read(t, provider+head+from)
		if got.Kind != dsr.KindRequest || got.Trust.Answerable() {
			t.Errorf("%q with a request: %s (%s), level %s", head, got.Kind, got.Reason, got.Trust.Level)
		}
		got = read(t, provider+head+"From: jan@klant.example\nSubject: x\n\nTot donderdag, groeten van ons allemaal.")
		if got.Kind != dsr.KindOrdinary || got.Reason != "list" {
			t.Errorf("%q without: %s (%s)", head, got.Kind, got.Reason)
		}
	}
}

// TestPeopleAreNotTakenForMachines: Exchange marks mails of people, too, and
// "no" means no.
func TestPeopleAreNotTakenForMachines(t *testing.T) {
	for _, head := range []string{
		"Auto-Submitted: no\n", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n", "Precedence: normal\n", "Return-Path: <jan@klant.example>\n",
		"Subject: Afwezigheid en mijn gegevens\n", "Content-Type: multipart/report; report-type=other; boundary=b\n",
	} {
		if got := read(t, provider+head+from); got.Kind != dsr.KindRequest {
			t.Errorf("%q: %s (%s)", head, got.Kind, got.Reason)
		}
	}
}
