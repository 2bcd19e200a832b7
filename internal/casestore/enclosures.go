package casestore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// enclosureRow is one file of a case as stored. Kind and id stand in the key;
// the name that staff gave it is sealed by whoever wrote it.
type enclosureRow struct {
	State   string   `dynamodbav:"state"`
	MailID  string   `dynamodbav:"mail,omitempty"`
	MailN   int      `dynamodbav:"mailN,omitempty"`
	Cut     bool     `dynamodbav:"cut,omitempty"`
	Paths   []string `dynamodbav:"paths,omitempty"`
	Tries   int      `dynamodbav:"tries"`
	Size    int64    `dynamodbav:"size,omitempty"`
	SHA256  string   `dynamodbav:"sha256,omitempty"`
	Reason  string   `dynamodbav:"reason,omitempty"`
	Form    string   `dynamodbav:"form,omitempty"`
	SeenBy  string   `dynamodbav:"seenBy,omitempty"`
	System  string   `dynamodbav:"system,omitempty"`
	Right   string   `dynamodbav:"right,omitempty"`
	Sealed  []byte   `dynamodbav:"sealed,omitempty"`
	Arrived string   `dynamodbav:"arrived"`
	Until   string   `dynamodbav:"until"` // "" while no attempt was begun
	KeptAt  string   `dynamodbav:"keptAt,omitempty"`
	GoneAt  string   `dynamodbav:"goneAt,omitempty"`
	Due     string   `dynamodbav:"due,omitempty"`
	DueAt   string   `dynamodbav:"dueAt,omitempty"`
}

// enclosureMayLack names the attributes that a file can lose when it goes on.
func enclosureMayLack() []string {
	return []string{
		"mail", "mailN", "cut", "paths", "size", "sha256", "reason", "form", "seenBy", "system", "right",
		"sealed", "keptAt", "goneAt", "due", "dueAt",
	}
}

// newEnclosureRow gives the row of a file.
func newEnclosureRow(e dsr.Enclosure) enclosureRow {
	row := enclosureRow{
		State: string(e.State), MailID: e.Mail.MailID, MailN: e.Mail.N, Cut: e.Cut, Paths: e.Paths, Tries: e.Tries,
		Size: e.Size, SHA256: e.SHA256, Reason: e.Reason, Form: e.Form, SeenBy: actorText(e.SeenBy),
		System: e.System, Right: string(e.Right), Sealed: e.Sealed,
		Arrived: stamp(e.Arrived), Until: stamp(e.Until), KeptAt: stamp(e.KeptAt), GoneAt: stamp(e.GoneAt),
	}
	row.Due, row.DueAt = dueOf(e.DueAt)
	return row
}

// enclosure gives the stored file.
func (row enclosureRow) enclosure(ref dsr.EnclosureRef) (dsr.Enclosure, error) {
	seenBy, err := textActor(row.SeenBy)
	if err != nil {
		return dsr.Enclosure{}, fmt.Errorf("who looked at it: %w", err)
	}
	return dsr.Enclosure{
		Ref: ref, State: dsr.EnclosureState(row.State), Mail: dsr.MailedPart{MailID: row.MailID, N: row.MailN},
		Cut: row.Cut, Paths: row.Paths, Tries: row.Tries, Size: row.Size, SHA256: row.SHA256, Reason: row.Reason,
		Form: row.Form, SeenBy: seenBy, System: row.System, Right: dsr.Right(row.Right), Sealed: row.Sealed,
		Arrived: unstamp(row.Arrived), Until: unstamp(row.Until), KeptAt: unstamp(row.KeptAt),
		GoneAt: unstamp(row.GoneAt), DueAt: unstamp(row.DueAt),
	}, nil
}

// EnclosureOf is a casework.EnclosureOf.
func (s *Store) EnclosureOf(ctx context.Context, ref dsr.EnclosureRef) (dsr.Enclosure, error) {
	var row enclosureRow
	at := enclosureKey(ref)
	if err := s.get(ctx, s.Cases, at, &row); err != nil {
		return dsr.Enclosure{}, err
	}
	enclosure, err := row.enclosure(ref)
	if err != nil {
		return dsr.Enclosure{}, reading(at, err)
	}
	return enclosure, nil
}

// EnclosuresOf is a casework.EnclosuresOf.
func (s *Store) EnclosuresOf(ctx context.Context, id dsr.OwnerID) ([]dsr.Enclosure, error) {
	var all []dsr.Enclosure
	for _, prefix := range []string{filePrefix, parcelPrefix} {
		rows, err := s.partition(ctx, casework.CaseKey(id), prefix)
		if err != nil {
			return nil, fmt.Errorf("reading the files of %s: %w", casework.CaseKey(id), err)
		}
		for _, attributes := range rows {
			enclosure, err := readEnclosure(attributes)
			if err != nil {
				return nil, reading(key{text(attributes["pk"]), text(attributes["sk"])}, err)
			}
			all = append(all, enclosure)
		}
	}
	slices.SortFunc(all, func(a, b dsr.Enclosure) int {
		return cmp.Or(a.Arrived.Compare(b.Arrived), cmp.Compare(a.Ref.Tag(), b.Ref.Tag()))
	})
	return all, nil
}

// readEnclosure reads the attributes of a file's row.
func readEnclosure(attributes map[string]types.AttributeValue) (dsr.Enclosure, error) {
	ref, err := EnclosureRefOf(text(attributes["pk"]), text(attributes["sk"]))
	if err != nil {
		return dsr.Enclosure{}, err
	}
	var row enclosureRow
	if err := attributevalue.UnmarshalMap(attributes, &row); err != nil {
		return dsr.Enclosure{}, err
	}
	return row.enclosure(ref)
}

// errMoved is returned for a move that is no move of one file.
var errMoved = errors.New("the move is of two files")

// moveEnclosure takes a file on, or begins one, provided nobody else did.
func (t *transaction) moveEnclosure(move casework.EnclosureMove) {
	at, row := enclosureKey(move.Next.Ref), newEnclosureRow(move.Next)
	switch {
	case move.Prior.State == "":
		t.putNew(onCase, at, row)
	case move.Prior.Ref != move.Next.Ref:
		t.fault = errors.Join(t.fault, writing(at, errMoved))
	default:
		t.update(onCase, at, row, enclosureMayLack(), asRead(move.Prior))
	}
}

// asRead is the condition that a file still stands as it was read.
func asRead(prior dsr.Enclosure) expression.ConditionBuilder {
	cut, seenBy := expression.Name("cut"), expression.Name("seenBy")
	unseen, whole := seenBy.AttributeNotExists(), cut.AttributeNotExists()
	if who := actorText(prior.SeenBy); who != "" {
		unseen = seenBy.Equal(expression.Value(who))
	}
	if prior.Cut {
		whole = cut.Equal(expression.Value(true))
	}
	return expression.Name("state").Equal(expression.Value(string(prior.State))).
		And(expression.Name("until").Equal(expression.Value(stamp(prior.Until))), unseen, whole)
}
