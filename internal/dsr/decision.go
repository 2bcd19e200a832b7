package dsr

import (
	"slices"
	"strings"
	"time"
)

// Result is what was decided about one right.
type Result string

// The results.
const (
	Granted Result = "granted"
	Partly  Result = "partly"
	Refused Result = "refused"
)

// Ground is why the law lets a request be refused, in whole or in part.
type Ground string

// The grounds. The burden of showing one lies with the organisation.
const (
	GroundUnidentified Ground = "unidentified" // art. 11(2) and 12(2): the person did not show who they are
	GroundExcessive    Ground = "excessive"    // art. 12(5): manifestly unfounded or excessive
	GroundOthers       Ground = "others"       // art. 15(4) and 20(4): rights of others
	GroundUAVG41       Ground = "uavg41"       // art. 41 UAVG: weighty public interests
	GroundAccurate     Ground = "accurate"     // art. 16: the data is not inaccurate
	GroundExpression   Ground = "expression"   // art. 17(3)(a): freedom of expression
	GroundLegalDuty    Ground = "legal-duty"   // art. 17(3)(b): a legal obligation to keep
	GroundHealth       Ground = "health"       // art. 17(3)(c): public health
	GroundArchive      Ground = "archive"      // art. 17(3)(d): archiving, research
	GroundClaims       Ground = "claims"       // art. 17(3)(e) and 21(1): legal claims
	GroundStillNeeded  Ground = "still-needed" // art. 17(1): none of its cases is met
	GroundNoCase       Ground = "no-case"      // art. 18(1): none of its cases is met
	GroundNotPortable  Ground = "not-portable" // art. 20(1): no consent or contract, or not automated
	GroundCompelling   Ground = "compelling"   // art. 21(1): compelling legitimate grounds
	GroundNoMinor      Ground = "no-minor"     // statement art. 3: no data of a minor was found to be collected
)

// Grounds lists on what grounds the right may be refused. It is empty for
// objection to marketing (art. 21(3) GDPR) and withdrawal of consent (art. 7(3)):
// those cannot be refused.
func (r Right) Grounds() []Ground {
	switch r {
	case Access:
		return []Ground{GroundOthers, GroundUnidentified, GroundExcessive, GroundUAVG41}
	case Rectification:
		return []Ground{GroundAccurate, GroundUnidentified, GroundExcessive, GroundUAVG41}
	case Erasure:
		return []Ground{
			GroundLegalDuty, GroundClaims, GroundStillNeeded, GroundExpression,
			GroundHealth, GroundArchive, GroundUnidentified, GroundExcessive, GroundUAVG41,
		}
	case Restriction:
		return []Ground{GroundNoCase, GroundUnidentified, GroundExcessive, GroundUAVG41}
	case Portability:
		return []Ground{GroundNotPortable, GroundOthers, GroundUnidentified, GroundExcessive, GroundUAVG41}
	case Objection:
		return []Ground{GroundCompelling, GroundClaims, GroundUnidentified, GroundExcessive, GroundUAVG41}
	case MinorReport:
		return []Ground{GroundNoMinor, GroundLegalDuty}
	}
	return nil
}

// Decision is what was decided about one right of a case.
type Decision struct {
	Right  Right  `json:"right"`
	Result Result `json:"result"`
	Ground Ground `json:"ground,omitempty"` // when Result is not Granted
}

// MaxReason is the longest reason in bytes; a letter is to be read.
const MaxReason = 4 << 10

// sound checks that a decision can be explained to whom it is about.
func (d Decision) sound(reason string) error {
	switch d.Result {
	case Granted:
		if d.Ground != "" {
			return NotNowGround
		}
		return nil
	case Partly, Refused:
	default:
		return NotNowOutcome
	}
	if !slices.Contains(d.Right.Grounds(), d.Ground) {
		return NotNowGround
	}
	// Recital 63 GDPR: what others are in is left out; that is no reason to refuse
	// all of it.
	if d.Ground == GroundOthers && d.Result == Refused {
		return NotNowGround
	}
	// art. 12(4) GDPR: the reasons for not taking action.
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > MaxReason {
		return NotNowReason
	}
	return nil
}

