package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
	"polarweb.nl/inzage/internal/organisation/file"
	"polarweb.nl/inzage/internal/stepup"
)

// office is an installation in memory with the shipped organisation file.
type office struct {
	t      *testing.T
	memory *caseworktest.Memory
	roster roster
	out    bytes.Buffer
	asked  request
}

// newOffice opens an office.
func newOffice(t *testing.T) *office {
	t.Helper()
	profile, _, err := file.Read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{3})
	o := &office{t: t, memory: caseworktest.New(caseworktest.Open, caseworktest.Flaws{}, random, caseworktest.Sealer{Gate: caseworktest.Open})}
	o.roster = roster{
		member: o.memory.Member, enrol: o.memory.Enrol, remove: o.memory.Remove, cases: o.memory, open: o.memory.OpenCases,
	}
	o.asked = request{
		now: time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC), random: random, profile: profile, out: &o.out,
		place: installation{organisation: "infra/organisation.yaml", stack: "inzage"},
	}
	return o
}

// do runs a verb and gives what it printed.
func (o *office) do(verb func(context.Context, request, roster) error, id string) (string, error) {
	o.out.Reset()
	o.asked.id = id
	err := verb(o.t.Context(), o.asked, o.roster)
	return o.out.String(), err
}

// mustDo runs a verb that must succeed.
func (o *office) mustDo(verb func(context.Context, request, roster) error, id string) string {
	o.t.Helper()
	said, err := o.do(verb, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return said
}

// mustSay fails the test unless a text says all of some words.
func mustSay(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not said in:\n%s", word, text)
		}
	}
}

func TestEnrolmentShowsTheStoredSecretInThreeForms(t *testing.T) {
	o := newOffice(t)
	said := o.mustDo(enrol, "anouk")
	secret, err := o.memory.Secret(t.Context(), organisation.Staff{ID: "anouk"}.ActorID())
	if err != nil {
		t.Fatal(err)
	}
	address, err := stepup.URL("PolarWeb", "anouk", secret)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := stepup.QR(address)
	if err != nil {
		t.Fatal(err)
	}
	mustSay(t, said, spaced(stepup.Text(secret)), address, picture, "shown this once", "Next:", "staff remove anouk")
	if strings.Contains(said, "@") {
		t.Error("a mail address stands beside the secret")
	}
	typed := regexp.MustCompile(`(?m)^  ([A-Z2-7]{4}(?: [A-Z2-7]{4})+)$`).FindStringSubmatch(said)
	if typed == nil {
		t.Fatal("no secret to type is shown")
	}
	if read, err := stepup.ParseText(typed[1]); err != nil || !bytes.Equal(read, secret) {
		t.Errorf("typed over, the secret is %q, %v", read, err)
	}
}

func TestSecretIsShownOnce(t *testing.T) {
	o := newOffice(t)
	o.mustDo(enrol, "anouk")
	said, err := o.do(enrol, "anouk")
	if !errors.Is(err, casework.ErrEnrolled) || said != "" {
		t.Fatalf("a second enrolment: %v, printed %q", err, said)
	}
	mustSay(t, err.Error(), "go run ./infra/inzage staff remove anouk", "enrol again")
	if list := o.mustDo(list, ""); strings.Contains(list, stepup.Text(secretOf(o, "anouk"))) {
		t.Error("the list shows a secret")
	}
}

// secretOf gives the stored secret.
func secretOf(o *office, id string) []byte {
	o.t.Helper()
	secret, err := o.memory.Secret(o.t.Context(), organisation.Staff{ID: id}.ActorID())
	if err != nil {
		o.t.Fatal(err)
	}
	return secret
}

func TestEnrolledAgainAMemberHasAnotherSecret(t *testing.T) {
	o := newOffice(t)
	o.mustDo(enrol, "anouk")
	first := secretOf(o, "anouk")
	mustSay(t, o.mustDo(remove, "anouk"), "anouk is removed", "every session has ended")
	o.mustDo(enrol, "anouk")
	if bytes.Equal(first, secretOf(o, "anouk")) {
		t.Error("the lost secret counts again")
	}
}

func TestWhoIsNotStaffIsNotEnrolled(t *testing.T) {
	o := newOffice(t)
	said, err := o.do(enrol, "anouck")
	if err == nil || said != "" {
		t.Fatalf("printed %q, %v", said, err)
	}
	mustSay(t, err.Error(), `"anouck"`, "anouk, bram, carla", "infra/organisation.yaml")
	o.asked.profile.Staff[1].Active = false
	said, err = o.do(enrol, "bram")
	if err == nil || said != "" {
		t.Fatalf("printed %q, %v", said, err)
	}
	mustSay(t, err.Error(), "bram has left", "active: true")
}

func TestSecretThatCannotBeShownIsNotStored(t *testing.T) {
	o := newOffice(t)
	o.asked.profile.Controller.TradeName = "A:B"
	if said, err := o.do(enrol, "anouk"); !errors.Is(err, stepup.ErrLabel) || said != "" {
		t.Fatalf("printed %q, %v", said, err)
	}
	mustSay(t, o.mustDo(list, ""), "not enrolled: go run ./infra/inzage staff enrol anouk")
}

// unreadable is a store that fails to give a member.
func unreadable(err error) func(context.Context, dsr.ActorID) (dsr.Member, error) {
	return func(context.Context, dsr.ActorID) (dsr.Member, error) { return dsr.Member{}, err }
}

