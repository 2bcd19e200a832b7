package letter

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"polarweb.nl/inzage/internal/dsr"
)

// hostile lists values that try to be more than a value.
func hostile() map[string]string {
	return map[string]string{
		"markdown link":    "[x](http://evil.example)",
		"markdown heading": "\n# Betaal nu\n",
		"emphasis":         "**x** _y_ `z`",
		"html":             `<b onclick="x()">Jan</b><script>x()</script>`,
		"attribute":        `"><img src=x>`,
		"entity":           "&lt;script&gt;",
		"image":            "![x](http://evil.example/p.png)",
		"autolink":         "<http://evil.example>",
		"lines":            "Jan\r\nBcc: a@evil.example\r\n\r\nx",
		"direction":        "Jan\u202egro.live\u2066",
		"line separator":   "Jan\u2028\u2029\u0085x",
		"control":          "Jan\x00\x1b[31m\x7f",
		"invisible":        "J\u200ba\ufeffn\U000e0041",
		"bad utf-8":        "Jan\xff\xfe",
		"placeholder":      "{token} {link} {if name}",
		"section":          "x\n{end}\n{if asks}",
		"long":             strings.Repeat("x", 200),
		"long words":       strings.Repeat("Jan ", 50),
		"long numbers":     strings.Repeat("12 ", 70),
		"telephone":        "Bel 0900-1234567",
		"domain":           "evil.example",
		"web address":      "https://evil.example/inloggen",
	}
}

// elements lists the elements and the links of a page.
func elements(t *testing.T, page string) (names, links []string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		names = append(names, token.Data)
		for _, attribute := range token.Attr {
			switch attribute.Key {
			case "href":
				links = append(links, attribute.Val)
			case "lang", "charset", "name", "content", "style", "class":
			default:
				t.Errorf("element %s has attribute %s", token.Data, attribute.Key)
			}
		}
	}
	return names, links
}

// checkInert compares a letter with hostile values to one with harmless values.
func checkInert(t *testing.T, harmless, letter composed) {
	t.Helper()
	wantNames, wantLinks := elements(t, harmless.html)
	gotNames, gotLinks := elements(t, letter.html)
	if strings.Join(wantNames, " ") != strings.Join(gotNames, " ") {
		t.Errorf("a value changed the elements of the page: %v", gotNames)
	}
	if strings.Join(wantLinks, " ") != strings.Join(gotLinks, " ") {
		t.Errorf("a value changed the links of the page: %v", gotLinks)
	}
	for line := range strings.Lines(letter.text) {
		line = strings.TrimSuffix(line, "\n")
		if len([]rune(line)) > width && !strings.HasPrefix(line, "https://avg.voorbeeld.example/") {
			t.Errorf("line of %d characters: %s", len([]rune(line)), line)
		}
	}
	for _, part := range []string{letter.text, letter.html} {
		if at := strings.IndexFunc(part, invisible); at >= 0 {
			t.Errorf("an invisible character is left: %q", part[at:min(at+20, len(part))])
		}
	}
	if len(letter.header) != len(harmless.header) {
		t.Errorf("a value changed the header fields: %v", letter.header)
	}
	for name, values := range letter.header {
		if len(values) != 1 {
			t.Errorf("header field %s stands %d times", name, len(values))
		}
	}
}

// invisible reports a character that a reader does not see.
func invisible(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }

func TestHostileNameIsInert(t *testing.T) {
	for name, value := range hostile() {
		t.Run(name, func(t *testing.T) {
			for _, kind := range kinds() {
				content := example(kind, dsr.Dutch)
				harmless := compose(t, exampleComposer(), content)
				content.To.Name = value
				letter := compose(t, exampleComposer(), content)
				checkInert(t, harmless, letter)
				for _, part := range []string{letter.text, letter.html, string(letter.message.Raw)} {
					if strings.Contains(part, "evil") || strings.Contains(part, "0900") {
						t.Errorf("%s repeats what a stranger chose to be called", kind)
					}
				}
			}
		})
	}
}

