package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

var (
	// ErrStale is returned for an act on a case that changed since its page or
	// link was made: whoever acts would decide on something else than they saw.
	ErrStale = errors.New("the case changed in between")
	// ErrDecided is returned for an act with a link that was used for one before.
	ErrDecided = errors.New("already decided with this link")
	// ErrOwnRequest is returned when a member of staff is the data subject.
	ErrOwnRequest = errors.New("nobody works on their own request")
	// ErrNotYours is returned for an act that is not for this member of staff.
	ErrNotYours = errors.New("this act is for another member of staff")
)

// Handling is what a handler does to a case at the desk, one method per act,
// each in its own file. An act that asks a code takes it from the sheet.
type Handling struct {
	Answering
	Cases     Cases
	Letters   Letters
	Bodies    Bodies
	SigningIn SigningIn
	Preview   Preview

	Files     Files
	Enclosure EnclosureOf
}

// Sheet is the page from which a member of staff acts: who they are, which case
// it shows, and how the case stood. Code is empty where none is asked.
type Sheet struct {
	Session dsr.Session
	Case    dsr.OwnerID
	Rev     int
	Code    string
}

// deed is what an act does to the case it was given.
type deed struct {
	event   dsr.Event // its kind and facts
	note    dsr.Note  // what it says about people; sealed
	letters []dsr.Letter
	tasks   []dsr.Task
	files   []EnclosureMove
	spend   *LinkRef
}

// step changes a case and says what that was.
type step func(file *File) (deed, error)

// act performs a handler's act on the case as it stands now, provided that it
// is still the case they saw.
func (h Handling) act(ctx context.Context, now time.Time, sheet Sheet, do step) error {
	return h.perform(ctx, now, sheet, h.mayHandle, do)
}

// actWithCode performs an act that asks the code again, for what cannot be
// undone. The code is taken when everything else is in order, and once: a
// mistake in a form costs no code, and neither does a second attempt.
func (h Handling) actWithCode(ctx context.Context, now time.Time, sheet Sheet, do step) error {
	return h.perform(ctx, now, sheet, h.mayHandle, h.coded(ctx, now, sheet, do))
}

// coded lets a step end with the code of the member of staff.
func (h Handling) coded(ctx context.Context, now time.Time, sheet Sheet, do step) step {
	given := false
	return func(file *File) (deed, error) {
		done, err := do(file)
		if err != nil || given {
			return done, err
		}
		err = h.SigningIn.CheckAct(ctx, now, sheet.Session, sheet.Code)
		given = err == nil // a fault of the store is no code
		return done, err
	}
}

// permit says whether a member of staff may act on a case.
type permit func(actor dsr.ActorID, c dsr.Case) error

// perform reads, checks, changes and commits, again while somebody is faster.
// Copies of identity documents that the act left without a use are destroyed at
// once.
func (h Handling) perform(ctx context.Context, now time.Time, sheet Sheet, may permit, do step) error {
	var done deed
	err := h.decide(ctx, func() error {
		file, err := h.Cases.File(ctx, sheet.Case)
		if err != nil {
			return err
		}
		if err := may(sheet.Session.Actor, file.Case); err != nil {
			return err
		}
		if file.Case.Rev != sheet.Rev {
			return ErrStale
		}
		before := file.Case.State
		if done, err = do(&file); err != nil {
			return err
		}
		if before.Undecided() && !file.Case.State.Undecided() {
			condemned, err := h.Enclosures.condemn(ctx, now, sheet.Case, reasonDecided, dsr.IDCopyFile)
			if err != nil {
				return err
			}
			done.files = append(done.files, condemned...)
		}
		return h.commit(ctx, now, file, sheet.Session.Actor, done)
	})
	if err != nil {
		return fmt.Errorf("acting on case %s: %w", sheet.Case, err)
	}
	h.destroyCopies(ctx, now, done.files)
	return nil
}

// commit stores a case with what was done to it.
func (h Handling) commit(ctx context.Context, now time.Time, file File, actor dsr.ActorID, done deed) error {
	file.Case.Seq++
	event := done.event
	event.Seq, event.At, event.Actor = file.Case.Seq, now, actor
	if done.note != (dsr.Note{}) {
		personal, err := json.Marshal(done.note)
		if err != nil {
			return fmt.Errorf("writing down a note: %w", err)
		}
		event.Personal = personal
	}
	return h.Cases.Commit(ctx, Change{
		File: file, Event: event, Letters: done.letters, Tasks: done.tasks, Enclosures: done.files, Spend: done.spend, At: now,
	})
}

// mayHandle says whether a member of staff may work on a case.
func (h Handling) mayHandle(actor dsr.ActorID, c dsr.Case) error {
	member, err := h.Rules.worker(actor, c)
	if err == nil && !handles(member) {
		return ErrNotYours
	}
	return err
}

// handles reports whether a member of staff works on cases.
func handles(member organisation.Staff) bool {
	return member.Has(organisation.RoleHandler) || member.Has(organisation.RoleOwner)
}

// worker gives somebody who works here now and is not whom the case is about.
// Who that is says the file once somebody was matched; before that it is whoever
// believably wrote. Where one person does all the work, their own request too
// must find an end: it waits a day like any other there.
func (r Rules) worker(actor dsr.ActorID, c dsr.Case) (organisation.Staff, error) {
	member, ok := r.Profile.StaffByActor(actor)
	if !ok || !member.Active {
		return organisation.Staff{}, ErrNotStaff
	}
	if about(member, c) && !r.alone(actor) {
		return organisation.Staff{}, ErrOwnRequest
	}
	return member, nil
}

// about reports whether a member of staff is whom a case is about.
func about(member organisation.Staff, c dsr.Case) bool {
	if c.Work.Match != dsr.Matched {
		believed := dsr.Trust{Level: c.Trust}.Answerable()
		return believed && sameMailbox(member.Email, c.Requester.Address)
	}
	return slices.ContainsFunc(c.OnFile.Contacts, func(contact dsr.Contact) bool {
		return sameMailbox(member.Email, contact.Address)
	})
}

// alone reports whether nobody but this member of staff works here. It asks the
// organisation file alone: no mail may make a second person disappear.
func (r Rules) alone(actor dsr.ActorID) bool {
	return !slices.ContainsFunc(r.Profile.Staff, func(other organisation.Staff) bool {
		return other.Active && dsr.ActorID(other.ActorID()) != actor && (handles(other) || other.MayApprove())
	})
}

// sameMailbox compares two addresses as people mean them: in any case, and
// without what stands after a plus (RFC 5233).
func sameMailbox(a, b string) bool { return mailbox(a) == mailbox(b) }

// mailbox gives the mailbox of an address.
func mailbox(address string) string {
	local, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}
