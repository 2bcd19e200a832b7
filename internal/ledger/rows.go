package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Format names the form of an export in its first row. It changes when old
// exports could no longer be read.
const Format = "inzage-ledger/v2"

// Row is one line of an export: exactly one of its fields is set.
type Row struct {
	Begin      *Begin           `json:"begin,omitempty"`
	Case       *CaseHead        `json:"case,omitempty"`
	Event      *CaseEvent       `json:"event,omitempty"`
	Leaf       *TreeLeaf        `json:"leaf,omitempty"`
	Node       *TreeNode        `json:"node,omitempty"`
	Pending    *PendingLeaf     `json:"pending,omitempty"`
	Expired    *ExpiredLeaf     `json:"expired,omitempty"`
	Checkpoint *SavedCheckpoint `json:"checkpoint,omitempty"`
	End        *RowCounts       `json:"end,omitempty"`
}

// Begin is the first row: what whoever verifies starts from. Key and At are what
// the exporter was told; a verifier who holds the key already takes that one.
type Begin struct {
	Format string    `json:"format"`
	Key    string    `json:"key"` // of the checkpoints, as note.NewEd25519VerifierKey spells it
	At     time.Time `json:"at"`  // the instant of the export
	Sum    string    `json:"sum"` // of the three above, so that a slip in them shows
}

// NewBegin gives the first row of an export.
func NewBegin(key string, at time.Time) Begin {
	begin := Begin{Format: Format, Key: key, At: at.UTC()}
	begin.Sum = begin.sum()
	return begin
}

// sum gives what Sum has to be.
func (b Begin) sum() string {
	sum := sha256.Sum256([]byte(b.Format + "\n" + b.Key + "\n" + b.At.UTC().Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:])
}

// CaseHead is what a case's own row says of its history.
type CaseHead struct {
	Case   dsr.OwnerID `json:"case"`
	Events int64       `json:"events"` // the seq of the last
	Head   Hash        `json:"head"`
}

// CaseEvent is one event of a case. Bytes are those stored: JSON of which
// "case", "seq" and "at" stand in clear.
type CaseEvent struct {
	Case  dsr.OwnerID `json:"case"`
	Seq   int64       `json:"seq"` // from 1
	Prev  Hash        `json:"prev"`
	Bytes []byte      `json:"bytes"`
}

// TreeLeaf is an event's leaf where it was appended. Leaves are stored apart
// from nodes, so that an event's place can be found.
type TreeLeaf struct {
	Index int64 `json:"index"` // from 0, in the order of appending
	Hash  Hash  `json:"hash"`
}

// TreeNode is a stored hash of the tree, a leaf's among them, by the index of
// Growth.
type TreeNode struct {
	Index int64 `json:"index"`
	Hash  Hash  `json:"hash"`
}

// PendingLeaf is a leaf that waits to be appended to the tree.
type PendingLeaf struct {
	Hash Hash      `json:"hash"`
	At   time.Time `json:"at"` // the instant of its event
}

// ExpiredLeaf is a leaf of the tree whose event was removed when the last term of
// its case ended. Its hash stays, because the tree cannot forget.
type ExpiredLeaf struct {
	Hash Hash      `json:"hash"`
	At   time.Time `json:"at"` // when its case was removed
}

// SavedCheckpoint is a signed checkpoint as kept. Checkpoints are numbered without
// gaps, so that one that was taken away is missed.
type SavedCheckpoint struct {
	Number int64  `json:"number"` // from 1
	Note   string `json:"note"`
}

// RowCounts is the last row: how many there were of each kind.
type RowCounts struct {
	Cases       int64 `json:"cases"`
	Events      int64 `json:"events"`
	Leaves      int64 `json:"leaves"`
	Nodes       int64 `json:"nodes"`
	Pending     int64 `json:"pending"`
	Expired     int64 `json:"expired"`
	Checkpoints int64 `json:"checkpoints"`
}

// add counts a row.
func (c *RowCounts) add(row Row) {
	switch {
	case row.Case != nil:
		c.Cases++
	case row.Event != nil:
		c.Events++
	case row.Leaf != nil:
		c.Leaves++
	case row.Node != nil:
		c.Nodes++
	case row.Pending != nil:
		c.Pending++
	case row.Expired != nil:
		c.Expired++
	case row.Checkpoint != nil:
		c.Checkpoints++
	}
}

// place is where a row belongs in an export. Rows have one order, so that two
// that were swapped are seen.
type place struct {
	part int    // begin, cases with their events, leaves, nodes, pending, expired, checkpoints, end
	key  string // as it is spelt in the row, so that who reads the file can see the order
	seq  int64
}

// compare says which of two places comes first.
func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.part, other.part), cmp.Compare(p.key, other.key), cmp.Compare(p.seq, other.seq))
}

// place gives the place of a row; ok is false for a row that has none, because
// it is not of one kind or has a number that no row has.
func (r Row) place() (at place, ok bool) {
	kinds := 0
	put := func(part int, key string, seq, least int64) {
		kinds++
		at, ok = place{part, key, seq}, seq >= least
	}
	if r.Begin != nil {
		put(0, "", 0, 0)
		ok = r.Begin.Format == Format && r.Begin.Sum == r.Begin.sum()
	}
	if r.Case != nil {
		put(1, r.Case.Case.String(), 0, 0)
	}
	if r.Event != nil {
		put(1, r.Event.Case.String(), r.Event.Seq, 1)
	}
	if r.Leaf != nil {
		put(2, "", r.Leaf.Index, 0)
	}
	if r.Node != nil {
		put(3, "", r.Node.Index, 0)
	}
	if r.Pending != nil {
		put(4, r.Pending.Hash.String(), 0, 0)
	}
	if r.Expired != nil {
		put(5, r.Expired.Hash.String(), 0, 0)
	}
	if r.Checkpoint != nil {
		put(6, "", r.Checkpoint.Number, 1)
	}
	if r.End != nil {
		put(7, "", 0, 0)
	}
	return at, ok && kinds == 1
}
