// Package mailbox shows the mail that the local SES endpoint accepted: a page
// for people and a REST interface for tests.
//
// It stores nothing. It reads the folder that package ses writes, and only our
// own letters lie there, so the standard library is parser enough; a mail it
// cannot read is still listed and its source still opens. No request changes
// anything, therefore no mail is ever marked as read.
//
// Use: New over the folder, served on 127.0.0.1. The paths and field names
// under /api/v1 are Mailpit's (https://mailpit.axllent.org/docs/api-v1/), so
// that its clients work here. The page needs no script and no outside asset.
package mailbox

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"polarweb.nl/inzage/infra/local/ses"
)

//go:embed page.html mailbox.css mailbox.svg
var assets embed.FS

// Options of the mailbox.
type Options struct {
	// Dir is the folder of package ses.
	Dir string
	// Location is the time zone of the page; nil is UTC.
	Location *time.Location
}

// Mailbox is an http.Handler. It is safe for concurrent use.
type Mailbox struct {
	dir string
	// location is for people; the REST interface speaks UTC.
	location *time.Location
	pages    *template.Template
	links    *regexp.Regexp
	mux      *http.ServeMux

	// A stored mail never changes, so its line in the list is read once.
	mu        sync.Mutex
	summaries map[string]summary
}

// New prepares the pages.
func New(options Options) (*Mailbox, error) {
	pieces, err := newPieces()
	if err != nil {
		return nil, err
	}
	pages, err := template.New("mailbox").Funcs(template.FuncMap{"pieces": pieces}).ParseFS(assets, "page.html")
	if err != nil {
		return nil, fmt.Errorf("preparing the mailbox page: %w", err)
	}
	links, err := regexp.Compile(`https?://[^\s<>"]+`)
	if err != nil {
		return nil, fmt.Errorf("preparing the mailbox links: %w", err)
	}
	m := &Mailbox{
		dir: options.Dir, location: options.Location, pages: pages, links: links,
		mux: http.NewServeMux(), summaries: map[string]summary{},
	}
	if m.location == nil {
		m.location = time.UTC
	}
	m.route()
	return m, nil
}

// route names every path; nothing but GET exists.
func (m *Mailbox) route() {
	m.mux.HandleFunc("GET /{$}", m.showList)
	m.mux.HandleFunc("GET /bericht/{id}", m.showMail)
	m.mux.HandleFunc("GET /bericht/{id}/opmaak", m.showHTML)
	m.mux.HandleFunc("GET /mailbox.css", serveAsset("mailbox.css", "text/css; charset=utf-8"))
	m.mux.HandleFunc("GET /mailbox.svg", serveAsset("mailbox.svg", "image/svg+xml"))
	m.mux.HandleFunc("GET /api/v1/messages", m.listMessages)
	m.mux.HandleFunc("GET /api/v1/message/{id}", m.getMessage)
	m.mux.HandleFunc("GET /api/v1/message/{id}/raw", m.getRaw)
	m.mux.HandleFunc("GET /api/v1/message/{id}/headers", m.getHeaders)
	m.mux.HandleFunc("GET /api/v1/message/{id}/part/{part}", m.getPart)
}

// ServeHTTP implements http.Handler.
func (m *Mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	// A foreign name that resolves to this machine would let its page read the
	// mail here (DNS rebinding).
	if !isLoopback(r.Host) {
		http.Error(w, "De mailbox antwoordt alleen op 127.0.0.1 of localhost.", http.StatusForbidden)
		return
	}
	m.mux.ServeHTTP(w, r)
}

// setHeaders are those of every answer; the view of a mail's HTML alone
// replaces the policy.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "+
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	// Letters hold signed links: their tokens must not travel in a Referer, nor
	// stay in a cache.
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "")
	h.Set("X-Robots-Tag", "noindex")
}

// isLoopback says whether a Host header names this machine.
func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// serveAsset serves one embedded file.
func serveAsset(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		http.ServeFileFS(w, r, assets, name)
	}
}

// load reads one mail for a request and answers 404 or 500 itself when it
// cannot be had.
func (m *Mailbox) load(w http.ResponseWriter, r *http.Request) (*letter, bool) {
	stored, raw, err := ses.Read(m.dir, r.PathValue("id"))
	switch {
	case err == nil:
		return read(stored, raw), true
	case errors.Is(err, fs.ErrNotExist):
		m.fail(w, r, http.StatusNotFound, "Dit bericht bestaat niet.")
	default:
		m.fail(w, r, http.StatusInternalServerError, "Het bericht kon niet worden gelezen.")
	}
	return nil, false
}

// fail answers a person with a page and a program with JSON.
func (m *Mailbox) fail(w http.ResponseWriter, r *http.Request, status int, text string) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		replyError(w, status, text)
		return
	}
	m.render(w, status, "failure", text)
}

// list gives the lines of all mails, newest first. The folder of a stack that
// has sent nothing may not exist yet.
func (m *Mailbox) list() ([]summary, error) {
	ids, err := ses.IDs(m.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	// Made, not nil: an empty list must be [] in JSON.
	list := make([]summary, 0, len(ids))
	for _, id := range ids {
		s, known := m.summaries[id]
		if !known {
			stored, raw, err := ses.Read(m.dir, id)
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed by hand since the folder was read
			}
			if err != nil {
				return nil, err
			}
			s = read(stored, raw).summary
			m.summaries[id] = s
		}
		list = append(list, s)
	}
	return list, nil
}

// render writes a page, whole or not at all: a template that fails half-way must
// not leave half a page with status 200.
func (m *Mailbox) render(w http.ResponseWriter, status int, name string, view any) {
	var page bytes.Buffer
	if err := m.pages.ExecuteTemplate(&page, name, view); err != nil {
		http.Error(w, "De pagina kon niet worden gemaakt.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}
