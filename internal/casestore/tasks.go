package casestore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// taskRow is what came of looking into one system for one right. System and
// right stand in the key; the text about a person is sealed by whoever wrote it.
type taskRow struct {
	Result string   `dynamodbav:"result"`
	By     string   `dynamodbav:"by"`
	At     string   `dynamodbav:"at"`
	Sealed []byte   `dynamodbav:"sealed,omitempty"`
	Body   *bodyRow `dynamodbav:"body,omitempty"`
}

// bodyRow is dsr.BodyRef with the names under which it is stored.
type bodyRow struct {
	Path   string `dynamodbav:"path"`
	SHA256 string `dynamodbav:"sha256"`
}

// newTaskRow gives the row of a task.
func newTaskRow(task dsr.Task) taskRow {
	row := taskRow{Result: string(task.Result), By: task.By.String(), At: stamp(task.At), Sealed: task.Sealed}
	if task.Body != nil {
		body := bodyRow(*task.Body)
		row.Body = &body
	}
	return row
}

// ReadTasks is a casework.ReadTasks. The rows come in the order of their keys,
// which is that of systems and rights.
func (s *Store) ReadTasks(ctx context.Context, id dsr.OwnerID) ([]dsr.Task, error) {
	rows, err := s.partition(ctx, casework.CaseKey(id), taskPrefix)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks of %s: %w", casework.CaseKey(id), err)
	}
	var tasks []dsr.Task
	for _, attributes := range rows {
		task, err := readTask(attributes)
		if err != nil {
			return nil, reading(key{text(attributes["pk"]), text(attributes["sk"])}, err)
		}
		tasks = append(tasks, task)
	}
	return tasks, nil
}

// errNotATask is returned for a row key that names no task.
var errNotATask = errors.New("the row is not a task")

// readTask reads the attributes of a task's row.
func readTask(attributes map[string]types.AttributeValue) (dsr.Task, error) {
	system, right, found := strings.Cut(strings.TrimPrefix(text(attributes["sk"]), taskPrefix), "#")
	if !found {
		return dsr.Task{}, errNotATask
	}
	var row taskRow
	if err := attributevalue.UnmarshalMap(attributes, &row); err != nil {
		return dsr.Task{}, err
	}
	by, err := dsr.ParseActorID(row.By)
	if err != nil {
		return dsr.Task{}, fmt.Errorf("its actor: %w", err)
	}
	task := dsr.Task{
		System: system, Right: dsr.Right(right), Result: dsr.TaskResult(row.Result),
		By: by, At: unstamp(row.At), Sealed: row.Sealed,
	}
	if row.Body != nil {
		body := dsr.BodyRef(*row.Body)
		task.Body = &body
	}
	return task, nil
}
