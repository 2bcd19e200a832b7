package letter

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// ordinaryMail is an original of 7-bit text, from somebody with a secret.
const ordinaryMail = "From: Geheim <geheim@geheim.example>\r\nSubject: Geheim\r\nX-Inzage-Case: AVG-2026-0099\r\n\r\nHallo,\r\n\r\n--x\r\nGroet\r\n.\r\n"

// forwarded is a forward as a mail program sees it.
type forwarded struct {
	message  dsr.Message
	header   mail.Header
	text     string // lines end in "\n"
	part     mail.Header
	attached []byte // as it stands in the mail
}

// forwardOf passes an original on whose sender is not believed.
func forwardOf(t *testing.T, language dsr.Language, original string) forwarded {
	t.Helper()
	return takenApart(t, example(dsr.ForwardLetter, language), original)
}

// takenApart passes an original on and takes the mail apart again.
func takenApart(t *testing.T, content dsr.LetterContent, original string) forwarded {
	t.Helper()
	message, err := exampleComposer().Forward(content, strings.NewReader(original))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(message.Raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("the mail is %q, %v", kind, err)
	}
	parts := multipart.NewReader(parsed.Body, parameters["boundary"])
	f := forwarded{message: message, header: parsed.Header, text: nextPart(t, parts, "text/plain")}
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	f.part = mail.Header(part.Header)
	if f.attached, err = io.ReadAll(part); err != nil {
		t.Fatal(err)
	}
	if _, err := parts.NextRawPart(); !errors.Is(err, io.EOF) {
		t.Errorf("a third part stands in the mail: %v", err)
	}
	return f
}

