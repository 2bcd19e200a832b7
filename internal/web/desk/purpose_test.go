package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
	"polarweb.nl/inzage/internal/stepup"
)

// opening lists the purposes of links that open a session.
func opening() []dsr.Purpose {
	return []dsr.Purpose{dsr.SignIn, dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse}
}

// linkFor issues a link of a purpose to the world's case as it stands.
func (w *world) linkFor(n int, purpose dsr.Purpose, id string) string {
	w.t.Helper()
	rule, _ := purpose.Rule()
	link := w.issue(dsr.Link{
		ID: dsr.LinkID{byte(100 + n)}, Purpose: purpose, Owner: w.file.Case.ID, Actor: actor(id), Rev: w.stored().Rev,
		IssuedAt: w.now.Truncate(time.Second), ExpiresAt: w.now.Truncate(time.Second).Add(72 * time.Hour),
	})
	return rule.Path + "?t=" + url.QueryEscape(w.mint(link))
}

// TestL15LinkForAnotherPurposeIsRefused takes a genuine link of every purpose to
// the page of every purpose for staff, with the right code.
func TestL15LinkForAnotherPurposeIsRefused(t *testing.T) {
	for _, page := range dsr.PurposeRules() {
		if !page.Staff {
			continue
		}
		w := newWorld(t, nil)
		for n, rule := range dsr.PurposeRules() {
			link := w.linkFor(n, rule.Purpose, "anouk")
			_, token, _ := strings.Cut(link, "?t=")
			w.now, w.writes = w.now.Add(time.Minute), nil
			get := w.get(page.Path + "?t=" + token)
			post := w.send(http.MethodPost, page.Path, "t="+token+"&code="+w.code("anouk"))
			want := [2]int{http.StatusForbidden, http.StatusForbidden}
			switch {
			case page.Purpose == dsr.OriginalMail: // a link about a case leads to no mail
			case !slices.Contains(opening(), page.Purpose):
				want = [2]int{http.StatusNotFound, http.StatusNotFound} // no such page yet
			case page.Purpose == rule.Purpose:
				want = [2]int{http.StatusOK, http.StatusSeeOther}
			}
			if got := [2]int{get.Code, post.Code}; got != want || (len(w.writes) > 0) != (want[1] == http.StatusSeeOther) {
				t.Errorf("a link for %s on the page for %s: %v, want %v, wrote %v", rule.Purpose, page.Purpose, got, want, w.writes)
			}
			where := casePage
			if page.Purpose != dsr.SignIn {
				where += "/akkoord"
			}
			if want[1] == http.StatusSeeOther && post.Header().Get("Location") != where {
				t.Errorf("a link for %s leads to %q", rule.Purpose, post.Header().Get("Location"))
			}
		}
		if slices.Contains(opening(), page.Purpose) || page.Purpose == dsr.OriginalMail {
			holds(t, w.log.String(), true, signedlink.WrongPurpose.Error())
		}
	}
}

// outcomes are three answers, each with the purpose of links that approve it.
func outcomes() map[dsr.Purpose]func(c clerk) {
	return map[dsr.Purpose]func(c clerk){
		dsr.ApproveErasure: func(c clerk) { c.gather(plain()) },
		dsr.ApproveRelease: func(c clerk) {
			c.gather(plain())
			c.does("besluit-erasure", fields{"uitkomst": "refused", "grond": "legal-duty", "reden": "Wet.", "code": "app"})
		},
		dsr.Refuse: func(c clerk) {
			c.prove(plain())
			c.does("besluit-access", fields{"uitkomst": "refused", "grond": "excessive", "reden": "Te veel.", "code": "app"})
			c.does("besluit-erasure", fields{"uitkomst": "refused", "grond": "legal-duty", "reden": "Wet.", "code": "app"})
		},
	}
}

