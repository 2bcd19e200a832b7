package config

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/internal/organisation/file"
)

// variables is an environment.
type variables map[string]string

// lookup reads it as os.LookupEnv reads the real one.
func (v variables) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

// with gives the environment and one more variable.
func (v variables) with(name, value string) variables {
	more := variables{name: value}
	for name, value := range v {
		if _, set := more[name]; !set {
			more[name] = value
		}
	}
	return more
}

// healthy gives the environment of a function whose code lies in a folder of
// the test, with the profile that is shipped beside it.
func healthy(t *testing.T) variables {
	t.Helper()
	profile, _, err := file.Read("../../infra/organisation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	written, err := os.Create(filepath.Join(folder, "organisation.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := profile.Encode(written); err != nil {
		t.Fatal(err)
	}
	if err := written.Close(); err != nil {
		t.Fatal(err)
	}
	return variables{
		"AWS_REGION": "eu-west-1", "LAMBDA_TASK_ROOT": folder,
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
		"INZAGE_CASES_TABLE": "cases", "INZAGE_KEYS_TABLE": "keys",
	}
}

func TestLoadGivesSettingsRulesAndTheRealClock(t *testing.T) {
	before := time.Now()
	env, err := load(healthy(t).lookup, io.Discard, []Setting{CasesTable, KeysTable})
	if err != nil {
		t.Fatal(err)
	}
	if got := env.Get(CasesTable) + "," + env.Get(KeysTable); got != "cases,keys" {
		t.Errorf("tables %s", got)
	}
	if env.Profile.Sender.FromAddress == "" || env.Rules.Profile.Sender.FromAddress != env.Profile.Sender.FromAddress {
		t.Error("the profile beside the binary was not read")
	}
	now, err := env.Clock(t.Context())
	if err != nil || now.Before(before) || now.After(time.Now()) || now.Location() != time.UTC {
		t.Errorf("the clock says %v, %v", now, err)
	}
}

func TestAllMissingSettingsAreNamedInOneError(t *testing.T) {
	env := healthy(t)
	delete(env, "AWS_REGION")
	env["INZAGE_STAGE"] = ""
	_, err := load(env.with(clockURL, "http://example.org").lookup, io.Discard, []Setting{CasesTable, MailBucket, Stage})
	if err == nil {
		t.Fatal("missing settings were accepted")
	}
	for _, want := range []string{"INZAGE_MAIL_BUCKET is not set", "INZAGE_STAGE is not set", "AWS_REGION is not set", clockURL} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "INZAGE_CASES_TABLE") {
		t.Errorf("the error names a setting that is there: %v", err)
	}
}

func TestProfileBesideTheBinaryMustBeThereAndWhole(t *testing.T) {
	env := healthy(t)
	if _, err := load(env.with("LAMBDA_TASK_ROOT", t.TempDir()).lookup, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "opening the organisation's profile") {
		t.Errorf("without a profile: %v", err)
	}
	name := filepath.Join(env["LAMBDA_TASK_ROOT"], "organisation.json")
	for what, text := range map[string]string{
		"unreadable":         `{`,
		"of another program": `{"tomorrow": 1}`,
		"empty":              `{}`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := load(env.lookup, io.Discard, nil); err == nil {
			t.Errorf("a profile that is %s was accepted", what)
		}
	}
}

