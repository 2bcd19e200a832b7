package dsr_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/dsr"
)

// declared gives the constants of a type in one file of the package, so that a
// word that is added there is met by the tests below.
func declared[T ~string](t *testing.T, file, kind string) []T {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		name, typed := spec.Type.(*ast.Ident)
		literal, text := spec.Values[0].(*ast.BasicLit)
		if typed && text && name.Name == kind {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, T(value))
		}
		return true
	})
	if len(list) < 2 {
		t.Fatalf("%s declares %d constants of type %s", file, len(list), kind)
	}
	return list
}

func TestEveryPurposeHasOneRule(t *testing.T) {
	var ruled []dsr.Purpose
	for _, rule := range dsr.PurposeRules() {
		ruled = append(ruled, rule.Purpose)
		if got, ok := rule.Purpose.Rule(); !ok || got != rule {
			t.Errorf("%s: Rule() = %+v, %t", rule.Purpose, got, ok)
		}
	}
	if diff := cmp.Diff(declared[dsr.Purpose](t, "link.go", "Purpose"), ruled); diff != "" {
		t.Errorf("purposes with a rule, in the order of their numbers (-want +got):\n%s", diff)
	}
	if rule, ok := dsr.Purpose("all").Rule(); ok || rule != (dsr.PurposeRule{}) {
		t.Errorf("an unknown purpose has the rule %+v", rule)
	}
}

func TestRulesOfLinksFollowTheirReader(t *testing.T) {
	paths := map[string]dsr.Purpose{}
	for _, rule := range dsr.PurposeRules() {
		want := "/mijn/"
		if rule.Staff {
			want = "/bureau/"
		}
		if len(rule.Path) <= len(want) || rule.Path[:len(want)] != want {
			t.Errorf("%s opens %s, want a page under %s", rule.Purpose, rule.Path, want)
		}
		if other, taken := paths[rule.Path]; taken {
			t.Errorf("%s and %s open one page", rule.Purpose, other)
		}
		paths[rule.Path] = rule.Purpose
		if rule.Staff && !rule.Code {
			t.Errorf("%s: staff act with a code", rule.Purpose)
		}
		if rule.RevChecked && (!rule.OneUse || !rule.Staff) {
			t.Errorf("%s decides about a revision: it has to be staff's and for one use", rule.Purpose)
		}
		if rule.Staff && rule.RevChecked != (rule.OneUse && rule.Life == 72*time.Hour) {
			t.Errorf("%s: a decision lives 72 hours and for one revision", rule.Purpose)
		}
	}
}

func TestEveryRightIsListedOnceAndNamedInBothLanguages(t *testing.T) {
	if diff := cmp.Diff(declared[dsr.Right](t, "right.go", "Right"), dsr.Rights()); diff != "" {
		t.Errorf("Rights() (-want +got):\n%s", diff)
	}
	names := map[string]bool{}
	for _, right := range dsr.Rights() {
		dutch, english := right.Name(dsr.Dutch), right.Name(dsr.English)
		if !right.Known() || dutch == string(right) || english == string(right) || dutch == english || names[dutch] || names[english] {
			t.Errorf("%s is named %q and %q", right, dutch, english)
		}
		names[dutch], names[english] = true, true
		if right.Name("fr") != dutch {
			t.Errorf("%s in a language we do not write is %q", right, right.Name("fr"))
		}
	}
	if unknown := dsr.Right("all"); unknown.Known() || unknown.Name(dsr.Dutch) != "all" {
		t.Error("an unknown right is known")
	}
}

