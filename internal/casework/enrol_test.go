package casework_test

import (
	"errors"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/organisation"
)

// enrolling gives the act over a desk's memory.
func (d *desk) enrolling() casework.Enrolling {
	return casework.Enrolling{Rules: d.receiving.Rules, Store: d.memory.Enrol}
}

func TestOnlyWhoWorksHereIsEnrolled(t *testing.T) {
	d := newDesk(t)
	for id, want := range map[string]error{"els": nil, "gea": nil, "fop": casework.ErrNotStaff, "nobody": casework.ErrNotStaff, "": casework.ErrNotStaff} {
		err := d.enrolling().Enrol(t.Context(), d.now, id, secretOf(id))
		if !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", id, err, want)
		}
		_, err = d.memory.Member(t.Context(), organisation.Staff{ID: id}.ActorID())
		if stored := err == nil; stored != (want == nil) {
			t.Errorf("%q is stored: %t", id, stored)
		}
	}
}

func TestSecondEnrolmentIsRefused(t *testing.T) {
	d := newDesk(t)
	must(t, d.enrolling().Enrol(t.Context(), d.now, "els", secretOf("first")))
	if err := d.enrolling().Enrol(t.Context(), d.now, "els", secretOf("second")); !errors.Is(err, casework.ErrEnrolled) {
		t.Errorf("got %v", err)
	}
	secret, err := d.memory.Secret(t.Context(), organisation.Staff{ID: "els"}.ActorID())
	if err != nil || string(secret) != string(secretOf("first")) {
		t.Errorf("the secret is %q, %v", secret, err)
	}
}

func TestShortSecretIsRefused(t *testing.T) {
	d := newDesk(t)
	for size, want := range map[int]bool{0: false, 15: false, 16: true} {
		if err := d.enrolling().Enrol(t.Context(), d.now, "els", make([]byte, size)); (err == nil) != want {
			t.Errorf("a secret of %d bytes: %v", size, err)
		}
	}
}
