package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

func TestLinkAndCodeOpenTheCase(t *testing.T) {
	w := newWorld(t, nil)
	w.now = w.now.Add(time.Hour)
	page := w.get(w.link("anouk"))
	if page.Code != http.StatusOK {
		t.Fatalf("the link answers %d: %s", page.Code, &w.log)
	}
	holds(t, page.Body.String(), true, "Bent u het?", `inputmode="numeric"`, `autocomplete="one-time-code"`)
	holds(t, page.Body.String(), false, number, requesterName, requesterAddress, "Anouk", requestText)

	answer := w.post(w.mint(w.links["anouk"]), w.code("anouk")[:3]+" "+w.code("anouk")[3:])
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != casePage || answer.Body.Len() > 0 {
		t.Fatalf("the code answers %d, to %q: %s", answer.Code, answer.Header().Get("Location"), &w.log)
	}
	pattern := regexp.MustCompile(`^__Host-inzage=[A-Za-z0-9_-]{43}; Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=Strict$`)
	if cookie := answer.Header().Get("Set-Cookie"); !pattern.MatchString(cookie) {
		t.Errorf("the cookie is %q", cookie)
	}
	shown := w.open(answer.Result().Cookies()[0], casePage)
	if shown.Code != http.StatusOK {
		t.Fatalf("the case answers %d: %s", shown.Code, &w.log)
	}
	holds(t, shown.Body.String(), true, requesterName, requesterAddress, requestText, "Anouk Jansen")
}

// refusal is one way in which somebody is not let in, with the reason that the
// operator's log must give.
type refusal struct {
	name   string
	reason string
	post   func(w *world) *httptest.ResponseRecorder
}

// token posts a token with the right code of whom it names.
func token(change func(w *world, link *dsr.Link)) func(*world) *httptest.ResponseRecorder {
	return func(w *world) *httptest.ResponseRecorder {
		link := w.links["anouk"]
		change(w, &link)
		return w.post(w.mint(link), w.code("anouk"))
	}
}

// edited posts another spelling of a good token.
func edited(edit func(token string) string) func(*world) *httptest.ResponseRecorder {
	return func(w *world) *httptest.ResponseRecorder {
		return w.post(edit(w.mint(w.links["anouk"])), w.code("anouk"))
	}
}

// typed posts a good token with another code.
func typed(code func(w *world) string) func(*world) *httptest.ResponseRecorder {
	return func(w *world) *httptest.ResponseRecorder { return w.post(w.mint(w.links["anouk"]), code(w)) }
}

// refusals lists the ways.
func refusals() []refusal {
	const dead, code, nobody, none = "the link opens nothing", "the code is not accepted", "not a member of staff", "no code was given"
	malformed := signedlink.Malformed.Error()
	list := []refusal{
		{"forged", signedlink.Forged.Error(), func(w *world) *httptest.ResponseRecorder {
			return w.post(w.forge("another", w.links["anouk"]), w.code("anouk"))
		}},
		{"expired", signedlink.Expired.Error(), token(func(w *world, link *dsr.Link) { w.now = link.ExpiresAt })},
		{"from the future", signedlink.NotYet.Error(), token(func(w *world, link *dsr.Link) { w.now = link.IssuedAt.Add(-61 * time.Second) })},
		{"unknown key", signedlink.UnknownKey.Error(), edited(func(token string) string { return "l1.k2" + token[5:] })},
		{"never issued", dead, token(func(_ *world, link *dsr.Link) { link.ID[0] = 99 })},
		{"of no case", dead, token(func(_ *world, link *dsr.Link) { link.Owner[0] = 99 })},
		{"naming somebody else", dead, token(func(_ *world, link *dsr.Link) { link.Actor = actor("carla") })},
		{"revoked", dead, token(func(w *world, _ *dsr.Link) {
			w.file.Case.LinkEpoch++
			w.happen(w.file, dsr.Event{Kind: dsr.MessageAdded, At: w.now})
		})},
		{"left the organisation", nobody, token(func(w *world, _ *dsr.Link) { w.profile.Staff[0].Active = false })},
		{"removed", nobody, token(func(w *world, _ *dsr.Link) { _ = w.memory.Remove(w.t.Context(), actor("anouk")) })},
		{"wrong code", code, typed((*world).wrong)},
		{"code of somebody else", code, typed(func(w *world) string { return w.code("carla") })},
		{"used code", code, typed(func(w *world) string { w.signIn("anouk"); return w.code("anouk") })},
		{"old code", code, typed(func(w *world) string { defer func() { w.now = w.now.Add(2 * time.Minute) }(); return w.code("anouk") })},
		{"no code", none, typed(func(*world) string { return "" })},
		{"five digits", none, typed(func(w *world) string { return w.code("anouk")[:5] })},
		{"letters", none, typed(func(*world) string { return "abcdef" })},
		{"digits of another script", none, typed(func(*world) string { return "١٢" })},
		{"no token", none, edited(func(string) string { return "" })},
		{"token in the address", none, func(w *world) *httptest.ResponseRecorder {
			return w.send(http.MethodPost, w.link("anouk"), url.Values{"code": {w.code("anouk")}}.Encode())
		}},
		{"too large", none, edited(func(token string) string { return token + strings.Repeat(" ", 5<<10) })},
	}
	for name, edit := range spellings() {
		list = append(list, refusal{name, malformed, edited(edit)})
	}
	return list
}

