package mailroom_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

const wish = "Ik wil mijn gegevens inzien."

// awkward are mails as they come: each broken or built in its own way, each
// with the words of a request, which must be found all the same.
func awkward() map[string]string {
	return map[string]string{
		"plain without content type":   "\n" + wish,
		"no separator before the text": wish,
		"quoted-printable": "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGeachte, caf=E9.\n" +
			"Ik wil mijn gegevens in=\nzien.",
		"quoted-printable with a stray equals sign": "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\na = b =zz\n" + wish,
		"base64":                         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSWsgd2lsIG1pam4gZ2Vn\nZXZlbnMgaW56aWVuLg==\n",
		"base64 with strange bytes":      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSWsgd2lsIG1p!am4gZ2Vn\n*ZXZlbnMgaW56aWVuLg==\n-- list footer\n",
		"base64 cut off":                 "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSWsgd2lsIG1pam4gZ2VnZXZlbnMgaW56aWVuLiB\n",
		"utf-16":                         "Content-Type: text/plain; charset=utf-16\n\n\xfe\xff" + utf16(wish),
		"windows-1252 that says nothing": "Content-Type: text/plain\n\nCaf\xe9. " + wish,
		"unknown charset":                "Content-Type: text/plain; charset=x-klingon\n\n" + wish,
		"format=flowed":                  "Content-Type: text/plain; format=flowed\n\nIk wil \nmijn gegevens \ninzien.",
		"html only": "Content-Type: text/html; charset=utf-8\n\n<html><head><title>x</title><style>p{}</style></head><body>" +
			"<p>Ik wil <b>mijn&nbsp;gegevens</b> in<i>zien</i>.</p><script>x</script></body></html>",
		"html that never ends":          "Content-Type: text/html\n\n<div><p>" + wish + "<a href=\"",
		"alternative, html only filled": "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>" + wish + "</p>\n--b--\n",
		"no last boundary":              "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + wish,
		"broken boundary":               "Content-Type: multipart/mixed; boundary=\"b\"\n\n--c\nContent-Type: text/plain\n\n" + wish + "\n--c--\n",
		"no boundary parameter":         "Content-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\n" + wish + "\n--b--\n",
		"broken part header":            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + wish + "\n--b\nthis is no header\n\nmore\n--b--\n",
		"doubled parameter":             "Content-Type: text/plain; charset=utf-8; charset=utf-8; x\n\n" + wish,
		"nested": "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n" +
			"--c\nContent-Type: text/plain\n\n" + wish + "\n--c\nContent-Type: text/html\n\n<p>x</p>\n--c--\n--b--\n--a--\n",
		"outlook reply":                         "Content-Type: text/plain\n\n" + wish + "\n\nVan: PolarWeb <info@polarweb.example>\nVerzonden: maandag\nAan: Jan\nOnderwerp: Aanbieding\n\nWij hebben een aanbieding voor u.\n",
		"gmail reply":                           "Content-Type: text/html\n\n<div>" + wish + "</div><div class=gmail_quote><div>On Mon, 2 Mar 2026, PolarWeb wrote:</div><blockquote>Een aanbieding</blockquote></div>",
		"byte order mark and invisible letters": "Content-Type: text/plain; charset=utf-8\n\n\ufeffIk wil mijn ge\u00adge\u200bvens inzien.",
	}
}

// utf16 writes ASCII text as UTF-16, high byte first. Line ends are left out of
// it, since the test turns them into two bytes.
func utf16(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		out.WriteByte(0)
		out.WriteByte(b)
	}
	return out.String()
}

func TestAwkwardMailIsStillUnderstood(t *testing.T) {
	for name, mail := range awkward() {
		got := read(t, letterHead+"Subject: Vraag\n"+mail)
		if got.Kind != dsr.KindRequest || !has(got.Rights, dsr.Access) {
			t.Errorf("%s: %s (%s), text %q", name, got.Kind, got.Reason, got.Letter.Text)
		}
	}
}

