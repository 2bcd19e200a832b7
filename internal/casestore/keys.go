package casestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
)

// keyRow is one wrapped data key. It is put once and never updated; deleting
// it makes all that its owner sealed unreadable.
type keyRow struct {
	Wrapped []byte `dynamodbav:"wrapped"`
}

// dataKey opens the key of an owner; casework.ErrNotFound when it was never
// made or has been destroyed.
func (s *Store) dataKey(ctx context.Context, owner string) (casework.DataKey, error) {
	var row keyRow
	if err := s.get(ctx, s.Keys, dataKeyKey(owner), &row); err != nil {
		return casework.DataKey{}, err
	}
	return s.Sealer.OpenKey(ctx, owner, row.Wrapped)
}

// registerKey gives the key of a year's sender hashes and makes it when the
// year is new. Of two makers the first wins, and both use its key.
func (s *Store) registerKey(ctx context.Context, year int) (casework.DataKey, error) {
	owner := registerOwner(year)
	found, err := s.dataKey(ctx, owner)
	if !errors.Is(err, casework.ErrNotFound) {
		return found, err
	}
	made, err := s.Sealer.NewKey(ctx, owner)
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("making the register key of %d: %w", year, err)
	}
	_, err = s.API.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &s.Keys,
		Item:                s.keyItem(owner, made),
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	})
	var exists *types.ConditionalCheckFailedException
	if errors.As(err, &exists) {
		return s.dataKey(ctx, owner)
	}
	if err != nil {
		return casework.DataKey{}, fmt.Errorf("storing the register key of %d: %w", year, err)
	}
	return made, nil
}

// keyItem gives the row of a wrapped key.
func (s *Store) keyItem(owner string, dataKey casework.DataKey) map[string]types.AttributeValue {
	item := dataKeyKey(owner).attributes()
	item["wrapped"] = &types.AttributeValueMemberB{Value: dataKey.Wrapped()}
	return item
}
