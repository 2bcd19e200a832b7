package stack

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/local/queue"
)

// ruled gives a stack that has only read the template and opened its rules, with
// its dead letters.
func ruled(t *testing.T) *Stack {
	t.Helper()
	s := shipped(t)
	s.options.State = t.TempDir()
	dead, err := queue.Open(filepath.Join(s.options.State, "dead"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dead.Close)
	s.queues = map[string]*queue.Queue{"DrivenDeadLetters": dead}
	if err := s.openRules(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for i := len(s.closers) - 1; i >= 0; i-- {
			s.closers[i]()
		}
	})
	return s
}

// heard counts the events that wait, by function.
func (s *Stack) heard() map[string]int {
	count := map[string]int{}
	for _, one := range s.rules {
		waiting, inFlight := one.events.Depth()
		count[one.function] += waiting + inFlight
	}
	return count
}

func TestRuleHearsOnlyOfItsOwnObjects(t *testing.T) {
	const vault, mail = "inzage-vault-000000000000", "inzage-mail-000000000000"
	for _, one := range []struct {
		bucket, key     string
		idcheck, parcel int
	}{
		{vault, "incoming/a/b", 1, 0},
		{vault, "found/a/b", 0, 1},
		{vault, "case/a/b", 0, 0},
		{vault, "idcopy/incoming/b", 0, 0},
		{vault, "package/a/found/", 0, 0},
		{mail, "incoming/a/b", 0, 0},
		{mail, "raw/a", 0, 0},
	} {
		s := ruled(t)
		if len(s.rules) != 2 {
			t.Fatalf("the template has %d rules, and this test knows of 2", len(s.rules))
		}
		if err := s.created(one.bucket, one.key, 3); err != nil {
			t.Fatal(err)
		}
		if got := s.heard(); got["inzage-idcheck"] != one.idcheck || got["inzage-parcel"] != one.parcel {
			t.Errorf("of %s/%s heard %v", one.bucket, one.key, got)
		}
	}
}

func TestEventOfAnObjectOutlivesTheStack(t *testing.T) {
	s := ruled(t)
	if err := s.created("inzage-vault-000000000000", "incoming/a/b", 7); err != nil {
		t.Fatal(err)
	}
	for _, one := range s.rules {
		one.events.Close()
	}
	s.rules = nil
	if err := s.openRules(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, one := range s.rules {
		if one.function != "inzage-idcheck" {
			continue
		}
		message, err := one.events.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var event struct {
			Source string
			Detail struct {
				Object struct {
					Key  string
					Size int
				}
			}
		}
		if err := json.Unmarshal([]byte(message.Body), &event); err != nil {
			t.Fatal(err)
		}
		if event.Source != "aws.s3" || event.Detail.Object.Key != "incoming/a/b" || event.Detail.Object.Size != 7 {
			t.Errorf("found back: %s", message.Body)
		}
		return
	}
	t.Error("no rule of idcheck")
}

func TestEventThatCannotBeKeptFailsTheUpload(t *testing.T) {
	s := ruled(t)
	for _, one := range s.rules {
		one.events.Close()
	}
	if err := s.created("inzage-vault-000000000000", "found/a/b", 1); err == nil || !strings.Contains(err.Error(), "event of an object") {
		t.Errorf("error %v", err)
	}
}
