package mailroom_test

import (
	"io"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

func stringReader(text string) io.Reader { return strings.NewReader(text) }

// from is the rest of the header below the lines of servers.
const from = "From: jan@klant.example\nSubject: x\n\n" + wish

func TestProviderResultsGiveTheLevel(t *testing.T) {
	const id = "Authentication-Results: mx.provider.example; "
	for name, c := range map[string]struct {
		results string
		level   dsr.TrustLevel
	}{
		"dmarc pass":                         {id + "dmarc=pass header.from=klant.example", dsr.TrustA},
		"dmarc pass alone":                   {id + "dmarc=pass", dsr.TrustA},
		"comment that never ends":            {"Authentication-Results: mx.provider.example (a (b c;) 1; dmarc=pass header.from=klant.example", dsr.TrustC},
		"comments and version":               {"Authentication-Results: mx.provider.example (a (b) c;) 1;\n\tspf=pass (x; dmarc=fail) smtp.mailfrom=klant.example;\n\tdmarc/1 (ok) = pass (p=none) header.from=klant.example", dsr.TrustA},
		"capitals":                           {"authentication-results: MX.Provider.Example; DMARC=Pass header.from=KLANT.example", dsr.TrustA},
		"dmarc pass of another domain":       {id + "dmarc=pass header.from=elders.example", dsr.TrustC},
		"two dmarc results":                  {id + "dmarc=fail header.from=klant.example; dmarc=pass header.from=klant.example", dsr.TrustC},
		"dmarc fail":                         {id + "spf=pass smtp.mailfrom=klant.example; dmarc=fail", dsr.TrustC},
		"dmarc error":                        {id + "spf=pass smtp.mailfrom=klant.example; dmarc=temperror", dsr.TrustC},
		"no dmarc, spf aligned":              {id + "spf=pass smtp.mailfrom=jan@klant.example", dsr.TrustB},
		"no dmarc, bare spf domain":          {id + "spf=pass smtp.mailfrom=bounce.klant.example; dmarc=none", dsr.TrustB},
		"no dmarc, spf elsewhere":            {id + "spf=pass smtp.mailfrom=jan@elders.example; dmarc=none", dsr.TrustC},
		"no dmarc, spf look-alike":           {id + "spf=pass smtp.mailfrom=jan@nietklant.example; dmarc=none", dsr.TrustC},
		"no dmarc, dkim aligned":             {id + "dkim=fail header.d=x.example; dkim=pass header.d=mail.klant.example", dsr.TrustB},
		"no dmarc, dkim by identity":         {id + "dkim=pass header.i=@klant.example", dsr.TrustB},
		"no dmarc, dkim elsewhere":           {id + "dkim=pass header.d=mailer.example", dsr.TrustC},
		"no dmarc, dkim of a top domain":     {id + "dkim=pass header.d=example", dsr.TrustC},
		"nothing passed":                     {id + "spf=none; dkim=none; dmarc=none", dsr.TrustC},
		"pass inside a quoted value":         {id + "spf=pass smtp.mailfrom=\"x; dmarc=pass\"@elders.example", dsr.TrustC},
		"none at all":                        {"X: y", dsr.TrustC},
		"another server's":                   {"Authentication-Results: mx.elders.example; dmarc=pass", dsr.TrustC},
		"another server's above":             {"Authentication-Results: mx.elders.example; dmarc=fail\n" + id + "dmarc=pass", dsr.TrustC},
		"another server's below":             {id + "dmarc=fail\nAuthentication-Results: mx.provider.example; dmarc=pass", dsr.TrustC},
		"below the provider's own server":    {received("mx.provider.example", "x.example") + id + "dmarc=pass", dsr.TrustA},
		"below a stranger's server":          {received("mx.elders.example", "x.example") + id + "dmarc=pass", dsr.TrustC},
		"by the provider's route":            {received(ses, "out.provider.example") + sesResults + id + "dmarc=pass", dsr.TrustA},
		"straight to SES":                    {received(ses, "boef.example") + sesResults + id + "dmarc=pass", dsr.TrustC},
		"straight to SES, with a forged hop": {received(ses, "boef.example") + sesResults + received("mx.provider.example", "x") + id + "dmarc=pass", dsr.TrustC},
	} {
		if got := read(t, strings.TrimSuffix(c.results, "\n")+"\n"+from); got.Trust.Level != c.level {
			t.Errorf("%s: level %s, want %s; %+v", name, got.Trust.Level, c.level, got.Trust)
		}
	}
}

// ses is the server that takes mail in for SES, and sesResults what it finds
// about its peer, the provider: nothing of use.
const (
	ses        = "inbound-smtp.eu-west-1.amazonaws.com"
	sesResults = "Authentication-Results: amazonses.com; spf=pass smtp.mailfrom=provider.example; dmarc=fail header.from=klant.example\n"
)

// received is the line that one server writes about its peer.
func received(by, peer string) string {
	return "Received: from helo.mx.provider.example (" + peer + " [192.0.2.9]) by " + by + " with SMTP id x; Thu, 5 Mar 2026 08:00:00 +0000\n"
}

// TestPeersOwnNameIsNoProof: the word after "from" is what the peer calls
// itself, whatever it holds.
func TestPeersOwnNameIsNoProof(t *testing.T) {
	for _, helo := range []string{"out.provider.example", "x(out.provider.example", "by", "(out.provider.example"} {
		line := "Received: from " + helo + " (boef.example [192.0.2.9]) by " + ses + " with SMTP id x; Thu, 5 Mar 2026 08:00:00 +0000\n"
		got := read(t, line+provider+from)
		if got.Trust.Level != dsr.TrustC {
			t.Errorf("%q: level %s", helo, got.Trust.Level)
		}
	}
}

func TestProviderWithoutANameIsNotBelieved(t *testing.T) {
	s := settings()
	s.AuthservID = ""
	got := readWith(t, mailroom.Reader{Settings: s}, "Authentication-Results: ; dmarc=pass\n"+from, receipt())
	if got.Trust.Level != dsr.TrustC {
		t.Errorf("level %s", got.Trust.Level)
	}
}

func TestVerdictsOfSESGiveTheLevelWhenItIsTheMX(t *testing.T) {
	const signed = "DKIM-Signature: v=1; a=rsa-sha256; d=klant.example; s=x; b=abc\n"
	for name, c := range map[string]struct {
		spf, dkim, dmarc, head string
		level                  dsr.TrustLevel
	}{
		"dmarc pass":                      {"FAIL", "pass", "pass", "", dsr.TrustA},
		"dmarc fail":                      {"PASS", "PASS", "FAIL", signed, dsr.TrustC},
		"dmarc not processed":             {"PASS", "PASS", "PROCESSING_FAILED", signed, dsr.TrustC},
		"gray, dkim aligned":              {"FAIL", "PASS", "GRAY", signed, dsr.TrustB},
		"unknown word is gray":            {"FAIL", "PASS", "SOMETHING", signed, dsr.TrustB},
		"gray, two signatures":            {"FAIL", "PASS", "GRAY", "DKIM-Signature: d=boef.example\n" + signed, dsr.TrustC},
		"gray, no signature":              {"FAIL", "PASS", "GRAY", "", dsr.TrustC},
		"gray, spf aligned":               {"PASS", "GRAY", "GRAY", "Return-Path: <b@mail.klant.example>\n", dsr.TrustB},
		"gray, spf elsewhere":             {"PASS", "GRAY", "GRAY", "Return-Path: <b@elders.example>\n", dsr.TrustC},
		"gray, second return path":        {"PASS", "GRAY", "GRAY", "Return-Path: <b@elders.example>\nReturn-Path: <b@klant.example>\n", dsr.TrustC},
		"gray everywhere":                 {"GRAY", "GRAY", "GRAY", signed, dsr.TrustC},
		"lines of the mail are not asked": {"FAIL", "FAIL", "FAIL", provider, dsr.TrustC},
	} {
		s := settings()
		s.Copy = false
		seen := receipt()
		seen.SPF, seen.DKIM, seen.DMARC = c.spf, c.dkim, c.dmarc
		if got := readWith(t, mailroom.Reader{Settings: s}, c.head+from, seen); got.Trust.Level != c.level {
			t.Errorf("%s: level %s, want %s; %+v", name, got.Trust.Level, c.level, got.Trust)
		}
	}
}

// TestVerdictsOfSESAreNotAskedBehindAProvider: SES saw only the provider, which
// passes everything.
func TestVerdictsOfSESAreNotAskedBehindAProvider(t *testing.T) {
	if got := read(t, from); got.Trust.Level != dsr.TrustC {
		t.Errorf("level %s", got.Trust.Level)
	}
}
