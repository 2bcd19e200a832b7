package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder gives a stack that only has a state folder, and what it logged.
func folder(t *testing.T, state string) (s *Stack, logged *[]string) {
	t.Helper()
	logged = &[]string{}
	log := func(format string, args ...any) { *logged = append(*logged, fmt.Sprintf(format, args...)) }
	return &Stack{options: Options{State: state, Root: ".", Log: log}}, logged
}

// close does what Stop does to a stack that never ran.
func (s *Stack) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

func TestStateFolderIsMadeForItsOwnerAlone(t *testing.T) {
	state := filepath.Join(t.TempDir(), "new", "state")
	s, _ := folder(t, state)
	if err := s.openState(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.close()
	about, err := os.Stat(state)
	if err != nil || about.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v, error %v", about.Mode(), err)
	}
	if !s.Fresh() || !filepath.IsAbs(s.options.State) || !filepath.IsAbs(s.options.Root) {
		t.Errorf("fresh %v, state %s, root %s", s.Fresh(), s.options.State, s.options.Root)
	}
}

func TestFolderWithTablesIsNotFresh(t *testing.T) {
	state := t.TempDir()
	if err := os.WriteFile(filepath.Join(state, "tables.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := folder(t, state)
	if err := s.openState(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if s.Fresh() {
		t.Error("a folder with tables counts as new")
	}
}

func TestLockIsHeldByOneAndEmptyAfterACleanStop(t *testing.T) {
	state := t.TempDir()
	first, logged := folder(t, state)
	if err := first.openState(t.Context()); err != nil {
		t.Fatal(err)
	}
	second, _ := folder(t, state)
	err := second.openState(t.Context())
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d", os.Getpid())) {
		t.Errorf("the second stack hears %v", err)
	}
	first.close()
	content, err := os.ReadFile(filepath.Join(state, "lock"))
	if err != nil || len(content) != 0 {
		t.Errorf("after a clean stop the lock says %q, error %v", content, err)
	}
	if err := second.openState(t.Context()); err != nil {
		t.Errorf("the folder is free, and yet: %v", err)
	}
	second.close()
	if len(*logged) != 0 {
		t.Errorf("the operator was told %q", *logged)
	}
}

func TestLockFileWithoutAProcessIsTakenInSilence(t *testing.T) {
	for _, content := range []string{"", "\n", "not a number\n", strings.Repeat("9", 400)} {
		state := t.TempDir()
		if err := os.WriteFile(filepath.Join(state, "lock"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, logged := folder(t, state)
		if err := s.openState(t.Context()); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(filepath.Join(state, "lock"))
		if err != nil || string(written) != fmt.Sprintf("%d\n", os.Getpid()) {
			t.Errorf("the lock says %q, error %v", written, err)
		}
		if len(*logged) != 0 {
			t.Errorf("over %q the operator was told %q", content, *logged)
		}
		s.close()
	}
}

func TestStateThatIsNoFolderIsRefused(t *testing.T) {
	state := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(state, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := folder(t, state)
	if err := s.openState(t.Context()); err == nil || !strings.Contains(err.Error(), "state folder") {
		t.Errorf("error %v, want one about the state folder", err)
	}
}
