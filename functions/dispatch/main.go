// Command dispatch is the function that sends the letters of the outbox, once
// each. It alone mints links and hands mail to SES.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ses"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/events/dispatch"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/letter"
	"polarweb.nl/inzage/internal/postoffice"
	"polarweb.nl/inzage/internal/vault"
)

func main() {
	env, err := config.Load(config.CasesTable, config.KeysTable, config.DataKey, config.Stage, config.BaseURL,
		config.StaffLinkKey, config.SubjectLinkKey, config.ConfigurationSet, config.MailBucket)
	if err != nil {
		log.Fatal(err)
	}
	staff, subject := env.LinkKeys(config.StaffLinkKey), env.LinkKeys(config.SubjectLinkKey)
	db := dynamodb.NewFromConfig(env.AWS(config.DynamoDB))
	keys := kms.NewFromConfig(env.AWS(config.KMS))
	store := &casestore.Store{
		API:   casestore.API{GetItem: db.GetItem, TransactWriteItems: db.TransactWriteItems},
		Cases: env.Get(config.CasesTable), Keys: env.Get(config.KeysTable),
		Sealer: keyring.Sealer{Key: env.Get(config.DataKey), Decrypt: keys.Decrypt}, Random: env.Random,
	}
	letters := letter.Composer{Profile: env.Profile, BaseURL: env.Get(config.BaseURL)}
	handler := dispatch.Handler{
		Sending: casework.Sending{
			Recording: casework.Recording{Place: env.Place(), Rules: env.Rules, Cases: store, Letters: store},
			Mails:     store,
			Mint: keyring.Minter{
				Stage: env.Get(config.Stage), GenerateMac: keys.GenerateMac,
				StaffKid: staff.Kid, StaffKey: staff.Mints(), SubjectKid: subject.Kid, SubjectKey: subject.Mints(),
			}.Mint,
			Compose: letters.Compose, Forward: letters.Forward, OpenRaw: vault.Mail{Bucket: env.Get(config.MailBucket), GetObject: s3.NewFromConfig(env.AWS(config.S3)).GetObject}.Open,
			Post: postoffice.Office{
				SendRawEmail: ses.NewFromConfig(env.AWS(config.SES)).SendRawEmail,
				Source:       env.Profile.Sender.FromAddress, ConfigurationSet: env.Get(config.ConfigurationSet),
			}.Send,
		},
		Clock: env.Clock, Log: env.Log,
	}
	lambda.Start(handler.Handle)
}
