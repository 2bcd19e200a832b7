package house

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// entity is one declaration at package level, with the comment that explains it.
type entity struct {
	name     string
	doc      string
	exported bool
	function bool
	grouped  bool // explained by the comment over its group or behind its line
	at       token.Pos
}

// entities gives what a file declares.
func entities(s source) []entity {
	var list []entity
	for _, declaration := range s.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			list = append(list, entity{
				name: d.Name.Name, doc: d.Doc.Text(), function: true, at: d.Pos(),
				exported: d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()),
			})
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				list = append(list, specified(d, spec)...)
			}
		}
	}
	return list
}

// receiver gives the name of the type a method belongs to.
func receiver(d *ast.FuncDecl) *ast.Ident {
	name := ast.NewIdent("_")
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if identifier, ok := n.(*ast.Ident); ok && name.Name == "_" {
			name = identifier
		}
		return true
	})
	return name
}

// specified gives what one line of a const, var or type declaration declares.
func specified(d *ast.GenDecl, spec ast.Spec) []entity {
	var names []*ast.Ident
	var own, behind *ast.CommentGroup
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names, own, behind = []*ast.Ident{s.Name}, s.Doc, s.Comment
	case *ast.ValueSpec:
		names, own, behind = s.Names, s.Doc, s.Comment
	}
	doc, grouped := own.Text(), false
	switch {
	case !d.Lparen.IsValid():
		doc = d.Doc.Text()
	case doc == "":
		doc, grouped = behind.Text()+d.Doc.Text(), true
	}
	var list []entity
	for _, name := range names {
		list = append(list, entity{
			name: name.Name, doc: doc, exported: name.IsExported(), grouped: grouped, at: name.Pos(),
		})
	}
	return list
}

// undocumented finds exported names without a comment that begins with the
// name and tells something the name does not.
func undocumented(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		for _, e := range entities(s) {
			switch {
			case !e.exported:
			case e.doc == "":
				found = append(found, t.at(e.at, "%s has no comment: say what it is for", e.name))
			case !e.grouped && !strings.HasPrefix(e.doc, e.name+" "):
				found = append(found, t.at(e.at, "the comment of %s must begin with its name", e.name))
			case !e.grouped && saysNothing(e):
				found = append(found, t.at(e.at, "the comment of %s only repeats the name: say why, or when, or what it promises", e.name))
			}
		}
	}
	return found
}

// filler are words that carry no meaning of their own in a comment.
var filler = regexp.MustCompile(`^(a|an|the|of|is|are|gives?|returns?|gets?|sets?|for|to|it|this|that|type|struct|func|function|method)$`)

// wordBreak is what stands between words.
var wordBreak = regexp.MustCompile(`[^\pL\pN]+`)

// saysNothing says whether a comment holds no word that is neither in the name
// nor filler.
func saysNothing(e entity) bool {
	known := words(e.name)
	for _, word := range wordBreak.Split(strings.ToLower(e.doc), -1) {
		if word != "" && word != strings.ToLower(e.name) && !filler.MatchString(word) && !slices.Contains(known, word) {
			return false
		}
	}
	return true
}

// explained counts the unexported functions and those of them with a comment.
// The function main is explained by the comment of its package.
func explained(t tree) (with, all int) {
	for _, s := range t.code() {
		for _, e := range entities(s) {
			if !e.function || e.exported || e.name == "main" {
				continue
			}
			all++
			if e.doc != "" {
				with++
			}
		}
	}
	return with, all
}

// sentence is the end of one.
var sentence = regexp.MustCompile(`[.!?:](\s|$)`)

// packageComments finds packages whose comment is missing, or too short to say
// what a package is for and how it is used, or a promise to write one.
func packageComments(t tree) []finding {
	comments := map[string]string{}
	for _, s := range t.code() {
		comments[s.dir()] += s.file.Doc.Text()
	}
	var found []finding
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		comment := comments[dir]
		switch {
		case comment == "":
			found = append(found, in(dir, "has no package comment: say what it is for, what it stores and how it is used"))
		case strings.Contains(comment, "TODO") || len(sentence.FindAllString(comment, -1)) < 2:
			found = append(found, in(dir, "its package comment is hollow: say what it is for, what it stores and how it is used, in two sentences or more"))
		case !strings.HasPrefix(comment, "Package ") && !strings.HasPrefix(comment, "Command "):
			found = append(found, in(dir, "its package comment must begin with Package %s, or Command %s", path.Base(dir), path.Base(dir)))
		}
	}
	return found
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, packageComments(m))
	}
	finds(
		t, packageComments(plant(
			t,
			"a/a.go", "package a",
			"b/b.go", "// Package b is b.\npackage b",
			"c/c.go", "// Package c keeps mails. TODO: say more. One day.\npackage c",
			"d/d.go", "// It keeps mails. It stores them in S3.\npackage d",
			"e/e.go", "// Package e keeps mails. It stores them in S3.\npackage e", "e/f.go", "package e",
			"g/g_test.go", "package g",
		)),
		"a: has no package comment", "b: its package comment is hollow", "c: its package comment is hollow", "d: its package comment must begin",
	)
}

func TestEveryExportedNameIsExplained(t *testing.T) {
	for _, m := range modules(t) {
		keep(t, undocumented(m))
	}
	finds(
		t, undocumented(plant(
			t, "a/a.go", `package a
func Bare() {}
// The mail is opened here.
func Open() {}
// ReadMail gives the read mail.
func ReadMail() {}
// Close gives back what Open took.
func Close() {}
func (hidden) Method() {}
func (*Shown[T]) Method() {}
// Shown is what a person sees of it.
type Shown[T any] struct{}
type hidden struct{}
// The states of a mail.
const ( Seen = 1; Read = 2 )
var ( Alone = 1; Noted = 2 // why it is so
)`,
		)),
		"a/a.go:2: Bare has no comment", "a/a.go:4: the comment of Open must begin", "a/a.go:6: the comment of ReadMail only repeats",
		"a/a.go:10: Method has no comment", "a/a.go:16: Alone has no comment",
	)
}

func TestMostUnexportedFunctionsAreExplained(t *testing.T) {
	for name, m := range modules(t) {
		if with, all := explained(m); with*100 < all*70 {
			t.Errorf("module %s: %d of %d unexported functions have a comment, want 70 %%: explain those whose reason is not plain", name, with, all)
		}
	}
	with, all := explained(plant(t, "a/a.go", "package a\n// f is why.\nfunc f() {}\nfunc g() {}\nfunc G() {}\nfunc main() {}", "a/a_test.go", "package a\nfunc h() {}"))
	if with != 1 || all != 2 {
		t.Errorf("explained() = %d of %d, want 1 of 2", with, all)
	}
}
