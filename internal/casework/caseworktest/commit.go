package caseworktest

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// Commit implements casework.Cases.
func (m *Memory) Commit(ctx context.Context, change casework.Change) error {
	if !m.flaws.SplitLetters {
		return m.call(ctx, "Commit", func() error { return m.commit(change) })
	}
	letters := change.Letters
	change.Letters = nil
	if err := m.call(ctx, "Commit", func() error { return m.commit(change) }); err != nil {
		return err
	}
	return m.call(ctx, "PutLetters", func() error {
		m.putLetters(letters)
		return nil
	})
}

// commit checks every condition first and stores only then, as a transaction
// does.
func (m *Memory) commit(change casework.Change) error {
	if err := m.taken(change); err != nil {
		return err
	}
	if err := m.current(change); err != nil {
		return err
	}
	if change.AboutCase() {
		if err := m.putCase(change); err != nil {
			return err
		}
	}
	m.putLetters(change.Letters)
	for _, move := range change.Moves {
		m.letters[move.Letter.Ref] = copyLetter(move.Letter)
	}
	for _, move := range change.Enclosures {
		m.enclosures[move.Next.Ref] = copyEnclosure(move.Next)
	}
	m.putLinks(change)
	m.putMail(change)
	m.moveMail(change.Waits)
	m.putKnown(change)
	return nil
}

// taken finds the first row that somebody else wrote before.
func (m *Memory) taken(change casework.Change) error {
	if change.Mail != nil && !m.unsettled(change.Mail.ID) {
		return &casework.TakenError{Row: casework.TakenMail}
	}
	if m.seen(change.Messages, change.At) && !m.flaws.NoMessageCondition {
		return &casework.TakenError{Row: casework.TakenMessage}
	}
	if s := change.Sender; s != nil && !m.flaws.NoSenderCondition {
		held, ok := m.senders[senderKey{s.Hash, s.Acknowledged}]
		if ok && change.At.Before(held.Until) && held.Case != s.Prior {
			return &casework.TakenError{Row: casework.TakenSender}
		}
	}
	if change.Spend != nil && !m.unspent(*change.Spend) {
		return &casework.TakenError{Row: casework.TakenLink}
	}
	return nil
}

// seen reports whether a message has been here before, by either key.
func (m *Memory) seen(keys casework.MessageKeys, at time.Time) bool {
	if keys.Zero() {
		return false
	}
	_, sameBytes := m.raws[keys.Raw]
	held := m.messages[keys.Message]
	return sameBytes || keys.Message != [32]byte{} && at.Before(held.until)
}

// errStood is returned for a new row where one stands: no act writes one twice.
var errStood = errors.New("a row stood there already")

// current reports whether what the change builds on still stands, and what it
// adds does not.
func (m *Memory) current(change casework.Change) error {
	for _, move := range change.Moves {
		if !m.unmoved(move.Prior) {
			return casework.ErrConflict
		}
	}
	for _, move := range change.Enclosures {
		if !m.flaws.NoEnclosureCondition && !m.asRead(move) {
			return casework.ErrConflict
		}
	}
	if change.Waits != nil && !m.waits(change.Waits.Prior) {
		return casework.ErrConflict
	}
	if change.AboutCase() && !m.flaws.NoSeqCondition && !m.follows(change.File.Case) {
		return casework.ErrConflict
	}
	if change.Code != nil && !m.counts(*change.Code) || change.Ticket != nil && !m.untouched(change.Ticket.LinkRef) {
		return casework.ErrConflict
	}
	for _, letter := range change.Letters {
		if _, stands := m.letters[letter.Ref]; stands {
			return errStood
		}
	}
	if _, given := m.numbers[change.File.Case.Number]; given && change.Opens() {
		return errStood
	}
	return nil
}

// follows reports whether a case row follows the stored one.
func (m *Memory) follows(c dsr.Case) bool {
	stored, exists := m.cases[c.ID]
	if c.Seq == 1 {
		return !exists
	}
	return exists && stored.row.Seq == c.Seq-1
}

// putCase stores the summary and its event, linked to the one before, and the
// case's tasks.
func (m *Memory) putCase(change casework.Change) error {
	id := change.File.Case.ID
	entry, err := json.Marshal(change.Event)
	if err != nil {
		return err
	}
	row := copyCase(change.File.Case)
	chained := ledger.Entry{Prev: row.Head, Bytes: entry}
	row.Head = ledger.Chain(chained.Prev, chained.Bytes)
	stored := storedCase{row: row, key: change.File.Key}
	prior := m.cases[id]
	switch {
	case change.Purge || prior.lost:
		stored.key, stored.lost, stored.row.Confidential = casework.DataKey{}, true, dsr.Confidential{}
	case change.File.Key.Zero():
		stored.key, stored.row.Confidential = prior.key, prior.row.Confidential
	}
	m.cases[id] = stored
	m.events[id] = append(m.events[id], storedEvent{event: copyEvent(change.Event), entry: chained})
	m.leaves[ledger.Leaf(entry)] = true
	if change.Purge {
		m.forget(id, prior.row.Thread)
	}
	if change.Opens() {
		m.numbers[row.Number] = id
		m.threads[row.Thread] = id
	}
	m.putTasks(change)
	return nil
}

// putLetters stores new letters.
func (m *Memory) putLetters(letters []dsr.Letter) {
	for _, letter := range letters {
		m.letters[letter.Ref] = copyLetter(letter)
	}
}

// putKnown stores by what a second copy or a further mail is recognised.
func (m *Memory) putKnown(change casework.Change) {
	if !change.Messages.Zero() {
		m.raws[change.Messages.Raw] = change.File.Case.ID
	}
	if change.Messages.Message != [32]byte{} {
		m.messages[change.Messages.Message] = heldMessage{change.File.Case.ID, change.Messages.Until}
	}
	if s := change.Sender; s != nil {
		held := *s
		held.Prior = dsr.OwnerID{}
		m.senders[senderKey{s.Hash, s.Acknowledged}] = held
	}
}
