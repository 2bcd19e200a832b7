package house

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/infra/template"
)

// stack is template.yaml beside the code it deploys.
type stack struct {
	text      string
	template  *template.Template
	functions []template.Function
	queues    []template.Queue
	tables    []template.Table
	folders   []string // of functions/
	wirings   map[string]wiring
	store     storing
}

// stackOf reads a template, which may hold a planted fault, beside the code.
func stackOf(t *testing.T, text string) stack {
	t.Helper()
	s := stack{text: text, wirings: map[string]wiring{}}
	read, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s.template = read
	if s.functions, err = read.Functions(); err != nil {
		t.Fatal(err)
	}
	if s.queues, err = read.Queues(); err != nil {
		t.Fatal(err)
	}
	if s.tables, err = read.Tables(); err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(filepath.Join(root, "functions"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		s.folders = append(s.folders, folder.Name())
		s.wirings[folder.Name()] = wiringOf(rootTree(t), folder.Name())
	}
	s.store = storingOf(rootTree(t))
	return s
}

// fault is one edit of template.yaml that breaks a rule, and what the rule
// then says. All occurrences are edited.
type fault struct{ old, new, want string }

// holds checks that a rule finds nothing in template.yaml as it is, and finds
// each planted fault.
func holds(t *testing.T, rule func(stack) []finding, faults ...fault) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, rule(stackOf(t, string(text))))
	for _, f := range faults {
		planted := strings.ReplaceAll(string(text), f.old, f.new)
		if planted == string(text) {
			t.Errorf("template.yaml does not hold %q any more: plant the fault %q in another way", f.old, f.want)
			continue
		}
		found := rule(stackOf(t, planted))
		if !slices.ContainsFunc(found, func(got finding) bool { return strings.Contains(got.place+": "+got.say, f.want) }) {
			t.Errorf("with %q for %q the rule says %v, want %q", f.new, f.old, found, f.want)
		}
	}
}

// at makes a finding about a line of the template.
func (s stack) at(line int, format string, args ...any) finding {
	return in(place("template.yaml", line), format, args...)
}

// resources gives the resources of a type, in the order of their logical ids.
func (s stack) resources(kind string) []template.Resource {
	var list []template.Resource
	for _, r := range s.template.Resources() {
		if r.Type == kind {
			list = append(list, r)
		}
	}
	return list
}

// properties gives the properties of a resource; none when it is not there.
func (s stack) properties(id string) template.Value {
	resource, _ := s.template.Resource(id)
	return resource.Properties
}

// folderOf gives the folder of a function by its CodeUri; "" for another form.
func folderOf(f template.Function) string {
	folder, ok := strings.CutPrefix(f.CodeURI, ".build/")
	if !ok || !strings.HasSuffix(folder, "/") {
		return ""
	}
	return strings.TrimSuffix(folder, "/")
}

