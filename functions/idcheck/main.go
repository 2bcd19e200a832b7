// Command idcheck is the function that looks at copies of identity documents: it
// strips what was uploaded or mailed, keeps that sealed until the verdict, and
// destroys the original at once. It alone may read one.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/idcheck"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.MailBucket, config.DataKey)
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
	writing := vault.NewWriting(objects)
	handler := idcheck.Handler{
		Inspecting: casework.Inspecting{
			Place: env.Place(), Rules: env.Rules, Cases: store, Enclosure: store.EnclosureOf, Enclosures: store.EnclosuresOf,
			Files: vault.Files{
				Bucket: env.Get(config.VaultBucket), GetObject: objects.GetObject, DeleteObject: objects.DeleteObject, Writing: writing,
			},
			Examine: idcheck.Examine,
		},
		Raw:    vault.Mail{Bucket: env.Get(config.MailBucket), GetObject: objects.GetObject, Writing: writing},
		MailOf: store.Mail,
		Clock:  env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
