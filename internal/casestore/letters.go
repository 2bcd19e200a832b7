package casestore

import (
	"context"

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
		t.putNew(onLink, linkKey(ownerPK(letter.Ref), letter.Link.ID), newLinkRow(letter.Link))
	}
	return t.commit(ctx)
}

// unmoved is the condition that a letter still stands as it was read.
func unmoved(prior dsr.Letter) expression.ConditionBuilder {
	return expression.Name("state").Equal(expression.Value(string(prior.State))).
		And(expression.Name("until").Equal(expression.Value(stamp(prior.Until))))
}

// notThere is the condition under which a row is put for the first time.
func notThere() *string { return aws.String("attribute_not_exists(pk)") }
