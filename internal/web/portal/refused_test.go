package portal_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/httpapi"
	"polarweb.nl/inzage/internal/signedlink"
)

// refusal is one way in which a link is not honoured, with the reason that the
// operator's log must give.
type refusal struct {
	name   string
	reason string
	target func(w *world) string
}

// refusals lists the ways. Some change the world first.
func refusals() []refusal {
	token := func(change func(w *world, link *dsr.Link)) func(*world) string {
		return func(w *world) string {
			link := w.link
			change(w, &link)
			return status(w.links.mint(w.t, link))
		}
	}
	edited := func(edit func(token string) string) func(*world) string {
		return func(w *world) string { return status(edit(w.links.mint(w.t, w.link))) }
	}
	at := func(target string) func(*world) string { return func(*world) string { return target } }
	const dead = "the link opens nothing"
	return []refusal{
		{"forged", signedlink.Forged.Error(), func(w *world) string {
			return status((&links{key: "another"}).mint(w.t, w.link))
		}},
		{"expired", signedlink.Expired.Error(), token(func(w *world, link *dsr.Link) { w.now = link.ExpiresAt })},
		{"from the future", signedlink.NotYet.Error(), token(func(w *world, link *dsr.Link) {
			w.now = link.IssuedAt.Add(-61 * time.Second)
		})},
		{"unknown key", signedlink.UnknownKey.Error(), edited(func(token string) string { return "l1.k2" + token[5:] })},
		{"never issued", dead, token(func(_ *world, link *dsr.Link) { link.ID[0]++ })},
		{"of no case", dead, token(func(_ *world, link *dsr.Link) { link.Owner[0]++ })},
		{"other words than its row", dead, token(func(_ *world, link *dsr.Link) { link.Actor[0]++ })},
		{"revoked", dead, token(func(w *world, _ *dsr.Link) {
			w.file.Case.LinkEpoch++
			w.happen(dsr.MessageAdded, w.now, nil)
		})},
		{"no t", signedlink.Malformed.Error(), at("/mijn/zaak")},
		{"empty t", signedlink.Malformed.Error(), at("/mijn/zaak?t=")},
		{"bad escape", signedlink.Malformed.Error(), at("/mijn/zaak?t=%zz")},
		{"300 characters", signedlink.Malformed.Error(), at("/mijn/zaak?t=" + strings.Repeat("a", 300))},
		{"newline", signedlink.Malformed.Error(), edited(func(token string) string { return token[:119] + "\n" })},
		{"newline more", signedlink.Malformed.Error(), edited(func(token string) string { return token + "\r\n" })},
		{"padding", signedlink.Malformed.Error(), edited(func(token string) string { return token + "==" })},
		{"NUL", signedlink.Malformed.Error(), edited(func(token string) string { return token + "\x00" })},
		{"cut short", signedlink.Malformed.Error(), edited(func(token string) string { return token[:119] })},
		{"standard base64", signedlink.Malformed.Error(), edited(func(token string) string { return token[:119] + "/" })},
	}
}

func TestEveryLinkThatIsNotHonouredGetsOnePage(t *testing.T) {
	want := newWorld(t, nil).ask(http.MethodGet, "/mijn/zaak")
	for _, refused := range refusals() {
		t.Run(refused.name, func(t *testing.T) {
			w := newWorld(t, nil)
			got := w.ask(http.MethodGet, refused.target(w))
			if got.Code != http.StatusForbidden || got.Body.String() != want.Body.String() {
				t.Errorf("answers %d with a page of its own: %s", got.Code, got.Body)
			}
			if !strings.Contains(w.log.String(), `"reason":"`+refused.reason+`"`) {
				t.Errorf("the log does not say %q: %s", refused.reason, &w.log)
			}
		})
	}
}

func TestLinkForAnotherPurposeIsRefused(t *testing.T) {
	want := newWorld(t, nil).ask(http.MethodGet, "/mijn/zaak").Body.String()
	for _, rule := range dsr.PurposeRules() {
		if rule.Purpose == dsr.FollowCase {
			continue
		}
		w := newWorld(t, nil)
		link := w.link
		link.ID, link.Purpose = dsr.LinkID{9}, rule.Purpose
		w.issue(link) // a genuine one, for another page
		got := w.ask(http.MethodGet, status(w.links.mint(t, link)))
		if got.Code != http.StatusForbidden || got.Body.String() != want {
			t.Errorf("a link for %s answers %d", rule.Purpose, got.Code)
		}
		holds(t, w.log.String(), true, signedlink.WrongPurpose.Error())
	}
}

// TestLinkWithOneOtherCharacterIsRefused changes each character of a token once.
func TestLinkWithOneOtherCharacterIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	token, want := w.links.mint(t, w.link), w.ask(http.MethodGet, "/mijn/zaak").Body.String()
	for i := range token {
		altered := []byte(token)
		altered[i] = 'A'
		if token[i] == 'A' {
			altered[i] = 'B'
		}
		got := w.ask(http.MethodGet, status(string(altered)))
		if got.Code != http.StatusForbidden || got.Body.String() != want {
			t.Errorf("a token with another character %d answers %d", i, got.Code)
		}
	}
}

func TestTroubleIsNotTheVisitorsLink(t *testing.T) {
	for name, trouble := range map[string]func(*world){
		"verifier": func(w *world) { w.links.trouble = errTrouble },
		"tables":   func(w *world) { w.store = errTrouble },
		"clock":    func(w *world) { w.clock = errTrouble },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			target := status(w.links.mint(t, w.link))
			trouble(w)
			got := w.ask(http.MethodGet, target)
			if got.Code != http.StatusServiceUnavailable {
				t.Errorf("answers %d, want 503", got.Code)
			}
			holds(t, got.Body.String(), true, "Dat ligt aan ons en niet aan uw link.", "That is our fault and not your link's.")
			holds(t, w.log.String(), true, errTrouble.Error())
		})
	}
}

