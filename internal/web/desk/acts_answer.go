package desk

import (
	"net/url"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// answerActs are what an answer is made of: what each system holds, and what is
// decided about each right.
func answerActs() []act {
	return []act{
		{
			name: "zoeken", forms: (*site).lookForms, do: (*site).lookInto,
			fields: map[dsr.NotNow]string{dsr.NotNowText: "tekst", dsr.NotNowOutcome: "uitkomst"},
		},
		{
			name: "besluit", forms: (*site).decideForms, do: (*site).decide,
			fields: map[dsr.NotNow]string{
				dsr.NotNowGround: "grond", dsr.NotNowReason: "reden", dsr.NotNowOutcome: "uitkomst",
				dsr.NotNowProof: "uitkomst", dsr.NotNowFresh: "uitkomst",
			},
		},
	}
}

// lookForms asks what each system holds, for each right of the case. "Nothing" is
// an answer of its own: a system that nobody mentions is one that nobody looked
// into.
func (s *site) lookForms(on scene) []form {
	var forms []form
	for _, right := range on.c.Rights {
		if !takes(on.c, func(c *dsr.Case) error { return c.LookInto(right, dsr.NothingFound) }) {
			continue
		}
		for _, system := range s.Rules.Profile.DataMap.Systems {
			forms = append(forms, s.lookForm(on, system, right))
		}
	}
	return forms
}

// lookForm asks what one system holds for one right.
func (s *site) lookForm(on scene, system organisation.System, right dsr.Right) form {
	language := organisation.Language(on.language)
	outcome := field{Kind: asChoice, Name: "uitkomst", Label: on.say("Wat kwam eruit?", "What came of it?")}
	// A right has its own results: an erasure finds nothing to show, and access
	// erases nothing.
	for _, result := range right.Results() {
		words := taskWords(result)
		outcome.Options = append(outcome.Options, option{Value: string(result), Label: on.say(words.NL, words.EN)})
	}
	intro := []string{on.say("Dit systeem bevat: ", "This system holds: ") + system.Holds.In(language)}
	// What has to stay is known from the data map; the reason is there to be copied.
	if why := system.KeepsWhy.In(language); why != "" && (right == dsr.Erasure || right == dsr.MinorReport) {
		intro = append(intro, why)
	}
	if findingOf(on.d, system.ID, right) != nil {
		intro = append(intro, on.say("Hier staat al iets. Wat u nu invult, komt ervoor in de plaats.",
			"Something stands here already. What you fill in now takes its place."))
	}
	return form{
		Title: on.say("Kijk in: ", "Look into: ") + system.Name.In(language) + on.say(", voor: ", ", for: ") + right.Name(on.language),
		Intro: intro, Hidden: []pair{{"systeem", system.ID}, {"recht", string(right)}},
		Fields: []field{outcome, {
			Kind: asArea, Name: "tekst", Label: on.say("Wat staat er, of wat deed u?", "What does it hold, or what did you do?"),
			Hint: on.say("De klant leest deze tekst. Vul dit alleen in als u iets vond, veranderde of moet bewaren. Haal gegevens van anderen eruit.",
				"The customer reads this text. Fill this in only when you found or changed something, or must keep it. Take out data of others."),
		}},
		Button: on.say("Bewaar", "Save"),
	}
}

// findingOf gives what was recorded about a system for a right; nil for nothing.
func findingOf(d casework.Dossier, system string, right dsr.Right) *dsr.Finding {
	at := slices.IndexFunc(d.Found, func(f dsr.Finding) bool { return f.System == system && f.Right == right })
	if at < 0 {
		return nil
	}
	return &d.Found[at]
}

// lookInto records what one system holds. The text is passed on as it was typed;
// it is made harmless where it is shown.
func (s *site) lookInto(v visit, sheet casework.Sheet, in url.Values) error {
	if in.Get("uitkomst") == "" {
		return wrong("uitkomst", "Kies wat eruit kwam.", "Choose what came of it.")
	}
	return s.Handling.LookInto(v.Context(), v.now, sheet, casework.Looked{
		System: in.Get("systeem"), Right: dsr.Right(in.Get("recht")), Result: dsr.TaskResult(in.Get("uitkomst")), Text: in.Get("tekst"),
	})
}

// decideForms asks a decision about each right of the case, once it is sure who
// asks: what the state machine would refuse has no form.
func (s *site) decideForms(on scene) []form {
	var forms []form
	for _, right := range on.c.Rights {
		granted := dsr.Decision{Right: right, Result: dsr.Granted}
		if takes(on.c, func(c *dsr.Case) error { return c.Decide(granted, "") }) {
			forms = append(forms, decideForm(on, right))
		}
	}
	return forms
}

// decideForm asks a decision about one right. It offers no refusal of a right
// that the law lets nobody refuse.
func decideForm(on scene, right dsr.Right) form {
	outcome := field{Kind: asChoice, Name: "uitkomst", Label: on.say("Uw besluit", "Your decision")}
	// art. 12(4) GDPR: what is kept was not erased, and that takes a reason.
	if slices.Contains(right.Results(), dsr.ToKeep) {
		outcome.Hint = on.say("Blijft er in een systeem iets bewaard? Kies dan deels.", "Does a system keep something? Then choose in part.")
	}
	results := []dsr.Result{dsr.Granted}
	if len(right.Grounds()) > 0 {
		results = append(results, dsr.Partly, dsr.Refused)
	}
	for _, result := range results {
		words := decideWords(result)
		outcome.Options = append(outcome.Options, option{Value: string(result), Label: on.say(words.NL, words.EN)})
	}
	made := form{
		Title: on.say("Beslis over: ", "Decide about: ") + right.Name(on.language), Hidden: []pair{{"recht", string(right)}},
		Fields: []field{outcome}, Button: on.say("Bewaar dit besluit", "Save this decision"),
	}
	if len(results) == 1 {
		made.Intro = []string{on.say("De wet laat dit niet weigeren.", "The law does not let anybody refuse this.")}
		return made
	}
	asked := codeField(on.say)
	asked.Hint = on.say("Alleen bij deels of afwijzen. ", "Only to refuse, whole or in part. ") + asked.Hint
	made.Fields = append(made.Fields, groundField(on, right), field{
		Kind: asArea, Name: "reden", Label: on.say("Uitleg voor de klant", "Explanation for the customer"),
		Hint: on.say("Let op: deze tekst staat letterlijk in de brief. Alleen bij deels of afwijzen.",
			"Mind: this text stands in the letter as it is. Only to refuse, whole or in part."),
	}, asked)
	return made
}

// groundField asks why the law lets a right be refused. Only the grounds that the
// law has for this very right are offered. art. 12(4) GDPR asks for them.
func groundField(on scene, right dsr.Right) field {
	ground := field{
		Kind: asList, Name: "grond", Label: on.say("Reden uit de wet", "Ground of the law"), Blank: on.say("Geen reden", "No ground"),
		Hint: on.say("Alleen bij deels of afwijzen. De klant leest deze zin ook.", "Only to refuse, whole or in part. The customer reads this sentence too."),
	}
	for _, one := range right.Grounds() {
		ground.Options = append(ground.Options, option{Value: string(one), Label: one.Words(right, on.language)})
	}
	// Recital 63 GDPR: what others are in is left out; that is no reason to refuse
	// all of it.
	if slices.Contains(right.Grounds(), dsr.GroundOthers) {
		ground.Hint += on.say(" De rechten van andere mensen zijn alleen een reden bij deels.", " The rights of other people are a ground only in part.")
	}
	return ground
}

// decide records a decision about one right.
func (s *site) decide(v visit, sheet casework.Sheet, in url.Values) error {
	decision := dsr.Decision{
		Right: dsr.Right(in.Get("recht")), Result: dsr.Result(in.Get("uitkomst")), Ground: dsr.Ground(in.Get("grond")),
	}
	if decision.Result == "" {
		return wrong("uitkomst", "Kies uw besluit.", "Choose your decision.")
	}
	// Granting asks no code: the code comes with submitting it. Denying somebody a
	// right does.
	if decision.Result == dsr.Partly || decision.Result == dsr.Refused {
		if err := codeMissing(in).orNil(); err != nil {
			return err
		}
	}
	return s.Handling.Decide(v.Context(), v.now, sheet, decision, in.Get("reden"))
}

// systemName gives what staff call a system. One that has left the data map
// since is called by its id.
func (s *site) systemName(id string, language dsr.Language) string {
	if system, known := s.Rules.Profile.System(id); known {
		return system.Name.In(organisation.Language(language))
	}
	return web.Line(id)
}
