package casestore

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Letter implements casework.Letters.
func (s *Store) Letter(ctx context.Context, ref dsr.LetterRef) (dsr.Letter, error) {
	var row letterRow
	if err := s.get(ctx, s.Cases, letterKey(ref), &row); err != nil {
		return dsr.Letter{}, err
	}
	return row.letter(ref)
}

// Claim implements casework.Letters: the letter's lease and the row of its
// link are one transaction, so that no link leaves without a row.
func (s *Store) Claim(ctx context.Context, prior, letter dsr.Letter) error {
	t := s.transaction()
	t.moveLetter(casework.LetterMove{Prior: prior, Letter: letter})
	if prior.Link.ID != letter.Link.ID {
		at := key{ownerPK(letter.Ref), linkPrefix + letter.Link.ID.String()}
		t.putNew(onLink, at, newLinkRow(letter.Link))
	}
	return t.commit(ctx)
}

// unmoved is the condition that a letter still stands as it was read.
func unmoved(prior dsr.Letter) expression.ConditionBuilder {
	return expression.Name("state").Equal(expression.Value(string(prior.State))).
		And(expression.Name("until").Equal(expression.Value(stamp(prior.Until))))
}

// Link implements casework.Letters.
func (s *Store) Link(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (dsr.Link, error) {
	_, row, err := s.linkRow(ctx, owner, id)
	if err != nil {
		return dsr.Link{}, err
	}
	return row.link()
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

// linkRow reads the row of a link and says where it lies. Whether the owner is
// a case or a mail only shows in the table, so a case is tried first.
func (s *Store) linkRow(ctx context.Context, owner dsr.OwnerID, id dsr.LinkID) (at key, row linkRow, err error) {
	at = key{casework.CaseKey(owner), linkPrefix + id.String()}
	err = s.get(ctx, s.Cases, at, &row)
	if !errors.Is(err, casework.ErrNotFound) {
		return at, row, err
	}
	var leads ownerRow
	if err := s.get(ctx, s.Cases, ownerKey(owner), &leads); err != nil {
		return key{}, linkRow{}, err
	}
	if !strings.HasPrefix(leads.PK, mailPrefix) {
		return key{}, linkRow{}, casework.ErrNotFound
	}
	at.pk = leads.PK
	err = s.get(ctx, s.Cases, at, &row)
	return at, row, err
}

// ownerRow leads from the owner of a link to the mail it is about.
type ownerRow struct {
	PK string `dynamodbav:"of"`
}

// notThere is the condition under which a row is put for the first time.
func notThere() *string { return aws.String("attribute_not_exists(pk)") }
