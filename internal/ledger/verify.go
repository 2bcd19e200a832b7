package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"

	"polarweb.nl/inzage/internal/dsr"
)

// PendingMax is how long a leaf may wait for the tree: two rounds of sweep.
const PendingMax = 30 * time.Minute

// SignedWithin is how old an event may be before its leaf stands under a
// checkpoint: these are signed once a day, and a day may fail.
const SignedWithin = 48 * time.Hour

// skew is how far two honest clocks may be apart; AWS refuses requests signed
// with a greater difference (Signature Version 4).
const skew = 5 * time.Minute

// Verify reads an export and says what is wrong with it. The key is that of the
// checkpoints, as note.NewEd25519VerifierKey spells it; "" takes the one that the
// export names, which whoever forged the export may have put there. Pending leaves
// are judged by the instant of the export. Signed checkpoints that were
// kept elsewhere are held against the same tree: nothing else finds a forger
// who can write everything that is stored, the key included.
//
// The error is for an export or a key that could not be read at all. What was
// read and is wrong is in the report.
func Verify(export io.Reader, verifierKey string, kept ...string) (Report, error) {
	a := audit{heads: map[dsr.OwnerID]numbered[CaseHead]{}}
	if err := a.read(NewReader(export)); err != nil {
		return Report{}, fmt.Errorf("verifying an export: %w", err)
	}
	if a.begins == 0 { // judge what is there by the newest of it
		a.begin.At = a.report.Last
	}
	if verifierKey == "" {
		verifierKey = a.begin.Key
	}
	var err error
	if a.key, err = note.NewVerifier(verifierKey); err != nil {
		return Report{}, fmt.Errorf("reading the key of the checkpoints: %w", err)
	}
	a.histories()
	a.leavesOfEvents()
	if err := a.tree(kept); err != nil {
		return Report{}, fmt.Errorf("verifying an export: %w", err)
	}
	a.report.sort()
	return a.report, nil
}

// audit is an export that is being verified. Events are kept as their hashes
// only, so that memory does not grow with what cases hold.
type audit struct {
	begin Begin
	key   note.Verifier

	last         place // of the row read last
	begins, ends int

	heads       map[dsr.OwnerID]numbered[CaseHead]
	events      []event
	byLeaf      map[Hash]event
	leaves      []numbered[TreeLeaf]
	nodes       []numbered[TreeNode]
	pending     []numbered[PendingLeaf]
	expired     map[Hash]bool
	checkpoints []numbered[SavedCheckpoint]
	report      Report
}

// numbered is a row with its line.
type numbered[R any] struct {
	row  R
	line int64
}

// event is what is needed to know of an event.
type event struct {
	id   dsr.OwnerID
	seq  int64
	line int64
	prev Hash // as stored beside it
	next Hash // what the following event, or the head, must say
	leaf Hash
	at   time.Time // zero when its bytes could not be read
}

// where gives the event as a place for a finding.
func (e event) where() Finding { return Finding{Case: e.id, Seq: e.seq, Line: e.line} }

// read takes in all rows, and finds what is wrong with the lines themselves.
func (a *audit) read(rows *Reader) error {
	for {
		row, err := rows.Next()
		var bad *LineError
		switch {
		case errors.Is(err, io.EOF):
			a.edges()
			return nil
		case errors.As(err, &bad):
			a.report.found(BadLine, Finding{Line: bad.Line})
		case err != nil:
			return err
		default:
			a.take(row, rows.Line())
		}
	}
}

// take looks where a row stands, counts it and keeps it. A row is held against
// the one before, not against the highest so far: one row in a wrong place is
// then one finding.
func (a *audit) take(row Row, line int64) {
	at, _ := row.place()
	if at.compare(a.last) < 0 {
		a.report.found(OutOfPlace, Finding{Line: line})
	}
	a.last = at
	switch {
	case row.Begin != nil:
		a.begins++
		a.begin = *row.Begin
	case row.End != nil:
		a.ends++
		if *row.End != a.report.Counts {
			a.report.found(CountsDiffer, Finding{Line: line})
		}
	default:
		a.report.Counts.add(row)
		a.keep(row, line)
	}
}

// edges finds a begin or end that is missing or there twice.
func (a *audit) edges() {
	if a.begins == 0 {
		a.report.found(NoBegin, Finding{})
	}
	if a.ends == 0 {
		a.report.found(NoEnd, Finding{})
	}
	if a.begins > 1 || a.ends > 1 {
		a.report.found(RowTwice, Finding{})
	}
}

// keep puts a row with those of its kind.
func (a *audit) keep(row Row, line int64) {
	switch {
	case row.Case != nil:
		if _, twice := a.heads[row.Case.Case]; twice {
			a.report.found(RowTwice, Finding{Case: row.Case.Case, Line: line})
			return
		}
		a.heads[row.Case.Case] = numbered[CaseHead]{*row.Case, line}
	case row.Event != nil:
		a.keepEvent(*row.Event, line)
	case row.Leaf != nil:
		a.leaves = append(a.leaves, numbered[TreeLeaf]{*row.Leaf, line})
	case row.Node != nil:
		a.nodes = append(a.nodes, numbered[TreeNode]{*row.Node, line})
	case row.Pending != nil:
		a.pending = append(a.pending, numbered[PendingLeaf]{*row.Pending, line})
	case row.Expired != nil:
		a.keepExpired(*row.Expired, line)
	case row.Checkpoint != nil:
		a.checkpoints = append(a.checkpoints, numbered[SavedCheckpoint]{*row.Checkpoint, line})
	}
}

// keepExpired notes a leaf whose event was removed.
func (a *audit) keepExpired(row ExpiredLeaf, line int64) {
	if a.expired == nil {
		a.expired = map[Hash]bool{}
	}
	if a.expired[row.Hash] {
		a.report.found(RowTwice, Finding{Line: line})
	}
	a.expired[row.Hash] = true
	if a.begins > 0 && row.At.After(a.begin.At.Add(skew)) {
		a.report.found(InFuture, Finding{Line: line})
	}
}

// keepEvent hashes an event, and finds one whose own bytes say that it belongs
// elsewhere: the hashes alone would not show that a whole case was renamed.
func (a *audit) keepEvent(row CaseEvent, line int64) {
	e := event{
		id: row.Case, seq: row.Seq, line: line,
		prev: row.Prev, next: Chain(row.Prev, row.Bytes), leaf: Leaf(row.Bytes),
	}
	var said struct {
		Case dsr.OwnerID `json:"case"`
		Seq  int64       `json:"seq"`
		At   time.Time   `json:"at"`
	}
	err := json.Unmarshal(row.Bytes, &said)
	if err == nil {
		e.at = said.At
		a.report.date(e.at)
	}
	if err != nil || said.Case != row.Case || said.Seq != row.Seq {
		a.report.found(EventMisfiled, e.where())
	}
	if a.begins > 0 && e.at.After(a.begin.At.Add(skew)) {
		a.report.found(InFuture, e.where())
	}
	a.events = append(a.events, e)
}
