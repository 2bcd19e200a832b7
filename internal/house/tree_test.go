package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// module is the path of the root module; the nested one lies under it.
const module = "polarweb.nl/inzage"

// root is the folder of the root module, seen from this one.
const root = "../.."

// source is one Go file.
type source struct {
	path string // from the root of the repository, with slashes
	test bool   // a _test.go file
	file *ast.File
	text []byte
}

// dir is the folder of the file, which is also the name of its package here.
func (s source) dir() string { return path.Dir(s.path) }

// imports gives the paths of what the file imports by the names it uses.
func (s source) imports() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(imported)
		if version, _ := path.Match("v[0-9]*", name); version {
			name = path.Base(path.Dir(imported))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	return names
}

// eachUse calls do for every name of an imported package that the file uses,
// such as os.Getenv.
func (s source) eachUse(do func(pkg, name string, at token.Pos)) {
	imports := s.imports()
	ast.Inspect(s.file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && imports[x.Name] != "" {
				do(imports[x.Name], selector.Sel.Name, selector.Pos())
			}
		}
		return true
	})
}

// tree is the Go source of one module.
type tree struct {
	fset    *token.FileSet
	sources []source
}

// load parses all Go files of the module in a folder of the repository. Like
// the go command it passes over testdata and nested modules.
func load(repository fs.FS, folder string) (tree, error) {
	t := tree{fset: token.NewFileSet()}
	err := fs.WalkDir(repository, folder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != folder && skipped(repository, name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		t.sources = append(t.sources, source{
			path: name, test: strings.HasSuffix(name, "_test.go"), file: file, text: text,
		})
		return nil
	})
	return t, err
}

// skipped says whether a folder holds no source of the module around it.
func skipped(repository fs.FS, name string) bool {
	base := path.Base(name)
	if base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(repository, path.Join(name, "go.mod"))
	return err == nil
}

// code gives the files that are no tests.
func (t tree) code() []source {
	var code []source
	for _, s := range t.sources {
		if !s.test {
			code = append(code, s)
		}
	}
	return code
}

// finding is one place where a rule is broken.
type finding struct {
	place string // path, or path:line
	say   string // what is wrong and what to do
}

// at makes a finding at a position.
func (t tree) at(pos token.Pos, format string, args ...any) finding {
	place := t.fset.Position(pos)
	return finding{fmt.Sprintf("%s:%d", place.Filename, place.Line), fmt.Sprintf(format, args...)}
}

// in makes a finding about a whole file or folder.
func in(place, format string, args ...any) finding {
	return finding{place, fmt.Sprintf(format, args...)}
}

// keep fails the test for every finding.
func keep(t *testing.T, findings []finding) {
	t.Helper()
	for _, f := range findings {
		t.Errorf("%s: %s", f.place, f.say)
	}
}

// rootModule and localModule are the two modules as they stand, parsed once.
var (
	rootModule  = sync.OnceValues(func() (tree, error) { return load(os.DirFS(root), ".") })
	localModule = sync.OnceValues(func() (tree, error) { return load(os.DirFS(root), "infra/local") })
)

// rootTree gives the root module.
func rootTree(t *testing.T) tree {
	t.Helper()
	return parsed(t, rootModule)
}

// modules gives both modules by name.
func modules(t *testing.T) map[string]tree {
	t.Helper()
	return map[string]tree{"root": rootTree(t), "infra/local": parsed(t, localModule)}
}

// parsed fails the test when a module does not parse or is not there: a rule
// over no files would keep itself.
func parsed(t *testing.T, module func() (tree, error)) tree {
	t.Helper()
	parsed, err := module()
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed.sources) < 10 {
		t.Fatalf("only %d Go files found; is the repository whole?", len(parsed.sources))
	}
	return parsed
}

// plant makes a module of a few files given as path, text, path, text ….
func plant(t *testing.T, files ...string) tree {
	t.Helper()
	repository := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		repository[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	planted, err := load(repository, ".")
	if err != nil {
		t.Fatal(err)
	}
	return planted
}

// finds fails the test unless the findings are as many as the wanted texts,
// and each holds its text in place or sentence.
func finds(t *testing.T, got []finding, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("found %d, want %d: %v", len(got), len(want), got)
		return
	}
	for i, f := range got {
		if !strings.Contains(f.place+": "+f.say, want[i]) {
			t.Errorf("finding %d is %q, which does not hold %q", i, f.place+": "+f.say, want[i])
		}
	}
}

func TestRulesSeeEveryFileButTestdataAndNestedModules(t *testing.T) {
	got := plant(
		t,
		"a/a.go", "package a", "a/a_test.go", "package a", "a/testdata/b.go", "package b",
		"node_modules/c.go", "package c", ".build/d.go", "package d",
		"nested/go.mod", "module nested", "nested/e.go", "package e",
	)
	var paths []string
	for _, s := range got.sources {
		paths = append(paths, s.path)
	}
	if len(paths) != 2 || !got.sources[1].test || got.sources[0].test {
		t.Errorf("found %v", paths)
	}
	if len(got.code()) != 1 {
		t.Errorf("code() holds %d files, want 1", len(got.code()))
	}
}

// lines counts the lines of a text.
func lines(text []byte) int { return bytes.Count(text, []byte("\n")) }

// place names a line of a file.
func place(path string, line int) string { return fmt.Sprintf("%s:%d", path, line) }
