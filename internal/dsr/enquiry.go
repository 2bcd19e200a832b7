package dsr

import "time"

// Enquiry is one incoming mail as the mailroom understood it.
type Enquiry struct {
	MailID     string    // SES message id
	ReceivedAt time.Time // the receipt instant the legal clock runs from
	RawHash    [32]byte  // SHA-256 of the mail as it arrived
	Size       int64     // bytes of the mail as it arrived
	MessageKey [32]byte  // hash of From and Message-ID; zero when there is no Message-ID
	Kind       MailKind  //
	Reason     string    // why Kind was chosen: a fixed word, never text of the mail
	Language   Language  // the language to answer in
	Rights     []Right   // what the person asks, when Kind is MailRequest
	Phrases    []Phrase  // which phrases led to Rights, so that staff can see why
	Trust      Trust     //
	Letter     Correspondence
}

// MailKind is what sort of mail an Enquiry is.
type MailKind string

// The kinds of mail. When in doubt a mail is Unreadable, which a person gets.
const (
	KindRequest    MailKind = "request"
	KindOrdinary   MailKind = "ordinary"
	KindAutomatic  MailKind = "automatic" // RFC 3834 answers, bounces, our own loops
	KindUnreadable MailKind = "unreadable"
)

// Phrase is one reason why a right was recognised. Rule is the name of the
// rule and never the words of the mail, so that it may be stored in clear.
type Phrase struct {
	Right  Right  `json:"right"`
	Rule   string `json:"rule"`
	Weight int    `json:"weight"`
}

// Correspondence is what a person sent us. All of it is personal data: sealed.
type Correspondence struct {
	Address     string       `json:"address"` // addr-spec of From, lower-cased domain
	Name        string       `json:"name,omitempty"`
	SubjectLine string       `json:"subject_line,omitempty"`
	MessageID   string       `json:"message_id,omitempty"`
	Text        string       `json:"text,omitempty"`
	Truncated   bool         `json:"truncated,omitempty"` // Text was cut at the mailroom's limit
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment describes one attached file. Its name is what the sender wrote
// and only ever shown, never used as a path.
type Attachment struct {
	Name      string `json:"name,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`
	MayBeCopy bool   `json:"may_be_copy,omitempty"` // a picture, or a document that may hold one: perhaps of an identity document
}

// TrustLevel says how far the sender's address can be believed. No level is
// proof of identity: level A says only that the domain stands by the mail.
type TrustLevel string

// The levels of trust in a sender's address.
const (
	TrustA TrustLevel = "A" // DMARC passed for the domain of the one From address
	TrustB TrustLevel = "B" // no DMARC verdict, but SPF or DKIM passed for the domain
	TrustC TrustLevel = "C" // anything else: a case is opened, nothing is answered
)

// Trust is the evidence about a mail's sender, in fixed words.
type Trust struct {
	Level     TrustLevel `json:"level"`
	SPF       string     `json:"spf,omitempty"`
	DKIM      string     `json:"dkim,omitempty"`
	DMARC     string     `json:"dmarc,omitempty"`
	Anomalies []string   `json:"anomalies,omitempty"` // e.g. "two-from-fields"
}

// Answerable reports whether an automatic answer may go to the sender. A mail
// at level C may name somebody else as its sender, who would then get our
// letter (backscatter) or learn of a request they never made.
func (t Trust) Answerable() bool { return t.Level == TrustA || t.Level == TrustB }
