package idcopy

import (
	"context"
	"fmt"
	"image"
	"image/color"
)

// pictureSide is the longest side of a picture: an identity card that fills it
// has 23 pixels a millimetre, four times what a reader of its print needs.
const pictureSide = 2000

// rowReader writes one row of an image as Y, Cb and Cr bytes, pixel by pixel.
type rowReader func(y int, line []byte)

// reduced makes an image smaller until its longest side fits, by the mean of
// the area behind each pixel: nothing in the original is skipped, so thin print
// turns grey instead of breaking up. A smaller image keeps its size.
func reduced(ctx context.Context, img image.RGBA64Image, long int) (*image.YCbCr, error) {
	from := img.Bounds().Size()
	to := fitted(from, long)
	row, line := rowsOf(img), make([]byte, 3*from.X)
	s := newSheet(from, to)
	for y := range from.Y {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("making the copy smaller: %w", err)
		}
		row(y, line)
		s.add(line)
	}
	return s.out, nil
}

// fitted gives the size of a picture whose longest side may be long.
func fitted(from image.Point, long int) image.Point {
	longest := max(from.X, from.Y)
	if longest <= long {
		return from
	}
	share := func(side int) int { return max(1, (side*long+longest/2)/longest) }
	return image.Pt(share(from.X), share(from.Y))
}

// sheet gathers the rows of a large image into a smaller one. In one direction
// a source pixel is as long as the target, and a target pixel as the source:
// then both grids meet on whole numbers and every share is exact.
type sheet struct {
	from, to image.Point
	across   []uint32 // one source row, each pixel weighted by from.X
	down     []uint64 // the target row being filled, weighted by from.Y as well
	room     int      // what that row still lacks
	next     int      // its number
	out      *image.YCbCr
}

// newSheet gives an empty one.
func newSheet(from, to image.Point) *sheet {
	return &sheet{
		from: from, to: to, room: from.Y,
		across: make([]uint32, 3*to.X), down: make([]uint64, 3*to.X),
		out: image.NewYCbCr(image.Rectangle{Max: to}, image.YCbCrSubsampleRatio444),
	}
}

// add takes the next source row in. It belongs to one target row or to two.
func (s *sheet) add(line []byte) {
	s.squeeze(line)
	share := min(s.to.Y, s.room)
	s.pour(share)
	if s.room == 0 {
		s.finishRow()
		s.pour(s.to.Y - share)
	}
}

// squeeze brings a source row to the width of the target.
func (s *sheet) squeeze(line []byte) {
	clear(s.across)
	at, room := 0, s.from.X
	for x := 0; x < len(line); x += 3 {
		pixel := line[x : x+3 : x+3]
		share := min(s.to.X, room)
		weigh(s.across[at:at+3:at+3], pixel, uint32(share))
		room -= share
		if room == 0 {
			at, room = at+3, s.from.X
			if rest := s.to.X - share; rest > 0 {
				weigh(s.across[at:at+3:at+3], pixel, uint32(rest))
				room -= rest
			}
		}
	}
}

// weigh adds a pixel's share to a target pixel.
func weigh(sums []uint32, pixel []byte, share uint32) {
	sums[0] += share * uint32(pixel[0])
	sums[1] += share * uint32(pixel[1])
	sums[2] += share * uint32(pixel[2])
}

// pour adds a share of the squeezed row to the target row.
func (s *sheet) pour(share int) {
	if share == 0 {
		return
	}
	for i, sum := range s.across {
		s.down[i] += uint64(sum) * uint64(share)
	}
	s.room -= share
}

// finishRow writes the target row as means and begins the next.
func (s *sheet) finishRow() {
	weight := uint64(s.from.X) * uint64(s.from.Y)
	mean := func(sum uint64) byte { return byte((sum + weight/2) / weight) }
	at := s.out.YOffset(0, s.next)
	for i := 0; i < len(s.down); i += 3 {
		s.out.Y[at], s.out.Cb[at], s.out.Cr[at] = mean(s.down[i]), mean(s.down[i+1]), mean(s.down[i+2])
		at++
	}
	clear(s.down)
	s.next, s.room = s.next+1, s.from.Y
}

// rowsOf reads the rows of a decoded image, which begins at 0, 0. Photographs
// are taken as they are coded; the mean of Y, Cb and Cr is that of the colours.
func rowsOf(img image.RGBA64Image) rowReader {
	width := img.Bounds().Dx()
	switch img := img.(type) {
	case *image.YCbCr:
		return func(y int, line []byte) { rowOfPhoto(img, y, line) }
	case *image.Gray:
		return func(y int, line []byte) {
			for x, grey := range img.Pix[y*img.Stride:][:width] {
				line[3*x], line[3*x+1], line[3*x+2] = grey, 128, 128
			}
		}
	}
	return func(y int, line []byte) {
		for x := range width {
			line[3*x], line[3*x+1], line[3*x+2] = onWhite(img.RGBA64At(x, y))
		}
	}
}

// rowOfPhoto reads a row whose colours are coarser than its light, by 1, 2 or 4
// pixels across.
func rowOfPhoto(img *image.YCbCr, y int, line []byte) {
	across := 1
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		across = 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		across = 4
	}
	light, colour := img.Y[img.YOffset(0, y):], img.COffset(0, y)
	for x := range len(line) / 3 {
		at := colour + x/across
		line[3*x], line[3*x+1], line[3*x+2] = light[x], img.Cb[at], img.Cr[at]
	}
}

// onWhite lays a pixel on white paper, on which a transparent scan was made.
func onWhite(c color.RGBA64) (y, cb, cr uint8) {
	paper := 0xffff - uint32(c.A)
	part := func(v uint16) uint8 { return uint8((uint32(v) + paper) >> 8) }
	return color.RGBToYCbCr(part(c.R), part(c.G), part(c.B))
}
