package stepup_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"polarweb.nl/inzage/internal/stepup"
)

// modules reads a drawn code back: a row for each row of modules, true where
// one is light.
func modules(t *testing.T, drawn string) [][]bool {
	t.Helper()
	halves := map[rune][2]bool{'█': {true, true}, '▀': {true, false}, '▄': {false, true}, ' ': {false, false}}
	var rows [][]bool
	for line := range strings.Lines(drawn) {
		var upper, lower []bool
		for _, r := range strings.TrimSuffix(line, "\n") {
			pair, ok := halves[r]
			if !ok {
				t.Fatalf("%q is no half of a module", r)
			}
			upper, lower = append(upper, pair[0]), append(lower, pair[1])
		}
		rows = append(rows, upper, lower)
	}
	return rows
}

func TestPictureShowsEveryModuleAndTheQuietZone(t *testing.T) {
	for _, text := range []string{
		"otpauth://totp/PolarWeb:anouk?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "a", strings.Repeat("lang ", 40),
	} {
		drawn, err := stepup.QR(text)
		if err != nil {
			t.Fatal(err)
		}
		code, err := qr.Encode(text, qr.M, qr.Auto)
		if err != nil {
			t.Fatal(err)
		}
		rows, size := modules(t, drawn), code.Bounds().Dx()
		if len(rows) < size+8 || len(rows[0]) != size+8 {
			t.Fatalf("%d by %d modules drawn of %d", len(rows[0]), len(rows), size)
		}
		for y, row := range rows {
			for x, light := range row {
				inside := x >= 4 && x < size+4 && y >= 4 && y < size+4
				if dark := inside && code.At(x-4, y-4) == color.Black; light == dark {
					t.Fatalf("module %d, %d is light %t in a picture of %q", x-4, y-4, light, text)
				}
			}
		}
	}
}

// TestPictureHasThreeFinders looks at the drawing alone: a dark ring of seven
// modules in each corner but one is what every QR code has.
func TestPictureHasThreeFinders(t *testing.T) {
	drawn, err := stepup.QR("otpauth://totp/PolarWeb:anouk")
	if err != nil {
		t.Fatal(err)
	}
	rows := modules(t, drawn)
	far := len(rows[0]) - 4 - 7
	for corner, want := range map[[2]int]bool{{4, 4}: true, {far, 4}: true, {4, far}: true, {far, far}: false} {
		ring := true
		for i := range 7 {
			x, y := corner[0], corner[1]
			ring = ring && !rows[y][x+i] && !rows[y+6][x+i] && !rows[y+i][x] && !rows[y+i][x+6]
		}
		if ring != want {
			t.Errorf("a finder at %v: %t, want %t", corner, ring, want)
		}
	}
}

func TestTextThatFitsNoPictureIsRefused(t *testing.T) {
	if drawn, err := stepup.QR(strings.Repeat("x", 5000)); err == nil {
		t.Errorf("5,000 characters became %d bytes", len(drawn))
	}
}
