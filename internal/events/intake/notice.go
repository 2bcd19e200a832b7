package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/dsr"
)

// errSetUp is returned for the notice SES sends once, when a receipt rule is
// made. There is no mail behind it.
var errSetUp = errors.New("the set-up notice of SES")

// errNotice is returned for a message that is no notice of a received mail.
// Its text is not repeated: it holds headers of the mail.
var errNotice = errors.New("the message is not a notice of a received mail")

// rawPrefix is where the receipt rule puts mail.
const rawPrefix = "raw/"

// readNotice reads the SNS envelope and the SES receipt inside it
// (docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html).
func readNotice(body string) (dsr.Mail, error) {
	var envelope events.SNSEntity
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		return dsr.Mail{}, errNotice
	}
	var received struct {
		NotificationType string `json:"notificationType"`
		events.SimpleEmailService
	}
	if err := json.Unmarshal([]byte(envelope.Message), &received); err != nil || received.NotificationType != "Received" {
		return dsr.Mail{}, errNotice
	}
	id, key := received.Mail.MessageID, received.Receipt.Action.ObjectKey
	if strings.HasSuffix(key, "AMAZON_SES_SETUP_NOTIFICATION") {
		return dsr.Mail{}, errSetUp
	}
	if id == "" || key != rawPrefix+id {
		return dsr.Mail{}, fmt.Errorf("mail %s: stored under another name than the rule says: %w", id, errNotice)
	}
	return dsr.Mail{
		ID:        id,
		ArrivedAt: received.Mail.Timestamp,
		Verdicts: dsr.Verdicts{
			SPF:         received.Receipt.SPFVerdict.Status,
			DKIM:        received.Receipt.DKIMVerdict.Status,
			DMARC:       received.Receipt.DMARCVerdict.Status,
			Spam:        received.Receipt.SpamVerdict.Status,
			Virus:       received.Receipt.VirusVerdict.Status,
			DMARCPolicy: received.Receipt.DMARCPolicy,
		},
	}, nil
}
