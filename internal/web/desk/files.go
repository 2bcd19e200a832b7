package desk

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// file is one file of a case, with its name opened; personal data.
type file = casework.NamedFile

// foundFile is one file that staff found, as pages list it.
type foundFile struct {
	Name   string
	Lines  []string
	SHA256 string
	Late   bool   // nothing of it will be in the answer
	Upload string // where it can be uploaded still
	Remove *form
}

// filesOf gives the files of a case, in the order in which they were heard of. Only
// what was found has a name, and opening names costs a key: most cases need none.
func (s *site) filesOf(v visit, c dsr.Case) ([]file, error) {
	all, err := s.Handling.Enclosures(v.Context(), c.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the files of case %s: %w", c.Number, err)
	}
	if slices.ContainsFunc(all, func(one dsr.Enclosure) bool { return one.Ref.Kind == dsr.FoundFile }) {
		return s.Handling.FilesOf(v.Context(), c.ID)
	}
	var files []file
	for _, one := range all {
		files = append(files, file{Enclosure: one})
	}
	return files, nil
}

// fileActs change which files an answer has.
func fileActs() []act {
	tooMany := map[dsr.NotNow]string{dsr.NotNowTooManyFiles: "naam", dsr.NotNowText: "naam"}
	return []act{
		{name: "bestand", forms: (*site).announceForms, goes: (*site).announce, fields: tooMany},
		{name: "weghalen", forms: (*site).removeForms, do: (*site).removeFile},
	}
}

// announceForms asks, for each system and each right that is answered with data,
// whether there is a file for the answer.
func (s *site) announceForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).ChangeFiles) {
		return nil
	}
	var forms []form
	for _, right := range on.c.Rights {
		if !slices.Contains(right.Results(), dsr.Found) {
			continue // what is erased or changed is not handed out
		}
		for _, system := range s.Rules.Profile.DataMap.Systems {
			forms = append(forms, announceForm(on, system, right))
		}
	}
	return forms
}

// announceForm asks the name of a file from one system.
func announceForm(on scene, system organisation.System, right dsr.Right) form {
	return form{
		Title: on.say("Voeg een bestand toe uit: ", "Add a file from: ") + system.Name.In(organisation.Language(on.language)) +
			on.say(", voor: ", ", for: ") + right.Name(on.language),
		Intro: []string{on.say("Kies een naam. Daarna kiest u het bestand zelf. De klant krijgt het bestand bij het antwoord.",
			"Choose a name. After that you choose the file itself. The customer gets the file with the answer.")},
		Hidden: []pair{{"systeem", system.ID}, {"recht", string(right)}},
		Fields: []field{{
			Kind: asText, Name: "naam", Label: on.say("Naam van het bestand", "Name of the file"),
			Hint: on.say("Bijvoorbeeld: facturen-2025.pdf. De klant leest deze naam.", "For example: invoices-2025.pdf. The customer reads this name."),
		}},
		Button: on.say("Ga verder", "Go on"),
	}
}

// filesLead leads from the form for a decision to where files are added: they
// belong to what a system holds, and are sealed with the decision.
func (on scene) filesLead(front form) (leads, bool) {
	right, decides := strings.CutPrefix(front.ID, "besluit-")
	offered := func(f form) bool { return strings.HasSuffix(f.ID, "-"+right) }
	if !decides || !slices.ContainsFunc(on.offered["bestand"], offered) {
		return leads{}, false
	}
	return leads{on.say("#systemen", "#systems"), on.say("Horen er bestanden bij het antwoord? Voeg een bestand toe bij het systeem.",
		"Do files belong to the answer? Add a file at the system.")}, true
}

// announce writes down that a file is to come, and leads to where it is uploaded.
func (s *site) announce(v visit, sheet casework.Sheet, in url.Values) (below string, err error) {
	ref, err := s.Handling.AnnounceFile(v.Context(), v.now, sheet, in.Get("systeem"), dsr.Right(in.Get("recht")), in.Get("naam"))
	if err != nil {
		return "", err
	}
	return "/uploaden?bestand=" + ref.ID.String(), nil
}

