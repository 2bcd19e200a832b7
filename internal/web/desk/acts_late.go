package desk

import (
	"net/url"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// lateActs are what is left to do once an answer was proposed.
func lateActs() []act {
	return []act{
		{name: "uitgevoerd", forms: (*site).carryOutForms, do: coded(func(s *site, v visit, sheet casework.Sheet) error {
			return s.Handling.CarryOut(v.Context(), v.now, sheet)
		})},
		{
			name: "terugnemen", forms: (*site).takeBackForms, fields: map[dsr.NotNow]string{dsr.NotNowReason: "reden"},
			do: explained(func(s *site, v visit, sheet casework.Sheet, why string) error {
				return s.Handling.TakeBack(v.Context(), v.now, sheet, why)
			}),
		},
		{name: "antwoord-opnieuw", forms: (*site).renewAnswerForms, do: coded(func(s *site, v visit, sheet casework.Sheet) error {
			return s.Handling.RenewAnswer(v.Context(), v.now, sheet)
		})},
		{
			name: "anders-bezorgd", forms: (*site).deliverForms, fields: map[dsr.NotNow]string{dsr.NotNowReason: "reden"},
			do: explained(func(s *site, v visit, sheet casework.Sheet, how string) error {
				return s.Handling.DeliverOtherwise(v.Context(), v.now, sheet, how)
			}),
		},
		{name: "akkoord-opnieuw", forms: (*site).renewReviewForms, do: coded(func(s *site, v visit, sheet casework.Sheet) error {
			return s.Handling.RenewReview(v.Context(), v.now, sheet)
		})},
		missedAct(),
	}
}

// coded is an act that asks a code and nothing else.
func coded(do func(*site, visit, casework.Sheet) error) func(*site, visit, casework.Sheet, url.Values) error {
	return func(s *site, v visit, sheet casework.Sheet, in url.Values) error {
		if err := codeMissing(in).orNil(); err != nil {
			return err
		}
		return do(s, v, sheet)
	}
}

// explained is an act that asks a code and a word of explanation.
func explained(do func(*site, visit, casework.Sheet, string) error) func(*site, visit, casework.Sheet, url.Values) error {
	return func(s *site, v visit, sheet casework.Sheet, in url.Values) error {
		if err := codeMissing(in).orNil(); err != nil {
			return err
		}
		return do(s, v, sheet, in.Get("reden"))
	}
}

// carryOutForms asks whether an approved erasure has been done.
func (s *site) carryOutForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).CarryOut) {
		return nil
	}
	intro := []string{on.say("Wis nu de gegevens in deze systemen. Meld het hier als het overal is gebeurd: dan gaat het antwoord weg.",
		"Now erase the data in these systems. Say so here when it is done everywhere: then the answer leaves.")}
	for _, finding := range on.d.Found {
		if finding.Result == dsr.ToErase {
			intro = append(intro, s.systemName(finding.System, on.language))
		}
	}
	return []form{{
		Title: on.say("Meld dat alles is gewist", "Say that all is erased"), Intro: intro,
		Fields: []field{codeField(on.say)}, Button: on.say("Alles is gewist", "All is erased"),
	}}
}

// takeBackForms asks why an approved erasure must not be done after all.
func (s *site) takeBackForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).TakeBack) {
		return nil
	}
	return []form{{
		Title: on.say("Neem het akkoord terug", "Take the approval back"),
		Intro: []string{on.say("Doe dit als er toch iets moet blijven, of als de klant het niet meer wil. Dat kan zolang er niets is gewist.",
			"Do this when something must stay after all, or when the customer wants it no more. It is possible while nothing is erased.")},
		Fields: []field{
			{Kind: asArea, Name: "reden", Label: on.say("Waarom neemt u het terug?", "Why do you take it back?")},
			codeField(on.say),
		},
		Button: on.say("Neem het akkoord terug", "Take it back"),
	}}
}

// renewAnswerForms asks whether the letter with the answer must go again.
func (s *site) renewAnswerForms(on scene) []form {
	// Once a letter that says all there is to say has arrived, it needs no second.
	if on.c.State != dsr.Answering && (on.c.State != dsr.Closed || !on.c.Discloses()) {
		return nil
	}
	return []form{{
		Title: on.say("Stuur de brief met het antwoord opnieuw", "Send the letter with the answer again"),
		Intro: []string{on.say("Doe dit als de brief niet aankwam, of als de link niet meer werkt. De brief gaat naar hetzelfde adres als de eerste keer.",
			"Do this when the letter did not arrive, or when its link no longer works. The letter goes to the same address as the first time.")},
		Fields: []field{codeField(on.say)}, Button: on.say("Stuur opnieuw", "Send again"),
	}}
}

// deliverForms asks how an answer was given that could not go by mail.
func (s *site) deliverForms(on scene) []form {
	if !takes(on.c, func(c *dsr.Case) error { return c.Finish(on.now) }) {
		return nil
	}
	return []form{{
		Title: on.say("U gaf het antwoord anders, bijvoorbeeld per post", "You gave the answer in another way, for example by post"),
		Intro: []string{on.say("Meld dit pas als de klant het antwoord heeft. Het verzoek is dan afgesloten.",
			"Say so only when the customer has the answer. The request is closed then.")},
		Fields: []field{
			{Kind: asArea, Name: "reden", Label: on.say("Hoe gaf u het antwoord, en wanneer?", "How did you give the answer, and when?")},
			codeField(on.say),
		},
		Button: on.say("De klant heeft het antwoord", "The customer has the answer"),
	}}
}

// renewReviewForms asks whether the links to approve must go again.
func (s *site) renewReviewForms(on scene) []form {
	// Before the day of a one-person organisation is over, the link has not left
	// for the first time.
	if on.c.State != dsr.InReview || on.now.Before(on.c.Work.NotBefore) {
		return nil
	}
	return []form{{
		Title: on.say("Stuur de vraag om akkoord opnieuw", "Send the question to approve again"),
		Intro: []string{on.say("Doe dit als de tweede medewerker de mail niet meer heeft, of als de link voorbij is.",
			"Do this when the second member of staff lost the mail, or when the link has ended.")},
		Fields: []field{codeField(on.say)}, Button: on.say("Stuur opnieuw", "Send again"),
	}}
}
