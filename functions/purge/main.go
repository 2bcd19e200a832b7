// Command purge is the function that destroys what has been kept long enough:
// the key of a closed file first, then its objects and rows. It can read no file.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/purge"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	objects := s3.NewFromConfig(env.AWS(config.S3))
	store := &casestore.Store{
		API: casestore.API{
			GetItem: db.GetItem, PutItem: db.PutItem, DeleteItem: db.DeleteItem, Query: db.Query, TransactWriteItems: db.TransactWriteItems,
		},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
	}
	handler := purge.Handler{
		Purging: casework.Purging{
			Place: env.Place(), Rules: env.Rules, Cases: store, Due: store,
			Files:      vault.Files{Bucket: env.Get(config.VaultBucket), ListObjectsV2: objects.ListObjectsV2, DeleteObject: objects.DeleteObject},
			Enclosures: store.EnclosuresOf, Leftovers: store.Leftovers, Expire: store.Expire, Unlink: store.Unlink,
		},
		Clock: env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
