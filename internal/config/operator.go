package config

import (
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
)

var (
	// ErrNoCredentials is returned to an operator whose environment has none.
	ErrNoCredentials = errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: " +
		`with the AWS CLI, eval "$(aws configure export-credentials --format env)" sets them; a local endpoint takes any value`)
	// ErrNoRegion is returned to an operator who named no region.
	ErrNoRegion = errors.New("no region is given: name one with -region, or set AWS_REGION")
)

// Operator gives the AWS configuration for one service of a command that a person
// runs. Region and endpoint are what they asked for, and may be empty: then those
// of the environment, and after that the endpoint of AWS. Credentials come from the environment
// alone: no file and no address is searched for them, so that a command never
// changes an account that nobody named.
func Operator(region string, service Service, endpoint string) (aws.Config, error) {
	return operator(os.LookupEnv, region, service, endpoint)
}

// operator is Operator with the environment as an argument.
func operator(lookup func(string) (string, bool), region string, service Service, endpoint string) (aws.Config, error) {
	env := Environment{lookup: lookup}
	cfg := aws.Config{Region: region, Credentials: aws.CredentialsProviderFunc(env.credentials)}
	if cfg.Region == "" {
		cfg.Region = env.Get("AWS_REGION")
	}
	if endpoint == "" {
		endpoint = env.Get("AWS_ENDPOINT_URL_" + Setting(service))
	}
	if endpoint != "" {
		cfg.BaseEndpoint = &endpoint
	}
	switch {
	case cfg.Region == "":
		return aws.Config{}, ErrNoRegion
	case env.Get("AWS_ACCESS_KEY_ID") == "" || env.Get("AWS_SECRET_ACCESS_KEY") == "":
		return aws.Config{}, ErrNoCredentials
	}
	return cfg, nil
}

// OperatorClock gives the clock of such a command: the real one, or that of a
// local stack.
func OperatorClock() (Clock, error) { return newClock(os.LookupEnv) }

// defaultStage is the stage that the template has by default.
const defaultStage = "production"

// OperatorStage gives the stage that the environment names, or the template's
// own default.
func OperatorStage() string {
	if named, set := os.LookupEnv(string(Stage)); set && named != "" {
		return named
	}
	return defaultStage
}
