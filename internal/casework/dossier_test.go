package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// reading gives the act over the desk's ports.
func (d *desk) reading() casework.Reading {
	return casework.Reading{
		Answering: d.answering(), Cases: d.memory, OpenCases: d.memory.OpenCases, CaseOfNumber: d.memory.CaseOfNumber,
		OpenHistory: d.memory.OpenHistory,
	}
}

// stay gives a session of a member of staff.
func stay(actor, n byte) dsr.Session {
	return dsr.Session{Hash: [32]byte{n}, Actor: dsr.ActorID{actor}}
}

// look opens a case and gives what it shows.
func (d *desk) look(session dsr.Session, id dsr.OwnerID) casework.Dossier {
	d.t.Helper()
	dossier, err := d.reading().Open(d.t.Context(), d.now, session, id)
	if err != nil {
		d.t.Fatalf("opening a case: %v", err)
	}
	return dossier
}

// views counts who looked.
func (d *desk) views(id dsr.OwnerID) int {
	return len(slices.DeleteFunc(d.events(id), func(kind dsr.EventKind) bool { return kind != dsr.Viewed }))
}

func TestDossierHoldsAllThatWasSaid(t *testing.T) {
	d := newDesk(t)
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	large := long(t, dsr.MaxRowBody+1)
	large.Letter.Address, large.MessageKey, large.RawHash = "ans@een.example", [32]byte{2}, [32]byte{2}
	d.receive("in2", large)
	d.receive("in3", request("ans@een.example", "<1@een>", dsr.TrustA)) // the first one again

	dossier := d.look(stay(1, 1), id)
	if got := dossier.Case.Requester.Name; got != "Ans Geheim" {
		t.Errorf("the sender is %q", got)
	}
	var kinds []dsr.EventKind
	for _, message := range dossier.Messages {
		kinds = append(kinds, message.Event.Kind)
		if message.Lost || message.Said.Text == "" || message.Said.Address != "ans@een.example" {
			t.Errorf("%s: lost %t, %d characters", message.Event.Kind, message.Lost, len(message.Said.Text))
		}
	}
	if want := []dsr.EventKind{dsr.CaseOpened, dsr.MessageAdded, dsr.DuplicateLinked}; !slices.Equal(kinds, want) {
		t.Errorf("messages %v, want %v", kinds, want)
	}
	if got := dossier.Messages[1].Said.Text; got != large.Letter.Text {
		t.Errorf("the text in the vault has %d characters, want %d", len(got), len(large.Letter.Text))
	}
	if last := dossier.History[len(dossier.History)-1]; last.Kind != dsr.Viewed || last.Actor != (dsr.ActorID{1}) {
		t.Errorf("the history ends with %+v", last)
	}
	for _, event := range dossier.History {
		if event.Personal != nil {
			t.Errorf("event %s of the history holds what was written", event.Kind)
		}
	}
}

func TestEachSessionIsWrittenDownOncePerCase(t *testing.T) {
	d := newDesk(t)
	first := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	second := d.receive("in2", request("bo@twee.example", "<2@twee>", dsr.TrustA)).Case
	before := d.file(first)
	for range 3 {
		d.look(stay(1, 1), first)
	}
	d.look(stay(1, 2), first) // another day
	d.look(stay(2, 3), first) // somebody else
	d.look(stay(1, 1), second)
	if d.views(first) != 3 || d.views(second) != 1 {
		t.Errorf("%d and %d views, want 3 and 1", d.views(first), d.views(second))
	}
	after := d.file(first)
	before.Seq, before.Head = after.Seq, after.Head
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("looking changed the case (-before +after):\n%s", diff)
	}
	d.whole()
}

func TestViewIsWrittenDownAlsoWhenTheCaseMovesOn(t *testing.T) {
	d := newDesk(t)
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	d.meanwhile("Commit", func() {
		d.receive("in2", request("ans@een.example", "<2@een>", dsr.TrustA))
	})
	if dossier := d.look(stay(1, 1), id); len(dossier.Messages) != 2 || d.pauses != 1 {
		t.Errorf("%d messages after %d pauses", len(dossier.Messages), d.pauses)
	}
	if want := []dsr.EventKind{dsr.CaseOpened, dsr.MessageAdded, dsr.Viewed}; !slices.Equal(d.events(id), want) {
		t.Errorf("events %v, want %v", d.events(id), want)
	}
	d.meanwhile("Commit", func() { d.look(stay(2, 2), id) }) // the same session in a second tab
	d.look(stay(2, 2), id)
	if d.views(id) != 2 {
		t.Errorf("%d views, want 2", d.views(id))
	}
}

func TestWhatCannotBeWrittenDownIsNotShown(t *testing.T) {
	for _, call := range []string{"File", "OpenHistory", "Commit"} {
		d := newDesk(t)
		id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
		d.failing(call, caseworktest.Before)
		dossier, err := d.reading().Open(t.Context(), d.now, stay(1, 1), id)
		if !errors.Is(err, errPort) || len(dossier.Messages)+len(dossier.History) > 0 {
			t.Errorf("without %s: %v, with %d messages", call, err, len(dossier.Messages))
		}
	}
}

