package casestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/ledger"
)

// Scan reads a whole table; only the operator's export does.
type Scan func(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)

// ErrBusy is returned for an export during which cases changed, again and again.
var ErrBusy = errors.New("cases change while they are read: try again in a quiet moment")

// exportTries is how often an export begins anew because something changed.
const exportTries = 5

// Export writes all that proves what happened: heads and events of cases, as
// stored and so sealed, and the ledger. An export is of one instant: it is read
// until nothing changed in between. It is held in memory until it is whole.
func (s *Store) Export(ctx context.Context, scan Scan, begin ledger.Begin, out io.Writer) error {
	for range exportTries {
		before, err := s.standing(ctx)
		if err != nil {
			return fmt.Errorf("exporting the ledger: %w", err)
		}
		var text bytes.Buffer
		if err := s.export(ctx, scan, begin, before, &text); err != nil {
			return fmt.Errorf("exporting the ledger: %w", err)
		}
		after, err := s.standing(ctx)
		if err != nil {
			return fmt.Errorf("exporting the ledger: %w", err)
		}
		if before.size == after.size && slices.EqualFunc(before.pending, after.pending, samePending) {
			_, err = text.WriteTo(out)
			return err
		}
	}
	return ErrBusy
}

// standing is what changes whenever a case does: each event is a new leaf.
type standing struct {
	size    int64
	pending []ledger.PendingLeaf
}

// samePending compares two leaves that wait.
func samePending(a, b ledger.PendingLeaf) bool { return a.Hash == b.Hash && a.At.Equal(b.At) }

// standing reads the size of the tree and the leaves that wait.
func (s *Store) standing(ctx context.Context) (standing, error) {
	head, err := s.LedgerHead(ctx)
	if err != nil {
		return standing{}, err
	}
	now := standing{size: head.Tree.Size}
	rows, err := s.whole(ctx, pendingPK())
	for _, row := range rows {
		leaf, parseErr := ledger.ParseHash(text(row["sk"]))
		err = errors.Join(err, parseErr)
		now.pending = append(now.pending, ledger.PendingLeaf{Hash: leaf, At: unstamp(text(row["at"]))})
	}
	return now, err
}

// export writes everything once, in the order that package ledger asks.
func (s *Store) export(ctx context.Context, scan Scan, begin ledger.Begin, now standing, out io.Writer) error {
	writer, err := ledger.NewWriter(out, begin)
	if err != nil {
		return err
	}
	ids, err := s.allCases(ctx, scan)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.exportCase(ctx, writer, id); err != nil {
			return err
		}
	}
	if err := s.exportTree(ctx, writer); err != nil {
		return err
	}
	for _, leaf := range now.pending {
		if err := writer.Write(ledger.Row{Pending: &leaf}); err != nil {
			return err
		}
	}
	if err := s.exportExpired(ctx, writer); err != nil {
		return err
	}
	if err := s.exportCheckpoints(ctx, writer); err != nil {
		return err
	}
	return writer.Close()
}

