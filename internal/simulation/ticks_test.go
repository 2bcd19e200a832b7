package simulation

import (
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// tickEvery is how often the scheduler wakes sweep.
const tickEvery = 15 * time.Minute

// seldom is how often it does so when nothing goes wrong any more.
const seldom = 40 * time.Minute

// quietly is how often it wakes anything in weeks in which nothing happens.
const quietly = 18 * time.Hour

// day is a day of a world: its clock knows no summer time.
const day = 24 * time.Hour

// season is a stretch of a world's time: how it is planned when it begins, when
// it ends, and what must hold then.
type season struct {
	plan  func(*world)
	until time.Duration // after the start of the world
	rules []invariant
}

// allSeasons is how many there are.
const allSeasons = 4

// The ends of the seasons.
const (
	theWeek   = troubled + settling
	theWeeks  = 76 * day
	theYears  = 1905 * day
	lateWork  = 70 * day // when people look at what they left
	workTime  = 3 * day
	firstCall = 58 * day // when people call whose file will be purged next
)

// seasons lists them: the week in which most cases come and go; the weeks in which
// staff are reminded of what they left, and do it in the end; the months until the
// files are purged; and the years until nothing is left.
func (w *world) seasons() []season {
	months := 139 * day
	if w.rules.Profile.Retention.FileMonths > shortest {
		months = 445 * day
	}
	return []season{
		{(*world).planWeek, theWeek, invariants()},
		{(*world).planWeeks, theWeeks, append(invariants(), invariantsOfWeeks()...)},
		{(*world).planMonths, months, invariantsOfPurge()},
		{(*world).planYears, theYears, invariantsOfYears()},
	}
}

// ticks wakes a function time and again, between two instants of the world.
func (w *world) ticks(function string, from, to, every time.Duration) {
	for at := from; at <= to; at += every {
		w.after(w.start.Add(at).Sub(w.now), func() { w.tick(function) })
	}
}

// tick wakes a function, unless its ticks are off.
func (w *world) tick(function string) {
	if function == functionSweep && w.noSweep {
		return
	}
	for _, off := range w.faults.off[function] {
		if off.holds(w.now) {
			w.met["tick missed"]++
			return
		}
	}
	w.deliver(delivery{function: function})
	if w.strikes(w.faults.repeatTick, "tick repeated") {
		w.deliver(delivery{function: function})
	}
}

// planWeek puts the ticks of the first week on the agenda. When nothing goes wrong
// any more, fewer will do.
func (w *world) planWeek() {
	const calm = troubled + longestDelay
	w.ticks(functionSweep, tickEvery, calm, tickEvery)
	w.ticks(functionSweep, calm+seldom, theWeek, seldom)
	w.ticks(functionRemind, time.Hour, theWeek, 4*time.Hour)
	w.ticks(functionPurge, time.Minute, theWeek, day) // its first look goes back for years
	w.nights(0, theWeek)
}

// planWeeks puts the weeks on the agenda in which nothing happens but by the clock:
// reminders, deadlines, the end of copies that nobody looked at; calls of people
// whose file is about to be purged; and at last some days of work.
func (w *world) planWeeks() {
	w.ticks(functionSweep, theWeek+time.Hour, lateWork, quietly)
	w.ticks(functionRemind, theWeek+5*time.Hour, 39*day, quietly)
	w.ticks(functionRemind, 40*day, lateWork, 5*day)
	w.ticks(functionRemind, lateWork+time.Hour, theWeeks, 12*time.Hour)
	w.ticks(functionPurge, theWeek+6*time.Hour, theWeeks, day)
	w.ticks(functionSweep, lateWork, lateWork+workTime, seldom)
	w.ticks(functionSweep, lateWork+workTime, theWeeks, 6*time.Hour)
	w.nights(theWeek, theWeeks)
	w.callers()
	late := w.request(sender{"kim@later.example", dsr.TrustA})
	w.add(late, w.start.Add(firstCall))
	w.after(w.start.Add(lateWork).Sub(w.now), func() {
		w.left = map[dsr.OwnerID]bool{}
		for _, who := range w.staff {
			w.enter(who.invite)
		}
		w.after(time.Hour, func() { w.diligence(workTime) })
	})
}

// planMonths puts the ticks on the agenda that matter until files are purged. An
// old mail comes once more when they are, and somebody still has the form of a page
// open, as far as the bucket is concerned.
func (w *world) planMonths() {
	days := [][2]int{{131, 138}}
	if w.rules.Profile.Retention.FileMonths > shortest {
		days = [][2]int{{120, 121}, {366, 374}, {433, 444}}
	}
	for _, span := range days {
		w.daily(time.Duration(span[0])*day, time.Duration(span[1])*day)
	}
	end := time.Duration(days[len(days)-1][1]) * day
	if again := w.mails[w.rng.IntN(len(w.mails))]; again.poison == harmless {
		w.add(*again, w.start.Add(end-12*time.Hour))
	}
	w.after(w.start.Add(end-12*time.Hour).Sub(w.now), func() {
		for _, ref := range w.allFiles() {
			if content, uploaded := w.uploads[ref]; uploaded && w.chance(0.3) {
				w.upload(ref, content)
			}
		}
	})
}

// planYears puts the ticks on the agenda with which skeletons go.
func (w *world) planYears() { w.daily(1900*day, 1904*day) }

// daily wakes all functions twice a day, as far as two days are not too far apart.
func (w *world) daily(from, to time.Duration) {
	for _, function := range []string{functionSweep, functionRemind, functionPurge} {
		w.ticks(function, from, to, 12*time.Hour)
	}
	w.nights(from, to)
}

// nights lets the rules of the buckets look at each midnight.
func (w *world) nights(from, to time.Duration) {
	end := w.start.Add(to)
	for night := w.start.Add(from).Truncate(day).Add(day); !night.After(end); night = night.Add(day) {
		w.after(night.Sub(w.now), w.clean)
	}
}
