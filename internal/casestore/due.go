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
		entries = append(entries, dueEntry(row))
	}
	return entries, nil
}

// dueEntry reads the keys of one row of the index. A row that this code does
// not know, because a newer release put it there, holds up no other.
func dueEntry(row map[string]types.AttributeValue) casework.DueEntry {
	pk, sk := text(row["pk"]), text(row["sk"])
	entry := casework.DueEntry{At: unstamp(text(row["dueAt"]))}
	switch {
	case strings.HasPrefix(sk, letterPrefix):
		if ref, err := LetterRefOf(pk, sk); err == nil {
			entry.Kind, entry.Letter = casework.DueLetter, ref
		}
	case sk == mailRowKey:
		entry.Kind, entry.MailID = casework.DueMail, strings.TrimPrefix(pk, mailPrefix)
	case sk == caseRowKey:
		if id, err := dsr.ParseOwnerID(strings.TrimPrefix(pk, casePrefix)); err == nil {
			entry.Kind, entry.Case = casework.DueCase, id
		}
	case strings.HasPrefix(sk, filePrefix), strings.HasPrefix(sk, parcelPrefix):
		if ref, err := EnclosureRefOf(pk, sk); err == nil {
			entry.Kind, entry.Enclosure = casework.DueEnclosure, ref
		}
	case sk == sessionRowKey:
		if hash, err := sessionOf(pk); err == nil {
			entry.Kind, entry.Session = casework.DueSession, hash
		}
	}
	return entry
}

// oldestRow is the day from which a function still has work.
type oldestRow struct {
	Day string `dynamodbav:"day"`
}

// OldestDay implements casework.Due.
func (s *Store) OldestDay(ctx context.Context, function string) (dsr.Day, error) {
	var row oldestRow
	err := s.get(ctx, s.Cases, oldestKey(function), &row)
	if errors.Is(err, casework.ErrNotFound) {
		return "", nil
	}
	return dsr.Day(row.Day), err
}

// MoveOldestDay implements casework.Due. Two runs at once may both write: each
// day is one from which nothing is missed.
func (s *Store) MoveOldestDay(ctx context.Context, function string, day dsr.Day) error {
	at := oldestKey(function)
	item, err := item(at, oldestRow{Day: string(day)})
	if err != nil {
		return writing(at, err)
	}
	if _, err = s.API.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.Cases, Item: item}); err != nil {
		return writing(at, err)
	}
	return nil
}
