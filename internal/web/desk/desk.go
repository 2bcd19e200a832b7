// Package desk is what staff see: plain http.Handlers, rendered here. No page has
// a script but the one that sends a file, where it shows how far the file is.
//
// A link alone shows a page that asks for a code and writes nothing. The code
// of the member of staff whom the link names opens a session; inside it, pages
// show the list of open cases, which names nobody, and one case with all that
// was said in it and what can be done to it now. Opening a case is written down
// once a session.
//
// Each act has a form, and each form says how the case stood when it was made.
// Nothing in a form is chosen beforehand. A form with a mistake comes back with
// what was typed in it, but never the code; a form that was good leads to a page
// without it. What leaves the organisation is submitted from the page that shows
// it whole, and approved by a second person whose session began with their own
// link to approve it.
//
// Files take no way through here: a browser brings what was found straight to its
// bucket, and fetches a mail as it arrived straight from there. The exception is a
// copy of an identity document, which nobody may keep: its blurred picture stands
// on the page of the case, and the sharp one on the answer to a form, in the page
// itself, after it was written down who looks.
//
// Paths, each with taal=nl or taal=en for the other language:
//
//	GET  <path of a link>?t=<token>         asks for the code; so for the links to
//	                                        sign in, to approve and to refuse
//	POST <path of a link>                   token and code: signs in
//	GET  /bureau                            the open cases; nummer=<number> finds one
//	GET  /bureau/zaken/<number>             one case, or what is left of it
//	GET  /bureau/zaken/<number>/<act>       the same, with the form of an act in front
//	POST /bureau/zaken/<number>/<act>       does it
//	GET  /bureau/zaken/<number>/voorbeeld   the exact answer; uitkomst=<outcome>
//	POST /bureau/zaken/<number>/indienen    submits it
//	GET  /bureau/zaken/<number>/akkoord     the review of the second person
//	POST /bureau/zaken/<number>/akkoord     their decision
//	GET  /bureau/zaken/<number>/beeld       a copy, blurred; kopie=<id>
//	POST /bureau/zaken/<number>/kopie       the same, sharp: writes down who looks
//	GET  /bureau/zaken/<number>/uploaden    sends an announced file; bestand=<id>
//	POST /bureau/zaken/<number>/mail        leads to a mail of the case as it arrived
//	GET  /bureau/mail?t=<token>             says why a mail waits, asks for the code
//	POST /bureau/mail                       token and code: leads to that mail, once
//	GET  /bureau/upload-<hash>.js           the script
//	POST /bureau/afmelden                   signs out
//	GET  /bureau/afgemeld                   says so
//
// HEAD answers as GET does, without the page. The package stores nothing; the
// session lives in casework's store, its secret id in the cookie alone.
package desk

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/signedlink"
	"polarweb.nl/inzage/internal/web"
)

// The paths of the desk. Those of links stand in their rules.
const (
	listPath    = "/bureau"
	casePath    = "/bureau/zaken/"
	signOutPath = "/bureau/afmelden"
	goodbyePath = "/bureau/afgemeld"
)

// Verify checks the signature, purpose and life of a token. Its error is
// signedlink.ErrRefused when the token opens nothing, and another one when the
// check itself could not be done.
type Verify func(ctx context.Context, token string, purpose dsr.Purpose, now time.Time) (dsr.Link, error)

// Desk is what the pages are made from.
type Desk struct {
	Verify    Verify
	SigningIn casework.SigningIn
	Reading   casework.Reading
	Handling  casework.Handling
	Reviewing casework.Reviewing
	Rules     casework.Rules
	// SignUpload makes the forms by which a browser brings a file to the vault.
	SignUpload web.SignUpload
	// Originals and SignMail lead to mails as they arrived.
	Originals casework.Originals
	SignMail  SignMail
	Clock     func(context.Context) (time.Time, error)
	Log       *slog.Logger
}

//go:embed pages
var pages embed.FS

var (
	// errClosed is returned for a page that asks for a session which is not there.
	errClosed = errors.New("no session")
	// errForeign is returned for a form that came from another site.
	errForeign = errors.New("a form of another site")
)

// site is a Desk with its pages read.
type site struct {
	Desk
	pages   *web.Pages
	usual   dsr.Language   // of the organisation's staff
	zone    *time.Location // in which staff read the clock
	origins *http.CrossOriginProtection
	acts    []act
	routes  map[string]func(visit) (web.Answer, error) // by method and path

	// The pages that say no are rendered once, so that their bytes tell
	// nothing about what was asked.
	refused, closed, unknown, later, goodbye web.Answer
}

// visit is one request, at one instant.
type visit struct {
	*http.Request
	now      time.Time
	language dsr.Language
	keep     string      // the query that keeps a language which is not the usual one
	session  dsr.Session // zero on the pages for anybody
}

// New gives the handler of every page of the desk.
func New(desk Desk) (http.Handler, error) {
	s := &site{Desk: desk, origins: http.NewCrossOriginProtection(), usual: dsr.Dutch, acts: acts()}
	if desk.Rules.Profile.Languages.Default == organisation.English {
		s.usual = dsr.English
	}
	var err error
	if s.zone, err = deadline.Zone(desk.Rules.Profile.Calendar.TimeZone); err != nil {
		return nil, fmt.Errorf("reading the desk's time zone: %w", err)
	}
	if s.pages, err = web.Read(pages, desk.Rules.Profile); err != nil {
		return nil, err
	}
	if err := s.fixedPages(); err != nil {
		return nil, err
	}
	s.routes = s.addresses()
	return s, nil
}