// shown writes a value in one form, whichever of YAML's it has: references as
// Sub writes them, lists with commas.
func shown(v template.Value) string {
	switch {
	case v.Kind == template.List:
		return strings.Join(texts(v), ",")
	case v.Kind != template.Map:
		return plainText(v)
	case !v.Get("Ref").IsZero():
		return "${" + plainText(v.Get("Ref")) + "}"
	case !v.Get("Fn::GetAtt").IsZero():
		return "${" + strings.Join(texts(v.Get("Fn::GetAtt")), ".") + "}"
	case !v.Get("Fn::Sub").IsZero():
		return plainText(v.Get("Fn::Sub"))
	}
	parts := []string{}
	for _, entry := range v.Entries {
		parts = append(parts, entry.Key+": "+shown(entry.Value))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// plainText writes a scalar; "" for what is not there.
func plainText(v template.Value) string {
	if v.Plain == nil {
		return ""
	}
	return fmt.Sprint(v.Plain)
}

// texts gives the elements of a list, or the one value that stands for a list.
func texts(v template.Value) []string {
	switch v.Kind {
	case template.Missing:
		return nil
	case template.List:
		list := []string{}
		for _, item := range v.Items {
			list = append(list, shown(item))
		}
		return list
	}
	return []string{shown(v)}
}

// eachFolderIsOneFunction compares functions/ with the function resources.
func eachFolderIsOneFunction(s stack) []finding {
	var found []finding
	count := map[string]int{}
	for _, f := range s.functions {
		folder := folderOf(f)
		count[folder]++
		if !slices.Contains(s.folders, folder) {
			found = append(found, s.at(f.Line, "%s has the CodeUri %q, which is .build/<name>/ of no folder in functions/", f.LogicalID, f.CodeURI))
		}
	}
	for _, folder := range s.folders {
		if count[folder] != 1 {
			found = append(found, in("functions/"+folder, "%d functions of template.yaml have its CodeUri .build/%s/, want one", count[folder], folder))
		}
	}
	return found
}

// functionsRunAlike checks what every function is built for.
func functionsRunAlike(s stack) []finding {
	want := map[string]string{
		"Runtime": "provided.al2023", "Handler": "bootstrap", "Architectures": "arm64", "Tracing": "PassThrough",
	}
	var found []finding
	for _, f := range s.functions {
		p := s.properties(f.LogicalID)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if got := shown(p.Get(name)); got != want[name] {
				found = append(found, s.at(f.Line, "%s has the %s %q, want %q", f.LogicalID, name, got, want[name]))
			}
		}
		if got, want := shown(f.Name), "${AWS::StackName}-"+folderOf(f); got != want {
			found = append(found, s.at(f.Line, "%s is named %q, want %q", f.LogicalID, got, want))
		}
	}
	return found
}

// settingsMatch compares each function's variables with the settings its main
// asks config for. A global variable is one of every function.
func settingsMatch(s stack) []finding {
	var found []finding
	for _, f := range s.functions {
		wanted := s.wirings[folderOf(f)].settings
		set := map[string]bool{}
		for _, entry := range f.Environment {
			set[entry.Key] = true
			if !slices.Contains(wanted, entry.Key) {
				found = append(found, s.at(entry.Value.Line, "%s gets %s, which functions/%s/main.go does not ask config.Load for: remove one or add the other", f.LogicalID, entry.Key, folderOf(f)))
			}
		}
		for _, name := range wanted {
			if !set[name] {
				found = append(found, s.at(f.Line, "%s does not get %s, which functions/%s/main.go asks for", f.LogicalID, name, folderOf(f)))
			}
		}
	}
	return found
}

// settingsOfTheLocalStack finds variables that must never reach AWS: whoever
// sets the clock or the endpoints decides what is true.
func settingsOfTheLocalStack(s stack) []finding {
	var found []finding
	for i, line := range strings.Split(s.text, "\n") {
		for _, name := range []string{"INZAGE_CLOCK_URL", "AWS_ENDPOINT_URL"} {
			if strings.Contains(line, name) {
				found = append(found, s.at(i+1, "names %s, which only the local stack sets", name))
			}
		}
	}
	return found
}

func TestEachFolderOfFunctionsIsOneFunction(t *testing.T) {
	holds(
		t, eachFolderIsOneFunction,
		fault{".build/sweep/", ".build/intake/", "functions/sweep: 0 functions"},
		fault{".build/sweep/", ".build/intake/", "functions/intake: 2 functions"},
		fault{".build/sweep/", "functions/sweep", `the CodeUri "functions/sweep"`},
		fault{".build/sweep/", ".build/other/", "of no folder"},
	)
}

func TestFunctionsRunAsTheyAreBuilt(t *testing.T) {
	holds(
		t, functionsRunAlike,
		fault{"provided.al2023", "provided.al2", `the Runtime "provided.al2"`},
		fault{"[arm64]", "[x86_64]", `the Architectures "x86_64"`},
		fault{"Handler: bootstrap", "Handler: main", `the Handler "main"`},
		fault{"Tracing: PassThrough", "Tracing: Active", `the Tracing "Active"`},
		fault{`"${AWS::StackName}-sweep"`, `"${AWS::StackName}-broom"`, "SweepFunction is named"},
	)
}

func TestSettingsOfEachFunctionAreThoseItAsksFor(t *testing.T) {
	holds(
		t, settingsMatch,
		fault{"INZAGE_STAGE: !Ref Stage", "INZAGE_PHASE: !Ref Stage", "PortalFunction gets INZAGE_PHASE"},
		fault{"INZAGE_STAGE: !Ref Stage", "INZAGE_PHASE: !Ref Stage", "DispatchFunction does not get INZAGE_STAGE"},
		fault{
			"INZAGE_CASES_TABLE: !Ref CasesTable", "INZAGE_CASES_TABLE: !Ref CasesTable\n        INZAGE_KEYS_TABLE: !Ref KeysTable",
			"SweepFunction gets INZAGE_KEYS_TABLE",
		},
	)
}

func TestTemplateNamesNoSettingOfTheLocalStack(t *testing.T) {
	holds(
		t, settingsOfTheLocalStack,
		fault{"INZAGE_STAGE:", "INZAGE_CLOCK_URL:", "names INZAGE_CLOCK_URL"},
		fault{"INZAGE_STAGE:", "AWS_ENDPOINT_URL_S3:", "names AWS_ENDPOINT_URL"},
	)
}
