package idcopy

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// canary is planted wherever a file can hold more than pixels.
const canary = "CANARY 52.3702N 4.8952E 123456782"

// planted are files with canaries, by their places.
func planted() map[string][]byte {
	exif := append(append([]byte("Exif\x00\x00"), oriented(1)...), canary...)
	thumbnail := append(slices.Clone(exif), cardJPEG()...)
	app := func(n byte, text string) []byte {
		return behindStart(cardJPEG(), segment(nil, markerAPP0+n, []byte(text+canary)))
	}
	text := func(name, text string) []byte {
		return behindHeader(cardPNG(), chunk(name, []byte(text+canary)))
	}
	return map[string][]byte{
		"jpeg: comment":            behindStart(cardJPEG(), segment(nil, markerCOM, []byte(canary))),
		"jpeg: exif":               behindStart(cardJPEG(), segment(nil, markerAPP1, exif)),
		"jpeg: exif thumbnail":     behindStart(cardJPEG(), segment(nil, markerAPP1, thumbnail)),
		"jpeg: xmp":                app(1, "http://ns.adobe.com/xap/1.0/\x00"),
		"jpeg: profile":            app(2, "ICC_PROFILE\x00\x01\x01"),
		"jpeg: several pictures":   app(2, "MPF\x00"),
		"jpeg: photoshop":          app(13, "Photoshop 3.0\x00"),
		"jpeg: thumbnail of jfif":  app(0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x05\x05"),
		"jpeg: behind adobe":       app(14, "Adobe\x00\x64\x00\x00\x00\x00\x01"),
		"jpeg: unknown":            app(9, ""),
		"jpeg: behind the end":     append(cardJPEG(), canary...),
		"jpeg: behind the scan":    slices.Concat(cardJPEG()[:len(cardJPEG())-2], segment(nil, markerCOM, []byte(canary)), []byte{0xff, markerEOI}),
		"jpeg: a zip behind it":    append(cardJPEG(), "PK\x03\x04"+canary...),
		"png: text":                text("tEXt", "Comment\x00"),
		"png: international text":  text("iTXt", "Comment\x00\x00\x00\x00\x00"),
		"png: compressed text":     behindHeader(cardPNG(), chunk("zTXt", append([]byte("Comment\x00\x00"), deflated([]byte(canary))...))),
		"png: profile":             behindHeader(cardPNG(), chunk("iCCP", append([]byte(canary+"\x00\x00"), deflated([]byte(canary))...))),
		"png: exif":                text("eXIf", string(oriented(1))),
		"png: time":                text("tIME", ""),
		"png: unknown":             text("prVt", ""),
		"png: a broken checksum":   behindHeader(cardPNG(), append(chunk("tEXt", []byte(canary))[:12+len(canary)-4], 1, 2, 3, 4)),
		"png: a second frame":      text("fdAT", "\x00\x00\x00\x01"),
		"png: behind the end":      append(cardPNG(), canary...),
		"png: a page behind it":    append(cardPNG(), "<script>"+canary...),
		"png: an archive behind":   append(cardPNG(), "PK\x03\x04"+canary...),
		"png: hidden under alpha":  quarters{depth: 8, colour: 6, pixels: [4]string{"1000", "0101", "0010", "0011"}, extra: chunk("tEXt", []byte(canary))}.bytes(false),
		"png: between header and":  behindHeader(cardPNG(), slices.Concat(chunk("gAMA", []byte(canary)), chunk("cHRM", []byte(canary)))),
		"jpeg: progressive":        behindStart(sketch{cardWidth, cardHeight, []func(x, y int) byte{func(x, _ int) byte { return byte(x) }}, true, nil, 0, 0}.bytes(), segment(nil, markerCOM, []byte(canary))),
		"jpeg: a lying extra jfif": behindStart(app(0, "JFXX\x00\x10"), segment(nil, markerAPP0, []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"))),
	}
}

func TestOnlyPixelsAreLeft(t *testing.T) {
	for place, file := range planted() {
		t.Run(place, func(t *testing.T) {
			p := look(t, file)
			preview, err := Blur(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, written := range [][]byte{p.JPEG, preview} {
				if bytes.Contains(written, []byte("CANARY")) {
					t.Error("the canary is in what was written")
				}
				if names := markersOf(t, written); !slices.Equal(names, []byte{
					markerDQT, markerSOF0, markerDHT, markerSOS, markerEOI,
				}) {
					t.Errorf("the markers are %x: there is more than tables and pixels", names)
				}
			}
		})
	}
}

func TestMetadataNeverReachesADecoder(t *testing.T) {
	for place, file := range planted() {
		t.Run(place, func(t *testing.T) {
			kind, err := kindOf(file)
			if err != nil {
				t.Fatal(err)
			}
			found, err := shipped().examined(kind, file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(found.lean, []byte("CANARY")) {
				t.Error("the decoder is handed the canary")
			}
		})
	}
}

// markersOf lists the markers of a JPEG, of which the last must end the file.
func markersOf(t *testing.T, file []byte) []byte {
	t.Helper()
	var markers []byte
	rest := file[2:]
	for len(rest) >= 2 && rest[0] == 0xff {
		marker := rest[1]
		markers = append(markers, marker)
		if marker == markerEOI {
			if len(rest) > 2 {
				t.Error("there is something behind the end")
			}
			return markers
		}
		rest = rest[2+binary.BigEndian.Uint16(rest[2:]):]
		if marker == markerSOS {
			rest = rest[bytes.LastIndexByte(rest, 0xff):]
		}
	}
	t.Error("the file does not end")
	return markers
}
