package house

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// The bounds on interfaces: each is a seam that a reader has to look behind.
const (
	interfacesMax = 16
	methodsMax    = 4
)

// seam is one interface with methods.
type seam struct {
	name    string
	methods int
	at      token.Pos
}

// seams gives the interfaces a module declares. One that only bounds a type
// parameter has no methods and is none.
func seams(t tree) []seam {
	var list []seam
	for _, s := range t.code() {
		names := map[ast.Node]string{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				names[n.Type] = n.Name.Name
			case *ast.InterfaceType:
				methods := 0
				for _, field := range n.Methods.List {
					methods += len(field.Names)
				}
				if methods > 0 {
					list = append(list, seam{names[n], methods, n.Pos()})
				}
			}
			return true
		})
	}
	return list
}

// manySeams finds interfaces with too many methods, and a module with too many
// interfaces.
func manySeams(t tree) []finding {
	var found []finding
	list := seams(t)
	for _, s := range list {
		if s.methods > methodsMax {
			found = append(found, t.at(s.at, "the interface %s has %d methods, want %d at most: split it by who uses it", s.name, s.methods, methodsMax))
		}
	}
	if len(list) > interfacesMax {
		found = append(found, in("the module", "%d interfaces, want %d at most: an interface with one implementation is none", len(list), interfacesMax))
	}
	return found
}

// errorfs counts the calls of fmt.Errorf that are given an error, and those of
// them that wrap it.
func errorfs(t tree) (wrapping, all int, plain []finding) {
	for _, s := range t.code() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isCall(call, "fmt", "Errorf") || !givesError(call.Args[1:]) {
				return true
			}
			all++
			if format, ok := call.Args[0].(*ast.BasicLit); ok && strings.Contains(format.Value, "%w") {
				wrapping++
			} else {
				plain = append(plain, t.at(call.Pos(), "does not wrap its error with %%w"))
			}
			return true
		})
	}
	return wrapping, all, plain
}

// isCall says whether a call is one of a package's function.
func isCall(call *ast.CallExpr, pkg, name string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// givesError says whether an argument is an error, by the names errors have.
func givesError(arguments []ast.Expr) bool {
	for _, argument := range arguments {
		if name, ok := argument.(*ast.Ident); ok &&
			(name.Name == "err" || strings.HasPrefix(name.Name, "err") || strings.HasSuffix(name.Name, "Err") || strings.HasPrefix(name.Name, "Err")) {
			return true
		}
	}
	return false
}

// hiddenStarts finds init functions and panics.
func hiddenStarts(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					found = append(found, t.at(n.Pos(), "init runs before anybody called: build it where it is needed"))
				}
			case *ast.CallExpr:
				if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "panic" {
					found = append(found, t.at(n.Pos(), "panic: return an error that says what was being done"))
				}
			}
			return true
		})
	}
	return found
}

// exemptVariables are the package variables that are none of the harmless
// kinds, by package and name, with the reason each may stay.
func exemptVariables() map[string]string {
	return map[string]string{
		"internal/dsr.idText": "an alphabet, made once and never changed; encoding/base32 has no constant form",
	}
}

// variables finds package variables that could change while the program runs,
// and exemptions that nothing needs any more.
func variables(t tree, exempt map[string]string) []finding {
	var found []finding
	needed := map[string]bool{}
	for _, s := range t.code() {
		for _, declaration := range s.file.Decls {
			d, ok := declaration.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				for _, name := range changeable(d, spec.(*ast.ValueSpec)) {
					full := s.dir() + "." + name.Name
					needed[full] = true
					if exempt[full] == "" {
						found = append(found, t.at(name.Pos(), "%s is a package variable: make it a constant, a function that gives a new value, or a field", name.Name))
					}
				}
			}
		}
	}
	for name := range exempt {
		if !needed[name] {
			found = append(found, in(name, "is no package variable any more: remove its exemption"))
		}
	}
	return found
}

// changeable gives the names of a var line that are neither sentinel errors,
// embedded files, compiled patterns nor assertions.
func changeable(d *ast.GenDecl, spec *ast.ValueSpec) []*ast.Ident {
	for _, comment := range []*ast.CommentGroup{d.Doc, spec.Doc} {
		if comment != nil && strings.Contains(comment.List[len(comment.List)-1].Text, "//go:embed ") {
			return nil
		}
	}
	var names []*ast.Ident
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		if i < len(spec.Values) {
			if call, ok := spec.Values[i].(*ast.CallExpr); ok &&
				(isCall(call, "errors", "New") || isCall(call, "fmt", "Errorf") || isCall(call, "regexp", "MustCompile")) {
				continue
			}
		}
		names = append(names, name)
	}
	return names
}

func TestInterfacesAreFewAndSmall(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, manySeams(m))
	}
	wide := "package a\ntype wide interface { A(); B(); C(); D(); E() }\ntype bound interface { ~int | ~string }\n"
	finds(t, manySeams(plant(t, "a/a.go", wide)), "a/a.go:2: the interface wide has 5 methods")
	many := "package a\n" + strings.Repeat("type _ interface { A() }\n", interfacesMax+1)
	finds(t, manySeams(plant(t, "a/a.go", many)), "17 interfaces, want 16")
}

func TestErrorsAreWrapped(t *testing.T) {
	for name, m := range modules(t) {
		wrapping, all, plain := errorfs(m)
		if wrapping*100 < all*85 {
			keep(t, plain)
			t.Errorf("module %s: %d of %d errors made of errors wrap them, want 85 %%", name, wrapping, all)
		}
	}
	wrapping, all, plain := errorfs(plant(t, "a/a.go", `package a
import "fmt"
func f(err, closeErr error, n int) {
	_ = fmt.Errorf("a: %w", err)
	_ = fmt.Errorf("b: %v", closeErr)
	_ = fmt.Errorf("c: %d", n)
}`))
	if wrapping != 1 || all != 2 {
		t.Errorf("errorfs() = %d of %d, want 1 of 2", wrapping, all)
	}
	finds(t, plain, "a/a.go:5: does not wrap")
}

func TestNothingStartsOrStopsByItself(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, hiddenStarts(m))
	}
	finds(t, hiddenStarts(plant(t, "a/a.go", "package a\nfunc init() {}\nfunc f() { panic(1) }", "a/a_test.go", "package a\nfunc g() { panic(1) }")),
		"a/a.go:2: init", "a/a.go:3: panic")
}

func TestPackageVariablesNeverChange(t *testing.T) {
	keep(t, variables(rootTree(t), exemptVariables()))
	keep(t, variables(modules(t)["infra/local"], nil))
	finds(t, variables(plant(t, "a/a.go", `package a
import ("embed"; "errors"; "io"; "regexp")
var ErrGone = errors.New("gone")
var pattern = regexp.MustCompile("a")
var _ io.Reader = (*reader)(nil)
//go:embed a.txt
var files embed.FS
var count int
var (
	table = map[string]int{}
	known = []int{1}
)
func f() { var local int; _ = local }
`), map[string]string{"a.known": "a reason", "a.gone": "outlived"}),
		"a/a.go:8: count", "a/a.go:10: table", "a.gone: is no package variable any more")
}
