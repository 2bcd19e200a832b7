package casework_test

import (
	"errors"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

func TestSessionOfWhoLeftEndsForGood(t *testing.T) {
	for name, change := range map[string]struct{ leaves, returns func(*entrance) }{
		"inactive": {(*entrance).leave, func(e *entrance) { e.signing.Rules = e.receiving.Rules }},
		"removed":  {func(e *entrance) { must(e.t, e.memory.Remove(e.t.Context(), els(e))) }, func(e *entrance) { e.enrol("els") }},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEntrance(t)
			id := e.mustSignIn(e.code("els", 0))
			change.leaves(e)
			e.noSession(id)
			e.now = e.now.Add(time.Minute)
			change.returns(e)
			e.noSession(id)
		})
	}
}

func TestSessionEndsWithTheEnrolmentItBeganWith(t *testing.T) {
	e := newEntrance(t)
	id := e.mustSignIn(e.code("els", 0))
	must(t, e.memory.Remove(t.Context(), els(e)))
	e.now = e.now.Add(time.Minute)
	e.enrol("els") // nobody looked in between
	e.noSession(id)
}

func TestSessionLastsEightHours(t *testing.T) {
	e := newEntrance(t)
	id, began := e.mustSignIn(e.code("els", 0)), e.now
	e.now = began.Add(8*time.Hour - time.Nanosecond)
	if _, err := e.signing.Resume(t.Context(), e.now, id); err != nil {
		t.Error(err)
	}
	e.now = began.Add(8 * time.Hour)
	e.noSession(id)
	e.now = began
	e.noSession(id) // it is gone, and not only late
}

func TestSignOutEndsTheSession(t *testing.T) {
	e := newEntrance(t)
	id := e.mustSignIn(e.code("els", 0))
	for range 2 {
		must(t, e.signing.SignOut(t.Context(), id))
		e.noSession(id)
	}
}

func TestIdThatWasNotDrawnIsNoSession(t *testing.T) {
	e := newEntrance(t)
	id := e.mustSignIn(e.code("els", 0))
	e.noSession(nil)
	e.noSession(make([]byte, 32))
	e.noSession(id[:31])
	session, err := e.signing.Resume(t.Context(), e.now, id)
	if err != nil {
		t.Fatal(err)
	}
	e.noSession(session.Hash[:]) // what the table shows opens nothing
}

// noSession fails the test unless an id opens nothing.
func (e *entrance) noSession(id []byte) {
	e.t.Helper()
	if session, err := e.signing.Resume(e.t.Context(), e.now, id); !errors.Is(err, casework.ErrNotStaff) || session != (dsr.Session{}) {
		e.t.Errorf("session %+v, %v", session, err)
	}
}
