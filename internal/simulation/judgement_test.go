package simulation

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// fewer is a handler's reading of what is asked: seldom all that a machine found, but
// more often when a person has read it before.
func (s *staffer) fewer(on casework.Dossier) []dsr.Right {
	rights, all := on.Case.Rights, 0.2
	if last(on, dsr.RightsConfirmed).Kind != "" {
		all = 0.7
	}
	if s.w.slip(0.1) {
		return dsr.Rights()[s.w.rng.IntN(5):][:2]
	}
	if s.w.chance(all) {
		return rights
	}
	if both := []dsr.Right{dsr.Access, dsr.Portability}; slices.Contains(rights, both[0]) && slices.Contains(rights, both[1]) && s.w.chance(0.5) {
		return both
	}
	return rights[:min(2, len(rights))]
}

// undecided gives the first right that is left to decide: one without a decision,
// or one granted whole of which something is kept.
func undecided(on casework.Dossier) (first dsr.Right, left bool) {
	for _, right := range on.Case.Rights {
		decision, decided := on.Case.Decision(right)
		if !decided || decision.Result == dsr.Granted && kept(on, right) {
			return right, true
		}
	}
	return "", false
}

// kept reports whether a system must keep what a right asks to erase.
func kept(on casework.Dossier, right dsr.Right) bool {
	return slices.ContainsFunc(on.Found, func(f dsr.Finding) bool { return f.Right == right && f.Result == dsr.ToKeep })
}

// unproven reports whether what was shown is not enough to grant a right.
func (w *world) unproven(c dsr.Case, right dsr.Right) bool {
	more := slices.Contains(c.Work.Means, dsr.ByFacts) || slices.Contains(c.Work.Means, dsr.ByIDCopy)
	return w.asksFor(right) && (!c.Work.Confirmed || w.wantsMore(c, right) && !more)
}

// grantsUnproven reports whether a right was granted on what was doubted since, or
// shown anew with less.
func (w *world) grantsUnproven(c dsr.Case) bool {
	return slices.ContainsFunc(c.Rights, func(right dsr.Right) bool { return c.Grants(right) && w.unproven(c, right) })
}

// decision draws one for the first right that needs one, or for any.
func (s *staffer) decision(on casework.Dossier) dsr.Decision {
	c := on.Case
	right, left := undecided(on)
	if !left {
		right = c.Rights[s.w.rng.IntN(len(c.Rights))]
	}
	grounds := right.Grounds()
	switch {
	case len(grounds) == 0:
	case s.w.unproven(c, right) && !s.w.slip(0.6):
		return dsr.Decision{Right: right, Result: dsr.Refused, Ground: dsr.GroundUnidentified}
	case kept(on, right):
		return dsr.Decision{Right: right, Result: dsr.Partly, Ground: dsr.GroundLegalDuty}
	case s.w.chance(0.25), right == dsr.Portability && c.Grants(dsr.Access) && s.w.chance(0.4):
		result := []dsr.Result{dsr.Partly, dsr.Refused, dsr.Refused}[s.w.rng.IntN(3)]
		return dsr.Decision{Right: right, Result: result, Ground: grounds[s.w.rng.IntN(len(grounds))]}
	}
	return dsr.Decision{Right: right, Result: dsr.Granted}
}

// missing gives a system that was not looked into for a right that is granted, or
// that is said to hold nothing although there is a file from it.
func (s *staffer) missing(on casework.Dossier) (looked casework.Looked, missing bool) {
	for _, right := range on.Case.Rights {
		for _, system := range s.w.rules.Profile.DataMap.Systems {
			result := foundIn(on, system.ID, right)
			contradicted := result == dsr.NothingFound && announced(on, system.ID, right)
			if on.Case.Grants(right) && (result == "" || contradicted) {
				return casework.Looked{System: system.ID, Right: right}, true
			}
		}
	}
	return casework.Looked{System: "shop", Right: on.Case.Rights[0]}, false
}

// foundIn gives what came of looking into a system for a right; "" for nobody looked.
func foundIn(on casework.Dossier, system string, right dsr.Right) dsr.TaskResult {
	for _, found := range on.Found {
		if found.System == system && found.Right == right {
			return found.Result
		}
	}
	return ""
}

// announced reports whether a file was announced of what a system holds for a right.
func announced(on casework.Dossier, system string, right dsr.Right) bool {
	return slices.ContainsFunc(on.History, func(event dsr.Event) bool {
		return event.Kind == dsr.FileAnnounced && event.Facts["system"] == system && event.Facts["right"] == string(right)
	})
}

// looked draws what a system holds, at times more than fits into a row.
func (s *staffer) looked(on casework.Dossier) casework.Looked {
	looked, _ := s.missing(on)
	results := looked.Right.Results()
	looked.Result = results[s.w.rng.IntN(len(results))]
	if announced(on, looked.System, looked.Right) {
		looked.Result = dsr.Found
	}
	if looked.Result.Telling() {
		looked.Text = "In " + looked.System + " staat een bestelling."
		if s.w.chance(0.05) {
			looked.Text = strings.Repeat(looked.Text, 1+dsr.MaxRowBody/len(looked.Text))
		}
	}
	return looked
}

// proof gives the copy that was looked at, or two facts that a person named. One of
// them may be wrong, or nobody asked for them.
func (s *staffer) proof() casework.Proof {
	if s.copied != (dsr.OwnerID{}) && s.w.chance(0.7) {
		return casework.Proof{Copy: s.copied}
	}
	if s.w.slip(0.5) || s.w.chance(0.1) {
		return casework.Proof{}
	}
	facts := dsr.Facts()
	return casework.Proof{Facts: []casework.FactSeen{
		{Fact: facts[0], Right: true}, {Fact: facts[1], Right: !s.w.slip(0.1)},
	}}
}
