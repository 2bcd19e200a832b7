package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// The functions by the names the template gives them. Sweep drives the first four
// again; the others keep how far they have come in the due index.
const (
	FunctionIntake   = "intake"
	FunctionDispatch = "dispatch"
	FunctionIDCheck  = "idcheck"
	FunctionParcel   = "parcel"
	FunctionSweep    = "sweep"
	FunctionRemind   = "remind"
	FunctionPurge    = "purge"
)

// Again is the event of a function that sweep drives again: the ids of what it
// left undone. It stands beside the function's own trigger, which has no such
// field.
type Again struct {
	IDs []string `json:"again"`
}

// Sweeping is the guarantee behind the fast paths: whatever an event lost or a
// crash left undone is found in the due index, or in the buckets themselves, and
// driven again. It also ends what has an end and needs nobody to decide: raw
// mails that were dealt with, and sessions.
type Sweeping struct {
	Place
	Due      Due
	Mails    Mails
	Letters  Letters
	Raw      RawMail
	Files    Files
	Sessions Sessions
	Drive    Drive
	Rules    Rules // who is reminded of a mail that waits for a person
	Cases    Cases // takes these reminders
}

// Swept counts what one sweep found, for the metrics and the log.
type Swept struct {
	Letters  int // driven again
	Mails    int // driven again
	Copies   int // copies of identity documents, and their originals, driven again
	Files    int // files of answers, packages and originals, driven again
	Noted    int // mails in the bucket that nobody had heard of
	Removed  int // raw mails whose time is over
	Sessions int // ended

	Reminded int      // mails that wait for a person, of which staff were reminded
	Unopened []string // those of them that their bucket will end soon
}

// undone is what one sweep found: the ids of what is driven again, by function,
// and what is to be looked at or ended here.
type undone struct {
	agenda
	letters, mails, copies, files []string
	dueMails, sessions            []planned
	past                          []pastMail
}

// Sweep drives again what is overdue at now, and then ends what is at its end:
// what people wait for goes first, for a sweep may run out of time. Only then it
// looks for mails that nobody heard of, which takes one read for each mail in the
// bucket. What fails keeps nothing else from being done, and is reported at the
// end.
func (s Sweeping) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var swept Swept
	var found undone
	var failed faults
	failed.add(s.overdue(ctx, now, &found))
	failed.add(s.portions(ctx, FunctionDispatch, found.letters, &swept.Letters))
	failed.add(s.originals(ctx, dsr.IDCopyFile, &found.copies))
	failed.add(s.portions(ctx, FunctionIDCheck, found.copies, &swept.Copies))
	failed.add(s.originals(ctx, dsr.FoundFile, &found.files))
	failed.add(s.portions(ctx, FunctionParcel, found.files, &swept.Files))
	failed.add(s.lookAtMails(ctx, now, &found))
	failed.add(s.portions(ctx, FunctionIntake, found.mails, &swept.Mails))
	failed.add(s.endMails(ctx, now, &found, &swept))
	failed.add(s.endSessions(ctx, &found, &swept.Sessions))
	failed.add(found.close(ctx, s.Due, FunctionSweep))
	failed.add(s.noteUnheard(ctx, now, &swept.Noted))
	return swept, failed.err()
}

// overdue sorts what is due, and looks at none of it yet. What is driven again
// stays due until the function that is driven has done it.
func (s Sweeping) overdue(ctx context.Context, now time.Time, found *undone) (err error) {
	found.agenda, err = agendaOf(ctx, s.Due, FunctionSweep, now)
	for _, entry := range found.entries {
		switch entry.Kind {
		case DueLetter:
			found.letters = append(found.letters, entry.Letter.Tag())
			found.stay(entry.day)
		case DueEnclosure:
			found.file(entry.Enclosure)
			found.stay(entry.day)
		case DueMail:
			found.dueMails = append(found.dueMails, entry)
		case DueSession:
			found.sessions = append(found.sessions, entry)
		}
		// Reminders and files to purge are not this act's.
	}
	return err
}

// endSessions ends the sessions that are past their end.
func (s Sweeping) endSessions(ctx context.Context, found *undone, ended *int) error {
	return found.each(found.sessions, func(entry planned) (stays bool, err error) {
		if err := s.Sessions.EndSession(ctx, entry.Session); err != nil {
			return false, fmt.Errorf("ending a session: %w", err)
		}
		*ended++
		return false, nil
	})
}

// file adds a file of a case to what is driven.
func (u *undone) file(ref dsr.EnclosureRef) {
	if ref.Kind == dsr.IDCopyFile {
		u.copies = append(u.copies, ref.Tag())
		return
	}
	u.files = append(u.files, ref.Tag())
}

// originals adds the uploads of a kind that still lie in the bucket: their event
// was lost, or the attempt on them died. Who drives them again finds by their name
// what they are, also those of a case that is gone. Another name is none of ours,
// and the bucket's own rules end it within a day.
func (s Sweeping) originals(ctx context.Context, kind dsr.EnclosureKind, again *[]string) error {
	after := ""
	for {
		names, err := s.Files.ListFiles(ctx, kind.Folder(), after)
		if err != nil {
			return fmt.Errorf("listing the originals in %s: %w", kind.Folder(), err)
		}
		if len(names) == 0 {
			return nil
		}
		for _, name := range names {
			if _, err := dsr.ParseOriginal(name); err == nil {
				*again = append(*again, name)
			}
		}
		after = names[len(names)-1]
	}
}

// driveAtOnce bounds the ids of one invocation, to stay far below the payload
// limit and within the function's time.
const driveAtOnce = 25

// portions hands ids to a function, not too many at once, and counts them. A
// portion that fails keeps no other from being handed over.
func (s Sweeping) portions(ctx context.Context, function string, ids []string, driven *int) error {
	var failed faults
	for portion := range slices.Chunk(ids, driveAtOnce) {
		if err := s.Drive(ctx, function, portion); err != nil {
			failed.add(fmt.Errorf("driving %s again: %w", function, err))
			continue
		}
		*driven += len(portion)
	}
	return failed.err()
}
