package desk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// wordsOf gives the text of a page, without its elements.
func wordsOf(page string) string {
	page = page[strings.Index(page, "<main"):]
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")), " ")
}

func TestCasePageShowsWhatStaffNeed(t *testing.T) {
	w := newWorld(t, func(_ *dsr.Case, said *dsr.Correspondence) {
		said.Text, said.Truncated = "Regel een\r\n  ingesprongen", true
		said.Attachments = []dsr.Attachment{{Name: "brief.pdf", MediaType: "application/pdf", Size: 1500}, {Size: 3 << 20}}
	})
	w.file = w.happen(w.file, dsr.Event{
		Kind: dsr.MessageAdded, At: received().Add(time.Hour), Personal: written(t, dsr.Correspondence{Address: "s@elders.example", Text: "Nog iets."}),
	})
	w.file = w.happen(w.file, dsr.Event{
		Kind: dsr.LetterBounced, At: received().Add(2 * time.Hour), Facts: map[string]string{"letter": "M01"},
	})
	w.now = received().AddDate(0, 0, 1)
	page := w.open(w.signIn("anouk"), casePage).Body.String()
	holds(t, page, true, "Regel een\n  ingesprongen")
	holds(t, wordsOf(page), true,
		"Verzoek AVG-2026-0001", "Binnengekomen op donderdag 5 maart 2026",
		"Nu nog 27 dagen Lees het verzoek en stel vast wat er wordt gevraagd.",
		"Inzage in uw gegevens", "Verwijdering van uw gegevens",
		"Werk naar donderdag 2 april 2026", "Daarom is de plandatum donderdag 2 april 2026.",
		"Onze belofte donderdag 2 april 2026", "28 dagen later is donderdag 2 april 2026.",
		"De wet dinsdag 7 april 2026", "Tweede Paasdag",
		"5 maart 2026, 10:00", "Onderwerp Mijn gegevens", "De mail was langer: Inzage bewaart alleen dit begin.",
		"brief.pdf application/pdf , 1,5 kB", "(zonder naam) 3,1 MB", "s@elders.example", "Nog iets.",
		"Naam Sanne Bakker Adres sanne.bakker@example.com", "De mail is aantoonbaar verstuurd namens het domein van de afzender.",
		"SPF klopt DKIM zegt niets DMARC klopt niet", "De mail vraagt om antwoord op een ander adres.",
		"Inzage in uw gegevens regel nl-inzage, gewicht 5", "Telt mee voor elk recht regel law-name, gewicht 2",
		"5 maart 2026, 10:00 Inzage Het verzoek kwam binnen.", "5 maart 2026, 12:00 Inzage De ontvangstbevestiging kwam terug: niet bezorgd.",
		"6 maart 2026, 10:00 Anouk Jansen Opende het verzoek.",
	)
}

func TestDoubtfulSenderIsTheFirstThingToDo(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.Trust = dsr.TrustC })
	page := wordsOf(w.open(w.signIn("anouk"), casePage).Body.String())
	holds(t, page, true, "Ga na of dit adres echt schreef", "Het is niet zeker dat dit adres echt schreef.")
	holds(t, page, false, "aantoonbaar")
}

func TestClosedCaseAsksNothing(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.State = dsr.Closed })
	cookie := w.signIn("anouk")
	page := wordsOf(w.open(cookie, casePage).Body.String())
	holds(t, page, true, "Dit verzoek is afgesloten: u hoeft niets te doen.")
	holds(t, page, false, "nog 28 dagen")
	holds(t, wordsOf(w.open(cookie, "/bureau").Body.String()), true, "Er is geen open verzoek.")
}

