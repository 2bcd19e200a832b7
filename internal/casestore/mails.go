package casestore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

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

// Begin implements casework.Mails: one conditional update, which a settled
// mail refuses and then shows.
func (s *Store) Begin(ctx context.Context, arrival dsr.Mail, dueAt time.Time) (dsr.Mail, error) {
	due, at := dueOf(dueAt)
	kept := func(name, value string) expression.OperandBuilder {
		return expression.IfNotExists(expression.Name(name), expression.Value(value))
	}
	update := expression.Set(expression.Name("state"), expression.Value(string(dsr.MailReading))).
		Set(expression.Name("owner"), kept("owner", arrival.Owner.String())).
		Set(expression.Name("arrived"), kept("arrived", stamp(arrival.ArrivedAt))).
		Set(expression.Name("due"), expression.Value(due)).
		Set(expression.Name("dueAt"), expression.Value(at)).
		Add(expression.Name("attempts"), expression.Value(1))
	built, err := expression.NewBuilder().WithUpdate(update).
		WithCondition(expression.Name("pk").AttributeNotExists().Or(unsettled())).Build()
	if err != nil {
		return dsr.Mail{}, fmt.Errorf("claiming mail %s: %w", arrival.ID, err)
	}
	answer, err := s.API.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                           &s.Cases,
		Key:                                 mailKey(arrival.ID).attributes(),
		UpdateExpression:                    built.Update(),
		ConditionExpression:                 built.Condition(),
		ExpressionAttributeNames:            built.Names(),
		ExpressionAttributeValues:           built.Values(),
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var settled *types.ConditionalCheckFailedException
	if errors.As(err, &settled) {
		return readMail(arrival.ID, settled.Item)
	}
	if err != nil {
		return dsr.Mail{}, writing(mailKey(arrival.ID), err)
	}
	return readMail(arrival.ID, answer.Attributes)
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
