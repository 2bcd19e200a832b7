package portal_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/signedlink"
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/portal"
)

// errTrouble is what a port of these tests says when it cannot answer.
var errTrouble = errors.New("the service is away")

// links checks tokens as the real ones are checked, with a key of its own in
// the place of KMS.
type links struct {
	key     string
	trouble error
}

// mint makes the token of a link.
func (l *links) mint(t *testing.T, link dsr.Link) string {
	t.Helper()
	claims, err := signedlink.Claims(link)
	if err != nil {
		t.Fatal(err)
	}
	return signedlink.Encode("k1", claims, l.tag(claims))
}

// tag is the MAC of claims.
func (l *links) tag(claims [signedlink.ClaimsSize]byte) [signedlink.TagSize]byte {
	mac := hmac.New(sha256.New, []byte(l.key))
	mac.Write(claims[:])
	return [signedlink.TagSize]byte(mac.Sum(nil))
}

// Verify implements portal.Links.
func (l *links) Verify(_ context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error) {
	if l.trouble != nil {
		return dsr.Link{}, l.trouble
	}
	unverified, err := signedlink.Parse(token, []string{"k1"})
	if err != nil {
		return dsr.Link{}, err
	}
	if err := signedlink.Check(unverified.Link, purpose, now); err != nil {
		return dsr.Link{}, err
	}
	if unverified.Tag != l.tag(unverified.Claims) {
		return dsr.Link{}, signedlink.Forged
	}
	return unverified.Link, nil
}

// The names in this world's case, which no page and no log may show.
const (
	requesterName    = "Sanne Bakker"
	requesterAddress = "sanne.bakker@example.com"
	number           = "AVG-2026-0001"
)

// world is the portal over ports in memory, with one case and its link.
type world struct {
	t       *testing.T
	now     time.Time
	clock   error // what the clock says instead of the time
	store   error // what every call of the tables gives
	links   links
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	random  *rand.ChaCha8
	profile organisation.Profile
	log     bytes.Buffer
	file    casework.File
	link    dsr.Link            // to follow the case
	sent    []dsr.LetterContent // what dispatch composed
	buckets []casework.Upload   // the uploads that were signed
	fetched []casework.Download // the downloads that were signed
	bucket  string              // where their bucket is
	asking  int                 // by which asking links to follow the case went to the contact on file; 0 for none
	noting  bool
	called  []string // the calls of the tables while noting

	built    http.Handler         // the portal, as long as the profile is
	builtFor organisation.Profile // this one
}

// received is when the request of the world's case came in: 10:00 in the
// Netherlands on Thursday 5 March 2026.
func received() time.Time { return time.Date(2026, time.March, 5, 9, 0, 0, 0, time.UTC) }

// newWorld opens a case, confirms it and issues its link. Change, when not nil,
// has its way with the case first.
func newWorld(t *testing.T, change func(*dsr.Case)) *world {
	t.Helper()
	w := &world{
		t: t, now: received(), links: links{key: "this world's"}, profile: testProfile(), random: rand.NewChaCha8([32]byte{1}),
		bucket: "https://kluis.s3.eu-central-1.amazonaws.com",
	}
	gate := func(_ context.Context, call string, _ caseworktest.Phase) error {
		if w.noting {
			w.called = append(w.called, call)
		}
		return w.store
	}
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	w.memory = caseworktest.New(gate, caseworktest.Flaws{}, w.random, sealer)
	w.objects = &caseworktest.Objects{Gate: caseworktest.Open}
	opened := dsr.Case{
		ID: dsr.OwnerID{1}, Number: number, State: dsr.Received, Rights: []dsr.Right{dsr.Access, dsr.Erasure},
		Language: dsr.Dutch, Received: received(), Opened: received(), Person: dsr.ActorID{2},
		Dates:        dsr.Dates{ReceiptDay: "2026-03-05", PromiseDue: "2026-04-02", LawBase: "2026-04-05", LawDue: "2026-04-07"},
		Confidential: dsr.Confidential{Requester: dsr.Requester{Address: requesterAddress, Name: requesterName}},
	}
	if change != nil {
		change(&opened)
	}
	key, err := sealer.NewKey(t.Context(), casework.CaseKey(opened.ID))
	if err != nil {
		t.Fatal(err)
	}
	w.file = casework.File{Case: opened, Key: key}
	w.happen(dsr.CaseOpened, received(), nil)
	w.happen(dsr.LetterSent, received().AddDate(0, 0, 1), map[string]string{"letter": string(dsr.Acknowledgement)})
	w.happen(dsr.LetterSent, received().AddDate(0, 0, 2), map[string]string{"letter": string(dsr.NewCaseNotice)})
	w.link = dsr.Link{
		ID: dsr.LinkID{3}, Purpose: dsr.FollowCase, Owner: opened.ID, Actor: opened.Person, Rev: opened.Rev,
		IssuedAt: received(), ExpiresAt: received().AddDate(2, 0, 0),
	}
	w.issue(w.link)
	return w
}

