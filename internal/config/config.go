// Package config is the only reader of the environment. It gives each function
// its settings, its AWS configuration and its clock, and says in one error all
// that is missing.
//
// On AWS the variables are set by template.yaml. Locally the stack sets the
// same ones, plus AWS_ENDPOINT_URL_<SERVICE> for each service it stands in for
// and INZAGE_CLOCK_URL for its clock. The organisation's profile lies as
// organisation.json beside the function's binary. Nothing is stored.
package config

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/organisation"
)

// Setting is a variable of a function's environment.
type Setting string

// The settings, each set in template.yaml for the functions that name it.
const (
	CasesTable       Setting = "INZAGE_CASES_TABLE"       // name of the Cases table
	KeysTable        Setting = "INZAGE_KEYS_TABLE"        // name of the Keys table
	MailBucket       Setting = "INZAGE_MAIL_BUCKET"       // where SES puts incoming mail
	VaultBucket      Setting = "INZAGE_VAULT_BUCKET"      // sealed files
	DataKey          Setting = "INZAGE_DATA_KEY"          // KMS key that wraps data keys
	StaffLinkKey     Setting = "INZAGE_STAFF_LINK_KEY"    // KMS key of links for staff
	SubjectLinkKey   Setting = "INZAGE_SUBJECT_LINK_KEY"  // KMS key of links for data subjects
	Stage            Setting = "INZAGE_STAGE"             // names the installation in the MAC of links
	BaseURL          Setting = "INZAGE_BASE_URL"          // where portal and desk are reached; no slash at the end
	ConfigurationSet Setting = "INZAGE_CONFIGURATION_SET" // SES configuration set for letters
	IntakeFunction   Setting = "INZAGE_INTAKE_FUNCTION"   // name of the intake function
	DispatchFunction Setting = "INZAGE_DISPATCH_FUNCTION" // name of the dispatch function
	IDCheckFunction  Setting = "INZAGE_IDCHECK_FUNCTION"  // name of the function that looks at ID copies
	ParcelFunction   Setting = "INZAGE_PARCEL_FUNCTION"   // name of the function that seals and packs files
	CheckpointBucket Setting = "INZAGE_CHECKPOINT_BUCKET" // signed checkpoints of the ledger
	CheckpointKey    Setting = "INZAGE_CHECKPOINT_KEY"    // KMS key that signs them
)

// clockURL makes a function ask a stand-in clock for the time. It is no
// Setting: no template may name it.
const clockURL = "INZAGE_CLOCK_URL"

// Environment is one function's surroundings.
type Environment struct {
	Clock   Clock
	Log     *slog.Logger
	Random  io.Reader
	Rules   casework.Rules
	Profile organisation.Profile

	lookup func(string) (string, bool)
}

// Load reads the process's environment and the profile beside the binary. All
// of wanted must be set; what is missing is named in one error.
func Load(wanted ...Setting) (Environment, error) {
	return load(os.LookupEnv, os.Stdout, wanted)
}

// load is Load with the environment as an argument.
func load(lookup func(string) (string, bool), log io.Writer, wanted []Setting) (Environment, error) {
	env := Environment{Log: newLog(log), Random: rand.Reader, lookup: lookup}
	faults := env.missing(append(wanted, "AWS_REGION"))
	clock, err := newClock(lookup)
	faults = errors.Join(faults, err)
	env.Clock = clock
	profile, err := readProfile(lookup)
	if err = errors.Join(faults, err); err != nil {
		return Environment{}, fmt.Errorf("reading the function's settings: %w", err)
	}
	env.Profile = profile
	if env.Rules, err = casework.NewRules(profile); err != nil {
		return Environment{}, err
	}
	return env, nil
}

// missing names every setting that is empty or cannot be read.
func (e Environment) missing(wanted []Setting) error {
	var faults error
	for _, setting := range wanted {
		switch {
		case e.Get(setting) == "":
			faults = errors.Join(faults, fmt.Errorf("%s is not set", setting))
		case setting == StaffLinkKey || setting == SubjectLinkKey:
			_, err := e.linkKeys(setting)
			faults = errors.Join(faults, err)
		}
	}
	return faults
}

// Get gives a setting; Load made sure that those it was asked for are there.
func (e Environment) Get(setting Setting) string {
	value, _ := e.lookup(string(setting))
	return value
}

// Place gives what acts of casework need beside their ports.
func (e Environment) Place() casework.Place {
	return casework.Place{Random: e.Random, Pause: pause}
}

// readProfile reads organisation.json from the folder of the function's code.
func readProfile(lookup func(string) (string, bool)) (organisation.Profile, error) {
	folder, _ := lookup("LAMBDA_TASK_ROOT")
	file, err := os.Open(filepath.Join(folder, "organisation.json"))
	if err != nil {
		return organisation.Profile{}, fmt.Errorf("opening the organisation's profile: %w", err)
	}
	defer file.Close()
	profile, err := organisation.Decode(file)
	if err != nil {
		return organisation.Profile{}, fmt.Errorf("reading the organisation's profile: %w", err)
	}
	return profile, nil
}
