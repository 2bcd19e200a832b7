package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/web"
)

// act is one thing that a member of staff does to a case, with a form on the
// page of the case.
type act struct {
	name string // the last part of its address
	// fields names the field that each reason to refuse the act is about.
	fields map[dsr.NotNow]string
	// forms gives the forms for what the act can do to the case now: none when
	// it can do nothing.
	forms func(s *site, on scene) []form
	// do performs the act with what was typed, and then shows the case.
	do func(s *site, v visit, sheet casework.Sheet, in url.Values) error
	// goes does so too, of an act after which another page comes: it gives that
	// page's place below the case.
	goes func(s *site, v visit, sheet casework.Sheet, in url.Values) (below string, err error)
}

// scene is a case as one visitor sees it; their forms follow from it.
type scene struct {
	visit
	say     voice
	c       dsr.Case
	d       casework.Dossier
	files   []file            // of the case, in the order in which they were heard of
	offered map[string][]form // what the case offers them now, by act
	front   string            // the id of the form in front; it stands nowhere else
}

// sceneOf gives the scene of an opened case.
func (s *site) sceneOf(v visit, opened casework.Dossier) (scene, error) {
	on := scene{visit: v, say: voiceOf(v.language), c: opened.Case, d: opened}
	var err error
	if on.files, err = s.filesOf(v, opened.Case); err != nil {
		return scene{}, err
	}
	on.offered = s.forms(on)
	return on, nil
}

// offers reports whether the case offers a form.
func (on scene) offers(id string) bool {
	_, found := on.form(id)
	return found
}

// form gives an offered form by its id.
func (on scene) form(id string) (found form, ok bool) {
	act, _, _ := strings.Cut(id, "-")
	for _, name := range []string{act, id} { // some acts have a dash in their names
		for _, one := range on.offered[name] {
			if one.ID == id {
				return one, true
			}
		}
	}
	return form{}, false
}

// beside gives an offered form that stands beside what it is about; nil when it is
// not offered, or stands in front.
func (on scene) beside(id string) *form {
	found, ok := on.form(id)
	if !ok || id == on.front {
		return nil
	}
	return &found
}

// acts lists what staff can do from the page of a case, in the order in which
// the page offers it.
func acts() []act {
	return slices.Concat(personActs(), identityActs(), copyActs(), answerActs(), fileActs(), lateActs())
}

// address takes the path of a case apart.
func address(path string) (number, act string) {
	number, act, _ = strings.Cut(strings.TrimPrefix(path, casePath), "/")
	return number, act
}

// caseOf finds the case whose page, or whose act, was asked for.
func (s *site) caseOf(v visit) (dsr.Case, error) {
	typed, _ := address(v.URL.Path)
	number, ok := dsr.ParseNumber(typed)
	if !ok {
		return dsr.Case{}, casework.ErrNotFound
	}
	return s.Reading.Find(v.Context(), number)
}

// about lets a page of a case be shown to staff alone. HEAD looks whether the
// case is there and opens nothing. Of a purged case one page is left, whatever
// was asked.
func (s *site) about(show func(visit, dsr.Case) (web.Answer, error)) func(visit) (web.Answer, error) {
	return s.signedIn(func(v visit) (web.Answer, error) {
		c, err := s.caseOf(v)
		switch {
		case err != nil:
			return web.Answer{}, err
		case v.Method == http.MethodHead:
			return web.Answer{Status: http.StatusOK}, nil
		case c.State == dsr.Purged:
			return s.purged(v, c)
		}
		return show(v, c)
	})
}

