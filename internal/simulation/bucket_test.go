package simulation

import (
	"context"
	"io"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
)

// object is one thing that lay in a bucket, from when until when.
type object struct {
	by       *run // nil for what came from outside
	at, gone time.Time
}

// there reports whether the object lies there now.
func (o *object) there() bool { return o != nil && o.gone.IsZero() }

// bucket is the buckets as the handlers see them. It notes what each call is
// about, so that the world knows who put what there, and when it went.
type bucket struct {
	*caseworktest.Objects
	w *world
}

// bucket gives the buckets of the world.
func (w *world) bucket() bucket { return bucket{w.objects, w} }

// touch notes what the next call of a run is about.
func touch(ctx context.Context, path string) {
	if r, running := ctx.Value(runKey{}).(*run); running {
		r.touched = path
	}
}

// PutFile implements casework.Files. At times the caller hears of a fault, and what
// it stores arrives all the same: when its process may be gone, and never later.
func (b bucket) PutFile(ctx context.Context, path string, content io.Reader) error {
	touch(ctx, path)
	r := ctx.Value(runKey{}).(*run)
	if b.w.spared(r.function) || !b.w.strikes(b.w.faults.latePut, "file arrived late") {
		return b.Objects.PutFile(ctx, path, content)
	}
	late, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	b.w.after(b.w.upTo(r.ends.Sub(b.w.now)), func() {
		b.Place(path, late)
		b.w.look(path, r)
	})
	r.hurt = true
	return errFault
}

// RemoveFile implements casework.Files.
func (b bucket) RemoveFile(ctx context.Context, path string) error {
	touch(ctx, path)
	return b.Objects.RemoveFile(ctx, path)
}

// Put implements casework.Bodies.
func (b bucket) Put(ctx context.Context, path string, sealed []byte) error {
	touch(ctx, path)
	return b.Objects.Put(ctx, path, sealed)
}

// Delete implements casework.Bodies.
func (b bucket) Delete(ctx context.Context, path string) error {
	touch(ctx, path)
	return b.Objects.Delete(ctx, path)
}

// Remove implements casework.RawMail.
func (b bucket) Remove(ctx context.Context, mailID string) error {
	touch(ctx, rawFolder+mailID)
	return b.Objects.Remove(ctx, mailID)
}

// rawFolder is where mails lie as they came.
const rawFolder = "raw/"

// stocktake looks whether a call has put something there or taken it away. It
// does so whether or not the caller lives to hear of it.
func (w *world) stocktake(r *run, call string) {
	switch call {
	case "PutFile", "PutBody", "RemoveFile", "DeleteBody", "RemoveRaw":
		w.look(r.touched, r)
	}
}

// look notes what became of one object.
func (w *world) look(path string, by *run) {
	known, lies := w.stock[path], w.lies(path)
	switch {
	case lies && !known.there():
		w.stock[path] = &object{by: by, at: w.now}
	case !lies && known.there():
		known.gone = w.now
	}
}

// lies reports whether an object lies in a bucket.
func (w *world) lies(path string) bool {
	_, _, err := w.objects.OpenFile(context.Background(), path)
	return err == nil
}

// ages gives for how many days the buckets keep things by their own rules.
func ages() map[string]int {
	return map[string]int{"incoming/": 1, "found/": 1, "handout/": 1, "idcopy/": 14, "package/": 30, rawFolder: 60}
}

// clean is the midnight on which the buckets remove by themselves what is too
// old. They do not do it sooner
// (docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html).
func (w *world) clean() {
	if w.nets.rules {
		return
	}
	for _, path := range w.objects.Paths() {
		folder, _, _ := strings.Cut(path, "/")
		days, limited := ages()[folder+"/"]
		if !limited || w.now.Before(w.stock[path].at.AddDate(0, 0, days)) {
			continue
		}
		if err := w.objects.RemoveFile(context.Background(), path); err != nil {
			w.surprises = append(w.surprises, err)
		}
		w.look(path, nil)
		w.met["removed by the bucket"]++
	}
}

// swept gives the bucket as sweep sees it.
func (w *world) swept() casework.Files {
	if w.nets.originals {
		return unlisted{w.bucket()}
	}
	return w.bucket()
}

// unlisted is a bucket in which nothing is found that nobody tells of.
type unlisted struct{ bucket }

// ListFiles implements casework.Files.
func (unlisted) ListFiles(context.Context, string, string) ([]string, error) { return nil, nil }
