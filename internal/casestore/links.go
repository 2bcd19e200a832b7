package casestore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// linkRow is what is stored about a link: what its token says, and the epoch
// of the case when it was made. The letter that carries it keeps a copy.
type linkRow struct {
	ID      string `dynamodbav:"id"`
	Purpose string `dynamodbav:"purpose"`
	Owner   string `dynamodbav:"owner"`
	Actor   string `dynamodbav:"actor"`
	Rev     int    `dynamodbav:"rev"`
	Epoch   int    `dynamodbav:"epoch"`
	Asked   int    `dynamodbav:"asked,omitempty"`
	Issued  int64  `dynamodbav:"issued"`  // seconds since 1970
	Expires int64  `dynamodbav:"expires"` // seconds since 1970
}

// keptLinkRow is the link's own row, with what became of the link. Each of
// these attributes is absent until something happens.
type keptLinkRow struct {
	linkRow
	Spent     bool   `dynamodbav:"spent,omitempty"`
	Codes     int    `dynamodbav:"codes,omitempty"`
	CodeHash  []byte `dynamodbav:"codeHash,omitempty"`
	CodeUntil string `dynamodbav:"codeUntil,omitempty"`

	Ticket      []byte `dynamodbav:"ticket,omitempty"`
	TicketUntil string `dynamodbav:"ticketUntil,omitempty"`
}

// newLinkRow gives the row of a link with which nothing was done yet.
func newLinkRow(link dsr.Link) linkRow {
	return linkRow{
		ID: link.ID.String(), Purpose: string(link.Purpose), Owner: link.Owner.String(), Actor: link.Actor.String(),
		Rev: link.Rev, Epoch: link.Epoch, Asked: link.Asked, Issued: link.IssuedAt.Unix(), Expires: link.ExpiresAt.Unix(),
	}
}

// link gives the stored link.
func (row linkRow) link() (dsr.Link, error) {
	id, err := dsr.ParseLinkID(row.ID)
	if err != nil {
		return dsr.Link{}, err
	}
	owner, err := dsr.ParseOwnerID(row.Owner)
	if err != nil {
		return dsr.Link{}, err
	}
	actor, err := dsr.ParseActorID(row.Actor)
	if err != nil {
		return dsr.Link{}, err
	}
	return dsr.Link{
		ID: id, Purpose: dsr.Purpose(row.Purpose), Owner: owner, Actor: actor, Rev: row.Rev, Epoch: row.Epoch, Asked: row.Asked,
		IssuedAt: time.Unix(row.Issued, 0).UTC(), ExpiresAt: time.Unix(row.Expires, 0).UTC(),
	}, nil
}

// kept gives the stored link with what became of it.
func (row keptLinkRow) kept() (dsr.Link, error) {
	link, err := row.link()
	if err != nil {
		return dsr.Link{}, err
	}
	link.Spent, link.Codes, link.CodeUntil = row.Spent, row.Codes, unstamp(row.CodeUntil)
	if link.CodeHash, err = bytesHash(row.CodeHash); err != nil {
		return dsr.Link{}, fmt.Errorf("its code: %w", err)
	}
	link.TicketUntil = unstamp(row.TicketUntil)
	if link.Ticket, err = bytesHash(row.Ticket); err != nil {
		return dsr.Link{}, fmt.Errorf("its ticket: %w", err)
	}
	return link, nil
}

// Link implements casework.Letters.
func (s *Store) Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (dsr.Link, error) {
	at, row, err := s.linkRow(ctx, owner, id)
	if err != nil {
		return dsr.Link{}, err
	}
	link, err := row.kept()
	if err != nil {
		return dsr.Link{}, reading(at, err)
	}
	return link, nil
}

// Try implements casework.Letters: one conditional update, so that no two tries
// share a number.
func (s *Store) Try(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID, delta int) error {
	at, _, err := s.linkRow(ctx, owner, id)
	if err != nil {
		return err
	}
	tries := expression.Name("tries")
	enough := tries.GreaterThanEqual(expression.Value(-delta))
	if delta > 0 {
		// Without the row there must be no try: an update would make it.
		enough = expression.Name("id").AttributeExists().And(
			tries.AttributeNotExists().Or(tries.LessThanEqual(expression.Value(casework.MaxTries - delta))))
	}
	return s.updateIf(ctx, at, expression.Add(tries, expression.Value(delta)), enough)
}

