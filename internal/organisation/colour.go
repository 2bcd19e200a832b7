package organisation

import (
	"math"
	"strconv"
)

// LeastContrast is what WCAG 2.2, success criterion 1.4.3, asks between letters
// and what is behind them.
const LeastContrast = 4.5

// Legible gives the colour to put white letters on: the brand's own, or the
// default one when white letters would be hard to read on the brand's.
func (b Brand) Legible() string {
	if Contrast(b.Colour, "#ffffff") < LeastContrast {
		return Defaults().Brand.Colour
	}
	return b.Colour
}

// Contrast is the contrast ratio of two colours as WCAG 2.2 defines it, from 1
// to 21; 0 when one of them is not written as "#rrggbb".
func Contrast(a, b string) float64 {
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
		value += weight * linear(float64(level)/255)
	}
	return value, true
}

// linear turns a level of colour from 0 to 1 into light, as WCAG 2.2 defines
// it for sRGB.
func linear(level float64) float64 {
	if level <= 0.04045 {
		return level / 12.92
	}
	return math.Pow((level+0.055)/1.055, 2.4)
}
