package desk

import (
	"encoding/hex"
	"net/http"
	"net/url"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// previewPage is an answer exactly as it would leave now.
type previewPage struct {
	frame
	Number dsr.Number
	Case   string // the way back
	Errors []problem
	Draft  draftView
	Waits  bool // it lies before a second person already
	Form   *form
}

// draftView is the letter and the answer behind its link, for those who decide
// about them.
type draftView struct {
	Unlinked   bool
	Silent     bool // no letter leaves: nobody vouches for the address it would go to
	To, CodeTo string
	Language   dsr.Language // of the letter
	About      string       // its title
	Letter     string
	Answer     web.AnswerView
}

// draftOf makes the view of a draft.
func (s *site) draftOf(draft casework.Draft) draftView {
	answer := draft.Answer
	return draftView{
		Unlinked: answer.Outcome == dsr.Unlinked, Silent: draft.Letter == "", To: web.Line(answer.To), CodeTo: web.Line(answer.CodeTo),
		Language: answer.Language, About: web.Line(draft.Heading), Letter: web.Visible(draft.Letter),
		Answer: web.ExplainAnswer(s.Rules.Profile, answer, answer.Language),
	}
}

// preview shows the answer that a case would have.
func (s *site) preview(v visit, c dsr.Case) (web.Answer, error) {
	return s.showDraft(v, c, dsr.Outcome(v.URL.Query().Get("uitkomst")), asked{status: http.StatusOK})
}

// showDraft shows the answer with the form that submits it. What is not ready
// leads back to the case, which says what is missing.
func (s *site) showDraft(v visit, c dsr.Case, outcome dsr.Outcome, a asked) (web.Answer, error) {
	// Who looks at an answer looks at the case: that is written down before.
	on, err := s.enter(v, c)
	if err != nil {
		return web.Answer{}, err
	}
	draft, err := s.Handling.Draft(v.Context(), v.now, c.ID, outcome)
	if err != nil {
		found, _, ok := understood(err, nil)
		if !ok {
			return web.Answer{}, err
		}
		return s.showCase(v, c, asked{found: append(a.found, found...), status: http.StatusConflict})
	}
	page := previewPage{
		frame: s.frame(v), Number: c.Number, Case: casePath + string(c.Number) + v.keep,
		Draft: s.draftOf(draft), Waits: on.c.State == dsr.InReview,
	}
	if a.status == http.StatusOK {
		page.Other = other(v, "uitkomst", string(outcome))
	}
	if !page.Waits && s.may(v) {
		made := placed(submitForm(on.say, draft, outcome), v, c.Number, on.c.Rev, "indienen")
		page.Errors = problems(a.found, made, v.language)
		// A tick is kept for the text it was set for, and for no other: when the
		// answer changed, it has to be looked through again.
		if a.status == http.StatusUnprocessableEntity {
			made, _ = made.filled(a.in, a.found, v.language)
		}
		page.Form = &made
	} else {
		page.Errors = problems(a.found, form{ID: "main"}, v.language)
	}
	return s.pages.Render(a.status, "preview."+string(v.language)+".html", page)
}

// submitForm asks to lay a draft before a second person. It names the very draft
// that its page shows.
func submitForm(say voice, draft casework.Draft, outcome dsr.Outcome) form {
	made := form{
		Title:  say("Dien in voor akkoord", "Submit for approval"),
		Hidden: []pair{{"uitkomst", string(outcome)}, {"hash", hex.EncodeToString(draft.Hash[:])}},
		Button: say("Dien dit antwoord in", "Submit this answer"),
		Intro: []string{say("Een tweede medewerker krijgt dit te zien. Bent u de enige? Dan krijgt u zelf na 24 uur de vraag om akkoord. Zonder akkoord gaat er niets weg.",
			"A second member of staff gets to see this. Are you the only one? Then you are asked to approve yourself after 24 hours. Without approval nothing leaves.")},
	}
	// art. 15(4) GDPR: an answer must not harm the rights of others.
	if len(draft.Answer.Found) > 0 {
		made.Fields = append(made.Fields, field{
			Kind: asTicks, Name: "anderen", Label: say("Gegevens van anderen", "Data of others"),
			Options: []option{{Value: "ja", Label: say("Ik keek alles na: er staan geen gegevens van anderen in die er niet in horen.",
				"I checked it all: it holds no data of others that do not belong in it.")}},
		})
	}
	made.Fields = append(made.Fields, codeField(say))
	return made
}

// submit lays the draft that somebody saw before a second person. There is no
// other way to submit one: the hash of what is on the page comes with its form.
func (s *site) submit(v visit, c dsr.Case) (web.Answer, error) {
	in, err := typedIn(v.Request)
	if err == nil {
		err = codeMissing(in).orNil()
	}
	if err == nil {
		err = s.Handling.Submit(v.Context(), v.now, sheetOf(v, c, in), casework.Proposal{
			Outcome: dsr.Outcome(in.Get("uitkomst")), Seen: seenIn(in), ThirdParties: in.Get("anderen") != "",
		})
	}
	if err == nil {
		s.Log.InfoContext(v.Context(), "act done", "case", c.Number, "act", "indienen")
		return redirect(casePath + string(c.Number) + v.keep), nil
	}
	found, status, ok := understood(err, map[dsr.NotNow]string{dsr.NotNowThirdParties: "anderen"})
	if !ok {
		return web.Answer{}, ended(err)
	}
	s.Log.InfoContext(v.Context(), "act refused", "case", c.Number, "act", "indienen", "status", status)
	return s.showDraft(v, c, dsr.Outcome(in.Get("uitkomst")), asked{in: in, found: found, status: status})
}

// seenIn gives the hash of the draft on the page that a form was on. What is no
// hash is the hash of no draft.
func seenIn(in url.Values) (seen [32]byte) {
	if sum, err := hex.DecodeString(in.Get("hash")); err == nil && len(sum) == len(seen) {
		copy(seen[:], sum)
	}
	return seen
}

// moments gives the timeline of some events alone.
func (s *site) moments(on scene, is func(dsr.Event) bool) []moment {
	var some []dsr.Event
	for _, event := range on.d.History {
		if is(event) {
			some = append(some, event)
		}
	}
	return s.timeline(on, some[max(0, len(some)-maxTimeline):])
}

// roundOf gives where the present round of a review began and where an earlier
// one did: the number of the event that submitted each draft; 0 for none.
func roundOf(history []dsr.Event) (earlier, present int) {
	for _, event := range history {
		if event.Kind == dsr.DraftSubmitted {
			earlier, present = present, event.Seq
		}
	}
	return earlier, present
}
