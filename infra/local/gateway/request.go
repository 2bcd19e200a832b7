package gateway

import (
	"encoding/base64"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// What the request context says about an API that has no account and no id.
const (
	accountID = "000000000000"
	apiID     = "local"
	stage     = "$default"
)

// request is the event for one HTTP request.
//
// The path is decoded and ends at a decoded question mark, as HTTP APIs have
// it (Function URLs do not); the query stays as the client wrote it.
func request(
	r *http.Request, body []byte, found route, parameters map[string]string, id string, now time.Time,
) events.APIGatewayV2HTTPRequest {
	path, _, _ := strings.Cut(r.URL.Path, "?")
	text, encoded := encodeBody(r.Header, body)
	return events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              found.key,
		RawPath:               path,
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r.Header),
		Headers:               headers(r),
		QueryStringParameters: query(r.URL.RawQuery),
		PathParameters:        parameters,
		Body:                  text,
		IsBase64Encoded:       encoded,
		RequestContext:        requestContext(r, found.key, path, id, now),
	}
}

// requestContext is what the gateway itself knows about a request.
func requestContext(
	r *http.Request, routeKey, path, id string, now time.Time,
) events.APIGatewayV2HTTPRequestContext {
	domain := withoutPort(r.Host)
	prefix, _, _ := strings.Cut(domain, ".")
	return events.APIGatewayV2HTTPRequestContext{
		RouteKey: routeKey, AccountID: accountID, APIID: apiID, Stage: stage, RequestID: id,
		DomainName: domain, DomainPrefix: prefix,
		Time:      now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
		TimeEpoch: now.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: r.Method, Path: path, Protocol: r.Proto,
			SourceIP: withoutPort(r.RemoteAddr), UserAgent: r.UserAgent(),
		},
	}
}

// headers lists the headers with lower-case names; the values of a repeated one
// are joined by commas. Cookies have a field of their own. The forwarding
// headers are those that the gateway adds.
func headers(r *http.Request) map[string]string {
	all := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		all[strings.ToLower(name)] = strings.Join(values, ",")
	}
	delete(all, "cookie")
	if r.ContentLength >= 0 && r.Header.Get("Content-Length") == "" && r.Body != http.NoBody {
		all["content-length"] = strconv.FormatInt(r.ContentLength, 10)
	}
	source := withoutPort(r.RemoteAddr)
	if before := all["x-forwarded-for"]; before != "" {
		source = before + ", " + source
	}
	all["x-forwarded-for"] = source
	all["x-forwarded-proto"] = "http"
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		all["x-forwarded-port"] = port
	}
	return all
}

// cookies takes the cookies of all Cookie headers apart.
func cookies(h http.Header) []string {
	var all []string
	for _, line := range h.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				all = append(all, cookie)
			}
		}
	}
	return all
}

// query is the decoded query; the values of a repeated name are joined by
// commas, in the order in which they were sent.
func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw) // what cannot be read is left out
	if len(values) == 0 {
		return nil
	}
	joined := make(map[string]string, len(values))
	for name, all := range values {
		joined[name] = strings.Join(all, ",")
	}
	return joined
}

// encodeBody gives a body as text or as base64. Only these types are text to an
// HTTP API; forms and bodies without a type are not.
func encodeBody(h http.Header, body []byte) (text string, encoded bool) {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	isText := strings.HasPrefix(kind, "text/") ||
		slices.Contains([]string{"application/json", "application/xml", "application/javascript"}, kind)
	if len(body) == 0 || isText && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

// withoutPort is the host of host:port, or the whole when there is no port.
func withoutPort(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
