package browser

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestInABrowser starts one stack and one browser for all rules, because each
// costs seconds to start. The last rule moves the stack's clock.
func TestInABrowser(t *testing.T) {
	s := newStage(t, nil)
	before := s.history(t)
	t.Run("ChecksFindFaults", s.checksFindFaults)
	t.Run("ReceiptLeadsToTheStatusPage", s.journey)
	t.Run("PagesAreFitForEverybody", func(t *testing.T) { s.everyPage(t, s.views(t)) })
	t.Run("TabGoesThroughTheStatusPageInOrder", s.tabOrder)
	t.Run("SkipLinkGoesToTheContent", s.skipLink)
	t.Run("TargetsAreLargeEnoughForAThumb", s.targets)
	t.Run("TextCanBeTwiceAsLarge", s.twiceAsLarge)
	t.Run("PaperShowsAllButWhatCannotBeClicked", s.paper)
	if after := s.history(t); after != before {
		t.Errorf("looking at pages changed the case: %s became %s", before, after)
	}
	t.Run("NoticeLeadsToTheDesk", s.deskJourney)
	t.Run("DeskIsFitForEverybody", s.deskPages)
	t.Run("TabGoesThroughTheDeskInOrder", s.deskByKeyboard)
	t.Run("SigningOutLeavesNothingOpen", s.deskWayOut)
	if after := s.history(t); strings.Count(after, "Viewed") != 1 {
		t.Errorf("one stay at the desk is written down as %s", after)
	}
	t.Run("EachStepOfARequestIsFitForEverybody", s.steps)
	t.Run("LateIsSaidAfterTheClockWentOn", s.late)
	t.Run("DeskIsClosedAfterTheClockWentOn", s.deskLate)
}

// screens gives the screens on which each page is looked at: a desk, a phone and
// a small phone, by day and by night. Night changes colours alone and width the
// layout alone, so one night is enough, unless pictures are wanted of each.
func (s *stage) screens() []screen {
	screens := []screen{{"light", 1280}, {"light", 375}, {"light", 320}, {"dark", 375}}
	if s.shots != "" {
		screens = append(screens, screen{"dark", 1280}, screen{"dark", 320})
	}
	return screens
}

// screen is one screen.
type screen struct {
	scheme string
	width  int64
}

// everyPage looks at pages on every screen.
func (s *stage) everyPage(t *testing.T, views []view) {
	for _, v := range views {
		t.Run(v.name, func(t *testing.T) {
			b := s.tab(t)
			if v.send != nil {
				b.open(v.url)
				v.send(b)
			}
			for _, on := range s.screens() {
				b.look("screen", on.scheme, on.width)
				if v.send == nil {
					b.open(v.url) // anew, as somebody with such a screen does
				}
				for _, fault := range append(b.axe(), b.wide()...) {
					t.Errorf("%s, %d px: %s", on.scheme, on.width, fault)
				}
				b.shoot(fmt.Sprintf("%s-%s-%d", v.name, on.scheme, on.width))
			}
			for _, fault := range b.complaints() {
				t.Errorf("the console says: %s", fault)
			}
		})
	}
}

// focused is what has the focus, as the keyboard's user sees it.
type focused struct {
	Name    string
	Top     float64
	Outline float64 // how thick the ring around it is
	Shown   bool    // whether it lies on the screen, in view
}

// focus tells what has the focus now; the page itself has no name.
func (b *tab) focus() focused {
	b.t.Helper()
	return ask[focused](b, `(element => {
		const box = element.getBoundingClientRect(), style = getComputedStyle(element);
		return {
			Name: element === document.body ? '' : element.innerText.trim(), Top: box.top + scrollY,
			Outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
			Shown: box.left >= 0 && box.top >= 0 && box.right <= innerWidth &&
				box.bottom <= innerHeight + 1, // browsers scroll to whole pixels
		};
	})(document.activeElement)`)
}

