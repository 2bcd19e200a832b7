// Command portal is the function that shows data subjects the pages behind
// their links, and takes what they say there. It can check a link and cannot
// make one, and it sends nothing to anybody.
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
	"polarweb.nl/inzage/internal/vault"
	"polarweb.nl/inzage/internal/web"
	"polarweb.nl/inzage/internal/web/portal"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.DataKey, config.Stage, config.SubjectLinkKey, config.BaseURL)
	if err != nil {
		log.Fatal(err)
	}
	subject := env.LinkKeys(config.SubjectLinkKey)
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, Query: db.Query, UpdateItem: db.UpdateItem, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt},
	}
	objects := s3.NewFromConfig(env.AWS(config.S3))
	signing := s3.NewPresignClient(objects)
	texts := vault.Bodies{Bucket: env.Get(config.VaultBucket), GetObject: objects.GetObject}
	pages, err := portal.New(portal.Portal{
		Links:      keyring.Verifier{Stage: env.Get(config.Stage), SubjectKeys: subject.Keys, VerifyMac: keys.VerifyMac},
		Following:  casework.Following{Cases: store, Letters: store},
		Confirming: casework.Confirming{Place: env.Place(), Rules: env.Rules, Cases: store, Letters: store, Enclosures: store.EnclosuresOf},
		Collecting: casework.Collecting{
			Answering: casework.Answering{Place: env.Place(), Rules: env.Rules, ReadTasks: store.ReadTasks, ReadBody: texts.Get, Enclosures: store.EnclosuresOf},
			Cases:     store, Letters: store,
		},
		Uploading:  casework.Uploading{Random: env.Random, Cases: store, Letters: store},
		SignUpload: web.Uploads(vault.Uploads{Bucket: texts.Bucket, Presign: signing.PresignPostObject}.Form, env.Get(config.BaseURL)),
		Fetch:      vault.Downloads{Bucket: texts.Bucket, Presign: signing.PresignGetObject}.Link,
		Rules:      env.Rules,
		Clock:      env.Clock, Log: env.Log,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(httpapi.Adapt(pages))
}
