package simulation

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// person is somebody who does one thing after the other. Like a run, a person is
// a coroutine. One human can be several: somebody with two tabs open is.
type person struct {
	w    *world
	wait func(time.Duration)
	next func() (time.Duration, bool)
}

// forAPage is how long a person waits who waits for a page.
const forAPage time.Duration = -1

// enter lets a person live from now on.
func (w *world) enter(live func(*person)) {
	p := &person{w: w}
	p.next, _ = iter.Pull(func(yield func(time.Duration) bool) {
		p.wait = func(d time.Duration) { yield(d) }
		live(p)
	})
	p.goOn()
}

// goOn lets a person go on until they wait or are done.
func (p *person) goOn() {
	if wait, lives := p.next(); lives && wait != forAPage {
		p.w.after(wait, p.goOn)
	}
}

// press presses a button and waits for the page. Careless people press again,
// at once or hours later, and do not look at what comes of it.
func (p *person) press(shown claim, do func(context.Context, time.Time, claim) error) error {
	if p.w.slip(0.15) {
		p.w.met["pressed again"]++
		p.w.after(p.w.delay(5*time.Hour), func() { p.w.serve(shown, do, func(error) {}) })
	}
	var err error
	ended, waiting := false, false
	p.w.serve(shown, do, func(ending error) {
		err, ended = ending, true
		if waiting {
			p.goOn()
		}
	})
	if !ended {
		waiting = true
		p.wait(forAPage)
	}
	return err
}

// slip is true with a probability as long as people make mistakes.
func (w *world) slip(p float64) bool { return w.careless() && w.chance(p) }

// pause waits as long as somebody looks at a page: mostly for a moment, at times
// for as long as it takes to forget what was on it.
func (p *person) pause() {
	switch w := p.w; {
	case !w.careless():
		p.wait(time.Minute)
	case w.chance(0.1):
		p.wait(w.delay(30 * time.Hour))
	default:
		p.wait(w.delay(10 * time.Minute))
	}
}

// late draws how late somebody comes to their mail.
func (w *world) late() time.Duration {
	longest := []time.Duration{5 * time.Minute, 30 * time.Minute, 3 * time.Hour, 20 * time.Hour, 80 * time.Hour}
	return w.delay(longest[min(w.rng.IntN(7), w.rng.IntN(len(longest)))])
}

// people lets everybody into the world. As long as things go wrong they come
// when they get a letter; afterwards they look by themselves.
func (w *world) people() {
	for _, member := range w.rules.Profile.Staff {
		if member.Active {
			w.staff = append(w.staff, w.hire(member))
		}
	}
	for _, addresses := range readers() {
		w.customers = append(w.customers, &customer{w: w, addresses: addresses, settled: map[string]bool{}, tickets: map[string]string{}})
	}
	w.after(w.faults.until.Sub(w.now)+2*time.Minute, func() {
		for _, c := range w.memory.AllCases() {
			w.left[c.ID] = c.State.Undecided() && w.chance(0.25)
		}
		w.diligence(settling)
	})
}

// diligence lets everybody do what is to be done, for some time.
func (w *world) diligence(lasts time.Duration) {
	w.workFrom, w.workUntil = w.now, w.now.Add(lasts-8*time.Hour)
	for _, one := range w.staff {
		w.enter(one.diligent)
	}
	for _, one := range w.customers {
		w.enter(one.diligent)
	}
}

// catchesUp reports whether people do what they left for weeks.
func (w *world) catchesUp() bool { return !w.now.Before(w.start.Add(lateWork)) }

// workDone is when people stop: what they did last has to come to its end.
func (w *world) workDone() bool { return w.now.After(w.workUntil) }

// bring lays a letter in its mailbox, and lets its reader come, some time, or
// several times, or never.
func (w *world) bring(one posted) {
	for w.slip(0.7) {
		w.after(w.late(), func() { w.open(one) })
	}
}

// open lets the reader of a letter come with it.
func (w *world) open(one posted) {
	for _, who := range w.staff {
		if who.member.Email == one.to {
			w.enter(func(p *person) { who.visit(p, one) })
		}
	}
	for _, who := range w.customers {
		if slices.Contains(who.addresses, one.to) {
			w.enter(func(p *person) { who.visit(p, one) })
		}
	}
}

// inbox gives the letters in some mailboxes that fit, the newest first.
func (w *world) inbox(addresses []string, fits func(posted) bool) []posted {
	var found []posted
	for _, one := range slices.Backward(w.sent) {
		if !one.bounced && slices.Contains(addresses, one.to) && fits(one) {
			found = append(found, one)
		}
	}
	return found
}

// toStaff reports whether a letter is one for staff.
func (one posted) toStaff() bool { return strings.HasPrefix(string(one.letter.Kind), "S") }

// link gives what the link of a letter says.
func (w *world) link(one posted) dsr.Link { return w.links[one.token] }

// known gives the case with a number, as somebody would know it who knows all.
func (w *world) known(number dsr.Number) dsr.Case {
	background := context.Background()
	id, err := w.memory.CaseOfNumber(background, number)
	if err != nil {
		return dsr.Case{}
	}
	file, err := w.memory.File(background, id)
	if err != nil {
		return w.standing(id)
	}
	return file.Case
}

// secretOf gives what makes the codes of a member of staff.
func secretOf(id string) []byte { return fmt.Appendf(nil, "the secret of %s, of some length", id) }
