package vault

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// broken is a bucket that no call reaches: the client says so with the address,
// in which the path stands.
type broken struct{ cause error }

// fault gives what the client gives.
func (b broken) fault(path string) error {
	return &url.Error{Op: "Get", URL: "https://box.s3.example/" + path + "?x-id=GetObject", Err: b.cause}
}

// files gives the bucket of files.
func (b broken) files() Files {
	return Files{
		Bucket: "box",
		GetObject: func(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
			return nil, b.fault(*in.Key)
		},
		DeleteObject: func(_ context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
			return nil, b.fault(*in.Key)
		},
		Writing: Writing{PutObject: b.put},
	}
}

// put is a putObject.
func (b broken) put(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return nil, b.fault(*in.Key)
}

// A handout's path opens what lies there: whoever reads the log must not find it.
func TestNoFaultOfTheVaultNamesMoreThanTheFolder(t *testing.T) {
	b := broken{errors.New("no route to host")}
	files := b.files()
	bodies := Bodies{Bucket: "box", GetObject: files.GetObject, PutObject: b.put, DeleteObject: files.DeleteObject}
	for folder, secret := range map[string]string{"handout": "aaaaguess", "case": "bbbb/cccc", "package": "dddd/eeee"} {
		path := folder + "/" + secret
		_, _, opening := files.OpenFile(t.Context(), path)
		_, reading := bodies.Get(t.Context(), path)
		for act, err := range map[string]error{
			"opening": opening, "opening a text": reading,
			"storing": files.PutFile(t.Context(), path, strings.NewReader("x")), "storing a text": bodies.Put(t.Context(), path, nil),
			"removing": files.RemoveFile(t.Context(), path), "removing a text": bodies.Delete(t.Context(), path),
		} {
			if !errors.Is(err, b.cause) {
				t.Fatalf("%s: %v", act, err)
			}
			said := err.Error()
			doing, _, _ := strings.Cut(act, " ")
			if strings.Contains(said, secret) || !strings.HasPrefix(said, doing+" a file in "+folder+": ") || !strings.Contains(said, "no route") {
				t.Errorf("%s says %q", act, said)
			}
		}
	}
}

func TestTextThatBreaksOffIsNotNamedEither(t *testing.T) {
	kept, client := open(t)
	kept.objects["case/a/b"] = bytes.Repeat([]byte("x"), 8)
	ctx, cancel := context.WithCancel(t.Context())
	bodies := Bodies{Bucket: "box", GetObject: func(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
		object, err := client.GetObject(ctx, in, options...)
		if err == nil {
			_ = object.Body.Close()
		}
		return object, err
	}}
	defer cancel()
	if _, err := bodies.Get(ctx, "case/a/b"); err == nil || strings.Contains(err.Error(), "a/b") || !strings.HasPrefix(err.Error(), "reading a file in case: ") {
		t.Errorf("it says %v", err)
	}
}
