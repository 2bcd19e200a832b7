package dsr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// LetterKind is one kind of letter. M letters go to the data subject, S
// letters to staff, F letters are mail passed on.
type LetterKind string

// The letters Inzage writes so far.
const (
	Acknowledgement LetterKind = "M01"       // receipt of a request, with both dates
	ConfirmLetter   LetterKind = "M03"       // to the contact on file: is this request yours?
	CopyLetter      LetterKind = "M04"       // to the contact on file: a blacked-out copy of an identity document, or a lighter way
	CopyAgainLetter LetterKind = "M04-again" // the copy could not be used, and why
	CheckedLetter   LetterKind = "M05"       // identity checked, the copy destroyed
	AnswerLetter    LetterKind = "M10"       // the answer is ready, behind a link and a code
	CodeLetter      LetterKind = "M10-code"  // the one-time code for the answer
	WaitLetter      LetterKind = "M10-wait"  // one-person organisation: the answer goes tomorrow, unless stopped
	RefusalLetter   LetterKind = "M14"       // refused in whole or in part, or nobody found
	WithdrawnLetter LetterKind = "M15"       // the request was taken back
	ReviewNotice    LetterKind = "S2"        // to staff: a draft waits for a second person
	BackNotice      LetterKind = "S3"        // to the drafter: the draft came back
	ReminderNotice  LetterKind = "S4"        // to staff: a deadline comes near, or has passed
	LetterNotice    LetterKind = "S5"        // to staff: a letter that cannot be sent
	NewCaseNotice   LetterKind = "S6"        // to staff: a case was opened
	MailNotice      LetterKind = "S7"        // to staff: a mail that a person must read
	RightsNotice    LetterKind = "S8"        // to staff: an open case now asks for more
	DisownedNotice  LetterKind = "S9"        // to staff: the contact on file did not ask this
	ErasureNotice   LetterKind = "S10"       // to staff: an approved erasure waits to be carried out
	ConfirmedNotice LetterKind = "S11"       // to staff: the contact on file confirmed, work can go on
	WithdrawnNotice LetterKind = "S12"       // to staff: the request was taken back
	LinkNotice      LetterKind = "S13"       // to staff: a new link to sign in
	CopyNotice      LetterKind = "S14"       // to staff: about a copy of an identity document
	FilesNotice     LetterKind = "S15"       // to staff: about a file or the package of an answer
	ForwardLetter   LetterKind = "F1"        // ordinary mail passed on to the human mailbox
)

// ToStaff reports whether letters of this kind go to members of staff.
func (k LetterKind) ToStaff() bool { return strings.HasPrefix(string(k), "S") }

// Answers reports whether a letter of this kind brings a case's answer; the case
// is closed once it has arrived.
func (k LetterKind) Answers() bool { return k == AnswerLetter || k == RefusalLetter }

// LetterState is how far a letter has come.
type LetterState string

// The states of a letter. Bounced outranks Delivered: SES may report both for
// one mail, in any order. A letter fails when no further try can send it.
const (
	LetterWaiting  LetterState = "waiting"
	LetterClaimed  LetterState = "claimed"
	LetterPosted   LetterState = "sent"
	LetterArrived  LetterState = "delivered"
	LetterUnwanted LetterState = "complained" // it arrived, and its reader calls it spam
	LetterReturned LetterState = "bounced"
	LetterFailed   LetterState = "failed"
)

// rank orders the states; a letter never goes back.
func (s LetterState) rank() int {
	switch s {
	case LetterClaimed:
		return 1
	case LetterPosted:
		return 2
	case LetterArrived:
		return 3
	case LetterUnwanted:
		return 4
	case LetterReturned:
		return 5
	case LetterFailed:
		return 6
	}
	return 0
}

// Before reports whether a letter in state s can still come to state t.
func (s LetterState) Before(t LetterState) bool { return s.rank() < t.rank() }

// Came reports whether the letter lies with its reader, whatever they think of it.
func (s LetterState) Came() bool { return s == LetterArrived || s == LetterUnwanted }

// Outstanding reports whether the letter still has to be sent.
func (s LetterState) Outstanding() bool { return s == LetterWaiting || s == LetterClaimed }

// OwnerKind says what sort of thing owns a letter or a link.
type OwnerKind string

// The owners of letters.
const (
	OwnedByCase OwnerKind = "case"
	OwnedByMail OwnerKind = "mail"
)

// LetterRef names one letter. For a letter about a mail, MailID is the SES id
// under which the mail is stored.
type LetterRef struct {
	OwnerKind OwnerKind
	Case      OwnerID // set when OwnerKind is OwnedByCase
	MailID    string  // set when OwnerKind is OwnedByMail
	Kind      LetterKind
	N         int // counts letters of one kind, from 1
}

// ErrUnsendable is what a fault is when no further try can send the letter: it
// lacks a part, has no reader, or SES refuses it for good. A person must know.
var ErrUnsendable = errors.New("the letter can never be sent as it is")

