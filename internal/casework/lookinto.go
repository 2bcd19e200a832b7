package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// Looked is what came of looking into one system for one right.
type Looked struct {
	System string // its id in the data map
	Right  dsr.Right
	Result dsr.TaskResult
	Text   string // what was found, changed or must be kept
}

// LookInto records what one system of the data map holds about the data
// subject, or what was done there. It takes the place of what was recorded
// before; the text of that is destroyed.
func (h Handling) LookInto(ctx context.Context, now time.Time, sheet Sheet, looked Looked) error {
	looked.Text = strings.TrimSpace(looked.Text)
	var put, old *dsr.BodyRef
	err := h.act(ctx, now, sheet, func(file *File) (deed, error) {
		if err := h.sound(&file.Case, looked); err != nil {
			return deed{}, err
		}
		var err error
		if old, err = h.earlierText(ctx, file.Case.ID, looked); err != nil {
			return deed{}, err
		}
		task := dsr.Task{System: looked.System, Right: looked.Right, Result: looked.Result, By: sheet.Session.Actor, At: now}
		if put, err = h.sealTask(ctx, *file, &task, looked.Text, put); err != nil {
			return deed{}, err
		}
		return deed{
			event: dsr.Event{Kind: dsr.TaskDone, Facts: map[string]string{
				"system": looked.System, "right": string(looked.Right), "result": string(looked.Result),
			}},
			tasks: []dsr.Task{task},
		}, nil
	})
	// Of the two texts one belongs to no row now. After an unclear fault both
	// stay: they are sealed under the case's key and go with it.
	switch {
	case err == nil && old != nil:
		if err := h.Bodies.Delete(ctx, old.Path); err != nil {
			return fmt.Errorf("destroying what was found before in %s: %w", looked.System, err)
		}
	case put != nil && refused(err):
		return errors.Join(err, h.Bodies.Delete(ctx, put.Path))
	}
	return err
}

// sound checks what was looked into, and lets the case take it.
func (h Handling) sound(c *dsr.Case, looked Looked) error {
	if _, known := h.Rules.Profile.System(looked.System); !known {
		return dsr.NotNowTasks
	}
	if looked.Result.Telling() == (looked.Text == "") || len(looked.Text) > dsr.MaxTask {
		return dsr.NotNowText
	}
	return c.LookInto(looked.Right, looked.Result)
}

// earlierText finds the text in the vault that a new one replaces.
func (h Handling) earlierText(ctx context.Context, id dsr.OwnerID, looked Looked) (*dsr.BodyRef, error) {
	tasks, err := h.ReadTasks(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks: %w", err)
	}
	for _, task := range tasks {
		if task.System == looked.System && task.Right == looked.Right {
			return task.Body, nil
		}
	}
	return nil, nil
}

// sealTask seals the text of a task, into its row or, when it is large, into the
// vault. Put is where an earlier attempt of the same act laid it.
func (h Handling) sealTask(ctx context.Context, file File, task *dsr.Task, text string, put *dsr.BodyRef) (*dsr.BodyRef, error) {
	if text == "" {
		return put, nil
	}
	if len(text) <= dsr.MaxRowBody {
		sealed, err := file.Key.Seal(h.Random, taskPlace(file.Case.ID, task.System, task.Right), []byte(text))
		if err != nil {
			return nil, fmt.Errorf("sealing what was found: %w", err)
		}
		task.Sealed = sealed
		return nil, nil
	}
	if put == nil {
		var err error
		if put, err = h.shelve(ctx, h.Bodies, file, []byte(text)); err != nil {
			return nil, err
		}
	}
	task.Body = put
	return put, nil
}

// refused reports whether an act was certainly not stored.
func refused(err error) bool {
	var notNow dsr.NotNow
	return lost(err) || errors.Is(err, ErrStale) || errors.Is(err, ErrOwnRequest) || errors.As(err, &notNow)
}
