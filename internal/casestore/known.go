package casestore

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

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

// known writes by what a second copy or a further mail is recognised.
func (t *transaction) known(change casework.Change) {
	leads := pointerRow{Case: change.File.Case.ID.String()}
	if !change.Messages.Zero() {
		t.putNew(onMessage, rawKey(change.Messages.Raw), leads)
	}
	if change.Messages.Message != [32]byte{} {
		t.hold(onMessage, messageKey(change.Messages.Message), change, change.Messages.Until, dsr.OwnerID{})
	}
	if change.Sender != nil {
		t.sender(change, *change.Sender)
	}
}

// sender notes the case under its sender's hash, and claims the sender's day
// for it unless another case holds that day.
func (t *transaction) sender(change casework.Change, claim casework.SenderClaim) {
	t.put(key{senderPK(claim.Hash), casework.CaseKey(claim.Case)}, pointerRow{Case: claim.Case.String()})
	t.hold(onSender, latestKey(claim.Hash, claim.Acknowledged), change, claim.Until, claim.Prior)
}

// hold lets a row lead to the change's case until an instant, unless it still
// leads to another one. Prior is a case that gives its place up; zero for none.
func (t *transaction) hold(kind rowKind, at key, change casework.Change, until time.Time, prior dsr.OwnerID) {
	free := expression.Name("pk").AttributeNotExists().
		Or(expression.Name("until").LessThanEqual(expression.Value(stamp(change.At))))
	if prior != (dsr.OwnerID{}) {
		free = free.Or(expression.Name("case").Equal(expression.Value(prior.String())))
	}
	row := latestRow{Case: change.File.Case.ID.String(), Until: stamp(until)}
	t.update(kind, at, row, nil, free)
}
