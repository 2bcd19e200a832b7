package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/events/httpapi"
)

// token stands for a signed link's secret.
const token = "l1.k1.c2VjcmV0"

// event is a request as API Gateway sends it (payload format 2.0).
func event(t *testing.T, text string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		t.Fatal(err)
	}
	return event
}

// get is a visit with a link.
const get = `{
  "version": "2.0", "routeKey": "GET /mijn/{page}", "rawPath": "/mijn/zaak", "rawQueryString": "t=l1.k1.c2VjcmV0&a=1&a=2",
  "cookies": ["__Host-desk=abc", "taal=nl"],
  "headers": {"accept": "text/html,application/xhtml+xml", "x-twice": "one,two", "host": "desk.example"},
  "requestContext": {"domainName": "desk.example", "stage": "$default",
    "http": {"method": "GET", "path": "/mijn/zaak", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "x"}},
  "isBase64Encoded": false
}`

// served answers an event with a handler.
func served(t *testing.T, request events.APIGatewayV2HTTPRequest, pages http.HandlerFunc) events.APIGatewayV2HTTPResponse {
	t.Helper()
	answer, err := httpapi.Adapt(pages)(t.Context(), request)
	if err != nil {
		t.Fatalf("serving: %v", err)
	}
	return answer
}

func TestRequestIsRebuilt(t *testing.T) {
	called := false
	served(t, event(t, get), func(_ http.ResponseWriter, r *http.Request) {
		called = true
		session, err := r.Cookie("__Host-desk")
		if err != nil || session.Value != "abc" {
			t.Errorf("session cookie %v, %v", session, err)
		}
		got := map[string]any{
			"method": r.Method, "path": r.URL.Path, "t": r.URL.Query().Get("t"), "a": r.URL.Query()["a"], "host": r.Host,
			"from": r.RemoteAddr, "accept": r.Header.Get("Accept"), "twice": r.Header.Get("X-Twice"),
			"cookies": r.Header.Get("Cookie"), "uri": r.RequestURI,
		}
		want := map[string]any{
			"method": "GET", "path": "/mijn/zaak", "t": token, "a": []string{"1", "2"}, "host": "desk.example",
			"from": "192.0.2.7", "accept": "text/html,application/xhtml+xml", "twice": "one,two",
			"cookies": "__Host-desk=abc; taal=nl", "uri": "/mijn/zaak?t=" + token + "&a=1&a=2",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("request (-want +got):\n%s", diff)
		}
	})
	if !called {
		t.Error("the page was not asked")
	}
}

func TestRequestWithoutCookiesHasNone(t *testing.T) {
	request := event(t, get)
	request.Cookies = nil
	served(t, request, func(_ http.ResponseWriter, r *http.Request) {
		if len(r.Cookies()) != 0 || r.Header.Values("Cookie") != nil {
			t.Errorf("cookies %v", r.Cookies())
		}
	})
}

func TestBodyComesWhole(t *testing.T) {
	tests := []struct {
		name, body string
		encoded    bool
		want       string
	}{
		{"plain", "code=123456", false, "code=123456"},
		{"base64", base64.StdEncoding.EncodeToString([]byte("code=123456")), true, "code=123456"},
		{"bytes that are no text", base64.StdEncoding.EncodeToString([]byte{0, 255, 10}), true, "\x00\xff\n"},
		{"none", "", false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := event(t, get)
			request.Body, request.IsBase64Encoded = test.body, test.encoded
			request.RequestContext.HTTP.Method = http.MethodPost
			served(t, request, func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != test.want || r.ContentLength != int64(len(test.want)) {
					t.Errorf("body %q of %d, %v", body, r.ContentLength, err)
				}
			})
		})
	}
}

func TestFormIsRead(t *testing.T) {
	request := event(t, get)
	request.RequestContext.HTTP.Method = http.MethodPost
	request.Headers["content-type"] = "application/x-www-form-urlencoded"
	request.Body, request.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte("code=12+34&besluit=ja")), true
	served(t, request, func(_ http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("code") != "12 34" || r.PostFormValue("besluit") != "ja" || r.PostFormValue("t") != "" {
			t.Errorf("form %v", r.PostForm)
		}
	})
}

func TestAnswerIsInTheGatewaysForm(t *testing.T) {
	answer := served(t, event(t, get), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Cookie")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<p>één\x00\xff")
	})
	want := events.APIGatewayV2HTTPResponse{
		StatusCode:      http.StatusNotFound,
		Headers:         map[string]string{"content-type": "text/html; charset=utf-8", "vary": "Accept, Cookie"},
		Body:            base64.StdEncoding.EncodeToString([]byte("<p>één\x00\xff")),
		IsBase64Encoded: true,
		Cookies:         []string{"a=1", "b=2"},
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestFirstStatusCounts(t *testing.T) {
	tests := []struct {
		name string
		page http.HandlerFunc
		want int
	}{
		{"none", func(http.ResponseWriter, *http.Request) {}, 200},
		{"written before", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil); w.WriteHeader(500) }, 200},
		{"twice", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(303); w.WriteHeader(500) }, 303},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if answer := served(t, event(t, get), test.page); answer.StatusCode != test.want {
				t.Errorf("status %d, want %d", answer.StatusCode, test.want)
			}
		})
	}
}

func TestErrorsHoldNoToken(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*events.APIGatewayV2HTTPRequest)
	}{
		{"a body that is no base64", func(r *events.APIGatewayV2HTTPRequest) {
			r.Body, r.IsBase64Encoded = token+"!", true
		}},
		{"a method that is none", func(r *events.APIGatewayV2HTTPRequest) { r.RequestContext.HTTP.Method = "GET /?t=" + token }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := event(t, get)
			test.spoil(&request)
			_, err := httpapi.Adapt(http.NotFoundHandler())(t.Context(), request)
			if err == nil || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "/mijn/zaak") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestOddPathsStayOnThisHost(t *testing.T) {
	for _, path := range []string{"//evil.example/x", "/a b", "/%", "", "/mijn/../bureau", "https://evil.example/"} {
		request := event(t, get)
		request.RawPath = path
		answer := served(t, request, func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "desk.example" || r.URL.Host != "" || r.URL.Path != path {
				t.Errorf("path %q: host %q, URL %q", path, r.Host, r.URL)
			}
			w.WriteHeader(http.StatusTeapot)
		})
		if answer.StatusCode != http.StatusTeapot {
			t.Errorf("path %q: status %d", path, answer.StatusCode)
		}
	}
}
