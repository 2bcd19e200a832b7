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
	"polarweb.nl/inzage/internal/web/portal"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.VaultBucket, config.DataKey, config.Stage, config.SubjectLinkKey)
	if err != nil {
		log.Fatal(err)
	}
	subject, err := env.LinkKeys(config.SubjectLinkKey)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, Query: db.Query, UpdateItem: db.UpdateItem, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable), Random: env.Random,
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt},
	}
	texts := vault.Bodies{Bucket: env.Get(config.VaultBucket), GetObject: s3.NewFromConfig(env.AWS(config.S3)).GetObject}
	pages, err := portal.New(portal.Portal{
		Links:      keyring.Verifier{Stage: env.Get(config.Stage), SubjectKeys: subject.Keys, VerifyMac: keys.VerifyMac},
		Following:  casework.Following{Cases: store, Letters: store},
		Confirming: casework.Confirming{Place: env.Place(), Rules: env.Rules, Cases: store, Letters: store},
		Collecting: casework.Collecting{
			Answering: casework.Answering{Place: env.Place(), Rules: env.Rules, ReadTasks: store.ReadTasks, ReadBody: texts.Get},
			Cases:     store, Letters: store,
		},
		Rules: env.Rules,
		Clock: env.Clock, Log: env.Log,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(httpapi.Adapt(pages))
}
