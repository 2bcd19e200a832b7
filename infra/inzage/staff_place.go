package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/keyring"
)

// defaultStack is the name of the stack when no flag gives another.
const defaultStack = "inzage"

// installation says where an installation lies. What the template names after
// the stack need not be given.
type installation struct {
	organisation, stack, region string

	cases, keys, dataKey string
	checkpointKey        string // for the verbs about the ledger
	dynamoDB, kms        string // endpoints; "" for those of AWS
}

// declare declares the flags that name an installation.
func (i *installation) declare(flags *flag.FlagSet) {
	flags.StringVar(&i.organisation, "organisation", defaultFile, "the organisation `file`")
	flags.StringVar(&i.stack, "stack", defaultStack, "the `name` of the CloudFormation stack")
	flags.StringVar(&i.region, "region", "", "the AWS `region` (default AWS_REGION)")
	flags.StringVar(&i.cases, "cases-table", "", "the `name` of the Cases table (default STACK-cases)")
	flags.StringVar(&i.keys, "keys-table", "", "the `name` of the Keys table (default STACK-keys)")
	flags.StringVar(&i.dataKey, "data-key", "", "id, ARN or alias of the `key` that wraps data keys (default alias/STACK-data)")
	flags.StringVar(&i.dynamoDB, "dynamodb-endpoint", "", "the `address` of DynamoDB, when it is not that of AWS (default AWS_ENDPOINT_URL_DYNAMODB)")
	flags.StringVar(&i.kms, "kms-endpoint", "", "the `address` of KMS, when it is not that of AWS (default AWS_ENDPOINT_URL_KMS)")
}

// named gives a name, or the one that follows from the stack's.
func named(name, byStack string) string {
	if name != "" {
		return name
	}
	return byStack
}

// open gives what can be done to the installation. Nothing is asked of it yet.
func (i *installation) open(random io.Reader) (roster, error) {
	i.cases, i.keys = named(i.cases, i.stack+"-cases"), named(i.keys, i.stack+"-keys")
	i.dataKey = named(i.dataKey, "alias/"+i.stack+"-data")
	tables, err := config.Operator(i.region, config.DynamoDB, i.dynamoDB)
	if err != nil {
		return roster{}, err
	}
	wrapping, err := config.Operator(i.region, config.KMS, i.kms)
	if err != nil {
		return roster{}, err
	}
	keys := kms.NewFromConfig(wrapping)
	store := &casestore.Store{
		API: casestore.NewAPI(dynamodb.NewFromConfig(tables)), Cases: i.cases, Keys: i.keys,
		Sealer: keyring.Sealer{Key: i.dataKey, GenerateDataKey: keys.GenerateDataKey, Decrypt: keys.Decrypt},
		Random: random,
	}
	return roster{member: store.Member, enrol: store.Enrol, remove: store.Remove, cases: store, open: store.OpenCases}, nil
}

// command writes out a verb about a member of staff, for the operator to copy.
func (i installation) command(verb, id string) string {
	text := "go run ./infra/inzage staff " + verb + " " + id
	if i.stack != defaultStack {
		text += " -stack " + i.stack
	}
	return text
}

// remedy adds to an error of AWS what the operator can do about it.
func (i installation) remedy(err error) error {
	var noTable *dynamodbtypes.ResourceNotFoundException
	var noKey *kmstypes.NotFoundException
	var answer smithy.APIError
	switch {
	case errors.As(err, &noTable):
		return fmt.Errorf("%w; are the tables %s and %s there? Name another stack with -stack, region with -region, or the tables with -cases-table and -keys-table",
			err, i.cases, i.keys)
	case errors.As(err, &noKey):
		return fmt.Errorf("%w; there is no key %s: give the stack's own with -data-key, as this names it: "+
			"aws cloudformation describe-stack-resource --stack-name %s --logical-resource-id DataKey", err, i.dataKey, i.stack)
	case errors.As(err, &answer) && answer.ErrorCode() == "AccessDeniedException":
		return fmt.Errorf("%w; the credentials need dynamodb:GetItem, PutItem, UpdateItem, DeleteItem and Query on %s and %s, and kms:GenerateDataKey on %s",
			err, i.cases, i.keys, i.dataKey)
	case errors.Is(err, casework.ErrConflict):
		return fmt.Errorf("%w; somebody does the same at this moment: look with %s", err, "go run ./infra/inzage staff list")
	}
	return err
}
