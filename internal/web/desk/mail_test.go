package desk_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/desk"
)

// Where this world's buckets are.
const (
	mailBucket = "https://mail.voorbeeld.example"
	fileBucket = "https://kluis.voorbeeld.example"
)

// originals lets the world's staff have a mail as it arrived.
func (w *world) originals() casework.Originals {
	return casework.Originals{
		Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory, Mails: w.memory, SigningIn: w.signingIn(),
		MailOf: func(_ context.Context, owner dsr.OwnerID) (string, error) {
			for _, mail := range w.memory.AllMails() {
				if mail.Owner == owner {
					return mail.ID, nil
				}
			}
			return "", casework.ErrNotFound
		},
		OpenRaw: w.objects.Open,
	}
}

// signMail is a desk.SignMail.
func (w *world) signMail(_ context.Context, mailID, name string) (string, error) {
	if err := w.failing["SignMail"]; err != nil {
		return "", err
	}
	return mailBucket + "/raw/" + mailID + "?name=" + name + "&signed=yes", nil
}

// signUpload is a web.SignUpload.
func (w *world) signUpload(_ context.Context, upload web.Upload) (casework.UploadForm, error) {
	if err := w.failing["SignUpload"]; err != nil {
		return casework.UploadForm{}, err
	}
	return casework.UploadForm{URL: fileBucket + "/", Fields: []casework.FormField{
		{Name: "key", Value: upload.Path}, {Name: "life", Value: upload.Life.String()}, {Name: "success_action_redirect", Value: upload.Done},
	}}, nil
}

// TestMailIsSignedForAMinuteAsBytes: whoever gets the address can fetch the mail,
// and its text may be a page with a script in it.
func TestMailIsSignedForAMinuteAsBytes(t *testing.T) {
	var asked casework.Download
	sign := desk.Mails(func(_ context.Context, download casework.Download) (string, error) {
		asked = download
		return "https://x", nil
	}, "raw/")
	address, err := sign(t.Context(), "ses1", "mail.eml")
	want := casework.Download{Path: "raw/ses1", Name: "mail.eml", ContentType: "application/octet-stream", Life: time.Minute}
	if err != nil || address != "https://x" || asked != want {
		t.Errorf("asked for %+v, got %q, %v", asked, address, err)
	}
}

// arrives stores a mail that a person must read, as it arrived, and gives the link
// that somebody gets to it.
func (w *world) arrives(id, reason, to string, n byte) string {
	w.t.Helper()
	arrival := dsr.Mail{ID: id, Owner: dsr.OwnerID{n, n}, State: dsr.MailReading, ArrivedAt: received()}
	mail, err := w.memory.Begin(w.t.Context(), arrival, received(), received())
	if err != nil {
		w.t.Fatal(err)
	}
	mail.State, mail.Reason = dsr.MailPerson, reason
	w.commit(casework.Change{Mail: &mail, At: received()})
	w.objects.PutRaw(id, []byte("Subject: geheim\r\n\r\n"+requestText))
	rule, _ := dsr.OriginalMail.Rule()
	return rule.Path + "?t=" + url.QueryEscape(w.mint(w.issue(dsr.Link{
		ID: dsr.LinkID{200, n}, Purpose: dsr.OriginalMail, Owner: mail.Owner, Actor: actor(to),
		IssuedAt: received(), ExpiresAt: received().AddDate(0, 0, 14),
	})))
}

// fetches posts the code of somebody to the page behind a link to a mail; a wrong
// one when it is nobody.
func (w *world) fetches(link, id string) *httptest.ResponseRecorder {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	code := w.wrong()
	if id != "" {
		code = w.code(id)
	}
	path, token, _ := strings.Cut(link, "?t=")
	return w.send(http.MethodPost, path, "t="+token+"&code="+code)
}

