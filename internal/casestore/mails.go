package casestore

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Mail implements casework.Mails.
func (s *Store) Mail(ctx context.Context, id string) (dsr.Mail, error) {
	var row mailRow
	if err := s.get(ctx, s.Cases, mailKey(id), &row); err != nil {
		return dsr.Mail{}, err
	}
	return row.mail(id)
}

// unsettled is the condition under which a mail may still be worked on.
func unsettled() expression.ConditionBuilder {
	return expression.Name("state").In(
		expression.Value(string(dsr.MailSeen)), expression.Value(string(dsr.MailReading)))
}

// Begin implements casework.Mails. The first update counts an attempt, which
// only a mail allows whose last one is over; any other unsettled mail is begun
// without counting; a settled one refuses both and is shown.
func (s *Store) Begin(ctx context.Context, arrival dsr.Mail, now, dueAt time.Time) (dsr.Mail, error) {
	due, at := dueOf(dueAt)
	over := expression.Name("dueAt").AttributeNotExists().
		Or(expression.Name("dueAt").LessThanEqual(expression.Value(stamp(now))))
	counted := begun(arrival).
		Set(expression.Name("due"), expression.Value(due)).
		Set(expression.Name("dueAt"), expression.Value(at)).
		Add(expression.Name("attempts"), expression.Value(1))
	mail, refused, err := s.begin(ctx, arrival.ID, counted,
		expression.Name("pk").AttributeNotExists().Or(unsettled().And(over)))
	if err != nil || !refused || mail.State.Terminal() {
		return mail, err
	}
	mail, _, err = s.begin(ctx, arrival.ID, begun(arrival), unsettled())
	return mail, err
}

// begun gives what every beginning stores. What the first one stored stays.
func begun(arrival dsr.Mail) expression.UpdateBuilder {
	kept := func(name string, value any) (expression.NameBuilder, expression.SetValueBuilder) {
		return expression.Name(name), expression.IfNotExists(expression.Name(name), expression.Value(value))
	}
	update := expression.Set(expression.Name("state"), expression.Value(string(dsr.MailReading))).
		Set(kept("owner", arrival.Owner.String())).
		Set(kept("arrived", stamp(arrival.ArrivedAt)))
	if arrival.Verdicts.Known() {
		update = update.Set(kept("verdicts", verdictsRow(arrival.Verdicts)))
	}
	return update
}

// begin updates a mail's row and gives it as it then stands. A refused update
// gives the row as it stands without it.
func (s *Store) begin(ctx context.Context, id string, update expression.UpdateBuilder, condition expression.ConditionBuilder) (mail dsr.Mail, refused bool, err error) {
	built, err := expression.NewBuilder().WithUpdate(update).WithCondition(condition).Build()
	if err != nil {
		return dsr.Mail{}, false, writing(mailKey(id), err)
	}
	answer, err := s.API.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                           &s.Cases,
		Key:                                 mailKey(id).attributes(),
		UpdateExpression:                    built.Update(),
		ConditionExpression:                 built.Condition(),
		ExpressionAttributeNames:            built.Names(),
		ExpressionAttributeValues:           built.Values(),
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		mail, err = readMail(id, failed.Item)
		return mail, true, err
	}
	if err != nil {
		return dsr.Mail{}, false, writing(mailKey(id), err)
	}
	mail, err = readMail(id, answer.Attributes)
	return mail, false, err
}

// readMail reads the attributes of a mail's row.
func readMail(id string, attributes map[string]types.AttributeValue) (dsr.Mail, error) {
	var row mailRow
	if err := attributevalue.UnmarshalMap(attributes, &row); err != nil {
		return dsr.Mail{}, reading(mailKey(id), err)
	}
	return row.mail(id)
}

// Note implements casework.Mails.
func (s *Store) Note(ctx context.Context, seen dsr.Mail, dueAt time.Time) error {
	row := mailRow{Owner: seen.Owner.String(), State: string(seen.State), Arrived: stamp(seen.ArrivedAt)}
	row.Due, row.DueAt = dueOf(dueAt)
	item, err := item(mailKey(seen.ID), row)
	if err != nil {
		return writing(mailKey(seen.ID), err)
	}
	_, err = s.API.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.Cases, Item: item,
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	})
	var known *types.ConditionalCheckFailedException
	if err == nil || errors.As(err, &known) {
		return nil
	}
	return writing(mailKey(seen.ID), err)
}

