// Command sweep is the function that finds what an event lost or a crash left
// undone, and drives it again. It stores where it has looked, and decides
// nothing about a case.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/sweep"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/relay"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.MailBucket, config.VaultBucket, config.CheckpointBucket, config.CheckpointKey,
		config.Stage, config.IntakeFunction, config.DispatchFunction, config.IDCheckFunction, config.ParcelFunction)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	objects := s3.NewFromConfig(env.AWS(config.S3))
	functions := awslambda.NewFromConfig(env.AWS(config.Lambda))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	signer := keyring.Signer{
		Key: env.Get(config.CheckpointKey), Origin: env.Profile.LedgerOrigin(env.Get(config.Stage)),
		GetPublicKey: keys.GetPublicKey, Sign: keys.Sign,
	}
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, PutItem: db.PutItem, UpdateItem: db.UpdateItem, DeleteItem: db.DeleteItem, Query: db.Query, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable),
	}
	lambda.Start(sweep.Handler{
		Sweeping: casework.Sweeping{
			Place: env.Place(), Rules: env.Rules, Cases: store, Due: store, Mails: store, Letters: store, Sessions: store,
			Raw:   vault.Mail{Bucket: env.Get(config.MailBucket), ListObjectsV2: objects.ListObjectsV2, DeleteObject: objects.DeleteObject},
			Files: vault.Files{Bucket: env.Get(config.VaultBucket), ListObjectsV2: objects.ListObjectsV2},
			Drive: relay.Relay{
				Invoke: functions.Invoke, Names: map[string]string{
					casework.FunctionIntake: env.Get(config.IntakeFunction), casework.FunctionDispatch: env.Get(config.DispatchFunction),
					casework.FunctionIDCheck: env.Get(config.IDCheckFunction), casework.FunctionParcel: env.Get(config.ParcelFunction),
				},
			}.Drive,
		},
		Gathering: sweep.Gathering{
			Ledger: store, Origin: signer.Origin, Checkpoint: store.Checkpoint, Stored: store.Stored, Signer: signer.Open,
			Keep: vault.Checkpoints{Bucket: env.Get(config.CheckpointBucket), PutObject: objects.PutObject}.Keep,
		},
		Clock: env.Clock, Log: env.Log,
	}.Handle)
}
