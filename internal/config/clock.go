package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Clock tells the time. It is asked once per invocation.
type Clock func(context.Context) (time.Time, error)

var (
	// errClockOnAWS is returned when a function on AWS is told to ask a
	// stand-in clock: whoever set that could move every deadline.
	errClockOnAWS = errors.New(clockURL + " is set on AWS, where only the real clock is allowed")
	// errClockElsewhere is returned for a stand-in clock on another machine.
	errClockElsewhere = errors.New(clockURL + " must be an address of the loopback interface, such as http://127.0.0.1:8030")
)

// newClock gives the real clock, or the local stack's.
func newClock(lookup func(string) (string, bool)) (Clock, error) {
	address, set := lookup(clockURL)
	if !set || address == "" {
		return func(context.Context) (time.Time, error) { return time.Now().UTC(), nil }, nil
	}
	if onAWS(lookup) {
		return nil, errClockOnAWS
	}
	if !loopback(address) {
		return nil, errClockElsewhere
	}
	return askClock(strings.TrimSuffix(address, "/") + "/now"), nil
}

// onAWS reports whether the process runs in the real Lambda. AWS_EXECUTION_ENV
// is not set for provided.al2023; how the environment was started and where its
// log goes is, and the local runtime tells neither
// (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
func onAWS(lookup func(string) (string, bool)) bool {
	for _, name := range []string{"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_EXECUTION_ENV"} {
		if value, set := lookup(name); set && value != "" {
			return true
		}
	}
	return false
}

// loopback reports whether an address is plain HTTP to this machine, by number:
// a name could lead elsewhere.
func loopback(address string) bool {
	target, err := url.Parse(address)
	if err != nil || target.Scheme != "http" || target.User != nil {
		return false
	}
	host, err := netip.ParseAddr(target.Hostname())
	return err == nil && host.IsLoopback()
}

// askClock gives a clock that asks the local stack's.
func askClock(address string) Clock {
	client := &http.Client{Timeout: 5 * time.Second}
	return func(ctx context.Context) (time.Time, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return time.Time{}, fmt.Errorf("asking the local clock: %w", err)
		}
		answer, err := client.Do(request)
		if err != nil {
			return time.Time{}, fmt.Errorf("asking the local clock: %w", err)
		}
		defer answer.Body.Close()
		var told struct {
			Now time.Time `json:"now"`
		}
		if err := json.NewDecoder(answer.Body).Decode(&told); err != nil || told.Now.IsZero() {
			return time.Time{}, fmt.Errorf("the local clock answered %s and no time", answer.Status)
		}
		return told.Now.UTC(), nil
	}
}

// firstPause is the longest wait before an act is tried again for the first
// time; it doubles with each further try.
const firstPause = 20 * time.Millisecond

// pause waits a random part of the longest wait, so that two acts that met
// once do not meet again.
func pause(ctx context.Context, n int) error {
	timer := time.NewTimer(rand.N(firstPause << n)) // at most 2.6 s, on the last of 8 tries
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
