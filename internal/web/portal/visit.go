package portal

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// maxForm is more than a token, a number and a code need.
const maxForm = 8 << 10

var (
	// errForeign is returned for a form that came from another site.
	errForeign = errors.New("a form of another site")
	// errForm is returned for a form that is too long or cannot be read.
	errForm = errors.New("not a form of ours")
)

// visit is one request, at one instant.
type visit struct {
	*http.Request
	now   time.Time
	token string // from the address of a page that is opened, or from its form
}

// readForm reads a posted form. The address of a form holds no token, so that
// none is left in the history of a shared computer.
func (v *visit) readForm() error {
	v.Body = http.MaxBytesReader(nil, v.Body, maxForm)
	if err := v.ParseForm(); err != nil {
		return errForm // its text would repeat the form
	}
	v.token = v.PostForm.Get("t")
	return nil
}

// verify gives the link of a visit, when it is one for a purpose.
func (s *site) verify(v visit, purpose dsr.Purpose) (dsr.Link, error) {
	return s.Links.Verify(v.Context(), v.token, purpose, v.now)
}

// otherLanguage gives the query of the same page in the other language. An
// answer to a form has no such page.
func otherLanguage(v visit, language dsr.Language) string {
	if v.Method == http.MethodPost {
		return ""
	}
	other := string(web.OtherLanguage(language))
	return "?" + url.Values{"t": {v.token}, "taal": {other}}.Encode()
}

// form is a page that asks something of the visitor. It names nobody, and it
// does not hold what has to be typed.
type form struct {
	web.Frame
	Action   string
	Token    string
	Rights   []string
	Received web.Day
	Typed    string // the number as the visitor typed it
	Address  string // the address as the visitor typed it
	Chosen   string // the radio that the visitor chose
	CodeSent bool
	Minutes  int    // for how long a code is good
	Ready    string // until when files can be collected, in words; empty for none
	Faults   []fault
}

// fault is one mistake in a form, at its field.
type fault struct {
	Field string
	Words string
}

// Fault gives the words of the mistake at a field; empty when there is none.
func (f form) Fault(field string) string {
	for _, one := range f.Faults {
		if one.Field == field {
			return one.Words
		}
	}
	return ""
}

// form gives a form about a case, with what the visitor has typed into it. A
// code is never shown again.
func (s *site) form(v visit, c dsr.Case, action string) form {
	language := web.LanguageOf(v.Request, c.Language)
	page := form{
		Frame: s.pages.Frame(language), Action: action, Token: v.token,
		Received: web.Long(c.Dates.ReceiptDay, language),
		Typed:    web.Line(v.PostForm.Get("nummer")), Address: web.Line(v.PostForm.Get("adres")), Chosen: v.PostForm.Get("keuze"),
	}
	page.Other = otherLanguage(v, language)
	for _, right := range c.Rights {
		page.Rights = append(page.Rights, right.Name(language))
	}
	return page
}

// show renders a form in its language.
func (s *site) show(status int, name string, page form) (web.Answer, error) {
	return s.pages.Render(status, name+"."+string(page.Lang)+".html", page)
}

// correct shows a form again with the mistake that was made in it.
func (s *site) correct(name string, page form, field string, words deadline.Text) (web.Answer, error) {
	page.Faults = append(page.Faults, fault{Field: field, Words: web.In(words, page.Lang)})
	return s.show(http.StatusUnprocessableEntity, name, page)
}

// wrongNumber says that the number is not the one in the letter.
func wrongNumber() deadline.Text {
	return deadline.Text{
		NL: "Dit is niet het nummer uit onze mail. Kijk het na en typ het opnieuw.",
		EN: "This is not the number in our mail. Check it and type it again.",
	}
}

// redirect sends a visitor on, to an address of our own making: no part of a
// request ever stands in it.
func redirect(path string) web.Answer {
	return web.Answer{Status: http.StatusSeeOther, Header: map[string]string{"Location": path}}
}