// Postpone implements casework.Mails.
func (s *Store) Postpone(ctx context.Context, id string, dueAt time.Time) error {
	due, at := expression.Name("due"), expression.Name("dueAt")
	update := expression.Remove(due).Remove(at)
	if bucket, stamped := dueOf(dueAt); bucket != "" {
		update = expression.Set(due, expression.Value(bucket)).Set(at, expression.Value(stamped))
	}
	return s.updateIf(ctx, mailKey(id), update, expression.Name("state").AttributeExists().And(expression.Not(unsettled())))
}

// waitingRow is what changes of a mail that waits for a person.
type waitingRow struct {
	Notices int    `dynamodbav:"notices,omitempty"`
	Opened  string `dynamodbav:"opened,omitempty"`
	Due     string `dynamodbav:"due,omitempty"`
	DueAt   string `dynamodbav:"dueAt,omitempty"`
}

// moveMail lets a mail that waits for a person go on, provided nobody else did.
func (t *transaction) moveMail(move casework.MailMove) {
	row := waitingRow{Notices: move.Next.Notices, Opened: stamp(move.Next.OpenedAt)}
	row.Due, row.DueAt = dueOf(move.Next.DueAt)
	settled := expression.Name("state").AttributeExists().And(expression.Not(unsettled()))
	t.update(onCase, mailKey(move.Next.ID), row, []string{"notices", "opened", "due", "dueAt"},
		settled.And(still("dueAt", move.Prior.DueAt), still("opened", move.Prior.OpenedAt)))
}

// still is the condition that a row holds an instant as it was read; none for the
// zero instant.
func still(name string, at time.Time) expression.ConditionBuilder {
	if at.IsZero() {
		return expression.Name(name).AttributeNotExists()
	}
	return expression.Name(name).Equal(expression.Value(stamp(at)))
}

// Next implements casework.Numbers.
func (s *Store) Next(ctx context.Context, year int) (int, error) {
	built, err := expression.NewBuilder().
		WithUpdate(expression.Add(expression.Name("last"), expression.Value(1))).Build()
	if err != nil {
		return 0, writing(counterKey(year), err)
	}
	answer, err := s.API.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &s.Cases,
		Key:                       counterKey(year).attributes(),
		UpdateExpression:          built.Update(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
		ReturnValues:              types.ReturnValueUpdatedNew,
	})
	if err != nil {
		return 0, writing(counterKey(year), err)
	}
	last, ok := answer.Attributes["last"].(*types.AttributeValueMemberN)
	if !ok {
		return 0, reading(counterKey(year), errors.New("no number"))
	}
	return strconv.Atoi(last.Value)
}

// Keep implements casework.Numbers.
func (s *Store) Keep(ctx context.Context, mailID string, number dsr.Number) (dsr.Number, error) {
	kept := expression.IfNotExists(expression.Name("number"), expression.Value(string(number)))
	built, err := expression.NewBuilder().
		WithUpdate(expression.Set(expression.Name("number"), kept)).
		WithCondition(expression.Name("pk").AttributeExists()).Build()
	if err != nil {
		return "", writing(mailKey(mailID), err)
	}
	answer, err := s.API.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 &s.Cases,
		Key:                       mailKey(mailID).attributes(),
		UpdateExpression:          built.Update(),
		ConditionExpression:       built.Condition(),
		ExpressionAttributeNames:  built.Names(),
		ExpressionAttributeValues: built.Values(),
		ReturnValues:              types.ReturnValueUpdatedNew,
	})
	if err != nil {
		return "", writing(mailKey(mailID), err)
	}
	return dsr.Number(text(answer.Attributes["number"])), nil
}

// MailOf is a casework.MailOf.
func (s *Store) MailOf(ctx context.Context, owner dsr.OwnerID) (string, error) {
	var row ownerRow
	if err := s.get(ctx, s.Cases, ownerKey(owner), &row); err != nil {
		return "", err
	}
	return strings.TrimPrefix(row.PK, mailPrefix), nil
}
