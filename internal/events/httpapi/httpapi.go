// Package httpapi lets a plain http.Handler answer an API Gateway HTTP API
// (payload format 2.0). It stores nothing.
//
// The request is rebuilt from the event, so that pages are written and tested
// as ordinary handlers and know nothing of Lambda.
package httpapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Adapt gives the Lambda handler that serves pages.
func Adapt(pages http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		request, err := newRequest(ctx, event)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		page := &page{header: http.Header{}, status: http.StatusOK}
		pages.ServeHTTP(page, request)
		return page.response(), nil
	}
}

// newRequest rebuilds the visitor's request. Errors never hold its path or
// query: the query carries the link's token.
func newRequest(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(event.Body)
		if err != nil {
			return nil, fmt.Errorf("reading the body of a request: %w", err)
		}
		body = decoded
	}
	method := event.RequestContext.HTTP.Method
	request, err := http.NewRequestWithContext(ctx, method, "/", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("rebuilding a request to route %s", event.RouteKey)
	}
	// The path is set and not parsed: "//name/x" is a path here and no host.
	request.URL = &url.URL{Path: event.RawPath, RawQuery: event.RawQueryString}
	for name, value := range event.Headers {
		request.Header.Set(name, value)
	}
	if len(event.Cookies) > 0 {
		request.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	request.Host = event.RequestContext.DomainName
	request.RemoteAddr = event.RequestContext.HTTP.SourceIP
	request.RequestURI = request.URL.RequestURI()
	return request, nil
}

// page keeps what a handler writes, until the gateway's answer is made of it.
type page struct {
	header  http.Header
	status  int
	written bool
	body    bytes.Buffer
}

// Header implements http.ResponseWriter.
func (p *page) Header() http.Header { return p.header }

// WriteHeader implements http.ResponseWriter; only the first status counts.
func (p *page) WriteHeader(status int) {
	if !p.written {
		p.status, p.written = status, true
	}
}

// Write implements http.ResponseWriter.
func (p *page) Write(content []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return p.body.Write(content)
}

// response gives the page in the gateway's form. Set-Cookie goes by its own
// field there; other repeated headers are joined (RFC 9110 section 5.3).
func (p *page) response() events.APIGatewayV2HTTPResponse {
	response := events.APIGatewayV2HTTPResponse{
		StatusCode:      p.status,
		Headers:         map[string]string{},
		Body:            base64.StdEncoding.EncodeToString(p.body.Bytes()),
		IsBase64Encoded: true,
		Cookies:         p.header.Values("Set-Cookie"),
	}
	for name, values := range p.header {
		if name != "Set-Cookie" {
			response.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	return response
}
