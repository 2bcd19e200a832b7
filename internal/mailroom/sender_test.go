package mailroom_test

import (
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// provider is what the mail provider writes above a mail it believes.
const provider = "Authentication-Results: mx.provider.example; spf=pass smtp.mailfrom=klant.example; dkim=pass header.d=klant.example; dmarc=pass header.from=klant.example\n"

func TestOneCleanFromIsLevelA(t *testing.T) {
	got := read(t, provider+"From: \"Jan, de Oude\" <Jan.Jansen@Klant.EXAMPLE>\nReply-To: jan@klant.example\nSubject: x\n\n"+wish)
	if got.Trust.Level != dsr.TrustA || len(got.Trust.Anomalies) != 0 {
		t.Errorf("level %s, %v", got.Trust.Level, got.Trust.Anomalies)
	}
	if got.Letter.Address != "Jan.Jansen@klant.example" || got.Letter.Name != "Jan, de Oude" {
		t.Errorf("%q %q: the local part must stay, the domain must not", got.Letter.Address, got.Letter.Name)
	}
}

// TestStrangeSenderIsLevelC: a request from a sender that programs read
// differently opens a case and is not answered.
func TestStrangeSenderIsLevelC(t *testing.T) {
	for anomaly, from := range map[string]string{
		"two-from-fields":       "From: jan@klant.example\nFrom: piet@klant.example\n",
		"space-before-colon":    "From : jan@klant.example\n",
		"several-senders":       "From: jan@klant.example, piet@klant.example\n",
		"group-syntax":          "From: Wij: jan@klant.example;\n",
		"bad-from-syntax":       "From: <jan@klant.example> <piet@klant.example>\n",
		"nul":                   "From: jan\x00 <jan@klant.example>\n",
		"control-characters":    "From: jan\x08 <jan@klant.example>\n",
		"long-header-line":      "From: jan@klant.example\nX-Y: " + strings.Repeat("x", 2000) + "\n",
		"non-ascii-domain":      "From: jan@klánt.example\n",
		"foreign-script-domain": "From: jan@xn--lnt-1cd0m.example\n",
		"non-ascii-address":     "From: ján@klant.example\n",
		"quoted-address":        "From: \"a@good\"@klant.example\n",
	} {
		got := read(t, provider+from+"Subject: x\n\n"+wish)
		if got.Kind != dsr.KindRequest || got.Trust.Level != dsr.TrustC || !slices.Contains(got.Trust.Anomalies, anomaly) {
			t.Errorf("%s: %s (%s), level %s, %v, address %q", anomaly, got.Kind, got.Reason, got.Trust.Level, got.Trust.Anomalies, got.Letter.Address)
		}
		if got.Trust.Answerable() {
			t.Errorf("%s: would be answered", anomaly)
		}
	}
}

func TestBareCarriageReturnIsLevelC(t *testing.T) {
	got, err := reader().Read(stringReader(provider+"From: jan@klant.example\rX: y\r\nSubject: x\r\n\r\n"+wish), receipt())
	if err != nil {
		t.Fatal(err)
	}
	if got.Trust.Level != dsr.TrustC || !slices.Contains(got.Trust.Anomalies, "bare-cr") {
		t.Errorf("level %s, %v", got.Trust.Level, got.Trust.Anomalies)
	}
}

func TestLatinLettersInAnEncodedDomainAreClean(t *testing.T) {
	head := "Authentication-Results: mx.provider.example; dmarc=pass header.from=xn--mller-kva.example\n"
	got := read(t, head+"From: jan@xn--mller-kva.example\nSubject: x\n\n"+wish)
	if got.Trust.Level != dsr.TrustA {
		t.Errorf("level %s, %v", got.Trust.Level, got.Trust.Anomalies)
	}
}

// TestReplyToIsNeverADestination: it is only a sign for staff.
func TestReplyToIsNeverADestination(t *testing.T) {
	got := read(t, provider+"From: jan@klant.example\nReply-To: boef@elders.example\nSubject: x\n\n"+wish)
	if got.Letter.Address != "jan@klant.example" {
		t.Errorf("address %q", got.Letter.Address)
	}
	if got.Trust.Level != dsr.TrustA || !slices.Contains(got.Trust.Anomalies, "reply-to-elsewhere") {
		t.Errorf("level %s, %v", got.Trust.Level, got.Trust.Anomalies)
	}
}

func TestNameThatShowsAnotherAddressIsNoted(t *testing.T) {
	got := read(t, provider+"From: \"slachtoffer@bank.example\" <jan@klant.example>\nSubject: x\n\n"+wish)
	if got.Letter.Address != "jan@klant.example" || !slices.Contains(got.Trust.Anomalies, "name-with-address") {
		t.Errorf("%q %v", got.Letter.Address, got.Trust.Anomalies)
	}
}
