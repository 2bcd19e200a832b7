package dsr

import "time"

// EventKind names something that happened, in the past tense.
type EventKind string

// The events of a case's history.
const (
	CaseOpened      EventKind = "CaseOpened"
	MessageAdded    EventKind = "MessageAdded"
	DuplicateLinked EventKind = "DuplicateLinked"
	LetterSent      EventKind = "LetterSent"
	LetterDelivered EventKind = "LetterDelivered"
	LetterBounced   EventKind = "LetterBounced"
	LetterGivenUp   EventKind = "LetterGivenUp"
	Viewed          EventKind = "Viewed" // a member of staff opened the case
)

// Event is one line of a case's history. History is append-only, and each
// event carries the hash of the one before, so that a change of the past shows.
type Event struct {
	Seq   int
	Kind  EventKind
	At    time.Time
	Actor ActorID           // who did it; zero is the system itself
	Facts map[string]string // stored in clear: kinds, states, dates, row ids; no personal data

	Personal []byte   // sealed: JSON of what this event knows about people; may be empty
	Body     *BodyRef // where Personal went when it was too large for a row
}

// BodyRef points at sealed text in the vault.
type BodyRef struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // of the sealed bytes
}

// MaxRowBody is the size in bytes from which an event's personal part goes to
// the vault. DynamoDB rows hold 400 KB; a small row keeps reads cheap.
const MaxRowBody = 32 << 10
