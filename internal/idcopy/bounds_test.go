package idcopy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// halved is a grey PNG of a size, half black and half white, of few bytes.
func halved(width, height int) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		if i%width < width/2 {
			img.Pix[i] = 255
		}
	}
	return pngOf(img)
}

// claimed is a file whose frame says another size than it has.
func claimed(file []byte, width, height int) []byte {
	file = slices.Clone(file)
	for _, marker := range []byte{markerSOF0, markerSOF2} {
		if at := bytes.Index(file, []byte{0xff, marker, 0}); at >= 0 {
			binary.BigEndian.PutUint16(file[at+5:], uint16(height))
			binary.BigEndian.PutUint16(file[at+7:], uint16(width))
		}
	}
	return file
}

func TestSizeOfTheFileIsBounded(t *testing.T) {
	most := make([]byte, MaxBytes)
	copy(most, cardJPEG())
	look(t, most) // what stands behind the end mark does not count
	refused(t, append(most, 0), TooLarge)
}

func TestTooLargeFileIsNotEvenRead(t *testing.T) {
	r := strings.NewReader("unread")
	if _, err := Inspect(t.Context(), r, MaxBytes+1); !errors.Is(err, TooLarge) || r.Len() != len("unread") {
		t.Errorf("Inspect() = %v, with %d bytes left", err, r.Len())
	}
}

func TestFileOfUnknownSizeIsBoundedWhileItIsRead(t *testing.T) {
	if _, err := Inspect(t.Context(), bytes.NewReader(cardJPEG()), -1); err != nil {
		t.Errorf("Inspect() = %v", err)
	}
	endless := bytes.NewReader(make([]byte, 3*MaxBytes))
	if _, err := Inspect(t.Context(), endless, -1); !errors.Is(err, TooLarge) || endless.Len() < MaxBytes {
		t.Errorf("Inspect() = %v, with %d bytes left", err, endless.Len())
	}
	if _, err := Inspect(t.Context(), strings.NewReader(""), -1); !errors.Is(err, Empty) {
		t.Errorf("Inspect() = %v, want %v", err, Empty)
	}
}

func TestTooSmallToShowADocument(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {299, 180}, {299, 299}, {300, 179}, {179, 300}, {4000, 100}} {
		refused(t, halved(size.X, size.Y), TooSmall)
		refused(t, jpegOf(card(size.X, size.Y)), TooSmall)
	}
	for _, size := range []image.Point{{300, 180}, {180, 300}} {
		look(t, halved(size.X, size.Y))
		look(t, jpegOf(card(size.X, size.Y)))
	}
}

func TestPixelsAreBounded(t *testing.T) {
	look(t, halved(8000, 5000))
	look(t, halved(12_000, 180))
	for _, size := range []image.Point{{8001, 5000}, {12_001, 180}, {180, 12_001}, {30_000, 30_000}, {65_535, 65_535}} {
		refused(t, claimed(cardJPEG(), size.X, size.Y), TooManyPixels)
		refused(t, claimedPNG(size.X, size.Y, 1, 0, 0), TooManyPixels)
	}
	refused(t, claimedPNG(0x7fffffff, 300, 16, 6, 1), TooManyPixels)
	refused(t, claimedPNG(0x7fffffff, 0x7fffffff, 16, 6, 1), Unsupported) // more than can be counted
	refused(t, claimedPNG(0x80000000, 300, 1, 0, 0), Damaged)             // no such PNG
}

// claimedPNG is a PNG of a claimed size with next to no data.
func claimedPNG(width, height, depth, colour, interlaced int) []byte {
	return slices.Concat([]byte(pngSignature), header(width, height, depth, colour, interlaced),
		chunk("IDAT", deflated(make([]byte, 5000))), chunk("IEND", nil))
}

