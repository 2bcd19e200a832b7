package casestore

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// CaseOfNumber is a casework.CaseOfNumber.
func (s *Store) CaseOfNumber(ctx context.Context, number dsr.Number) (dsr.OwnerID, error) {
	return s.held(ctx, numberKey(number), time.Time{})
}

// OpenHistory is a casework.OpenHistory. One query reads the whole history:
// the rows hold the sealed parts anyway.
func (s *Store) OpenHistory(ctx context.Context, file casework.File) ([]dsr.Event, error) {
	rows, err := s.eventRows(ctx, file.Case.ID)
	if err != nil {
		return nil, err
	}
	var history []dsr.Event
	for _, row := range rows {
		entry, err := row.entry()
		if err != nil {
			return nil, err
		}
		event, err := entry.opened(file)
		if err != nil {
			return nil, err
		}
		history = append(history, event)
	}
	return history, nil
}

// eventRows reads the events of a case as stored, oldest first.
func (s *Store) eventRows(ctx context.Context, id dsr.OwnerID) ([]eventRow, error) {
	found, err := s.partition(ctx, casework.CaseKey(id), eventPrefix)
	if err != nil {
		return nil, reading(caseKey(id), err)
	}
	rows := make([]eventRow, len(found))
	for i, attributes := range found {
		if err := attributevalue.UnmarshalMap(attributes, &rows[i]); err != nil {
			return nil, reading(caseKey(id), err)
		}
	}
	return rows, nil
}

// opened gives an event with its personal part, which was sealed for the very
// row it stands in.
func (entry eventEntry) opened(file casework.File) (event dsr.Event, err error) {
	event = entry.event()
	if entry.Sealed == nil {
		return event, nil
	}
	place := eventKey(file.Case.ID, event.Seq).place()
	if event.Personal, err = file.Key.Open(place, entry.Sealed); err != nil {
		return dsr.Event{}, fmt.Errorf("opening event %d of case %s: %w", event.Seq, file.Case.Number, err)
	}
	return event, nil
}
