package simulation

import (
	"context"
	"errors"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// staffer is a member of staff with one browser: one session, many tabs.
type staffer struct {
	w      *world
	member organisation.Staff
	secret []byte
	step   int64    // of the last code they typed
	stay   []byte   // the session in the browser
	link   dsr.Link // with which it began
	tabs   []casework.Dossier
	drafts []draftTab
	copied dsr.OwnerID      // the copy that they looked at just now
	file   dsr.EnclosureRef // the file that they work on
	leaves map[string]bool  // mails for a person that they leave to others, and those that they opened
}

// draftTab is a page on which a draft waits for a second person.
type draftTab struct {
	c    dsr.Case
	hash [32]byte
}

// hire gives a member of staff who can sign in.
func (w *world) hire(member organisation.Staff) *staffer {
	s := &staffer{w: w, member: member, secret: secretOf(member.ID), leaves: map[string]bool{}}
	enrolled := dsr.Member{Actor: member.ActorID(), Enrolled: w.start}
	if err := w.memory.Enrol(context.Background(), enrolled, s.secret); err != nil {
		w.surprises = append(w.surprises, err)
	}
	return s
}

// handles reports whether this is somebody who works on cases.
func (s *staffer) handles() bool {
	return s.member.Has(organisation.RoleHandler) || s.member.Has(organisation.RoleOwner)
}

// code reads the next code from the phone: it waits for one that was not typed
// before, unless in haste.
func (s *staffer) code(p *person) string {
	if s.w.slip(0.02) {
		return "000000"
	}
	for s.step >= s.w.now.Unix()/30 && !s.w.slip(0.1) {
		p.wait(time.Unix(30*(s.step+1), 0).Sub(s.w.now))
	}
	s.step = s.w.now.Unix() / 30
	code, _ := codeAt(s.secret, s.step)
	return code
}

// signIn takes the link of a letter and a code, and opens a session with it.
func (s *staffer) signIn(p *person, letter posted) error {
	var stay []byte
	var link dsr.Link
	code := s.code(p)
	err := p.press(claim{function: functionDesk, act: "sign in"}, func(ctx context.Context, now time.Time, _ claim) error {
		verified, err := s.w.verify(letter.token, now)
		if err != nil {
			return err
		}
		id, err := s.w.desk.signing.SignIn(ctx, now, verified, code)
		stay, link = id, verified
		return err
	})
	if err == nil {
		s.stay, s.link = stay, link
	}
	return err
}

// onPage presses a button on a page that only staff see.
func (s *staffer) onPage(p *person, shown claim, do func(context.Context, time.Time, claim, dsr.Session) error) error {
	shown.function = functionDesk
	stay := s.stay
	return p.press(shown, func(ctx context.Context, now time.Time, form claim) error {
		session, err := s.w.desk.signing.Resume(ctx, now, stay)
		if err != nil {
			return err
		}
		return do(ctx, now, form, session)
	})
}

// dossier opens a case in a new tab.
func (s *staffer) dossier(p *person, id dsr.OwnerID) (opened casework.Dossier, err error) {
	err = s.onPage(p, claim{act: "open"}, func(ctx context.Context, now time.Time, _ claim, session dsr.Session) error {
		var err error
		opened, err = s.w.desk.reading.Open(ctx, now, session, id)
		return err
	})
	if err == nil {
		s.tabs = append(s.tabs, opened)
	}
	return opened, err
}

// visit is what comes of a letter in troubled times.
func (s *staffer) visit(p *person, letter posted) {
	if s.w.slip(0.05) { // takes the colleague's
		letter = s.w.sent[s.w.rng.IntN(len(s.w.sent))]
	}
	if s.w.link(letter).Purpose == dsr.OriginalMail {
		_ = s.openMail(p, letter)
		return
	}
	if err := s.signIn(p, letter); err != nil {
		return
	}
	p.pause()
	if s.w.link(letter).Purpose != dsr.SignIn {
		s.review(p)
	}
	if s.handles() || s.w.slip(0.1) {
		s.work(p, s.w.link(letter).Owner)
	}
}

// work is what a handler does on one visit: now and then the right thing, now
// and then on a page of yesterday.
func (s *staffer) work(p *person, id dsr.OwnerID) {
	for range 2 + s.w.rng.IntN(14) {
		opened, err := s.dossier(p, id)
		if err != nil {
			return
		}
		if s.w.slip(0.15) {
			opened = s.tabs[s.w.rng.IntN(len(s.tabs))]
		}
		p.pause()
		name := s.next(opened)
		if s.w.slip(0.2) {
			name = errands()[s.w.rng.IntN(len(errands()))]
		}
		if name == "" || s.run(p, opened, name) != nil && s.w.chance(0.3) {
			return
		}
		p.pause()
	}
}

// review is what the second person does on one visit.
func (s *staffer) review(p *person) {
	tab, err := s.draft(p)
	if err != nil {
		return
	}
	p.pause()
	verdict := []string{approve, approve, approve, sendBack, sendBack, refuseRelease}[s.w.rng.IntN(6)]
	if earlier := s.earlier(tab); s.w.slip(0.5) && earlier.hash != tab.hash {
		tab, verdict = earlier, approve
	}
	if failed(s.conclude(p, tab, verdict)) || s.w.slip(0.2) {
		p.pause()
		_ = s.conclude(p, tab, verdict) // the page says that it was decided, or decides now
	}
}

// earlier gives the tab that was opened first of those about the same case: they
// look alike.
func (s *staffer) earlier(tab draftTab) draftTab {
	at := slices.IndexFunc(s.drafts, func(other draftTab) bool { return other.c.ID == tab.c.ID })
	return s.drafts[at]
}

// draft opens the draft of the session's link in a new tab.
func (s *staffer) draft(p *person) (tab draftTab, err error) {
	err = s.onPage(p, claim{act: "review"}, func(ctx context.Context, now time.Time, _ claim, session dsr.Session) error {
		c, draft, err := s.w.desk.reviewing.Review(ctx, now, session)
		tab = draftTab{c, draft.Hash}
		return err
	})
	if err == nil {
		s.drafts = append(s.drafts, tab)
	}
	return tab, err
}

// What a second person says.
const (
	approve       = "approve"
	sendBack      = "send back"
	refuseRelease = "refuse release"
)

// conclude says it about the draft of a tab.
func (s *staffer) conclude(p *person, tab draftTab, verdict string) error {
	sheet := casework.Sheet{Case: tab.c.ID, Rev: tab.c.Rev, Code: s.code(p)}
	shown := claim{act: verdict, link: s.link.ID, sheet: &sheet, seen: tab.hash}
	reviewing := s.w.desk.reviewing
	return s.onPage(p, shown, func(ctx context.Context, now time.Time, form claim, session dsr.Session) error {
		form.sheet.Session = session
		switch verdict {
		case approve:
			return reviewing.Approve(ctx, now, *form.sheet, form.seen)
		case sendBack:
			return reviewing.SendBack(ctx, now, *form.sheet, form.seen, "Graag nog eens kijken.")
		default:
			return reviewing.RefuseRelease(ctx, now, *form.sheet, form.seen, "Is dit wel dezelfde?")
		}
	})
}

// diligent is what a member of staff does when nothing goes wrong any more: look
// at every draft and every case, until there is nothing left to do.
func (s *staffer) diligent(p *person) {
	for !s.w.workDone() {
		s.openMails(p)
		s.approveAll(p)
		if s.handles() {
			s.handleAll(p)
		}
		p.wait(90 * time.Minute)
	}
}

// approveAll approves each draft that waits for this person.
func (s *staffer) approveAll(p *person) {
	waiting := func(c dsr.Case) bool { return c.State == dsr.InReview && !s.w.left[c.ID] }
	for _, c := range s.w.memory.AllCases() {
		letters := s.w.inbox([]string{s.member.Email}, func(one posted) bool {
			return one.number == c.Number && one.letter.Kind == dsr.ReviewNotice
		})
		for _, letter := range letters[:min(len(letters), 2)] {
			if !waiting(s.w.known(c.Number)) || s.signIn(p, letter) != nil {
				continue
			}
			if tab, err := s.draft(p); err == nil {
				_ = s.conclude(p, tab, approve) // what is refused is there again the next time
			}
		}
	}
}

// handleAll does what there is to do for each case.
func (s *staffer) handleAll(p *person) {
	for _, c := range s.w.memory.AllCases() {
		waits := c.State.Open() && (!c.Work.Disowned || s.w.catchesUp()) || s.w.calls[c.Number]
		if waits && !s.w.left[c.ID] && s.letIn(p) {
			s.finish(p, c.ID)
		}
	}
}

// finish takes a case as far as a handler can.
func (s *staffer) finish(p *person, id dsr.OwnerID) {
	for range 40 {
		opened, err := s.dossier(p, id)
		if err != nil {
			return
		}
		name := s.next(opened)
		if name == "" || s.run(p, opened, name) != nil {
			return
		}
	}
}

// letIn sees to it that there is a session: the one of before, or a new one with
// the newest link.
func (s *staffer) letIn(p *person) bool {
	err := s.onPage(p, claim{act: "look in"}, func(context.Context, time.Time, claim, dsr.Session) error { return nil })
	if err == nil {
		return true
	}
	letters := s.w.inbox([]string{s.member.Email}, func(one posted) bool {
		return s.w.link(one).Purpose == dsr.SignIn
	})
	return slices.ContainsFunc(letters[:min(len(letters), 4)], func(letter posted) bool {
		err := s.signIn(p, letter)
		return err == nil || !errors.Is(err, casework.ErrLinkDead) && !errors.Is(err, errEnded) && s.signIn(p, letter) == nil
	})
}