func TestWhatCannotBeReadGoesToAPerson(t *testing.T) {
	for name, c := range map[string]struct{ mail, reason string }{
		"nothing at all":        {"", "no-header"},
		"only text":             {"zomaar een regel\nzonder kop\n", "no-header"},
		"no sender":             {"To: info@polarweb.example\nSubject: x\n\n" + wish, "no-sender"},
		"unreadable sender":     {"From: <>\nSubject: x\n\n" + wish, "no-sender"},
		"empty":                 {letterHead + "\n\n \n", "empty"},
		"empty html":            {letterHead + "Content-Type: text/html\n\n<p>&nbsp;</p><img src=x>", "empty"},
		"broken boundary":       {letterHead + "Content-Type: multipart/mixed; boundary=b\n\n--c\n\nGoedemorgen allemaal, tot donderdag.\n--c--\n", "bad-structure"},
		"unknown charset":       {letterHead + "Content-Type: text/plain; charset=x-klingon\n\nGoedemorgen allemaal, tot donderdag.", "unknown-charset"},
		"forbidden charset":     {letterHead + "Content-Type: text/plain; charset=hz-gb-2312\n\nGoedemorgen allemaal, tot donderdag.", "unknown-charset"},
		"pgp":                   {letterHead + "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n", "encrypted"},
		"pgp in the text":       {letterHead + "\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "encrypted"},
		"s/mime":                {letterHead + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAG\n", "encrypted"},
		"scan without a word":   {letterHead + attached("", "brief.pdf"), "only-attachments"},
		"scan with two words":   {letterHead + attached("Zie bijlage.", "brief.pdf"), "only-attachments"},
		"header without end":    {letterHead + "X-Long: " + strings.Repeat("x", 300<<10) + "\n\n" + wish, "too-large"},
		"text too long to read": {letterHead + "\n" + strings.Repeat("Goedemorgen allemaal, tot donderdag.\n", 10_000), "too-large"},
		"thousands of parts":    {letterHead + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 5000) + "--b--\n", "too-many-parts"},
		"deep nesting":          {letterHead + nested(200), "too-many-parts"},
	} {
		got := read(t, c.mail)
		if got.Kind != dsr.KindUnreadable || got.Reason != c.reason {
			t.Errorf("%s: %s (%s), want %s", name, got.Kind, got.Reason, c.reason)
		}
	}
}

// attached is a mail with a text and one file.
func attached(text, name string) string {
	return "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + text +
		"\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"" + name +
		"\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n--b--\n"
}

// nested is a mail with one multipart inside the other, none of which ends.
func nested(depth int) string {
	mail := "Content-Type: multipart/mixed; boundary=b0\n\n"
	for i := range depth {
		mail += fmt.Sprintf("--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	return mail
}

func TestVirusIsNeverOpened(t *testing.T) {
	for _, verdict := range []string{"FAIL", "fail", "PROCESSING_FAILED"} {
		seen := receipt()
		seen.Virus = verdict
		got := readWith(t, reader(), letterHead+"Subject: x\n"+attached(wish, "brief.pdf"), seen)
		if got.Kind != dsr.KindUnreadable || got.Reason != "virus" || got.Letter.Text != "" || len(got.Letter.Attachments) != 0 {
			t.Errorf("%s: %s (%s) %+v", verdict, got.Kind, got.Reason, got.Letter)
		}
		if got.RawHash == [32]byte{} || got.Letter.Address != "jan@klant.example" {
			t.Errorf("%s: a person must still know which mail it was", verdict)
		}
	}
	seen := receipt()
	seen.Virus = "FAIL"
	for _, head := range []string{"Subject: " + wish + "\n", "Auto-Submitted: auto-replied\n"} {
		if got := readWith(t, reader(), letterHead+head+"\nx", seen); got.Kind != dsr.KindUnreadable || got.Reason != "virus" {
			t.Errorf("%q: %s (%s)", head, got.Kind, got.Reason)
		}
	}
	seen.Virus = "GRAY"
	if got := readWith(t, reader(), letterHead+"\n"+wish, seen); got.Kind != dsr.KindRequest {
		t.Errorf("GRAY: %s (%s)", got.Kind, got.Reason)
	}
}

func TestSpamVerdictSendsARequestToAPerson(t *testing.T) {
	seen := receipt()
	seen.Spam = "FAIL"
	got := readWith(t, reader(), letterHead+"\n"+wish, seen)
	if got.Kind != dsr.KindUnreadable || got.Reason != "maybe-request" || got.Trust.Answerable() {
		t.Errorf("%s (%s), level %s", got.Kind, got.Reason, got.Trust.Level)
	}
}

func TestAttachmentsAreMeasuredAndNamed(t *testing.T) {
	got := read(t, letterHead+attached("Hierbij mijn brief. "+wish, "brief.pdf"))
	sum := sha256.Sum256([]byte("%PDF-1.4"))
	want := dsr.Attachment{Name: "brief.pdf", MediaType: "application/pdf", Size: 8, SHA256: hex.EncodeToString(sum[:])}
	if len(got.Letter.Attachments) != 1 || got.Letter.Attachments[0] != want {
		t.Errorf("%+v, want %+v", got.Letter.Attachments, want)
	}
	if got.Kind != dsr.KindRequest {
		t.Errorf("%s (%s)", got.Kind, got.Reason)
	}
}

func TestFileNamesAreOnlyNames(t *testing.T) {
	for written, want := range map[string]string{
		"../../etc/passwd":                     "passwd",
		`C:\\Users\\jan\\brief.pdf`:            "brief.pdf",
		"brief\u202efdp.exe":                   "brieffdp.exe",
		"=?utf-8?q?a=09b=01c.pdf?=":            "a bc.pdf",
		"..":                                   "",
		"=?utf-8?q?caf=C3=A9.pdf?=":            "café.pdf",
		strings.Repeat("é", 100) + ".pdf":      strings.Repeat("é", 60),
		"=?utf-8?b?Li4vLi4vZXRjL3Bhc3N3ZA==?=": "passwd",
	} {
		got := read(t, letterHead+attached("Tot ziens, groet van Jan Jansen.", written))
		if len(got.Letter.Attachments) != 1 || got.Letter.Attachments[0].Name != want {
			t.Errorf("%q became %+v, want %q", written, got.Letter.Attachments, want)
		}
	}
}

func TestSubjectIsDecodedAndHarmless(t *testing.T) {
	for written, want := range map[string]string{
		"=?UTF-8?B?SW56YWdl4oCm?= mijn =?iso-8859-1?q?gegevens_=E9?=": "Inzage… mijn gegevens é",
		"Vraag: één":               "Vraag: één",
		"=?x-klingon?q?abc?=":      "=?x-klingon?q?abc?=",
		"=?utf-8?q?a=0D=0AB: c?=":  "a B: c",
		"=?utf-8?q?=E2=80=AEabc?=": "abc",
		"caf\xe9":                  "café",
	} {
		if got := readText(t, written, "x"); got.Letter.SubjectLine != want {
			t.Errorf("%q became %q, want %q", written, got.Letter.SubjectLine, want)
		}
	}
}

func TestTextIsKeptWholeAndClean(t *testing.T) {
	got := readText(t, "x", "Hallo\x00\x1b[31m\n\n> oud\n\n-- \nJan \u202eneb")
	if want := "Hallo[31m\n\n> oud\n\n-- \nJan neb"; got.Letter.Text != want {
		t.Errorf("%q, want %q", got.Letter.Text, want)
	}
}

func TestRequestInsideTheLimitIsFoundInALongText(t *testing.T) {
	got := read(t, letterHead+"\n"+wish+"\n"+strings.Repeat("Nog veel meer tekst hieronder.\n", 20_000))
	if got.Kind != dsr.KindRequest || !got.Letter.Truncated || len(got.Letter.Text) > 256<<10 {
		t.Errorf("%s (%s), %d bytes, truncated %v", got.Kind, got.Reason, len(got.Letter.Text), got.Letter.Truncated)
	}
}

func TestTextOfOneMailIsBounded(t *testing.T) {
	leaf := "--b\nContent-Type: text/plain\n\n" + strings.Repeat("Goedemorgen allemaal, tot donderdag.\n", 6500)
	got := read(t, letterHead+"Content-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat(leaf, 8)+"--b--\n")
	if len(got.Letter.Text) > 1<<20+8 || len(got.Letter.Text) < 1<<19 || !got.Letter.Truncated {
		t.Errorf("%d bytes of text, truncated %v", len(got.Letter.Text), got.Letter.Truncated)
	}
}
