package stepup

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the light border around a QR code, in modules, by which a camera
// finds it (ISO/IEC 18004).
const quietZone = 4

// QR draws a text as a QR code for a terminal. A line of text shows two rows of
// modules, since a character is twice as high as it is wide. Light modules are
// the ones that are drawn: most terminals are dark, and cameras read both.
func QR(text string) (string, error) {
	// Level M survives 15 % of damage, more than a screen ever does.
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("drawing a QR code: %w", err)
	}
	area := code.Bounds().Inset(-quietZone)
	var drawn strings.Builder
	for y := area.Min.Y; y < area.Max.Y; y += 2 {
		for x := area.Min.X; x < area.Max.X; x++ {
			// Below an odd last row is nothing, which is drawn as light too.
			drawn.WriteString(halves(light(code, x, y), light(code, x, y+1)))
		}
		drawn.WriteByte('\n')
	}
	return drawn.String(), nil
}

// light reports whether a module is light; all around the code are.
func light(code image.Image, x, y int) bool {
	return !image.Pt(x, y).In(code.Bounds()) || code.At(x, y) == color.White
}

// halves gives the character whose upper and lower half are drawn as asked.
func halves(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
