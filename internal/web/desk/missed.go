package desk

import (
	"net/url"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// missedBlock is what the page of a case says about letters to the data subject
// that did not arrive, until a person saw to them.
type missedBlock struct {
	Letters []missed
	Settle  *form
}

// missed is one kind of letter that did not arrive, and what to do about it.
type missed struct{ What, Do string }

// missedAct is the act of having seen to what did not arrive.
func missedAct() act {
	return act{
		name: "niet-aangekomen", forms: (*site).settleForms, fields: map[dsr.NotNow]string{dsr.NotNowReason: "reden"},
		do: func(s *site, v visit, sheet casework.Sheet, in url.Values) error {
			return s.Handling.SettleUndelivered(v.Context(), v.now, sheet, in.Get("reden"), kindsIn(in)...)
		},
	}
}

// missedField is what the form says of the letters it is about: whoever sends it
// saw to those, and not to what came back since.
const missedField = "brief"

// kindsIn reads which letters a form was about. A kind that nobody missed says
// nothing.
func kindsIn(in url.Values) []dsr.LetterKind {
	kinds := make([]dsr.LetterKind, len(in[missedField]))
	for i, word := range in[missedField] {
		kinds[i] = dsr.LetterKind(word)
	}
	return kinds
}

// missedLetters tells which letters did not arrive.
func (s *site) missedLetters(on scene) missedBlock {
	block := missedBlock{Settle: on.beside("niet-aangekomen")}
	for _, kind := range on.c.Work.Undelivered {
		block.Letters = append(block.Letters, missed{
			What: said(on, letterWords(dsr.LetterBounced, kind)), Do: said(on, missedWords(kind)),
		})
	}
	return block
}

// settleForms asks how somebody saw to what did not arrive. The word is kept: a
// letter that the law asks for and that nobody got is worth nothing.
func (s *site) settleForms(on scene) []form {
	missed := on.c.Work.Undelivered
	if !takes(on.c, func(c *dsr.Case) error { return c.Settle(missed...) }) {
		return nil
	}
	var shown []pair
	for _, kind := range missed {
		shown = append(shown, pair{missedField, string(kind)})
	}
	return []form{{
		Hidden: shown,
		Title:  on.say("Meld wat u deed", "Say what you did"),
		Intro: []string{on.say("Doe eerst wat hierboven staat. Stuurt u de brief opnieuw? Meld dat dan ook hier.",
			"First do what it says above. Do you send the letter again? Then say so here as well.")},
		Fields: []field{{
			Kind: asArea, Name: "reden", Label: on.say("Hoe weet de klant het nu?", "How does the customer know now?"),
			Hint: on.say("Of schrijf op waarom u de klant niet kunt bereiken.", "Or write down why you cannot reach the customer."),
		}},
		Button: on.say("Dit is afgehandeld", "This is seen to"),
	}}
}

// mark gives the word that the list puts beside a case of which a letter did not
// arrive; nothing beside all others.
func mark(c dsr.Case, language dsr.Language) string {
	if len(c.Work.Undelivered) == 0 {
		return ""
	}
	return web.In(deadline.Text{NL: "Een brief aan de klant kwam niet aan.", EN: "A letter to the customer did not arrive."}, language)
}
