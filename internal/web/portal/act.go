package portal

import (
	"errors"
	"net/http"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// errChoice is returned when neither yes nor no was chosen.
var errChoice = errors.New("nothing was chosen")

// The choices about a request.
const (
	choiceMine    = "ja"
	choiceNotMine = "nee"
)

// act is something that a data subject does with a link and with what its page
// does not show: the number from the letter, or their own address. Its GET shows
// the form, its POST does it.
type act struct {
	*site
	path    string
	purpose dsr.Purpose
	page    string
	// do performs the act and gives the page that says so.
	do func(v visit, link dsr.Link) (done string, err error)
}

// acts lists what can be done.
func (s *site) acts() []act {
	return []act{
		{s, path(dsr.ConfirmMailbox), dsr.ConfirmMailbox, "confirm", s.confirm},
		{s, path(dsr.StopErasure), dsr.StopErasure, "stop", s.stop},
		{s, withdrawPath, dsr.FollowCase, "withdraw", s.withdraw},
	}
}

// ask shows the form of an act while it can still be done. It writes nothing,
// whoever or whatever opens the link.
func (a act) ask(v visit) (web.Answer, error) {
	_, page, err := a.enter(v)
	if err != nil {
		return web.Answer{}, err
	}
	return a.show(http.StatusOK, a.page, page)
}

// enter checks a link and gives the form of the act.
func (a act) enter(v visit) (dsr.Link, form, error) {
	link, err := a.verify(v, a.purpose)
	if err != nil {
		return dsr.Link{}, form{}, err
	}
	c, err := a.Confirming.Look(v.Context(), link)
	if err != nil {
		return dsr.Link{}, form{}, err
	}
	return link, a.form(v, c, a.path), nil
}

// perform does the act, and leads to an address without the token.
func (a act) perform(v visit) (web.Answer, error) {
	link, page, err := a.enter(v)
	if err != nil {
		return web.Answer{}, err
	}
	done, err := a.do(v, link)
	switch {
	case errors.Is(err, errChoice):
		return a.correct(a.page, page, "ja", deadline.Text{NL: "Kies ja of nee.", EN: "Choose yes or no."})
	case errors.Is(err, casework.ErrNumber):
		return a.correct(a.page, page, "nummer", wrongNumber())
	case errors.Is(err, casework.ErrAddress):
		return a.correct(a.page, page, "adres", deadline.Text{
			NL: "Met dit mailadres kwam het verzoek niet binnen. Kijk van welk adres u ons schreef.",
			EN: "The request did not come from this mail address. See from which address you wrote to us.",
		})
	case err != nil:
		return web.Answer{}, err
	}
	a.Log.InfoContext(v.Context(), "data subject acted by link", "purpose", string(a.purpose), "case", link.Owner.String())
	return redirect(done), nil
}

// confirm records whether the contact on file made this request.
func (s *site) confirm(v visit, link dsr.Link) (done string, err error) {
	number := v.PostForm.Get("nummer")
	switch v.PostForm.Get("keuze") {
	case choiceMine:
		return thanksPath, s.Confirming.Confirm(v.Context(), v.now, link, number, true)
	case choiceNotMine:
		return stoppedPath, s.Confirming.Confirm(v.Context(), v.now, link, number, false)
	}
	return "", errChoice
}

// stop keeps an answer that waits from leaving.
func (s *site) stop(v visit, link dsr.Link) (done string, err error) {
	return stoppedPath, s.Confirming.Stop(v.Context(), v.now, link, v.PostForm.Get("nummer"))
}

// withdraw takes the request back.
func (s *site) withdraw(v visit, link dsr.Link) (done string, err error) {
	return withdrawnPath, s.Confirming.Withdraw(v.Context(), v.now, link, v.PostForm.Get("adres"))
}
