package idcopy

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// sniffed is how much of a file is looked at to tell what it is. Readers of PDF
// accept its mark anywhere in the first 1,024 bytes, so it is sought there.
const sniffed = 1024

// signature is a text that files of one kind begin with.
type signature struct {
	at   int
	mark string
	word Refusal
}

// signatures are those of the kinds that are known and not read.
func signatures() []signature {
	return []signature{
		{0, "GIF87a", GIF},
		{0, "GIF89a", GIF},
		{8, "WEBP", WebP}, // after RIFF and a length
		{0, "II*\x00", TIFF},
		{0, "MM\x00*", TIFF},
		{0, "PK\x03\x04", Zip},
		{0, "PK\x05\x06", Zip}, // one without files
	}
}

// kindOf tells what a file is by its content. Names and headers come from the
// sender and count for nothing. A kind that is not read is a Refusal.
func kindOf(file []byte) (Kind, error) {
	start := string(file[:min(len(file), sniffed)])
	switch {
	case strings.HasPrefix(start, "\xff\xd8\xff"):
		return JPEG, nil
	case strings.HasPrefix(start, pngSignature):
		return PNG, nil
	}
	for _, s := range signatures() {
		if len(start) >= s.at && strings.HasPrefix(start[s.at:], s.mark) {
			return "", s.word
		}
	}
	switch {
	case strings.HasPrefix(start[min(4, len(start)):], "ftyp"):
		return "", brandOf(start)
	case strings.Contains(start, "%PDF-"):
		return "", PDF
	case isText(start):
		return "", refusedText(start)
	}
	return "", Unknown
}

// Readable reports whether a file that begins so is of a kind that is read, whatever
// else is wrong with it.
func Readable(start []byte) bool {
	_, err := kindOf(start)
	return err == nil
}

// brandOf tells the pictures in an ISO media file apart by the brands in its
// first box (ISO/IEC 14496-12, 4.3): the major one, then the compatible ones. A
// film has neither.
func brandOf(start string) Refusal {
	box := int(start[2])<<8 | int(start[3])
	brands := start[8:max(8, min(box, len(start)))]
	for len(brands) >= 4 {
		switch brands[:4] {
		case "avif", "avis":
			return AVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			return HEIC
		}
		brands = brands[4:]
	}
	return Unknown
}

// isText says whether the start of a file reads as text. Where it was cut off
// from more, the cut may go through a character of up to four bytes.
func isText(start string) bool {
	for i, r := range start {
		cut := len(start) == sniffed && len(start)-i < utf8.UTFMax
		if r == utf8.RuneError && !cut || r < ' ' && !strings.ContainsRune("\t\n\r\f", r) {
			return false
		}
	}
	return true
}

// refusedText tells a drawing in XML from other text.
func refusedText(start string) Refusal {
	if bytes.Contains(bytes.ToLower([]byte(start)), []byte("<svg")) {
		return SVG
	}
	return Text
}
