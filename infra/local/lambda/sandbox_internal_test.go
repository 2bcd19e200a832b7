package lambda

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/child"
)

func TestAnswerCountsWhenTheProcessHasEndedSince(t *testing.T) {
	process, err := child.Start(child.Command{
		Path: filepath.Join(os.Getenv("INZAGE_TEST_BOOTSTRAP"), "bootstrap"), Env: []string{"START=exit"},
	})
	if err != nil {
		t.Fatal(err)
	}
	<-process.Done()
	for range 100 { // both are ready, and select takes either
		box := newSandbox(nil)
		box.process = process
		call, err := newInvocation(nil)
		if err != nil {
			t.Fatal(err)
		}
		box.begin(call)
		box.settle(call.id, Result{Payload: []byte("in time")})
		result, err := box.await(call, time.Minute)
		if err != nil || string(result.Payload) != "in time" {
			t.Fatalf("await: %s, error %v; want the answer", result.Payload, err)
		}
	}
}
