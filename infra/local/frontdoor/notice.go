package frontdoor

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// maxNoticeHeaders is how much of the header SES puts in a notice.
// https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
const maxNoticeHeaders = 10 << 10

// snsEnvelope is the body of an SQS message that came through SNS without raw
// delivery. Nothing local signs it and nothing local checks a signature.
// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
type snsEnvelope struct {
	Type             string
	MessageID        string `json:"MessageId"`
	TopicARN         string `json:"TopicArn"`
	Subject          string
	Message          string
	Timestamp        string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
	UnsubscribeURL   string
}

// receiptNotice is what SES publishes. The receipt is written here and not with
// the library's type, which has no objectKeyPrefix and an always present policy.
type receiptNotice struct {
	NotificationType string                    `json:"notificationType"`
	Mail             events.SimpleEmailMessage `json:"mail"`
	Receipt          receipt                   `json:"receipt"`
}

// receipt says how SES took the mail in.
type receipt struct {
	Timestamp            time.Time                 `json:"timestamp"`
	ProcessingTimeMillis int64                     `json:"processingTimeMillis"`
	Recipients           []string                  `json:"recipients"`
	SpamVerdict          events.SimpleEmailVerdict `json:"spamVerdict"`
	VirusVerdict         events.SimpleEmailVerdict `json:"virusVerdict"`
	SPFVerdict           events.SimpleEmailVerdict `json:"spfVerdict"`
	DKIMVerdict          events.SimpleEmailVerdict `json:"dkimVerdict"`
	DMARCVerdict         events.SimpleEmailVerdict `json:"dmarcVerdict"`
	DMARCPolicy          string                    `json:"dmarcPolicy,omitempty"` // only after FAIL
	Action               action                    `json:"action"`
}

// action says where the mail is.
type action struct {
	Type            string `json:"type"`
	TopicARN        string `json:"topicArn"`
	BucketName      string `json:"bucketName"`
	ObjectKeyPrefix string `json:"objectKeyPrefix"`
	ObjectKey       string `json:"objectKey"`
}

// notice writes the body of the message on the intake queue.
func (d *Door) notice(id, key string, e envelope, fields []events.SimpleEmailHeader, v verdictSet) (string, error) {
	at := e.at.UTC().Truncate(time.Millisecond)
	message, err := json.Marshal(receiptNotice{
		NotificationType: "Received", Mail: mailOf(e, at, fields), Receipt: d.receiptOf(key, e, at, v),
	})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(snsEnvelope{
		Type: "Notification", MessageID: id, TopicARN: d.options.TopicARN,
		Subject: "Amazon SES Email Receipt Notification", Message: string(message),
		Timestamp: at.Format("2006-01-02T15:04:05.000Z"), SignatureVersion: "1",
	})
	return string(body), err
}

// mailOf describes the mail.
func mailOf(e envelope, at time.Time, fields []events.SimpleEmailHeader) events.SimpleEmailMessage {
	m := events.SimpleEmailMessage{
		Timestamp: at, Source: e.sender, MessageID: e.id, Destination: e.recipients,
		CommonHeaders: events.SimpleEmailCommonHeaders{
			From: addresses(first(fields, "From")), To: addresses(first(fields, "To")), Cc: addresses(first(fields, "Cc")),
			ReturnPath: e.sender, MessageID: first(fields, "Message-ID"),
			Date: first(fields, "Date"), Subject: first(fields, "Subject"),
		},
		Headers: []events.SimpleEmailHeader{},
	}
	size := 0
	for _, f := range fields {
		if size += len(f.Name) + len(f.Value); size > maxNoticeHeaders {
			m.HeadersTruncated = true
			break
		}
		m.Headers = append(m.Headers, f)
	}
	return m
}

// receiptOf describes the receipt.
func (d *Door) receiptOf(key string, e envelope, at time.Time, v verdictSet) receipt {
	r := receipt{
		Timestamp: at, Recipients: e.recipients,
		SpamVerdict: events.SimpleEmailVerdict{Status: v.spam}, VirusVerdict: events.SimpleEmailVerdict{Status: v.virus},
		SPFVerdict: events.SimpleEmailVerdict{Status: v.spf}, DKIMVerdict: events.SimpleEmailVerdict{Status: v.dkim},
		DMARCVerdict: events.SimpleEmailVerdict{Status: v.dmarc},
		Action: action{
			Type: "S3", TopicARN: d.options.TopicARN, BucketName: d.options.Bucket,
			ObjectKeyPrefix: d.options.KeyPrefix, ObjectKey: key,
		},
	}
	if v.dmarc == "FAIL" {
		r.DMARCPolicy = "none"
	}
	return r
}
