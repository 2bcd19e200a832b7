// Package portal is what data subjects see and do behind their links: plain
// http.Handlers, rendered here. One page has a script, which shows how far an
// upload is; the same form works without it.
//
// A page opened by a link names nobody: a mail scanner that opens it learns no
// more than what was asked and some dates. Opening a page writes nothing. An act
// takes what its page does not show: the number of the request, which stands in
// the letter, or to withdraw the address they wrote from; the answer takes a
// one-time code. After an act the visitor
// is led to an address without the token; only the answer stands on the page
// that its code was posted to, because it is stored nowhere else.
//
// Whatever is wrong with a link, the visitor sees the same page with the same
// status; the operator's log says why, without the token.
//
// Paths, all of them with the token in t, and taal=nl or taal=en for the other
// language; a form holds both and its address neither:
//
//	GET       /mijn/zaak           how the case stands
//	GET, POST /mijn/bevestig       is this request yours?
//	GET, POST /mijn/stop           stops an answer that waits
//	GET, POST /mijn/intrekken      takes the request back, with the link of /mijn/zaak
//	GET, POST /mijn/antwoord       the answer, for a code
//	POST      /mijn/antwoord/code  sends that code
//	POST      /mijn/antwoord/bestanden  leads to the files of the answer
//	GET       /mijn/kopie          a copy of an identity document, or a lighter way
//	GET       /mijn/bedankt, /mijn/gestopt, /mijn/ingetrokken, /mijn/kopie/ontvangen: what was done
//	GET       /mijn/upload-<hash>.js  the script
//
// No file passes through here: a browser posts a copy straight to its bucket and
// fetches an answer's files straight from it. The pages that do so name that
// bucket in their policy, and no other page does.
//
// HEAD answers as GET does, without the page. The package stores nothing.
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

// The paths that stand in no rule of a purpose.
const (
	withdrawPath  = "/mijn/intrekken"
	codePath      = "/mijn/antwoord/code"
	thanksPath    = "/mijn/bedankt"
	stoppedPath   = "/mijn/gestopt"
	withdrawnPath = "/mijn/ingetrokken"
	receivedPath  = "/mijn/kopie/ontvangen"
	filesPath     = "/mijn/antwoord/bestanden"
	scriptFolder  = "/mijn/"
)

// Links checks the signature, purpose and life of a token. Its error is
// signedlink.ErrRefused when the token opens nothing, and another one when the
// check itself could not be done.
type Links interface {
	Verify(ctx context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error)
}

// Portal is what the pages are made from.
type Portal struct {
	Links      Links
	Following  casework.Following
	Confirming casework.Confirming
	Collecting casework.Collecting
	Uploading  casework.Uploading
	SignUpload web.SignUpload
	Fetch      casework.DownloadLink
	Rules      casework.Rules
	Clock      func(context.Context) (time.Time, error)
	Log        *slog.Logger
}

//go:embed pages
var pages embed.FS

// site is a Portal with its pages read.
type site struct {
	Portal
	pages   *web.Pages
	origins *http.CrossOriginProtection
	routes  map[string]func(visit) (web.Answer, error) // by method and path

	// The pages that are the same for everybody are rendered once, so that
	// their bytes tell nothing about what was asked.
	refused, unknown, later   web.Answer
	decided, stale, tooLate   web.Answer
	thanks, stopped, takeBack web.Answer
	received                  web.Answer
}

// New gives the handler of every page of the portal.
func New(portal Portal) (http.Handler, error) {
	s := &site{Portal: portal, origins: http.NewCrossOriginProtection()}
	var err error
	if s.pages, err = web.Read(pages, portal.Rules.Profile); err != nil {
		return nil, err
	}
	if err := s.fixedPages(); err != nil {
		return nil, err
	}
	_, script := s.pages.Script()
	s.routes = map[string]func(visit) (web.Answer, error){
		"GET " + path(dsr.FollowCase):     s.status,
		"GET " + path(dsr.CollectAnswer):  s.askCode,
		"POST " + path(dsr.CollectAnswer): s.open,
		"POST " + codePath:                s.sendCode,
		"POST " + filesPath:               s.download,
		"GET " + path(dsr.UploadIDCopy):   s.askCopy,
		"GET " + thanksPath:               same(s.thanks),
		"GET " + stoppedPath:              same(s.stopped),
		"GET " + withdrawnPath:            same(s.takeBack),
		"GET " + receivedPath:             same(s.received),
		"GET " + s.scriptPath():           same(script),
	}
	for _, one := range s.acts() {
		s.routes["GET "+one.path] = one.ask
		s.routes["POST "+one.path] = one.perform
	}
	return s, nil
}

