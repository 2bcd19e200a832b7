package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// mistake is one thing that is wrong with a form, and which field it is about;
// an empty field is the form as a whole.
type mistake struct {
	field string
	text  deadline.Text
}

// mistakes are what is wrong with a form. They are no fault of the desk: the
// page comes back and says them.
type mistakes []mistake

// Error says no more than that there are some: their texts are for the page.
func (m mistakes) Error() string { return "the form has mistakes" }

// wrong gives one mistake.
func wrong(field, nl, en string) mistakes {
	return mistakes{{field, deadline.Text{NL: nl, EN: en}}}
}

// orNil gives the mistakes as an error, when there are any.
func (m mistakes) orNil() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// codeMissing checks that a form has what can be a code, before anything is
// tried with it.
func codeMissing(in url.Values) mistakes {
	if isCode(digits(in)) {
		return nil
	}
	return wrong("code", "Typ de 6 cijfers die nu in uw code-app staan.", "Type the 6 digits that your code app shows now.")
}

// understood turns what an act said into mistakes of its form, and gives the
// status of the page that says them. Fields names, for each reason why an act is
// refused, which field of the form is about it. Ok is false for everything that
// is not about the form.
func understood(err error, fields map[dsr.NotNow]string) (found mistakes, status int, ok bool) {
	var notNow dsr.NotNow
	switch {
	case errors.As(err, &found):
		return found, http.StatusUnprocessableEntity, true
	case errors.As(err, &notNow):
		return mistakes{{fields[notNow], notNowWords(notNow)}}, notNowStatus(notNow), true
	case errors.Is(err, casework.ErrCode):
		return wrong("code", "De code klopt niet of is al gebruikt. Wacht op de volgende code.",
			"The code is wrong or was used. Wait for the next code."), http.StatusUnprocessableEntity, true
	case errors.Is(err, casework.ErrStale):
		return wrong("", "Het verzoek is veranderd nadat u deze pagina opende. Lees wat er nu staat en verstuur het dan opnieuw.",
			"The request changed after you opened this page. Read what it says now, then send again."), http.StatusConflict, true
	case errors.Is(err, casework.ErrOwnRequest):
		return wrong("", "Dit verzoek gaat over uzelf. Een collega moet het doen.",
			"This request is about yourself. A colleague must do this."), http.StatusForbidden, true
	case errors.Is(err, casework.ErrNotYours):
		return wrong("", "Dit mag u niet doen met uw rol. Vraag het de eigenaar van dit bureau.",
			"Your role does not let you do this. Ask the owner of this desk."), http.StatusForbidden, true
	case errors.Is(err, dsr.ErrUnsendable):
		return wrong("", "Deze brief kan zo niet weg: er ontbreekt iets, of het adres werkt niet. Vraag het de eigenaar van dit bureau.",
			"This letter cannot leave as it is: something is missing, or the address does not work. Ask the owner of this desk."), http.StatusUnprocessableEntity, true
	case errors.Is(err, casework.ErrGone):
		return wrong("", "Deze mail bewaren wij niet meer zoals die binnenkwam. Wat er stond, leest u hier.",
			"We do not keep this mail as it came in any more. What it said stands here."), http.StatusGone, true
	case errors.Is(err, errTooLarge):
		return wrong("", "Het formulier is te groot. Maak de tekst korter.",
			"The form is too large. Make the text shorter."), http.StatusRequestEntityTooLarge, true
	}
	return nil, 0, false
}

// notNowStatus is the status of a page that says why an act is refused.
func notNowStatus(why dsr.NotNow) int {
	switch why {
	case dsr.NotNowDecided, dsr.NotNowNotReady, dsr.NotNowDraft:
		return http.StatusConflict
	case dsr.NotNowSamePerson, dsr.NotNowSecondPerson:
		return http.StatusForbidden
	}
	return http.StatusUnprocessableEntity
}

// ended turns the errors of somebody who may not act any more into the page that
// asks for a session: their tries are used up, their link was revoked, or they
// have left.
func ended(err error) error {
	if errors.Is(err, casework.ErrLinkDead) || errors.Is(err, casework.ErrNotStaff) {
		return errClosed
	}
	return err
}

// problem is one line of the summary above a page with mistakes.
type problem struct {
	Place string // the id of the field it is about
	Text  string
}

// problems gives the summary of a form's mistakes.
func problems(found mistakes, f form, language dsr.Language) []problem {
	var shown []problem
	for _, one := range found {
		shown = append(shown, problem{Place: f.place(one.field), Text: web.In(one.text, language)})
	}
	return shown
}

// kept is one thing that was typed in a form that the page has no more.
type kept struct{ Name, Text string }

// keptOf gives what was typed, without the code and what nobody typed.
func keptOf(in url.Values) (list []kept, left int) {
	var names []string
	for name := range in {
		if !slices.Contains([]string{"code", "rev", "hash", "recht", "systeem"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	room := maxShown
	for _, name := range names {
		one := kept{Name: web.Line(name)}
		if one.Text, room = fitting(web.Visible(in.Get(name)), room); one.Text != "" {
			list = append(list, one)
		}
	}
	return list, room
}
