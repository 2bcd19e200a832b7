package vault

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
)

// presigner signs for a bucket on AWS, with the passing keys of a function.
func presigner() *s3.PresignClient {
	return s3.NewPresignClient(s3.NewFromConfig(aws.Config{
		Region: "eu-west-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret", SessionToken: "session"}, nil
		}),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}))
}

// upload is what a page asks for.
func askedUpload() casework.Upload {
	return casework.Upload{Path: "incoming/a/b", ContentType: "image/jpeg", MaxSize: 10 << 20, Life: 30 * time.Minute}
}

// policy reads what a form allows: each exact field, and the other conditions.
func policy(t *testing.T, form casework.UploadForm) (exact map[string]string, others []string, expires time.Time) {
	t.Helper()
	at := slices.IndexFunc(form.Fields, func(field casework.FormField) bool { return field.Name == "policy" })
	if at < 0 {
		t.Fatalf("no policy among %+v", form.Fields)
	}
	text, err := base64.StdEncoding.DecodeString(form.Fields[at].Value)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Conditions []any
		Expiration time.Time
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	exact = map[string]string{}
	for _, condition := range read.Conditions {
		if one, ok := condition.(map[string]any); ok {
			for name, value := range one {
				exact[name] = value.(string)
			}
			continue
		}
		written, err := json.Marshal(condition)
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, string(written))
	}
	return exact, others, read.Expiration
}

// TestEveryFieldOfAFormHasItsConditionAndTheOtherWayRound: S3 refuses the form
// otherwise, and stand-ins do not.
func TestEveryFieldOfAFormHasItsConditionAndTheOtherWayRound(t *testing.T) {
	for then, want := range map[string][2]string{
		"":                                  {"success_action_status", "201"},
		"https://inzage.example/mijn/klaar": {"success_action_redirect", "https://inzage.example/mijn/klaar"},
	} {
		ask := askedUpload()
		ask.Then = then
		form, err := Uploads{"box", presigner().PresignPostObject}.Form(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		if form.URL != "https://box.s3.eu-west-1.amazonaws.com" {
			t.Errorf("it goes to %s", form.URL)
		}
		exact, others, _ := policy(t, form)
		if diff := cmp.Diff([]string{`["content-length-range",1,10485760]`}, others); diff != "" {
			t.Errorf("other conditions (-want +got):\n%s", diff)
		}
		if exact["bucket"] != "box" || exact["key"] != "incoming/a/b" || exact["Content-Type"] != "image/jpeg" || exact[want[0]] != want[1] {
			t.Errorf("it allows %v", exact)
		}
		sent := map[string]string{"bucket": "box"} // the address says which
		for _, field := range form.Fields {
			if field.Name != "policy" && field.Name != "X-Amz-Signature" {
				sent[field.Name] = field.Value
			}
		}
		if diff := cmp.Diff(exact, sent); diff != "" {
			t.Errorf("conditions and fields (-conditions +fields):\n%s", diff)
		}
		if !slices.IsSortedFunc(form.Fields, func(a, b casework.FormField) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("the order of the fields is chance: %+v", form.Fields)
		}
	}
}

func TestFormEndsWhenItsLifeIsOver(t *testing.T) {
	ask := askedUpload()
	before := time.Now()
	form, err := Uploads{"box", presigner().PresignPostObject}.Form(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	_, _, expires := policy(t, form)
	if first, last := before.Add(ask.Life).Truncate(time.Second), time.Now().Add(ask.Life); expires.Before(first) || expires.After(last) {
		t.Errorf("it ends at %s, not between %s and %s", expires, first, last)
	}
}

func TestUploadWithoutBoundsIsRefused(t *testing.T) {
	for i, whole := 0, reflect.TypeFor[casework.Upload](); i < whole.NumField(); i++ {
		ask := askedUpload()
		ask.Then = "https://inzage.example/klaar"
		reflect.ValueOf(&ask).Elem().Field(i).SetZero()
		_, err := Uploads{"box", presigner().PresignPostObject}.Form(t.Context(), ask)
		if optional := whole.Field(i).Name == "Then"; errors.Is(err, errOpenUpload) == optional {
			t.Errorf("without %s: %v", whole.Field(i).Name, err)
		}
	}
}

// askedDownload is what a page asks for.
func askedDownload() casework.Download {
	return casework.Download{Path: "handout/x", Name: "AVG-2026-0001.zip", ContentType: "application/zip", Life: time.Minute}
}

func TestDownloadIsSignedWithNameTypeAndLife(t *testing.T) {
	for name, kept := range map[string]string{
		"AVG-2026-0001.zip": "attachment; filename=AVG-2026-0001.zip",
		`a "b".zip`:         `attachment; filename="a \"b\".zip"`,
		"één.zip":           "attachment; filename*=utf-8''%C3%A9%C3%A9n.zip",
		"a\r\nb":            "attachment; filename*=utf-8''a%0D%0Ab",
	} {
		ask := askedDownload()
		ask.Name = name
		address, err := Downloads{"box", presigner().PresignGetObject}.Link(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		read, err := url.Parse(address)
		if err != nil || read.Scheme != "https" || read.Host != "box.s3.eu-west-1.amazonaws.com" || read.Path != "/handout/x" {
			t.Errorf("it leads to %s, %v", address, err)
		}
		query := read.Query()
		for parameter, want := range map[string]string{
			"response-content-disposition": kept, "response-content-type": "application/zip", "X-Amz-Expires": "60", "X-Amz-SignedHeaders": "host",
		} {
			if got := query.Get(parameter); got != want {
				t.Errorf("%s is %q, want %q", parameter, got, want)
			}
		}
	}
}

func TestDownloadWithoutBoundsIsRefused(t *testing.T) {
	for i, whole := 0, reflect.TypeFor[casework.Download](); i < whole.NumField(); i++ {
		ask := askedDownload()
		reflect.ValueOf(&ask).Elem().Field(i).SetZero()
		if address, err := (Downloads{"box", presigner().PresignGetObject}).Link(t.Context(), ask); !errors.Is(err, errOpenDownload) || address != "" {
			t.Errorf("without %s: %q, %v", whole.Field(i).Name, address, err)
		}
	}
}

func TestWhatCannotBeSignedIsAnError(t *testing.T) {
	broken := errors.New("broken")
	uploads := Uploads{"box", func(context.Context, *s3.PutObjectInput, ...func(*s3.PresignPostOptions)) (*s3.PresignedPostRequest, error) {
		return nil, broken
	}}
	if _, err := uploads.Form(t.Context(), askedUpload()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "signing an upload") {
		t.Errorf("an upload gives %v", err)
	}
	downloads := Downloads{"box", func(context.Context, *s3.GetObjectInput, ...func(*s3.PresignOptions)) (*v4.PresignedHTTPRequest, error) {
		return nil, broken
	}}
	if _, err := downloads.Link(t.Context(), askedDownload()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "signing a download") {
		t.Errorf("a download gives %v", err)
	}
}