// TestMailThatWaitsIsHandedOutOnceForACode says why it waits before, and nothing
// of what is in it.
func TestMailThatWaitsIsHandedOutOnceForACode(t *testing.T) {
	w := newWorld(t, nil)
	link := w.arrives("ses1", "may-hold-copy", "anouk", 9)
	w.writes = nil
	page := w.get(link)
	holds(t, wordsOf(page.Body.String()), true, "De mail kwam binnen op 5 maart 2026, 10:00.", "kopie van een identiteitsbewijs", "De link werkt één keer.")
	holds(t, page.Body.String(), false, "geheim", requestText, mailBucket, "signed")
	holds(t, w.get(link+"&taal=en").Body.String(), true, "Perhaps a copy of an identity document came with it.")
	if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+mailBucket+";") || len(w.writes) > 0 {
		t.Errorf("the policy is %s; wrote %v", policy, w.writes)
	}
	if got := w.fetches(link, ""); got.Code != http.StatusForbidden || got.Header().Get("Location") != "" {
		t.Fatalf("a wrong code answers %d", got.Code)
	}
	if got := w.fetches(link, "carla"); got.Code != http.StatusForbidden {
		t.Fatalf("the code of another member answers %d", got.Code)
	}
	got := w.fetches(link, "anouk")
	if want := mailBucket + "/raw/ses1?name=mail.eml&signed=yes"; got.Code != http.StatusSeeOther || got.Header().Get("Location") != want || got.Body.Len() > 0 {
		t.Fatalf("the code answers %d, to %q", got.Code, got.Header().Get("Location"))
	}
	if len(got.Result().Cookies()) > 0 {
		t.Error("a link to a mail opens a session")
	}
	holds(t, w.log.String(), true, `"mail":"ses1"`, `"actor":"`+actor("anouk").String()+`"`)
	for _, again := range []*httptest.ResponseRecorder{w.get(link), w.fetches(link, "anouk")} {
		if again.Code != http.StatusConflict {
			t.Errorf("once more answers %d", again.Code)
		}
		holds(t, wordsOf(again.Body.String()), true, "Al opgehaald", "Fetched already")
	}
}

func TestMailThatIsGoneIsSaidToBe(t *testing.T) {
	w := newWorld(t, nil)
	link := w.arrives("ses1", "virus", "anouk", 9)
	if err := w.objects.Remove(t.Context(), "ses1"); err != nil {
		t.Fatal(err)
	}
	for _, got := range []*httptest.ResponseRecorder{w.get(link), w.fetches(link, "anouk")} {
		if got.Code != http.StatusGone {
			t.Errorf("answers %d", got.Code)
		}
		holds(t, wordsOf(got.Body.String()), true, "Niet meer bewaard")
	}
}

// mailed gives a world whose case came with a mail that is still kept, and a
// second case with a mail of its own.
func mailed(t *testing.T) (*world, clerk) {
	t.Helper()
	w, anouk := newOffice(t)
	for n, id := range []string{"ses1", "ses2"} {
		arrival := dsr.Mail{ID: id, Owner: dsr.OwnerID{50, byte(n)}, State: dsr.MailReading, ArrivedAt: received()}
		mail, err := w.memory.Begin(t.Context(), arrival, received(), received())
		if err != nil {
			t.Fatal(err)
		}
		mail.State, mail.Case = dsr.MailCase, dsr.OwnerID{byte(n + 1)}
		w.commit(casework.Change{Mail: &mail, At: received()})
		w.objects.PutRaw(id, []byte("raw"))
	}
	w.file = w.happen(w.freshFile(), dsr.Event{
		Kind: dsr.MessageAdded, At: received(), Facts: map[string]string{"mail": "ses1"}, Personal: written(t, dsr.Correspondence{Text: "Nog iets."}),
	})
	return w, anouk
}

// asksMail asks for a mail of the case as it arrived.
func (c clerk) asksMail(id string) *httptest.ResponseRecorder {
	c.w.t.Helper()
	return c.w.send(http.MethodPost, casePage+"/mail", url.Values{"mail": {id}}.Encode(), holding(c.cookie))
}

