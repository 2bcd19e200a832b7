package casestore

import (
	"context"
	"errors"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// pointerRow leads to a case.
type pointerRow struct {
	Case string `dynamodbav:"case"`
}

// latestRow is the case a sender's further mail of the day joins.
type latestRow struct {
	Case  string `dynamodbav:"case"`
	Until string `dynamodbav:"until"`
}

// SenderHash implements casework.Known.
func (s *Store) SenderHash(ctx context.Context, year int, address string) (casework.SenderHash, error) {
	register, err := s.registerKey(ctx, year)
	if err != nil {
		return casework.SenderHash{}, err
	}
	return register.Hash("sender", address), nil
}

// LatestCase implements casework.Known.
func (s *Store) LatestCase(ctx context.Context, sender casework.SenderHash, acknowledged bool) (casework.SenderClaim, error) {
	var row latestRow
	at := latestKey(sender, acknowledged)
	if err := s.get(ctx, s.Cases, at, &row); err != nil {
		return casework.SenderClaim{}, err
	}
	id, err := dsr.ParseOwnerID(row.Case)
	if err != nil {
		return casework.SenderClaim{}, reading(at, err)
	}
	return casework.SenderClaim{Hash: sender, Acknowledged: acknowledged, Case: id, Until: unstamp(row.Until)}, nil
}

// CaseOfMessage implements casework.Known.
func (s *Store) CaseOfMessage(ctx context.Context, keys casework.MessageKeys) (dsr.OwnerID, error) {
	id, err := s.pointer(ctx, rawKey(keys.Raw))
	if !errors.Is(err, casework.ErrNotFound) || keys.Message == [32]byte{} {
		return id, err
	}
	return s.pointer(ctx, messageKey(keys.Message))
}

// pointer follows a row that leads to a case.
func (s *Store) pointer(ctx context.Context, at key) (dsr.OwnerID, error) {
	var row pointerRow
	if err := s.get(ctx, s.Cases, at, &row); err != nil {
		return dsr.OwnerID{}, err
	}
	id, err := dsr.ParseOwnerID(row.Case)
	if err != nil {
		return dsr.OwnerID{}, reading(at, err)
	}
	return id, nil
}
