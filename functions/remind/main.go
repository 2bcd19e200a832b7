// Command remind is the function that tells staff when the deadline of a case
// comes near or has passed. It opens nothing and releases nothing: it writes
// down that a reminder is due, and dispatch sends it.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/remind"
)

func main() {
	env, err := config.Load(config.CasesTable)
	if err != nil {
		log.Fatal(err)
	}
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	store := &casestore.Store{
		API: casestore.API{
			GetItem: db.GetItem, PutItem: db.PutItem, Query: db.Query, TransactWriteItems: db.TransactWriteItems,
		},
		Cases: env.Get(config.CasesTable), Random: env.Random,
	}
	handler := remind.Handler{
		Reminding: casework.Reminding{Place: env.Place(), Rules: env.Rules, Cases: store, Due: store},
		Clock:     env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
