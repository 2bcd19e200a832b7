package desk_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/httpapi"
	"polarweb.nl/inzage/internal/web/desk"
)

// strangers are requests of whoever is not signed in.
func strangers(one held) map[string]func(*http.Request) {
	value := one.cookie.Value
	cookie := func(header string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Cookie", header) }
	}
	return map[string]func(*http.Request){
		"no cookie":             func(*http.Request) {},
		"another session":       cookie("__Host-inzage=" + base64.RawURLEncoding.EncodeToString(make([]byte, 32))),
		"cut short":             cookie("__Host-inzage=" + value[:42]),
		"padded":                cookie("__Host-inzage=" + value + "="),
		"another spelling":      cookie("__Host-inzage=" + respelled(value)),
		"not base64":            cookie("__Host-inzage=" + strings.Repeat("!", 43)),
		"empty":                 cookie("__Host-inzage="),
		"without the prefix":    cookie("inzage=" + value),
		"with another prefix":   cookie("__Secure-inzage=" + value),
		"two of the name":       cookie("__Host-inzage=" + value + "; __Host-inzage=" + value),
		"in a header":           func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+value) },
		"in the query":          func(r *http.Request) { r.URL.RawQuery = "__Host-inzage=" + value },
		"after the eight hours": func(r *http.Request) { one.w.now = one.w.now.Add(8 * time.Hour); holding(one.cookie)(r) },
		"left": func(r *http.Request) {
			one.w.profile.Staff[0].Active = false
			holding(one.cookie)(r)
		},
	}
}

// respelled gives the same 32 bytes with a spare bit of the last character set,
// which base64 ignores unless it is told not to.
func respelled(value string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, value[42])
	return value[:42] + string(alphabet[last|1])
}

func TestWhoIsNotSignedInGetsOnePage(t *testing.T) {
	want := newWorld(t, nil).get("/bureau")
	holds(t, want.Body.String(), true, "Open de link uit uw mail", "Open the link from your mail")
	if want.Code != http.StatusForbidden {
		t.Errorf("answers %d", want.Code)
	}
	for name := range strangers(newWorldSession(t)) {
		for _, target := range []string{
			"/bureau", "/bureau/", casePage, "/bureau/zaken/AVG-2026-9999", "/bureau/zaken/x", "/bureau?nummer=" + number,
			casePage + "/beeld?kopie=x", casePage + "/kopie", casePage + "/uploaden?bestand=x", casePage + "/bestand",
		} {
			one := newWorldSession(t)
			got := one.w.send(http.MethodGet, target, "", strangers(one)[name])
			if got.Code != want.Code || got.Body.String() != want.Body.String() {
				t.Errorf("%s at %s: %d, %s", name, target, got.Code, got.Body)
			}
			if one.w.events(dsr.Viewed) > 0 {
				t.Errorf("%s at %s looked", name, target)
			}
		}
	}
}

// TestNoActWithoutASession posts to every act of the desk.
func TestNoActWithoutASession(t *testing.T) {
	w := newWorld(t, nil)
	want := w.get("/bureau").Body.String()
	for _, act := range append(desk.Acts(), "indienen", "akkoord", "mail") {
		got := w.send(http.MethodPost, casePage+"/"+act, "rev=0&code="+w.code("anouk"))
		if got.Code != http.StatusForbidden || got.Body.String() != want {
			t.Errorf("%s answers %d", act, got.Code)
		}
	}
	if len(w.writes) > 0 {
		t.Errorf("wrote %v", w.writes)
	}
}

// TestA31WhoLeftIsOutAtOnce: neither an old link nor an open session counts.
func TestA31WhoLeftIsOutAtOnce(t *testing.T) {
	one := newWorldSession(t)
	if got := one.w.open(one.cookie, casePage).Code; got != http.StatusOK {
		t.Fatalf("before: %d", got)
	}
	one.w.profile.Staff[0].Active = false
	one.w.now = one.w.now.Add(time.Minute)
	if got := one.w.open(one.cookie, casePage).Code; got != http.StatusForbidden {
		t.Errorf("the session still answers %d", got)
	}
	if got := one.w.post(one.w.mint(one.w.links["anouk-2"]), one.w.code("anouk")).Code; got != http.StatusForbidden {
		t.Errorf("the link still answers %d", got)
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	one := newWorldSession(t)
	out := one.w.send(http.MethodPost, "/bureau/afmelden", "", holding(one.cookie))
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/bureau/afgemeld" {
		t.Fatalf("answers %d, to %q", out.Code, out.Header().Get("Location"))
	}
	if got := out.Header().Get("Clear-Site-Data"); got != `"*"` {
		t.Errorf("Clear-Site-Data is %q", got)
	}
	if got := out.Header().Get("Set-Cookie"); got != "__Host-inzage=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict" {
		t.Errorf("the cookie becomes %q", got)
	}
	holds(t, one.w.get("/bureau/afgemeld").Body.String(), true, "U bent afgemeld", "You have signed out")
	if got := one.w.open(one.cookie, casePage).Code; got != http.StatusForbidden {
		t.Errorf("a kept cookie still answers %d", got)
	}
	if again := one.w.send(http.MethodPost, "/bureau/afmelden", "", holding(one.cookie)).Code; again != http.StatusSeeOther {
		t.Errorf("signing out again answers %d", again)
	}
	if none := one.w.send(http.MethodPost, "/bureau/afmelden", "").Code; none != http.StatusSeeOther {
		t.Errorf("signing out without a session answers %d", none)
	}
	if get := one.w.get("/bureau/afmelden").Code; get != http.StatusNotFound {
		t.Errorf("a link to signing out answers %d", get)
	}
}

