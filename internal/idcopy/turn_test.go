package idcopy

import (
	"encoding/binary"
	"image"
	"slices"
	"strings"
	"testing"
)

func TestEveryOrientationIsTurnedUpright(t *testing.T) {
	// The card as stored is red, green / blue, white. Row and column names are
	// those of the standard: 6 says that the first row is the right-hand side.
	for orientation, want := range []string{
		1: "rgbw", // as it is
		2: "grwb", // first column at the right
		3: "wbgr", // first row at the bottom, first column at the right
		4: "bwrg", // first row at the bottom
		5: "rbgw", // first row at the left, first column at the top
		6: "brwg", // first row at the right, first column at the top
		7: "wgbr", // first row at the right, first column at the bottom
		8: "gwrb", // first row at the left, first column at the bottom
	} {
		if orientation == 0 {
			continue
		}
		exif := append([]byte("Exif\x00\x00"), oriented(orientation)...)
		for kind, file := range map[Kind][]byte{
			JPEG: behindStart(cardJPEG(), segment(nil, markerAPP1, exif)),
			PNG:  behindHeader(cardPNG(), chunk("eXIf", oriented(orientation))),
		} {
			p := look(t, file)
			if got := corners(seen(t, p.JPEG)); got != want {
				t.Errorf("%s, orientation %d: corners are %s, want %s", kind, orientation, got, want)
			}
			width, height := cardWidth, cardHeight
			if orientation > 4 {
				width, height = height, width
			}
			if p.Width != width || p.Height != height || seen(t, p.JPEG).Bounds() != image.Rect(0, 0, width, height) {
				t.Errorf("%s, orientation %d: %d by %d, want %d by %d", kind, orientation, p.Width, p.Height, width, height)
			}
		}
	}
}

func TestTurningMovesEveryPixelAndLosesNone(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 3, 2), image.YCbCrSubsampleRatio444)
	copy(img.Y, "abcdef")
	copy(img.Cb, "ABCDEF")
	copy(img.Cr, "012345")
	for orientation, want := range []string{
		1: "abcdef", 2: "cbafed", 3: "fedcba", 4: "defabc", 5: "adbecf", 6: "daebfc", 7: "fcebda", 8: "cfbead",
	} {
		if orientation == 0 {
			continue
		}
		out := turned(img, orientation)
		if string(out.Y) != want || string(out.Cb) != strings.ToUpper(want) {
			t.Errorf("orientation %d gives %s and %s, want %s", orientation, out.Y, out.Cb, want)
		}
		for i, light := range out.Y {
			if out.Cr[i] != light-'a'+'0' {
				t.Errorf("orientation %d mixes up colours", orientation)
			}
		}
	}
}

func TestBothByteOrdersAreRead(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for orientation := 1; orientation <= 8; orientation++ {
			if got := orientationOf(exifBlock(order, orientationTag, tiffShort, 1, uint16(orientation))); got != orientation {
				t.Errorf("%v: orientation %d is read as %d", order, orientation, got)
			}
		}
	}
}

func TestOrientationStandsAmongOtherEntries(t *testing.T) {
	one := oriented(6)
	other := slices.Concat(one[:10], []byte{0x01, 0x0f, 0, 2, 0, 0, 0, 9, 0, 0, 0, 99}, one[10:])
	other[9] = 2
	if got := orientationOf(other); got != 6 {
		t.Errorf("the second entry is read as %d, want 6", got)
	}
	other[9] = 1
	if got := orientationOf(other); got != upright {
		t.Errorf("an entry behind the directory is read as %d", got)
	}
}

func TestHostileExifLeavesThePictureAsItIs(t *testing.T) {
	good := oriented(6)
	at := func(offset uint32) []byte {
		block := slices.Clone(good)
		binary.BigEndian.PutUint32(block[4:], offset)
		return block
	}
	many := slices.Clone(good)
	many[8], many[9], many[11] = 0xff, 0xff, 0x13 // 65,535 entries, none of them the one
	for name, block := range map[string][]byte{
		"nothing":              nil,
		"half a header":        good[:7],
		"no directory":         good[:8],
		"half a count":         good[:9],
		"no entry":             good[:10],
		"half an entry":        good[:21],
		"no byte order":        append([]byte("XX\x00*"), good[4:]...),
		"mixed byte order":     append([]byte("II\x00*"), good[4:]...),
		"offset behind":        at(uint32(len(good))),
		"offset at the end":    at(uint32(len(good) - 1)),
		"largest offset":       at(0xffffffff),
		"offset into itself":   at(0),
		"more entries than is": many,
		"value 0":              oriented(0),
		"value 9":              oriented(9),
		"largest value":        oriented(0xffff),
		"a long number":        exifBlock(binary.BigEndian, orientationTag, 4, 1, 6),
		"two numbers":          exifBlock(binary.BigEndian, orientationTag, tiffShort, 2, 6),
		"no number":            exifBlock(binary.BigEndian, orientationTag, tiffShort, 0, 6),
		"another tag":          exifBlock(binary.BigEndian, orientationTag+1, tiffShort, 1, 6),
	} {
		t.Run(name, func(t *testing.T) {
			if got := orientationOf(block); got != upright {
				t.Errorf("orientationOf() = %d, want %d", got, upright)
			}
			file := behindStart(cardJPEG(), segment(nil, markerAPP1, append([]byte("Exif\x00\x00"), block...)))
			if got := corners(seen(t, look(t, file).JPEG)); got != cardCorners {
				t.Errorf("corners are %s, want %s", got, cardCorners)
			}
		})
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(oriented(6))
	f.Add(exifBlock(binary.LittleEndian, orientationTag, tiffShort, 1, 8))
	f.Add([]byte("MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, exif []byte) {
		if got := orientationOf(exif); got < 1 || got > 8 {
			t.Errorf("orientationOf() = %d", got)
		}
	})
}
