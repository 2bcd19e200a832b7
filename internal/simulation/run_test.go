package simulation

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// run is one invocation of a function, as a coroutine of its world.
type run struct {
	function string
	driven   bool // by sweep
	number   int
	asked    time.Time // what its clock said
	ends     time.Time // when Lambda kills it
	dead     bool      // its process is gone: nothing it does has an effect
	hurt     bool      // a call failed or may have failed: it cannot know what stands

	shown  claim            // for the run of a page: what was shown with it
	change *casework.Change // what it asks the store to commit
	before dsr.Case         // how the case stood then

	touched string // the object that it puts or removes

	wait   func(time.Duration)
	resume func() (time.Duration, bool)
	stop   func()
}

// errDead is what every call of a dead process gives; errFault is what a call
// gives that failed, or succeeded without anybody hearing of it.
var (
	errDead  = errors.New("simulated: the process is dead")
	errFault = errors.New("simulated: the call failed or its reply was lost")
)

// lifetime is how long one run may take. Dispatch and idcheck have to end within a
// lease, and a page before its reader gives up; the others get the longest time
// that Lambda gives (docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html).
func lifetime(function string) time.Duration {
	switch function {
	case functionDispatch:
		return 4 * time.Minute
	case functionIDCheck:
		return 2 * time.Minute
	case functionDesk, functionPortal:
		return 20 * time.Second
	}
	return 15 * time.Minute
}

// runKey is where a run lies in its context.
type runKey struct{}

// launch starts a run. Done hears at its end whether the event must come again.
func (w *world) launch(r *run, handle func(context.Context) (failed bool), done func(failed bool)) {
	w.runs++
	r.number, r.ends = w.runs, w.now.Add(lifetime(r.function))
	ctx := context.WithValue(context.Background(), runKey{}, r)
	failed := false
	w.going[r] = true
	r.resume, r.stop = iter.Pull(func(yield func(time.Duration) bool) {
		r.wait = func(d time.Duration) { yield(d) }
		failed = handle(ctx)
	})
	w.goOn(r, func() { done(failed || r.dead) })
}

// goOn lets a run go on until it waits or ends.
func (w *world) goOn(r *run, ended func()) {
	w.current = r
	wait, waits := r.resume()
	w.current = nil
	if !waits {
		delete(w.going, r)
		ended()
		return
	}
	w.after(wait, func() { w.goOn(r, ended) })
}

// leave ends the runs that still wait when a world is left: whoever waits in a
// coroutine is never collected, and holds the whole world.
func (w *world) leave() {
	for r := range w.going {
		r.dead = true
		w.current = r
		r.stop()
	}
	w.current = nil
}

// clock is the clock of every handler.
func (w *world) clock(ctx context.Context) (time.Time, error) {
	r := ctx.Value(runKey{}).(*run)
	r.asked = w.now
	return w.now, nil
}

// move is what the seed decides on one side of a port call.
type move byte

// The moves, in the order of their chances.
const (
	moveOn move = iota
	moveGiveWay
	moveStall
	moveCrash
	moveFail
)

// gate is asked on both sides of every port call: here a run meets its fate.
// The invariants read outside any run, and meet none.
func (w *world) gate(ctx context.Context, call string, phase caseworktest.Phase) error {
	r, running := ctx.Value(runKey{}).(*run)
	if !running {
		return nil
	}
	if r.dead {
		return errDead
	}
	if phase == caseworktest.After {
		w.witness(r, call)
		w.stream(r, call)
		w.stocktake(r, call)
	}
	chosen := w.choose(r, call)
	w.record(r, call, phase, chosen)
	switch chosen {
	case moveGiveWay:
		r.wait(w.delay(2 * time.Second))
	case moveStall:
		r.wait(w.upTo(w.longest(r)))
	case moveCrash:
		r.dead = true
	case moveFail:
		r.hurt = true
		return errFault
	case moveOn:
	}
	if r.dead || w.now.After(r.ends) {
		r.dead, r.hurt = true, true
		return errDead
	}
	if phase == caseworktest.Before {
		w.attend(r, call)
	}
	return nil
}

// longest is how long a stall of a run takes at most: longer than it may live, but
// where nothing fails.
func (w *world) longest(r *run) time.Duration {
	if w.spared(r.function) {
		return lifetime(r.function) / 20
	}
	return min(10*time.Minute, 2*lifetime(r.function))
}

// choose draws a move. Giving way goes on when the faults have stopped: the
// order of things is no fault. What works on files stalls most when it stores
// something: that is where most can come between.
func (w *world) choose(r *run, call string) move {
	f, drawn := w.faults, w.rng.Float64()
	switch files := r.function == functionIDCheck || r.function == functionParcel; {
	case call == "PutFile":
		f.stall *= 8
	case files && call == "Commit":
		f.stall *= 4
	}
	chances := []float64{f.giveWay, f.stall, f.crash, f.fail}
	switch {
	case !w.troubles():
		chances = chances[:1]
	case w.spared(r.function):
		chances = chances[:2]
	}
	for i, chance := range chances {
		if drawn < chance {
			return move(i + 1)
		}
		drawn -= chance
	}
	return moveOn
}

// record adds a decision to the trace: who, what, when, and what was chosen.
func (w *world) record(r *run, call string, phase caseworktest.Phase, chosen move) {
	if chosen != moveOn {
		w.met[[]string{"", "gave way", "stall", "crash", "failed call"}[chosen]+" "+string(phase)]++
	}
	line := binary.BigEndian.AppendUint64(nil, uint64(w.now.UnixNano()))
	line = binary.BigEndian.AppendUint32(line, uint32(r.number))
	line = append(line, r.function...)
	line = append(line, call...)
	line = append(line, phase...)
	w.trace.Write(append(line, byte(chosen), '\n'))
}
