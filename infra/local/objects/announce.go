package objects

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3response"
)

// announcing tells of every object that comes into being. It stands between
// the gateway and the disk because the gateway's own webhook sends no key for
// a form upload and never tries again: there, a copy of an identity document
// would lie in the store and nobody would look at it.
type announcing struct {
	backend.Backend
	onCreated func(bucket, key string, size int64) error
}

// PutObject serves both PUT and the form upload of a browser (POST).
func (a announcing) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := a.Backend.PutObject(ctx, in)
	if err != nil {
		return out, err
	}
	return out, a.announce(ctx, in.Bucket, in.Key)
}

// CopyObject makes an object of another.
func (a announcing) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	out, err := a.Backend.CopyObject(ctx, in)
	if err != nil {
		return out, err
	}
	return out, a.announce(ctx, in.Bucket, in.Key)
}

// CompleteMultipartUpload makes an object of its parts; the parts themselves
// are not objects and are not announced.
func (a announcing) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := a.Backend.CompleteMultipartUpload(ctx, in)
	if err != nil {
		return out, version, err
	}
	return out, version, a.announce(ctx, in.Bucket, in.Key)
}

// announce asks the disk for the size, which not every request carries, and
// passes the object on.
func (a announcing) announce(ctx context.Context, bucket, key *string) error {
	if a.onCreated == nil {
		return nil
	}
	head, err := a.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
	if err != nil {
		return fmt.Errorf("look at a new object: %w", err)
	}
	if err := a.onCreated(aws.ToString(bucket), aws.ToString(key), aws.ToInt64(head.ContentLength)); err != nil {
		return fmt.Errorf("announce a new object: %w", err)
	}
	return nil
}
