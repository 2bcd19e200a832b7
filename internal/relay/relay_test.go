package relay

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/casework"
)

// invocation is what a Lambda endpoint was asked.
type invocation struct {
	path, kind string
	body       []byte
}

// endpoint starts a Lambda endpoint on 127.0.0.1 that answers with a status,
// and gives a relay with the SDK's own client of it.
func endpoint(t *testing.T, status int) (Relay, *[]invocation) {
	t.Helper()
	var asked []invocation
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, invocation{r.URL.Path, r.Header.Get("X-Amz-Invocation-Type"), body})
		if status >= http.StatusBadRequest {
			w.Header().Set("X-Amzn-ErrorType", "ResourceNotFoundException")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	client := lambda.NewFromConfig(aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL,
		Credentials: aws.AnonymousCredentials{},
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	})
	names := map[string]string{casework.FunctionIntake: "inzage-intake"}
	return Relay{Invoke: client.Invoke, Names: names}, &asked
}

func TestDriveQueuesThePlainIDs(t *testing.T) {
	relay, asked := endpoint(t, http.StatusAccepted)
	ids := []string{"a", `b"<`}
	if err := relay.Drive(t.Context(), casework.FunctionIntake, ids); err != nil {
		t.Fatal(err)
	}
	if len(*asked) != 1 {
		t.Fatalf("%d invocations, want one", len(*asked))
	}
	got := (*asked)[0]
	if want := "/2015-03-31/functions/inzage-intake/invocations"; got.path != want || got.kind != "Event" {
		t.Errorf("asked %s of %s, want an Event of %s", got.kind, got.path, want)
	}
	var event casework.Again
	if err := json.Unmarshal(got.body, &event); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids, event.IDs); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestDriveKnowsOnlyConfiguredFunctions(t *testing.T) {
	relay, asked := endpoint(t, http.StatusAccepted)
	err := relay.Drive(t.Context(), casework.FunctionDispatch, []string{"a"})
	if err == nil || !strings.Contains(err.Error(), casework.FunctionDispatch) || len(*asked) != 0 {
		t.Errorf("Drive() = %v after %d invocations", err, len(*asked))
	}
}

func TestDriveSaysWhatWasRefused(t *testing.T) {
	relay, _ := endpoint(t, http.StatusNotFound)
	err := relay.Drive(t.Context(), casework.FunctionIntake, []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "driving intake") || !strings.Contains(err.Error(), "ResourceNotFoundException") {
		t.Errorf("Drive() = %v", err)
	}
}
