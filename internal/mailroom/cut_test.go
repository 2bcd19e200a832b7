package mailroom_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// leaf is one part with a file.
func leaf(kind, encoding, body string) string {
	return "Content-Type: " + kind + "\nContent-Disposition: attachment; filename=\"a.bin\"\nContent-Transfer-Encoding: " + encoding + "\n\n" + body
}

// inBase64 writes a text as a mail program does.
func inBase64(text string) string {
	coded := base64.StdEncoding.EncodeToString([]byte(text))
	var lines []string
	for chunk := range slices.Chunk([]byte(coded), 76) {
		lines = append(lines, string(chunk))
	}
	return strings.Join(lines, "\n")
}

// mixed puts parts between boundaries.
func mixed(boundary string, parts ...string) string {
	mail := "Content-Type: multipart/mixed; boundary=" + boundary + "\n\nvoorwoord\n"
	for _, part := range parts {
		mail += "--" + boundary + "\n" + part + "\n"
	}
	return mail + "--" + boundary + "--\nnawoord\n"
}

// withFiles are mails with files, each built in its own way.
func withFiles() map[string]string {
	text := "Content-Type: text/plain\n\n" + wish
	picture := leaf("image/jpeg", "base64", inBase64(strings.Repeat("foto van een paspoort ", 900)))
	quoted := leaf("image/png", "quoted-printable", "een=20foto=\n die hier verder gaat =3D klaar")
	plain := leaf("image/gif", "7bit", "zomaar wat bytes\n\nmet een lege regel ertussen")
	return map[string]string{
		"one file":                    mixed("b", text, picture),
		"several files":               mixed("b", text, picture, quoted, plain, picture),
		"the file is the mail":        "Subject: x\n" + picture,
		"nested":                      mixed("a", mixed("b", text, mixed("c", quoted, picture)), plain),
		"boundaries that begin alike": mixed("b", mixed("bb", quoted, picture), mixed("b-b", plain), picture),
		"inner boundary forgotten":    mixed("a", strings.ReplaceAll(mixed("b", text, picture), "--b--\nnawoord\n", ""), quoted),
		"last boundary forgotten":     strings.TrimSuffix(mixed("b", text, quoted, picture), "\n--b--\nnawoord\n"),
		"ends in the middle":          strings.TrimSuffix(mixed("b", text, quoted, picture), "g\n--b--\nnawoord\n"),
		"boundary with spaces":        strings.ReplaceAll(mixed("b", quoted, picture), "--b\n", "--b \t\n"),
		"lines like boundaries":       mixed("b", leaf("image/png", "7bit", "--bb\n--b x\n --b\n--\n-\n--b--x"), picture),
		"a mail as a file":            mixed("b", "Content-Type: message/rfc822\n\nSubject: x\n"+mixed("in", picture), quoted),
		"strange base64":              mixed("b", leaf("image/png", "base64", "Zm9*\nv!!YmFy\n==\nmeer"), picture),
		"unknown encoding":            mixed("b", leaf("image/png", "x-uuencode", "begin 644 x"), picture),
		"nothing but a name":          mixed("b", leaf("image/png", "base64", ""), picture),
		"neither name nor bytes":      mixed("b", "Content-Type: image/png\n\n", picture, "Content-Type: image/png\n\n", quoted),
		"nothing before the fence":    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png; name=x\n\n--b\n" + picture + "\n--b--",
		"one endless line":            mixed("b", leaf("image/png", "base64", strings.Repeat("A", 100_000)), picture),
		"no separator":                "Subject: x\nMIME-Version: 1.0\n" + mixed("b", text, picture),
	}
}

// forms gives a mail with each of the line ends that mails come with.
func forms(mail string) map[string][]byte {
	return map[string][]byte{"lf": []byte(mail), "crlf": crlf([]byte(mail))}
}

// attachments reads what is attached to a mail.
func attachments(t *testing.T, raw []byte) []dsr.Attachment {
	t.Helper()
	enquiry, err := reader().Read(bytes.NewReader(raw), receipt())
	if err != nil {
		t.Fatal(err)
	}
	return enquiry.Letter.Attachments
}

