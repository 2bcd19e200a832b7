package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// hollow are words that say nothing about what a thing is, in this field or in
// Go, or that say two things: the GDPR has its own controller and processor.
func hollow() []string {
	return []string{
		"manager", "managers", "service", "services", "util", "utils", "utility", "helper", "helpers",
		"common", "types", "controller", "controllers", "processor", "processors",
	}
}

// ambiguous are names that need a second word, unless they are verbs: a subject
// may be a person or a line of a mail, and everything is data.
func ambiguous() []string { return []string{"Subject", "Record", "Data"} }

// exemption allows one word, or one whole name, in one package, for a reason.
type exemption struct {
	dir    string
	word   string // in lower case
	reason string
}

// exemptNames are the names that may stand although a word of theirs may not.
func exemptNames() []exemption {
	return []exemption{
		{"internal/config", "service", "an AWS service is called so by everybody, its endpoint variable included"},
		{"internal/organisation", "controller", "the word of art. 4(7) GDPR for who decides about the data"},
		{"internal/letter", "controller", "the word of art. 4(7) GDPR"},
		{"internal/web", "controller", "the word of art. 4(7) GDPR"},
	}
}

// exemptLocally are those of the local stack, which speaks formats of others.
func exemptLocally() []exemption {
	return []exemption{
		{"infra/local/frontdoor", "subject", "the field of a mail in SES's notice"},
		{"infra/local/ses", "subject", "the field of a mail in SES's events"},
		{"infra/local/mailbox", "subject", "the field of a mail in Mailpit's answers"},
	}
}

// words takes an identifier apart into its words, in lower case.
func words(name string) []string {
	runes := []rune(name)
	var list []string
	start := 0
	for i := 1; i <= len(runes); i++ {
		end := i == len(runes) || runes[i] == '_'
		step := !end && unicode.IsUpper(runes[i]) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if end || step {
			if word := strings.Trim(string(runes[start:i]), "_"); word != "" {
				list = append(list, strings.ToLower(word))
			}
			start = i
		}
	}
	return list
}

// eachName calls do for every name a file declares, its package included; verb
// says that it names what is done.
func eachName(s source, do func(name *ast.Ident, verb bool)) {
	all := func(names []*ast.Ident) {
		for _, name := range names {
			do(name, false)
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.File:
			do(n.Name, false)
		case *ast.FuncDecl:
			do(n.Name, true)
		case *ast.TypeSpec:
			do(n.Name, false)
		case *ast.ValueSpec:
			all(n.Names)
		case *ast.Field:
			all(n.Names)
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				all(identifiers(n.Lhs))
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				all(identifiers([]ast.Expr{n.Key, n.Value}))
			}
		}
		return true
	})
}

// identifiers gives the names among expressions.
func identifiers(expressions []ast.Expr) []*ast.Ident {
	var names []*ast.Ident
	for _, e := range expressions {
		if name, ok := e.(*ast.Ident); ok {
			names = append(names, name)
		}
	}
	return names
}

// badNames finds declared names with a word that says nothing, and exemptions
// that nothing needs any more.
func badNames(t tree, exempt []exemption) []finding {
	var found []finding
	needed := make([]bool, len(exempt))
	for _, s := range t.code() {
		eachName(s, func(name *ast.Ident, verb bool) {
			word := badWord(name.Name, verb)
			if word == "" {
				return
			}
			i := slices.IndexFunc(exempt, func(e exemption) bool { return e.dir == s.dir() && e.word == word })
			if i >= 0 {
				needed[i] = true
				return
			}
			found = append(found, t.at(name.Pos(), "%s: %q says nothing here; use the field's own word", name.Name, word))
		})
	}
	for i, e := range exempt {
		if !needed[i] {
			found = append(found, in(e.dir, "nothing is called %q any more: remove its exemption", e.word))
		}
	}
	return found
}

// badWord gives the word of a name that may not be there; "" when there is none.
func badWord(name string, verb bool) string {
	if !verb && slices.Contains(ambiguous(), name) {
		return strings.ToLower(name)
	}
	for _, word := range words(name) {
		if slices.Contains(hollow(), word) {
			return word
		}
	}
	return ""
}

func TestNamesAreTheFieldsOwn(t *testing.T) {
	keep(t, badNames(rootTree(t), exemptNames()))
	keep(t, badNames(modules(t)["infra/local"], exemptLocally()))
	finds(
		t, badNames(plant(
			t,
			"a/a.go", "package utils\ntype CaseManager struct{ dataService int }\nfunc f(helper int) { common := helper; _ = common }",
			"b/b.go", "package b\ntype Subject int\nfunc Record() {}\nvar subject, SubjectLine, typesetter, Managerial int",
			"c/c.go", "package c\ntype Service string",
			"c/c_test.go", "package c\ntype helper string",
		), []exemption{{"c", "service", "a reason"}, {"d", "types", "outlived"}}),
		"a/a.go:1: utils", "a/a.go:2: CaseManager", "a/a.go:2: dataService", "a/a.go:3: helper", "a/a.go:3: common",
		"b/b.go:2: Subject", `d: nothing is called "types"`,
	)
}

func TestWordsOfAnIdentifier(t *testing.T) {
	for name, want := range map[string]string{
		"CaseManager": "case manager", "SESID": "sesid", "HTTPService": "http service", "newIDs": "new i ds",
		"x": "x", "s3_util": "s3 util", "_": "",
	} {
		if got := strings.Join(words(name), " "); got != want {
			t.Errorf("words(%q) = %q, want %q", name, got, want)
		}
	}
}
