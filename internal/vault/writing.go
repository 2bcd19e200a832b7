package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// putObject is one call of S3.
type putObject = func(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)

// Writing is the calls that store a stream.
type Writing struct {
	PutObject               putObject
	CreateMultipartUpload   func(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error)
	UploadPart              func(context.Context, *s3.UploadPartInput, ...func(*s3.Options)) (*s3.UploadPartOutput, error)
	CompleteMultipartUpload func(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error)
	AbortMultipartUpload    func(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error)
}

// NewWriting takes the calls from a client.
func NewWriting(client *s3.Client) Writing {
	return Writing{
		PutObject:               client.PutObject,
		CreateMultipartUpload:   client.CreateMultipartUpload,
		UploadPart:              client.UploadPart,
		CompleteMultipartUpload: client.CompleteMultipartUpload,
		AbortMultipartUpload:    client.AbortMultipartUpload,
	}
}

// sealedType is the type of what is sealed: it means nothing to anybody.
const sealedType = "application/octet-stream"

// partSize is how much of a stream is held in memory at a time. At least 5 MiB
// are needed for a part, and 10,000 parts are the most there can be
// (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html): 80 GB, far more
// than a function can move.
const partSize = 8 << 20

// taking says what becomes of an object that stands where a new one comes.
type taking bool

// What stands there gives way, or there cannot be any.
const (
	overwrites taking = true
	takesNew   taking = false
)

// store stores what content gives. What is smaller than a part goes in one call;
// the rest goes in parts, of which nothing can be seen before the last one.
func (w Writing) store(ctx context.Context, bucket, path, mediaType string, content io.Reader, how taking) error {
	part := make([]byte, partSize)
	n, ended, err := readPart(content, part)
	switch {
	case err != nil:
		return err
	case !ended:
		return w.inParts(ctx, upload{bucket: bucket, path: path, mediaType: mediaType}, part, content)
	case how == takesNew:
		return putOnce(ctx, w.PutObject, bucket, path, part[:n])
	}
	_, err = w.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &path, Body: bytes.NewReader(part[:n]), ContentType: &mediaType,
	})
	return err
}

// readPart fills a part, unless the stream ends before. It is not io.ReadFull,
// which says of a stream that was cut short what it says of one that ends: that
// a body of HTTP broke off is an io.ErrUnexpectedEOF of its own.
func readPart(content io.Reader, part []byte) (n int, ended bool, err error) {
	for n < len(part) {
		read, err := content.Read(part[n:])
		n += read
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, fmt.Errorf("reading what to store: %w", err)
		}
	}
	return n, false, nil
}

// upload is an upload in parts, on its way.
type upload struct {
	bucket, path, mediaType string
	id                      *string
	parts                   []types.CompletedPart
}

// inParts stores a stream whose first part was read. Whatever fails, the parts
// are given up: they would lie in the bucket unseen.
func (w Writing) inParts(ctx context.Context, u upload, part []byte, rest io.Reader) error {
	begun, err := w.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &u.bucket, Key: &u.path, ContentType: &u.mediaType,
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		return fmt.Errorf("beginning an upload: %w", err)
	}
	u.id = begun.UploadId
	if err := w.fill(ctx, &u, part, rest); err != nil {
		// The context may be what failed.
		_, abortErr := w.AbortMultipartUpload(context.WithoutCancel(ctx), &s3.AbortMultipartUploadInput{
			Bucket: &u.bucket, Key: &u.path, UploadId: u.id,
		})
		return errors.Join(err, abortErr)
	}
	return nil
}

// fill sends the parts, one at a time in the same memory, and puts them together.
func (w Writing) fill(ctx context.Context, u *upload, part []byte, rest io.Reader) error {
	for n, ended := len(part), false; n > 0; {
		err := w.sendPart(ctx, u, part[:n])
		if n = 0; err == nil && !ended {
			n, ended, err = readPart(rest, part)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.bucket, Key: &u.path, UploadId: u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
	})
	if err != nil {
		return fmt.Errorf("ending an upload: %w", err)
	}
	return nil
}

// sendPart sends one part. S3 compares its checksum with what arrived.
func (w Writing) sendPart(ctx context.Context, u *upload, part []byte) error {
	number := aws.Int32(int32(len(u.parts) + 1))
	sent, err := w.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &u.bucket, Key: &u.path, UploadId: u.id, PartNumber: number,
		Body: bytes.NewReader(part), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		return fmt.Errorf("sending part %d: %w", *number, err)
	}
	u.parts = append(u.parts, types.CompletedPart{ETag: sent.ETag, PartNumber: number, ChecksumCRC32: sent.ChecksumCRC32})
	return nil
}