// TestL9AddressAfterSigningInHoldsNoToken also covers L6: no page tells another
// site where it was opened from, and none is kept.
func TestL9AddressAfterSigningInHoldsNoToken(t *testing.T) {
	w := newWorld(t, nil)
	token := w.mint(w.links["anouk"])
	answer := w.post(token, w.code("anouk"))
	for name, values := range answer.Header() {
		if strings.Contains(strings.Join(values, " "), token[10:40]) {
			t.Errorf("%s holds the token", name)
		}
	}
	cookie := answer.Result().Cookies()[0]
	for _, target := range []string{casePage, "/bureau", "/bureau/afgemeld"} {
		page := w.open(cookie, target)
		if strings.Contains(page.Body.String(), token[10:40]) || strings.Contains(page.Body.String(), cookie.Value) {
			t.Errorf("%s shows the token or the session", target)
		}
		if page.Header().Get("Cache-Control") != "no-store" || page.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s may be kept or told: %v", target, page.Header())
		}
	}
}

// TestL21RedirectsLeadNowhereElse tries to steer where a visitor is sent.
func TestL21RedirectsLeadNowhereElse(t *testing.T) {
	steering := "next=//evil.example&return=https://evil.example&taal=//evil.example&url=evil&nummer=avg-2026-0001"
	w := newWorld(t, nil)
	body := url.Values{"t": {w.mint(w.links["anouk"])}, "code": {w.code("anouk")}, "next": {"//evil.example"}, "taal": {"//evil"}}
	in := w.send(http.MethodPost, "/bureau/zaak?"+steering, body.Encode())
	cookie := in.Result().Cookies()[0]
	for want, got := range map[string]*httptest.ResponseRecorder{
		casePage:              in,
		casePage + " ":        w.open(cookie, "/bureau?"+steering),
		"/bureau/afgemeld":    w.send(http.MethodPost, "/bureau/afmelden?"+steering, "next=//evil.example", holding(cookie)),
		casePage + "?taal=en": newWorldSession(t).english(),
	} {
		if location := got.Header().Get("Location"); got.Code != http.StatusSeeOther || location != strings.TrimSpace(want) {
			t.Errorf("answers %d, to %q, want %q", got.Code, location, want)
		}
	}
}

// english signs in on the English page.
func (h held) english() *httptest.ResponseRecorder {
	h.w.now = h.w.now.Add(time.Minute)
	return h.w.send(http.MethodPost, "/bureau/zaak?taal=en",
		url.Values{"t": {h.w.mint(h.w.links["anouk-2"])}, "code": {h.w.code("anouk")}}.Encode())
}

func TestL22HostHeaderStandsOnNoPage(t *testing.T) {
	one := newWorldSession(t)
	evil := func(r *http.Request) {
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "host=evil.example")
	}
	for _, target := range []string{"/bureau", casePage, one.w.link("carla"), "/bureau/x", "/bureau?nummer=" + number} {
		got := one.w.send(http.MethodGet, target, "", holding(one.cookie), evil)
		if strings.Contains(got.Body.String()+got.Header().Get("Location"), "evil") {
			t.Errorf("%s repeats the host", target)
		}
	}
}

// TestL7LogHoldsNoTokenCodeCookieOrName also holds for the errors of ports.
func TestL7LogHoldsNoTokenCodeCookieOrName(t *testing.T) {
	for _, one := range refusals() {
		w := newWorld(t, nil)
		one.post(w)
		w.now, w.profile = received().Add(time.Hour), testProfile()
		cookie := w.cookieOr()
		w.get(w.link("anouk"))
		w.open(cookie, casePage)
		w.open(cookie, "/bureau?nummer=AVG-2026-7777")
		w.failing["all"] = errTrouble
		w.open(cookie, casePage)
		w.post(w.mint(w.links["anouk"]), w.code("anouk"))
		for _, secret := range []string{
			w.mint(w.links["anouk"])[20:60], w.code("anouk"), cookie.Value, requesterName, "Sanne", requesterAddress, requestText,
			"Anouk", "/bureau", "?t=", "AVG-2026-7777",
		} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("%s: the log holds %q: %s", one.name, secret, &w.log)
			}
		}
	}
}

// cookieOr signs in with a link of Carla's, which no refusal touches; when that
// is not possible, it gives a cookie of no session.
func (w *world) cookieOr() *http.Cookie {
	answer := w.post(w.mint(w.links["carla"]), w.code("carla"))
	if cookies := answer.Result().Cookies(); len(cookies) == 1 {
		return cookies[0]
	}
	return &http.Cookie{Name: "__Host-inzage", Value: strings.Repeat("A", 43)}
}