func TestTextThatIsGoneOrChangedInTheVaultIsSaidToBeLost(t *testing.T) {
	for name, harm := range map[string]func(d *desk, path string){
		"gone":    func(d *desk, path string) { _ = d.objects.Delete(t.Context(), path) },
		"changed": func(d *desk, path string) { d.objects.Damage(path) },
		"put there by somebody with the key": func(d *desk, path string) {
			file, err := d.memory.File(t.Context(), d.memory.AllCases()[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := file.Key.Seal(d.receiving.Random, path, []byte(`{"text":"something else"}`))
			if err != nil {
				t.Fatal(err)
			}
			_ = d.objects.Put(t.Context(), path, sealed)
		},
	} {
		d := newDesk(t)
		id := d.receive("in1", long(t, dsr.MaxRowBody+1)).Case
		harm(d, d.bodies()[0])
		if message := d.look(stay(1, 1), id).Messages[0]; !message.Lost || message.Said.Text != "" {
			t.Errorf("%s: lost %t", name, message.Lost)
		}
	}
	d := newDesk(t)
	id := d.receive("in1", long(t, dsr.MaxRowBody+1)).Case
	d.failing("GetBody", caseworktest.Before)
	if _, err := d.reading().Open(t.Context(), d.now, stay(1, 1), id); !errors.Is(err, errPort) {
		t.Errorf("a vault that is away gives %v", err)
	}
}

func TestDossierOpensOnlySoManyMails(t *testing.T) {
	d := newDesk(t)
	id := d.receive("in0", long(t, dsr.MaxRowBody+1)).Case
	for n := range 60 {
		enquiry := long(t, dsr.MaxRowBody+2+n)
		enquiry.RawHash, enquiry.MessageKey = [32]byte{byte(n), 1}, [32]byte{byte(n), 2}
		d.receive(fmt.Sprint("in", n+1), enquiry)
	}
	d.calls = nil
	dossier := d.look(stay(1, 1), id)
	if len(dossier.Messages) != 50 || dossier.More != 11 || count(d.calls, "GetBody") != 50 || len(dossier.History) != 62 {
		t.Errorf("%d messages, %d more, %d texts, %d events", len(dossier.Messages), dossier.More, count(d.calls, "GetBody"), len(dossier.History))
	}
}

func TestListHasTheSoonestInFrontAndNobodysName(t *testing.T) {
	d := newDesk(t)
	for _, id := range []string{"c", "a", "b"} {
		enquiry := request(id+"@een.example", "<"+id+"@een>", dsr.TrustA)
		enquiry.ReceivedAt = d.now.Add(-time.Duration(id[0]-'a') * 72 * time.Hour)
		d.receive(id, enquiry)
	}
	d.calls = nil
	cases, all, err := d.reading().List(t.Context())
	if err != nil || all != 3 || len(cases) != 3 {
		t.Fatalf("%d of %d cases, %v", len(cases), all, err)
	}
	for i, c := range cases {
		if i > 0 && c.Dates.PlanBy < cases[i-1].Dates.PlanBy {
			t.Errorf("%s comes after %s", c.Dates.PlanBy, cases[i-1].Dates.PlanBy)
		}
		if c.Requester != (dsr.Requester{}) {
			t.Errorf("the list knows who asked %s", c.Number)
		}
	}
	if count(d.calls, "Commit") > 0 {
		t.Error("looking at the list changed something")
	}
}

func TestListIsBoundedAndLeavesOutWhatIsGone(t *testing.T) {
	d := newDesk(t)
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	reading := d.reading()
	reading.OpenCases = func(_ context.Context) ([]dsr.OwnerID, error) {
		return append(slices.Repeat([]dsr.OwnerID{id}, 500), dsr.OwnerID{99}), nil
	}
	if cases, all, err := reading.List(t.Context()); len(cases) != 200 || all != 501 || err != nil {
		t.Errorf("%d of %d cases, %v", len(cases), all, err)
	}
	reading.OpenCases = func(_ context.Context) ([]dsr.OwnerID, error) { return []dsr.OwnerID{{99}, id}, nil }
	if cases, _, err := reading.List(t.Context()); len(cases) != 1 || err != nil {
		t.Errorf("%d cases, %v", len(cases), err)
	}
	d.failing("File", caseworktest.Before)
	if _, _, err := reading.List(t.Context()); !errors.Is(err, errPort) {
		t.Errorf("a store that is away gives %v", err)
	}
}

func TestListIsInOrderAndWithoutClosedCasesAlsoWhenTheIndexLags(t *testing.T) {
	d := newDesk(t)
	var ids []dsr.OwnerID
	for n := range 4 {
		enquiry := request(fmt.Sprint(n, "@een.example"), fmt.Sprintf("<%d@een>", n), dsr.TrustA)
		enquiry.ReceivedAt = d.now.Add(-time.Duration(n) * 72 * time.Hour)
		ids = append(ids, d.receive(fmt.Sprint("in", n), enquiry).Case)
	}
	file, err := d.memory.File(t.Context(), ids[3])
	if err != nil {
		t.Fatal(err)
	}
	file.Case.State = dsr.Closed
	file.Case.Seq++
	change := casework.Change{File: file, Event: dsr.Event{Seq: file.Case.Seq, Kind: "Closed", At: d.now}, At: d.now}
	if err := d.memory.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	reading := d.reading()
	reading.OpenCases = func(context.Context) ([]dsr.OwnerID, error) { return ids, nil }
	cases, _, err := reading.List(t.Context())
	if err != nil || len(cases) != 3 || cases[0].ID != ids[2] || cases[1].ID != ids[1] || cases[2].ID != ids[0] {
		t.Errorf("the list is %v, %v", cases, err)
	}
}

func TestCaseIsFoundByItsNumber(t *testing.T) {
	d := newDesk(t)
	id := d.receive("in1", request("ans@een.example", "<1@een>", dsr.TrustA)).Case
	if c, err := d.reading().Find(t.Context(), "AVG-2026-0001"); err != nil || c.ID != id || c.Requester != (dsr.Requester{}) {
		t.Errorf("found %s, %v", c.ID, err)
	}
	if _, err := d.reading().Find(t.Context(), "AVG-2026-0002"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a number nobody has gives %v", err)
	}
}
