package casestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// attributes is one row.
type attributes = map[string]types.AttributeValue

// recorder is a DynamoDB that keeps what is put and remembers what was asked.
// It knows no conditions; those are compared as they were sent.
type recorder struct {
	items []types.TransactWriteItem // of all transactions
	rows  map[string]attributes     // by table, pk and sk
	loose []string                  // reads that were not consistent
}

// place is where a row lies.
func place(table string, row attributes) string {
	return table + " " + text(row["pk"]) + "/" + text(row["sk"])
}

// keep stores a row.
func (r *recorder) keep(table string, row attributes) {
	if r.rows == nil {
		r.rows = map[string]attributes{}
	}
	r.rows[place(table, row)] = row
}

// api gives the calls of the recorder.
func (r *recorder) api() API {
	return API{
		GetItem: func(_ context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
			at := place(*in.TableName, in.Key)
			if in.ConsistentRead == nil || !*in.ConsistentRead {
				r.loose = append(r.loose, at)
			}
			return &dynamodb.GetItemOutput{Item: r.rows[at]}, nil
		},
		PutItem: func(_ context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
			if _, there := r.rows[place(*in.TableName, in.Item)]; there && in.ConditionExpression != nil {
				return nil, &types.ConditionalCheckFailedException{}
			}
			r.keep(*in.TableName, in.Item)
			return &dynamodb.PutItemOutput{}, nil
		},
		TransactWriteItems: func(_ context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
			r.items = append(r.items, in.TransactItems...)
			for _, item := range in.TransactItems {
				if item.Put != nil {
					r.keep(*item.Put.TableName, item.Put.Item)
				}
				if item.Delete != nil {
					delete(r.rows, place(*item.Delete.TableName, item.Delete.Key))
				}
			}
			return &dynamodb.TransactWriteItemsOutput{}, nil
		},
	}
}

// written says what each write of the transactions does: act, place, condition.
func (r *recorder) written() []string {
	var list []string
	for _, item := range r.items {
		switch {
		case item.Put != nil:
			list = append(list, strings.TrimSpace("put "+place(*item.Put.TableName, item.Put.Item)+" "+value(item.Put.ConditionExpression)))
		case item.Update != nil:
			list = append(list, "update "+place(*item.Update.TableName, item.Update.Key)+" "+plain(item.Update))
		case item.Delete != nil:
			list = append(list, strings.TrimSpace("delete "+place(*item.Delete.TableName, item.Delete.Key)+" "+plain(&types.Update{
				ConditionExpression: item.Delete.ConditionExpression, ExpressionAttributeNames: item.Delete.ExpressionAttributeNames,
				ExpressionAttributeValues: item.Delete.ExpressionAttributeValues,
			})))
		}
	}
	return list
}

// value gives the text behind a pointer.
func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// plain writes an update's condition with its names and values filled in.
func plain(update *types.Update) string {
	condition := value(update.ConditionExpression)
	for name, real := range update.ExpressionAttributeNames {
		condition = replaceWord(condition, name, real)
	}
	for name, real := range update.ExpressionAttributeValues {
		shown := text(real)
		if n, ok := real.(*types.AttributeValueMemberN); ok {
			shown = n.Value
		}
		condition = replaceWord(condition, name, "'"+shown+"'")
	}
	return condition
}

// replaceWord replaces a placeholder, but not one that only begins like it.
func replaceWord(text, word, with string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, word)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if after != "" && after[0] >= '0' && after[0] <= '9' {
			out.WriteString(word)
		} else {
			out.WriteString(with)
		}
		text = after
	}
}

// sealer makes keys whose wrapped form is their owner's name.
type sealer struct{ made int }

// NewKey implements casework.Sealer.
func (s *sealer) NewKey(_ context.Context, owner string) (casework.DataKey, error) {
	s.made++
	return keyFor(owner)
}

// OpenKey implements casework.Sealer: a key opens only for its owner.
func (s *sealer) OpenKey(_ context.Context, owner string, wrapped []byte) (casework.DataKey, error) {
	if string(wrapped) != "wrapped "+owner {
		return casework.DataKey{}, errors.New("the key of another owner")
	}
	return keyFor(owner)
}

// keyFor gives the key of an owner, the same each time.
func keyFor(owner string) (casework.DataKey, error) {
	return casework.NewDataKey([]byte(fmt.Sprintf("%-32.32s", "key of "+owner[len(owner)-8:])), []byte("wrapped "+owner))
}

