package template

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// evaluate resolves the property "v" of a one-resource template that shares
// the parameters and conditions of the fixture.
func evaluate(t *testing.T, expression string, with Values) (any, error) {
	t.Helper()
	tmpl := fixture(t)
	own, err := Parse([]byte("Resources:\n  Own:\n    Type: T\n    Properties:\n      v: " + expression + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := own.Resource("Own")
	return tmpl.Resolve(r.Properties.Get("v"), with)
}

func TestResolveEvaluatesEveryFunction(t *testing.T) {
	tests := []struct {
		name, expression string
		want             any
	}{
		{"plain text", `hello`, "hello"},
		{"plain number", `12`, int64(12)},
		{"plain fraction", `1.5`, 1.5},
		{"plain boolean", `true`, true},
		{"null", `~`, nil},
		{"a parameter that was given", `!Ref PublicBaseURL`, "http://127.0.0.1:8080"},
		{"a parameter's default", `!Ref Mode`, "copy"},
		{"a numeric default is text", `!Ref Retention`, "14"},
		{"region", `!Ref "AWS::Region"`, "eu-west-1"},
		{"account", `!Ref "AWS::AccountId"`, "000000000000"},
		{"stack", `!Ref "AWS::StackName"`, "inzage"},
		{"partition", `!Ref "AWS::Partition"`, "aws"},
		{"a resource", `!Ref Cases`, "local:Cases"},
		{"an attribute", `!GetAtt Cases.Arn`, "local:Cases:Arn"},
		{"an attribute in long form", `{"Fn::GetAtt": [Cases, Arn]}`, "local:Cases:Arn"},
		{"Sub", `!Sub "arn:${AWS::Partition}:s3:::${Mode}/${Cases.Arn}/${!Literal}"`, "arn:aws:s3:::copy/local:Cases:Arn/${Literal}"},
		{"Sub with names", `!Sub ["${own}-${Mode}", {own: !Ref Retention}]`, "14-copy"},
		{"Join", `!Join [":", [a, !Ref Mode, 3]]`, "a:copy:3"},
		{"Select", `!Select [1, [a, b]]`, "b"},
		{"If that holds", `!If [IsCopy, yes, !Ref Nonexistent]`, "yes"},
		{"If that does not hold", `!If [IsNotCopy, !Ref Nonexistent, no]`, "no"},
		{"And and Or", `!If [Both, yes, no]`, "yes"},
		{"Equals by itself", `!Equals [!Ref Mode, mx]`, false},
		{"a list", `[1, !Ref Mode]`, []any{int64(1), "copy"}},
		{"NoValue leaves its entry out", `{a: 1, b: !Ref "AWS::NoValue", c: [!Ref "AWS::NoValue"]}`, map[string]any{"a": int64(1), "c": []any{}}},
		{"NoValue alone", `!Ref "AWS::NoValue"`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := evaluate(t, test.expression, values())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.expression, diff)
			}
		})
	}
}

func TestResolveNamesTheLineOfWhatItCannotResolve(t *testing.T) {
	tests := []struct{ name, expression, message string }{
		{"an unknown reference", `!Ref Nonexistent`, "names no parameter and no resource"},
		{"an unknown reference in Sub", `!Sub "${Nonexistent.Arn}"`, "names no parameter and no resource"},
		{"an unknown condition", `!If [Nonexistent, a, b]`, "no condition Nonexistent"},
		{"an unknown pseudo parameter", `!Ref "AWS::Moon"`, "cannot be resolved"},
		{"an unknown function", `!ImportValue x`, "Fn::ImportValue is not known here"},
		{"what the resolver refuses", `!Ref Mail`, "resolve Mail: no such thing here"},
		{"a list in a Sub", `!Sub ["${a}", {a: [1]}]`, "is not a text"},
		{"a Sub of a list", `!Sub [x]`, "Sub needs"},
		{"a Ref of a list", `!Ref [a]`, "argument of Ref"},
		{"a GetAtt without attribute", `!GetAtt Cases`, "GetAtt needs"},
		{"a Join of a text", `!Join [",", a]`, "Join needs"},
		{"a Join without separator", `!Join [[a], [a]]`, "Join needs"},
		{"a Select out of range", `!Select [2, [a, b]]`, "Select needs"},
		{"a Select of nothing", `!Select [x, [a, b]]`, "Select needs"},
		{"an If of two", `!If [IsCopy, a]`, "If needs"},
		{"an Equals of one", `!Equals [a]`, "Equals needs"},
		{"an Equals of a list", `!Equals [[a], b]`, "texts only"},
		{"a Not of two", `!Not [!Condition IsCopy, !Condition IsCopy]`, "Not needs"},
		{"an And of nothing", `!And []`, "And and Or need"},
		{"an Or of texts", `!Or [a]`, "must be a condition"},
		{"a Not of a text function", `!Not [!Ref Mode]`, "Ref is not a condition"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := evaluate(t, test.expression, values())
			if err == nil {
				t.Fatalf("resolved to %v", got)
			}
			wantText(t, err.Error(), "template.yaml: line 5: ", test.message)
		})
	}
}

func TestParameterWithoutDefaultMustBeGiven(t *testing.T) {
	with := values()
	with.Parameters = nil
	_, err := evaluate(t, `!Ref PublicBaseURL`, with)
	wantFault(t, err, 5, "no value was given")
}

func TestReferenceToAResourceNeedsAResolver(t *testing.T) {
	with := values()
	with.Resource = nil
	_, err := evaluate(t, `!GetAtt Cases.Arn`, with)
	wantFault(t, err, 5, "cannot be resolved")
}

func TestConditionThatRefersToItselfEnds(t *testing.T) {
	tmpl, err := Parse([]byte(`Conditions:
  A: !Condition B
  B: !Not [!Condition A]
Resources: {R: {Type: T, Condition: A}}
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = tmpl.Holds("A", Values{})
	wantFault(t, err, 2, "A refers to itself")
}

func TestHoldsFollowsTheGivenParameters(t *testing.T) {
	tmpl := fixture(t)
	for mode, want := range map[string]bool{"copy": true, "mx": false} {
		with := values()
		with.Parameters["Mode"] = mode
		got, err := tmpl.Holds("IsCopy", with)
		if err != nil || got != want {
			t.Errorf("mode %s: Holds = %v, %v", mode, got, err)
		}
	}
	if holds, err := tmpl.Holds("", Values{}); !holds || err != nil {
		t.Errorf("no condition: %v, %v", holds, err)
	}
	_, err := tmpl.Holds("Nonexistent", Values{})
	wantText(t, errText(err), "no condition Nonexistent")
}

func TestResolveTextRefusesWhatIsNoText(t *testing.T) {
	tmpl := fixture(t)
	cases, _ := tmpl.Resource("Cases")
	name, err := tmpl.ResolveText(cases.Properties.Get("TableName"), values())
	if err != nil || name != "inzage-cases" {
		t.Errorf("TableName = %q, %v", name, err)
	}
	_, err = tmpl.ResolveText(cases.Properties.Get("KeySchema"), values())
	wantText(t, errText(err), "must be a text")
}
