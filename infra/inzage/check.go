package main

import (
	"flag"
	"fmt"
	"io"

	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/organisation/file"
)

// check prints every finding about the organisation file, and one line that
// sums it up when it may be used. Findings are the answer that was asked for,
// so they go to stdout.
func check(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	path := flags.String("organisation", defaultFile, "the organisation `file` to look at")
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	profile, findings, err := file.Read(*path)
	if err != nil {
		fmt.Fprintf(stderr, "inzage check: %v\n", err)
		return statusFault
	}
	for _, finding := range findings {
		fmt.Fprintln(stdout, finding)
	}
	if file.HasErrors(findings) {
		fmt.Fprintf(stderr, "inzage check: %s in %s\n", counted(findings, file.Error), *path)
		return statusFault
	}
	fmt.Fprintf(stdout, "%s: %s, %s, %s\n", *path, summary(profile),
		counted(findings, file.Warning), counted(findings, file.Note))
	return statusGood
}

// summary names what an operator wants to recognise: whose file this is.
func summary(p organisation.Profile) string {
	return fmt.Sprintf("%s, %s mode, %d staff, privacy statement since %s",
		p.Controller.PublicName(), p.Intake.Mode, len(p.Staff), p.Statement[0].From)
}

// counted writes "1 warning" or "2 warnings".
func counted(findings []file.Finding, severity file.Severity) string {
	count := file.Count(findings, severity)
	if count == 1 {
		return "1 " + string(severity)
	}
	return fmt.Sprintf("%d %ss", count, severity)
}
