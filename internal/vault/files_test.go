package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
)

// filesOf gives the bucket of files behind a client.
func filesOf(client *s3.Client) Files {
	return Files{
		Bucket: "box", GetObject: client.GetObject, ListObjectsV2: client.ListObjectsV2, DeleteObject: client.DeleteObject,
		Writing: NewWriting(client),
	}
}

// content gives so many bytes, of which no two parts are alike.
func content(size int) []byte {
	all := make([]byte, size)
	for i := range all {
		all[i] = byte(i) ^ byte(i>>16)
	}
	return all
}

// put stores a file from a reader that gives a few bytes at a time.
func put(ctx context.Context, files Files, all []byte) error {
	return files.PutFile(ctx, "case/a/b", io.MultiReader(iotest.OneByteReader(bytes.NewReader(all[:min(3, len(all))])), bytes.NewReader(all[min(3, len(all)):])))
}

func TestFileOfAnySizeIsStoredWhole(t *testing.T) {
	for size, parts := range map[int]int{0: 0, 1: 0, partSize - 1: 0, partSize: 1, partSize + 1: 2, 2 * partSize: 2, 2*partSize + 3: 3} {
		kept, client := open(t)
		all := content(size)
		if err := put(t.Context(), filesOf(client), all); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if !bytes.Equal(kept.objects["case/a/b"], all) {
			t.Errorf("%d bytes were stored as %d", size, len(kept.objects["case/a/b"]))
		}
		sent := slices.DeleteFunc(slices.Clone(kept.asked), func(call string) bool { return !strings.Contains(call, "partNumber=") })
		if len(sent) != parts {
			t.Errorf("%d bytes took %d parts, want %d", size, len(sent), parts)
		}
		stream, told, err := filesOf(client).OpenFile(t.Context(), "case/a/b")
		if err != nil || told != int64(size) {
			t.Fatalf("opened with %d bytes, %v", told, err)
		}
		read, err := io.ReadAll(stream)
		if err := errors.Join(err, stream.Close()); err != nil || !bytes.Equal(read, all) {
			t.Errorf("%d bytes read back as %d, %v", size, len(read), err)
		}
	}
}

// TestFaultOfTheReaderStoresNothing: a body of HTTP that breaks off gives the very
// error with which io.ReadFull says that a stream has ended.
func TestFaultOfTheReaderStoresNothing(t *testing.T) {
	for _, fault := range []error{errors.New("broken"), io.ErrUnexpectedEOF, context.Canceled} {
		for _, size := range []int{0, 5, partSize - 1, partSize, partSize + 5, 2*partSize + 5} {
			kept, client := open(t)
			err := filesOf(client).PutFile(t.Context(), "case/a/b", io.MultiReader(bytes.NewReader(content(size)), iotest.ErrReader(fault)))
			if !errors.Is(err, fault) || !strings.Contains(err.Error(), "storing a file in case: reading what to store") {
				t.Errorf("after %d bytes: %v", size, err)
			}
			if len(kept.objects) != 0 || kept.parts != nil {
				t.Errorf("after %d bytes there are %d objects and %d parts", size, len(kept.objects), len(kept.parts))
			}
		}
	}
}

func TestUploadThatFailsIsGivenUp(t *testing.T) {
	for refused, want := range map[string]string{
		"POST uploads": "beginning an upload", "PUT partNumber=1": "sending part 1", "PUT partNumber=2": "sending part 2", "POST uploadId": "ending an upload",
	} {
		kept, client := open(t)
		kept.refuses = refused
		err := put(t.Context(), filesOf(client), content(partSize+1))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", refused, err)
		}
		if len(kept.objects) != 0 || kept.parts != nil {
			t.Errorf("%s: %d objects and %d parts are left", refused, len(kept.objects), len(kept.parts))
		}
	}
}

func TestUploadIsGivenUpAlsoWhenTimeIsUp(t *testing.T) {
	kept, client := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	files, uploaded := filesOf(client), 0
	send := files.Writing.UploadPart
	files.Writing.UploadPart = func(ctx context.Context, in *s3.UploadPartInput, options ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
		if uploaded++; uploaded == 2 {
			cancel()
		}
		return send(ctx, in, options...)
	}
	if err := put(ctx, files, content(partSize+1)); !errors.Is(err, context.Canceled) {
		t.Errorf("PutFile() = %v", err)
	}
	if len(kept.objects) != 0 || kept.parts != nil {
		t.Errorf("%d objects and %d parts are left", len(kept.objects), len(kept.parts))
	}
}

