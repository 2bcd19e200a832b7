package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"polarweb.nl/inzage/infra/local/queue"
	"polarweb.nl/inzage/infra/template"
)

// rule is an EventBridge rule of the template: a function that hears of new
// objects whose names match. Its events lie in a queue of their own, so that one
// that was accepted outlives a stack that is killed.
type rule struct {
	function string
	filter   template.Filter
	events   *queue.Queue
}

// deliveries is how often a rule's event is handed on before it is a dead
// letter: once, and then as often as the template's RetryPolicy says.
const deliveries = 9

// openRules opens a queue for every rule of the template.
func (s *Stack) openRules(context.Context) error {
	declared, err := s.template.Functions()
	if err != nil {
		return err
	}
	for _, function := range declared {
		name, err := s.template.ResolveText(function.Name, s.names())
		if err != nil {
			return err
		}
		for _, source := range function.Patterns {
			one := rule{function: name}
			resolved, err := s.template.Resolve(source.Pattern, s.names())
			if err != nil {
				return err
			}
			if one.filter, err = template.FilterOf(resolved); err != nil {
				return fmt.Errorf("event %s of %s: %w", source.Event, function.LogicalID, err)
			}
			one.events, err = queue.Open(s.path("queues", function.LogicalID+source.Event), queue.Options{
				MaxReceives: deliveries, DeadLetter: s.queues["DrivenDeadLetters"],
				Delay: func(receives int) time.Duration { return time.Duration(receives) * 200 * time.Millisecond },
			})
			if err != nil {
				return fmt.Errorf("the queue of event %s: %w", source.Event, err)
			}
			s.onStop(one.events.Close)
			s.rules = append(s.rules, one)
		}
	}
	return nil
}

// created tells the rules of a new object, before its upload is answered. The
// event has the fields of S3's own
// (docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
func (s *Stack) created(bucket, key string, size int64) error {
	event := map[string]any{
		"version": "0", "source": "aws.s3", "detail-type": "Object Created",
		"account": account, "region": region, "time": time.Now().UTC().Format(time.RFC3339),
		"resources": []any{"arn:aws:s3:::" + bucket},
		"detail": map[string]any{
			"version": "0", "bucket": map[string]any{"name": bucket}, "object": map[string]any{"key": key, "size": size},
		},
	}
	body, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("writing the event of an object: %w", err)
	}
	for _, one := range s.rules {
		if !one.filter.Matches(event) {
			continue
		}
		if _, err := one.events.Send(string(body)); err != nil {
			return fmt.Errorf("keeping the event of an object: %w", err)
		}
	}
	return nil
}

// startRules hands the events of each rule to its function.
func (s *Stack) startRules(ctx context.Context) {
	for _, one := range s.rules {
		for range atOnce {
			s.goOn(func() {
				s.workOff(ctx, one.events, func(ctx context.Context, message queue.Message) error {
					_, err := s.invoke(ctx, one.function, []byte(message.Body))
					return err
				})
			})
		}
	}
}

// workOff hands on the messages of a queue until the stack stops.
func (s *Stack) workOff(ctx context.Context, q *queue.Queue, handOn func(context.Context, queue.Message) error) {
	for {
		message, err := q.Receive(ctx)
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, queue.ErrClosed) {
				s.fail(fmt.Errorf("receiving from a queue: %w", err))
			}
			return
		}
		done := q.Delete
		if handOn(ctx, message) != nil {
			done = q.Release
		}
		if err := done(message.ID); err != nil && !errors.Is(err, queue.ErrClosed) {
			s.fail(fmt.Errorf("ending a message of a queue: %w", err))
			return
		}
	}
}
