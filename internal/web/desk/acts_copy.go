package desk

import (
	"net/url"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// lookAct is the act of looking at a copy of an identity document. It has its own
// answer: the picture.
const lookAct = "kopie"

// copyActs are about copies of identity documents.
func copyActs() []act {
	return []act{
		{name: lookAct, forms: (*site).lookAtForms},
		{name: "kopie-vragen", forms: (*site).askCopyForms, do: coded(func(s *site, v visit, sheet casework.Sheet) error {
			return s.Handling.AskCopy(v.Context(), v.now, sheet)
		})},
	}
}

// lookAtForms asks, for each copy that is kept, whether to see it sharp. It is a
// form and no link: nothing that only follows links sees an identity document,
// and no address leads to one.
func (s *site) lookAtForms(on scene) []form {
	var forms []form
	for _, one := range on.ofKind(dsr.IDCopyFile) {
		if one.State != dsr.Kept {
			continue
		}
		forms = append(forms, form{
			Title: on.say("Bekijk de kopie", "Look at the copy"), Hidden: []pair{{"kopie", one.Ref.ID.String()}},
			Intro: []string{on.say("Inzage schrijft op wie de kopie scherp bekijkt, en wanneer. Kijk dus alleen als u oordeelt.",
				"Inzage writes down who looks at the sharp copy, and when. So look only when you judge.")},
			Button: on.say("Scherp bekijken", "Look at it sharp"),
		})
	}
	return forms
}

// asksCopy reports whether a copy may be asked for: the policy has to name one for
// a right of the case. Where it asks one on doubt only, the doubt comes first.
func (s *site) asksCopy(c dsr.Case) bool {
	needed, err := s.Rules.Identity.Needed(c.Rights)
	first := s.Rules.Profile.Identity.IDCopy == organisation.CopyOnRequest
	return err == nil && slices.Contains(needed, dsr.ByIDCopy) &&
		(first || c.Work.Identity == dsr.IdentityDoubtful || !c.Work.CopyAsked.IsZero())
}

// askCopyForms asks whether the contact on file must be asked for a copy.
func (s *site) askCopyForms(on scene) []form {
	if !s.asksCopy(on.c) || !takes(on.c, func(c *dsr.Case) error { return c.AskCopy(on.now) }) {
		return nil
	}
	made := form{
		Title: on.say("Vraag de klant om een kopie", "Ask the customer for a copy"),
		Intro: []string{on.say("Doe dit alleen als u twijfelt wie dit is en een lichter bewijs niet lukt. De brief noemt ook de lichtere manieren.",
			"Do this only when you doubt who this is and no lighter proof works. The letter names the lighter ways as well.")},
		Fields: []field{codeField(on.say)}, Button: on.say("Vraag een kopie", "Ask for a copy"),
	}
	if !on.c.Work.CopyAsked.IsZero() {
		made.Title = on.say("Vraag de klant opnieuw om een kopie", "Ask the customer once more for a copy")
		made.Intro = []string{on.say("Doe dit als de kopie onleesbaar is, of als de brief niet aankwam.",
			"Do this when the copy is unreadable, or when the letter did not arrive.")}
		made.Button = on.say("Vraag opnieuw een kopie", "Ask for a copy again")
	}
	return []form{made}
}

// copyField asks whether a copy agrees with the file. Only copies that the
// visitor looked at are in it.
func (s *site) copyField(on scene) (asks field, ok bool) {
	asks = field{
		Kind: asTicks, Name: "kopie", Label: on.say("Kopie van het identiteitsbewijs", "Copy of the identity document"),
		Hint: on.say("Vergelijk de naam met uw klantdossier. Kijk of het bewijs nog geldig is. Het burgerservicenummer en de foto horen zwart te zijn. Na uw oordeel vernietigt Inzage de kopie meteen.",
			"Compare the name with your customer file. See whether the document is still valid. The citizen service number and the photo should be black. After your verdict Inzage destroys the copy at once."),
	}
	for _, one := range on.seenCopies() {
		asks.Options = append(asks.Options, option{
			Value: one.Ref.ID.String(),
			Label: on.say("De kopie klopt met het klantdossier. Binnengekomen op ", "The copy agrees with the customer file. It came in on ") +
				s.clock(one.Arrived, on.language) + ".",
		})
	}
	return asks, len(asks.Options) > 0
}

// copyShown reads which copy a verdict rests on; none is the zero id.
func copyShown(in url.Values) (id dsr.OwnerID, found mistakes) {
	typed := in["kopie"]
	if len(typed) == 0 {
		return id, nil
	}
	id, err := dsr.ParseOwnerID(typed[0])
	if err != nil || len(typed) > 1 {
		return id, wrong("kopie", "Kies één kopie die klopt.", "Choose one copy that agrees.")
	}
	return id, nil
}
