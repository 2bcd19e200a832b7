package file

import (
	"fmt"
	"math"
	"strconv"

	"polarweb.nl/inzage/internal/organisation"
)

// colourIsReadable warns for a colour on which white letters are hard to read:
// WCAG 2.2, success criterion 1.4.3, wants a contrast of at least 4.5 to 1.
func colourIsReadable(p organisation.Profile, r *report) {
	const least = 4.5
	// A colour that could not be read was reported; here stands the default.
	// White has a luminance of 1, and the formula adds 0.05 to both.
	if contrast := 1.05 / (luminance(p.Brand.Colour) + 0.05); contrast < least {
		r.warn("brand.colour", fmt.Sprintf("white letters on %s have a contrast of %.1f to 1 and need %.1f",
			p.Brand.Colour, contrast, least), "choose a darker colour")
	}
}

// luminance is the relative luminance of "#rrggbb" as WCAG 2.2 defines it.
func luminance(colour string) float64 {
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, weight := range weights {
		// The form of the text was checked when it was read.
		level, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		sum += weight * linear(float64(level)/255)
	}
	return sum
}

// linear turns a level of colour from 0 to 1 into light, as WCAG 2.2 defines
// it for sRGB.
func linear(level float64) float64 {
	if level <= 0.04045 {
		return level / 12.92
	}
	return math.Pow((level+0.055)/1.055, 2.4)
}