// perform answers the form of an act: it does it and leads back to the case, or
// shows the case with what was wrong.
func (s *site) perform(a act) func(visit, dsr.Case) (web.Answer, error) {
	return func(v visit, c dsr.Case) (web.Answer, error) {
		// The form says how the case stood when it was made, so the case is not
		// read here: casework compares the two in one transaction.
		in, err := typedIn(v.Request)
		next := v.keep
		switch {
		case err != nil:
		case a.goes != nil:
			next, err = a.goes(s, v, sheetOf(v, c, in), in)
			next += v.also()
		default:
			err = a.do(s, v, sheetOf(v, c, in), in)
		}
		if err == nil {
			s.Log.InfoContext(v.Context(), "act done", "case", c.Number, "act", a.name)
			return redirect(casePath + string(c.Number) + next), nil
		}
		return s.actRefused(v, c, a, in, err)
	}
}

// actRefused gives the page of a case with what was wrong with the form of an
// act.
func (s *site) actRefused(v visit, c dsr.Case, a act, in url.Values, err error) (web.Answer, error) {
	found, status, ok := understood(err, a.fields)
	if !ok {
		return web.Answer{}, ended(err)
	}
	s.Log.InfoContext(v.Context(), "act refused", "case", c.Number, "act", a.name, "status", status)
	return s.showCase(v, c, asked{form: formName(a.name, in), in: in, found: found, status: status})
}

// sheetOf gives the page from which somebody acts, as their form says.
func sheetOf(v visit, c dsr.Case, in url.Values) casework.Sheet {
	return casework.Sheet{Session: v.session, Case: c.ID, Rev: revOf(in), Code: digits(in)}
}

// formName gives the id of the form that an act's fields belong to.
func formName(act string, in url.Values) string {
	words := []string{act}
	for _, name := range []string{"systeem", "recht", "kopie", "bestand"} {
		if value := in.Get(name); value != "" && act != "rechten" {
			words = append(words, value)
		}
	}
	return strings.Join(words, "-")
}

// offer shows a case with the form of one act in front.
func (s *site) offer(a act) func(visit, dsr.Case) (web.Answer, error) {
	return func(v visit, c dsr.Case) (web.Answer, error) {
		return s.showCase(v, c, asked{form: formName(a.name, v.URL.Query()), status: http.StatusOK})
	}
}

// may reports whether a visitor works on cases at all. Whether they may work on
// this one, casework says when they do.
func (s *site) may(v visit) bool {
	member, ok := s.Rules.Profile.StaffByActor(v.session.Actor)
	return ok && member.Active && (member.Has(organisation.RoleHandler) || member.Has(organisation.RoleOwner))
}

// forms gives every form that a case offers to a visitor now, by act.
func (s *site) forms(on scene) map[string][]form {
	offered := map[string][]form{}
	// Who only approves reads the case; a form would promise what casework refuses.
	if !s.may(on.visit) {
		return offered
	}
	for _, a := range s.acts {
		for _, one := range a.forms(s, on) {
			offered[a.name] = append(offered[a.name], placed(one, on.visit, on.c.Number, on.c.Rev, a.name))
		}
	}
	return offered
}

// takes reports whether a case would take a change now. The state machine of the
// case itself says so, on a copy.
func takes(c dsr.Case, change func(*dsr.Case) error) bool { return change(&c) == nil }

// needsContact reports whether the rights of a case need the contact on file to
// say yes.
func (s *site) needsContact(c dsr.Case) bool {
	needed, err := s.Rules.Identity.Needed(c.Rights)
	return err != nil || len(needed) > 0
}

// About how long months and years are, for the age of a contact in words.
const monthDays, yearDays = 30, 365

// since says how long ago a day was, in round words.
func (s *site) since(day dsr.Day, now time.Time, say voice) string {
	then, ok := dateOf(day)
	if !ok {
		return ""
	}
	switch age := s.Rules.Calendar.Day(now).DaysSince(then); {
	case age < 2*monthDays:
		one := days(max(age, 0))
		return say(one.NL, one.EN)
	case age < 2*yearDays:
		return say(count(age/monthDays)+" maanden", count(age/monthDays)+" months")
	default:
		return say(count(age/yearDays)+" jaar", count(age/yearDays)+" years")
	}
}
