package casestore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Summary implements casework.Cases.
func (s *Store) Summary(ctx context.Context, id dsr.OwnerID) (dsr.Case, error) {
	var row caseRow
	if err := s.get(ctx, s.Cases, caseKey(id), &row); err != nil {
		return dsr.Case{}, err
	}
	return row.summary(id)
}

// File implements casework.Cases. A case whose key was destroyed cannot be
// opened any more: that is casework.ErrNotFound too.
func (s *Store) File(ctx context.Context, id dsr.OwnerID) (casework.File, error) {
	var row caseRow
	if err := s.get(ctx, s.Cases, caseKey(id), &row); err != nil {
		return casework.File{}, err
	}
	c, err := row.summary(id)
	if err != nil {
		return casework.File{}, err
	}
	dataKey, err := s.dataKey(ctx, casework.CaseKey(id))
	if err != nil {
		return casework.File{}, err
	}
	if err := unseal(dataKey, caseKey(id), row.Sealed, &c.Confidential); err != nil {
		return casework.File{}, fmt.Errorf("opening case %s: %w", c.Number, err)
	}
	return casework.File{Case: c, Key: dataKey}, nil
}

// unseal opens what one row holds sealed and reads it as JSON.
func unseal(dataKey casework.DataKey, at key, sealed []byte, out any) error {
	plain, err := dataKey.Open(at.place(), sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, out)
}

// History implements casework.Cases.
func (s *Store) History(ctx context.Context, id dsr.OwnerID) ([]dsr.Event, error) {
	rows, err := s.eventRows(ctx, id)
	if err != nil {
		return nil, err
	}
	var history []dsr.Event
	for _, row := range rows {
		entry, err := row.entry()
		if err != nil {
			return nil, err
		}
		history = append(history, entry.event())
	}
	return history, nil
}

// partition reads the rows of one partition whose sort key begins with prefix,
// consistently and in order.
func (s *Store) partition(ctx context.Context, pk, prefix string) ([]map[string]types.AttributeValue, error) {
	condition := expression.Key("pk").Equal(expression.Value(pk)).
		And(expression.Key("sk").BeginsWith(prefix))
	built, err := expression.NewBuilder().WithKeyCondition(condition).Build()
	if err != nil {
		return nil, err
	}
	return s.query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		KeyConditionExpression:    built.KeyCondition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
		ConsistentRead:            aws.Bool(true),
	})
}

// OpenCases gives the open cases, the one planned for first in front. It reads
// an index, which lags a moment behind.
func (s *Store) OpenCases(ctx context.Context) ([]dsr.OwnerID, error) {
	condition := expression.Key("open").Equal(expression.Value(openBucket))
	built, err := expression.NewBuilder().WithKeyCondition(condition).Build()
	if err != nil {
		return nil, fmt.Errorf("listing the open cases: %w", err)
	}
	rows, err := s.query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		IndexName:                 aws.String(openIndex),
		KeyConditionExpression:    built.KeyCondition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	})
	if err != nil {
		return nil, fmt.Errorf("listing the open cases: %w", err)
	}
	var ids []dsr.OwnerID
	for _, attributes := range rows {
		id, err := dsr.ParseOwnerID(strings.TrimPrefix(text(attributes["pk"]), casePrefix))
		if err != nil {
			return nil, fmt.Errorf("listing the open cases: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// The indexes of the Cases table, as the template names them.
const (
	dueIndex  = "due"
	openIndex = "open"
)

// text gives a string attribute; "" for anything else.
func text(value types.AttributeValue) string {
	if s, ok := value.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
