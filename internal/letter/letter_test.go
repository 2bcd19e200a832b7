package letter

import (
	"errors"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

var update = flag.Bool("update", false, "write the golden letters anew")

// exampleComposer writes for an invented company.
func exampleComposer() Composer {
	p := organisation.Defaults()
	p.Controller = organisation.Controller{
		Name: "Voorbeeld Hosting B.V.", TradeName: "Voorbeeld", KVK: "12345678",
		Address: []string{"Dorpsstraat 1", "9999 AA Voorbeelddorp"},
		Email:   "klantenservice@voorbeeld.example", Website: "https://voorbeeld.example",
		PrivacyStatementURL: "https://voorbeeld.example/privacy",
	}
	p.Authority = organisation.Authority{
		Name: "Autoriteit Persoonsgegevens", ComplaintURL: "https://autoriteit.example/klacht",
	}
	p.Intake = organisation.Intake{Mode: organisation.ModeCopy, Addresses: []string{"info@voorbeeld.example"}}
	p.Sender = organisation.Sender{
		FromName: "Voorbeeld privacyloket", FromAddress: "privacy@voorbeeld.example",
		Thread: organisation.Thread{LocalPart: "info", Domain: "voorbeeld.example"},
	}
	p.Statement = []organisation.StatementVersion{
		{URL: "https://voorbeeld.example/privacy/2018", From: "2018-05-25"},
		{URL: "https://voorbeeld.example/privacy/2027", From: "2027-01-01"},
	}
	p.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		p.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	p.Identity.Rights["access"] = []organisation.Means{organisation.MeansMailbox, organisation.MeansIDCopy}
	p.Identity.Rights["objection_marketing"] = []organisation.Means{organisation.MeansNone}
	p.Identity.IDCopy = organisation.CopyOnRequest
	return Composer{Profile: p, BaseURL: "https://avg.voorbeeld.example"}
}

// exampleToken has the length of a real token.
func exampleToken() string { return "l1.k1." + strings.Repeat("Aa0_-", 22) + "Z-_9" }

// example gives complete content for a letter of each kind: a request of
// 5 March 2026, whose legal month ends on Easter Sunday.
func example(kind dsr.LetterKind, language dsr.Language) dsr.LetterContent {
	received := time.Date(2026, time.March, 5, 8, 0, 0, 0, time.UTC)
	content := dsr.LetterContent{
		Letter: dsr.Letter{
			Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: dsr.OwnerID{1, 2, 3}, Kind: kind, N: 1},
			Language: language, Purpose: dsr.FollowCase, Queued: received.Add(time.Minute),
		},
		To:     dsr.Mailbox{Name: "Anna de Vries", Address: "anna@klant.example"},
		Number: "AVG-2026-0012", Thread: "abcdefghijklmnopqrstuvwxyz", Received: received,
		Dates: dsr.Dates{
			ReceiptDay: "2026-03-05", PromiseDue: "2026-04-02", PlanBy: "2026-04-02",
			LawBase: "2026-04-05", LawDue: "2026-04-07", ExtensionDue: "2026-06-05",
		},
		Rights: []dsr.Right{dsr.Access}, Trust: dsr.TrustA,
		Token: exampleToken(), InReply: "<verzoek-1@klant.example>",
	}
	switch kind {
	case dsr.NewCaseNotice, dsr.LetterNotice, dsr.RightsNotice:
		content.Letter.Purpose = dsr.SignIn
		content.To = dsr.Mailbox{Name: "Bo Bakker", Address: "bo@voorbeeld.example"}
		if kind == dsr.LetterNotice {
			content.Letter.Reason = string(dsr.Acknowledgement)
		}
	case dsr.MailNotice:
		content.Letter.Purpose = dsr.OriginalMail
		content.To = dsr.Mailbox{Name: "Bo Bakker", Address: "bo@voorbeeld.example"}
		content.Letter.Ref = dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "0100abc", Kind: kind, N: 1}
		content.Letter.Reason = "maybe-request"
		content.Number, content.Thread, content.Rights, content.Trust = "", "", nil, ""
		content.Dates = dsr.Dates{}
	}
	return content
}

// variant is one golden letter.
type variant struct {
	name    string
	kind    dsr.LetterKind
	content func(*dsr.LetterContent)
}

