package config

import (
	"errors"
	"testing"
)

func TestOperatorTakesCredentialsFromTheEnvironmentAlone(t *testing.T) {
	env := variables{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session"}
	cfg, err := operator(env.lookup, "eu-west-1", KMS, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "key" || got.SecretAccessKey != "secret" || got.SessionToken != "session" {
		t.Errorf("credentials of %q, %v", got.AccessKeyID, err)
	}
	for _, missing := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if _, err := operator(env.with(missing, "").lookup, "eu-west-1", KMS, ""); !errors.Is(err, ErrNoCredentials) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestOperatorsOwnRegionAndEndpointComeFirst(t *testing.T) {
	env := variables{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1",
		"AWS_ENDPOINT_URL_KMS": "http://127.0.0.1:1",
	}
	for _, one := range []struct{ region, endpoint, want, at string }{
		{"", "", "eu-central-1", "http://127.0.0.1:1"},
		{"eu-west-1", "", "eu-west-1", "http://127.0.0.1:1"},
		{"eu-west-1", "http://127.0.0.1:9", "eu-west-1", "http://127.0.0.1:9"},
	} {
		cfg, err := operator(env.lookup, one.region, KMS, one.endpoint)
		if err != nil || cfg.Region != one.want {
			t.Errorf("region %q, %v; want %q", cfg.Region, err, one.want)
		}
		if endpoint := cfg.BaseEndpoint; endpoint == nil || *endpoint != one.at {
			t.Errorf("endpoint %v, want %q", endpoint, one.at)
		}
		if cfg, err = operator(env.lookup, one.region, DynamoDB, ""); err != nil || cfg.BaseEndpoint != nil {
			t.Errorf("DynamoDB is asked at %v, %v; want that of AWS", cfg.BaseEndpoint, err)
		}
	}
	if _, err := operator(env.with("AWS_REGION", "").lookup, "", KMS, ""); !errors.Is(err, ErrNoRegion) {
		t.Errorf("without a region: %v", err)
	}
}
