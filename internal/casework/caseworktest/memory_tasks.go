package caseworktest

import (
	"cmp"
	"context"
	"slices"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// ReadTasks is a casework.ReadTasks.
func (m *Memory) ReadTasks(ctx context.Context, id dsr.OwnerID) (tasks []dsr.Task, err error) {
	err = m.call(ctx, "ReadTasks", func() error {
		for at, task := range m.tasks {
			if at.id == id {
				tasks = append(tasks, copyTask(task))
			}
		}
		slices.SortFunc(tasks, func(a, b dsr.Task) int {
			return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Right, b.Right))
		})
		return nil
	})
	return tasks, err
}

// putTasks stores tasks in the place of earlier ones.
func (m *Memory) putTasks(change casework.Change) {
	for _, task := range change.Tasks {
		m.tasks[taskKey{change.File.Case.ID, task.System, task.Right}] = copyTask(task)
	}
}