func TestSizesThatTheBytesCannotFillAreNotDecoded(t *testing.T) {
	for name, file := range map[string][]byte{
		"jpeg":             claimed(cardJPEG(), 8000, 5000),
		"progressive jpeg": claimed(sketch{width: 400, height: 240, levels: []func(x, y int) byte{flatLevel}, progressive: true}.bytes(), 8000, 5000),
		"png":              claimedPNG(8000, 5000, 8, 2, 0),
		"deep png":         claimedPNG(7000, 5000, 16, 6, 0),
		"interlaced png":   claimedPNG(8000, 5000, 1, 0, 1),
	} {
		t.Run(name, func(t *testing.T) {
			bytes := allocated(func() { refused(t, file, Damaged) })
			if bytes > 256<<10 {
				t.Errorf("refusing %d bytes took %d bytes of memory", len(file), bytes)
			}
		})
	}
}

func TestReachOfAPNGIsThatOfItsCompression(t *testing.T) {
	const pixels = 4 << 20
	for name, sort := range map[string]struct{ depth, colour, bits byte }{
		"black and white": {1, 0, 1}, "grey": {8, 0, 8}, "colours": {8, 2, 24}, "palette": {4, 3, 4},
		"deep grey with alpha": {16, 4, 32}, "colours with alpha": {8, 6, 32},
	} {
		data := int64(len(deflated(make([]byte, pixels*int(sort.bits)/8))))
		found, err := drawing{}.measured([]byte{0, 0, 0, 0, 0, 0, 0, 0, sort.depth, sort.colour, 0, 0, 0}, data)
		if err != nil || found.reach < pixels || found.reach > pixels*11/10 {
			t.Errorf("%s: %d bytes are reckoned to reach %d pixels, %v, want %d", name, data, found.reach, err, pixels)
		}
	}
}

// flatLevel is a component of one level.
func flatLevel(int, int) byte { return 200 }

func TestWhatDecodingWouldTakeIsBounded(t *testing.T) {
	frame := func(marker byte, width, height int, sampling ...byte) []byte {
		payload := []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), byte(len(sampling))}
		for i, s := range sampling {
			payload = append(payload, byte(i+1), s, 0)
		}
		scan := []byte{1, 1, 0, 0, 0, 0}
		return append(segment(segment([]byte{0xff, 0xd8}, marker, payload), markerSOS, scan), 0xff, markerEOI)
	}
	// Damaged says that the size passed, and that there are no pixels.
	for name, file := range map[string]struct {
		bytes []byte
		want  Refusal
	}{
		"plain, 40 megapixels":                     {frame(markerSOF0, 8000, 5000, 0x11, 0x11, 0x11), Damaged},
		"progressive as phones do":                 {frame(markerSOF2, 8000, 5000, 0x22, 0x11, 0x11), Damaged},
		"progressive, all colours whole":           {frame(markerSOF2, 8000, 5000, 0x11, 0x11, 0x11), TooManyPixels},
		"progressive, all colours whole, fewer":    {frame(markerSOF2, 7000, 4000, 0x11, 0x11, 0x11), Damaged},
		"progressive with four colours":            {frame(markerSOF2, 6000, 4000, 0x11, 0x11, 0x11, 0x11), TooManyPixels},
		"progressive with four colours, fewer":     {frame(markerSOF2, 5000, 4000, 0x11, 0x11, 0x11, 0x11), Damaged},
		"png with 16 bits":                         {claimedPNG(8000, 5000, 16, 6, 0), Damaged},
		"png with 16 bits, interlaced":             {claimedPNG(8000, 5000, 16, 6, 1), TooManyPixels},
		"png with 16 bits, interlaced, less of it": {claimedPNG(8000, 4000, 16, 6, 1), Damaged},
	} {
		t.Run(name, func(t *testing.T) { refused(t, file.bytes, file.want) })
	}
}

