package desk

import (
	"net/url"
	"slices"
	"strconv"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/identity"
)

// factFields is how many facts on file the form asks. Casework counts two as
// proof, and one wrong fact outweighs any number of right ones.
const factFields = 2

// The two words for whether a fact that somebody named is right.
const factRight, factWrong = "klopt", "klopt-niet"

// identityActs are the two verdicts on who somebody is.
func identityActs() []act {
	return []act{
		{
			name: "identiteit", forms: (*site).judgeForms, do: (*site).judge,
			fields: map[dsr.NotNow]string{dsr.NotNowProof: "feit1", dsr.NotNowFresh: "feit1", dsr.NotNowCopy: "kopie"},
		},
		{
			name: "twijfel", forms: (*site).doubtForms, do: (*site).doubt,
			fields: map[dsr.NotNow]string{dsr.NotNowReason: "reden"},
		},
	}
}

// judgeable reports whether a case takes a verdict that a member of staff is
// sure: where the contact on file has to say yes, that yes comes first.
func (s *site) judgeable(c dsr.Case) bool {
	return takes(c, func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentitySure, nil) }) &&
		(c.Work.Confirmed || !s.needsContact(c))
}

// judgeForms asks what shows who this is.
func (s *site) judgeForms(on scene) []form {
	if !s.judgeable(on.c) {
		return nil
	}
	made := form{
		Title: on.say("Beoordeel wie dit is", "Judge who this is"), Intro: s.proofAsked(on.c, on.say),
		Button: on.say("Ik weet zeker wie dit is", "I am sure who this is"),
	}
	// Without anything to prove there is nothing to ask but who judges.
	if s.needsContact(on.c) {
		if asks, ok := s.copyField(on); ok {
			made.Fields = append(made.Fields, asks)
		}
		for n := 1; n <= factFields; n++ {
			made.Fields = append(made.Fields, factAsked(strconv.Itoa(n), on.say)...)
		}
		made.Fields = append(made.Fields, field{
			Kind: asTicks, Name: "login", Label: on.say("Klantpaneel", "Customer panel"),
			Options: []option{{Value: "ja", Label: on.say("De klant bevestigde dit in het klantpaneel, met een tweede inlogstap.",
				"The customer confirmed this in the customer panel, with a second login step.")}},
		})
	}
	made.Fields = append(made.Fields, codeField(on.say))
	return []form{made}
}

// factAsked gives the two fields for one fact: which it is, and whether it is
// right. What the person said is asked nowhere and kept nowhere.
func factAsked(n string, say voice) []field {
	fact := field{
		Kind: asList, Name: "feit" + n, Label: say("Feit ", "Fact ") + n,
		Blank: say("Geen feit", "No fact"), Hint: say("Welk feit noemde de persoon?", "Which fact did the person name?"),
	}
	for _, one := range dsr.Facts() {
		words := factWords(one)
		fact.Options = append(fact.Options, option{Value: string(one), Label: say(words.NL, words.EN)})
	}
	return []field{fact, {
		Kind: asChoice, Name: "oordeel" + n, Label: say("Klopt feit "+n+" met het dossier?", "Is fact "+n+" as on file?"),
		Options: []option{
			{Value: factRight, Label: say("Dit klopt", "This is right")},
			{Value: factWrong, Label: say("Dit klopt niet", "This is not right")},
		},
	}}
}

