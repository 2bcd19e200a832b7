package casestore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// paged is a DynamoDB that answers a query with one row a page.
func paged(asked *[]*dynamodb.QueryInput, rows ...attributes) API {
	return API{Query: func(_ context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
		copied := *in
		*asked = append(*asked, &copied)
		from := 0
		if in.ExclusiveStartKey != nil {
			if _, err := fmt.Sscan(text(in.ExclusiveStartKey["from"]), &from); err != nil {
				return nil, err
			}
		}
		page := &dynamodb.QueryOutput{}
		if from < len(rows) {
			page.Items = rows[from : from+1]
		}
		if from+1 < len(rows) {
			page.LastEvaluatedKey = attributes{"from": textValue(fmt.Sprint(from + 1))}
		}
		return page, nil
	}}
}

func TestEveryPageOfAQueryIsRead(t *testing.T) {
	id := owner(t, "a")
	var asked []*dynamodb.QueryInput
	rows := []attributes{mailKey("m1").attributes(), mailKey("m2").attributes(), caseKey(id).attributes()}
	for _, row := range rows {
		row["dueAt"] = textValue(stamp(now()))
	}
	store := &Store{API: paged(&asked, rows...), Cases: "cases"}
	got, err := store.DueOn(t.Context(), "2026-03-05", now())
	want := []casework.DueEntry{
		{Kind: casework.DueMail, At: now(), MailID: "m1"},
		{Kind: casework.DueMail, At: now(), MailID: "m2"},
		{Kind: casework.DueCase, At: now(), Case: id},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("due (-want +got):\n%s %v", diff, err)
	}
	if len(asked) != 3 || *asked[0].IndexName != "due" || *asked[0].TableName != "cases" {
		t.Errorf("%d queries of %v", len(asked), asked[0].IndexName)
	}
}

func TestHistoryIsReadInOrderAndConsistently(t *testing.T) {
	change := opening(t)
	row := commit(t, change).rows["cases "+casework.CaseKey(change.File.Case.ID)+"/EVENT#00000001"]
	var asked []*dynamodb.QueryInput
	store := &Store{API: paged(&asked, row), Cases: "cases"}
	history, err := store.History(t.Context(), change.File.Case.ID)
	want := change.Event
	want.Personal = nil // History gives the clear part only
	if diff := cmp.Diff([]dsr.Event{want}, history); err != nil || diff != "" {
		t.Errorf("history (-want +got):\n%s %v", diff, err)
	}
	if asked[0].ConsistentRead == nil || !*asked[0].ConsistentRead || asked[0].ScanIndexForward != nil {
		t.Error("the history was not read consistently from its beginning")
	}
	row["entry"] = &types.AttributeValueMemberB{Value: []byte("{")}
	if _, err := store.History(t.Context(), change.File.Case.ID); err == nil {
		t.Error("a history that cannot be read was read")
	}
}

func TestOpenCasesAreListedByTheIndex(t *testing.T) {
	id := owner(t, "a")
	var asked []*dynamodb.QueryInput
	store := &Store{API: paged(&asked, caseKey(id).attributes()), Cases: "cases"}
	if got, err := store.OpenCases(t.Context()); err != nil || len(got) != 1 || got[0] != id || *asked[0].IndexName != "open" {
		t.Errorf("OpenCases() = %v, %v", got, err)
	}
	store.API = paged(&asked, attributes{"pk": textValue("CASE#?")})
	if _, err := store.OpenCases(t.Context()); !errors.Is(err, dsr.ErrBadID) {
		t.Errorf("a row that is no case gives %v", err)
	}
}

// updating is a DynamoDB whose one update ends so.
func updating(attributes attributes, err error) API {
	return API{UpdateItem: func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
		return &dynamodb.UpdateItemOutput{Attributes: attributes}, err
	}}
}

