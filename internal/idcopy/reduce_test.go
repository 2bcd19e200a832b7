package idcopy

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

func TestLongestSideFits(t *testing.T) {
	for _, size := range []struct{ from, to image.Point }{
		{image.Pt(2000, 2000), image.Pt(2000, 2000)},
		{image.Pt(300, 180), image.Pt(300, 180)},
		{image.Pt(2001, 1000), image.Pt(2000, 1000)},
		{image.Pt(4000, 3000), image.Pt(2000, 1500)},
		{image.Pt(3000, 4000), image.Pt(1500, 2000)},
		{image.Pt(12_000, 180), image.Pt(2000, 30)},
		{image.Pt(180, 12_000), image.Pt(30, 2000)},
		{image.Pt(12_000, 1), image.Pt(2000, 1)},
	} {
		if got := fitted(size.from, 2000); got != size.to {
			t.Errorf("fitted(%v) = %v, want %v", size.from, got, size.to)
		}
	}
}

// greys makes an image of given rows.
func greys(rows ...[]byte) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, len(rows[0]), len(rows)))
	for y, row := range rows {
		copy(img.Pix[y*img.Stride:], row)
	}
	return img
}

func TestPixelIsTheMeanOfTheAreaBehindIt(t *testing.T) {
	for name, scaling := range map[string]struct {
		img  *image.Gray
		long int
		want []byte
	}{
		"two by two to one":       {greys([]byte{0, 100}, []byte{200, 100}), 1, []byte{100}},
		"rounded to the nearest":  {greys([]byte{0, 1}, []byte{1, 1}), 1, []byte{1}},
		"three to two":            {greys([]byte{30, 60, 90}), 2, []byte{40, 80}},
		"four to three":           {greys([]byte{0, 40, 80, 120}), 3, []byte{10, 60, 110}},
		"three to two, both ways": {greys([]byte{9, 9, 9}, []byte{9, 90, 9}, []byte{9, 9, 9}), 2, []byte{18, 18, 18, 18}},
		"column":                  {greys([]byte{30}, []byte{60}, []byte{90}), 2, []byte{40, 80}},
		"none":                    {greys([]byte{1, 2, 3}, []byte{4, 5, 6}), 3, []byte{1, 2, 3, 4, 5, 6}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := reduced(t.Context(), scaling.img, scaling.long)
			if err != nil || !bytes.Equal(out.Y, scaling.want) {
				t.Errorf("reduced() = %v, %v, want %v", out.Y, err, scaling.want)
			}
			for i := range out.Cb {
				if out.Cb[i] != 128 || out.Cr[i] != 128 {
					t.Fatal("grey has got a colour")
				}
			}
		})
	}
}

func TestReducingKeepsTheMean(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 3))
	img := image.NewGray(image.Rect(0, 0, 997, 613))
	for i := range img.Pix {
		img.Pix[i] = byte(chance.IntN(256))
	}
	for _, long := range []int{996, 701, 500, 64, 7, 1} {
		out, err := reduced(t.Context(), img, long)
		if err != nil {
			t.Fatal(err)
		}
		if before, after := mean(img.Pix), mean(out.Y); before-after > 1 || after-before > 1 {
			t.Errorf("to %d: the mean goes from %.2f to %.2f", long, before, after)
		}
	}
}

// mean gives the mean of some bytes.
func mean(list []byte) float64 {
	sum := 0
	for _, v := range list {
		sum += int(v)
	}
	return float64(sum) / float64(len(list))
}

func TestRowsOfEveryPhotoAreReadAsTheStandardLibraryDoes(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		img := image.NewYCbCr(image.Rect(0, 0, 21, 13), ratio)
		for i := range img.Y {
			img.Y[i] = byte(i)
		}
		for i := range img.Cb {
			img.Cb[i], img.Cr[i] = byte(i*3), byte(i*7)
		}
		out, err := reduced(t.Context(), img, 21)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 21 * 13 {
			if got, want := out.YCbCrAt(i%21, i/21), img.YCbCrAt(i%21, i/21); got != want {
				t.Fatalf("%v at %d, %d: %v, want %v", ratio, i%21, i/21, got, want)
			}
		}
	}
}

func TestOnWhite(t *testing.T) {
	for _, ink := range []struct {
		ink, paper color.RGBA64
	}{
		{color.RGBA64{}, color.RGBA64{0xffff, 0xffff, 0xffff, 0xffff}},
		{color.RGBA64{0, 0, 0, 0xffff}, color.RGBA64{0, 0, 0, 0xffff}},
		{color.RGBA64{0x8000, 0, 0, 0x8000}, color.RGBA64{0xffff, 0x7fff, 0x7fff, 0xffff}},
	} {
		y, cb, cr := onWhite(ink.ink)
		want := color.YCbCrModel.Convert(ink.paper)
		if got := (color.YCbCr{Y: y, Cb: cb, Cr: cr}); got != want {
			t.Errorf("%v on white is %v, want %v", ink.ink, got, want)
		}
	}
}

