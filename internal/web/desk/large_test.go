package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// mostAnswer is the largest page that leaves a function: 6 MB, of which a third
// is what its way makes of it
// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const mostAnswer = 4_500_000

// freeFields lists every field of every form in which people write what they
// want, with the stage that has it.
func freeFields() []struct {
	stage func(w *world, c clerk) string
	form  string
	field string
	with  fields
} {
	type free = struct {
		stage func(w *world, c clerk) string
		form  string
		field string
		with  fields
	}
	contact := fields{"klantnummer": "K", "adres1": "a@b.example", "sinds1": "2020-01-01"}
	return []free{
		{atOnce, "klant", "klantnummer", contact},
		{atOnce, "klant", "naam", contact},
		{atOnce, "klant", "adres1", contact},
		{atOnce, "klant", "sinds1", contact},
		{atOnce, "niemand", "gezocht", nil},
		{confirmed, "twijfel", "reden", fields{"code": "app"}},
		{looking, "zoeken-klanten-access", "tekst", fields{"uitkomst": "found"}},
		{takingBack, "terugnemen", "reden", fields{"code": "app"}},
		{leaving, "anders-bezorgd", "reden", fields{"code": "app"}},
		{proven, "besluit-erasure", "reden", fields{"uitkomst": "refused", "grond": "claims", "code": "app"}},
	}
}

// TestA27LargeAndHostileFormsAreKeptAndInert types a megabyte, a megabyte that
// grows by escaping, and every hostile text into each free field: what is taken
// is shown inert, what is not comes back whole, and no page grows too large.
func TestA27LargeAndHostileFormsAreKeptAndInert(t *testing.T) {
	texts := append(hostile(), strings.Repeat("tekst\r\n", 1<<20/7), strings.Repeat(`"`, 1<<20))
	for _, one := range freeFields() {
		w, c := newOffice(t)
		page := one.stage(w, c)
		blank := c.form(page, one.form)
		ordinary := map[string]bool{}
		tags, _ := elements(page + c.see("").Body.String())
		for _, tag := range append(tags, "section class role aria-labelledby", "p class id", "textarea id name rows dir aria-describedby aria-invalid",
			"input id name type autocomplete value aria-invalid", "input id name type autocomplete value aria-describedby aria-invalid",
			"input id name type value checked", "option value selected", "select id name aria-describedby aria-invalid", "dd class", "pre dir", "a href") {
			ordinary[tag] = true
		}
		for _, text := range texts {
			in := fields{one.field: text}
			for name, value := range one.with {
				if name != one.field {
					in[name] = value
				}
			}
			got := c.typed(blank, in)
			if got.Code == http.StatusSeeOther {
				got = c.see("")
			}
			page := got.Body.String()
			if got.Code == http.StatusServiceUnavailable || len(page) > mostAnswer {
				t.Errorf("%s of %s with %.20q: %d with %d bytes", one.field, one.form, text, got.Code, len(page))
			}
			found, _ := elements(page)
			for _, tag := range found {
				if !ordinary[tag] {
					t.Errorf("%s of %s with %.20q makes <%s>", one.field, one.form, text, tag)
				}
			}
			if strings.ContainsAny(typedBack.ReplaceAllString(page, ""), "\u202e\u202c\u2066\u2069\u200b\ufeff\x00\r") {
				t.Errorf("%s of %s with %.20q: the page holds what nobody sees", one.field, one.form, text)
			}
			blank = c.latest(one.form, blank)
		}
	}
}

// latest gives a form as it now stands, when it still does.
func (c clerk) latest(id string, blank form) form {
	c.w.t.Helper()
	for _, one := range formsOf(c.see("").Body.String()) {
		if one.id == id {
			return one
		}
	}
	return blank
}

// TestMegabyteOfWordsIsKeptWhole types the longest text that a system can hold,
// and one byte more.
func TestMegabyteOfWordsIsKeptWhole(t *testing.T) {
	w, c := newOffice(t)
	page := looking(w, c)
	blank := c.form(page, "zoeken-klanten-access")
	text := strings.Repeat("Een regel van het dossier, met é.\r\n", dsr.MaxTask/36)
	for len(text) < dsr.MaxTask {
		text += "x"
	}
	back := c.typed(blank, fields{"uitkomst": "found", "tekst": text + "x"})
	if got := c.form(back.Body.String(), "zoeken-klanten-access").fields.Get("tekst"); back.Code != http.StatusUnprocessableEntity ||
		strings.ReplaceAll(got, "\n", "\r\n") != text+"x" && strings.TrimPrefix(got, "\n") != strings.ReplaceAll(text+"x", "\r\n", "\n") {
		t.Errorf("answers %d and gives %d of %d bytes back", back.Code, len(got), len(text)+1)
	}
	if done := c.typed(blank, fields{"uitkomst": "found", "tekst": text}); done.Code != http.StatusSeeOther {
		t.Fatalf("the longest text answers %d", done.Code)
	}
	shown := c.see("").Body.String()
	if strings.Count(shown, "Een regel van het dossier") < dsr.MaxTask/36 || len(shown) > mostAnswer {
		t.Errorf("the page has %d bytes", len(shown))
	}
}

// TestFormBeyondAllBoundsIsRefusedClearly sends more than a function takes.
func TestFormBeyondAllBoundsIsRefusedClearly(t *testing.T) {
	w, c := newReview(t)
	_ = c
	anouk := w.enter("anouk", w.link("anouk-2"))
	bram := w.reviewer()
	for who, target := range map[*clerk]string{&anouk: "/niemand", &bram: "/akkoord"} {
		got := w.send(http.MethodPost, casePage+target, "gezocht="+strings.Repeat("x", 4<<20), holding(who.cookie))
		if got.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s answers %d", target, got.Code)
		}
		holds(t, wordsOf(got.Body.String()), true, "Het formulier is te groot. Maak de tekst korter.")
	}
	if got := w.send(http.MethodPost, casePage+"/niemand", "gezocht=%zz&rev=0", holding(anouk.cookie)); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("a broken form answers %d", got.Code)
	}
}
