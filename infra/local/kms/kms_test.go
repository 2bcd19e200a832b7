package kms_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/infra/local/kms"
)

const (
	staffKey  = "staff-links"
	dataKey   = "data"
	proofKey  = "checkpoints"
	arnPrefix = "arn:aws:kms:eu-central-1:000000000000:"
)

// outside is an environment without Lambda.
func outside(string) (string, bool) { return "", false }

// options declares one key of each spec.
func options(dir string) kms.Options {
	return kms.Options{
		StateDir: dir, Region: "eu-central-1", Account: "000000000000", Lookup: outside,
		Keys: []kms.Key{
			{ID: staffKey, Spec: kms.HMAC256, Aliases: []string{"alias/inzage-staff"}},
			{ID: "other-links", Spec: kms.HMAC256},
			{ID: dataKey, Spec: kms.AES256, Aliases: []string{"alias/inzage-data"}},
			{ID: "other-data", Spec: kms.AES256},
			{ID: proofKey, Spec: kms.Ed25519},
		},
	}
}

// serve starts an endpoint over dir and returns the address it listens on.
func serve(t *testing.T, dir string) string {
	t.Helper()
	endpoint, err := kms.New(options(dir))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	return server.URL
}

// client is the real SDK client of an endpoint over dir.
func client(t *testing.T, dir string) *awskms.Client {
	t.Helper()
	return awskms.New(awskms.Options{
		Region:           "eu-central-1",
		BaseEndpoint:     aws.String(serve(t, dir)),
		Credentials:      credentials.NewStaticCredentialsProvider("local", "local", ""),
		RetryMaxAttempts: 1,
	})
}

// wantCode checks the error code the SDK saw.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		t.Errorf("error %v, want code %s", err, code)
	}
}

// generate is a GenerateMac of the staff key.
func generate(key string, message []byte) *awskms.GenerateMacInput {
	return &awskms.GenerateMacInput{KeyId: aws.String(key), Message: message, MacAlgorithm: types.MacAlgorithmSpecHmacSha256}
}

// verify is a VerifyMac of the staff key.
func verify(key string, message, mac []byte) *awskms.VerifyMacInput {
	return &awskms.VerifyMacInput{KeyId: aws.String(key), Message: message, Mac: mac, MacAlgorithm: types.MacAlgorithmSpecHmacSha256}
}

func TestAMacVerifiesUnderEveryNameOfItsKey(t *testing.T) {
	c := client(t, t.TempDir())
	made, err := c.GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
	if err != nil {
		t.Fatalf("GenerateMac: %v", err)
	}
	if len(made.Mac) != 32 || aws.ToString(made.KeyId) != arnPrefix+"key/"+staffKey {
		t.Errorf("GenerateMac gave %d bytes of key %s", len(made.Mac), aws.ToString(made.KeyId))
	}
	for _, name := range []string{staffKey, "alias/inzage-staff", arnPrefix + "key/" + staffKey, arnPrefix + "alias/inzage-staff"} {
		answer, err := c.VerifyMac(t.Context(), verify(name, []byte("claims"), made.Mac))
		if err != nil || !answer.MacValid {
			t.Errorf("VerifyMac under %s: %+v, %v", name, answer, err)
		}
	}
}

func TestAWrongMacIsRefused(t *testing.T) {
	c := client(t, t.TempDir())
	made, err := c.GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
	if err != nil {
		t.Fatalf("GenerateMac: %v", err)
	}
	altered := bytes.Clone(made.Mac)
	altered[31] ^= 1
	for name, in := range map[string]*awskms.VerifyMacInput{
		"altered MAC":     verify(staffKey, []byte("claims"), altered),
		"short MAC":       verify(staffKey, []byte("claims"), made.Mac[:31]),
		"other message":   verify(staffKey, []byte("claimt"), made.Mac),
		"another MAC key": verify("other-links", []byte("claims"), made.Mac),
	} {
		_, err := c.VerifyMac(t.Context(), in)
		var invalid *types.KMSInvalidMacException
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v, want KMSInvalidMacException", name, err)
		}
	}
}

func TestAMessageHasOneTo4096Bytes(t *testing.T) {
	c := client(t, t.TempDir())
	if _, err := c.GenerateMac(t.Context(), generate(staffKey, make([]byte, 4096))); err != nil {
		t.Errorf("4096 bytes: %v", err)
	}
	_, err := c.GenerateMac(t.Context(), generate(staffKey, make([]byte, 4097)))
	wantCode(t, err, "ValidationException")
	_, err = c.GenerateMac(t.Context(), generate(staffKey, []byte{}))
	wantCode(t, err, "ValidationException")
	_, err = c.VerifyMac(t.Context(), verify(staffKey, make([]byte, 4097), make([]byte, 32)))
	wantCode(t, err, "ValidationException")
	_, err = c.VerifyMac(t.Context(), verify(staffKey, []byte("m"), make([]byte, 6145)))
	wantCode(t, err, "ValidationException")
	_, err = c.Sign(t.Context(), sign(proofKey, make([]byte, 4097)))
	wantCode(t, err, "ValidationException")
}

