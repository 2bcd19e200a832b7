package browser

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// journey is the way of a data subject who gets the receipt: the mailbox, the
// letter, its button, the status page, the other language, why this date.
func (s *stage) journey(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(s.stack.Addresses().Mailbox + "/")
	b.follow(`//a[contains(., "Ontvangstbevestiging")]`)
	if heading := ask[string](b, "document.querySelector('h1').innerText"); !strings.Contains(heading, "AVG-2026-0001") {
		t.Fatalf("the receipt is headed %q", heading)
	}
	portal := b.pressButtonOfLetter()
	if opened := ask[string](portal, "location.href"); opened != s.link {
		t.Errorf("the button opens %q, and the text of the letter says %q", opened, s.link)
	}
	portal.shows("Uw verzoek AVG-2026-0001", "In behandeling", "Uiterlijk donderdag 2 april 2026", "Nog 28 dagen.")
	portal.do(chromedp.Click(`//summary[contains(., "Waarom")]`))
	portal.shows("28 dagen later is donderdag 2 april 2026.")
	portal.follow(`//a[contains(., "English")]`)
	portal.shows("Your request AVG-2026-0001", "In progress", "By Thursday 2 April 2026", "28 days left.")
	portal.follow(`//a[contains(., "Nederlands")]`)
	portal.shows("Uw verzoek AVG-2026-0001")
	for _, fault := range append(b.complaints(), portal.complaints()...) {
		t.Errorf("the console says: %s", fault)
	}
}

// follow clicks a link and waits for the page it leads to.
func (b *tab) follow(xpath string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(xpath)); err != nil {
		b.t.Fatalf("following %s: %v", xpath, err)
	}
}

// shows fails the test unless a visitor sees each text on the page.
func (b *tab) shows(texts ...string) {
	b.t.Helper()
	page := strings.Join(strings.Fields(ask[string](b, "document.body.innerText")), " ")
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.t.Errorf("the page does not show %q: %s", text, page)
		}
	}
}

// place is the middle of something on a page.
type place struct{ X, Y float64 }

// pressButtonOfLetter clicks the button in the open letter and gives the tab
// that it opens. The letter is in a frame of its own, without rights, and so a
// page of its own to the browser's protocol.
func (b *tab) pressButtonOfLetter() *tab {
	b.t.Helper()
	targets := run(b, func(ctx context.Context, _ *chromedp.Target) ([]*target.Info, error) { return chromedp.Targets(ctx) })
	frame := slices.IndexFunc(targets, func(one *target.Info) bool { return one.Type == "iframe" })
	if frame < 0 {
		b.t.Fatal("the letter has no frame of its own")
	}
	letter := b.stage.tab(b.t, chromedp.WithTargetID(targets[frame].TargetID))
	button := ask[place](letter, `(link => { link.scrollIntoView({block: 'center'}); const box = link.getBoundingClientRect();
		return {X: box.left + box.width / 2, Y: box.top + box.height / 2} })(`+theButton+`)`)
	around := ask[place](b, `(frame => { frame.scrollIntoView({block: 'center'}); const box = frame.getBoundingClientRect();
		return {X: box.left + frame.clientLeft, Y: box.top + frame.clientTop} })(document.querySelector('iframe'))`)
	x, y := around.X+button.X, around.Y+button.Y
	b.hover(letter, x, y)
	return b.opens(chromedp.MouseClickXY(x, y))
}

// theButton is the first link of the letter to the portal.
const theButton = `document.querySelector('a[href*="/mijn/zaak"]')`

// hover moves the mouse over the button until the letter notices: after a
// scroll, the browser goes on for a moment with where things lay before.
func (b *tab) hover(letter *tab, x, y float64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
		run(b, chromedp.Evaluate[any]("new Promise(tell => requestAnimationFrame(() => tell(true)))", chromedp.EvalAwaitPromise))
		if ask[bool](letter, theButton+".matches(':hover')") {
			return
		}
	}
	b.t.Fatal("the mouse does not reach the button")
}

// opens does something that opens a page of the portal in a new tab, and gives
// the tab. Such a tab does not say who opened it: the letter may not know.
func (b *tab) opens(click chromedp.Action[chromedp.Void]) *tab {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	changes := chromedp.BrowserEvents(ctx, target.TargetInfoChanged)
	b.do(click)
	for change, err := range changes {
		if err != nil {
			b.t.Fatalf("the button opened no page: %v", err)
		}
		if change.TargetInfo.Type == "page" && strings.Contains(change.TargetInfo.URL, "/mijn/") {
			portal := b.stage.tab(b.t, chromedp.WithTargetID(change.TargetInfo.TargetID))
			portal.do(chromedp.WaitReady(chromedp.CSS("footer")))
			return portal
		}
	}
	return nil
}

// history gives the events of every open case, which looking must not change.
func (s *stage) history(t *testing.T) string {
	t.Helper()
	var history []string
	ids, err := s.stack.Store().OpenCases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		events, err := s.stack.Store().History(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range events {
			history = append(history, fmt.Sprint(event.Seq, event.Kind))
		}
	}
	return strings.Join(history, ", ")
}
