package stream_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/stream"
)

// world is a stream, the functions behind it, and the folder of the checkpoint.
type world struct {
	stream  *fakeStream
	inbox   *inbox
	options stream.Options
}

// newWorld makes a stream of one open shard with the given numbers.
func newWorld(t *testing.T, numbers ...int) *world {
	t.Helper()
	w := &world{
		stream: &fakeStream{pageSize: 100, shards: []*fakeShard{{id: "shard-1", records: numbers}}},
		inbox:  &inbox{},
	}
	w.options = stream.Options{
		Reader: w.stream, StreamARN: "arn:1", Checkpoint: filepath.Join(t.TempDir(), "checkpoint.json"),
		Subscribers: []stream.Subscriber{{Function: "dispatch", BatchSize: 10}},
		Invoke:      w.inbox.invoke, OnFailure: w.inbox.onFailure,
	}
	return w
}

// poller makes a poller, as after a restart.
func (w *world) poller(t *testing.T) *stream.Poller {
	t.Helper()
	p, err := stream.New(w.options)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drain drains and checks what a function has been given until now.
func (w *world) drain(t *testing.T, p *stream.Poller, want ...string) {
	t.Helper()
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.inbox.got["dispatch"]); diff != "" {
		t.Errorf("dispatch was given (-want +got):\n%s", diff)
	}
}

func TestEveryFunctionGetsWhatItsFilterLetsThroughInBatches(t *testing.T) {
	w := newWorld(t, 1, 2, 3, 4, 6, 8)
	w.options.Subscribers = []stream.Subscriber{
		{Function: "dispatch", Filters: letters(t), BatchSize: 3},
		{Function: "audit", BatchSize: 4},
	}
	w.drain(t, w.poller(t), "LETTER#2 LETTER#4 LETTER#6", "LETTER#8")
	want := []string{"FILE#1 LETTER#2 FILE#3 LETTER#4", "LETTER#6 LETTER#8"}
	if diff := cmp.Diff(want, w.inbox.got["audit"]); diff != "" {
		t.Errorf("audit was given (-want +got):\n%s", diff)
	}
}

func TestRestartGoesOnAfterTheLastHandledRecord(t *testing.T) {
	w := newWorld(t, 2, 4)
	w.drain(t, w.poller(t), "LETTER#2 LETTER#4")
	w.stream.shards[0].records = append(w.stream.shards[0].records, 6)
	w.drain(t, w.poller(t), "LETTER#2 LETTER#4", "LETTER#6")
	if !slices.Contains(w.stream.starts, "AFTER_SEQUENCE_NUMBER") {
		t.Errorf("iterators asked for: %v", w.stream.starts)
	}
}

func TestOtherStreamBeginsAtTheOldestRecord(t *testing.T) {
	w := newWorld(t, 2)
	w.drain(t, w.poller(t), "LETTER#2")
	w.options.StreamARN = "arn:2"
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#2")
}

func TestRecordThatAlwaysFailsIsPutAsideAndBlocksNothing(t *testing.T) {
	w := newWorld(t, 2, 4, 6, 8)
	tries := 0
	w.inbox.fail = func(_ string, keys []string) error {
		if slices.Contains(keys, "LETTER#4") {
			tries++
			return errors.New("cannot")
		}
		return nil
	}
	w.options.Subscribers[0].Retries = 2
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#6 LETTER#8")
	if diff := cmp.Diff([]string{"dispatch LETTER#4"}, w.inbox.failed); diff != "" {
		t.Errorf("put aside (-want +got):\n%s", diff)
	}
	// The batch of four, the half of two and the record itself, three times each.
	if tries != 9 {
		t.Errorf("%d tries, want 9", tries)
	}
}

func TestRecordThatFailsOnceIsTriedAgain(t *testing.T) {
	w := newWorld(t, 2)
	tries := 0
	w.inbox.fail = func(string, []string) error {
		if tries++; tries == 1 {
			return errors.New("not now")
		}
		return nil
	}
	w.options.Subscribers[0].Retries = 1
	w.drain(t, w.poller(t), "LETTER#2")
	if len(w.inbox.failed) != 0 {
		t.Errorf("put aside: %v", w.inbox.failed)
	}
}

func TestCheckpointMovesOnlyWhenAllFunctionsHadTheirs(t *testing.T) {
	w := newWorld(t, 2)
	w.options.Subscribers = append(w.options.Subscribers, stream.Subscriber{Function: "audit", BatchSize: 1})
	broken := true
	w.inbox.fail = func(function string, _ []string) error {
		if function == "audit" && broken {
			return errors.New("down")
		}
		return nil
	}
	w.options.OnFailure = func(context.Context, string, []byte, error) error { return errors.New("full") }
	p := w.poller(t)
	if err := p.Drain(t.Context()); err == nil {
		t.Fatal("a record was lost: neither audit nor OnFailure took it")
	}
	if p.Idle() {
		t.Error("idle with a record in hand")
	}
	broken = false
	w.drain(t, p, "LETTER#2", "LETTER#2")
	if diff := cmp.Diff([]string{"LETTER#2"}, w.inbox.got["audit"]); diff != "" {
		t.Errorf("audit was given (-want +got):\n%s", diff)
	}
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#2")
}

