// Package casestore keeps cases, their history and the outbox in DynamoDB, and
// the keys that open them in a second table. It implements casework's ports.
//
// # The Cases table
//
//	CASE#<id>        CASE                 summary; seq counts the history, rev the decisions
//	CASE#<id>        EVENT#<seq>          one event: its bytes, and the hash of the one before
//	CASE#<id>        LETTER#<kind>#<n>    one letter of the outbox
//	CASE#<id>        LINK#<jti>           what a signed link may do; its code, ticket and tries; whether it was used
//	CASE#<id>        TASK#<system>#<right>  what one system holds for one right; its text is sealed
//	CASE#<id>        FILE#<kind>#<id>     one uploaded or mailed file; its name is sealed
//	CASE#<id>        PARCEL#<kind>#<id>   one file that parcel makes: a package, or a package opened for a download
//	MAIL#<ses id>    MAIL                 claim and outcome of an incoming mail; when its raw mail is to be removed
//	MAIL#<ses id>    LETTER#… LINK#…      letters to staff about that mail
//	OWNER#<id>       OWNER                leads from a link's owner to the mail
//	NUMBER#<number>  NUMBER               leads to the case
//	THREAD#<token>   THREAD               leads to the case
//	SENT#<ses id>    SENT                 leads from SES's id to the letter
//	MSG#<hash>       MSG                  the case the same message opened or joined
//	RAW#<sha256>     RAW                  the case the same bytes opened or joined
//	SENDER#<hash>    CASE#<id>            the cases of one sender
//	SENDER#<hash>    LATEST#<answered>    which case further mail of that day joins
//	STAFF#<actor>    STAFF                a member of staff: last codes used, wrong ones, sealed secret
//	SESSION#<hash>   SESSION              a stay at the desk, by the hash of the id in the cookie
//	COUNTER#<year>   COUNTER              the last case number taken
//	LEDGER#PENDING#<shard>  <leaf hash>   leaves to be gathered into the ledger
//	LEDGER#EXPIRED   <leaf hash>          leaves whose event was removed with its case
//	SWEEP            OLDEST               the day from which sweep has work
//	REMIND           OLDEST               the same for remind; PURGE for purge
//
// Index due (sparse) holds rows with due = "due#<day>#<shard>" and dueAt: letters,
// mails, cases, files of cases and sessions. Index open holds the open cases by
// the day they are planned for.
//
// # The Keys table
//
//	CASE#<id>        wrapped data key of a case; purging the case deletes it
//	STAFF#<actor>    wrapped data key of the secret of a member's codes
//	REGISTER#<year>  wrapped key of the year's sender hashes
//
// What names a person is sealed under the owner's key, for the very row that
// holds it, before it leaves the process. In clear stand only numbers, kinds,
// states, dates and keyed hashes.
package casestore

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
)

// API is the part of DynamoDB the store calls. It holds method values and no
// client: a client that becomes an interface keeps all of its three hundred
// operations in the binary. A function fills in what its acts use, so that what
// it links is what its role allows.
type API struct {
	GetItem            func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem            func(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem         func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem         func(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query              func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems func(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// NewAPI takes all of them from a client, for what uses all of them: the desk,
// the operator's commands and the local stack.
func NewAPI(client *dynamodb.Client) API {
	return API{
		GetItem:            client.GetItem,
		PutItem:            client.PutItem,
		UpdateItem:         client.UpdateItem,
		DeleteItem:         client.DeleteItem,
		Query:              client.Query,
		TransactWriteItems: client.TransactWriteItems,
	}
}

// Store is the two tables. Keys, Sealer and Random are needed by acts that open
// or seal personal fields.
type Store struct {
	API    API
	Cases  string          // name of the Cases table
	Keys   string          // name of the Keys table
	Sealer casework.Sealer // makes and opens data keys
	Random io.Reader       // nonces
}

// get reads one row of a table into out, consistently; casework.ErrNotFound
// when it is not there.
func (s *Store) get(ctx context.Context, table string, k key, out any) error {
	answer, err := s.API.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &table,
		Key:            k.attributes(),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return reading(k, err)
	}
	if answer.Item == nil {
		return casework.ErrNotFound
	}
	if err := attributevalue.UnmarshalMap(answer.Item, out); err != nil {
		return reading(k, err)
	}
	return nil
}

// query reads all rows of a query, page by page.
func (s *Store) query(ctx context.Context, input *dynamodb.QueryInput) ([]map[string]types.AttributeValue, error) {
	var rows []map[string]types.AttributeValue
	for {
		page, err := s.API.Query(ctx, input)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Items...)
		if page.LastEvaluatedKey == nil {
			return rows, nil
		}
		input.ExclusiveStartKey = page.LastEvaluatedKey
	}
}
