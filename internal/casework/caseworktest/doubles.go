package caseworktest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// NoPause is a casework.Pause that does not wait.
func NoPause(ctx context.Context, _ int) error { return ctx.Err() }

// Sealer makes data keys that follow from their owner's name, so that a world
// can be replayed. It protects nothing.
type Sealer struct {
	Gate Gate
}

// NewKey implements casework.Sealer.
func (s Sealer) NewKey(ctx context.Context, owner string) (casework.DataKey, error) {
	return s.key(ctx, "NewKey", owner)
}

// OpenKey implements casework.Sealer.
func (s Sealer) OpenKey(ctx context.Context, owner string, _ []byte) (casework.DataKey, error) {
	return s.key(ctx, "OpenKey", owner)
}

// key derives the owner's key between the two gates.
func (s Sealer) key(ctx context.Context, call, owner string) (casework.DataKey, error) {
	if err := s.Gate(ctx, call, Before); err != nil {
		return casework.DataKey{}, err
	}
	plain := sha256.Sum256([]byte("test key of " + owner))
	key, err := casework.NewDataKey(plain[:], []byte("wrapped for "+owner))
	if lost := s.Gate(ctx, call, After); lost != nil {
		return casework.DataKey{}, lost
	}
	return key, err
}

// Objects is a bucket in memory: it implements casework.RawMail and
// casework.Bodies.
type Objects struct {
	Gate Gate

	mu      sync.Mutex
	objects map[string][]byte
}

// rawPrefix is where raw mail lies in an Objects.
const rawPrefix = "raw/"

// PutRaw stores a mail as SES would.
func (o *Objects) PutRaw(mailID string, raw []byte) { o.put(rawPrefix+mailID, raw) }

// put stores one object.
func (o *Objects) put(path string, content []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.objects == nil {
		o.objects = map[string][]byte{}
	}
	o.objects[path] = bytes.Clone(content)
}

// Paths lists everything stored, in order.
func (o *Objects) Paths() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.objects))
}

// call runs an effect between the two gates.
func (o *Objects) call(ctx context.Context, name string, effect func() error) error {
	if err := o.Gate(ctx, name, Before); err != nil {
		return err
	}
	err := effect()
	if lost := o.Gate(ctx, name, After); lost != nil {
		return lost
	}
	return err
}

// Open implements casework.RawMail.
func (o *Objects) Open(ctx context.Context, mailID string) (content io.ReadCloser, err error) {
	err = o.call(ctx, "OpenRaw", func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		raw, ok := o.objects[rawPrefix+mailID]
		if !ok {
			return casework.ErrNotFound
		}
		content = io.NopCloser(bytes.NewReader(raw))
		return nil
	})
	return content, err
}

// List implements casework.RawMail, two ids at a time so that callers page.
func (o *Objects) List(ctx context.Context, after string) (ids []string, err error) {
	err = o.call(ctx, "ListRaw", func() error {
		for _, path := range o.Paths() {
			id, raw := strings.CutPrefix(path, rawPrefix)
			if raw && id > after && len(ids) < 2 {
				ids = append(ids, id)
			}
		}
		return nil
	})
	return ids, err
}

// Put implements casework.Bodies.
func (o *Objects) Put(ctx context.Context, path string, sealed []byte) error {
	return o.call(ctx, "PutBody", func() error {
		o.put(path, sealed)
		return nil
	})
}

// Get is a casework.ReadBody.
func (o *Objects) Get(ctx context.Context, path string) (sealed []byte, err error) {
	err = o.call(ctx, "GetBody", func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		stored, ok := o.objects[path]
		if !ok {
			return casework.ErrNotFound
		}
		sealed = bytes.Clone(stored)
		return nil
	})
	return sealed, err
}

// Damage changes one stored object behind everybody's back.
func (o *Objects) Damage(path string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.objects[path][0]++
}

// Delete implements casework.Bodies.
func (o *Objects) Delete(ctx context.Context, path string) error {
	return o.call(ctx, "DeleteBody", func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.objects, path)
		return nil
	})
}

// Minter makes tokens that anybody could forge and everybody can read.
type Minter struct {
	Gate Gate
}

// Mint is a casework.Mint.
func (m Minter) Mint(ctx context.Context, link dsr.Link) (string, error) {
	if err := m.Gate(ctx, "Mint", Before); err != nil {
		return "", err
	}
	return fmt.Sprintf("token-%s-%s", link.Purpose, link.ID), m.Gate(ctx, "Mint", After)
}

// Compose is a casework.Compose whose letters say only which letter they are.
func Compose(content dsr.LetterContent) (dsr.Message, error) {
	return dsr.Message{
		To:  []string{content.To.Address},
		Raw: []byte(string(content.Letter.Ref.Kind) + " " + content.Token),
		Tag: content.Letter.Ref.Tag(),
	}, nil
}
