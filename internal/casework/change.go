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

	// Enclosures are files of cases that go on or begin.
	Enclosures []EnclosureMove
	// Purge destroys the key of the file with this change: nothing that was
	// sealed under it can be read after it.
	Purge bool

	Tasks []dsr.Task // rows that take the place of earlier ones
	Spend *LinkRef   // a one-use link that dies with this change
	Code  *LinkCode  // what opens a link from now on

	Ticket *LinkTicket // what lets its holder download from now on

	Mail     *dsr.Mail    // reaches the terminal state it holds
	Waits    *MailMove    // a mail that waits for a person goes on
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

// EnclosureMove takes a file of a case from one state to the next. It holds only
// while the stored row still has Prior's state and lease, and was neither cut nor
// seen by somebody else since; or is not there when Prior is the zero Enclosure.
// Else the change is ErrConflict.
type EnclosureMove struct {
	Prior, Next dsr.Enclosure
}

// MailMove lets a mail in a terminal state go on, because staff were reminded of it
// or opened it. It holds only while the stored mail has Prior's DueAt and OpenedAt;
// else the change is ErrConflict, as it is for a mail in any other state.
type MailMove struct {
	Prior, Next dsr.Mail
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

// LinkTicket is what lets its holder download files through a link from now on:
// its keyed hash, never the ticket. A zero Hash is no ticket at all. Of tickets
// given at once the last counts; a link that was used gets none: ErrConflict.
type LinkTicket struct {
	LinkRef
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
	DueLetter    DueKind = "letter"    // waiting, or claimed and perhaps abandoned
	DueMail      DueKind = "mail"      // not yet in a terminal state
	DueCase      DueKind = "case"      // a reminder, or the end of its file
	DueEnclosure DueKind = "enclosure" // not taken in yet, or to be destroyed
	DueSession   DueKind = "session"   // past its end
	DueOther     DueKind = ""          // a row of a kind this code does not know
)

// DueEntry is one row of the due index.
type DueEntry struct {
	Kind      DueKind
	At        time.Time
	Letter    dsr.LetterRef    // when Kind is DueLetter
	MailID    string           // when Kind is DueMail
	Case      dsr.OwnerID      // when Kind is DueCase
	Enclosure dsr.EnclosureRef // when Kind is DueEnclosure
	Session   [32]byte         // when Kind is DueSession: the hash of its id
}

// CaseKey is the owner name of a case's data key.
func CaseKey(id dsr.OwnerID) string { return "CASE#" + id.String() }

// taskPlace is where the text of a task is sealed for.
func taskPlace(id dsr.OwnerID, system string, right dsr.Right) string {
	return CaseKey(id) + "/TASK#" + system + "#" + string(right)
}

// letterPlace is where what only one letter may know is sealed for.
func letterPlace(ref dsr.LetterRef) string { return "LETTER/" + ref.Tag() }

// enclosurePlace is where the name of a file is sealed for.
func enclosurePlace(ref dsr.EnclosureRef) string { return "FILE/" + ref.Tag() }

// StaffKey is the owner name of the data key that seals a member's secret.
func StaffKey(actor dsr.ActorID) string { return "STAFF#" + actor.String() }

// bodyPath gives a path in the vault that no other attempt uses.
func bodyPath(id dsr.OwnerID, unique dsr.OwnerID) string {
	return fmt.Sprintf("case/%s/%s", id, unique)
}

// keptPath gives a path in the vault for a file of a case that no other attempt
// uses. The folder says how long the bucket's own rules let it live at most; a
// handout's name leads nowhere.
func keptPath(ref dsr.EnclosureRef, unique dsr.OwnerID) string {
	switch ref.Kind {
	case dsr.IDCopyFile:
		return fmt.Sprintf("idcopy/%s/%s", ref.Case, unique)
	case dsr.PackageFile:
		return fmt.Sprintf("package/%s/%s", ref.Case, unique)
	case dsr.HandoutFile:
		return "handout/" + unique.String()
	}
	return bodyPath(ref.Case, unique)
}

// foldersOf gives the folders in the vault that hold nothing but what belongs to
// one case.
func foldersOf(id dsr.OwnerID) []string {
	return []string{"case/" + id.String() + "/", "idcopy/" + id.String() + "/", "package/" + id.String() + "/"}
}