// cutOut removes files from a mail.
func cutOut(t *testing.T, raw []byte, files ...int) []byte {
	t.Helper()
	cut, err := mailroom.PlanCut(iotest.OneByteReader(bytes.NewReader(raw)), files)
	if err != nil {
		t.Fatal(err)
	}
	left, err := io.ReadAll(cut.Apply(iotest.HalfReader(bytes.NewReader(raw))))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// sameFiles checks that each file of a mail is opened as it was measured.
func sameFiles(t *testing.T, raw []byte) {
	t.Helper()
	all := attachments(t, raw)
	for i, one := range all {
		file, err := mailroom.OpenFile(bytes.NewReader(raw), i+1)
		if err != nil {
			t.Errorf("file %d: %v", i+1, err)
			continue
		}
		content, err := io.ReadAll(file)
		if err != nil {
			t.Errorf("file %d: %v", i+1, err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != one.SHA256 || int64(len(content)) != one.Size {
			t.Errorf("file %d: %d bytes, measured %d", i+1, len(content), one.Size)
		}
	}
	for _, n := range []int{-1, 0, len(all) + 1} {
		if _, err := mailroom.OpenFile(bytes.NewReader(raw), n); !errors.Is(err, mailroom.ErrNoFile) {
			t.Errorf("file %d of %d: %v", n, len(all), err)
		}
	}
}

// onlyGone checks that cutting one file out of a mail changes nothing else of it.
func onlyGone(t *testing.T, raw []byte, n int) {
	t.Helper()
	before := attachments(t, raw)
	left := cutOut(t, raw, n)
	const line = "Dit bestand is verwijderd. / This file was removed."
	head := commonPrefix(raw, left)
	at := bytes.Index(left[max(0, head-len(line)):], []byte(line)) + max(0, head-len(line))
	tail := left[at+len(line):]
	if before[n-1].Size > 0 && (at < 0 || !bytes.HasPrefix(raw, left[:at]) || !bytes.HasSuffix(raw, tail)) {
		t.Errorf("file %d: more than the file is another", n)
	}
	after := attachments(t, left)
	if len(after) != len(before) {
		t.Fatalf("file %d: %d files are %d", n, len(before), len(after))
	}
	before[n-1], after[n-1] = dsr.Attachment{}, dsr.Attachment{}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("file %d: the others changed:\n%s", n, diff)
	}
	if again := cutOut(t, left, n); !bytes.Equal(again, left) {
		t.Errorf("file %d: cutting it again changes the mail", n)
	}
}

// commonPrefix is how many bytes two mails begin alike.
func commonPrefix(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func TestFileIsOpenedAsItWasMeasured(t *testing.T) {
	for name, mail := range withFiles() {
		for form, raw := range forms(letterHead + mail) {
			t.Run(name+" "+form, func(t *testing.T) {
				if len(attachments(t, raw)) == 0 {
					t.Fatal("the mail has no file")
				}
				sameFiles(t, raw)
			})
		}
	}
}

func TestCuttingOneFileLeavesEveryOtherByte(t *testing.T) {
	for name, mail := range withFiles() {
		for form, raw := range forms(letterHead + mail) {
			t.Run(name+" "+form, func(t *testing.T) {
				for n := range attachments(t, raw) {
					onlyGone(t, raw, n+1)
				}
			})
		}
	}
}

// A line that is longer than any buffer is one line, whatever stands in it.
func TestBoundaryWithinALineIsNone(t *testing.T) {
	for length := 4090; length <= 4100; length++ {
		body := strings.Repeat("x", length) + "--b\nmeer"
		for form, raw := range forms(letterHead + mixed("b", leaf("image/png", "7bit", body))) {
			want := int64(len(body))
			if form == "crlf" {
				want++
			}
			if got := attachments(t, raw); len(got) != 1 || got[0].Size != want {
				t.Errorf("%d %s: %+v, want %d bytes", length, form, got, want)
			}
		}
	}
}

func TestPartWithANameIsAFileWithoutAByteToo(t *testing.T) {
	for mail, want := range map[string]int{"nothing but a name": 2, "neither name nor bytes": 2} {
		if got := attachments(t, []byte(letterHead+withFiles()[mail])); len(got) != want {
			t.Errorf("%s: %+v", mail, got)
		}
	}
}

// What was cut out is nowhere in what is left.
func TestCutFileIsGone(t *testing.T) {
	raw := crlf([]byte(letterHead + withFiles()["several files"]))
	left := cutOut(t, raw, 4, 1, 4)
	coded := []byte(inBase64("foto van een paspoort foto van een paspoort")[:40])
	if bytes.Count(raw, coded) == 0 || bytes.Contains(left, coded) || !bytes.Contains(left, []byte("een=20foto=")) {
		t.Errorf("left is:\n%s", left)
	}
	if got := attachments(t, left); len(got) != 4 {
		t.Errorf("%d files", len(got))
	}
}

func TestFileThatAMailDoesNotHaveIsNotCut(t *testing.T) {
	for name, mail := range map[string]string{
		"no file": letterHead + "\n" + wish, "nothing": "", "two files": letterHead + mixed("b", leaf("image/png", "7bit", "x"), leaf("image/png", "7bit", "y")),
		"a header without end": "X: " + strings.Repeat("x", 300<<10),
	} {
		for _, files := range [][]int{{3}, {1, 2, 3}, {0}, {-1}} {
			if _, err := mailroom.PlanCut(strings.NewReader(mail), files); !errors.Is(err, mailroom.ErrNoFile) {
				t.Errorf("%s %v: %v", name, files, err)
			}
		}
	}
}

func TestFailingStreamCutsNothing(t *testing.T) {
	raw := letterHead + withFiles()["several files"]
	lost := errors.New("lost")
	broken := func(at int) io.Reader {
		return io.MultiReader(strings.NewReader(raw[:at]), iotest.ErrReader(lost))
	}
	whole, err := mailroom.PlanCut(strings.NewReader(raw), []int{1, 4})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 300, len(letterHead) + 200, len(raw) / 2, len(raw) - 40} {
		if _, err := mailroom.PlanCut(broken(at), []int{1, 4}); !errors.Is(err, lost) {
			t.Errorf("broken at %d: %v", at, err)
		}
		if _, err := io.ReadAll(whole.Apply(broken(at))); !errors.Is(err, lost) {
			t.Errorf("applied to a mail that broke at %d: %v", at, err)
		}
		if _, err := io.ReadAll(whole.Apply(strings.NewReader(raw[:at]))); at < len(raw)-60 && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("applied to a mail of %d bytes: %v", at, err)
		}
		if _, err := mailroom.OpenFile(broken(at), 9); !errors.Is(err, lost) {
			t.Errorf("opened in a mail that broke at %d: %v", at, err)
		}
	}
	file, err := mailroom.OpenFile(broken(len(letterHead)+9000), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(file); !errors.Is(err, lost) {
		t.Errorf("a file in a stream that fails ends with %v", err)
	}
}

// A26: a mail of 40 MB costs no more memory than one of 40 bytes, and neither
// parts without end nor nesting without end is followed.
func TestA26LargeMailIsCutWithinLittleMemory(t *testing.T) {
	body := strings.Repeat(strings.Repeat("A", 76)+"\n", 30<<20/77)
	raw := letterHead + mixed("b", leaf("image/png", "base64", body), leaf("image/png", "7bit", "klein"))
	spent := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			cut, err := mailroom.PlanCut(strings.NewReader(raw), []int{1})
			if err != nil {
				b.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, struct{ io.Reader }{cut.Apply(strings.NewReader(raw))}); err != nil || n > 2000 {
				b.Fatalf("%d bytes left, %v", n, err)
			}
		}
	})
	if got := spent.AllocedBytesPerOp(); got > 1<<20 {
		t.Errorf("%d bytes were asked for", got)
	}
	for name, mail := range map[string]string{"parts": letterHead + mixed("b", slices.Repeat([]string{"x"}, 5000)...), "depth": letterHead + nested(5000)} {
		if _, err := mailroom.PlanCut(strings.NewReader(mail), []int{1}); !errors.Is(err, mailroom.ErrNoFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileBeyondTheLimitOfAMailIsCutWhole(t *testing.T) {
	raw := letterHead + mixed("b", leaf("image/png", "7bit", strings.Repeat("paspoort\n", 5<<20)))
	if left := cutOut(t, []byte(raw), 1); bytes.Contains(left, []byte("paspoort")) || len(left) > 2000 {
		t.Errorf("%d bytes left", len(left))
	}
}

func TestEnquirySaysHowLargeTheMailWas(t *testing.T) {
	for _, text := range []string{"", wish, strings.Repeat("x", 70_000)} {
		raw := crlf([]byte(letterHead + "\n" + text))
		if got := read(t, letterHead+"\n"+text); got.Size != int64(len(raw)) {
			t.Errorf("%d bytes, want %d", got.Size, len(raw))
		}
	}
	endless := &zeros{}
	got, err := reader().Read(io.MultiReader(strings.NewReader(letterHead+"\n"), endless), receipt())
	if err != nil || got.Size <= 40<<20 {
		t.Errorf("a mail over 40 MiB has %d bytes (%v)", got.Size, err)
	}
}

func TestCorpusFilesAreOpenedAndCutAsTheyWereMeasured(t *testing.T) {
	files, mails := 0, 0
	corpusMails(t, func(m corpusMail, raw []byte) {
		for form, raw := range map[string][]byte{"as it is": raw, "crlf": crlf(raw)} {
			all := attachments(t, raw)
			t.Run(fmt.Sprint(m.Path, " ", form), func(t *testing.T) {
				sameFiles(t, raw)
				for n := range all {
					onlyGone(t, raw, n+1)
				}
			})
			files += len(all)
		}
		mails++
	})
	t.Logf("%d files in %d mails", files, mails)
	if files < 400 {
		t.Errorf("only %d files", files)
	}
}

func FuzzCut(f *testing.F) {
	for _, mail := range withFiles() {
		f.Add([]byte(letterHead + mail))
	}
	for _, mail := range awkward() {
		f.Add([]byte(letterHead + mail))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		sameFiles(t, raw)
		for n := range min(len(attachments(t, raw)), 3) {
			onlyGone(t, raw, n+1)
		}
	})
}
