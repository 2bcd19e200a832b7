package desk

import (
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

const (
	// cookieName begins with a prefix by which browsers take the cookie from
	// this host alone, over TLS, for every path (RFC 6265bis section 4.1.3.2).
	cookieName = "__Host-inzage"
	// stay is how long browsers keep the cookie; the stored session decides.
	stay = 8 * time.Hour
	// maxForm is more than a token and a code need.
	maxForm = 4 << 10
)

// errNoCode is returned for a form without a token and six digits. It counts as
// no try: robots submit forms as they find them, and must not use up the tries
// of whom the link is for.
var errNoCode = errors.New("no code was given")

// codePage is the page behind a link for staff. It tells nothing: not the case,
// nor whom the link is for.
type codePage struct {
	frame
	Action string
	Token  string
}

// askCode shows where to type the code for links of a purpose. It writes
// nothing, whoever or whatever opens the link. A link to approve that decides
// nothing any more says so, and nothing else.
func (s *site) askCode(purpose dsr.Purpose) func(visit) (web.Answer, error) {
	return func(v visit) (web.Answer, error) {
		token := v.URL.Query().Get("t")
		link, err := s.Verify(v.Context(), token, purpose, v.now)
		if err != nil {
			return web.Answer{}, err
		}
		rule, _ := purpose.Rule()
		if rule.OneUse {
			if _, err := s.SigningIn.Look(v.Context(), link); err != nil {
				return s.notIn(v, err)
			}
		}
		page := codePage{frame: s.frame(v), Action: rule.Path + v.keep, Token: token}
		page.Other = other(v, "t", token)
		return s.pages.Render(http.StatusOK, "code."+string(v.language)+".html", page)
	}
}

// notIn gives the page for a link that opens no session.
func (s *site) notIn(v visit, err error) (web.Answer, error) {
	if given, ok, failed := s.over(v, err, nil); ok {
		s.Log.InfoContext(v.Context(), "visitor refused", "reason", err.Error())
		return given, failed
	}
	return web.Answer{}, err
}

// signIn opens a session with a link of a purpose, and leads to an address
// without the token: to the case, or to what has to be decided.
func (s *site) signIn(purpose dsr.Purpose) func(visit) (web.Answer, error) {
	return func(v visit) (web.Answer, error) {
		token, code, err := codeForm(v.Request)
		if err != nil {
			return web.Answer{}, err
		}
		link, err := s.Verify(v.Context(), token, purpose, v.now)
		if err != nil {
			return web.Answer{}, err
		}
		c, err := s.Reading.Summary(v.Context(), link.Owner)
		if errors.Is(err, casework.ErrNotFound) {
			return web.Answer{}, casework.ErrLinkDead
		}
		if err != nil {
			return web.Answer{}, err
		}
		id, err := s.SigningIn.SignIn(v.Context(), v.now, link, code)
		if err != nil {
			return s.notIn(v, err)
		}
		s.Log.InfoContext(v.Context(), "staff signed in", "case", c.Number)
		path := casePath + string(c.Number)
		if purpose != dsr.SignIn {
			path += "/akkoord"
		}
		given := redirect(path + v.keep)
		given.Header["Set-Cookie"] = cookie(base64.RawURLEncoding.EncodeToString(id), int(stay/time.Second))
		return given, nil
	}
}

// codeForm reads the token and the code. The code may hold spaces, as apps show it.
func codeForm(r *http.Request) (token, code string, err error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return "", "", errNoCode // its text would repeat the form
	}
	token, code = r.PostForm.Get("t"), digits(r.PostForm)
	if token == "" || !isCode(code) {
		return "", "", errNoCode
	}
	return token, code, nil
}

// signedIn lets a page be shown to staff alone.
func (s *site) signedIn(show func(visit) (web.Answer, error)) func(visit) (web.Answer, error) {
	return func(v visit) (web.Answer, error) {
		id, ok := sessionID(v.Request)
		if !ok {
			return web.Answer{}, errClosed
		}
		var err error
		v.session, err = s.SigningIn.Resume(v.Context(), v.now, id)
		if errors.Is(err, casework.ErrNotStaff) {
			return web.Answer{}, errClosed
		}
		if err != nil {
			return web.Answer{}, err
		}
		return show(v)
	}
}

// sessionID gives the secret id in a visitor's cookie. Two cookies of the name
// are none: a browser that keeps the rules of the prefix never sends them.
func sessionID(r *http.Request) (id []byte, ok bool) {
	found := r.CookiesNamed(cookieName)
	if len(found) != 1 {
		return nil, false
	}
	id, err := base64.RawURLEncoding.Strict().DecodeString(found[0].Value)
	return id, err == nil && len(id) == 32
}

// signOut ends the session and clears what the browser kept of it.
func (s *site) signOut(v visit) (web.Answer, error) {
	if id, ok := sessionID(v.Request); ok {
		if err := s.SigningIn.SignOut(v.Context(), id); err != nil {
			return web.Answer{}, err
		}
	}
	given := redirect(goodbyePath)
	given.Header["Set-Cookie"] = cookie("", -1)
	given.Header["Clear-Site-Data"] = `"*"`
	return given, nil
}

// cookie writes the session's cookie. A negative age removes it.
func cookie(value string, age int) string {
	kept := http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	return kept.String()
}
