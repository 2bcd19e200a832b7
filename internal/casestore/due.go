package casestore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// DueOn implements casework.Due. The index lags a moment behind, so what it
// gives is a hint: acts read the row itself before they do anything.
func (s *Store) DueOn(ctx context.Context, day dsr.Day, until time.Time) ([]casework.DueEntry, error) {
	condition := expression.Key("due").Equal(expression.Value(dueBucket(day))).
		And(expression.Key("dueAt").LessThanEqual(expression.Value(stamp(until))))
	built, err := expression.NewBuilder().WithKeyCondition(condition).Build()
	if err != nil {
		return nil, fmt.Errorf("reading what is due on %s: %w", day, err)
	}
	rows, err := s.query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		IndexName:                 aws.String(dueIndex),
		KeyConditionExpression:    built.KeyCondition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is due on %s: %w", day, err)
	}
	entries := make([]casework.DueEntry, 0, len(rows))
	for _, row := range rows {
		entry, err := dueEntry(row)
		if err != nil {
			return nil, fmt.Errorf("reading what is due on %s: %w", day, err)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// errNotDue is returned for a row in the index that nothing should put there.
var errNotDue = errors.New("a row that cannot fall due")

// dueEntry reads the keys of one row of the index.
func dueEntry(row map[string]types.AttributeValue) (casework.DueEntry, error) {
	pk, sk := text(row["pk"]), text(row["sk"])
	entry := casework.DueEntry{At: unstamp(text(row["dueAt"]))}
	var err error
	switch {
	case strings.HasPrefix(sk, letterPrefix):
		entry.Kind = casework.DueLetter
		entry.Letter, err = LetterRefOf(pk, sk)
	case sk == mailRowKey:
		entry.Kind, entry.MailID = casework.DueMail, strings.TrimPrefix(pk, mailPrefix)
	case sk == caseRowKey:
		entry.Kind = casework.DueCase
		entry.Case, err = dsr.ParseOwnerID(strings.TrimPrefix(pk, casePrefix))
	default:
		err = errNotDue
	}
	return entry, err
}

// oldestRow is the day from which sweep still has work.
type oldestRow struct {
	Day string `dynamodbav:"day"`
}

// OldestDay implements casework.Due.
func (s *Store) OldestDay(ctx context.Context) (dsr.Day, error) {
	var row oldestRow
	err := s.get(ctx, s.Cases, oldestKey(), &row)
	if errors.Is(err, casework.ErrNotFound) {
		return "", nil
	}
	return dsr.Day(row.Day), err
}

// MoveOldestDay implements casework.Due. Two sweeps at once may both write:
// each day is one from which nothing is missed.
func (s *Store) MoveOldestDay(ctx context.Context, day dsr.Day) error {
	item, err := item(oldestKey(), oldestRow{Day: string(day)})
	if err != nil {
		return writing(oldestKey(), err)
	}
	if _, err = s.API.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Cases, Item: item}); err != nil {
		return writing(oldestKey(), err)
	}
	return nil
}