func TestExpiredIteratorIsMadeAnewFromTheCheckpoint(t *testing.T) {
	w := newWorld(t, 2)
	p := w.poller(t)
	w.drain(t, p, "LETTER#2")
	w.stream.generation++
	w.stream.shards[0].records = append(w.stream.shards[0].records, 4)
	w.drain(t, p, "LETTER#2", "LETTER#4")
}

func TestTrimmedCheckpointGoesOnAtTheOldestRecord(t *testing.T) {
	w := newWorld(t, 2)
	w.drain(t, w.poller(t), "LETTER#2")
	w.stream.shards[0].records = []int{2, 4, 6, 8}
	w.stream.shards[0].trimmed = 3
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#8")
}

func TestChildShardWaitsForTheEndOfItsParent(t *testing.T) {
	w := newWorld(t)
	w.stream.pageSize = 1
	w.stream.shards = []*fakeShard{
		{id: "child", parent: "parent", records: []int{6}},
		{id: "parent", parent: "dropped", records: []int{2, 4}, closed: true},
	}
	p := w.poller(t)
	w.drain(t, p, "LETTER#2", "LETTER#4", "LETTER#6")
	if !p.Idle() {
		t.Error("not idle after everything was read")
	}
	w.stream.starts = nil
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#4", "LETTER#6")
	if len(w.stream.starts) != 1 {
		t.Errorf("a finished shard was read again: %v", w.stream.starts)
	}
}

func TestDrainSeesWhatWasWrittenBeforeTheCall(t *testing.T) {
	w := newWorld(t)
	p := w.poller(t)
	w.drain(t, p)
	if !p.Idle() {
		t.Error("not idle with an empty stream")
	}
	w.stream.shards[0].records = []int{2}
	w.drain(t, p, "LETTER#2")
}

func TestBeingStoppedIsNotTheRecordsFault(t *testing.T) {
	w := newWorld(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	w.inbox.fail = func(string, []string) error { cancel(); return ctx.Err() }
	w.options.Subscribers[0].Retries = 3
	if err := w.poller(t).Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Drain: %v", err)
	}
	if len(w.inbox.failed) != 0 {
		t.Errorf("put aside: %v", w.inbox.failed)
	}
	w.inbox.fail = nil
	w.drain(t, w.poller(t), "LETTER#2")
}

func TestRunHandsOnUntilItsContextEnds(t *testing.T) {
	w := newWorld(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	heard := errors.New("none")
	w.options.OnError = func(err error) { heard = err; cancel() }
	// The first call fails for good and is put aside in vain, which Run reports.
	w.inbox.fail = func(string, []string) error { return errors.New("down") }
	w.options.OnFailure = func(context.Context, string, []byte, error) error { return errors.New("full") }
	w.poller(t).Run(ctx)
	if heard == nil || heard.Error() == "none" {
		t.Errorf("Run reported %v", heard)
	}
}

func TestBrokenCheckpointIsNamedAndNotOverwritten(t *testing.T) {
	w := newWorld(t)
	if err := os.WriteFile(w.options.Checkpoint, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.New(w.options); err == nil {
		t.Fatal("a broken checkpoint was accepted")
	}
	if text, _ := os.ReadFile(w.options.Checkpoint); string(text) != "{" {
		t.Error("the broken checkpoint was overwritten")
	}
}

func TestCheckpointThatCannotBeSavedKeepsTheRecord(t *testing.T) {
	w := newWorld(t, 2)
	folder := filepath.Join(t.TempDir(), "later")
	w.options.Checkpoint = filepath.Join(folder, "checkpoint.json")
	p := w.poller(t)
	if err := p.Drain(t.Context()); err == nil {
		t.Fatal("progress was noted nowhere")
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	w.drain(t, p, "LETTER#2", "LETTER#2")
	w.drain(t, w.poller(t), "LETTER#2", "LETTER#2")
}

func TestSubscriberWithoutBatchSizeIsRefused(t *testing.T) {
	for _, s := range []stream.Subscriber{{Function: "f"}, {Function: "f", BatchSize: 1, Retries: -1}} {
		w := newWorld(t)
		w.options.Subscribers = []stream.Subscriber{s}
		if _, err := stream.New(w.options); err == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
}