// ErrTooLarge is what a fault is when a letter is larger than SES takes. No
// further try can send it.
var ErrTooLarge = fmt.Errorf("%w: it is too large", ErrUnsendable)

// Delay is why SES takes no letters from us for now, in a fixed word. The letter
// has not left and is tried again; deadlines run on, so somebody must look.
type Delay string

// Why letters wait.
const (
	DelayPaused     Delay = "paused"     // sending is switched off, or what it needs is missing
	DelayUnverified Delay = "unverified" // the sandbox, or an address or domain that SES does not trust (any more)
	DelayQuota      Delay = "quota"      // the mails of this day are used up
)

// Error gives the word.
func (d Delay) Error() string { return "SES takes no letters from us now: " + string(d) }

// LetterTag is the name of the SES message tag that holds a letter's Tag. SES
// repeats it in the events it reports about the letter.
const LetterTag = "letter"

// ErrBadLetterRef is returned for a tag that Tag did not write.
var ErrBadLetterRef = errors.New("not a letter tag")

// Tag gives the reference in the alphabet of SES message tags (letters,
// digits, "_" and "-"), so that a sending event leads back to its letter. It
// holds no personal data.
func (r LetterRef) Tag() string {
	if r.OwnerKind == OwnedByMail {
		return fmt.Sprintf("mail_%s_%s_%d", r.MailID, r.Kind, r.N)
	}
	return fmt.Sprintf("case_%s_%s_%d", r.Case, r.Kind, r.N)
}

// ParseLetterTag reads what Tag wrote.
func ParseLetterTag(tag string) (LetterRef, error) {
	parts := strings.Split(tag, "_")
	if len(parts) != 4 {
		return LetterRef{}, ErrBadLetterRef
	}
	n, err := strconv.Atoi(parts[3])
	if err != nil || n < 1 {
		return LetterRef{}, ErrBadLetterRef
	}
	ref := LetterRef{OwnerKind: OwnerKind(parts[0]), Kind: LetterKind(parts[2]), N: n}
	switch ref.OwnerKind {
	case OwnedByMail:
		ref.MailID = parts[1]
	case OwnedByCase:
		if ref.Case, err = ParseOwnerID(parts[1]); err != nil {
			return LetterRef{}, ErrBadLetterRef
		}
	default:
		return LetterRef{}, ErrBadLetterRef
	}
	if ref.Tag() != tag {
		return LetterRef{}, ErrBadLetterRef
	}
	return ref, nil
}

// Letter is one letter in the outbox. The row holds no personal data: whom it
// goes to is a role, and the words are composed while sending.
type Letter struct {
	Ref      LetterRef
	Language Language
	To       Addressee
	Purpose  Purpose // which link the letter carries; empty for none
	Reason   string  // why a person must look, a fixed word; for a LetterNotice the letter's kind, for a ForwardLetter the trust in the sender
	State    LetterState
	Queued   time.Time
	DueAt    time.Time // when sweep looks at it again; zero when nothing is left to do

	NotBefore time.Time // dispatch leaves it alone until then; zero for at once
	Sealed    []byte    // what only this letter may know, such as a code; opaque here

	Until time.Time // end of the claim's lease
	// Delayed is when something last kept it from leaving or arriving; zero for never.
	Delayed time.Time
	Link    Link   // minted at the first claim; a resend mints the same token again
	SESID   string // SES message id, once sent
}

// Addressee is a letter's destination as a role. An address is looked up while
// sending: the requester's on the sealed case, a staff member's in the profile.
type Addressee struct {
	Requester bool    // the person who sent the request
	Contact   int     // else this contact on file, counted from 1
	Desk      bool    // else the human mailbox of the organisation (mx mode)
	Staff     ActorID // else this staff member
}

// Personal reports whether the addressee is a data subject.
func (a Addressee) Personal() bool { return a.Requester || a.Contact > 0 }

// LetterContent is everything a letter is composed from.
type LetterContent struct {
	Letter   Letter
	To       Mailbox
	Number   Number
	Thread   string
	Received time.Time
	Dates    Dates
	Rights   []Right
	Trust    TrustLevel
	Token    string // signed link token for Letter.Purpose
	InReply  string // Message-ID of the mail this answers; empty for none

	Outcome   Outcome          // how the case ends, for letters that say so
	Decisions []Decision       // for an answer
	Reasons   map[Right]string // why not, in the words of staff; free text
	Collects  bool             // the link leads to more than the letter says
	Code      string           // a one-time code, for the letter that brings one
	NotBefore time.Time        // of a WaitLetter: until when it can be stopped

	DestroyedAt   time.Time // of a CheckedLetter: when the copy was destroyed
	Packed        bool      // the answer has files, in one archive behind the link
	CodeElsewhere bool      // the code comes to another address than the letter
}

// Mailbox is a name and an address.
type Mailbox struct {
	Name    string
	Address string
}

// Message is a composed mail, ready for SES.
type Message struct {
	To  []string // envelope recipients
	Raw []byte   // RFC 5322 message
	Tag string   // LetterRef.Tag
}
