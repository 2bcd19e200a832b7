package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Fault says in fixed words what is wrong. It never holds anything that was
// read: a report may be shown to whoever may not see the cases.
type Fault string

// What can be wrong with the lines of an export.
const (
	BadLine      Fault = "line is not a row of an export"
	OutOfPlace   Fault = "row is out of place"
	RowTwice     Fault = "row is there twice"
	NoBegin      Fault = "begin of the export is missing"
	NoEnd        Fault = "end of the export is missing"
	CountsDiffer Fault = "rows are not as many as the end says"
)

// What can be wrong with the history of a case.
const (
	StateWithoutEvent Fault = "state without event"
	EventWithoutState Fault = "event without state"
	EventMisfiled     Fault = "event is not of this case and seq"
	HistoryBroken     Fault = "event does not follow the one before"
	HeadDiffers       Fault = "state is not that after the last event"
)

// What can be wrong with the leaves of the tree and those that wait.
const (
	EventWithoutLeaf   Fault = "event without leaf"
	LeafWithoutEvent   Fault = "leaf without event"
	LeafMissing        Fault = "leaf is missing from the tree"
	LeafTwice          Fault = "leaf is in the tree twice"
	PendingInTree      Fault = "pending leaf is in the tree"
	PendingTooLong     Fault = "leaf is pending too long"
	PendingMisdated    Fault = "pending leaf has not the instant of its event"
	ExpiredWithEvent   Fault = "leaf is said to be expired and has its event"
	ExpiredWithoutLeaf Fault = "expired leaf is not in the tree"
	InFuture           Fault = "event is of the future"
)

// What can be wrong with the stored hashes of the tree and the checkpoints.
const (
	NodeDiffers          Fault = "tree hash does not fit the leaves"
	NodeMissing          Fault = "tree hash is missing"
	NodeWithoutLeaf      Fault = "tree hash without leaf"
	CheckpointMissing    Fault = "checkpoint is missing"
	CheckpointUnreadable Fault = "checkpoint is not one"
	CheckpointUnsigned   Fault = "checkpoint has not this key's signature"
	CheckpointTooLarge   Fault = "checkpoint is larger than the tree"
	CheckpointShrinks    Fault = "checkpoint is smaller than an older one"
	CheckpointDiffers    Fault = "checkpoint has not the root of the leaves"
	LeafUnsigned         Fault = "leaf is under no checkpoint that fits"
)

// Finding is one thing that is wrong, and where.
type Finding struct {
	Fault Fault
	Case  dsr.OwnerID // zero when it is about no case
	Seq   int64       // of the event, or 0; leaves, nodes and checkpoints have their index or number here
	Line  int64       // of the export; 0 for what is missing at its end
	Kept  bool        // about a checkpoint that was kept elsewhere; Seq counts those
}

// String gives the finding in one line.
func (f Finding) String() string {
	var text strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&text, "line %d: ", f.Line)
	}
	if f.Kept {
		text.WriteString("kept ")
	}
	text.WriteString(string(f.Fault))
	if f.Case != (dsr.OwnerID{}) {
		fmt.Fprintf(&text, ", case %s", f.Case)
	}
	if f.Seq > 0 {
		fmt.Fprintf(&text, ", number %d", f.Seq)
	}
	return text.String()
}

// Report is what an export was found to be.
type Report struct {
	Findings []Finding // by line; those without a line come first
	Counts   RowCounts // of rows that could be read
	// First and Last are the instants of the first and the last event.
	First, Last time.Time
	// Tree is what the leaves up to the first that is missing add up to.
	Tree Tree
	// Signed is how many leaves stand under a checkpoint that fits. Whoever
	// can write all there is can still change those after them unseen.
	Signed int64
}

// OK says whether nothing was found.
func (r Report) OK() bool { return len(r.Findings) == 0 }

// found adds a finding.
func (r *Report) found(fault Fault, where Finding) {
	where.Fault = fault
	r.Findings = append(r.Findings, where)
}

// sort puts findings in the order in which a reader looks them up.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
}

// date widens the range of dates.
func (r *Report) date(at time.Time) {
	if r.First.IsZero() || at.Before(r.First) {
		r.First = at
	}
	if at.After(r.Last) {
		r.Last = at
	}
}
