package lambda

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxPayload is the limit of a synchronous request and of a response: 6 MB and
// a small allowance, as AWS's own error message states it.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxPayload = 6291556

// runtimeAPI is the side of Lambda that a function's process talks to.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
//
// All processes of a function share one listener. Each is told an address that
// ends in its own number, so that the listener knows who asks; runtimes put the
// path of the API behind whatever address they are given.
func (f *function) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	const base = "/{process}/2018-06-01/runtime/"
	mux.HandleFunc("GET "+base+"invocation/next", f.bySandbox(f.serveNext))
	mux.HandleFunc("POST "+base+"invocation/{id}/response", f.bySandbox(f.serveResponse))
	mux.HandleFunc("POST "+base+"invocation/{id}/error", f.bySandbox(f.serveError))
	mux.HandleFunc("POST "+base+"init/error", f.bySandbox(f.serveInitError))
	return mux
}

// bySandbox finds the process that a request of the Runtime API comes from.
func (f *function) bySandbox(
	serve func(*sandbox, http.ResponseWriter, *http.Request),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		box := f.sandbox(r.PathValue("process"))
		if box == nil {
			refuse(w, http.StatusForbidden, "InvalidStateTransition", "no such process")
			return
		}
		serve(box, w, r)
	}
}

// serveNext holds the process until there is a request for it. The deadline
// counts from here, so a cold start takes nothing from it.
func (f *function) serveNext(box *sandbox, w http.ResponseWriter, r *http.Request) {
	select {
	case call := <-box.work:
		box.begin(call)
		deadline := time.Now().Add(f.Timeout).UnixMilli()
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", call.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline, 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", f.arn)
		_, _ = w.Write(call.payload) // a dead reader shows as the end of its process
	case <-r.Context().Done():
	case <-f.closing:
	}
}

// serveResponse takes the answer of a function that did not fail before it
// began to answer.
func (f *function) serveResponse(box *sandbox, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		message := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload)
		box.settle(r.PathValue("id"), failed("Function.ResponseSizeTooLarge", "", message))
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", message)
	case err != nil:
		refuse(w, http.StatusBadRequest, "InvalidRequest", "the body could not be read")
	default:
		accept(w, box.settle(r.PathValue("id"), streamed(body, r.Trailer)))
	}
}

// streamed looks at the trailers, in which a response that failed halfway says
// so. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func streamed(body []byte, trailer http.Header) Result {
	kind := trailer.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		return Result{Payload: body}
	}
	payload, err := base64.StdEncoding.DecodeString(trailer.Get("Lambda-Runtime-Function-Error-Body"))
	if err != nil || len(payload) == 0 {
		return failed(kind, "", "the response ended in an error")
	}
	return Result{Payload: payload, FunctionError: unhandled}
}

// serveError takes the error of a function.
func (f *function) serveError(box *sandbox, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "the body could not be read")
		return
	}
	accept(w, box.settle(r.PathValue("id"), Result{Payload: body, FunctionError: unhandled}))
}

// serveInitError keeps the error of a process that cannot start; it exits next.
func (f *function) serveInitError(box *sandbox, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "the body could not be read")
		return
	}
	box.mu.Lock()
	box.initError = body
	box.mu.Unlock()
	accept(w, true)
}

// accept confirms an answer, or says that nobody waits for it.
func accept(w http.ResponseWriter, known bool) {
	if !known {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

// refuse answers a process in the error shape of the Runtime API.
func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(failure{Type: kind, Message: message})
}