// allCases gives the ids of all cases, by id as text.
func (s *Store) allCases(ctx context.Context, scan Scan) ([]dsr.OwnerID, error) {
	input := &dynamodb.ScanInput{
		TableName: &s.Cases, ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String("pk, sk"),
		FilterExpression: aws.String("begins_with(pk, :case) AND (sk = :row OR begins_with(sk, :event))"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":case": &types.AttributeValueMemberS{Value: casePrefix}, ":row": &types.AttributeValueMemberS{Value: caseRowKey},
			":event": &types.AttributeValueMemberS{Value: eventPrefix},
		},
	}
	var ids []dsr.OwnerID
	for {
		page, err := scan(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("listing the cases: %w", err)
		}
		for _, row := range page.Items {
			id, err := dsr.ParseOwnerID(strings.TrimPrefix(text(row["pk"]), casePrefix))
			if err != nil {
				return nil, fmt.Errorf("listing the cases: %w", err)
			}
			ids = append(ids, id)
		}
		if page.LastEvaluatedKey == nil {
			break
		}
		input.ExclusiveStartKey = page.LastEvaluatedKey
	}
	// Events whose case row was taken away are exported too: they are found so.
	slices.SortFunc(ids, func(a, b dsr.OwnerID) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(ids), nil
}

// exportCase writes a case's head and its events.
func (s *Store) exportCase(ctx context.Context, writer *ledger.Writer, id dsr.OwnerID) error {
	c, err := s.Summary(ctx, id)
	switch {
	case err == nil:
		if err := writer.Write(ledger.Row{Case: &ledger.CaseHead{Case: id, Events: int64(c.Seq), Head: c.Head}}); err != nil {
			return err
		}
	case !errors.Is(err, casework.ErrNotFound):
		return err
	}
	rows, err := s.partition(ctx, casework.CaseKey(id), eventPrefix)
	if err != nil {
		return err
	}
	for _, row := range rows {
		var stored eventRow
		if err := attributevalue.UnmarshalMap(row, &stored); err != nil {
			return fmt.Errorf("reading an event of case %s: %w", id, err)
		}
		event := ledger.CaseEvent{Case: id, Bytes: stored.Entry}
		prev, err := unpack(stored.Prev)
		if _, scanErr := fmt.Sscanf(strings.TrimPrefix(text(row["sk"]), eventPrefix), "%d", &event.Seq); err != nil || scanErr != nil || len(prev) != 1 {
			return fmt.Errorf("reading an event of case %s: %w", id, errBadRun)
		}
		event.Prev = prev[0]
		if err := writer.Write(ledger.Row{Event: &event}); err != nil {
			return err
		}
	}
	return nil
}

// exportTree writes the leaves of the tree, then all of its stored hashes.
func (s *Store) exportTree(ctx context.Context, writer *ledger.Writer) error {
	rows, err := s.whole(ctx, treePK)
	if err != nil {
		return err
	}
	for _, item := range rows {
		var row growthRow
		if err := attributevalue.UnmarshalMap(item, &row); err != nil {
			return fmt.Errorf("reading the tree: %w", err)
		}
		leaves, err := unpack(row.Leaves)
		if err != nil {
			return fmt.Errorf("reading the tree: %w", err)
		}
		for i, leaf := range leaves {
			if err := writer.Write(ledger.Row{Leaf: &ledger.TreeLeaf{Index: row.Size + int64(i), Hash: leaf}}); err != nil {
				return err
			}
		}
	}
	for _, item := range rows {
		first, hashes, err := run(item)
		if err != nil {
			return fmt.Errorf("reading the tree: %w", err)
		}
		for i, hash := range hashes {
			if err := writer.Write(ledger.Row{Node: &ledger.TreeNode{Index: first + int64(i), Hash: hash}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportExpired writes the leaves whose cases were removed.
func (s *Store) exportExpired(ctx context.Context, writer *ledger.Writer) error {
	rows, err := s.whole(ctx, expiredPK)
	if err != nil {
		return err
	}
	for _, row := range rows {
		leaf, err := ledger.ParseHash(text(row["sk"]))
		if err != nil {
			return fmt.Errorf("reading an expired leaf: %w", err)
		}
		at := unstamp(text(row["at"]))
		if err := writer.Write(ledger.Row{Expired: &ledger.ExpiredLeaf{Hash: leaf, At: at}}); err != nil {
			return err
		}
	}
	return nil
}

// exportCheckpoints writes the signed checkpoints.
func (s *Store) exportCheckpoints(ctx context.Context, writer *ledger.Writer) error {
	rows, err := s.whole(ctx, checkpointPK)
	if err != nil {
		return err
	}
	for _, item := range rows {
		checkpoint := ledger.SavedCheckpoint{Note: text(item["note"])}
		if _, err := fmt.Sscanf(text(item["sk"]), "%d", &checkpoint.Number); err != nil {
			return fmt.Errorf("reading a checkpoint: %w", errBadRun)
		}
		if err := writer.Write(ledger.Row{Checkpoint: &checkpoint}); err != nil {
			return err
		}
	}
	return nil
}

// whole reads all rows of a partition, in its order.
func (s *Store) whole(ctx context.Context, pk string) ([]map[string]types.AttributeValue, error) {
	rows, err := s.query(ctx, &dynamodb.QueryInput{
		TableName: &s.Cases, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk}},
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", pk, err)
	}
	return rows, nil
}

// expiredRow is a leaf whose event was removed with its case.
type expiredRow struct {
	At string `dynamodbav:"at"`
}

// expired writes down that the leaf of an event has expired.
func (t *transaction) expired(leaf ledger.Hash, now time.Time) {
	t.put(key{expiredPK, leaf.String()}, expiredRow{At: stamp(now)})
}
