package letter

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// renderWithout renders a letter from a source in which nothing is left of a
// word.
func renderWithout(t *testing.T, content dsr.LetterContent, word string) error {
	t.Helper()
	composer, kind, language := exampleComposer(), content.Letter.Ref.Kind, content.Letter.Language
	f, err := composer.facts(content, language)
	if err != nil {
		t.Fatal(err)
	}
	// The reason must not say the words in place of the source.
	for _, right := range f.lists["refused"] {
		f.set(right+".reason", strings.Join(slices.Concat(court(dsr.Dutch).words, court(dsr.English).words), " ")+" {button} {number}")
	}
	src := read(t, string(kind), language)
	if word != "" {
		body := regexp.MustCompile(`(?i)`+regexp.QuoteMeta(word)).ReplaceAllString(src.body, "")
		if body == src.body {
			t.Fatalf("%s.%s does not hold %q", kind, language, word)
		}
		src.body = body
	}
	_, err = render(kind, language, src, f)
	return err
}

// TestLetterThatLeavesOutADutyCannotBeComposed takes each word of each duty out
// of the source, as somebody who shortens a letter might.
func TestLetterThatLeavesOutADutyCannotBeComposed(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, _ composed) {
		if err := renderWithout(t, content, ""); err != nil {
			t.Fatal(err)
		}
		kind, language := content.Letter.Ref.Kind, content.Letter.Language
		f, err := exampleComposer().facts(content, language)
		if err != nil {
			t.Fatal(err)
		}
		for _, owed := range duties(kind, language, f) {
			for _, word := range owed.words {
				for _, right := range f.lists["refused"] { // the source has one section for all
					word = strings.Replace(word, "{"+right+".", "{this.", 1)
				}
				err := renderWithout(t, content, word)
				if !errors.Is(err, ErrIncomplete) {
					t.Errorf("without %q of %s: error is %v", word, owed.name, err)
				}
			}
		}
	})
}

// owedWords lists for each letter the words of its Dutch source that may not be
// taken out, beside the button of every letter with a link.
func owedWords() map[dsr.LetterKind][]string {
	return map[dsr.LetterKind][]string{
		dsr.Acknowledgement: {"{number}", "{promise-due}", "{law-due}", "{authority}", "({complaint})"},
		dsr.ConfirmLetter:   {"{number}", "{rights}", "{receipt-day}"},
		dsr.CopyLetter: {
			"{number}", "{promise-due}", "{law-due}", "{authority}", "({complaint})", "burgerservicenummer", "pasfoto",
			"documentnummer", "lange regels", "handtekening", "kopieid", "{copy-days}", "weigeren", "liever geen kopie", "twee gegevens",
		},
		dsr.CopyAgainLetter: {
			"{number}", "{promise-due}", "{law-due}", "{authority}", "({complaint})", "burgerservicenummer", "pasfoto",
			"documentnummer", "lange regels", "handtekening", "kopieid", "liever geen kopie", "twee gegevens",
		},
		dsr.CheckedLetter:  {"{number}", "{promise-due}", "{law-due}", "{destroyed-at}"},
		dsr.ReminderNotice: {"{number}", "{promise-due}", "{law-due}"},
		dsr.AnswerLetter: {
			"{number}", "{authority}", "({complaint})", "rechtbank", "verzoekschrift", "zes weken", "artikel 35",
		},
		dsr.CodeLetter: {"{number}", "{code}"},
		dsr.WaitLetter: {"{number}", "{not-before}"},
		dsr.RefusalLetter: {
			"{number}", "{authority}", "{authority-address}", "({complaint})", "rechtbank", "verzoekschrift", "zes weken",
			"artikel 35", "{this.reason}", "{this.ground}",
		},
		dsr.WithdrawnLetter: {"{number}", "{authority}", "({complaint})"},
	}
}

func TestEachLetterOwesWhatItsReaderMustKnow(t *testing.T) {
	for _, kind := range kinds() {
		words := owedWords()[kind]
		if kind != dsr.CodeLetter {
			words = append(words, "{button}")
		}
		for _, word := range words {
			if err := renderWithout(t, example(kind, dsr.Dutch), word); !errors.Is(err, ErrIncomplete) {
				t.Errorf("%s without %q: error is %v", kind, word, err)
			}
		}
	}
	for _, word := range []string{"court", "petition", "six weeks", "article 35"} {
		for _, kind := range []dsr.LetterKind{dsr.AnswerLetter, dsr.RefusalLetter} {
			if err := renderWithout(t, example(kind, dsr.English), word); !errors.Is(err, ErrIncomplete) {
				t.Errorf("%s without %q: error is %v", kind, word, err)
			}
		}
	}
}

// TestSectionThatIsNotShownSaysNothing takes the road to the court into a
// section that does not apply.
func TestSectionThatIsNotShownSaysNothing(t *testing.T) {
	composer, content := exampleComposer(), example(dsr.RefusalLetter, dsr.Dutch)
	f, err := composer.facts(content, dsr.Dutch)
	if err != nil {
		t.Fatal(err)
	}
	src := read(t, "M14", dsr.Dutch)
	src.body = strings.Replace(src.body, "## Naar de rechter gaan", "{if unlinked}\n## Naar de rechter gaan", 1)
	src.body = strings.Replace(src.body, "\nMet vriendelijke groet", "{end}\n\nMet vriendelijke groet", 1)
	if _, err := render(dsr.RefusalLetter, dsr.Dutch, src, f); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "the court") {
		t.Errorf("error is %v", err)
	}
}

func TestReasonStandsInAParagraphOfItsOwn(t *testing.T) {
	for _, language := range []dsr.Language{dsr.Dutch, dsr.English} {
		for _, kind := range written() {
			src := read(t, string(kind), language)
			inside := strings.Count(src.body, "reason}") - strings.Count(src.body, "\n\n{this.reason}\n\n")
			if inside != 0 || strings.Contains(src.headers["Subject"]+src.headers["Button"], "{this.") {
				t.Errorf("%s.%s: a text of several lines stands in another one", kind, language)
			}
		}
	}
}

// TestPlaceWithoutItsValueIsAFault keeps a source from speaking of what its
// letter does not have: a link beside a code, an instant that nobody set.
func TestPlaceWithoutItsValueIsAFault(t *testing.T) {
	composer, content := exampleComposer(), example(dsr.CodeLetter, dsr.Dutch)
	f, err := composer.facts(content, dsr.Dutch)
	if err != nil {
		t.Fatal(err)
	}
	if f.values["not-before"] != "" || f.flags["not-before"] {
		t.Errorf("an instant that nobody set is %q", f.values["not-before"])
	}
	for _, mistake := range []string{"\n{link}\n", "\n{link-days}\n", "\n{each nothing}\n{end}\n", "\n{if lang}\n"} {
		src := read(t, "M10-code", dsr.Dutch)
		src.body += mistake
		if _, err := render(dsr.CodeLetter, dsr.Dutch, src, f); !errors.Is(err, ErrSource) {
			t.Errorf("with %q: error is %v", mistake, err)
		}
	}
	src := read(t, "M10-code", dsr.Dutch)
	src.headers["Subject"] += " {link}"
	if _, err := render(dsr.CodeLetter, dsr.Dutch, src, f); !errors.Is(err, ErrSource) {
		t.Errorf("with a link in the subject: error is %v", err)
	}
}
