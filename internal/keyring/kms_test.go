package keyring_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// endpoint is a KMS on 127.0.0.1: four operations in JSON 1.1, as the SDK
// speaks it, with keys that are made from their names.
type endpoint struct {
	keys map[string]string // key id → usage

	mu    sync.Mutex
	calls []string            // every operation asked, in order
	fail  func(string) string // operation → error type to answer with; "" to work
}

// request is the body of any of the four operations.
type request struct {
	KeyID             string            `json:"KeyId"`
	MacAlgorithm      string            `json:"MacAlgorithm"`
	KeySpec           string            `json:"KeySpec"`
	Message           []byte            `json:"Message"`
	Mac               []byte            `json:"Mac"`
	CiphertextBlob    []byte            `json:"CiphertextBlob"`
	EncryptionContext map[string]string `json:"EncryptionContext"`
}

// fault is an error type of KMS, without its text.
type fault string

// Error gives the type.
func (f fault) Error() string { return string(f) }

// newKMS starts an endpoint and gives it with a real client of it.
func newKMS(t testing.TB) (*endpoint, *kms.Client) {
	t.Helper()
	e := &endpoint{keys: map[string]string{
		"staff-key": "mac", "old-staff-key": "mac", "subject-key": "mac", "data-key": "wrap", "other-data-key": "wrap",
	}}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, newClient(server.URL)
}

// newClient gives the SDK's own client, which asks once and never waits.
func newClient(url string) *kms.Client {
	return kms.New(kms.Options{
		Region: "eu-west-1", BaseEndpoint: &url, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(_ context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}

// ServeHTTP answers one operation.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "TrentService.")
	var ask request
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || !ok ||
		r.Header.Get("Content-Type") != "application/x-amz-json-1.1" || r.Header.Get("Authorization") == "" {
		http.Error(w, "not a signed JSON 1.1 request", http.StatusBadRequest)
		return
	}
	answer, err := e.answer(operation, ask)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]any{"__type": err.Error(), "message": "refused by the test"}
	}
	_ = json.NewEncoder(w).Encode(answer) // a client that is gone sees its own error
}

// answer does one operation.
func (e *endpoint) answer(operation string, ask request) (map[string]any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, operation)
	if e.fail != nil {
		if kind := e.fail(operation); kind != "" {
			return nil, fault(kind)
		}
	}
	switch operation {
	case "GenerateMac", "VerifyMac":
		return e.mac(operation, ask)
	case "GenerateDataKey", "Decrypt":
		return e.wrap(operation, ask)
	}
	return nil, fault("UnknownOperationException")
}

// mac makes or checks a tag.
func (e *endpoint) mac(operation string, ask request) (map[string]any, error) {
	if e.keys[ask.KeyID] != "mac" {
		return nil, fault("NotFoundException")
	}
	// AWS KMS API Reference, GenerateMac: messages of 1 to 4,096 bytes.
	if ask.MacAlgorithm != "HMAC_SHA_256" || len(ask.Message) == 0 || len(ask.Message) > 4096 {
		return nil, fault("ValidationException")
	}
	mac := hmac.New(sha256.New, secret(ask.KeyID))
	mac.Write(ask.Message)
	answer := map[string]any{"KeyId": ask.KeyID, "MacAlgorithm": ask.MacAlgorithm}
	if operation == "GenerateMac" {
		answer["Mac"] = mac.Sum(nil)
		return answer, nil
	}
	if !hmac.Equal(mac.Sum(nil), ask.Mac) {
		return nil, fault("KMSInvalidMacException")
	}
	answer["MacValid"] = true
	return answer, nil
}

// wrap makes a data key, or opens one for the context it was made with. The
// wrapped form is the key's name, a zero byte and the sealed data key.
func (e *endpoint) wrap(operation string, ask request) (map[string]any, error) {
	if e.keys[ask.KeyID] != "wrap" {
		return nil, fault("NotFoundException")
	}
	bound, _ := json.Marshal(ask.EncryptionContext)
	nonce := make([]byte, 12) // never used twice: each call makes its own data key
	if operation == "GenerateDataKey" {
		if ask.KeySpec != "AES_256" {
			return nil, fault("ValidationException")
		}
		plain := secret(fmt.Sprint("data key of call ", len(e.calls)))
		sealed := cipherOf(ask.KeyID).Seal([]byte(ask.KeyID+"\x00"), nonce, plain, bound)
		return map[string]any{"KeyId": ask.KeyID, "Plaintext": plain, "CiphertextBlob": sealed}, nil
	}
	name, sealed, found := strings.Cut(string(ask.CiphertextBlob), "\x00")
	if found && name != ask.KeyID && e.keys[name] != "" {
		return nil, fault("IncorrectKeyException")
	}
	plain, err := cipherOf(ask.KeyID).Open(nil, nonce, []byte(sealed), bound)
	if err != nil || name != ask.KeyID {
		return nil, fault("InvalidCiphertextException")
	}
	return map[string]any{"KeyId": ask.KeyID, "Plaintext": plain}, nil
}

// asked counts how often an operation was asked.
func (e *endpoint) asked(operation string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, call := range e.calls {
		if call == operation {
			n++
		}
	}
	return n
}

// failing makes every later call answer with this error type.
func (e *endpoint) failing(kind string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail = func(string) string { return kind }
}

// secret makes the bytes of a key from its name.
func secret(name string) []byte {
	sum := sha256.Sum256([]byte("secret of " + name))
	return sum[:]
}

// cipherOf gives the cipher of a wrapping key.
func cipherOf(name string) cipher.AEAD {
	block, err := aes.NewCipher(secret(name))
	if err != nil {
		return nil
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return aead
}

// down gives a client of an address where nobody listens.
func down(t *testing.T) *kms.Client {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return newClient(server.URL)
}

// errorsOf gives the text of err and of all it wraps, for searching.
func errorsOf(err error) string {
	var text []string
	for ; err != nil; err = errors.Unwrap(err) {
		text = append(text, fmt.Sprintf("%v %#v", err, err))
	}
	return strings.Join(text, "\n")
}
