package letter

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// visibleText is what a reader of the HTML part sees, on one line.
func visibleText(t *testing.T, page string) string {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(page))
	var text strings.Builder
	style := false
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		switch {
		case token.Data == "style" || token.Data == "title":
			style = kind == html.StartTagToken
		case kind == html.TextToken && !style:
			text.WriteString(token.Data)
		case kind != html.TextToken && token.Data != "strong" && token.Data != "a":
			text.WriteString(" ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func TestBothPartsHoldTheSameLinks(t *testing.T) {
	address := regexp.MustCompile(`https?://\S+`)
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		inText := address.FindAllString(letter.text, -1)
		_, inPage := elements(t, letter.html)
		inPage = slices.Compact(inPage) // the button and the bare address below it
		if !slices.Equal(inText, inPage) {
			t.Errorf("text has %v\nHTML has %v", inText, inPage)
		}
		for _, link := range inText {
			if !strings.Contains(letter.text, "\n"+link+"\n") {
				t.Errorf("%s has no line of its own", link)
			}
		}
	})
}

func TestEveryLetterHasOnePrimaryLink(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		rule, linked := content.Letter.Purpose.Rule()
		if !linked {
			if strings.Contains(string(letter.message.Raw), "http") {
				t.Error("a letter without a link has a web address")
			}
			return
		}
		want := "https://avg.voorbeeld.example" + rule.Path + "?t=" + content.Token
		if n := strings.Count(letter.text, want); n != 1 {
			t.Errorf("the text part has the link %d times", n)
		}
		if n := strings.Count(letter.html, `<a href="`+want+`"`); n != 2 {
			t.Errorf("the HTML part has the link %d times, want the button and the bare address", n)
		}
		if n := strings.Count(letter.html, ">"+want+"</a>"); n != 1 {
			t.Errorf("the HTML part shows the bare address %d times", n)
		}
		for _, part := range []string{letter.text, letter.html} {
			if strings.Count(part, "/mijn/")+strings.Count(part, "/bureau/") != strings.Count(part, want) {
				t.Error("another link into Inzage stands in the letter")
			}
		}
	})
}

func TestSlashAfterTheBaseAddressMakesNoDoubleSlash(t *testing.T) {
	composer := exampleComposer()
	composer.BaseURL += "/"
	letter := compose(t, composer, example(dsr.Acknowledgement, dsr.Dutch))
	if !strings.Contains(letter.text, "\nhttps://avg.voorbeeld.example/mijn/zaak?t=l1.") {
		t.Error("the link has another form")
	}
}

func TestBothPartsSayTheSame(t *testing.T) {
	button := regexp.MustCompile(`(Werkt de knop niet\? Kopieer dan deze link|Does the button not work\? Then copy this link): `)
	strip := strings.NewReplacer("• ", "", ":", "", ".", "")
	eachLetter(t, func(t *testing.T, _ dsr.LetterContent, letter composed) {
		page := button.ReplaceAllString(visibleText(t, letter.html), "")
		// The text part adds the addresses of links; the words must be the same.
		var words []string
		for line := range strings.Lines(letter.text) {
			if !strings.HasPrefix(line, "https://voorbeeld") && !strings.HasPrefix(line, "https://autoriteit") {
				words = append(words, strings.Fields(line)...)
			}
		}
		if text := strip.Replace(strings.Join(words, " ")); text != strip.Replace(page) {
			t.Errorf("text: %s\nHTML: %s", text, strip.Replace(page))
		}
	})
}

// datesIn lists the dates that a letter of a kind holds, of those of its case.
func datesIn(kind dsr.LetterKind, language dsr.Language) []string {
	received, promised, lawful := "donderdag 5 maart 2026", "donderdag 2 april 2026", "dinsdag 7 april 2026"
	arrived, stoppable := "donderdag 5 maart 2026 om 09:00", "vrijdag 6 maart 2026 om 09:01"
	destroyed := "vrijdag 6 maart 2026 om 10:00"
	if language == dsr.English {
		received, promised, lawful = "Thursday 5 March 2026", "Thursday 2 April 2026", "Tuesday 7 April 2026"
		arrived, stoppable = "Thursday 5 March 2026 at 09:00", "Friday 6 March 2026 at 09:01"
		destroyed = "Friday 6 March 2026 at 10:00"
	}
	switch kind {
	case dsr.CheckedLetter:
		return []string{received, promised, lawful, destroyed}
	case dsr.MailNotice:
		return []string{arrived}
	case dsr.CodeLetter:
		return nil
	case dsr.WaitLetter:
		return []string{received, stoppable}
	case dsr.ConfirmLetter, dsr.AnswerLetter, dsr.RefusalLetter, dsr.WithdrawnLetter:
		return []string{received}
	}
	return []string{received, promised, lawful}
}

