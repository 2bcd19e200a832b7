package file

import (
	"fmt"

	"polarweb.nl/inzage/internal/organisation"
)

// colourIsReadable warns for a colour on which white letters are hard to read:
// letters and pages show the default colour in its place.
func colourIsReadable(p organisation.Profile, r *report) {
	// A colour that could not be read was reported; here stands the default.
	if contrast := organisation.Contrast(p.Brand.Colour, "#ffffff"); contrast < organisation.LeastContrast {
		r.warn("brand.colour", fmt.Sprintf("white letters on %s have a contrast of %.1f to 1 and need %.1f",
			p.Brand.Colour, contrast, organisation.LeastContrast), "choose a darker colour")
	}
}
