// Command local runs Inzage on one machine: the deployed functions, with local
// stand-ins for the AWS services they call, on 127.0.0.1.
//
//	.build/local                      run, until Ctrl-C
//	.build/local -demo                show one request, from its mail to the files that are
//	                                  fetched, and what 400 days leave of it, on a
//	                                  throw-away state, then stop
//	.build/local -json -state DIR …   for automation: one line of JSON when ready
//
// It needs what make build and npm ci make. State lies in the folder -state.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/infra/local/story"
)

// flags are the command's settings.
type flags struct {
	stack.Options
	seed bool
	json bool
	demo bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "inzage:", err)
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(arguments []string, stderr io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet("local", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.Root, "root", ".", "folder of the project")
	set.StringVar(&f.State, "state", ".local", "folder of the state; a demonstration without one uses a throw-away folder")
	set.StringVar(&f.SMTP, "smtp", "127.0.0.1:2525", "address that takes in mail; port 0 chooses a free one, here and below")
	set.StringVar(&f.Web, "web", "127.0.0.1:8010", "address of portal and desk")
	set.StringVar(&f.Mailbox, "mailbox", "127.0.0.1:8025", "address of the mailbox page")
	set.StringVar(&f.Clock, "clock", "127.0.0.1:8030", "address of the clock page")
	set.BoolVar(&f.seed, "seed", true, "send one sample mail into a new state")
	set.BoolVar(&f.json, "json", false, "print one line of JSON when ready, and nothing else")
	set.BoolVar(&f.demo, "demo", false, "show one request, from its mail to the files that are fetched and what 400 days leave of it, and stop")
	if err := set.Parse(arguments); err != nil {
		return f, err
	}
	if set.NArg() > 0 {
		return f, fmt.Errorf("no argument is wanted after the flags, got %q", set.Arg(0))
	}
	given := map[string]bool{}
	set.Visit(func(one *flag.Flag) { given[one.Name] = true })
	if f.demo {
		f.forDemo(given)
	}
	f.DynamoDBEndpoint = os.Getenv("DYNAMODB_ENDPOINT")
	f.Lookup = os.LookupEnv
	f.Log = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	return f, nil
}

// forDemo gives a demonstration its own state, free ports and clock, save
// what was asked for.
func (f *flags) forDemo(given map[string]bool) {
	f.StartAt = story.DemoStart()
	if !given["state"] {
		f.State = ""
	}
	for name, address := range map[string]*string{"smtp": &f.SMTP, "web": &f.Web, "mailbox": &f.Mailbox, "clock": &f.Clock} {
		if !given[name] {
			*address = "127.0.0.1:0"
		}
	}
}

// run starts the stack and keeps it up, or shows the demonstration.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	f, err := parse(arguments, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil // -h: the flags are printed, and that was all
	}
	if err != nil {
		return err
	}
	if f.State == "" {
		if f.State, err = os.MkdirTemp("", "inzage-demo-"); err != nil {
			return fmt.Errorf("making a throw-away state: %w", err)
		}
		defer os.RemoveAll(f.State)
	}
	if f.State, err = filepath.Abs(f.State); err != nil {
		return fmt.Errorf("finding the state folder: %w", err)
	}
	running, err := stack.Start(ctx, f.Options)
	if err != nil {
		return err
	}
	defer running.Stop()
	teller, err := story.New(running, stdout)
	if err != nil {
		return err
	}
	switch {
	case f.demo:
		return teller.Demo(ctx, f.State)
	case f.json:
		err = ready(running, teller, f, stdout)
	default:
		err = greet(ctx, running, teller, f, stdout)
	}
	if ctx.Err() != nil {
		return nil // Ctrl-C while the sample mail was under way is no fault
	}
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-running.Broken():
		return err
	}
}

// ready prints the line that automation waits for. A sample mail is under way
// by then; automation waits for it by advancing the clock by nothing.
func ready(running *stack.Stack, teller *story.Teller, f flags, stdout io.Writer) error {
	if running.Fresh() && f.seed {
		if _, err := teller.SendSample(f.State, io.Discard); err != nil {
			return err
		}
	}
	staff, err := running.Staff()
	if err != nil {
		return err
	}
	at := running.Addresses()
	at.SMTP = "smtp://" + at.SMTP // every address is a full URL
	return json.NewEncoder(stdout).Encode(struct {
		stack.Addresses
		Staff []stack.Member `json:"staff"`
	}{at, staff})
}

// greet prints the addresses, then what becomes of the sample mail in a new
// state, or which cases an old one holds.
func greet(ctx context.Context, running *stack.Stack, teller *story.Teller, f flags, stdout io.Writer) error {
	at := running.Addresses()
	fmt.Fprintf(stdout, `Inzage is running for %s. Stop it with Ctrl-C.

  portal   %-28s  the data subject's pages, behind the links in letters
  desk     %-28s  staff pages, behind the links in letters to staff
  mailbox  %-28s  every letter that was sent
  clock    %-28s  the time here, how to move it, and the codes of the staff
  mail in  %-28s  SMTP, for %s
  state    %s

`, running.Profile().Controller.PublicName(), at.Portal, at.Desk, at.Mailbox, at.Clock, at.SMTP,
		running.Profile().Intake.Addresses[0], f.State)
	if !running.Fresh() || !f.seed {
		return found(ctx, teller, stdout)
	}
	fmt.Fprintln(stdout, "The state is new, so a sample mail comes in:")
	if _, err := teller.SendSample(f.State, stdout); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		_, err := running.Advance(ctx, running.Now())
		done <- err
	}()
	return teller.Until(ctx, done)
}

// found prints the cases that were there already.
func found(ctx context.Context, teller *story.Teller, stdout io.Writer) error {
	cases, err := teller.Cases(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Open cases found in the state: %d\n", len(cases))
	for _, one := range cases {
		fmt.Fprintf(stdout, "  %s  received %s, promised by %s\n", one.Number, one.Dates.ReceiptDay, one.Dates.PromiseDue)
	}
	return nil
}
