package casestore

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// task has something in every field.
func task() dsr.Task {
	return dsr.Task{
		System: "shop", Right: dsr.Access, Result: dsr.Found, By: dsr.ActorID{3}, At: now(),
		Sealed: []byte("sealed"), Body: &dsr.BodyRef{Path: "case/x/y", SHA256: "abc"},
	}
}

func TestTasksAreStoredWithTheirCase(t *testing.T) {
	change := opening(t)
	change = casework.Change{File: change.File, Event: change.Event, At: now(), Tasks: []dsr.Task{task()}}
	change.File.Case.Seq, change.Event.Seq = 2, 2
	want := []string{
		"update cases CASE#ID/CASE seq = '1'",
		"put cases CASE#ID/EVENT#00000002 NEW",
		"put cases LEDGER#PENDING#0/LEAF",
		"put cases CASE#ID/TASK#shop#access",
	}
	if diff := cmp.Diff(want, shorten(t, commit(t, change).written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestTasksAreReadConsistently(t *testing.T) {
	change := opening(t)
	change.Tasks = []dsr.Task{task()}
	id := change.File.Case.ID
	row := commit(t, change).rows["cases "+taskKey(id, "shop", dsr.Access).place()]
	var asked []*dynamodb.QueryInput
	store := &Store{API: paged(&asked, row), Cases: "cases"}
	got, err := store.ReadTasks(t.Context(), id)
	if diff := cmp.Diff([]dsr.Task{task()}, got); err != nil || diff != "" {
		t.Errorf("tasks (-want +got):\n%s %v", diff, err)
	}
	var values []string
	for _, value := range asked[0].ExpressionAttributeValues {
		values = append(values, text(value))
	}
	slices.Sort(values)
	if want := []string{casework.CaseKey(id), "TASK#"}; !slices.Equal(values, want) {
		t.Errorf("asked for %q, want %q", values, want)
	}
	if asked[0].ConsistentRead == nil || !*asked[0].ConsistentRead || asked[0].IndexName != nil {
		t.Error("the tasks were not read consistently")
	}
}

func TestTaskThatCannotBeReadIsAnError(t *testing.T) {
	id := owner(t, "a")
	good := func() attributes {
		row, err := item(taskKey(id, "shop", dsr.Access), newTaskRow(task()))
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	actor, place := good(), good()
	actor["by"], place["sk"] = textValue("?"), textValue("TASK#shop")
	for want, row := range map[error]attributes{dsr.ErrBadID: actor, errNotATask: place} {
		var asked []*dynamodb.QueryInput
		store := &Store{API: paged(&asked, good(), row), Cases: "cases"}
		if got, err := store.ReadTasks(t.Context(), id); !errors.Is(err, want) || got != nil {
			t.Errorf("tasks %v, %v; want %v", got, err, want)
		}
	}
}