func TestTimeLeftIsSaidInWords(t *testing.T) {
	for day, want := range map[int]string{
		0: "nog 28 dagen", 27: "nog 1 dag", 28: "vandaag", 29: "1 dag te laat", 33: "5 dagen te laat", 34: "6 dagen te laat, ook voor de wet",
	} {
		w := newWorld(t, nil)
		w.now = received().AddDate(0, 0, day)
		cookie := w.renewed(&http.Cookie{Name: "__Host-inzage", Value: "x"})
		for _, target := range []string{"/bureau", casePage} {
			page := w.open(cookie, target).Body.String()
			holds(t, wordsOf(page), true, want)
			late := strings.Contains(page, `class="badge late"`)
			if soon := strings.Contains(page, `class="badge soon"`); late != (day > 28) || soon != (day == 28) {
				t.Errorf("day %d at %s: late %t, soon %t", day, target, late, soon)
			}
		}
	}
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.Dates.PlanBy = "2026-04-01" })
	w.now = received().AddDate(0, 0, 28)
	holds(t, w.open(w.renewed(&http.Cookie{Name: "__Host-inzage", Value: "x"}), "/bureau").Body.String(), true, "plandatum voorbij")
}

func TestListNamesNobodyAndHasTheLatestInFront(t *testing.T) {
	w := newWorld(t, nil)
	w.newCase(2, func(c *dsr.Case, _ *dsr.Correspondence) {
		c.Dates.PlanBy, c.Dates.PromiseDue = "2026-03-01", "2026-03-01"
	})
	w.newCase(3, func(c *dsr.Case, _ *dsr.Correspondence) { c.State = dsr.Closed })
	cookie := w.signIn("anouk")
	page := w.open(cookie, "/bureau").Body.String()
	holds(t, page, false, requesterName, "Sanne", requesterAddress, "sanne", "Mijn gegevens", requestText, "AVG-2026-0003")
	if strings.Index(page, "AVG-2026-0002</a>") > strings.Index(page, number+"</a>") {
		t.Error("what is late does not stand in front")
	}
	holds(t, wordsOf(page), true, "binnen op 5 maart 2026", "plan 2 april 2026", "belofte 2 april 2026", "wet 7 april 2026", "Inzage in uw gegevens", "4 dagen te laat")
	if w.events(dsr.Viewed) > 0 {
		t.Error("looking at the list is written down as opening a case")
	}
}

func TestSearchFindsAnExactNumberAlsoOfAClosedCase(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case, _ *dsr.Correspondence) { c.State = dsr.Closed })
	cookie := w.signIn("anouk")
	for _, typed := range []string{number, "avg-2026-0001", "%20AVG-2026-0001%20"} {
		if got := w.open(cookie, "/bureau?nummer="+typed); got.Header().Get("Location") != casePage {
			t.Errorf("%q answers %d, to %q", typed, got.Code, got.Header().Get("Location"))
		}
	}
	for typed, echoed := range map[string]string{
		"AVG-2026-0002": "AVG-2026-0002", "0001": "0001", "sanne": "sanne", "AVG-2026": "AVG-2026",
		"%3Cscript%3E": "&lt;script&gt;", "%22%3E%E2%80%AE": "&#34;&gt;[U&#43;202E]",
	} {
		got := w.open(cookie, "/bureau?nummer="+typed)
		if got.Code != http.StatusNotFound {
			t.Errorf("%q answers %d", typed, got.Code)
		}
		holds(t, got.Body.String(), true, "Er is geen verzoek met het nummer “"+echoed+"”.", `value="`+echoed+`"`)
	}
}

func TestOpeningIsWrittenDownOnceASession(t *testing.T) {
	one := newWorldSession(t)
	for range 5 {
		one.w.open(one.cookie, casePage)
		one.w.open(one.cookie, casePage+"?taal=en")
	}
	if got := one.w.events(dsr.Viewed); got != 1 {
		t.Errorf("%d views, want 1", got)
	}
	one.w.open(one.w.signIn("carla"), casePage)
	if got := one.w.events(dsr.Viewed); got != 2 {
		t.Errorf("%d views, want 2", got)
	}
}