// withDecision puts a decision in the place of an earlier one about its right,
// in the order of rights.
func withDecision(rights []Right, decisions []Decision, next Decision) []Decision {
	var ordered []Decision
	for _, right := range rights {
		if right == next.Right {
			ordered = append(ordered, next)
			continue
		}
		for _, decision := range decisions {
			if decision.Right == right {
				ordered = append(ordered, decision)
			}
		}
	}
	return ordered
}

// Decision gives what was decided about a right.
func (c *Case) Decision(right Right) (decision Decision, decided bool) {
	for _, decision := range c.Work.Decisions {
		if decision.Right == right {
			return decision, true
		}
	}
	return Decision{}, false
}

// Grants reports whether a right is granted, in whole or in part.
func (c *Case) Grants(right Right) bool {
	decision, decided := c.Decision(right)
	return decided && decision.Result != Refused
}

// Erases reports whether the proposed answer promises that data will be erased.
// That cannot be undone, so it is carried out before the answer says so.
func (c *Case) Erases() bool {
	return c.Work.Proposed == Answered && (c.Grants(Erasure) || c.Grants(MinorReport))
}

// Discloses reports whether the answer has more to show than its letter says.
func (c *Case) Discloses() bool {
	return c.Work.Proposed == Answered && slices.ContainsFunc(c.Rights, c.Grants)
}

// ApprovalPurpose is what a link to approve the draft is for.
func (c *Case) ApprovalPurpose() Purpose {
	switch {
	case c.Erases():
		return ApproveErasure
	case c.Discloses():
		return ApproveRelease
	}
	return Refuse
}

// AnswerKind is the kind of letter that brings the answer: a refusal, in
// whole or in part, has duties of its own (art. 12(4) GDPR).
func (c *Case) AnswerKind() LetterKind {
	refused := slices.ContainsFunc(c.Work.Decisions, func(d Decision) bool { return d.Result != Granted })
	if c.Work.Proposed == Unlinked || refused {
		return RefusalLetter
	}
	return AnswerLetter
}

// Task is what was found or done in one system for one right of a case. What it
// says about people is sealed, in the row or in the vault.
type Task struct {
	System string
	Right  Right
	Result TaskResult
	By     ActorID
	At     time.Time
	Sealed []byte   // sealed text; empty when there is none or it lies in the vault
	Body   *BodyRef // where the text went when it was too large for a row
}

// TaskResult is what came of looking into one system.
type TaskResult string

// The results of a task.
const (
	Found        TaskResult = "found"         // the text holds the data
	NothingFound TaskResult = "nothing-found" // the system holds nothing about this person
	Changed      TaskResult = "changed"       // the text says what was changed into what
	ToErase      TaskResult = "to-erase"      // will be erased once the erasure is approved
	ToKeep       TaskResult = "to-keep"       // must be kept; the text says why and how long
	Flagged      TaskResult = "flagged"       // marked as not to be used
	Stopped      TaskResult = "stopped"       // the use has stopped
)

// Results lists what can come of looking into a system for a right.
func (r Right) Results() []TaskResult {
	switch r {
	case Access, Portability:
		return []TaskResult{Found, NothingFound}
	case Rectification:
		return []TaskResult{Changed, NothingFound}
	case Erasure, MinorReport:
		return []TaskResult{ToErase, ToKeep, NothingFound}
	case Restriction:
		return []TaskResult{Flagged, NothingFound}
	}
	return []TaskResult{Stopped, NothingFound}
}

// Telling reports whether the result needs a text.
func (r TaskResult) Telling() bool { return r == Found || r == Changed || r == ToKeep }

// MaxTask is the longest text of one task, in bytes. Longer data is a file.
const MaxTask = 1 << 20
