package browser

import (
	"context"
	"fmt"
	"net/smtp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
)

// The person whose request goes all the way here, and what is on file.
const (
	walker      = "walter@example.com"
	walkerNew   = "walter.prive@example.com"
	handler     = "anouk"
	approver    = "bram"
	bothInOne   = "Klantnummer W-1\nAdres: Dorpsstraat 5"
	longWord    = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle/0123456789abcdef0123456789abcdef"
	walkerAsks  = "Ik wil graag weten welke persoonsgegevens jullie van mij hebben."
	walkerAsks2 = "Verwijder alstublieft alle persoonsgegevens die jullie van mij hebben."
)

// must ends a test at the first deed that did not work.
func (s *stage) must(t *testing.T, _ *visitor.Page, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s.rest(t)
}

// rest waits until nothing is left to do now.
func (s *stage) rest(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if left, err := s.stack.Rest(ctx); err != nil || len(left) > 0 {
		t.Fatalf("the work did not come to rest: %v, left %v", err, left)
	}
}

// asks sends a request in, and gives the number of its case.
func (s *stage) asks(t *testing.T, from, text string) dsr.Number {
	t.Helper()
	at := s.stack.Profile().Intake.Addresses[0]
	mail := fmt.Sprintf("From: Walter <%s>\r\nTo: %s\r\nSubject: Mijn gegevens\r\nMessage-ID: <%d.%s>\r\n\r\n%s\r\n",
		from, at, len(s.cases(t)), from, text)
	before := s.cases(t)
	if err := smtp.SendMail(s.stack.Addresses().SMTP, nil, from, []string{at}, []byte(mail)); err != nil {
		t.Fatal(err)
	}
	s.rest(t)
	for number := range s.cases(t) {
		if !before[number] {
			return number
		}
	}
	t.Fatalf("the mail of %s opened no case", from)
	return ""
}

// cases gives the numbers of the open cases.
func (s *stage) cases(t *testing.T) map[dsr.Number]bool {
	t.Helper()
	ids, err := s.stack.Store().OpenCases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open := map[dsr.Number]bool{}
	for _, id := range ids {
		c, err := s.stack.Store().Summary(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		open[c.Number] = c.State.Open()
	}
	return open
}

// act lets the handler do something to a case.
func (s *stage) act(t *testing.T, number dsr.Number, act string, said []string, pairs ...string) {
	t.Helper()
	page, err := s.cast.Act(t.Context(), number, handler, act, said, pairs...)
	s.must(t, page, err)
}

// enter signs the browser in with a member's newest link for some purposes.
func (s *stage) enter(t *testing.T, id string, number dsr.Number, purposes ...dsr.Purpose) *tab {
	t.Helper()
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(s.linkOf(t, id, number, purposes...))
	code, err := s.cast.NewCode(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Focus(chromedp.CSS("#code")), chromedp.KeyEvent(code))
	b.follow(`//button[contains(., "Ga verder")]`)
	return b
}

// linkOf gives the newest link that a member of staff was sent.
func (s *stage) linkOf(t *testing.T, id string, number dsr.Number, purposes ...dsr.Purpose) string {
	t.Helper()
	for _, member := range s.stack.Profile().Staff {
		if member.ID == id {
			return s.linkTo(t, member.Email, number, purposes...)
		}
	}
	t.Fatalf("%s does not work here", id)
	return ""
}

// linkTo gives the newest link that an address was sent about a case.
func (s *stage) linkTo(t *testing.T, to string, number dsr.Number, purposes ...dsr.Purpose) string {
	t.Helper()
	link, err := s.cast.Link(to, string(number), purposes...)
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// both gives the views of a page in both languages.
func both(name, url string) []view {
	other := "?taal=en"
	if strings.Contains(url, "?") {
		other = "&taal=en"
	}
	return []view{{name: name + "-nl", url: url}, {name: name + "-en", url: url + other}}
}

// sent gives the views of what answers a form in both languages: in each, the
// fields are filled in by their selectors and the form with that action is sent.
func sent(name, url, action string, fields ...string) []view {
	views := both(name, url)
	for i := range views {
		views[i].send = func(b *tab) {
			for n := 0; n+1 < len(fields); n += 2 {
				ask[any](b, fmt.Sprintf("void (document.querySelector(%q).value = %q)", fields[n], fields[n+1]))
			}
			b.submit(action)
		}
	}
	return views
}

// submit sends the first form to an address as it stands, past what the browser
// itself would check.
func (b *tab) submit(action string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	press := chromedp.Evaluate[any](fmt.Sprintf("void document.querySelector('form[action^=%q]').submit()", action))
	once := chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := press(ctx, page)
		return err
	})
	if _, err := chromedp.RunResponse(ctx, once); err != nil {
		b.t.Fatalf("sending the form to %s: %v", action, err)
	}
}

