package idcopy

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
)

// quarters is a PNG of our own writing, for depths, colour types and interlacing
// that the standard encoder does not write. A pixel is a text of one digit a
// sample, 1 for the highest value; in a palette the digit is the index.
type quarters struct {
	depth, colour int
	pixels        [4]string
	extra         []byte // chunks behind the header
}

// bytes writes the file.
func (q quarters) bytes(interlaced bool) []byte {
	passes, flag := [][4]int{{0, 0, 1, 1}}, 0
	if interlaced { // ISO/IEC 15948, 8.2: from and step, across and down
		passes, flag = [][4]int{
			{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
		}, 1
	}
	var pixels []byte
	for _, p := range passes {
		for y := p[1]; y < cardHeight; y += p[3] {
			w := rowWriter{row: []byte{0}}
			for x := p[0]; x < cardWidth; x += p[2] {
				w.write(q, q.pixels[x*2/cardWidth+y*2/cardHeight*2])
			}
			pixels = append(pixels, w.bytes()...)
		}
	}
	return slices.Concat([]byte(pngSignature), header(cardWidth, cardHeight, q.depth, q.colour, flag),
		q.extra, chunk("IDAT", deflated(pixels)), chunk("IEND", nil))
}

// rowWriter packs samples, the first in the highest bits.
type rowWriter struct {
	row         []byte
	held, count int
}

// write adds a pixel.
func (w *rowWriter) write(q quarters, pixel string) {
	for _, digit := range pixel {
		value := int(digit - '0')
		if q.colour != 3 {
			value *= 1<<q.depth - 1
		}
		w.held, w.count = w.held<<q.depth|value, w.count+q.depth
		for ; w.count >= 8; w.count -= 8 {
			w.row = append(w.row, byte(w.held>>(w.count-8)))
		}
	}
}

// bytes fills the last byte up.
func (w *rowWriter) bytes() []byte {
	if w.count > 0 {
		w.row = append(w.row, byte(w.held<<(8-w.count)))
	}
	return w.row
}

func TestEverySortOfPNGIsRead(t *testing.T) {
	red := chunk("PLTE", []byte{255, 0, 0, 255, 255, 255})
	for name, sort := range map[string]struct {
		depths  []int
		file    quarters
		corners string
	}{
		"grey":                  {[]int{1, 2, 4, 8, 16}, quarters{colour: 0, pixels: [4]string{"0", "1", "1", "0"}}, "kwwk"},
		"colours":               {[]int{8, 16}, quarters{colour: 2, pixels: [4]string{"100", "010", "001", "111"}}, "rgbw"},
		"palette":               {[]int{1, 2, 4, 8}, quarters{colour: 3, pixels: [4]string{"0", "1", "1", "0"}, extra: red}, "rwwr"},
		"grey with alpha":       {[]int{8, 16}, quarters{colour: 4, pixels: [4]string{"01", "11", "00", "10"}}, "kwww"},
		"colours with alpha":    {[]int{8, 16}, quarters{colour: 6, pixels: [4]string{"1001", "0101", "0010", "0011"}}, "rgwb"},
		"grey, black is clear":  {[]int{1, 8, 16}, quarters{colour: 0, pixels: [4]string{"0", "1", "1", "0"}, extra: chunk("tRNS", []byte{0, 0})}, "wwww"},
		"colours, red is clear": {[]int{8}, quarters{colour: 2, pixels: [4]string{"100", "010", "001", "111"}, extra: chunk("tRNS", []byte{0, 255, 0, 0, 0, 0})}, "wgbw"},
		"palette, red is clear": {[]int{1, 8}, quarters{colour: 3, pixels: [4]string{"0", "1", "1", "0"}, extra: append(red, chunk("tRNS", []byte{0})...)}, "wwww"},
	} {
		for _, depth := range sort.depths {
			for _, interlaced := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%d/%t", name, depth, interlaced), func(t *testing.T) {
					sort.file.depth = depth
					file := sort.file.bytes(interlaced)
					if sort.corners == "wwww" { // white on white is read, and then found blank
						refused(t, file, Blank)
						return
					}
					if got := corners(seen(t, look(t, file).JPEG)); got != sort.corners {
						t.Errorf("corners are %s, want %s", got, sort.corners)
					}
				})
			}
		}
	}
}

func TestHalfTransparentInkIsHalfGreyOnWhite(t *testing.T) {
	img := card(cardWidth, cardHeight)
	draw.Draw(img, image.Rect(0, 0, 200, 120), image.NewUniform(color.NRGBA{0, 0, 0, 64}), image.Point{}, draw.Src)
	r, g, b, _ := seen(t, look(t, pngOf(img)).JPEG).At(100, 60).RGBA()
	for _, part := range []uint32{r >> 8, g >> 8, b >> 8} {
		if part < 189 || part > 193 {
			t.Errorf("a quarter of black on white is %d, want 191", part)
		}
	}
}