// hostile is what people may write into any field.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `</pre></style></title><svg/onload=alert(3)>`,
		`{{.Token}} {{template "top" .}}`, "a\r\nSet-Cookie: x=y\r\n\r\n<b>", "nul\x00nul", "\u202Egnp.exe\u202C", "\u2066a\u2069 \u200bb\ufeff",
		`=cmd|'/c calc'!A1`, `javascript:alert(4)`, `' onmouseover='alert(5)`, "\xff\xfe kapot", "<!--", "]]>", "&lt;b&gt;",
	}
}

// typedBack is what a visitor typed and gets back to correct: it stays as it was
// typed, as the text of a field.
var typedBack = regexp.MustCompile(`(?s)<textarea[^>]*>[^<]*</textarea>|<input[^>]*>`)

// everyAnswerSaying gives every page with one text wherever people write.
func everyAnswerSaying(t *testing.T, text string) []shown {
	t.Helper()
	profile := testProfile()
	profile.Staff[0].Name, profile.Staff[1].Name = text, text
	return everyAnswer(t, profile, func(c *dsr.Case, said *dsr.Correspondence) {
		c.Requester = dsr.Requester{Address: text, Name: text, MessageID: text}
		said.Name, said.Address, said.SubjectLine, said.Text, said.MessageID = text, text, text, text, text
		said.Attachments = []dsr.Attachment{{Name: text, MediaType: text, Size: 4000}}
	})
}

// TestA27HostileTextIsInertEverywhere puts each text in every field of a mail,
// in the names of staff, and in everything that staff type.
func TestA27HostileTextIsInertEverywhere(t *testing.T) {
	harmless := map[string]string{}
	for _, one := range pagesOf(everyAnswerSaying(t, "x")) {
		tags, _ := elements(one.page)
		harmless[one.name] = strings.Join(tags, "\n")
	}
	for _, text := range hostile() {
		list := everyAnswerSaying(t, text)
		for _, one := range pagesOf(list) {
			tags, links := elements(one.page)
			if got := strings.Join(tags, "\n"); got != harmless[one.name] {
				t.Errorf("%q: %s has other elements", text, one.name)
			}
			for _, link := range links {
				if strings.HasPrefix(link, "javascript:") {
					t.Errorf("%q: %s links to %s", text, one.name, link)
				}
			}
			if strings.ContainsAny(typedBack.ReplaceAllString(one.page, ""), "\u202e\u202c\u2066\u2069\u200b\ufeff\x00\r") {
				t.Errorf("%q: %s holds what nobody sees", text, one.name)
			}
			tells := regexp.MustCompile(`^(case|preview|review|over changed|upload|copy|purged|mail)`).MatchString(one.name)
			if !tells && strings.Contains(one.page, "alert(") {
				t.Errorf("%q: %s shows it", text, one.name)
			}
			for name, values := range one.header {
				if strings.Contains(strings.Join(values, ""), "alert") {
					t.Errorf("%q: in the header %s", text, name)
				}
			}
		}
	}
}

func TestHiddenCharactersAreShownAndNeededOnesStay(t *testing.T) {
	w := newWorld(t, func(_ *dsr.Case, said *dsr.Correspondence) {
		said.Text = "factuur\u202Egnp.exe \x1b[31m\u200b شكرا\u200f نمی\u200cخواهم 👩\u200d💻 co\u00adop\tx\ny"
		said.Name = strings.Repeat("naam ", 200)
	})
	page := w.open(w.signIn("anouk"), casePage).Body.String()
	holds(t, html.UnescapeString(page), true, "factuur[U+202E]gnp.exe [U+001B][31m[U+200B] شكرا\u200f نمی\u200cخواهم 👩\u200d💻 co\u00adop\tx\ny", "naam naam…")
}