func TestDecodingTakesNoMoreMemoryThanWasReckoned(t *testing.T) {
	const width, height, spare = 1200, 800, 256 << 10
	ramp := func(x, _ int) byte { return byte(x) }
	levels := []func(x, y int) byte{ramp, ramp, ramp, ramp}
	adobe := []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")
	files := map[string][]byte{"jpeg": jpegOf(card(width, height)), "png": pngOf(card(width, height))}
	for _, n := range []int{1, 3, 4} {
		files[fmt.Sprint("jpeg ", n)] = sketch{width, height, levels[:n], false, adobe, 0, 0}.bytes()
		files[fmt.Sprint("progressive ", n)] = sketch{width, height, levels[:n], true, adobe, 0, 0}.bytes()
	}
	files["deep png"] = pngOf(image.NewNRGBA64(image.Rect(0, 0, width, height)))
	files["interlaced png"] = quarters{depth: 8, colour: 0, pixels: [4]string{"0", "1", "1", "0"}, extra: chunk("tRNS", []byte{0, 0})}.bytes(true)
	files["deep interlaced png"] = quarters{depth: 16, colour: 6, pixels: [4]string{"0101", "1111", "0000", "0001"}}.bytes(true)
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			kind, err := kindOf(file)
			if err != nil {
				t.Fatal(err)
			}
			found, err := shipped().examined(kind, file)
			if err != nil {
				t.Fatal(err)
			}
			var img image.Image
			taken := allocated(func() { img, err = found.decoded(t.Context()) })
			if err != nil {
				t.Fatal(err)
			}
			size := img.Bounds().Size()
			if reckoned := int64(size.X*size.Y) * found.cost / 8; taken > reckoned+spare {
				t.Errorf("decoding took %d bytes, reckoned %d", taken, reckoned)
			}
		})
	}
}

func TestEverythingButDecodingTakesLittleMemory(t *testing.T) {
	img := card(8000, 5000) // the largest, 10 MB of noise behind it
	for name, file := range map[string][]byte{"jpeg": jpegOf(img), "png": pngOf(img)} {
		t.Run(name, func(t *testing.T) {
			full := make([]byte, MaxBytes)
			copy(full, file)
			kind, err := kindOf(full)
			if err != nil {
				t.Fatal(err)
			}
			found, err := shipped().examined(kind, full)
			if err != nil {
				t.Fatal(err)
			}
			taken := allocated(func() { look(t, full) })
			if most := 8000*5000*found.cost/8 + 64<<20; taken > most {
				t.Errorf("a look took %d bytes, want %d at most", taken, most)
			}
		})
	}
}

func TestScansAreCountedBeforeDecoding(t *testing.T) {
	quarter := func(x, y int) byte { return byte(x/200*120 + y/120*60) }
	s := sketch{width: cardWidth, height: cardHeight, levels: []func(x, y int) byte{quarter}, progressive: true}
	s.repeated = shipped().scans - 4
	look(t, s.bytes())
	s.repeated++
	refused(t, s.bytes(), Overbuilt)
	plain := sketch{width: cardWidth, height: cardHeight, levels: []func(x, y int) byte{quarter, quarter, quarter}}
	look(t, plain.bytes())
	plain.repeated = 1
	refused(t, plain.bytes(), Overbuilt)
}

func TestScansHiddenInATableAreCountedToo(t *testing.T) {
	hidden := append([]byte{0}, bytes.Repeat([]byte{0xff, markerSOS}, 32)...)
	refused(t, behindStart(cardJPEG(), segment(nil, markerDQT, hidden)), Overbuilt)
	few := append([]byte{3}, bytes.Repeat([]byte{0xff, markerSOS}, 31)...)
	look(t, behindStart(cardJPEG(), segment(nil, markerDQT, append(few, 1, 1))))
}

func TestPiecesAreCounted(t *testing.T) {
	most := shipped().pieces
	for name, piece := range map[string]struct {
		file, one []byte
		put       func(file, inserted []byte) []byte
		has       int
	}{
		"comments":         {cardJPEG(), segment(nil, markerCOM, nil), behindStart, 5},
		"text":             {cardPNG(), chunk("tEXt", []byte("a\x00b")), behindHeader, 3},
		"unknown chunks":   {cardPNG(), chunk("zzZz", nil), behindHeader, 3},
		"empty data":       {cardPNG(), chunk("IDAT", nil), behindHeader, 3},
		"compressed texts": {cardPNG(), chunk("zTXt", append([]byte("a\x00\x00"), deflated(make([]byte, 200_000))...)), behindHeader, 3},
	} {
		t.Run(name, func(t *testing.T) {
			times := func(n int) []byte { return piece.put(piece.file, bytes.Repeat(piece.one, n)) }
			if file := times(most + 1 - piece.has); len(file) <= MaxBytes {
				refused(t, file, Overbuilt)
			}
			fits := min(most-piece.has, (MaxBytes-len(piece.file))/len(piece.one))
			taken := allocated(func() { look(t, times(fits)) })
			if taken > 64<<20 {
				t.Errorf("a look took %d bytes", taken)
			}
		})
	}
}

