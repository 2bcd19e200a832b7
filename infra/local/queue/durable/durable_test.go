package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

func TestAFileIsWholeOrAbsent(t *testing.T) {
	dir := t.TempDir()
	for _, content := range []string{"first", "second, and longer"} {
		if err := durable.WriteFile(dir, "file", []byte(content)); err != nil {
			t.Fatalf("WriteFile: %v", err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "file"))
		if err != nil || string(got) != content {
			t.Errorf("read %q, %v; want %q", got, err, content)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files, want 1: a temporary one was left behind", len(files))
	}
}

func TestAFailedWriteLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(dir, "taken", []byte("x")); err == nil {
		t.Error("WriteFile over a folder succeeded")
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d entries, want only the folder", len(files))
	}
	if err := durable.WriteFile(filepath.Join(dir, "absent"), "file", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("WriteFile into an absent folder: %v, want fs.ErrNotExist", err)
	}
}

func TestOnlyUnfinishedFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".unfinished-1", "kept"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := durable.RemoveUnfinished(dir); err != nil {
		t.Fatalf("RemoveUnfinished: %v", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "kept" {
		t.Errorf("left %v, %v; want only kept", files, err)
	}
	if err := durable.RemoveUnfinished(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("RemoveUnfinished of an absent folder: %v, want fs.ErrNotExist", err)
	}
}
