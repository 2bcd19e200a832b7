package browser

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// reader is the member of staff whose mail the browser opens.
const reader = "anouk"

// notice gives the link in the notice to a member of staff.
func (s *stage) notice(t *testing.T, id string) string {
	t.Helper()
	var address string
	for _, member := range s.stack.Profile().Staff {
		if member.ID == id {
			address = member.Email
		}
	}
	var list struct {
		Messages []struct {
			ID, Subject string
			To          []struct{ Address string }
		}
	}
	s.fetch(t, "api/v1/messages", &list)
	for _, one := range list.Messages {
		if len(one.To) != 1 || one.To[0].Address != address || !strings.HasPrefix(one.Subject, "Nieuw verzoek") {
			continue
		}
		var message struct{ Text string }
		s.fetch(t, "api/v1/message/"+one.ID, &message)
		return regexp.MustCompile(`http\S+/bureau/zaak\?t=\S+`).FindString(message.Text)
	}
	t.Fatalf("no notice to %s among %d mails", id, len(list.Messages))
	return ""
}

// giveCode types the code of the reader's telephone and sends the form.
func (b *tab) giveCode() {
	b.t.Helper()
	code, err := b.stage.stack.Code(reader)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Focus(chromedp.CSS("#code")), chromedp.KeyEvent(code))
	b.follow(`//button[contains(., "Ga verder")]`)
}

// deskJourney is the way of a member of staff: the link in the notice, the code,
// the case, the list, a number, the other language, and out again.
func (s *stage) deskJourney(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(s.notice(t, reader))
	b.shows("Bent u het?", "Code van 6 cijfers")
	b.giveCode()
	if at := ask[string](b, "location.pathname + location.search"); at != "/bureau/zaken/AVG-2026-0001" {
		t.Fatalf("the code leads to %s: %s", at, ask[string](b, "document.body.innerText"))
	}
	b.shows("Verzoek AVG-2026-0001", "nog 28 dagen", "Sanne", "Stel vast wat er wordt gevraagd", "Opende het verzoek")
	b.do(chromedp.Click(`//summary[contains(., "Waarom?")]`))
	b.shows("Daarom is de plandatum donderdag 2 april 2026.")
	b.follow(`//nav//a[contains(., "Open verzoeken")]`)
	b.shows("Inzage in uw gegevens", "2 april 2026", "nog 28 dagen")
	b.do(chromedp.Focus(chromedp.CSS("#nummer")), chromedp.KeyEvent("avg-2026-0001"))
	b.follow(`//button[. = "Zoek"]`)
	b.shows("Verzoek AVG-2026-0001")
	b.follow(`//a[contains(., "English")]`)
	b.shows("Request AVG-2026-0001", "28 days left")
	b.follow(`//nav//a[contains(., "Open requests")]`)
	b.shows("Time left")
	b.follow(`//a[contains(., "Nederlands")]`)
	b.shows("Tijd over")
	for _, fault := range b.complaints() {
		t.Errorf("the console says: %s", fault)
	}
}

// deskPages looks at every page of the desk, signed in.
func (s *stage) deskPages(t *testing.T) {
	desk := strings.TrimSuffix(s.stack.Addresses().Desk, "/")
	s.everyPage(t, []view{
		{name: "desk-case-nl", url: desk + "/zaken/AVG-2026-0001"},
		{name: "desk-case-en", url: desk + "/zaken/AVG-2026-0001?taal=en"},
		{name: "desk-list-nl", url: desk},
		{name: "desk-list-en", url: desk + "?taal=en"},
		{name: "desk-not-found", url: desk + "?nummer=AVG-2026-9999"},
		{name: "desk-code-nl", url: s.notice(t, reader)},
		{name: "desk-code-en", url: s.notice(t, reader) + "&taal=en"},
		{name: "desk-refused", url: desk + "/zaak?t=x"},
		{name: "desk-unknown", url: desk + "/niets"},
		{name: "desk-goodbye", url: desk + "/afgemeld"},
	})
}

// deskByKeyboard goes through the list with the Tab key, and measures what
// stands by itself.
func (s *stage) deskByKeyboard(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	b.open(strings.TrimSuffix(s.stack.Addresses().Desk, "/"))
	want := []string{"Naar de inhoud", "In English", "Open verzoeken", "Afmelden", "", "Zoek", "AVG-2026-0001"}
	var got []string
	for range want {
		b.do(chromedp.KeyEvent(kb.Tab))
		now := b.focus()
		got = append(got, now.Name)
		if now.Outline < 2 || !now.Shown {
			t.Errorf("the focus on %q cannot be seen: %+v", now.Name, now)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("Tab goes to %q, want %q", got, want)
	}
	b.look("screen", "light", 320)
	for name, height := range ask[map[string]float64](b, `Object.fromEntries([...document.querySelectorAll('a, button, input')]
		.filter(element => element.className !== 'skip').map(element => [element.innerText + element.name, element.getBoundingClientRect().height]))`) {
		if height < 44 {
			t.Errorf("%q is %.0f px high, want 44", name, height)
		}
	}
}

// deskLate looks at the desk after the promise was broken, and signs out.
func (s *stage) deskLate(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 1280)
	desk := strings.TrimSuffix(s.stack.Addresses().Desk, "/")
	b.open(desk)
	b.shows("Open de link uit uw mail") // the stay of weeks ago is over
	s.everyPage(t, []view{{name: "desk-closed", url: desk}})
	b.open(s.notice(t, reader))
	b.shows("U bent nog niet binnen") // and so is the link
}

// deskWayOut signs out.
func (s *stage) deskWayOut(t *testing.T) {
	b := s.tab(t)
	b.look("screen", "light", 375)
	b.open(strings.TrimSuffix(s.stack.Addresses().Desk, "/"))
	if kept := ask[string](b, "document.cookie"); kept != "" {
		t.Errorf("a script could read the cookie: %s", kept)
	}
	b.follow(`//button[. = "Afmelden"]`)
	b.shows("U bent afgemeld")
	b.open(strings.TrimSuffix(s.stack.Addresses().Desk, "/"))
	b.shows("Open de link uit uw mail")
}
