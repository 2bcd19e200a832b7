package frontdoor

import (
	"bytes"
	"net/mail"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// readFields reads the header of a mail as far as it can be read. It never
// fails: what is no field ends the header, and hostile mail comes in as it is.
func readFields(raw []byte) []events.SimpleEmailHeader {
	var fields []events.SimpleEmailHeader
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' { // folded (RFC 5322 §2.2.3)
			if n := len(fields); n > 0 {
				fields[n-1].Value = strings.TrimSpace(fields[n-1].Value + " " + string(bytes.TrimSpace(line)))
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || bytes.ContainsAny(name, " \t") {
			break
		}
		fields = append(fields, events.SimpleEmailHeader{Name: string(name), Value: string(bytes.TrimSpace(value))})
	}
	return fields
}

// all gives the values of the fields with a name.
func all(fields []events.SimpleEmailHeader, name string) []string {
	var values []string
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// first gives the value of the first field with a name, or "".
func first(fields []events.SimpleEmailHeader, name string) string {
	if values := all(fields, name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// addresses splits a list of addresses; one that cannot be read stays whole.
func addresses(value string) []string {
	if value == "" {
		return nil
	}
	list, err := mail.ParseAddressList(value)
	if err != nil {
		return []string{value}
	}
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = a.Address
		if a.Name != "" {
			texts[i] = a.String()
		}
	}
	return texts
}
