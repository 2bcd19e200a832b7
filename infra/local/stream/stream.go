// Package stream hands the changes of a DynamoDB table to functions, as
// Lambda's event source mapping does for a table with a stream.
//
// Delivery is at least once: a record counts as handled only after every
// function has taken it, or after it has been given to OnFailure. A record that
// always fails never blocks those behind it; the sweep function drives again
// what is left lying.
//
// It stores one file, Options.Checkpoint: the last sequence number handled of
// each shard. Without the file it begins at the oldest record. Use:
//
//	p, err := stream.New(stream.Options{Reader: client, StreamARN: arn, …})
//	go p.Run(ctx)
//	err = p.Drain(ctx) // everything written before this call has been handed on
package stream

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"polarweb.nl/inzage/infra/template"
)

// Reader is the part of the streams client that is used.
type Reader interface {
	DescribeStream(context.Context, *dynamodbstreams.DescribeStreamInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error)
	GetShardIterator(context.Context, *dynamodbstreams.GetShardIteratorInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error)
	GetRecords(context.Context, *dynamodbstreams.GetRecordsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error)
}

// Subscriber is a function that wants records of the stream: those that one of
// its filters lets through, in batches of at most BatchSize. A batch that fails
// is tried again Retries times, and then halved, down to the record at fault.
type Subscriber struct {
	Function  string
	Filters   []template.Filter
	BatchSize int
	Retries   int
}

// Options are what a Poller works with. All but the pauses are needed.
type Options struct {
	Reader      Reader
	StreamARN   string
	Region      string
	Checkpoint  string // file
	Subscribers []Subscriber
	// Invoke calls a function with an events.DynamoDBEvent and waits for its
	// answer; an answer that reports failed items is an error too.
	Invoke func(ctx context.Context, function string, payload []byte) error
	// OnFailure takes over an event of one record that a function has refused
	// for good. While it fails the record stays unhandled.
	OnFailure func(ctx context.Context, function string, payload []byte, cause error) error
	// OnError hears of a round of Run that failed; the next is tried after the
	// interval. May be nil.
	OnError func(error)
	// Interval is the pause of Run after a round that found nothing,
	// RetryPause the one between two tries of a batch.
	Interval, RetryPause time.Duration
}

// Poller reads one stream.
type Poller struct {
	options   Options
	turn      chan struct{} // holds the right to poll; one round at a time
	idle      atomic.Bool
	progress  *checkpoint
	iterators map[string]string // shard id to the next iterator
}

// New makes a poller and reads its checkpoint.
func New(o Options) (*Poller, error) {
	for _, s := range o.Subscribers {
		if s.BatchSize < 1 || s.Retries < 0 {
			return nil, fmt.Errorf("stream: function %s needs a batch size of 1 or more, and 0 retries or more", s.Function)
		}
	}
	progress, err := loadCheckpoint(o.Checkpoint, o.StreamARN)
	if err != nil {
		return nil, err
	}
	p := &Poller{options: o, turn: make(chan struct{}, 1), progress: progress, iterators: map[string]string{}}
	p.turn <- struct{}{}
	return p, nil
}

// Run polls until ctx ends.
func (p *Poller) Run(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := p.Poll(ctx)
		if err != nil && ctx.Err() == nil && p.options.OnError != nil {
			p.options.OnError(err)
		}
		if n == 0 || err != nil {
			// The pause ends early only with ctx, which the loop looks at.
			_ = pause(ctx, p.options.Interval)
		}
	}
}

// Drain polls until a round begun after the call finds nothing left.
func (p *Poller) Drain(ctx context.Context) error {
	for {
		n, err := p.Poll(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// Idle says whether the last round found nothing. What was written since then
// it does not know; Drain does.
func (p *Poller) Idle() bool { return p.idle.Load() }

// Poll does one round: it reads every shard once, hands the records on and
// moves the checkpoint. It returns how many records it read.
func (p *Poller) Poll(ctx context.Context) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-p.turn:
	}
	defer func() { p.turn <- struct{}{} }()
	p.idle.Store(false)
	shards, err := p.shards(ctx)
	if err != nil {
		return 0, fmt.Errorf("describe the stream: %w", err)
	}
	total := 0
	for _, shard := range shards {
		n, err := p.pollShard(ctx, shard)
		total += n
		if err != nil {
			return total, fmt.Errorf("poll shard %s: %w", *shard.ShardId, err)
		}
	}
	p.idle.Store(total == 0)
	return total, nil
}

// shards lists all shards, in the stream's order, and forgets the progress of
// those that the stream has dropped.
func (p *Poller) shards(ctx context.Context) ([]types.Shard, error) {
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &p.options.StreamARN}
	var shards []types.Shard
	for {
		out, err := p.options.Reader.DescribeStream(ctx, in)
		if err != nil {
			return nil, err
		}
		shards = append(shards, out.StreamDescription.Shards...)
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			p.progress.keepOnly(shards)
			return shards, nil
		}
	}
}

// pollShard reads one page of a shard. A child waits until its parent has been
// read to the end, or the changes of one item would be seen out of order.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
func (p *Poller) pollShard(ctx context.Context, shard types.Shard) (int, error) {
	id := *shard.ShardId
	if p.progress.done(id) || (shard.ParentShardId != nil && p.progress.unfinished(*shard.ParentShardId)) {
		return 0, nil
	}
	page, err := p.read(ctx, id)
	if err != nil {
		return 0, err
	}
	if err := p.handOn(ctx, page.Records); err != nil {
		// The iterator still points at these records: they come again.
		return len(page.Records), err
	}
	last := ""
	if n := len(page.Records); n > 0 {
		last = *page.Records[n-1].Dynamodb.SequenceNumber
	}
	if err := p.progress.advance(id, last, page.NextShardIterator == nil); err != nil {
		return len(page.Records), err
	}
	delete(p.iterators, id)
	if page.NextShardIterator != nil {
		p.iterators[id] = *page.NextShardIterator
		return len(page.Records), nil
	}
	// A shard that has just ended lets its children begin, so this round has
	// not yet seen everything.
	return len(page.Records) + 1, nil
}

// read gets the next page of a shard. An iterator lives for 15 minutes, and
// records for 24 hours: an expired iterator is made anew from the checkpoint,
// and where that has been trimmed away reading goes on at the oldest record.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
func (p *Poller) read(ctx context.Context, id string) (*dynamodbstreams.GetRecordsOutput, error) {
	if iterator, ok := p.iterators[id]; ok {
		out, err := p.options.Reader.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: &iterator})
		if !isStale(err) {
			return out, err
		}
		delete(p.iterators, id)
	}
	out, err := p.readFrom(ctx, id, p.progress.after(id))
	if isStale(err) {
		out, err = p.readFrom(ctx, id, "")
	}
	return out, err
}

// isStale says that an iterator, or the place it points to, is gone.
func isStale(err error) bool {
	var expired *types.ExpiredIteratorException
	var trimmed *types.TrimmedDataAccessException
	return errors.As(err, &expired) || errors.As(err, &trimmed)
}

// readFrom reads a page after a sequence number, or from the oldest record.
func (p *Poller) readFrom(ctx context.Context, id, after string) (*dynamodbstreams.GetRecordsOutput, error) {
	in := &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &p.options.StreamARN, ShardId: &id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	}
	if after != "" {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &after
	}
	start, err := p.options.Reader.GetShardIterator(ctx, in)
	if err != nil {
		return nil, err
	}
	out, err := p.options.Reader.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: start.ShardIterator})
	if err == nil {
		p.iterators[id] = *start.ShardIterator
	}
	return out, err
}

// pause waits, but not longer than ctx lives.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}
