package lambda_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"polarweb.nl/inzage/infra/local/lambda"
)

// lost is one call of OnFailure.
type lost struct {
	function, payload string
	err               error
}

// counting is a server that fails its first requests and then answers.
func counting(t *testing.T, failures int64) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) <= failures {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(server.Close)
	return server, &asked
}

// until returns when the condition holds; go test's own time limit ends a test
// in which it never does.
func until(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

// drain returns when nothing runs or waits any more.
func drain(r *lambda.Runtime) { until(func() bool { return r.Busy() == 0 }) }

func TestEventIsAcceptedBeforeItRuns(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("later")}})
	g := newGate(t)
	out, err := client(t, r).Invoke(t.Context(), &sdk.InvokeInput{
		FunctionName: aws.String("later"), InvocationType: types.InvocationTypeEvent, Payload: request("fetch", g.URL),
	})
	if err != nil || out.StatusCode != http.StatusAccepted {
		t.Fatalf("%+v, error %v; want 202", out, err)
	}
	if got := r.Busy(); got != 1 {
		t.Errorf("Busy() = %d with an event under way, want 1", got)
	}
	<-g.arrived
	<-g.release
	drain(r)
}

func TestEventIsRetriedTwice(t *testing.T) {
	for _, c := range []struct{ failures, asked, lost int64 }{
		{0, 1, 0}, {1, 2, 0}, {2, 3, 0}, {3, 3, 1},
	} {
		failures := make(chan lost, 1)
		r := start(t, lambda.Config{
			Functions: []lambda.Function{declare("stubborn")},
			OnFailure: func(function string, payload []byte, err error) {
				failures <- lost{function, string(payload), err}
			},
		})
		server, asked := counting(t, c.failures)
		payload := request("fetch", server.URL)
		if err := r.InvokeAsync("stubborn", payload); err != nil {
			t.Fatal(err)
		}
		drain(r)
		if asked.Load() != c.asked || int64(len(failures)) != c.lost {
			t.Errorf("%d failures: %d attempts, %d lost; want %d and %d",
				c.failures, asked.Load(), len(failures), c.asked, c.lost)
		}
		if c.lost == 0 {
			continue
		}
		got := <-failures
		if got.function != "stubborn" || got.payload != string(payload) {
			t.Errorf("lost %s %s, want the event itself", got.function, got.payload)
		}
		if want := "function stubborn failed 3 times: errorString"; got.err.Error() != want {
			t.Errorf("error %q, want %q: no message of the function", got.err, want)
		}
	}
}

func TestEventForAnUnknownFunctionIsRefused(t *testing.T) {
	r := start(t, lambda.Config{})
	if err := r.InvokeAsync("nobody", nil); !errors.Is(err, lambda.ErrNoFunction) {
		t.Errorf("InvokeAsync: %v, want ErrNoFunction", err)
	}
}

func TestCloseDoesNotWaitForARetry(t *testing.T) {
	var told atomic.Bool
	r := start(t, lambda.Config{
		Functions: []lambda.Function{declare("patient")}, RetryDelay: time.Hour,
		OnFailure: func(string, []byte, error) { told.Store(true) },
	})
	server, asked := counting(t, 3)
	if err := r.InvokeAsync("patient", request("fetch", server.URL)); err != nil {
		t.Fatal(err)
	}
	until(func() bool { return asked.Load() > 0 })
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 1 || told.Load() {
		t.Errorf("%d attempts, told %v; want one attempt and no failure", asked.Load(), told.Load())
	}
}

func TestHundredEventsAllArrive(t *testing.T) {
	f := declare("busy")
	f.Concurrency = 4
	r := start(t, lambda.Config{Functions: []lambda.Function{f}})
	server, asked := counting(t, 0)
	for range 100 {
		if err := r.InvokeAsync("busy", request("fetch", server.URL)); err != nil {
			t.Fatal(err)
		}
	}
	drain(r)
	if got := asked.Load(); got != 100 {
		t.Errorf("%d of 100 events arrived", got)
	}
}
