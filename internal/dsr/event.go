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

	RightsConfirmed    EventKind = "RightsConfirmed"    // a person agrees on what is asked
	DataSubjectMatched EventKind = "DataSubjectMatched" // with somebody on file
	NobodyMatched      EventKind = "NobodyMatched"      // no such person is on file
	ConfirmationAsked  EventKind = "ConfirmationAsked"  // of the contact on file, once more
	MailboxConfirmed   EventKind = "MailboxConfirmed"   // the contact on file: this is mine
	RequestDisowned    EventKind = "RequestDisowned"    // the contact on file: this was not me
	IdentityConfirmed  EventKind = "IdentityConfirmed"
	IdentityDoubted    EventKind = "IdentityDoubted"
	TaskDone           EventKind = "TaskDone" // one system was looked into
	RightGranted       EventKind = "RightGranted"
	RightPartlyGranted EventKind = "RightPartlyGranted"
	RightRefused       EventKind = "RightRefused"
	DraftSubmitted     EventKind = "DraftSubmitted" // to a second person
	DraftSentBack      EventKind = "DraftSentBack"
	ReleaseRefused     EventKind = "ReleaseRefused" // the second person doubts who this is
	AnswerApproved     EventKind = "AnswerApproved"
	ApprovalTakenBack  EventKind = "ApprovalTakenBack" // of an erasure that was not carried out
	AnswerDelivered    EventKind = "AnswerDelivered"   // in another way than by mail; the case is closed
	ErasureCarriedOut  EventKind = "ErasureCarriedOut"
	CodeAsked          EventKind = "CodeAsked"       // a one-time code for the answer
	AnswerCollected    EventKind = "AnswerCollected" // the answer was shown for the right code
	AnswerRenewed      EventKind = "AnswerRenewed"   // the letter with the answer goes again
	ReviewRenewed      EventKind = "ReviewRenewed"   // the links to approve go again
	StaffInvited       EventKind = "StaffInvited"    // a member of staff was sent a new link to sign in
	CaseClosed         EventKind = "CaseClosed"

	IDCopyAsked     EventKind = "IDCopyAsked"     // of the contact on file
	IDCopyReceived  EventKind = "IDCopyReceived"  // uploaded or mailed; its original lives seconds
	IDCopyInspected EventKind = "IDCopyInspected" // what may be kept of it lies ready for staff
	IDCopyRefused   EventKind = "IDCopyRefused"   // nothing of it was kept
	IDCopyViewed    EventKind = "IDCopyViewed"    // a member of staff looked at it, unblurred
	IDCopyDestroyed EventKind = "IDCopyDestroyed"

	FileAnnounced  EventKind = "FileAnnounced" // of what was found in a system
	FileSealed     EventKind = "FileSealed"
	FileRefused    EventKind = "FileRefused"
	FileRemoved    EventKind = "FileRemoved"
	PackageBuilt   EventKind = "PackageBuilt"
	PackageFailed  EventKind = "PackageFailed"  // a person has to look
	PackageEnded   EventKind = "PackageEnded"   // it cannot be collected any more
	FilesHandedOut EventKind = "FilesHandedOut" // the package was opened for one download

	LetterComplained   EventKind = "LetterComplained" // its reader calls it spam
	LetterDelayed      EventKind = "LetterDelayed"
	UndeliveredSettled EventKind = "UndeliveredSettled" // a person saw to what did not arrive

	ReminderSent   EventKind = "ReminderSent"   // to staff
	HalfTimePassed EventKind = "HalfTimePassed" // with the work under way, so that nobody was reminded
	DeadlinePassed EventKind = "DeadlinePassed" // without an answer; staff hear of it every day
	FilePurged     EventKind = "FilePurged"     // the key of the file is destroyed: nobody can read it any more

	LeftoversRemoved EventKind = "LeftoversRemoved" // of a purged case: nothing is left but this history
)

// IsMail reports whether the event took in a mail; its personal part is then a
// Correspondence, and else a Note.
func (k EventKind) IsMail() bool {
	return k == CaseOpened || k == MessageAdded || k == DuplicateLinked
}

// Note is what an event of staff knows about people.
type Note struct {
	Text      string `json:"text,omitempty"`
	Reference string `json:"reference,omitempty"` // of a match
}

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
