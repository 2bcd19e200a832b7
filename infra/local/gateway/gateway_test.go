package gateway_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/gateway"
)

// at is the time of every event.
var at = time.Date(2026, time.March, 5, 9, 0, 0, 123e6, time.FixedZone("CET", 3600))

// fake is a function that keeps its last event and gives a fixed answer.
type fake struct {
	function      string
	event         []byte
	answer        string
	functionError string
	err           error
}

// invoke is the fake as a gateway.Invoke.
func (f *fake) invoke(_ context.Context, function string, event []byte) ([]byte, string, error) {
	f.function, f.event = function, event
	return []byte(f.answer), f.functionError, f.err
}

// newGateway is a gateway with one route for all, or with the given ones.
func newGateway(t *testing.T, f *fake, routes ...gateway.Route) *gateway.Gateway {
	t.Helper()
	if len(routes) == 0 {
		routes = []gateway.Route{{Function: "all"}}
	}
	g, err := gateway.New(gateway.Config{
		Routes: routes, Invoke: f.invoke,
		Now: func() time.Time { return at }, NewID: func() string { return "id-1" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// send gives a request to a gateway and returns the event that the function got.
func send(t *testing.T, g *gateway.Gateway, f *fake, r *http.Request) events.APIGatewayV2HTTPRequest {
	t.Helper()
	f.event = nil
	g.ServeHTTP(httptest.NewRecorder(), r)
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(f.event, &event); err != nil {
		t.Fatalf("event %q: %v", f.event, err)
	}
	return event
}

// newRequest is a request that comes in at 127.0.0.1:8080.
func newRequest(t *testing.T, method, target, body string) *http.Request {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, content)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	return r
}

func TestEventIsAPayloadOfFormatTwo(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f, gateway.Route{Method: "post", Path: "/mijn/{page}/{rest+}", Function: "portal"})
	r := newRequest(t, "POST", "/mijn/zaak/a%20b/c?t=l1.k.x%2By&x=1&x=2&leeg", `{"a":"é"}`)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "test/1")
	r.Header.Add("X-Twice", "one")
	r.Header.Add("X-Twice", "two")
	r.Header.Add("Cookie", "a=1; b=2")
	r.Header.Add("Cookie", "c=3")
	r.Header.Set("X-Forwarded-For", "192.0.2.1")
	got := send(t, g, f, r)
	want := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /mijn/{page}/{rest+}",
		RawPath: "/mijn/zaak/a b/c", RawQueryString: "t=l1.k.x%2By&x=1&x=2&leeg",
		Cookies: []string{"a=1", "b=2", "c=3"},
		Headers: map[string]string{
			"content-type": "application/json; charset=utf-8", "content-length": "10", "user-agent": "test/1",
			"x-twice": "one,two", "host": "127.0.0.1:8080",
			"x-forwarded-for": "192.0.2.1, 127.0.0.1", "x-forwarded-proto": "http", "x-forwarded-port": "8080",
		},
		QueryStringParameters: map[string]string{"t": "l1.k.x+y", "x": "1,2", "leeg": ""},
		PathParameters:        map[string]string{"page": "zaak", "rest": "a b/c"},
		Body:                  `{"a":"é"}`,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "POST /mijn/{page}/{rest+}", AccountID: "000000000000", APIID: "local",
			Stage: "$default", RequestID: "id-1", DomainName: "127.0.0.1", DomainPrefix: "127",
			Time: "05/Mar/2026:08:00:00 +0000", TimeEpoch: at.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: "/mijn/zaak/a b/c", Protocol: "HTTP/1.1",
				SourceIP: "127.0.0.1", UserAgent: "test/1",
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if f.function != "portal" {
		t.Errorf("function %q, want portal", f.function)
	}
}

func TestAbsentPartsStayOutOfTheEvent(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f)
	send(t, g, f, newRequest(t, "GET", "/", ""))
	for _, field := range []string{"cookies", "queryStringParameters", "pathParameters", "body", "content-length"} {
		if strings.Contains(string(f.event), `"`+field+`"`) {
			t.Errorf("the event of a bare GET has a field %s: %s", field, f.event)
		}
	}
}