func TestMergingKeepsEveryRightOnceInOrder(t *testing.T) {
	for _, test := range []struct{ a, b, want []dsr.Right }{
		{nil, nil, nil},
		{[]dsr.Right{dsr.Erasure, dsr.Access}, nil, []dsr.Right{dsr.Access, dsr.Erasure}},
		{nil, []dsr.Right{dsr.Objection}, []dsr.Right{dsr.Objection}},
		{[]dsr.Right{dsr.Erasure}, []dsr.Right{dsr.Access, dsr.Erasure}, []dsr.Right{dsr.Access, dsr.Erasure}},
		{[]dsr.Right{"all"}, []dsr.Right{dsr.Access, dsr.Access}, []dsr.Right{dsr.Access}},
	} {
		a, b := slices.Clone(test.a), slices.Clone(test.b)
		if diff := cmp.Diff(test.want, dsr.MergeRights(a, b)); diff != "" {
			t.Errorf("MergeRights(%v, %v) (-want +got):\n%s", test.a, test.b, diff)
		}
		if !slices.Equal(a, test.a) || !slices.Equal(b, test.b) {
			t.Errorf("merging changed what was merged: %v, %v", a, b)
		}
	}
}

func TestTypedNumberIsReadOrRefused(t *testing.T) {
	for typed, want := range map[string]dsr.Number{
		"AVG-2026-0001": "AVG-2026-0001", " avg-2026-12345\n": "AVG-2026-12345", "avg 2026\t0001": "AVG-2026-0001", "avg-nl-2026-0007": "AVG-NL-2026-0007",
	} {
		if got, ok := dsr.ParseNumber(typed); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %q, %t, want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{
		"", "AVG", "AVG-2026", "-2026-0001", "AVG--0001", "AVG-26-0001", "AVG-2026-001", "AVG-20x6-0001", "AVG-2026-000x",
		"AVG-2026-0001#CASE", "AVG-2026-0001\x00", "ÄVG-2026-0001", "AVG-2026-" + strings.Repeat("1", 40),
	} {
		if got, ok := dsr.ParseNumber(typed); ok {
			t.Errorf("ParseNumber(%q) = %q, want none", typed, got)
		}
	}
}

func TestNumberHoldsItsYear(t *testing.T) {
	for n, want := range map[int]dsr.Number{1: "AVG-2026-0001", 9999: "AVG-2026-9999", 10000: "AVG-2026-10000"} {
		if got := dsr.NewNumber("AVG", 2026, n); got != want || got.Year() != 2026 {
			t.Errorf("number %d is %s of %d", n, got, got.Year())
		}
	}
	if got := dsr.NewNumber("AVG-NL", 2026, 7).Year(); got != 2026 {
		t.Errorf("a prefix with a dash: year %d", got)
	}
	for _, malformed := range []dsr.Number{"", "AVG", "AVG-2026", "AVG-x-0001"} {
		if got := malformed.Year(); got != 0 {
			t.Errorf("%q is of %d", malformed, got)
		}
	}
}

func TestDayHoldsItsYear(t *testing.T) {
	for day, want := range map[dsr.Day]int{"2026-03-05": 2026, "2026-02-30": 0, "2026-3-5": 0, "": 0} {
		if got := day.Year(); got != want {
			t.Errorf("%q is of %d, want %d", day, got, want)
		}
	}
}

func TestOnlyMailThatNobodyHandledIsNotTerminal(t *testing.T) {
	for _, state := range declared[dsr.MailState](t, "mail.go", "MailState") {
		open := state == dsr.MailSeen || state == dsr.MailReading
		if state.Terminal() == open {
			t.Errorf("%s: terminal %t", state, state.Terminal())
		}
	}
	if dsr.MailState("").Terminal() {
		t.Error("a mail without a state needs nothing more")
	}
}

func TestCaseIsOpenUntilItIsClosed(t *testing.T) {
	for _, state := range declared[dsr.State](t, "work.go", "State") {
		if state.Open() != (state != dsr.Closed && state != dsr.Purged) {
			t.Errorf("%s: open %t", state, state.Open())
		}
	}
}

func TestUnbelievedSendersAreNotAnswered(t *testing.T) {
	for level, want := range map[dsr.TrustLevel]bool{dsr.TrustA: true, dsr.TrustB: true, dsr.TrustC: false, "": false, "D": false} {
		if got := (dsr.Trust{Level: level}).Answerable(); got != want {
			t.Errorf("level %q: answerable %t", level, got)
		}
	}
}
