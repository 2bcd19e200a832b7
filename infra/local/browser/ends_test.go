package browser

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"polarweb.nl/inzage/infra/local/stack/stacktest"
	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/internal/dsr"
)

// reviewed looks at what the second person sees, and lets them approve.
func (s *stage) reviewed(t *testing.T, number dsr.Number) {
	t.Helper()
	page := s.cast.CasePage(number) + "/akkoord"
	link := s.linkOf(t, approver, number, story.Approving()...)
	s.everyPage(t, both("code-approve", link))
	s.enter(t, approver, number, story.Approving()...)
	s.everyPage(t, both("review", page))
	s.everyPage(t, sent("review-mistake", page, "/bureau/zaken/"+string(number)+"/akkoord"))
	s.walk(t, "review", page)
	approved, err := s.cast.Decide(t.Context(), number, approver, "beslissing", "akkoord")
	s.must(t, approved, err)
	s.everyPage(t, both("over", page))
	s.everyPage(t, both("code-over", link))
}

// answered looks at the pages of who gets the answer.
func (s *stage) answered(t *testing.T, number dsr.Number) {
	t.Helper()
	s.everyPage(t, both("status-closed", s.linkTo(t, walker, number, dsr.FollowCase)))
	link := s.linkTo(t, walker, number, dsr.CollectAnswer)
	s.everyPage(t, both("collect", link))
	s.walk(t, "collect", link)
	s.everyPage(t, sent("collect-mistake-number", link, "/mijn/antwoord/code", "#nummer", "AVG-1"))
	s.everyPage(t, sent("collect-mistake-code", link, "/mijn/antwoord", "#code", "abc"))
	s.everyPage(t, sent("code-sent", link, "/mijn/antwoord/code", "#nummer", string(number)))
	for _, v := range both("answer", link) {
		v.send = func(b *tab) {
			ask[any](b, "void (document.querySelector('#nummer').value = '"+string(number)+"')")
			b.submit("/mijn/antwoord/code")
			s.rest(t)
			ask[any](b, "void (document.querySelector('#code').value = '"+s.newest(t, walker)+"')")
			b.submit("/mijn/antwoord")
			b.shows("Dorpsstraat 5")
		}
		s.everyPage(t, []view{v})
	}
	b := s.enter(t, handler, number, dsr.SignIn)
	b.shows("Dit verzoek is afgesloten")
	s.everyPage(t, both("case-closed", s.cast.CasePage(number)))
}

// otherEnds looks at a request that is taken back, and one that is refused.
func (s *stage) otherEnds(t *testing.T) {
	t.Helper()
	number := s.asks(t, "wilma@example.com", walkerAsks)
	follow := s.linkTo(t, "wilma@example.com", number, dsr.FollowCase)
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(follow)
	b.follow(`//a[. = "Trek uw verzoek in"]`)
	back := ask[string](b, "location.href")
	s.everyPage(t, []view{{name: "withdraw-nl", url: back}})
	b.follow(`//a[contains(., "English")]`)
	s.everyPage(t, []view{{name: "withdraw-en", url: ask[string](b, "location.href")}})
	s.everyPage(t, sent("withdraw-mistake", back, "/mijn/intrekken", "#adres", "x"))
	s.walk(t, "withdraw", back)
	b.open(back)
	b.do(chromedp.Focus(chromedp.CSS("#adres")), chromedp.KeyEvent("wilma@example.com"))
	b.follow(`//form//button`)
	b.shows("U trok uw verzoek in")
	s.rest(t)
	s.everyPage(t, both("status-withdrawn", follow))
	s.everyPage(t, both("withdraw-stale", back))

	number = s.asks(t, "otto@example.com", walkerAsks2)
	page := s.cast.CasePage(number)
	s.act(t, number, "rechten", nil, "recht", string(dsr.Erasure))
	s.act(t, number, "klant", nil, "klantnummer", "O-1", "naam", "Otto", "adres1", "otto@example.com", "sinds1", "2020-01-01")
	said, err := s.cast.Reply("otto@example.com", number, dsr.ConfirmMailbox, "keuze", "nee", "nummer", string(number))
	s.must(t, said, err)
	s.everyPage(t, both("case-disowned", page))
	s.act(t, number, "niemand", nil, "gezocht", "Naam en adres")
	s.everyPage(t, both("case-nobody", page))
	s.everyPage(t, both("preview-unlinked", page+"/voorbeeld?uitkomst=unlinked"))
	s.everyPage(t, both("list", s.stack.Addresses().Desk))
	s.bounced(t)
}