func TestOnlyTextArrivesAsText(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f)
	for _, c := range []struct {
		kind, body string
		text       bool
	}{
		{"text/plain", "hallo", true},
		{"text/csv; charset=utf-8", "a;b", true},
		{"application/json", "{}", true},
		{"application/xml", "<a/>", true},
		{"application/javascript", "1", true},
		{"application/x-www-form-urlencoded", "a=1", false},
		{"multipart/form-data; boundary=x", "--x--", false},
		{"application/octet-stream", "\x00\x01", false},
		{"application/problem+json", "{}", false},
		{"", "hallo", false},
		{"text/plain", "caf\xe9", false}, // JSON would damage it
	} {
		r := newRequest(t, "POST", "/", c.body)
		r.Header.Set("Content-Type", c.kind)
		event := send(t, g, f, r)
		want := c.body
		if !c.text {
			want = base64.StdEncoding.EncodeToString([]byte(c.body))
		}
		if event.IsBase64Encoded == c.text || event.Body != want {
			t.Errorf("%q %q: base64 %v, body %q", c.kind, c.body, event.IsBase64Encoded, event.Body)
		}
	}
}

func TestPathEndsAtADecodedQuestionMark(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f)
	if event := send(t, g, f, newRequest(t, "GET", "/a%3Fb?c=1", "")); event.RawPath != "/a" || event.RawQueryString != "c=1" {
		t.Errorf("path %q, query %q; want /a and c=1", event.RawPath, event.RawQueryString)
	}
}

func TestBodyOverTheLimitIsRefused(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f)
	const text, form = "text/plain", "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		kind         string
		size, status int
	}{
		"what Lambda takes":          {text, 5 << 20, 200},
		"what only the gateway took": {text, 7 << 20, 413},
		"over the gateway's limit":   {text, 10<<20 + 1, 413},
		"the largest form of ours":   {form, 4 << 20, 200}, // it grows by a third, to base64
		"a form that grew too large": {form, 5 << 20, 413},
	} {
		r := newRequest(t, "POST", "/", strings.Repeat("x", c.size))
		r.Header.Set("Content-Type", c.kind)
		w := httptest.NewRecorder()
		f.event = nil
		g.ServeHTTP(w, r)
		if w.Code != c.status || (f.event != nil) != (c.status == 200) {
			t.Errorf("%s: status %d, invoked %v; want %d", name, w.Code, f.event != nil, c.status)
		}
	}
}

func TestBodyThatBreaksOffIsABadRequest(t *testing.T) {
	f := &fake{answer: "{}"}
	r := newRequest(t, "POST", "/", "")
	r.Body = io.NopCloser(&brokenReader{})
	w := httptest.NewRecorder()
	newGateway(t, f).ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || f.event != nil {
		t.Errorf("status %d, event %q; want 400 and none", w.Code, f.event)
	}
}

// brokenReader is a body whose connection breaks.
type brokenReader struct{}

