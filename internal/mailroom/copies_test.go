package mailroom_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"polarweb.nl/inzage/internal/mailroom"
)

func TestPictureOrPDFMayBeACopy(t *testing.T) {
	const large = 40_000
	for name, test := range map[string]struct {
		fields string
		size   int
		want   bool
	}{
		"a photo":                           {"Content-Type: image/jpeg", large, true},
		"any sort of picture":               {"Content-Type: IMAGE/x-something", large, true},
		"a heic of a telephone":             {"Content-Type: image/heic", large, true},
		"a scan":                            {"Content-Type: image/tiff", large, true},
		"a pdf":                             {"Content-Type: application/pdf", large, true},
		"a pdf by an old name":              {"Content-Type: application/x-pdf; name=a.PDF", large, true},
		"by the ending of its name":         {"Content-Type: application/octet-stream; name=\"Paspoort.HEIC\"", large, true},
		"by its name in the disposition":    {"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=id.jpeg", large, true},
		"the smallest":                      {"Content-Type: image/png; name=a.png", 4096, true},
		"too small to read":                 {"Content-Type: image/png; name=a.png", 4095, false},
		"a logo in the text":                {"Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline", 32<<10 - 1, false},
		"a photo in the text":               {"Content-Type: image/png\nContent-ID: <foto>\nContent-Disposition: inline", 32 << 10, true},
		"inline under a name":               {"Content-Type: image/png; name=pas.png\nContent-ID: <foto>\nContent-Disposition: inline", 5000, true},
		"an id and no disposition":          {"Content-Type: image/png\nContent-ID: <foto>", 5000, true},
		"attached, with an id all the same": {"Content-Type: image/png\nContent-ID: <foto>\nContent-Disposition: attachment", 5000, true},
		"a table":                           {"Content-Type: text/csv; name=a.csv", large, false},
		"bytes of another ending":           {"Content-Type: application/octet-stream; name=a.iso", large, false},
		"a signature":                       {"Content-Type: application/pkcs7-signature; name=smime.p7s", large, false},
		"an agenda":                         {"Content-Type: text/calendar; name=a.ics", large, false},
		"a film":                            {"Content-Type: video/mp4; name=film.mp4", large, false},
	} {
		t.Run(name, func(t *testing.T) {
			mail := letterHead + mixed("b", "Content-Type: text/plain\n\n"+wish, test.fields+"\n\n"+strings.Repeat("x", test.size))
			got := attachments(t, crlf([]byte(mail)))
			if len(got) != 1 || got[0].MayBeCopy != test.want {
				t.Errorf("%+v, want %t", got, test.want)
			}
		})
	}
}

// A picture can come within another file, and a file without saying what it is.
func TestFileThatMayHoldAPictureMayBeACopy(t *testing.T) {
	for name, fields := range map[string]string{
		"a mail":                 "Content-Type: message/rfc822",
		"a mail by its name":     "Content-Type: application/octet-stream; name=brief.eml",
		"a mail of Outlook":      "Content-Type: application/vnd.ms-outlook; name=brief.msg",
		"what Outlook wraps":     "Content-Type: application/ms-tnef; name=winmail.dat",
		"that by its name":       "Content-Type: application/octet-stream; name=WINMAIL.DAT",
		"a letter":               "Content-Type: application/msword; name=brief.doc",
		"a letter by its name":   "Content-Type: application/octet-stream; name=brief.docx",
		"a letter by its type":   "Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"a letter of another":    "Content-Type: application/vnd.oasis.opendocument.text",
		"slides":                 "Content-Type: application/vnd.ms-powerpoint",
		"a sheet":                "Content-Type: application/vnd.ms-excel; name=a.xls",
		"rich text":              "Content-Type: text/rtf; name=a.rtf",
		"an archive":             "Content-Type: application/zip",
		"an archive of Windows":  "Content-Type: application/x-zip-compressed; name=a.zip",
		"an archive by its name": "Content-Type: application/octet-stream; name=kopie.7z",
		"another sort":           "Content-Type: application/vnd.rar",
		"bytes without a name":   "Content-Type: application/octet-stream",
		"bytes without an end":   "Content-Type: application/octet-stream; name=paspoort",
		"bytes with half an end": "Content-Type: application/octet-stream; name=\"paspoort.\"",
	} {
		for size, want := range map[int]bool{4096: true, 4095: false} {
			mail := letterHead + mixed("b", "Content-Type: text/plain\n\n"+wish, fields+"\n\n"+strings.Repeat("x", size))
			got := attachments(t, crlf([]byte(mail)))
			if len(got) != 1 || got[0].MayBeCopy != want {
				t.Errorf("%s of %d bytes: %+v, want %t", name, size, got, want)
			}
		}
	}
}

func TestPicturesAreFoundByTheirContent(t *testing.T) {
	mark := func(start []byte) bool { return bytes.HasPrefix(start, []byte("beeld")) }
	shows, other := inBase64("beeld"+strings.Repeat("x", 5000)), inBase64(strings.Repeat("x", 5000))
	raw := crlf([]byte(letterHead + mixed("b", "Content-Type: text/plain\n\nbeeld",
		leaf("image/png", "base64", other), leaf("application/pdf", "base64", shows), leaf("image/png", "base64", inBase64("beeld")),
		leaf("text/csv", "base64", shows), mixed("c", leaf("image/gif", "base64", shows)), leaf("image/png", "base64", ""))))
	for _, want := range [][]int{{2, 5}, {5}, nil} {
		got, err := mailroom.Pictures(iotest.OneByteReader(bytes.NewReader(raw)), mark)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v (%v), want %v", got, err, want)
		}
		if len(want) > 0 { // what was cut out shows nothing
			raw = cutOut(t, raw, want[0])
		}
	}
	broken := errors.New("S3 breaks off")
	if got, err := mailroom.Pictures(io.MultiReader(bytes.NewReader(raw), iotest.ErrReader(broken)), mark); !errors.Is(err, broken) || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}