// storeOver gives a store over a recorder.
func storeOver(r *recorder) *Store {
	return &Store{API: r.api(), Cases: "cases", Keys: "keys", Sealer: &sealer{}, Random: nonces()}
}

// nonces gives bytes enough for the nonces of one test.
func nonces() io.Reader {
	return bytes.NewReader(bytes.Repeat([]byte("0123456789ab"), 64))
}

// canary is text of a person, which must be stored nowhere in clear.
const canary = "anna@example.org"

// now is when everything in these tests happens.
func now() time.Time { return time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC) }

// confidential is what a case keeps about people, with the canary in each text.
func confidential() dsr.Confidential {
	return dsr.Confidential{
		Requester: dsr.Requester{Address: canary, Name: canary, MessageID: "<" + canary + ">"},
		OnFile: dsr.OnFile{
			Reference: "K-1 " + canary, Name: canary,
			Contacts: []dsr.Contact{{Address: canary, Since: "2019-05-06"}, {Address: "x" + canary, Since: "2026-02-20"}},
		},
		Reasons: map[dsr.Right]string{dsr.Access: canary, dsr.Erasure: canary},
	}
}

// worked has something in every field.
func worked() dsr.Work {
	return dsr.Work{
		RightsConfirmed: true, Match: dsr.Matched, MatchedAt: now().Add(-2 * time.Hour), AskedAt: now().Add(-time.Hour), Asked: 3, Confirmed: true, Disowned: true,
		Identity: dsr.IdentitySure, Means: []dsr.Means{dsr.ByMailbox, dsr.ByFacts},
		Decisions: []dsr.Decision{{Right: dsr.Access, Result: dsr.Granted}, {Right: dsr.Erasure, Result: dsr.Refused, Ground: dsr.GroundClaims}},
		Proposed:  dsr.Answered, Drafter: dsr.ActorID{1}, Draft: [32]byte{7}, NotBefore: now().Add(24 * time.Hour), Alone: true, Warned: 3001,
		Approver: dsr.ActorID{2}, Outcome: dsr.Answered, ClosedAt: now().Add(time.Hour), CopyAsked: now(),
		Undelivered: []dsr.LetterKind{dsr.AnswerLetter}, Reminded: "half-time 2026-03-19", Hold: "complaint",
		Left: []int{8001, 9001}, Otherwise: 10,
	}
}

// opening is the change that opens a case.
func opening(t *testing.T) casework.Change {
	t.Helper()
	id := owner(t, "a")
	key, err := keyFor(casework.CaseKey(id))
	if err != nil {
		t.Fatal(err)
	}
	person, err := dsr.NewActorID(strings.NewReader("personal"))
	if err != nil {
		t.Fatal(err)
	}
	opened := dsr.Case{
		ID: id, Number: "AVG-2026-0001", State: dsr.Received, Seq: 1, Rights: []dsr.Right{dsr.Access, dsr.Erasure},
		Language: dsr.Dutch, Trust: dsr.TrustA, Statement: "2025-01-01", Received: now(), Opened: now(),
		Dates:  dsr.Dates{ReceiptDay: "2026-03-05", PromiseDue: "2026-04-02", PlanBy: "2026-04-02", LawBase: "2026-04-05", LawDue: "2026-04-07", ExtensionDue: "2026-06-05"},
		Thread: "thread", Person: person, DueAt: now().AddDate(0, 0, 14),
		Work: worked(), Confidential: confidential(),
	}
	letter := dsr.Letter{
		Ref:      dsr.LetterRef{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.Acknowledgement, N: 1},
		Language: dsr.Dutch, To: dsr.Addressee{Requester: true}, Purpose: dsr.FollowCase,
		State: dsr.LetterWaiting, Queued: now(), DueAt: now(),
	}
	return casework.Change{
		File: casework.File{Case: opened, Key: key},
		Event: dsr.Event{
			Seq: 1, Kind: dsr.CaseOpened, At: now(), Actor: person,
			Facts: map[string]string{"rights": "access erasure"}, Personal: []byte(`{"text":"` + canary + `"}`),
		},
		Letters:  []dsr.Letter{letter},
		Mail:     &dsr.Mail{ID: "m1", State: dsr.MailCase, Case: id},
		Messages: casework.MessageKeys{Raw: [32]byte{1}, Message: [32]byte{2}, Until: now().Add(time.Hour)},
		Sender:   &casework.SenderClaim{Hash: casework.SenderHash{3}, Acknowledged: true, Case: id, Until: now().Add(24 * time.Hour)},
		At:       now(),
	}
}
