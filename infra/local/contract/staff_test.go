package contract

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"polarweb.nl/inzage/infra/local/kms"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/internal/casestore"
	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/keyring"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/organisation/file"
	"polarweb.nl/inzage/internal/stepup"
)

// office is an installation that the operator's command is run against.
type office struct {
	t       *testing.T
	program string
	flags   []string
	store   *casestore.Store
}

// newOffice builds the command as an operator runs it, and makes a stack's
// tables and key for it.
func newOffice(t *testing.T) *office {
	t.Helper()
	db := database(t)
	named, cases, keys := declared(t, "office")
	if err := tables.Ensure(t.Context(), db.Client(), named); err != nil {
		t.Fatal(err)
	}
	endpoint, err := kms.New(kms.Options{
		StateDir: t.TempDir(), Region: "eu-west-1", Account: "000000000000",
		Keys:   []kms.Key{{ID: "wrapping", Spec: kms.AES256, Aliases: []string{"alias/office-data"}}},
		Lookup: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	client := awskms.New(awskms.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	o := &office{t: t, program: filepath.Join(t.TempDir(), "inzage"), store: &casestore.Store{
		// The functions know the key by its id, where the command knows an alias.
		API: casestore.NewAPI(db.Client()), Cases: cases, Keys: keys,
		Sealer: keyring.Sealer{Key: "wrapping", GenerateDataKey: client.GenerateDataKey, Decrypt: client.Decrypt},
	}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", o.program, "./infra/inzage")
	build.Dir, build.Env = root(), append(os.Environ(), "GOWORK=off")
	if told, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the command: %v\n%s", err, told)
	}
	o.flags = []string{"-stack", "office", "-region", "eu-west-1", "-dynamodb-endpoint", db.Endpoint(), "-kms-endpoint", server.URL}
	return o
}

// root is the project's folder, seen from this one.
func root() string { return filepath.Join("..", "..", "..") }

// run runs a verb about staff and gives what it printed.
func (o *office) run(arguments ...string) (stdout, stderr string, err error) {
	o.t.Helper()
	command := exec.CommandContext(o.t.Context(), o.program, append(append([]string{"staff"}, arguments...), o.flags...)...)
	command.Dir = root()
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local")
	var out, told strings.Builder
	command.Stdout, command.Stderr = &out, &told
	err = command.Run()
	return out.String(), told.String(), err
}

// mustRun runs a verb that must succeed.
func (o *office) mustRun(arguments ...string) string {
	o.t.Helper()
	stdout, stderr, err := o.run(arguments...)
	if err != nil {
		o.t.Fatalf("staff %v: %v\n%s", arguments, err, stderr)
	}
	return stdout
}

// mustFail runs a verb that must be refused, saying all of some words.
func (o *office) mustFail(words []string, arguments ...string) {
	o.t.Helper()
	stdout, stderr, err := o.run(arguments...)
	if err == nil || stdout != "" {
		o.t.Errorf("staff %v: %v, printed %q", arguments, err, stdout)
	}
	for _, word := range words {
		if !strings.Contains(stderr, word) {
			o.t.Errorf("staff %v does not say %q: %s", arguments, word, stderr)
		}
	}
}

// typedSecret reads the secret as a person would type it from the screen.
func typedSecret(t *testing.T, screen string) []byte {
	t.Helper()
	text := regexp.MustCompile(`(?m)^  ([A-Z2-7]{4}(?: [A-Z2-7]{4}){7})$`).FindStringSubmatch(screen)
	if text == nil {
		t.Fatalf("no secret on the screen:\n%s", screen)
	}
	secret, err := stepup.ParseText(text[1])
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// endless gives every link as many tries as anybody takes: these tests are
// about codes alone.
type endless struct{ *casestore.Store }

// Try implements casework.Letters.
func (endless) Try(context.Context, dsr.OwnerID, dsr.LinkID, int) error { return nil }

// signing is how the desk checks codes, over the office's store.
func (o *office) signing() casework.SigningIn {
	o.t.Helper()
	profile, _, err := file.Read(filepath.Join(root(), "infra", "organisation.yaml"))
	if err != nil {
		o.t.Fatal(err)
	}
	rules, err := casework.NewRules(profile)
	if err != nil {
		o.t.Fatal(err)
	}
	return casework.SigningIn{Rules: rules, Letters: endless{o.store}, Staff: o.store, CodeAt: stepup.CodeAt}
}

// accepted checks the code of a secret against the store.
func (o *office) accepted(now time.Time, actor dsr.ActorID, secret []byte) error {
	o.t.Helper()
	code, err := stepup.CodeAt(secret, stepup.StepAt(now))
	if err != nil {
		o.t.Fatal(err)
	}
	return o.signing().CheckAct(o.t.Context(), now, dsr.Session{Actor: actor}, code)
}

func TestEnrolledByTheCommandAMembersCodeIsAcceptedUntilTheyAreRemoved(t *testing.T) {
	o := newOffice(t)
	actor := dsr.ActorID(organisation.Staff{ID: "anouk"}.ActorID())
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)

	first := typedSecret(t, o.mustRun("enrol", "anouk"))
	if err := o.accepted(now, actor, first); err != nil {
		t.Errorf("the code of the secret on the screen: %v", err)
	}
	if err := o.accepted(now, actor, first); !errors.Is(err, casework.ErrCode) {
		t.Errorf("the same code again: %v", err)
	}
	o.mustFail([]string{"enrolled already", "go run ./infra/inzage staff remove anouk -stack office"}, "enrol", "anouk")
	if list := o.mustRun("list"); !strings.Contains(list, "anouk         enrolled on ") || !strings.Contains(list, "bram          not enrolled") {
		t.Errorf("the list says\n%s", list)
	}

	o.mustRun("remove", "anouk")
	now = now.Add(time.Minute)
	if err := o.accepted(now, actor, first); !errors.Is(err, casework.ErrNotStaff) {
		t.Errorf("after the removal: %v", err)
	}
	o.mustFail([]string{"anouk was not enrolled"}, "remove", "anouk")
	second := typedSecret(t, o.mustRun("enrol", "anouk"))
	if err := o.accepted(now, actor, first); !errors.Is(err, casework.ErrCode) {
		t.Errorf("the code of the lost secret: %v", err)
	}
	if err := o.accepted(now, actor, second); err != nil {
		t.Errorf("the code of the new secret: %v", err)
	}
}

func TestCommandNamesWhatIsNotThere(t *testing.T) {
	o := newOffice(t)
	o.mustFail([]string{"none-cases", "-stack", "-region"}, "list", "-cases-table", "none-cases")
	o.mustFail([]string{"alias/none", "-data-key", "DataKey"}, "enrol", "anouk", "-data-key", "alias/none")
	o.mustFail([]string{"none-keys", "-keys-table"}, "enrol", "anouk", "-keys-table", "none-keys")
	if _, err := o.store.Member(t.Context(), organisation.Staff{ID: "anouk"}.ActorID()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("half an enrolment is left: %v", err)
	}
}

// TestHundredPostsOfOneCodeCountOnceInDynamoDB is L13 at the real endpoint.
func TestHundredPostsOfOneCodeCountOnceInDynamoDB(t *testing.T) {
	o := newOffice(t)
	actor := dsr.ActorID(organisation.Staff{ID: "anouk"}.ActorID())
	secret := typedSecret(t, o.mustRun("enrol", "anouk"))
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	code, err := stepup.CodeAt(secret, stepup.StepAt(now))
	if err != nil {
		t.Fatal(err)
	}
	signing, ends := o.signing(), make(chan error, 100)
	for range cap(ends) {
		go func() {
			ends <- signing.CheckAct(t.Context(), now, dsr.Session{Actor: actor}, code)
		}()
	}
	counted := map[string]int{}
	for range cap(ends) {
		counted[fmt.Sprint(<-ends)]++
	}
	if counted["<nil>"] != 1 || counted[casework.ErrCode.Error()] != 99 {
		t.Errorf("the posts ended with %v", counted)
	}
}
