package stream

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"polarweb.nl/inzage/infra/template"
)

// handOn gives the records of a page to every function that wants them.
func (p *Poller) handOn(ctx context.Context, records []types.Record) error {
	all := make([]events.DynamoDBEventRecord, len(records))
	for i, record := range records {
		all[i] = p.convert(record)
	}
	for _, s := range p.options.Subscribers {
		wanted, err := s.filter(all)
		if err != nil {
			return err
		}
		for len(wanted) > 0 {
			size := min(s.BatchSize, len(wanted))
			if err := p.deliver(ctx, s, wanted[:size]); err != nil {
				return err
			}
			wanted = wanted[size:]
		}
	}
	return nil
}

// filter keeps the records that a function's filters let through.
func (s Subscriber) filter(all []events.DynamoDBEventRecord) ([]events.DynamoDBEventRecord, error) {
	var wanted []events.DynamoDBEventRecord
	for _, record := range all {
		// The filter is written for the event's JSON, so that is what it sees.
		text, err := json.Marshal(record)
		if err != nil {
			return nil, fmt.Errorf("write a record: %w", err)
		}
		var fields map[string]any
		if err := json.Unmarshal(text, &fields); err != nil {
			return nil, fmt.Errorf("read a record: %w", err)
		}
		if template.MatchesAny(s.Filters, fields) {
			wanted = append(wanted, record)
		}
	}
	return wanted, nil
}

// deliver calls a function with a batch until it takes it. A batch that keeps
// failing is halved; a single record that keeps failing goes to OnFailure.
func (p *Poller) deliver(ctx context.Context, s Subscriber, batch []events.DynamoDBEventRecord) error {
	payload, err := json.Marshal(events.DynamoDBEvent{Records: batch})
	if err != nil {
		return fmt.Errorf("write an event: %w", err)
	}
	cause := p.try(ctx, s, payload)
	if cause == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err // we are being stopped, which says nothing about the record
	}
	if len(batch) == 1 {
		if err := p.options.OnFailure(ctx, s.Function, payload, cause); err != nil {
			return fmt.Errorf("put a failed record of %s aside: %w", s.Function, err)
		}
		return nil
	}
	half := len(batch) / 2
	if err := p.deliver(ctx, s, batch[:half]); err != nil {
		return err
	}
	return p.deliver(ctx, s, batch[half:])
}

// try calls a function once and then again as often as it may.
func (p *Poller) try(ctx context.Context, s Subscriber, payload []byte) error {
	err := p.options.Invoke(ctx, s.Function, payload)
	for again := 0; err != nil && again < s.Retries; again++ {
		if pause(ctx, p.options.RetryPause) != nil {
			break
		}
		err = p.options.Invoke(ctx, s.Function, payload)
	}
	return err
}
