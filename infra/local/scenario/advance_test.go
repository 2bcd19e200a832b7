package scenario

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/clock"
)

// post sends a body to a clock and gives status and answer.
func post(t *testing.T, address, body string) (int, map[string]any) {
	t.Helper()
	answer, err := http.Post(address+"/advance", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var told map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, told
}

func TestClockAdvancesByHoursOrBySeconds(t *testing.T) {
	w := startWorld(t, nil)
	for body, step := range map[string]time.Duration{
		`{"hours": 2}`: 2 * time.Hour, `{"seconds": 90}`: 90 * time.Second, `{"seconds": 0}`: 0, `{"hours": 0.5}`: 30 * time.Minute,
	} {
		before := w.stack.Now()
		status, told := post(t, w.stack.Addresses().Clock, body)
		if status != http.StatusOK {
			t.Fatalf("%s: status %d, %v", body, status, told)
		}
		now, err := time.Parse(time.RFC3339, told["now"].(string))
		if err != nil {
			t.Fatal(err)
		}
		// The bound is loose, for real time goes on meanwhile.
		if passed := now.Sub(before); passed < step || passed > step+10*time.Minute {
			t.Errorf("%s: %v passed", body, passed)
		}
	}
}

func TestClockRefusesWhatIsNoStep(t *testing.T) {
	w := startWorld(t, nil)
	before := w.stack.Now()
	for _, body := range []string{
		`{"hours": 1, "seconds": 1}`, `{}`, `{"hours": -1}`, `{"days": 1}`, `{"hours": "1"}`, `{"hours": 1`, `garbage`, ``,
		`{"hours": 1e9}`, `{"hours": 1} {"hours": 1}`,
	} {
		status, told := post(t, w.stack.Addresses().Clock, body)
		if message, _ := told["message"].(string); status != http.StatusBadRequest || message == "" {
			t.Errorf("%q: status %d, %v; want 400 and why", body, status, told)
		}
	}
	if passed := w.stack.Now().Sub(before); passed > 10*time.Minute {
		t.Errorf("the clock moved by %v all the same", passed)
	}
}

func TestClockTakesAFormToo(t *testing.T) {
	w := startWorld(t, nil)
	before := w.stack.Now()
	answer, err := http.PostForm(w.stack.Addresses().Clock+"/advance", url.Values{"hours": {"3"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if passed := w.stack.Now().Sub(before); answer.StatusCode != http.StatusOK || passed < 3*time.Hour {
		t.Errorf("status %s, %v passed", answer.Status, passed)
	}
}

func TestAdvanceThatCannotEndSaysWhatIsLeft(t *testing.T) {
	w := brokenWorld(t, "dispatch")
	if err := w.send("request.eml", "-", canaryMail("request", "", asksAccess)); err != nil {
		t.Fatal(err)
	}
	w.mustSee(t, "the stream gives up", func() bool { return w.stack.DeadLetters() == 3 })
	w.mustLeave(t, "letter ")
	// The stack's own page waits 120 seconds; one beside it is less patient.
	beside, err := clock.Open(w.options.State, time.Time{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := clock.NewHandler(clock.HandlerConfig{Clock: beside, Run: w.stack.Advance, Limit: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(handler)
	defer page.Close()
	status, told := post(t, page.URL, `{"seconds": 0}`)
	left, _ := told["left"].([]any)
	if status != http.StatusGatewayTimeout || len(left) == 0 {
		t.Fatalf("status %d, %v; want 504 with what is left", status, told)
	}
	named := regexp.MustCompile(`^(letter case_[a-z0-9]{26}_(M01|S6)_\d|queue \w+: \d+|invocations: \d+|the stream has records|the outbox could not be read)$`)
	if slices.ContainsFunc(left, func(one any) bool { return !named.MatchString(one.(string)) }) {
		t.Errorf("left: %q", left)
	}
}
