// Command bootstrap is a Lambda function that misbehaves on request, for the
// tests of the local Lambda runtime. It is built by them and never deployed.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// request says what the function is to do.
type request struct {
	Mode  string `json:"mode"`
	Value string `json:"value"`
	Size  int    `json:"size"`
}

// answer tells what the function saw.
type answer struct {
	Value       string   `json:"value"`
	RequestID   string   `json:"requestId"`
	ARN         string   `json:"arn"`
	Pid         int      `json:"pid"`
	Dir         string   `json:"dir"`
	DeadlineMs  int64    `json:"deadlineMs"`
	Environment []string `json:"environment"`
}

func main() {
	switch os.Getenv("START") {
	case "exit":
		os.Exit(4)
	case "report":
		_, _ = post("init/error", `{"errorType":"Extension.Missing","errorMessage":"no settings"}`)
		os.Exit(1)
	case "silent":
		time.Sleep(time.Hour) // killed long before
	}
	lambda.Start(handle)
}

// handle plays the mode.
func handle(ctx context.Context, r request) (any, error) {
	switch r.Mode {
	case "error":
		return nil, errors.New("refused on purpose")
	case "panic":
		panic("panicked on purpose")
	case "exit":
		os.Exit(3)
	case "leave":
		os.Exit(0)
	case "hang":
		time.Sleep(time.Hour) // killed at the function's time limit
	case "large":
		return strings.Repeat("x", r.Size), nil
	case "fetch":
		if err := fetch(ctx, r.Value); err != nil {
			return nil, err
		}
	case "impostor":
		return post("invocation/somebody-elses/response", "{}")
	case "print":
		fmt.Println(r.Value)
	case "half":
		return &halfway{}, nil
	}
	return echo(ctx, r), nil
}

// echo tells what the function sees.
func echo(ctx context.Context, r request) answer {
	a := answer{Value: r.Value, Pid: os.Getpid(), Environment: os.Environ()}
	a.Dir, _ = os.Getwd()
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		a.RequestID, a.ARN = lc.AwsRequestID, lc.InvokedFunctionArn
	}
	if deadline, ok := ctx.Deadline(); ok {
		a.DeadlineMs = deadline.UnixMilli()
	}
	return a
}

// fetch asks the test's own server and fails when the server does.
func fetch(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

// post speaks to the Runtime API behind the library's back.
func post(path, body string) (int, error) {
	url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/" + path
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// halfway is a streamed response that fails after its first byte.
type halfway struct{ begun bool }

// Read gives one byte, then an error.
func (h *halfway) Read(p []byte) (int, error) {
	if h.begun {
		return 0, errors.New("the source ran dry")
	}
	h.begun = true
	return copy(p, "x"), nil
}

// MarshalJSON refuses, because the library streams only what is not JSON.
func (h *halfway) MarshalJSON() ([]byte, error) { return nil, errors.New("streamed") }
