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
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/desk"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.MailBucket, config.DataKey, config.Stage, config.StaffLinkKey, config.BaseURL)
	if err != nil {
		log.Fatal(err)
	}
	staff := env.LinkKeys(config.StaffLinkKey)
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	store := &casestore.Store{
		API: casestore.NewAPI(db), Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt},
	}
	objects := s3.NewFromConfig(env.AWS(config.S3))
	signing := s3.NewPresignClient(objects)
	bucket, mail := env.Get(config.VaultBucket), vault.Mail{Bucket: env.Get(config.MailBucket), GetObject: objects.GetObject}
	texts := vault.Bodies{Bucket: bucket, GetObject: objects.GetObject, PutObject: objects.PutObject, DeleteObject: objects.DeleteObject}
	handling := casework.Handling{
		Answering: casework.Answering{Place: env.Place(), Rules: env.Rules, ReadTasks: store.ReadTasks, ReadBody: texts.Get, Enclosures: store.EnclosuresOf},
		Cases:     store, Letters: store, Bodies: texts, Enclosure: store.EnclosureOf,
		SigningIn: casework.SigningIn{Random: env.Random, Rules: env.Rules, Cases: store, Letters: store, Staff: store, Sessions: store, CodeAt: stepup.CodeAt},
		Files:     vault.Files{Bucket: bucket, GetObject: objects.GetObject, DeleteObject: objects.DeleteObject}, Preview: letter.Composer{Profile: env.Profile, BaseURL: env.Get(config.BaseURL)}.Preview,
	}
	pages, err := desk.New(desk.Desk{
		Verify:   keyring.Verifier{Stage: env.Get(config.Stage), StaffKeys: staff.Keys, VerifyMac: keys.VerifyMac}.Verify,
		Handling: handling, Reviewing: casework.Reviewing{Handling: handling}, SigningIn: handling.SigningIn,
		Reading:    casework.Reading{Answering: handling.Answering, Cases: store, OpenCases: store.OpenCases, CaseOfNumber: store.CaseOfNumber, OpenHistory: store.OpenHistory},
		SignUpload: web.Uploads(vault.Uploads{Bucket: bucket, Presign: signing.PresignPostObject}.Form, env.Get(config.BaseURL)),
		SignMail:   desk.Mails(vault.Downloads{Bucket: mail.Bucket, Presign: signing.PresignGetObject}.Link, vault.RawPrefix),
		Originals:  casework.Originals{Place: env.Place(), Rules: env.Rules, Cases: store, Letters: store, Mails: store, SigningIn: handling.SigningIn, MailOf: store.MailOf, OpenRaw: mail.Open},
		Rules:      env.Rules, Clock: env.Clock, Log: env.Log,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(httpapi.Adapt(pages))
}