func TestSettledMailIsGivenBackUnchanged(t *testing.T) {
	id := owner(t, "a")
	row := attributes{
		"owner": textValue(id.String()), "state": textValue("case"), "arrived": textValue(stamp(now())), "case": textValue(id.String()),
		"attempts": &types.AttributeValueMemberN{Value: "2"}, "number": textValue("AVG-2026-0001"),
	}
	want := dsr.Mail{ID: "m1", Owner: id, State: dsr.MailCase, Attempts: 2, ArrivedAt: now(), Number: "AVG-2026-0001", Case: id}
	store := &Store{API: updating(nil, &types.ConditionalCheckFailedException{Item: row}), Cases: "cases"}
	got, err := store.Begin(t.Context(), dsr.Mail{ID: "m1", Owner: owner(t, "b"), ArrivedAt: now().Add(time.Hour)}, now(), now())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("mail (-want +got):\n%s %v", diff, err)
	}
	store.API = updating(nil, errors.New("no network"))
	if _, err := store.Begin(t.Context(), dsr.Mail{ID: "m1"}, now(), now()); err == nil {
		t.Error("a claim that failed was given")
	}
	row["case"] = textValue("?")
	store.API = updating(row, nil)
	if _, err := store.Begin(t.Context(), dsr.Mail{ID: "m1"}, now(), now()); !errors.Is(err, dsr.ErrBadID) {
		t.Errorf("a malformed row gives %v", err)
	}
}

func TestClaimOnAMailHoldsOnlyWhileItIsUnsettledAndKeepsItsFirstOwner(t *testing.T) {
	var asked *dynamodb.UpdateItemInput
	row := attributes{"owner": textValue(owner(t, "a").String()), "state": textValue("reading")}
	store := &Store{Cases: "cases", API: API{
		UpdateItem: func(_ context.Context, in *dynamodb.UpdateItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
			asked = in
			return &dynamodb.UpdateItemOutput{Attributes: row}, nil
		},
	}}
	if _, err := store.Begin(t.Context(), dsr.Mail{ID: "m1", Owner: owner(t, "b"), ArrivedAt: now()}, now(), now()); err != nil {
		t.Fatal(err)
	}
	update := &types.Update{
		ConditionExpression: asked.ConditionExpression, UpdateExpression: asked.UpdateExpression,
		ExpressionAttributeNames: asked.ExpressionAttributeNames, ExpressionAttributeValues: asked.ExpressionAttributeValues,
	}
	if got, want := plain(update), "(attribute_not_exists (pk)) OR ((state IN ('seen', 'reading')) AND ((attribute_not_exists (dueAt)) OR (dueAt <= '"+stamp(now())+"')))"; got != want {
		t.Errorf("the claim holds when %s, want %s", got, want)
	}
	update.ConditionExpression = update.UpdateExpression
	for _, want := range []string{
		"owner = if_not_exists(owner, '" + owner(t, "b").String() + "')", "arrived = if_not_exists(arrived, ", "attempts '1'",
	} {
		if got := plain(update); !strings.Contains(got, want) {
			t.Errorf("the claim lacks %q: %s", want, got)
		}
	}
	if asked.ReturnValuesOnConditionCheckFailure != types.ReturnValuesOnConditionCheckFailureAllOld {
		t.Error("a settled mail would not be shown")
	}
}

func TestLinkAboutAMailIsFoundByItsOwner(t *testing.T) {
	mail := dsr.Mail{ID: "m1", Owner: owner(t, "a"), State: dsr.MailPerson}
	kept := commit(t, casework.Change{Mail: &mail, At: now()})
	store := storeOver(kept)
	waiting := dsr.Letter{Ref: dsr.LetterRef{OwnerKind: dsr.OwnedByMail, MailID: "m1", Kind: dsr.MailNotice, N: 1}, State: dsr.LetterWaiting}
	claimed := waiting
	claimed.Link = dsr.Link{ID: dsr.LinkID{1}, Purpose: dsr.IsRequest, Owner: mail.Owner, IssuedAt: now(), ExpiresAt: now().Add(time.Hour)}
	if err := store.Claim(t.Context(), waiting, claimed); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Link(t.Context(), mail.Owner, dsr.LinkID{1}); err != nil || got != claimed.Link {
		t.Errorf("Link() = %+v, %v", got, err)
	}
	kept.rows["cases OWNER#"+mail.Owner.String()+"/OWNER"]["of"] = textValue("CASE#x")
	if got, err := store.Link(t.Context(), mail.Owner, dsr.LinkID{1}); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("an owner that is no mail leads to %+v, %v", got, err)
	}
}

