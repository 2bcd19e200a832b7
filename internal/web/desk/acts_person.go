package desk

import (
	"net/url"
	"strconv"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// contactFields is for how many addresses on file the form has room. The first two
// matter most: the letter goes to the oldest, its code to the next.
const contactFields = 3

// personActs are about what is asked, and who asks it.
func personActs() []act {
	return []act{
		{
			name: "rechten", forms: (*site).rightsForms, do: (*site).confirmRights,
			fields: map[dsr.NotNow]string{dsr.NotNowNoRights: "recht"},
		},
		{
			name: "klant", forms: (*site).matchForms, do: (*site).match,
			fields: map[dsr.NotNow]string{dsr.NotNowContact: "adres1", dsr.NotNowText: "klantnummer"},
		},
		{
			name: "niemand", forms: (*site).nobodyForms, do: (*site).matchNobody,
			fields: map[dsr.NotNow]string{dsr.NotNowText: "gezocht"},
		},
		{name: "vraag-opnieuw", forms: (*site).askAgainForms, do: coded(func(s *site, v visit, sheet casework.Sheet) error {
			return s.Handling.AskAgain(v.Context(), v.now, sheet)
		})},
	}
}

// rightsForms asks what the request asks.
func (s *site) rightsForms(on scene) []form {
	// Agreeing on what is asked stays possible until the answer is fixed: a mail
	// is easily read wrongly, and who asks must not pay for that.
	if !takes(on.c, func(c *dsr.Case) error { return c.ConfirmRights(c.Rights) }) {
		return nil
	}
	rights := field{
		Kind: asTicks, Name: "recht", Label: on.say("Wat vraagt deze persoon?", "What does this person ask?"),
		Hint: on.say("Nu staat hier: ", "Now it says: ") + strings.Join(rightNames(on.c.Rights, on.language), ", ") + ".",
	}
	// What Inzage recognised is said and not ticked: a person has to read the mail
	// for themselves.
	for _, right := range dsr.Rights() {
		rights.Options = append(rights.Options, option{Value: string(right), Label: right.Name(on.language)})
	}
	return []form{{
		Title: on.say("Stel vast wat er wordt gevraagd", "Settle what is asked"),
		Intro: []string{on.say("Lees de mail zelf. Kiest u iets anders dan eerst, dan begint het bewijs van wie dit is opnieuw.",
			"Read the mail yourself. If you choose something else than before, the proof of who this is begins again.")},
		Fields: []field{rights}, Button: on.say("Dit wordt gevraagd", "This is what is asked"),
	}}
}

// confirmRights records what is asked. Casework refuses a right that it does not
// know, as it refuses none at all.
func (s *site) confirmRights(v visit, sheet casework.Sheet, in url.Values) error {
	var rights []dsr.Right
	for _, one := range in["recht"] {
		rights = append(rights, dsr.Right(one))
	}
	return s.Handling.ConfirmRights(v.Context(), v.now, sheet, rights)
}

// matchForms asks who the organisation's own file says this is.
func (s *site) matchForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).MatchNobody) {
		return nil
	}
	fields := []field{
		{
			Kind: asText, Name: "klantnummer", Label: on.say("Klantnummer", "Customer number"),
			Hint: on.say("Of een ander kenmerk waaronder u deze klant vindt.", "Or another mark by which you find this customer."),
		},
		{Kind: asText, Name: "naam", Label: on.say("Naam in het klantdossier", "Name on file")},
	}
	// Each address has its day: how long it has been on file says whether it can be
	// an intruder's.
	for n := 1; n <= contactFields; n++ {
		which := " " + strconv.Itoa(n)
		if n > 1 {
			which += on.say(" (als het er is)", " (if there is one)")
		}
		fields = append(fields,
			field{Kind: asText, Name: "adres" + strconv.Itoa(n), Label: on.say("Mailadres in het dossier", "Mail address on file") + which},
			field{
				Kind: asDate, Name: "sinds" + strconv.Itoa(n), Label: on.say("In het dossier sinds", "On file since") + which,
				Hint: on.say("Bijvoorbeeld 2020-03-31 of 31-3-2020.", "For example 2020-03-31 or 31-3-2020."),
			})
	}
	return []form{{
		Title: on.say("Zoek op wie dit is", "Look up who this is"),
		Intro: []string{
			on.say("Neem alles over uit uw eigen klantdossier, niet uit de mail.", "Take it all from your own customer file, not from the mail."),
			on.say("Het antwoord gaat alleen naar deze adressen. Inzage vraagt aan het oudste adres of dit verzoek klopt.",
				"The answer goes to these addresses alone. Inzage asks the oldest address whether this request is theirs."),
		},
		Fields: fields, Button: on.say("Dit is de klant", "This is the customer"),
	}}
}