// addresses lists every page and every form of the desk.
func (s *site) addresses() map[string]func(visit) (web.Answer, error) {
	const act = casePath + "*/"
	routes := map[string]func(visit) (web.Answer, error){
		"POST " + signOutPath:      s.signOut,
		"GET " + goodbyePath:       func(visit) (web.Answer, error) { return s.goodbye, nil },
		"GET " + listPath:          s.signedIn(s.list),
		"GET " + listPath + "/":    s.signedIn(s.list),
		"GET " + casePath:          s.about(s.dossier),
		"GET " + act + "voorbeeld": s.about(s.preview),
		"POST " + act + "indienen": s.about(s.submit),
		"GET " + act + "akkoord":   s.about(s.review),
		"POST " + act + "akkoord":  s.about(s.judgeDraft),
		"GET " + act + "beeld":     s.about(s.blurred),
		"GET " + act + "uploaden":  s.about(s.upload),
	}
	routes["GET "+s.scriptPath()] = func(visit) (web.Answer, error) {
		_, script := s.pages.Script()
		return script, nil
	}
	for _, one := range s.acts {
		routes["GET "+act+one.name] = s.about(s.offer(one))
		routes["POST "+act+one.name] = s.about(s.perform(one))
	}
	routes["POST "+act+lookAct] = s.about(s.lookAtCopy)
	routes["POST "+act+mailAct] = s.about(s.openMailOfCase)
	routes["GET "+mailLink()], routes["POST "+mailLink()] = s.askMail, s.openMail
	for _, purpose := range []dsr.Purpose{dsr.SignIn, dsr.ApproveRelease, dsr.ApproveErasure, dsr.Refuse} {
		rule, _ := purpose.Rule()
		routes["GET "+rule.Path] = s.askCode(purpose)
		routes["POST "+rule.Path] = s.signIn(purpose)
	}
	return routes
}

// fixedPages renders the pages that are the same for everybody.
func (s *site) fixedPages() error {
	for _, fixed := range []struct {
		to     *web.Answer
		status int
		name   string
	}{
		{&s.refused, http.StatusForbidden, "refused.html"},
		{&s.closed, http.StatusForbidden, "closed.html"},
		{&s.unknown, http.StatusNotFound, "unknown.html"},
		{&s.later, http.StatusServiceUnavailable, "later.html"},
		{&s.goodbye, http.StatusOK, "goodbye.html"},
	} {
		var err error
		if *fixed.to, err = s.pages.Render(fixed.status, fixed.name, s.frame(visit{language: dsr.Dutch})); err != nil {
			return err
		}
	}
	return nil
}

// frame is what every page of the desk shows around its content.
type frame struct {
	web.Frame
	SignedIn bool
	Home     string
	SignOut  string
	Kept     dsr.Language // what links and forms pass on; empty when it is the usual one
}

// frame gives the frame of a page.
func (s *site) frame(v visit) frame {
	made := frame{
		Frame: s.pages.Frame(v.language), SignedIn: v.session != dsr.Session{},
		Home: listPath + v.keep, SignOut: signOutPath + v.keep,
	}
	if v.keep != "" {
		made.Kept = v.language
	}
	return made
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
// is refused before it is read.
func (s *site) answer(r *http.Request) (web.Answer, error) {
	if err := s.origins.Check(r); err != nil {
		return web.Answer{}, errForeign
	}
	show, known := s.routes[route(r)]
	if !known {
		return s.unknown, nil
	}
	now, err := s.Clock(r.Context())
	if err != nil {
		return web.Answer{}, fmt.Errorf("asking the time: %w", err)
	}
	v := visit{Request: r, now: now, language: web.LanguageOf(r, s.usual)}
	v.keep = s.keep(v.language)
	return show(v)
}

// route names what a request asks for. Every other address and method gets one
// page; a ServeMux would answer another spelling with a redirect that repeats
// the token.
func route(r *http.Request) string {
	method, path := r.Method, r.URL.Path
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if rest, ok := strings.CutPrefix(path, casePath); ok && rest != "" {
		path = casePath
		if _, act, deeper := strings.Cut(rest, "/"); deeper {
			path += "*/" + act
		}
	}
	return method + " " + path
}

// keep gives the query that keeps a language which is not the usual one.
func (s *site) keep(language dsr.Language) string {
	if language == s.usual {
		return ""
	}
	return "?taal=" + string(language)
}

// sayNo gives the page for whatever went wrong. Nobody learns which part of a
// link or a code was right: the operator's log says so, in fixed words.
func (s *site) sayNo(r *http.Request, err error) web.Answer {
	for _, one := range []struct {
		errs []error
		page web.Answer
	}{
		{[]error{signedlink.ErrRefused, casework.ErrLinkDead, casework.ErrCode, casework.ErrNotStaff, errNoCode, errForeign}, s.refused},
		{[]error{errClosed}, s.closed},
		{[]error{casework.ErrNotFound}, s.unknown},
	} {
		for _, kind := range one.errs {
			if errors.Is(err, kind) {
				s.Log.InfoContext(r.Context(), "visitor refused", "reason", reason(err, kind))
				return one.page
			}
		}
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

// redirect sends a visitor on, to an address of our own making: no part of a
// request ever stands in it.
func redirect(path string) web.Answer {
	return web.Answer{Status: http.StatusSeeOther, Header: map[string]string{"Location": path}}
}
