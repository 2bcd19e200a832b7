package remind_test

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
	"polarweb.nl/inzage/internal/events/remind"
	"polarweb.nl/inzage/internal/organisation"
)

// function is remind over ports in memory, with one open case of which nobody
// has heard since it was received on 2 March 2026.
type function struct {
	remind.Handler
	t      *testing.T
	now    time.Time
	log    bytes.Buffer
	memory *caseworktest.Memory
	fault  error // of every commit, when set
}

// theCase is the open case.
var theCase = dsr.OwnerID{1}

// newFunction wires the function.
func newFunction(t *testing.T) *function {
	t.Helper()
	f := &function{t: t, now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	random := rand.NewChaCha8([32]byte{})
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	f.memory = caseworktest.New(f.gate, caseworktest.Flaws{}, random, sealer)
	profile := organisation.Defaults()
	profile.Staff = []organisation.Staff{{ID: "els", Roles: []organisation.Role{organisation.RoleHandler}, Active: true}}
	rules, err := casework.NewRules(profile)
	if err != nil {
		t.Fatal(err)
	}
	f.Handler = remind.Handler{
		Reminding: casework.Reminding{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause},
			Rules: rules, Cases: f.memory, Due: f.memory,
		},
		Clock: func(context.Context) (time.Time, error) { return f.now, nil },
		Log:   slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	f.open(sealer)
	return f
}

// gate makes commits fail.
func (f *function) gate(_ context.Context, call string, phase caseworktest.Phase) error {
	if call == "Commit" && phase == caseworktest.Before {
		return f.fault
	}
	return nil
}

// open opens the case.
func (f *function) open(sealer casework.Sealer) {
	f.t.Helper()
	key, err := sealer.NewKey(f.t.Context(), casework.CaseKey(theCase))
	if err != nil {
		f.t.Fatal(err)
	}
	c := dsr.Case{
		ID: theCase, Number: "AVG-2026-0001", State: dsr.Received, Seq: 1, DueAt: f.now.AddDate(0, 0, 14),
		Dates: dsr.Dates{
			ReceiptDay: "2026-03-02", PromiseDue: "2026-03-30", PlanBy: "2026-03-30", LawBase: "2026-04-02", LawDue: "2026-04-02",
		},
	}
	err = f.memory.Commit(f.t.Context(), casework.Change{
		File: casework.File{Case: c, Key: key}, Event: dsr.Event{Seq: 1, Kind: dsr.CaseOpened}, At: f.now,
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func TestTickRemindsByTheClock(t *testing.T) {
	f := newFunction(t)
	for _, tick := range []struct {
		at      time.Time
		letters int
		logged  string
	}{
		{f.now, 0, `"reminders":0,"passed":0,"late_minutes":0`},
		{f.now.AddDate(0, 0, 14), 1, `"reminders":1,"passed":0,"late_minutes":0`},
		{f.now.AddDate(0, 0, 14), 1, `"reminders":0,"passed":0,"late_minutes":0`}, // the tick came twice
		// The function was off; the next step began at midnight of 23 March.
		{f.now.AddDate(0, 0, 30), 2, `"reminders":1,"passed":1,"late_minutes":13680`},
	} {
		f.now = tick.at
		f.log.Reset()
		if err := f.Handle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if letters := len(f.memory.AllLetters()); letters != tick.letters || !strings.Contains(f.log.String(), tick.logged) {
			t.Errorf("at %s: %d letters, want %d; log %s", tick.at, letters, tick.letters, &f.log)
		}
	}
}

func TestReminderThatFailsFailsItsTick(t *testing.T) {
	f := newFunction(t)
	f.now, f.fault = f.now.AddDate(0, 0, 14), errors.New("no such table")
	if err := f.Handle(t.Context()); !errors.Is(err, f.fault) || !strings.Contains(f.log.String(), `"reminders":0`) {
		t.Errorf("the tick ended with %v, log %s", err, &f.log)
	}
}

func TestWithoutAClockNobodyIsReminded(t *testing.T) {
	f := newFunction(t)
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	if err := f.Handle(t.Context()); !errors.Is(err, noClock) || f.log.Len() != 0 {
		t.Errorf("%v, log %s", err, &f.log)
	}
}
