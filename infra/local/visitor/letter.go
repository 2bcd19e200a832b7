package visitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

// ErrNoLetter is returned when the person got no such letter.
var ErrNoLetter = errors.New("no such letter came")

// Letter is a letter as its reader gets it.
type Letter struct {
	ID   string
	To   []mail.Address
	Text string
}

// Newest gives the newest letter to an address that wanted accepts, from the
// mailbox page at an address; ErrNoLetter.
func Newest(mailbox, to string, wanted func(Letter) bool) (Letter, error) {
	const portion = 50
	for start := 0; ; start += portion {
		var list struct {
			Messages []Letter `json:"messages"`
		}
		if err := get(fmt.Sprintf("%s/api/v1/messages?start=%d&limit=%d", mailbox, start, portion), &list); err != nil {
			return Letter{}, err
		}
		for _, one := range list.Messages {
			if len(one.To) != 1 || !strings.EqualFold(one.To[0].Address, to) {
				continue
			}
			var whole Letter
			if err := get(mailbox+"/api/v1/message/"+url.PathEscape(one.ID), &whole); err != nil {
				return Letter{}, err
			}
			if wanted(whole) {
				return whole, nil
			}
		}
		if len(list.Messages) < portion {
			return Letter{}, ErrNoLetter
		}
	}
}

// get reads an answer of the mailbox.
func get(address string, into any) error {
	answer, err := http.Get(address)
	if err != nil {
		return fmt.Errorf("reading the mailbox: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("reading the mailbox: status %d", answer.StatusCode)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("reading the mailbox: %w", err)
	}
	return nil
}

// Link gives the address in the letter that leads to a page, such as
// "/mijn/bevestig".
func (l Letter) Link(page string) (string, bool) {
	for _, found := range regexp.MustCompile(`https?://[^\s<>")]+\?t=[^\s<>")]+`).FindAllString(l.Text, -1) {
		if at, err := url.Parse(found); err == nil && at.Path == page {
			return found, true
		}
	}
	return "", false
}

// Code gives the one-time code in the letter.
func (l Letter) Code() (string, bool) {
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(l.Text)
	return code, code != ""
}
