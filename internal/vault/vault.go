// Package vault keeps files in S3: the mails as they arrived, and sealed text
// that is too large for a row. It implements casework.RawMail and
// casework.Bodies.
//
// Objects:
//
//	mail bucket    raw/<ses id>           a mail, written by SES itself
//	vault bucket   case/<id>/<random>     sealed text of a case
//
// Object names hold ids only. What lies in the vault bucket is sealed before
// it comes here, for the path it is stored under. Ages are never read from S3:
// the rows that point here know them.
package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/internal/casework"
)

// RawPrefix is where SES puts incoming mail in the mail bucket.
const RawPrefix = "raw/"

// setUpObject is what SES writes once, when a receipt rule is made. It is no
// mail.
const setUpObject = "AMAZON_SES_SETUP_NOTIFICATION"

// Mail reads the mail bucket.
type Mail struct {
	Bucket        string
	GetObject     func(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2 func(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// Open implements casework.RawMail. The caller closes the stream. A role that
// may not list the bucket hears 403 of an object that is missing; that is an
// error like any other, and the mail is tried again until a person gets it.
func (m Mail) Open(ctx context.Context, mailID string) (io.ReadCloser, error) {
	object, err := m.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &m.Bucket, Key: aws.String(RawPrefix + mailID),
	})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, casework.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("opening mail %s: %w", mailID, err)
	}
	return object.Body, nil
}

// List implements casework.RawMail, a page of S3 at a time.
func (m Mail) List(ctx context.Context, after string) ([]string, error) {
	input := &s3.ListObjectsV2Input{Bucket: &m.Bucket, Prefix: aws.String(RawPrefix)}
	if after != "" {
		input.StartAfter = aws.String(RawPrefix + after)
	}
	for {
		page, err := m.ListObjectsV2(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("listing raw mail: %w", err)
		}
		if ids := mailIDs(page.Contents); len(ids) > 0 || !aws.ToBool(page.IsTruncated) {
			return ids, nil
		}
		input.ContinuationToken = page.NextContinuationToken
	}
}

// mailIDs gives the ids of the mails among objects.
func mailIDs(objects []types.Object) []string {
	var ids []string
	for _, object := range objects {
		id := strings.TrimPrefix(aws.ToString(object.Key), RawPrefix)
		if id != "" && id != setUpObject {
			ids = append(ids, id)
		}
	}
	return ids
}

// Bodies writes, reads and removes sealed text in the vault bucket. A function
// fills in the calls that its acts make.
type Bodies struct {
	Bucket       string
	GetObject    func(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject    func(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject func(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

// Put implements casework.Bodies. Nothing is ever overwritten. A path is random
// and of one attempt, so what stands there already is this very object.
func (b Bodies) Put(ctx context.Context, path string, sealed []byte) error {
	_, err := b.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.Bucket, Key: &path, Body: bytes.NewReader(sealed),
		ContentType: aws.String("application/octet-stream"),
		IfNoneMatch: aws.String("*"),
	})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "PreconditionFailed" {
		return nil // the SDK's own retry found what its first try stored
	}
	if err != nil {
		return fmt.Errorf("storing %s: %w", path, err)
	}
	return nil
}

// maxBody is more than the mailroom lets one mail's text become, in JSON and
// sealed. Whatever is larger was not put there by us.
const maxBody = 16 << 20

// Get is a casework.ReadBody. Like Mail.Open, it can tell that an object is
// missing only to a role that may list the bucket.
func (b Bodies) Get(ctx context.Context, path string) ([]byte, error) {
	object, err := b.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Bucket, Key: &path})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, casework.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	defer object.Body.Close()
	sealed, err := io.ReadAll(io.LimitReader(object.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return sealed, nil
}

// Delete implements casework.Bodies. S3 answers alike when nothing was there.
func (b Bodies) Delete(ctx context.Context, path string) error {
	_, err := b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.Bucket, Key: &path})
	if err != nil {
		return fmt.Errorf("removing %s: %w", path, err)
	}
	return nil
}
