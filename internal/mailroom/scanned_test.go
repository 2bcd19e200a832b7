package mailroom_test

import (
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// unheard is the receipt of a mail whose notice was lost.
func unheard() mailroom.Receipt { return mailroom.Receipt{MailID: "mail1", TakenIn: takenIn} }

func TestFindingsAreReadFromSESsOwnLinesWhenTheNoticeWasLost(t *testing.T) {
	const (
		bySES   = "Received: from out.provider.example (out.provider.example [192.0.2.7]) by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x; Thu, 5 Mar 2026 08:00:00 +0000\n"
		byOther = "Received: from a (a [192.0.2.1]) by mx.provider.example with ESMTP id y; Thu, 5 Mar 2026 07:59:00 +0000\n"
		clean   = "X-SES-Spam-Verdict: PASS\nX-SES-Virus-Verdict: PASS\n"
		dirty   = "X-SES-Spam-Verdict: PASS\nX-SES-Virus-Verdict: FAIL\n"
		spam    = "X-SES-Spam-Verdict: FAIL\nX-SES-Virus-Verdict: PASS\n"
		mail    = "From: Ans <ans@een.example>\nSubject: vraag\n\nIk wil graag inzage in mijn persoonsgegevens volgens de AVG.\n"
	)
	for name, rule := range map[string]struct {
		lines, reason string
		kind          dsr.MailKind
	}{
		"clean":                             {bySES + clean + byOther, "request", dsr.KindRequest},
		"a virus":                           {bySES + dirty + byOther, "virus", dsr.KindUnreadable},
		"spam":                              {bySES + spam + byOther, "maybe-request", dsr.KindUnreadable},
		"above SES's own line":              {clean + bySES + byOther, "request", dsr.KindRequest},
		"nothing said":                      {bySES + byOther, "unscanned", dsr.KindUnreadable},
		"said by the sender below the next": {bySES + byOther + clean, "unscanned", dsr.KindUnreadable},
		"SES was not first":                 {byOther + clean + bySES, "unscanned", dsr.KindUnreadable},
		"no line of SES":                    {clean, "unscanned", dsr.KindUnreadable},
	} {
		e := readWith(t, mailroom.Reader{Settings: settings()}, rule.lines+mail, unheard())
		if e.Kind != rule.kind || e.Reason != rule.reason {
			t.Errorf("%s: %s, %s; want %s, %s", name, e.Kind, e.Reason, rule.kind, rule.reason)
		}
		if rule.reason == "unscanned" && e.Letter.Text != "" {
			t.Errorf("%s: the mail was opened", name)
		}
	}
}

func TestNoticeOutranksTheLinesInTheMail(t *testing.T) {
	const mail = "Received: from out.provider.example (out.provider.example [192.0.2.7]) by inbound-smtp.eu-west-1.amazonaws.com; Thu, 5 Mar 2026 08:00:00 +0000\n" +
		"X-SES-Virus-Verdict: PASS\nFrom: ans@een.example\n\ntekst\n"
	told := receipt()
	told.Virus = "FAIL"
	if e := readWith(t, mailroom.Reader{Settings: settings()}, mail, told); e.Reason != "virus" {
		t.Errorf("reason %q", e.Reason)
	}
}