// tabOrder goes through the page with the Tab key.
func (s *stage) tabOrder(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(s.link)
	profile := s.stack.Profile()
	want := []string{
		"Naar de inhoud", "In English", "Waarom deze datum?", "Hoe rekent de wet?", "Trek uw verzoek in",
		profile.Controller.Email, profile.Authority.Name,
	}
	var got []string
	top := -1.0
	for range len(want) {
		b.do(chromedp.KeyEvent(kb.Tab))
		now := b.focus()
		got = append(got, now.Name)
		if now.Outline < 2 || !now.Shown {
			t.Errorf("the focus on %q cannot be seen: %+v", now.Name, now)
		}
		if now.Top < top {
			t.Errorf("the focus jumps up to %q", now.Name)
		}
		if now.Name != want[0] { // the skip link lies over the page
			top = now.Top
		}
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	if after := b.focus().Name; !slices.Equal(got, want) || after != "" {
		t.Errorf("Tab goes to %q and then %q, want %q and then out of the page", got, after, want)
	}
}

// skipLink presses the skip link and goes on from where it leads.
func (s *stage) skipLink(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 375)
	b.open(s.link)
	b.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if now := b.focus().Name; now != "Waarom deze datum?" {
		t.Errorf("Tab after the skip link goes to %q", now)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.shows("28 dagen later is donderdag 2 april 2026.")
}

// targets measures what stands by itself: 44 px is what ordinary fingers need.
// Links in a sentence are exempt (WCAG 2.2, success criterion 2.5.8).
func (s *stage) targets(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 320)
	b.open(s.link)
	sizes := ask[map[string]float64](b, `Object.fromEntries([...document.querySelectorAll('header a, summary')]
		.map(element => [element.innerText, element.getBoundingClientRect().height]))`)
	if len(sizes) != 3 {
		t.Errorf("found %d targets, want 3: %v", len(sizes), sizes)
	}
	for name, height := range sizes {
		if height < 44 {
			t.Errorf("%q is %.0f px high, want 44", name, height)
		}
	}
}

// twiceAsLarge shows pages with letters of 200 % (WCAG 2.2, success criterion
// 1.4.4).
func (s *stage) twiceAsLarge(t *testing.T) {
	for _, v := range s.views(t) {
		b := s.tab(t)
		b.look("screen", "light", 640)
		b.open(v.url)
		ask[any](b, "void (document.documentElement.style.fontSize = '200%')")
		for _, fault := range b.wide() {
			t.Errorf("%s: %s", v.name, fault)
		}
	}
}

// paper prints the status page.
func (s *stage) paper(t *testing.T) {
	b := s.tab(t)
	b.look("print", "dark", 700)
	b.open(s.link)
	seen := func(selector string) []bool {
		return ask[[]bool](b, `[...document.querySelectorAll('`+selector+`')].map(element => element.checkVisibility())`)
	}
	for _, hidden := range []string{"header", "header a", ".skip", ".screen"} {
		if found := seen(hidden); len(found) == 0 || slices.Contains(found, true) {
			t.Errorf("%s stands on paper: %v", hidden, found)
		}
	}
	for _, shown := range []string{"h1", "section", "details li", ".timeline time", "footer"} {
		if found := seen(shown); len(found) == 0 || slices.Contains(found, false) {
			t.Errorf("%s does not stand on paper: %v", shown, found)
		}
	}
	if colours := ask[string](b, `getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor`); colours != "rgb(0, 0, 0)rgb(255, 255, 255)" {
		t.Errorf("the colours on paper are %s", colours)
	}
	b.shoot("status-print")
	pdf := run(b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if pages := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1)); pages < 1 || pages > 2 {
		t.Errorf("the status page takes %d sheets", pages)
	}
}

// late moves the clock past the promised day with the buttons of its page, and
// looks again.
func (s *stage) late(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	for _, step := range []string{"+28 dagen", "+1 dag"} {
		b.open(s.stack.Addresses().Clock + "/")
		b.follow(`//button[starts-with(., "` + step + `")]`)
	}
	b.shows("vrijdag 3 april 2026")
	b.open(s.link)
	b.shows("Te laat", "Wij hadden u al moeten antwoorden.", "Dit was onze belofte.")
	if page := ask[string](b, "document.body.innerText"); strings.Contains(page, "Nog ") {
		t.Errorf("a late page counts days: %s", page)
	}
	s.everyPage(t, []view{{name: "late-nl", url: s.link}, {name: "late-en", url: s.link + "&taal=en"}})
}