func TestDamagedFilesAreRefusedAtEveryCut(t *testing.T) {
	chance := rand.New(rand.NewPCG(4, 7))
	for kind, file := range map[Kind][]byte{JPEG: cardJPEG(), PNG: cardPNG()} {
		for cut := 8; cut < len(file); cut += 1 + chance.IntN(len(file)/97) {
			refused(t, file[:cut], Damaged)
			if _, err := shipped().examined(kind, file[:cut]); err == nil {
				t.Errorf("a %s cut off at %d reaches the decoder", kind, cut)
			}
		}
		if kind == PNG { // each byte of a PNG is under a checksum; those of a JPEG are not
			for at := 8; at < len(file); at += 1 + chance.IntN(len(file)/97) {
				broken := slices.Clone(file)
				broken[at] ^= 1
				if _, err := Inspect(t.Context(), bytes.NewReader(broken), int64(len(broken))); err == nil {
					t.Errorf("a changed byte at %d of a PNG passes", at)
				}
			}
		}
	}
}

func TestBrokenSegmentsAreDamaged(t *testing.T) {
	frame := segment(nil, markerSOF0, []byte{8, 0, 240, 1, 144, 1, 1, 0x11, 0})
	for name, inserted := range map[string][]byte{
		"length of one":         {0xff, markerCOM, 0, 1},
		"length behind the end": {0xff, markerCOM, 0xff, 0xff},
		"no marker":             append(segment(nil, markerCOM, nil), 0, 0),
		"a second start":        {0xff, 0xd8},
		"a restart by itself":   {0xff, markerRST0},
		"a scan before a frame": segment(nil, markerSOS, []byte{1, 1, 0, 0, 63, 0}),
		"an empty frame":        segment(nil, markerSOF0, nil),
		"two frames":            frame,
		"a scan of nothing":     segment(slices.Clone(frame), markerSOS, nil),
		"the end":               {0xff, markerEOI},
	} {
		t.Run(name, func(t *testing.T) { refused(t, behindStart(cardJPEG(), inserted), Damaged) })
	}
	scan := append(segment(nil, markerSOS, []byte{1, 1, 0, 0, 63, 0}), make([]byte, 300)...)
	for name, inside := range map[string][]byte{
		"two frames, which cost otherwise": slices.Concat(frame, scan, frame),
		"an empty frame and a scan":        append(segment(nil, markerSOF0, nil), scan...),
		"a frame without its components":   append(segment(nil, markerSOF0, []byte{8, 0, 240, 1, 144, 3, 1, 0x11, 0}), scan...),
		"nothing":                          nil,
	} {
		t.Run(name, func(t *testing.T) {
			file := append(append([]byte{0xff, 0xd8}, inside...), 0xff, markerEOI)
			if _, err := shipped().examined(JPEG, file); !errors.Is(err, Damaged) {
				t.Errorf("examined() = %v, want %v", err, Damaged)
			}
		})
	}
	look(t, behindStart(cardJPEG(), bytes.Repeat([]byte{0xff}, 5))) // fill bytes are allowed
}

func TestEveryBreakOfAFileIsARefusalAndNoFault(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	s := sketch{width: 304, height: 184, levels: []func(x, y int) byte{func(x, y int) byte { return byte(x ^ y) }}, progressive: true}
	for _, file := range [][]byte{cardJPEG(), cardPNG(), s.bytes()} {
		for range 150 {
			broken := slices.Clone(file)
			for range 1 + chance.IntN(4) {
				broken[chance.IntN(len(broken))] = byte(chance.Uint32())
			}
			_, err := Inspect(t.Context(), bytes.NewReader(broken), int64(len(broken)))
			if _, refusal := errors.AsType[Refusal](err); err != nil && !refusal {
				t.Errorf("Inspect() = %v, which is no Refusal", err)
			}
		}
	}
}
