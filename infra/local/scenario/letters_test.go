package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/visitor"
	"polarweb.nl/inzage/internal/dsr"
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

// bare gives a text without what tells one case from another: its number, its
// links, and how its lines are broken.
func bare(text string) string {
	text = regexp.MustCompile(`AVG-\d{4}-\d+`).ReplaceAllString(text, "NUMBER")
	return unwrapped(tokenPattern.ReplaceAllString(text, "?t=TOKEN"))
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

// takenLetters gives what each copy of a letter opens (its tokens and its code),
// by the letter's tag, from the folder of the local SES.
func takenLetters(state string) (map[string][]string, error) {
	folder := filepath.Join(state, "letters")
	ids, err := ses.IDs(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a stack that is killed early makes no folder
		return nil, err
	}
	taken := map[string][]string{}
	for _, id := range ids {
		stored, raw, err := ses.Read(folder, id)
		if err != nil {
			return nil, err
		}
		text, err := decodedBody(raw)
		if err != nil {
			return nil, err
		}
		code, _ := visitor.Letter{Text: text}.Code()
		for _, tag := range stored.Tags {
			if tag.Name == dsr.LetterTag {
				taken[tag.Value] = append(taken[tag.Value], fmt.Sprint(tokenPattern.FindAllString(text, -1), code))
			}
		}
	}
	return taken, nil
}

// tokenPattern finds the token of a signed link.
var tokenPattern = regexp.MustCompile(`\?t=[A-Za-z0-9._-]+`)

// decodedBody gives the body of a letter, whose parts are written as
// quoted-printable.
func decodedBody(raw []byte) (string, error) {
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	return string(text), err
}
