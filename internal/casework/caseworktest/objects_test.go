package caseworktest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
)

func TestFaultOfTheReaderStoresNothingInMemoryEither(t *testing.T) {
	objects := &caseworktest.Objects{Gate: caseworktest.Open}
	objects.PutRaw("m1", []byte("as it came"))
	broken := errors.New("broken")
	half := func() io.Reader { return io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)) }
	if err := objects.PutFile(t.Context(), "case/a/b", half()); !errors.Is(err, broken) {
		t.Errorf("PutFile() = %v", err)
	}
	if err := objects.Replace(t.Context(), "m1", half()); !errors.Is(err, broken) {
		t.Errorf("Replace() = %v", err)
	}
	if got, err := objects.Get(t.Context(), "raw/m1"); err != nil || string(got) != "as it came" || len(objects.Paths()) != 1 {
		t.Errorf("the mail is %q, %v, among %v", got, err, objects.Paths())
	}
}

func TestFilesInMemoryAreThoseOfABucket(t *testing.T) {
	objects := &caseworktest.Objects{Gate: caseworktest.Open}
	want := []string{"found/a/1", "found/a/2", "found/b/1"}
	for _, path := range want {
		objects.Place(path, []byte(path))
		if err := objects.PutFile(t.Context(), path, strings.NewReader("another")); err != nil {
			t.Fatal(err)
		}
	}
	objects.Place("foundling", nil)
	var listed []string
	for after := ""; ; {
		page, err := objects.ListFiles(t.Context(), "found/", after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		listed, after = append(listed, page...), page[len(page)-1]
	}
	if !slices.Equal(listed, want) {
		t.Errorf("listed are %v", listed)
	}
	content, size, err := objects.OpenFile(t.Context(), want[0])
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(content); err != nil || !bytes.Equal(got, []byte(want[0])) || size != int64(len(got)) {
		t.Errorf("it holds %q of %d bytes, %v: nobody's place is taken", got, size, err)
	}
	for range 2 {
		if err := objects.RemoveFile(t.Context(), want[0]); err != nil {
			t.Fatal(err)
		}
	}
	if content, _, err := objects.OpenFile(t.Context(), want[0]); !errors.Is(err, casework.ErrNotFound) || content != nil {
		t.Errorf("a removed file gives %v, %v", content, err)
	}
}

func TestEveryCallOfObjectsPassesTheGate(t *testing.T) {
	stopped := errors.New("stopped")
	objects := &caseworktest.Objects{Gate: func(context.Context, string, caseworktest.Phase) error { return stopped }}
	objects.Place("raw/m1", []byte("x"))
	calls := map[string]func() error{
		"OpenFile":   func() error { _, _, err := objects.OpenFile(t.Context(), "raw/m1"); return err },
		"PutFile":    func() error { return objects.PutFile(t.Context(), "case/a/b", strings.NewReader("x")) },
		"RemoveFile": func() error { return objects.RemoveFile(t.Context(), "raw/m1") },
		"ListFiles":  func() error { _, err := objects.ListFiles(t.Context(), "", ""); return err },
		"Replace":    func() error { return objects.Replace(t.Context(), "m1", strings.NewReader("y")) },
		"Remove":     func() error { return objects.Remove(t.Context(), "m1") },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, stopped) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if paths := objects.Paths(); !slices.Equal(paths, []string{"raw/m1"}) {
		t.Errorf("stopped calls left %v", paths)
	}
}
