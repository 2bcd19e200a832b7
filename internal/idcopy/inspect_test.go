package idcopy

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"testing"
	"testing/iotest"
	"time"
)

func TestSameBytesGiveTheSamePicture(t *testing.T) {
	for _, file := range [][]byte{cardJPEG(), cardPNG(), jpegOf(card(2500, 1700))} {
		once, again := look(t, file), look(t, file)
		if !bytes.Equal(once.JPEG, again.JPEG) {
			t.Error("a second look gives another picture")
		}
	}
}

func TestPictureSaysItsSize(t *testing.T) {
	for _, size := range []image.Point{{300, 180}, {2000, 1000}, {2001, 1000}, {1000, 2500}, {4000, 3000}} {
		p := look(t, jpegOf(card(size.X, size.Y)))
		shown := seen(t, p.JPEG).Bounds().Size()
		if shown != image.Pt(p.Width, p.Height) || max(p.Width, p.Height) > pictureSide {
			t.Errorf("%v is written as %v and said to be %d by %d", size, shown, p.Width, p.Height)
		}
	}
}

func TestFaultsAreNoRefusals(t *testing.T) {
	file, broken := cardJPEG(), errors.New("broken")
	size := int64(len(file))
	for name, fault := range map[string]struct {
		r    io.Reader
		size int64
		want error
	}{
		"the store breaks off":    {io.MultiReader(bytes.NewReader(file[:99]), iotest.ErrReader(broken)), size, broken},
		"fewer bytes than said":   {bytes.NewReader(file), size + 1, errOtherSize},
		"more bytes than said":    {bytes.NewReader(file), size - 1, errOtherSize},
		"none, though it was few": {bytes.NewReader(nil), size, errOtherSize},
		"some, though it is none": {bytes.NewReader(file), 0, errOtherSize},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Inspect(t.Context(), fault.r, fault.size)
			if _, refusal := errors.AsType[Refusal](err); refusal || !errors.Is(err, fault.want) {
				t.Errorf("Inspect() = %v, want a fault: %v", err, fault.want)
			}
		})
	}
}

// spent is a context that ends after it was asked a number of times.
type spent struct {
	left int
}

// Deadline, Done and Value say what a context without them says.
func (*spent) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*spent) Done() <-chan struct{}       { return nil }
func (*spent) Value(any) any               { return nil }

// Err counts.
func (s *spent) Err() error {
	if s.left--; s.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestContextEndsTheWorkAtEveryStep(t *testing.T) {
	ramp := func(x, y int) byte { return byte(x * y) }
	for name, file := range map[string][]byte{
		"jpeg": cardJPEG(), "png": cardPNG(),
		"progressive": sketch{304, 184, []func(x, y int) byte{ramp}, true, nil, 0, 0}.bytes(),
	} {
		asked := 0
		for ; ; asked += 1 + asked/7 {
			_, err := Inspect(&spent{asked}, bytes.NewReader(file), int64(len(file)))
			if err == nil {
				break
			}
			if _, refusal := errors.AsType[Refusal](err); refusal || !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: stopped after %d questions, Inspect() = %v", name, asked, err)
			}
		}
		if asked < cardHeight {
			t.Errorf("%s: the context was asked at most %d times", name, asked)
		}
	}
}

func TestStoppedBlurIsAFault(t *testing.T) {
	p := look(t, cardJPEG())
	for asked := 0; asked < 100; asked++ {
		if _, err := Blur(&spent{asked}, p); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d questions, Blur() = %v", asked, err)
		}
	}
}

func TestDecoderThatBreaksOffIsDamage(t *testing.T) {
	breaking := func(io.Reader) (image.Image, error) { panic("index out of range") }
	if _, err := guarded(breaking, nil); !errors.Is(err, errDecoderBroke) || refusedBy(err) != Damaged {
		t.Errorf("guarded() = %v", err)
	}
	slow := func(io.Reader) (image.Image, error) { return struct{ image.Image }{}, nil }
	if _, err := guarded(slow, nil); !errors.Is(err, errDecoderBroke) {
		t.Errorf("guarded() = %v", err)
	}
}

// FuzzInspect holds what must be true of any bytes, within bounds that keep a
// run small: a Refusal, or a picture that is one.
func FuzzInspect(f *testing.F) {
	for _, file := range planted() {
		f.Add(file)
	}
	ramp := func(x, y int) byte { return byte(x ^ y) }
	for _, n := range []int{1, 3, 4} {
		levels := []func(x, y int) byte{ramp, ramp, ramp, ramp}[:n]
		f.Add(sketch{304, 184, levels, true, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02"), 1, 0}.bytes())
	}
	f.Add(quarters{depth: 2, colour: 3, pixels: [4]string{"0", "1", "1", "0"}, extra: chunk("PLTE", make([]byte, 6))}.bytes(true))
	f.Add(quarters{depth: 16, colour: 6, pixels: [4]string{"1001", "0101", "0010", "0011"}}.bytes(true))
	small := shipped()
	small.pixels, small.memory, small.side = 1<<18, 1<<23, 2000
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := small.inspect(t.Context(), bytes.NewReader(file), int64(len(file)))
		if err != nil {
			if _, refusal := errors.AsType[Refusal](err); !refusal {
				t.Errorf("inspect() = %v, which is no Refusal", err)
			}
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
		if err != nil || config.Width != p.Width || config.Height != p.Height {
			t.Errorf("the picture is %d by %d, %v; said to be %d by %d", config.Width, config.Height, err, p.Width, p.Height)
		}
		markersOf(t, p.JPEG)
	})
}

// BenchmarkInspect compares a look at a photo of 12 megapixels with what anyone
// would write first: decode it and encode it again.
func BenchmarkInspect(b *testing.B) {
	img := card(4000, 3000)
	for i := range img.Pix {
		if i%4 < 3 { // some texture, as a photo has everywhere
			img.Pix[i] = img.Pix[i]/2 + byte(i*i>>8%97)
		}
	}
	photo := jpegOf(img)
	var plain, ours time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		if _, err := Inspect(b.Context(), bytes.NewReader(photo), int64(len(photo))); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		start = time.Now()
		img, err := jpeg.Decode(bytes.NewReader(photo))
		if err != nil {
			b.Fatal(err)
		}
		if err := jpeg.Encode(io.Discard, img, &jpeg.Options{Quality: quality}); err != nil {
			b.Fatal(err)
		}
		plain += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(plain), "x-plain")
	b.ReportMetric(ours.Seconds()*1000/float64(b.N), "ours-ms/op")
}
