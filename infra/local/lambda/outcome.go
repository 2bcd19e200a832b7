package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// unhandled is the X-Amz-Function-Error value of every failed function with a
// custom runtime.
const unhandled = "Unhandled"

// Result is what became of an invocation that reached its function.
type Result struct {
	// Payload is the function's answer, or the error as JSON with errorType and
	// errorMessage.
	Payload []byte
	// FunctionError is empty when the function succeeded, otherwise Unhandled.
	FunctionError string
}

// failure is the JSON of a failed invocation, the part that we read and write.
type failure struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// failed shapes an error of the platform as AWS does.
func failed(kind, id, message string) Result {
	if id != "" {
		message = "RequestId: " + id + " Error: " + message
	}
	// Two strings always marshal.
	payload, _ := json.Marshal(failure{Type: kind, Message: message})
	return Result{Payload: payload, FunctionError: unhandled}
}

// timedOut is the result of a call that used up its function's time.
func timedOut(id string, limit time.Duration) Result {
	return failed("Sandbox.Timedout", id, fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds()))
}

// exited is the result of a call whose process ended without an answer.
func exited(id string, cause error) Result {
	message := "Runtime exited without providing a reason"
	var exit *exec.ExitError
	if errors.As(cause, &exit) {
		message = "Runtime exited with error: " + exit.String()
	}
	return failed("Runtime.ExitError", id, message)
}

// errorType reads the kind of error out of a failed result. Messages stay out
// of errors and logs of the stack, for a function may quote a mail in one.
func (r Result) errorType() string {
	var f failure
	if err := json.Unmarshal(r.Payload, &f); err != nil || f.Type == "" {
		return "unknown"
	}
	return f.Type
}
