// Package mailroom reads one incoming mail and says what it is: a request of a
// data subject, ordinary mail, the work of a machine, or something that a
// person must look at.
//
// Reader.Read takes the mail as a stream and gives a dsr.Enquiry: who wrote and
// how far that can be believed, when the mail was received, which rights it
// invokes and why, in which language to answer, and what was attached. The
// package stores nothing and asks nobody; time and verdicts are inputs.
//
// Two rules decide everything in here. A mail is never lost: whatever is wrong
// with it, it becomes dsr.KindUnreadable with a fixed word as its reason, and a
// person gets it; only a stream that cannot be read is an error, because then
// the caller must try again. And a mail is never believed: nothing in it can
// make the reader panic, run long, use much memory, or trust a line that the
// sender wrote about himself.
//
//	reader := mailroom.Reader{Settings: settings}
//	enquiry, err := reader.Read(object, mailroom.Receipt{MailID: id, TakenIn: at})
package mailroom

import (
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Settings are the facts about one organisation that the mailroom needs.
type Settings struct {
	// DefaultLanguage answers a mail whose language does not show.
	DefaultLanguage dsr.Language
	// Languages are the languages the organisation writes; empty means all.
	Languages []dsr.Language
	// OwnAddresses are the addresses at which mail comes in and from which
	// letters are sent. A mail from one of them is our own voice.
	OwnAddresses []string
	// Copy is true when a mail provider keeps the mailbox and sends a copy
	// here; then the provider's findings count and not those of SES, which saw
	// only the provider.
	Copy bool
	// AuthservID is the name at the start of the provider's own
	// Authentication-Results (RFC 8601, section 2.5).
	AuthservID string
	// TrustedHosts are the provider's mail servers whose Received lines are
	// believed. The server that hands the copies to SES belongs to them. Names
	// are compared whole: a rented machine may stand in the same domain.
	TrustedHosts []string
}

// Receipt is what SES says about the mail: its notice, not the mail itself.
// Verdicts are PASS, FAIL, GRAY or PROCESSING_FAILED in any case of letters;
// whatever else they are, they count as GRAY.
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
type Receipt struct {
	MailID      string    // the SES message id
	TakenIn     time.Time // when SES took the mail in
	SPF         string
	DKIM        string
	DMARC       string
	Spam        string
	Virus       string
	DMARCPolicy string // only present when DMARC failed
}

// Reader reads mail for one organisation. It holds no state, so that one value
// serves any number of mails at once.
type Reader struct {
	Settings Settings
}

// The limits of one mail. What passes them is not refused but handed to a
// person, with as much as was read.
const (
	maxMail     = 40 << 20  // what SES accepts
	maxHeader   = 256 << 10 // the header block of the mail
	maxLeafText = 256 << 10 // text of one part
	maxText     = 1 << 20   // text of one mail
	maxParts    = 1000
	maxDepth    = 50
	maxLine     = 998 // RFC 5322, section 2.1.1
)

// The reasons why a person must look at a mail, and why a mail was not. They
// are stored in clear, so they never hold words of the mail.
const (
	reasonNoHeader        = "no-header"
	reasonNoSender        = "no-sender"
	reasonEmpty           = "empty"
	reasonOnlyAttachments = "only-attachments"
	reasonStructure       = "bad-structure"
	reasonCharset         = "unknown-charset"
	reasonTooLarge        = "too-large"
	reasonTooManyParts    = "too-many-parts"
	reasonEncrypted       = "encrypted"
	reasonVirus           = "virus"
	reasonUnscanned       = "unscanned"
	reasonMaybe           = "maybe-request"
	reasonRequest         = "request"
	reasonNoRequest       = "no-request"
	reasonList            = "list"
)
