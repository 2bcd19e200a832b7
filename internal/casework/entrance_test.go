package casework_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/stepup"
)

// entrance is the door of a desk: els and hans are enrolled, gea is not, and
// els was sent a link to a case.
type entrance struct {
	*desk
	signing casework.SigningIn
	link    dsr.Link
}

// newEntrance opens a door.
func newEntrance(t *testing.T) *entrance {
	t.Helper()
	d, _ := opened(t)
	notice := ofCase(d.memory.AllCases()[0].ID, dsr.NewCaseNotice, 1)
	d.send(notice)
	e := &entrance{desk: d, link: d.letter(notice).Link}
	e.signing = casework.SigningIn{
		Random: rand.NewChaCha8([32]byte{2}), Rules: d.receiving.Rules, Cases: d.memory, Letters: d.memory,
		Staff: d.memory, Sessions: d.memory, CodeAt: stepup.CodeAt,
	}
	e.enrol("els")
	e.enrol("hans")
	return e
}

// secretOf gives a secret that follows from its owner's id.
func secretOf(id string) []byte { return []byte((id + strings.Repeat("-", 20))[:20]) }

// enrol enrols a member of staff.
func (e *entrance) enrol(id string) {
	e.t.Helper()
	enrolling := casework.Enrolling{Rules: e.signing.Rules, Store: e.memory.Enrol}
	if err := enrolling.Enrol(e.t.Context(), e.now, id, secretOf(id)); err != nil {
		e.t.Fatal(err)
	}
}

// code gives somebody's code, some time steps from now.
func (e *entrance) code(id string, steps int64) string {
	e.t.Helper()
	code, err := stepup.CodeAt(secretOf(id), stepup.StepAt(e.now)+steps)
	if err != nil {
		e.t.Fatal(err)
	}
	return code
}

// wrong gives a code that is nobody's at this time.
func (e *entrance) wrong() string {
	for _, code := range []string{"000000", "111111", "222222", "333333", "444444", "555555", "666666"} {
		if code != e.code("els", -1) && code != e.code("els", 0) && code != e.code("els", 1) {
			return code
		}
	}
	return "777777"
}

// signIn posts a code with the link that els was sent.
func (e *entrance) signIn(code string) ([]byte, error) {
	return e.signing.SignIn(e.t.Context(), e.now, e.link, code)
}

// mustSignIn posts a code that must be accepted.
func (e *entrance) mustSignIn(code string) []byte {
	e.t.Helper()
	id, err := e.signIn(code)
	if err != nil || len(id) != 32 {
		e.t.Fatalf("a session id of %d bytes, %v", len(id), err)
	}
	return id
}

// refused posts a code that must be refused.
func (e *entrance) refused(code string, want error) {
	e.t.Helper()
	if id, err := e.signIn(code); !errors.Is(err, want) || id != nil {
		e.t.Errorf("got %x, %v; want %v", id, err, want)
	}
}

// another lets els be sent a link to another case.
func (e *entrance) another() {
	e.t.Helper()
	from := "piet" + e.now.Format("150405.000") + "@een.example"
	mail := e.receive("in"+e.now.Format("150405.000"), request(from, "<1>"+from, dsr.TrustA))
	notice := ofCase(mail.Case, dsr.NewCaseNotice, 1)
	e.send(notice)
	e.link = e.letter(notice).Link
}

// els gives the actor of els.
func els(e *entrance) dsr.ActorID { return e.signing.Rules.Profile.Staff[0].ActorID() }

// leave takes els off the staff.
func (e *entrance) leave() {
	left := e.signing.Rules
	left.Profile.Staff = append(left.Profile.Staff[:0:0], left.Profile.Staff...)
	left.Profile.Staff[0].Active = false
	e.signing.Rules = left
}

// must fails the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
