package casestore

import (
	"fmt"

	"polarweb.nl/inzage/internal/dsr"
)

// workRow is dsr.Work as stored in the case's row: fixed words, ids, instants
// and a hash, in clear. What is not so far yet is left out.
type workRow struct {
	RightsConfirmed bool          `dynamodbav:"rightsConfirmed,omitempty"`
	Match           string        `dynamodbav:"match,omitempty"`
	MatchedAt       string        `dynamodbav:"matchedAt,omitempty"`
	AskedAt         string        `dynamodbav:"askedAt,omitempty"`
	Asked           int           `dynamodbav:"asked,omitempty"`
	Confirmed       bool          `dynamodbav:"confirmed,omitempty"`
	Disowned        bool          `dynamodbav:"disowned,omitempty"`
	Identity        string        `dynamodbav:"identity,omitempty"`
	Means           []string      `dynamodbav:"means,omitempty"`
	Decisions       []decisionRow `dynamodbav:"decisions,omitempty"`
	Proposed        string        `dynamodbav:"proposed,omitempty"`
	Drafter         string        `dynamodbav:"drafter,omitempty"`
	Draft           []byte        `dynamodbav:"draft,omitempty"`
	NotBefore       string        `dynamodbav:"notBefore,omitempty"`
	Alone           bool          `dynamodbav:"alone,omitempty"`
	Warned          int           `dynamodbav:"warned,omitempty"`
	Approver        string        `dynamodbav:"approver,omitempty"`
	Outcome         string        `dynamodbav:"outcome,omitempty"`
	ClosedAt        string        `dynamodbav:"closedAt,omitempty"`
	CopyAsked       string        `dynamodbav:"copyAsked,omitempty"`
	Undelivered     []string      `dynamodbav:"undelivered,omitempty"`
	Reminded        string        `dynamodbav:"reminded,omitempty"`
	Hold            string        `dynamodbav:"hold,omitempty"`
	Left            []int         `dynamodbav:"left,omitempty"`
	Otherwise       int           `dynamodbav:"otherwise,omitempty"`
}

// decisionRow is dsr.Decision with the names under which it is stored.
type decisionRow struct {
	Right  dsr.Right  `dynamodbav:"right"`
	Result dsr.Result `dynamodbav:"result"`
	Ground dsr.Ground `dynamodbav:"ground,omitempty"`
}

// newWorkRow gives the stored form of how far a case has come.
func newWorkRow(work dsr.Work) workRow {
	row := workRow{
		RightsConfirmed: work.RightsConfirmed, Match: string(work.Match), MatchedAt: stamp(work.MatchedAt), AskedAt: stamp(work.AskedAt), Asked: work.Asked,
		Confirmed: work.Confirmed, Disowned: work.Disowned, Identity: string(work.Identity),
		Proposed: string(work.Proposed), Drafter: actorText(work.Drafter), NotBefore: stamp(work.NotBefore),
		Alone: work.Alone, Warned: work.Warned,
		Approver: actorText(work.Approver), Outcome: string(work.Outcome), Draft: hashBytes(work.Draft),
		ClosedAt: stamp(work.ClosedAt), CopyAsked: stamp(work.CopyAsked), Reminded: work.Reminded, Hold: work.Hold,
		Left: work.Left, Otherwise: work.Otherwise,
	}
	for _, means := range work.Means {
		row.Means = append(row.Means, string(means))
	}
	for _, decision := range work.Decisions {
		row.Decisions = append(row.Decisions, decisionRow(decision))
	}
	for _, kind := range work.Undelivered {
		row.Undelivered = append(row.Undelivered, string(kind))
	}
	return row
}

// work gives back what newWorkRow stored. A row from before there was such work
// gives none.
func (row workRow) work() (dsr.Work, error) {
	work := dsr.Work{
		RightsConfirmed: row.RightsConfirmed, Match: dsr.Match(row.Match), MatchedAt: unstamp(row.MatchedAt), AskedAt: unstamp(row.AskedAt), Asked: row.Asked,
		Confirmed: row.Confirmed, Disowned: row.Disowned, Identity: dsr.Verdict(row.Identity),
		Proposed: dsr.Outcome(row.Proposed), NotBefore: unstamp(row.NotBefore), Alone: row.Alone, Warned: row.Warned, Outcome: dsr.Outcome(row.Outcome),
		ClosedAt: unstamp(row.ClosedAt), CopyAsked: unstamp(row.CopyAsked), Reminded: row.Reminded, Hold: row.Hold,
		Left: row.Left, Otherwise: row.Otherwise,
	}
	for _, means := range row.Means {
		work.Means = append(work.Means, dsr.Means(means))
	}
	for _, decision := range row.Decisions {
		work.Decisions = append(work.Decisions, dsr.Decision(decision))
	}
	for _, kind := range row.Undelivered {
		work.Undelivered = append(work.Undelivered, dsr.LetterKind(kind))
	}
	var err error
	if work.Drafter, err = textActor(row.Drafter); err != nil {
		return dsr.Work{}, fmt.Errorf("its drafter: %w", err)
	}
	if work.Approver, err = textActor(row.Approver); err != nil {
		return dsr.Work{}, fmt.Errorf("its approver: %w", err)
	}
	if work.Draft, err = bytesHash(row.Draft); err != nil {
		return dsr.Work{}, fmt.Errorf("its draft: %w", err)
	}
	return work, nil
}

// actorText writes an actor; "" for nobody.
func actorText(actor dsr.ActorID) string {
	if actor == (dsr.ActorID{}) {
		return ""
	}
	return actor.String()
}

// textActor reads what actorText wrote.
func textActor(text string) (dsr.ActorID, error) {
	if text == "" {
		return dsr.ActorID{}, nil
	}
	return dsr.ParseActorID(text)
}

// hashBytes writes a hash; nil for none.
func hashBytes(hash [32]byte) []byte {
	if hash == [32]byte{} {
		return nil
	}
	return hash[:]
}

// bytesHash reads what hashBytes wrote.
func bytesHash(stored []byte) (hash [32]byte, err error) {
	if len(stored) != 0 && len(stored) != len(hash) {
		return hash, fmt.Errorf("a hash of %d bytes", len(stored))
	}
	copy(hash[:], stored)
	return hash, nil
}