// sign is a Sign as the checkpoints ask it.
func sign(key string, message []byte) *awskms.SignInput {
	return &awskms.SignInput{
		KeyId: aws.String(key), Message: message,
		MessageType: types.MessageTypeRaw, SigningAlgorithm: types.SigningAlgorithmSpecEd25519Sha512,
	}
}

func TestEachKeyServesItsOwnUseOnly(t *testing.T) {
	c := client(t, t.TempDir())
	ctx := t.Context()
	uses := map[string]func(key string) error{
		staffKey: func(key string) error {
			_, err := c.GenerateMac(ctx, generate(key, []byte("m")))
			return err
		},
		dataKey: func(key string) error {
			_, err := c.GenerateDataKey(ctx, &awskms.GenerateDataKeyInput{KeyId: aws.String(key), KeySpec: types.DataKeySpecAes256})
			return err
		},
		proofKey: func(key string) error {
			_, err := c.Sign(ctx, sign(key, []byte("m")))
			return err
		},
	}
	for own, use := range uses {
		for _, key := range []string{staffKey, dataKey, proofKey} {
			if err := use(key); key == own && err != nil {
				t.Errorf("%s for its own use: %v", key, err)
			} else if key != own {
				wantCode(t, err, "InvalidKeyUsageException")
			}
		}
		wantCode(t, use("nobody"), "NotFoundException")
		wantCode(t, use("alias/nobody"), "NotFoundException")
	}
	_, err := c.VerifyMac(ctx, verify(dataKey, []byte("m"), make([]byte, 32)))
	wantCode(t, err, "InvalidKeyUsageException")
	_, err = c.GetPublicKey(ctx, &awskms.GetPublicKeyInput{KeyId: aws.String(staffKey)})
	wantCode(t, err, "InvalidKeyUsageException")
	_, err = c.GenerateMac(ctx, &awskms.GenerateMacInput{KeyId: aws.String(staffKey), Message: []byte("m"), MacAlgorithm: types.MacAlgorithmSpecHmacSha512})
	wantCode(t, err, "InvalidKeyUsageException")
}

// concurrently runs act as many clients at once.
func concurrently(act func()) {
	var group sync.WaitGroup
	for range 16 {
		group.Go(act)
	}
	group.Wait()
}

func TestConcurrentRequestsAgree(t *testing.T) {
	c := client(t, t.TempDir())
	want, err := c.GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
	if err != nil {
		t.Fatalf("GenerateMac: %v", err)
	}
	concurrently(func() {
		got, err := c.GenerateMac(t.Context(), generate(staffKey, []byte("claims")))
		if err != nil || !bytes.Equal(got.Mac, want.Mac) {
			t.Errorf("GenerateMac: %v, or another MAC", err)
		}
		wrapped, err := c.GenerateDataKey(t.Context(), &awskms.GenerateDataKeyInput{KeyId: aws.String(dataKey), KeySpec: types.DataKeySpecAes256})
		if err != nil {
			t.Errorf("GenerateDataKey: %v", err)
			return
		}
		opened, err := c.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: wrapped.CiphertextBlob})
		if err != nil || !bytes.Equal(opened.Plaintext, wrapped.Plaintext) {
			t.Errorf("Decrypt: %v, or another key", err)
		}
	})
}

func TestRequestsThatAreNoKMSRequestsAreRefused(t *testing.T) {
	url := serve(t, t.TempDir())
	tests := map[string]struct{ method, target, body, code string }{
		"unknown operation": {"POST", "TrentService.CreateKey", `{}`, "UnknownOperationException"},
		"other service":     {"POST", "DynamoDB_20120810.GetItem", `{}`, "UnknownOperationException"},
		"a GET":             {"GET", "TrentService.Sign", ``, "UnknownOperationException"},
		"no JSON":           {"POST", "TrentService.Sign", `<xml>`, "SerializationException"},
		"empty body":        {"POST", "TrentService.Sign", ``, "SerializationException"},
		"no base64":         {"POST", "TrentService.Sign", `{"Message":"!"}`, "SerializationException"},
		"huge body":         {"POST", "TrentService.Sign", strings.Repeat("x", 300<<10), "SerializationException"},
		"no key":            {"POST", "TrentService.GetPublicKey", `{}`, "ValidationException"},
		"dry run":           {"POST", "TrentService.GetPublicKey", `{"DryRun":true}`, "UnsupportedOperationException"},
		"recipient":         {"POST", "TrentService.Decrypt", `{"Recipient":{}}`, "UnsupportedOperationException"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, url, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-Amz-Target", test.target)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), `"__type":"`+test.code+`"`) {
				t.Errorf("status %d, body %s, %v; want 400 %s", response.StatusCode, body, err, test.code)
			}
		})
	}
}
