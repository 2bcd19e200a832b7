package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"polarweb.nl/inzage/infra/template"
)

// fakeStream is a stream in memory. Iterators are "shard|index|generation";
// those of an older generation have expired.
type fakeStream struct {
	mu         sync.Mutex
	shards     []*fakeShard
	pageSize   int
	generation int
	starts     []string // the kinds of iterators asked for
}

// fakeShard holds sequence numbers; trimmed of them are gone.
type fakeShard struct {
	id, parent string
	records    []int
	trimmed    int
	closed     bool
}

// find gives the shard with an id.
func (f *fakeStream) find(id string) *fakeShard {
	for _, s := range f.shards {
		if s.id == id {
			return s
		}
	}
	return nil
}

// DescribeStream gives one shard per page, so that paging is always tested.
func (f *fakeStream) DescribeStream(_ context.Context, in *dynamodbstreams.DescribeStreamInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := 0
	for i, s := range f.shards {
		if aws.ToString(in.ExclusiveStartShardId) == s.id {
			at = i + 1
		}
	}
	d := &types.StreamDescription{}
	if at < len(f.shards) {
		shard := types.Shard{ShardId: aws.String(f.shards[at].id)}
		if f.shards[at].parent != "" {
			shard.ParentShardId = aws.String(f.shards[at].parent)
		}
		d.Shards = []types.Shard{shard}
	}
	if at+1 < len(f.shards) {
		d.LastEvaluatedShardId = aws.String(f.shards[at].id)
	}
	return &dynamodbstreams.DescribeStreamOutput{StreamDescription: d}, nil
}

// GetShardIterator refuses a position that has been trimmed away.
func (f *fakeStream) GetShardIterator(_ context.Context, in *dynamodbstreams.GetShardIteratorInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.starts = append(f.starts, string(in.ShardIteratorType))
	s, at := f.find(*in.ShardId), 0
	if in.ShardIteratorType == types.ShardIteratorTypeAfterSequenceNumber {
		after, err := strconv.Atoi(*in.SequenceNumber)
		if err != nil {
			return nil, err
		}
		for at < len(s.records) && s.records[at] <= after {
			at++
		}
		if at < s.trimmed {
			return nil, &types.TrimmedDataAccessException{}
		}
	}
	at = max(at, s.trimmed)
	return &dynamodbstreams.GetShardIteratorOutput{ShardIterator: f.iterator(s.id, at)}, nil
}

// iterator writes an iterator of this generation.
func (f *fakeStream) iterator(shard string, at int) *string {
	return aws.String(fmt.Sprintf("%s|%d|%d", shard, at, f.generation))
}

// GetRecords gives a page.
func (f *fakeStream) GetRecords(_ context.Context, in *dynamodbstreams.GetRecordsInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	parts := strings.Split(*in.ShardIterator, "|")
	at, err := strconv.Atoi(parts[1])
	if err != nil {
		return nil, err
	}
	if parts[2] != strconv.Itoa(f.generation) {
		return nil, &types.ExpiredIteratorException{}
	}
	s := f.find(parts[0])
	out := &dynamodbstreams.GetRecordsOutput{}
	end := min(at+f.pageSize, len(s.records))
	for _, n := range s.records[at:end] {
		out.Records = append(out.Records, record(n))
	}
	if !s.closed || end < len(s.records) {
		out.NextShardIterator = f.iterator(s.id, end)
	}
	return out, nil
}

// record is an INSERT whose sort key is LETTER#n for even n and FILE#n for odd.
func record(n int) types.Record {
	kind := "LETTER#"
	if n%2 == 1 {
		kind = "FILE#"
	}
	return types.Record{
		EventID: aws.String(strconv.Itoa(n)), EventName: types.OperationTypeInsert,
		Dynamodb: &types.StreamRecord{
			SequenceNumber: aws.String(strconv.Itoa(n)),
			Keys:           map[string]types.AttributeValue{"sk": &types.AttributeValueMemberS{Value: kind + strconv.Itoa(n)}},
		},
	}
}

// inbox keeps what functions were given, and fails as it is told.
type inbox struct {
	mu     sync.Mutex
	got    map[string][]string // function to the batches, as sort keys
	failed []string
	fail   func(function string, keys []string) error
}

// invoke takes a batch or refuses it.
func (b *inbox) invoke(_ context.Context, function string, payload []byte) error {
	keys, err := sortKeys(payload)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(function, keys); err != nil {
			return err
		}
	}
	if b.got == nil {
		b.got = map[string][]string{}
	}
	b.got[function] = append(b.got[function], strings.Join(keys, " "))
	return nil
}

// onFailure takes over what was refused for good.
func (b *inbox) onFailure(_ context.Context, function string, payload []byte, _ error) error {
	keys, err := sortKeys(payload)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed = append(b.failed, function+" "+strings.Join(keys, " "))
	return nil
}

// sortKeys decodes a payload as a function would.
func sortKeys(payload []byte) ([]string, error) {
	var event events.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	var keys []string
	for _, r := range event.Records {
		keys = append(keys, r.Change.Keys["sk"].String())
	}
	return keys, nil
}

// letters is the filter of the dispatch function.
func letters(t *testing.T) []template.Filter {
	t.Helper()
	f, err := template.ParseFilter([]byte(`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LETTER#"}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return []template.Filter{f}
}
