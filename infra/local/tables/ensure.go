package tables

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/infra/template"
)

// Named is a table of the template with the name it has here.
type Named struct {
	Name  string
	Shape template.Table
}

// Bounds on waiting for a new table; dynoxide has it at once, AWS takes a while.
const (
	maxLooks     = 120
	pauseOfLooks = 500 * time.Millisecond
)

// Ensure creates the tables that are absent and compares all of them with the
// template. A difference is an error: what is stored is never changed here.
func Ensure(ctx context.Context, client *dynamodb.Client, wanted []Named) error {
	for _, table := range wanted {
		if err := ensure(ctx, client, table); err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	return nil
}

// ensure does one table.
func ensure(ctx context.Context, client *dynamodb.Client, table Named) error {
	_, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table.Name})
	if absent := (*types.ResourceNotFoundException)(nil); errors.As(err, &absent) {
		err = create(ctx, client, table)
	}
	if err != nil {
		return err
	}
	found, err := awaitActive(ctx, client, table.Name)
	if err != nil {
		return err
	}
	if err := compare(lines(table.Shape), linesFound(found)); err != nil {
		return err
	}
	return ensureExpiry(ctx, client, table)
}

// create creates a table. That it is in use already is fine: two stacks may
// start on one endpoint at the same time, and the comparison follows anyway.
func create(ctx context.Context, client *dynamodb.Client, table Named) error {
	_, err := client.CreateTable(ctx, creation(table))
	if inUse := (*types.ResourceInUseException)(nil); errors.As(err, &inUse) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create it: %w", err)
	}
	return nil
}

// creation writes the template's table as a call.
func creation(table Named) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName: &table.Name, BillingMode: types.BillingModePayPerRequest,
		KeySchema: schema(table.Shape.Keys),
	}
	for _, a := range table.Shape.Attributes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(a.Name), AttributeType: types.ScalarAttributeType(a.Type),
		})
	}
	for _, i := range table.Shape.Indexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(i.Name), KeySchema: schema(i.Keys),
			Projection: &types.Projection{
				ProjectionType: types.ProjectionType(i.Projection), NonKeyAttributes: i.Included,
			},
		})
	}
	if view := table.Shape.StreamView; view != "" {
		in.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(view),
		}
	}
	return in
}

// schema writes keys as a call.
func schema(keys template.Keys) []types.KeySchemaElement {
	list := []types.KeySchemaElement{{AttributeName: aws.String(keys.Hash), KeyType: types.KeyTypeHash}}
	if keys.Range != "" {
		list = append(list, types.KeySchemaElement{AttributeName: aws.String(keys.Range), KeyType: types.KeyTypeRange})
	}
	return list
}

// awaitActive looks until a table can be used.
func awaitActive(ctx context.Context, client *dynamodb.Client, name string) (*types.TableDescription, error) {
	for range maxLooks {
		out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			return nil, fmt.Errorf("describe it: %w", err)
		}
		if out.Table.TableStatus == types.TableStatusActive {
			return out.Table, nil
		}
		if err := pause(ctx, pauseOfLooks); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("it does not become active")
}

// compare names every difference between the two descriptions.
func compare(wanted, found []string) error {
	var differences []string
	for _, line := range wanted {
		if !slices.Contains(found, line) {
			differences = append(differences, "it lacks: "+line)
		}
	}
	for _, line := range found {
		if !slices.Contains(wanted, line) {
			differences = append(differences, "not in the template: "+line)
		}
	}
	if differences == nil {
		return nil
	}
	return fmt.Errorf("it differs from template.yaml (%s); start with a new state folder, or change it by hand",
		strings.Join(differences, "; "))
}

// lines describes a table of the template, one fact per line.
func lines(t template.Table) []string {
	facts := []string{"keys " + keyLine(schema(t.Keys))}
	for _, a := range t.Attributes {
		facts = append(facts, "attribute "+a.Name+" "+a.Type)
	}
	for _, i := range t.Indexes {
		facts = append(facts, indexLine(i.Name, schema(i.Keys), i.Projection, i.Included))
	}
	if t.StreamView != "" {
		facts = append(facts, "stream "+t.StreamView)
	}
	return facts
}

// linesFound describes a table that exists, in the same words.
func linesFound(t *types.TableDescription) []string {
	facts := []string{"keys " + keyLine(t.KeySchema)}
	for _, a := range t.AttributeDefinitions {
		facts = append(facts, "attribute "+aws.ToString(a.AttributeName)+" "+string(a.AttributeType))
	}
	for _, i := range t.GlobalSecondaryIndexes {
		projection := types.Projection{}
		if i.Projection != nil {
			projection = *i.Projection
		}
		facts = append(facts, indexLine(aws.ToString(i.IndexName), i.KeySchema,
			string(projection.ProjectionType), projection.NonKeyAttributes))
	}
	if s := t.StreamSpecification; s != nil && aws.ToBool(s.StreamEnabled) {
		facts = append(facts, "stream "+string(s.StreamViewType))
	}
	return facts
}

// indexLine describes an index; the order of what it includes has no meaning.
func indexLine(name string, keys []types.KeySchemaElement, projection string, included []string) string {
	sorted := slices.Sorted(slices.Values(included))
	return strings.TrimSpace(fmt.Sprintf("index %s (%s) %s %s", name, keyLine(keys), projection, strings.Join(sorted, ",")))
}

// keyLine describes keys.
func keyLine(keys []types.KeySchemaElement) string {
	words := make([]string, 0, len(keys))
	for _, k := range keys {
		words = append(words, aws.ToString(k.AttributeName)+" "+string(k.KeyType))
	}
	return strings.Join(words, ", ")
}

// ensureExpiry switches the expiry of items on. It looks first, because AWS
// answers a second switching on with an error.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
func ensureExpiry(ctx context.Context, client *dynamodb.Client, table Named) error {
	if table.Shape.TTLAttribute == "" {
		return nil
	}
	out, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &table.Name})
	if err != nil {
		return fmt.Errorf("look at the expiry: %w", err)
	}
	if d := out.TimeToLiveDescription; d != nil && d.AttributeName != nil {
		if *d.AttributeName != table.Shape.TTLAttribute {
			return compare([]string{"expiry by " + table.Shape.TTLAttribute}, []string{"expiry by " + *d.AttributeName})
		}
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &table.Name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(table.Shape.TTLAttribute), Enabled: aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("switch the expiry on: %w", err)
	}
	return nil
}

// StreamARN gives the name of a table's stream, which the poller needs.
func StreamARN(ctx context.Context, client *dynamodb.Client, table string) (string, error) {
	out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return "", fmt.Errorf("find the stream of table %s: %w", table, err)
	}
	if out.Table.LatestStreamArn == nil {
		return "", fmt.Errorf("table %s has no stream", table)
	}
	return *out.Table.LatestStreamArn, nil
}
