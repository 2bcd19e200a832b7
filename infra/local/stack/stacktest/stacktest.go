// Package stacktest makes project folders for tests of the whole stack: like the
// real one, with another organisation file. It stores only what it makes in the
// folder it is given.
package stacktest

import (
	"fmt"
	"os"
	"path/filepath"

	"polarweb.nl/inzage/internal/organisation"
)

// Root makes a project folder like root, whose organisation file was changed,
// and gives it back. Each function reads the file beside its own program.
func Root(folder, root string, change func(*organisation.Profile)) (string, error) {
	profile, err := readProfile(filepath.Join(root, ".build", "organisation.json"))
	if err != nil {
		return "", err
	}
	change(&profile)
	programs, err := filepath.Glob(filepath.Join(root, ".build", "*", "bootstrap"))
	if err != nil {
		return "", fmt.Errorf("looking for the functions: %w", err)
	}
	for _, program := range programs {
		function := filepath.Join(folder, ".build", filepath.Base(filepath.Dir(program)))
		if err := writeProfile(function, profile); err != nil {
			return "", err
		}
		if err := os.Symlink(program, filepath.Join(function, "bootstrap")); err != nil {
			return "", fmt.Errorf("putting a function beside its organisation file: %w", err)
		}
	}
	for _, name := range []string{"template.yaml", "node_modules"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(folder, name)); err != nil {
			return "", fmt.Errorf("making a project folder: %w", err)
		}
	}
	return folder, writeProfile(filepath.Join(folder, ".build"), profile)
}

// OnlyStaff makes everybody but one member of staff somebody who left.
func OnlyStaff(id string) func(*organisation.Profile) {
	return func(profile *organisation.Profile) {
		for i := range profile.Staff {
			profile.Staff[i].Active = profile.Staff[i].ID == id
		}
	}
}

// WithoutStaff makes one member of staff somebody who left.
func WithoutStaff(id string) func(*organisation.Profile) {
	return func(profile *organisation.Profile) {
		for i := range profile.Staff {
			profile.Staff[i].Active = profile.Staff[i].Active && profile.Staff[i].ID != id
		}
	}
}

// InMX lets all mail come to Inzage first, which passes ordinary mail on.
func InMX(humanMailbox string) func(*organisation.Profile) {
	return func(profile *organisation.Profile) {
		profile.Intake.Mode, profile.Intake.Provider = organisation.ModeMX, organisation.Provider{}
		profile.Intake.HumanMailbox = humanMailbox
	}
}

// readProfile reads an organisation.json.
func readProfile(path string) (organisation.Profile, error) {
	file, err := os.Open(path)
	if err != nil {
		return organisation.Profile{}, fmt.Errorf("reading the organisation file: %w", err)
	}
	defer file.Close()
	return organisation.Decode(file)
}

// writeProfile writes an organisation.json into a folder.
func writeProfile(folder string, profile organisation.Profile) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("making a folder for the organisation file: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, "organisation.json"))
	if err != nil {
		return fmt.Errorf("writing the organisation file: %w", err)
	}
	defer file.Close()
	return profile.Encode(file)
}
