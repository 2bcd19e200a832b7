// Package vault keeps files in S3: the mails as they arrived, sealed text that is
// too large for a row, and files. It implements casework.RawMail, Bodies and
// Files, and makes the forms and addresses by which a browser brings and fetches
// one file: casework.AskUpload and DownloadLink.
//
// Objects:
//
//	mail bucket    raw/<ses id>               a mail, written by SES itself
//	vault bucket   incoming/<case>/<id>       a copy of an identity document as uploaded
//	vault bucket   found/<case>/<id>          what staff found, as uploaded
//	vault bucket   idcopy/<case>/<random>     what is kept of a copy, sealed
//	vault bucket   case/<case>/<random>       text and files of a case, sealed
//	vault bucket   package/<case>/<random>    an answer with its files, sealed
//	vault bucket   handout/<random>           a package, open, for one download
//	checkpoints    checkpoint/<number>        a signed checkpoint of the ledger, locked
//
// Object names hold ids only. But for uploads and handouts, which live for
// seconds and for an hour, what lies in the vault bucket is sealed before it
// comes here, for the path it is stored under. Ages are never read from S3: the
// rows that point here know them.
//
// The types hold method values and no client, as those of package casestore do:
// a function fills in the calls that its acts make and its role allows.
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

// Mail is the mail bucket.
type Mail struct {
	Bucket        string
	GetObject     func(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2 func(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	DeleteObject  func(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
	Writing       Writing
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
	if after != "" {
		after = RawPrefix + after
	}
	ids, err := listing{m.Bucket, RawPrefix, m.ListObjectsV2}.after(ctx, after, func(path string) (string, bool) {
		id := strings.TrimPrefix(path, RawPrefix)
		return id, id != "" && id != setUpObject
	})
	if err != nil {
		return nil, fmt.Errorf("listing raw mail: %w", err)
	}
	return ids, nil
}

// Replace implements casework.RawMail. The mail that lies there stays whole until
// all of the new one was read and stored.
func (m Mail) Replace(ctx context.Context, mailID string, mail io.Reader) error {
	if err := m.Writing.store(ctx, m.Bucket, RawPrefix+mailID, "message/rfc822", mail, overwrites); err != nil {
		return fmt.Errorf("replacing mail %s: %w", mailID, err)
	}
	return nil
}

// Remove implements casework.RawMail. S3 answers alike when nothing was there.
func (m Mail) Remove(ctx context.Context, mailID string) error {
	_, err := m.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &m.Bucket, Key: aws.String(RawPrefix + mailID)})
	if err != nil {
		return fmt.Errorf("removing mail %s: %w", mailID, err)
	}
	return nil
}

// listing is the objects of a bucket whose names begin with a prefix.
type listing struct {
	bucket, prefix string
	page           func(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// after gives the first names after one that pick takes, as pick writes them, in
// order. It is empty only when there are no more.
func (l listing) after(ctx context.Context, after string, pick func(path string) (name string, taken bool)) ([]string, error) {
	input := &s3.ListObjectsV2Input{Bucket: &l.bucket, Prefix: &l.prefix}
	if after != "" {
		input.StartAfter = &after
	}
	for {
		page, err := l.page(ctx, input)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, object := range page.Contents {
			if name, taken := pick(aws.ToString(object.Key)); taken {
				names = append(names, name)
			}
		}
		if len(names) > 0 || !aws.ToBool(page.IsTruncated) {
			return names, nil
		}
		input.ContinuationToken = page.NextContinuationToken
	}
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
	if err := putOnce(ctx, b.PutObject, b.Bucket, path, sealed); err != nil {
		return unnamed("storing", path, err)
	}
	return nil
}

// putOnce stores an object unless one stands there.
func putOnce(ctx context.Context, put putObject, bucket, path string, content []byte) error {
	_, err := put(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &path, Body: bytes.NewReader(content),
		ContentType: aws.String(sealedType), IfNoneMatch: aws.String("*"),
	})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "PreconditionFailed" {
		return nil // the SDK's own retry found what its first try stored
	}
	return err
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
		return nil, unnamed("opening", path, err)
	}
	defer object.Body.Close()
	sealed, err := io.ReadAll(io.LimitReader(object.Body, maxBody))
	if err != nil {
		return nil, unnamed("reading", path, err)
	}
	return sealed, nil
}

// Delete implements casework.Bodies. S3 answers alike when nothing was there.
func (b Bodies) Delete(ctx context.Context, path string) error {
	_, err := b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.Bucket, Key: &path})
	if err != nil {
		return unnamed("removing", path, err)
	}
	return nil
}
