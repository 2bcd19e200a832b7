package organisation_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/organisation"
)

func TestTextIsEnglishOnlyForEnglish(t *testing.T) {
	text := organisation.Text{NL: "Uw naam.", EN: "Your name."}
	for language, want := range map[organisation.Language]string{
		organisation.Dutch: "Uw naam.", organisation.English: "Your name.", "": "Uw naam.", "fr": "Uw naam.", "EN": "Uw naam.",
	} {
		if got := text.In(language); got != want {
			t.Errorf("In(%q) = %q, want %q", language, got, want)
		}
	}
}

func TestEveryBasisNamesItsLetterOfTheArticle(t *testing.T) {
	seen := map[string]bool{}
	for i, word := range organisation.Basis("").Words() {
		basis, letter := organisation.Basis(word), string(rune('a'+i))
		for language, article := range map[organisation.Language]string{
			organisation.Dutch:   fmt.Sprintf("(art. 6 lid 1 onder %s AVG)", letter),
			organisation.English: fmt.Sprintf("(art. 6(1)(%s) GDPR)", letter),
		} {
			words := basis.In(language)
			if !strings.HasSuffix(words, " "+article) || seen[words] {
				t.Errorf("%s in %s = %q, want words of its own before %q", word, language, words, article)
			}
			seen[words] = true
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d texts, want one for each of the six grounds in two languages", len(seen))
	}
}

func TestUnknownBasisHasNoWords(t *testing.T) {
	for _, basis := range []organisation.Basis{"", "Consent", "habit"} {
		if got := basis.In(organisation.Dutch) + basis.In(organisation.English); got != "" {
			t.Errorf("words of %q = %q; a letter would name a ground that does not exist", basis, got)
		}
	}
}

// mapped is a profile with two systems: one with everything, one with the
// least that may stand in a file.
func mapped() organisation.Profile {
	text := organisation.Text{NL: "Zo.", EN: "So."}
	return organisation.Profile{DataMap: organisation.DataMap{
		Systems: []organisation.System{
			{
				ID: "facturen", Name: text, Holds: text, Purpose: text, Basis: organisation.BasisLegalObligation,
				Recipients: []string{"Belastingdienst"}, Keeps: text, Source: text,
				OnErasure: organisation.OnErasureKeep, KeepsWhy: text,
			},
			{
				ID: "post", Name: text, Holds: text, Purpose: text, Basis: organisation.BasisConsent,
				Keeps: text, OnErasure: organisation.OnErasureErase,
			},
		},
		AutomatedDecisions: text, Transfers: text,
	}}
}

func TestSystemIsFoundByItsIDAlone(t *testing.T) {
	p := mapped()
	for _, want := range p.DataMap.Systems {
		got, found := p.System(want.ID)
		if diff := cmp.Diff(want, got); diff != "" || !found {
			t.Errorf("System(%s), found %t (-want +got):\n%s", want.ID, found, diff)
		}
	}
	for _, id := range []string{"", "Post", "klanten"} {
		if got, found := p.System(id); found || got.ID != "" {
			t.Errorf("System(%q) = %q, %t; want nothing", id, got.ID, found)
		}
	}
}

func TestDataMapComesBackFromJSON(t *testing.T) {
	var written bytes.Buffer
	if err := mapped().Encode(&written); err != nil {
		t.Fatal(err)
	}
	got, err := organisation.Decode(&written)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mapped(), got); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}

func TestDecodeRefusesAnUnknownKeyInASystem(t *testing.T) {
	for _, text := range []string{
		`{"data_map": {"systems": [{"id": "post", "owner": "anna"}]}}`,
		`{"data_map": {"systems": [{"name": {"nl": "Post", "fr": "Poste"}}]}}`,
	} {
		if _, err := organisation.Decode(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}
