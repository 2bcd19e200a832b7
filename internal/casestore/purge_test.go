package casestore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// purging is the change that purges the case of opening.
func purging(t *testing.T) casework.Change {
	t.Helper()
	change := opening(t)
	c := change.File.Case
	c.Seq, c.State, c.Work.Hold = 2, dsr.Closed, ""
	if err := c.Purge(); err != nil {
		t.Fatal(err)
	}
	return casework.Change{
		File: casework.File{Case: c}, Event: dsr.Event{Seq: 2, Kind: dsr.FilePurged, At: now()}, Purge: true, At: now(),
	}
}

func TestPurgeDestroysTheKeyInTheTransactionThatSaysSo(t *testing.T) {
	for _, withKey := range []bool{false, true} {
		kept, change := commit(t, opening(t)), purging(t)
		kept.items = nil
		if withKey {
			change.File.Key = opening(t).File.Key
		}
		if err := storeOver(kept).Commit(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"update cases CASE#ID/CASE seq = '1'",
			"put cases CASE#ID/EVENT#00000002 NEW",
			"put cases LEDGER#PENDING#0/LEAF",
			"delete keys CASE#ID/",
			"delete cases THREAD#thread/THREAD",
		}
		if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		_, removes := assigned(kept.items[0].Update)
		for _, name := range []string{"sealed", "open", "openBy"} {
			if !slices.Contains(removes, name) {
				t.Errorf("%s stays in the row: it removes %v", name, removes)
			}
		}
	}
}

func TestOtherChangesDestroyNoKey(t *testing.T) {
	kept, change := commit(t, opening(t)), purging(t)
	kept.items = nil
	change.Purge = false
	if err := storeOver(kept).Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for _, line := range kept.written() {
		if strings.HasPrefix(line, "delete") {
			t.Errorf("it does %s", line)
		}
	}
	if _, removes := assigned(kept.items[0].Update); slices.Contains(removes, "sealed") {
		t.Error("what is kept about people goes")
	}
}

func TestPurgeOfACaseThatCannotBeReadStoresNothing(t *testing.T) {
	broken := errors.New("broken")
	kept := &recorder{}
	store := storeOver(kept)
	store.API.GetItem = func(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
		return nil, broken
	}
	if err := store.Commit(t.Context(), purging(t)); !errors.Is(err, broken) || len(kept.items) > 0 {
		t.Errorf("Commit() = %v, with %d rows stored", err, len(kept.items))
	}
}

// emptying is the store of a purged case with a letter that was sent, and a log
// of what is deleted.
func emptying(t *testing.T, state dsr.State) (store *Store, kept *recorder, deleted *[]string, last dsr.Case) {
	t.Helper()
	change := opening(t)
	change.Letters[0].State, change.Letters[0].SESID = dsr.LetterPosted, "ses-1"
	kept = commit(t, change)
	kept.rows["cases "+caseKey(change.File.Case.ID).place()]["state"] = textValue(string(state))
	kept.keep("cases", sentKey("ses-1").attributes())
	store, deleted = storeOver(kept), &[]string{}
	store.API.Query = func(_ context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		if in.ConsistentRead == nil || !*in.ConsistentRead {
			t.Error("the rows were not listed consistently")
		}
		prefix := "cases " + casework.CaseKey(change.File.Case.ID) + "/"
		for _, value := range in.ExpressionAttributeValues {
			if text(value) == eventPrefix {
				prefix += eventPrefix
			}
		}
		page := &dynamodb.QueryOutput{}
		for _, at := range slices.Sorted(maps.Keys(kept.rows)) {
			if strings.HasPrefix(at, prefix) {
				page.Items = append(page.Items, kept.rows[at])
			}
		}
		return page, nil
	}
	store.API.DeleteItem = func(_ context.Context, in *dynamodb.DeleteItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
		*deleted = append(*deleted, place(*in.TableName, in.Key))
		delete(kept.rows, place(*in.TableName, in.Key))
		return &dynamodb.DeleteItemOutput{}, nil
	}
	last, kept.items = change.File.Case, nil
	last.State = state
	return store, kept, deleted, last
}

