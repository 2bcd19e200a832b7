package vault

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
)

// mailOf gives the bucket of mails behind a client.
func mailOf(client *s3.Client) Mail {
	return Mail{
		Bucket: "box", GetObject: client.GetObject, ListObjectsV2: client.ListObjectsV2, DeleteObject: client.DeleteObject,
		Writing: NewWriting(client),
	}
}

// all lists the mails as sweep does, from one id to the next.
func all(t *testing.T, mail Mail) []string {
	t.Helper()
	var ids []string
	for after := ""; ; {
		page, err := mail.List(t.Context(), after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return ids
		}
		ids, after = append(ids, page...), page[len(page)-1]
	}
}

func TestMailIsStreamedFromUnderItsPrefix(t *testing.T) {
	_, client := open(t, "raw/m1")
	stream, err := mailOf(client).Open(t.Context(), "m1")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if got, err := io.ReadAll(stream); err != nil || string(got) != "mail of raw/m1" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestMailThatIsGoneIsNotFoundAndOtherFaultsAreNot(t *testing.T) {
	kept, client := open(t)
	mail := mailOf(client)
	if _, err := mail.Open(t.Context(), "m1"); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a missing mail gives %v", err)
	}
	elsewhere := mail
	elsewhere.Bucket = "other"
	if _, err := elsewhere.Open(t.Context(), "m1"); err == nil || errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a missing bucket gives %v: nobody would notice that it is gone", err)
	}
	kept.broken = true
	if _, err := mail.Open(t.Context(), "m1"); err == nil || errors.Is(err, casework.ErrNotFound) || !strings.Contains(err.Error(), "opening mail m1") {
		t.Errorf("a refused mail gives %v", err)
	}
	if _, err := mail.List(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "listing raw mail") {
		t.Errorf("a refused listing gives %v", err)
	}
}

func TestListGivesEveryMailOncePageByPage(t *testing.T) {
	_, client := open(t, "raw/a", "raw/b", "raw/c", "raw/d", "raw/e", "quarantine/x")
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, all(t, mailOf(client))); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	page, err := mailOf(client).List(t.Context(), "c")
	if diff := cmp.Diff([]string{"d", "e"}, page); err != nil || diff != "" {
		t.Errorf("after c (-want +got):\n%s %v", diff, err)
	}
}

func TestListPassesOverTheSetUpObjectOfSES(t *testing.T) {
	kept, client := open(t, "raw/", "raw/"+setUpObject, "raw/b", "raw/c")
	if diff := cmp.Diff([]string{"b", "c"}, all(t, mailOf(client))); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	// The first page held nothing but the two; an empty answer would have
	// told sweep that there is no mail at all.
	kept.perPage = 1
	if diff := cmp.Diff([]string{"b", "c"}, all(t, mailOf(client))); diff != "" {
		t.Errorf("one key a page (-want +got):\n%s", diff)
	}
}

func TestBodyIsStoredOnceAndNeverOverwritten(t *testing.T) {
	kept, client := open(t)
	bodies := Bodies{Bucket: "box", PutObject: client.PutObject, DeleteObject: client.DeleteObject}
	const path = "case/abc/def"
	if err := bodies.Put(t.Context(), path, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	// The SDK tries again after a lost reply, and finds its own first try.
	if err := bodies.Put(t.Context(), path, []byte("other")); err != nil {
		t.Errorf("a taken path gives %v", err)
	}
	if !bytes.Equal(kept.objects[path], []byte("sealed")) {
		t.Errorf("%s holds %q", path, kept.objects[path])
	}
}

func TestBodyIsReadBackAsItWasStored(t *testing.T) {
	kept, client := open(t)
	bodies := Bodies{Bucket: "box", GetObject: client.GetObject, PutObject: client.PutObject}
	const path = "case/abc/def"
	if _, err := bodies.Get(t.Context(), path); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a missing text gives %v", err)
	}
	if err := bodies.Put(t.Context(), path, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	if got, err := bodies.Get(t.Context(), path); err != nil || string(got) != "sealed" {
		t.Errorf("read %q, %v", got, err)
	}
	kept.objects[path] = make([]byte, maxBody+1)
	if got, err := bodies.Get(t.Context(), path); err != nil || len(got) != maxBody {
		t.Errorf("of a text that is too large %d bytes were read, %v", len(got), err)
	}
	kept.broken = true
	if _, err := bodies.Get(t.Context(), path); err == nil || errors.Is(err, casework.ErrNotFound) || !strings.Contains(err.Error(), "opening a file in case: ") {
		t.Errorf("a refused text gives %v", err)
	}
}

func TestRemovingABodyTwiceIsFine(t *testing.T) {
	kept, client := open(t, "case/abc/def")
	bodies := Bodies{Bucket: "box", PutObject: client.PutObject, DeleteObject: client.DeleteObject}
	for range 2 {
		if err := bodies.Delete(t.Context(), "case/abc/def"); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept.objects) != 0 || len(kept.asked) != 2 {
		t.Errorf("%d objects left after %v", len(kept.objects), kept.asked)
	}
	kept.broken = true
	if err := bodies.Delete(t.Context(), "case/abc/def"); err == nil || !strings.Contains(err.Error(), "removing a file in case: ") {
		t.Errorf("a refused removal gives %v", err)
	}
}
