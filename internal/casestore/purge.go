package casestore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// purge destroys the key of a case, and with it all that was sealed under it,
// in backups and in streams too. The row that leads to the case from its mail
// address goes in the same transaction: afterwards nobody knows its name. That
// name never changes, so that it may be read before.
func (t *transaction) purge(ctx context.Context, id dsr.OwnerID) {
	t.add(onOther, types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.store.Keys, Key: dataKeyKey(casework.CaseKey(id)).attributes(),
	}})
	var row caseRow
	err := t.store.get(ctx, t.store.Cases, caseKey(id), &row)
	switch {
	case errors.Is(err, casework.ErrNotFound):
		return // the condition on the case fails
	case err != nil:
		t.fault = errors.Join(t.fault, err)
	case row.Thread != "":
		t.remove(threadKey(row.Thread))
	}
}

// Leftovers is a casework.Leftovers. What leads to the case by a keyed hash of
// its sender stays until the key of that year is destroyed, and what says of a
// mail that it was seen before stays for good: neither can be followed back to a
// person.
func (s *Store) Leftovers(ctx context.Context, purged dsr.Case) error {
	row, err := s.purgedRow(ctx, purged.ID)
	if err != nil || row == nil {
		return err
	}
	return s.removeRows(ctx, purged.ID)
}

// Unlink is a casework.Unlink. What is found under the hashes of that year stays,
// and is found by nobody: a hash cannot be made without its key.
func (s *Store) Unlink(ctx context.Context, year int) error {
	return s.delete(ctx, s.Keys, dataKeyKey(registerOwner(year)))
}

// Expire is a casework.Expire. The summary goes last, and only as it was read
// before the other rows: until then a repetition finds what is left, and an event
// that is added meanwhile keeps it.
func (s *Store) Expire(ctx context.Context, purged dsr.Case) error {
	row, err := s.purgedRow(ctx, purged.ID)
	if err != nil || row == nil {
		return err
	}
	if err := s.removeRows(ctx, purged.ID); err != nil {
		return err
	}
	events, err := s.eventRows(ctx, purged.ID)
	if err != nil {
		return err
	}
	for len(events) > expireAtOnce {
		t := s.transaction()
		t.expireEvents(purged, events[:expireAtOnce])
		if err := t.commit(ctx); err != nil {
			return err
		}
		events = events[expireAtOnce:]
	}
	t := s.transaction()
	t.expireEvents(purged, events)
	t.remove(numberKey(dsr.Number(row.Number)))
	t.removeIf(caseKey(purged.ID), expression.Name("seq").Equal(expression.Value(row.Seq)))
	return t.commit(ctx)
}

// expireAtOnce is how many events go in one transaction, of at most 100 writes
// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html):
// two for each event, and two for what goes with the last.
const expireAtOnce = 49

// expireEvents removes events, and says of the leaf of each that it has expired:
// the ledger would miss them otherwise. It says when they fell due, which a
// repetition says as well.
func (t *transaction) expireEvents(purged dsr.Case, events []eventRow) {
	for _, event := range events {
		entry, err := event.entry()
		if err != nil {
			t.fault = errors.Join(t.fault, err)
			return
		}
		t.expired(ledger.Leaf(event.Entry), purged.DueAt)
		t.remove(eventKey(purged.ID, entry.Seq))
	}
}

// remove removes a row of the Cases table, if it is there.
func (t *transaction) remove(at key) {
	t.add(onOther, types.TransactWriteItem{Delete: &types.Delete{TableName: &t.store.Cases, Key: at.attributes()}})
}

// removeIf removes a row of a case while a condition holds.
func (t *transaction) removeIf(at key, condition expression.ConditionBuilder) {
	built, err := expression.NewBuilder().WithCondition(condition).Build()
	if err != nil {
		t.fault = errors.Join(t.fault, writing(at, err))
		return
	}
	t.add(onCase, types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.store.Cases, Key: at.attributes(),
		ConditionExpression:       built.Condition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	}})
}

// purgedRow reads the row of a case that must be purged; nil when it is gone. A
// purged case never comes back, so that its state is looked at once.
func (s *Store) purgedRow(ctx context.Context, id dsr.OwnerID) (*caseRow, error) {
	var row caseRow
	err := s.get(ctx, s.Cases, caseKey(id), &row)
	if errors.Is(err, casework.ErrNotFound) {
		return nil, nil
	}
	if err == nil && dsr.State(row.State) != dsr.Purged {
		err = casework.ErrConflict
	}
	return &row, err
}

// removeRows removes the rows of a case but its summary and its events. The row
// that leads to a letter goes before the letter, which alone knows it.
func (s *Store) removeRows(ctx context.Context, id dsr.OwnerID) error {
	rows, err := s.keysOf(ctx, casework.CaseKey(id))
	if err != nil {
		return fmt.Errorf("listing the rows of %s: %w", casework.CaseKey(id), err)
	}
	for _, attributes := range rows {
		at := key{text(attributes["pk"]), text(attributes["sk"])}
		if at.sk == caseRowKey || strings.HasPrefix(at.sk, eventPrefix) {
			continue
		}
		if sesID := text(attributes["sesId"]); sesID != "" {
			if err := s.delete(ctx, s.Cases, sentKey(sesID)); err != nil {
				return err
			}
		}
		if err := s.delete(ctx, s.Cases, at); err != nil {
			return err
		}
	}
	return nil
}

// keysOf lists the rows of a partition, with what is needed to remove them.
func (s *Store) keysOf(ctx context.Context, pk string) ([]map[string]types.AttributeValue, error) {
	built, err := expression.NewBuilder().
		WithKeyCondition(expression.Key("pk").Equal(expression.Value(pk))).
		WithProjection(expression.NamesList(expression.Name("pk"), expression.Name("sk"), expression.Name("sesId"))).Build()
	if err != nil {
		return nil, err
	}
	return s.query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		KeyConditionExpression:    built.KeyCondition(),
		ProjectionExpression:      built.Projection(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
		ConsistentRead:            aws.Bool(true),
	})
}
