package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/config"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/ledger"
)

// ledgerUsage says what the verb ledger takes.
const ledgerUsage = `usage: go run ./infra/inzage ledger VERB [flags]
  export         write all that proves what happened to standard output; it holds no readable text of a case
  verify FILE    say whether an export is whole and true; it asks nothing of the installation;
                 -key KEY and -kept CHECKPOINT hold it against what you kept elsewhere
  key            print the key by which checkpoints are verified; keep it elsewhere once
`

// book is the ledger of an installation as the verbs see it.
type book struct {
	export func(ctx context.Context, begin ledger.Begin, out io.Writer) error
	key    func(ctx context.Context) (string, error)
	clock  config.Clock
}

// aboutLedger finds the verb about the ledger and runs it.
func aboutLedger(args []string, stdout, stderr io.Writer) int {
	var run func(args []string, stdout, stderr io.Writer) int
	if len(args) > 0 {
		run = map[string]func(args []string, stdout, stderr io.Writer) int{
			"export": exportLedger, "verify": verifyLedger, "key": ledgerKey,
		}[args[0]]
	}
	if run == nil {
		fmt.Fprint(stderr, ledgerUsage)
		return statusUsage
	}
	return run(args[1:], stdout, stderr)
}

// exportLedger writes an export.
func exportLedger(args []string, stdout, stderr io.Writer) int {
	return onLedger("export", args, stderr, func(ctx context.Context, on book) error {
		key, err := on.key(ctx)
		if err != nil {
			return err
		}
		now, err := on.clock(ctx)
		if err != nil {
			return err
		}
		return on.export(ctx, ledger.NewBegin(key, now), stdout)
	})
}

// ledgerKey prints the key of the checkpoints.
func ledgerKey(args []string, stdout, stderr io.Writer) int {
	return onLedger("key", args, stderr, func(ctx context.Context, on book) error {
		key, err := on.key(ctx)
		if err == nil {
			_, err = fmt.Fprintln(stdout, key)
		}
		return err
	})
}

// onLedger reads the flags of a verb that speaks to an installation, and runs it.
func onLedger(verb string, args []string, stderr io.Writer, do func(context.Context, book) error) int {
	flags := flag.NewFlagSet("ledger "+verb, flag.ContinueOnError)
	var place installation
	place.declare(flags)
	stage := flags.String("stage", config.OperatorStage(), "the `stage` of the installation, as its template was given it")
	signing := flags.String("checkpoint-key", "", "id, ARN or alias of the `key` that signs checkpoints (default alias/STACK-checkpoints)")
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	place.checkpointKey = *signing
	on, err := place.openLedger(*stage, stderr)
	if err == nil {
		err = place.remedy(do(context.Background(), on))
	}
	if err != nil {
		fmt.Fprintf(stderr, "inzage ledger %s: %v\n", verb, err)
		return statusFault
	}
	return statusGood
}

// openLedger gives what can be done to the ledger of the installation.
func (i *installation) openLedger(stage string, stderr io.Writer) (book, error) {
	profile, err := readClean(i.organisation, stderr)
	if err != nil {
		return book{}, err
	}
	clock, err := config.OperatorClock()
	if err != nil {
		return book{}, err
	}
	tables, err := config.Operator(i.region, config.DynamoDB, i.dynamoDB)
	if err != nil {
		return book{}, err
	}
	keys, err := config.Operator(i.region, config.KMS, i.kms)
	if err != nil {
		return book{}, err
	}
	client := dynamodb.NewFromConfig(tables)
	i.cases, i.checkpointKey = named(i.cases, i.stack+"-cases"), named(i.checkpointKey, "alias/"+i.stack+"-checkpoints")
	store := &casestore.Store{API: casestore.API{GetItem: client.GetItem, Query: client.Query}, Cases: i.cases}
	signer := keyring.Signer{
		Key: i.checkpointKey, Origin: profile.LedgerOrigin(stage), GetPublicKey: kms.NewFromConfig(keys).GetPublicKey,
	}
	return book{
		export: func(ctx context.Context, begin ledger.Begin, out io.Writer) error {
			return store.Export(ctx, client.Scan, begin, out)
		},
		key: signer.Public, clock: clock,
	}, nil
}

// files are names of files that a flag was given, once each.
type files []string

// String gives them as one text.
func (f *files) String() string { return strings.Join(*f, " ") }

// Set adds one.
func (f *files) Set(name string) error {
	*f = append(*f, name)
	return nil
}

// verifyLedger verifies an export that lies in a file.
func verifyLedger(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ledger verify", flag.ContinueOnError)
	key := flags.String("key", "", "the `key` of the checkpoints that you kept (default the one that the export names)")
	var kept files
	flags.Var(&kept, "kept", "a `file` with a checkpoint that was kept elsewhere; may be given more than once")
	var name string
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	if name == "" {
		fmt.Fprintln(stderr, "inzage ledger verify: say which file, before any flag")
		return statusUsage
	}
	report, err := verifyFile(name, *key, kept)
	if err != nil {
		fmt.Fprintf(stderr, "inzage ledger verify: %v\n", err)
		return statusFault
	}
	return tell(report, *key, stdout)
}

// verifyFile verifies an export against checkpoints that were kept elsewhere.
func verifyFile(name, key string, kept []string) (ledger.Report, error) {
	file, err := os.Open(name)
	if err != nil {
		return ledger.Report{}, fmt.Errorf("opening the export: %w", err)
	}
	defer file.Close()
	var older []string
	for _, one := range kept {
		text, err := os.ReadFile(one)
		if err != nil {
			return ledger.Report{}, fmt.Errorf("reading a checkpoint: %w", err)
		}
		older = append(older, string(text))
	}
	return ledger.Verify(bufio.NewReader(file), key, older...)
}

// maxFindings is how many findings are printed; one forged row can cause many.
const maxFindings = 50

// tell prints a report and gives the status to end with.
func tell(report ledger.Report, key string, out io.Writer) int {
	for i, finding := range report.Findings {
		if i == maxFindings {
			fmt.Fprintf(out, "and %d more\n", len(report.Findings)-maxFindings)
			break
		}
		fmt.Fprintln(out, finding)
	}
	n := report.Counts
	fmt.Fprintf(out, "%d cases, %d events, %d leaves, %d pending, %d expired, %d checkpoints\n",
		n.Cases, n.Events, n.Leaves, n.Pending, n.Expired, n.Checkpoints)
	if !report.First.IsZero() {
		const minutes = "2006-01-02 15:04 UTC"
		fmt.Fprintf(out, "from %s to %s\n", report.First.UTC().Format(minutes), report.Last.UTC().Format(minutes))
	}
	fmt.Fprintf(out, "tree of %d leaves, root %s; %d of them under a checkpoint\n", report.Tree.Size, report.Tree.Root, report.Signed)
	if key == "" {
		fmt.Fprintln(out, "the key is the one that the export names: compare it with the one you kept")
	}
	if !report.OK() {
		fmt.Fprintf(out, "NOT OK: %d findings\n", len(report.Findings))
		return statusFault
	}
	fmt.Fprintln(out, "ok")
	return statusGood
}
