package feedback

import (
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// event is what SES publishes about a mail. The older kind of notice spells the
// event's name differently, and fields that are not known here may come at any
// time (docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
// and notification-contents.html).
type event struct {
	EventType        string `json:"eventType"`
	NotificationType string `json:"notificationType"`
	Mail             struct {
		MessageID string              `json:"messageId"`
		Tags      map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce    bounce `json:"bounce"`
	Complaint struct {
		SubType string `json:"complaintSubType"`
	} `json:"complaint"`
	DeliveryDelay struct {
		Type string `json:"delayType"`
	} `json:"deliveryDelay"`
}

// bounce says how a mail came back, for each of its recipients.
type bounce struct {
	Type       string      `json:"bounceType"`
	SubType    string      `json:"bounceSubType"`
	Recipients []recipient `json:"bouncedRecipients"`
}

// recipient is what a mail server said about one address, in the terms of RFC
// 3464; all of it is absent when the bounce held no such report.
type recipient struct {
	Action     string `json:"action"`
	Status     string `json:"status"`
	Diagnostic string `json:"diagnosticCode"`
}

// kind gives the event's name, whichever way it was spelt: in small letters and
// without spaces.
func (e event) kind() string {
	name := e.EventType
	if name == "" {
		name = e.NotificationType
	}
	return strings.ToLower(strings.ReplaceAll(name, " ", ""))
}

// word gives the event's name for the log, when it is a name at all.
func (e event) word() string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	if kind := e.kind(); len(kind) <= 40 && strings.Trim(kind, letters) == "" {
		return kind
	}
	return "unknown"
}

// letter gives the letter that the event is about.
func (e event) letter() (dsr.LetterRef, error) {
	tags := e.Mail.Tags[dsr.LetterTag]
	if len(tags) == 0 {
		return dsr.LetterRef{}, dsr.ErrBadLetterRef
	}
	return dsr.ParseLetterTag(tags[0])
}

// report gives what the event says about a letter; known is false when it says
// nothing about one.
func (e event) report() (report casework.Report, known bool) {
	report, known = e.meaning()
	report.SESID = e.Mail.MessageID
	return report, known
}

// meaning reads the event's name. Ours is the only recipient of a letter, so what
// is said of one is said of the letter.
func (e event) meaning() (casework.Report, bool) {
	switch e.kind() {
	case "send":
		return casework.Report{State: dsr.LetterPosted}, true
	case "delivery":
		return casework.Report{State: dsr.LetterArrived}, true
	case "deliverydelay":
		return casework.Report{Why: word(e.DeliveryDelay.Type)}, true
	case "bounce":
		return casework.Report{State: dsr.LetterReturned, Why: word(e.Bounce.SubType)}, !e.Bounce.answered()
	case "complaint":
		if onList(e.Complaint.SubType) { // SES took the letter and never sent it
			return casework.Report{State: dsr.LetterReturned, Why: suppressed}, true
		}
		return casework.Report{State: dsr.LetterUnwanted}, true
	case "reject": // SES found a virus after it took the letter
		return casework.Report{State: dsr.LetterReturned, Why: "rejected"}, true
	case "renderingfailure":
		return casework.Report{State: dsr.LetterReturned, Why: "rendering"}, true
	}
	return casework.Report{}, false
}

// answered reports whether a bounce is none: SES counts automatic answers, such as
// those of people on holiday, among the general transient ones
// (docs.aws.amazon.com/ses/latest/dg/notification-contents.html, "Bounce types").
// What tells them apart is the report of a mail server that says "failed". Any
// other transient bounce is the end: SES tries for hours before it publishes one,
// and says so with a delay until then.
func (b bounce) answered() bool {
	if b.Type != "Transient" || b.SubType != "" && b.SubType != "General" {
		return false
	}
	for _, one := range b.Recipients {
		if one.failed() {
			return false
		}
	}
	return true
}

// failed reports whether a mail server gave up on a recipient. Where it does not
// name an action, a status of class 4 or 5 (RFC 3463) or a diagnosis says so.
func (r recipient) failed() bool {
	if r.Action != "" {
		return strings.EqualFold(r.Action, "failed")
	}
	return strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5") || r.Diagnostic != ""
}

// suppressed says that SES does not send to an address that bounced or complained
// before.
const suppressed = "suppressed"

// onList reports whether a sub-type says that an address is on a suppression list.
func onList(subType string) bool {
	return subType == "OnAccountSuppressionList" || subType == "Suppressed"
}

// word gives a fixed word for a sub-type of SES. It stands in a case's history in
// clear, so what is not known here is not repeated.
func word(subType string) string {
	switch subType {
	case "NoEmail":
		return "no-mailbox"
	case "Suppressed", "OnAccountSuppressionList":
		return suppressed
	case "MailboxFull":
		return "mailbox-full"
	case "MessageTooLarge":
		return "too-large"
	case "ContentRejected", "AttachmentRejected", "SpamDetected":
		return "content"
	}
	return "other"
}
