package contract

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go/middleware"

	"polarweb.nl/inzage/infra/local/kms"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/local/tables/tablestest"
	"polarweb.nl/inzage/infra/template"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/keyring"
)

// database starts the endpoint the tests run against.
func database(t *testing.T) *tables.Database {
	t.Helper()
	options := tablestest.Options(t, os.Getenv("DYNOXIDE"))
	options.Endpoint = os.Getenv("DYNAMODB_ENDPOINT")
	db, err := tables.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	return db
}

// declared gives the template's tables, under names of a test's own.
func declared(t *testing.T, prefix string) (named []tables.Named, cases, keys string) {
	t.Helper()
	read, err := template.Read("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shapes, err := read.Tables()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"CasesTable": prefix + "-cases", "KeysTable": prefix + "-keys"}
	for _, shape := range shapes {
		named = append(named, tables.Named{Name: names[shape.LogicalID], Shape: shape})
	}
	return named, names["CasesTable"], names["KeysTable"]
}

// sealer gives the real keyring over the local KMS.
func sealer(t *testing.T) keyring.Sealer {
	t.Helper()
	endpoint, err := kms.New(kms.Options{
		StateDir: t.TempDir(), Region: "eu-west-1", Account: "000000000000",
		Keys:   []kms.Key{{ID: "data", Spec: kms.AES256}},
		Lookup: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	client := awskms.New(awskms.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	return keyring.Sealer{Key: "data", GenerateDataKey: client.GenerateDataKey, Decrypt: client.Decrypt}
}

// newStore makes empty tables and the store over them.
func newStore(t *testing.T, client *dynamodb.Client, prefix string) *casestore.Store {
	t.Helper()
	named, cases, keys := declared(t, prefix)
	if err := tables.Ensure(t.Context(), client, named); err != nil {
		t.Fatal(err)
	}
	return &casestore.Store{
		API: casestore.NewAPI(client), Cases: cases, Keys: keys, Sealer: sealer(t), Random: rand.Reader,
	}
}

func TestStoreInDynamoDBKeepsThePortsPromises(t *testing.T) {
	db := database(t)
	var made atomic.Int64
	caseworktest.Conform(t, func(t *testing.T) caseworktest.Ports {
		store := newStore(t, db.Client(), fmt.Sprintf("conform-%d", made.Add(1)))
		return caseworktest.Ports{
			Cases: store, Letters: store, Mails: store, Numbers: store, Known: store, Due: store, Sealer: store.Sealer,
			Staff: store, Enrol: store.Enrol, Remove: store.Remove, Sessions: store,
			OpenCases: store.OpenCases, CaseOfNumber: store.CaseOfNumber, OpenHistory: store.OpenHistory,
			ReadTasks: store.ReadTasks, EnclosureOf: store.EnclosureOf, EnclosuresOf: store.EnclosuresOf,
			Leftovers: store.Leftovers, Expire: store.Expire, Unlink: store.Unlink,
		}
	})
}

// cancelled makes every transaction of a client fail as DynamoDB does when
// another one touches the same rows, which the local endpoint never does.
func cancelled(failure error) func(*dynamodb.Options) {
	fail := middleware.FinalizeMiddlewareFunc("fail", func(
		ctx context.Context, input middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if middleware.GetOperationName(ctx) == "TransactWriteItems" {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, failure
		}
		return next.HandleFinalize(ctx, input)
	})
	return func(options *dynamodb.Options) {
		options.APIOptions = append(options.APIOptions, func(stack *middleware.Stack) error {
			return stack.Finalize.Add(fail, middleware.Before)
		})
	}
}

func TestTransactionConflictIsAConflict(t *testing.T) {
	db := database(t)
	reason := func(code string) types.CancellationReason { return types.CancellationReason{Code: aws.String(code)} }
	for name, failure := range map[string]error{
		"one row in another transaction": &types.TransactionCanceledException{
			CancellationReasons: []types.CancellationReason{reason("TransactionConflict")},
		},
		"the whole call": &types.TransactionConflictException{},
	} {
		t.Run(name, func(t *testing.T) {
			client := dynamodb.New(db.Client().Options(), cancelled(failure))
			store := &casestore.Store{API: casestore.NewAPI(client), Cases: "none", Keys: "none"}
			mail := dsr.Mail{ID: "mail-1", State: dsr.MailOrdinary}
			if err := store.Commit(t.Context(), casework.Change{Mail: &mail}); !errors.Is(err, casework.ErrConflict) {
				t.Fatalf("got %v, want ErrConflict", err)
			}
		})
	}
}
