package config

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestClockOfTheLocalStackIsAskedEachTime(t *testing.T) {
	hour := 9
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/now" {
			http.NotFound(w, r)
			return
		}
		at := time.Date(2026, 3, 5, hour, 0, 0, 0, time.FixedZone("", 3600))
		hour++
		_, _ = w.Write([]byte(`{"now":"` + at.Format(time.RFC3339) + `","offset":"1h"}`))
	}))
	defer server.Close()
	for _, address := range []string{server.URL, server.URL + "/"} {
		clock, err := newClock(variables{clockURL: address}.lookup)
		if err != nil {
			t.Fatal(err)
		}
		first, err := clock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second, err := clock(t.Context())
		if err != nil || second.Sub(first) != time.Hour || second.Location() != time.UTC {
			t.Errorf("the clock said %v, then %v, %v", first, second, err)
		}
	}
}

func TestClockThatAnswersNoTimeIsAnError(t *testing.T) {
	for what, body := range map[string]string{
		"nothing": "", "no JSON": "now", "no time": `{"now":"today"}`, "another word": `{"time":"2026-03-05T09:00:00Z"}`,
		"year one": `{"now":"0001-01-01T00:00:00Z"}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write([]byte(body))
		}))
		clock, err := newClock(variables{clockURL: server.URL}.lookup)
		if err != nil {
			t.Fatal(err)
		}
		if now, err := clock(t.Context()); err == nil || !strings.Contains(err.Error(), "418") {
			t.Errorf("a clock that answers %s tells %v, %v", what, now, err)
		}
		server.Close()
		if now, err := clock(t.Context()); err == nil {
			t.Errorf("a clock that is gone tells %v", now)
		}
	}
}

func TestClockIsRefusedOnAWS(t *testing.T) {
	// What provided.al2023 sets, and the local runtime does not.
	for _, name := range []string{"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_EXECUTION_ENV"} {
		env := variables{
			clockURL: "http://127.0.0.1:8030", "AWS_LAMBDA_FUNCTION_NAME": "inzage-intake",
			"AWS_LAMBDA_RUNTIME_API": "169.254.100.1:9001", "_HANDLER": "bootstrap",
		}
		if _, err := newClock(env.lookup); err != nil {
			t.Errorf("the stand-in was refused under the local runtime: %v", err)
		}
		env = env.with(name, "on-demand")
		if _, err := newClock(env.lookup); !errors.Is(err, errClockOnAWS) {
			t.Errorf("with %s: %v, want %v", name, err, errClockOnAWS)
		}
		if _, err := newClock(env.with(clockURL, "").lookup); err != nil {
			t.Errorf("the real clock was refused on AWS: %v", err)
		}
	}
}

func TestClockIsAskedOnThisMachineOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:8030":             true,
		"http://127.0.0.1":                  true,
		"http://127.9.9.9:8030":             true,
		"http://[::1]:8030":                 true,
		"http://localhost:8030":             false, // a name could lead elsewhere
		"http://127.0.0.1.example.org":      false,
		"http://127.0.0.1@example.org":      false,
		"http://127.0.0.1:8030@10.0.0.1/":   false,
		"http://10.0.0.1:8030":              false,
		"http://0.0.0.0:8030":               false,
		"http://[::]:8030":                  false,
		"http://[fe80::1]:8030":             false,
		"http://2130706433/":                false,
		"http://127.1/":                     false,
		"http://0177.0.0.1/":                false,
		"https://127.0.0.1:8030":            false,
		"ftp://127.0.0.1":                   false,
		"//127.0.0.1:8030":                  false,
		"127.0.0.1:8030":                    false,
		"http://":                           false,
		"http://127.0.0.1:8030:1\x7f":       false,
		"http://user:secret@127.0.0.1:8030": false,
	} {
		_, err := newClock(variables{clockURL: address}.lookup)
		if (err == nil) != want {
			t.Errorf("newClock(%q) = %v, want accepted: %t", address, err, want)
		}
		if err != nil && !errors.Is(err, errClockElsewhere) {
			t.Errorf("newClock(%q) = %v, want %v", address, err, errClockElsewhere)
		}
	}
}