// TestL15SessionDecidesOnlyWhatItsLinkIsFor begins a session with a link of each
// purpose, for each kind of answer, with everything else right.
func TestL15SessionDecidesOnlyWhatItsLinkIsFor(t *testing.T) {
	for needed, prepare := range outcomes() {
		for n, purpose := range opening() {
			w, anouk := newOffice(t)
			prepare(anouk)
			page := anouk.see("/voorbeeld?uitkomst=answered").Body.String()
			if got := anouk.typed(anouk.form(page, "indienen"), fields{"anderen": "ja", "code": "app"}); got.Code != http.StatusSeeOther {
				t.Fatalf("submitting answers %d", got.Code)
			}
			w.mail()
			good := w.enter("bram", w.linkIn(dsr.ReviewNotice, "bram"))
			_, body := good.approval("akkoord")
			bram := w.enter("bram", w.linkFor(n, purpose, "bram"))
			body = strings.Replace(body, "code=", "old=", 1) + "&code=" + w.code("bram")
			shown := bram.see("/akkoord")
			done := w.send(http.MethodPost, casePage+"/akkoord", body, holding(bram.cookie))
			if right := purpose == needed; (shown.Code == http.StatusOK) != right || (done.Code == http.StatusSeeOther) != right {
				t.Errorf("%s for %s: the page answers %d, the decision %d", purpose, needed, shown.Code, done.Code)
			}
			if purpose != needed && (shown.Code != http.StatusForbidden || done.Code != http.StatusForbidden || w.stored().State != dsr.InReview) {
				t.Errorf("%s for %s: %d and %d", purpose, needed, shown.Code, done.Code)
			}
		}
	}
}

// TestSessionOfOneCaseDecidesOnNoOther takes the cookie of a review to another
// case.
func TestSessionOfOneCaseDecidesOnNoOther(t *testing.T) {
	w, _ := newReview(t)
	bram := w.reviewer()
	_, body := bram.approval("akkoord")
	w.newCase(2, func(c *dsr.Case, _ *dsr.Correspondence) { c.State = dsr.InReview })
	other := "/bureau/zaken/AVG-2026-0002/akkoord"
	for name, got := range map[string]*httptest.ResponseRecorder{
		"the page": w.open(bram.cookie, other), "the decision": w.send(http.MethodPost, other, body, holding(bram.cookie)),
	} {
		if got.Code != http.StatusForbidden {
			t.Errorf("%s of another case answers %d", name, got.Code)
		}
		holds(t, wordsOf(got.Body.String()), true, "Dit is niet aan u")
	}
}

