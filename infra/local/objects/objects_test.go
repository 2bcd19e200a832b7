package objects_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/objects"
)

// announced keeps what the store told, and fails as it is told.
type announced struct {
	mu   sync.Mutex
	list []string
	fail error
}

// hear is an OnCreated.
func (a *announced) hear(bucket, key string, size int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fail != nil {
		return a.fail
	}
	a.list = append(a.list, fmt.Sprintf("%s/%s %d", bucket, key, size))
	return nil
}

// want checks what was told and forgets it.
func (a *announced) want(t *testing.T, list ...string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if diff := cmp.Diff(list, a.list); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
	a.list = nil
}

// start starts a store below dir with two buckets.
func start(t *testing.T, dir string) (*objects.Store, *announced) {
	t.Helper()
	// The store makes its folder the working folder, which the test's own
	// clean-up would pull away from under the next one.
	t.Chdir(t.TempDir())
	heard := &announced{}
	store, err := objects.Start(t.Context(), objects.Options{
		Dir: dir, Buckets: []string{"inzage-mail", "inzage-vault"},
		Region: "eu-west-1", AccessKey: "local", SecretKey: "secret", OnCreated: heard.hear,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	})
	return store, heard
}

// client is the SDK client as config builds it for the functions.
func client(store *objects.Store, secret string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(store.Endpoint()), Region: "eu-west-1", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("local", secret, ""), RetryMaxAttempts: 1,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
	})
}

// put puts an object in the mail bucket.
func put(t *testing.T, c *s3.Client, key, body string) error {
	t.Helper()
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("inzage-mail"), Key: &key, Body: strings.NewReader(body), Metadata: map[string]string{"note": "kept"},
	})
	return err
}

// get gets an object of the mail bucket.
func get(t *testing.T, c *s3.Client, key string) (string, error) {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("inzage-mail"), Key: &key})
	if err != nil {
		return "", err
	}
	defer func() { _ = out.Body.Close() }()
	if out.Metadata["note"] != "kept" {
		t.Errorf("metadata %v", out.Metadata)
	}
	body, err := io.ReadAll(out.Body)
	return string(body), err
}

func TestObjectIsPutGotListedAndDeleted(t *testing.T) {
	store, heard := start(t, t.TempDir())
	c := client(store, "secret")
	for _, key := range []string{"raw/één", "raw/b c+d", "quarantine/x"} {
		if err := put(t, c, key, "mail"); err != nil {
			t.Fatal(err)
		}
	}
	heard.want(t, "inzage-mail/raw/één 4", "inzage-mail/raw/b c+d 4", "inzage-mail/quarantine/x 4")
	if body, err := get(t, c, "raw/één"); err != nil || body != "mail" {
		t.Errorf("got %q, %v", body, err)
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("inzage-mail"), Prefix: aws.String("raw/")})
	if err != nil || len(list.Contents) != 2 {
		t.Fatalf("listed %+v, %v", list, err)
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("inzage-mail"), Key: aws.String("raw/één")}); err != nil {
		t.Fatal(err)
	}
	_, err = get(t, c, "raw/één")
	if absent := (*types.NoSuchKey)(nil); !errors.As(err, &absent) {
		t.Errorf("a deleted object gives %v", err)
	}
	heard.want(t)
}

func TestRestartKeepsObjectsAndTheirMetadata(t *testing.T) {
	dir := t.TempDir()
	store, _ := start(t, dir)
	if err := put(t, client(store, "secret"), "raw/a", "mail"); err != nil {
		t.Fatal(err)
	}
	if err := store.Stop(); err != nil {
		t.Fatal(err)
	}
	again, _ := start(t, dir)
	if body, err := get(t, client(again, "secret"), "raw/a"); err != nil || body != "mail" {
		t.Errorf("after the restart %q, %v", body, err)
	}
}

