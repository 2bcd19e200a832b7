// Package caseworktest holds casework's ports in memory, with the conditions
// and conflicts of the real ones, and the conformance test that every
// implementation of a port must pass. Only tests import it.
//
// A Memory keeps what the Cases and Keys tables keep. Its Gate is asked before
// and after each call, which is where a simulation crashes a function, lets
// another one run, or loses a reply.
package caseworktest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// Phase says on which side of a call a Gate is asked.
type Phase string

// The two sides of a call. An error from a Gate Before a call keeps its effect
// from happening; After it, the effect stands and only the reply is lost.
const (
	Before Phase = "before"
	After  Phase = "after"
)

// Gate is asked on both sides of every port call.
type Gate func(ctx context.Context, call string, phase Phase) error

// Open is the gate that lets everything pass.
func Open(context.Context, string, Phase) error { return nil }

// Flaws are mistakes a Memory makes on purpose, so that a test can show that
// the simulation finds them.
type Flaws struct {
	NoSeqCondition     bool // commits do not check what they build on
	SplitLetters       bool // letters are stored after the transaction, not in it
	NoClaim            bool // claims are granted and not stored
	ShortLease         bool // claims end the moment they begin
	ForgetLink         bool // a claimed letter is stored without its link
	NoSenderCondition  bool // a sender's day can be claimed twice
	NoMessageCondition bool // one message can be stored twice
	NoSpendCondition   bool // a link that was used can be used again

	NoEnclosureCondition bool // a file goes on from wherever it stands
}

// Memory is the tables in memory. The zero value is not usable; see New.
type Memory struct {
	gate   Gate
	flaws  Flaws
	random io.Reader
	sealer casework.Sealer

	mu       sync.Mutex
	cases    map[dsr.OwnerID]storedCase
	events   map[dsr.OwnerID][]storedEvent
	letters  map[dsr.LetterRef]dsr.Letter
	links    map[casework.LinkRef]dsr.Link
	tries    map[casework.LinkRef]int
	mails    map[string]dsr.Mail
	counters map[int]int
	numbers  map[dsr.Number]dsr.OwnerID
	threads  map[string]dsr.OwnerID
	raws     map[[32]byte]dsr.OwnerID
	messages map[[32]byte]heldMessage
	senders  map[senderKey]casework.SenderClaim
	leaves   map[ledger.Hash]bool
	tasks    map[taskKey]dsr.Task
	staff    map[dsr.ActorID]storedMember
	sessions map[[32]byte]dsr.Session
	oldest   map[string]dsr.Day
	unlinked map[int]int // how often the key of a year was destroyed

	enclosures map[dsr.EnclosureRef]dsr.Enclosure
}

// storedCase is a case row with the head that only the store computes.
type storedCase struct {
	row  dsr.Case
	key  casework.DataKey
	lost bool // the key was destroyed
}

// storedEvent is an event with the bytes its hash covers.
type storedEvent struct {
	event dsr.Event
	entry ledger.Entry
}

// heldMessage is the case a Message-ID belongs to for a while.
type heldMessage struct {
	id    dsr.OwnerID
	until time.Time
}

// taskKey names the one row that a system and a right have in a case.
type taskKey struct {
	id     dsr.OwnerID
	system string
	right  dsr.Right
}

type senderKey struct {
	hash         casework.SenderHash
	acknowledged bool
}

// New gives an empty Memory. Random draws nonces; sealer makes its keys.
func New(gate Gate, flaws Flaws, random io.Reader, sealer casework.Sealer) *Memory {
	return &Memory{
		gate: gate, flaws: flaws, random: random, sealer: sealer,
		cases:    map[dsr.OwnerID]storedCase{},
		events:   map[dsr.OwnerID][]storedEvent{},
		letters:  map[dsr.LetterRef]dsr.Letter{},
		links:    map[casework.LinkRef]dsr.Link{},
		tries:    map[casework.LinkRef]int{},
		mails:    map[string]dsr.Mail{},
		counters: map[int]int{},
		numbers:  map[dsr.Number]dsr.OwnerID{},
		threads:  map[string]dsr.OwnerID{},
		raws:     map[[32]byte]dsr.OwnerID{},
		messages: map[[32]byte]heldMessage{},
		senders:  map[senderKey]casework.SenderClaim{},
		leaves:   map[ledger.Hash]bool{},
		tasks:    map[taskKey]dsr.Task{},
		staff:    map[dsr.ActorID]storedMember{},
		sessions: map[[32]byte]dsr.Session{},
		oldest:   map[string]dsr.Day{},
		unlinked: map[int]int{},

		enclosures: map[dsr.EnclosureRef]dsr.Enclosure{},
	}
}

