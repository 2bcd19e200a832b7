// Package dispatch turns new letters of the outbox into mail.
//
// The trigger is the stream of the Cases table, keys only, filtered to inserted
// rows whose sort key begins with "LETTER#". Sweep drives the same function
// with the tags of letters that are still waiting. The stream is the fast path;
// sweep is the guarantee, so a letter that fails here is never lost.
//
// A line at level ERROR with the message "alarm" asks for a person: SES takes no
// letters from us, and deadlines run on. The letters wait, and each says in its
// case's history that it was late.
package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// Handler sends letters; its fields are what main wires for it.
type Handler struct {
	Sending casework.Sending
	Clock   func(context.Context) (time.Time, error)
	Log     *slog.Logger
}

// Handle takes one event: a batch of the stream, or letter tags to drive again.
//
// A letter that fails is logged and left to sweep, and the batch goes on: one
// letter that cannot be sent must not hold back the letters of other people
// behind it in the shard.
func (h Handler) Handle(ctx context.Context, event json.RawMessage) (events.DynamoDBEventResponse, error) {
	var answer events.DynamoDBEventResponse
	now, err := h.Clock(ctx)
	if err != nil {
		return answer, fmt.Errorf("asking the time: %w", err)
	}
	refs, err := letters(event)
	if len(refs) == 0 && err != nil {
		return answer, err
	}
	if err != nil {
		h.Log.ErrorContext(ctx, "event holds more than letters", "error", err)
	}
	var late waiting
	for _, ref := range refs {
		h.send(ctx, now, ref, &late)
	}
	h.alarm(ctx, late)
	return answer, nil
}

// send sends one letter and logs what keeps it.
func (h Handler) send(ctx context.Context, now time.Time, ref dsr.LetterRef, late *waiting) {
	err := h.Sending.Send(ctx, now, ref)
	if err == nil {
		return
	}
	if delayed, is := late.note(err); is {
		h.Log.WarnContext(ctx, "letter put off", "letter", ref.Tag(), "until", delayed.Until, "error", err)
		return
	}
	h.Log.ErrorContext(ctx, "letter failed", "letter", ref.Tag(), "error", err)
}

// errEvent is returned for an event of no known shape.
var errEvent = errors.New("the event is neither a batch of the stream nor a list of letters")

// letters gives the letters an event is about. What is no letter makes an
// error beside those that are, and does not hold them back.
func letters(event json.RawMessage) ([]dsr.LetterRef, error) {
	var again casework.Again
	if err := json.Unmarshal(event, &again); err == nil && len(again.IDs) > 0 {
		return each(again.IDs, dsr.ParseLetterTag)
	}
	var batch events.DynamoDBEvent
	if err := json.Unmarshal(event, &batch); err != nil || len(batch.Records) == 0 {
		return nil, errEvent
	}
	return each(batch.Records, letterOf)
}

// letterOf gives the letter whose row a record of the stream is about.
func letterOf(record events.DynamoDBEventRecord) (dsr.LetterRef, error) {
	keys := record.Change.Keys
	if keys["pk"].DataType() != events.DataTypeString || keys["sk"].DataType() != events.DataTypeString {
		return dsr.LetterRef{}, errEvent
	}
	return casestore.LetterRefOf(keys["pk"].String(), keys["sk"].String())
}

// each reads the letters out of a list.
func each[T any](list []T, read func(T) (dsr.LetterRef, error)) (refs []dsr.LetterRef, failed error) {
	for i, one := range list {
		ref, err := read(one)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("reading letter %d of the event: %w", i+1, err))
			continue
		}
		refs = append(refs, ref)
	}
	return refs, failed
}
