package simulation

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// filesOf lists the files of a case.
func (s *staffer) filesOf(p *person, id dsr.OwnerID) (files []casework.NamedFile) {
	_ = s.onPage(p, claim{act: "list files"}, func(ctx context.Context, _ time.Time, _ claim, _ dsr.Session) error {
		var err error
		files, err = s.w.desk.handling.FilesOf(ctx, id)
		return err
	})
	return files
}

// study looks at a copy of a case, if there is one, and gives it as the proof to
// judge by. In haste it does without the look.
func (s *staffer) study(p *person, on casework.Dossier) dsr.OwnerID {
	for _, file := range s.filesOf(p, on.Case.ID) {
		if file.Ref.Kind != dsr.IDCopyFile || file.State != dsr.Kept {
			continue
		}
		if s.w.slip(0.1) || s.lookAt(p, on, file.Enclosure) == nil {
			return file.Ref.ID
		}
	}
	return dsr.OwnerID{}
}

// lookAt looks at a copy, first blurred and then sharp. What it shows must be what
// was sent.
func (s *staffer) lookAt(p *person, on casework.Dossier, file dsr.Enclosure) error {
	sheet := casework.Sheet{Case: on.Case.ID, Rev: on.Case.Rev}
	shown := claim{act: "look at a copy", sheet: &sheet}
	return s.onPage(p, shown, func(ctx context.Context, now time.Time, form claim, session dsr.Session) error {
		form.sheet.Session = session
		if _, err := s.w.desk.handling.BlurredCopy(ctx, session, file.Ref); err != nil {
			return err
		}
		picture, err := s.w.desk.handling.LookAtCopy(ctx, now, *form.sheet, file.Ref)
		if want := pictureOf(s.w.sentAs(file)); err == nil && !bytes.Equal(picture, want) {
			s.w.surprises = append(s.w.surprises, fmt.Errorf("copy %s shows %q, want %q", file.Ref.Tag(), picture, want))
		}
		return err
	})
}

// sentAs gives what a copy was when it was sent.
func (w *world) sentAs(file dsr.Enclosure) string {
	for _, mail := range w.mails {
		if mail.id == file.Mail.MailID {
			return mail.files[file.Mail.N-1]
		}
	}
	return w.uploads[file.Ref]
}

// source is where a file is found, and for which right.
type source struct {
	system string
	right  dsr.Right
}

// gathers draws where a file can be found for a case, for a right that is granted or
// not, unless there are enough of them by now. A system that holds nothing has none.
func (s *staffer) gathers(on casework.Dossier) (from source, gathers bool) {
	files := 0
	for _, event := range on.History {
		files += btoi(event.Kind == dsr.FileAnnounced)
	}
	var sources []source
	for _, right := range on.Case.Rights {
		for _, system := range s.w.rules.Profile.DataMap.Systems {
			if slices.Contains(right.Results(), dsr.Found) && foundIn(on, system.ID, right) != dsr.NothingFound {
				sources = append(sources, source{system.ID, right})
			}
		}
	}
	if len(sources) == 0 || files >= 4 {
		return source{}, false
	}
	return sources[s.w.rng.IntN(len(sources))], true
}

// deliver uploads a file that was announced: at once, hours later, as an empty
// one, twice, or not at all.
func (s *staffer) deliver(ref dsr.EnclosureRef) {
	w := s.w
	if ref.Kind != dsr.FoundFile || w.slip(0.15) {
		return
	}
	content, late := fmt.Sprintf("file %d", w.rng.Uint32()), w.delay(20*time.Minute)
	switch {
	case w.slip(0.1):
		content = ""
	case w.slip(0.1):
		late = w.upTo(30 * time.Hour)
	case w.slip(0.2):
		w.after(w.delay(3*time.Hour), func() { w.upload(ref, content) })
	}
	w.after(late, func() { w.upload(ref, content) })
	if w.slip(0.3) { // and thinks better of it
		w.after(late+w.upTo(10*time.Second), func() {
			w.enter(func(p *person) {
				if opened, err := s.dossier(p, ref.Case); err == nil {
					_ = s.run(p, opened, doRemove)
				}
			})
		})
	}
}

// someFile gives a file that was found for a case.
func (s *staffer) someFile(p *person, on casework.Dossier) dsr.EnclosureRef {
	for _, file := range s.filesOf(p, on.Case.ID) {
		if file.Ref.Kind == dsr.FoundFile && !file.Ended() {
			return file.Ref
		}
	}
	return dsr.EnclosureRef{Case: on.Case.ID, Kind: dsr.FoundFile}
}

// asksCopy reports whether the policy wants a copy for something that a case asks.
func asksCopy(c dsr.Case) bool { return slices.Contains(c.Rights, dsr.Access) }

// nextProof gives what a handler does until it is shown who this is. Whoever asked
// for a copy waits for it for some hours.
func (s *staffer) nextProof(c dsr.Case) string {
	waited := s.w.now.Sub(c.Work.CopyAsked)
	switch {
	case s.w.slip(0.1):
		return doDoubt
	case c.Work.CopyAsked.IsZero() && asksCopy(c) && s.w.chance(0.2):
		return doAskCopy
	case c.TakesCopy() && waited < 5*time.Hour && s.w.chance(0.7):
		return ""
	}
	return doJudge
}

// openMail opens a mail that waits for a person.
func (s *staffer) openMail(p *person, letter posted) error {
	code := s.code(p)
	return p.press(claim{function: functionDesk, act: "open a mail"}, func(ctx context.Context, now time.Time, _ claim) error {
		link, err := s.w.verify(letter.token, now)
		if err != nil {
			return err
		}
		_, err = s.w.desk.originals.Open(ctx, now, link, code)
		return err
	})
}

// openMails opens some of the mails that wait for somebody, with the link that came
// last, and leaves the others to others.
func (s *staffer) openMails(p *person) {
	for _, letter := range s.w.inbox([]string{s.member.Email}, func(one posted) bool { return one.letter.Kind == dsr.MailNotice }) {
		id := letter.letter.MailID
		if !s.leaves[id] && s.w.chance(0.35) {
			_ = s.openMail(p, letter)
		}
		s.leaves[id] = true
	}
}

// invite has the operator send a link to sign in: those of before have ended.
func (s *staffer) invite(p *person) {
	_ = p.press(claim{function: functionDesk, act: "invite"}, func(ctx context.Context, now time.Time, _ claim) error {
		_, err := s.w.desk.inviting.Invite(ctx, now, s.member.ID)
		return err
	})
}
