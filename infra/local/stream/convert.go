package stream

import (
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// convert writes a record of the stream as Lambda shows it to a function.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
func (p *Poller) convert(record types.Record) events.DynamoDBEventRecord {
	out := events.DynamoDBEventRecord{
		AWSRegion: p.options.Region, EventID: aws.ToString(record.EventID),
		EventName: string(record.EventName), EventSource: "aws:dynamodb",
		EventVersion: aws.ToString(record.EventVersion), EventSourceArn: p.options.StreamARN,
	}
	if u := record.UserIdentity; u != nil {
		out.UserIdentity = &events.DynamoDBUserIdentity{
			Type: aws.ToString(u.Type), PrincipalID: aws.ToString(u.PrincipalId),
		}
	}
	if change := record.Dynamodb; change != nil {
		out.Change = events.DynamoDBStreamRecord{
			Keys: attributes(change.Keys), NewImage: attributes(change.NewImage), OldImage: attributes(change.OldImage),
			SequenceNumber: aws.ToString(change.SequenceNumber), SizeBytes: aws.ToInt64(change.SizeBytes),
			StreamViewType: string(change.StreamViewType),
		}
		if change.ApproximateCreationDateTime != nil {
			out.Change.ApproximateCreationDateTime = events.SecondsEpochTime{Time: *change.ApproximateCreationDateTime}
		}
	}
	return out
}

// attributes converts an item; an absent image stays absent.
func attributes(item map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if item == nil {
		return nil
	}
	out := make(map[string]events.DynamoDBAttributeValue, len(item))
	for name, value := range item {
		out[name] = attribute(value)
	}
	return out
}

// attribute converts one value. The two libraries have the same ten types.
func attribute(value types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(attributes(v.Value))
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, item := range v.Value {
			list[i] = attribute(item)
		}
		return events.NewListAttribute(list)
	}
	return events.NewNullAttribute()
}
