// Command sweep is the function that finds what an event lost or a crash left
// undone, and drives it again. It stores where it has looked, and decides
// nothing about a case.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/sweep"
	"polarweb.nl/inzage/internal/relay"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.MailBucket, config.IntakeFunction, config.DispatchFunction)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	objects := s3.NewFromConfig(env.AWS(config.S3))
	functions := awslambda.NewFromConfig(env.AWS(config.Lambda))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, PutItem: db.PutItem, Query: db.Query},
		Cases: env.Get(config.CasesTable),
	}
	handler := sweep.Handler{
		Sweeping: casework.Sweeping{
			Place: env.Place(), Due: store, Mails: store,
			Raw: vault.Mail{Bucket: env.Get(config.MailBucket), ListObjectsV2: objects.ListObjectsV2},
			Drive: relay.Relay{
				Invoke: functions.Invoke,
				Names: map[string]string{
					casework.FunctionIntake:   env.Get(config.IntakeFunction),
					casework.FunctionDispatch: env.Get(config.DispatchFunction),
				},
			}.Drive,
		},
		Clock: env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
