package casestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// memberRow is a member of staff as stored.
type memberRow struct {
	Enrolled string `dynamodbav:"enrolled"`
	LastStep int64  `dynamodbav:"lastStep"`
	LastAct  int64  `dynamodbav:"lastAct"`
	Failed   int    `dynamodbav:"failed"`
	FailedAt string `dynamodbav:"failedAt"` // "" while there is none
	Sealed   []byte `dynamodbav:"sealed"`   // the secret of the codes
}

// Member implements casework.Staff.
func (s *Store) Member(ctx context.Context, actor dsr.ActorID) (dsr.Member, error) {
	var row memberRow
	if err := s.get(ctx, s.Cases, memberKey(actor), &row); err != nil {
		return dsr.Member{}, err
	}
	return dsr.Member{
		Actor: actor, Enrolled: unstamp(row.Enrolled),
		LastStep: row.LastStep, LastAct: row.LastAct, Failed: row.Failed, FailedAt: unstamp(row.FailedAt),
	}, nil
}

// Secret implements casework.Staff. A secret whose key was destroyed cannot be
// opened any more: that is casework.ErrNotFound too.
func (s *Store) Secret(ctx context.Context, actor dsr.ActorID) ([]byte, error) {
	var row memberRow
	if err := s.get(ctx, s.Cases, memberKey(actor), &row); err != nil {
		return nil, err
	}
	dataKey, err := s.dataKey(ctx, casework.StaffKey(actor))
	if err != nil {
		return nil, err
	}
	secret, err := dataKey.Open(memberKey(actor).place(), row.Sealed)
	if err != nil {
		return nil, reading(memberKey(actor), err)
	}
	return secret, nil
}

// Save implements casework.Staff. The condition names every field a code can
// change, and the enrolment, so that of two changes from one reading one holds.
func (s *Store) Save(ctx context.Context, prior, next dsr.Member) error {
	is := func(name string, value any) expression.ConditionBuilder {
		return expression.Name(name).Equal(expression.Value(value))
	}
	sameAct := is("lastAct", prior.LastAct)
	if prior.LastAct == 0 {
		// Rows from before acts asked a code have no such attribute.
		sameAct = expression.Name("lastAct").AttributeNotExists().Or(sameAct)
	}
	unchanged := is("enrolled", stamp(prior.Enrolled)).And(
		is("lastStep", prior.LastStep), sameAct, is("failed", prior.Failed), is("failedAt", stamp(prior.FailedAt)))
	update := expression.Set(expression.Name("lastStep"), expression.Value(next.LastStep)).
		Set(expression.Name("lastAct"), expression.Value(next.LastAct)).
		Set(expression.Name("failed"), expression.Value(next.Failed)).
		Set(expression.Name("failedAt"), expression.Value(stamp(next.FailedAt)))
	return s.updateIf(ctx, memberKey(prior.Actor), update, unchanged)
}

// updateIf changes one row while a condition holds, and is casework.ErrConflict
// when it does not.
func (s *Store) updateIf(ctx context.Context, at key, update expression.UpdateBuilder, condition expression.ConditionBuilder) error {
	built, err := expression.NewBuilder().WithUpdate(update).WithCondition(condition).Build()
	if err != nil {
		return writing(at, err)
	}
	_, err = s.API.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &s.Cases,
		Key:                       at.attributes(),
		UpdateExpression:          built.Update(),
		ConditionExpression:       built.Condition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	})
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return casework.ErrConflict
	}
	if err != nil {
		return writing(at, err)
	}
	return nil
}

// Enrol is a casework.Enrol: the sealed secret and the key that opens it are
// one transaction, and neither takes another's place.
func (s *Store) Enrol(ctx context.Context, member dsr.Member, secret []byte) error {
	owner, at := casework.StaffKey(member.Actor), memberKey(member.Actor)
	dataKey, err := s.Sealer.NewKey(ctx, owner)
	if err != nil {
		return fmt.Errorf("making the key of a secret: %w", err)
	}
	sealed, err := dataKey.Seal(s.Random, at.place(), secret)
	if err != nil {
		return fmt.Errorf("sealing a secret: %w", err)
	}
	t := s.transaction()
	t.add(onStaff, types.TransactWriteItem{Put: &types.Put{
		TableName:           &s.Keys,
		Item:                s.keyItem(owner, dataKey),
		ConditionExpression: notThere(),
	}})
	t.putNew(onStaff, at, memberRow{
		Enrolled: stamp(member.Enrolled), LastStep: member.LastStep, LastAct: member.LastAct,
		Failed: member.Failed, FailedAt: stamp(member.FailedAt), Sealed: sealed,
	})
	return t.commit(ctx)
}

// Remove is a casework.Remove. The row goes first: from then on nobody signs
// in, whatever becomes of the key.
func (s *Store) Remove(ctx context.Context, actor dsr.ActorID) error {
	if err := s.delete(ctx, s.Cases, memberKey(actor)); err != nil {
		return err
	}
	return s.delete(ctx, s.Keys, dataKeyKey(casework.StaffKey(actor)))
}

// delete removes one row of a table, if it is there.
func (s *Store) delete(ctx context.Context, table string, at key) error {
	_, err := s.API.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &table, Key: at.attributes()})
	if err != nil {
		return fmt.Errorf("deleting %s: %w", at.place(), err)
	}
	return nil
}
