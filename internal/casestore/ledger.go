package casestore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/ledger"
)

// Partitions of the ledger. Its tree has one writer at a time: each growth is
// conditioned on the size it starts from.
const (
	treePK       = "LEDGER#TREE"
	checkpointPK = "LEDGER#CHECKPOINT"
	expiredPK    = "LEDGER#EXPIRED"
)

func ledgerHeadKey() key { return key{"LEDGER#HEAD", "HEAD"} }

func pendingPK() string { return fmt.Sprintf("%s%d", pendingPrefix, dueShard) }

// growthKey is where the hashes lie that one growth wrote, by the index of the
// first of them, so that the row with any index is the last at or before it.
func growthKey(first int64) key { return key{treePK, fmt.Sprintf("%016d", first)} }

func checkpointKey(number int64) key { return key{checkpointPK, fmt.Sprintf("%08d", number)} }

// LedgerHead is how far the ledger has come.
type LedgerHead struct {
	Tree     ledger.Tree
	Frontier []ledger.Hash // the stored hashes that the next growth needs

	Checkpoint int64     // the number of the newest; 0 for none
	Signed     int64     // how many leaves that one covers
	SignedAt   time.Time // when it was signed
}

// headRow is LedgerHead as stored.
type headRow struct {
	Size       int64  `dynamodbav:"size"`
	Root       []byte `dynamodbav:"root"`
	Frontier   []byte `dynamodbav:"frontier"`
	Checkpoint int64  `dynamodbav:"checkpoint"`
	Signed     int64  `dynamodbav:"signed"`
	SignedAt   string `dynamodbav:"signedAt"`
}

// growthRow is what one growth wrote: the leaves it appended, and all stored
// hashes, theirs among them, in a run.
type growthRow struct {
	Size   int64  `dynamodbav:"size"` // leaves before it
	Leaves []byte `dynamodbav:"leaves"`
	Hashes []byte `dynamodbav:"hashes"`
}

// checkpointRow is one signed checkpoint.
type checkpointRow struct {
	Note string `dynamodbav:"note"`
}

// LedgerHead reads how far the ledger has come; the zero head before its first
// leaf.
func (s *Store) LedgerHead(ctx context.Context) (LedgerHead, error) {
	var row headRow
	err := s.get(ctx, s.Cases, ledgerHeadKey(), &row)
	if errors.Is(err, casework.ErrNotFound) {
		return LedgerHead{}, nil
	}
	if err != nil {
		return LedgerHead{}, err
	}
	head := LedgerHead{
		Tree: ledger.Tree{Size: row.Size}, Checkpoint: row.Checkpoint, Signed: row.Signed, SignedAt: unstamp(row.SignedAt),
	}
	root, err := unpack(row.Root)
	if err != nil || len(root) != 1 {
		return LedgerHead{}, reading(ledgerHeadKey(), errBadRun)
	}
	head.Tree.Root = root[0]
	if head.Frontier, err = unpack(row.Frontier); err != nil {
		return LedgerHead{}, reading(ledgerHeadKey(), err)
	}
	return head, nil
}