func TestWaitingEndsWithTheInvocation(t *testing.T) {
	env, err := load(healthy(t).lookup, io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	place := env.Place()
	if place.Random == nil {
		t.Fatal("no randomness")
	}
	if err := place.Pause(t.Context(), 0); err != nil {
		t.Errorf("the first wait ended with %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := place.Pause(stopped, 30); err == nil {
		t.Error("a wait goes on after its invocation ended")
	}
}

func TestLinkKeysAreGivenAsKidAndKey(t *testing.T) {
	for given, want := range map[string]struct{ kid, mints, old string }{
		"s1=arn:a":           {"s1", "arn:a", ""},
		"s2=arn:b,s1=arn:a":  {"s2", "arn:b", "arn:a"},
		"s1=alias/a=b":       {"s1", "alias/a=b", ""},
		"s9=arn:c,s1=arn:a=": {"s9", "arn:c", "arn:a="},
	} {
		keys, err := Environment{lookup: variables{"INZAGE_STAFF_LINK_KEY": given}.lookup}.linkKeys(StaffLinkKey)
		if err != nil || keys.Kid != want.kid || keys.Mints() != want.mints || keys.Keys["s1"] != want.old && want.kid != "s1" {
			t.Errorf("LinkKeys(%q) = %+v, %v", given, keys, err)
		}
	}
	for _, given := range []string{"", "arn:a", "=arn:a", "s1=", "s1=arn:a,", ",s1=arn:a", "s1=arn:a,s2"} {
		if keys, err := (Environment{lookup: variables{"INZAGE_STAFF_LINK_KEY": given}.lookup}).linkKeys(StaffLinkKey); err == nil {
			t.Errorf("LinkKeys(%q) = %+v, want an error", given, keys)
		} else if !strings.Contains(err.Error(), "INZAGE_STAFF_LINK_KEY") || strings.Contains(err.Error(), "arn:a") {
			t.Errorf("LinkKeys(%q): the error must name the setting and hold no key: %v", given, err)
		}
	}
}

func TestEachServiceHasItsOwnEndpoint(t *testing.T) {
	env := Environment{lookup: variables{
		"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:7070", "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
	}.lookup}
	for _, service := range []Service{DynamoDB, S3, SES, KMS, Lambda} {
		cfg := env.AWS(service)
		if cfg.Region != "eu-west-1" {
			t.Errorf("%s: region %q", service, cfg.Region)
		}
		switch {
		case service == S3 && (cfg.BaseEndpoint == nil || *cfg.BaseEndpoint != "http://127.0.0.1:7070"):
			t.Errorf("S3 goes to %v", cfg.BaseEndpoint)
		case service != S3 && cfg.BaseEndpoint != nil:
			t.Errorf("%s goes to %s", service, *cfg.BaseEndpoint)
		}
	}
}

func TestCredentialsAreThoseOfTheFunctionsRole(t *testing.T) {
	env := Environment{lookup: healthy(t).lookup}
	got, err := env.AWS(S3).Credentials.Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "key" || got.SecretAccessKey != "secret" || got.SessionToken != "session" || got.CanExpire {
		t.Errorf("credentials %v, %v", got, err)
	}
	for _, missing := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		env := Environment{lookup: healthy(t).with(missing, "").lookup}
		if _, err := env.AWS(S3).Credentials.Retrieve(t.Context()); err == nil {
			t.Errorf("without %s there were credentials", missing)
		}
	}
}

// canary is text that must not reach the log.
const canary = "anna@example.org"

func TestLogHoldsAllowedWordsOnly(t *testing.T) {
	var out bytes.Buffer
	log := newLog(&out)
	log.Info("a letter was sent", "letter", "case_x_M01_1", "address", canary, "Case", canary)
	line := out.String()
	for _, want := range []string{`"msg":"a letter was sent"`, `"level":"INFO"`, `"time":`, `"letter":"case_x_M01_1"`} {
		if !strings.Contains(line, want) {
			t.Errorf("the log lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, canary) {
		t.Errorf("the log holds a word that is not allowed: %s", line)
	}
}

func TestLogHoldsNoGroups(t *testing.T) {
	var out bytes.Buffer
	log := newLog(&out)
	log.WithGroup("case").Info("a", "case", canary)
	log.Info("b", slog.Group("case", "case", canary), slog.Group("", "address", canary))
	log.With("address", canary).Error("c", "error", "d")
	if got := out.String(); strings.Contains(got, canary) || strings.Count(got, "\n") != 3 || !strings.Contains(got, `"error":"d"`) {
		t.Errorf("the log holds what stands in a group: %s", got)
	}
}

func TestLinkKeysThatCannotBeReadStopTheFunction(t *testing.T) {
	env := healthy(t).with("INZAGE_STAFF_LINK_KEY", "no-kid").with("INZAGE_SUBJECT_LINK_KEY", "d1=key")
	if _, err := load(env.lookup, io.Discard, []Setting{StaffLinkKey, SubjectLinkKey}); err == nil || !strings.Contains(err.Error(), "INZAGE_STAFF_LINK_KEY must read kid=key") {
		t.Errorf("it started: %v", err)
	}
	loaded, err := load(env.with("INZAGE_STAFF_LINK_KEY", "s1=key").lookup, io.Discard, []Setting{StaffLinkKey, SubjectLinkKey})
	if err != nil || loaded.LinkKeys(StaffLinkKey).Mints() != "key" {
		t.Errorf("%v", err)
	}
}
