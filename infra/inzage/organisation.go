package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/organisation/file"
)

// writeOrganisation turns the organisation file into the JSON that stands
// beside each function. A file with an error is refused and whatever was
// written before stays as it was.
func writeOrganisation(args []string, _, stderr io.Writer) int {
	flags := flag.NewFlagSet("organisation", flag.ContinueOnError)
	path := flags.String("organisation", defaultFile, "the organisation `file` to read")
	out := flags.String("o", "", "the `file` to write (required)")
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	if *out == "" {
		fmt.Fprintln(stderr, "inzage organisation: -o says where to write and is required")
		flags.Usage()
		return statusUsage
	}
	profile, err := readClean(*path, stderr)
	if err == nil {
		err = writeWhole(*out, profile)
	}
	if err != nil {
		fmt.Fprintf(stderr, "inzage organisation: %v\n", err)
		return statusFault
	}
	return statusGood
}

// readClean reads the organisation file and prints errors and warnings. Notes
// are for check: a build that repeats them teaches people not to look.
func readClean(path string, stderr io.Writer) (organisation.Profile, error) {
	profile, findings, err := file.Read(path)
	if err != nil {
		return organisation.Profile{}, err
	}
	for _, finding := range findings {
		if finding.Severity != file.Note {
			fmt.Fprintln(stderr, finding)
		}
	}
	if file.HasErrors(findings) {
		return organisation.Profile{}, fmt.Errorf("%s in %s; nothing was written", counted(findings, file.Error), path)
	}
	return profile, nil
}

// writeWhole writes the profile beside its place and then moves it there, so
// that a build that is interrupted leaves no half file for a function to read.
func writeWhole(path string, profile organisation.Profile) (err error) {
	var text bytes.Buffer
	if err := profile.Encode(&text); err != nil {
		return err
	}
	half, err := os.CreateTemp(filepath.Dir(path), ".organisation-*.json")
	if err != nil {
		return fmt.Errorf("make a file beside the one to write: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(half.Name()))
		}
	}()
	_, err = half.Write(text.Bytes())
	// A function runs under another user than the build, and must read it.
	if err = errors.Join(err, half.Chmod(0o644), half.Close()); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	if err = os.Rename(half.Name(), path); err != nil {
		return fmt.Errorf("move the profile into its place: %w", err)
	}
	return nil
}
