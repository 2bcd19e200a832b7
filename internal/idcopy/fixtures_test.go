package idcopy

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"
)

// The card is the picture in most tests: a quarter each of red, green, blue and
// white, from the top left, so that any turn and any mix-up of colours shows.
const (
	cardWidth, cardHeight = 400, 240
	cardCorners           = "rgbw"
)

// card draws it at a size.
func card(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i, c := range []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}} {
		quarter := image.Rect(0, 0, width/2, height/2).Add(image.Pt(i%2*width/2, i/2*height/2))
		draw.Draw(img, quarter, image.NewUniform(c), image.Point{}, draw.Src)
	}
	return img
}

// cardJPEG is the card as the standard encoder writes it.
func cardJPEG() []byte { return jpegOf(card(cardWidth, cardHeight)) }

// cardPNG is the card without loss.
func cardPNG() []byte { return pngOf(card(cardWidth, cardHeight)) }

// jpegOf encodes an image.
func jpegOf(img image.Image) []byte {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// pngOf encodes an image.
func pngOf(img image.Image) []byte {
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&file, img); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// behindStart puts bytes behind the start mark of a JPEG.
func behindStart(file, inserted []byte) []byte {
	return bytes.Join([][]byte{file[:2], inserted, file[2:]}, nil)
}

// behindHeader puts bytes behind the header chunk of a PNG.
func behindHeader(file, inserted []byte) []byte {
	const end = len(pngSignature) + pngHeader + 12
	return bytes.Join([][]byte{file[:end], inserted, file[end:]}, nil)
}

// chunk writes one chunk of a PNG.
func chunk(name string, payload []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	out = append(append(out, name...), payload...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// header writes the header chunk of a PNG.
func header(width, height, depth, colour, interlaced int) []byte {
	payload := binary.BigEndian.AppendUint32(nil, uint32(width))
	payload = binary.BigEndian.AppendUint32(payload, uint32(height))
	return chunk("IHDR", append(payload, byte(depth), byte(colour), 0, 0, byte(interlaced)))
}

// deflated compresses pixels.
func deflated(pixels []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(pixels); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// exifBlock writes a TIFF with a first directory of one entry.
func exifBlock(order binary.AppendByteOrder, tag, kind uint16, count uint32, value uint16) []byte {
	out := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		out = []byte("II*\x00")
	}
	out = order.AppendUint16(order.AppendUint32(out, tiffHeader), 1)
	out = order.AppendUint16(order.AppendUint16(out, tag), kind)
	out = order.AppendUint16(order.AppendUint32(out, count), value)
	return append(out, 0, 0, 0, 0, 0, 0)
}

// oriented gives a plain orientation block.
func oriented(orientation int) []byte {
	return exifBlock(binary.BigEndian, orientationTag, tiffShort, 1, uint16(orientation))
}

// look inspects a file that must be accepted.
func look(t *testing.T, file []byte) Picture {
	t.Helper()
	p, err := Inspect(t.Context(), bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("Inspect() = %v, want a picture", err)
	}
	return p
}

// refused inspects a file that must be refused with a word.
func refused(t *testing.T, file []byte, want Refusal) {
	t.Helper()
	p, err := Inspect(t.Context(), bytes.NewReader(file), int64(len(file)))
	if !errors.Is(err, want) {
		t.Errorf("Inspect() = %v, want %v", err, want)
	}
	if p.JPEG != nil {
		t.Error("a refused copy gives a picture as well")
	}
}

// seen decodes a written picture.
func seen(t *testing.T, file []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("the picture cannot be decoded: %v", err)
	}
	return img
}

// corners names the colours in the middle of the quarters of a picture: r, g, b,
// w, k for black, or ? for any other.
func corners(img image.Image) string {
	size, names := img.Bounds().Size(), ""
	for i := range 4 {
		names += colourAt(img, size.X/4+i%2*size.X/2, size.Y/4+i/2*size.Y/2)
	}
	return names
}

// colourAt names one colour, allowing for what JPEG loses.
func colourAt(img image.Image, x, y int) string {
	r, g, b, _ := img.At(x, y).RGBA()
	bits := 0
	for i, part := range []uint32{r, g, b} {
		switch {
		case part > 0xe000:
			bits |= 1 << i
		case part > 0x2000:
			return "?"
		}
	}
	return string("krg?b??w"[bits])
}

// allocated gives the bytes that a call allocates, kept or not.
func allocated(call func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}
