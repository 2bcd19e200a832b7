package casestore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
)

// rowKind says what a failed condition on a row of a transaction means.
type rowKind int

const (
	onOther   rowKind = iota // cannot fail unless the program is wrong
	onCase                   // the case, an event or a letter moved on: decide again
	onLink                   // the link moved on: put or given a code by somebody else
	onSpend                  // the link was used
	onMail                   // the mail is settled
	onMessage                // the message was here before
	onSender                 // the sender opened a case today
	onStaff                  // the member of staff is enrolled
)

// transaction gathers the writes of one change. The first fault in building
// one is kept and returned by commit.
type transaction struct {
	store *Store
	items []types.TransactWriteItem
	kinds []rowKind
	fault error
}

// transaction begins a change.
func (s *Store) transaction() *transaction { return &transaction{store: s} }

// add adds one write.
func (t *transaction) add(kind rowKind, item types.TransactWriteItem) {
	t.items = append(t.items, item)
	t.kinds = append(t.kinds, kind)
}

// putNew puts a row that must not exist yet.
func (t *transaction) putNew(kind rowKind, at key, row any) {
	item, err := item(at, row)
	if err != nil {
		t.fault = errors.Join(t.fault, writing(at, err))
		return
	}
	t.add(kind, types.TransactWriteItem{Put: &types.Put{
		TableName: &t.store.Cases, Item: item, ConditionExpression: notThere(),
	}})
}

// put puts a row whatever stood there.
func (t *transaction) put(at key, row any) {
	item, err := item(at, row)
	if err != nil {
		t.fault = errors.Join(t.fault, writing(at, err))
		return
	}
	t.add(onOther, types.TransactWriteItem{Put: &types.Put{TableName: &t.store.Cases, Item: item}})
}

// update sets every attribute of row and removes those named in optional that
// row leaves out. Attributes that newer code wrote and this code does not know
// stay as they are.
func (t *transaction) update(kind rowKind, at key, row any, optional []string, condition expression.ConditionBuilder) {
	attributes, err := attributevalue.MarshalMap(row)
	if err != nil {
		t.fault = errors.Join(t.fault, writing(at, err))
		return
	}
	var change expression.UpdateBuilder
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		change = change.Set(expression.Name(name), expression.Value(attributes[name]))
	}
	for _, name := range optional {
		if _, present := attributes[name]; !present {
			change = change.Remove(expression.Name(name))
		}
	}
	t.updateIf(kind, at, change, condition)
}

// updateIf changes attributes of a row while a condition holds.
func (t *transaction) updateIf(kind rowKind, at key, change expression.UpdateBuilder, condition expression.ConditionBuilder) {
	built, err := expression.NewBuilder().WithUpdate(change).WithCondition(condition).Build()
	if err != nil {
		t.fault = errors.Join(t.fault, writing(at, err))
		return
	}
	t.add(kind, types.TransactWriteItem{Update: &types.Update{
		TableName:                 &t.store.Cases,
		Key:                       at.attributes(),
		UpdateExpression:          built.Update(),
		ConditionExpression:       built.Condition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	}})
}

// commit stores the whole change or nothing of it. The SDK adds a request
// token, so that its own retry after a lost reply stores it once.
func (t *transaction) commit(ctx context.Context) error {
	if t.fault != nil {
		return t.fault
	}
	_, err := t.store.API.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: t.items})
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return t.meaning(cancelled)
	}
	var conflict *types.TransactionConflictException
	if errors.As(err, &conflict) {
		return casework.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("storing a change: %w", err)
	}
	return nil
}

// meaning reads why a transaction was cancelled. A row that was taken outranks
// a conflict: the outcome it names explains both.
func (t *transaction) meaning(cancelled *types.TransactionCanceledException) error {
	outcome := error(nil)
	for i, reason := range cancelled.CancellationReasons {
		switch code := deref(reason.Code); code {
		case "None", "":
		case "TransactionConflict":
			outcome = first(outcome, casework.ErrConflict)
		case "ConditionalCheckFailed":
			outcome = stronger(outcome, t.kinds[i].failed(i))
		default:
			return fmt.Errorf("storing a change: row %d: %s", i, code)
		}
	}
	if outcome == nil {
		return fmt.Errorf("storing a change: %w", cancelled)
	}
	return outcome
}

// failed gives what a failed condition on a row of this kind means.
func (kind rowKind) failed(i int) error {
	switch kind {
	case onCase, onLink:
		return casework.ErrConflict
	case onMail:
		return &casework.TakenError{Row: casework.TakenMail}
	case onMessage:
		return &casework.TakenError{Row: casework.TakenMessage}
	case onSender:
		return &casework.TakenError{Row: casework.TakenSender}
	case onSpend:
		return &casework.TakenError{Row: casework.TakenLink}
	case onStaff:
		return casework.ErrEnrolled
	}
	return fmt.Errorf("storing a change: row %d stood there already", i)
}

// first keeps the outcome found first.
func first(found, next error) error {
	if found != nil {
		return found
	}
	return next
}

// stronger keeps a taken row over a conflict, and otherwise what was found first.
func stronger(found, next error) error {
	var taken *casework.TakenError
	if errors.As(found, &taken) || !errors.As(next, &taken) {
		return first(found, next)
	}
	return next
}

// deref gives the text behind a pointer; "" for none.
func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// item gives the attributes of a whole row.
func item(at key, row any) (map[string]types.AttributeValue, error) {
	attributes, err := attributevalue.MarshalMap(row)
	if err != nil {
		return nil, err
	}
	maps.Copy(attributes, at.attributes())
	return attributes, nil
}

// reading says what was being read; keys hold no personal data.
func reading(at key, err error) error { return fmt.Errorf("reading %s: %w", at.place(), err) }

// writing says what was being written. A single write that met a transaction is
// a conflict like any other: the SDK does not try it again.
func writing(at key, err error) error {
	var conflict *types.TransactionConflictException
	if errors.As(err, &conflict) {
		err = casework.ErrConflict
	}
	return fmt.Errorf("writing %s: %w", at.place(), err)
}
