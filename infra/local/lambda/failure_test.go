package lambda_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/lambda"
)

// failedCall runs a function that must fail and returns its error.
func failedCall(t *testing.T, r *lambda.Runtime, name string, payload []byte) (kind, message string) {
	t.Helper()
	result, err := r.Invoke(t.Context(), name, payload)
	if err != nil {
		t.Fatalf("Invoke: %v", err)
	}
	if result.FunctionError != "Unhandled" {
		t.Errorf("FunctionError %q, want Unhandled", result.FunctionError)
	}
	var f struct{ ErrorType, ErrorMessage string }
	if err := json.Unmarshal(result.Payload, &f); err != nil {
		t.Fatalf("payload %q: %v", result.Payload, err)
	}
	return f.ErrorType, f.ErrorMessage
}

func TestFailuresHaveTheShapesOfAWS(t *testing.T) {
	quick := declare("quick")
	quick.Timeout = 100 * time.Millisecond
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("slow"), quick}})
	for _, c := range []struct{ function, mode, kind, message string }{
		{"slow", "error", "errorString", "refused on purpose"},
		{"slow", "panic", "string", "panicked on purpose"},
		{"slow", "half", "errorString", "the source ran dry"},
		{"slow", "exit", "Runtime.ExitError", "Error: Runtime exited with error: exit status 3"},
		{"slow", "leave", "Runtime.ExitError", "Error: Runtime exited without providing a reason"},
		{"quick", "hang", "Sandbox.Timedout", "Error: Task timed out after 0.10 seconds"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			kind, message := failedCall(t, r, c.function, request(c.mode, ""))
			if kind != c.kind || !strings.HasSuffix(message, c.message) {
				t.Errorf("%s: %s; want %s: …%s", kind, message, c.kind, c.message)
			}
			if own := strings.Contains(c.kind, "."); own != strings.HasPrefix(message, "RequestId: ") {
				t.Errorf("message %q: a request id is for the platform's own errors", message)
			}
		})
	}
}

func TestDyingProcessNeverBlocksTheNextInvocation(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("phoenix")}})
	for _, mode := range []string{"panic", "exit", "panic", "leave", "panic", "panic"} {
		failedCall(t, r, "phoenix", request(mode, ""))
		if got := invoke(t, r, "phoenix", "echo", mode).Value; got != mode {
			t.Fatalf("after %s: answer %q", mode, got)
		}
	}
}

func TestProcessThatOutranItsTimeIsReplaced(t *testing.T) {
	f := declare("late")
	f.Timeout = 500 * time.Millisecond
	dir := t.TempDir()
	r := start(t, lambda.Config{LogDir: dir, Functions: []lambda.Function{f}})
	first := invoke(t, r, "late", "echo", "")
	if kind, _ := failedCall(t, r, "late", request("hang", "")); kind != "Sandbox.Timedout" {
		t.Errorf("error type %s, want Sandbox.Timedout", kind)
	}
	mustBeGone(t, first.Pid)
	invoke(t, r, "late", "echo", "")
	log, err := os.ReadFile(filepath.Join(dir, "late.log"))
	if err != nil || !strings.Contains(string(log), "Task timed out after 0.50 seconds") {
		t.Errorf("log %q, error %v; want a line about the time limit", log, err)
	}
}

func TestProcessThatCannotStartFailsItsInvocation(t *testing.T) {
	starting := func(how string) lambda.Function {
		f := declare(how)
		f.Environment = map[string]string{"START": how}
		return f
	}
	r := start(t, lambda.Config{
		InitTimeout: 2 * time.Second,
		Functions:   []lambda.Function{starting("exit"), starting("report"), starting("silent")},
	})
	for _, c := range []struct{ function, kind, message string }{
		{"exit", "Runtime.ExitError", "Runtime exited with error: exit status 4"},
		{"report", "Extension.Missing", "no settings"},
		{"silent", "Sandbox.Timedout", "Task timed out after 2.00 seconds"},
	} {
		kind, message := failedCall(t, r, c.function, []byte("{}"))
		if kind != c.kind || !strings.HasSuffix(message, c.message) {
			t.Errorf("%s: %s: %s; want %s: …%s", c.function, kind, message, c.kind, c.message)
		}
	}
}

func TestProgramThatIsNoProgramFailsItsInvocation(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bootstrap"), []byte("not a program"), 0o700); err != nil {
		t.Fatal(err)
	}
	r := start(t, lambda.Config{Functions: []lambda.Function{{Name: "text", Dir: dir}}})
	for range 2 { // the slot is free again after the first failure
		if kind, _ := failedCall(t, r, "text", []byte("{}")); kind != "Runtime.InvalidEntrypoint" {
			t.Errorf("error type %s, want Runtime.InvalidEntrypoint", kind)
		}
	}
}

func TestResponseOverTheLimitIsRefused(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("large")}})
	const limit = 6291556
	result, err := r.Invoke(t.Context(), "large", []byte(`{"mode":"large","size":6291554}`)) // and two quotes
	if err != nil || result.FunctionError != "" || len(result.Payload) != limit {
		t.Errorf("a response of the limit: %d bytes, %q, error %v", len(result.Payload), result.FunctionError, err)
	}
	kind, _ := failedCall(t, r, "large", []byte(`{"mode":"large","size":6291555}`))
	if kind != "Function.ResponseSizeTooLarge" {
		t.Errorf("error type %s, want Function.ResponseSizeTooLarge", kind)
	}
	invoke(t, r, "large", "echo", "")
}

func TestAnswerToAnotherRequestIsRefused(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("impostor")}})
	result, err := r.Invoke(t.Context(), "impostor", request("impostor", ""))
	if err != nil || string(result.Payload) != "400" {
		t.Errorf("status %s, error %v; want %d", result.Payload, err, http.StatusBadRequest)
	}
}
