package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web/desk"
)

// errTrouble is what a port of these tests says when it cannot answer.
var errTrouble = errors.New("the service is away")

// Who and what this world's case is about. Only its page may show the first
// three.
const (
	requesterName    = "Sanne Bakker"
	requesterAddress = "sanne.bakker@example.com"
	requestText      = "Welke gegevens hebben jullie van mij?"
	number           = "AVG-2026-0001"
	casePage         = "/bureau/zaken/" + number
)

// world is the desk over ports in memory, with one case, and links to it for two
// members of staff.
type world struct {
	t       *testing.T
	now     time.Time
	clock   error            // what the clock says instead of the time
	verify  error            // what the check of a link says instead of a verdict
	failing map[string]error // what calls of the tables give instead of an answer
	mu      sync.Mutex       // of writes
	writes  []string         // the calls that changed something
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	sealer  caseworktest.Sealer
	random  *dice
	profile organisation.Profile
	log     diary
	file    casework.File
	posted  []dsr.LetterContent // the letters that left
	links   map[string]dsr.Link // by the id of their member of staff

	built    http.Handler         // the desk, as long as the profile is
	builtFor organisation.Profile // this one
}

// received is when the request of the world's case came in: 10:00 in the
// Netherlands on Thursday 5 March 2026.
func received() time.Time { return time.Date(2026, time.March, 5, 9, 0, 0, 0, time.UTC) }

// newWorld opens a case and issues links to it. Change, when not nil, has its
// way with the case and what was written first.
func newWorld(t *testing.T, change func(*dsr.Case, *dsr.Correspondence)) *world {
	t.Helper()
	w := &world{
		t: t, now: received(), profile: testProfile(), links: map[string]dsr.Link{}, failing: map[string]error{},
		random: &dice{source: rand.NewChaCha8([32]byte{1})},
	}
	w.sealer = caseworktest.Sealer{Gate: caseworktest.Open}
	w.memory = caseworktest.New(w.gate, caseworktest.Flaws{}, w.random, w.sealer)
	w.objects = &caseworktest.Objects{Gate: w.gate}
	w.file = w.newCase(1, change)
	for i, id := range []string{"anouk", "carla", "anouk-2"} {
		w.links[id] = w.issue(dsr.Link{
			ID: dsr.LinkID{byte(i + 1)}, Purpose: dsr.SignIn, Owner: w.file.Case.ID, Actor: actor(strings.TrimSuffix(id, "-2")),
			IssuedAt: received(), ExpiresAt: received().Add(72 * time.Hour),
		})
	}
	for _, id := range []string{"anouk", "carla", "bram", "dirk"} {
		w.enrol(id)
	}
	w.writes = nil
	return w
}

// gate counts what is written, and fails what should fail.
func (w *world) gate(_ context.Context, call string, phase caseworktest.Phase) error {
	if phase == caseworktest.After {
		return nil
	}
	if err := w.failing[call]; err != nil {
		return err
	}
	if err := w.failing["all"]; err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains([]string{"Commit", "Claim", "Try", "Save", "OpenSession", "EndSession", "PutBody", "DeleteBody", "PutFile", "RemoveFile"}, call) {
		w.writes = append(w.writes, call)
	}
	return nil
}

// newCase stores a case with the first mail in it.
func (w *world) newCase(n byte, change func(*dsr.Case, *dsr.Correspondence)) casework.File {
	w.t.Helper()
	opened := dsr.Case{
		ID: dsr.OwnerID{n}, Number: dsr.NewNumber("AVG", 2026, int(n)), State: dsr.Received,
		Rights: []dsr.Right{dsr.Access, dsr.Erasure}, Language: dsr.Dutch, Trust: dsr.TrustA,
		Received: received(), Opened: received(), Person: dsr.ActorID{n},
		Dates: dsr.Dates{
			ReceiptDay: "2026-03-05", PromiseDue: "2026-04-02", PlanBy: "2026-04-02",
			LawBase: "2026-04-05", LawDue: "2026-04-07", ExtensionDue: "2026-06-05",
		},
		Thread: dsr.OwnerID{n}.String(), Confidential: dsr.Confidential{Requester: dsr.Requester{Address: requesterAddress, Name: requesterName}},
	}
	said := dsr.Correspondence{Address: requesterAddress, Name: requesterName, SubjectLine: "Mijn gegevens", Text: requestText}
	if change != nil {
		change(&opened, &said)
	}
	key, err := w.sealer.NewKey(w.t.Context(), casework.CaseKey(opened.ID))
	if err != nil {
		w.t.Fatal(err)
	}
	file := casework.File{Case: opened, Key: key}
	facts := map[string]string{
		"evidence": "spf=PASS dkim=GRAY dmarc=FAIL", "anomalies": "reply-to-elsewhere",
		"phrases": "access:nl-inzage:5 :law-name:2",
	}
	return w.happen(file, dsr.Event{Kind: dsr.CaseOpened, At: received(), Facts: facts, Personal: written(w.t, said)})
}