// bounced looks at a request whose answer came back, so that it stays open.
func (s *stage) bounced(t *testing.T) {
	t.Helper()
	const bouncing = "bounce@simulator.amazonses.com"
	number := s.asks(t, "bea@example.com", "Ik trek mijn toestemming in.\r\n"+walkerAsks)
	s.act(t, number, "rechten", nil, "recht", string(dsr.ConsentWithdrawal))
	s.act(t, number, "klant", nil, "klantnummer", "B-1", "naam", "Bea", "adres1", bouncing, "sinds1", "2020-01-01")
	s.finish(t, number, dsr.ConsentWithdrawal, dsr.Stopped)
	approved, err := s.cast.Decide(t.Context(), number, approver, "beslissing", "akkoord")
	s.must(t, approved, err)
	s.everyPage(t, both("status-answering", s.linkTo(t, "bea@example.com", number, dsr.FollowCase)))
	s.everyPage(t, both("case-answering", s.cast.CasePage(number)))
}

// finish takes a case from who this is to its draft, with one result for all
// systems.
func (s *stage) finish(t *testing.T, number dsr.Number, right dsr.Right, result dsr.TaskResult) {
	t.Helper()
	s.act(t, number, "identiteit", nil)
	for _, system := range s.stack.Profile().DataMap.Systems {
		s.act(t, number, "zoeken", []string{"systeem", system.ID, "recht", string(right)}, "uitkomst", string(result))
	}
	s.act(t, number, "besluit", []string{"recht", string(right)}, "uitkomst", string(dsr.Granted))
	drafted, err := s.cast.Submit(t.Context(), number, handler, dsr.Answered)
	s.must(t, drafted, err)
}

// TestStopPageInABrowser looks at what only exists where one person works.
func TestStopPageInABrowser(t *testing.T) {
	s := newStage(t, stacktest.OnlyStaff(handler))
	number := s.asks(t, walker, walkerAsks2)
	s.act(t, number, "rechten", nil, "recht", string(dsr.Erasure))
	s.act(t, number, "klant", nil, "klantnummer", "W-1", "naam", "Walter", "adres1", walker, "sinds1", "2020-01-01")
	reply, err := s.cast.Reply(walker, number, dsr.ConfirmMailbox, "keuze", "ja", "nummer", string(number))
	s.must(t, reply, err)
	s.finish(t, number, dsr.Erasure, dsr.ToErase)
	link := s.linkTo(t, walker, number, dsr.StopErasure)
	s.everyPage(t, both("stop", link))
	s.everyPage(t, sent("stop-mistake", link, "/mijn/stop", "#nummer", "AVG-1"))
	s.walk(t, "stop", link)
	s.enter(t, handler, number, dsr.SignIn)
	s.everyPage(t, both("case-waits", s.cast.CasePage(number)))

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := s.stack.Advance(ctx, s.stack.Now().Add(25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	approved, err := s.cast.Decide(t.Context(), number, handler, "beslissing", "akkoord")
	s.must(t, approved, err)
	s.enter(t, handler, number, dsr.SignIn)
	s.everyPage(t, both("case-approved", s.cast.CasePage(number)))
	s.everyPage(t, both("stop-stale", link))
}
