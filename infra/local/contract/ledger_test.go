package contract

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/sweep"
	"polarweb.nl/inzage/internal/ledger"
)

// origin names the ledger of these tests.
const origin = "een.example/inzage/test"

// book is a ledger in the real tables, with a key of the test's own.
type book struct {
	*testing.T
	store  *casestore.Store
	client *dynamodb.Client
	keys   ed25519.PrivateKey
	now    time.Time
	kept   []string
	cases  int
}

// newBook makes empty tables.
func newBook(t *testing.T) *book {
	t.Helper()
	db := database(t)
	named, cases, keys := declared(t, "ledger")
	if err := tables.Ensure(t.Context(), db.Client(), named); err != nil {
		t.Fatal(err)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &book{
		T: t, client: db.Client(), keys: private, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC),
		store: &casestore.Store{API: casestore.NewAPI(db.Client()), Cases: cases, Keys: keys, Sealer: sealer(t), Random: rand.Reader},
	}
}

// public gives the key by which checkpoints are verified.
func (b *book) public() string {
	b.Helper()
	key, err := note.NewEd25519VerifierKey(origin, b.keys.Public().(ed25519.PublicKey))
	if err != nil {
		b.Fatal(err)
	}
	return key
}

// gather is one tick of sweep.
func (b *book) gather() {
	b.Helper()
	_, err := sweep.Gathering{
		Ledger: b.store, Origin: origin, Checkpoint: b.store.Checkpoint, Stored: b.store.Stored,
		Signer: func(context.Context) (note.Signer, error) {
			return ledger.NewSigner(origin, b.keys.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) {
				return ed25519.Sign(b.keys, text), nil
			})
		},
		Keep: func(_ context.Context, _ int64, signed string) error {
			b.kept = append(b.kept, signed)
			return nil
		},
	}.Gather(b.Context(), b.now)
	if err != nil {
		b.Fatal(err)
	}
}

// happen opens a case and adds events to it.
func (b *book) happen(events int) dsr.Case {
	b.Helper()
	b.cases++
	c := dsr.Case{State: dsr.Received, Received: b.now, Opened: b.now, Number: dsr.NewNumber("AVG", 2026, b.cases)}
	var raw [16]byte
	_, _ = rand.Read(raw[:])
	c.ID = dsr.OwnerID(raw)
	c.Thread = c.ID.String()
	key, err := b.store.Sealer.NewKey(b.Context(), casework.CaseKey(c.ID))
	if err != nil {
		b.Fatal(err)
	}
	file := casework.File{Case: c, Key: key}
	for seq := 1; seq <= events; seq++ {
		file.Case.Seq = seq
		change := casework.Change{File: file, Event: dsr.Event{Seq: seq, Kind: dsr.Viewed, At: b.now, Personal: []byte("{}")}, At: b.now}
		if err := b.store.Commit(b.Context(), change); err != nil {
			b.Fatal(err)
		}
		if file, err = b.store.File(b.Context(), c.ID); err != nil {
			b.Fatal(err)
		}
	}
	return file.Case
}

// verify exports everything and verifies it.
func (b *book) verify() ledger.Report {
	b.Helper()
	var out bytes.Buffer
	if err := b.store.Export(b.Context(), b.client.Scan, ledger.NewBegin(b.public(), b.now), &out); err != nil {
		b.Fatal(err)
	}
	report, err := ledger.Verify(&out, b.public(), b.kept...)
	if err != nil {
		b.Fatal(err)
	}
	return report
}

// faults lists what a report found, each once.
func faults(report ledger.Report) []ledger.Fault {
	var found []ledger.Fault
	for _, finding := range report.Findings {
		if !slices.Contains(found, finding.Fault) {
			found = append(found, finding.Fault)
		}
	}
	return found
}

func TestLedgerGrowsAndVerifies(t *testing.T) {
	b := newBook(t)
	for range 4 { // three days of cases, and leaves that wait
		b.happen(30)
		b.happen(61)
		b.now = b.now.Add(24 * time.Hour)
		b.gather()
	}
	b.happen(2)
	report := b.verify()
	if !report.OK() || report.Tree.Size != 4*91 || report.Counts.Pending != 2 || report.Counts.Checkpoints != 4 || report.Signed != 4*91 {
		t.Errorf("%d leaves, %d pending, %d checkpoints, %d signed: %q",
			report.Tree.Size, report.Counts.Pending, report.Counts.Checkpoints, report.Signed, report.Findings)
	}
	b.now = b.now.Add(ledger.PendingMax + time.Second)
	if got := faults(b.verify()); !slices.Equal(got, []ledger.Fault{ledger.PendingTooLong}) {
		t.Errorf("leaves that nobody gathers are found as %q", got)
	}
}

func TestTwoSweepersGrowOneTree(t *testing.T) {
	b := newBook(t)
	b.happen(90)
	head, err := b.store.LedgerHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := b.store.PendingLeaves(t.Context(), ledger.MaxGrowth)
	if err != nil || len(leaves) != ledger.MaxGrowth {
		t.Fatalf("%d leaves, %v", len(leaves), err)
	}
	if _, err := b.store.Grow(t.Context(), head, leaves); err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.Grow(t.Context(), head, leaves); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the second sweeper ended with %v", err)
	}
	b.gather()
	if err := b.store.SaveCheckpoint(t.Context(), head, "x", b.now); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a checkpoint of an older tree ended with %v", err)
	}
	if report := b.verify(); !report.OK() || report.Tree.Size != 90 {
		t.Errorf("%d leaves: %q", report.Tree.Size, report.Findings)
	}
}
