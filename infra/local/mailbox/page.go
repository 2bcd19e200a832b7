package mailbox

import (
	"net/http"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
)

// pageSize is the number of lines in the list of the page.
const pageSize = 50

// page is what the template shows: the list, and one mail when one is open.
type page struct {
	Search string
	// Found of Total mails match the search; without one they are equal.
	Total int
	Found int
	Rows  []row
	// Newer and Older lead to the neighbouring pages, where there are any.
	Newer string
	Older string
	// Open is nil when only the list is shown.
	Open *openMail
}

// row is one mail in the list. It leads with the recipient, because every mail
// here has the same sender.
type row struct {
	URL         string
	To          string
	Subject     string
	Snippet     string
	When        string // for people
	Stamp       string // for the datetime attribute
	Attachments int
	IsOpen      bool
}

// openMail is the mail beside the list.
type openMail struct {
	summary
	From       string
	To         string
	Cc         string
	Bcc        string
	ReplyTo    string
	When       string
	Stamp      string
	View       string // the name of the tab that is open
	Tabs       []tab
	Text       []run
	Header     []field
	Parts      []part
	Back       string // to the same place in the list
	Unreadable bool
}

// tab is one way to look at a mail.
type tab struct {
	Name   string
	URL    string
	IsOpen bool
}

// field is one line of a mail's header.
type field struct {
	Name, Value string
}

// place is where a person is in the list; every link keeps it.
type place struct {
	search string
	start  int
}

// query writes a place as a URL's query, with a leading question mark, or
// nothing.
func (p place) query(extra ...string) string {
	values := url.Values{}
	if p.search != "" {
		values.Set("zoek", p.search)
	}
	if p.start > 0 {
		values.Set("vanaf", strconv.Itoa(p.start))
	}
	for i := 0; i+1 < len(extra); i += 2 {
		values.Set(extra[i], extra[i+1])
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// showList shows the list alone.
func (m *Mailbox) showList(w http.ResponseWriter, r *http.Request) {
	m.showPage(w, r, nil)
}

// showMail shows one mail beside the list.
func (m *Mailbox) showMail(w http.ResponseWriter, r *http.Request) {
	if l, found := m.load(w, r); found {
		m.showPage(w, r, l)
	}
}

// showPage shows both panes. A wrong number in the query is the first page: the
// query is only where the list stands.
func (m *Mailbox) showPage(w http.ResponseWriter, r *http.Request, open *letter) {
	list, err := m.list()
	if err != nil {
		m.fail(w, r, http.StatusInternalServerError, "De berichten konden niet worden gelezen.")
		return
	}
	start, err := number(r, "vanaf", 0)
	if err != nil {
		start = 0
	}
	at := place{search: strings.TrimSpace(r.URL.Query().Get("zoek")), start: start}
	view := m.newPage(list, at, open)
	if open != nil {
		view.Open = m.newOpenMail(open, at, r.URL.Query().Get("weergave"))
	}
	m.render(w, http.StatusOK, "page", view)
}

// newPage cuts the page at a place out of the list.
func (m *Mailbox) newPage(list []summary, at place, open *letter) page {
	found := matching(list, at.search)
	view := page{Search: at.search, Total: len(list), Found: len(found)}
	shown := found[min(at.start, len(found)):]
	if len(shown) > pageSize {
		shown = shown[:pageSize]
		// The search goes along, so that paging stays within what was found.
		view.Older = "/" + place{at.search, at.start + pageSize}.query()
	}
	if at.start > 0 {
		view.Newer = "/" + place{at.search, max(0, at.start-pageSize)}.query()
	}
	for _, s := range shown {
		created := s.Created.In(m.location)
		view.Rows = append(view.Rows, row{
			URL: "/bericht/" + s.ID + at.query(), To: names(s.To, s.Cc, s.Bcc), Subject: s.Subject, Snippet: s.Snippet,
			When: shortTime(created), Stamp: stamp(created),
			Attachments: s.Attachments, IsOpen: open != nil && open.ID == s.ID,
		})
	}
	return view
}

// matching keeps the mails that hold the search in an address, a name, the
// subject or a tag.
func matching(list []summary, search string) []summary {
	if search == "" {
		return list
	}
	search = strings.ToLower(search)
	var found []summary
	for _, s := range list {
		texts := append([]string{s.Subject, full(s.From), fullList(s.To), fullList(s.Cc), fullList(s.Bcc)}, s.Tags...)
		if strings.Contains(strings.ToLower(strings.Join(texts, "\n")), search) {
			found = append(found, s)
		}
	}
	return found
}

// newOpenMail prepares one mail in the view asked for, or in the best it has.
func (m *Mailbox) newOpenMail(l *letter, at place, view string) *openMail {
	created := l.Created.In(m.location)
	open := &openMail{
		summary: l.summary, From: full(l.From), To: fullList(l.To), Cc: fullList(l.Cc), Bcc: fullList(l.Bcc),
		ReplyTo: fullList(l.ReplyTo), When: longTime(created), Stamp: stamp(created),
		Text: m.linked(l.text), Header: fields(l.raw), Parts: append(l.attachments, l.inline...),
		Back: "/" + at.query(), Unreadable: l.unreadable,
	}
	// A customer's mail program would show the HTML, so that view comes first.
	views := []field{{"opmaak", "Opmaak"}, {"tekst", "Tekst"}, {"kop", "Kopregels"}}
	if l.html == "" {
		views = views[1:]
	}
	open.View = views[0].Name
	for _, v := range views {
		if v.Name == view {
			open.View = view
		}
	}
	for _, v := range views {
		link := "/bericht/" + l.ID + at.query("weergave", v.Name)
		open.Tabs = append(open.Tabs, tab{Name: v.Value, URL: link, IsOpen: v.Name == open.View})
	}
	return open
}

// names is how the list calls the recipients: by name where there is one.
func names(lists ...[]mail.Address) string {
	var texts []string
	for _, list := range lists {
		for _, address := range list {
			if address.Name != "" {
				texts = append(texts, address.Name)
			} else {
				texts = append(texts, address.Address)
			}
		}
	}
	return strings.Join(texts, ", ")
}

// full is an address with its name, as it is read rather than as RFC 5322
// writes it.
func full(address mail.Address) string {
	if address.Name == "" {
		return address.Address
	}
	return address.Name + " <" + address.Address + ">"
}

// fullList is a list of them.
func fullList(list []mail.Address) string {
	var texts []string
	for _, address := range list {
		texts = append(texts, full(address))
	}
	return strings.Join(texts, ", ")
}