// newest gives the newest code that was sent to an address.
func (s *stage) newest(t *testing.T, to string) string {
	t.Helper()
	letter, err := visitor.Newest(s.stack.Addresses().Mailbox, to, func(l visitor.Letter) bool {
		_, brings := l.Code()
		return brings
	})
	if err != nil {
		t.Fatal(err)
	}
	code, _ := letter.Code()
	return code
}

// steps takes a request from the mail to the answer that was read, and looks at
// every page on the way.
func (s *stage) steps(t *testing.T) {
	number := s.asks(t, walker, walkerAsks)
	page := s.cast.CasePage(number)
	s.enter(t, handler, number, dsr.SignIn)
	s.everyPage(t, both("case-received", page))
	s.everyPage(t, sent("case-mistake-rights", page, "/bureau/zaken/"+string(number)+"/rechten"))
	s.matched(t, number, page)
	s.judged(t, number, page)
	s.decided(t, number, page)
	s.reviewed(t, number)
	s.answered(t, number)
	s.otherEnds(t)
}

// matched looks at the pages while the contact on file is asked.
func (s *stage) matched(t *testing.T, number dsr.Number, page string) {
	t.Helper()
	s.act(t, number, "rechten", nil, "recht", string(dsr.Access))
	s.act(t, number, "klant", nil, "klantnummer", "W-1", "naam", "Walter "+longWord,
		"adres1", walker, "sinds1", "2026-02-20", "adres2", walkerNew, "sinds2", "2026-03-01")
	s.everyPage(t, both("case-matched", page))
	s.everyPage(t, both("case-match-form", page+"/klant"))
	s.everyPage(t, sent("case-mistake-match", page+"/klant", "/bureau/zaken/"+string(number)+"/klant", "[name=adres1]", longWord))
	link := s.linkTo(t, walker, number, dsr.ConfirmMailbox)
	s.everyPage(t, both("confirm", link))
	s.everyPage(t, sent("confirm-mistake", link, "/mijn/bevestig", "#nummer", "AVG-1"))
	s.walk(t, "confirm", link)
	reply, err := s.cast.Reply(walker, number, dsr.ConfirmMailbox, "keuze", "ja", "nummer", string(number))
	s.must(t, reply, err)
	s.everyPage(t, both("confirm-decided", link))
	s.everyPage(t, []view{
		{name: "thanks", url: s.stack.Addresses().Portal + "/bedankt"},
		{name: "stopped", url: s.stack.Addresses().Portal + "/gestopt"},
		{name: "withdrawn", url: s.stack.Addresses().Portal + "/ingetrokken"},
	})
}

// judged looks at the pages before and after the verdict on who this is.
func (s *stage) judged(t *testing.T, number dsr.Number, page string) {
	t.Helper()
	s.everyPage(t, both("case-confirmed", page))
	s.everyPage(t, sent("case-mistake-judge", page, "/bureau/zaken/"+string(number)+"/identiteit"))
	s.walk(t, "case-confirmed", page)
	s.act(t, number, "identiteit", nil, "feit1", "customer-number", "oordeel1", "klopt", "feit2", "last-invoice", "oordeel2", "klopt")
	s.everyPage(t, both("case-judged", page))
	for i, system := range s.stack.Profile().DataMap.Systems {
		said := []string{"systeem", system.ID, "recht", string(dsr.Access)}
		if i > 1 {
			s.act(t, number, "zoeken", said, "uitkomst", string(dsr.NothingFound))
			continue
		}
		s.act(t, number, "zoeken", said, "uitkomst", string(dsr.Found), "tekst", []string{bothInOne, longWord}[i])
	}
	s.everyPage(t, both("case-looked", page))
	s.everyPage(t, both("case-look-form", page+"/zoeken?systeem=klanten&recht=access"))
	s.everyPage(t, both("case-decide-form", page+"/besluit?recht=access"))
}

// decided looks at the pages before the draft lies before a second person.
func (s *stage) decided(t *testing.T, number dsr.Number, page string) {
	t.Helper()
	s.act(t, number, "besluit", []string{"recht", string(dsr.Access)}, "uitkomst", string(dsr.Partly), "grond", "others", "reden",
		"Wij lieten namen van anderen weg.")
	s.everyPage(t, both("case-decided", page))
	shown := page + "/voorbeeld?uitkomst=answered"
	s.everyPage(t, both("preview", shown))
	s.everyPage(t, sent("preview-mistake", shown, "/bureau/zaken/"+string(number)+"/indienen"))
	s.walk(t, "preview", shown)
	drafted, err := s.cast.Submit(t.Context(), number, handler, dsr.Answered)
	s.must(t, drafted, err)
	s.everyPage(t, both("case-in-review", page))
	s.everyPage(t, both("preview-waits", shown))
}
