package story

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// The drawn copy is the size of a photograph that a telephone takes of a card.
const (
	copyWidth  = 1600
	copyHeight = 1000
)

// HiddenInCopy stands behind the picture of a sample copy, as the place where a
// photograph was taken does. Nothing that is kept of the copy may hold it.
const HiddenInCopy = "Photo taken at 52.0907 N, 5.1214 E"

// SampleCopy draws what somebody sends as a copy of an identity document: a card
// on which the photo, the numbers and the signature are black. It is nobody's.
func SampleCopy() ([]byte, error) {
	card := image.NewRGBA(image.Rect(0, 0, copyWidth, copyHeight))
	for y := range copyHeight { // a table under uneven light, for a photograph has no even colour
		for x := range copyWidth {
			card.Set(x, y, color.RGBA{uint8(150 + x*60/copyWidth), uint8(140 + y*60/copyHeight), 150, 255})
		}
	}
	fill := func(x, y, width, height int, with color.Color) {
		draw.Draw(card, image.Rect(x, y, x+width, y+height), image.NewUniform(with), image.Point{}, draw.Src)
	}
	paper, ink := color.RGBA{226, 232, 214, 255}, color.RGBA{40, 48, 92, 255}
	fill(80, 80, 1440, 840, paper)
	fill(80, 80, 1440, 90, color.RGBA{120, 150, 190, 255})
	fill(130, 230, 380, 480, color.Black) // the photo
	for line, letters := range []int{9, 5, 14, 11, 8} {
		for n := range letters { // words, that nobody has to be able to read
			fill(580+n*44, 240+line*84, 26, 38+n%3*6, ink)
		}
	}
	fill(1080, 560, 380, 70, color.Black)  // the number
	fill(580, 660, 420, 60, color.Black)   // the signature
	fill(130, 770, 1340, 110, color.Black) // the lines that machines read
	var file bytes.Buffer
	if err := jpeg.Encode(&file, card, &jpeg.Options{Quality: 90}); err != nil {
		return nil, fmt.Errorf("drawing a copy: %w", err)
	}
	return withExif(file.Bytes(), HiddenInCopy), nil
}

// withExif puts a description behind a JPEG, right after its first two bytes, as
// cameras do (CIPA DC-008, Exif, section 4.5).
func withExif(file []byte, description string) []byte {
	const imageDescription, text = 0x010e, 2
	words := append([]byte(description), 0)
	tiff := []byte("II*\x00")
	for _, one := range []any{
		uint32(8), uint16(1), uint16(imageDescription), uint16(text), uint32(len(words)), uint32(26), uint32(0),
	} {
		tiff, _ = binary.Append(tiff, binary.LittleEndian, one) // of fixed size, which never fails
	}
	tiff = append(append([]byte("Exif\x00\x00"), tiff...), words...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(tiff)+2))
	made := append([]byte{}, file[:2]...)
	return append(append(append(made, segment...), tiff...), file[2:]...)
}
