package letter

import (
	"math"
	"strconv"

	"polarweb.nl/inzage/internal/organisation"
)

// leastContrast is what WCAG 2.2, success criterion 1.4.3, asks between letters
// and what is behind them.
const leastContrast = 4.5

// legible gives the colour of the button: the brand's, or the default one when
// white letters would be hard to read on the brand's.
func legible(brand string) string {
	if contrast(brand, "#ffffff") < leastContrast {
		return organisation.Defaults().Brand.Colour
	}
	return brand
}

// contrast is the contrast ratio of two colours as WCAG 2.2 defines it, from 1
// to 21; 0 when one of them is not written as "#rrggbb".
func contrast(a, b string) float64 {
	first, ok := luminance(a)
	second, also := luminance(b)
	if !ok || !also {
		return 0
	}
	return (max(first, second) + 0.05) / (min(first, second) + 0.05)
}

// luminance is the relative luminance of a colour as WCAG 2.2 defines it.
func luminance(colour string) (value float64, ok bool) {
	if len(colour) != len("#rrggbb") || colour[0] != '#' {
		return 0, false
	}
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		level, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0, false
		}
		part := float64(level) / 255
		if part <= 0.04045 {
			value += weight * part / 12.92
			continue
		}
		value += weight * math.Pow((part+0.055)/1.055, 2.4)
	}
	return value, true
}