// same answers everybody alike.
func same(given web.Answer) func(visit) (web.Answer, error) {
	return func(visit) (web.Answer, error) { return given, nil }
}

// scriptPath is where the script of the upload page is served.
func (s *site) scriptPath() string {
	name, _ := s.pages.Script()
	return scriptFolder + name
}

// path gives the page that links of a purpose open.
func path(purpose dsr.Purpose) string {
	rule, _ := purpose.Rule()
	return rule.Path
}

// fixedPages renders the pages that are the same for everybody.
func (s *site) fixedPages() error {
	for _, fixed := range []struct {
		to     *web.Answer
		status int
		name   string
	}{
		{&s.refused, http.StatusForbidden, "refused.html"},
		{&s.unknown, http.StatusNotFound, "unknown.html"},
		{&s.later, http.StatusServiceUnavailable, "later.html"},
		{&s.decided, http.StatusConflict, "decided.html"},
		{&s.stale, http.StatusConflict, "stale.html"},
		{&s.tooLate, http.StatusConflict, "toolate.html"},
		{&s.thanks, http.StatusOK, "thanks.html"},
		{&s.stopped, http.StatusOK, "stopped.html"},
		{&s.takeBack, http.StatusOK, "withdrawn.html"},
		{&s.received, http.StatusOK, "received.html"},
	} {
		var err error
		if *fixed.to, err = s.pages.Render(fixed.status, fixed.name, s.pages.Frame(dsr.Dutch)); err != nil {
			return err
		}
	}
	return nil
}

// ServeHTTP answers one request.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given, err := s.answer(r)
	if err != nil {
		given = s.sayNo(r, err)
	}
	s.pages.Send(w, r, given)
}

// answer gives the page that was asked for. A form that another site filled in
// is refused before it is read. Every other address and method gets one page, so
// that nothing can be tried out here; a ServeMux would answer another spelling
// of an address with a redirect that repeats the token.
func (s *site) answer(r *http.Request) (web.Answer, error) {
	if err := s.origins.Check(r); err != nil {
		return web.Answer{}, errForeign
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	show, known := s.routes[method+" "+r.URL.Path]
	if !known {
		return s.unknown, nil
	}
	now, err := s.Clock(r.Context())
	if err != nil {
		return web.Answer{}, fmt.Errorf("asking the time: %w", err)
	}
	v := visit{Request: r, now: now, token: r.URL.Query().Get("t")}
	if method == http.MethodPost {
		if err := v.readForm(); err != nil {
			return web.Answer{}, err
		}
	}
	return show(v)
}

// sayNo gives the page for whatever went wrong. Nobody learns what was wrong
// with a link: the operator's log says so, in fixed words.
func (s *site) sayNo(r *http.Request, err error) web.Answer {
	for _, one := range []struct {
		kind error
		page web.Answer
	}{
		{signedlink.ErrRefused, s.refused},
		{casework.ErrLinkDead, s.refused},
		{errForeign, s.refused},
		{errForm, s.refused},
		{casework.ErrDecided, s.decided},
		{casework.ErrStale, s.stale},
	} {
		if errors.Is(err, one.kind) {
			s.Log.InfoContext(r.Context(), "link refused", "reason", reason(err, one.kind))
			return one.page
		}
	}
	var notNow dsr.NotNow
	if errors.As(err, &notNow) {
		s.Log.InfoContext(r.Context(), "link refused", "reason", notNow.Error())
		return s.tooLate
	}
	s.Log.ErrorContext(r.Context(), "page failed", "error", err)
	return s.later
}

// reason names why a visitor was refused, in fixed words.
func reason(err, kind error) string {
	var why signedlink.Reason
	if errors.As(err, &why) {
		return why.Error()
	}
	return kind.Error()
}
