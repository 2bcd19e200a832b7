package house

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// testsOnly is the floor of packages that only tests may import.
const testsOnly = -1

// storey is one floor with the packages on it. A name ending in /* stands for
// every package directly in that folder.
type storey struct {
	floor    int
	packages []string
}

// floors is the picture of the house: imports only go down.
func floors() []storey {
	return []storey{
		{6, []string{"functions/*", "infra/inzage", "infra/template"}},
		{5, []string{"internal/config"}},
		{4, []string{"internal/web/*", "internal/events/*"}},
		{3, []string{
			"internal/casestore", "internal/vault", "internal/keyring", "internal/postoffice", "internal/relay", "internal/web",
		}},
		{2, []string{"internal/casework"}},
		{1, []string{
			"internal/mailroom", "internal/idcopy", "internal/letter", "internal/archive", "internal/signedlink", "internal/ledger", "internal/organisation/file",
			"internal/stepup",
		}},
		{0, []string{"internal/dsr", "internal/deadline", "internal/identity", "internal/organisation"}},
		{testsOnly, []string{"internal/casework/caseworktest", "internal/simulation", "internal/house"}},
	}
}

// neighbours are the imports allowed between packages of one floor.
func neighbours() map[string][]string {
	return map[string][]string{
		"internal/organisation": {"internal/dsr", "internal/deadline"},
		"internal/identity":     {"internal/dsr", "internal/deadline"},
	}
}

// plain are the packages that use the standard library only: they hold the law
// and the words, and nothing may stand between them and their reader.
func plain() []string {
	return []string{"internal/dsr", "internal/deadline", "internal/identity", "internal/organisation"}
}

// floorOf gives the floor of a package; ok is false when it has none.
func floorOf(dir string) (floor int, entry string, ok bool) {
	for _, storey := range floors() {
		for _, name := range storey.packages {
			if name == dir || (strings.HasSuffix(name, "/*") && path.Dir(dir) == path.Dir(name)) {
				return storey.floor, name, true
			}
		}
	}
	return 0, "", false
}

// inModule gives the folder of an imported package of this module.
func inModule(imported string) (dir string, ok bool) {
	return strings.CutPrefix(imported, module+"/")
}

// packagesWithoutFloor finds packages the picture does not show.
func packagesWithoutFloor(t tree) []finding {
	var found []finding
	seen := map[string]bool{}
	for _, s := range t.sources {
		if _, _, ok := floorOf(s.dir()); !ok && !seen[s.dir()] {
			seen[s.dir()] = true
			found = append(found, in(s.dir(), "stands on no floor: add it to floors in internal/house/floors_test.go, as low as its imports allow"))
		}
	}
	return found
}

// floorsWithoutPackage finds entries of the picture that stand for nothing.
func floorsWithoutPackage(t tree) []finding {
	used := map[string]bool{}
	for _, s := range t.sources {
		_, entry, _ := floorOf(s.dir())
		used[entry] = true
	}
	var found []finding
	for _, storey := range floors() {
		for _, name := range storey.packages {
			if !used[name] {
				found = append(found, in(name, "is on floor %d of internal/house/floors_test.go and does not exist: remove it there", storey.floor))
			}
		}
	}
	return found
}

// importsUpwards finds imports that do not go down.
func importsUpwards(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		for _, spec := range s.file.Imports {
			to, ok := inModule(strings.Trim(spec.Path.Value, `"`))
			if !ok {
				continue
			}
			if fault := wrongWay(s.dir(), to); fault != "" {
				found = append(found, t.at(spec.Pos(), "%s imports %s, %s", s.dir(), to, fault))
			}
		}
	}
	return found
}

// wrongWay says what is wrong with one package importing another; "" when
// nothing is.
func wrongWay(from, to string) string {
	high, _, known := floorOf(from)
	low, _, there := floorOf(to)
	switch {
	case there && low == testsOnly && (high != testsOnly || !known):
		return "which is for tests only: import it in _test.go files"
	case !known || !there:
		return "" // packagesWithoutFloor says so
	case high == testsOnly || low == testsOnly:
		return ""
	case from == "internal/casework" && low != 0:
		return "but casework decides and imports floor 0 alone: declare a port in ports.go, which a higher floor fills in"
	case low > high:
		return "which stands higher: move what both need down, or declare a port below and fill it in above"
	case low == high && !slices.Contains(neighbours()[from], to) && !strings.HasPrefix(to, from+"/"):
		return "its neighbour on the same floor: let the floor above bring them together"
	}
	return ""
}

// foreignImports finds imports other than the standard library and each other
// in the packages that must do without.
func foreignImports(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		if !slices.Contains(plain(), s.dir()) {
			continue
		}
		for _, spec := range s.file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			host, _, _ := strings.Cut(imported, "/")
			if _, own := inModule(imported); strings.Contains(host, ".") && !own {
				found = append(found, t.at(spec.Pos(), "imports %s, but %s uses the standard library only", imported, s.dir()))
			}
		}
	}
	return found
}

func TestEveryPackageStandsOnAFloor(t *testing.T) {
	keep(t, packagesWithoutFloor(rootTree(t)))
	finds(t, packagesWithoutFloor(plant(t, "internal/new/n.go", "package new", "internal/new/m.go", "package new")),
		"internal/new: stands on no floor: add it to floors")
}

func TestEveryFloorEntryIsAPackage(t *testing.T) {
	keep(t, floorsWithoutPackage(rootTree(t)))
	if len(floorsWithoutPackage(plant(t, "internal/dsr/d.go", "package dsr"))) == 0 {
		t.Error("a floor without its packages passes")
	}
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, importsUpwards(m))
	}
	importing := func(dir, pkg string) tree {
		return plant(t, dir+"/f.go", "package p\nimport _ \""+module+"/"+pkg+"\"")
	}
	for name, fault := range map[string]struct{ from, to, want string }{
		"upwards":             {"internal/dsr", "internal/casework", "stands higher"},
		"neighbour":           {"internal/letter", "internal/ledger", "its neighbour"},
		"neighbour below":     {"internal/dsr", "internal/deadline", "its neighbour"},
		"two functions":       {"functions/a", "functions/b", "its neighbour"},
		"casework to floor 1": {"internal/casework", "internal/ledger", "declare a port"},
		"double in code":      {"internal/web/portal", "internal/casework/caseworktest", "tests only"},
		"double in the stack": {"infra/local/stack", "internal/simulation", "tests only"},
		"house in code":       {"functions/intake", "internal/house", "tests only"},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, importsUpwards(importing(fault.from, fault.to)), "f.go:2: "+fault.from+" imports "+fault.to+", ")
			finds(t, importsUpwards(importing(fault.from, fault.to)), fault.want)
		})
	}
	for name, good := range map[string][2]string{
		"down":               {"internal/casestore", "internal/casework"},
		"allowed neighbours": {"internal/organisation", "internal/deadline"},
		"room in a room":     {"internal/mailroom", "internal/mailroom/mime"},
		"one double to work": {"internal/casework/caseworktest", "internal/casework"},
	} {
		t.Run(name, func(t *testing.T) { finds(t, importsUpwards(importing(good[0], good[1]))) })
	}
}

func TestWordsAndLawUseTheStandardLibraryOnly(t *testing.T) {
	keep(t, foreignImports(rootTree(t)))
	finds(t, foreignImports(plant(t, "internal/deadline/d.go", "package deadline\nimport (\n\"time\"\n\"golang.org/x/text/language\"\n)")),
		"internal/deadline/d.go:4: imports golang.org/x/text/language")
}