// TestA27LargeTextIsShownAndBounded shows a megabyte of text, and bounds what
// many such mails, or one of characters that grow by escaping, make of a page.
func TestA27LargeTextIsShownAndBounded(t *testing.T) {
	const megabyte = 1 << 20
	w := newWorld(t, nil)
	for n, text := range []string{strings.Repeat("tekst ", megabyte/6), strings.Repeat(`"`, megabyte), "het slot"} {
		path := fmt.Sprintf("case/%d", n)
		sealed, err := w.file.Key.Seal(w.random, path, written(t, dsr.Correspondence{Address: "a@b.example", Text: text}))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.objects.Put(t.Context(), path, sealed); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(sealed)
		w.file = w.happen(w.file, dsr.Event{
			Kind: dsr.MessageAdded, At: received(), Body: &dsr.BodyRef{Path: path, SHA256: hex.EncodeToString(sum[:])},
		})
	}
	cookie := w.signIn("anouk")
	page := w.open(cookie, casePage).Body.String()
	holds(t, page[:16<<10], true, "Verzoek")
	if strings.Count(page, "tekst ") < megabyte/6 {
		t.Error("a megabyte of text is not shown whole")
	}
	if size := len(page); size > 4<<20 || strings.Count(page, "Het vervolg is te lang voor deze pagina.") != 2 {
		t.Errorf("the page has %d bytes and says %d times that text is left out", size, strings.Count(page, "Het vervolg"))
	}

	holds(t, page, false, "De mail heeft geen tekst.", "het slot")

	w.objects.Damage("case/0")
	holds(t, w.open(cookie, casePage).Body.String(), true, "De tekst van deze mail is niet meer te openen.", requestText)
}

func TestLongHistoryIsBounded(t *testing.T) {
	w := newWorld(t, nil)
	for n := range 260 {
		w.file = w.happen(w.file, dsr.Event{
			Kind: dsr.MessageAdded, At: received(), Personal: written(t, dsr.Correspondence{Text: fmt.Sprintf("mail %d.", n)}),
		})
	}
	page := w.open(w.signIn("anouk"), casePage).Body.String()
	holds(t, wordsOf(page), true, "62 eerdere gebeurtenissen staan hier niet.", "Er zijn nog 211 mails", "mail 48.", "Anouk Jansen Opende")
	holds(t, page, false, "mail 49.")
}

func TestListSaysWhenItIsNotWhole(t *testing.T) {
	w := newWorld(t, nil)
	for n := range 205 {
		w.newCase(byte(n+2), func(c *dsr.Case, _ *dsr.Correspondence) { c.ID, c.Thread = dsr.OwnerID{byte(n), 9}, fmt.Sprint(n) })
	}
	page := w.open(w.signIn("anouk"), "/bureau").Body.String()
	holds(t, wordsOf(page), true, "Nog 6 andere open verzoeken staan hier niet.")
	if rows := strings.Count(page, `scope="row"`); rows != 200 {
		t.Errorf("the list has %d rows", rows)
	}
}

// TestEveryWordOfTheHistoryIsSaid meets each kind of event that exists.
func TestEveryWordOfTheHistoryIsSaid(t *testing.T) {
	kinds := []dsr.EventKind{dsr.MessageAdded, dsr.DuplicateLinked, dsr.LetterSent, dsr.LetterDelivered, dsr.LetterBounced}
	w := newWorld(t, nil)
	for _, kind := range append(kinds, "SomethingNew") {
		w.file = w.happen(w.file, dsr.Event{Kind: kind, At: received(), Actor: w.file.Case.Person, Facts: map[string]string{"letter": "S6"}})
	}
	w.file = w.happen(w.file, dsr.Event{Kind: dsr.Viewed, At: received(), Actor: actor("fop")})
	page := wordsOf(w.open(w.signIn("anouk"), casePage).Body.String())
	holds(t, page, true,
		"aanvrager Er kwam nog een mail van de afzender.", "aanvrager Dezelfde mail kwam nog een keer.",
		"Het bericht aan een medewerker ging weg.", "Het bericht aan een medewerker kwam aan.", "kwam terug: niet bezorgd.",
		"aanvrager SomethingNew", "Fop Oud Opende het verzoek.",
	)
	for _, kind := range kinds {
		if slices.Contains(strings.Fields(page), string(kind)) {
			t.Errorf("%s is not said in words", kind)
		}
	}
}
