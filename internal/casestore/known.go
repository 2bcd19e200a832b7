package casestore

import (
	"context"
	"errors"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// pointerRow leads to a case.
type pointerRow struct {
	Case string `dynamodbav:"case"`
}

// latestRow leads to a case for a while: the one that a sender's further mail of
// the day joins, or that a Message-ID belongs to.
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
func (s *Store) CaseOfMessage(ctx context.Context, keys casework.MessageKeys, now time.Time) (id dsr.OwnerID, same bool, err error) {
	id, err = s.held(ctx, rawKey(keys.Raw), time.Time{})
	if !errors.Is(err, casework.ErrNotFound) || keys.Message == [32]byte{} {
		return id, err == nil, err
	}
	id, err = s.held(ctx, messageKey(keys.Message), now)
	return id, false, err
}

// held follows a row that leads to a case, and at now still does; a row
// without an end always does.
func (s *Store) held(ctx context.Context, at key, now time.Time) (dsr.OwnerID, error) {
	var row latestRow
	if err := s.get(ctx, s.Cases, at, &row); err != nil {
		return dsr.OwnerID{}, err
	}
	if until := unstamp(row.Until); !until.IsZero() && !now.Before(until) {
		return dsr.OwnerID{}, casework.ErrNotFound
	}
	id, err := dsr.ParseOwnerID(row.Case)
	if err != nil {
		return dsr.OwnerID{}, reading(at, err)
	}
	return id, nil
}
