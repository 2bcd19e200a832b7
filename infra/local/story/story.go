// Package story tells, line by line, what happens in a running stack: which
// events the history of a case gains, and which letters leave. The operator's
// terminal and the demonstration show the same lines.
//
// It reads the stack's cases without their keys, and of each letter the subject
// alone, so a line never names a person. It stores one file in the state
// folder, which says that the sample mail was sent.
package story

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// timeLayout is how lines show the stack's time.
const timeLayout = "2006-01-02 15:04:05"

// Teller prints what is new in a stack each time it is asked.
type Teller struct {
	stack  *stack.Stack
	out    io.Writer
	zone   *time.Location
	cases  []dsr.OwnerID       // followed also when they are closed
	events map[dsr.OwnerID]int // how many events of a case were told
	told   map[string]bool     // letters that were told
}

// New gives a teller that has told nothing yet.
func New(s *stack.Stack, out io.Writer) (*Teller, error) {
	zone, err := deadline.Zone(s.Profile().Calendar.TimeZone)
	if err != nil {
		return nil, err
	}
	return &Teller{stack: s, out: out, zone: zone, events: map[dsr.OwnerID]int{}, told: map[string]bool{}}, nil
}

// line is one thing that happened.
type line struct {
	at   time.Time
	text string
}

// Tell prints what happened since it was asked last, in order of time.
func (t *Teller) Tell(ctx context.Context) error {
	events, err := t.newEvents(ctx)
	if err != nil {
		return err
	}
	letters, err := t.newLetters()
	if err != nil {
		return err
	}
	lines := append(events, letters...)
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	for _, one := range lines {
		fmt.Fprintf(t.out, "  %s  %s\n", one.at.In(t.zone).Format(timeLayout), one.text)
	}
	return nil
}

// newEvents gives the events that were not told yet.
func (t *Teller) newEvents(ctx context.Context) ([]line, error) {
	cases, err := t.followed(ctx)
	if err != nil {
		return nil, err
	}
	var lines []line
	told := maps.Clone(t.events)
	for _, one := range cases {
		history, err := t.stack.Store().History(ctx, one.ID)
		if err != nil {
			return nil, err // nothing was told, so the next look tells it
		}
		for _, event := range history[min(told[one.ID], len(history)):] {
			lines = append(lines, line{at: event.At, text: describe(one, event)})
		}
		told[one.ID] = len(history)
	}
	t.events = told
	return lines, nil
}

// follow goes on telling about a case when it is closed.
func (t *Teller) follow(id dsr.OwnerID) {
	if !slices.Contains(t.cases, id) {
		t.cases = append(t.cases, id)
	}
}

// followed gives the cases of which events are told: those that are open, and
// those that were when they were looked at before.
func (t *Teller) followed(ctx context.Context) ([]dsr.Case, error) {
	open, err := t.stack.Store().OpenCases(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range open {
		t.follow(id)
	}
	return t.read(ctx, t.cases)
}

// Cases gives the open cases by number.
func (t *Teller) Cases(ctx context.Context) ([]dsr.Case, error) {
	ids, err := t.stack.Store().OpenCases(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := t.read(ctx, ids)
	// The list may lag behind the rows.
	return slices.DeleteFunc(cases, func(c dsr.Case) bool { return !c.State.Open() }), err
}

// read gives cases by number.
func (t *Teller) read(ctx context.Context, ids []dsr.OwnerID) ([]dsr.Case, error) {
	var cases []dsr.Case
	for _, id := range ids {
		one, err := t.stack.Store().Summary(ctx, id)
		if err != nil {
			return nil, err
		}
		cases = append(cases, one)
	}
	slices.SortFunc(cases, func(a, b dsr.Case) int { return cmp.Compare(a.Number, b.Number) })
	return cases, nil
}

// describe says in one line what an event is, with those of its facts that help
// to follow a case. Facts hold no personal data, and what does is sealed.
func describe(c dsr.Case, event dsr.Event) string {
	line := fmt.Sprintf("event   %-18s %s", event.Kind, c.Number)
	if more := details(c, event); more != "" {
		line += "  " + more
	}
	return line
}

// details gives the facts of an event that help; empty for none.
func details(c dsr.Case, event dsr.Event) string {
	fact := func(name string) string { return event.Facts[name] }
	switch event.Kind {
	case dsr.CaseOpened:
		return fmt.Sprintf("asks: %s; promised by %s, by law %s", fact("rights"), c.Dates.PromiseDue, c.Dates.LawDue)
	case dsr.LetterSent, dsr.LetterDelivered, dsr.LetterBounced, dsr.LetterGivenUp:
		return fmt.Sprintf("letter %s to %s", fact("letter"), reader(fact("letter")))
	case dsr.RightsConfirmed:
		return "asks: " + fact("rights")
	case dsr.DataSubjectMatched:
		return "addresses on file: " + fact("contacts")
	case dsr.IdentityConfirmed:
		return "shown by: " + fact("means")
	case dsr.TaskDone:
		return fact("system") + ": " + fact("result")
	case dsr.RightGranted:
		return fact("right")
	case dsr.RightPartlyGranted, dsr.RightRefused:
		return fact("right") + ", on the ground of " + fact("ground")
	case dsr.IDCopyInspected:
		return "a picture was made of its " + fact("form")
	case dsr.IDCopyRefused, dsr.IDCopyDestroyed:
		return "reason: " + fact("reason")
	case dsr.FileAnnounced, dsr.FileSealed, dsr.FileRefused, dsr.FileRemoved:
		return "of " + fact("system")
	case dsr.PackageBuilt:
		return "files: " + fact("files")
	case dsr.ReminderSent, dsr.HalfTimePassed, dsr.DeadlinePassed:
		return "step: " + fact("step")
	case dsr.DraftSubmitted, dsr.AnswerApproved, dsr.CaseClosed:
		return fact("outcome")
	}
	return ""
}

// reader says who reads letters of a kind.
func reader(kind string) string {
	switch {
	case strings.HasPrefix(kind, "S"):
		return "staff"
	case kind == string(dsr.ForwardLetter):
		return "the human mailbox"
	}
	return "the data subject"
}

// newLetters gives the letters SES took that were not told yet.
func (t *Teller) newLetters() ([]line, error) {
	ids, err := ses.IDs(t.stack.Letters())
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, id := range ids {
		if t.told[id] {
			continue
		}
		stored, raw, err := ses.Read(t.stack.Letters(), id)
		if err != nil {
			return nil, err
		}
		t.told[id] = true
		lines = append(lines, line{at: stored.AcceptedAt, text: "letter  " + subject(raw)})
	}
	return lines, nil
}

// subject gives a letter's subject, which holds no personal data.
func subject(raw []byte) string {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "(a letter without a readable subject)"
	}
	decoded, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return message.Header.Get("Subject")
	}
	return decoded
}

// Until tells what happens until done ends, and once more after it. A look that
// fails on the way is made up for by the next one.
func (t *Teller) Until(ctx context.Context, done <-chan error) error {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			if err = t.Tell(ctx); err != nil {
				err = t.Tell(ctx)
			}
			return err
		case <-look.C:
			_ = t.Tell(ctx)
		}
	}
}
