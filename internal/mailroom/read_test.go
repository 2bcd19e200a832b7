package mailroom_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// reader reads with the test settings.
func reader() mailroom.Reader { return mailroom.Reader{Settings: settings()} }

func TestOnlyAFailingStreamIsAnError(t *testing.T) {
	broken := errors.New("connection lost")
	whole := letterHead + "Subject: Vraag\n" + attached(wish, "brief.pdf")
	for _, at := range []int{0, 10, len(letterHead) + 40, len(whole) - 3, len(whole)} {
		stream := io.MultiReader(strings.NewReader(whole[:at]), iotest.ErrReader(broken))
		got, err := reader().Read(stream, receipt())
		if !errors.Is(err, broken) {
			t.Errorf("broken after %d bytes: error %v", at, err)
		}
		if diff := cmp.Diff(dsr.Enquiry{}, got); diff != "" {
			t.Errorf("broken after %d bytes: something is said about a mail that was not read: %s", at, diff)
		}
	}
}

func TestErrorHoldsNothingOfTheMail(t *testing.T) {
	stream := io.MultiReader(strings.NewReader(letterHead), iotest.ErrReader(errors.New("lost")))
	if _, err := reader().Read(stream, receipt()); err == nil || strings.Contains(err.Error(), "jan@") || !strings.Contains(err.Error(), "mail1") {
		t.Errorf("error %v", err)
	}
}

func TestReadingInSmallPiecesChangesNothing(t *testing.T) {
	mail := string(crlf([]byte(letterHead + "Subject: Vraag\n" + attached(wish, "brief.pdf"))))
	want, err := reader().Read(strings.NewReader(mail), receipt())
	if err != nil {
		t.Fatal(err)
	}
	got, err := reader().Read(iotest.OneByteReader(strings.NewReader(mail)), receipt())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRawHashIsOfTheWholeMail(t *testing.T) {
	for name, mail := range map[string]string{
		"with parts after the last boundary": letterHead + attached(wish, "a.pdf") + strings.Repeat("afterwards\n", 10_000),
		"too many parts":                     letterHead + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 5000),
		"no header":                          "\n\n\n",
	} {
		raw := crlf([]byte(mail))
		if got := read(t, mail); got.RawHash != sha256.Sum256(raw) {
			t.Errorf("%s: hash of something else", name)
		}
	}
}

// zeros is a mail that never ends.
type zeros struct{ given int64 }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.given += int64(len(p))
	return len(p), nil
}

func TestMailBeyondTheLimitIsNotReadToItsEnd(t *testing.T) {
	endless := &zeros{}
	got, err := reader().Read(io.MultiReader(strings.NewReader(letterHead+"\n"), endless), receipt())
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != dsr.KindUnreadable || got.Reason != "too-large" {
		t.Errorf("%s (%s)", got.Kind, got.Reason)
	}
	if endless.given > 41<<20 {
		t.Errorf("%d bytes read of a mail without end", endless.given)
	}
}

func TestMessageKeyNamesOneMailOfOneSender(t *testing.T) {
	mail := func(from, id string) dsr.Enquiry {
		return read(t, "From: "+from+"\nMessage-ID: "+id+"\nSubject: x\n\n"+wish)
	}
	first := mail("Jan <jan@klant.example>", "<abc@klant.example>")
	for name, same := range map[string]dsr.Enquiry{
		"other name, case of the domain": mail("\"J. Jansen\" <jan@KLANT.example>", "<abc@klant.example>"),
		"without brackets":               mail("jan@klant.example", " abc@klant.example "),
	} {
		if same.MessageKey != first.MessageKey {
			t.Errorf("%s: another key", name)
		}
	}
	for name, other := range map[string]dsr.Enquiry{
		"other id":            mail("jan@klant.example", "<abd@klant.example>"),
		"other sender":        mail("piet@klant.example", "<abc@klant.example>"),
		"local part in caps":  mail("Jan@klant.example", "<abc@klant.example>"),
		"moved between parts": mail("jan@klant.exampl", "<eabc@klant.example>"),
	} {
		if other.MessageKey == first.MessageKey {
			t.Errorf("%s: the same key", name)
		}
	}
	if got := mail("jan@klant.example", ""); got.MessageKey != [32]byte{} {
		t.Error("a key without a Message-ID")
	}
	if got := mail("", "<abc@klant.example>"); got.MessageKey != [32]byte{} {
		t.Error("a key without a sender")
	}
}

func FuzzRead(f *testing.F) {
	for _, mail := range awkward() {
		f.Add([]byte(letterHead + "Subject: x\n" + mail))
	}
	f.Add([]byte(letterHead + nested(60)))
	f.Add([]byte(letterHead + attached(wish, "a.pdf")))
	f.Add([]byte("From: a:b@c;\nFrom : \"a@b\" <c@d>\nReply-To: x@y\nAuthentication-Results: (\\(\"; dmarc=pass\nReceived: from (x by y;\n\nOp 3 mrt schreef\n"))
	f.Fuzz(func(t *testing.T, mail []byte) {
		for _, copied := range []bool{true, false} {
			s := settings()
			s.Copy = copied
			got, err := mailroom.Reader{Settings: s}.Read(strings.NewReader(string(mail)), receipt())
			if err != nil {
				t.Fatal(err)
			}
			if got.Kind == "" || got.Reason == "" || got.Trust.Level == "" || got.Language == "" {
				t.Errorf("nothing said: %+v", got)
			}
			if got.Kind != dsr.KindRequest && len(got.Rights) > 0 || got.Kind == dsr.KindRequest && len(got.Rights) == 0 {
				t.Errorf("kind %s with rights %v", got.Kind, got.Rights)
			}
			if len(got.Letter.Text) > 1<<20+1000 || strings.ContainsAny(got.Letter.Address+got.Letter.SubjectLine+got.Letter.Name, "\r\n\x00") {
				t.Error("a field that no page or header can carry")
			}
			if got.ReceivedAt.After(takenIn) {
				t.Error("received after it was taken in")
			}
		}
	})
}
