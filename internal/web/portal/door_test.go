package portal_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// door is one place that takes a token, and the purpose it takes it for.
type door struct {
	method, path string
	purpose      dsr.Purpose
}

// doors lists them all.
func doors() []door {
	return []door{
		{http.MethodGet, "/mijn/zaak", dsr.FollowCase},
		{http.MethodGet, "/mijn/bevestig", dsr.ConfirmMailbox},
		{http.MethodPost, "/mijn/bevestig", dsr.ConfirmMailbox},
		{http.MethodGet, "/mijn/stop", dsr.StopErasure},
		{http.MethodPost, "/mijn/stop", dsr.StopErasure},
		{http.MethodGet, "/mijn/intrekken", dsr.FollowCase},
		{http.MethodPost, "/mijn/intrekken", dsr.FollowCase},
		{http.MethodGet, "/mijn/antwoord", dsr.CollectAnswer},
		{http.MethodPost, "/mijn/antwoord", dsr.CollectAnswer},
		{http.MethodPost, "/mijn/antwoord/code", dsr.CollectAnswer},
		{http.MethodPost, "/mijn/antwoord/bestanden", dsr.CollectAnswer},
		{http.MethodGet, "/mijn/kopie", dsr.UploadIDCopy},
	}
}

// enter brings a token to a door, with everything its form could hold.
func (w *world) enter(d door, token string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	if d.method == http.MethodGet {
		return w.send(d.method, at(d.path, token), "", changes...)
	}
	body := "t=" + strings.ReplaceAll(strings.TrimPrefix(at("", token), "?t="), "+", "%2B") +
		"&nummer=" + number + "&keuze=ja&code=123456&bewijs=x"
	return w.send(d.method, d.path, body, changes...)
}

// TestL15LinkOpensTheDoorsOfItsPurposeAlone brings a genuine link of every
// purpose to every door.
func TestL15LinkOpensTheDoorsOfItsPurposeAlone(t *testing.T) {
	w := newWorld(t, func(c *dsr.Case) {
		c.State, c.OnFile.Reference = dsr.InReview, reference
		c.Work = dsr.Work{RightsConfirmed: true, Match: dsr.Matched, AskedAt: received(), Proposed: dsr.Answered}
	})
	tokens := map[dsr.Purpose]string{}
	for i, rule := range dsr.PurposeRules() {
		link := w.link
		link.ID, link.Purpose = dsr.LinkID{byte(20 + i)}, rule.Purpose
		w.issue(link)
		tokens[rule.Purpose] = w.links.mint(t, link)
	}
	before, tried := w.inspect(), 0
	for _, d := range doors() {
		for purpose, token := range tokens {
			if purpose == d.purpose {
				continue
			}
			w.log.Reset()
			w.refused(d.method+" "+d.path+" with a link to "+string(purpose), w.enter(d, token))
			holds(t, w.log.String(), true, signedlink.WrongPurpose.Error())
			tried++
		}
	}
	w.unchanged(before)
	if tried != len(doors())*(len(tokens)-1) {
		t.Errorf("%d pairs were tried", tried)
	}
	for _, d := range doors()[:7] { // the right one opens them; an answer there is not
		if got := w.enter(door{http.MethodGet, d.path, d.purpose}, tokens[d.purpose]); got.Code != http.StatusOK {
			t.Errorf("%s with its own link answers %d", d.path, got.Code)
		}
	}
}

// TestL20L23EveryBadTokenGetsOnePageAtEveryDoor brings tokens that are none.
func TestL20L23EveryBadTokenGetsOnePageAtEveryDoor(t *testing.T) {
	w := newWorld(t, nil)
	before := w.inspect()
	for _, d := range doors() {
		link := w.link
		link.Purpose = d.purpose
		good := w.links.mint(t, link)
		late := link
		late.IssuedAt, late.ExpiresAt = w.now.AddDate(0, 0, -1), w.now
		never := link
		never.ID = dsr.LinkID{77}
		for name, token := range map[string]string{
			"none": "", "long": strings.Repeat("a", 300), "padded": good + "=", "NUL": good + "\x00", "newline": good + "\r\n",
			"cut": good[:119], "forged": (&links{key: "another"}).mint(t, link), "expired": w.links.mint(t, late),
			"never issued": w.links.mint(t, never), "other alphabet": good[:119] + "/",
		} {
			w.refused(d.method+" "+d.path+", "+name, w.enter(d, token))
		}
		if d.method == http.MethodPost { // the token in the address opens no form
			got := w.send(http.MethodPost, at(d.path, good), "nummer="+number+"&keuze=ja&code=123456")
			w.refused(d.path+" with the token in the address", got)
		}
	}
	w.unchanged(before)
}

