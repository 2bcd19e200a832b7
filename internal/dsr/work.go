package dsr

import "time"

// State is how far a case has come. "Overdue" is not a state: it is computed
// from the deadline and the day of looking.
type State string

// The states of a case.
const (
	Received  State = "received"  // nobody has looked yet, or it asks for more since
	Working   State = "working"   // staff know what is asked and work on the answer
	InReview  State = "in-review" // a draft lies before a second person
	Approved  State = "approved"  // that person agreed; an erasure is still to be carried out
	Answering State = "answering" // the answer is on its way
	Closed    State = "closed"    // answered, refused or withdrawn
	Purged    State = "purged"    // closed, and its file destroyed: number, rights, dates and proof remain
)

// Open reports whether the case still needs an answer.
func (s State) Open() bool { return s != Closed && s != Purged }

// Undecided reports whether what is asked may still change. After that a
// further request is a case of its own.
func (s State) Undecided() bool { return s == Received || s == Working || s == InReview }

// Stoppable reports whether an answer can still be kept from leaving: also an
// erasure that was approved and not carried out.
func (s State) Stoppable() bool { return s.Undecided() || s == Approved }

// Match says whether a person found the data subject in the organisation's file.
type Match string

// The outcomes of looking; empty while nobody has looked.
const (
	Matched Match = "matched"
	Nobody  Match = "nobody" // no such person is on file
)

// Means is one way in which a data subject shows who they are.
type Means string

// The means, lightest first. Package identity says which are enough.
const (
	ByNothing Means = "none"    // nothing is asked
	ByMailbox Means = "mailbox" // a click on a link sent to the contact on file
	ByFacts   Means = "facts"   // two facts from the organisation's own file
	ByLogin   Means = "login"   // a confirmation in the customer panel, with a second factor
	ByIDCopy  Means = "id_copy" // a copy of an identity document, blacked out by the person
)

// Fact is a kind of fact on file that a person may name as proof. Only its kind
// is kept, never what was said.
type Fact string

// Facts lists the kinds of facts that count as proof.
func Facts() []Fact {
	return []Fact{"customer-number", "last-invoice", "last-order", "phone-number", "postal-address", "birth-date"}
}

// Verdict is what a person found about the data subject's identity.
type Verdict string

// The verdicts; empty while there is none.
const (
	IdentitySure     Verdict = "sure"
	IdentityDoubtful Verdict = "doubtful"
)

// Outcome is how a case ends.
type Outcome string

// The outcomes; empty while nothing is proposed.
const (
	// Answered ends a case whose rights each have a decision, of which the contact
	// on file hears.
	Answered Outcome = "answered"
	// Unlinked ends a case of which nothing could be linked to the one who asks:
	// nobody is on file, or the one on file did not confirm. Both get the same
	// letter, so that it tells nobody who is a customer.
	Unlinked Outcome = "unlinked"
	// Withdrawn ends a case that the requester took back.
	Withdrawn Outcome = "withdrawn"
)

// Work is how far the deciding of a case has come, in fixed words that may be
// stored in clear.
type Work struct {
	RightsConfirmed bool      // a person read the mail and agrees on Case.Rights
	Match           Match     //
	MatchedAt       time.Time // files that were found before are of somebody else; zero while none are
	AskedAt         time.Time // when the contact on file was last asked to confirm
	Asked           int       // which asking that was; links to confirm carry it
	Confirmed       bool      // the contact on file said: this is mine
	Disowned        bool      // the contact on file said: this was not me. All stands still
	Identity        Verdict   //
	Means           []Means   // by which identity was shown
	Decisions       []Decision
	Proposed        Outcome   // what the draft would end the case with
	Drafter         ActorID   // who submitted the draft
	Draft           [32]byte  // hash of the exact answer that was submitted; zero for none
	NotBefore       time.Time // the draft cannot be approved earlier, so that it can be stopped
	Alone           bool      // one-person organisation: who drafted may approve, after that wait
	Warned          int       // the WaitLetter of that wait, by its number; zero for none
	Approver        ActorID
	Outcome         Outcome // set when the case is closed
	ClosedAt        time.Time
	CopyAsked       time.Time    // when the contact on file was last asked for a copy
	Undelivered     []LetterKind // letters to the data subject that did not arrive and that nobody saw to
	Reminded        string       // the last reminder of staff: its step and day
	Hold            string       // why the file must not be destroyed yet, a fixed word; empty for no hold
	Left            []int        // numbers of the letters with the answer that left and did not come back
	Otherwise       int          // the event by which the answer was given in another way than by mail; zero for none
}

