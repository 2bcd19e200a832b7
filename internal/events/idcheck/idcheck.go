// Package idcheck has copies of identity documents looked at, kept as a picture
// or refused, and destroyed, originals and all. It alone reads and destroys
// originals.
//
// The trigger is EventBridge, which tells of each object that comes under
// "incoming/". Sweep drives the same function with the tags of copies that are
// due, mailed ones among them, and with the names of originals that lie there
// still. The trigger is the fast path; sweep is the guarantee, so that a copy
// which fails here neither is lost nor lies there for ever.
//
// Nothing is stored here, and no line of the log says more of a copy than its
// tag.
package idcheck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/idcopy"
)

// Handler works on copies; its fields are what main wires for it.
type Handler struct {
	Inspecting casework.Inspecting // with Examine of this package
	Raw        casework.RawMail
	MailOf     func(ctx context.Context, id string) (dsr.Mail, error) // what is stored about a mail; casework.ErrNotFound
	Clock      func(context.Context) (time.Time, error)
	Log        *slog.Logger
}

// Handle takes one event: a new object, or the copies to drive again. One copy
// that fails does not hold back the others; it makes the event fail at the end,
// so that Lambda and the metrics know.
func (h Handler) Handle(ctx context.Context, event json.RawMessage) error {
	now, err := h.Clock(ctx)
	if err != nil {
		return fmt.Errorf("asking the time: %w", err)
	}
	names, err := namesIn(event)
	if err != nil {
		return err
	}
	var failed error
	for i, name := range names {
		if err := h.attend(ctx, now, name); err != nil {
			failed = errors.Join(failed, fmt.Errorf("copy %d of the event: %w", i+1, err))
		}
	}
	return failed
}

// errEvent is returned for an event of no known shape, or about something else.
// Its text is not repeated.
var errEvent = errors.New("the event is neither about an upload nor a list of copies")

// namesIn gives what an event is about: names of originals, or tags.
func namesIn(event json.RawMessage) ([]string, error) {
	var shape struct {
		casework.Again
		Detail struct {
			Object struct {
				Key string `json:"key"` // not URL-encoded, unlike that of S3's own notices
			} `json:"object"`
		} `json:"detail"` // docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
	}
	if err := json.Unmarshal(event, &shape); err != nil {
		return nil, errEvent
	}
	if key := shape.Detail.Object.Key; key != "" {
		return []string{key}, nil
	}
	if len(shape.IDs) == 0 {
		return nil, errEvent
	}
	return shape.IDs, nil
}

// incoming is the folder of originals.
const incoming = "incoming/"

// attend does what there is to do about one copy. A file among the originals that
// no copy can be named after is destroyed: nobody could ever drive it.
func (h Handler) attend(ctx context.Context, now time.Time, name string) error {
	ref, err := dsr.ParseOriginal(name)
	if err != nil {
		ref, err = dsr.ParseEnclosureTag(name)
	}
	switch {
	case err != nil && strings.HasPrefix(name, incoming):
		h.Log.WarnContext(ctx, "a file of no name that was given out is destroyed")
		return h.Inspecting.Files.RemoveFile(ctx, name)
	case err != nil || ref.Kind != dsr.IDCopyFile:
		return errEvent
	}
	original, err := h.original(ctx, now, ref)
	if err != nil {
		return err
	}
	if err := h.Inspecting.TakeIn(ctx, now, ref, original); err != nil {
		return err
	}
	h.Log.InfoContext(ctx, "copy attended to", "file", ref.Tag())
	return nil
}

// original gives how the original of a copy is read and destroyed: in the folder
// of uploads, or as a part of a mail.
func (h Handler) original(ctx context.Context, now time.Time, ref dsr.EnclosureRef) (casework.Original, error) {
	row, err := h.Inspecting.Enclosure(ctx, ref)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return casework.Original{}, fmt.Errorf("reading copy %s: %w", ref.Tag(), err)
	}
	if row.Mail != (dsr.MailedPart{}) {
		return mailed{h, row, now}.original(), nil
	}
	files, path := h.Inspecting.Files, ref.Original()
	return casework.Original{
		Open:    func(ctx context.Context) (io.ReadCloser, int64, error) { return files.OpenFile(ctx, path) },
		Destroy: func(ctx context.Context) error { return files.RemoveFile(ctx, path) },
	}, nil
}

// Examine is a casework.Examine: it makes of a copy a picture that holds nothing
// but pixels, and a blurred one.
func Examine(ctx context.Context, original io.Reader, size int64) (casework.Examined, error) {
	picture, err := idcopy.Inspect(ctx, original, size)
	var refusal idcopy.Refusal
	if errors.As(err, &refusal) {
		return casework.Examined{Refusal: string(refusal)}, nil
	}
	if err != nil {
		return casework.Examined{}, err
	}
	blurred, err := idcopy.Blur(ctx, picture)
	if err != nil {
		return casework.Examined{}, err
	}
	return casework.Examined{Picture: picture.JPEG, Blurred: blurred, Form: string(picture.Kind)}, nil
}