// TestReviewerHandlesOnlyWhenTheirRoleDoes: a session that began with a link to
// approve reads the case, and acts when its owner may.
func TestReviewerHandlesOnlyWhenTheirRoleDoes(t *testing.T) {
	w, anouk := newReview(t)
	blank := anouk.form(anouk.see("").Body.String(), "niemand")
	bram, dirk := w.reviewer(), w.enter("dirk", w.linkIn(dsr.ReviewNotice, "dirk"))
	got := bram.typed(blank, fields{"gezocht": "x"})
	if got.Code != http.StatusForbidden {
		t.Errorf("who only approves handles a case: %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "Dit mag u niet doen met uw rol.")
	if got := dirk.typed(dirk.form(dirk.see("").Body.String(), "niemand"), fields{"gezocht": "x"}); got.Code != http.StatusSeeOther {
		t.Errorf("the owner cannot handle a case: %d", got.Code)
	}
}

// doubt is an act with a code, for tests of codes.
func (c clerk) doubt(code string) *httptest.ResponseRecorder {
	c.w.t.Helper()
	blank := c.form(c.see("").Body.String(), "twijfel")
	blank.fields.Set("reden", "x")
	blank.fields.Set("code", code)
	return c.w.send(http.MethodPost, blank.action, blank.fields.Encode(), holding(c.cookie))
}

// TestL17CodeOfAnActMayBeAStepOff and no more: the clock of a telephone is never
// quite right (RFC 6238 section 5.2).
func TestL17CodeOfAnActMayBeAStepOff(t *testing.T) {
	for off, want := range map[int64]int{
		-2: http.StatusUnprocessableEntity, -1: http.StatusSeeOther, 0: http.StatusSeeOther, 1: http.StatusSeeOther, 2: http.StatusUnprocessableEntity,
	} {
		w, anouk := newOffice(t)
		anouk.settle(plain())
		w.now = w.now.Add(10 * time.Minute)
		code, err := stepup.CodeAt(secretOf("anouk"), stepup.StepAt(w.now)+off)
		if err != nil {
			t.Fatal(err)
		}
		if got := anouk.doubt(code); got.Code != want {
			t.Errorf("%d steps off: %d, want %d", off, got.Code, want)
		}
	}
}

func TestCodeOfAnActCountsOnce(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	code := w.code("anouk") // of the sign-in: that one does not count here
	if got := anouk.doubt(code[:3] + " " + code[3:]); got.Code != http.StatusSeeOther {
		t.Fatalf("the code of the sign-in answers %d", got.Code)
	}
	got := anouk.doubt(code)
	if got.Code != http.StatusUnprocessableEntity || w.events(dsr.IdentityDoubted) != 1 {
		t.Errorf("the same code again answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "De code klopt niet of is al gebruikt. Wacht op de volgende code.")
}

// TestL24FiveWrongCodesEndTheSession and the link with it. A form without a code
// is no try.
func TestL24FiveWrongCodesEndTheSession(t *testing.T) {
	w, anouk := newOffice(t)
	anouk.settle(plain())
	for range 20 {
		if got := anouk.doubt("12345"); got.Code != http.StatusUnprocessableEntity {
			t.Fatalf("five digits answer %d", got.Code)
		}
	}
	for n := range 5 {
		if got := anouk.doubt(w.wrong()); got.Code != http.StatusUnprocessableEntity {
			t.Fatalf("wrong code %d answers %d", n+1, got.Code)
		}
	}
	w.now = w.now.Add(time.Minute)
	got := anouk.doubt(w.code("anouk"))
	if got.Code != http.StatusForbidden {
		t.Errorf("the right code after five wrong ones answers %d", got.Code)
	}
	holds(t, got.Body.String(), true, "Open de link uit uw mail")
	if after := anouk.see(""); after.Code != http.StatusForbidden || w.events(dsr.IdentityDoubted) > 0 {
		t.Errorf("the session still answers %d", after.Code)
	}
	if again := w.enter("anouk", w.link("anouk-2")); again.see("").Code != http.StatusOK {
		t.Error("the link of another mail does not work")
	}
}

// TestA31WhoLeftBetweenPageAndFormActsNoMore also holds for whoever lost a role.
func TestA31WhoLeftBetweenPageAndFormActsNoMore(t *testing.T) {
	w, anouk := newOffice(t)
	blank := anouk.form(anouk.see("").Body.String(), "rechten")
	w.profile.Staff[0].Active = false
	if got := anouk.typed(blank, fields{"recht": "access"}); got.Code != http.StatusForbidden || w.stored().Rev > 0 {
		t.Errorf("answers %d", got.Code)
	}
	w, _ = newReview(t)
	bram := w.reviewer()
	target, body := bram.approval("akkoord")
	w.profile.Staff[3].Active = false
	if got := w.send(http.MethodPost, target, body, holding(bram.cookie)); got.Code != http.StatusForbidden || w.stored().State != dsr.InReview {
		t.Errorf("an approval by who left answers %d", got.Code)
	}
}

// TestL10FormOfAnotherSiteActsOnNothing sends good forms as another site would.
func TestL10FormOfAnotherSiteActsOnNothing(t *testing.T) {
	w, _ := newReview(t)
	bram := w.reviewer()
	target, body := bram.approval("akkoord")
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		got := w.send(http.MethodPost, target, body, holding(bram.cookie), func(r *http.Request) { r.Header.Set(header[0], header[1]) })
		if got.Code != http.StatusForbidden || w.stored().State != dsr.InReview {
			t.Errorf("%v answers %d", header, got.Code)
		}
	}
	if got := w.send(http.MethodPost, target, body); got.Code != http.StatusForbidden {
		t.Errorf("without the cookie it answers %d", got.Code)
	}
	if got := w.send(http.MethodGet, target+"?"+body, "", holding(bram.cookie)); got.Code != http.StatusOK || w.stored().State != dsr.InReview {
		t.Errorf("as an address it answers %d", got.Code)
	}
}
