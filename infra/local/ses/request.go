package ses

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/url"
)

// maxRaw is the size limit of a message sent with the v1 API
// (https://docs.aws.amazon.com/ses/latest/dg/quotas.html).
const maxRaw = 10 * 1024 * 1024

// request is a SendRawEmail, read but not yet checked.
type request struct {
	raw    []byte
	header mail.Header
	// source is the address that events name as the sender.
	source string
	// senders are all that must be verified.
	senders          []*mail.Address
	recipients       []string
	tags             []Tag
	configurationSet string
}

// Tag is a message tag: it comes back with every event of the mail.
type Tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// readRequest reads the form of SendRawEmail.
func readRequest(form url.Values) (*request, error) {
	raw, err := decodeRaw(form.Get("RawMessage.Data"))
	if err != nil {
		return nil, err
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, invalid("InvalidParameterValue", "the header of the raw message cannot be read")
	}
	r := &request{raw: raw, header: message.Header, configurationSet: form.Get("ConfigurationSetName")}
	if err := r.readSenders(form.Get("Source")); err != nil {
		return nil, err
	}
	if err := r.readRecipients(members(form, "Destinations.member.%d")); err != nil {
		return nil, err
	}
	names, values := members(form, "Tags.member.%d.Name"), members(form, "Tags.member.%d.Value")
	if len(names) != len(values) {
		return nil, invalid("InvalidParameterValue", "a tag needs a name and a value")
	}
	for i := range names {
		r.tags = append(r.tags, Tag{Name: names[i], Value: values[i]})
	}
	return r, nil
}

// decodeRaw decodes the message and holds it to the size limit, in words: the
// limit must never look like another mistake.
func decodeRaw(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return nil, invalid("InvalidParameterValue", "RawMessage.Data is missing or not base64")
	}
	if len(raw) > maxRaw {
		return nil, invalid("InvalidParameterValue", fmt.Sprintf("Message length is more than %d bytes long: '%d'.", maxRaw, len(raw)))
	}
	return raw, nil
}

// members reads a list of the query protocol, which counts from 1.
func members(form url.Values, pattern string) []string {
	var list []string
	for i := 1; ; i++ {
		values, given := form[fmt.Sprintf(pattern, i)]
		if !given {
			return list
		}
		list = append(list, values[0])
	}
}

// readSenders collects every address that speaks as the sender: SES wants each
// of them verified
// (https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html).
func (r *request) readSenders(source string) error {
	if source != "" {
		address, err := mail.ParseAddress(source)
		if err != nil {
			return invalid("InvalidParameterValue", "Source is not an address")
		}
		r.senders = append(r.senders, address)
	}
	from, err := r.header.AddressList("From")
	if err != nil {
		return invalid("InvalidParameterValue", "Missing required header 'From'.")
	}
	r.senders = append(r.senders, from...)
	for _, name := range []string{"Sender", "Return-Path"} {
		if r.header.Get(name) == "" {
			continue
		}
		addresses, err := r.header.AddressList(name)
		if err != nil {
			return invalid("InvalidParameterValue", name+" of the raw message is not an address")
		}
		r.senders = append(r.senders, addresses...)
	}
	r.source = r.senders[0].Address
	return nil
}

// readRecipients takes the destinations given, else those of the header.
func (r *request) readRecipients(destinations []string) error {
	for _, name := range []string{"To", "Cc", "Bcc"} {
		if r.header.Get(name) == "" {
			continue
		}
		addresses, err := r.header.AddressList(name)
		if err != nil {
			return invalid("InvalidParameterValue", name+" of the raw message is not a list of addresses")
		}
		for _, address := range addresses {
			r.recipients = append(r.recipients, address.Address)
		}
	}
	if len(destinations) == 0 {
		return nil
	}
	r.recipients = nil
	for _, destination := range destinations {
		address, err := mail.ParseAddress(destination)
		if err != nil {
			return invalid("InvalidParameterValue", "a destination is not an address")
		}
		r.recipients = append(r.recipients, address.Address)
	}
	return nil
}
