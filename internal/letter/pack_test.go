package letter

import (
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// checkHeader compares header fields; an empty value means an absent field.
func checkHeader(t *testing.T, header mail.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestAcknowledgementSaysWhatItAnswers(t *testing.T) {
	letter := compose(t, exampleComposer(), example(dsr.Acknowledgement, dsr.Dutch))
	checkHeader(t, letter.header, map[string]string{
		"From":                     `"Voorbeeld privacyloket" <privacy@voorbeeld.example>`,
		"To":                       `"Anna de Vries" <anna@klant.example>`,
		"Reply-To":                 "<info+abcdefghijklmnopqrstuvwxyz@voorbeeld.example>",
		"Auto-Submitted":           "auto-replied",
		"X-Auto-Response-Suppress": "All",
		"Content-Language":         "nl",
		CaseHeader:                 "AVG-2026-0012",
		"In-Reply-To":              "<verzoek-1@klant.example>",
		"References":               "<verzoek-1@klant.example>",
		"Date":                     "Thu, 05 Mar 2026 08:01:00 +0000",
		"Subject":                  "Ontvangstbevestiging verzoek AVG-2026-0012",
	})
	if !slices.Equal(letter.message.To, []string{"anna@klant.example"}) {
		t.Errorf("the envelope goes to %v", letter.message.To)
	}
	if want := (dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: dsr.OwnerID{1, 2, 3}, Kind: "M01", N: 1}).Tag(); letter.message.Tag != want {
		t.Errorf("the tag is %q, want %q", letter.message.Tag, want)
	}
}

func TestStaffNoticeAnswersNobody(t *testing.T) {
	for _, kind := range staffKinds() {
		number := "AVG-2026-0012"
		if kind == dsr.MailNotice {
			number = "-"
		}
		letter := compose(t, exampleComposer(), example(kind, dsr.English))
		checkHeader(t, letter.header, map[string]string{
			"To":                       `"Bo Bakker" <bo@voorbeeld.example>`,
			"Reply-To":                 "",
			"Auto-Submitted":           "auto-generated",
			"X-Auto-Response-Suppress": "All",
			"Content-Language":         "en",
			CaseHeader:                 number,
			"In-Reply-To":              "",
			"References":               "",
		})
	}
}

func TestStaffNoticeHoldsNoPersonalData(t *testing.T) {
	for _, kind := range staffKinds() {
		raw := string(compose(t, exampleComposer(), example(kind, dsr.Dutch)).message.Raw)
		for _, personal := range []string{"Anna", "Vries", "klant.example", "abcdefghijklmnopqrstuvwxyz"} {
			if strings.Contains(raw, personal) {
				t.Errorf("%s holds %q", kind, personal)
			}
		}
	}
}

func TestNoHeaderNamesTheProgram(t *testing.T) {
	eachLetter(t, func(t *testing.T, _ dsr.LetterContent, letter composed) {
		checkHeader(t, letter.header, map[string]string{"User-Agent": "", "X-Mailer": "", "Bcc": "", "Precedence": ""})
		if strings.Contains(strings.ToLower(string(letter.message.Raw)), "go-mail") {
			t.Error("the mail names the library that wrote it")
		}
	})
}

func TestSubjectHoldsTheNumberAndFitsAPhone(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, _ composed) {
		if content.Letter.Ref.Kind != dsr.MailNotice {
			content.Number = "ABCDEFGH-2026-1234567" // the longest prefix a profile may have
		}
		letter := compose(t, exampleComposer(), content)
		subject, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		if n := len([]rune(subject)); n > 60 || n < 10 {
			t.Errorf("the subject has %d characters: %s", n, subject)
		}
		if !strings.Contains(subject, string(content.Number)) {
			t.Errorf("the subject lacks the number: %s", subject)
		}
		if strings.Contains(subject, "Anna") || strings.Contains(subject, "{") {
			t.Errorf("the subject says too much: %s", subject)
		}
	})
}

func TestLineEndInAnAddressIsRefused(t *testing.T) {
	for _, address := range []string{
		"anna@klant.example\r\nBcc: x@evil.example", "anna@klant.example\n", "\nanna@klant.example",
		"anna @klant.example", "<anna@klant.example>", "anna@klant.example, x@evil.example",
		"änna@klant.example", "anna@klänt.example", "Anna <anna@klant.example>", "anna@klant.example\x00",
	} {
		content := example(dsr.Acknowledgement, dsr.Dutch)
		content.To.Address = address
		message, err := exampleComposer().Compose(content)
		if err == nil {
			t.Errorf("a letter to %q was composed:\n%s", address, message.Raw)
			continue
		}
		if strings.Contains(err.Error(), "klant") {
			t.Errorf("the error holds the address: %v", err)
		}
	}
}

func TestStrangeMessageIDIsLeftOut(t *testing.T) {
	for id, want := range map[string]string{
		"<a@b>":                                "<a@b>",
		"a.b+c@d.example":                      "<a.b+c@d.example>",
		"<a@[127.0.0.1]>":                      "<a@[127.0.0.1]>",
		"":                                     "",
		"<>":                                   "",
		"<a>":                                  "",
		"<@b>":                                 "",
		"<a@b> <c@d>":                          "",
		"<a@b>\r\nBcc: x@evil.example":         "",
		"<a@b\x00>":                            "",
		"<\"a b\"@c>":                          "",
		"<é@b>":                                "",
		"<" + strings.Repeat("a", 300) + "@b>": "",
	} {
		content := example(dsr.Acknowledgement, dsr.Dutch)
		content.InReply = id
		letter := compose(t, exampleComposer(), content)
		checkHeader(t, letter.header, map[string]string{"In-Reply-To": want, "References": want, "Bcc": ""})
	}
}

func TestMailIsSevenBitWithShortLines(t *testing.T) {
	eachLetter(t, func(t *testing.T, _ dsr.LetterContent, letter composed) {
		raw := string(letter.message.Raw)
		if strings.ContainsFunc(raw, func(r rune) bool { return r > '~' }) {
			t.Error("the mail has a character beyond ASCII")
		}
		if strings.Count(raw, "\n") != strings.Count(raw, "\r\n") || strings.Count(raw, "\r") != strings.Count(raw, "\r\n") {
			t.Error("a line does not end in CR LF")
		}
		for line := range strings.Lines(raw) {
			if len(line) > 78+2 {
				t.Errorf("line of %d bytes: %s", len(line), line)
			}
		}
	})
}
