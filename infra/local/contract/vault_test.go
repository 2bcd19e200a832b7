package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/objects"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/vault"
)

// bucket is the one bucket of these tests.
const bucket = "inzage-vault"

// stored is a running object store and what it told.
type stored struct {
	client *s3.Client
	mu     sync.Mutex
	heard  []string
}

// store starts the object store, with a client as config makes one for a function.
func store(t *testing.T) *stored {
	t.Helper()
	// The store makes its folder the working folder, which the test's own clean-up
	// would pull away from under the next one.
	t.Chdir(t.TempDir())
	s := &stored{}
	running, err := objects.Start(t.Context(), objects.Options{
		Dir: t.TempDir(), Buckets: []string{bucket}, Region: "eu-west-1", AccessKey: "local", SecretKey: "secret",
		OnCreated: func(_, key string, size int64) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.heard = append(s.heard, fmt.Sprintf("%s %d", key, size))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			t.Errorf("Stop: %v", err)
		}
	})
	s.client = s3.NewFromConfig(aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(running.Endpoint()),
		Credentials:                credentials.NewStaticCredentialsProvider("local", "secret", ""),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		Retryer:                    func() aws.Retryer { return aws.NopRetryer{} },
	})
	return s
}

// files gives the adapter that is under test.
func (s *stored) files() vault.Files {
	return vault.Files{
		Bucket: bucket, GetObject: s.client.GetObject, ListObjectsV2: s.client.ListObjectsV2,
		DeleteObject: s.client.DeleteObject, Writing: vault.NewWriting(s.client),
	}
}

// mail gives the adapter of mails, over the same bucket.
func (s *stored) mail() vault.Mail {
	return vault.Mail{
		Bucket: bucket, GetObject: s.client.GetObject, ListObjectsV2: s.client.ListObjectsV2,
		DeleteObject: s.client.DeleteObject, Writing: vault.NewWriting(s.client),
	}
}

// told wants what the store told of new objects, and forgets it.
func (s *stored) told(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if diff := cmp.Diff(want, s.heard); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	s.heard = nil
}

// holds wants a file to hold some bytes.
func (s *stored) holds(t *testing.T, path string, want []byte) {
	t.Helper()
	content, size, err := s.files().OpenFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	got, err := io.ReadAll(content)
	if err != nil || size != int64(len(want)) || !bytes.Equal(got, want) {
		t.Errorf("%s holds %d bytes, said to be %d, of the %d: %v", path, len(got), size, len(want), err)
	}
}

// several gives so many bytes, of which no two parts are alike.
func several(size int) []byte {
	all := make([]byte, size)
	for i := range all {
		all[i] = byte(i) ^ byte(i>>16)
	}
	return all
}

func TestFileInPartsIsOneObjectAndReadsBack(t *testing.T) {
	s := store(t)
	for path, size := range map[string]int{"case/a/empty": 0, "case/a/small": 5, "case/a/large": 20<<20 + 7, "case/a/parts": 16 << 20} {
		if err := s.files().PutFile(t.Context(), path, bytes.NewReader(several(size))); err != nil {
			t.Fatal(err)
		}
		s.told(t, fmt.Sprintf("%s %d", path, size))
		s.holds(t, path, several(size))
	}
}

func TestFileTakesNobodysPlace(t *testing.T) {
	s := store(t)
	for _, content := range []string{"first", "second"} {
		if err := s.files().PutFile(t.Context(), "case/a/b", strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	s.holds(t, "case/a/b", []byte("first"))
}

func TestFaultOfTheReaderLeavesNothingInTheBucket(t *testing.T) {
	s := store(t)
	for _, fault := range []error{errors.New("broken"), io.ErrUnexpectedEOF} {
		for _, size := range []int{0, 5, 8 << 20, 17 << 20} {
			err := s.files().PutFile(t.Context(), "case/a/b", io.MultiReader(bytes.NewReader(several(size)), iotest.ErrReader(fault)))
			if !errors.Is(err, fault) {
				t.Errorf("after %d bytes: %v", size, err)
			}
		}
	}
	s.told(t)
	if _, _, err := s.files().OpenFile(t.Context(), "case/a/b"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("OpenFile() = %v", err)
	}
	begun, err := s.client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(bucket)})
	if err != nil || len(begun.Uploads) != 0 {
		t.Errorf("%d uploads are left, %v", len(begun.Uploads), err)
	}
}

func TestFilesAreListedInOrderAndRemoved(t *testing.T) {
	s := store(t)
	want := []string{"found/a/1", "found/a/2", "found/b/1"}
	for _, path := range append([]string{"foundling", "incoming/a/1"}, want...) {
		if err := s.files().PutFile(t.Context(), path, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	listed := func(after string) []string {
		paths, err := s.files().ListFiles(t.Context(), "found/", after)
		if err != nil {
			t.Fatal(err)
		}
		return paths
	}
	if diff := cmp.Diff(want, listed("")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:], listed(want[1])); diff != "" {
		t.Errorf("after the second (-want +got):\n%s", diff)
	}
	for range 2 {
		if err := s.files().RemoveFile(t.Context(), want[0]); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want[1:], listed("")); diff != "" {
		t.Errorf("without the first (-want +got):\n%s", diff)
	}
	if paths := listed(want[2]); len(paths) != 0 {
		t.Errorf("after the last come %v", paths)
	}
}

func TestMailIsReplacedInItsPlace(t *testing.T) {
	s := store(t)
	for _, size := range []int{100, 20 << 20, 7} {
		if err := s.mail().Replace(t.Context(), "m1", bytes.NewReader(several(size))); err != nil {
			t.Fatal(err)
		}
		s.holds(t, vault.RawPrefix+"m1", several(size))
	}
	if ids, err := s.mail().List(t.Context(), ""); err != nil || len(ids) != 1 || ids[0] != "m1" {
		t.Errorf("mails %v, %v", ids, err)
	}
	for range 2 {
		if err := s.mail().Remove(t.Context(), "m1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.mail().Open(context.WithoutCancel(t.Context()), "m1"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("Open() = %v", err)
	}
}