// Proposal is a draft that is laid before a second person.
type Proposal struct {
	Drafter   ActorID
	Outcome   Outcome
	Draft     [32]byte
	NotBefore time.Time // zero when nobody has to be able to stop it first
	Alone     bool      // nobody else in the organisation may approve
	Warned    int       // number of the WaitLetter; zero for none
}

// NotNow is why an act is refused in the case's present state: a fixed word, for
// which the pages of staff have a sentence.
type NotNow string

// Error gives the word.
func (n NotNow) Error() string { return "the case does not allow this now: " + string(n) }

// Why acts are refused.
const (
	NotNowDecided       NotNow = "decided"        // the answer is fixed
	NotNowNoRights      NotNow = "no-rights"      // a case asks for something
	NotNowRights        NotNow = "rights"         // nobody agreed on the rights yet
	NotNowMatch         NotNow = "match"          // nobody looked who this is
	NotNowContact       NotNow = "contact"        // a match needs a usable contact
	NotNowDisowned      NotNow = "disowned"       // the contact on file did not ask this
	NotNowProof         NotNow = "proof"          // the policy asks for more
	NotNowFresh         NotNow = "fresh-contact"  // a new address needs more proof than itself
	NotNowIdentity      NotNow = "identity"       // no verdict yet
	NotNowDecision      NotNow = "decision"       // a right has no decision
	NotNowGround        NotNow = "ground"         // no such ground for refusing this right
	NotNowReason        NotNow = "reason"         // a refusal needs reasons in words
	NotNowTasks         NotNow = "tasks"          // a system was not looked into
	NotNowOutcome       NotNow = "outcome"        // no such outcome for this right
	NotNowKept          NotNow = "kept"           // granted, and something is kept
	NotNowText          NotNow = "text"           // what was found is missing or too long
	NotNowThirdParties  NotNow = "third-parties"  // nobody looked for data of others
	NotNowDraft         NotNow = "draft"          // there is no draft, or another one
	NotNowSamePerson    NotNow = "same-person"    // nobody approves their own draft
	NotNowWait          NotNow = "wait"           // the 24 hours of a one-person organisation
	NotNowSecondPerson  NotNow = "second-person"  // too risky for one person
	NotNowLinkable      NotNow = "linkable"       // the person on file confirmed
	NotNowWarning       NotNow = "warning"        // the letter that tells how to stop it has not left
	NotNowNotReady      NotNow = "nothing-to-do"  // nothing of this kind waits
	NotNowCommentNeeded NotNow = "comment-needed" // sending back needs a word why
	NotNowCodes         NotNow = "too-many-codes" // no more codes for this link
	NotNowCopy          NotNow = "copy"           // nobody looked at the copy, or it is gone
	NotNowCopyUnasked   NotNow = "copy-unasked"   // no right of the case asks for a copy
	NotNowFiles         NotNow = "files"          // a file is on its way, or could not be taken in
	NotNowTooManyFiles  NotNow = "too-many-files" // or too large together
	NotNowContradicted  NotNow = "contradicted"   // a system is said to hold nothing, and a file is from it
	NotNowPackage       NotNow = "package"        // the package is not ready, or gone
	NotNowNothingMissed NotNow = "nothing-missed" // every letter arrived, or somebody saw to it
)
