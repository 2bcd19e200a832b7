package letter

import (
	"slices"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// decided reports that each right of a case has one decision, and that nothing
// else has.
func decided(content dsr.LetterContent) bool {
	rights := dsr.MergeRights(content.Rights, nil)
	var seen []dsr.Right
	for _, decision := range content.Decisions {
		known := decision.Result == dsr.Granted || decision.Result == dsr.Partly || decision.Result == dsr.Refused
		if !known || slices.Contains(seen, decision.Right) {
			return false
		}
		seen = append(seen, decision.Right)
	}
	return slices.Equal(dsr.MergeRights(seen, nil), rights) && len(seen) == len(rights)
}

// refusals gives the decisions that deny a right, in whole or in part, in the
// order of the law.
func refusals(content dsr.LetterContent) []dsr.Decision {
	return decisionsWith(content, func(result dsr.Result) bool { return result != dsr.Granted })
}

// decisionsWith gives the decisions of a kind, in the order of the law. An
// answer that links to nobody decides nothing, whatever was decided before.
func decisionsWith(content dsr.LetterContent, keep func(dsr.Result) bool) []dsr.Decision {
	var kept []dsr.Decision
	for _, right := range dsr.Rights() {
		for _, decision := range content.Decisions {
			if decision.Right == right && keep(decision.Result) && !unlinked(content) {
				kept = append(kept, decision)
			}
		}
	}
	return kept
}

// decisionFacts gives what was decided: the rights that were granted, and each
// one that was not with its ground and the reason in the words of staff.
func decisionFacts(f facts, content dsr.LetterContent, language dsr.Language) {
	f.lists["granted"], f.lists["refused"] = []string{}, []string{}
	f.flags["unlinked"] = unlinked(content)
	f.flags["collects"] = content.Letter.Purpose == dsr.CollectAnswer
	f.flags["code.elsewhere"] = content.CodeElsewhere
	f.flags["packed"] = content.Packed && f.flags["collects"]
	given := decisionsWith(content, func(result dsr.Result) bool { return result != dsr.Refused })
	f.flags["gives"] = len(given) > 0
	f.flags["erases"] = slices.ContainsFunc(given, func(d dsr.Decision) bool {
		return d.Right == dsr.Erasure || d.Right == dsr.MinorReport
	})
	for _, decision := range content.Decisions {
		f.text(string(decision.Right)+".name", capital(f.words[string(decision.Right)]))
	}
	for _, decision := range decisionsWith(content, func(result dsr.Result) bool { return result == dsr.Granted }) {
		f.lists["granted"] = append(f.lists["granted"], string(decision.Right))
	}
	f.flags["granted"] = len(f.lists["granted"]) > 0
	for _, decision := range refusals(content) {
		right := string(decision.Right)
		f.lists["refused"] = append(f.lists["refused"], right)
		f.flags[right+".partly"] = decision.Result == dsr.Partly
		f.set(right+".ground", decision.Ground.Words(decision.Right, language))
		f.set(right+".reason", inertText(content.Reasons[decision.Right]))
	}
}

// grounded reports that each refusal has a ground that the law knows for its
// right.
func grounded(content dsr.LetterContent) bool {
	return !slices.ContainsFunc(refusals(content), func(d dsr.Decision) bool {
		return !slices.Contains(d.Right.Grounds(), d.Ground)
	})
}

// reasoned reports that each refusal has a reason that can be read.
// art. 12(4) GDPR: the reasons for not taking action.
func reasoned(content dsr.LetterContent) bool {
	return !slices.ContainsFunc(refusals(content), func(d dsr.Decision) bool {
		reason := content.Reasons[d.Right]
		return strings.TrimSpace(inertText(reason)) == "" || len(reason) > dsr.MaxReason
	})
}
