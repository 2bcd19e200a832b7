package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// answer is what a function wants the client to get.
type answer struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// parseAnswer reads a function's answer. JSON without a statusCode is the body
// itself: HTTP APIs infer status 200 and a JSON content type for it. Anything
// that is not JSON, and a statusCode that HTTP does not have, is an error.
func parseAnswer(payload []byte) (answer, error) {
	var probe struct {
		StatusCode *json.RawMessage `json:"statusCode"`
	}
	if !json.Valid(payload) {
		return answer{}, errors.New("the function's answer is not JSON")
	}
	// Every JSON value but an object fails here, and has no statusCode.
	if err := json.Unmarshal(payload, &probe); err != nil || probe.StatusCode == nil {
		return infer(payload), nil
	}
	var r events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(payload, &r); err != nil {
		return answer{}, fmt.Errorf("reading the function's answer: %w", err)
	}
	if r.StatusCode < 200 || r.StatusCode > 599 {
		return answer{}, fmt.Errorf("the function's answer has status %d", r.StatusCode)
	}
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(r.Body)
		if err != nil {
			return answer{}, fmt.Errorf("decoding the body of the function's answer: %w", err)
		}
		body = decoded
	}
	return answer{status: r.StatusCode, headers: r.Headers, cookies: r.Cookies, body: body}, nil
}

// infer makes an answer of a bare value: a string stands for its text, any
// other value for its JSON.
func infer(payload []byte) answer {
	body := bytes.TrimSpace(payload)
	var text string
	if body[0] == '"' && json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	return answer{
		status: http.StatusOK, body: body, headers: map[string]string{"content-type": "application/json"},
	}
}

// write sends the answer. Format 2.0 has one value per header and a list of
// cookies; a multiValueHeaders field is ignored, as it is on AWS, so that a
// function that relies on it fails here first.
func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	for _, name := range slices.Sorted(maps.Keys(a.headers)) {
		if !connectionHeader(name) {
			header.Set(name, a.headers[name])
		}
	}
	for _, cookie := range a.cookies {
		header.Add("Set-Cookie", cookie)
	}
	if header.Get("Content-Type") == "" && len(a.body) > 0 {
		header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may be gone, which is its affair
}

// connectionHeader tells whether a header belongs to the connection between
// client and gateway, which is the gateway's alone to describe.
func connectionHeader(name string) bool {
	switch strings.ToLower(name) {
	case "connection", "content-length", "keep-alive", "transfer-encoding", "upgrade":
		return true
	}
	return false
}
