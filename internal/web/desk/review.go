package desk

import (
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// The three things a second person can do with a draft.
const approveIt, sendItBack, refuseIt = "akkoord", "terug", "weiger"

// reviewPage is what the second person decides on: the very letter and answer,
// and everything they rest on.
type reviewPage struct {
	frame
	Number  dsr.Number
	Case    string // the way to all that was said
	Errors  []problem
	Again   bool // there was a round before this one
	Changes []moment
	Rights  []string
	OnFile  []told
	Decided []told
	Looked  []told
	Erases  bool
	Draft   draftView
	Form    form
}

// overPage says why nothing can be decided with a link any more. It names nobody
// and no case.
type overPage struct {
	frame
	Why  string
	Kept []kept // what was typed, so that it is not lost
}

// Why a link decides nothing.
const (
	overDecided = "decided" // somebody decided with it
	overChanged = "changed" // the case is another one now
	overYours   = "yours"   // the session began with another link
	overOwn     = "own"     // it is their own request
	overFetched = "fetched" // they had the mail that it leads to
	overGone    = "gone"    // that mail is not kept any more
)

// approves reports whether a session began with a link to decide on a draft.
func approves(session dsr.Session) bool {
	return session.Purpose == dsr.ApproveRelease || session.Purpose == dsr.ApproveErasure || session.Purpose == dsr.Refuse
}

// over gives the page for a link that decides nothing; ok is false for every
// other error.
func (s *site) over(v visit, err error, in url.Values) (given web.Answer, ok bool, failed error) {
	page, status := overPage{frame: s.frame(v)}, http.StatusConflict
	switch {
	case errors.Is(err, casework.ErrDecided):
		page.Why = overDecided
	case errors.Is(err, casework.ErrStale):
		page.Why = overChanged
	case errors.Is(err, casework.ErrNotYours):
		page.Why, status = overYours, http.StatusForbidden
	case errors.Is(err, casework.ErrOwnRequest):
		page.Why, status = overOwn, http.StatusForbidden
	default:
		return web.Answer{}, false, nil
	}
	// Of a decision that came too late only the words are worth keeping.
	in = url.Values{"opmerking": in["opmerking"]}
	page.Kept, _ = keptOf(in)
	given, failed = s.pages.Render(status, "over.html", page)
	return given, true, failed
}

// review shows the second person what lies before them.
func (s *site) review(v visit, c dsr.Case) (web.Answer, error) {
	return s.showReview(v, c, asked{status: http.StatusOK})
}

// showReview shows the draft of a case to whoever came to decide on it.
func (s *site) showReview(v visit, c dsr.Case, a asked) (web.Answer, error) {
	reviewed, draft, err := s.drafted(v, c)
	if err != nil {
		if given, ok, failed := s.over(v, err, a.in); ok {
			return given, failed
		}
		return web.Answer{}, ended(err)
	}
	on, err := s.enter(v, c)
	if err != nil {
		return web.Answer{}, err
	}
	// The draft is of the case as it was read first; what is said around it must
	// be of the same.
	if on.c.Rev != reviewed.Rev {
		given, _, failed := s.over(v, casework.ErrStale, a.in)
		return given, failed
	}
	page := s.reviewPage(on, draft)
	if a.status == http.StatusOK {
		page.Other = other(v)
	} else {
		page.Errors = problems(a.found, page.Form, v.language)
		page.Form, _ = page.Form.filled(a.in, a.found, v.language)
	}
	return s.pages.Render(a.status, "review."+string(v.language)+".html", page)
}

// drafted gives the draft that a session may decide on, if it is this case's.
func (s *site) drafted(v visit, c dsr.Case) (dsr.Case, casework.Draft, error) {
	if !approves(v.session) || v.session.Owner != c.ID {
		return dsr.Case{}, casework.Draft{}, casework.ErrNotYours
	}
	return s.Reviewing.Review(v.Context(), v.now, v.session)
}

// reviewPage makes the page of a review.
func (s *site) reviewPage(on scene, draft casework.Draft) reviewPage {
	c := on.c
	earlier, present := roundOf(on.d.History)
	began := present
	if earlier > 0 {
		began = earlier
	}
	page := reviewPage{
		frame: s.frame(on.visit), Number: c.Number, Case: casePath + string(c.Number) + on.keep,
		Again: earlier > 0, Rights: rightNames(c.Rights, on.language), Erases: c.Erases(),
		OnFile: s.onFile(on), Decided: s.decided(on), Draft: s.draftOf(draft),
		Changes: s.moments(on, func(e dsr.Event) bool { return e.Seq > began && e.Seq != present && changes(e.Kind) }),
	}
	// The links lead to forms of a handler. A reviewer who is one as well finds
	// them on the page of the case.
	for i := range page.Decided {
		page.Decided[i].Link = "" // whoever reviews changes nothing on the way
	}
	// What the systems hold stands in the draft: here it would double the page.
	page.Looked, _ = s.looked(on, 0)
	for i := range page.Looked {
		one := &page.Looked[i]
		one.Link, one.More, one.Cut = "", "", false
		for n := range one.Files {
			one.Files[n].Upload, one.Files[n].Remove = "", nil
		}
	}
	page.Form = placed(reviewForm(on.say, draft), on.visit, c.Number, c.Rev, "akkoord")
	return page
}

// changes reports whether an event of a kind can matter to a decision. Who looked
// at a case, and that its letters left, does not.
func changes(kind dsr.EventKind) bool {
	return kind != dsr.Viewed && kind != dsr.LetterSent && kind != dsr.LetterDelivered
}

// reviewForm asks the second person what to do with the very draft they see. None
// of the three is chosen beforehand: a form that is sent as it is decides nothing.
func reviewForm(say voice, draft casework.Draft) form {
	return form{
		Title:  say("Uw beslissing", "Your decision"),
		Hidden: []pair{{"hash", hex.EncodeToString(draft.Hash[:])}},
		Fields: []field{
			{Kind: asChoice, Name: "beslissing", Label: say("Wat wilt u doen?", "What do you want to do?"), Options: []option{
				{Value: approveIt, Label: say("Akkoord: dit antwoord mag weg", "Approve: this answer may leave")},
				{Value: sendItBack, Label: say("Terug: er moet iets anders", "Send back: something must change")},
				{Value: refuseIt, Label: say("Geen akkoord: ik twijfel wie dit vraagt", "Do not approve: I doubt who asks this")},
			}},
			{
				Kind: asArea, Name: "opmerking", Label: say("Uitleg voor uw collega", "Explanation for your colleague"),
				Hint: say("Nodig als u niet akkoord gaat. De klant leest dit niet.", "Needed when you do not approve. The customer does not read this."),
			},
			codeField(say),
		},
		Button: say("Beslis", "Decide"),
	}
}

// judgeDraft does what the second person chose.
func (s *site) judgeDraft(v visit, c dsr.Case) (web.Answer, error) {
	in, err := typedIn(v.Request)
	if err == nil {
		err = s.chosen(v, c, in)
	}
	if err == nil {
		s.Log.InfoContext(v.Context(), "act done", "case", c.Number, "act", "akkoord")
		return redirect(casePath + string(c.Number) + v.keep), nil
	}
	if errors.Is(err, casework.ErrStale) {
		// Their own decision changed the case as well: then that is the reason.
		if _, _, now := s.drafted(v, c); errors.Is(now, casework.ErrDecided) {
			err = now
		}
	}
	if given, ok, failed := s.over(v, err, in); ok {
		return given, failed
	}
	found, status, ok := understood(err, map[dsr.NotNow]string{dsr.NotNowCommentNeeded: "opmerking"})
	if !ok {
		return web.Answer{}, ended(err)
	}
	s.Log.InfoContext(v.Context(), "act refused", "case", c.Number, "act", "akkoord", "status", status)
	return s.showReview(v, c, asked{in: in, found: found, status: status})
}

// chosen performs the one of the three acts that a form asks for. Casework checks
// the link of the session, the draft and the code once more, in the transaction
// that spends the link.
func (s *site) chosen(v visit, c dsr.Case, in url.Values) error {
	if !approves(v.session) || v.session.Owner != c.ID {
		return casework.ErrNotYours
	}
	act, known := map[string]func(sheet casework.Sheet, seen [32]byte) error{
		approveIt: func(sheet casework.Sheet, seen [32]byte) error {
			return s.Reviewing.Approve(v.Context(), v.now, sheet, seen)
		},
		sendItBack: func(sheet casework.Sheet, seen [32]byte) error {
			return s.Reviewing.SendBack(v.Context(), v.now, sheet, seen, in.Get("opmerking"))
		},
		refuseIt: func(sheet casework.Sheet, seen [32]byte) error {
			return s.Reviewing.RefuseRelease(v.Context(), v.now, sheet, seen, in.Get("opmerking"))
		},
	}[in.Get("beslissing")]
	var found mistakes
	if !known {
		found = wrong("beslissing", "Kies wat u wilt doen.", "Choose what you want to do.")
	}
	if err := append(found, codeMissing(in)...).orNil(); err != nil {
		return err
	}
	return act(sheetOf(v, c, in), seenIn(in))
}