// elsewhere lists what is no page: other methods, and other spellings of the
// address that a ServeMux would answer with a redirect.
func elsewhere() [][2]string {
	list := [][2]string{
		{http.MethodGet, "/"},
		{http.MethodGet, "/mijn/"},
		{http.MethodGet, "/mijn/zaak/"},
		{http.MethodGet, "/mijn//zaak"},
		{http.MethodGet, "/mijn/./zaak"},
		{http.MethodGet, "/x/../mijn/zaak"},
		{http.MethodGet, "/MIJN/zaak"},
		{http.MethodGet, "/bureau/zaak"},
		{http.MethodGet, "/mijn/zaak.html"},
		{http.MethodGet, "/favicon.ico"},
		{http.MethodGet, "/mijn/antwoord/code"},
		{http.MethodGet, "/mijn/antwoord/bestanden"},
		{http.MethodPost, "/mijn/kopie"},
		{http.MethodPost, "/mijn/kopie/ontvangen"},
		{http.MethodGet, "/mijn/kopie/"},
		{http.MethodPost, "/mijn/bedankt"},
		{http.MethodPost, "/mijn/bevestig/"},
		{http.MethodPut, "/mijn/bevestig"},
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "get", "BREW"} {
		list = append(list, [2]string{method, "/mijn/zaak"})
	}
	return list
}

func TestEveryOtherAddressAndMethodGetsOnePage(t *testing.T) {
	w := newWorld(t, nil)
	query := "?t=" + w.links.mint(t, w.link)
	want := w.ask(http.MethodGet, "/mijn/niets").Body.String()
	holds(t, want, true, "Deze pagina bestaat niet", "This page does not exist")
	for _, one := range elsewhere() {
		got := w.ask(one[0], one[1]+query)
		if got.Code != http.StatusNotFound || got.Body.String() != want {
			t.Errorf("%s %s answers %d: %s", one[0], one[1], got.Code, got.Body)
		}
	}
	if w.log.Len() > 0 {
		t.Errorf("a visitor at the wrong door is logged: %s", &w.log)
	}
}

func TestOpeningALinkChangesNothing(t *testing.T) {
	w := newWorld(t, nil)
	before, letters := w.memory.AllCases(), w.memory.AllLetters()
	for range 100 {
		w.open(dsr.Dutch)
		w.ask(http.MethodHead, status(w.links.mint(t, w.link)))
	}
	if diff := cmp.Diff(before, w.memory.AllCases()); diff != "" {
		t.Errorf("the case changed: %s", diff)
	}
	if diff := cmp.Diff(letters, w.memory.AllLetters()); diff != "" {
		t.Errorf("a letter changed: %s", diff)
	}
}

func TestHeadIsTheAnswerWithoutThePage(t *testing.T) {
	w := newWorld(t, nil)
	good, bad := status(w.links.mint(t, w.link)), "/mijn/zaak?t=x"
	for target, want := range map[string]int{good: 200, bad: 403, "/mijn/niets": 404} {
		got := w.ask(http.MethodHead, target)
		if got.Code != want || got.Body.Len() > 0 {
			t.Errorf("HEAD answers %d with %d bytes, want %d with none", got.Code, got.Body.Len(), want)
		}
		if diff := cmp.Diff(w.ask(http.MethodGet, target).Header(), got.Header()); diff != "" {
			t.Errorf("HEAD and GET have other headers: %s", diff)
		}
	}
}

// TestGatewayPassesThePageOn asks through the function's own adapter, where no
// net/http server takes the page off an answer to HEAD.
func TestGatewayPassesThePageOn(t *testing.T) {
	w := newWorld(t, nil)
	invoke := httpapi.Adapt(w.handler())
	for method, empty := range map[string]bool{http.MethodGet: false, http.MethodHead: true} {
		event := events.APIGatewayV2HTTPRequest{RawPath: "/mijn/zaak", RawQueryString: "t=" + w.links.mint(t, w.link)}
		event.RequestContext.HTTP.Method = method
		response, err := invoke(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		page, err := base64.StdEncoding.DecodeString(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || (len(page) == 0) != empty {
			t.Errorf("%s answers %d with %d bytes, %v", method, response.StatusCode, len(page), err)
		}
		if !empty && string(page) != w.open(dsr.Dutch) {
			t.Error("the page that leaves the function is another one")
		}
		if response.Headers["cache-control"] != "no-store" || response.Headers["content-type"] != "text/html; charset=utf-8" {
			t.Errorf("%s has the headers %v", method, response.Headers)
		}
	}
}

func TestLogNamesNobodyAndHoldsNoToken(t *testing.T) {
	for _, refused := range append(refusals(), refusal{name: "honoured", target: func(w *world) string {
		return status(w.links.mint(w.t, w.link))
	}}) {
		w := newWorld(t, nil)
		target := refused.target(w)
		w.ask(http.MethodGet, target)
		w.links.trouble = errTrouble
		w.ask(http.MethodGet, target)
		token := target[strings.IndexByte(target, '=')+1:]
		for _, secret := range []string{token, w.links.mint(t, w.link)[20:60], requesterName, "Sanne", requesterAddress, "/mijn", "?t="} {
			if secret != "" && strings.Contains(w.log.String(), secret) {
				t.Errorf("%s: the log holds %q: %s", refused.name, secret, &w.log)
			}
		}
	}
}
