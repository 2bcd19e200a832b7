package contract

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// without takes an attribute from a row, as if an earlier release wrote it.
func without(t *testing.T, client *dynamodb.Client, table, pk, sk, attribute string) {
	t.Helper()
	answer, err := client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &table,
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberS{Value: sk},
		},
		UpdateExpression:         aws.String("REMOVE #attribute"),
		ExpressionAttributeNames: map[string]string{"#attribute": attribute},
		ReturnValues:             types.ReturnValueAllOld,
	})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Attributes[attribute] == nil {
		t.Fatalf("%s/%s has no %s to take away", pk, sk, attribute)
	}
}

// opened stores a case without work.
func opened(t *testing.T, store *casestore.Store, at time.Time) casework.Change {
	t.Helper()
	id, err := dsr.NewOwnerID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dataKey, err := store.Sealer.NewKey(t.Context(), casework.CaseKey(id))
	if err != nil {
		t.Fatal(err)
	}
	change := casework.Change{
		File:  casework.File{Case: dsr.Case{ID: id, Number: "AVG-2026-0001", State: dsr.Received, Seq: 1, Thread: "thread"}, Key: dataKey},
		Event: dsr.Event{Seq: 1, Kind: dsr.CaseOpened, At: at}, At: at,
	}
	if err := store.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	return change
}

func TestCaseFromBeforeItCouldBeDecidedIsWorkedOn(t *testing.T) {
	db, now := database(t), time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	store := newStore(t, db.Client(), "earlier")
	change := opened(t, store, now)
	id := change.File.Case.ID
	without(t, db.Client(), store.Cases, casework.CaseKey(id), "CASE", "work")

	file, err := store.File(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	file.Case.Seq, file.Case.Work.Match = 2, dsr.Nobody
	change = casework.Change{File: file, Event: dsr.Event{Seq: 2, Kind: dsr.NobodyMatched, At: now}, At: now}
	if err := store.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Summary(t.Context(), id); err != nil || got.Work.Match != dsr.Nobody {
		t.Errorf("the case reads back with %+v, %v", got.Work, err)
	}
}

func TestMemberFromBeforeActsAskedACodeGivesOneOnce(t *testing.T) {
	db, now := database(t), time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	store := newStore(t, db.Client(), "earlier")
	prior := dsr.Member{Actor: dsr.ActorID{1}, Enrolled: now}
	if err := store.Enrol(t.Context(), prior, []byte("the secret")); err != nil {
		t.Fatal(err)
	}
	without(t, db.Client(), store.Cases, casework.StaffKey(prior.Actor), "STAFF", "lastAct")
	if got, err := store.Member(t.Context(), prior.Actor); err != nil || got != prior {
		t.Errorf("the member reads back as %+v, %v", got, err)
	}
	next := prior
	next.LastAct = 57_000_001
	if err := store.Save(t.Context(), prior, next); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(t.Context(), prior, next); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the same code again: %v", err)
	}
}
