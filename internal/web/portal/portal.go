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
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/signedlink"
	"polarweb.nl/inzage/internal/web"
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
	pages  *web.Pages
	routes map[string]func(*http.Request) web.Answer

	// The pages that say no are rendered once, so that their bytes tell
	// nothing about what was asked.
	refused, unknown, later web.Answer
}

// New gives the handler of every page of the portal.
func New(portal Portal) (http.Handler, error) {
	s := &site{Portal: portal}
	var err error
	if s.pages, err = web.Read(pages, portal.Rules.Profile); err != nil {
		return nil, err
	}
	for _, fixed := range []struct {
		to     *web.Answer
		status int
		name   string
	}{
		{&s.refused, http.StatusForbidden, "refused.html"},
		{&s.unknown, http.StatusNotFound, "unknown.html"},
		{&s.later, http.StatusServiceUnavailable, "later.html"},
	} {
		if *fixed.to, err = s.pages.Render(fixed.status, fixed.name, s.pages.Frame(dsr.Dutch)); err != nil {
			return nil, err
		}
	}
	rule, _ := dsr.FollowCase.Rule()
	s.routes = map[string]func(*http.Request) web.Answer{rule.Path: s.status}
	return s, nil
}

// ServeHTTP answers one request.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.pages.Send(w, r, s.find(r)(r))
}

// find gives what answers a request. Every other address and method gets the
// same page, so that nothing can be tried out here; a ServeMux would answer
// another spelling of an address with a redirect that repeats the token.
func (s *site) find(r *http.Request) func(*http.Request) web.Answer {
	show, known := s.routes[r.URL.Path]
	if known && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return show
	}
	return func(*http.Request) web.Answer { return s.unknown }
}

// status shows how the case behind the link stands.
func (s *site) status(r *http.Request) web.Answer {
	now, status, err := s.follow(r)
	var page web.Answer
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
