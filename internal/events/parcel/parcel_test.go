package parcel_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/archive"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/parcel"
	"polarweb.nl/inzage/internal/organisation"
)

// function is parcel over ports in memory, with one case that waits for a file.
type function struct {
	*testing.T
	parcel.Handler
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	now     time.Time
	id      dsr.OwnerID
	log     bytes.Buffer
}

// newFunction wires the function and takes in one request.
func newFunction(t *testing.T) *function {
	t.Helper()
	rules, err := casework.NewRules(organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	f := &function{T: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC), objects: &caseworktest.Objects{Gate: caseworktest.Open}}
	place := casework.Place{Random: rand.NewChaCha8([32]byte{}), Pause: caseworktest.NoPause}
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	f.memory = caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, place.Random, sealer)
	f.Handler = parcel.Handler{
		Packing: casework.Packing{
			Answering: casework.Answering{
				Place: place, Rules: rules, ReadTasks: f.memory.ReadTasks, ReadBody: f.objects.Get, Enclosures: f.memory.EnclosuresOf,
			},
			Cases: f.memory, Files: f.objects, Enclosure: f.memory.EnclosureOf,
			Pack: archive.Archive{Profile: rules.Profile}.Pack,
		},
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	receiving := casework.Receiving{
		Place: place, Rules: rules, Cases: f.memory, Mails: f.memory, Numbers: f.memory, Known: f.memory,
		Bodies: f.objects, Sealer: sealer,
	}
	mail, err := receiving.Begin(t.Context(), f.now, dsr.Mail{ID: "in1", ArrivedAt: f.now})
	if err == nil {
		err = receiving.Receive(t.Context(), f.now, mail, dsr.Enquiry{
			Kind: dsr.KindRequest, ReceivedAt: f.now, RawHash: [32]byte{1}, Rights: []dsr.Right{dsr.Access},
			Trust: dsr.Trust{Level: dsr.TrustA}, Letter: dsr.Correspondence{Address: "ans@een.example"},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	f.id = f.memory.AllCases()[0].ID
	return f
}

// commit stores a change, numbered to follow the last one.
func (f *function) commit(change casework.Change) {
	f.Helper()
	change.At = f.now
	if err := f.memory.Commit(f.Context(), change); err != nil {
		f.Fatal(err)
	}
}

// file gives the case.
func (f *function) file() casework.File {
	f.Helper()
	file, err := f.memory.File(f.Context(), f.id)
	if err != nil {
		f.Fatal(err)
	}
	return file
}

// announce puts the row of a file of a kind that is to come, with its name.
func (f *function) announce(kind dsr.EnclosureKind, n byte) dsr.EnclosureRef {
	f.Helper()
	ref := dsr.EnclosureRef{Case: f.id, Kind: kind, ID: dsr.OwnerID{n}}
	row := dsr.Enclosure{Ref: ref, State: dsr.Announced, Arrived: f.now, DueAt: f.now.Add(time.Hour)}
	if kind == dsr.FoundFile {
		row.System, row.Right = "winkel", dsr.Access
		var err error
		if row.Sealed, err = f.file().Key.Seal(f.Packing.Random, "FILE/"+ref.Tag(), []byte("brief.pdf")); err != nil {
			f.Fatal(err)
		}
	}
	f.commit(casework.Change{Enclosures: []casework.EnclosureMove{{Next: row}}})
	return ref
}

// event reads an event as AWS sends it, about a file.
func (f *function) event(name string, ref dsr.EnclosureRef) json.RawMessage {
	f.Helper()
	event, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		f.Fatal(err)
	}
	event = bytes.ReplaceAll(event, []byte("@CASE@"), []byte(ref.Case.String()))
	return bytes.ReplaceAll(event, []byte("@FILE@"), []byte(ref.ID.String()))
}

// handle takes an event and expects no error: nothing may hold back a shard.
func (f *function) handle(event json.RawMessage) {
	f.Helper()
	if answer, err := f.Handle(f.Context(), event); err != nil || len(answer.BatchItemFailures) != 0 {
		f.Errorf("the event ended with %v, %v", answer.BatchItemFailures, err)
	}
}

// again is the event of sweep.
func again(ids ...string) json.RawMessage {
	event, _ := json.Marshal(casework.Again{IDs: ids})
	return event
}

// is fails the test unless a file is in a state.
func (f *function) is(ref dsr.EnclosureRef, state dsr.EnclosureState) dsr.Enclosure {
	f.Helper()
	row, err := f.memory.EnclosureOf(f.Context(), ref)
	if err != nil || row.State != state {
		f.Errorf("file %s is %s, want %s; %v; the log says %s", ref.Tag(), row.State, state, err, &f.log)
	}
	return row
}

func TestUploadedFileIsTakenIn(t *testing.T) {
	for name, event := range map[string]func(f *function, ref dsr.EnclosureRef) json.RawMessage{
		"EventBridge": func(f *function, ref dsr.EnclosureRef) json.RawMessage { return f.event("uploaded.json", ref) },
		"by its tag":  func(_ *function, ref dsr.EnclosureRef) json.RawMessage { return again(ref.Tag()) },
		"by its name": func(_ *function, ref dsr.EnclosureRef) json.RawMessage { return again(ref.Original()) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			ref := f.announce(dsr.FoundFile, 1)
			f.objects.Place(ref.Original(), []byte("hallo"))
			for range 2 {
				f.handle(event(f, ref))
			}
			if row := f.is(ref, dsr.Kept); row.Size != 5 || len(f.objects.Paths()) != 1 {
				t.Errorf("%d bytes are kept; %q lie there", row.Size, f.objects.Paths())
			}
		})
	}
}

// approve lets the case stand as if its answer, with all of its files, was
// approved just now.
func (f *function) approve() {
	f.Helper()
	file := f.file()
	c := &file.Case
	c.Seq++
	c.State, c.OnFile = dsr.Answering, dsr.OnFile{Reference: "K", Contacts: []dsr.Contact{{Address: "ans@een.example", Since: "2020-01-01"}}}
	c.Work.Proposed, c.Work.Match = dsr.Answered, dsr.Matched
	c.Work.Decisions = []dsr.Decision{{Right: dsr.Access, Result: dsr.Granted}}
	answer := dsr.Answer{
		Number: c.Number, Outcome: dsr.Answered, Language: c.Language, Rights: c.Rights, Decisions: c.Work.Decisions,
		To: "ans@een.example", CodeTo: "ans@een.example",
	}
	all, err := f.memory.EnclosuresOf(f.Context(), f.id)
	if err != nil {
		f.Fatal(err)
	}
	for _, one := range all {
		answer.Files = append(answer.Files, dsr.AnswerFile{
			ID: one.Ref.ID, System: one.System, Right: one.Right, Name: "brief.pdf", Size: one.Size, SHA256: one.SHA256,
		})
	}
	plain, err := answer.Hash()
	if err != nil {
		f.Fatal(err)
	}
	c.Work.Draft = file.Key.Hash("answer", fmt.Sprintf("%x", plain))
	f.commit(casework.Change{File: file, Event: dsr.Event{Seq: c.Seq, Kind: dsr.AnswerApproved, At: f.now}})
}

// A row of the stream becomes an archive, and that a download.
func TestInsertedRowsAreBuiltAndHandedOut(t *testing.T) {
	f := newFunction(t)
	found := f.announce(dsr.FoundFile, 1)
	f.objects.Place(found.Original(), []byte("hallo"))
	f.handle(f.event("uploaded.json", found))
	f.approve()
	ref := f.announce(dsr.PackageFile, 2)
	f.handle(f.event("rows.json", ref))
	f.is(ref, dsr.Kept)
	if !strings.Contains(f.log.String(), "event holds more than files") {
		t.Errorf("the log says %s", &f.log)
	}
	handout := f.announce(dsr.HandoutFile, 3)
	f.handle(again(handout.Tag()))
	row := f.is(handout, dsr.Kept)
	content, err := f.objects.Get(t.Context(), row.Path())
	if err != nil {
		t.Fatal(err)
	}
	reader, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	brief, err := reader.Open("bestanden/winkel/001-brief.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(brief); err != nil || string(text) != "hallo" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestFileThatFailsHoldsBackNoOther(t *testing.T) {
	f := newFunction(t)
	good, bad := f.announce(dsr.FoundFile, 1), f.announce(dsr.PackageFile, 2)
	f.approve()
	f.Packing.Pack = func(io.Writer, dsr.Answer, time.Time, casework.OpenAnswerFile) error {
		return errors.New("it cannot be packed")
	}
	f.objects.Place(good.Original(), []byte("hallo"))
	f.handle(again(bad.Tag(), "nonsense", good.Original()))
	if f.is(bad, dsr.Arriving); len(f.objects.Paths()) != 0 { // the case is decided: nothing of the file is kept
		t.Errorf("%q lie there", f.objects.Paths())
	}
	f.is(good, dsr.TurnedDown)
	if !strings.Contains(f.log.String(), bad.Tag()) {
		t.Errorf("the log says %s", &f.log)
	}
}

// Only idcheck may read or remove a copy of an identity document.
func TestCopiesOfIdentityDocumentsAreLeftAlone(t *testing.T) {
	f := newFunction(t)
	ref := f.announce(dsr.IDCopyFile, 1)
	f.objects.Place(ref.Original(), []byte("hallo"))
	for _, event := range []json.RawMessage{again(ref.Tag()), again(ref.Original())} {
		if _, err := f.Handle(t.Context(), event); err == nil {
			t.Errorf("%s was taken", event)
		}
	}
	if f.is(ref, dsr.Announced); len(f.objects.Paths()) != 1 {
		t.Error("the copy is gone")
	}
}

func TestEventOfNoKnownShapeIsRefused(t *testing.T) {
	letter := `{"Records":[{"dynamodb":{"Keys":{"pk":{"S":"CASE#x"},"sk":{"S":"LETTER#M01#1"}}}}]}`
	for _, event := range []string{
		``, `{`, `null`, `{}`, `[]`, `{"Records":[]}`, `{"again":[]}`, `{"again":["nonsense"]}`, letter,
		`{"Records":[{"dynamodb":{"Keys":{"pk":{"N":"1"},"sk":{"N":"2"}}}}]}`, `{"Records":[{}]}`,
		`{"detail":{"object":{"key":""}}}`, `{"detail":{"object":{"key":"found/x/y"}}}`, `{"detail":{"object":{"key":"case/x"}}}`,
	} {
		f := newFunction(t)
		if _, err := f.Handle(t.Context(), json.RawMessage(event)); err == nil {
			t.Errorf("%q was taken", event)
		}
	}
}

func TestWithoutAClockNothingIsDone(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	ref := f.announce(dsr.FoundFile, 1)
	if _, err := f.Handle(t.Context(), again(ref.Tag())); !errors.Is(err, noClock) {
		t.Error(err)
	}
}
