package portal

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// collectPage is the template of the page behind the link to an answer.
const collectPage = "collect"

// answerPage is the answer itself. It goes to whoever gave the right code, and
// nowhere else.
type answerPage struct {
	downloadPage
	Number dsr.Number
	Answer web.AnswerView
}

// look checks the link to an answer and gives its form.
func (s *site) look(v visit) (dsr.Link, form, error) {
	link, err := s.verify(v, dsr.CollectAnswer)
	if err != nil {
		return dsr.Link{}, form{}, err
	}
	c, err := s.Collecting.Look(v.Context(), link)
	if err != nil {
		return dsr.Link{}, form{}, err
	}
	return link, s.form(v, c, path(dsr.CollectAnswer)), nil
}

// askCode shows how to get a code and where to type it. It writes nothing, and
// tells nothing of the answer.
func (s *site) askCode(v visit) (web.Answer, error) {
	link, page, err := s.look(v)
	if err != nil {
		return web.Answer{}, err
	}
	status, err := s.Following.Status(v.Context(), link)
	if err != nil {
		return web.Answer{}, err
	}
	page.Ready = web.In(s.collectable(yours(status.History)), page.Lang)
	return s.show(http.StatusOK, collectPage, page)
}

// sendCode sends a code to the contact on file, whose address no page shows.
func (s *site) sendCode(v visit) (web.Answer, error) {
	link, page, err := s.look(v)
	if err != nil {
		return web.Answer{}, err
	}
	err = s.Collecting.SendCode(v.Context(), v.now, link, v.PostForm.Get("nummer"))
	switch {
	case errors.Is(err, casework.ErrNumber):
		return s.correct(collectPage, page, "nummer", wrongNumber())
	case errors.Is(err, dsr.NotNowCodes):
		email := page.Controller.Email
		return s.correct(collectPage, page, "nummer", deadline.Text{
			NL: "Wij stuurden al vijf codes. Meer gaat niet met deze link. Mail naar " + email + " voor een nieuwe link.",
			EN: "We have sent five codes already. This link gives no more. Mail to " + email + " for a new link.",
		})
	case err != nil:
		return web.Answer{}, err
	}
	page.CodeSent, page.Minutes = true, int(dsr.CodeLife/time.Minute)
	return s.show(http.StatusOK, collectPage, page)
}

// open shows the answer for the right code. It sets no cookie and is stored by
// no browser: whoever wants to see it again asks for another code.
func (s *site) open(v visit) (web.Answer, error) {
	link, page, err := s.look(v)
	if err != nil {
		return web.Answer{}, err
	}
	// What is no code counts as no try: robots submit forms as they find them,
	// and must not use up the tries of whom the link is for.
	code := strings.Join(strings.Fields(v.PostForm.Get("code")), "")
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return s.correct(collectPage, page, "code", deadline.Text{
			NL: "Typ de zes cijfers van de code uit onze mail.", EN: "Type the six digits of the code in our mail.",
		})
	}
	answer, err := s.Collecting.Open(v.Context(), v.now, link, code)
	if errors.Is(err, casework.ErrCode) {
		return s.correct(collectPage, page, "code", deadline.Text{
			NL: "Deze code werkt niet of niet meer. Kijk in onze laatste mail, of vraag een nieuwe code.",
			EN: "This code does not work, or not any more. Look in our latest mail, or ask for a new code.",
		})
	}
	if err != nil {
		return web.Answer{}, err
	}
	return s.showAnswer(v, page, answer)
}

// showAnswer renders the answer, with a form for its files when it has any.
func (s *site) showAnswer(v visit, page form, answer casework.Collected) (web.Answer, error) {
	shown := answerPage{
		downloadPage: s.downloadPage(page, answer.Ticket), Number: answer.Number,
		Answer: web.ExplainAnswer(s.Rules.Profile, answer.Answer, page.Lang),
	}
	given, err := s.pages.Render(http.StatusOK, "collected."+string(page.Lang)+".html", shown)
	if err != nil || answer.Ticket == "" {
		return given, err
	}
	return s.fetching(v, given)
}