func TestLeftoversLeaveTheSummaryTheHistoryAndTheNumber(t *testing.T) {
	store, _, deleted, last := emptying(t, dsr.Purged)
	if err := store.Leftovers(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	// What leads to the letter goes before the letter, which alone knows it.
	want := []string{"cases SENT#ses-1/SENT", "cases CASE#ID/LETTER#M01#1"}
	if diff := cmp.Diff(want, shorten(t, *deleted)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
}

func TestExpiredCaseGoesWholeAndItsLeavesAreToldAboutInOneTransaction(t *testing.T) {
	store, kept, deleted, last := emptying(t, dsr.Purged)
	leaf := ledger.Leaf(kept.rows["cases "+eventKey(last.ID, 1).place()]["entry"].(*types.AttributeValueMemberB).Value)
	if err := store.Expire(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	rest := []string{"cases SENT#ses-1/SENT", "cases CASE#ID/LETTER#M01#1"}
	if diff := cmp.Diff(rest, shorten(t, *deleted)); diff != "" {
		t.Errorf("deleted before (-want +got):\n%s", diff)
	}
	want := []string{
		"put cases LEDGER#EXPIRED/" + leaf.String(), "delete cases CASE#ID/EVENT#00000001",
		"delete cases NUMBER#AVG-2026-0001/NUMBER", "delete cases CASE#ID/CASE seq = '1'",
	}
	if diff := cmp.Diff(want, shorten(t, kept.written())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	if at := text(kept.rows["cases LEDGER#EXPIRED/"+leaf.String()]["at"]); at != stamp(last.DueAt) {
		t.Errorf("the leaf expired at %s, want %s", at, last.DueAt)
	}
	for at := range kept.rows {
		if strings.Contains(at, "CASE#"+last.ID.String()+"/") && !strings.HasPrefix(at, "keys") {
			t.Errorf("%s stays", at)
		}
	}
	kept.items, *deleted = nil, nil
	if err := store.Expire(t.Context(), last); err != nil || len(kept.items)+len(*deleted) > 0 {
		t.Errorf("a second time: %v, %v, %v", err, kept.written(), *deleted)
	}
}

func TestHistoryOfAnyLengthExpiresTheSummaryInTheLastTransaction(t *testing.T) {
	for events, want := range map[int][]int{
		expireAtOnce: {2*expireAtOnce + 2}, expireAtOnce + 1: {2 * expireAtOnce, 2 + 2}, 2*expireAtOnce + 1: {2 * expireAtOnce, 2 * expireAtOnce, 2 + 2},
	} {
		store, kept, _, last := emptying(t, dsr.Purged)
		for seq := 2; seq <= events; seq++ {
			row, err := item(eventKey(last.ID, seq), eventRow{Entry: fmt.Appendf(nil, `{"seq":%d}`, seq)})
			if err != nil {
				t.Fatal(err)
			}
			kept.keep("cases", row)
		}
		var sizes []int
		works := store.API.TransactWriteItems
		store.API.TransactWriteItems = func(ctx context.Context, in *dynamodb.TransactWriteItemsInput, options ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
			sizes = append(sizes, len(in.TransactItems))
			end := in.TransactItems[len(in.TransactItems)-1].Delete
			if isSummary := text(end.Key["sk"]) == caseRowKey; isSummary != (len(sizes) == len(want)) {
				t.Errorf("of %d events transaction %d ends with %s", events, len(sizes), text(end.Key["sk"]))
			}
			return works(ctx, in, options...)
		}
		if err := store.Expire(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(sizes, want) || slices.Max(sizes) > 100 {
			t.Errorf("%d events take transactions of %v writes, want %v and at most 100", events, sizes, want)
		}
	}
}

func TestCaseThatGainedAnEventMeanwhileDoesNotExpire(t *testing.T) {
	store, kept, _, last := emptying(t, dsr.Purged)
	store.API.TransactWriteItems = func(_ context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
		failed := &types.TransactionCanceledException{CancellationReasons: make([]types.CancellationReason, len(in.TransactItems))}
		code := "ConditionalCheckFailed"
		failed.CancellationReasons[len(in.TransactItems)-1].Code = &code
		return nil, failed
	}
	if err := store.Expire(t.Context(), last); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("Expire() = %v", err)
	}
	if _, there := kept.rows["cases "+eventKey(last.ID, 1).place()]; !there {
		t.Error("its history is gone")
	}
}

func TestEventThatCannotBeReadKeepsItsCaseFromExpiring(t *testing.T) {
	store, kept, _, last := emptying(t, dsr.Purged)
	kept.items = nil
	kept.rows["cases "+eventKey(last.ID, 1).place()]["entry"] = &types.AttributeValueMemberB{Value: []byte("{")}
	if err := store.Expire(t.Context(), last); err == nil || len(kept.items) > 0 {
		t.Errorf("Expire() = %v, with %v", err, kept.written())
	}
}

func TestCaseThatIsNotPurgedLosesNoRow(t *testing.T) {
	for _, state := range []dsr.State{dsr.Closed, dsr.Answering, dsr.Received} {
		store, kept, deleted, last := emptying(t, state)
		last.State = dsr.Purged // the table knows better
		for name, act := range map[string]func(context.Context, dsr.Case) error{"leftovers": store.Leftovers, "expire": store.Expire} {
			if err := act(t.Context(), last); !errors.Is(err, casework.ErrConflict) || len(*deleted)+len(kept.items) > 0 {
				t.Errorf("%s of a case that is %s: %v, deleted %v", name, state, err, *deleted)
			}
		}
	}
}

func TestUnlinkDeletesTheKeyOfItsYearAndNothingElse(t *testing.T) {
	store, kept, deleted, _ := emptying(t, dsr.Purged)
	for range 2 {
		if err := store.Unlink(t.Context(), 2026); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"keys REGISTER#2026/", "keys REGISTER#2026/"}; !slices.Equal(*deleted, want) || len(kept.items) > 0 {
		t.Errorf("deleted %v, wrote %v", *deleted, kept.written())
	}
}

func TestRowThatCannotBeDeletedIsAnError(t *testing.T) {
	broken := errors.New("broken")
	for _, at := range []string{"SENT", "LETTER#M01#1"} {
		store, kept, _, last := emptying(t, dsr.Purged)
		works := store.API.DeleteItem
		store.API.DeleteItem = func(ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
			if text(in.Key["sk"]) == at {
				return nil, broken
			}
			return works(ctx, in, options...)
		}
		if err := store.Expire(t.Context(), last); !errors.Is(err, broken) || !strings.Contains(err.Error(), "deleting") || len(kept.items) > 0 {
			t.Errorf("%s: %v", at, err)
		}
	}
}
