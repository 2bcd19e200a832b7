package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/organisation/file"
)

// shipped is the organisation file of this repository.
const shipped = "../organisation.yaml"

// TestMain lets the scripts call inzage as the program it is.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"inzage": main})
}

// TestScripts runs the scenarios in testdata/script. Each starts in a folder
// where infra/organisation.yaml is the shipped file.
func TestScripts(t *testing.T) {
	text, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			folder := filepath.Join(env.WorkDir, "infra")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(folder, "organisation.yaml"), text, 0o644)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"edit": edit},
	})
}

// edit is the script command `edit FILE OLD NEW`: it exchanges a text that
// must stand in the file exactly once.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if count := strings.Count(text, args[1]); count != 1 {
		ts.Fatalf("%q stands %d times in %s", args[1], count, args[0])
	}
	text = strings.Replace(text, args[1], args[2], 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

func TestStatusTellsUsageFromFault(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.yaml")
	cases := []struct {
		args []string
		want int
	}{
		{nil, 2},
		{[]string{"chek"}, 2},
		{[]string{"help"}, 0},
		{[]string{"--help"}, 0},
		{[]string{"check", "-h"}, 0},
		{[]string{"check", "-organization", shipped}, 2},
		{[]string{"check", shipped}, 2},
		{[]string{"check", "-organisation", shipped}, 0},
		{[]string{"check", "-organisation", missing}, 1},
		{[]string{"organisation", "-organisation", shipped}, 2},
		{[]string{"organisation", "-organisation", missing, "-o", filepath.Join(t.TempDir(), "o.json")}, 1},
	}
	for _, c := range cases {
		var stdout, stderr bytes.Buffer
		if got := run(c.args, &stdout, &stderr); got != c.want {
			t.Errorf("inzage %s ends with %d, want %d\n%s%s", strings.Join(c.args, " "), got, c.want, &stdout, &stderr)
		}
	}
}

func TestEveryVerbIsInTheUsage(t *testing.T) {
	var stdout bytes.Buffer
	run([]string{"help"}, &stdout, &stdout)
	for _, v := range verbs() {
		if !strings.Contains(stdout.String(), fmt.Sprintf("  %-14s %s", v.name, v.about)) {
			t.Errorf("usage does not explain %s:\n%s", v.name, &stdout)
		}
	}
}

func TestWrittenOrganisationIsTheOneChecked(t *testing.T) {
	out := filepath.Join(t.TempDir(), "organisation.json")
	var stderr bytes.Buffer
	if status := run([]string{"organisation", "-organisation", shipped, "-o", out}, &stderr, &stderr); status != 0 {
		t.Fatalf("status %d\n%s", status, &stderr)
	}
	text, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	got, err := organisation.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := file.Read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profile (-checked +written):\n%s", diff)
	}
}

func TestFailedWriteLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	// A folder stands where the file should come, so the last step fails.
	out := filepath.Join(dir, "organisation.json")
	if err := os.MkdirAll(filepath.Join(out, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if status := run([]string{"organisation", "-organisation", shipped, "-o", out}, &stderr, &stderr); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 {
		t.Errorf("%d entries left in the folder, want only the one that was there", len(left))
	}
}
