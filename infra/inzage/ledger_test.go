package main

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// proof is an export of one case with one event, and the key of its checkpoint.
type proof struct {
	*testing.T
	folder, key, checkpoint string
	rows                    []ledger.Row
	at                      time.Time
}

// newProof makes one that is in order.
func newProof(t *testing.T) *proof {
	p := &proof{T: t, folder: t.TempDir(), at: time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)}
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	const origin = "een.example/inzage/test"
	public := private.Public().(ed25519.PublicKey)
	var err error
	if p.key, err = note.NewEd25519VerifierKey(origin, public); err != nil {
		t.Fatal(err)
	}
	entry := []byte(`{"case":"` + dsr.OwnerID{1}.String() + `","seq":1,"at":"2026-03-05T08:00:00Z"}`)
	growth, err := ledger.Grow(0, []ledger.Hash{ledger.Leaf(entry)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(origin, public, func(text []byte) ([]byte, error) { return ed25519.Sign(private, text), nil })
	if err != nil {
		t.Fatal(err)
	}
	if p.checkpoint, err = (ledger.Checkpoint{Origin: origin, Tree: growth.Tree}).Sign(signer); err != nil {
		t.Fatal(err)
	}
	p.rows = []ledger.Row{
		{Case: &ledger.CaseHead{Case: dsr.OwnerID{1}, Events: 1, Head: ledger.Chain(ledger.Hash{}, entry)}},
		{Event: &ledger.CaseEvent{Case: dsr.OwnerID{1}, Seq: 1, Bytes: entry}},
		{Leaf: &ledger.TreeLeaf{Hash: ledger.Leaf(entry)}},
		{Node: &ledger.TreeNode{Hash: growth.Hashes[0]}},
		{Checkpoint: &ledger.SavedCheckpoint{Number: 1, Note: p.checkpoint}},
	}
	return p
}

// export writes the proof to a file and gives its name.
func (p *proof) export() string {
	p.Helper()
	var text bytes.Buffer
	w, err := ledger.NewWriter(&text, ledger.NewBegin(p.key, p.at))
	for _, row := range p.rows {
		if err == nil {
			err = w.Write(row)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		p.Fatal(err)
	}
	return p.file("export", text.String())
}

// file writes a file of the test.
func (p *proof) file(name, text string) string {
	p.Helper()
	path := filepath.Join(p.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
	return path
}

func TestWholeExportIsOk(t *testing.T) {
	p := newProof(t)
	var out, faults bytes.Buffer
	if status := run([]string{"ledger", "verify", p.export()}, &out, &faults); status != statusGood {
		t.Fatalf("status %d: %s%s", status, &out, &faults)
	}
	for _, want := range []string{"1 cases, 1 events, 1 leaves", "2026-03-05 08:00 UTC", "1 of them under a checkpoint", "compare it with the one you kept", "\nok\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, &out)
		}
	}
	out.Reset()
	kept := p.file("kept", p.checkpoint)
	if status := run([]string{"ledger", "verify", p.export(), "-key", p.key, "-kept", kept}, &out, &faults); status != statusGood || strings.Contains(out.String(), "compare") {
		t.Errorf("with a key of one's own: status %d\n%s", status, &out)
	}
}

func TestExportThatWasChangedIsNotOk(t *testing.T) {
	p := newProof(t)
	text, err := os.ReadFile(p.export())
	if err != nil {
		t.Fatal(err)
	}
	changed := p.file("changed", strings.Replace(string(text), `"seq":1`, `"seq":2`, 1))
	var out bytes.Buffer
	if status := run([]string{"ledger", "verify", changed}, &out, &out); status != statusFault || !strings.Contains(out.String(), "NOT OK: ") {
		t.Errorf("status %d\n%s", status, &out)
	}
}

func TestVerifySaysWhatItWasNotGiven(t *testing.T) {
	p := newProof(t)
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"ledger"}, statusUsage, "verify FILE"},
		{[]string{"ledger", "burn"}, statusUsage, "verify FILE"},
		{[]string{"ledger", "verify"}, statusUsage, "say which file"},
		{[]string{"ledger", "verify", filepath.Join(p.folder, "none")}, statusFault, "opening the export"},
		{[]string{"ledger", "verify", p.export(), "-kept", filepath.Join(p.folder, "none")}, statusFault, "reading a checkpoint"},
		{[]string{"ledger", "verify", p.export(), "-key", "k"}, statusFault, "reading the key of the checkpoints"},
		{[]string{"ledger", "verify", p.export(), "again"}, statusUsage, "unexpected argument"},
	} {
		var out bytes.Buffer
		if status := run(c.args, io.Discard, &out); status != c.status || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: status %d, %s", c.args, status, &out)
		}
	}
}

func TestManyFindingsAreCountedAndNotAllPrinted(t *testing.T) {
	report := ledger.Report{Findings: make([]ledger.Finding, maxFindings+7)}
	var out bytes.Buffer
	if status := tell(report, "k", &out); status != statusFault || !strings.Contains(out.String(), "and 7 more\n") {
		t.Errorf("status %d\n%s", status, &out)
	}
}

func TestExportNeedsCredentials(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_REGION", "eu-west-1")
	var out bytes.Buffer
	if status := run([]string{"ledger", "export", "-organisation", shipped}, io.Discard, &out); status != statusFault || !strings.Contains(out.String(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("status %d, %s", status, &out)
	}
}
