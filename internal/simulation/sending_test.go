package simulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// formLife is for how long the form of a page takes a file.
const formLife = time.Hour

// sendCopies sends copies of an identity document, in troubled times: clear or
// not, one after the other, a dozen at once, or long after the page was opened.
func (c *customer) sendCopies(p *person, letter posted) {
	copies, longest := 1, formLife
	switch {
	case c.w.slip(0.06):
		copies, longest = 12, time.Minute
	case c.w.slip(0.4):
		copies = 2
	}
	for range copies {
		ref, err := c.uploadPage(p, letter)
		if err != nil {
			return
		}
		p.wait(c.w.delay(longest))
		if c.w.slip(0.6) { // just before a tick
			next := c.w.now.Truncate(tickEvery).Add(tickEvery - c.w.upTo(30*time.Second))
			p.wait(max(0, next.Sub(c.w.now)))
		}
		c.send(ref, []string{"clear", unclear}[c.w.rng.IntN(2)])
	}
}

// uploadPage opens the page that takes a copy.
func (c *customer) uploadPage(p *person, letter posted) (ref dsr.EnclosureRef, err error) {
	err = c.onPage(p, "open the page for a copy", letter, "", func(ctx context.Context, _ time.Time, link dsr.Link) error {
		_, given, err := c.w.portal.uploading.Look(ctx, link)
		ref = given
		return err
	})
	return ref, err
}

// send uploads one copy. A browser may do so twice. Others are often at work on
// the case at that very moment.
func (c *customer) send(ref dsr.EnclosureRef, quality string) {
	w := c.w
	content := fmt.Sprintf("copy %d %s", w.rng.Uint32(), quality)
	w.upload(ref, content)
	if w.slip(0.2) {
		w.after(w.delay(formLife), func() { w.upload(ref, content) })
	}
	if w.slip(0.8) {
		w.after(w.upTo(10*time.Second), func() { w.meddle(ref.Case) })
	}
}

// meddle lets somebody end what a copy is for while it is on its way.
func (w *world) meddle(id dsr.OwnerID) {
	number := w.standing(id).Number
	if w.chance(0.4) {
		for _, who := range w.customers {
			for _, letter := range who.letters(dsr.Acknowledgement) {
				if letter.number == number {
					w.enter(func(p *person) { _ = who.withdraw(p, letter) })
				}
			}
		}
		return
	}
	who := w.staff[w.rng.IntN(len(w.staff))]
	w.enter(func(p *person) {
		if opened, err := who.dossier(p, id); err == nil {
			_ = who.run(p, opened, []string{doJudge, doDoubt, doNobody, doNobody}[w.rng.IntN(4)])
		}
	})
}

// sendAsked sends a clear copy for each letter that asks one, or none: nobody
// has to.
func (c *customer) sendAsked(p *person) {
	for _, kind := range []dsr.LetterKind{dsr.CopyLetter, dsr.CopyAgainLetter} {
		for _, letter := range c.letters(kind) {
			if c.settled[letter.token] {
				continue
			}
			ref, err := c.uploadPage(p, letter)
			if c.settled[letter.token] = !failed(err); err == nil && c.w.chance(0.7) {
				c.send(ref, "clear")
			}
		}
	}
}

// download fetches the files of an answer that was just shown, at times too late or
// twice.
func (c *customer) download(p *person, letter posted) {
	ticket := c.tickets[letter.token]
	if ticket == "" {
		return
	}
	if c.w.chance(0.35) {
		p.wait(c.w.upTo(40 * time.Minute))
	}
	again := c.w.chance(0.2)
	for range 8 {
		err := c.fetchFiles(p, letter, ticket)
		if err == nil && again {
			again = false
			p.wait(c.w.delay(20 * time.Minute))
			continue
		}
		if ending(err) != "not ready" && !failed(err) {
			return
		}
		p.wait(2 * time.Minute)
	}
}

// fetchFiles asks for the address of the files, and follows it.
func (c *customer) fetchFiles(p *person, letter posted, ticket string) error {
	var handout casework.Handout
	var by *run
	err := c.onPage(p, "download", letter, "", func(ctx context.Context, now time.Time, link dsr.Link) error {
		var err error
		by = ctx.Value(runKey{}).(*run)
		handout, err = c.w.portal.collecting.Download(ctx, now, link, ticket)
		return err
	})
	if err == nil {
		p.wait(c.w.upTo(time.Minute))
		c.w.fetch(by, c.w.known(letter.number).ID, handout)
	}
	return err
}

// callers lets people ask for their answer once more, just when its file is to be
// purged. The functions are woken often then.
func (w *world) callers() {
	if w.rules.Profile.Retention.FileMonths > shortest {
		return
	}
	cases := w.memory.AllCases()
	slices.SortStableFunc(cases, func(a, b dsr.Case) int { return len(w.approved[b.ID]) - len(w.approved[a.ID]) })
	for _, c := range cases[:min(3, len(cases))] {
		if c.State != dsr.Closed || !c.Discloses() {
			continue
		}
		due := c.DueAt.Sub(w.start)
		w.faults.again = append(w.faults.again, span{c.DueAt.Add(-2 * time.Hour), c.DueAt.Add(4 * time.Hour)})
		w.ticks(functionPurge, due-time.Hour, due+10*time.Hour, tickEvery)
		w.ticks(functionSweep, due-time.Hour, due+10*time.Hour, tickEvery)
		w.after(c.DueAt.Add(-w.upTo(80*time.Minute)).Sub(w.now), func() { w.call(c) })
	}
}

// call lets a handler who is rung up send an answer once more, and the one whose
// it is fetch it.
func (w *world) call(c dsr.Case) {
	w.met["call before a purge"]++
	for _, who := range w.staff {
		if !who.handles() {
			continue
		}
		w.enter(func(p *person) {
			who.invite(p)
			p.wait(5 * time.Minute)
			if !who.letIn(p) {
				return
			}
			if opened, err := who.dossier(p, c.ID); err == nil {
				_ = who.run(p, opened, doAnswer)
			}
		})
	}
	for _, who := range w.customers {
		if slices.Contains(who.addresses, c.OnFile.Contacts[0].Address) {
			w.after(20*time.Minute, func() { w.enter(func(p *person) { who.callAgain(p, c.Number) }) })
		}
	}
}

// callAgain collects an answer with the letter that came last.
func (c *customer) callAgain(p *person, number dsr.Number) {
	for range 4 {
		letters := c.w.inbox(c.addresses, func(one posted) bool {
			return one.number == number && c.w.link(one).Purpose == dsr.CollectAnswer
		})
		if len(letters) > 0 && c.askCode(p, letters[0]) == nil {
			p.wait(5 * time.Minute)
			if codes := c.codes(letters[0]); len(codes) > 0 && c.show(p, letters[0], codes[0].code) == nil {
				c.download(p, letters[0])
				return
			}
		}
		p.wait(10 * time.Minute)
	}
}
