// Command inzage is the operator's tool: what has to be asked of, or done to,
// an installation by the person who runs it. It reads the organisation file
// and prints or writes what it was asked for; it keeps nothing itself. Only the
// verbs staff and ledger speak to an installation, on AWS or at any endpoint.
//
//	go run ./infra/inzage check [-organisation FILE]
//	go run ./infra/inzage organisation [-organisation FILE] -o FILE
//	go run ./infra/inzage staff enrol ID [-organisation FILE] [-stack NAME] …
//	go run ./infra/inzage staff remove ID …
//	go run ./infra/inzage staff list …
//	go run ./infra/inzage ledger export [-stack NAME] … > FILE
//	go run ./infra/inzage ledger verify FILE [-key KEY] [-kept FILE]
//	go run ./infra/inzage ledger key …
//
// Each verb has a file of its own. A verb ends with status 0 when all is well,
// 1 when what it looked at is not, and 2 when it was called wrongly.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const (
	// statusGood says that the verb did what was asked.
	statusGood = 0
	// statusFault says that the file or the machine was not as it should be.
	statusFault = 1
	// statusUsage says that the command line made no sense.
	statusUsage = 2
)

// defaultFile is the organisation file of this repository, seen from its root.
const defaultFile = "infra/organisation.yaml"

// verb is one thing that the command can do.
type verb struct {
	name string
	// about says in one line what the verb does.
	about string
	run   func(args []string, stdout, stderr io.Writer) int
}

// verbs lists all that the command can do, in the order of the usage text.
func verbs() []verb {
	return []verb{
		{"check", "say everything that is wrong with the organisation file", check},
		{"organisation", "write the checked organisation.json that the functions read", writeOrganisation},
		{"staff", "enrol, remove or list the members of staff who may sign in", staff},
		{"ledger", "export and verify the proof of all that happened", aboutLedger},
	}
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command, with its outputs as inputs so that tests can call
// it.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return statusUsage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(stdout)
		return statusGood
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "inzage: unknown verb %q\n", args[0])
	usage(stderr)
	return statusUsage
}

// usage prints the verbs.
func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: go run ./infra/inzage VERB [flags]")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-14s %s\n", v.name, v.about)
	}
	fmt.Fprintln(w, "VERB -h prints the flags of a verb")
}

// parse reads the flags of a verb. It reports false with the status to end
// with when the verb should not run: help was asked, or the line was wrong.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) (status int, ok bool) {
	flags.SetOutput(stderr)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return statusGood, false
	case err != nil:
		return statusUsage, false
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "inzage %s: unexpected argument %q\n", flags.Name(), flags.Arg(0))
		flags.Usage()
		return statusUsage, false
	}
	return statusGood, true
}
