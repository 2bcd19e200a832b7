// Package kms is the local stand-in for AWS KMS: an http.Handler that speaks
// the JSON 1.1 protocol of `TrentService` to the real SDK client.
//
// It knows the six operations Inzage uses (GenerateMac, VerifyMac,
// GenerateDataKey, Decrypt, Sign, GetPublicKey) and answers anything else with
// UnknownOperationException. It stores one thing, 32 random bytes in
// `kms-root.key` in the state folder; the material of every key is derived from
// it, so a restart keeps every link and every sealed field valid, and deleting
// the file makes them all worthless.
//
// Use: New with the keys the template declares, then serve it on 127.0.0.1 and
// point AWS_ENDPOINT_URL_KMS at it. It does not check request signatures and
// keeps its root key in a plain file, so New refuses to work inside Lambda.
package kms

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	// contentType is that of requests and answers (AWS JSON 1.1).
	contentType = "application/x-amz-json-1.1"
	// targetPrefix begins every X-Amz-Target of KMS.
	targetPrefix = "TrentService."
	// maxRequest bounds a body: the longest field is 4,096 bytes of message or
	// 6,144 of ciphertext (KMS API reference), beside an encryption context.
	maxRequest = 256 << 10
)

// Options say which keys exist and where the root key lies.
type Options struct {
	// StateDir holds the root key file; it is made when absent.
	StateDir string
	Region   string
	Account  string
	Keys     []Key
	// Lookup reads the environment, as os.LookupEnv does.
	Lookup func(name string) (string, bool)
}

// Endpoint answers KMS requests. It is safe for concurrent use.
type Endpoint struct {
	ring *ring
}

// New reads, or makes, the root key and derives the keys.
func New(options Options) (*Endpoint, error) {
	if err := refuseInsideLambda(options.Lookup); err != nil {
		return nil, err
	}
	root, err := rootKey(options.StateDir)
	if err != nil {
		return nil, fmt.Errorf("starting the local KMS endpoint: %w", err)
	}
	ring, err := newRing(options, root)
	if err != nil {
		return nil, fmt.Errorf("starting the local KMS endpoint: %w", err)
	}
	return &Endpoint{ring: ring}, nil
}

// refuseInsideLambda keeps a wrong deployment from sealing real requests with a
// key that lies in a file. The variables are those Lambda reserves
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
func refuseInsideLambda(lookup func(string) (string, bool)) error {
	if lookup == nil {
		return errors.New("the local KMS endpoint needs Lookup, to be sure that it is not inside Lambda")
	}
	for _, name := range []string{"AWS_LAMBDA_RUNTIME_API", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME"} {
		if _, set := lookup(name); set {
			return fmt.Errorf("the local KMS endpoint refuses to start inside Lambda: %s is set", name)
		}
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, named := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if !named || r.Method != http.MethodPost {
		refuse(w, &refusal{code: "UnknownOperationException", message: "send a POST with X-Amz-Target: TrentService.<operation>"})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(w, &refusal{code: "SerializationException", message: "the request could not be read"})
		return
	}
	// AWS JSON 1.1 has one path; the target names the operation.
	answer, err := e.perform(operation, body)
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, answer)
}

// perform runs one operation on its JSON input.
func (e *Endpoint) perform(operation string, body []byte) (any, error) {
	switch operation {
	case "GenerateMac":
		return run(body, e.ring.generateMac)
	case "VerifyMac":
		return run(body, e.ring.verifyMac)
	case "GenerateDataKey":
		return run(body, e.ring.generateDataKey)
	case "Decrypt":
		return run(body, e.ring.decrypt)
	case "Sign":
		return run(body, e.ring.sign)
	case "GetPublicKey":
		return run(body, e.ring.getPublicKey)
	}
	return nil, &refusal{code: "UnknownOperationException", message: "the local KMS endpoint does not know this operation"}
}
