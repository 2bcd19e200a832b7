package caseworktest

import (
	"time"

	"polarweb.nl/inzage/internal/dsr"
)

// taskChecks are about what was found in each system.
func taskChecks() []check {
	return []check{
		{"a case begins without tasks", func(s *trial) {
			if tasks := s.tasks(s.opened().Case.ID); len(tasks) != 0 {
				s.Errorf("it has %v", tasks)
			}
			if tasks := s.tasks(s.owner()); len(tasks) != 0 {
				s.Errorf("no case has %v", tasks)
			}
		}},
		{"tasks read back by system and right", inOrder},
		{"a task takes the place of the earlier one", replaced},
		{"a change without tasks keeps them", func(s *trial) {
			file := s.opened()
			task := s.task("shop", dsr.Access)
			s.looked(file.Case.ID, task)
			s.ok(s.Cases.Commit(s.Context(), s.next(s.file(file.Case.ID))))
			s.same("tasks", []dsr.Task{task}, s.tasks(file.Case.ID))
		}},
		{"a task holds only for the case as it was read", func(s *trial) {
			file := s.opened()
			first, second := s.task("shop", dsr.Access), s.task("shop", dsr.Access)
			second.Result = dsr.NothingFound
			s.looked(file.Case.ID, first)
			stale := s.next(file)
			stale.Tasks = []dsr.Task{second}
			s.conflict(s.Cases.Commit(s.Context(), stale))
			s.same("tasks", []dsr.Task{first}, s.tasks(file.Case.ID))
		}},
		{"a case may be opened with tasks", func(s *trial) {
			change := s.opening()
			change.Tasks = []dsr.Task{s.task("shop", dsr.Access)}
			s.ok(s.Cases.Commit(s.Context(), change))
			s.same("tasks", change.Tasks, s.tasks(change.File.Case.ID))
		}},
	}
}

// task gives a task whose text stands in its row.
func (s *trial) task(system string, right dsr.Right) dsr.Task {
	return dsr.Task{
		System: system, Right: right, Result: dsr.Found, By: dsr.ActorID{3}, At: s.now.Add(time.Minute),
		Sealed: []byte("sealed for " + system + " and " + string(right)),
	}
}

// looked stores tasks with the next event of a case.
func (s *trial) looked(id dsr.OwnerID, tasks ...dsr.Task) {
	s.Helper()
	change := s.next(s.file(id))
	change.Tasks = tasks
	s.ok(s.Cases.Commit(s.Context(), change))
}

// tasks reads the tasks of a case.
func (s *trial) tasks(id dsr.OwnerID) []dsr.Task {
	s.Helper()
	tasks, err := s.ReadTasks(s.Context(), id)
	s.ok(err)
	return tasks
}

// inOrder checks the order of systems whose names begin alike, with a text in
// the row, one in the vault, and none; and that another case has its own.
func inOrder(s *trial) {
	id, other := s.opened().Case.ID, s.opened().Case.ID
	crm, second, third := s.task("crm", dsr.Access), s.task("crm", dsr.ObjectionMarketing), s.task("crm-2", dsr.Access)
	fourth, fifth := s.task("crm2", dsr.Erasure), s.task("shop", dsr.Access)
	second.Sealed, second.Result = nil, dsr.NothingFound
	third.Sealed, third.Body = nil, &dsr.BodyRef{Path: "case/x/y", SHA256: "abc"}
	s.looked(id, fifth, third)
	s.looked(id, fourth, second, crm)
	s.looked(other, s.task("crm", dsr.Portability))
	s.same("tasks", []dsr.Task{crm, second, third, fourth, fifth}, s.tasks(id))
	s.same("the other case's tasks", []dsr.Task{s.task("crm", dsr.Portability)}, s.tasks(other))
}

// replaced checks that nothing of an earlier task is left, and that no task is
// changed by who wrote or read it.
func replaced(s *trial) {
	id := s.opened().Case.ID
	first, beside := s.task("shop", dsr.Access), s.task("shop", dsr.Erasure)
	s.looked(id, first, beside)
	for _, next := range []dsr.Task{
		{Result: dsr.Found, Body: &dsr.BodyRef{Path: "case/x/y", SHA256: "abc"}},
		{Result: dsr.NothingFound},
	} {
		next.System, next.Right, next.By, next.At = first.System, first.Right, dsr.ActorID{4}, s.now.Add(time.Hour)
		s.looked(id, next)
		s.same("tasks", []dsr.Task{next, beside}, s.tasks(id))
	}

	text := []byte("sealed")
	first.Sealed, first.Body = text, &dsr.BodyRef{Path: "case/x/z"}
	s.looked(id, first)
	spoil := func(task dsr.Task) { task.Sealed[0], task.Body.Path = 'X', "elsewhere" }
	spoil(first)
	spoil(s.tasks(id)[0])
	got := s.tasks(id)[0]
	s.same("text after changing what was written and read", "sealed", string(got.Sealed))
	s.same("place after changing what was written and read", "case/x/z", got.Body.Path)
}
