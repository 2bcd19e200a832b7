package queue_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/queue"
)

func TestWhatWasAcceptedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	killed := open(t, dir, queue.Options{})
	ids := send(t, killed, "waiting", "released", "in flight")
	for _, body := range []string{"waiting", "released", "in flight"} {
		m := receive(t, killed)
		if m.Body != body {
			t.Fatalf("received %q, want %q", m.Body, body)
		}
	}
	for range 2 {
		if err := killed.Release(ids[1]); err != nil {
			t.Fatalf("Release: %v", err)
		}
		if m := receive(t, killed); m.ID != ids[1] {
			t.Fatalf("received %s, want %s", m.ID, ids[1])
		}
	}
	// A send that was cut off before its rename was never accepted.
	if err := os.WriteFile(filepath.Join(dir, ".unfinished-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}

	q := open(t, dir, queue.Options{}) // killed is never closed: nothing was tidied up
	got := map[string]int{}
	for range 3 {
		m := receive(t, q)
		got[m.Body] = m.Receives
	}
	if diff := cmp.Diff(map[string]int{"waiting": 1, "released": 3, "in flight": 1}, got); diff != "" {
		t.Errorf("after the restart (-want +got):\n%s", diff)
	}
	wantNothing(t, q)
	if _, err := os.Stat(filepath.Join(dir, ".unfinished-1")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished file is still there: %v", err)
	}
}

func TestAnIDNeverComesBack(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{}
	for range 3 {
		q := open(t, dir, queue.Options{})
		id := send(t, q, "x")[0]
		if seen[id] {
			t.Errorf("id %s was given twice", id)
		}
		seen[id] = true
		if err := q.Delete(receive(t, q).ID); err != nil {
			t.Fatalf("Delete: %v", err)
		}
	}
}

func TestASequenceGoesOnAfterARestart(t *testing.T) {
	dir := t.TempDir()
	send(t, open(t, dir, queue.Options{}), "old")
	q := open(t, dir, queue.Options{})
	send(t, q, "new")
	if m := receive(t, q); m.Body != "old" {
		t.Errorf("received %q first, want old", m.Body)
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	foreign := []string{".DS_Store", "notes.txt", "1-A.r0.msg", "0000000000000001-A.r-1.msg", "0000000000000001-A.r01.msg", "x-A.r0.msg"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "0000000000000001-A.r0.msg"), 0o700); err != nil {
		t.Fatal(err)
	}
	wantDepth(t, open(t, dir, queue.Options{}), 0, 0)
	if files, _ := os.ReadDir(dir); len(files) != len(foreign)+1 {
		t.Errorf("%d entries left, want %d", len(files), len(foreign)+1)
	}
}

func TestFilesAreForThisUserAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "queue")
	send(t, open(t, dir, queue.Options{}), "private")
	for path, want := range map[string]fs.FileMode{dir: 0o700, firstFile(t, dir): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v (%v), want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

// firstFile is the path of the only message in dir.
func firstFile(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files (%v), want 1", len(files), err)
	}
	return filepath.Join(dir, files[0].Name())
}
