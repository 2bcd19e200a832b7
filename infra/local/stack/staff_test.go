package stack

import (
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/stepup"
)

// staffed gives a stack on a state folder that has a clock, two members of
// staff who work here, one who left, and their secrets.
func staffed(t *testing.T, state string) *Stack {
	t.Helper()
	s, _ := folder(t, state)
	s.profile = organisation.Defaults()
	s.profile.Controller.Name = "Bakker & Zonen"
	s.profile.Staff = []organisation.Staff{
		{ID: "anouk", Name: "Anouk", Email: "anouk@example.com", Active: true},
		{ID: "bram", Name: "Bram", Email: "bram@example.com", Active: true},
		{ID: "fop", Name: "Fop", Email: "fop@example.com"},
	}
	var err error
	if s.clock, err = clock.Open(state, time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC), time.Now); err != nil {
		t.Fatal(err)
	}
	if err := s.openSecrets(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// inMemory gives a store for staff.
func inMemory() (*caseworktest.Memory, staffStore) {
	random := rand.NewChaCha8([32]byte{4})
	memory := caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, random, caseworktest.Sealer{Gate: caseworktest.Open})
	return memory, staffStore{staff: memory, enrol: memory.Enrol, remove: memory.Remove}
}

// mustEnrol enrols the staff of a stack.
func mustEnrol(t *testing.T, s *Stack, store staffStore) {
	t.Helper()
	if err := s.enrolAll(t.Context(), store); err != nil {
		t.Fatal(err)
	}
}

// actorOf gives the actor of a member of staff.
func actorOf(id string) dsr.ActorID { return organisation.Staff{ID: id}.ActorID() }

func TestSecretsAreForTheirOwnersEyesAlone(t *testing.T) {
	s := staffed(t, t.TempDir())
	about, err := os.Stat(s.path(secretsFile))
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, error %v", about.Mode(), err)
	}
}

func TestSecretsAreFoundBackAndNewStaffGetTheirs(t *testing.T) {
	state := t.TempDir()
	first := staffed(t, state)
	second := staffed(t, state)
	if diff := cmp.Diff(first.secrets, second.secrets); diff != "" || len(first.secrets) != 2 {
		t.Errorf("secrets of the second start (-first +second):\n%s", diff)
	}
	second.profile.Staff[2].Active = true
	if err := second.openSecrets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(second.secrets["fop"]) == 0 || !cmp.Equal(first.secrets["anouk"], second.secrets["anouk"]) {
		t.Error("who came back has no secret, or who stayed has another")
	}
}

func TestSecretsThatCannotBeReadAreNotReplaced(t *testing.T) {
	for _, content := range []string{"", "{", "[]", `{"anouk": "short"}`} {
		s, _ := folder(t, t.TempDir())
		if err := os.WriteFile(s.path(secretsFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.openSecrets(t.Context()); err == nil || !strings.Contains(err.Error(), secretsFile) {
			t.Errorf("%q: %v, want an error that names the file", content, err)
		}
		if left, err := os.ReadFile(s.path(secretsFile)); err != nil || string(left) != content {
			t.Errorf("%q became %q, %v", content, left, err)
		}
	}
}

func TestEverybodyWhoWorksHereIsEnrolledOnce(t *testing.T) {
	s := staffed(t, t.TempDir())
	memory, store := inMemory()
	mustEnrol(t, s, store)
	enrolled := map[string]dsr.Member{}
	for _, id := range []string{"anouk", "bram"} {
		secret, err := memory.Secret(t.Context(), actorOf(id))
		if err != nil || !cmp.Equal(secret, s.secrets[id]) {
			t.Errorf("%s: another secret, %v", id, err)
		}
		if enrolled[id], err = memory.Member(t.Context(), actorOf(id)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := memory.Member(t.Context(), actorOf("fop")); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("who left is enrolled: %v", err)
	}
	mustEnrol(t, s, store) // the next start changes nothing: sessions go on
	for id, before := range enrolled {
		if after, err := memory.Member(t.Context(), actorOf(id)); err != nil || after != before {
			t.Errorf("%s was enrolled again: %+v, %v", id, after, err)
		}
	}
}

func TestSecretThatNoTelephoneKnowsIsReplaced(t *testing.T) {
	memory, store := inMemory()
	mustEnrol(t, staffed(t, t.TempDir()), store)
	s := staffed(t, t.TempDir()) // the folder is new, the database is not
	mustEnrol(t, s, store)
	secret, err := memory.Secret(t.Context(), actorOf("anouk"))
	if err != nil || !cmp.Equal(secret, s.secrets["anouk"]) {
		t.Errorf("the secret is not that of the new folder: %v", err)
	}
}

func TestCodesShownAreThoseOfTheStacksTime(t *testing.T) {
	s := staffed(t, t.TempDir())
	rows, err := s.codeRows()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	near := map[string]bool{}
	for step := int64(-1); step <= 1; step++ {
		code, err := stepup.CodeAt(s.secrets["anouk"], stepup.StepAt(s.Now())+step)
		if err != nil {
			t.Fatal(err)
		}
		near[code] = true
	}
	if rows[0].Name != "Code van anouk · code of anouk" || !near[rows[0].Value] {
		t.Errorf("row %+v, want one of %v", rows[0], near)
	}
	if code, err := s.Code("fop"); err == nil {
		t.Errorf("who has no secret has the code %s", code)
	}
}

func TestStaffComeWithWhatTheirTelephonesHold(t *testing.T) {
	s := staffed(t, t.TempDir())
	staff, err := s.Staff()
	if err != nil {
		t.Fatal(err)
	}
	text := stepup.Text(s.secrets["anouk"])
	want := []Member{
		{
			ID: "anouk", Name: "Anouk", Email: "anouk@example.com", Secret: text,
			OTPAuth: "otpauth://totp/Bakker%20&%20Zonen:anouk?algorithm=SHA1&digits=6&issuer=Bakker%20%26%20Zonen&period=30&secret=" + text,
		},
		{ID: "fop", Name: "Fop", Email: "fop@example.com"},
	}
	if diff := cmp.Diff(want, append(staff[:1:1], staff[2:]...)); diff != "" {
		t.Errorf("staff (-want +got):\n%s", diff)
	}
}
