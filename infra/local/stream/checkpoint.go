package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// checkpoint is the progress in one stream, kept in a file.
type checkpoint struct {
	path   string
	Stream string              `json:"stream"`
	Shards map[string]position `json:"shards"`
	known  map[string]bool     // the shards that the stream has now
}

// position is the progress in one shard. Done says that a shard that takes no
// more records has been read to its end.
type position struct {
	After string `json:"after"`
	Done  bool   `json:"done,omitempty"`
}

// loadCheckpoint reads the progress. That of another stream is dropped: a
// table that was made anew has a new stream, whose numbers begin again.
func loadCheckpoint(path, stream string) (*checkpoint, error) {
	fresh := &checkpoint{path: path, Stream: stream, Shards: map[string]position{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint: %w", err)
	}
	read := &checkpoint{path: path}
	if err := json.Unmarshal(text, read); err != nil {
		return nil, fmt.Errorf("read the checkpoint %s (remove it to begin again at the oldest record): %w", path, err)
	}
	if read.Stream != stream || read.Shards == nil {
		return fresh, nil
	}
	return read, nil
}

// after is the last sequence number handled, "" before the first.
func (c *checkpoint) after(shard string) string { return c.Shards[shard].After }

// done says that there is nothing more to read in a shard.
func (c *checkpoint) done(shard string) bool { return c.Shards[shard].Done }

// unfinished says that a shard exists and has records left to read. A parent
// that the stream has dropped is finished by force.
func (c *checkpoint) unfinished(shard string) bool { return c.known[shard] && !c.done(shard) }

// keepOnly forgets the shards that the stream no longer has.
func (c *checkpoint) keepOnly(shards []types.Shard) {
	c.known = make(map[string]bool, len(shards))
	for _, shard := range shards {
		c.known[*shard.ShardId] = true
	}
	for id := range c.Shards {
		if !c.known[id] {
			delete(c.Shards, id)
		}
	}
}

// advance notes how far a shard has been handled and makes it durable. Nothing
// is written when nothing has changed, which is the case in most rounds.
func (c *checkpoint) advance(shard, last string, done bool) error {
	before := c.Shards[shard]
	now := position{After: last, Done: done}
	if last == "" {
		now.After = before.After
	}
	if now == before {
		return nil
	}
	c.Shards[shard] = now
	if err := c.save(); err != nil {
		// What is not on disk has not happened, or it would never be saved.
		c.Shards[shard] = before
		return fmt.Errorf("save the checkpoint: %w", err)
	}
	return nil
}

// save writes a new file beside the old one and then takes its place, so that
// a crash at any moment leaves one of the two whole.
func (c *checkpoint) save() error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(c.path), filepath.Base(c.path)+".*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