func TestBothPartsHoldEveryDate(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		for _, date := range datesIn(content.Letter.Ref.Kind, content.Letter.Language) {
			if !strings.Contains(letter.text, date) || !strings.Contains(letter.html, date) {
				t.Errorf("%s does not stand in both parts, unbroken", date)
			}
		}
	})
}

func TestTextPartIsPlain(t *testing.T) {
	marks := regexp.MustCompile("[#*_`{}<>\\\\]|]\\(|&[a-z]+;")
	eachLetter(t, func(t *testing.T, _ dsr.LetterContent, letter composed) {
		for line := range strings.Lines(letter.text) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "https://") {
				continue
			}
			if len([]rune(line)) > width {
				t.Errorf("line of %d characters: %s", len([]rune(line)), line)
			}
			if marks.MatchString(line) || strings.TrimRight(line, " ") != line {
				t.Errorf("a mark or a space at the end is left: %q", line)
			}
		}
		if strings.Contains(letter.text, "\n\n\n") || strings.Contains(letter.text, ":\n\n\n") {
			t.Error("two empty lines follow each other")
		}
	})
}

func TestPageIsSmallAndAloneAndLegible(t *testing.T) {
	eachLetter(t, func(t *testing.T, content dsr.LetterContent, letter composed) {
		if len(letter.html) > 20<<10 {
			t.Errorf("the page has %d bytes", len(letter.html))
		}
		names, _ := elements(t, letter.html)
		allowed := "html head meta title style body main h1 h2 p ul li a br strong"
		for _, name := range names {
			if !slices.Contains(strings.Fields(allowed), name) {
				t.Errorf("the page has an element %s", name)
			}
		}
		if n := strings.Count(letter.html, "<h1"); n != 1 {
			t.Errorf("the page has %d main headings", n)
		}
		for _, want := range []string{
			`<html lang="` + string(content.Letter.Language) + `">`,
			`<meta name="color-scheme" content="light dark">`,
		} {
			if !strings.Contains(letter.html, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		for _, outside := range []string{"url(", "@import", "src=", "http-equiv"} {
			if strings.Contains(letter.html, outside) {
				t.Errorf("the page fetches something: %s", outside)
			}
		}
	})
}

func TestColoursOfThePageHaveContrast(t *testing.T) {
	page, err := sources.ReadFile("text/page.html")
	if err != nil {
		t.Fatal(err)
	}
	body := regexp.MustCompile(`body \{[^}]*background: (#\w+); color: (#\w+)`).FindAllStringSubmatch(string(page), -1)
	links := regexp.MustCompile(`\na \{ color: (#\w+)`).FindAllStringSubmatch(string(page), -1)
	if len(body) != 2 || len(links) != 2 {
		t.Fatalf("found %d bodies and %d links, want a light and a dark one of each", len(body), len(links))
	}
	for i := range body {
		for _, colour := range []string{body[i][2], links[i][1]} {
			if ratio := organisation.Contrast(body[i][1], colour); ratio < organisation.LeastContrast {
				t.Errorf("%s on %s has a contrast of %.1f", colour, body[i][1], ratio)
			}
		}
	}
}

func TestPaleBrandColourIsReplaced(t *testing.T) {
	c := exampleComposer()
	c.Profile.Brand.Colour = "#FFCC00"
	letter := compose(t, c, example(dsr.Acknowledgement, dsr.Dutch))
	if strings.Contains(letter.html, c.Profile.Brand.Colour) || !strings.Contains(letter.html, organisation.Defaults().Brand.Colour) {
		t.Error("the button has a colour on which its white letters are hard to read")
	}
}
