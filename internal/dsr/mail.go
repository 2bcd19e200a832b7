package dsr

import "time"

// MailState says what became of one incoming mail.
type MailState string

// The states of a mail. All but Seen and Reading are terminal: the mail needs
// nothing more, and a second delivery of its notice changes nothing.
const (
	MailSeen      MailState = "seen"      // found in the mail bucket, its notice not yet
	MailReading   MailState = "reading"   // an attempt to read it has begun
	MailCase      MailState = "case"      // it opened a case or was added to one
	MailDuplicate MailState = "duplicate" // a second copy, linked to the case of the first
	MailOrdinary  MailState = "ordinary"  // no request; the human mailbox has it
	MailAutomatic MailState = "automatic" // written by a machine; never answered
	MailPerson    MailState = "person"    // a person was asked to look at it
)

// Terminal reports whether the mail needs nothing more.
func (s MailState) Terminal() bool {
	switch s {
	case MailCase, MailDuplicate, MailOrdinary, MailAutomatic, MailPerson:
		return true
	}
	return false
}

// MaxMailAttempts is in how many quarters of an hour reading one mail is begun
// before a person gets it: a mail that kills its reader would otherwise be tried
// for ever while the legal clock runs. Beginnings within one quarter count as
// one, so that neither a notice that comes five times at once nor a short outage
// uses them up.
const MaxMailAttempts = 3

// Mail is the claim on one incoming mail, kept from the first time its notice
// arrives. It holds no personal data.
type Mail struct {
	ID        string    // the SES message id, also the tail of the raw object's name
	Owner     OwnerID   // what links and letters about this mail belong to
	State     MailState //
	Attempts  int       // in how many quarters of an hour reading it was begun
	ArrivedAt time.Time // when SES took it in
	Verdicts  Verdicts  // what SES found, from its notice
	Number    Number    // the case number taken for it; kept so that a retry reuses it
	Case      OwnerID   // the case it belongs to, when State is MailCase or MailDuplicate
	Reason    string    // why it ended so: a fixed word of the mailroom
	DueAt     time.Time // when it is looked at again; once terminal, to remind staff of it or to remove the raw mail. Zero for never
	Notices   int       // how often staff were reminded of it
	OpenedAt  time.Time // when a member of staff last had it as it arrived, from a notice about it; zero for never
}

// Past reports whether nobody needs the mail as it arrived any more: it was removed,
// or is to be. One that waits for a person is never past.
func (m Mail) Past(now time.Time) bool {
	return m.State.Terminal() && m.State != MailPerson && !now.Before(m.DueAt)
}

// Removed reports whether the mail as it arrived was removed.
func (m Mail) Removed() bool { return m.DueAt.IsZero() && m.Past(time.Time{}) }

// Verdicts are what SES found about a mail, in its own words: PASS, FAIL, GRAY
// or PROCESSING_FAILED. They stand only in its notice, so they are kept with the
// claim for when the mail must be read again.
type Verdicts struct {
	SPF, DKIM, DMARC, Spam, Virus string
	DMARCPolicy                   string // only present when DMARC failed
}

// Known reports whether SES was heard at all.
func (v Verdicts) Known() bool { return v != Verdicts{} }
