package gateway_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/gateway"
)

func TestClosestRouteWins(t *testing.T) {
	f := &fake{answer: "{}"}
	// The first five are the example of AWS's page on routes, worst first.
	g := newGateway(t, f,
		gateway.Route{Path: "$default", Function: "default"},
		gateway.Route{Method: "ANY", Path: "/{proxy+}", Function: "any greedy"},
		gateway.Route{Method: "GET", Path: "/pets/{proxy+}", Function: "greedy"},
		gateway.Route{Method: "GET", Path: "/pets/dog/{id}", Function: "variable"},
		gateway.Route{Method: "GET", Path: "/pets/dog/1", Function: "full"},
		gateway.Route{Method: "ANY", Path: "/both", Function: "any"},
		gateway.Route{Method: "PUT", Path: "/both", Function: "method"},
		gateway.Route{Method: "GET", Path: "/a/{x}/c", Function: "variable first"},
		gateway.Route{Method: "GET", Path: "/a/b/{x}", Function: "literal first"},
		gateway.Route{Method: "GET", Path: "/slash/", Function: "slash"},
	)
	for _, c := range []struct{ method, path, function string }{
		{"GET", "/pets/dog/1", "full"},
		{"GET", "/pets/dog/2", "variable"},
		{"GET", "/pets/cat/1", "greedy"},
		{"GET", "/pets/dog/2/3", "greedy"},
		{"POST", "/test/5", "any greedy"},
		{"POST", "/pets/dog/1", "any greedy"},
		{"HEAD", "/pets/dog/1", "any greedy"},
		{"GET", "/", "default"},
		{"PUT", "/both", "method"},
		{"GET", "/both", "any"},
		{"GET", "/a/b/c", "literal first"},
		{"GET", "/a/x/c", "variable first"},
		{"GET", "/slash/", "slash"},
		{"GET", "/slash", "any greedy"},
		{"GET", "/pets/", "any greedy"}, // no child resource of /pets
		{"GET", "/pets/dog/", "greedy"}, // an empty id is none
	} {
		f.function = ""
		g.ServeHTTP(httptest.NewRecorder(), newRequest(t, c.method, c.path, ""))
		if f.function != c.function {
			t.Errorf("%s %s went to %q, want %q", c.method, c.path, f.function, c.function)
		}
	}
}

func TestRequestWithoutARouteIsNotFound(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f,
		gateway.Route{Method: "GET", Path: "/mijn/{proxy+}", Function: "portal"},
		gateway.Route{Method: "GET", Path: "/mijn", Function: "portal"},
	)
	for _, c := range []struct{ method, path string }{
		{"GET", "/"},
		{"GET", "/mij"},
		{"GET", "/mijn/"},
		{"GET", "/Mijn"},
		{"POST", "/mijn"},
		{"HEAD", "/mijn"},
		{"OPTIONS", "/mijn/x"},
	} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, newRequest(t, c.method, c.path, ""))
		if w.Code != 404 || w.Body.String() != `{"message":"Not Found"}` || f.event != nil {
			t.Errorf("%s %s: status %d, body %q, event %q; want 404", c.method, c.path, w.Code, w.Body, f.event)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json" {
			t.Errorf("content type %q, want application/json", got)
		}
	}
}

func TestVariablesAreDecoded(t *testing.T) {
	f := &fake{answer: "{}"}
	g := newGateway(t, f, gateway.Route{Path: "/{a}/{b}/{c+}", Function: "f"})
	event := send(t, g, f, newRequest(t, "GET", "/x%20y/%C3%A9/1/2/", ""))
	want := map[string]string{"a": "x y", "b": "é", "c": "1/2/"}
	if diff := cmp.Diff(want, event.PathParameters); diff != "" {
		t.Errorf("path parameters (-want +got):\n%s", diff)
	}
	if event.RouteKey != "ANY /{a}/{b}/{c+}" {
		t.Errorf("route key %q", event.RouteKey)
	}
}

func TestBadRoutesAreRefused(t *testing.T) {
	for _, c := range []struct {
		routes []gateway.Route
		says   string
	}{
		{[]gateway.Route{{Path: "/a"}}, "no function"},
		{[]gateway.Route{{Path: "a", Function: "f"}}, "begins with /"},
		{[]gateway.Route{{Method: "GOT", Path: "/a", Function: "f"}}, "no such method"},
		{[]gateway.Route{{Path: "/{a+}/b", Function: "f"}}, "at the end"},
		{[]gateway.Route{{Path: "/{a", Function: "f"}}, "not a variable"},
		{[]gateway.Route{{Path: "/{}", Function: "f"}}, "not a variable"},
		{[]gateway.Route{{Path: "/{+}", Function: "f"}}, "not a variable"},
		{[]gateway.Route{{Path: "/{a}/{a}", Function: "f"}}, "appears twice"},
		{[]gateway.Route{{Path: "/{a}", Function: "f"}, {Path: "/{b}", Function: "g"}}, "same requests"},
		{[]gateway.Route{{Path: "$default", Function: "f"}, {Function: "g"}}, "same requests"},
	} {
		_, err := gateway.New(gateway.Config{Routes: c.routes, Invoke: (&fake{}).invoke})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: error %v, want one that says %q", c.routes, err, c.says)
		}
	}
	if _, err := gateway.New(gateway.Config{}); err == nil {
		t.Error("a gateway without Invoke was made")
	}
}