func TestNumberIsTheCountAfterTaking(t *testing.T) {
	store := &Store{API: updating(attributes{"last": &types.AttributeValueMemberN{Value: "41"}}, nil), Cases: "cases"}
	if n, err := store.Next(t.Context(), 2026); err != nil || n != 41 {
		t.Errorf("Next() = %d, %v", n, err)
	}
	store.API = updating(attributes{"last": textValue("41")}, nil)
	if n, err := store.Next(t.Context(), 2026); err == nil {
		t.Errorf("a counter that is no number gives %d", n)
	}
	store.API = updating(attributes{"number": textValue("AVG-2026-0007")}, nil)
	if kept, err := store.Keep(t.Context(), "m1", "AVG-2026-0041"); err != nil || kept != "AVG-2026-0007" {
		t.Errorf("Keep() = %s, %v, want the number kept before", kept, err)
	}
}

func TestKnownMailIsNotNotedAgain(t *testing.T) {
	kept := &recorder{}
	store := storeOver(kept)
	seen := dsr.Mail{ID: "m1", Owner: owner(t, "a"), State: dsr.MailSeen, ArrivedAt: now()}
	later := seen
	later.Owner = owner(t, "b")
	if err := errors.Join(store.Note(t.Context(), seen, now()), store.Note(t.Context(), later, now())); err != nil {
		t.Fatal(err)
	}
	seen.DueAt = now()
	if got, err := store.Mail(t.Context(), "m1"); err != nil || got != seen {
		t.Errorf("Mail() = %+v, %v; want the first", got, err)
	}
}

func TestYearHasOneRegisterKey(t *testing.T) {
	kept := &recorder{}
	store, maker := storeOver(kept), &sealer{}
	store.Sealer = maker
	first, err := store.SenderHash(t.Context(), 2026, canary)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := store.SenderHash(t.Context(), 2026, canary); err != nil || again != first || maker.made != 1 {
		t.Errorf("the hash changed, with %d keys made: %v", maker.made, err)
	}
	if next, err := store.SenderHash(t.Context(), 2027, canary); err != nil || next == first {
		t.Errorf("two years have one hash: %v", err)
	}
	if other, err := store.SenderHash(t.Context(), 2026, "b@example.org"); err != nil || other == first {
		t.Errorf("two senders have one hash: %v", err)
	}
}

func TestSecondMakerOfARegisterKeyUsesTheFirst(t *testing.T) {
	kept := &recorder{}
	store := storeOver(kept)
	get := store.API.GetItem
	reads := 0
	store.API.GetItem = func(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
		if reads++; reads == 1 { // another function puts its key right after this look
			key, err := keyFor(registerOwner(2026))
			kept.keep("keys", store.keyItem(registerOwner(2026), key))
			return &dynamodb.GetItemOutput{}, err
		}
		return get(ctx, in, o...)
	}
	if _, err := store.SenderHash(t.Context(), 2026, canary); err != nil || reads != 2 {
		t.Errorf("after %d reads: %v", reads, err)
	}
}

func TestCopyOfAMessageIsKnownByItsBytes(t *testing.T) {
	kept := commit(t, opening(t))
	store, id := storeOver(kept), owner(t, "a")
	for name, keys := range map[string]casework.MessageKeys{
		"the same bytes":                  {Raw: [32]byte{1}},
		"the same bytes under another id": {Raw: [32]byte{1}, Message: [32]byte{8}},
	} {
		if got, same, err := store.CaseOfMessage(t.Context(), keys, now()); err != nil || got != id || !same {
			t.Errorf("%s: %v, %v, %v", name, got, same, err)
		}
	}
	for name, keys := range map[string]casework.MessageKeys{
		"another message": {Raw: [32]byte{7}, Message: [32]byte{8}}, "without an id": {Raw: [32]byte{7}},
	} {
		if got, _, err := store.CaseOfMessage(t.Context(), keys, now()); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestSweepRemembersItsOldestDay(t *testing.T) {
	store := storeOver(&recorder{})
	if day, err := store.OldestDay(t.Context(), casework.FunctionSweep); err != nil || day != "" {
		t.Errorf("at first: %q, %v", day, err)
	}
	if err := store.MoveOldestDay(t.Context(), casework.FunctionSweep, "2026-03-05"); err != nil {
		t.Fatal(err)
	}
	if day, err := store.OldestDay(t.Context(), casework.FunctionSweep); err != nil || day != "2026-03-05" {
		t.Errorf("after moving: %q, %v", day, err)
	}
}
