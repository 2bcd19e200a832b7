package tables_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/local/tables/tablestest"
	"polarweb.nl/inzage/infra/template"
)

// cases is a table with an index, a stream and an expiry.
func cases() tables.Named {
	return tables.Named{Name: "cases", Shape: template.Table{
		Keys:       template.Keys{Hash: "pk", Range: "sk"},
		Attributes: []template.Attribute{{Name: "pk", Type: "S"}, {Name: "sk", Type: "S"}, {Name: "due", Type: "S"}, {Name: "dueAt", Type: "N"}},
		Indexes: []template.Index{{
			Name: "due", Keys: template.Keys{Hash: "due", Range: "dueAt"},
			Projection: "INCLUDE", Included: []string{"kind", "at"},
		}},
		StreamView: "KEYS_ONLY", TTLAttribute: "expires",
	}}
}

// put writes one row that is in the index too.
func put(t *testing.T, client *dynamodb.Client, pk string) {
	t.Helper()
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("cases"), Item: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberS{Value: "CASE"},
		"due": &types.AttributeValueMemberS{Value: "due#0"}, "dueAt": &types.AttributeValueMemberN{Value: "7"},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// count counts the rows of the index.
func count(t *testing.T, client *dynamodb.Client) int32 {
	t.Helper()
	out, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("cases"), IndexName: aws.String("due"), KeyConditionExpression: aws.String("due = :d"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":d": &types.AttributeValueMemberS{Value: "due#0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Count
}

func TestEnsureCreatesTheTableWithIndexStreamAndExpiry(t *testing.T) {
	db := tablestest.Start(t, os.Getenv("DYNOXIDE"))
	if err := tables.Ensure(t.Context(), db.Client(), []tables.Named{cases()}); err != nil {
		t.Fatal(err)
	}
	put(t, db.Client(), "CASE#1")
	if n := count(t, db.Client()); n != 1 {
		t.Errorf("the index has %d rows, want 1", n)
	}
	arn, err := tables.StreamARN(t.Context(), db.Client(), "cases")
	if err != nil || !strings.Contains(arn, "cases/stream/") {
		t.Errorf("stream %q, %v", arn, err)
	}
	ttl, err := db.Client().DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("cases")})
	if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "expires" {
		t.Errorf("expiry %+v, %v", ttl, err)
	}
}

func TestRowsAndTablesSurviveARestart(t *testing.T) {
	options := tablestest.Options(t, os.Getenv("DYNOXIDE"))
	for round := range int32(2) {
		db, err := tables.Start(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		if err := tables.Ensure(t.Context(), db.Client(), []tables.Named{cases()}); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if n := count(t, db.Client()); n != round {
			t.Errorf("round %d: %d rows", round, n)
		}
		put(t, db.Client(), "CASE#1")
		db.Stop()
	}
}

func TestTableThatDiffersFromTheTemplateIsRefused(t *testing.T) {
	db := tablestest.Start(t, os.Getenv("DYNOXIDE"))
	if err := tables.Ensure(t.Context(), db.Client(), []tables.Named{cases()}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		change  func(*template.Table)
		message string
	}{
		{"another sort key", func(s *template.Table) { s.Keys.Range = "due" }, "it lacks: keys pk HASH, due RANGE"},
		{"no index", func(s *template.Table) { s.Indexes = nil }, "not in the template: index due"},
		{"another projection", func(s *template.Table) { s.Indexes[0].Projection = "ALL" }, "it lacks: index due (due HASH, dueAt RANGE) ALL"},
		{"another attribute type", func(s *template.Table) { s.Attributes[3].Type = "S" }, "it lacks: attribute dueAt S"},
		{"another stream view", func(s *template.Table) { s.StreamView = "NEW_IMAGE" }, "it lacks: stream NEW_IMAGE"},
		{"another expiry", func(s *template.Table) { s.TTLAttribute = "until" }, "it lacks: expiry by until"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			table := cases()
			test.change(&table.Shape)
			err := tables.Ensure(t.Context(), db.Client(), []tables.Named{table})
			if err == nil || !strings.Contains(err.Error(), test.message) || !strings.Contains(err.Error(), "table cases") {
				t.Errorf("Ensure: %v, want %q", err, test.message)
			}
		})
	}
	same := cases()
	same.Shape.Indexes[0].Included = []string{"at", "kind"}
	if err := tables.Ensure(t.Context(), db.Client(), []tables.Named{same}); err != nil {
		t.Errorf("the order of included attributes has no meaning, yet: %v", err)
	}
}

func TestTableWithoutStreamHasNoStreamName(t *testing.T) {
	db := tablestest.Start(t, os.Getenv("DYNOXIDE"))
	keys := tables.Named{Name: "keys", Shape: template.Table{Keys: template.Keys{Hash: "pk"}, Attributes: []template.Attribute{{Name: "pk", Type: "S"}}}}
	if err := tables.Ensure(t.Context(), db.Client(), []tables.Named{keys}); err != nil {
		t.Fatal(err)
	}
	if arn, err := tables.StreamARN(t.Context(), db.Client(), "keys"); err == nil {
		t.Errorf("stream %q", arn)
	}
	if _, err := tables.StreamARN(t.Context(), db.Client(), "absent"); err == nil {
		t.Error("an absent table has a stream")
	}
}

func TestAbsentDatabaseNamesBothWaysOut(t *testing.T) {
	_, err := tables.Start(t.Context(), tables.Options{Root: t.TempDir()})
	if !errors.Is(err, tables.ErrAbsent) {
		t.Fatalf("Start: %v", err)
	}
	for _, way := range []string{"npm ci", "linux-x64", "DYNAMODB_ENDPOINT"} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%q does not name %s", err, way)
		}
	}
}

func TestGivenEndpointIsUsedAndNothingIsStarted(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"TableNames":[]}`))
	}))
	defer server.Close()
	db, err := tables.Start(t.Context(), tables.Options{
		Endpoint: server.URL, Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		StartChild: func(string, []string) (tables.Child, error) {
			t.Error("a child was started")
			return nil, errors.New("no")
		},
	})
	if err != nil || db.Endpoint() != server.URL {
		t.Fatalf("Start: %v", err)
	}
	db.Stop()
	if db.Done() != nil {
		t.Error("an endpoint that was given cannot end")
	}
}

func TestWaitingForAnEndpointEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	_, err := tables.Start(ctx, tables.Options{
		Endpoint: server.URL, Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Start: %v", err)
	}
}

// deadChild is a program that ended as soon as it was started.
type deadChild struct{ done chan struct{} }

func (c deadChild) Done() <-chan struct{} { return c.done }
func (deadChild) Err() error              { return errors.New("exit status 3") }
func (deadChild) Stop(time.Duration)      {}

func TestProgramThatEndsAtOnceIsStartedOnOtherPortsAndThenGivenUp(t *testing.T) {
	root := t.TempDir()
	place := filepath.Join(root, filepath.FromSlash(tables.Binary))
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(place, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ports := map[string]bool{}
	_, err := tables.Start(t.Context(), tables.Options{
		Root: root, Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		StartChild: func(_ string, args []string) (tables.Child, error) {
			ports[args[4]] = true
			done := make(chan struct{})
			close(done)
			return deadChild{done}, nil
		},
	})
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || len(ports) < 2 {
		t.Errorf("Start: %v after ports %v", err, ports)
	}
}