// closed is a terminal that was closed.
type closed struct{}

// Write implements io.Writer.
func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestSecretThatNobodySawIsToBeTakenAway(t *testing.T) {
	o := newOffice(t)
	o.asked.out = closed{}
	_, err := o.do(enrol, "anouk")
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Fatalf("got %v", err)
	}
	mustSay(t, err.Error(), "staff remove anouk")
}

func TestRemovalOfWhoWasNeverEnrolledSaysSoAndClearsWhatIsLeft(t *testing.T) {
	o := newOffice(t)
	removed := 0
	o.roster.remove = func(context.Context, dsr.ActorID) error { removed++; return nil }
	said, err := o.do(remove, "anouck")
	if err == nil || said != "" || removed != 1 {
		t.Fatalf("printed %q, %v, removed %d times", said, err, removed)
	}
	mustSay(t, err.Error(), "anouck was not enrolled", "anouk, bram, carla")
}

func TestListSaysWhatIsToBeDone(t *testing.T) {
	o := newOffice(t)
	o.mustDo(enrol, "anouk")
	o.mustDo(enrol, "carla")
	o.asked.profile.Staff[2].Active = false
	o.asked.profile.Staff = append(o.asked.profile.Staff, organisation.Staff{ID: "dirk"})
	want := `anouk         enrolled on 2026-03-05 08:00 UTC
bram          not enrolled: go run ./infra/inzage staff enrol bram
carla         has left and is still enrolled: go run ./infra/inzage staff remove carla
dirk          has left
`
	if said := o.mustDo(list, ""); said != want {
		t.Errorf("the list is\n%swant\n%s", said, want)
	}
}

func TestFaultOfTheStoreIsAnError(t *testing.T) {
	broken := errors.New("broken")
	fail := func(context.Context, dsr.ActorID) error { return broken }
	for name, one := range map[string]struct {
		verb  func(context.Context, request, roster) error
		spoil func(*roster)
	}{
		"enrol":           {enrol, func(r *roster) { r.enrol = func(context.Context, dsr.Member, []byte) error { return broken } }},
		"remove":          {remove, func(r *roster) { r.remove = fail }},
		"remove, reading": {remove, func(r *roster) { r.member = unreadable(broken) }},
		"list":            {list, func(r *roster) { r.member = unreadable(broken) }},
	} {
		o := newOffice(t)
		one.spoil(&o.roster)
		if said, err := o.do(one.verb, "anouk"); !errors.Is(err, broken) || said != "" {
			t.Errorf("%s: printed %q, %v", name, said, err)
		}
	}
}

func TestErrorOfAWSNamesTheWayOut(t *testing.T) {
	place := installation{stack: "desk", cases: "desk-cases", keys: "desk-keys", dataKey: "alias/desk-data"}
	for name, one := range map[string]struct {
		err   error
		words []string
	}{
		"no table":   {&dynamodbtypes.ResourceNotFoundException{}, []string{"desk-cases", "desk-keys", "-stack", "-region", "-cases-table"}},
		"no key":     {&kmstypes.NotFoundException{}, []string{"alias/desk-data", "-data-key", "--stack-name desk", "DataKey"}},
		"no right":   {&smithy.GenericAPIError{Code: "AccessDeniedException"}, []string{"DeleteItem", "kms:GenerateDataKey"}},
		"a conflict": {casework.ErrConflict, []string{"staff list"}},
		"the rest":   {io.ErrUnexpectedEOF, nil},
	} {
		got := place.remedy(fmt.Errorf("enrolling anouk: %w", one.err))
		if !errors.Is(got, one.err) {
			t.Errorf("%s: %v is lost", name, one.err)
		}
		mustSay(t, got.Error(), append(one.words, "enrolling anouk")...)
	}
	if err := place.remedy(nil); err != nil {
		t.Errorf("success became %v", err)
	}
}

func TestNamesFollowFromTheStack(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	place := installation{stack: "desk", region: "eu-west-1"}
	if _, err := place.open(nil); err != nil {
		t.Fatal(err)
	}
	if place.cases != "desk-cases" || place.keys != "desk-keys" || place.dataKey != "alias/desk-data" {
		t.Errorf("names %+v", place)
	}
	place = installation{stack: "desk", region: "eu-west-1", cases: "c", keys: "k", dataKey: "d"}
	if _, err := place.open(nil); err != nil || place.cases+place.keys+place.dataKey != "ckd" {
		t.Errorf("names %+v, %v", place, err)
	}
	mustSay(t, place.command("remove", "anouk"), "staff remove anouk -stack desk")
}

func TestShippedTablesAreNamedByTheStack(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mustSay(t, string(template), `TableName: !Sub "${AWS::StackName}-cases"`, `TableName: !Sub "${AWS::StackName}-keys"`)
}

func TestInviteSaysWhyNobodyGetsALink(t *testing.T) {
	o := newOffice(t)
	if _, err := o.do(invite, "anouk"); err == nil {
		t.Error("without an open case there is a link")
	} else {
		mustSay(t, err.Error(), "no case is open", "anouk")
	}
	if _, err := o.do(invite, "nobody"); err == nil {
		t.Error("nobody is invited")
	} else {
		mustSay(t, err.Error(), "nobody's id")
	}
}
