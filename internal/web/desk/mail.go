package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// SignMail gives an address under which a browser can save one mail as it arrived,
// for a minute. The mail never passes through the desk.
type SignMail func(ctx context.Context, mailID, name string) (address string, err error)

// downloadLife is for how long a browser can begin to save a mail.
const downloadLife = time.Minute

// Mails signs downloads of mails that lie under a prefix in their bucket. No
// browser shows one: what a stranger wrote is saved as a file.
func Mails(sign casework.DownloadLink, prefix string) SignMail {
	return func(ctx context.Context, mailID, name string) (string, error) {
		return sign(ctx, casework.Download{
			Path: prefix + mailID, Name: name, ContentType: "application/octet-stream", Life: downloadLife,
		})
	}
}

// mailPage is the page behind a link to a mail that a person must read. It says
// why the mail waits, and nothing of what is in it.
type mailPage struct {
	frame
	Arrived string
	Why     string
	Action  string
	Token   string
}

// mailLink gives the path of links to a mail.
func mailLink() string {
	rule, _ := dsr.OriginalMail.Rule()
	return rule.Path
}

// askMail shows why a mail waits, and where to type the code. It writes nothing,
// and the link is not used by it.
func (s *site) askMail(v visit) (web.Answer, error) {
	token := v.URL.Query().Get("t")
	link, err := s.Verify(v.Context(), token, dsr.OriginalMail, v.now)
	if err != nil {
		return web.Answer{}, err
	}
	mail, err := s.Originals.Look(v.Context(), link)
	if err != nil {
		return s.noMail(v, err)
	}
	page := mailPage{
		frame: s.frame(v), Arrived: s.clock(mail.ArrivedAt, v.language), Why: web.In(mailReason(mail.Reason), v.language),
		Action: mailLink() + v.keep, Token: token,
	}
	page.Other = other(v, "t", token)
	given, err := s.pages.Render(http.StatusOK, "mail."+string(v.language)+".html", page)
	if err != nil {
		return web.Answer{}, err
	}
	return s.leading(v, given)
}

// leading lets the forms of one page lead to the bucket of mails.
func (s *site) leading(v visit, given web.Answer) (web.Answer, error) {
	address, err := s.SignMail(v.Context(), "-", mailName) // of no mail: only where the bucket is matters
	if err != nil {
		return web.Answer{}, fmt.Errorf("asking where mails are kept: %w", err)
	}
	return s.pages.Fetching(given, address)
}

// mailName is under which name browsers save a mail: its own title would say what
// it is about.
const mailName = "mail.eml"

// openMail leads to a mail, once, for the code of whom the link names.
func (s *site) openMail(v visit) (web.Answer, error) {
	token, code, err := codeForm(v.Request)
	if err != nil {
		return web.Answer{}, err
	}
	link, err := s.Verify(v.Context(), token, dsr.OriginalMail, v.now)
	if err != nil {
		return web.Answer{}, err
	}
	id, err := s.Originals.Open(v.Context(), v.now, link, code)
	if err != nil {
		return s.noMail(v, err)
	}
	return s.handOut(v, id, link.Actor)
}

// noMail gives the page for a link that leads to no mail any more.
func (s *site) noMail(v visit, err error) (web.Answer, error) {
	page, status := overPage{frame: s.frame(v)}, http.StatusConflict
	switch {
	case errors.Is(err, casework.ErrDecided):
		page.Why = overFetched
	case errors.Is(err, casework.ErrGone):
		page.Why, status = overGone, http.StatusGone
	default:
		return web.Answer{}, err
	}
	s.Log.InfoContext(v.Context(), "visitor refused", "reason", err.Error())
	return s.pages.Render(status, "over.html", page)
}

// openMailOfCase leads to a mail of a case as it arrived. The case says who had it.
func (s *site) openMailOfCase(v visit, c dsr.Case) (web.Answer, error) {
	in, err := typedIn(v.Request)
	id := in.Get("mail")
	if err == nil {
		err = s.Originals.OpenOfCase(v.Context(), v.now, v.session, c.ID, id)
	}
	if err != nil {
		return s.actRefused(v, c, act{name: mailAct}, in, err)
	}
	return s.handOut(v, id, v.session.Actor)
}

// mailAct is the act of opening a mail of a case as it arrived.
const mailAct = "mail"

// handOut sends a browser on to a mail. A mail without a case has no history, so
// the log says who had it.
func (s *site) handOut(v visit, mailID string, actor dsr.ActorID) (web.Answer, error) {
	address, err := s.SignMail(v.Context(), mailID, mailName)
	if err != nil {
		return web.Answer{}, fmt.Errorf("signing the download of mail %s: %w", mailID, err)
	}
	s.Log.InfoContext(v.Context(), "original mail handed out", "mail", mailID, "actor", actor.String())
	return redirect(address), nil
}

// rawKept is for how long a mail of a case is kept as it arrived.
const rawKept = 7 * 24 * time.Hour

// original gives the id of the mail that an event took in, while it is kept as it
// arrived; empty for one that is not.
func (on scene) original(event dsr.Event) string {
	if !on.now.Before(event.At.Add(rawKept)) {
		return ""
	}
	return event.Facts["mail"]
}
