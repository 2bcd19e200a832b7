package organisation_test

import (
	"math"
	"testing"

	"polarweb.nl/inzage/internal/organisation"
)

// TestContrastIsThatOfWCAG has the two ends, a grey on each side of the bend in
// the formula, and a pure colour for each weight; each against white, whose
// luminance is 1.
func TestContrastIsThatOfWCAG(t *testing.T) {
	for colour, luminance := range map[string]float64{
		"#000000": 0, "#ffffff": 1, "#0a0a0a": 0.003035, "#808080": 0.215861,
		"#ff0000": 0.2126, "#00FF00": 0.7152, "#0000ff": 0.0722,
	} {
		want := 1.05 / (luminance + 0.05)
		if got := organisation.Contrast("#ffffff", colour); math.Abs(got-want) > 1e-3 {
			t.Errorf("white on %s has a contrast of %f, want %f", colour, got, want)
		}
		if there, back := organisation.Contrast("#ffffff", colour), organisation.Contrast(colour, "#ffffff"); there != back {
			t.Errorf("the contrast with %s depends on the order: %f and %f", colour, there, back)
		}
	}
}

func TestPaleOrUnreadableBrandColourIsReplaced(t *testing.T) {
	fallback := organisation.Defaults().Brand.Colour
	for colour, want := range map[string]string{
		"#ffcc00": fallback, "#000000": "#000000", "#767676": "#767676", "#777777": fallback,
		"": fallback, "red": fallback, "#12345": fallback, "#gg0000": fallback, "#1234567": fallback,
		"#00000;": fallback,
	} {
		if got := (organisation.Brand{Colour: colour}).Legible(); got != want {
			t.Errorf("Legible() of %q = %q, want %q", colour, got, want)
		}
	}
	if organisation.Contrast(fallback, "#ffffff") < organisation.LeastContrast {
		t.Error("white letters are hard to read on the default colour itself")
	}
}
