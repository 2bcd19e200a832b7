package simulation

import (
	"context"
	"fmt"
	"strings"

	"polarweb.nl/inzage/internal/dsr"
)

// bodiesAccountedFor lets pass what a run left behind that could not know how
// its own commit ended, or did not live to take away what it replaced.
func bodiesAccountedFor(w *world) error {
	recorded := map[string]bool{}
	for _, c := range w.memory.AllCases() {
		if c.State == dsr.Purged {
			continue
		}
		paths, err := w.recordedBodies(c.ID)
		if err != nil {
			return err
		}
		for _, path := range paths {
			w.met["large text"]++
			recorded[path] = true
			if !w.stock[path].there() {
				return fmt.Errorf("case %s: the text at %s is gone", c.Number, path)
			}
		}
	}
	for _, file := range w.files {
		for _, path := range file.next.Paths {
			recorded[path] = true // another invariant's
		}
	}
	for _, path := range w.objects.Paths() {
		by := w.stock[path].by
		if !strings.HasPrefix(path, "case/") || recorded[path] || by.dead || by.hurt {
			continue
		}
		if sheet := by.shown.sheet; sheet == nil || !w.messy[sheet.Case] {
			return fmt.Errorf("%s was left by run %d, which ended well", path, by.number)
		}
	}
	return nil
}

// recordedBodies gives where the large texts of a case lie: what people wrote,
// and what was found.
func (w *world) recordedBodies(id dsr.OwnerID) ([]string, error) {
	history, err := w.history(id)
	if err != nil {
		return nil, err
	}
	tasks, err := w.memory.ReadTasks(context.Background(), id)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, event := range history {
		if event.Body != nil {
			paths = append(paths, event.Body.Path)
		}
	}
	for _, task := range tasks {
		if task.Body != nil {
			paths = append(paths, task.Body.Path)
		}
	}
	return paths, nil
}