func TestForwardIsAMailOfOurOwn(t *testing.T) {
	f := forwardOf(t, dsr.Dutch, ordinaryMail)
	checkHeader(t, f.header, map[string]string{
		"From": `"Voorbeeld privacyloket" <privacy@voorbeeld.example>`, "To": "<mensen@voorbeeld.example>", "Subject": "Doorgestuurd bericht",
		"Reply-To": "", "In-Reply-To": "", "References": "", "Cc": "", "Bcc": "", "User-Agent": "", "X-Mailer": "",
		"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", CaseHeader: "-", "Content-Language": "nl",
		"Mime-Version": "1.0", "Date": "Thu, 05 Mar 2026 08:01:00 +0000",
	})
	if !slices.Equal(f.message.To, []string{"mensen@voorbeeld.example"}) || f.message.Tag != "mail_0100abc_F1_1" {
		t.Errorf("the envelope is %v, the tag %q", f.message.To, f.message.Tag)
	}
	own, _, found := strings.Cut(string(f.message.Raw), ordinaryMail)
	if !found || strings.Contains(strings.ToLower(own), "geheim") || strings.Contains(own, "Geheim") {
		t.Errorf("the mail itself repeats the original:\n%s", own)
	}
	for line := range strings.Lines(own) {
		if len(line) > 78+2 || !strings.HasSuffix(line, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
}

func TestForwardSaysWhatItIs(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		for name, trust := range map[string]dsr.TrustLevel{"believed": dsr.TrustB, "doubtful": dsr.TrustC} {
			content := example(dsr.ForwardLetter, language)
			content.Trust = trust
			f := takenApart(t, content, ordinaryMail)
			golden(t, "F1."+name+"."+string(language)+".txt", "Subject: "+f.header.Get("Subject")+"\n\n"+f.text)
		}
	}
}

func TestOriginalOfSevenBitsIsUntouched(t *testing.T) {
	for name, original := range map[string]string{
		"mail": ordinaryMail, "no line end": "a: b\r\n\r\nend", "longest line": strings.Repeat("x", 998) + "\r\n", "empty lines": "\r\n\r\n",
		"delete": "\x7f\t\r\n", "another forward": "x\r\n--inzage-0123456789abcdef0123456789abcdef\r\ny\r\n",
	} {
		f := forwardOf(t, dsr.Dutch, original)
		checkHeader(t, f.part, map[string]string{
			"Content-Type": "message/rfc822", "Content-Transfer-Encoding": "7bit", "Content-Disposition": `attachment; filename="mail.eml"`,
		})
		if string(f.attached) != original {
			t.Errorf("%s: it arrives as %q", name, f.attached)
		}
	}
}

// TestOtherOriginalBecomesAFile: base64 of message/rfc822 is forbidden, and what a
// mail server may change does not travel as it is.
func TestOtherOriginalBecomesAFile(t *testing.T) {
	ours := boundary(example(dsr.ForwardLetter, dsr.Dutch))
	for name, original := range map[string]string{
		"eight bits": "a: \xe9\r\n", "utf-8": "Subject: é\r\n", "nul": "a\x00b\r\n", "bare lf": "a\nb\r\n", "lf first": "\na\r\n",
		"bare cr": "a\rb\r\n", "two cr": "a\r\r\n", "cr last": "a\r\n\r", "line too long": strings.Repeat("x", 999) + "\r\n",
		"last line too long": "a\r\n" + strings.Repeat("x", 999), "our boundary": "a\r\n--" + ours + "--\r\nb\r\n",
		"a line of base64": strings.Repeat("é", 28) + "x", "one byte more": strings.Repeat("é", 29),
	} {
		f := forwardOf(t, dsr.Dutch, original)
		checkHeader(t, f.part, map[string]string{
			"Content-Type": "application/octet-stream", "Content-Transfer-Encoding": "base64", "Content-Disposition": `attachment; filename="mail.eml"`,
		})
		decoded, err := base64.StdEncoding.DecodeString(string(f.attached))
		if err != nil || string(decoded) != original {
			t.Errorf("%s: it arrives as %q, %v", name, decoded, err)
		}
		for line := range strings.Lines(string(f.attached)) {
			if len(strings.TrimSuffix(line, "\r\n")) > 76 || strings.Count(line, "\n") != strings.Count(line, "\r\n") {
				t.Errorf("%s: line of %d bytes: %q", name, len(line), line)
			}
		}
		if bytes.ContainsFunc(f.message.Raw, func(r rune) bool { return r > '~' || r == 0 }) {
			t.Errorf("%s: the forward is no 7-bit text", name)
		}
	}
}

// largestThatFits finds the largest original of a form that fits.
func largestThatFits(eightBit bool) int {
	low, high := 0, 40<<20
	for low < high {
		if middle := (low + high + 1) / 2; fits(middle, eightBit) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// TestLargestForwardIsOneThatSESTakes composes the largest original of each form
// and one that is a byte larger.
func TestLargestForwardIsOneThatSESTakes(t *testing.T) {
	for eightBit, least := range map[bool]int{false: 9_900_000, true: 7_200_000} {
		size := largestThatFits(eightBit)
		original := bytes.Repeat([]byte(strings.Repeat("x", 98)+"\r\n"), size/100+1)[:size+1]
		copy(original[size-10:], "\r\nxxxxxxxxx")
		if eightBit {
			original[0] = 0xe9
		}
		message, err := exampleComposer().Forward(example(dsr.ForwardLetter, dsr.Dutch), bytes.NewReader(original[:size]))
		if err != nil || size < least || len(message.Raw) > 10_000_000 {
			t.Errorf("eight bits %t: an original of %d bytes gives a mail of %d, %v", eightBit, size, len(message.Raw), err)
		}
		message, err = exampleComposer().Forward(example(dsr.ForwardLetter, dsr.Dutch), bytes.NewReader(original))
		if !errors.Is(err, dsr.ErrTooLarge) || !errors.Is(err, dsr.ErrUnsendable) || message.Raw != nil {
			t.Errorf("eight bits %t: an original of %d bytes gives %d bytes, %v", eightBit, size+1, len(message.Raw), err)
		}
	}
	endless := io.MultiReader(bytes.NewReader(make([]byte, largestOriginal+1)), iotest.ErrReader(errors.New("read too far")))
	if _, err := exampleComposer().Forward(example(dsr.ForwardLetter, dsr.Dutch), endless); !errors.Is(err, dsr.ErrTooLarge) {
		t.Errorf("an original that is too large is read to its end: %v", err)
	}
}

func TestIncompleteForwardCannotBeComposed(t *testing.T) {
	lacks := append(lacksOfMail(),
		lack{"instant of receipt", func(_ *Composer, c *dsr.LetterContent) { c.Received = time.Time{} }},
		lack{"token of the link", func(_ *Composer, c *dsr.LetterContent) { c.Token = exampleToken() }},
		lack{"purpose of the link", func(_ *Composer, c *dsr.LetterContent) { c.Letter.Purpose = dsr.OriginalMail }})
	for _, to := range []dsr.Addressee{
		{}, {Requester: true}, {Contact: 1}, {Staff: dsr.ActorID{7}}, {Desk: true, Requester: true}, {Desk: true, Contact: 1},
	} {
		lacks = append(lacks, lack{"reader for this kind of letter", func(_ *Composer, c *dsr.LetterContent) { c.Letter.To = to }})
	}
	for _, lack := range lacks {
		composer, content := exampleComposer(), example(dsr.ForwardLetter, dsr.Dutch)
		lack.take(&composer, &content)
		message, err := composer.Forward(content, strings.NewReader(ordinaryMail))
		if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "no usable "+lack.part) || message.Raw != nil {
			t.Errorf("without %s: error is %v", lack.part, err)
		}
		if err != nil && strings.Contains(strings.ToLower(err.Error()), "geheim") {
			t.Errorf("the error repeats a value: %v", err)
		}
	}
}

func TestForwardNeedsItsOriginal(t *testing.T) {
	content := example(dsr.ForwardLetter, dsr.Dutch)
	if _, err := exampleComposer().Forward(content, strings.NewReader("")); !errors.Is(err, ErrIncomplete) {
		t.Errorf("a forward of nothing: %v", err)
	}
	if message, err := exampleComposer().Compose(content); !errors.Is(err, ErrIncomplete) || message.Raw != nil {
		t.Errorf("a forward that is composed like a letter: %v", err)
	}
	if _, err := exampleComposer().Forward(example(dsr.MailNotice, dsr.Dutch), strings.NewReader(ordinaryMail)); !errors.Is(err, ErrUnknownKind) {
		t.Errorf("a letter that passes nothing on: %v", err)
	}
	if err := renderWithout(t, content, "{received}"); !errors.Is(err, ErrIncomplete) {
		t.Errorf("a forward that does not say when the mail came: %v", err)
	}
}

// TestAnswerGoesOnlyToAWriterWhoIsBelieved: whoever could choose another reader
// would get what staff write.
func TestAnswerGoesOnlyToAWriterWhoIsBelieved(t *testing.T) {
	const writer, rest = "From: Anna <anna@klant.example>\r\n", "Reply-To: x@evil.example\r\nSender: y@evil.example\r\n\r\n"
	for name, test := range map[string]struct {
		trust  dsr.TrustLevel
		header string
		want   string
	}{
		"proven": {dsr.TrustA, writer, "<anna@klant.example>"}, "likely": {dsr.TrustB, writer, "<anna@klant.example>"},
		"doubtful": {dsr.TrustC, writer, ""}, "unknown": {"", writer, ""}, "new word": {"D", writer, ""},
		"nobody": {dsr.TrustA, "To: a@b.example\r\n", ""}, "empty": {dsr.TrustA, "From: \r\n", ""}, "two fields": {dsr.TrustA, writer + writer, ""},
		"two writers": {dsr.TrustA, "From: a@b.example, c@d.example\r\n", ""}, "no header": {dsr.TrustA, "no header at all\r\n", ""},
		"no ascii":                {dsr.TrustA, "From: =?utf-8?q?=C3=A9?= <\xc3\xa9@b.example>\r\n", ""},
		"name that is an address": {dsr.TrustA, "From: \"x@evil.example\" <anna@klant.example>\r\n", "<anna@klant.example>"},
	} {
		content := example(dsr.ForwardLetter, dsr.Dutch)
		content.Trust = test.trust
		f := takenApart(t, content, test.header+rest)
		checkHeader(t, f.header, map[string]string{"Reply-To": test.want, "In-Reply-To": "", "Subject": "Doorgestuurd bericht"})
		text := strings.Join(strings.Fields(f.text), " ")
		if strings.Contains(text, "Antwoord gewoon op dit bericht.") != (test.want != "") || strings.Contains(text, "Antwoord niet op dit bericht") != (test.want == "") {
			t.Errorf("%s: the words and the answer part:\n%s", name, f.text)
		}
	}
}

func TestFaultOfReadingTheOriginalIsNoEnd(t *testing.T) {
	fault := errors.New("the network is gone")
	_, err := exampleComposer().Forward(example(dsr.ForwardLetter, dsr.Dutch), iotest.ErrReader(fault))
	if !errors.Is(err, fault) || errors.Is(err, dsr.ErrUnsendable) {
		t.Errorf("the letter would be given up: %v", err)
	}
}

func TestSameOriginalGivesSameForward(t *testing.T) {
	first, again := forwardOf(t, dsr.Dutch, ordinaryMail), forwardOf(t, dsr.Dutch, ordinaryMail)
	if !bytes.Equal(first.message.Raw, again.message.Raw) {
		t.Error("two forwards of one mail differ")
	}
}

// failing is a writer that takes so many bytes and no more.
type failing int

// Write takes what still fits.
func (f *failing) Write(p []byte) (int, error) {
	if *f -= failing(len(p)); *f < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestFaultOfWritingAPartIsReported(t *testing.T) {
	whole := failing(10_000)
	parts := multipart.NewWriter(&whole)
	if err := errors.Join(writeWords(parts, "é\n"), writeOriginal(parts, []byte("é"), true)); err != nil {
		t.Fatal(err)
	}
	for room := range 10_000 - whole {
		left := room
		parts := multipart.NewWriter(&left)
		if err := errors.Join(writeWords(parts, "é\n"), writeOriginal(parts, []byte("é"), true)); err == nil {
			t.Fatalf("with room for %d bytes nothing is reported", room)
		}
	}
}