// TestMailOfACaseIsHandedOutAndWrittenDown each time, for a week.
func TestMailOfACaseIsHandedOutAndWrittenDown(t *testing.T) {
	w, anouk := mailed(t)
	page := anouk.see("")
	holds(t, page.Body.String(), true, `action="`+casePage+`/mail"`, `name="mail" value="ses1"`)
	holds(t, page.Header().Get("Content-Security-Policy"), true, "form-action 'self' "+mailBucket+";")
	for n := range 2 {
		got := anouk.asksMail("ses1")
		if got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), mailBucket+"/raw/ses1?") || w.events(dsr.Viewed) != n+2 {
			t.Fatalf("answers %d, to %q, with %d views", got.Code, got.Header().Get("Location"), w.events(dsr.Viewed))
		}
	}
	holds(t, wordsOf(anouk.see("").Body.String()), true, "Anouk Jansen Opende een mail zoals die binnenkwam.")
	w.now = received().AddDate(0, 0, 7)
	carla := clerk{w, "carla", w.renewed(anouk.cookie)}
	holds(t, carla.see("").Body.String(), false, `name="mail"`, mailBucket)
	holds(t, carla.see("").Header().Get("Content-Security-Policy"), false, mailBucket)
}

// TestMailOfACaseGoesToNobodyElse: not to who is not signed in, not for another
// case, not when it is gone or the case cannot be written.
func TestMailOfACaseGoesToNobodyElse(t *testing.T) {
	w, anouk := mailed(t)
	stranger := clerk{w, "carla", &http.Cookie{Name: "__Host-inzage", Value: strings.Repeat("A", 43)}}
	for name, one := range map[string]struct {
		by     clerk
		mail   string
		status int
	}{
		"not signed in": {stranger, "ses1", http.StatusForbidden}, "of another case": {anouk, "ses2", http.StatusNotFound},
		"of nobody": {anouk, "../x", http.StatusNotFound}, "none": {anouk, "", http.StatusNotFound},
	} {
		if got := one.by.asksMail(one.mail); got.Code != one.status || got.Header().Get("Location") != "" {
			t.Errorf("%s: %d, to %q", name, got.Code, got.Header().Get("Location"))
		}
	}
	w.failing["Commit"] = errTrouble
	if got := anouk.asksMail("ses1"); got.Code != http.StatusServiceUnavailable {
		t.Errorf("what cannot be written down answers %d", got.Code)
	}
	delete(w.failing, "Commit")
	if err := w.objects.Remove(t.Context(), "ses1"); err != nil {
		t.Fatal(err)
	}
	got := anouk.asksMail("ses1")
	if got.Code != http.StatusGone {
		t.Errorf("a mail that is gone answers %d", got.Code)
	}
	holds(t, wordsOf(got.Body.String()), true, "Deze mail bewaren wij niet meer zoals die binnenkwam.")
	w.profile.Staff[0].Email = requesterAddress
	if got := anouk.asksMail("ses1"); got.Code != http.StatusForbidden {
		t.Errorf("the requester themselves gets %d", got.Code)
	}
}

// TestL3RobotsGetNoMail sends robots of five levels to the link of a mail. Only
// guesses are written down, as tries; the human gets the mail before those use
// them up, and nobody afterwards.
func TestL3RobotsGetNoMail(t *testing.T) {
	w := newWorld(t, nil)
	link, second := w.arrives("ses1", "encrypted", "anouk", 9), w.arrives("ses2", "virus", "anouk", 8)
	for level, behave := range levels() {
		before := w.tables()
		w.writes = nil
		r := &robot{w: w}
		for range 100 {
			behave(r, link)
		}
		kinds := slices.Compact(slices.Sorted(slices.Values(w.writes)))
		if len(r.cookie) > 0 || w.tables() != before || level < 4 && len(kinds) > 0 {
			t.Fatalf("level %d: wrote %v", level+1, kinds)
		}
		if level == 4 && !slices.Equal(kinds, []string{"Save", "Try"}) {
			t.Errorf("guessing wrote %v", kinds)
		}
	}
	holds(t, w.log.String(), false, "handed out")
	if got := w.fetches(link, "anouk"); got.Code != http.StatusForbidden {
		t.Errorf("the guessed link answers %d", got.Code)
	}
	if got := w.fetches(second, "anouk"); got.Code != http.StatusSeeOther {
		t.Errorf("the link of another mail answers %d", got.Code)
	}
}