// spellings are tokens that are written in another way than their one (L23).
func spellings() map[string]func(string) string {
	return map[string]func(string) string{
		"300 characters":  func(string) string { return strings.Repeat("a", 300) },
		"newline":         func(token string) string { return token[:119] + "\n" },
		"newline more":    func(token string) string { return token + "\r\n" },
		"padding":         func(token string) string { return token + "==" },
		"NUL":             func(token string) string { return token + "\x00" },
		"cut short":       func(token string) string { return token[:119] },
		"standard base64": func(token string) string { return token[:119] + "/" },
		"%00":             func(token string) string { return token + "%00" },
	}
}

// TestL20EverybodyWhoIsNotLetInGetsOnePage covers L16 to L20 and L23 as well:
// whatever was wrong, the visitor learns nothing, and the log says it.
func TestL20EverybodyWhoIsNotLetInGetsOnePage(t *testing.T) {
	want := newWorld(t, nil).post("x", "000000").Body.String()
	holds(t, want, true, "U bent nog niet binnen", "You are not in yet", "Open dan de link uit uw mail nog eens.")
	for _, one := range refusals() {
		t.Run(one.name, func(t *testing.T) {
			w := newWorld(t, nil)
			got := one.post(w)
			if got.Code != http.StatusForbidden || got.Body.String() != want || got.Header().Get("Set-Cookie") != "" {
				t.Errorf("answers %d with a page of its own: %s", got.Code, got.Body)
			}
			if !strings.Contains(w.log.String(), `"reason":"`+one.reason+`"`) {
				t.Errorf("the log does not say %q: %s", one.reason, &w.log)
			}
		})
	}
}

func TestL17LinkEndsOnItsSecond(t *testing.T) {
	for offset, want := range map[time.Duration]int{-time.Second: http.StatusSeeOther, 0: http.StatusForbidden, time.Second: http.StatusForbidden} {
		w := newWorld(t, nil)
		w.now = w.links["anouk"].ExpiresAt.Add(offset)
		if got := w.post(w.mint(w.links["anouk"]), w.code("anouk")); got.Code != want {
			t.Errorf("%s after its end: %d, want %d", offset, got.Code, want)
		}
	}
	for ahead, want := range map[time.Duration]int{60 * time.Second: http.StatusSeeOther, 61 * time.Second: http.StatusForbidden} {
		w := newWorld(t, nil)
		w.now = w.links["anouk"].IssuedAt.Add(-ahead)
		if got := w.post(w.mint(w.links["anouk"]), w.code("anouk")); got.Code != want {
			t.Errorf("issued %s ahead: %d, want %d", ahead, got.Code, want)
		}
	}
}

func TestL19RaisedEpochKillsEveryLinkOfTheCase(t *testing.T) {
	w := newWorld(t, nil)
	w.file.Case.LinkEpoch++
	w.happen(w.file, dsr.Event{Kind: dsr.MessageAdded, At: w.now})
	for id := range w.links {
		if got := w.post(w.mint(w.links[id]), w.code(strings.TrimSuffix(id, "-2"))); got.Code != http.StatusForbidden {
			t.Errorf("the link of %s answers %d", id, got.Code)
		}
	}
}

func TestL5ForwardedLinkIsWorthNothingToItsReader(t *testing.T) {
	w := newWorld(t, nil)
	if got := w.post(w.mint(w.links["anouk"]), w.code("carla")); got.Code != http.StatusForbidden {
		t.Errorf("Anouk's link with Carla's code answers %d", got.Code)
	}
	w.open(w.signIn("carla"), casePage)
	history, err := w.memory.History(t.Context(), w.file.Case.ID)
	if err != nil || history[len(history)-1].Actor != actor("carla") {
		t.Errorf("the history says %+v, %v", history[len(history)-1], err)
	}
}

func TestL1OpeningLinksChangesNothing(t *testing.T) {
	w := newWorld(t, nil)
	for range 500 {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			answer := w.send(method, w.link("anouk"), "")
			if method == http.MethodHead && (answer.Code != http.StatusOK || answer.Body.Len() > 0) {
				t.Fatalf("HEAD answers %d with %d bytes", answer.Code, answer.Body.Len())
			}
		}
		w.get(casePage)
		w.get("/bureau")
	}
	if len(w.writes) > 0 {
		t.Errorf("opening wrote %d times: %v", len(w.writes), w.writes[:1])
	}
}