// PendingLeaves gives leaves that wait for the tree, at most so many.
func (s *Store) PendingLeaves(ctx context.Context, most int) ([]ledger.Hash, error) {
	answer, err := s.API.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Cases, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(most)),
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pendingPK()}},
	})
	if err != nil {
		return nil, fmt.Errorf("reading pending leaves: %w", err)
	}
	var leaves []ledger.Hash
	for _, row := range answer.Items {
		leaf, err := ledger.ParseHash(text(row["sk"]))
		if err != nil {
			return nil, fmt.Errorf("reading a pending leaf: %w", err)
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

// Grow appends pending leaves to the tree that head describes, in one
// transaction, and gives the head that follows. casework.ErrConflict when the
// tree grew in between.
func (s *Store) Grow(ctx context.Context, head LedgerHead, leaves []ledger.Hash) (LedgerHead, error) {
	growth, next, err := grown(head, leaves)
	if err != nil {
		return LedgerHead{}, err
	}
	t := s.transaction()
	condition := expression.Name("size").Equal(expression.Value(head.Tree.Size))
	if head.Tree.Size == 0 {
		condition = expression.Name("pk").AttributeNotExists()
	}
	t.update(onCase, ledgerHeadKey(), newHeadRow(next), nil, condition)
	t.putNew(onCase, growthKey(growth.First), growthRow{
		Size: head.Tree.Size, Leaves: pack(leaves), Hashes: pack(growth.Hashes),
	})
	for _, leaf := range leaves {
		t.add(onCase, types.TransactWriteItem{Delete: &types.Delete{
			TableName: &s.Cases, Key: key{pendingPK(), leaf.String()}.attributes(), ConditionExpression: aws.String("attribute_exists(pk)"),
		}})
	}
	if err := t.commit(ctx); err != nil {
		return LedgerHead{}, fmt.Errorf("growing the ledger: %w", err)
	}
	return next, nil
}

// grown computes a growth, and the head after it.
func grown(head LedgerHead, leaves []ledger.Hash) (ledger.Growth, LedgerHead, error) {
	growth, err := ledger.Grow(head.Tree.Size, leaves, func([]int64) ([]ledger.Hash, error) { return head.Frontier, nil })
	if err != nil {
		return ledger.Growth{}, LedgerHead{}, err
	}
	before, err := ledger.Needs(head.Tree.Size)
	if err != nil {
		return ledger.Growth{}, LedgerHead{}, err
	}
	known := map[int64]ledger.Hash{}
	for i, index := range before {
		known[index] = head.Frontier[i]
	}
	for i, hash := range growth.Hashes {
		known[growth.First+int64(i)] = hash
	}
	after, err := ledger.Needs(growth.Tree.Size)
	if err != nil {
		return ledger.Growth{}, LedgerHead{}, err
	}
	next := head
	next.Tree, next.Frontier = growth.Tree, nil
	for _, index := range after {
		next.Frontier = append(next.Frontier, known[index])
	}
	return growth, next, nil
}

// newHeadRow gives the stored form of a head.
func newHeadRow(head LedgerHead) headRow {
	return headRow{
		Size: head.Tree.Size, Root: pack([]ledger.Hash{head.Tree.Root}), Frontier: pack(head.Frontier),
		Checkpoint: head.Checkpoint, Signed: head.Signed, SignedAt: stamp(head.SignedAt),
	}
}

// Stored gives a reader of the tree's stored hashes.
func (s *Store) Stored(ctx context.Context) ledger.Stored {
	return func(indexes []int64) ([]ledger.Hash, error) {
		hashes := make([]ledger.Hash, len(indexes))
		for i, index := range indexes {
			hash, err := s.storedHash(ctx, index)
			if err != nil {
				return nil, fmt.Errorf("reading hash %d of the ledger: %w", index, err)
			}
			hashes[i] = hash
		}
		return hashes, nil
	}
}

// storedHash finds one stored hash in the run it was written with.
func (s *Store) storedHash(ctx context.Context, index int64) (ledger.Hash, error) {
	answer, err := s.API.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Cases, ConsistentRead: aws.Bool(true), Limit: aws.Int32(1), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression: aws.String("pk = :pk AND sk <= :sk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": &types.AttributeValueMemberS{Value: treePK}, ":sk": &types.AttributeValueMemberS{Value: growthKey(index).sk},
		},
	})
	if err != nil {
		return ledger.Hash{}, err
	}
	if len(answer.Items) == 0 {
		return ledger.Hash{}, casework.ErrNotFound
	}
	first, hashes, err := run(answer.Items[0])
	if err != nil {
		return ledger.Hash{}, err
	}
	if index < first || index-first >= int64(len(hashes)) {
		return ledger.Hash{}, casework.ErrNotFound
	}
	return hashes[index-first], nil
}

// run reads the hashes of a growth's row, and the index of the first.
func run(item map[string]types.AttributeValue) (first int64, hashes []ledger.Hash, err error) {
	var row growthRow
	if err := attributevalue.UnmarshalMap(item, &row); err != nil {
		return 0, nil, err
	}
	if _, err := fmt.Sscanf(text(item["sk"]), "%d", &first); err != nil {
		return 0, nil, errBadRun
	}
	hashes, err = unpack(row.Hashes)
	return first, hashes, err
}

// Checkpoint gives the signed text of a checkpoint by its number.
func (s *Store) Checkpoint(ctx context.Context, number int64) (string, error) {
	var row checkpointRow
	err := s.get(ctx, s.Cases, checkpointKey(number), &row)
	return row.Note, err
}

// SaveCheckpoint stores a signed checkpoint of the tree that head describes as
// the one after the newest. casework.ErrConflict when somebody did so before.
func (s *Store) SaveCheckpoint(ctx context.Context, head LedgerHead, note string, now time.Time) error {
	next := head
	next.Checkpoint, next.Signed, next.SignedAt = head.Checkpoint+1, head.Tree.Size, now
	t := s.transaction()
	t.update(onCase, ledgerHeadKey(), newHeadRow(next), nil,
		expression.Name("size").Equal(expression.Value(head.Tree.Size)).
			And(expression.Name("checkpoint").Equal(expression.Value(head.Checkpoint))))
	t.putNew(onCase, checkpointKey(next.Checkpoint), checkpointRow{Note: note})
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("keeping checkpoint %d: %w", next.Checkpoint, err)
	}
	return nil
}

// errBadRun is returned for stored bytes that are no run of hashes.
var errBadRun = errors.New("not a run of hashes")

// pack writes hashes behind each other.
func pack(hashes []ledger.Hash) []byte {
	packed := make([]byte, 0, len(hashes)*len(ledger.Hash{}))
	for _, hash := range hashes {
		packed = append(packed, hash[:]...)
	}
	return packed
}

// unpack reads what pack wrote.
func unpack(packed []byte) ([]ledger.Hash, error) {
	const size = len(ledger.Hash{})
	if len(packed)%size != 0 {
		return nil, errBadRun
	}
	var hashes []ledger.Hash
	for ; len(packed) > 0; packed = packed[size:] {
		hashes = append(hashes, ledger.Hash(packed[:size]))
	}
	return hashes, nil
}