// removeForms asks, for each file that is not at an end, whether it must go.
func (s *site) removeForms(on scene) []form {
	if !takes(on.c, (*dsr.Case).ChangeFiles) {
		return nil
	}
	var forms []form
	for _, one := range on.ofKind(dsr.FoundFile) {
		if one.Ended() {
			continue
		}
		forms = append(forms, form{
			Title: on.say("Haal dit bestand weg", "Remove this file"), Hidden: []pair{{"bestand", one.Ref.ID.String()}},
			Button: on.say("Haal weg: ", "Remove: ") + web.Line(one.Name),
		})
	}
	return forms
}

// removeFile takes a file out of the answer.
func (s *site) removeFile(v visit, sheet casework.Sheet, in url.Values) error {
	id, err := dsr.ParseOwnerID(in.Get("bestand"))
	if err != nil {
		return casework.ErrNotFound
	}
	return s.Handling.RemoveFile(v.Context(), v.now, sheet, dsr.EnclosureRef{Case: sheet.Case, Kind: dsr.FoundFile, ID: id})
}

// filesFrom lists the files from one system for one right.
func (s *site) filesFrom(on scene, system string, right dsr.Right) []foundFile {
	var list []foundFile
	for _, one := range on.ofKind(dsr.FoundFile) {
		if one.System != system || one.Right != right {
			continue
		}
		shown := foundFile{Name: web.Line(one.Name), Late: one.State == dsr.TurnedDown || strayed(one), SHA256: one.SHA256}
		shown.Lines = []string{s.fileState(on, one)}
		if on.awaits(one) {
			shown.Upload = casePath + string(on.c.Number) + "/uploaden?bestand=" + one.Ref.ID.String() + on.also()
		}
		shown.Remove = on.beside("weghalen-" + one.Ref.ID.String())
		list = append(list, shown)
	}
	return list
}

// strayed reports whether a file is still here that is of somebody else: only then
// one has a reason before its end.
func strayed(one file) bool { return !one.Ended() && one.Reason != "" }

// fileState says how far a file has come.
func (s *site) fileState(on scene, one file) string {
	notInAnswer := on.say("Dit bestand zit niet in het antwoord. ", "This file is not in the answer. ")
	if strayed(one) {
		return notInAnswer + said(on, fileReason(one.Reason))
	}
	switch one.State {
	case dsr.Kept:
		return web.Size(one.Size, on.language) + on.say(", verzegeld op ", ", sealed on ") + s.clock(one.KeptAt, on.language) + "."
	case dsr.TurnedDown:
		return notInAnswer + said(on, fileReason(one.Reason))
	case dsr.Condemned, dsr.Destroyed:
		return on.say("Weggehaald. ", "Removed. ") + said(on, fileReason(one.Reason))
	case dsr.Arriving:
		return on.say("Inzage verzegelt dit bestand nu. Ververs deze pagina over een minuut.", "Inzage seals this file now. Refresh this page in a minute.")
	}
	return on.say("Wacht op het bestand zelf. Is het al verstuurd? Ververs deze pagina dan over een minuut.",
		"Waits for the file itself. Was it sent already? Then refresh this page in a minute.")
}

// packaged tells what became of the latest package of the answer.
func (s *site) packaged(on scene) []told {
	all := on.ofKind(dsr.PackageFile)
	if len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	one := told{Term: on.say("Pakket met bestanden", "Package with files"), Late: last.State == dsr.TurnedDown}
	switch last.State {
	case dsr.Kept:
		one.Lines = []string{web.Size(last.Size, on.language) + on.say(", op te halen tot ", ", to be collected until ") + s.clock(last.DueAt, on.language) + "."}
	case dsr.TurnedDown:
		one.Lines = []string{on.say("Er is geen pakket. ", "There is no package. ") + said(on, fileReason(last.Reason))}
	case dsr.Condemned, dsr.Destroyed:
		one.Lines = []string{on.say("Vernietigd. ", "Destroyed. ") + said(on, fileReason(last.Reason))}
	default:
		one.Lines = []string{on.say("Inzage maakt het pakket nu. Daarna gaat de brief weg.", "Inzage makes the package now. After that the letter leaves.")}
	}
	return []told{one}
}
