package stack

import (
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/template"
)

// shipped gives a stack that has read the project's template and nothing else.
func shipped(t *testing.T) *Stack {
	t.Helper()
	read, err := template.Read(filepath.Join("..", "..", "..", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{template: read}
	s.profile.Sender.FromAddress = "info@polarweb.nl"
	return s
}

func TestScheduleIsReadOrRefused(t *testing.T) {
	for expression, want := range map[string]time.Duration{
		"rate(1 minute)": time.Minute, "rate(15 minutes)": 15 * time.Minute, "rate(1 hour)": time.Hour, "rate(2 days)": 48 * time.Hour,
	} {
		if got, err := rate(expression); err != nil || got != want {
			t.Errorf("%s is %v, error %v; want %v", expression, got, err, want)
		}
	}
	for _, expression := range []string{"", "rate(0 minutes)", "rate(-1 minutes)", "cron(0 8 * * ? *)", "rate(15 seconds)", "rate(99999999999999999999 days)"} {
		if got, err := rate(expression); err == nil || !strings.Contains(err.Error(), "schedule") {
			t.Errorf("%q is %v, error %v; want an error that names the schedule", expression, got, err)
		}
	}
}

func TestEveryScheduleOfTheTemplateCanBeRead(t *testing.T) {
	functions, err := shipped(t).template.Functions()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, function := range functions {
		for _, one := range function.Schedules {
			found++
			if _, err := rate(one.Expression); err != nil {
				t.Error(err)
			}
		}
	}
	if found == 0 {
		t.Error("the template has no schedule: then nothing sweeps")
	}
}

func TestReferencesAreAnsweredAsCloudFormationDoes(t *testing.T) {
	s := shipped(t)
	for _, one := range []struct{ id, attribute, want string }{
		{"CasesTable", "", "inzage-cases"},
		{"MailBucket", "", "inzage-mail-000000000000"},
		{"SweepFunction", "", "inzage-sweep"},
		{"ConfigurationSet", "", "inzage"},
		{"DataKey", "", "DataKey"},
		{"DataKey", "Arn", "arn:aws:kms:eu-central-1:000000000000:key/DataKey"},
		{"MailTopic", "", "arn:aws:sns:eu-central-1:000000000000:inzage-MailTopic"},
	} {
		if got, err := s.reference(one.id, one.attribute); err != nil || got != one.want {
			t.Errorf("%s %s is %q, error %v; want %q", one.id, one.attribute, got, err, one.want)
		}
	}
	for _, one := range [][2]string{{"Nobody", ""}, {"CasesTable", "StreamArn"}, {"IntakeRole", "Arn"}} {
		if got, err := s.reference(one[0], one[1]); err == nil || !strings.Contains(err.Error(), one[0]) {
			t.Errorf("%s %s is %q, error %v; want an error that names it", one[0], one[1], got, err)
		}
	}
}

func TestEveryEnvironmentOfTheTemplateCanBeMade(t *testing.T) {
	s := shipped(t)
	functions, err := s.template.Functions()
	if err != nil || len(functions) == 0 {
		t.Fatalf("%d functions, error %v", len(functions), err)
	}
	for _, function := range functions {
		for _, entry := range function.Environment {
			if value, err := s.template.ResolveText(entry.Value, s.names()); err != nil || value == "" {
				t.Errorf("%s of %s is %q, error %v", entry.Key, function.LogicalID, value, err)
			}
		}
	}
}

func TestQueuesOfFunctionsAreWorkedAndDeadLettersAreNot(t *testing.T) {
	s := shipped(t)
	worked := s.workedQueues()
	if !slices.Equal(worked, []string{"FeedbackQueue", "IntakeQueue"}) {
		t.Errorf("worked are %q", worked)
	}
	declared, err := s.template.Queues()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range declared {
		if slices.Contains(worked, one.LogicalID) && one.DeadLetter == "" {
			t.Errorf("%s has nowhere to put what cannot be delivered", one.LogicalID)
		}
	}
}

func TestOnlyThisMachineIsListenedTo(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "localhost:0"} {
		listener, err := listen("-web", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, address := range []string{"0.0.0.0:0", ":0"} {
		if listener, err := listen("-web", address); err == nil {
			listener.Close()
			t.Errorf("%s is listened to", address)
		} else if !strings.Contains(err.Error(), "-web") || !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("error %q names neither flag nor way out", err)
		}
	}
}

func TestTakenAddressIsNamed(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = listen("-clock", taken.Addr().String())
	if err == nil || !strings.Contains(err.Error(), "-clock") || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("error %v, want one that names flag and address", err)
	}
}
