package purge_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/purge"
	"polarweb.nl/inzage/internal/organisation"
)

// function is purge over ports in memory, with one closed case that may be
// destroyed a year from now.
type function struct {
	purge.Handler
	t       *testing.T
	now     time.Time
	log     bytes.Buffer
	memory  *caseworktest.Memory
	objects *caseworktest.Objects
	fault   error // of every removal, when set
}

// newFunction wires the function.
func newFunction(t *testing.T) *function {
	t.Helper()
	f := &function{t: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	random := rand.NewChaCha8([32]byte{})
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	f.memory = caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, random, sealer)
	f.objects = &caseworktest.Objects{Gate: f.gate}
	rules, err := casework.NewRules(organisation.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	f.Handler = purge.Handler{
		Purging: casework.Purging{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause},
			Rules: rules, Cases: f.memory, Due: f.memory, Files: f.objects,
			Enclosures: f.memory.EnclosuresOf, Leftovers: f.memory.Leftovers, Expire: f.memory.Expire, Unlink: f.memory.Unlink,
		},
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	f.close(sealer)
	return f
}

// gate makes removals fail.
func (f *function) gate(_ context.Context, call string, phase caseworktest.Phase) error {
	if call == "RemoveFile" && phase == caseworktest.Before {
		return f.fault
	}
	return nil
}

// close stores the closed case, with one object in its folder.
func (f *function) close(sealer casework.Sealer) {
	f.t.Helper()
	id := dsr.OwnerID{1}
	key, err := sealer.NewKey(f.t.Context(), casework.CaseKey(id))
	if err != nil {
		f.t.Fatal(err)
	}
	c := dsr.Case{ID: id, Number: "AVG-2026-0001", State: dsr.Closed, Seq: 1, DueAt: f.now.AddDate(1, 0, 0)}
	c.Work.Outcome, c.Work.ClosedAt = dsr.Answered, f.now
	err = f.memory.Commit(f.t.Context(), casework.Change{
		File: casework.File{Case: c, Key: key}, Event: dsr.Event{Seq: 1, Kind: dsr.CaseOpened}, At: f.now,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.objects.Place("case/"+id.String()+"/body", []byte("sealed"))
}

func TestTickPurgesByTheClock(t *testing.T) {
	f := newFunction(t)
	for _, tick := range []struct {
		years, days int
		logged      string
	}{
		{0, 364, `"files":0,"objects":0,"cleared":0,"expired":0,"held":0`},
		{1, 0, `"files":1,"objects":1,"cleared":0,"expired":0,"held":0`},
		{1, 0, `"files":0,"objects":0,"cleared":0,"expired":0,"held":0`}, // the tick came twice
		{1, 1, `"files":0,"objects":0,"cleared":1,"expired":0,"held":0`},
		{5, 0, `"files":0,"objects":0,"cleared":0,"expired":1,"held":0`},
	} {
		begun := f.now
		f.now = begun.AddDate(tick.years, 0, tick.days)
		f.log.Reset()
		if err := f.Handle(t.Context()); err != nil || !strings.Contains(f.log.String(), tick.logged) {
			t.Errorf("after %d years and %d days: %v, log %s", tick.years, tick.days, err, &f.log)
		}
		f.now = begun
	}
	if left := len(f.memory.AllCases()) + len(f.objects.Paths()); left != 0 {
		t.Errorf("%d things are left", left)
	}
}

func TestPurgeThatFailsFailsItsTick(t *testing.T) {
	f := newFunction(t)
	f.now, f.fault = f.now.AddDate(1, 0, 0), errors.New("no such bucket")
	if err := f.Handle(t.Context()); !errors.Is(err, f.fault) || !strings.Contains(f.log.String(), `"files":1`) {
		t.Errorf("the tick ended with %v, log %s", err, &f.log)
	}
}

func TestWithoutAClockNothingIsPurged(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	if err := f.Handle(t.Context()); !errors.Is(err, noClock) || f.log.Len() != 0 {
		t.Errorf("%v, log %s", err, &f.log)
	}
}
