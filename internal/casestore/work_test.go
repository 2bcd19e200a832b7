package casestore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// held gives everything a value holds, at any depth, as bytes that can be
// searched.
func held(value types.AttributeValue) [][]byte {
	switch v := value.(type) {
	case *types.AttributeValueMemberB:
		return [][]byte{v.Value}
	case *types.AttributeValueMemberBS:
		return v.Value
	case *types.AttributeValueMemberM:
		var all [][]byte
		for name, inner := range v.Value {
			all = append(append(all, []byte(name)), held(inner)...)
		}
		return all
	case *types.AttributeValueMemberL:
		var all [][]byte
		for _, inner := range v.Value {
			all = append(all, held(inner)...)
		}
		return all
	}
	return [][]byte{[]byte(fmt.Sprintf("%+v", value))}
}

// sent gives everything the transactions of a recorder sent: whole rows and the
// values of updates.
func (r *recorder) sent() map[string]attributes {
	all := map[string]attributes{}
	for i, item := range r.items {
		at := fmt.Sprintf("write %d", i)
		switch {
		case item.Put != nil:
			all[at] = item.Put.Item
		case item.Delete != nil:
			all[at] = item.Delete.Key
		case item.Update != nil:
			all[at] = maps.Clone(item.Update.ExpressionAttributeValues)
			maps.Copy(all[at], item.Update.Key)
		}
	}
	return all
}

func TestNothingPersonalIsStoredInClear(t *testing.T) {
	first := opening(t)
	second := first
	second.File.Case.Seq, second.Event.Seq = 2, 2
	second.Letters, second.Mail, second.Sender, second.Messages = nil, nil, nil, casework.MessageKeys{}
	second.Tasks = []dsr.Task{{System: "shop", Right: dsr.Access, Result: dsr.Found, By: dsr.ActorID{1}, At: now()}}
	kept := commit(t, first, second)
	sealed := 0
	for at, row := range kept.sent() {
		for name, value := range row {
			for _, content := range held(value) {
				if bytes.Contains(content, []byte("anna")) || strings.Contains(name, "anna") {
					t.Errorf("%s holds the person in %s", at, name)
				}
				if bytes.HasPrefix(content, []byte("\x010123456789ab")) {
					sealed++
				}
			}
		}
	}
	// The opened case has its personal fields; so has the change of it.
	if sealed != 2 {
		t.Errorf("%d attributes are sealed, want one of each change", sealed)
	}
}

func TestWhatACaseKeepsAboutPeopleIsSealedAsOne(t *testing.T) {
	change := opening(t)
	row := commit(t, change).rows["cases "+caseKey(change.File.Case.ID).place()]
	plain, err := change.File.Key.Open(caseKey(change.File.Case.ID).place(), row["sealed"].(*types.AttributeValueMemberB).Value)
	if err != nil {
		t.Fatal(err)
	}
	var got dsr.Confidential
	if err := json.Unmarshal(plain, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(confidential(), got); diff != "" {
		t.Errorf("sealed (-want +got):\n%s", diff)
	}
}

func TestCaseStoredBeforeItWasWorkedOnIsRead(t *testing.T) {
	change := opening(t)
	kept := commit(t, change)
	store, id := storeOver(kept), change.File.Case.ID
	row := kept.rows["cases "+caseKey(id).place()]
	old, err := change.File.Key.Seal(store.Random, caseKey(id).place(), []byte(`{"address":"a@een.example","name":"Ans","message_id":"<1@een>"}`))
	if err != nil {
		t.Fatal(err)
	}
	delete(row, "work")
	row["sealed"] = &types.AttributeValueMemberB{Value: old}
	file, err := store.File(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := dsr.Confidential{Requester: dsr.Requester{Address: "a@een.example", Name: "Ans", MessageID: "<1@een>"}}
	if diff := cmp.Diff(want, file.Case.Confidential); diff != "" {
		t.Errorf("what is kept about people (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(dsr.Work{}, file.Case.Work); diff != "" {
		t.Errorf("work (-want +got):\n%s", diff)
	}
}

func TestEveryFieldOfTheWorkIsStored(t *testing.T) {
	work := worked()
	for i, fields := 0, reflect.ValueOf(work); i < fields.NumField(); i++ {
		if fields.Field(i).IsZero() {
			t.Errorf("%s is empty here: a row that drops it would pass", fields.Type().Field(i).Name)
		}
	}
	got, err := newWorkRow(work).work()
	if diff := cmp.Diff(work, got); err != nil || diff != "" {
		t.Errorf("work (-want +got):\n%s %v", diff, err)
	}
}

func TestWorkIsStoredWithoutWhatIsNotSoFar(t *testing.T) {
	change := opening(t)
	change.File.Case.Work = dsr.Work{RightsConfirmed: true, Match: dsr.Nobody}
	row := commit(t, change).rows["cases "+caseKey(change.File.Case.ID).place()]
	want := map[string]types.AttributeValue{
		"rightsConfirmed": &types.AttributeValueMemberBOOL{Value: true}, "match": textValue("nobody"),
	}
	got, ok := row["work"].(*types.AttributeValueMemberM)
	if !ok || len(got.Value) != len(want) || text(got.Value["match"]) != "nobody" {
		t.Errorf("work is stored as %v", held(row["work"]))
	}
}

func TestWorkThatCannotBeReadIsAnError(t *testing.T) {
	for name, bad := range map[string]types.AttributeValue{
		"drafter": textValue("?"), "approver": textValue("AE"),
		"draft": &types.AttributeValueMemberB{Value: make([]byte, 31)},
	} {
		change := opening(t)
		kept := commit(t, change)
		row := kept.rows["cases "+caseKey(change.File.Case.ID).place()]
		row["work"].(*types.AttributeValueMemberM).Value[name] = bad
		_, err := storeOver(kept).Summary(t.Context(), change.File.Case.ID)
		if err == nil || errors.Is(err, casework.ErrNotFound) || !strings.Contains(err.Error(), "AVG-2026-0001: its "+name) {
			t.Errorf("a malformed %s gives %v", name, err)
		}
	}
}
