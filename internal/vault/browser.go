package vault

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"polarweb.nl/inzage/internal/casework"
)

// Uploads makes the forms by which a browser puts one file into the vault bucket.
// Presign is PresignPostObject of an s3.PresignClient.
type Uploads struct {
	Bucket  string
	Presign func(context.Context, *s3.PutObjectInput, ...func(*s3.PresignPostOptions)) (*s3.PresignedPostRequest, error)
}

// errOpenUpload is returned for an upload without bounds.
var errOpenUpload = errors.New("an upload needs a path, a type, a size and a life")

// Form is a casework.AskUpload. S3 refuses a form in which a condition has no
// field or a field has no condition, so that each of ours is both
// (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
func (u Uploads) Form(ctx context.Context, upload casework.Upload) (casework.UploadForm, error) {
	if upload.Path == "" || upload.ContentType == "" || upload.MaxSize < 1 || upload.Life <= 0 {
		return casework.UploadForm{}, errOpenUpload
	}
	exact := []casework.FormField{{Name: "Content-Type", Value: upload.ContentType}}
	if upload.Then != "" {
		exact = append(exact, casework.FormField{Name: "success_action_redirect", Value: upload.Then})
	} else {
		exact = append(exact, casework.FormField{Name: "success_action_status", Value: "201"})
	}
	conditions := []any{[]any{"content-length-range", 1, upload.MaxSize}}
	for _, field := range exact {
		conditions = append(conditions, map[string]string{field.Name: field.Value})
	}
	signed, err := u.Presign(ctx, &s3.PutObjectInput{Bucket: &u.Bucket, Key: &upload.Path}, func(options *s3.PresignPostOptions) {
		options.Expires, options.Conditions = upload.Life, conditions
	})
	if err != nil {
		return casework.UploadForm{}, fmt.Errorf("signing an upload: %w", err)
	}
	form := casework.UploadForm{URL: signed.URL, Fields: exact}
	for name, value := range signed.Values {
		form.Fields = append(form.Fields, casework.FormField{Name: name, Value: value})
	}
	slices.SortFunc(form.Fields, func(a, b casework.FormField) int { return strings.Compare(a.Name, b.Name) })
	return form, nil
}

// Downloads makes the addresses at which a browser fetches one file of a bucket.
// Presign is PresignGetObject of an s3.PresignClient.
type Downloads struct {
	Bucket  string
	Presign func(context.Context, *s3.GetObjectInput, ...func(*s3.PresignOptions)) (*v4.PresignedHTTPRequest, error)
}

// errOpenDownload is returned for a download without bounds.
var errOpenDownload = errors.New("a download needs a path, a name, a type and a life")

// Link is a casework.DownloadLink. Name and type are part of what is signed, and
// the browser keeps the file instead of showing it.
func (d Downloads) Link(ctx context.Context, download casework.Download) (string, error) {
	if download.Path == "" || download.Name == "" || download.ContentType == "" || download.Life <= 0 {
		return "", errOpenDownload
	}
	kept := mime.FormatMediaType("attachment", map[string]string{"filename": download.Name})
	signed, err := d.Presign(ctx, &s3.GetObjectInput{
		Bucket: &d.Bucket, Key: &download.Path,
		ResponseContentDisposition: &kept, ResponseContentType: &download.ContentType,
	}, s3.WithPresignExpires(download.Life))
	if err != nil {
		return "", fmt.Errorf("signing a download: %w", err)
	}
	return signed.URL, nil
}
