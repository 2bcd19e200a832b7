package mailroom_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// settings are those of an organisation whose provider copies info@ to us.
func settings() mailroom.Settings {
	return mailroom.Settings{
		DefaultLanguage: dsr.Dutch,
		Languages:       []dsr.Language{dsr.Dutch, dsr.English},
		OwnAddresses:    []string{"info@polarweb.example", "klantenservice@polarweb.example"},
		Copy:            true,
		AuthservID:      "mx.provider.example",
		TrustedHosts:    []string{"mx.provider.example", "out.provider.example"},
	}
}

// takenIn is when SES took every test mail in.
var takenIn = time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)

// receipt is SES's notice about a clean mail.
func receipt() mailroom.Receipt {
	return mailroom.Receipt{
		MailID: "mail1", TakenIn: takenIn, SPF: "PASS", DKIM: "PASS", DMARC: "PASS", Spam: "PASS", Virus: "PASS",
	}
}

// read reads a mail written with bare line feeds, as it comes over the wire.
func read(t *testing.T, mail string) dsr.Enquiry {
	t.Helper()
	return readWith(t, mailroom.Reader{Settings: settings()}, mail, receipt())
}

// readWith reads a mail with a reader and a receipt of the test's own.
func readWith(t *testing.T, reader mailroom.Reader, mail string, receipt mailroom.Receipt) dsr.Enquiry {
	t.Helper()
	enquiry, err := reader.Read(strings.NewReader(string(crlf([]byte(mail)))), receipt)
	if err != nil {
		t.Fatal(err)
	}
	return enquiry
}

// letterHead is the header of an ordinary mail of a person, without Subject.
const letterHead = `Authentication-Results: mx.provider.example; spf=pass smtp.mailfrom=jan@klant.example; dkim=pass header.d=klant.example; dmarc=pass header.from=klant.example
Received: from mail.klant.example (mail.klant.example [192.0.2.1]) by mx.provider.example with ESMTPS; Thu, 5 Mar 2026 07:59:00 +0000
From: Jan Jansen <jan@klant.example>
To: info@polarweb.example
Message-ID: <abc@klant.example>
Date: Thu, 5 Mar 2026 07:58:00 +0000
`

// readText reads a plain mail with a subject and a text.
func readText(t *testing.T, subject, text string) dsr.Enquiry {
	t.Helper()
	return read(t, letterHead+"Subject: "+subject+"\nContent-Type: text/plain; charset=utf-8\n\n"+text)
}

func has(rights []dsr.Right, right dsr.Right) bool { return slices.Contains(rights, right) }
