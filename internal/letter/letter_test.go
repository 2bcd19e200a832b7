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
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

var update = flag.Bool("update", false, "write the golden letters anew")

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
		agreed(t, name, letter)
	})
}

// TestNoticeOfACopyInTheMailIsAsAgreed is about a mail that was to be passed on,
// so it comes only where SES takes in the mail.
func TestNoticeOfACopyInTheMailIsAsAgreed(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		composer, content := exampleComposer(), example(dsr.MailNotice, language)
		composer.Profile.Intake.Mode, composer.Profile.Intake.HumanMailbox = organisation.ModeMX, "mensen@voorbeeld.example"
		content.Letter.Reason = "may-hold-copy"
		agreed(t, "S7.may-hold-copy."+string(language), compose(t, composer, content))
	}
}

// agreed compares a letter with its two golden files.
func agreed(t *testing.T, name string, letter composed) {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, name+".txt", "Subject: "+subject+"\n\n"+letter.text)
	golden(t, name+".html", letter.html)
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

// TestEveryKindOfLetterHasWords reads the list of kinds: one that is added there
// without its sources would be given up in the outbox.
func TestEveryKindOfLetterHasWords(t *testing.T) {
	list, err := os.ReadFile("../dsr/letter.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`LetterKind = "([^"]+)"`).FindAllStringSubmatch(string(list), -1)
	if len(found) < 10 {
		t.Fatalf("found %d kinds", len(found))
	}
	for _, kind := range found {
		if _, known := formOf(dsr.LetterKind(kind[1])); !known {
			t.Errorf("%s has no form", kind[1])
		}
		covered := func(v variant) bool { return v.kind == dsr.LetterKind(kind[1]) }
		if !slices.ContainsFunc(variants(), covered) && kind[1] != string(dsr.ForwardLetter) {
			t.Errorf("%s has no agreed letter", kind[1])
		}
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
