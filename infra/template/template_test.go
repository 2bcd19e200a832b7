package template

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fixture reads testdata/template.yaml.
func fixture(t *testing.T) *Template {
	t.Helper()
	tmpl, err := Read(filepath.Join("testdata", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// values are what the fixture is evaluated with.
func values() Values {
	return Values{
		Region: "eu-west-1", AccountID: "000000000000", StackName: "inzage",
		Parameters: map[string]string{"PublicBaseURL": "http://127.0.0.1:8080"},
		Resource: func(id, attribute string) (string, error) {
			if id == "Mail" {
				return "", errors.New("no such thing here")
			}
			return strings.TrimSuffix("local:"+id+":"+attribute, ":"), nil
		},
	}
}

// ignoreLines leaves the lines out of a comparison that is about meaning.
var ignoreLines = cmpopts.IgnoreFields(Value{}, "Line")

func TestResourcesComeInTheOrderOfTheirLogicalIDs(t *testing.T) {
	var got []string
	for _, r := range fixture(t).Resources() {
		got = append(got, r.LogicalID)
	}
	want := []string{"Cases", "DeadLetters", "Dispatch", "Intake", "IntakeQueue", "Keys", "Mail", "Portal", "Sweep"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("logical ids (-want +got):\n%s", diff)
	}
}

func TestResourceKeepsWhatStandsBesideItsProperties(t *testing.T) {
	tmpl := fixture(t)
	cases, _ := tmpl.Resource("Cases")
	sweep, _ := tmpl.Resource("Sweep")
	intake, ok := tmpl.Resource("Intake")
	if !ok || cases.DeletionPolicy != "Retain" || sweep.Condition != "IsCopy" || cases.Type != "AWS::DynamoDB::Table" {
		t.Errorf("Cases %+v, Sweep %q", cases.DeletionPolicy, sweep.Condition)
	}
	if got := intake.Metadata.Get("BuildMethod").Plain; got != "makefile" {
		t.Errorf("BuildMethod = %v", got)
	}
	if _, ok := tmpl.Resource("Nothing"); ok {
		t.Error("an absent resource was found")
	}
}

func TestParametersKeepTypeAndDefault(t *testing.T) {
	got := fixture(t).Parameters()
	if len(got) != 3 || got[0].Name != "Mode" || got[0].Default.Plain != "copy" || got[2].Type != "Number" {
		t.Errorf("Parameters() = %+v", got)
	}
	if !got[1].Default.IsZero() {
		t.Errorf("PublicBaseURL has the default %v", got[1].Default.Plain)
	}
}

func TestGlobalsAreMergedIntoEveryFunction(t *testing.T) {
	tmpl := fixture(t)
	intake, _ := tmpl.Resource("Intake")
	var layers []any
	for _, v := range intake.Properties.Get("Layers").Items {
		layers = append(layers, v.Plain)
	}
	if diff := cmp.Diff([]any{"global", "own"}, layers); diff != "" {
		t.Errorf("lists are joined (-want +got):\n%s", diff)
	}
	variables := intake.Properties.Path("Environment", "Variables")
	if got := variables.Get("LOG_LEVEL").Plain; got != "debug" {
		t.Errorf("the function's own LOG_LEVEL lost against the global one: %v", got)
	}
	if variables.Get("TABLE_NAME").IsZero() || intake.Properties.Get("Runtime").Plain != "provided.al2023" {
		t.Error("a global property is missing")
	}
	if cases, _ := tmpl.Resource("Cases"); !cases.Properties.Get("Runtime").IsZero() {
		t.Error("the globals of functions were given to a table")
	}
}

func TestShortTagIsReadAsItsLongForm(t *testing.T) {
	short := `Resources:
  A:
    Type: T
    Properties:
      x: !GetAtt B.Outputs.Name
      y: !Sub ["${n}", {n: !Ref "AWS::Region"}]
      z: !If [C, !Ref P, !Condition D]
`
	long := `Resources:
  A:
    Type: T
    Properties:
      x: {"Fn::GetAtt": [B, Outputs.Name]}
      y: {"Fn::Sub": ["${n}", {n: {Ref: "AWS::Region"}}]}
      z: {"Fn::If": [C, {Ref: P}, {Condition: D}]}
`
	first, err := Parse([]byte(short))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Parse([]byte(long))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := first.Resource("A")
	b, _ := second.Resource("A")
	if diff := cmp.Diff(b.Properties, a.Properties, ignoreLines); diff != "" {
		t.Errorf("short form differs from long form (-long +short):\n%s", diff)
	}
	if got := a.Properties.Get("z").Line; got != 7 {
		t.Errorf("the tag keeps line %d, want 7", got)
	}
}

func TestBrokenTemplateNamesItsLine(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		message    string
	}{
		{"bad YAML", "Resources:\n  A:\n    Type: T: U\n", 3, "mapping value is not allowed"},
		{"an open quote", "Resources:\n  A: \"x\n", 2, "could not find end character"},
		{"nothing", "", 1, "exactly one YAML document"},
		{"two documents", "Resources: {}\n---\nResources: {}\n", 1, "exactly one YAML document"},
		{"a list", "- 1\n", 1, "must be a map"},
		{"no Resources", "Parameters: {}\n", 1, "no section Resources"},
		{"a duplicate logical id", "Resources:\n  A: {Type: T}\n  B: {Type: T}\n  A: {Type: T}\n", 4, "A is defined twice, first on line 2"},
		{"a duplicate property", "Resources:\n  A:\n    Type: T\n    Type: U\n", 4, "Type is defined twice"},
		{"a section of the wrong type", "Resources:\n  - A\n", 2, "Resources must be a map"},
		{"no type", "Resources:\n  A:\n    Properties: {}\n", 3, "the Type of A"},
		{"a type that is a list", "Resources:\n  A:\n    Type: [T]\n", 3, "the Type of A must be a plain text"},
		{"properties that are a list", "Resources:\n  A:\n    Type: T\n    Properties: [1]\n", 4, "must be a map"},
		{"a parameter without type", "Parameters:\n  P:\n    Default: 1\nResources: {A: {Type: T}}\n", 3, "the Type of parameter P"},
		{"a foreign tag", "Resources:\n  A:\n    Type: !!str T\n", 3, "not one of CloudFormation's"},
		{"an alias", "Resources:\n  A: &a {Type: T}\n  B: *a\n", 2, "anchors and aliases"},
		{"bottomless nesting", "Resources: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), 1, "levels deep"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.text))
			wantFault(t, err, test.line, test.message)
		})
	}
}

// wantFault checks that err is an [Error] on a line with a message.
func wantFault(t *testing.T, err error, line int, message string) {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) {
		t.Fatalf("error %v, want one with a line", err)
	}
	if fault.Line != line || !strings.Contains(err.Error(), message) {
		t.Errorf("error %q on line %d, want line %d with %q", err, fault.Line, line, message)
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(path, []byte("Resources: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	if err == nil || err.Error() != "template.yaml: line 1: Resources must be a map" {
		t.Errorf("Read: %v", err)
	}
	if _, err := Read(path + ".absent"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Read of an absent file: %v", err)
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "template.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("Resources: {A: {Type: !Sub }}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tmpl, err := Parse(text)
		if err != nil {
			return
		}
		for _, r := range tmpl.Resources() {
			// Only that nothing panics is asked here; errors are welcome.
			_, _ = tmpl.Resolve(r.Properties, values())
		}
		_, _ = tmpl.Functions()
		_, _ = tmpl.Tables()
	})
}
