package file

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/organisation"
)

// shippedProfile reads the organisation file of this repository.
func shippedProfile(t *testing.T) organisation.Profile {
	t.Helper()
	profile, findings, err := Read(shipped)
	if err != nil || HasErrors(findings) {
		t.Fatalf("shipped file: %v, %v", err, findings)
	}
	return profile
}

// TestShippedSystemsAreTheOnesDecided keeps the ids, which stand in the files
// of cases for ever, and what an erasure does in each system.
func TestShippedSystemsAreTheOnesDecided(t *testing.T) {
	var got []string
	for _, system := range shippedProfile(t).DataMap.Systems {
		got = append(got, system.ID+" "+string(system.OnErasure))
	}
	want := []string{
		"klanten erase", "facturen keep", "hosting erase", "domeinen keep", "post erase",
		"nieuwsbrief erase", "logs erase", "backups keep", "verzoeken keep",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("systems (-want +got):\n%s", diff)
	}
}

// TestShippedMapSaysWhatTheLawAndTheStatementFix looks for the few facts that
// are not the owner's to choose, in both languages.
func TestShippedMapSaysWhatTheLawAndTheStatementFix(t *testing.T) {
	profile := shippedProfile(t)
	get := func(id string) organisation.System {
		system, known := profile.System(id)
		if !known {
			t.Fatalf("no system %q", id)
		}
		return system
	}
	months, years := profile.Retention.FileMonths, profile.Retention.SkeletonYears
	facts := []struct {
		name   string
		text   organisation.Text
		nl, en string
	}{
		{"books", get("facturen").KeepsWhy, "zeven jaar bewaren (art. 52 AWR)", "for seven years (art. 52 AWR)"},
		{"end of the books", get("facturen").Keeps, "31 december van het zevende jaar", "31 December of the seventh year"},
		{"phone", get("post").Holds, "Telefoongesprekken nemen wij niet op.", "We do not record phone calls."},
		{"file of a case", get("verzoeken").Keeps, fmt.Sprintf("%d maanden", months), fmt.Sprintf("%d months", months)},
		{"reason of a case", get("verzoeken").KeepsWhy, fmt.Sprintf("%d maanden", months), fmt.Sprintf("%d months", months)},
		{"skeleton", get("verzoeken").Keeps, fmt.Sprintf("%d jaar", years), fmt.Sprintf("%d years", years)},
	}
	for _, fact := range facts {
		if !strings.Contains(fact.text.NL, fact.nl) || !strings.Contains(fact.text.EN, fact.en) {
			t.Errorf("%s: want %q in %q and %q in %q", fact.name, fact.nl, fact.text.NL, fact.en, fact.text.EN)
		}
	}
	if !slices.ContainsFunc(get("domeinen").Recipients, func(name string) bool { return strings.Contains(name, "SIDN") }) {
		t.Errorf("recipients of domeinen = %v, without SIDN", get("domeinen").Recipients)
	}
}

// TestShippedMapIsPlainLanguage keeps its texts at a level that everyone reads:
// whole sentences of at most 22 words, 12 on average, in both languages.
func TestShippedMapIsPlainLanguage(t *testing.T) {
	dataMap := shippedProfile(t).DataMap
	texts := []organisation.Text{dataMap.AutomatedDecisions, dataMap.Transfers}
	for _, system := range dataMap.Systems {
		texts = append(texts, system.Holds, system.Purpose, system.Keeps)
		// Only these two may be left out.
		for _, text := range []organisation.Text{system.Source, system.KeepsWhy} {
			if text != (organisation.Text{}) {
				texts = append(texts, text)
			}
		}
	}
	for _, language := range []organisation.Language{organisation.Dutch, organisation.English} {
		var words, sentences int
		for _, text := range texts {
			if !strings.HasSuffix(text.In(language), ".") || text.NL == text.EN {
				t.Errorf("no sentence in %s, or not translated: %q", language, text.In(language))
			}
			for sentence := range strings.SplitAfterSeq(text.In(language), ". ") {
				count := len(strings.Fields(sentence))
				if count > 22 {
					t.Errorf("%d words: %s", count, sentence)
				}
				words, sentences = words+count, sentences+1
			}
		}
		if words > 12*sentences {
			t.Errorf("%s has %d words in %d sentences, more than 12 each", language, words, sentences)
		}
	}
}
