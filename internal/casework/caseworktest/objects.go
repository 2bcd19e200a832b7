package caseworktest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"polarweb.nl/inzage/internal/casework"
)

// Objects is the buckets in memory: it implements casework.RawMail,
// casework.Bodies and casework.Files.
type Objects struct {
	Gate Gate

	mu      sync.Mutex
	objects map[string][]byte
}

// rawPrefix is where raw mail lies in an Objects.
const rawPrefix = "raw/"

// PutRaw stores a mail as SES would.
func (o *Objects) PutRaw(mailID string, raw []byte) { o.put(rawPrefix+mailID, raw) }

// Place stores a file as somebody's browser would, or as an attempt did that
// nobody waits for any more.
func (o *Objects) Place(path string, content []byte) { o.put(path, content) }

// put stores one object.
func (o *Objects) put(path string, content []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.objects == nil {
		o.objects = map[string][]byte{}
	}
	o.objects[path] = bytes.Clone(content)
}

// read gives one object.
func (o *Objects) read(path string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	stored, ok := o.objects[path]
	if !ok {
		return nil, casework.ErrNotFound
	}
	return bytes.Clone(stored), nil
}

// remove removes one object, if it is there.
func (o *Objects) remove(path string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.objects, path)
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
		raw, err := o.read(rawPrefix + mailID)
		if err == nil {
			content = io.NopCloser(bytes.NewReader(raw))
		}
		return err
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
		sealed, err = o.read(path)
		return err
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
		o.remove(path)
		return nil
	})
}

// Replace implements casework.RawMail.
func (o *Objects) Replace(ctx context.Context, mailID string, mail io.Reader) error {
	return o.call(ctx, "ReplaceRaw", func() error {
		raw, err := io.ReadAll(mail)
		if err == nil {
			o.put(rawPrefix+mailID, raw)
		}
		return err
	})
}

// Remove implements casework.RawMail.
func (o *Objects) Remove(ctx context.Context, mailID string) error {
	return o.call(ctx, "RemoveRaw", func() error {
		o.remove(rawPrefix + mailID)
		return nil
	})
}

// OpenFile implements casework.Files.
func (o *Objects) OpenFile(ctx context.Context, path string) (content io.ReadCloser, size int64, err error) {
	err = o.call(ctx, "OpenFile", func() error {
		stored, err := o.read(path)
		if err == nil {
			content, size = io.NopCloser(bytes.NewReader(stored)), int64(len(stored))
		}
		return err
	})
	return content, size, err
}

// PutFile implements casework.Files. As in a bucket, what stands under a path
// already is the attempt's own.
func (o *Objects) PutFile(ctx context.Context, path string, content io.Reader) error {
	return o.call(ctx, "PutFile", func() error {
		all, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		if _, err := o.read(path); err != nil {
			o.put(path, all)
		}
		return nil
	})
}

// RemoveFile implements casework.Files.
func (o *Objects) RemoveFile(ctx context.Context, path string) error {
	return o.call(ctx, "RemoveFile", func() error {
		o.remove(path)
		return nil
	})
}

// ListFiles implements casework.Files, two paths at a time so that callers page.
func (o *Objects) ListFiles(ctx context.Context, prefix, after string) (paths []string, err error) {
	err = o.call(ctx, "ListFiles", func() error {
		for _, path := range o.Paths() {
			if strings.HasPrefix(path, prefix) && path > after && len(paths) < 2 {
				paths = append(paths, path)
			}
		}
		return nil
	})
	return paths, err
}
