package contract

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/infra/template"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// touch is one row that the store wrote or removed.
type touch struct{ action, table, pk string }

// touching lets an API note every row that it writes or removes. What IAM asks of
// a transaction is what it asks of each write in it
// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
func touching(api casestore.API, note func(touch)) casestore.API {
	put, update, remove, transact := api.PutItem, api.UpdateItem, api.DeleteItem, api.TransactWriteItems
	api.PutItem = func(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
		note(touch{"dynamodb:PutItem", *in.TableName, pkOf(in.Item)})
		return put(ctx, in, o...)
	}
	api.UpdateItem = func(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
		note(touch{"dynamodb:UpdateItem", *in.TableName, pkOf(in.Key)})
		return update(ctx, in, o...)
	}
	api.DeleteItem = func(ctx context.Context, in *dynamodb.DeleteItemInput, o ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
		note(touch{"dynamodb:DeleteItem", *in.TableName, pkOf(in.Key)})
		return remove(ctx, in, o...)
	}
	api.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		for _, item := range in.TransactItems {
			switch {
			case item.Put != nil:
				note(touch{"dynamodb:PutItem", *item.Put.TableName, pkOf(item.Put.Item)})
			case item.Update != nil:
				note(touch{"dynamodb:UpdateItem", *item.Update.TableName, pkOf(item.Update.Key)})
			case item.Delete != nil:
				note(touch{"dynamodb:DeleteItem", *item.Delete.TableName, pkOf(item.Delete.Key)})
			}
		}
		return transact(ctx, in, o...)
	}
	return api
}

// pkOf gives the partition key of a row.
func pkOf(item map[string]types.AttributeValue) string {
	pk, _ := item["pk"].(*types.AttributeValueMemberS)
	return pk.Value
}

// rights are what a policy of the template lets a role write, by table and action:
// patterns of leading keys.
func rights(t *testing.T, policy string) map[touch][]string {
	t.Helper()
	read, err := template.Read("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	resource, ok := read.Resource(policy)
	if !ok {
		t.Fatalf("the template has no %s", policy)
	}
	granted := map[touch][]string{}
	for _, statement := range resource.Properties.Path("PolicyDocument", "Statement").Items {
		table := ""
		if target, ok := statement.Get("Resource").Get("Fn::GetAtt").Plain.(string); ok {
			table, _, _ = strings.Cut(target, ".")
		}
		if items := statement.Get("Resource").Get("Fn::GetAtt").Items; len(items) > 0 {
			table, _ = items[0].Plain.(string)
		}
		keys := statement.Path("Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys").Items
		for _, action := range append(statement.Get("Action").Items, statement.Get("Action")) {
			name, _ := action.Plain.(string)
			for _, key := range keys {
				pattern, _ := key.Plain.(string)
				granted[touch{action: name, table: table}] = append(granted[touch{action: name, table: table}], pattern)
			}
		}
	}
	return granted
}

// allowed reports whether a role may touch a row.
func allowed(granted map[touch][]string, one touch, table string) bool {
	return slices.ContainsFunc(granted[touch{action: one.action, table: table}], func(pattern string) bool {
		matched, err := path.Match(pattern, one.pk)
		return err == nil && matched
	})
}

// A role that lacks one kind of row stops its function half-way, and only on AWS.
func TestPurgeTouchesOnlyRowsThatItsRoleAllows(t *testing.T) {
	b := newBook(t)
	c := b.happen(3)
	ctx := t.Context()
	letter := dsr.Letter{
		Ref: dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: c.ID, Kind: dsr.Acknowledgement, N: 1},
		To:  dsr.Addressee{Requester: true}, State: dsr.LetterWaiting, Queued: b.now,
	}
	sent := letter
	sent.State, sent.SESID = dsr.LetterPosted, "out1"
	for _, change := range []casework.Change{
		{Letters: []dsr.Letter{letter}},
		{Moves: []casework.LetterMove{{Prior: letter, Letter: sent}}},
	} {
		if err := b.store.Commit(ctx, change); err != nil {
			t.Fatal(err)
		}
	}
	var touched []touch
	b.store.API = touching(b.store.API, func(one touch) { touched = append(touched, one) })
	c.Seq, c.State = c.Seq+1, dsr.Purged
	purge := casework.Change{File: casework.File{Case: c}, Purge: true, At: b.now, Event: dsr.Event{Seq: c.Seq, Kind: dsr.FilePurged, At: b.now}}
	for _, step := range []func() error{
		func() error { return b.store.Commit(ctx, purge) },
		func() error { return b.store.Leftovers(ctx, c) },
		func() error { return b.store.MoveOldestDay(ctx, casework.FunctionPurge, "2026-03-02") },
		func() error { return b.store.Expire(ctx, c) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	granted := rights(t, "PurgePolicy")
	tables := map[string]string{b.store.Cases: "CasesTable", b.store.Keys: "KeysTable"}
	kinds := map[string]bool{}
	for _, one := range touched {
		kind, _, _ := strings.Cut(one.pk, "#")
		kinds[kind] = true
		if !allowed(granted, one, tables[one.table]) {
			t.Errorf("purge needs %s on %s of %s, and its role does not have it", one.action, one.pk, tables[one.table])
		}
	}
	for _, kind := range []string{"CASE", "THREAD", "NUMBER", "SENT", "LEDGER", "PURGE"} {
		if !kinds[kind] {
			t.Errorf("no row of %s was touched: the test looks at less than purge does", kind)
		}
	}
}