// TestHostileProfileIsInert takes the values of the organisation: nobody checks
// them as text of a mail, and a mistake there would stand in every letter.
func TestHostileProfileIsInert(t *testing.T) {
	for name, value := range hostile() {
		for _, kind := range []dsr.LetterKind{dsr.Acknowledgement, dsr.AnswerLetter, dsr.RefusalLetter} {
			t.Run(name+"/"+string(kind), func(t *testing.T) {
				content := example(kind, dsr.English)
				harmless := compose(t, exampleComposer(), content)
				composer := exampleComposer()
				p := &composer.Profile
				p.Controller.Name, p.Controller.TradeName, p.Controller.KVK = value, value, value
				p.Controller.Address = []string{value, value}
				p.Authority.Address = []string{value, value}
				p.Authority.Name, p.Sender.FromName = value, value
				p.Brand.Colour = value
				letter := compose(t, composer, content)
				checkInert(t, harmless, letter)
				if strings.Contains(letter.html, value) && strings.ContainsAny(value, "<>&\"") {
					t.Error("the value stands in the page as it is")
				}
			})
		}
	}
}

func TestValueIsShownAsItIsWritten(t *testing.T) {
	composer := exampleComposer()
	composer.Profile.Controller.TradeName = `Jansen & Zn. {link} [x](y) **z** "q"`
	letter := compose(t, composer, example(dsr.Acknowledgement, dsr.Dutch))
	if !strings.Contains(letter.text, composer.Profile.Controller.TradeName+"\n") {
		t.Error("the text part does not show the value character by character")
	}
	if want := "Jansen &amp; Zn. {link} [x](y) **z** &#34;q&#34;</p>"; !strings.Contains(letter.html, want) {
		t.Errorf("the HTML part does not hold %s", want)
	}
}

func TestOnlyANameStandsInTheGreeting(t *testing.T) {
	for _, name := range []string{
		"Anna", "Anna de Vries", "J.P. van 't Hof", "Zoë-Anne d’Arc", "prof. dr. A. Bos", "Ömer Şahin", "李 小龍",
	} {
		if got := plainName(name); got != name {
			t.Errorf("plainName(%q) = %q", name, got)
		}
	}
	for _, name := range []string{
		"", "-", ".", "a@b.example", "evil.nl", "www.evil.nl", "ev.il", "Jan (directeur)", "Jan, Piet",
		"Bel 0900", "een twee drie vier vijf zes zeven", strings.Repeat("x", longestName+1), "a:b", "a/b",
	} {
		if got := plainName(name); got != "" {
			t.Errorf("plainName(%q) = %q, want nothing", name, got)
		}
	}
	if got := plainName("  Anna\t de\r\nVries "); got != "Anna de Vries" {
		t.Errorf("white space in a name gives %q", got)
	}
}

func TestLongValueIsCut(t *testing.T) {
	if got := []rune(inert(strings.Repeat("é", 500))); len(got) != longestValue || got[longestValue-1] != '…' {
		t.Errorf("%d characters are left, the last is %q", len(got), got[len(got)-1])
	}
	whole := strings.Repeat("é", longestValue)
	if inert(whole) != whole {
		t.Error("a value that just fits is cut")
	}
}

func TestValueBecomesOneVisibleLine(t *testing.T) {
	for value, want := range map[string]string{
		"Jan\xff\xfe":                "Jan",
		" a\t b\r\nc\u2028d\u00a0e ": "a b c d e",
		"a\u202eb\u2066c\u200bd":     "abcd",
		"a\x00\x1bb\x7f":             "ab",
		"\ue000private":              "private",
		"Zoë 李 ’ – €":                "Zoë 李 ’ – €",
		"":                           "",
	} {
		if got := inert(value); got != want {
			t.Errorf("inert(%q) = %q, want %q", value, got, want)
		}
	}
}
