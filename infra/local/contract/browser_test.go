package contract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/vault"
)

// The one upload of these tests.
const (
	uploadPath = "incoming/one/copy"
	maxUpload  = 10 << 20
	donePage   = "https://inzage.example/mijn/klaar"
)

// form asks for a form that ends after a while and then opens a page.
func (s *stored) form(t *testing.T, life time.Duration, then string) casework.UploadForm {
	t.Helper()
	uploads := vault.Uploads{Bucket: bucket, Presign: s3.NewPresignClient(s.client).PresignPostObject}
	form, err := uploads.Form(t.Context(), casework.Upload{
		Path: uploadPath, ContentType: "image/jpeg", MaxSize: maxUpload, Life: life, Then: then,
	})
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// send posts a form with a file, as a browser does, and gives the answer.
func send(t *testing.T, form casework.UploadForm, file []byte) (status int, header http.Header) {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, field := range form.Fields {
		if err := parts.WriteField(field.Name, field.Value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := parts.CreateFormFile("file", "paspoort.jpg") // whatever name a file has, it gets ours
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.URL, &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", parts.FormDataContentType())
	return answer(t, request)
}

// answer sends a request and does not go where its answer points.
func answer(t *testing.T, request *http.Request) (status int, header http.Header) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header
}

// with gives a form with another value in one field, which it must have.
func with(t *testing.T, form casework.UploadForm, name, value string) casework.UploadForm {
	t.Helper()
	form.Fields = slices.Clone(form.Fields)
	at := slices.IndexFunc(form.Fields, func(field casework.FormField) bool { return field.Name == name })
	if at < 0 {
		t.Fatalf("the form has no %s", name)
	}
	form.Fields[at].Value = value
	return form
}

// without gives a form that lacks one field.
func lacking(t *testing.T, form casework.UploadForm, name string) casework.UploadForm {
	t.Helper()
	form = with(t, form, name, "")
	form.Fields = slices.DeleteFunc(form.Fields, func(field casework.FormField) bool { return field.Name == name })
	return form
}

func TestUploadAsItWasAskedForIsTaken(t *testing.T) {
	s := store(t)
	for _, size := range []int{1, maxUpload} {
		if status, _ := send(t, s.form(t, time.Minute, ""), several(size)); status != http.StatusCreated {
			t.Errorf("%d bytes give %d", size, status)
		}
		s.holds(t, uploadPath, several(size))
	}
	s.told(t, uploadPath+" 1", uploadPath+" 10485760")
}

func TestUploadWithoutScriptsOpensAPageThatKnowsNoToken(t *testing.T) {
	s := store(t)
	status, header := send(t, s.form(t, time.Minute, donePage), several(9))
	if status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), donePage) {
		t.Errorf("it gives %d to %q", status, header.Get("Location"))
	}
	s.holds(t, uploadPath, several(9))
}

func TestUploadThatWasNotAskedForIsRefused(t *testing.T) {
	s := store(t)
	form, redirected := s.form(t, time.Minute, ""), s.form(t, time.Minute, donePage)
	for name, test := range map[string]struct {
		form casework.UploadForm
		size int
	}{
		"one byte too large":       {form, maxUpload + 1},
		"empty":                    {form, 0},
		"to another path":          {with(t, form, "key", "incoming/one/other"), 9},
		"to a path below":          {with(t, form, "key", uploadPath+"/x"), 9},
		"of another type":          {with(t, form, "Content-Type", "text/html"), 9},
		"of no type":               {lacking(t, form, "Content-Type"), 9},
		"over already":             {s.form(t, time.Nanosecond, ""), 9},
		"then to another page":     {with(t, redirected, "success_action_redirect", "https://elders.example/"), 9},
		"with another policy":      {with(t, form, "policy", "e30="), 9},
		"with another signature":   {with(t, form, "X-Amz-Signature", strings.Repeat("0", 64)), 9},
		"without what was signed":  {lacking(t, form, "policy"), 9},
		"without a signature":      {lacking(t, form, "X-Amz-Signature"), 9},
		"with somebody else's key": {with(t, form, "X-Amz-Credential", "else/20260305/eu-west-1/s3/aws4_request"), 9},
	} {
		if status, _ := send(t, test.form, several(test.size)); status < 400 || status > 499 {
			t.Errorf("an upload %s gives %d", name, status)
		}
	}
	s.told(t)
	if paths, err := s.files().ListFiles(t.Context(), "", ""); err != nil || len(paths) != 0 {
		t.Errorf("stored are %v, %v", paths, err)
	}
}

// earlier signs as if it were two minutes ago.
type earlier struct{ *v4.Signer }

// PresignHTTP implements s3.HTTPPresignerV4.
func (e earlier) PresignHTTP(
	ctx context.Context, who aws.Credentials, r *http.Request, hash, service, region string, at time.Time, options ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	return e.Signer.PresignHTTP(ctx, who, r, hash, service, region, at.Add(-2*time.Minute), options...)
}

// link asks for the address of a download, as from a clock.
func (s *stored) link(t *testing.T, life time.Duration, signer s3.HTTPPresignerV4) string {
	t.Helper()
	client := s3.NewPresignClient(s.client, func(options *s3.PresignOptions) { options.Presigner = signer })
	address, err := vault.Downloads{Bucket: bucket, Presign: client.PresignGetObject}.Link(t.Context(), casework.Download{
		Path: "handout/one", Name: "AVG-2026-0001.zip", ContentType: "application/zip", Life: life,
	})
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestDownloadIsGivenToWhoeverHasItsAddressUntilItEnds(t *testing.T) {
	s := store(t)
	for _, path := range []string{"handout/one", "handout/two"} {
		if err := s.files().PutFile(t.Context(), path, bytes.NewReader(several(1000))); err != nil {
			t.Fatal(err)
		}
	}
	get := func(address string) (int, http.Header) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		return answer(t, request)
	}
	signer := v4.NewSigner(func(options *v4.SignerOptions) { options.DisableURIPathEscaping = true })
	address := s.link(t, time.Minute, signer)
	status, header := get(address)
	got := []string{header.Get("Content-Type"), header.Get("Content-Disposition"), header.Get("Content-Length")}
	if diff := cmp.Diff([]string{"application/zip", "attachment; filename=AVG-2026-0001.zip", "1000"}, got); status != http.StatusOK || diff != "" {
		t.Errorf("%d (-want +got):\n%s", status, diff)
	}
	// As old as the next one, and it still lives: only its own life ends an address.
	if status, _ := get(s.link(t, 5*time.Minute, earlier{signer})); status != http.StatusOK {
		t.Errorf("an address of five minutes gives %d after two", status)
	}
	for name, other := range map[string]string{
		"that has ended":       s.link(t, time.Minute, earlier{signer}),
		"of another file":      strings.Replace(address, "handout/one", "handout/two", 1),
		"under another name":   strings.Replace(address, "AVG-2026-0001.zip", "factuur.pdf", 1),
		"of another type":      strings.Replace(address, "application%2Fzip", "text%2Fhtml", 1),
		"that lives longer":    strings.Replace(address, "X-Amz-Expires=60", "X-Amz-Expires=600", 1),
		"without a signature":  strings.Split(address, "?")[0],
		"with no such address": strings.Split(address, "?")[0] + "?x=1",
	} {
		if other == address {
			t.Fatalf("the address %s is the same", name)
		}
		if status, _ := get(other); status != http.StatusForbidden {
			t.Errorf("an address %s gives %d", name, status)
		}
	}
}
