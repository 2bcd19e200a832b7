package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// letter is one mail that left, as the mailbox shows it.
type letter struct {
	ID      string
	Subject string
	To      []struct{ Address string }
	Text    string
}

// fetch reads one answer of the mailbox.
func fetch(address string, into any) error {
	answer, err := http.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// lettersAt gives every letter of a mailbox, the oldest first, without text.
func lettersAt(mailbox string) ([]letter, error) {
	var list struct {
		Messages []letter `json:"messages"`
	}
	err := fetch(mailbox+"/api/v1/messages?limit=10000", &list)
	slices.Reverse(list.Messages)
	return list.Messages, err
}

// letters gives every letter that left.
func (w *world) letters() ([]letter, error) { return lettersAt(w.stack.Addresses().Mailbox) }

// who names the reader of a letter: a member of staff by id, else the address.
func (w *world) who(l letter) string {
	if len(l.To) != 1 {
		return fmt.Sprintf("(%d readers)", len(l.To))
	}
	for _, member := range w.stack.Profile().Staff {
		if member.Email == l.To[0].Address {
			return member.ID
		}
	}
	return l.To[0].Address
}

// letterLines describes each letter in one line, sorted.
func (w *world) letterLines() ([]string, error) {
	letters, err := w.letters()
	var lines []string
	for _, l := range letters {
		lines = append(lines, w.who(l)+": "+l.Subject)
	}
	slices.Sort(lines)
	return lines, err
}

// errNoLetter is returned when not exactly one letter is meant.
var errNoLetter = errors.New("not exactly one such letter")

// letter gives the one letter to a reader with a subject, text included.
func (w *world) letter(who, subject string) (letter, error) {
	all, err := w.letters()
	if err != nil {
		return letter{}, err
	}
	all = slices.DeleteFunc(all, func(l letter) bool { return w.who(l) != who || l.Subject != subject })
	if len(all) != 1 {
		return letter{}, fmt.Errorf("%d letters to %s say %q: %w", len(all), who, subject, errNoLetter)
	}
	var whole letter
	err = fetch(w.stack.Addresses().Mailbox+"/api/v1/message/"+all[0].ID, &whole)
	return whole, err
}

// unwrapped gives a text with each paragraph and each point of a list on one
// line, so that a script can ask for a sentence wherever its line breaks.
func unwrapped(text string) string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		paragraph = strings.ReplaceAll(paragraph, "\n•", "\x00•")
		for point := range strings.SplitSeq(paragraph, "\x00") {
			lines = append(lines, strings.Join(strings.Fields(point), " "))
		}
	}
	return strings.Join(lines, "\n")
}

// linkPattern finds a signed link in the text of a letter.
var linkPattern = regexp.MustCompile(`http://127\.0\.0\.1:\d+/[a-z/-]+\?t=[A-Za-z0-9._-]+`)

// errNoLink is returned for a letter without exactly one signed link.
var errNoLink = errors.New("the letter does not hold exactly one signed link")

// linkOf gives the signed link of a letter, and its token.
func linkOf(text string) (link, token string, err error) {
	links := linkPattern.FindAllString(text, -1)
	slices.Sort(links)
	if links = slices.Compact(links); len(links) != 1 {
		return "", "", errNoLink
	}
	parsed, err := url.Parse(links[0])
	if err != nil {
		return "", "", err
	}
	return links[0], parsed.Query().Get("t"), nil
}

// altered gives a token with its middle character changed.
func altered(token string) string {
	middle := len(token) / 2
	other := "A"
	if token[middle] == 'A' {
		other = "B"
	}
	return token[:middle] + other + token[middle+1:]
}

// receipts counts the letters to people who are not staff.
func receipts(letters []letter) int {
	count := 0
	for _, l := range letters {
		if strings.HasPrefix(l.Subject, "Ontvangstbevestiging verzoek ") {
			count++
		}
	}
	return count
}

// rawToken gives the token in the bytes of a letter, whose text part is written
// as quoted-printable.
func rawToken(raw []byte) (string, error) {
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	if err != nil {
		return "", err
	}
	_, token, err := linkOf(string(text))
	return token, err
}
