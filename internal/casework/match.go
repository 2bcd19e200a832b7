package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

const (
	// maxContacts is more addresses than one customer has on file.
	maxContacts = 5
	// maxName is the longest name or reference, in bytes.
	maxName = 200

	// maxMoves is how many rows one change may hold beside those of its case, which
	// are fewer than ten. A transaction takes a hundred
	// (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
	maxMoves = 90
	// movesAtOnce is how many files are condemned in one change of their own: few, so
	// that one which goes on meanwhile holds few others up.
	movesAtOnce = 20
)

// MatchDataSubject records who the organisation's own file says this is. From
// then on letters with data go to the contacts on file and nowhere else,
// whatever a mail says. The contact longest on file is asked to confirm.
func (h Handling) MatchDataSubject(ctx context.Context, now time.Time, sheet Sheet, onFile dsr.OnFile) error {
	return h.rematch(ctx, now, sheet, func(file *File) (deed, error) {
		contacts, err := h.contacts(now, onFile.Contacts)
		if err != nil {
			return deed{}, err
		}
		reference, name := strings.TrimSpace(onFile.Reference), strings.TrimSpace(onFile.Name)
		if len(reference) > maxName || len(name) > maxName {
			return deed{}, dsr.NotNowText
		}
		onFile := dsr.OnFile{Reference: reference, Name: name, Contacts: contacts}
		if err := file.Case.MatchTo(onFile); err != nil {
			return deed{}, err
		}
		// Whoever found themselves has to leave the case to others.
		if err := h.mayHandle(sheet.Session.Actor, file.Case); err != nil {
			return deed{}, err
		}
		letters, err := h.askOnce(now, &file.Case)
		return deed{
			event: dsr.Event{Kind: dsr.DataSubjectMatched, Facts: map[string]string{
				"contacts": strconv.Itoa(len(contacts)),
				"sender":   strconv.FormatBool(fromContact(file.Case)),
				"fresh":    strconv.FormatBool(onFile.Fresh(file.Case.Dates.ReceiptDay)),
			}},
			note:    dsr.Note{Reference: reference},
			letters: letters,
		}, err
	})
}

// MatchNobody records that no such person is on file. The reference is what was
// looked for, so that another can see it.
func (h Handling) MatchNobody(ctx context.Context, now time.Time, sheet Sheet, looked string) error {
	return h.rematch(ctx, now, sheet, func(file *File) (deed, error) {
		looked = strings.TrimSpace(looked)
		if looked == "" || len(looked) > dsr.MaxReason {
			return deed{}, dsr.NotNowText
		}
		return deed{event: dsr.Event{Kind: dsr.NobodyMatched}, note: dsr.Note{Text: looked}}, file.Case.MatchNobody()
	})
}

// rematch performs a match. What was found for somebody else must not come into
// this person's answer: the tasks begin anew, and their texts and files are
// destroyed. So are copies of identity documents that were sent before. Files are
// too many for one change: from it on they count no more, and they end after it.
func (h Handling) rematch(ctx context.Context, now time.Time, sheet Sheet, do step) error {
	var old []dsr.Task
	err := h.act(ctx, now, sheet, func(file *File) (deed, error) {
		before := file.Case.OnFile.Reference
		old = nil
		done, err := do(file)
		if err != nil || file.Case.OnFile.Reference == before {
			return done, err
		}
		if old, err = h.ReadTasks(ctx, file.Case.ID); err != nil {
			return deed{}, fmt.Errorf("reading the tasks: %w", err)
		}
		for _, task := range old {
			done.tasks = append(done.tasks, dsr.Task{System: task.System, Right: task.Right, By: sheet.Session.Actor, At: now})
		}
		if before != "" { // what came before the first match belongs to that
			done.files, err = h.leaveBehind(ctx, now, &file.Case, maxMoves-len(done.tasks))
		}
		return done, err
	})
	if err != nil {
		return err
	}
	h.condemnStrays(ctx, now, sheet.Case)
	for _, task := range old {
		if task.Body == nil {
			continue
		}
		if err := h.Bodies.Delete(ctx, task.Body.Path); err != nil {
			return fmt.Errorf("destroying what was found for somebody else: %w", err)
		}
	}
	return nil
}

