// Command desk is the function behind the pages of staff. It can check a link
// and cannot make one, and it sends nothing to anybody.
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
	"polarweb.nl/inzage/internal/events/httpapi"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/letter"
	"polarweb.nl/inzage/internal/stepup"
	"polarweb.nl/inzage/internal/vault"
	"polarweb.nl/inzage/internal/web/desk"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.DataKey, config.Stage, config.StaffLinkKey, config.BaseURL)
	if err != nil {
		log.Fatal(err)
	}
	staff, err := env.LinkKeys(config.StaffLinkKey)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	store := &casestore.Store{
		API:   casestore.NewAPI(db),
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt},
	}
	bucket := s3.NewFromConfig(env.AWS(config.S3))
	texts := vault.Bodies{
		Bucket: env.Get(config.VaultBucket), GetObject: bucket.GetObject, PutObject: bucket.PutObject, DeleteObject: bucket.DeleteObject,
	}
	handling := casework.Handling{
		Answering: casework.Answering{Place: env.Place(), Rules: env.Rules, ReadTasks: store.ReadTasks, ReadBody: texts.Get},
		Cases:     store, Letters: store, Bodies: texts,
		SigningIn: casework.SigningIn{Random: env.Random, Rules: env.Rules, Cases: store, Letters: store, Staff: store, Sessions: store, CodeAt: stepup.CodeAt},
		Preview:   letter.Composer{Profile: env.Profile, BaseURL: env.Get(config.BaseURL)}.Preview,
	}
	pages, err := desk.New(desk.Desk{
		Verify:   keyring.Verifier{Stage: env.Get(config.Stage), StaffKeys: staff.Keys, VerifyMac: keys.VerifyMac}.Verify,
		Handling: handling, Reviewing: casework.Reviewing{Handling: handling}, SigningIn: handling.SigningIn,
		Reading: casework.Reading{Answering: handling.Answering, Cases: store, OpenCases: store.OpenCases, CaseOfNumber: store.CaseOfNumber, OpenHistory: store.OpenHistory},
		Rules:   env.Rules, Clock: env.Clock, Log: env.Log,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(httpapi.Adapt(pages))
}
