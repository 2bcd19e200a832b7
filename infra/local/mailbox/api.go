package mailbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"time"
)

// defaultLimit is Mailpit's number of messages in one answer.
const defaultLimit = 50

// messageList is the answer of /api/v1/messages.
type messageList struct {
	Total  int `json:"total"`
	Unread int `json:"unread"`
	// Count is the length of Messages; MessagesCount is what paging goes through.
	Count         int `json:"count"`
	MessagesCount int `json:"messages_count"`
	Start         int `json:"start"`
	// Tags are those a person gave in Mailpit; nobody can here.
	Tags     []string  `json:"tags"`
	Messages []summary `json:"messages"`
}

// message is the answer of /api/v1/message/{id}. It is spelled out rather than
// built from summary, because Mailpit gives it other fields: Date for Created,
// lists for the count of attachments.
type message struct {
	ID          string
	MessageID   string
	From        mail.Address
	To          []mail.Address
	Cc          []mail.Address
	Bcc         []mail.Address
	ReplyTo     []mail.Address
	ReturnPath  string
	Subject     string
	Date        time.Time
	Tags        []string
	Text        string
	HTML        string
	Size        int
	Inline      []part
	Attachments []part
}

// listMessages answers with one page of the list, newest first.
func (m *Mailbox) listMessages(w http.ResponseWriter, r *http.Request) {
	limit, limitErr := number(r, "limit", defaultLimit)
	start, startErr := number(r, "start", 0)
	if limitErr != nil || startErr != nil {
		replyError(w, http.StatusBadRequest, "limit and start are numbers from 0")
		return
	}
	list, err := m.list()
	if err != nil {
		replyError(w, http.StatusInternalServerError, "the mails could not be listed")
		return
	}
	page := list[min(start, len(list)):]
	page = page[:min(limit, len(page))]
	replyJSON(w, http.StatusOK, messageList{
		Total: len(list), Unread: len(list), Count: len(page), MessagesCount: len(list),
		Start: start, Tags: []string{}, Messages: page,
	})
}

// number reads a query value that counts.
func number(r *http.Request, name string, absent int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is not a number from 0", name)
	}
	return n, nil
}

// getMessage answers with one mail. Like Mailpit it knows the id `latest`.
func (m *Mailbox) getMessage(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") == "latest" {
		list, err := m.list()
		if err != nil || len(list) == 0 {
			replyError(w, http.StatusNotFound, "there is no mail")
			return
		}
		r.SetPathValue("id", list[0].ID)
	}
	l, found := m.load(w, r)
	if !found {
		return
	}
	// Mailpit falls back to the time of arrival in the same way.
	date := l.date
	if date.IsZero() {
		date = l.Created
	}
	replyJSON(w, http.StatusOK, message{
		ID: l.ID, MessageID: l.MessageID, From: l.From, To: l.To, Cc: l.Cc, Bcc: l.Bcc,
		ReplyTo: l.ReplyTo, ReturnPath: l.returnPath, Subject: l.Subject, Date: date,
		Tags: l.Tags, Text: l.text, HTML: l.html, Size: l.Size,
		Inline: append([]part{}, l.inline...), Attachments: append([]part{}, l.attachments...),
	})
}

// getRaw answers with the bytes as they were sent.
func (m *Mailbox) getRaw(w http.ResponseWriter, r *http.Request) {
	l, found := m.load(w, r)
	if !found {
		return
	}
	// Plain text, and nosniff: a browser must never run the HTML inside.
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(l.raw)
}

// getHeaders answers with the header of a mail, every field a list.
func (m *Mailbox) getHeaders(w http.ResponseWriter, r *http.Request) {
	l, found := m.load(w, r)
	if !found {
		return
	}
	headers := map[string][]string{}
	for name, values := range l.header {
		headers[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	replyJSON(w, http.StatusOK, headers)
}

// getPart gives one attachment to save, never to show: it may hold script.
func (m *Mailbox) getPart(w http.ResponseWriter, r *http.Request) {
	l, found := m.load(w, r)
	if !found {
		return
	}
	for _, p := range slices.Concat(l.attachments, l.inline) {
		if p.PartID != r.PathValue("part") {
			continue
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.FileName}))
		_, _ = w.Write(p.content)
		return
	}
	replyError(w, http.StatusNotFound, "the mail has no such part")
}

// replyJSON writes one answer of the interface.
func replyJSON(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"Error":"the answer could not be encoded"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// replyError writes an error as Mailpit does.
func replyError(w http.ResponseWriter, status int, text string) {
	replyJSON(w, status, map[string]string{"Error": text})
}