// TestL10FormOfAnotherSiteIsRefused sends each act as a foreign page would make a
// browser send it.
func TestL10FormOfAnotherSiteIsRefused(t *testing.T) {
	for _, d := range deeds() {
		w := newWorld(t, nil)
		token := d.ready(w)
		before := w.inspect()
		for _, header := range [][2]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
		} {
			body := "t=" + token + "&nummer=" + number + "&keuze=ja"
			got := w.send(http.MethodPost, d.path, body, func(r *http.Request) { r.Header.Set(header[0], header[1]) })
			w.refused(d.name+" with "+header[1], got)
		}
		w.unchanged(before)
		body := "t=" + token + "&" + d.asks + "=" + url.QueryEscape(d.right) + "&" + strings.Join(d.fields, "=")
		if got := w.send(http.MethodPost, d.path, body, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }); got.Code != http.StatusSeeOther {
			t.Errorf("%s from our own page answers %d", d.name, got.Code)
		}
	}
}

// TestFormThatIsNoneOfOursIsRefused sends bodies that no page of the portal makes.
func TestFormThatIsNoneOfOursIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	token := w.asked()
	before := w.inspect()
	form := "t=" + token + "&nummer=" + number + "&keuze=ja"
	plain := func(kind string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", kind) }
	}
	w.refused("too long", w.send(http.MethodPost, "/mijn/bevestig", form+"&x="+strings.Repeat("x", 8<<10)))
	w.refused("bad escapes", w.send(http.MethodPost, "/mijn/bevestig", form+"&x=%zz"))
	w.refused("JSON", w.send(http.MethodPost, "/mijn/bevestig", `{"t":"`+token+`"}`, plain("application/json")))
	w.refused("multipart", w.send(http.MethodPost, "/mijn/bevestig", form, plain("multipart/form-data; boundary=x")))
	w.refused("no type", w.send(http.MethodPost, "/mijn/bevestig", form, func(r *http.Request) { r.Header.Del("Content-Type") }))
	w.unchanged(before)
	if got := w.send(http.MethodPost, "/mijn/bevestig", form+"&x="+strings.Repeat("x", 7<<10)); got.Code != http.StatusSeeOther {
		t.Errorf("a form of 7 KB answers %d", got.Code)
	}
	if strings.Contains(w.log.String(), token) || strings.Contains(w.log.String(), "xxx") {
		t.Errorf("the log repeats a form: %s", &w.log)
	}
}

// TestTroubleWhileActingIsNotTheVisitorsFault takes the tables and the check of
// links away at every door.
func TestTroubleWhileActingIsNotTheVisitorsFault(t *testing.T) {
	for name, trouble := range map[string]func(*world){
		"verifier": func(w *world) { w.links.trouble = errTrouble },
		"tables":   func(w *world) { w.store = errTrouble },
		"clock":    func(w *world) { w.clock = errTrouble },
	} {
		w := newWorld(t, nil)
		trouble(w)
		for _, d := range doors() {
			link := w.link
			link.Purpose = d.purpose
			if got := w.enter(d, w.links.mint(t, link)); got.Code != http.StatusServiceUnavailable {
				t.Errorf("%s: %s %s answers %d", name, d.method, d.path, got.Code)
			}
		}
	}
}

// TestL21RedirectsAreConstants puts addresses wherever a request can hold one.
func TestL21RedirectsAreConstants(t *testing.T) {
	for _, d := range deeds() {
		w := newWorld(t, nil)
		body := "t=" + d.ready(w) + "&" + d.asks + "=" + url.QueryEscape(d.right) + "&" + strings.Join(d.fields, "=") + "&next=https://evil.example&return=//evil.example"
		got := w.send(http.MethodPost, d.path+"?next=https://evil.example", body, func(r *http.Request) { r.Host = "evil.example" })
		if got.Header().Get("Location") != d.done {
			t.Errorf("%s leads to %q with status %d", d.name, got.Header().Get("Location"), got.Code)
		}
	}
}

// TestLogOfActsNamesNobody reads what every act and mistake has logged.
func TestLogOfActsNamesNobody(t *testing.T) {
	for _, d := range append(deeds(), deed{name: "collect", path: "/mijn/antwoord", ready: (*world).answered}) {
		w := newWorld(t, nil)
		token := d.ready(w)
		d.do(w, token, "wrong")
		d.do(w, token, number)
		d.do(w, token, number)
		w.try(token, "123456")
		w.links.trouble = errTrouble
		d.do(w, token, number)
		namesNobody(t, "the log of "+d.name, w.log.String())
		holds(t, w.log.String(), false, token, token[20:60], "123456", "/mijn")
	}
}

// TestSessionOfStaffOpensNothingHere sends a cookie of the desk, as whoever stole
// it might, to every page and form of the portal.
func TestSessionOfStaffOpensNothingHere(t *testing.T) {
	for _, d := range append(deeds(), deed{path: "/mijn/zaak"}, deed{path: "/mijn/antwoord"}) {
		w := newWorld(t, nil)
		before := w.inspect()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := w.send(method, d.path, "", func(r *http.Request) {
				r.AddCookie(&http.Cookie{Name: "__Host-inzage", Value: strings.Repeat("A", 43)})
			})
			if got.Code < 400 || len(got.Result().Cookies()) > 0 {
				t.Errorf("%s %s with a cookie of the desk answers %d", method, d.path, got.Code)
			}
		}
		w.unchanged(before)
	}
}
