package dsr

import "time"

// Purpose is what one signed link is for; a link for one purpose is refused
// everywhere else. Package signedlink gives each its number in the token.
type Purpose string

// The purposes of links.
const (
	SignIn            Purpose = "sign-in"            // staff: sign in to a case
	Decide            Purpose = "decide"             // staff
	ApproveRelease    Purpose = "approve-release"    // staff
	ApproveErasure    Purpose = "approve-erasure"    // staff
	ExtendDeadline    Purpose = "extend"             // staff
	Refuse            Purpose = "refuse"             // staff
	IdentityVerdict   Purpose = "identity-verdict"   // staff
	IsRequest         Purpose = "is-request"         // staff, about a mail
	IsNoRequest       Purpose = "is-no-request"      // staff, about a mail
	ReleaseQuarantine Purpose = "release-quarantine" // staff, about a mail
	OriginalMail      Purpose = "original-mail"      // staff, about a mail
	ConfirmMailbox    Purpose = "confirm-mailbox"    // data subject
	StopErasure       Purpose = "stop-erasure"       // data subject: stop an erasure or disclosure that waits
	FollowCase        Purpose = "follow-case"        // data subject
	UploadIDCopy      Purpose = "upload-id-copy"     // data subject
	CollectAnswer     Purpose = "collect-answer"     // data subject
)

// CodeLife is for how long a one-time code opens an answer. Letter and page say
// so too.
const CodeLife = 15 * time.Minute

// PurposeRule is how links of one purpose behave.
type PurposeRule struct {
	Purpose    Purpose
	Staff      bool          // for staff, under the staff key; else for the data subject
	OneUse     bool          // dead once something was done with it
	Life       time.Duration // from the moment it is made
	RevChecked bool          // refused when the case's Rev has risen since
	Code       bool          // acting needs a code the link does not hold
	Path       string        // the page the link opens
}

const (
	day = 24 * time.Hour
	// asLongAsTheCase bounds links that live as long as the case: the case row
	// decides, this is only the outer limit the token itself states.
	asLongAsTheCase = 2 * 366 * day
)

// PurposeRules lists every purpose with its rule, in the order of their numbers.
func PurposeRules() []PurposeRule {
	const desk, mine = "/bureau/", "/mijn/"
	return []PurposeRule{
		{SignIn, true, false, 72 * time.Hour, false, true, desk + "zaak"},
		{Decide, true, true, 72 * time.Hour, true, true, desk + "besluit"},
		{ApproveRelease, true, true, 72 * time.Hour, true, true, desk + "akkoord"},
		{ApproveErasure, true, true, 72 * time.Hour, true, true, desk + "akkoord-verwijdering"},
		{ExtendDeadline, true, true, 72 * time.Hour, true, true, desk + "verlengen"},
		{Refuse, true, true, 72 * time.Hour, true, true, desk + "weigeren"},
		{IdentityVerdict, true, true, 72 * time.Hour, true, true, desk + "identiteit"},
		{IsRequest, true, true, 14 * day, false, true, desk + "is-verzoek"},
		{IsNoRequest, true, true, 14 * day, false, true, desk + "geen-verzoek"},
		{ReleaseQuarantine, true, true, 14 * day, false, true, desk + "quarantaine"},
		{OriginalMail, true, true, 14 * day, false, true, desk + "mail"},
		{ConfirmMailbox, false, true, 14 * day, false, false, mine + "bevestig"},
		{StopErasure, false, true, 14 * day, false, false, mine + "stop"},
		{FollowCase, false, false, asLongAsTheCase, false, false, mine + "zaak"},
		{UploadIDCopy, false, false, asLongAsTheCase, false, false, mine + "kopie"},
		{CollectAnswer, false, false, 14 * day, false, true, mine + "antwoord"},
	}
}

// Rule gives the rule of p; ok is false for an unknown purpose.
func (p Purpose) Rule() (rule PurposeRule, ok bool) {
	for _, rule := range PurposeRules() {
		if rule.Purpose == p {
			return rule, true
		}
	}
	return PurposeRule{}, false
}

// Link is what one signed link says. The LINK row keeps the same values, and
// every use compares the two.
type Link struct {
	ID        LinkID
	Purpose   Purpose
	Owner     OwnerID // a case or a mail
	Rev       int     // the case's Rev when the link was made
	Epoch     int     // the case's LinkEpoch when the link was made; only on the row
	Asked     int     // of a link to confirm: which asking it answers; only on the row
	Actor     ActorID
	IssuedAt  time.Time // whole seconds
	ExpiresAt time.Time // whole seconds; the link is dead from this instant on

	// Only on the row.
	Spent     bool      // a one-use link with which something was done
	Codes     int       // how many one-time codes were sent for it
	CodeHash  [32]byte  // keyed hash of the code that opens it now; zero for none
	CodeUntil time.Time // when that code ends

	Ticket      [32]byte  // keyed hash of what lets its holder download, given with the answer; zero for none
	TicketUntil time.Time // when that ends
}
