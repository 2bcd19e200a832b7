package casestore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// secretCanary is a secret, which must be stored nowhere in clear.
const secretCanary = "a secret of 20 bytes"

// enrolled gives a store with one member of staff.
func enrolled(t *testing.T) (*recorder, *Store, dsr.ActorID) {
	t.Helper()
	r := &recorder{}
	store, actor := storeOver(r), dsr.ActorID{1}
	if err := store.Enrol(t.Context(), dsr.Member{Actor: actor, Enrolled: now()}, []byte(secretCanary)); err != nil {
		t.Fatal(err)
	}
	return r, store, actor
}

func TestSecretAndItsKeyAreNewAndOneTransaction(t *testing.T) {
	r, _, actor := enrolled(t)
	pk := "STAFF#" + actor.String()
	want := []string{
		"put keys " + pk + "/ attribute_not_exists(pk)",
		"put cases " + pk + "/STAFF attribute_not_exists(pk)",
	}
	if diff := cmp.Diff(want, r.written()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestSecretIsStoredSealedForItsOwnRow(t *testing.T) {
	r, store, actor := enrolled(t)
	if shown := fmt.Sprint(r.rows); strings.Contains(shown, secretCanary) || strings.Contains(shown, fmt.Sprint([]byte(secretCanary))) {
		t.Errorf("the secret is stored in clear: %s", shown)
	}
	if secret, err := store.Secret(t.Context(), actor); err != nil || string(secret) != secretCanary {
		t.Errorf("the secret reads back as %q, %v", secret, err)
	}
	// Moved to a colleague's row, with the key's row beside it, it does not open.
	colleague := dsr.ActorID{2}
	for _, at := range []string{"cases STAFF#%s/STAFF", "keys STAFF#%s/"} {
		r.rows[fmt.Sprintf(at, colleague)] = r.rows[fmt.Sprintf(at, actor)]
	}
	if secret, err := store.Secret(t.Context(), colleague); err == nil {
		t.Errorf("a colleague's row gives %q", secret)
	}
	if len(r.loose) != 0 {
		t.Errorf("read without consistency: %v", r.loose)
	}
}

func TestSecretWithoutItsKeyIsNotFound(t *testing.T) {
	r, store, actor := enrolled(t)
	delete(r.rows, "keys STAFF#"+actor.String()+"/")
	if secret, err := store.Secret(t.Context(), actor); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the secret is %q, %v", secret, err)
	}
}

func TestRowOrKeyThatStandsIsAnEnrolment(t *testing.T) {
	for name, err := range map[string]error{
		"the key": cancelled(taken, ""), "the row": cancelled("", taken), "both": cancelled(taken, taken),
	} {
		store := &Store{API: answering(err), Sealer: &sealer{}, Random: nonces()}
		if err := store.Enrol(t.Context(), dsr.Member{}, nil); !errors.Is(err, casework.ErrEnrolled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	store := &Store{API: answering(cancelled(conflict, "")), Sealer: &sealer{}, Random: nonces()}
	if err := store.Enrol(t.Context(), dsr.Member{}, nil); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a conflict: %v", err)
	}
}

func TestRemovalTakesTheRowFirstAndThenItsKey(t *testing.T) {
	broken := errors.New("broken")
	for fails, want := range map[int][]string{
		0: {"cases STAFF#aeaaaaaaaaaaa/STAFF", "keys STAFF#aeaaaaaaaaaaa/"},
		1: {"cases STAFF#aeaaaaaaaaaaa/STAFF"},
		2: {"cases STAFF#aeaaaaaaaaaaa/STAFF", "keys STAFF#aeaaaaaaaaaaa/"},
	} {
		var deleted []string
		store := &Store{Cases: "cases", Keys: "keys", API: API{
			DeleteItem: func(_ context.Context, in *dynamodb.DeleteItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
				if deleted = append(deleted, place(*in.TableName, in.Key)); len(deleted) == fails {
					return nil, broken
				}
				return &dynamodb.DeleteItemOutput{}, nil
			},
		}}
		err := store.Remove(t.Context(), dsr.ActorID{1})
		if !slices.Equal(deleted, want) || errors.Is(err, broken) != (fails > 0) {
			t.Errorf("with call %d failing: deleted %v, %v", fails, deleted, err)
		}
	}
}

func TestOnlyAFailedConditionIsAConflict(t *testing.T) {
	broken := errors.New("broken")
	for name, failure := range map[string]error{"condition": &types.ConditionalCheckFailedException{}, "fault": broken} {
		store := &Store{API: API{
			UpdateItem: func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
				return nil, failure
			},
		}}
		err := store.Save(t.Context(), dsr.Member{}, dsr.Member{})
		if errors.Is(err, casework.ErrConflict) != (name == "condition") || errors.Is(err, broken) != (name == "fault") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMemberFromBeforeActsAskedACodeIsSaved(t *testing.T) {
	var asked *dynamodb.UpdateItemInput
	store := &Store{Cases: "cases", API: API{
		UpdateItem: func(_ context.Context, in *dynamodb.UpdateItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
			asked = in
			return &dynamodb.UpdateItemOutput{}, nil
		},
	}}
	for last, want := range map[int64]string{
		0: "((attribute_not_exists (lastAct)) OR (lastAct = '0'))",
		5: "AND (lastAct = '5')",
	} {
		if err := store.Save(t.Context(), dsr.Member{LastAct: last}, dsr.Member{LastAct: 9}); err != nil {
			t.Fatal(err)
		}
		held := plain(&types.Update{
			ConditionExpression:      asked.ConditionExpression,
			ExpressionAttributeNames: asked.ExpressionAttributeNames, ExpressionAttributeValues: asked.ExpressionAttributeValues,
		})
		if !strings.Contains(held, want) {
			t.Errorf("after act %d it holds when %s, want %s", last, held, want)
		}
	}
}

func TestSessionRowThatCannotBeReadIsAnError(t *testing.T) {
	r := &recorder{}
	store := storeOver(r)
	session := dsr.Session{Hash: [32]byte{1}, Actor: dsr.ActorID{2}, Link: dsr.LinkID{3}, Owner: owner(t, "a"), Expires: now()}
	if err := store.OpenSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	at := "cases SESSION#01" + strings.Repeat("0", 62) + "/SESSION"
	if r.rows[at] == nil {
		t.Fatalf("the session does not lie at %s: %v", at, r.rows)
	}
	for _, field := range []string{"actor", "link", "owner"} {
		kept := r.rows[at][field]
		r.rows[at][field] = textValue("?")
		if _, err := store.Session(t.Context(), session.Hash); !errors.Is(err, dsr.ErrBadID) || errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s: %v", field, err)
		}
		r.rows[at][field] = kept
	}
	if got, err := store.Session(t.Context(), session.Hash); err != nil || got.Owner != session.Owner {
		t.Errorf("session %+v, %v", got, err)
	}
}
