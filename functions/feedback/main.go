// Command feedback is the function that writes down what SES reports about
// letters. It opens nothing that is sealed.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/feedback"
)

func main() {
	env, err := config.Load(config.CasesTable)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable),
	}
	handler := feedback.Handler{
		Recording: casework.Recording{Place: env.Place(), Rules: env.Rules, Cases: store, Letters: store},
		Clock:     env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
