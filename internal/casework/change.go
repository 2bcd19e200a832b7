package casework

import (
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Change is what one act changes, stored as one transaction. The part about a
// case is left out for letters about a mail alone.
type Change struct {
	// File is the case after the change; its Seq is one more than was read,
	// and its Head is still the head that was read: the store links the event
	// to it. A Seq of 1 opens the case. Without a Key the case's personal
	// fields stay as they are stored.
	File  File
	Event dsr.Event

	Letters []dsr.Letter // new letters
	Moves   []LetterMove // letters that went on

	Tasks []dsr.Task // rows that take the place of earlier ones
	Spend *LinkRef   // a one-use link that dies with this change
	Code  *LinkCode  // what opens a link from now on

	Mail     *dsr.Mail    // reaches the terminal state it holds
	Messages MessageKeys  // kept so that a second copy finds the case
	Sender   *SenderClaim // kept so that a second mail of the day joins the case
	At       time.Time    // when the act happened
}

// AboutCase reports whether the change touches a case.
func (c Change) AboutCase() bool { return c.File.Case.Seq > 0 }

// Opens reports whether the change opens a case.
func (c Change) Opens() bool { return c.File.Case.Seq == 1 }

// LetterMove takes a letter from one state to the next. It holds only while
// the stored letter still has Prior's state and lease.
type LetterMove struct {
	Prior, Letter dsr.Letter
}

// LinkRef names one link.
type LinkRef struct {
	Owner dsr.OwnerID
	ID    dsr.LinkID
}

// LinkCode is the one-time code that opens a link from now on: its keyed hash,
// never the code. A zero Hash is no code at all. Codes is how many were sent for
// the link before.
type LinkCode struct {
	LinkRef
	Codes int
	Sent  bool // one more was sent
	Hash  [32]byte
	Until time.Time
}

// MessageKeys are the two ways to recognise a second copy of one mail. The same
// bytes are the same mail for good. The same From and Message-ID are the same
// mail until Until: mail servers try for days, and some web forms use one
// Message-ID for ever. A zero Message means that the mail had none.
type MessageKeys struct {
	Raw     [32]byte // SHA-256 of the mail as it arrived
	Message [32]byte // hash of From, Message-ID and whether the sender is believed
	Until   time.Time
}

// Zero reports whether there is nothing to keep.
func (k MessageKeys) Zero() bool { return k.Raw == [32]byte{} && k.Message == [32]byte{} }

// SenderHash is the keyed hash of a sender's address. Its key is renewed each
// year; destroying the key unlinks the year.
type SenderHash [32]byte

// SenderClaim says which case a sender's further mails join until Until. It is
// also what holds acknowledgements to one per address per day: the case that
// was acknowledged owns the claim.
type SenderClaim struct {
	Hash         SenderHash
	Acknowledged bool
	Case         dsr.OwnerID
	Until        time.Time
	Prior        dsr.OwnerID // a case that held the day and is decided by now; zero for none
}

// DueKind says what sort of row falls due.
type DueKind string

// The rows of the due index.
const (
	DueLetter DueKind = "letter" // waiting, or claimed and perhaps abandoned
	DueMail   DueKind = "mail"   // not yet in a terminal state
	DueCase   DueKind = "case"   // a reminder
	DueOther  DueKind = ""       // a row of a kind this code does not know
)

// DueEntry is one row of the due index.
type DueEntry struct {
	Kind   DueKind
	At     time.Time
	Letter dsr.LetterRef // when Kind is DueLetter
	MailID string        // when Kind is DueMail
	Case   dsr.OwnerID   // when Kind is DueCase
}

// CaseKey is the owner name of a case's data key.
func CaseKey(id dsr.OwnerID) string { return "CASE#" + id.String() }

// taskPlace is where the text of a task is sealed for.
func taskPlace(id dsr.OwnerID, system string, right dsr.Right) string {
	return CaseKey(id) + "/TASK#" + system + "#" + string(right)
}

// letterPlace is where what only one letter may know is sealed for.
func letterPlace(ref dsr.LetterRef) string { return "LETTER/" + ref.Tag() }

// StaffKey is the owner name of the data key that seals a member's secret.
func StaffKey(actor dsr.ActorID) string { return "STAFF#" + actor.String() }

// bodyPath gives a path in the vault that no other attempt uses.
func bodyPath(id dsr.OwnerID, unique dsr.OwnerID) string {
	return fmt.Sprintf("case/%s/%s", id, unique)
}
