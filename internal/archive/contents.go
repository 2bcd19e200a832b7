package archive

import (
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// contents is the answer as gegevens.json and the page give it. Whom it goes to
// is not in it: whoever opens the archive may be somebody else by then.
type contents struct {
	Number    dsr.Number   `json:"number"`
	Language  dsr.Language `json:"language"`
	Made      time.Time    `json:"made"`
	From      sender       `json:"from"`
	Rights    []rightPart  `json:"rights"`
	About     *aboutPart   `json:"about,omitempty"` // nil unless access is granted, whole or in part
	Authority authority    `json:"authority"`
}

// authority is where to complain about the answer. art. 15(1)(f) GDPR.
type authority struct {
	Name      string `json:"name"`
	Complaint string `json:"complaint"`
}

// sender is who answers.
type sender struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// rightPart is the answer about one right.
type rightPart struct {
	Right  dsr.Right    `json:"right"`
	Name   string       `json:"name"`
	Result dsr.Result   `json:"result"`
	Ground string       `json:"ground,omitempty"` // in words, with its article
	Reason string       `json:"reason,omitempty"`
	Found  []systemPart `json:"found"`
	Files  []filePart   `json:"files"`
}

// systemPart is what one system holds, or what was done there.
type systemPart struct {
	System string         `json:"system"`
	Name   string         `json:"name"`
	Result dsr.TaskResult `json:"result"`
	Text   string         `json:"text,omitempty"`
}

// filePart is one file of the archive.
type filePart struct {
	System string `json:"system"`
	In     string `json:"system_name"`
	Name   string `json:"name"` // as staff named it
	Path   string `json:"path"` // where it is in the archive
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// contents takes an answer apart by right, and gives each of its files a place.
func (a Archive) contents(answer dsr.Answer, made time.Time) (inside contents, places []string) {
	inside = contents{
		Number: answer.Number, Language: answer.Language, Made: made.UTC().Truncate(time.Second),
		From:  sender{a.Profile.Controller.PublicName(), a.Profile.Controller.Email},
		About: a.aboutPart(answer), Authority: authority{a.Profile.Authority.Name, a.Profile.Authority.ComplaintURL},
	}
	for i, file := range answer.Files {
		places = append(places, fmt.Sprintf("%s/%s/%s", folderName, folder(file.System), numbered(i+1, file.Name)))
	}
	for _, decision := range answer.Decisions {
		inside.Rights = append(inside.Rights, a.rightPart(answer, decision, places))
	}
	return inside, places
}

// rightPart gives the answer about one right.
func (a Archive) rightPart(answer dsr.Answer, decision dsr.Decision, places []string) rightPart {
	part := rightPart{
		Right: decision.Right, Name: decision.Right.Name(answer.Language), Result: decision.Result,
		Found: []systemPart{}, Files: []filePart{},
	}
	if decision.Result != dsr.Granted {
		// art. 12(4) GDPR: the reasons for not taking action.
		part.Ground, part.Reason = decision.Ground.Words(decision.Right, answer.Language), answer.Reasons[decision.Right]
	}
	if decision.Result == dsr.Refused {
		return part // what was found for it is not for them
	}
	for _, finding := range answer.Found {
		if finding.Right != decision.Right {
			continue
		}
		found := systemPart{System: finding.System, Name: a.system(finding.System, answer.Language), Result: finding.Result}
		if finding.Result.Told(decision.Right) {
			found.Text = finding.Text
		}
		part.Found = append(part.Found, found)
	}
	for i, file := range answer.Files {
		if file.Right == decision.Right {
			part.Files = append(part.Files, filePart{file.System, a.system(file.System, answer.Language), file.Name, places[i], file.Size, file.SHA256})
		}
	}
	return part
}

// system gives the name of a system. One that has left the data map since is
// called by its id.
func (a Archive) system(id string, language dsr.Language) string {
	system, known := a.Profile.System(id)
	if !known {
		return id
	}
	return system.Name.In(organisation.Language(language))
}
