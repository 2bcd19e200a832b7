package ses

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// event is one record of SES event publishing; one of the last four is set
// (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).
type event struct {
	EventType string     `json:"eventType"`
	Mail      eventMail  `json:"mail"`
	Send      *struct{}  `json:"send,omitempty"`
	Delivery  *delivery  `json:"delivery,omitempty"`
	Bounce    *bounce    `json:"bounce,omitempty"`
	Complaint *complaint `json:"complaint,omitempty"`
}

// eventMail tells which mail an event is about. Headers are left out, as an
// event destination may.
type eventMail struct {
	Timestamp        string              `json:"timestamp"`
	MessageID        string              `json:"messageId"`
	Source           string              `json:"source"`
	SendingAccountID string              `json:"sendingAccountId"`
	Destination      []string            `json:"destination"`
	Tags             map[string][]string `json:"tags"`
}

// delivery says that a receiving server took the mail.
type delivery struct {
	Timestamp            string   `json:"timestamp"`
	ProcessingTimeMillis int      `json:"processingTimeMillis"`
	Recipients           []string `json:"recipients"`
	SMTPResponse         string   `json:"smtpResponse"`
	ReportingMTA         string   `json:"reportingMTA"`
}

// bounce says that a receiving server refused it for good.
type bounce struct {
	BounceType        string             `json:"bounceType"`
	BounceSubType     string             `json:"bounceSubType"`
	BouncedRecipients []bouncedRecipient `json:"bouncedRecipients"`
	Timestamp         string             `json:"timestamp"`
	FeedbackID        string             `json:"feedbackId"`
	ReportingMTA      string             `json:"reportingMTA"`
}

// bouncedRecipient is one refused address.
type bouncedRecipient struct {
	EmailAddress   string `json:"emailAddress"`
	Action         string `json:"action"`
	Status         string `json:"status"`
	DiagnosticCode string `json:"diagnosticCode"`
}

// complaint says that a recipient called the mail unwanted.
type complaint struct {
	ComplainedRecipients  []complainedRecipient `json:"complainedRecipients"`
	Timestamp             string                `json:"timestamp"`
	FeedbackID            string                `json:"feedbackId"`
	ComplaintFeedbackType string                `json:"complaintFeedbackType"`
}

// complainedRecipient is one address that may have complained.
type complainedRecipient struct {
	EmailAddress string `json:"emailAddress"`
}

// envelope is what SNS puts on a queue when raw delivery is off. The signature
// fields are left out: nothing here could sign them.
type envelope struct {
	Type      string `json:"Type"`
	MessageID string `json:"MessageId"`
	TopicARN  string `json:"TopicArn"`
	Subject   string `json:"Subject"`
	Message   string `json:"Message"`
	Timestamp string `json:"Timestamp"`
}

// events tells the story of one mail in order: sent, then what became of it for
// each recipient. Who complains has received the mail first.
func (e *Endpoint) events(mail StoredMail) []event {
	// Everything happens at the moment of acceptance: the clock of the stack may
	// stand still, and time must not seem to run back.
	at := timestamp(mail.AcceptedAt)
	about := eventMail{
		Timestamp:        at,
		MessageID:        mail.ID,
		Source:           mail.Source,
		SendingAccountID: e.options.Account,
		Destination:      mail.Destinations,
		Tags:             eventTags(mail),
	}
	var bounced, delivered, complained []string
	for _, address := range mail.Destinations {
		if e.bounces(address) {
			bounced = append(bounced, address)
			continue
		}
		delivered = append(delivered, address)
		if isSimulator(address, "complaint") {
			complained = append(complained, address)
		}
	}
	story := []event{{EventType: "Send", Mail: about, Send: &struct{}{}}}
	if delivered != nil {
		story = append(story, event{EventType: "Delivery", Mail: about, Delivery: newDelivery(at, delivered)})
	}
	if bounced != nil {
		story = append(story, event{EventType: "Bounce", Mail: about, Bounce: newBounce(at, bounced)})
	}
	if complained != nil {
		story = append(story, event{EventType: "Complaint", Mail: about, Complaint: newComplaint(at, complained)})
	}
	return story
}

// eventTags are the sender's tags and two that SES adds itself.
func eventTags(mail StoredMail) map[string][]string {
	_, domain, _ := strings.Cut(mail.Source, "@")
	tags := map[string][]string{
		"ses:configuration-set": {mail.ConfigurationSet},
		"ses:from-domain":       {domain},
	}
	for _, tag := range mail.Tags {
		tags[tag.Name] = append(tags[tag.Name], tag.Value)
	}
	return tags
}

// bounces says whether mail to an address comes back.
func (e *Endpoint) bounces(address string) bool {
	isGiven := func(bouncing string) bool { return strings.EqualFold(bouncing, address) }
	return isSimulator(address, "bounce") || slices.ContainsFunc(e.options.Bouncing, isGiven)
}

// isSimulator knows the addresses of the mailbox simulator, with or without a
// label (https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html).
func isSimulator(address, role string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local == role && domain == "simulator.amazonses.com"
}

// newDelivery is a delivery to all these recipients.
func newDelivery(at string, recipients []string) *delivery {
	return &delivery{
		Timestamp:    at,
		Recipients:   recipients,
		SMTPResponse: "250 2.0.0 OK (local)",
		ReportingMTA: "local.amazonses.com",
	}
}

// newBounce is a permanent bounce; the status is RFC 3463's for an address that
// does not exist.
func newBounce(at string, recipients []string) *bounce {
	b := &bounce{
		BounceType: "Permanent", BounceSubType: "General",
		Timestamp: at, FeedbackID: rand.Text(), ReportingMTA: "dns; local.amazonses.com",
	}
	for _, address := range recipients {
		b.BouncedRecipients = append(b.BouncedRecipients, bouncedRecipient{
			EmailAddress: address, Action: "failed", Status: "5.1.1",
			DiagnosticCode: "smtp; 550 5.1.1 user unknown",
		})
	}
	return b
}

// newComplaint is an abuse report (RFC 5965).
func newComplaint(at string, recipients []string) *complaint {
	c := &complaint{Timestamp: at, FeedbackID: rand.Text(), ComplaintFeedbackType: "abuse"}
	for _, address := range recipients {
		c.ComplainedRecipients = append(c.ComplainedRecipients, complainedRecipient{EmailAddress: address})
	}
	return c
}

// publish wraps an event as SNS does and hands it on.
func (e *Endpoint) publish(event event) error {
	message, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("encoding the %s event: %w", event.EventType, err)
	}
	body, err := json.Marshal(envelope{
		Type:      "Notification",
		MessageID: rand.Text(),
		TopicARN:  e.options.TopicARN,
		Subject:   "Amazon SES Email Event Notification",
		Message:   string(message),
		Timestamp: timestamp(e.options.Now()),
	})
	if err != nil {
		return fmt.Errorf("wrapping the %s event: %w", event.EventType, err)
	}
	if err := e.options.Publish(string(body)); err != nil {
		return fmt.Errorf("publishing the %s event: %w", event.EventType, err)
	}
	return nil
}

// timestamp is the form SES and SNS use.
func timestamp(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}
