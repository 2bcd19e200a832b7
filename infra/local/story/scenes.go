package story

import (
	"context"
	"errors"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// The sample's person as the customer file of the demonstration knows her, with
// two addresses: the answer goes to the one longest on file, its code to the
// other.
const (
	sampleReference = "K-20417"
	sampleName      = "Sanne Bakker"
	sampleAddress   = "sanne.bakker@example.com"
	sampleSince     = "2021-04-12"
	sampleSecond    = "sanne@bakkerij.example"
	secondSince     = "2023-09-01"
)

// act is one form of the desk, filled in by a member of staff.
func (p *people) act(c dsr.Case, member organisation.Staff, act string, said []string, pairs ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Act(ctx, c.Number, member.ID, act, said, pairs...)
		return err
	}
}

// confirmRights agrees with what Inzage understood.
func (p *people) confirmRights(c dsr.Case, member organisation.Staff) func(context.Context) error {
	var pairs []string
	for _, right := range c.Rights {
		pairs = append(pairs, "recht", string(right))
	}
	return p.act(c, member, "rechten", nil, pairs...)
}

// match records who the customer file says this is.
func (p *people) match(c dsr.Case, member organisation.Staff) func(context.Context) error {
	return p.act(c, member, "klant", nil,
		"klantnummer", sampleReference, "naam", sampleName,
		"adres1", sampleAddress, "sinds1", sampleSince, "adres2", sampleSecond, "sinds2", secondSince)
}

// confirmMailbox is the customer's yes, behind the link of her letter.
func (p *people) confirmMailbox(c dsr.Case) func(context.Context) error {
	return func(context.Context) error {
		_, err := p.Reply(sampleAddress, c.Number, dsr.ConfirmMailbox, "keuze", "ja", "nummer", string(c.Number))
		return err
	}
}

// lookInto records what one system holds about her.
func (p *people) lookInto(c dsr.Case, member organisation.Staff, system string, right dsr.Right) func(context.Context) error {
	said := []string{"systeem", system, "recht", string(right)}
	if text := sampleData(system); text != "" {
		return p.act(c, member, "zoeken", said, "uitkomst", string(dsr.Found), "tekst", text)
	}
	return p.act(c, member, "zoeken", said, "uitkomst", string(dsr.NothingFound))
}

// sampleData is what a system of the shipped file holds about the sample's
// person; empty for nothing.
func sampleData(system string) string {
	return map[string]string{
		"klanten":   "Klantnummer: " + sampleReference + "\nNaam: " + sampleName + "\nAdres: Dorpsstraat 5, 1234 AB Ons Dorp\nKlant sinds: 12 april 2021",
		"facturen":  "2025-0311: EUR 84,70, betaald\n2026-0098: EUR 84,70, betaald",
		"hosting":   "Pakket: Klein\nDomein: bakkerij.example",
		"verzoeken": "Uw verzoek om inzage, en de brieven die wij u daarover stuurden.",
	}[system]
}

// decide grants a right.
func (p *people) decide(c dsr.Case, member organisation.Staff, right dsr.Right) func(context.Context) error {
	return p.act(c, member, "besluit", []string{"recht", string(right)}, "uitkomst", string(dsr.Granted))
}

// submit reads the preview and lays it before a second person.
func (p *people) submit(c dsr.Case, member organisation.Staff) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Submit(ctx, c.Number, member.ID, dsr.Answered)
		return err
	}
}

// approve is the second person's yes.
func (p *people) approve(c dsr.Case, member organisation.Staff) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := p.Decide(ctx, c.Number, member.ID, "beslissing", "akkoord")
		return err
	}
}

// errWrongAnswer is returned when what the customer gets is not what was found.
var errWrongAnswer = errors.New("the answer does not show what was found")

// collect asks a code, reads it in the other mailbox, reads the answer and gets
// its files. When these are not ready yet, this is done again a while later.
func (p *people) collect(c dsr.Case) func(context.Context) error {
	return func(ctx context.Context) error {
		page, err := p.Collect(ctx, sampleAddress, sampleSecond, c.Number)
		if err != nil {
			return err
		}
		if !strings.Contains(page.Text, sampleReference) {
			return errWrongAnswer
		}
		_, err = p.download(page)
		return err
	}
}
