package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/internal/organisation"
)

// base is the file without findings that every fault is made from.
func base(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edited is the base with each pair of texts, old and new, exchanged once. A
// change that changes nothing would be a test that cannot fail.
func edited(t *testing.T, pairs ...string) string {
	t.Helper()
	text := base(t)
	for i := 0; i < len(pairs); i += 2 {
		if strings.Count(text, pairs[i]) != 1 {
			t.Fatalf("%q stands %d times in the base, want once", pairs[i], strings.Count(text, pairs[i]))
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// fault is one way to spoil the base and all that must be said about it.
type fault struct {
	rule  string
	pairs []string
	want  []string
}

// expect runs each fault and compares all findings, so that one fault is told
// once and nothing else is said.
func expect(t *testing.T, faults []fault) {
	t.Helper()
	for _, f := range faults {
		t.Run(f.rule, func(t *testing.T) {
			_, findings := Parse("o.yaml", []byte(edited(t, f.pairs...)))
			if diff := cmp.Diff(f.want, lines(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// lines gives the findings as they are printed, without the file.
func lines(findings []Finding) []string {
	var printed []string
	for _, finding := range findings {
		printed = append(printed, strings.TrimPrefix(finding.String(), "o.yaml:"))
	}
	return printed
}

func TestBaseHasNoFinding(t *testing.T) {
	profile, findings := Parse("o.yaml", []byte(base(t)))
	if diff := cmp.Diff([]string(nil), lines(findings)); diff != "" {
		t.Fatalf("findings (-want +got):\n%s", diff)
	}
	// Two values that come from the defaults, and one with a leading nought.
	if got := profile.Calendar.TimeZone; got != "Europe/Amsterdam" {
		t.Errorf("time zone = %q", got)
	}
	if got := profile.Controller.KVK; got != "01234567" {
		t.Errorf("kvk = %q", got)
	}
}

func TestAllFaultsAreReportedTogetherByLine(t *testing.T) {
	_, findings := Parse("o.yaml", []byte(edited(t,
		`"#1f4e79"`, `"blue"`, "mode: copy", "mode: kopy", "  website: https://noorderlicht.example",
		"  website: noorderlicht", "promise_days: 28", "promise_days: 30", "  - id: bert", "  - id: anna")))
	var got []int
	for _, finding := range findings {
		got = append(got, finding.Line)
	}
	if diff := cmp.Diff([]int{8, 16, 37, 43, 72}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s\n%s", diff, strings.Join(lines(findings), "\n"))
	}
}

func TestFileWithErrorGivesNoProfile(t *testing.T) {
	profile, findings := Parse("o.yaml", []byte(edited(t, "mode: copy", "mode: kopy")))
	if !HasErrors(findings) {
		t.Fatal("no error found")
	}
	if diff := cmp.Diff(organisation.Profile{}, profile); diff != "" {
		t.Errorf("a faulty file gave a profile:\n%s", diff)
	}
}

func TestTextThatIsNoOrganisationFile(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"empty", "", "1:1: error: the file is empty; start from infra/organisation.yaml as it was shipped"},
		{"only a comment", "# nothing\n", "1:1: error: the file is empty; start from infra/organisation.yaml as it was shipped"},
		{"a list", "- 1\n", "1:1: error: the file must be a group of keys, not a list"},
		{"no UTF-8", "name: \xff\n", "1:1: error: the file is not UTF-8 text; save it as UTF-8"},
		{
			"open bracket", "staff: [\n",
			"1:8: error: the file is not YAML: sequence end token ']' not found; " +
				"look at the indentation and the quotes on this line and the one before",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, findings := Parse("o.yaml", []byte(c.text))
			if diff := cmp.Diff([]string{c.want}, lines(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSecondDocumentIsRefused(t *testing.T) {
	_, findings := Parse("o.yaml", []byte(base(t)+"---\nbrand: {}\n"))
	want := []string{"95:1: error: a second document begins here; the file holds one organisation; remove the line of three dashes"}
	if diff := cmp.Diff(want, lines(findings)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestWindowsFileReadsTheSame(t *testing.T) {
	want, _ := Parse("o.yaml", []byte(base(t)))
	got, findings := Parse("o.yaml", []byte("\uFEFF"+strings.ReplaceAll(base(t), "\n", "\r\n")))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profile (-want +got):\n%s\n%s", diff, strings.Join(lines(findings), "\n"))
	}
}

func TestReadNamesThePathAsGiven(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.yaml")
	if err := os.WriteFile(path, []byte("staf: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, findings, err := Read(path)
	if err != nil || len(findings) == 0 {
		t.Fatalf("Read = %d findings, %v", len(findings), err)
	}
	for _, finding := range findings {
		if finding.File != path {
			t.Errorf("finding names %q, want %q", finding.File, path)
		}
	}
}

func TestFileThatCannotBeReadIsAnError(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Read(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, _, err := Read(dir); err == nil {
		t.Error("a folder was read")
	}
	huge := filepath.Join(dir, "huge.yaml")
	if err := os.WriteFile(huge, []byte(strings.Repeat("#", maxBytes+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(huge); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("file beyond the bound: %v", err)
	}
}

// TestEveryRuleHasACase keeps the table of rules complete: a rule without a
// case of its name could be deleted without a test to say so.
func TestEveryRuleHasACase(t *testing.T) {
	tested := map[string]bool{}
	for _, f := range ruleFaults() {
		name, _, _ := strings.Cut(f.rule, ":")
		tested[name] = true
	}
	for _, rule := range rules() {
		full := runtime.FuncForPC(reflect.ValueOf(rule).Pointer()).Name()
		if name := full[strings.LastIndex(full, ".")+1:]; !tested[name] {
			t.Errorf("rule %s has no case in ruleFaults", name)
		}
	}
}

// FuzzParse looks for a text that brings the reader down or gives a profile
// that functions could not read back.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(text), "", "a: [", "? x\n: y", "- &a [*a]", "staff: [{}]", "identity: {rights: {access: [[]]}}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		profile, findings := Parse("o.yaml", text)
		for _, finding := range findings {
			if finding.Line < 1 || finding.Column < 1 || finding.Sentence == "" {
				t.Errorf("finding without a place or a sentence: %q", finding)
			}
		}
		if !HasErrors(findings) && len(profile.Staff) == 0 {
			t.Error("a profile without staff has no error")
		}
	})
}
