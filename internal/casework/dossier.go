package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// maxListed is how many open cases one list shows. Each costs a read, and a
// desk that is further behind than this works from the top.
const maxListed = 200

// maxMessages is how many mails one dossier opens, the first ones: whoever
// mails ten thousand times a day must not keep staff from the request.
const maxMessages = 50

// Reading shows the cases to staff. Whoever opens a case is written down in
// its history, once a session: art. 5(2) and 32 GDPR ask who saw the data. The
// list names nobody and writes nothing.
type Reading struct {
	Answering
	Cases        Cases
	OpenCases    OpenCases
	CaseOfNumber CaseOfNumber
	OpenHistory  OpenHistory
}

// Dossier is a case with all that was said in it. It is personal data.
type Dossier struct {
	Case     dsr.Case
	History  []dsr.Event // in clear: what staff may see of people is in Messages and Notes
	Messages []Message
	More     int              // mails of the case that Messages leaves out
	Notes    map[int]dsr.Note // what staff wrote, by the number of the event
	Found    []dsr.Finding    // what was found, for the rights of the case
}

// Message is one mail of a case.
type Message struct {
	Event dsr.Event // the event that took it in
	Said  dsr.Correspondence
	Lost  bool // its text lay in the vault and is not there, or was changed there
}

// List gives the open cases in clear, the one planned for first in front, and
// how many there are in all.
func (r Reading) List(ctx context.Context) (cases []dsr.Case, all int, err error) {
	ids, err := r.OpenCases(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the list of open cases: %w", err)
	}
	for _, id := range ids[:min(len(ids), maxListed)] {
		c, err := r.Cases.Summary(ctx, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, 0, fmt.Errorf("reading an open case: %w", err)
		}
		// The list may lag behind the rows: what was closed or removed since
		// is on it and is open no more.
		if err == nil && c.State.Open() {
			cases = append(cases, c)
		}
	}
	slices.SortStableFunc(cases, sooner)
	return cases, len(ids), nil
}

// sooner orders cases by the day they are planned for, then by number. A number
// with more digits is a later one.
func sooner(a, b dsr.Case) int {
	return cmp.Or(
		cmp.Compare(a.Dates.PlanBy, b.Dates.PlanBy),
		cmp.Compare(len(a.Number), len(b.Number)),
		cmp.Compare(a.Number, b.Number),
	)
}

// Find gives the clear fields of the case with a number, open or closed;
// ErrNotFound.
func (r Reading) Find(ctx context.Context, number dsr.Number) (dsr.Case, error) {
	id, err := r.CaseOfNumber(ctx, number)
	if err != nil {
		return dsr.Case{}, fmt.Errorf("looking for case %s: %w", number, err)
	}
	return r.Summary(ctx, id)
}

// Summary gives the clear fields of a case; ErrNotFound.
func (r Reading) Summary(ctx context.Context, id dsr.OwnerID) (dsr.Case, error) {
	c, err := r.Cases.Summary(ctx, id)
	if err != nil {
		return dsr.Case{}, fmt.Errorf("reading the summary of case %s: %w", id, err)
	}
	return c, nil
}

// Open opens a case for a member of staff. What cannot be written down is not
// shown.
func (r Reading) Open(ctx context.Context, now time.Time, session dsr.Session, id dsr.OwnerID) (Dossier, error) {
	var file File
	var history []dsr.Event
	err := r.decide(ctx, func() error {
		var err error
		if file, err = r.Cases.File(ctx, id); err != nil {
			return err
		}
		if history, err = r.OpenHistory(ctx, file); err != nil || viewed(history, session) {
			return err
		}
		view := view(file.Case.Seq+1, now, session)
		history = append(history, view)
		return r.Cases.Commit(ctx, viewing(file.Case, view))
	})
	if err != nil {
		return Dossier{}, fmt.Errorf("opening case %s: %w", id, err)
	}
	return r.dossier(ctx, file, history)
}

// view gives the event of a session that opens a case. The session is named by
// the beginning of its hash: enough to tell two apart, and no way back to the
// cookie.
func view(seq int, now time.Time, session dsr.Session) dsr.Event {
	return dsr.Event{
		Seq: seq, Kind: dsr.Viewed, At: now, Actor: session.Actor,
		Facts: map[string]string{"item": "case", "session": shortHash(session)},
	}
}

// shortHash names a session in a history.
func shortHash(session dsr.Session) string { return hex.EncodeToString(session.Hash[:8]) }

// viewed reports whether this session opened the case before.
func viewed(history []dsr.Event, session dsr.Session) bool {
	return slices.ContainsFunc(history, func(event dsr.Event) bool {
		return event.Kind == dsr.Viewed && event.Actor == session.Actor &&
			event.Facts["item"] == "case" && event.Facts["session"] == shortHash(session)
	})
}

// viewing gives the change that adds a view. Nothing that is decided changes,
// so Rev stays; no personal field changes, so no key is needed.
func viewing(c dsr.Case, view dsr.Event) Change {
	c.Seq = view.Seq
	return Change{File: File{Case: c}, Event: view, At: view.At}
}

// dossier takes apart what a history holds.
func (r Reading) dossier(ctx context.Context, file File, history []dsr.Event) (Dossier, error) {
	d := Dossier{Case: file.Case, Notes: map[int]dsr.Note{}}
	var err error
	if d.Found, err = r.found(ctx, file); err != nil {
		return Dossier{}, fmt.Errorf("reading what was found for case %s: %w", file.Case.Number, err)
	}
	for _, event := range history {
		personal := event.Personal
		event.Personal = nil
		d.History = append(d.History, event)
		if personal == nil && event.Body == nil {
			continue
		}
		if !event.Kind.IsMail() {
			var note dsr.Note
			if err := json.Unmarshal(personal, &note); err != nil {
				return Dossier{}, fmt.Errorf("reading event %d of case %s: %w", event.Seq, file.Case.Number, err)
			}
			d.Notes[event.Seq] = note
			continue
		}
		if len(d.Messages) == maxMessages {
			d.More++
			continue
		}
		message, err := r.message(ctx, file.Key, event, personal)
		if err != nil {
			return Dossier{}, fmt.Errorf("reading event %d of case %s: %w", event.Seq, file.Case.Number, err)
		}
		d.Messages = append(d.Messages, message)
	}
	return d, nil
}

// message reads the mail that an event took in. One text that will never open
// again must not hide the rest of the case.
func (r Reading) message(ctx context.Context, key DataKey, event dsr.Event, personal []byte) (Message, error) {
	message := Message{Event: event}
	if event.Body != nil {
		var err error
		personal, err = r.ReadBody.open(ctx, key, *event.Body)
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrSealed) {
			message.Lost = true
			return message, nil
		}
		if err != nil {
			return Message{}, err
		}
	}
	return message, json.Unmarshal(personal, &message.Said)
}