// proofAsked says what the policy asks for the rights of a case, and what is
// there already.
func (s *site) proofAsked(c dsr.Case, say voice) []string {
	needed, err := s.Rules.Identity.Needed(c.Rights)
	if err != nil {
		return []string{say("Ons beleid zegt niets over dit recht. Vraag het de eigenaar van dit bureau.",
			"Our policy says nothing about this right. Ask the owner of this desk.")}
	}
	if len(needed) == 0 {
		return []string{say("Voor dit verzoek vraagt ons beleid geen bewijs.", "For this request our policy asks no proof.")}
	}
	said := []string{say("Voor dit verzoek vraagt ons beleid: ", "For this request our policy asks: ") + meansList(needed, say) + "."}
	var shown []dsr.Means
	if c.Work.Confirmed {
		shown = append(shown, dsr.ByMailbox)
		said = append(said, say("Het adres in het dossier bevestigde dit verzoek.", "The address on file confirmed this request."))
	}
	if missing := identity.Missing(needed, shown); len(missing) > 0 {
		said = append(said,
			say("Dit ontbreekt nog: ", "This is still missing: ")+meansList(missing, say)+".",
			say("Bel de klant op het nummer uit uw eigen dossier, niet uit de mail. Vraag dan twee feiten.",
				"Call the customer on the number in your own file, not in the mail. Then ask two facts."))
	}
	// EDPB Guidelines 01/2022, par. 73-79: a copy is the heaviest means, so the
	// lighter ones are always offered beside it.
	if slices.Contains(needed, dsr.ByIDCopy) {
		said = append(said, say("Liever geen kopie? Twee feiten uit het dossier of een bevestiging in het klantpaneel tellen net zo goed.",
			"Rather no copy? Two facts on file or a confirmation in the customer panel count just as much."))
		if !s.asksCopy(c) { // art. 12(6) GDPR: more proof only where there is reasonable doubt
			said = append(said, say("Wilt u toch een kopie vragen? Schrijf dan eerst op waarom u twijfelt.",
				"Do you want to ask for a copy all the same? Then first write down why you doubt."))
		}
	}
	if c.OnFile.Fresh(c.Dates.ReceiptDay) {
		words := notNowWords(dsr.NotNowFresh)
		said = append(said, say(words.NL, words.EN))
	}
	return said
}

// judge records that somebody is sure who this is. A fact without a verdict is no
// fact: it would count as right by being forgotten.
func (s *site) judge(v visit, sheet casework.Sheet, in url.Values) error {
	proof := casework.Proof{Login: in.Get("login") != ""}
	var found mistakes
	proof.Copy, found = copyShown(in)
	for n := 1; n <= factFields; n++ {
		which := strconv.Itoa(n)
		fact, verdict := in.Get("feit"+which), in.Get("oordeel"+which)
		switch {
		case fact == "" && verdict == "":
			continue
		case fact == "":
			found = append(found, wrong("feit"+which, "Kies welk feit de persoon noemde.", "Choose which fact the person named.")...)
		case verdict != factRight && verdict != factWrong:
			found = append(found, wrong("oordeel"+which, "Kies of dit feit klopt.", "Choose whether this fact is right.")...)
		}
		// A wrong fact is passed on as one, so that casework can refuse for it.
		proof.Facts = append(proof.Facts, casework.FactSeen{Fact: dsr.Fact(fact), Right: verdict == factRight})
	}
	if err := append(found, codeMissing(in)...).orNil(); err != nil {
		return err
	}
	return s.Handling.JudgeIdentity(v.Context(), v.now, sheet, proof)
}

// doubtForms asks why somebody doubts who this is. It is there before the contact
// on file said yes as well: doubt needs no proof.
func (s *site) doubtForms(on scene) []form {
	if !takes(on.c, func(c *dsr.Case) error { return c.JudgeIdentity(dsr.IdentityDoubtful, nil) }) {
		return nil
	}
	return []form{{
		Title: on.say("Ik twijfel wie dit is", "I doubt who this is"),
		Intro: []string{on.say("Schrijf op waarom. Er gaat dan niets weg voordat iemand opnieuw oordeelt.",
			"Write down why. Nothing leaves then before somebody judges anew.")},
		Fields: []field{
			{Kind: asArea, Name: "reden", Label: on.say("Waarom twijfelt u?", "Why do you doubt?")},
			codeField(on.say),
		},
		Button: on.say("Ik twijfel", "I doubt it"),
	}}
}

// doubt records that somebody doubts who this is. It asks a code, as being sure
// does: whoever stops a request changes somebody's rights as well.
func (s *site) doubt(v visit, sheet casework.Sheet, in url.Values) error {
	if err := codeMissing(in).orNil(); err != nil {
		return err
	}
	return s.Handling.DoubtIdentity(v.Context(), v.now, sheet, in.Get("reden"))
}