// happen commits one event of the case, with the case as it stands in w.file.
func (w *world) happen(kind dsr.EventKind, at time.Time, facts map[string]string) {
	w.t.Helper()
	w.file.Case.Seq++
	w.commit(casework.Change{
		File: w.file, At: at,
		Event: dsr.Event{Seq: w.file.Case.Seq, Kind: kind, At: at, Facts: facts},
	})
	row, err := w.memory.Summary(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	w.file.Case.Head = row.Head
}

// issue stores the row of a link by claiming the letter that carries it.
func (w *world) issue(link dsr.Link) {
	w.t.Helper()
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: link.Owner, Kind: dsr.Acknowledgement, N: int(link.ID[0])}
	waiting := dsr.Letter{Ref: ref, State: dsr.LetterWaiting, Purpose: link.Purpose}
	w.commit(casework.Change{Letters: []dsr.Letter{waiting}})
	claimed := waiting
	claimed.State, claimed.Link = dsr.LetterClaimed, link
	if err := w.memory.Claim(w.t.Context(), waiting, claimed); err != nil {
		w.t.Fatal(err)
	}
}

// commit stores a change.
func (w *world) commit(change casework.Change) {
	w.t.Helper()
	if err := w.memory.Commit(w.t.Context(), change); err != nil {
		w.t.Fatal(err)
	}
}

// rules gives the rules of the world's organisation.
func (w *world) rules() casework.Rules {
	w.t.Helper()
	rules, err := casework.NewRules(w.profile)
	if err != nil {
		w.t.Fatal(err)
	}
	return rules
}

// handler gives the portal of this world.
func (w *world) handler() http.Handler {
	w.t.Helper()
	if w.built != nil && reflect.DeepEqual(w.builtFor, w.profile) {
		return w.built
	}
	handler, err := portal.New(portal.Portal{
		Links:      &w.links,
		Following:  casework.Following{Cases: w.memory, Letters: w.letters()},
		Confirming: casework.Confirming{Place: w.place(), Rules: w.rules(), Cases: w.memory, Letters: w.memory, Enclosures: w.memory.EnclosuresOf},
		Collecting: casework.Collecting{Answering: w.answering(), Cases: w.memory, Letters: w.memory},
		Uploading:  casework.Uploading{Random: w.random, Cases: w.memory, Letters: w.memory},
		SignUpload: web.Uploads(w.signUpload, baseURL),
		Fetch:      w.fetch,
		Rules:      w.rules(),
		Clock:      func(context.Context) (time.Time, error) { return w.now, w.clock },
		Log:        slog.New(slog.NewJSONHandler(&w.log, nil)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.built, w.builtFor = handler, w.profile
	return handler
}

// letters gives the letters whose links the status page reads.
func (w *world) letters() casework.Letters {
	if w.asking > 0 {
		return toOnFile{w.memory, w.asking}
	}
	return w.memory
}

// send sends one request, changed first by each change.
func (w *world) send(method, target, body string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	request := httptest.NewRequestWithContext(w.t.Context(), method, target, strings.NewReader(body))
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, change := range changes {
		change(request)
	}
	recorder := httptest.NewRecorder()
	w.handler().ServeHTTP(recorder, request)
	return recorder
}

// ask sends one request without a body.
func (w *world) ask(method, target string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(method, target, "")
}

// post posts a form: its token, and pairs of a field and a value.
func (w *world) post(path, token string, pairs ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	form := url.Values{"t": {token}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return w.send(http.MethodPost, path, form.Encode())
}

// status gives the path of the status page with a token.
func status(token string) string { return at("/mijn/zaak", token) }

// at gives the address of a page with a token.
func at(path, token string) string { return path + "?t=" + url.QueryEscape(token) }

// open opens the status page of the world's case by its link.
func (w *world) open(language dsr.Language) string {
	w.t.Helper()
	answer := w.ask(http.MethodGet, status(w.links.mint(w.t, w.link))+"&taal="+string(language))
	if answer.Code != http.StatusOK {
		w.t.Fatalf("the status page answers %d: %s", answer.Code, &w.log)
	}
	return answer.Body.String()
}

// testProfile is an organisation of these tests alone.
func testProfile() organisation.Profile {
	profile := organisation.Defaults()
	profile.Controller = organisation.Controller{
		Name: "Voorbeeld ICT-diensten", TradeName: "Voorbeeld", Address: []string{"Voorbeeldstraat 12", "3511 AA Utrecht"},
		KVK: "12345678", Email: "info@voorbeeld.example", Website: "https://www.voorbeeld.example",
		PrivacyStatementURL: "https://www.voorbeeld.example/privacy",
	}
	profile.Authority = organisation.Authority{
		Name: "Autoriteit Persoonsgegevens", Website: "https://ap.example", ComplaintURL: "https://ap.example/klacht",
	}
	profile.Brand.Colour = "#123456"
	profile.Staff = []organisation.Staff{
		{ID: "anouk", Name: "Anouk", Email: "anouk@voorbeeld.example", Roles: []organisation.Role{organisation.RoleHandler}, Active: true},
		{ID: "carla", Name: "Carla", Email: "carla@voorbeeld.example", Roles: []organisation.Role{organisation.RoleApprover}, Active: true},
	}
	profile.Identity.Rights = map[string][]organisation.Means{}
	for _, right := range organisation.Rights() {
		profile.Identity.Rights[right] = []organisation.Means{organisation.MeansMailbox}
	}
	profile.DataMap = testDataMap()
	return profile
}

// holds fails the test unless the page has every phrase, or none of them.
func holds(t *testing.T, page string, want bool, phrases ...string) {
	t.Helper()
	for _, phrase := range phrases {
		if strings.Contains(page, phrase) != want {
			t.Errorf("holds %q: %t, want %t\n%s", phrase, !want, want, page)
		}
	}
}
