package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// defaultKey is the route key of the catch-all route.
const defaultKey = "$default"

// Route is one route of the API, as an HttpApi event of the template gives it.
type Route struct {
	// Method is an HTTP method, or ANY (the default).
	Method string
	// Path is the path with {name} for one segment and a last {name+} for one
	// or more; empty or $default is the route for all that no other one takes.
	Path string
	// Function is the name of the function.
	Function string
}

// route is a Route that has been checked.
type route struct {
	Route
	key      string // the route key, e.g. "GET /pets/{id}"
	segments []segment
}

// kind ranks the segments of a path by how closely they match.
type kind int

// The kinds of segments, the closest match first.
const (
	literal kind = iota
	variable
	greedy
)

// segment is one part of a route's path.
type segment struct {
	kind kind
	text string // the literal, or the name of the variable
}

// parseRoutes checks the routes and puts the closest match first, so that the
// first route that fits a request is its route.
func parseRoutes(declared []Route) ([]route, error) {
	routes := make([]route, 0, len(declared))
	shapes := map[string]string{}
	for _, d := range declared {
		parsed, err := parseRoute(d)
		if err != nil {
			return nil, fmt.Errorf("route %s %s: %w", d.Method, d.Path, err)
		}
		if other, taken := shapes[parsed.shape()]; taken {
			return nil, fmt.Errorf("routes %s and %s take the same requests", other, parsed.key)
		}
		shapes[parsed.shape()] = parsed.key
		routes = append(routes, parsed)
	}
	slices.SortStableFunc(routes, closerFirst)
	return routes, nil
}

// parseRoute checks one route.
func parseRoute(d Route) (route, error) {
	if d.Function == "" {
		return route{}, errors.New("no function")
	}
	d.Method = strings.ToUpper(d.Method)
	if d.Method == "" {
		d.Method = "ANY"
	}
	if !isMethod(d.Method) {
		return route{}, errors.New("no such method")
	}
	if d.Path == "" || d.Path == defaultKey {
		return route{Route: d, key: defaultKey}, nil
	}
	if !strings.HasPrefix(d.Path, "/") {
		return route{}, errors.New("a path begins with /")
	}
	segments, err := parsePath(d.Path)
	return route{Route: d, key: d.Method + " " + d.Path, segments: segments}, err
}

// parsePath takes a route's path apart.
func parsePath(path string) ([]segment, error) {
	parts := strings.Split(path[1:], "/")
	segments := make([]segment, len(parts))
	names := map[string]bool{}
	for i, part := range parts {
		inside, isVariable := strings.CutPrefix(part, "{")
		if !isVariable {
			segments[i] = segment{kind: literal, text: part}
			continue
		}
		name, closed := strings.CutSuffix(inside, "}")
		name, isGreedy := strings.CutSuffix(name, "+")
		switch {
		case !closed || name == "" || strings.ContainsAny(name, "{}+"):
			return nil, fmt.Errorf("%q is not a variable", part)
		case names[name]:
			return nil, fmt.Errorf("variable %q appears twice", name)
		case isGreedy && i != len(parts)-1:
			return nil, fmt.Errorf("%q must stand at the end", part)
		}
		names[name] = true
		segments[i] = segment{kind: variable, text: name}
		if isGreedy {
			segments[i].kind = greedy
		}
	}
	return segments, nil
}

// shape is the key of a route with the names of its variables left out: two
// routes of one shape take the same requests.
func (r route) shape() string {
	if r.key == defaultKey {
		return defaultKey
	}
	parts := []string{r.Method}
	for _, s := range r.segments {
		switch s.kind {
		case literal:
			parts = append(parts, s.text)
		case variable:
			parts = append(parts, "{}")
		default:
			parts = append(parts, "{+}")
		}
	}
	return strings.Join(parts, "/")
}

// closerFirst orders routes by how closely they match: a literal segment before
// a variable before a greedy one, from left to right; then a named method
// before ANY; $default last. AWS documents "full match, greedy variable,
// $default" and shows the rest in an example.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func closerFirst(a, b route) int {
	if a.key == defaultKey || b.key == defaultKey {
		return truth(a.key == defaultKey) - truth(b.key == defaultKey)
	}
	byPath := slices.CompareFunc(a.segments, b.segments, func(x, y segment) int {
		return int(x.kind) - int(y.kind)
	})
	if byPath != 0 {
		return byPath
	}
	return truth(a.Method == "ANY") - truth(b.Method == "ANY")
}

// truth is 1 for true.
func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// find returns the route of a request and the values of its variables. The path
// is decoded, as the values are.
func find(routes []route, method, path string) (route, map[string]string, bool) {
	for _, r := range routes {
		if r.key == defaultKey {
			return r, nil, true
		}
		if r.Method != "ANY" && r.Method != method {
			continue
		}
		if parameters, ok := r.match(path); ok {
			return r, parameters, true
		}
	}
	return route{}, nil, false
}

// match compares a path with the route's. A variable takes no empty segment, a
// greedy one takes at least one segment: {proxy+} stands for child resources.
func (r route) match(path string) (map[string]string, bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var parameters map[string]string
	set := func(name, value string) {
		if parameters == nil {
			parameters = map[string]string{}
		}
		parameters[name] = value
	}
	for i, s := range r.segments {
		if i >= len(parts) {
			return nil, false
		}
		switch {
		case s.kind == literal && s.text != parts[i], s.kind != literal && parts[i] == "":
			return nil, false
		case s.kind == variable:
			set(s.text, parts[i])
		case s.kind == greedy:
			set(s.text, strings.Join(parts[i:], "/"))
			return parameters, true
		}
	}
	return parameters, len(parts) == len(r.segments)
}

// isMethod tells whether a word is an HTTP method or ANY.
func isMethod(word string) bool {
	switch word {
	case "ANY", http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return true
	}
	return false
}