func TestUploadThatCannotBeGivenUpSaysSo(t *testing.T) {
	kept, client := open(t)
	kept.refuses = "uploadId"
	err := put(t.Context(), filesOf(client), content(partSize))
	if err == nil || strings.Count(err.Error(), "AccessDenied") != 2 {
		t.Errorf("PutFile() = %v, want both faults", err)
	}
}

func TestSmallFileTakesNobodysPlace(t *testing.T) {
	kept, client := open(t, "case/a/b")
	if err := put(t.Context(), filesOf(client), content(5)); err != nil {
		t.Errorf("a taken path gives %v: the SDK would find its own first try", err)
	}
	if string(kept.objects["case/a/b"]) != "mail of case/a/b" {
		t.Errorf("it holds %q", kept.objects["case/a/b"])
	}
}

func TestFileThatIsGoneIsNotFoundAndOtherFaultsAreNot(t *testing.T) {
	kept, client := open(t)
	files := filesOf(client)
	if _, _, err := files.OpenFile(t.Context(), "case/a/b"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a missing file gives %v", err)
	}
	kept.broken = true
	if _, _, err := files.OpenFile(t.Context(), "case/a/b"); err == nil || errors.Is(err, casework.ErrNotFound) || !strings.Contains(err.Error(), "opening a file in case: ") {
		t.Errorf("a refused file gives %v", err)
	}
	if _, err := files.ListFiles(t.Context(), "case/", ""); err == nil || !strings.Contains(err.Error(), "listing case/") {
		t.Errorf("a refused listing gives %v", err)
	}
	if err := files.RemoveFile(t.Context(), "case/a/b"); err == nil || !strings.Contains(err.Error(), "removing a file in case: ") {
		t.Errorf("a refused removal gives %v", err)
	}
}

func TestFilesAreListedUnderTheirPrefixPageByPage(t *testing.T) {
	_, client := open(t, "found/a/1", "found/a/2", "found/b/1", "foundling", "incoming/a/1", "found/b/2")
	files := filesOf(client)
	var got []string
	for after := ""; ; {
		page, err := files.ListFiles(t.Context(), "found/", after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		got, after = append(got, page...), page[len(page)-1]
	}
	if diff := cmp.Diff([]string{"found/a/1", "found/a/2", "found/b/1", "found/b/2"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestRemovingAFileTwiceIsFine(t *testing.T) {
	kept, client := open(t, "case/a/b", "case/a/c")
	for range 2 {
		if err := filesOf(client).RemoveFile(t.Context(), "case/a/b"); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept.objects) != 1 || kept.objects["case/a/c"] == nil {
		t.Errorf("left are %d objects", len(kept.objects))
	}
}

func TestMailIsReplacedWholeOrNotAtAll(t *testing.T) {
	kept, client := open(t, "raw/m1", "raw/m2")
	mail := mailOf(client)
	for _, size := range []int{7, partSize + 7} {
		all := content(size)
		if err := mail.Replace(t.Context(), "m1", bytes.NewReader(all)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept.objects["raw/m1"], all) {
			t.Errorf("of %d bytes %d are stored", size, len(kept.objects["raw/m1"]))
		}
		broken := errors.New("broken")
		err := mail.Replace(t.Context(), "m1", io.MultiReader(bytes.NewReader(all[1:]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "replacing mail m1") || !bytes.Equal(kept.objects["raw/m1"], all) {
			t.Errorf("a fault gives %v, and %d bytes", err, len(kept.objects["raw/m1"]))
		}
	}
	if string(kept.objects["raw/m2"]) != "mail of raw/m2" {
		t.Error("another mail was replaced")
	}
}

func TestRemovingAMailTwiceIsFine(t *testing.T) {
	kept, client := open(t, "raw/m1", "raw/m2")
	mail := mailOf(client)
	for range 2 {
		if err := mail.Remove(t.Context(), "m1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept.objects) != 1 || kept.objects["raw/m2"] == nil {
		t.Errorf("left are %d objects", len(kept.objects))
	}
	kept.broken = true
	if err := mail.Remove(t.Context(), "m2"); err == nil || !strings.Contains(err.Error(), "removing mail m2") {
		t.Errorf("a refused removal gives %v", err)
	}
}
