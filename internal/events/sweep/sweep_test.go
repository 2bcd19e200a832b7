package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/sweep"
)

// function is sweep over ports in memory, with one mail that nobody heard of.
type function struct {
	sweep.Handler
	book    *book
	now     time.Time
	log     bytes.Buffer
	objects *caseworktest.Objects
	driven  []string
	fault   error
}

// Drive is a casework.Drive.
func (f *function) Drive(_ context.Context, function string, ids []string) error {
	f.driven = append(f.driven, function+" "+strings.Join(ids, " "))
	return f.fault
}

// newFunction wires the function.
func newFunction() *function {
	f := &function{book: newBook(nil), now: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
	random := rand.NewChaCha8([32]byte{})
	memory := caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, random, caseworktest.Sealer{Gate: caseworktest.Open})
	objects := &caseworktest.Objects{Gate: caseworktest.Open}
	f.objects = objects
	objects.PutRaw("in1", []byte("raw"))
	f.Handler = sweep.Handler{
		Sweeping: casework.Sweeping{
			Place: casework.Place{Random: random, Pause: caseworktest.NoPause},
			Cases: memory, Due: memory, Mails: memory, Letters: memory, Raw: objects, Files: objects, Sessions: memory, Drive: f.Drive,
		},
		Gathering: f.book.gathering(),
		Clock:     func(context.Context) (time.Time, error) { return f.now, nil },
		Log:       slog.New(slog.NewJSONHandler(&f.log, nil)),
	}
	return f
}

func TestTickSweepsByTheClock(t *testing.T) {
	f := newFunction()
	for range 2 { // a tick that comes twice does the work once
		if err := f.Handle(t.Context()); err != nil || len(f.driven) != 0 {
			t.Fatalf("%v, drove %v", err, f.driven)
		}
	}
	f.now = f.now.AddDate(0, 0, 7)
	if err := f.Handle(t.Context()); err != nil || !slices.Equal(f.driven, []string{"intake in1"}) {
		t.Errorf("%v, drove %v", err, f.driven)
	}
	for _, counted := range []string{
		`"noted":1`, `"mails":1`, `"letters":0`, `"copies":0`, `"files":0`, `"removed":0`, `"sessions":0`,
	} {
		if !strings.Contains(f.log.String(), counted) {
			t.Errorf("the log lacks %s: %s", counted, &f.log)
		}
	}
}

func TestSweepThatFailsFailsItsTick(t *testing.T) {
	f := newFunction()
	if err := f.Handle(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.now, f.fault = f.now.Add(time.Hour), errors.New("no such function")
	f.objects.PutRaw("in2", []byte("raw"))
	f.log.Reset()
	if err := f.Handle(t.Context()); !errors.Is(err, f.fault) {
		t.Errorf("the tick ended with %v", err)
	}
	if !strings.Contains(f.log.String(), `"noted":1`) {
		t.Errorf("the log does not tell what was done: %s", &f.log)
	}
}

// Nobody else tells the operator: no letter about the mail was read.
func TestMailThatItsBucketEndsUnopenedIsLogged(t *testing.T) {
	for age, want := range map[int]bool{44: false, 45: true, 60: false} {
		f := newFunction()
		works(t, f.Handle(t.Context())) // notes the mail
		mail := dsr.Mail{ID: "in1", State: dsr.MailPerson, DueAt: f.now}
		works(t, f.Sweeping.Cases.Commit(t.Context(), casework.Change{Mail: &mail, At: f.now}))
		f.now = f.now.AddDate(0, 0, age)
		f.log.Reset()
		works(t, f.Handle(t.Context()))
		if got := strings.Contains(f.log.String(), `"level":"WARN"`) && strings.Contains(f.log.String(), `"mails":["in1"]`); got != want {
			t.Errorf("at %d days the log says %s", age, &f.log)
		}
	}
}

// works fails the test on an error.
func works(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWithoutAClockNothingIsSwept(t *testing.T) {
	f := newFunction()
	noClock := errors.New("no clock")
	f.Clock = func(context.Context) (time.Time, error) { return time.Time{}, noClock }
	if err := f.Handle(t.Context()); !errors.Is(err, noClock) || f.log.Len() != 0 {
		t.Errorf("%v, log %s", err, &f.log)
	}
}