func TestL24FiveWrongCodesKillTheLinkAndTenStopTheMember(t *testing.T) {
	w := newWorld(t, nil)
	want := w.post("x", "000000").Body.String()
	for n := range 20 {
		link := "anouk"
		if n >= 10 {
			link = "anouk-2"
		}
		if got := w.post(w.mint(w.links[link]), w.wrong()); got.Code != http.StatusForbidden || got.Body.String() != want {
			t.Fatalf("guess %d answers %d", n+1, got.Code)
		}
	}
	third := w.issue(dsr.Link{
		ID: dsr.LinkID{9}, Purpose: dsr.SignIn, Owner: w.file.Case.ID, Actor: actor("anouk"),
		IssuedAt: received(), ExpiresAt: received().Add(72 * time.Hour),
	})
	if got := w.post(w.mint(third), w.code("anouk")); got.Code != http.StatusForbidden || got.Body.String() != want {
		t.Errorf("after ten wrong codes the right one answers %d", got.Code)
	}
	w.now = w.now.Add(time.Hour)
	if got := w.post(w.mint(third), w.code("anouk")); got.Code != http.StatusSeeOther {
		t.Errorf("an hour later the right one answers %d", got.Code)
	}
}

// TestL10FormOfAnotherSiteIsRefused sends a right code with what browsers say
// about where a form comes from (Fetch Metadata, and Origin before it).
func TestL10FormOfAnotherSiteIsRefused(t *testing.T) {
	for name, one := range map[string]struct {
		header, value string
		want          int
	}{
		"cross-site":     {"Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		"same-site":      {"Sec-Fetch-Site", "same-site", http.StatusForbidden},
		"foreign origin": {"Origin", "https://evil.example", http.StatusForbidden},
		"null origin":    {"Origin", "null", http.StatusForbidden},
		"same origin":    {"Sec-Fetch-Site", "same-origin", http.StatusSeeOther},
		"own origin":     {"Origin", "https://example.com", http.StatusSeeOther}, // httptest's host
		"no headers":     {"X-Other", "x", http.StatusSeeOther},
	} {
		w := newWorld(t, nil)
		got := w.post(w.mint(w.links["anouk"]), w.code("anouk"), func(r *http.Request) { r.Header.Set(one.header, one.value) })
		if got.Code != one.want || (len(w.writes) > 0) != (one.want == http.StatusSeeOther) {
			t.Errorf("%s: %d, wrote %v", name, got.Code, w.writes)
		}
		cookie := newWorldSession(t)
		out := cookie.w.send(http.MethodPost, "/bureau/afmelden", "", holding(cookie.cookie), func(r *http.Request) { r.Header.Set(one.header, one.value) })
		if signedOut := out.Header().Get("Clear-Site-Data") != ""; signedOut != (one.want == http.StatusSeeOther) {
			t.Errorf("%s: signing out answers %d", name, out.Code)
		}
	}
}

// held is a world with somebody signed in.
type held struct {
	w      *world
	cookie *http.Cookie
}

// newWorldSession gives a world in which Anouk is signed in.
func newWorldSession(t *testing.T) held {
	t.Helper()
	w := newWorld(t, nil)
	return held{w, w.signIn("anouk")}
}

func TestTroubleIsNotTheVisitorsFault(t *testing.T) {
	for name, trouble := range map[string]func(*world){
		"verifier": func(w *world) { w.verify = errTrouble },
		"tables":   func(w *world) { w.failing["all"] = errTrouble },
		"sessions": func(w *world) { w.failing["OpenSession"] = errTrouble },
		"clock":    func(w *world) { w.clock = errTrouble },
	} {
		w := newWorld(t, nil)
		trouble(w)
		got := w.post(w.mint(w.links["anouk"]), w.code("anouk"))
		if got.Code != http.StatusServiceUnavailable || got.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: answers %d, want 503", name, got.Code)
		}
		holds(t, got.Body.String(), true, "Dat ligt aan ons", "That is our fault")
		holds(t, w.log.String(), true, errTrouble.Error())
	}
	for call, target := range map[string]string{
		"Session": "/bureau", "OpenCases": "/bureau", "CaseOfNumber": casePage, "OpenHistory": casePage, "Commit": casePage,
	} {
		one := newWorldSession(t)
		one.w.failing[call] = errTrouble
		if got := one.w.open(one.cookie, target); got.Code != http.StatusServiceUnavailable {
			t.Errorf("without %s %s answers %d", call, target, got.Code)
		}
	}
	one := newWorldSession(t)
	one.w.failing["EndSession"] = errTrouble
	if out := one.w.send(http.MethodPost, "/bureau/afmelden", "", holding(one.cookie)); out.Code != http.StatusServiceUnavailable {
		t.Errorf("signing out without the tables answers %d", out.Code)
	}
}