// written gives a correspondence as events hold it.
func written(t *testing.T, said dsr.Correspondence) []byte {
	t.Helper()
	personal, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	return personal
}

// happen commits one event of a case and gives the case as it then is.
func (w *world) happen(file casework.File, event dsr.Event) casework.File {
	w.t.Helper()
	file.Case.Seq++
	event.Seq = file.Case.Seq
	w.commit(casework.Change{File: file, At: event.At, Event: event})
	read, err := w.memory.File(w.t.Context(), file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return read
}

// issue stores the row of a link by claiming the letter that carries it.
func (w *world) issue(link dsr.Link) dsr.Link {
	w.t.Helper()
	ref := dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: link.Owner, Kind: dsr.NewCaseNotice, N: int(link.ID[0])}
	waiting := dsr.Letter{Ref: ref, State: dsr.LetterWaiting, Purpose: link.Purpose}
	w.commit(casework.Change{Letters: []dsr.Letter{waiting}})
	claimed := waiting
	claimed.State, claimed.Link = dsr.LetterClaimed, link
	if err := w.memory.Claim(w.t.Context(), waiting, claimed); err != nil {
		w.t.Fatal(err)
	}
	return link
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

// handler gives the desk of this world.
func (w *world) handler() http.Handler {
	w.t.Helper()
	if w.built != nil && reflect.DeepEqual(w.builtFor, w.profile) {
		return w.built
	}
	rules := w.rules()
	handler, err := desk.New(desk.Desk{
		Verify:    w.check,
		SigningIn: w.signingIn(),
		Reading: casework.Reading{
			Answering: w.answering(), Cases: w.memory,
			OpenCases: w.memory.OpenCases, CaseOfNumber: w.memory.CaseOfNumber, OpenHistory: w.memory.OpenHistory,
		},
		Handling: w.handling(), Reviewing: casework.Reviewing{Handling: w.handling()},
		Originals: w.originals(), SignMail: w.signMail, SignUpload: w.signUpload,
		Rules: rules,
		Clock: func(context.Context) (time.Time, error) { return w.now, w.clock },
		Log:   slog.New(slog.NewJSONHandler(&w.log, nil)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.built, w.builtFor = handler, w.profile
	w.builtFor.Staff = slices.Clone(w.profile.Staff) // tests change it in place
	return handler
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

// get asks for one page without being signed in.
func (w *world) get(target string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(http.MethodGet, target, "")
}

// link gives the address in somebody's mail.
func (w *world) link(id string) string {
	return "/bureau/zaak?t=" + url.QueryEscape(w.mint(w.links[id]))
}

// post posts the form of the sign-in page.
func (w *world) post(token, code string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(http.MethodPost, "/bureau/zaak", url.Values{"t": {token}, "code": {code}}.Encode(), changes...)
}

// holding gives a request a session's cookie.
func holding(cookie *http.Cookie) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value}) }
}

// signIn signs a member of staff in with their link and code, and gives the
// cookie.
func (w *world) signIn(id string) *http.Cookie {
	w.t.Helper()
	answer := w.post(w.mint(w.links[id]), w.code(strings.TrimSuffix(id, "-2")))
	if answer.Code != http.StatusSeeOther || len(answer.Result().Cookies()) != 1 {
		w.t.Fatalf("signing in answers %d: %s", answer.Code, &w.log)
	}
	return answer.Result().Cookies()[0]
}

// open asks for a page as somebody who signed in.
func (w *world) open(cookie *http.Cookie, target string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.send(http.MethodGet, target, "", holding(cookie))
}

// events counts the events of a kind in the world's case.
func (w *world) events(kind dsr.EventKind) int {
	w.t.Helper()
	history, err := w.memory.History(w.t.Context(), w.file.Case.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(slices.DeleteFunc(history, func(event dsr.Event) bool { return event.Kind != kind }))
}
