package frontdoor_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/frontdoor"
)

func TestVerdictsFollowTheMail(t *testing.T) {
	door, c := open(t, nil)
	send(t, door, "jane@example.org", "info@polarweb.nl", "X-Local-Verdicts: spf=FAIL, dmarc=FAIL,spam=GRAY,virus=PROCESSING_FAILED\r\n"+request)
	_, got := notice(t, c.notices[0])
	r := got.Receipt
	if r.SPFVerdict.Status != "FAIL" || r.DMARCVerdict.Status != "FAIL" || r.SpamVerdict.Status != "GRAY" ||
		r.VirusVerdict.Status != "PROCESSING_FAILED" || r.DKIMVerdict.Status != "PASS" || r.DMARCPolicy == "" {
		t.Errorf("receipt %+v", r)
	}
}

func TestMisspeltVerdictIsRefused(t *testing.T) {
	for _, line := range []string{"spf=fail", "spv=FAIL", "spf", "", "spf=FAIL;dmarc=FAIL"} {
		door, c := open(t, nil)
		code := send(t, door, "jane@example.org", "info@polarweb.nl", "X-Local-Verdicts: "+line+"\r\n"+request)
		if code != 554 || len(c.objects) != 0 {
			t.Errorf("%q: answered %d, %d stored", line, code, len(c.objects))
		}
	}
}

// copied opens a door in copy mode, sends a mail and gives the stored object.
func copied(t *testing.T, from, mail string) (raw string, got events.SimpleEmailService) {
	t.Helper()
	door, c := open(t, func(o *frontdoor.Options) {
		o.Copy = &frontdoor.Provider{AuthservID: "mx.provider.nl", MXHost: "mx1.provider.nl", ForwardTo: "intake@ses.polarweb.nl"}
	})
	if code := send(t, door, from, "info@polarweb.nl", mail); code != 250 {
		t.Fatalf("answered %d", code)
	}
	_, raw = c.one(t)
	_, got = notice(t, c.notices[0])
	return raw, got
}

func TestCopyCarriesTheProvidersLinesAboveTheUntouchedMail(t *testing.T) {
	raw, got := copied(t, "bounce@lists.example.org", request)
	lines, rest, _ := strings.Cut(belowSES(t, raw, "mx1.provider.nl"), "From: Jane")
	want := "Received: from mail.example.org by mx1.provider.nl with ESMTP id " + got.Mail.MessageID + "; Thu, 05 Mar 2026 09:00:00 +0100\r\n" +
		"Authentication-Results: mx.provider.nl; spf=pass smtp.mailfrom=bounce@lists.example.org; dkim=pass header.d=example.org; dmarc=pass header.from=example.org\r\n"
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if "From: Jane"+rest != request {
		t.Error("the mail below the lines was changed")
	}
	if got.Mail.Headers[0].Name != "Received" || got.Receipt.Recipients[0] != "intake@ses.polarweb.nl" {
		t.Errorf("headers %+v to %v", got.Mail.Headers[0], got.Receipt.Recipients)
	}
}

func TestCopyTellsFailuresInTheProvidersLinesOnly(t *testing.T) {
	raw, got := copied(t, "jane@example.org", "X-Local-Verdicts: spf=FAIL,dkim=GRAY,dmarc=FAIL,spam=FAIL\r\n"+request)
	if !strings.Contains(raw, "spf=fail smtp.mailfrom=jane@example.org; dkim=none header.d=example.org; dmarc=fail header.from=example.org\r\n") {
		t.Errorf("stored %.300q", raw)
	}
	if got.Receipt.SPFVerdict.Status != "PASS" || got.Receipt.DMARCVerdict.Status != "PASS" || got.Receipt.SpamVerdict.Status != "FAIL" {
		t.Errorf("SES judges the provider's copy, not the writer: %+v", got.Receipt)
	}
}

func TestSenderCannotWriteResultsIntoTheProvidersLines(t *testing.T) {
	tests := []struct{ name, from, mail, want string }{
		{"a bounce", "", request, "spf=pass smtp.helo=mail.example.org;"},
		{"a quoted sender", `"a;dmarc=pass"@example.org`, request, "smtp.mailfrom=unknown;"},
		{"no author", "jane@example.org", "Subject: x\r\n\r\n", "dkim=none header.d=unknown; dmarc=none header.from=unknown\r\n"},
		{"two authors", "jane@example.org", "From: a@example.org, b@example.org\r\n\r\n", "dmarc=none header.from=unknown\r\n"},
		{"two From lines", "jane@example.org", "From: a@example.org\r\nFrom: b@example.com\r\n\r\n", "dmarc=none header.from=unknown\r\n"},
		{"a From with a result", "jane@example.org", "From: a@[x;dmarc=pass]\r\n\r\n", "dmarc=none header.from=unknown\r\n"},
		{"an unreadable mail", "jane@example.org", "\x00\x01 no header\r\n", "dmarc=none header.from=unknown\r\n\x00\x01 no header\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw, _ := copied(t, test.from, test.mail)
			if !strings.Contains(raw, test.want) || !strings.HasSuffix(raw, test.mail) {
				t.Errorf("stored %q, want %q in it", raw, test.want)
			}
		})
	}
}
