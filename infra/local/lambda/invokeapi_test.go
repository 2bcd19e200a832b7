package lambda_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"polarweb.nl/inzage/infra/local/lambda"
)

// client is the AWS SDK's own client against a runtime.
func client(t *testing.T, r *lambda.Runtime) *sdk.Client {
	t.Helper()
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return sdk.New(sdk.Options{
		BaseEndpoint: aws.String(server.URL), Region: "eu-central-1", RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
}

func TestSDKInvokesAFunction(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("asked")}})
	c := client(t, r)
	for _, name := range []string{"asked", "arn:aws:lambda:eu-central-1:000000000000:function:asked"} {
		out, err := c.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: &name, Payload: request("echo", "hallo")})
		if err != nil {
			t.Fatal(err)
		}
		var e echoed
		if err := json.Unmarshal(out.Payload, &e); err != nil || e.Value != "hallo" {
			t.Errorf("%s: payload %s, error %v", name, out.Payload, err)
		}
		if out.StatusCode != 200 || out.FunctionError != nil || aws.ToString(out.ExecutedVersion) != "$LATEST" {
			t.Errorf("%s: status %d, error %v, version %v", name, out.StatusCode, out.FunctionError, out.ExecutedVersion)
		}
	}
	out, err := c.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("asked")})
	if err != nil || out.FunctionError != nil {
		t.Errorf("no payload: %+v, error %v; want an empty object to arrive", out, err)
	}
}

func TestSDKSeesAFunctionError(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("refusing")}})
	out, err := client(t, r).Invoke(t.Context(), &sdk.InvokeInput{
		FunctionName: aws.String("refusing"), Payload: request("error", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.StatusCode != 200 || aws.ToString(out.FunctionError) != "Unhandled" {
		t.Errorf("status %d, function error %v; want 200 and Unhandled", out.StatusCode, out.FunctionError)
	}
	if !strings.Contains(string(out.Payload), `"errorMessage":"refused on purpose"`) {
		t.Errorf("payload %s, want the function's message", out.Payload)
	}
}

func TestSDKSeesAnUnknownFunction(t *testing.T) {
	r := start(t, lambda.Config{})
	_, err := client(t, r).Invoke(t.Context(), &sdk.InvokeInput{FunctionName: aws.String("nobody")})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		t.Fatalf("error %v, want a ResourceNotFoundException", err)
	}
	want := "Function not found: arn:aws:lambda:eu-central-1:000000000000:function:nobody"
	if got := aws.ToString(missing.Message); got != want || aws.ToString(missing.Type) != "User" {
		t.Errorf("message %q, type %v; want %q of type User", got, missing.Type, want)
	}
}

func TestDryRunRunsNothing(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("dry")}})
	g := newGate(t)
	out, err := client(t, r).Invoke(t.Context(), &sdk.InvokeInput{
		FunctionName: aws.String("dry"), InvocationType: types.InvocationTypeDryRun, Payload: request("fetch", g.URL),
	})
	if err != nil || out.StatusCode != http.StatusNoContent || r.Busy() != 0 {
		t.Errorf("%+v, error %v, Busy %d; want 204 and nothing running", out, err, r.Busy())
	}
}

func TestInvokeRefusesBadRequests(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("strict")}})
	const path = "/2015-03-31/functions/strict/invocations"
	for name, c := range map[string]struct {
		method, path, kind, body string
		status                   int
		says                     string
	}{
		"not JSON":          {"POST", path, "", "{", 400, "InvalidRequestContentException"},
		"unknown type":      {"POST", path, "Later", "{}", 400, "InvalidParameterValueException"},
		"event over 1 MB":   {"POST", path, "Event", `"` + strings.Repeat("x", 1<<20) + `"`, 413, "RequestTooLargeException"},
		"payload over 6 MB": {"POST", path, "", `"` + strings.Repeat("x", 6291555) + `"`, 413, "RequestTooLargeException"},
		"another method":    {"GET", path, "", "", 405, ""},
		"another operation": {"POST", "/2015-03-31/functions/strict/code", "", "{}", 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			req := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.body))
			req.Header.Set("X-Amz-Invocation-Type", c.kind)
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != c.status || w.Header().Get("X-Amzn-Errortype") != c.says {
				t.Errorf("status %d %q, want %d %q", w.Code, w.Header().Get("X-Amzn-Errortype"), c.status, c.says)
			}
		})
	}
	if got := r.Busy(); got != 0 {
		t.Errorf("Busy() = %d after refusals, want 0", got)
	}
}

func TestClosedRuntimeAnswersAsAServiceThatIsDown(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("gone")}})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"", "Event"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/2015-03-31/functions/gone/invocations", nil)
		req.Header.Set("X-Amz-Invocation-Type", kind)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("type %q: status %d, want 503", kind, w.Code)
		}
	}
}
