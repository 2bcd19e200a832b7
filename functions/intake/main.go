// Command intake is the function that takes in mail: each becomes a case, a
// message in a case, ordinary mail, or a person's to read.
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
	"polarweb.nl/inzage/internal/events/intake"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/mailroom"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.MailBucket, config.VaultBucket, config.DataKey)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	objects := s3.NewFromConfig(env.AWS(config.S3))
	sealer := keyring.Sealer{
		Key:             env.Get(config.DataKey),
		GenerateDataKey: keys.GenerateDataKey,
		Decrypt:         keys.Decrypt,
	}
	store := &casestore.Store{
		API: casestore.API{
			GetItem: db.GetItem, PutItem: db.PutItem,
			UpdateItem: db.UpdateItem, TransactWriteItems: db.TransactWriteItems,
		},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable),
		Sealer: sealer, Random: env.Random,
	}
	handler := intake.Handler{
		Receiving: casework.Receiving{
			Place: env.Place(), Rules: env.Rules,
			Cases: store, Mails: store, Numbers: store, Known: store,
			Bodies: vault.Bodies{
				Bucket:    env.Get(config.VaultBucket),
				PutObject: objects.PutObject, DeleteObject: objects.DeleteObject,
			},
			Sealer: sealer,
		},
		Raw:    vault.Mail{Bucket: env.Get(config.MailBucket), GetObject: objects.GetObject},
		Reader: mailroom.Reader{Settings: mailroom.SettingsOf(env.Profile)},
		Clock:  env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
