package simulation

import (
	"context"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// customer is a data subject, or somebody who says so, with the mailboxes that
// they read.
type customer struct {
	w         *world
	addresses []string
	settled   map[string]bool   // the links with which nothing is left to do
	tickets   map[string]string // for files, by the links that gave them
}

// visit is what comes of a letter in troubled times.
func (c *customer) visit(p *person, letter posted) {
	if older := c.letters(letter.letter.Kind); c.w.slip(0.2) {
		letter = older[c.w.rng.IntN(len(older))]
	}
	switch letter.letter.Kind {
	case dsr.Acknowledgement:
		if c.w.chance(0.15) {
			_ = c.withdraw(p, letter)
		}
	case dsr.ConfirmLetter:
		c.answer(p, letter)
	case dsr.CopyLetter, dsr.CopyAgainLetter:
		c.sendCopies(p, letter)
	case dsr.WaitLetter:
		if c.w.chance(0.7) {
			_ = c.stop(p, letter)
		}
	case dsr.AnswerLetter, dsr.RefusalLetter:
		c.collect(p, letter)
	}
}

// letters gives the letters of a kind that came so far, the newest first.
func (c *customer) letters(kind dsr.LetterKind) []posted {
	return c.w.inbox(c.addresses, func(one posted) bool { return one.letter.Kind == kind })
}

// onPage presses a button behind a link.
func (c *customer) onPage(p *person, act string, letter posted, code string,
	do func(ctx context.Context, now time.Time, link dsr.Link) error,
) error {
	shown := claim{function: functionPortal, act: act, link: c.w.link(letter).ID, code: code}
	return p.press(shown, func(ctx context.Context, now time.Time, _ claim) error {
		link, err := c.w.verify(letter.token, now)
		if err != nil {
			return err
		}
		return do(ctx, now, link)
	})
}

// number is what somebody types from a letter.
func (c *customer) number(letter posted) string {
	if c.w.slip(0.05) {
		return "AVG-2026-9999"
	}
	return string(letter.number)
}

// answer says whether a request is theirs: mostly the truth, and at times both.
func (c *customer) answer(p *person, letter posted) {
	mine := c.wrote(letter.number)
	if c.w.slip(0.15) {
		mine = !mine
	}
	if c.w.slip(0.1) {
		c.w.enter(func(other *person) { _ = c.confirm(other, letter, !mine) })
	}
	for failed(c.confirm(p, letter, mine)) && c.w.chance(0.7) {
		p.pause()
	}
}

// wrote reports whether a customer wrote what opened a case. What has no
// evidence is a forgery, but for the one whose provider gives none.
func (c *customer) wrote(number dsr.Number) bool {
	opened := c.w.known(number)
	sender := opened.Requester.Address
	for _, address := range c.addresses {
		if address == sender {
			return believed(opened.Trust) || sender == "cas@drie.example"
		}
	}
	return false
}

// confirm says that a request is theirs, or that it is not.
func (c *customer) confirm(p *person, letter posted, mine bool) error {
	act := map[bool]string{true: "this is mine", false: "this was not me"}[mine]
	number := c.number(letter)
	return c.onPage(p, act, letter, "", func(ctx context.Context, now time.Time, link dsr.Link) error {
		return c.w.portal.confirming.Confirm(ctx, now, link, number, mine)
	})
}

// stop keeps an answer from leaving.
func (c *customer) stop(p *person, letter posted) error {
	number := c.number(letter)
	return c.onPage(p, "stop", letter, "", func(ctx context.Context, now time.Time, link dsr.Link) error {
		return c.w.portal.confirming.Stop(ctx, now, link, number)
	})
}

// withdraw takes the request back: with the address that they wrote from, where
// the receipt came in.
func (c *customer) withdraw(p *person, letter posted) error {
	wrote := letter.to
	if c.w.slip(0.1) {
		wrote = "iemand@anders.example"
	}
	return c.onPage(p, "withdraw", letter, "", func(ctx context.Context, now time.Time, link dsr.Link) error {
		return c.w.portal.confirming.Withdraw(ctx, now, link, wrote)
	})
}

// collect asks codes and tries them, in troubled times: some wrong, some late,
// some that a newer one took the place of.
func (c *customer) collect(p *person, letter posted) {
	for range 1 + c.w.rng.IntN(3) {
		if err := c.askCode(p, letter); err != nil && !failed(err) {
			return
		}
		p.wait(c.w.delay(25 * time.Minute))
		codes := c.codes(letter)
		for range 1 + c.w.rng.IntN(2) {
			code := "000000"
			if len(codes) > 0 && !c.w.slip(0.15) {
				code = codes[min(c.w.rng.IntN(2), c.w.rng.IntN(len(codes)))].code
			}
			if c.w.slip(0.3) { // with both thumbs
				c.w.enter(func(other *person) { _ = c.show(other, letter, code) })
			}
			if c.show(p, letter, code) == nil { // else the page says what is wrong
				c.download(p, letter)
			}
			p.wait(c.w.delay(2 * time.Minute))
		}
	}
}

// askCode asks for a one-time code.
func (c *customer) askCode(p *person, letter posted) error {
	number := c.number(letter)
	return c.onPage(p, "ask a code", letter, "", func(ctx context.Context, now time.Time, link dsr.Link) error {
		return c.w.portal.collecting.SendCode(ctx, now, link, number)
	})
}

// codes gives the letters with codes for an answer, the newest first.
func (c *customer) codes(answer posted) []posted {
	return c.w.inbox(c.addresses, func(one posted) bool {
		return one.letter.Kind == dsr.CodeLetter && one.number == answer.number
	})
}

// show types a code, and sees the answer when it is right. An answer is seen
// also when whoever asked for it has looked away.
func (c *customer) show(p *person, letter posted, code string) error {
	return c.onPage(p, "show the answer", letter, code, func(ctx context.Context, now time.Time, link dsr.Link) error {
		answer, err := c.w.portal.collecting.Open(ctx, now, link, code)
		if r := ctx.Value(runKey{}).(*run); err == nil {
			c.w.show(r, answer.Answer)
			c.tickets[letter.token] = answer.Ticket
		}
		return err
	})
}

// diligent is what a customer does when nothing goes wrong any more: answer each
// question truly, and collect each answer. To stop one is no mistake.
func (c *customer) diligent(p *person) {
	for !c.w.workDone() {
		for _, letter := range c.letters(dsr.ConfirmLetter) {
			if !c.settled[letter.token] {
				err := c.confirm(p, letter, c.wrote(letter.number))
				c.settled[letter.token] = !failed(err)
			}
		}
		for _, letter := range c.letters(dsr.WaitLetter) {
			if !c.settled[letter.token] {
				c.settled[letter.token] = !c.w.chance(0.15) || !failed(c.stop(p, letter))
			}
		}
		c.sendAsked(p)
		c.regret(p)
		for _, kind := range []dsr.LetterKind{dsr.AnswerLetter, dsr.RefusalLetter} {
			for _, letter := range c.letters(kind) {
				c.fetch(p, letter)
			}
		}
		c.missLetters()
		p.wait(2 * time.Hour)
	}
}

// regret withdraws a request now and then that was decided: too late.
func (c *customer) regret(p *person) {
	for _, letter := range c.letters(dsr.Acknowledgement) {
		if !c.settled[letter.token] && !c.w.known(letter.number).State.Stoppable() {
			c.settled[letter.token] = true
			if c.w.chance(0.1) {
				_ = c.withdraw(p, letter)
			}
		}
	}
}

// hurry types a code, at times with both thumbs: then one of the two pages shows
// the answer.
func (c *customer) hurry(p *person, letter posted, code string) error {
	both := c.w.chance(0.3)
	if both {
		c.w.enter(func(other *person) {
			if c.show(other, letter, code) == nil {
				c.settled[string(letter.number)] = true
			}
		})
	}
	err := c.show(p, letter, code)
	if both {
		p.wait(time.Minute)
	}
	return err
}

// missLetters rings up about an answer whose letter never came: it was returned,
// and the report of that was lost as well.
func (c *customer) missLetters() {
	for _, known := range c.w.memory.AllCases() {
		contacts := known.OnFile.Contacts
		if known.State != dsr.Closed || !known.Discloses() || !slices.Contains(c.addresses, contacts[0].Address) {
			continue
		}
		letters := c.w.inbox(c.addresses, func(one posted) bool {
			return one.number == known.Number && one.letter.Kind.Answers()
		})
		if len(letters) == 0 {
			c.w.calls[known.Number] = true
		}
	}
}

// fetch collects an answer that was not collected, and rings up when that cannot
// be done any more.
func (c *customer) fetch(p *person, letter posted) {
	answered := string(letter.number)
	if c.w.link(letter).Purpose != dsr.CollectAnswer || c.settled[answered] || c.settled[letter.token] {
		return
	}
	err := c.askCode(p, letter)
	if err == nil {
		p.wait(5 * time.Minute)
		codes := c.codes(letter)
		if len(codes) == 0 {
			return
		}
		if err = c.hurry(p, letter, codes[0].code); err == nil || c.settled[answered] {
			c.settled[answered] = true
			c.download(p, letter)
			return
		}
	}
	if c.settled[letter.token] = !failed(err); c.settled[letter.token] {
		c.w.calls[letter.number] = true
	}
}
