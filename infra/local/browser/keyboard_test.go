package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stops lists in order where Tab has to stop: all that can be clicked or filled
// in, and of the choices for one field the first. Each is marked with its place.
const stops = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
	.filter(element => element.checkVisibility())
	.filter(element => element.type !== 'radio' ||
		element === element.form.querySelector('input[type=radio][name="' + element.name + '"]'))
	.map((element, place) => { element.dataset.place = place + 1; return element.name || element.innerText.trim(); })`

// stop is where the focus is.
type stop struct {
	Place   int // among the stops of the page; 0 for none of them
	Height  float64
	Outline float64
	Box     string // where it lies on the screen
	Shown   bool   // in view; of a field of many lines, the beginning
	Label   bool   // a field has a label, and a button words
}

// here tells where the focus is.
func (b *tab) here() stop {
	b.t.Helper()
	return ask[stop](b, `(element => {
		const box = element.getBoundingClientRect(), style = getComputedStyle(element);
		return {
			Place: Number(element.dataset.place || 0), Height: box.height,
			Outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
			Box: [box.left, box.top, box.right, box.bottom, innerWidth, innerHeight].join(' '),
			Shown: box.left >= 0 && box.top >= 0 && box.right <= innerWidth &&
				(element.tagName === 'TEXTAREA' ? box.top + 44 : box.bottom) <= innerHeight + 1, // browsers scroll to whole pixels
			Label: element.labels ? element.labels.length > 0 || element.tagName === 'BUTTON' : true,
		};
	})(document.activeElement)`)
}

// walk goes through a page with the Tab key: it stops at everything that can be
// done there, in the order in which it stands, and the focus can be seen.
func (s *stage) walk(t *testing.T, name, url string) {
	t.Helper()
	t.Run("tab-"+name, func(t *testing.T) {
		b := s.tab(t)
		b.look("screen", "light", 375)
		b.open(url)
		want := ask[[]string](b, stops)
		// A date has more than one stop in itself; no page has more than these.
		last, presses := 0, 0
		for limit := 6*len(want) + 6; presses < limit; presses++ {
			b.do(chromedp.KeyEvent(kb.Tab))
			now := b.here()
			if now.Place == last && last > 0 {
				continue
			}
			if now.Place == 0 {
				break // out of the page
			}
			if now.Place != last+1 {
				t.Errorf("Tab goes from stop %d to %d of %q", last, now.Place, want)
			}
			if now.Outline < 2 || !now.Shown || !now.Label {
				t.Errorf("the focus on %q cannot be seen, or it has no label: %+v", want[now.Place-1], now)
			}
			last = now.Place
		}
		if last != len(want) || len(want) < 3 {
			t.Errorf("Tab stops at %d of %q", last, want)
		}
	})
}
