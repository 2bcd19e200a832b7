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
		"dutch subject":            {person + "Subject: Automatisch antwoord: Uw verzoek\n", "auto-reply"},
		"english subject":          {person + "Subject: Automatic reply: your request\n", "auto-reply"},
		"german subject":           {person + "Subject: Abwesenheitsnotiz\n", "auto-reply"},
		"french subject":           {person + "Subject: =?utf-8?q?R=C3=A9ponse_automatique?=\n", "auto-reply"},
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