// unspent is the condition that a link is there and nothing was done with it.
func unspent() expression.ConditionBuilder {
	return expression.Name("id").AttributeExists().And(expression.Name("spent").AttributeNotExists())
}

// spend marks a link as used, once.
func (t *transaction) spend(ctx context.Context, change casework.Change, ref casework.LinkRef) {
	at := t.linkPlace(ctx, change, ref)
	t.updateIf(onSpend, at, expression.Set(expression.Name("spent"), expression.Value(true)), unspent())
}

// opens gives links what opens them from now on: codes and tickets. Both of one
// link are one write, because a transaction may touch a row once only
// (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
func (t *transaction) opens(ctx context.Context, change casework.Change) {
	code, ticket := change.Code, change.Ticket
	if code != nil {
		update, counted := coded(*code)
		if ticket != nil && ticket.LinkRef == code.LinkRef {
			update, ticket = ticketed(update, *ticket), nil
		}
		t.updateIf(onLink, t.linkPlace(ctx, change, code.LinkRef), update, unspent().And(counted))
	}
	if ticket != nil {
		t.updateIf(onLink, t.linkPlace(ctx, change, ticket.LinkRef), ticketed(expression.UpdateBuilder{}, *ticket), unspent())
	}
}

// coded gives a link another code, or none. Of two codes sent at once one is
// stored, because both count the same number of earlier ones.
func coded(code casework.LinkCode) (expression.UpdateBuilder, expression.ConditionBuilder) {
	codes := expression.Name("codes")
	counted := codes.Equal(expression.Value(code.Codes))
	if code.Codes == 0 {
		counted = codes.AttributeNotExists().Or(counted)
	}
	sent := code.Codes
	if code.Sent {
		sent++
	}
	update := expression.Set(codes, expression.Value(sent))
	return secret(update, "codeHash", code.Hash, "codeUntil", code.Until), counted
}

// ticketed gives a link another ticket, or none.
func ticketed(update expression.UpdateBuilder, ticket casework.LinkTicket) expression.UpdateBuilder {
	return secret(update, "ticket", ticket.Hash, "ticketUntil", ticket.Until)
}

// secret stores a keyed hash and when it ends, or takes both away.
func secret(update expression.UpdateBuilder, name string, hash [32]byte, endName string, until time.Time) expression.UpdateBuilder {
	stored := hashBytes(hash)
	if stored == nil {
		return update.Remove(expression.Name(name)).Remove(expression.Name(endName))
	}
	return update.Set(expression.Name(name), expression.Value(stored)).Set(expression.Name(endName), expression.Value(stamp(until)))
}

// linkPlace says where the row of a link lies. A link of the very case that
// changes needs no look; one that is nowhere gets a place at which every
// condition on it fails.
func (t *transaction) linkPlace(ctx context.Context, change casework.Change, ref casework.LinkRef) key {
	ofCase := linkKey(casework.CaseKey(ref.Owner), ref.ID)
	if change.AboutCase() && ref.Owner == change.File.Case.ID {
		return ofCase
	}
	at, _, err := t.store.linkRow(ctx, ref.Owner, ref.ID)
	if errors.Is(err, casework.ErrNotFound) {
		return ofCase
	}
	t.fault = errors.Join(t.fault, err)
	return at
}

// linkRow reads the row of a link and says where it lies. Whether the owner is
// a case or a mail only shows in the table, so a case is tried first.
func (s *Store) linkRow(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (at key, row keptLinkRow, err error) {
	at = linkKey(casework.CaseKey(owner), id)
	err = s.get(ctx, s.Cases, at, &row)
	if !errors.Is(err, casework.ErrNotFound) {
		return at, row, err
	}
	var leads ownerRow
	if err := s.get(ctx, s.Cases, ownerKey(owner), &leads); err != nil {
		return key{}, keptLinkRow{}, err
	}
	if !strings.HasPrefix(leads.PK, mailPrefix) {
		return key{}, keptLinkRow{}, casework.ErrNotFound
	}
	at.pk = leads.PK
	err = s.get(ctx, s.Cases, at, &row)
	return at, row, err
}

// ownerRow leads from the owner of a link to the mail it is about.
type ownerRow struct {
	PK string `dynamodbav:"of"`
}
