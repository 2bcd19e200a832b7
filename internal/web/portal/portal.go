// Package portal is what data subjects see behind their links: plain
// http.Handlers, rendered here, with no script on any page.
//
// A page opened by a link shows how a case stands and names nobody: a mail
// scanner that opens it learns no more than a number and some dates. Opening a
// page writes nothing. Whatever is wrong with a link, the visitor sees the same
// page with the same status; the operator's log says why, without the token.
//
// Paths: GET and HEAD /mijn/zaak?t=<token> (follow my case), with taal=nl or
// taal=en for the other language. The package stores nothing.
package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
)

// Links checks the signature, purpose and life of a token. Its error is
// signedlink.ErrRefused when the token opens nothing, and another one when the
// check itself could not be done.
type Links interface {
	Verify(ctx context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error)
}

// Portal is what the pages are made from.
type Portal struct {
	Links     Links
	Following casework.Following
	Rules     casework.Rules
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

//go:embed pages
var pages embed.FS

// site is a Portal with its pages read.
type site struct {
	Portal
	templates *template.Template
	style     template.CSS
	headers   map[string]string // those that every answer carries
	routes    map[string]func(*http.Request) answer

	// The pages that say no are rendered once, so that their bytes tell
	// nothing about what was asked.
	refused, unknown, later answer
}

// answer is one page, whole before anything of it leaves.
type answer struct {
	status int
	page   []byte
}

// New gives the handler of every page of the portal.
func New(portal Portal) (http.Handler, error) {
	s := &site{Portal: portal}
	if err := s.readPages(); err != nil {
		return nil, err
	}
	s.headers = headers(s.style)
	rule, _ := dsr.FollowCase.Rule()
	s.routes = map[string]func(*http.Request) answer{rule.Path: s.status}
	return s, nil
}

// readPages reads the templates and the style, and renders the fixed pages.
func (s *site) readPages() error {
	style, err := pages.ReadFile("pages/style.css")
	if err != nil {
		return fmt.Errorf("reading the style: %w", err)
	}
	colour := s.Rules.Profile.Brand.Legible()
	s.style = template.CSS(strings.ReplaceAll(string(style), "--brand: initial;", "--brand: "+colour+";"))
	if s.templates, err = template.ParseFS(pages, "pages/*.html"); err != nil {
		return fmt.Errorf("reading the pages: %w", err)
	}
	for _, fixed := range []struct {
		to     *answer
		status int
		name   string
	}{
		{&s.refused, http.StatusForbidden, "refused.html"},
		{&s.unknown, http.StatusNotFound, "unknown.html"},
		{&s.later, http.StatusServiceUnavailable, "later.html"},
	} {
		if *fixed.to, err = s.render(fixed.status, fixed.name, s.frame(dsr.Dutch)); err != nil {
			return err
		}
	}
	return nil
}

// render makes a page.
func (s *site) render(status int, name string, data any) (answer, error) {
	var page bytes.Buffer
	if err := s.templates.ExecuteTemplate(&page, name, data); err != nil {
		return answer{}, fmt.Errorf("rendering the page %s: %w", name, err)
	}
	return answer{status, page.Bytes()}, nil
}

// headers gives what every answer carries, those that say no included. The
// policy lets the browser use the one style on the page, and nothing else.
func headers(style template.CSS) map[string]string {
	sum := sha256.Sum256([]byte(style))
	return map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"Content-Type":                 "text/html; charset=utf-8",
		"Referrer-Policy":              "no-referrer", // the address holds the token
		"Cache-Control":                "no-store",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
		"Strict-Transport-Security":    "max-age=31536000",
		"X-Robots-Tag":                 "noindex",
	}
}

// ServeHTTP answers one request; to HEAD without the page (RFC 9110 section
// 9.3.2), because behind a gateway nobody else takes it off.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := s.find(r)(r)
	for name, value := range s.headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(given.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(given.page) // a visitor who left needs no answer
	}
}

// find gives what answers a request. Every other address and method gets the
// same page, so that nothing can be tried out here; a ServeMux would answer
// another spelling of an address with a redirect that repeats the token.
func (s *site) find(r *http.Request) func(*http.Request) answer {
	show, known := s.routes[r.URL.Path]
	if known && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return show
	}
	return func(*http.Request) answer { return s.unknown }
}

// status shows how the case behind the link stands.
func (s *site) status(r *http.Request) answer {
	now, status, err := s.follow(r)
	var page answer
	if err == nil {
		page, err = s.statusPage(r, now, status)
	}
	switch {
	case err == nil:
		return page
	case errors.Is(err, signedlink.ErrRefused), errors.Is(err, casework.ErrLinkDead):
		s.Log.InfoContext(r.Context(), "link refused", "reason", reason(err))
		return s.refused
	}
	s.Log.ErrorContext(r.Context(), "page failed", "error", err)
	return s.later
}

// follow finds the case behind a request's token.
func (s *site) follow(r *http.Request) (time.Time, casework.Status, error) {
	now, err := s.Clock(r.Context())
	if err != nil {
		return now, casework.Status{}, fmt.Errorf("asking the time: %w", err)
	}
	link, err := s.Links.Verify(r.Context(), r.URL.Query().Get("t"), dsr.FollowCase, now)
	if err != nil {
		return now, casework.Status{}, err
	}
	status, err := s.Following.Status(r.Context(), link)
	return now, status, err
}

// reason names why a link was refused, in fixed words.
func reason(err error) string {
	var why signedlink.Reason
	if errors.As(err, &why) {
		return why.Error()
	}
	return casework.ErrLinkDead.Error()
}