// variants lists the letters that differ in their words.
func variants() []variant {
	same := func(*dsr.LetterContent) {}
	return []variant{
		{"access", dsr.Acknowledgement, same},
		{"marketing", dsr.Acknowledgement, func(c *dsr.LetterContent) {
			c.Rights, c.To.Name = []dsr.Right{dsr.ObjectionMarketing}, ""
		}},
		{"everything", dsr.Acknowledgement, func(c *dsr.LetterContent) { c.Rights = dsr.Rights() }},
		{"believed", dsr.NewCaseNotice, func(c *dsr.LetterContent) {
			c.Rights = []dsr.Right{dsr.Access, dsr.Erasure, dsr.ObjectionMarketing}
		}},
		{"likely", dsr.NewCaseNotice, func(c *dsr.LetterContent) { c.Trust = dsr.TrustB }},
		{"doubtful", dsr.NewCaseNotice, func(c *dsr.LetterContent) { c.Trust = dsr.TrustC }},
		{"receipt", dsr.LetterNotice, same},
		{"another-letter", dsr.LetterNotice, func(c *dsr.LetterContent) { c.Letter.Reason = "M03" }},
		{"more", dsr.RightsNotice, func(c *dsr.LetterContent) {
			c.Rights = []dsr.Right{dsr.Access, dsr.Erasure, dsr.ObjectionMarketing}
		}},
		{"maybe-request", dsr.MailNotice, same},
		{"virus", dsr.MailNotice, func(c *dsr.LetterContent) { c.Letter.Reason = "virus" }},
		{"unscanned", dsr.MailNotice, func(c *dsr.LetterContent) { c.Letter.Reason = "unscanned" }},
		{"unknown-reason", dsr.MailNotice, func(c *dsr.LetterContent) { c.Letter.Reason = "a new word" }},
	}
}

// composed is a letter as its reader's mail program sees it.
type composed struct {
	message dsr.Message
	header  mail.Header
	text    string
	html    string
}

// compose composes a letter and takes it apart again.
func compose(t *testing.T, c Composer, content dsr.LetterContent) composed {
	t.Helper()
	message, err := c.Compose(content)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := mail.ReadMessage(strings.NewReader(string(message.Raw)))
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %q, %v; want multipart/alternative", kind, err)
	}
	parts := multipart.NewReader(parsed.Body, parameters["boundary"])
	return composed{
		message: message, header: parsed.Header,
		text: nextPart(t, parts, "text/plain"), html: nextPart(t, parts, "text/html"),
	}
}

// nextPart decodes the next part, which must be quoted-printable UTF-8.
func nextPart(t *testing.T, parts *multipart.Reader, want string) string {
	t.Helper()
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil || kind != want || parameters["charset"] != "UTF-8" {
		t.Fatalf("part is %q %v, %v; want %s in UTF-8", kind, parameters, err, want)
	}
	if encoding := part.Header.Get("Content-Transfer-Encoding"); encoding != "quoted-printable" {
		t.Errorf("part is encoded as %q", encoding)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(body), "\r\n", "\n")
}

// eachLetter runs a test for every variant in both languages.
func eachLetter(t *testing.T, test func(t *testing.T, content dsr.LetterContent, letter composed)) {
	t.Helper()
	for _, v := range variants() {
		for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
			t.Run(string(v.kind)+"/"+v.name+"/"+string(language), func(t *testing.T) {
				content := example(v.kind, language)
				v.content(&content)
				test(t, content, compose(t, exampleComposer(), content))
			})
		}
	}
}

func TestLettersAreAsAgreed(t *testing.T) {
	eachLetter(t, func(t *testing.T, _ dsr.LetterContent, letter composed) {
		name := strings.ReplaceAll(strings.TrimPrefix(t.Name(), "TestLettersAreAsAgreed/"), "/", ".")
		subject, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", "Subject: "+subject+"\n\n"+letter.text)
		golden(t, name+".html", letter.html)
	})
}

// golden compares text with a file, or writes the file with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-agreed +composed):\n%s", name, diff)
	}
}

func TestSameContentGivesSameBytes(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		again := compose(t, exampleComposer(), content)
		if diff := cmp.Diff(letter.message, again.message); diff != "" {
			t.Error(diff)
		}
		content.Letter.Ref.N = 2
		other := compose(t, exampleComposer(), content)
		if other.header.Get("Message-Id") == letter.header.Get("Message-Id") {
			t.Error("two letters share one Message-ID")
		}
	})
}

func TestLetterThatCannotBeComposedCanNeverBeSent(t *testing.T) {
	for _, fault := range []error{ErrIncomplete, ErrUnknownKind, ErrSource} {
		if !errors.Is(fault, dsr.ErrUnsendable) {
			t.Errorf("another try is made after: %v", fault)
		}
	}
	content := example(dsr.Acknowledgement, dsr.Dutch)
	content.To.Address = ""
	if _, err := exampleComposer().Compose(content); !errors.Is(err, dsr.ErrUnsendable) {
		t.Errorf("another try is made for a letter without a reader: %v", err)
	}
}

func TestUnknownKindIsRefused(t *testing.T) {
	content := example(dsr.Acknowledgement, dsr.Dutch)
	content.Letter.Ref.Kind = "M99"
	if _, err := exampleComposer().Compose(content); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("error is %v", err)
	}
}

func TestLetterWithoutLanguageFollowsTheProfile(t *testing.T) {
	composer := exampleComposer()
	composer.Profile.Languages.Default = organisation.English
	for _, language := range []dsr.Language{"", "fr"} {
		letter := compose(t, composer, example(dsr.NewCaseNotice, language))
		if got := letter.header.Get("Content-Language"); got != "en" {
			t.Errorf("language %q gives %q, want en", language, got)
		}
	}
	composer.Profile.Languages.Default = ""
	letter := compose(t, composer, example(dsr.NewCaseNotice, ""))
	if got := letter.header.Get("Content-Language"); got != "nl" {
		t.Errorf("no language at all gives %q, want nl", got)
	}
}
