package ses

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

// StoredMail is what SES knew of a mail beside its bytes.
type StoredMail struct {
	ID               string    `json:"id"`
	Source           string    `json:"source"`
	Destinations     []string  `json:"destinations"`
	Tags             []Tag     `json:"tags"`
	ConfigurationSet string    `json:"configurationSet"`
	AcceptedAt       time.Time `json:"acceptedAt"`
}

// stamp puts SES's own Message-ID and Date in the place of those given
// (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html).
func stamp(raw []byte, mail StoredMail, region string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Message-ID: <%s@%s.amazonses.com>\r\n", mail.ID, region)
	fmt.Fprintf(&out, "Date: %s\r\n", mail.AcceptedAt.UTC().Format(time.RFC1123Z))
	header := true
	dropping := false
	for line := range bytes.Lines(raw) {
		if header {
			header = len(bytes.TrimRight(line, "\r\n")) > 0
			// A folded line belongs to the field before it (RFC 5322, 2.2.3).
			if line[0] != ' ' && line[0] != '\t' {
				dropping = isReplaced(line)
			}
		}
		if !header || !dropping {
			out.Write(line)
		}
	}
	return out.Bytes()
}

// isReplaced says whether a line begins one of the fields that SES sets itself.
func isReplaced(line []byte) bool {
	name, _, _ := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	return bytes.EqualFold(name, []byte("Message-ID")) || bytes.EqualFold(name, []byte("Date"))
}

// store writes the mail, then its sidecar. A mail without a sidecar was never
// accepted, and nobody was told that it was.
func store(dir string, mail StoredMail, eml []byte) error {
	sidecar, err := json.MarshalIndent(mail, "", "  ")
	if err != nil {
		return fmt.Errorf("describing mail %s: %w", mail.ID, err)
	}
	if err := durable.WriteFile(dir, mail.ID+".eml", eml); err != nil {
		return fmt.Errorf("storing mail %s: %w", mail.ID, err)
	}
	if err := durable.WriteFile(dir, mail.ID+".json", append(sidecar, '\n')); err != nil {
		return fmt.Errorf("storing mail %s: %w", mail.ID, err)
	}
	return nil
}

// IDs lists the accepted mails of a folder, newest first.
func IDs(dir string) ([]string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("listing the sent mails: %w", err)
	}
	var ids []string
	for _, file := range files {
		if id, isSidecar := strings.CutSuffix(file.Name(), ".json"); isSidecar && isID(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // an id begins with the time of acceptance
	slices.Reverse(ids)
	return ids, nil
}

// Read gives a mail back. The bytes come even when the sidecar is damaged: then
// the description holds the id alone.
func Read(dir, id string) (StoredMail, []byte, error) {
	if !isID(id) {
		return StoredMail{}, nil, fmt.Errorf("reading a mail: %w", os.ErrNotExist)
	}
	sidecar, err := os.ReadFile(filepath.Join(dir, id+".json"))
	if err != nil {
		return StoredMail{}, nil, fmt.Errorf("reading mail %s: %w", id, err)
	}
	eml, err := os.ReadFile(filepath.Join(dir, id+".eml"))
	if err != nil {
		return StoredMail{}, nil, fmt.Errorf("reading mail %s: %w", id, err)
	}
	var mail StoredMail
	if json.Unmarshal(sidecar, &mail) != nil || mail.ID != id {
		return StoredMail{ID: id}, eml, nil
	}
	return mail, eml, nil
}

// isID keeps path names out of file names.
func isID(text string) bool {
	outside := func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '-' }
	return text != "" && !strings.ContainsFunc(text, outside)
}
