// Command parcel is the function that looks after files too large for a page: it
// seals what staff upload, builds the package of an answer, and opens one for a
// download.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/archive"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/parcel"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.DataKey)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	objects := s3.NewFromConfig(env.AWS(config.S3))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, Query: db.Query, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt},
	}
	bucket := env.Get(config.VaultBucket)
	texts := vault.Bodies{Bucket: bucket, GetObject: objects.GetObject}
	handler := parcel.Handler{
		Packing: casework.Packing{
			Answering: casework.Answering{
				Place: env.Place(), Rules: env.Rules, ReadTasks: store.ReadTasks, ReadBody: texts.Get, Enclosures: store.EnclosuresOf,
			},
			Cases: store, Enclosure: store.EnclosureOf,
			Files: vault.Files{Bucket: bucket, GetObject: objects.GetObject, DeleteObject: objects.DeleteObject, Writing: vault.NewWriting(objects)},
			Pack:  archive.Archive{Profile: env.Profile}.Pack,
		},
		Clock: env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
