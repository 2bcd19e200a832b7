// Package gateway stands in for an Amazon API Gateway HTTP API: it finds the
// route of a request, hands it to a function as a payload of format 2.0 and
// writes the function's answer back.
//
// It follows the documentation, and where that is silent, published captures
// of real events: the path arrives decoded, forms arrive as base64, cookies
// leave the headers. Left out: authorizers, CORS configuration, throttling,
// stages other than $default, access logs and TLS.
//
// The package stores nothing. Use:
//
//	g, err := gateway.New(gateway.Config{
//		Routes: []gateway.Route{{Method: "ANY", Path: "/mijn/{proxy+}", Function: "portal"}},
//		Invoke: invoke,
//	})
//	http.Serve(listener, g)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The limits of an HTTP API and of what it may hand to Lambda.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	maxBody            = 10 << 20
	maxEvent           = 6 << 20 // a synchronous Lambda payload
	integrationTimeout = 30 * time.Second
)

// Invoke runs a function with an event and returns its answer. A function that
// ran and failed has a non-empty functionError; err says that it did not run.
type Invoke func(ctx context.Context, function string, event []byte) (
	answer []byte, functionError string, err error,
)

// Config says what the gateway serves.
type Config struct {
	// Routes are the routes of the template's HttpApi events.
	Routes []Route
	// Invoke runs the functions.
	Invoke Invoke
	// Now is the time that events carry; nil means time.Now. A real gateway
	// has a real clock, so the stack's offset does not belong here.
	Now func() time.Time
	// NewID makes request ids; nil makes them from randomness.
	NewID func() string
	// Timeout bounds an invocation; zero means 30 seconds.
	Timeout time.Duration
}

// Gateway is an http.Handler for one HTTP API.
type Gateway struct {
	config Config
	routes []route
}

// New checks the routes.
func New(c Config) (*Gateway, error) {
	if c.Invoke == nil {
		return nil, errors.New("a gateway needs an Invoke function")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewID == nil {
		c.NewID = rand.Text
	}
	if c.Timeout <= 0 {
		c.Timeout = integrationTimeout
	}
	routes, err := parseRoutes(c.Routes)
	if err != nil {
		return nil, err
	}
	return &Gateway{config: c, routes: routes}, nil
}

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := g.config.NewID()
	w.Header().Set("Apigw-Requestid", id)
	found, parameters, ok := find(g.routes, r.Method, r.URL.Path)
	if !ok {
		say(w, http.StatusNotFound, "Not Found")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		say(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	case err != nil:
		say(w, http.StatusBadRequest, "Bad Request")
		return
	}
	event, err := json.Marshal(request(r, body, found, parameters, id, g.config.Now()))
	switch {
	case err != nil:
		say(w, http.StatusInternalServerError, "Internal Server Error")
	case len(event) > maxEvent:
		say(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	default:
		g.forward(w, r, found.Function, event)
	}
}

// forward invokes the function and writes its answer, or the two errors that a
// caller may see: 503 when there was no answer in time, 500 for the rest.
func (g *Gateway) forward(w http.ResponseWriter, r *http.Request, function string, event []byte) {
	ctx, cancel := context.WithTimeout(r.Context(), g.config.Timeout)
	defer cancel()
	payload, functionError, err := g.config.Invoke(ctx, function, event)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		say(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	if err != nil || functionError != "" {
		say(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	answer, err := parseAnswer(payload)
	if err != nil {
		say(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	answer.write(w)
}

// say writes one of the gateway's own messages.
func say(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"message":%q}`, message)
}
