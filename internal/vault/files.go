package vault

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"polarweb.nl/inzage/internal/casework"
)

// Files is the vault bucket for what may be too large for memory.
type Files struct {
	Bucket        string
	GetObject     func(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2 func(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	DeleteObject  func(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
	Writing       Writing
}

// OpenFile implements casework.Files. The caller closes the stream. Like
// Mail.Open, it can tell that an object is missing only to a role that may list
// the bucket.
func (f Files) OpenFile(ctx context.Context, path string) (io.ReadCloser, int64, error) {
	object, err := f.GetObject(ctx, &s3.GetObjectInput{Bucket: &f.Bucket, Key: &path})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, 0, casework.ErrNotFound
	}
	if err != nil {
		return nil, 0, unnamed("opening", path, err)
	}
	return object.Body, aws.ToInt64(object.ContentLength), nil
}

// PutFile implements casework.Files. Each attempt has a path of its own, so that
// there is nothing it could overwrite.
func (f Files) PutFile(ctx context.Context, path string, content io.Reader) error {
	if err := f.Writing.store(ctx, f.Bucket, path, sealedType, content, takesNew); err != nil {
		return unnamed("storing", path, err)
	}
	return nil
}

// RemoveFile implements casework.Files. S3 answers alike when nothing was there.
func (f Files) RemoveFile(ctx context.Context, path string) error {
	if _, err := f.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &f.Bucket, Key: &path}); err != nil {
		return unnamed("removing", path, err)
	}
	return nil
}

// ListFiles implements casework.Files, a page of S3 at a time.
func (f Files) ListFiles(ctx context.Context, prefix, after string) ([]string, error) {
	every := func(path string) (string, bool) { return path, true }
	paths, err := listing{f.Bucket, prefix, f.ListObjectsV2}.after(ctx, after, every)
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", prefix, err)
	}
	return paths, nil
}