func TestWrongSecretIsRefused(t *testing.T) {
	store, heard := start(t, t.TempDir())
	err := put(t, client(store, "guessed"), "raw/a", "mail")
	if api := smithy.APIError(nil); !errors.As(err, &api) || api.ErrorCode() != "SignatureDoesNotMatch" {
		t.Errorf("put with a wrong secret: %v", err)
	}
	response, err := http.Get(store.Endpoint() + "/inzage-mail/raw/a")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("anonymous get: %s", response.Status)
	}
	heard.want(t)
}

func TestUploadFailsWhenItCannotBeAnnounced(t *testing.T) {
	store, heard := start(t, t.TempDir())
	c := client(store, "secret")
	heard.fail = errors.New("the queue is full")
	if err := put(t, c, "raw/a", "mail"); err == nil {
		t.Error("the upload was answered as done and nobody knows of it")
	}
	heard.fail = nil
	if err := put(t, c, "raw/a", "mail"); err != nil {
		t.Fatal(err)
	}
	heard.want(t, "inzage-mail/raw/a 4")
}

func TestCopyIsAnnounced(t *testing.T) {
	store, heard := start(t, t.TempDir())
	c := client(store, "secret")
	if err := put(t, c, "raw/a", "mail"); err != nil {
		t.Fatal(err)
	}
	_, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("inzage-vault"), Key: aws.String("case/a"), CopySource: aws.String("inzage-mail/raw/a"),
	})
	if err != nil {
		t.Fatal(err)
	}
	heard.want(t, "inzage-mail/raw/a 4", "inzage-vault/case/a 4")
}

func TestObjectOfPartsIsAnnouncedOnceItIsComplete(t *testing.T) {
	store, heard := start(t, t.TempDir())
	c := client(store, "secret")
	bucket, key := aws.String("inzage-vault"), aws.String("case/parts")
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: bucket, Key: key, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for number, size := range []int{5 << 20, 3} {
		n := aws.Int32(int32(number) + 1)
		part, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: n,
			Body: bytes.NewReader(make([]byte, size)), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{PartNumber: n, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32})
	}
	heard.want(t)
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	if err != nil {
		t.Fatal(err)
	}
	heard.want(t, fmt.Sprintf("inzage-vault/case/parts %d", 5<<20+3))
}

// post uploads a form as a browser does and gives the status.
func post(t *testing.T, url string, fields map[string]string, body string) int {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "kopie.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write([]byte(body))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(url, w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

func TestFormUploadIsHeldToItsPolicyAndAnnouncedWithItsKey(t *testing.T) {
	store, heard := start(t, t.TempDir())
	presigner := s3.NewPresignClient(client(store, "secret"))
	form, err := presigner.PresignPostObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("inzage-vault"), Key: aws.String("incoming/x9"),
	}, func(o *s3.PresignPostOptions) {
		o.Expires = time.Hour
		o.Conditions = []any{[]any{"content-length-range", 1, 10}}
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := post(t, form.URL, form.Values, "12345678901"); status != http.StatusBadRequest {
		t.Errorf("a file that is too large: %d", status)
	}
	other := map[string]string{}
	for name, value := range form.Values {
		other[name] = value
	}
	other["key"] = "incoming/other"
	if status := post(t, form.URL, other, "copy"); status != http.StatusForbidden {
		t.Errorf("another key than the signed one: %d", status)
	}
	heard.want(t)
	if status := post(t, form.URL, form.Values, "copy"); status != http.StatusNoContent {
		t.Errorf("the upload itself: %d", status)
	}
	heard.want(t, "inzage-vault/incoming/x9 4")
}

func TestStoreStopsWithItsContext(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	store, err := objects.Start(ctx, objects.Options{
		Dir: t.TempDir(), Region: "us-east-1", Buckets: []string{"inzage-mail"}, AccessKey: "local", SecretKey: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-store.Done()
	if err := store.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

func TestStoreNeedsItsKeysAndItsFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := objects.Start(t.Context(), objects.Options{Dir: t.TempDir(), Region: "eu-west-1"}); err == nil {
		t.Error("a store without keys was started")
	}
	if err := os.WriteFile("file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := objects.Start(t.Context(), objects.Options{Dir: "file", AccessKey: "a", SecretKey: "b"}); err == nil {
		t.Error("a store was started in a file")
	}
}