// Read fails.
func (*brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestFunctionFailuresStayInside(t *testing.T) {
	for name, f := range map[string]*fake{
		"function error":    {functionError: "Unhandled", answer: `{"errorMessage":"secret"}`},
		"no such function":  {err: errors.New("secret")},
		"no JSON":           {answer: "secret"},
		"nothing":           {answer: ""},
		"status 99":         {answer: `{"statusCode":99,"body":"secret"}`},
		"status 600":        {answer: `{"statusCode":600}`},
		"status of letters": {answer: `{"statusCode":"secret"}`},
		"headers in a list": {answer: `{"statusCode":200,"headers":["secret"]}`},
		"broken base64":     {answer: `{"statusCode":200,"isBase64Encoded":true,"body":"secret!"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			newGateway(t, f).ServeHTTP(w, newRequest(t, "GET", "/", ""))
			if w.Code != 500 || w.Body.String() != `{"message":"Internal Server Error"}` {
				t.Errorf("status %d, body %q; want the one message for 500", w.Code, w.Body)
			}
		})
	}
}

func TestFunctionThatTakesTooLongIsServiceUnavailable(t *testing.T) {
	g, err := gateway.New(gateway.Config{
		Routes: []gateway.Route{{Function: "slow"}}, Timeout: time.Millisecond,
		Invoke: func(ctx context.Context, _ string, _ []byte) ([]byte, string, error) {
			<-ctx.Done()
			return nil, "", ctx.Err()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, newRequest(t, "GET", "/", ""))
	if w.Code != 503 || w.Body.String() != `{"message":"Service Unavailable"}` {
		t.Errorf("status %d, body %q; want 503", w.Code, w.Body)
	}
}

func TestAnswersAreWrittenAsTheFunctionGaveThem(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		status int
		header http.Header
		body   string
	}{
		"format 2.0": {
			`{"statusCode":201,"headers":{"content-type":"text/html","x-a":"1,2"},"cookies":["a=1; Path=/","b=2"],"body":"<p>"}`,
			201,
			http.Header{"Content-Type": {"text/html"}, "X-A": {"1,2"}, "Set-Cookie": {"a=1; Path=/", "b=2"}},
			"<p>",
		},
		"base64": {
			`{"statusCode":200,"headers":{"Content-Type":"image/png"},"isBase64Encoded":true,"body":"iVBORw=="}`,
			200,
			http.Header{"Content-Type": {"image/png"}},
			"\x89PNG",
		},
		"no content type": {
			`{"statusCode":200,"body":"<script>"}`, 200, http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}, "<script>",
		},
		"redirect without a body": {
			`{"statusCode":303,"headers":{"location":"/mijn"}}`, 303, http.Header{"Location": {"/mijn"}}, "",
		},
		"headers of the connection": {
			`{"statusCode":200,"headers":{"Content-Length":"999","connection":"close","Transfer-Encoding":"x"},"body":"a"}`,
			200,
			http.Header{"Content-Type": {"text/plain;charset=UTF-8"}},
			"a",
		},
		"multi-value headers, which format 2.0 lacks": {
			`{"statusCode":200,"multiValueHeaders":{"x-a":["1","2"]}}`, 200, http.Header{}, "",
		},
		"a bare object": {
			`{"message":"hallo"}`, 200, http.Header{"Content-Type": {"application/json"}}, `{"message":"hallo"}`,
		},
		"a bare string": {`"hallo"`, 200, http.Header{"Content-Type": {"application/json"}}, "hallo"},
		"a bare list":   {` [1] `, 200, http.Header{"Content-Type": {"application/json"}}, "[1]"},
		"nothing at all": {
			`null`, 200, http.Header{"Content-Type": {"application/json"}}, "null",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			newGateway(t, &fake{answer: c.answer}).ServeHTTP(w, newRequest(t, "GET", "/", ""))
			c.header.Set("Apigw-Requestid", "id-1")
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("status %d, body %q; want %d %q", w.Code, w.Body, c.status, c.body)
			}
			if diff := cmp.Diff(c.header, w.Header()); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRealClientGetsTheAnswer(t *testing.T) {
	f := &fake{answer: `{"statusCode":200,"cookies":["s=1"],"body":"ja"}`}
	server := httptest.NewServer(newGateway(t, f))
	defer server.Close()
	resp, err := server.Client().Post(server.URL+"/x", "text/plain", strings.NewReader("vraag"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "ja" || len(resp.Cookies()) != 1 {
		t.Errorf("body %q, cookies %v, error %v", body, resp.Cookies(), err)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(f.event, &event); err != nil || event.Headers["content-length"] != "5" {
		t.Errorf("headers %v, error %v; want content-length 5", event.Headers, err)
	}
	if got := event.RequestContext.HTTP.SourceIP; got != "127.0.0.1" {
		t.Errorf("source %q, want 127.0.0.1", got)
	}
}
