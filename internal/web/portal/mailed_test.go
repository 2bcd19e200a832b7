package portal_test

import (
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// TestContactOnFileSeesNothingOfMailedCopies would fail if they learned what whoever
// wrote the request sent along, or were told that it is their own.
func TestContactOnFileSeesNothingOfMailedCopies(t *testing.T) {
	w := newWorld(t, nil)
	token := w.copyAsked()
	w.happen(dsr.IDCopyReceived, w.now, nil)
	status := func() string { return w.seesAs(w.file.Case.Work.Asked, dsr.Dutch) }
	page, own := formless(w.copyPage(token, dsr.Dutch)), status()
	holds(t, own, true, "Wij bekijken uw kopie.")
	holds(t, page, true, "Wij kregen al een kopie")
	later := w.now.AddDate(0, 0, 1)
	for _, kind := range []dsr.EventKind{
		dsr.IDCopyReceived, dsr.IDCopyInspected, dsr.IDCopyRefused, dsr.IDCopyViewed, dsr.IDCopyDestroyed,
	} {
		w.happen(kind, later, map[string]string{"mailed": "true", "reason": "too-many"})
		if got := formless(w.copyPage(token, dsr.Dutch)); got != page {
			t.Errorf("%s: the page about a copy changed: %s", kind, got)
		}
		if got := status(); got != own {
			t.Errorf("%s: the page of the case changed: %s", kind, got)
		}
	}
}

// formless gives a page without its forms: each opening signs others.
func formless(page string) string {
	var text strings.Builder
	for i, piece := range strings.Split(page, "<form") {
		if _, after, found := strings.Cut(piece, "</form>"); i > 0 && found {
			piece = after
		}
		text.WriteString(piece)
	}
	return text.String()
}
