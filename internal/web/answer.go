package web

import (
	"slices"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// AnswerView is an answer as the template "answer" shows it: to the data
// subject, and before that to those who decide about it. Texts of staff in it
// are inert; whom it goes to is not in it.
type AnswerView struct {
	Lang       dsr.Language
	Number     dsr.Number
	Controller organisation.Controller
	Authority  organisation.Authority
	Retention  organisation.Retention

	Unlinked    bool // nothing could be linked to the one who asks
	NothingHeld bool // access is granted, and each system holds nothing
	Rights      []AnsweredRight
	Files       []AnsweredFile
	Information *Information // nil unless access is granted, whole or in part
}

// AnsweredRight says what was decided about one right, why, and what was found
// or done for it.
type AnsweredRight struct {
	Right    dsr.Right
	Name     string
	Decision string
	Ground   string // empty when the right is granted whole
	Reason   string // in the words of staff
	Groups   []ResultGroup
}

// ResultGroup holds the systems with one result for one right.
type ResultGroup struct {
	Words   string // what they have in common
	Telling bool   // each has a text of its own; else their names say it all
	Systems []SystemResult
}

// SystemResult is one system with the text about it, if there is one.
type SystemResult struct {
	Name string
	Text string
}

// AnsweredFile is one file that belongs to an answer. Its hash is how whoever
// has the file can see that it is the one that was approved.
type AnsweredFile struct {
	Name   string
	System string
	Size   string
	SHA256 string
}

// Information is what the law wants told about the data beside the data
// themselves, from the organisation's data map. art. 15(1)(a)-(h) and 15(2) GDPR.
type Information struct {
	Held               bool // the confirmation that there are data at all
	Systems            []InformedSystem
	AutomatedDecisions string
	Transfers          string
}

// InformedSystem says about one system that holds data of this person what they
// are for, on which ground, who gets them, how long they stay and whence they
// came.
type InformedSystem struct {
	Name       string
	Purpose    string
	Holds      string
	Basis      string
	Recipients []string // empty for nobody
	Keeps      string
	Source     string // empty when all of it came from the person
}

// ExplainAnswer puts an answer into words. It depends on its arguments alone, so
// that what is approved is what is shown later.
func ExplainAnswer(profile organisation.Profile, answer dsr.Answer, language dsr.Language) AnswerView {
	if language != dsr.English {
		language = dsr.Dutch
	}
	view := AnswerView{
		Lang: language, Number: answer.Number, Controller: profile.Controller, Authority: profile.Authority,
		Retention: profile.Retention, Unlinked: answer.Outcome == dsr.Unlinked,
	}
	if view.Unlinked {
		return view
	}
	view.Files = enclosed(profile, answer.Files, language)
	for _, decision := range answer.Decisions {
		view.Rights = append(view.Rights, answered(profile, answer, decision, language))
		if decision.Right != dsr.Access || decision.Result == dsr.Refused {
			continue
		}
		// What was looked for is another matter for each right: only who asked for
		// access was looked up everywhere, so only they hear whether there is anything.
		held := slices.DeleteFunc(slices.Clone(answer.Found), func(f dsr.Finding) bool { return f.Right != dsr.Access })
		view.NothingHeld = len(held) > 0 && !slices.ContainsFunc(held, holds)
		view.Information = inform(profile.DataMap, held, language)
	}
	return view
}

// enclosed lists the files of an answer. Their names were given by staff, or by
// whatever made the file.
func enclosed(profile organisation.Profile, files []dsr.AnswerFile, language dsr.Language) []AnsweredFile {
	var list []AnsweredFile
	for _, file := range files {
		list = append(list, AnsweredFile{
			Name: Line(file.Name), System: systemName(profile, file.System, language),
			Size: Size(file.Size, language), SHA256: Line(file.SHA256),
		})
	}
	return list
}

// systemName names a system. One that has left the data map since is called by
// its id.
func systemName(profile organisation.Profile, id string, language dsr.Language) string {
	if system, known := profile.System(id); known {
		return system.Name.In(organisation.Language(language))
	}
	return Line(id)
}

// holds reports whether a system holds, or held, data of the person.
func holds(finding dsr.Finding) bool { return finding.Result != dsr.NothingFound }

// answered puts the answer about one right into words.
func answered(profile organisation.Profile, answer dsr.Answer, decision dsr.Decision, language dsr.Language) AnsweredRight {
	right := AnsweredRight{
		Right: decision.Right, Name: decision.Right.Name(language), Decision: decision.Result.Words(language),
	}
	if decision.Result != dsr.Granted {
		// art. 12(4) GDPR: the reasons for not taking action.
		right.Ground = decision.Ground.Words(decision.Right, language)
		right.Reason = Visible(answer.Reasons[decision.Right])
	}
	if decision.Result == dsr.Refused {
		return right
	}
	for _, result := range decision.Right.Results() {
		group := ResultGroup{Words: result.Words(decision.Right, language), Telling: result.Told(decision.Right)}
		for _, finding := range answer.Found {
			if finding.Right == decision.Right && finding.Result == result {
				group.Systems = append(group.Systems, told(profile, finding, group.Telling, language))
			}
		}
		if len(group.Systems) > 0 {
			right.Groups = append(right.Groups, group)
		}
	}
	return right
}

// told gives one system of a group.
func told(profile organisation.Profile, finding dsr.Finding, telling bool, language dsr.Language) SystemResult {
	result := SystemResult{Name: systemName(profile, finding.System, language)}
	if telling {
		result.Text = Visible(finding.Text)
	}
	return result
}

// inform gives the information about the systems that hold something of this
// person; what the organisation does with data of others is none of it.
func inform(dataMap organisation.DataMap, found []dsr.Finding, language dsr.Language) *Information {
	in := organisation.Language(language)
	information := &Information{
		Held:               slices.ContainsFunc(found, holds),
		AutomatedDecisions: dataMap.AutomatedDecisions.In(in), Transfers: dataMap.Transfers.In(in),
	}
	for _, system := range dataMap.Systems {
		if !slices.ContainsFunc(found, func(f dsr.Finding) bool { return f.System == system.ID && holds(f) }) {
			continue
		}
		information.Systems = append(information.Systems, InformedSystem{
			Name: system.Name.In(in), Purpose: system.Purpose.In(in), Holds: system.Holds.In(in), Basis: system.Basis.In(in),
			Recipients: system.Recipients, Keeps: system.Keeps.In(in), Source: system.Source.In(in),
		})
	}
	return information
}
