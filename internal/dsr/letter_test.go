package dsr_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// refs gives a letter of every kind of owner.
func refs(t *testing.T) []dsr.LetterRef {
	t.Helper()
	id, err := dsr.NewOwnerID(seeded())
	if err != nil {
		t.Fatal(err)
	}
	return []dsr.LetterRef{
		{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.Acknowledgement, N: 1},
		{OwnerKind: dsr.OwnedByCase, Case: id, Kind: dsr.NewCaseNotice, N: 12},
		{OwnerKind: dsr.OwnedByMail, MailID: "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1", Kind: dsr.MailNotice, N: 2},
		{OwnerKind: dsr.OwnedByMail, MailID: "0102018e-a1b2", Kind: dsr.MailNotice, N: 1},
	}
}

// sesTag is the alphabet and length of a message tag's value
// (docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html).
var sesTag = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func TestLetterTagReadsBackAndFitsInSES(t *testing.T) {
	seen := map[string]bool{}
	for _, ref := range refs(t) {
		tag := ref.Tag()
		if got, err := dsr.ParseLetterTag(tag); err != nil || got != ref {
			t.Errorf("%q reads as %+v, %v; want %+v", tag, got, err, ref)
		}
		if !sesTag.MatchString(tag) || seen[tag] {
			t.Errorf("%q is no tag of its own for SES", tag)
		}
		seen[tag] = true
	}
}

func TestLetterTagHasOneSpelling(t *testing.T) {
	id := refs(t)[0].Case.String()
	for _, tag := range []string{
		"", "case", "case_" + id + "_M01", "case_" + id + "_M01_1_1", "case_" + id + "_M01_0", "case_" + id + "_M01_-1",
		"case_" + id + "_M01_01", "case_" + id + "_M01_+1", "case_" + id + "_M01_", "case_" + id + "_M01_x",
		"case_" + strings.ToUpper(id) + "_M01_1", "case_" + id[1:] + "_M01_1", "Case_" + id + "_M01_1",
		"org_" + id + "_M01_1", "_" + id + "_M01_1", "mail_a_S7_99999999999999999999",
	} {
		if got, err := dsr.ParseLetterTag(tag); !errors.Is(err, dsr.ErrBadLetterRef) || got != (dsr.LetterRef{}) {
			t.Errorf("%q reads as %+v, %v", tag, got, err)
		}
	}
}

// letterStates are the states in the order a letter meets them.
func letterStates() []dsr.LetterState {
	return []dsr.LetterState{
		dsr.LetterWaiting, dsr.LetterClaimed, dsr.LetterPosted, dsr.LetterArrived,
		dsr.LetterUnwanted, dsr.LetterReturned, dsr.LetterFailed,
	}
}

func TestLetterNeverGoesBack(t *testing.T) {
	for i, from := range letterStates() {
		for j, to := range letterStates() {
			if got := from.Before(to); got != (i < j) {
				t.Errorf("from %s to %s: %t, want %t", from, to, got, i < j)
			}
		}
	}
}

func TestNoLetterStateIsForgotten(t *testing.T) {
	if diff := cmp.Diff(declared[dsr.LetterState](t, "letter.go", "LetterState"), letterStates()); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestTwoKindsOfLettersBringAnAnswer(t *testing.T) {
	for _, kind := range declared[dsr.LetterKind](t, "letter.go", "LetterKind") {
		if want := kind == dsr.AnswerLetter || kind == dsr.RefusalLetter; kind.Answers() != want {
			t.Errorf("%s: answers %t", kind, kind.Answers())
		}
	}
}

func TestAddresseeWhoIsNotStaffIsADataSubject(t *testing.T) {
	for want, list := range map[bool][]dsr.Addressee{
		true: {{Requester: true}, {Contact: 1}, {Contact: 2}}, false: {{}, {Staff: dsr.ActorID{1}}},
	} {
		for _, to := range list {
			if to.Personal() != want {
				t.Errorf("%+v: personal %t", to, to.Personal())
			}
		}
	}
}

func TestLetterIsOutstandingUntilSESHasIt(t *testing.T) {
	for i, state := range letterStates() {
		if got := state.Outstanding(); got != (i < 2) {
			t.Errorf("%s: outstanding %t", state, got)
		}
	}
}