// leaveBehind leaves what came for somebody else. It gives the end of copies of
// identity documents; files that were found count no more from here on.
func (h Handling) leaveBehind(ctx context.Context, now time.Time, c *dsr.Case, room int) ([]EnclosureMove, error) {
	all, err := h.Enclosures(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("listing the files: %w", err)
	}
	c.LeaveFiles(all, now)
	copies, err := h.Enclosures.condemn(ctx, now, c.ID, reasonRematch, dsr.IDCopyFile)
	if err != nil || len(copies) <= room {
		return copies, err
	}
	// Whoever is asked again and again may send more copies than fit. No copy may
	// outlive the match, so those end a moment before it.
	room = max(room, 0)
	return copies[:room], h.moveAll(ctx, now, copies[room:])
}

// condemnStrays ends the files that were found for somebody else. The match stands
// whatever fails here: no answer holds such a file, staff can remove it, and purge
// destroys it with the case.
func (h Handling) condemnStrays(ctx context.Context, now time.Time, id dsr.OwnerID) {
	_ = h.decide(ctx, func() error { // see above
		c, err := h.Cases.Summary(ctx, id)
		if err != nil {
			return err
		}
		moves, err := h.Enclosures.condemn(ctx, now, id, reasonRematch, dsr.FoundFile)
		if err != nil {
			return err
		}
		return h.moveAll(ctx, now, slices.DeleteFunc(moves, func(move EnclosureMove) bool { return !strayed(c, move.Prior) }))
	})
}

// moveAll moves files on, in changes of their own.
func (h Handling) moveAll(ctx context.Context, now time.Time, moves []EnclosureMove) error {
	for portion := range slices.Chunk(moves, movesAtOnce) {
		if err := h.Cases.Commit(ctx, Change{Enclosures: portion, At: now}); err != nil {
			return fmt.Errorf("condemning files: %w", err)
		}
	}
	return nil
}

// contacts checks the contacts on file and puts the one longest on file first:
// an address that came later may be an intruder's.
func (h Handling) contacts(now time.Time, given []dsr.Contact) ([]dsr.Contact, error) {
	today := dsr.Day(h.Rules.Calendar.Day(now).String())
	var contacts []dsr.Contact
	for _, contact := range given {
		address := strings.TrimSpace(contact.Address)
		if !mailable(address) || contact.Since.Year() == 0 || contact.Since > today {
			return nil, dsr.NotNowContact
		}
		if slices.ContainsFunc(contacts, func(c dsr.Contact) bool { return sameMailbox(c.Address, address) }) {
			return nil, dsr.NotNowContact
		}
		contacts = append(contacts, dsr.Contact{Address: address, Since: contact.Since})
	}
	if len(contacts) == 0 || len(contacts) > maxContacts {
		return nil, dsr.NotNowContact
	}
	slices.SortStableFunc(contacts, func(a, b dsr.Contact) int { return strings.Compare(string(a.Since), string(b.Since)) })
	return contacts, nil
}

// mailable reports whether a text is one bare address of the everyday form, in
// ASCII: SES sends to no other (SendRawEmail API reference, Destinations), and
// whatever could end a header line or name a second reader is refused with the
// rest (RFC 5321 section 4.1.2, a dot-string and a domain).
func mailable(address string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	local, domain, found := strings.Cut(address, "@")
	if !found || len(local) > 64 || len(address) > 254 || !strings.Contains(domain, ".") {
		return false
	}
	return dotted(local, letters+"!#$%&'*+-/=?^_`{|}~") && dotted(domain, letters+"-")
}

// dotted reports whether a text is parts of these characters with dots between.
func dotted(text, characters string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if part == "" || strings.Trim(part, characters) != "" {
			return false
		}
	}
	return true
}

// fromContact reports whether the request came from an address on file, spelled
// the same: a name or a look-alike counts for nothing.
func fromContact(c dsr.Case) bool {
	return slices.ContainsFunc(c.OnFile.Contacts, func(contact dsr.Contact) bool {
		return strings.EqualFold(contact.Address, c.Requester.Address)
	})
}
