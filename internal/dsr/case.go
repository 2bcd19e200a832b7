package dsr

import "time"

// State is how far a case has come. "Overdue" is not a state: it is computed
// from the deadline and the day of looking.
type State string

// The first and the last state of a case. The acts of staff will add those in
// between; so far no act closes a case.
const (
	Received State = "received" // opened, nobody has looked yet
	Closed   State = "closed"   // answered, refused or withdrawn
)

// Open reports whether the case still needs an answer.
func (s State) Open() bool { return s != Closed }

// Dates are a case's deadlines as they stood when they were computed. The
// promise never moves once it stands in a letter.
type Dates struct {
	ReceiptDay   Day `json:"receipt_day"`
	PromiseDue   Day `json:"promise_due"`   // receipt day + the days the statement promises
	PlanBy       Day `json:"plan_by"`       // promise, moved back to a working day
	LawBase      Day `json:"law_base"`      // art. 12(3) GDPR: one month, unrolled
	LawDue       Day `json:"law_due"`       // LawBase rolled over weekends and holidays
	ExtensionDue Day `json:"extension_due"` // art. 12(3) GDPR: three months from receipt at most
}

// Case is the summary of one case; its history is the truth.
type Case struct {
	ID        OwnerID
	Number    Number
	State     State
	Seq       int      // how many events its history holds; every change raises it
	Rev       int      // rises only when what is decided changes; links to decide carry it
	LinkEpoch int      // raising it revokes every link of the case
	Head      [32]byte // hash of the last event
	Rights    []Right
	Language  Language
	Trust     TrustLevel
	Statement string    // which version of the privacy statement was in force at receipt
	Received  time.Time // the receipt instant
	Opened    time.Time
	Dates     Dates
	Thread    string    // token of the plus address; proves an earlier mail, not identity
	Person    ActorID   // the data subject as an actor in this case
	DueAt     time.Time // when something next falls due; zero when nothing does

	Requester Requester // sealed
}

// Requester is who sent the request, as far as the mail says. Whether this is
// the data subject is decided later, by a person.
type Requester struct {
	Address   string `json:"address"`
	Name      string `json:"name,omitempty"`
	MessageID string `json:"message_id,omitempty"` // of the mail that opened the case
}
