package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/ledger"
)

// Bucket is a bucket of the template, with how many objects lie in it.
type Bucket struct {
	Name    string
	Objects int
}

// Buckets counts what lies in each bucket, in the order of the template.
func (s *Stack) Buckets(ctx context.Context) ([]Bucket, error) {
	declared, err := s.template.Buckets()
	if err != nil {
		return nil, err
	}
	client, done := s.bucketClient()
	defer done()
	var buckets []Bucket
	for _, one := range declared {
		name, err := s.template.ResolveText(one.Name, s.names())
		if err != nil {
			return nil, err
		}
		counted := Bucket{Name: name}
		for pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &name}); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("listing bucket %s: %w", name, err)
			}
			counted.Objects += len(page.Contents)
		}
		buckets = append(buckets, counted)
	}
	return buckets, nil
}

// Keys lists whose data keys there are, sorted: of cases and mails by their ids,
// of years and of members of staff.
func (s *Stack) Keys(ctx context.Context) ([]string, error) {
	table, err := s.reference("KeysTable", "")
	if err != nil {
		return nil, err
	}
	var owners []string
	for pages := dynamodb.NewScanPaginator(s.db.Client(), &dynamodb.ScanInput{TableName: &table}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the data keys: %w", err)
		}
		for _, row := range page.Items {
			if owner, ok := row["pk"].(*types.AttributeValueMemberS); ok {
				owners = append(owners, owner.Value)
			}
		}
	}
	slices.Sort(owners)
	return owners, nil
}

// Sealed is what one row holds sealed.
type Sealed struct {
	Owner string // of the key
	Place string // the row that it was sealed for
	Bytes []byte
}

// FirstSealed gives what the first event of a case knows about people, as it is
// stored. It stays there for good: the history is append-only.
func (s *Stack) FirstSealed(ctx context.Context, id dsr.OwnerID) (Sealed, error) {
	owner, event := casework.CaseKey(id), fmt.Sprintf("EVENT#%08d", 1)
	row, err := s.db.Client().GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.store.Cases, Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: owner}, "sk": &types.AttributeValueMemberS{Value: event},
	}})
	if err != nil {
		return Sealed{}, fmt.Errorf("reading the first event of a case: %w", err)
	}
	var entry struct {
		Sealed []byte `json:"sealed"`
	}
	written, _ := row.Item["entry"].(*types.AttributeValueMemberB)
	if written == nil {
		return Sealed{}, casework.ErrNotFound
	}
	if err := json.Unmarshal(written.Value, &entry); err != nil {
		return Sealed{}, fmt.Errorf("reading the first event of a case: %w", err)
	}
	return Sealed{owner, owner + "/" + event, entry.Sealed}, nil
}

// Open opens what a row holds sealed, with the key that its owner has now;
// casework.ErrNotFound when that was destroyed.
func (s *Stack) Open(ctx context.Context, sealed Sealed) ([]byte, error) {
	store, err := s.keyedStore()
	if err != nil {
		return nil, err
	}
	row, err := s.db.Client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &store.Keys, Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: sealed.Owner}},
	})
	if err != nil {
		return nil, fmt.Errorf("reading a data key: %w", err)
	}
	wrapped, _ := row.Item["wrapped"].(*types.AttributeValueMemberB)
	if wrapped == nil {
		return nil, fmt.Errorf("the data key of %s: %w", sealed.Owner, casework.ErrNotFound)
	}
	key, err := store.Sealer.OpenKey(ctx, sealed.Owner, wrapped.Value)
	if err != nil {
		return nil, err
	}
	return key.Open(sealed.Place, sealed.Bytes)
}

// Verify exports the ledger and verifies it with the key that KMS has, as the
// operator's verbs do.
func (s *Stack) Verify(ctx context.Context) (ledger.Report, error) {
	id, err := s.reference("CheckpointKey", "Arn")
	if err != nil {
		return ledger.Report{}, err
	}
	signer := keyring.Signer{Key: id, Origin: s.profile.LedgerOrigin(stage), GetPublicKey: s.keyClient().GetPublicKey}
	key, err := signer.Public(ctx)
	if err != nil {
		return ledger.Report{}, err
	}
	var export bytes.Buffer
	if err := s.store.Export(ctx, s.db.Client().Scan, ledger.NewBegin(key, s.clock.Now()), &export); err != nil {
		return ledger.Report{}, fmt.Errorf("exporting the ledger: %w", err)
	}
	return ledger.Verify(&export, key)
}