// elsewhere lists what is no page: other methods and other spellings.
func elsewhere() [][2]string {
	list := [][2]string{
		{http.MethodGet, "/"},
		{http.MethodGet, "/bureau/zaak/"},
		{http.MethodGet, "/bureau//zaak"},
		{http.MethodGet, "/bureau/./zaak"},
		{http.MethodGet, "/x/../bureau/zaak"},
		{http.MethodGet, "/BUREAU/zaak"},
		{http.MethodGet, "/bureau/zaken"},
		{http.MethodGet, "/mijn/zaak"},
		{http.MethodGet, "/favicon.ico"},
		{http.MethodPost, "/bureau"},
		{http.MethodPost, casePage},
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "post", "BREW"} {
		list = append(list, [2]string{method, "/bureau/zaak"})
	}
	return list
}

func TestEveryOtherAddressAndMethodGetsOnePage(t *testing.T) {
	one := newWorldSession(t)
	one.w.writes = nil
	want := one.w.get("/bureau/niets").Body.String()
	holds(t, want, true, "Deze pagina bestaat niet", "This page does not exist")
	query := "?t=" + one.w.mint(one.w.links["carla"])
	for _, elsewhere := range elsewhere() {
		for _, change := range []func(*http.Request){func(*http.Request) {}, holding(one.cookie)} {
			got := one.w.send(elsewhere[0], elsewhere[1]+query, "", change)
			if got.Code != http.StatusNotFound || got.Body.String() != want {
				t.Errorf("%s %s answers %d: %s", elsewhere[0], elsewhere[1], got.Code, got.Body)
			}
		}
	}
	for _, unknown := range []string{"AVG-2026-9999", "x", "AVG-2026-0001/x", "avg-2026-0001%00", strings.Repeat("A", 3000)} {
		if got := one.w.open(one.cookie, "/bureau/zaken/"+unknown); got.Code != http.StatusNotFound || got.Body.String() != want {
			t.Errorf("case %.20q answers %d", unknown, got.Code)
		}
	}
	if len(one.w.writes) > 0 {
		t.Errorf("wrote %v", one.w.writes)
	}
}

func TestHeadIsTheAnswerWithoutThePage(t *testing.T) {
	one := newWorldSession(t)
	one.w.writes = nil
	for target, want := range map[string]int{
		one.w.link("carla"): 200, "/bureau/zaak?t=x": 403, "/bureau/niets": 404, "/bureau": 200, casePage: 200, "/bureau/zaken/AVG-2026-9999": 404,
		casePage + "/kopie": 200, casePage + "/beeld?kopie=x": 200, casePage + "/uploaden": 200, "/bureau/zaken/x/beeld": 404, "/bureau/mail?t=x": 403,
	} {
		got := one.w.send(http.MethodHead, target, "", holding(one.cookie))
		if got.Code != want || got.Body.Len() > 0 {
			t.Errorf("HEAD %s answers %d with %d bytes, want %d with none", target, got.Code, got.Body.Len(), want)
		}
		if len(one.w.writes) > 0 {
			t.Fatalf("HEAD %s wrote %v", target, one.w.writes)
		}
	}
	for _, target := range []string{casePage, "/bureau"} {
		head, get := one.w.send(http.MethodHead, target, "", holding(one.cookie)), one.w.open(one.cookie, target)
		if diff := cmp.Diff(get.Header(), head.Header()); diff != "" {
			t.Errorf("HEAD and GET of %s have other headers: %s", target, diff)
		}
	}
}

// TestGatewayPassesSigningInOn goes through the function's own adapter, as the
// gateway sends a form: encoded, and its cookies apart.
func TestGatewayPassesSigningInOn(t *testing.T) {
	w := newWorld(t, nil)
	form := url.Values{"t": {w.mint(w.links["anouk"])}, "code": {w.code("anouk")}}.Encode()
	event := events.APIGatewayV2HTTPRequest{
		RawPath: "/bureau/zaak", IsBase64Encoded: true, Body: base64.StdEncoding.EncodeToString([]byte(form)),
		Headers: map[string]string{"content-type": "application/x-www-form-urlencoded"},
	}
	event.RequestContext.HTTP.Method = http.MethodPost
	response, err := httpapi.Adapt(w.handler())(t.Context(), event)
	if err != nil || response.StatusCode != http.StatusSeeOther || len(response.Cookies) != 1 || response.Headers["location"] != casePage {
		t.Fatalf("answers %d with %v, %v", response.StatusCode, response.Headers, err)
	}
	cookie, _, _ := strings.Cut(response.Cookies[0], ";")
	event = events.APIGatewayV2HTTPRequest{RawPath: casePage, Cookies: []string{cookie}}
	event.RequestContext.HTTP.Method = http.MethodGet
	response, err = httpapi.Adapt(w.handler())(t.Context(), event)
	page, decoding := base64.StdEncoding.DecodeString(response.Body)
	if err != nil || decoding != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("answers %d, %v", response.StatusCode, err)
	}
	holds(t, string(page), true, requestText)
}
