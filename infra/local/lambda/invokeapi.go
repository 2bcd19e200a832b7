package lambda

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// maxEvent is the limit of an asynchronous request, 1 MB.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const maxEvent = 1 << 20

// routes is the Invoke operation of the Lambda API, the only one that the
// functions call.
func (r *Runtime) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", r.serveInvoke)
	return mux
}

// serveInvoke reads and checks a request and turns to its invocation type.
func (r *Runtime) serveInvoke(w http.ResponseWriter, req *http.Request) {
	name := req.PathValue("name")
	f, err := r.find(name)
	if err != nil {
		r.notFound(w, name)
		return
	}
	kind := req.Header.Get("X-Amz-Invocation-Type")
	payload, ok := readPayload(w, req, kind)
	if !ok {
		return
	}
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	switch kind {
	case "", "RequestResponse":
		r.serveSync(w, req, f, payload)
	case "Event":
		if err := r.InvokeAsync(name, payload); err != nil {
			decline(w, http.StatusServiceUnavailable, "ServiceException", err.Error())
			return
		}
		w.WriteHeader(http.StatusAccepted)
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	default:
		decline(w, http.StatusBadRequest, "InvalidParameterValueException", "unknown invocation type")
	}
}

// serveSync runs the function and writes its answer. The status is 200 when the
// function failed, too: only the header tells.
func (r *Runtime) serveSync(w http.ResponseWriter, req *http.Request, f *function, payload []byte) {
	result, err := r.Invoke(req.Context(), f.Name, payload)
	if err != nil {
		decline(w, http.StatusServiceUnavailable, "ServiceException", err.Error())
		return
	}
	if result.FunctionError != "" {
		w.Header().Set("X-Amz-Function-Error", result.FunctionError)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(result.Payload) // the caller may be gone, which is its affair
}

// readPayload reads a JSON payload within the limit of its invocation type. No
// payload at all reaches the function as an empty object.
func readPayload(w http.ResponseWriter, req *http.Request, kind string) ([]byte, bool) {
	limit := int64(maxPayload)
	if kind == "Event" {
		limit = maxEvent
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, req.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		decline(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", "the payload is too large")
	case err != nil:
		decline(w, http.StatusBadRequest, "InvalidRequestContentException", "the payload could not be read")
	case len(payload) == 0:
		return []byte("{}"), true
	case !json.Valid(payload):
		decline(w, http.StatusBadRequest, "InvalidRequestContentException", "the payload is not JSON")
	default:
		return payload, true
	}
	return nil, false
}

// notFound answers for a function that does not exist, in the shape that the
// SDK turns into a ResourceNotFoundException.
func (r *Runtime) notFound(w http.ResponseWriter, name string) {
	arn := "arn:aws:lambda:" + r.config.Region + ":" + r.config.AccountID + ":function:" + plainName(name)
	decline(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+arn)
}

// decline answers a caller in the error shape of the Lambda API.
func decline(w http.ResponseWriter, status int, kind, message string) {
	blame := "User"
	if status >= http.StatusInternalServerError {
		blame = "Service"
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct{ Type, Message string }{blame, message})
}
