package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// errClosed is returned when the stack was not started with -open.
var errClosed = errors.New("only a stack started with -open shows its tables")

// tableLines gives every row of every table, all attributes included, sorted. A
// connection may close while an answer is read, which the SDK does not try again.
func (w *world) tableLines() (lines []string, err error) {
	if w.open == nil {
		return nil, errClosed
	}
	for range 3 {
		if lines, err = w.scan(); err == nil {
			return lines, nil
		}
	}
	return nil, err
}

// scan reads the tables once.
func (w *world) scan() ([]string, error) {
	ctx, client := context.Background(), w.open.Client()
	all, err := client.ListTables(ctx, &dynamodb.ListTablesInput{})
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, table := range all.TableNames {
		pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, row := range page.Items {
				text, err := json.Marshal(row) // keys of a map come out sorted
				if err != nil {
					return nil, err
				}
				lines = append(lines, fmt.Sprintf("%s %s", table, text))
			}
		}
	}
	slices.Sort(lines)
	return lines, nil
}