// call runs one port call between its two gates, holding the lock for the
// effect alone.
func (m *Memory) call(ctx context.Context, name string, effect func() error) error {
	if err := m.gate(ctx, name, Before); err != nil {
		return err
	}
	m.mu.Lock()
	err := effect()
	m.mu.Unlock()
	if lost := m.gate(ctx, name, After); lost != nil {
		return lost
	}
	return err
}

// Summary implements casework.Cases.
func (m *Memory) Summary(ctx context.Context, id dsr.OwnerID) (dsr.Case, error) {
	stored, err := m.stored(ctx, id)
	stored.row.Confidential = dsr.Confidential{}
	return stored.row, err
}

// File implements casework.Cases.
func (m *Memory) File(ctx context.Context, id dsr.OwnerID) (casework.File, error) {
	stored, err := m.stored(ctx, id)
	if err == nil && stored.lost {
		err = casework.ErrNotFound
	}
	if err != nil {
		return casework.File{}, err
	}
	return casework.File{Case: stored.row, Key: stored.key}, nil
}

// stored reads a case.
func (m *Memory) stored(ctx context.Context, id dsr.OwnerID) (stored storedCase, err error) {
	err = m.call(ctx, "File", func() error {
		var ok bool
		if stored, ok = m.cases[id]; !ok {
			return casework.ErrNotFound
		}
		stored.row = copyCase(stored.row)
		return nil
	})
	return stored, err
}

// History implements casework.Cases.
func (m *Memory) History(ctx context.Context, id dsr.OwnerID) (history []dsr.Event, err error) {
	err = m.call(ctx, "History", func() error {
		for _, stored := range m.events[id] {
			event := copyEvent(stored.event)
			event.Personal = nil
			history = append(history, event)
		}
		return nil
	})
	return history, err
}

// Next implements casework.Numbers.
func (m *Memory) Next(ctx context.Context, year int) (n int, err error) {
	err = m.call(ctx, "Next", func() error {
		m.counters[year]++
		n = m.counters[year]
		return nil
	})
	return n, err
}

// Keep implements casework.Numbers.
func (m *Memory) Keep(ctx context.Context, mailID string, number dsr.Number) (kept dsr.Number, err error) {
	err = m.call(ctx, "Keep", func() error {
		stored, ok := m.mails[mailID]
		if !ok {
			return casework.ErrNotFound
		}
		if stored.Number == "" {
			stored.Number = number
			m.mails[mailID] = stored
		}
		kept = stored.Number
		return nil
	})
	return kept, err
}

// SenderHash implements casework.Known. The sealer has a gate of its own, so
// it is asked outside the lock.
func (m *Memory) SenderHash(ctx context.Context, year int, address string) (casework.SenderHash, error) {
	owner := fmt.Sprintf("REGISTER#%d", year)
	err := m.call(ctx, "RegisterKey", func() error {
		owner += strings.Repeat("'", m.unlinked[year]) // a key that was destroyed never comes back
		return nil
	})
	if err != nil {
		return casework.SenderHash{}, err
	}
	key, err := m.sealer.OpenKey(ctx, owner, nil)
	if err != nil {
		return casework.SenderHash{}, err
	}
	return key.Hash("sender", address), nil
}

// Unlink is a casework.Unlink.
func (m *Memory) Unlink(ctx context.Context, year int) error {
	return m.call(ctx, "Unlink", func() error {
		m.unlinked[year]++
		return nil
	})
}

// LatestCase implements casework.Known.
func (m *Memory) LatestCase(ctx context.Context, sender casework.SenderHash, acknowledged bool) (claim casework.SenderClaim, err error) {
	err = m.call(ctx, "LatestCase", func() error {
		var ok bool
		if claim, ok = m.senders[senderKey{sender, acknowledged}]; !ok {
			return casework.ErrNotFound
		}
		return nil
	})
	return claim, err
}

// CaseOfMessage implements casework.Known.
func (m *Memory) CaseOfMessage(ctx context.Context, keys casework.MessageKeys, now time.Time) (id dsr.OwnerID, same bool, err error) {
	err = m.call(ctx, "CaseOfMessage", func() error {
		if id, same = m.raws[keys.Raw]; same {
			return nil
		}
		if held, ok := m.messages[keys.Message]; ok && keys.Message != [32]byte{} && now.Before(held.until) {
			id = held.id
			return nil
		}
		return casework.ErrNotFound
	})
	return id, same, err
}
