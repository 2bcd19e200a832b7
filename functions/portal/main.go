// Command portal is the function that shows data subjects the pages behind
// their links. It can check a link and cannot make one.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/httpapi"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/web/portal"
)

func main() {
	env, err := config.Load(config.CasesTable, config.Stage, config.SubjectLinkKey)
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
		API:   casestore.API{GetItem: db.GetItem, Query: db.Query},
		Cases: env.Get(config.CasesTable),
	}
	pages, err := portal.New(portal.Portal{
		Links:     keyring.Verifier{Stage: env.Get(config.Stage), SubjectKeys: subject.Keys, VerifyMac: keys.VerifyMac},
		Following: casework.Following{Cases: store, Letters: store},
		Rules:     env.Rules,
		Clock:     env.Clock, Log: env.Log,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(httpapi.Adapt(pages))
}
