// Package parcel looks after the files that no page can hold: it has what staff
// upload sealed, the package of an answer built, and a package opened for one
// download.
//
// The triggers are the stream of the Cases table, keys only, filtered to inserted
// rows whose sort key begins with "PARCEL#", and EventBridge, which tells of each
// object that comes under "found/". Sweep drives the same function with the tags
// of files that are due and the names of originals that lie there still. The
// triggers are the fast path; sweep is the guarantee, so a file that fails here
// is never lost.
package parcel

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

// Handler works on files; its fields are what main wires for it.
type Handler struct {
	Packing casework.Packing
	Clock   func(context.Context) (time.Time, error)
	Log     *slog.Logger
}

// Handle takes one event: a batch of the stream, a new object, or the files to
// drive again.
//
// A file that fails is logged and left to sweep, and the batch goes on: one file
// that cannot be packed must not hold back the answers of other people behind it
// in the shard.
func (h Handler) Handle(ctx context.Context, event json.RawMessage) (events.DynamoDBEventResponse, error) {
	var answer events.DynamoDBEventResponse
	now, err := h.Clock(ctx)
	if err != nil {
		return answer, fmt.Errorf("asking the time: %w", err)
	}
	files, err := filesOf(event)
	if len(files) == 0 && err != nil {
		return answer, err
	}
	if err != nil {
		h.Log.ErrorContext(ctx, "event holds more than files", "error", err)
	}
	for _, one := range files {
		attend := h.Packing.Attend
		if one.came {
			attend = h.Packing.TakeIn
		}
		if err := attend(ctx, now, one.ref); err != nil {
			h.Log.ErrorContext(ctx, "file failed", "file", one.ref.Tag(), "error", err)
		}
	}
	return answer, nil
}

// file is one file that an event is about.
type file struct {
	ref  dsr.EnclosureRef
	came bool // its original lies there
}

// errEvent is returned for an event of no known shape.
var errEvent = errors.New("the event is neither a batch of the stream, nor a new object, nor a list of files")

// filesOf gives the files an event is about. What is no file makes an error
// beside those that are, and does not hold them back.
func filesOf(event json.RawMessage) ([]file, error) {
	var shape struct {
		casework.Again
		events.DynamoDBEvent
		Detail struct {
			Object struct {
				Key string `json:"key"` // not URL-encoded, unlike that of S3's own notices
			} `json:"object"`
		} `json:"detail"` // docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
	}
	if err := json.Unmarshal(event, &shape); err != nil {
		return nil, errEvent
	}
	switch {
	case len(shape.IDs) > 0:
		return each(shape.IDs, named)
	case len(shape.Records) > 0:
		return each(shape.Records, inserted)
	case shape.Detail.Object.Key != "":
		return each([]string{shape.Detail.Object.Key}, uploaded)
	}
	return nil, errEvent
}

// named gives the file that sweep names by its tag, or by its original.
func named(id string) (file, error) {
	if one, err := uploaded(id); err == nil {
		return one, nil
	}
	ref, err := dsr.ParseEnclosureTag(id)
	return file{ref: ref}, attended(ref, err)
}

// uploaded gives the file whose original has this name.
func uploaded(name string) (file, error) {
	ref, err := dsr.ParseOriginal(name)
	return file{ref, true}, attended(ref, err)
}

// inserted gives the file whose row a record of the stream is about.
func inserted(record events.DynamoDBEventRecord) (file, error) {
	keys := record.Change.Keys
	if keys["pk"].DataType() != events.DataTypeString || keys["sk"].DataType() != events.DataTypeString {
		return file{}, errEvent
	}
	ref, err := casestore.EnclosureRefOf(keys["pk"].String(), keys["sk"].String())
	return file{ref: ref}, attended(ref, err)
}

// attended keeps copies of identity documents away from this function: it may
// neither read them nor remove them.
func attended(ref dsr.EnclosureRef, err error) error {
	if err == nil && ref.Kind == dsr.IDCopyFile {
		return errEvent
	}
	return err
}

// each reads the files out of a list.
func each[T any](list []T, read func(T) (file, error)) (files []file, failed error) {
	for i, one := range list {
		found, err := read(one)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("reading file %d of the event: %w", i+1, err))
			continue
		}
		files = append(files, found)
	}
	return files, failed
}