// sheetOf is a grey page of 400 by 300 that is lighter by a step right of a
// column, with a grain of noise all over.
func sheetOf(column, step, grain int) []byte {
	img := image.NewGray(image.Rect(0, 0, 400, 300))
	for i := range img.Pix {
		level := 120
		if i%400 >= column {
			level += step
		}
		img.Pix[i] = byte(level + (i+i/400)%2*grain)
	}
	return pngOf(img)
}

func TestBlankIsAVarianceBelowSixteen(t *testing.T) {
	refused(t, sheetOf(200, 0, 0), Blank)
	refused(t, sheetOf(200, 7, 0), Blank) // 12: half the page 3.5 from the mean, half on the other side
	refused(t, sheetOf(300, 9, 0), Blank) // 15: a quarter of it
	look(t, sheetOf(200, 8, 0))           // 16
	look(t, sheetOf(200, 80, 0))
	for variation, list := range map[int][]byte{
		0: {9, 9, 9}, 16: {10, 18, 10, 18}, 12: {0, 7}, 16256: {0, 255},
	} {
		if got := variance(list); got != variation {
			t.Errorf("variance(%v) = %d, want %d", list, got, variation)
		}
	}
}

func TestNoiseMakesNoDocumentOfABlankSheet(t *testing.T) {
	refused(t, sheetOf(200, 0, 100), Blank)
	refused(t, sheetOf(200, 5, 100), Blank)
	look(t, sheetOf(200, 20, 100))
}

func TestCardOnAWhiteScanIsNotBlank(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 2100, 2970)) // A4, ten pixels a millimetre
	for i := range page.Pix {
		page.Pix[i] = 255
		if x, y := i%2100, i/2100; x > 100 && x < 956 && y > 100 && y < 640 {
			page.Pix[i] = byte(150 + y%7*15)
		}
	}
	look(t, jpegOf(page))
}

func TestColourAloneIsBlank(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 400, 300), image.YCbCrSubsampleRatio444)
	for i := range img.Y {
		img.Y[i], img.Cb[i], img.Cr[i] = 128, byte(100+i%400/8), 128
	}
	refused(t, jpegOf(img), Blank)
}

func TestPreviewIsTooCoarseToReadAnything(t *testing.T) {
	for _, size := range []image.Point{{400, 240}, {240, 400}, {4000, 3000}, {2000, 180}} {
		p := look(t, jpegOf(card(size.X, size.Y)))
		preview, err := Blur(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(preview))
		if err != nil || max(config.Width, config.Height) != previewSide || len(preview) > 2000 {
			t.Errorf("%v: the preview is %d by %d, %d bytes, %v", size, config.Width, config.Height, len(preview), err)
		}
	}
}

// printed is a card of grey with nine digits on it, drawn as seven bars each,
// in print as high as a BSN's on a card that fills the picture.
func printed(digits string) []byte {
	img := image.NewGray(image.Rect(0, 0, 1200, 760))
	for i := range img.Pix {
		img.Pix[i] = byte(90 + i/1200/8)
	}
	for n, digit := range digits {
		left, top := 500+n*20, 400
		for bar := range 7 {
			if int(digit)*37>>bar&1 == 1 {
				for i := range 12 {
					img.SetGray(left+i%12, top+bar*4, color.Gray{})
				}
			}
		}
	}
	return pngOf(img)
}

func TestPreviewsOfTwoNumbersAreAlike(t *testing.T) {
	views := make([]image.Image, 0, 2)
	for _, digits := range []string{"123456782", "111222333"} {
		preview, err := Blur(t.Context(), look(t, printed(digits)))
		if err != nil {
			t.Fatal(err)
		}
		views = append(views, seen(t, preview))
	}
	differing := 0
	for i := range previewSide * previewSide {
		one, other := views[0].At(i%previewSide, i/previewSide), views[1].At(i%previewSide, i/previewSide)
		a, b := int(color.GrayModel.Convert(one).(color.Gray).Y), int(color.GrayModel.Convert(other).(color.Gray).Y)
		if max(a-b, b-a) > 8 {
			differing++
		}
	}
	if differing > 0 {
		t.Errorf("%d pixels tell two numbers apart", differing)
	}
	if bytes.Equal(look(t, printed("123456782")).JPEG, look(t, printed("111222333")).JPEG) {
		t.Error("the pictures themselves are alike: the test shows nothing")
	}
}

func TestOnlyPicturesAreBlurred(t *testing.T) {
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte("text"), "cut": cardJPEG()[:900], "too large": jpegOf(card(pictureSide+1, 300)),
	} {
		if preview, err := Blur(t.Context(), Picture{JPEG: file}); err == nil || preview != nil {
			t.Errorf("%s: Blur() = %d bytes, %v", name, len(preview), err)
		}
	}
	_, err := Blur(t.Context(), Picture{JPEG: claimed(cardJPEG(), 60_000, 60_000)})
	if !errors.Is(err, errNotAPicture) {
		t.Errorf("Blur() = %v, want %v", err, errNotAPicture)
	}
	if fmt.Sprint(err) != "blurring a picture: not a picture that Inspect made" {
		t.Errorf("Blur() = %v", err)
	}
}
