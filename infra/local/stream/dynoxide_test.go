package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"polarweb.nl/inzage/infra/local/stream"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/local/tables/tablestest"
	"polarweb.nl/inzage/infra/template"
)

// start starts a database with a table whose stream shows whole items.
func start(t *testing.T, options tables.Options) (*tables.Database, string) {
	t.Helper()
	db, err := tables.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	err = tables.Ensure(t.Context(), db.Client(), []tables.Named{{Name: "cases", Shape: template.Table{
		Keys:       template.Keys{Hash: "pk", Range: "sk"},
		Attributes: []template.Attribute{{Name: "pk", Type: "S"}, {Name: "sk", Type: "S"}},
		StreamView: "NEW_AND_OLD_IMAGES",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	arn, err := tables.StreamARN(t.Context(), db.Client(), "cases")
	if err != nil {
		t.Fatal(err)
	}
	return db, arn
}

// reader makes a streams client of a database.
func reader(db *tables.Database) *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{
		BaseEndpoint: aws.String(db.Endpoint()), Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// insert writes letters numbered from to to.
func insert(t *testing.T, db *tables.Database, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		_, err := db.Client().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("cases"), Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: fmt.Sprintf("CASE#%d", n%7)},
			"sk": &types.AttributeValueMemberS{Value: fmt.Sprintf("LETTER#%04d", n)},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestRealStreamIsHandedOnOnceAcrossARestart(t *testing.T) {
	options := tablestest.Options(t, os.Getenv("DYNOXIDE"))
	checkpoint := filepath.Join(t.TempDir(), "checkpoint.json")
	seen := map[string]int{}
	for round := range 2 {
		db, arn := start(t, options)
		p, err := stream.New(stream.Options{
			Reader: reader(db), StreamARN: arn, Region: "eu-west-1", Checkpoint: checkpoint,
			Subscribers: []stream.Subscriber{{Function: "dispatch", Filters: letters(t), BatchSize: 10}},
			Invoke: func(_ context.Context, _ string, payload []byte) error {
				keys, err := sortKeys(payload)
				for _, key := range keys {
					seen[key]++
				}
				return err
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		insert(t, db, round*60+1, round*60+60)
		if err := p.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(seen) != (round+1)*60 {
			t.Errorf("round %d: %d letters were handed on", round, len(seen))
		}
		db.Stop()
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s was handed on %d times", key, n)
		}
	}
}

func TestRecordHasTheShapeThatLambdaGives(t *testing.T) {
	db, arn := start(t, tablestest.Options(t, os.Getenv("DYNOXIDE")))
	item := map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "CASE#1"}, "sk": &types.AttributeValueMemberS{Value: "LETTER#1"},
		"n": &types.AttributeValueMemberN{Value: "7"}, "b": &types.AttributeValueMemberB{Value: []byte("x")},
		"yes": &types.AttributeValueMemberBOOL{Value: true}, "none": &types.AttributeValueMemberNULL{Value: true},
		"ss": &types.AttributeValueMemberSS{Value: []string{"a"}}, "ns": &types.AttributeValueMemberNS{Value: []string{"1"}},
		"bs": &types.AttributeValueMemberBS{Value: [][]byte{[]byte("y")}},
		"l":  &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: "z"}}},
		"m":  &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: "v"}}},
	}
	if _, err := db.Client().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("cases"), Item: item}); err != nil {
		t.Fatal(err)
	}
	var event events.DynamoDBEvent
	p, err := stream.New(stream.Options{
		Reader: reader(db), StreamARN: arn, Region: "eu-west-1", Checkpoint: filepath.Join(t.TempDir(), "checkpoint.json"),
		Subscribers: []stream.Subscriber{{Function: "dispatch", BatchSize: 10}},
		Invoke:      func(_ context.Context, _ string, payload []byte) error { return json.Unmarshal(payload, &event) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(event.Records) != 1 {
		t.Fatalf("%d records", len(event.Records))
	}
	r := event.Records[0]
	if r.EventName != "INSERT" || r.EventSource != "aws:dynamodb" || r.EventSourceArn != arn || r.AWSRegion != "eu-west-1" ||
		r.Change.SequenceNumber == "" || r.Change.StreamViewType != "NEW_AND_OLD_IMAGES" || r.Change.OldImage != nil {
		t.Errorf("record %+v", r)
	}
	got := r.Change.NewImage
	if got["n"].Number() != "7" || string(got["b"].Binary()) != "x" || !got["yes"].Boolean() || !got["none"].IsNull() ||
		got["ss"].StringSet()[0] != "a" || got["ns"].NumberSet()[0] != "1" || string(got["bs"].BinarySet()[0]) != "y" ||
		got["l"].List()[0].String() != "z" || got["m"].Map()["k"].String() != "v" || r.Change.Keys["pk"].String() != "CASE#1" {
		t.Errorf("image %+v", got)
	}
}