func TestEverySortOfJPEGIsRead(t *testing.T) {
	quarter := func(values ...byte) func(x, y int) byte {
		return func(x, y int) byte { return values[x*2/cardWidth+y*2/cardHeight*2] }
	}
	grey := []func(x, y int) byte{quarter(0, 255, 255, 0)}
	rgb := []func(x, y int) byte{quarter(255, 0, 0, 255), quarter(0, 255, 0, 255), quarter(0, 0, 255, 255)}
	none := quarter(255, 255, 255, 255)
	adobe := []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")
	for name, sort := range map[string]struct {
		levels  []func(x, y int) byte
		adobe   []byte
		corners string
	}{
		"grey":                    {grey, nil, "kwwk"},
		"colours as they are":     {rgb, adobe, "rgbw"},
		"four colours":            {append(slices.Clone(rgb), none), adobe, "rgbw"},
		"four colours, all black": {append(slices.Clone(rgb), quarter(0, 255, 255, 255)), adobe, "kgbw"},
	} {
		for _, progressive := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", name, progressive), func(t *testing.T) {
				file := sketch{cardWidth, cardHeight, sort.levels, progressive, sort.adobe, 0, 0}.bytes()
				if got := corners(seen(t, look(t, file).JPEG)); got != sort.corners {
					t.Errorf("corners are %s, want %s", got, sort.corners)
				}
			})
		}
	}
	t.Run("colours of a camera", func(t *testing.T) {
		if got := corners(seen(t, look(t, cardJPEG()).JPEG)); got != cardCorners {
			t.Errorf("corners are %s, want %s", got, cardCorners)
		}
	})
}

func TestProgressiveAndPlainGiveTheSamePicture(t *testing.T) {
	ramp := func(x, y int) byte { return byte((x*3 + y*5) % 251) }
	s := sketch{width: 304, height: 184, levels: []func(x, y int) byte{ramp}}
	plain := look(t, s.bytes())
	s.progressive = true
	if passed := look(t, s.bytes()); !bytes.Equal(plain.JPEG, passed.JPEG) {
		t.Error("the same coefficients in passes give another picture")
	}
}

func TestRestartMarksBelongToTheScan(t *testing.T) {
	ramp := func(x, y int) byte { return byte((x*3 + y*5) % 251) }
	for _, progressive := range []bool{false, true} {
		s := sketch{width: 304, height: 184, levels: []func(x, y int) byte{ramp}, progressive: progressive}
		plain := look(t, s.bytes())
		s.restart = 19
		if marked := look(t, s.bytes()); !bytes.Equal(plain.JPEG, marked.JPEG) {
			t.Errorf("progressive %t: the same pixels with restart marks give another picture", progressive)
		}
	}
}

func TestRareSortsAreUnsupported(t *testing.T) {
	sort := func(marker, precision, components byte) []byte {
		frame := []byte{precision, 0, 240, 1, 144, components}
		for i := range components {
			frame = append(frame, i+1, 0x11, 0)
		}
		return append(segment([]byte{0xff, 0xd8}, marker, frame), 0xff, markerEOI)
	}
	ramp := func(x, _ int) byte { return byte(x) }
	inks := sketch{width: cardWidth, height: cardHeight, levels: []func(x, y int) byte{ramp, ramp, ramp, ramp}}
	for name, file := range map[string][]byte{
		"twelve bits":              sort(markerSOF1, 12, 3),
		"two components":           sort(markerSOF0, 8, 2),
		"lossless":                 sort(0xc3, 8, 3),
		"arithmetic":               sort(0xc9, 8, 3),
		"hierarchical":             sort(0xde, 8, 3),
		"height behind the scan":   segment(cardJPEG()[:len(cardJPEG())-2], markerDNL, []byte{0, 240}),
		"four colours, which ones": inks.bytes(),
		"png of an iphone program": behindHeader(cardPNG(), chunk("CgBI", []byte{0, 0, 0, 0})),
		"png filtered otherwise":   slices.Concat([]byte(pngSignature), otherFilter(), cardPNG()[33:]),
	} {
		t.Run(name, func(t *testing.T) { refused(t, file, Unsupported) })
	}
}

// otherFilter is a header that names a filter method nobody defined.
func otherFilter() []byte {
	good := header(cardWidth, cardHeight, 8, 2, 0)
	payload := slices.Clone(good[8 : 8+pngHeader])
	payload[11] = 1
	return chunk("IHDR", payload)
}
