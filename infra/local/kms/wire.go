package kms

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
)

// refusal is an error as KMS shapes it. The message never repeats the input.
type refusal struct {
	code    string
	message string
}

// Error implements error.
func (r *refusal) Error() string {
	return r.code + ": " + r.message
}

// run decodes the input of an operation, refuses options that are not simulated
// rather than ignoring them, and performs it.
func run[I any, O any](body []byte, operation func(I) (O, error)) (any, error) {
	var unsupported struct {
		DryRun    bool
		Recipient json.RawMessage
	}
	var input I
	if json.Unmarshal(body, &unsupported) != nil || json.Unmarshal(body, &input) != nil {
		return nil, &refusal{code: "SerializationException", message: "the request is not the JSON of this operation"}
	}
	if unsupported.DryRun || unsupported.Recipient != nil {
		return nil, &refusal{code: "UnsupportedOperationException", message: "the local KMS endpoint knows no DryRun and no Recipient"}
	}
	return operation(input)
}

// refuse answers with an error: 400 for what the caller did, 500 for our own.
func refuse(w http.ResponseWriter, err error) {
	var r *refusal
	if !errors.As(err, &r) {
		reply(w, http.StatusInternalServerError, wireError{Type: "KMSInternalException", Message: "the local KMS endpoint failed"})
		return
	}
	reply(w, http.StatusBadRequest, wireError{Type: r.code, Message: r.message})
}

// wireError is the body of an error in AWS JSON 1.1.
type wireError struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// reply writes one JSON answer. A client that went away is no concern of ours.
func reply(w http.ResponseWriter, status int, answer any) {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(answer); err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}
