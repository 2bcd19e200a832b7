package simulation

import (
	"slices"
	"time"
)

// faults is the bad luck of one world. Each seed has a random part of it only:
// where everything goes wrong at once, one fault hides another, and the nets
// under the fast paths hide them all.
type faults struct {
	until time.Time // afterwards nothing goes wrong any more
	again []span    // but for here, while files are purged

	// Chances at one side of one port call.
	giveWay float64 // another run goes first
	stall   float64 // the call hangs for up to ten minutes
	crash   float64 // the function dies
	fail    float64 // an error comes back and the function lives

	// Chances of one event.
	loseNotice, repeatNotice, delayNotice float64 // SES to intake
	loseStream, repeatStream, delayStream float64 // a new letter to dispatch
	loseReport, repeatReport, delayReport float64 // SES to feedback
	loseDrive, repeatDrive, delayDrive    float64 // sweep to a function
	loseObject, repeatObject, delayObject float64 // S3 to idcheck and parcel
	latePut                               float64 // a file arrives when its sender has given it up
	repeatTick                            float64 // two ticks at once
	refuse                                float64 // SES takes no mail and says so
	loseReply                             float64 // SES takes the mail and nobody hears
	bounce                                float64 // the mail comes back

	off map[string][]span // when the ticks of a function do not come
}

// span is a stretch of time.
type span struct{ from, to time.Time }

// holds reports whether an instant lies in the span.
func (s span) holds(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

const (
	// troubled is how long things go wrong in a world, and people with them. It
	// is longer than the links of staff live.
	troubled = 84 * time.Hour

	// longestDelay is how late an event can come.
	longestDelay = 6 * time.Hour

	// settling is how long a world runs on without faults, and with people who
	// do what is to be done. The slowest case waits a day for somebody who never
	// confirms, and in an organisation of one another day.
	settling = longestDelay + 78*time.Hour
)

// drawFaults gives a world its bad luck.
func (w *world) drawFaults() faults {
	f := faults{
		off:          map[string][]span{},
		until:        w.start.Add(troubled),
		giveWay:      w.oneOf(0.1, 0.3, 0.6),
		stall:        w.sometimes(0.004, 0.02),
		crash:        w.sometimes(0.003, 0.01),
		fail:         w.sometimes(0.003, 0.01),
		loseNotice:   w.sometimes(0.2, 0.5),
		repeatNotice: w.sometimes(0.3, 0.8),
		delayNotice:  w.sometimes(0.3, 0.8),
		loseStream:   w.sometimes(0.2, 1),
		repeatStream: w.sometimes(0.3, 0.8),
		delayStream:  w.sometimes(0.3, 0.8),
		loseReport:   w.sometimes(0.2, 1),
		repeatReport: w.sometimes(0.3, 0.8),
		delayReport:  w.sometimes(0.3, 0.8),
		loseDrive:    w.sometimes(0.2, 0.5),
		repeatDrive:  w.sometimes(0.3, 0.8),
		delayDrive:   w.sometimes(0.2, 0.5),
		loseObject:   w.sometimes(0.2, 0.6),
		repeatObject: w.sometimes(0.3, 0.8),
		delayObject:  w.sometimes(0.3, 0.8),
		latePut:      w.sometimes(0.05, 0.2),
		repeatTick:   w.sometimes(0.1, 0.4),
		refuse:       w.sometimes(0.1, 0.3),
		loseReply:    w.sometimes(0.1, 0.3),
		bounce:       w.sometimes(0.2, 0.4),
	}
	for w.chance(0.4) {
		from := w.start.Add(w.upTo(troubled))
		f.off[functionSweep] = append(f.off[functionSweep], span{from, from.Add(w.upTo(10 * time.Hour))})
	}
	for _, function := range []string{functionSweep, functionRemind, functionPurge} {
		if !w.chance(0.4) {
			continue
		}
		// For days, and most often when there is something to do: when raw mails go,
		// copies end, or dates pass.
		away := []time.Duration{theWeek, 14 * day, theWeek + w.upTo(50*day), 28 * day, 30 * day}[w.rng.IntN(5)]
		if function == functionRemind {
			away = 28*day + w.upTo(2*day)
		}
		from := w.start.Add(max(theWeek, away-w.upTo(day)))
		f.off[function] = append(f.off[function], span{from, from.Add(w.upTo(6 * day))})
	}
	return f
}

// overlap gives for how long of some time the ticks of a function did not come.
func (f faults) overlap(function string, from, to time.Time) (off time.Duration) {
	for _, one := range f.off[function] {
		begin, end := one.from, one.to
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		off += max(0, end.Sub(begin))
	}
	return off
}

// chance is true with a probability.
func (w *world) chance(p float64) bool { return p > 0 && w.rng.Float64() < p }

// oneOf draws one of some values.
func (w *world) oneOf(values ...float64) float64 { return values[w.rng.IntN(len(values))] }

// sometimes gives nought in half of the worlds and else one of some values.
func (w *world) sometimes(values ...float64) float64 {
	if w.chance(0.5) {
		return 0
	}
	return w.oneOf(values...)
}

// upTo draws a time of at most a length.
func (w *world) upTo(longest time.Duration) time.Duration {
	return time.Duration(w.rng.Int64N(int64(longest) + 1))
}

// delay draws how long something takes, of at most a length. Things that
// happen at one instant find more than things that happen at random ones, so
// most delays are none, or end at a tick of the scheduler.
func (w *world) delay(longest time.Duration) time.Duration {
	switch w.rng.IntN(4) {
	case 0:
		return w.upTo(longest)
	case 1:
		tick := w.now.Add(w.upTo(longest)).Truncate(tickEvery)
		return max(0, tick.Sub(w.now))
	default:
		return 0
	}
}

// troubles reports whether things may go wrong.
func (w *world) troubles() bool { return w.faults.at(w.now) }

// at reports whether things may go wrong at an instant.
func (f faults) at(now time.Time) bool {
	return now.Before(f.until) || slices.ContainsFunc(f.again, func(one span) bool { return one.holds(now) })
}

// careless reports whether people make mistakes: they do as long as things go wrong
// the first time.
func (w *world) careless() bool { return w.now.Before(w.faults.until) }

// strikes draws one fault, and counts it under its name when it happens.
func (w *world) strikes(p float64, name string) bool {
	if !w.troubles() || !w.chance(p) {
		return false
	}
	w.met[name]++
	return true
}