// match records who the file says this is. What is half filled in is said here,
// field by field; whether the addresses can be used, casework says.
func (s *site) match(v visit, sheet casework.Sheet, in url.Values) error {
	onFile := dsr.OnFile{Reference: in.Get("klantnummer"), Name: in.Get("naam")}
	var found mistakes
	if strings.TrimSpace(onFile.Reference) == "" {
		found = append(found, wrong("klantnummer", "Vul het klantnummer in.", "Fill in the customer number.")...)
	}
	for n := 1; n <= contactFields; n++ {
		which := strconv.Itoa(n)
		address, since := strings.TrimSpace(in.Get("adres"+which)), strings.TrimSpace(in.Get("sinds"+which))
		if address == "" && since == "" {
			continue
		}
		day, ok := parseDay(since)
		if !ok {
			found = append(found, wrong("sinds"+which, "Vul in sinds welke dag dit adres in het dossier staat.", "Fill in since which day this address is on file.")...)
		}
		if address == "" {
			found = append(found, wrong("adres"+which, "Vul het adres bij deze datum in.", "Fill in the address for this date.")...)
		}
		onFile.Contacts = append(onFile.Contacts, dsr.Contact{Address: address, Since: day})
	}
	if err := found.orNil(); err != nil {
		return err
	}
	return s.Handling.MatchDataSubject(v.Context(), v.now, sheet, onFile)
}

// nobodyForms asks where was looked, when this is nobody on file.
func (s *site) nobodyForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).MatchNobody) {
		return nil
	}
	return []form{{
		Title: on.say("Niemand gevonden", "Nobody found"),
		Intro: []string{on.say("Kies dit als deze persoon niet in uw klantdossier staat.", "Choose this when this person is not in your customer file.")},
		Fields: []field{{
			Kind: asArea, Name: "gezocht", Label: on.say("Waar zocht u op?", "What did you look for?"),
			Hint: on.say("Bijvoorbeeld: naam en adres, in het klantdossier en de facturen.", "For example: name and address, in the customer file and the invoices."),
		}},
		Button: on.say("Deze persoon staat er niet in", "This person is not in it"),
	}}
}

// matchNobody records that nobody on file is this person. What was looked for is
// kept, so that a second person can look again.
func (s *site) matchNobody(v visit, sheet casework.Sheet, in url.Values) error {
	return s.Handling.MatchNobody(v.Context(), v.now, sheet, in.Get("gezocht"))
}

// askAgainForms asks whether the contact on file must be asked once more. It costs
// a code: each letter ends the link of the one before, which the customer may be
// reading.
func (s *site) askAgainForms(on scene) []form {
	if !on.c.Waiting() {
		return nil
	}
	return []form{{
		Title: on.say("Vraag de klant opnieuw om bevestiging", "Ask the customer once more to confirm"),
		Intro: []string{on.say("Doe dit als de brief niet aankwam. De link in de eerste brief werkt dan niet meer.",
			"Do this when the letter did not arrive. The link in the first letter then ends.")},
		Fields: []field{codeField(on.say)}, Button: on.say("Vraag opnieuw", "Ask again"),
	}}
}
