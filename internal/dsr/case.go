package dsr

import "time"

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
	Work      Work      // how far the deciding has come

	Confidential // sealed
}

// Confidential is what a case knows about people. It is sealed as one.
type Confidential struct {
	Requester
	OnFile  OnFile           `json:"on_file,omitzero"`
	Reasons map[Right]string `json:"reasons,omitempty"` // in words of staff, for what is not granted whole
}

// Requester is who sent the request, as far as the mail says. Whether this is
// the data subject is decided later, by a person.
type Requester struct {
	Address   string `json:"address"`
	Name      string `json:"name,omitempty"`
	MessageID string `json:"message_id,omitempty"` // of the mail that opened the case
}

// OnFile is who the organisation's own file says this is. A person looked it
// up; letters with data go nowhere else.
type OnFile struct {
	Reference string    `json:"reference"` // the customer number or the like
	Name      string    `json:"name"`      // as it stands in the file
	Contacts  []Contact `json:"contacts"`  // longest on file first
}

// Contact is one mail address on file.
type Contact struct {
	Address string `json:"address"`
	Since   Day    `json:"since"` // since when it has stood in the file
}

// Fresh reports whether the contact that letters go to came on file in the
// thirty days before a day: whoever took over an account begins with that. What
// cannot be read as a day is no proof of age.
func (f OnFile) Fresh(day Day) bool { return len(f.Contacts) > 0 && f.Contacts[0].Fresh(day) }

// Fresh reports whether a contact came on file in the thirty days before a day.
func (t Contact) Fresh(day Day) bool {
	received, err := time.Parse(time.DateOnly, string(day))
	return err != nil || t.Since.Year() == 0 || t.Since > Day(received.AddDate(0, 0, -freshDays).Format(time.DateOnly))
}

// freshDays is for how long a changed address counts as a risk.
const freshDays = 30
